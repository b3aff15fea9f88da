//! Recombination of channels by a matrix.

use crate::{
    error::{OperationError, Result},
    image::{Depth, PixelFormat, Row, RowMut, Rows, Spec, depth_mismatch, map::map_rows},
};

/// What each channel gives to each: `matrix[to][from]`.
pub type Matrix = [[f32; 4]; 4];

/// A 3×3 or 4×4 matrix by rows, for 8-bit colour images with or without alpha. A 3×3 matrix leaves alpha as it is, a
/// 4×4 matrix needs it.
pub fn matrix(values: &[f64], alpha: bool) -> Result<Matrix> {
    let mut matrix = [[0.0; 4]; 4];
    matrix[3][3] = 1.0;
    let side = match values.len() {
        9 => 3,
        16 if alpha => 4,
        _ => return Err(OperationError::RecombChannels.into()),
    };
    for (row, values) in matrix.iter_mut().zip(values.chunks_exact(side)) {
        row.iter_mut().zip(values).for_each(|(to, &value)| *to = value as f32);
    }
    Ok(matrix)
}

/// An 8-bit colour source with its channels mixed; out in `depth`: 8-bit, cut off and clipped, or floating point as it is.
pub fn recomb<'a>(source: Rows<'a>, matrix: &Matrix, depth: Depth) -> Result<Rows<'a>> {
    let spec = source.spec();
    let mixed = spec.with_format(PixelFormat { depth, ..spec.format });
    if spec.format.alpha { mix::<4>(source, mixed, *matrix) } else { mix::<3>(source, mixed, *matrix) }
}

/// Pixels that are worked on at once, each channel by itself, so that the compiler can use wide instructions.
const BLOCK: usize = 64;

fn mix<const N: usize>(source: Rows<'_>, spec: Spec, matrix: Matrix) -> Result<Rows<'_>> {
    map_rows(source, spec, move |from, to| {
        let Row::U8(from) = from else { return Err(depth_mismatch()) };
        let blocks = from.as_chunks::<N>().0.chunks(BLOCK);
        match to {
            RowMut::U8(to) => {
                let mut bytes = [[0; BLOCK]; N];
                for (from, to) in blocks.zip(to.as_chunks_mut::<N>().0.chunks_mut(BLOCK)) {
                    let sums = mix_block(from, &matrix);
                    for (bytes, sums) in bytes.iter_mut().zip(&sums) {
                        bytes.iter_mut().zip(sums).for_each(|(byte, &sum)| *byte = clip(sum));
                    }
                    interleave(&bytes, to);
                }
            }
            RowMut::F32(to) => {
                for (from, to) in blocks.zip(to.as_chunks_mut::<N>().0.chunks_mut(BLOCK)) {
                    interleave(&mix_block(from, &matrix), to);
                }
            }
            RowMut::U16(_) => return Err(depth_mismatch()),
        }
        Ok(())
    })
}

#[inline]
fn mix_block<const N: usize>(from: &[[u8; N]], matrix: &Matrix) -> [[f32; BLOCK]; N] {
    let mut channels = [[0.0; BLOCK]; N];
    for (at, pixel) in from.iter().enumerate().take(BLOCK) {
        for channel in 0..N {
            channels[channel][at] = f32::from(pixel[channel]);
        }
    }
    let mut sums = [[0.0; BLOCK]; N];
    for (sums, row) in sums.iter_mut().zip(matrix) {
        for (channel, &factor) in channels.iter().zip(row) {
            sums.iter_mut().zip(channel).for_each(|(sum, &value)| *sum += factor * value);
        }
    }
    sums
}

#[inline]
fn interleave<S: Copy, const N: usize>(channels: &[[S; BLOCK]; N], to: &mut [[S; N]]) {
    for (at, pixel) in to.iter_mut().enumerate().take(BLOCK) {
        for channel in 0..N {
            pixel[channel] = channels[channel][at];
        }
    }
}

/// A float as a byte, cut off and clipped; not a number is 0.
#[inline]
fn clip(value: f32) -> u8 {
    // Sums of decimal fractions that should be whole come out a hair below.
    const HAIR: f32 = 1.0 / 4096.0;
    // Above 2^23 the last bit of a float is worth 1, so that the low bits of the sum are the rounded number. The compiler
    // makes wide instructions of this, but not of casts.
    const WHOLE: f32 = 8_388_608.0;
    let value = value - (0.5 - HAIR);
    let value = if value > 0.0 { value } else { 0.0 };
    let value = if value < 255.0 { value } else { 255.0 };
    (value + WHOLE).to_bits() as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::{
        Image,
        testing::{RGB, RGBA, image, samples},
    };

    fn run(format: PixelFormat, values: Vec<u8>, by: &[f64]) -> Vec<u8> {
        let matrix = matrix(by, format.alpha).unwrap();
        samples(recomb(Box::new(image(1, 1, format, values).into_rows()), &matrix, Depth::U8).unwrap())
    }

    #[test]
    fn the_identity_changes_nothing() {
        let identity = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0];
        assert_eq!(run(RGB, vec![1, 128, 255], &identity), [1, 128, 255]);
        assert_eq!(run(RGBA, vec![1, 128, 255, 9], &identity), [1, 128, 255, 9]);
    }

    #[test]
    fn rows_are_outputs() {
        let matrix = [0.0, 0.0, 1.0, 0.5, 0.5, 0.0, 2.0, 0.0, -1.0];
        assert_eq!(run(RGB, vec![100, 50, 20], &matrix), [20, 75, 180]);
    }

    #[test]
    fn alpha_takes_part_in_four_by_four() {
        let matrix = [0., 0., 0., 1., 1., 0., 0., 0., 0., 1., 0., 0., 0., 0., 1., 0.];
        assert_eq!(run(RGBA, vec![1, 2, 3, 4], &matrix), [4, 1, 2, 3]);
        let error = super::matrix(&matrix, false).unwrap_err();
        assert_eq!(error.to_string(), "recomb: bands in must equal matrix width");
    }

    #[test]
    fn floating_point_is_not_clipped() {
        let matrix = matrix(&[2.0, 0., 0., 0., -1.0, 0., 0., 0., 1.0], false).unwrap();
        let source = image(1, 1, RGB, vec![200, 5, 7]);
        let mut rows = recomb(Box::new(source.into_rows()), &matrix, Depth::F32).unwrap();
        assert_eq!(Image::collect(rows.as_mut()).unwrap().as_slice::<f32>().unwrap(), [400.0, -5.0, 7.0]);
    }
}
