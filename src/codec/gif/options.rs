//! What `gif()` takes, and what the options bag says about GIF output.

use crate::{
    codec::{animation, palette::set_colours},
    options::{Call, Method, Parsed, bag, invalid},
};

bag! {
    /// What `gif()` sets.
    pub struct GifOptions {
        /// Colours are 2 to this power at most, the transparent one included; 1 to 8.
        "gifBitdepth" => bit_depth: u32 = 8, 1..=8;
        /// Most colours, the transparent one included; fewer where the bit depth has no room for them.
        "gifColours" => colours: u32 = 256, 2..=256;
        /// Effort of the palette search, 1 to 10.
        "gifEffort" => effort: u32 = 7, 1..=10;
        /// Strength of error diffusion, 0 is none.
        "gifDither" => dither: f64 = 1.0, 0.0..=1.0;
        /// Distance of colours, on a scale of 255, up to which a pixel counts as unchanged from the frame before.
        "gifInterFrameMaxError" => inter_frame_max_error: f64 = 0.0, 0.0..=32.0;
        /// Distance of colours up to which a frame goes without a palette of its own.
        "gifInterPaletteMaxError" => inter_palette_max_error: f64 = 3.0, 0.0..=256.0;
        /// Writes frames that change nothing, too.
        "gifKeepDuplicateFrames" => keep_duplicate_frames: bool = false;
        /// Takes over the palette of a GIF that was read.
        "gifReuse" => reuse: bool = true;
        /// Interlaced frames.
        "gifProgressive" => progressive: bool = false;
    }
}

/// `gif(options)`.
pub(super) const METHOD: Method = Method { name: "gif", length: 1, call: parse };

/// The checks are in the order in which errors are expected.
fn parse(call: &mut Call<'_>) -> Parsed {
    let options = call.arg(0);
    call.set_bool("gifReuse", options.get("reuse"))?;
    call.set_bool("gifProgressive", options.get("progressive"))?;
    set_colours(call, "gifColours", "gifBitdepth", options)?;
    call.set_integer("gifEffort", options.get("effort"), 1.0..=10.0, "effort", "integer between 1 and 10")?;
    call.set_number("gifDither", options.get("dither"), 0.0..=1.0, "dither", "number between 0.0 and 1.0")?;
    for (key, name, most) in [
        ("gifInterFrameMaxError", "interFrameMaxError", 32.0),
        ("gifInterPaletteMaxError", "interPaletteMaxError", 256.0),
    ] {
        call.set_number(key, options.get(name), 0.0..=most, name, &format!("number between 0.0 and {most}.0"))?;
    }
    let keep = options.get("keepDuplicateFrames");
    if keep.is_defined() && keep.as_bool().is_none() {
        return Err(invalid("keepDuplicateFrames", "boolean", keep));
    }
    call.set_bool("gifKeepDuplicateFrames", keep)?;
    animation::set_options(call, options)?;
    if options.get("force").as_bool() != Some(false) {
        call.set("formatOut", "gif");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Value;

    fn run(entries: &[(&str, Value)]) -> Result<Vec<(String, Value)>, String> {
        let args = [Value::Map(entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())];
        let bag = Value::Map(vec![]);
        let mut call = Call::new(&args, &bag);
        parse(&mut call).map_err(|error| error.to_string())?;
        Ok(call.finish().patch)
    }

    #[test]
    fn options_become_entries_of_the_bag() {
        let patch = run(&[("colors", 17.0.into()), ("effort", 1.0.into()), ("delay", 5.0.into())]).unwrap();
        let names: Vec<_> = patch.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(names, ["gifBitdepth", "gifColours", "gifEffort", "delay", "formatOut"]);
        assert_eq!(patch[0].1, 8.0.into());
        assert_eq!(run(&[("force", false.into())]).unwrap(), []);
    }

    #[test]
    fn wrong_values_are_named() {
        for (option, sentence) in [
            (("reuse", 1.0.into()), "Expected boolean for gifReuse but received 1 of type number"),
            (
                ("keepDuplicateFrames", 1.0.into()),
                "Expected boolean for keepDuplicateFrames but received 1 of type number",
            ),
            (("colours", 1.0.into()), "Expected integer between 2 and 256 for colours but received 1 of type number"),
            (
                ("interFrameMaxError", 33.0.into()),
                "Expected number between 0.0 and 32.0 for interFrameMaxError but received 33 of type number",
            ),
        ] {
            assert_eq!(run(&[option]).unwrap_err(), sentence);
        }
    }
}
