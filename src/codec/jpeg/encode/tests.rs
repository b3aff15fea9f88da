//! Our encoder against mozjpeg's, byte for byte.

use super::*;
use crate::image::{PlaneRows, Planes};

/// A generator of 32-bit numbers that gives the same list each time.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as u32
    }

    fn below(&mut self, end: u32) -> u32 {
        self.next() % end
    }

    fn flag(&mut self) -> bool {
        self.below(2) == 0
    }
}

fn settings_of(random: &mut Random) -> Settings {
    let side = |random: &mut Random, most| 1 + random.below(most);
    let (width, height) = match random.below(3) {
        0 => (side(random, 20), side(random, 20)),
        1 => (side(random, 300), side(random, 40)),
        _ => (side(random, 120), side(random, 120)),
    };
    Settings {
        width,
        height,
        layout: [Layout::Grey, Layout::Rgb, Layout::Rgb, Layout::Rgb, Layout::Cmyk][random.below(5) as usize],
        quality: [1, 5, 20, 50, 75, 80, 90, 95, 99, 100][random.below(10) as usize],
        subsampling: if random.flag() { ChromaSubsampling::None } else { ChromaSubsampling::Quarter },
        progressive: random.flag(),
        optimise_coding: random.flag(),
        trellis: false,
        overshoot_deringing: false,
        optimise_scans: false,
        quantization_table: if random.flag() { random.below(9) } else { 0 },
        jfif: random.flag().then_some((1, 72, 300)),
    }
}

/// Noise, one colour, gradients, rings, a board of black and white, and a gradient with grain.
fn samples(settings: &Settings, random: &mut Random) -> Vec<u8> {
    let (kind, channels) = (random.below(6), settings.layout.channels() as u32);
    let (width, height) = (settings.width, settings.height);
    (0..width * height * channels)
        .map(|at| {
            let (pixel, channel) = (at / channels, at % channels);
            let (x, y) = (pixel % width, pixel / width);
            match kind {
                0 => random.next() as u8,
                1 => 128,
                2 => (x * 3 + y * 2 + channel * 40) as u8,
                3 => (x * x / 9 + y * y / 7) as u8,
                4 => u8::from((x / 5 + y / 7) % 2 == 0) * 255,
                _ => (100 + random.below(8) + x / 4 + channel * 10).min(255) as u8,
            }
        })
        .collect()
}

fn library(settings: &Settings, samples: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut compressor = Compressor::new(&mut out).unwrap();
    compressor.start(settings).unwrap();
    compressor.write_marker(0xe1, &[7; 40_000]).unwrap();
    for row in samples.chunks_exact(settings.width as usize * settings.layout.channels()) {
        compressor.write_row(row).unwrap();
    }
    compressor.finish().unwrap();
    drop(compressor);
    out
}

fn own(settings: &Settings, samples: &[u8], level: Level) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = Encoder::new(settings, level, &mut out).unwrap();
    encoder.start().unwrap();
    encoder.segment(0xe1, &[7; 40_000]).unwrap();
    for row in samples.chunks_exact(settings.width as usize * settings.layout.channels()) {
        encoder.row(row).unwrap();
    }
    encoder.finish().unwrap();
    out
}

#[test]
fn our_encoder_writes_what_the_library_writes() {
    let mut random = Random(1);
    for case in 0..800 {
        let settings = settings_of(&mut random);
        let samples = samples(&settings, &mut random);
        let expected = library(&settings, &samples);
        for level in Level::all() {
            assert!(own(&settings, &samples, level) == expected, "case {case}, {level:?}: {settings:?}");
        }
    }
}

/// Enough flat blocks for more than one run of blocks without coefficients, and enough noise for full pieces of symbols.
#[test]
fn long_runs_and_large_images_are_written_alike() {
    let mut random = Random(2);
    for (progressive, noisy) in [(true, false), (true, true), (false, true)] {
        let base = settings_of(&mut random);
        let settings = Settings { width: 2000, height: 1500, layout: Layout::Grey, progressive, quality: 60, ..base };
        let noise = |random: &mut Random| (120 + random.below(60)) as u8;
        let samples: Vec<u8> =
            (0..2000 * 1500).map(|at| if noisy || at < 4000 { noise(&mut random) } else { 90 }).collect();
        assert!(own(&settings, &samples, Level::best()) == library(&settings, &samples), "{progressive} {noisy}");
    }
}

