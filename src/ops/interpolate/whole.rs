//! Weighted sums of 8-bit stencils in integers, for interpolators whose weights depend on the place only.
#![allow(unsafe_code)] // A view of a part of a slice as an array, and casts, after their ranges were checked.

#[cfg(vectors)]
use crate::simd::vector::{self, Sums};

/// An interpolator that weighs the `SIDE` × `SIDE` pixels of its stencil.
pub(crate) trait Weigh<const SIDE: usize> {
    /// The stencil is centred on the nearest pixel, as in [`Interpolate`](super::Interpolate).
    const ON_NEAREST: bool;
    /// Weights of the stencil's rows for a point as in [`Interpolate::value`](super::Interpolate::value); those of pixels
    /// past the end of a row are 0.
    fn weights(x: f32, y: f32) -> [[f32; 4]; SIDE];
}

/// One in weights.
const ONE: f32 = 16384.0;
const BITS: u32 = 14;

/// Bytes that are loaded at once.
const STEP: usize = 16;

/// The 8-bit pixel, of 1, 3 or 4 channels, that `weights` make of the stencil whose first sample is `from[first]` and whose
/// rows are `stride` samples apart. The last of four channels is alpha, which colours are multiplied by while they are mixed.
#[inline(always)]
pub(crate) fn pixel<const VECTOR: bool, const CHANNELS: usize, const SIDE: usize>(
    from: &[u8],
    first: usize,
    stride: usize,
    weights: &[[f32; 4]; SIDE],
) -> [u8; CHANNELS] {
    #[cfg(vectors)]
    if VECTOR {
        let (sums, total) = vector_sums::<CHANNELS, SIDE>(from, first, stride, weights);
        if CHANNELS == 4 {
            return divided(vector::sums_of(sums), total);
        }
        let rounded = vector::shift_right(vector::add(sums, vector::splat_sums(1 << (BITS - 1))), BITS);
        let words = vector::pack_signed(rounded, rounded);
        let bytes = vector::bytes_of(vector::pack_bytes(words, words));
        return std::array::from_fn(|channel| bytes[channel]);
    }
    let (sums, total) = scalar_sums::<CHANNELS, SIDE>(from, first, stride, weights);
    if CHANNELS == 4 {
        return divided(sums, total);
    }
    std::array::from_fn(|channel| ((sums[channel] + (1 << (BITS - 1))) >> BITS).clamp(0, 255) as u8)
}

/// The pixel of sums that were multiplied by alpha, and alpha's by 255, with weights of this total: cut off to integers.
#[inline(always)]
fn divided<const CHANNELS: usize>(sums: [i32; 4], total: i32) -> [u8; CHANNELS] {
    /// What single precision may fall short of an integer by.
    const SLACK: f32 = 1.0 / 1024.0;
    let alpha = sums[3] as f32;
    let factor = if alpha > 0.0 { 255.0 / alpha } else { 0.0 };
    let factors = [factor, factor, factor, 1.0 / (255 * total) as f32];
    let values = [0, 1, 2, 3].map(|channel| (sums[channel] as f32 * factors[channel] + SLACK).clamp(0.0, 255.0));
    // SAFETY: from 0 to 255; sums are finite and so are the factors.
    let bytes = values.map(|value| unsafe { value.to_int_unchecked::<i32>() } as u8);
    std::array::from_fn(|channel| bytes[channel])
}

/// Weighted sums of the channels, and the total of the weights.
fn scalar_sums<const CHANNELS: usize, const SIDE: usize>(
    from: &[u8],
    first: usize,
    stride: usize,
    weights: &[[f32; 4]; SIDE],
) -> ([i32; 4], i32) {
    let (mut sums, mut total) = ([0; 4], 0);
    for (row, weights) in weights.iter().enumerate() {
        let pixels = &from[first + row * stride..][..SIDE * CHANNELS];
        for (pixel, weight) in pixels.as_chunks::<CHANNELS>().0.iter().zip(weights) {
            let weight = (weight * ONE).round_ties_even() as i32;
            total += weight;
            for (channel, sum) in sums.iter_mut().enumerate().take(CHANNELS) {
                let alpha = if CHANNELS < 4 {
                    1
                } else if channel == 3 {
                    255
                } else {
                    i32::from(pixel[CHANNELS - 1])
                };
                *sum += weight * i32::from(pixel[channel]) * alpha;
            }
        }
    }
    (sums, total)
}

/// Byte shuffles that put the samples of four pixels into pairs of neighbours: those of the first two, then of the last two.
#[cfg(vectors)]
const fn pairs(channels: usize) -> [[i8; STEP]; 2] {
    let mut order = [[-1; STEP]; 2];
    let mut channel = 0;
    while channel < channels {
        order[0][4 * channel] = channel as i8;
        order[0][4 * channel + 2] = (channels + channel) as i8;
        order[1][4 * channel] = (2 * channels + channel) as i8;
        order[1][4 * channel + 2] = (3 * channels + channel) as i8;
        channel += 1;
    }
    order
}

