//! Channels mixed by a matrix.

use super::{Rows, map::map_rows};
use crate::{
    error::{OperationError, Result},
    image::{Depth, PixelFormat, Row, RowMut, Spec, depth_mismatch},
};

/// What each channel gives to each: `matrix[to][from]`.
pub type Matrix = [[f32; 4]; 4];

/// A 3×3 or 4×4 matrix by rows, for 8-bit colour pictures with or without alpha. A 3×3 matrix leaves alpha as it is, a
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
    // What each value of each channel gives to all channels: a pixel is then three or four additions of vectors.
    let share = |from: usize| -> Box<[[f32; 4]; 256]> {
        Box::new(std::array::from_fn(|value| matrix.map(|row| row[from] * value as f32)))
    };
    let shares = [share(0), share(1), share(2), share(3)];
    let sum = move |pixel: &[u8]| {
        let mut sum = [0.0; 4];
        for (&value, share) in pixel.iter().zip(&shares) {
            let share = &share[value as usize];
            sum = std::array::from_fn(|at| sum[at] + share[at]);
        }
        sum
    };
    let mixed = spec.with_format(PixelFormat { depth, ..spec.format });
    if spec.format.alpha { mix::<4>(source, mixed, sum) } else { mix::<3>(source, mixed, sum) }
}

fn mix<'a, const N: usize>(
    source: Rows<'a>,
    spec: Spec,
    sum: impl Fn(&[u8]) -> [f32; 4] + Send + 'a,
) -> Result<Rows<'a>> {
    map_rows(source, spec, move |from, to| {
        match (from, to) {
            (Row::U8(from), RowMut::U8(to)) => {
                for (from, to) in from.as_chunks::<N>().0.iter().zip(to.as_chunks_mut::<N>().0) {
                    let clipped = sum(from).map(clip);
                    *to = std::array::from_fn(|at| clipped[at]);
                }
            }
            (Row::U8(from), RowMut::F32(to)) => {
                for (from, to) in from.as_chunks::<N>().0.iter().zip(to.as_chunks_mut::<N>().0) {
                    let sum = sum(from);
                    *to = std::array::from_fn(|at| sum[at]);
                }
            }
            _ => return Err(depth_mismatch()),
        }
        Ok(())
    })
}

/// A float as a byte, cut off and clipped; not a number is 0.
fn clip(value: f32) -> u8 {
    // Sums of decimal fractions that should be whole come out a hair below.
    const HAIR: f32 = 1.0 / 4096.0;
    (value + HAIR) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        image::Image,
        ops::testing::{RGB, RGBA, image, samples},
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
