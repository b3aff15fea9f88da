//! A bitwise operation over the channels of one image.

use crate::{
    error::Result,
    image::{ColourSpace, PixelFormat, Row, RowMut, Rows, depth_mismatch, map::map_rows},
    options::BooleanOperator,
};

/// The grey image of `source`'s channels, alpha among them, put together by `operator`.
pub fn bandbool(source: Rows<'_>, operator: BooleanOperator) -> Result<Rows<'_>> {
    let spec = source.spec();
    let channels = spec.format.channels();
    map_rows(source, spec.with_format(grey(spec.format)), move |from, to| {
        match (from, to) {
            (Row::U8(from), RowMut::U8(to)) => match operator {
                BooleanOperator::And => fold(from, to, channels, |a, b| a & b),
                BooleanOperator::Or => fold(from, to, channels, |a, b| a | b),
                BooleanOperator::Eor => fold(from, to, channels, |a, b| a ^ b),
            },
            (Row::U16(from), RowMut::U16(to)) => match operator {
                BooleanOperator::And => fold(from, to, channels, |a, b| a & b),
                BooleanOperator::Or => fold(from, to, channels, |a, b| a | b),
                BooleanOperator::Eor => fold(from, to, channels, |a, b| a ^ b),
            },
            _ => return Err(depth_mismatch()),
        }
        Ok(())
    })
}

/// One channel of `format`'s depth.
pub const fn grey(format: PixelFormat) -> PixelFormat {
    let space = if format.space.is_16_bit() { ColourSpace::Grey16 } else { ColourSpace::Grey };
    PixelFormat::new(space, format.depth, false)
}

fn fold<S: Copy>(from: &[S], to: &mut [S], channels: usize, operate: impl Fn(S, S) -> S) {
    match channels {
        1 => to.copy_from_slice(from),
        3 => from.as_chunks().0.iter().zip(to).for_each(|(&[a, b, c], to)| *to = operate(operate(a, b), c)),
        4 => from
            .as_chunks()
            .0
            .iter()
            .zip(to)
            .for_each(|(&[a, b, c, d], to)| *to = operate(operate(a, b), operate(c, d))),
        _ => {
            for (pixel, to) in from.chunks_exact(channels).zip(to) {
                if let Some(value) = pixel.iter().copied().reduce(&operate) {
                    *to = value;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::testing::{RGBA, grey as grey_picture, image, samples};

    #[test]
    fn all_channels_take_part() {
        let run = |operator| {
            let picture = image(1, 1, RGBA, vec![0b1111, 0b0111, 0b0011, 0b10001]);
            samples(bandbool(Box::new(picture.into_rows()), operator).unwrap())
        };
        assert_eq!(run(BooleanOperator::And), [0b0001]);
        assert_eq!(run(BooleanOperator::Or), [0b11111]);
        assert_eq!(run(BooleanOperator::Eor), [0b11010]);
    }

    #[test]
    fn one_channel_stays() {
        assert_eq!(samples(bandbool(grey_picture(2, 1, vec![3, 4]), BooleanOperator::Eor).unwrap()), [3, 4]);
    }
}
