//! Every level against plain arithmetic.

use super::{Level, Place, Plane, Targets, transform};
use crate::codec::jpeg::decode::fast::GROUP;

/// Numbers that are the same for a seed, of any size.
fn numbers(seed: u64) -> impl FnMut() -> i16 {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let bits = state >> 60;
        match state >> 32 & 3 {
            0 => 0,
            _ => ((state >> 16) as i16) >> bits,
        }
    }
}

fn samples(level: Level, size: u32, coefficients: &[i16; GROUP], quantization: &[i16; GROUP]) -> Vec<u8> {
    let mut planes = [Plane { samples: vec![7; 200 * 10], stride: 200 }];
    let place = |column| Some(Place { plane: 0, row: 1, column });
    let mut targets = Targets { planes: &mut planes, places: [place(3), place(100)] };
    transform(level, size, coefficients, quantization, &mut targets);
    let [plane] = planes;
    plane.samples
}

#[test]
fn levels_agree() {
    for seed in 0..300 {
        let mut next = numbers(seed);
        let mut coefficients = Box::new([0; GROUP]);
        coefficients.iter_mut().for_each(|value| *value = next());
        // Blocks of which only the first row is not zero are a case of their own.
        if seed % 3 == 0 {
            for values in coefficients.chunks_exact_mut(16).skip(8) {
                values.iter_mut().skip(seed as usize % 4).step_by(4).for_each(|value| *value = 0);
            }
        }
        let mut quantization = Box::new([0; GROUP]);
        quantization.iter_mut().for_each(|value| *value = next() & 255);
        for size in [1, 2, 4, 8] {
            let plain = samples(Level::Scalar, size, &coefficients, &quantization);
            for level in Level::all() {
                assert!(samples(level, size, &coefficients, &quantization) == plain, "{level:?}, {size}, seed {seed}");
            }
        }
    }
}

#[test]
fn a_missing_place_is_left_out() {
    let coefficients = Box::new([100; GROUP]);
    for size in [1, 2, 4, 8] {
        for level in Level::all() {
            let mut planes = [Plane { samples: vec![7; 64 * 8], stride: 64 }];
            let places = [None, Some(Place { plane: 0, row: 0, column: 0 })];
            transform(level, size, &coefficients, &coefficients, &mut Targets { planes: &mut planes, places });
            let written = planes[0].samples.iter().filter(|&&sample| sample != 7).count();
            assert!(written <= (8 * size * size) as usize && written > 0, "{level:?}, {size}: {written}");
        }
    }
}
