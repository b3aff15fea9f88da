//! Every level against plain arithmetic.

use super::{LANES, Level, Place, Plane, Tables, Targets, transform};
use crate::codec::jpeg::huffman::NATURAL;

/// Coefficients of blocks, in order of frequency.
type Coefficients = [[i16; 64]; LANES];

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

fn samples(level: Level, size: u32, coefficients: &Coefficients, quantization: &Tables) -> Vec<u8> {
    let mut planes = [Plane { samples: vec![7; 200 * 10], stride: 200 }];
    let place = |column| Some(Place { plane: 0, row: 1, column });
    let mut targets = Targets { planes: &mut planes, places: [place(3), place(100)] };
    transform(level, size, &coefficients.each_ref(), quantization, &mut targets);
    let [plane] = planes;
    plane.samples
}

#[test]
fn levels_agree() {
    for seed in 0..300 {
        let mut next = numbers(seed);
        let mut coefficients = [[0; 64]; LANES];
        coefficients.as_flattened_mut().iter_mut().for_each(|value| *value = next());
        // Blocks of which only the first row is not zero are a case of their own, and so are high frequencies that no
        // block has.
        if seed % 3 == 0 {
            for block in coefficients.iter_mut().skip(seed as usize % 4).step_by(4) {
                let below = block.iter_mut().zip(NATURAL).filter(|(_, position)| *position >= 8);
                below.for_each(|(value, _)| *value = 0);
            }
        }
        if seed % 5 == 0 {
            coefficients.iter_mut().for_each(|block| block[seed as usize % 60..].fill(0));
        }
        let mut quantization = [[0; 64]; 2];
        quantization.as_flattened_mut().iter_mut().for_each(|value| *value = next() & 255);
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
    let (blocks, quantization) = ([&[100; 64]; LANES], [[100; 64]; 2]);
    for size in [1, 2, 4, 8] {
        for level in Level::all() {
            let mut planes = [Plane { samples: vec![7; 64 * 8], stride: 64 }];
            let places = [None, Some(Place { plane: 0, row: 0, column: 0 })];
            transform(level, size, &blocks, &quantization, &mut Targets { planes: &mut planes, places });
            let written = planes[0].samples.iter().filter(|&&sample| sample != 7).count();
            assert!(written <= (8 * size * size) as usize && written > 0, "{level:?}, {size}: {written}");
        }
    }
}
