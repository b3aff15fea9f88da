//! What libwebp decodes is what the encoder thought.
#![allow(unsafe_code)] // Calls the reference decoder.

use std::slice;

use libwebp_sys as sys;

use super::{loop_filter::Reconstruction, *};

/// xorshift32
pub(super) struct Random(pub(super) u32);

impl Random {
    pub(super) fn next(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0
    }

    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.next() as usize % limit
    }
}

pub(super) struct Planes {
    width: usize,
    height: usize,
    samples: [Vec<u8>; 3],
}

impl Planes {
    fn view(&self) -> Yuv420<'_> {
        Yuv420 {
            width: self.width,
            height: self.height,
            y: &self.samples[0],
            y_stride: self.width,
            u: &self.samples[1],
            v: &self.samples[2],
            uv_stride: self.width.div_ceil(2),
        }
    }

    /// Samples of a kind: noise, a gradient with noise, flat areas with sharp edges, extremes, stripes, nothing.
    fn random(random: &mut Random, width: usize, height: usize) -> Self {
        let kind = random.below(6);
        let (noise, scale, tile) = (1 + random.below(40), 1 + random.below(9), 1 + random.below(24));
        let colours: Vec<u8> = (0..64).map(|_| random.next() as u8).collect();
        let mut plane = |width: usize, height: usize| -> Vec<u8> {
            let mut samples = Vec::new();
            for y in 0..height {
                for x in 0..width {
                    samples.push(match kind {
                        0 => random.next() as u8,
                        1 => ((x * scale + y) / 2 + random.below(noise)) as u8,
                        2 => colours[(x / tile * 7 + y / tile * 13) % 64],
                        3 => {
                            if random.below(tile) == 0 {
                                255
                            } else {
                                0
                            }
                        }
                        4 => ((x + y * scale) / tile % 2 * 200 + 20) as u8,
                        _ => colours[0],
                    });
                }
            }
            samples
        };
        let (w, h) = (width.div_ceil(2), height.div_ceil(2));
        let samples = [plane(width, height), plane(w, h), plane(w, h)];
        Self { width, height, samples }
    }
}

/// A file of one chunk.
pub(super) fn file(payload: &[u8]) -> Vec<u8> {
    let padded = payload.len().next_multiple_of(2);
    let mut file = b"RIFF".to_vec();
    file.extend((12 + padded as u32).to_le_bytes());
    file.extend(b"WEBPVP8 ");
    file.extend((payload.len() as u32).to_le_bytes());
    file.extend(payload);
    file.resize(20 + padded, 0);
    file
}

/// The planes that libwebp decodes.
pub(super) fn decode(file: &[u8]) -> Planes {
    let (mut width, mut height, mut y_stride, mut uv_stride) = (0, 0, 0, 0);
    let (mut u, mut v) = (std::ptr::null_mut(), std::ptr::null_mut());
    // SAFETY: the file is live for the call, which writes sizes and pointers.
    let y = unsafe {
        sys::WebPDecodeYUV(
            file.as_ptr(),
            file.len(),
            &mut width,
            &mut height,
            &mut u,
            &mut v,
            &mut y_stride,
            &mut uv_stride,
        )
    };
    assert!(!y.is_null(), "libwebp does not decode it");
    let (width, height) = (width as usize, height as usize);
    let plane = |from: *const u8, stride: i32, width: usize, height: usize| -> Vec<u8> {
        // SAFETY: the decoder's planes have this many rows of this many samples.
        (0..height)
            .flat_map(|y| unsafe { slice::from_raw_parts(from.add(y * stride as usize), width) }.to_vec())
            .collect()
    };
    let (w, h) = (width.div_ceil(2), height.div_ceil(2));
    let samples = [plane(y, y_stride, width, height), plane(u, uv_stride, w, h), plane(v, uv_stride, w, h)];
    // SAFETY: the first plane is the allocation of all three.
    unsafe { sys::WebPFree(y.cast()) };
    Planes { width, height, samples }
}

