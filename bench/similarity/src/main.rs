//! SSIMULACRA2 of pairs of pictures. Standard input has lines of `width height original changed`, the last two being files of
//! 8-bit sRGB samples, width × height × 3; each is answered with a line that has the score, of 100.

use std::{error::Error, fs, io};

use ssimulacra2::{ColorPrimaries, Rgb, TransferCharacteristic, compute_frame_ssimulacra2};

fn main() -> Result<(), Box<dyn Error>> {
    for line in io::stdin().lines() {
        let line = line?;
        let fields: Vec<&str> = line.split(' ').collect();
        let [width, height, original, changed] = fields[..] else {
            return Err(format!("not four fields: {line}").into());
        };
        let (width, height) = (width.parse()?, height.parse()?);
        let picture = |file: &str| -> Result<Rgb, Box<dyn Error>> {
            let pixels = fs::read(file)?;
            let pixels = pixels.as_chunks::<3>().0.iter().map(|pixel| pixel.map(|sample| f32::from(sample) / 255.0));
            Ok(Rgb::new(pixels.collect(), width, height, TransferCharacteristic::SRGB, ColorPrimaries::BT709)?)
        };
        println!("{}", compute_frame_ssimulacra2(picture(original)?, picture(changed)?)?);
    }
    Ok(())
}
