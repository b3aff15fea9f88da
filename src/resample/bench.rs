//! The resampler beside the crate fast_image_resize, at the same filter: `npm run bench -- --resample`.

use std::{hint::black_box, time::Instant};

use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer, images::Image as Fir};

use super::*;
use crate::image::{ColourSpace, Image, PixelFormat, Samples};

/// Runs in turns; the smallest time of each counts.
const ROUNDS: usize = 15;

/// Name, layout here and there, and whether the layout has alpha. No alpha is premultiplied on either side.
const LAYOUTS: [(&str, PixelFormat, PixelType); 4] = [
    ("grey, 8 bits", PixelFormat::new(ColourSpace::Grey, Depth::U8, false), PixelType::U8),
    ("RGB, 8 bits", PixelFormat::new(ColourSpace::Srgb, Depth::U8, false), PixelType::U8x3),
    ("RGBA, 8 bits", PixelFormat::new(ColourSpace::Srgb, Depth::U8, true), PixelType::U8x4),
    ("RGB, 16 bits", PixelFormat::new(ColourSpace::Rgb16, Depth::U16, false), PixelType::U16x3),
];

fn noise(spec: Spec) -> Image {
    let mut state = 1_u32;
    let mut random = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state >> 16
    };
    let count = spec.samples().unwrap();
    let samples = match spec.format.depth {
        Depth::U16 => Samples::U16((0..count).map(|_| random() as u16).collect()),
        _ => Samples::U8((0..count).map(|_| random() as u8).collect()),
    };
    Image::from_samples(spec, samples).unwrap()
}

/// The smallest time of each of two functions, in milliseconds.
fn least(mut ours: impl FnMut(), mut theirs: impl FnMut()) -> [f64; 2] {
    let mut best = [f64::INFINITY; 2];
    for _ in 0..ROUNDS {
        for (best, work) in best.iter_mut().zip([&mut ours as &mut dyn FnMut(), &mut theirs]) {
            let start = Instant::now();
            work();
            *best = best.min(start.elapsed().as_secs_f64() * 1000.0);
        }
    }
    best
}

#[test]
#[ignore = "a benchmark"]
fn beside_fast_image_resize() {
    println!("| 3000×2000 → | layout | lancet, ms | fast_image_resize, ms | ratio |");
    println!("| --- | --- | ---: | ---: | ---: |");
    for (width, height) in [(2000, 1333), (720, 480), (200, 133)] {
        for (name, format, pixel) in LAYOUTS {
            let image = noise(Spec::new(3000, 2000, format));
            let factors = Resize::new(3000.0 / f64::from(width), 2000.0 / f64::from(height), Kernel::Lanczos3);
            let bytes = image.samples().all().bytes().to_vec();
            let source = Fir::from_vec_u8(3000, 2000, bytes, pixel).unwrap();
            let mut target = Fir::new(width, height, pixel);
            let mut resizer = Resizer::new();
            let options =
                ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3)).use_alpha(false);
            let ours = || {
                let rows = Box::new(image.clone().into_rows());
                black_box(Image::collect(&mut *resize(rows, &factors).unwrap()).unwrap());
            };
            let theirs = || resizer.resize(&source, black_box(&mut target), &options).unwrap();
            let [ours, theirs] = least(ours, theirs);
            println!("| {width}×{height} | {name} | {ours:.2} | {theirs:.2} | {:.2}× |", theirs / ours);
        }
    }
}