fn check(planes: &Planes, parameters: &Parameters, level: Level) -> Vec<u8> {
    let view = planes.view();
    let (columns, rows) = view.macroblocks();
    let mut expected = Reconstruction::new(columns, rows).unwrap();
    let payload = encode_to(level, &view, parameters, Some(&mut expected)).unwrap();
    let decoded = decode(&file(&payload));
    assert_eq!((decoded.width, decoded.height), (planes.width, planes.height));
    for (y, row) in decoded.samples[0].chunks(planes.width).enumerate() {
        assert_eq!(row, &expected.luma_row(y)[..planes.width], "luma row {y}");
    }
    let width = planes.width.div_ceil(2);
    for plane in 0..2 {
        for (y, row) in decoded.samples[1 + plane].chunks(width).enumerate() {
            assert_eq!(row, &expected.chroma_row(plane, y)[..width], "chroma {plane} row {y}");
        }
    }
    payload
}

fn random_parameters(random: &mut Random) -> Parameters {
    let presets = [Preset::Default, Preset::Photo, Preset::Picture, Preset::Drawing, Preset::Icon, Preset::Text];
    let preset = presets[random.below(6)];
    let mut parameters = Parameters::new(1 + random.below(100) as u8, random.below(7) as u8, preset);
    if random.below(3) == 0 {
        parameters.filter_strength = random.below(400) as u32;
        parameters.sharpness = random.below(8) as u8;
    }
    parameters.auto_filter = random.below(4) == 0;
    parameters
}

/// More by `VP8_ROUNDS` in the environment.
fn rounds(usual: usize) -> usize {
    std::env::var("VP8_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(usual)
}

#[test]
fn libwebp_decodes_what_the_encoder_thought() {
    let seed = std::env::var("VP8_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let mut random = Random(seed);
    for round in 0..rounds(150) {
        let side = if round % 4 == 0 { 200 } else { 40 };
        let (width, height) = (1 + random.below(side), 1 + random.below(side));
        let planes = Planes::random(&mut random, width, height);
        let parameters = random_parameters(&mut random);
        check(&planes, &parameters, Level::detect());
    }
}

#[test]
fn every_level_gives_the_same_bytes() {
    let mut random = Random(7);
    for _ in 0..rounds(24) {
        let (width, height) = (1 + random.below(70), 1 + random.below(70));
        let planes = Planes::random(&mut random, width, height);
        let parameters = random_parameters(&mut random);
        let [scalar, vector, best] = Level::all().map(|level| check(&planes, &parameters, level));
        assert!(scalar == vector && scalar == best, "{width}×{height} {parameters:?}");
    }
}

#[test]
fn the_largest_size_is_encoded() {
    // Content that asks for a mode of each block's own everywhere, and would overflow the first partition.
    let mut random = Random(3);
    let (width, height) = (16383, 2000);
    let tile: Vec<u8> = (0..width + 4096).map(|_| random.next() as u8 / 3 + 60).collect();
    let mut planes = Planes { width, height, samples: [Vec::new(), vec![128; 8192 * 1000], vec![128; 8192 * 1000]] };
    for _ in 0..height {
        let start = random.below(4096);
        planes.samples[0].extend_from_slice(&tile[start..][..width]);
    }
    let payload = encode(Level::detect(), &planes.view(), &Parameters::new(40, 3, Preset::Default)).unwrap();
    let decoded = decode(&file(&payload));
    assert_eq!((decoded.width, decoded.height), (width, height));
}

#[test]
fn planes_that_are_too_short_are_refused() {
    let planes = Planes::random(&mut Random(5), 20, 20);
    let parameters = Parameters::new(80, 4, Preset::Default);
    let short = |view: Yuv420<'_>| encode(Level::detect(), &view, &parameters) == Err(Failure::Size);
    assert!(short(Yuv420 { y: &planes.samples[0][1..], ..planes.view() }));
    assert!(short(Yuv420 { v: &planes.samples[2][1..], ..planes.view() }));
    assert!(short(Yuv420 { width: 0, ..planes.view() }));
    assert!(short(Yuv420 { height: 0, ..planes.view() }));
    assert!(short(Yuv420 { width: 16384, ..planes.view() }));
    assert!(short(Yuv420 { y_stride: 19, ..planes.view() }));
}