#[test]
fn wrong_numbers_of_rows_are_errors() {
    let settings = Settings { width: 9, height: 9, layout: Layout::Rgb, ..settings_of(&mut Random(3)) };
    let (mut first, mut second) = (Vec::new(), Vec::new());
    let mut short = Encoder::new(&settings, Level::best(), &mut first).unwrap();
    short.start().unwrap();
    assert!(short.row(&[0; 26]).is_err());
    (0..8).for_each(|_| short.row(&[0; 27]).unwrap());
    assert!(short.finish().is_err());
    let mut long = Encoder::new(&settings, Level::best(), &mut second).unwrap();
    (0..9).for_each(|_| long.row(&[0; 27]).unwrap());
    assert!(long.row(&[0; 27]).is_err());
    let large = Settings { width: 65_501, ..settings.clone() };
    let error = Encoder::new(&large, Level::best(), &mut Vec::new()).err().unwrap().to_string();
    assert_eq!(error, "VipsJpeg: Maximum supported image dimension is 65500 pixels");
}

/// The planes that the encoder makes of rows whose sizes are whole MCUs.
fn planes_of(settings: &Settings, samples: &[u8]) -> Planes {
    let (width, height) = (settings.width as usize, settings.height as usize);
    let halves = settings.subsampling == ChromaSubsampling::Quarter;
    let mut planes: [Vec<u8>; 3] = Default::default();
    let mut upper = [vec![0; width], vec![0; width]];
    for (y, row) in samples.chunks_exact(3 * width).enumerate() {
        let mut converted = [vec![0; width], vec![0; width], vec![0; width]];
        let [luma, blue, red] = &mut converted;
        ycc::convert(Level::Scalar, row, [luma, blue, red]);
        let [luma, chroma @ ..] = converted;
        planes[0].extend(luma);
        for ((plane, upper), row) in planes[1..].iter_mut().zip(&mut upper).zip(chroma) {
            if !halves {
                plane.extend(row);
            } else if y % 2 == 0 {
                *upper = row;
            } else {
                let mut half = vec![0; width / 2];
                ycc::halve(Level::Scalar, upper, &row, &mut half);
                plane.extend(half);
            }
        }
    }
    let chroma = if halves { (2, 2) } else { (1, 1) };
    let spec = PlanesSpec::subsampled(width as u32, height as u32, SampleRange::Full, false, chroma);
    Planes::from_samples(spec, planes.into()).unwrap()
}

#[test]
fn planes_are_written_as_the_rows_that_they_come_from() {
    let mut random = Random(4);
    for case in 0..60 {
        let settings = Settings { width: 48, height: 64, layout: Layout::Rgb, ..settings_of(&mut random) };
        let samples = samples(&settings, &mut random);
        let planes = planes_of(&settings, &samples);
        let expected = own(&settings, &samples, Level::best());
        // Planes come together, or one ahead of the others.
        for lag in [0, 5, 40] {
            let mut out = Vec::new();
            let mut encoder = Encoder::new(&settings, Level::best(), &mut out).unwrap();
            encoder.start().unwrap();
            encoder.segment(0xe1, &[7; 40_000]).unwrap();
            let mut given = [0; 3];
            for step in 1..=64 + lag {
                let mut rows = [PlaneRows::default(); 3];
                for (index, plane) in planes.spec().planes().enumerate() {
                    let (width, height) = (plane.width(), plane.height());
                    let ahead = if index == 1 { 0 } else { lag };
                    let until = (height * (step - ahead.min(step))).div_ceil(64).min(height);
                    let samples = &planes.plane(index)[width * given[index]..];
                    rows[index] = PlaneRows::new(samples, width, width, until - given[index]).unwrap();
                    given[index] = until;
                }
                encoder.strip(&Strip { planes: rows }).unwrap();
            }
            encoder.finish().unwrap();
            assert!(out == expected, "case {case}, lag {lag}: {settings:?}");
        }
    }
}