/// The same for alpha, beside each colour.
#[cfg(vectors)]
const ALPHAS: [[i8; STEP]; 2] = [
    [3, -1, 7, -1, 3, -1, 7, -1, 3, -1, 7, -1, -1, -1, -1, -1],
    [11, -1, 15, -1, 11, -1, 15, -1, 11, -1, 15, -1, -1, -1, -1, -1],
];

/// The same; there is no total without alpha.
#[cfg(vectors)]
#[inline(always)]
fn vector_sums<const CHANNELS: usize, const SIDE: usize>(
    from: &[u8],
    first: usize,
    stride: usize,
    weights: &[[f32; 4]; SIDE],
) -> (Sums, i32) {
    const FIRST: [i8; STEP] = [0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3];
    const LAST: [i8; STEP] = [4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7];
    /// What alpha itself is multiplied by.
    const FULL: [i16; 8] = [0, 0, 0, 0, 0, 0, 255, 255];
    let order = const { pairs(CHANNELS) };
    let zero = vector::splat_sums(0);
    let mut sums = zero;
    let mut all_weights = vector::splat_pair(0, 0);
    for (row, weights) in weights.iter().enumerate() {
        let whole = vector::round(&weights.map(|weight| weight * ONE));
        let weights = vector::pack_signed(whole, zero);
        all_weights = vector::add_words(all_weights, weights);
        let start = first + row * stride;
        let mut last = [0; STEP];
        let bytes = match from.get(start..start + STEP) {
            // SAFETY: the slice has as many bytes.
            Some(bytes) => vector::load_bytes(unsafe { &*bytes.as_ptr().cast() }),
            None => {
                // The end of the image.
                let rest = &from[start..];
                last[..rest.len()].copy_from_slice(rest);
                vector::load_bytes(&last)
            }
        };
        for (half, spread) in [FIRST, LAST].iter().enumerate() {
            let mut samples = vector::shuffle(bytes, &order[half]);
            if CHANNELS == 4 {
                let alphas = vector::shuffle(bytes, &ALPHAS[half]);
                let alphas = vector::add_words(alphas, vector::load_words(&FULL));
                samples = vector::less_32768(vector::multiply_words(samples, alphas));
            }
            sums = vector::add(sums, vector::multiply_pairs(samples, vector::shuffle_words(weights, spread)));
        }
    }
    if CHANNELS < 4 {
        return (sums, 0);
    }
    let [a, b, c, d, ..] = vector::words_of(all_weights).map(i32::from);
    let total = a + b + c + d;
    // With what was taken off the products again.
    (vector::add(sums, vector::splat_sums(total << 15)), total)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::interpolate::{Bicubic, VertexSplitSpline};

    fn compare<const CHANNELS: usize, const SIDE: usize, I: Weigh<SIDE>>() {
        const WIDTH: usize = 7;
        let noise: Vec<u8> =
            (0..WIDTH * 5 * CHANNELS).map(|at| ((at as u32).wrapping_mul(2_654_435_761) >> 23) as u8).collect();
        let extremes: Vec<u8> = noise.iter().map(|&sample| if sample < 128 { 0 } else { 255 }).collect();
        for samples in [&noise, &extremes, &vec![255; noise.len()], &vec![101; noise.len()]] {
            for step in 0..400 {
                let (x, y) = ((step * 7 % 64) as f32 / 64.0, (step * 13 % 64) as f32 / 64.0);
                let centre = if SIDE == 3 { 0.5 } else { 0.0 };
                let weights = I::weights(x - centre, y - centre);
                let first = (step % (WIDTH - SIDE + 1) + WIDTH * (step % (6 - SIDE))) * CHANNELS;
                let scalar = pixel::<false, CHANNELS, SIDE>(samples, first, WIDTH * CHANNELS, &weights);
                let vector = pixel::<true, CHANNELS, SIDE>(samples, first, WIDTH * CHANNELS, &weights);
                assert_eq!(scalar, vector);
                if samples[0] == samples[1] && samples[1] == samples[2] && samples[0] != 0 {
                    assert_eq!(scalar, [samples[0]; CHANNELS]);
                }
            }
        }
    }

    #[test]
    fn vectors_give_the_bytes_of_the_scalar_form_and_flat_images_stay() {
        compare::<1, 4, Bicubic>();
        compare::<3, 4, Bicubic>();
        compare::<4, 4, Bicubic>();
        compare::<1, 3, VertexSplitSpline>();
        compare::<3, 3, VertexSplitSpline>();
        compare::<4, 3, VertexSplitSpline>();
    }
}
