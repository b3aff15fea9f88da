//! Two images as one: bitwise, or their channels side by side. Where they differ in size, the smaller one is black to the
//! right and below.

use crate::{
    error::Result,
    image::{Row, RowMut, RowSource, Rows, Samples, Spec, depth_mismatch},
    options::BooleanOperator,
};

/// What is done with a pixel of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Combine {
    /// Bit by bit; an image of one channel is put to all channels of the other.
    Boolean(BooleanOperator),
    /// The channels of the first, then those of the second.
    Join,
}

/// `first` and `second`, of the same depth, as one image of layout and size `spec`, which must be as large as the larger
/// of them in both directions.
pub fn combine<'a>(first: Rows<'a>, second: Rows<'a>, combine: Combine, spec: Spec) -> Result<Rows<'a>> {
    let depth = spec.format.depth;
    if first.spec().format.depth != depth || second.spec().format.depth != depth {
        return Err(depth_mismatch());
    }
    Ok(Box::new(Combined { first: Padded::new(first, spec)?, second: Padded::new(second, spec)?, combine, spec }))
}

struct Combined<'a> {
    first: Padded<'a>,
    second: Padded<'a>,
    combine: Combine,
    spec: Spec,
}

impl RowSource for Combined<'_> {
    fn spec(&self) -> Spec {
        self.spec
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        let channels = [self.first.channels, self.second.channels, self.spec.format.channels()];
        match (self.first.next()?, self.second.next()?, row) {
            (Row::U8(first), Row::U8(second), RowMut::U8(to)) => match self.combine {
                Combine::Join => join(first, second, to, channels),
                Combine::Boolean(BooleanOperator::And) => apply(first, second, to, channels, |a, b| a & b),
                Combine::Boolean(BooleanOperator::Or) => apply(first, second, to, channels, |a, b| a | b),
                Combine::Boolean(BooleanOperator::Eor) => apply(first, second, to, channels, |a, b| a ^ b),
            },
            (Row::U16(first), Row::U16(second), RowMut::U16(to)) => match self.combine {
                Combine::Join => join(first, second, to, channels),
                Combine::Boolean(BooleanOperator::And) => apply(first, second, to, channels, |a, b| a & b),
                Combine::Boolean(BooleanOperator::Or) => apply(first, second, to, channels, |a, b| a | b),
                Combine::Boolean(BooleanOperator::Eor) => apply(first, second, to, channels, |a, b| a ^ b),
            },
            _ => return Err(depth_mismatch()),
        }
        Ok(())
    }
}

fn join<S: Copy>(first: &[S], second: &[S], to: &mut [S], [one, two, all]: [usize; 3]) {
    if (one, two) == (3, 1) {
        for ((to, &[red, green, blue]), &last) in
            to.as_chunks_mut::<4>().0.iter_mut().zip(first.as_chunks().0).zip(second)
        {
            *to = [red, green, blue, last];
        }
        return;
    }
    for (at, to) in to.chunks_exact_mut(all).enumerate() {
        let pixel = first[at * one..][..one].iter().chain(&second[at * two..][..two]);
        to.iter_mut().zip(pixel).for_each(|(to, &from)| *to = from);
    }
}

fn apply<S: Copy>(first: &[S], second: &[S], to: &mut [S], [one, two, all]: [usize; 3], operate: impl Fn(S, S) -> S) {
    if one == two {
        to.iter_mut().zip(first).zip(second).for_each(|((to, &a), &b)| *to = operate(a, b));
    } else if one == 1 {
        for ((to, &a), second) in to.chunks_exact_mut(all).zip(first).zip(second.chunks_exact(two)) {
            to.iter_mut().zip(second).for_each(|(to, &b)| *to = operate(a, b));
        }
    } else {
        for ((to, first), &b) in to.chunks_exact_mut(all).zip(first.chunks_exact(one)).zip(second) {
            to.iter_mut().zip(first).for_each(|(to, &a)| *to = operate(a, b));
        }
    }
}

/// A source with black to the right of its rows and below them.
struct Padded<'a> {
    source: Rows<'a>,
    row: Samples,
    channels: usize,
    samples: usize,
    rows_left: u32,
}

impl<'a> Padded<'a> {
    fn new(source: Rows<'a>, to: Spec) -> Result<Self> {
        let spec = source.spec();
        let row = Samples::row_of(&spec.resized(to.width.max(spec.width), 1))?;
        let channels = spec.format.channels();
        Ok(Self { source, row, channels, samples: spec.row_samples(), rows_left: spec.height })
    }

    fn next(&mut self) -> Result<Row<'_>> {
        if let Some(left) = self.rows_left.checked_sub(1) {
            self.rows_left = left;
            self.source.next_row(self.row.slice_mut(0..self.samples))?;
        } else {
            self.row.all_mut().bytes_mut().fill(0);
        }
        Ok(self.row.all())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::testing::{GREY, RGB, RGBA, grey, image, samples};

    #[test]
    fn bit_by_bit() {
        let run = |operator| {
            let (a, b) = (grey(2, 1, vec![0b1100, 255]), grey(2, 1, vec![0b1010, 15]));
            samples(combine(a, b, Combine::Boolean(operator), Spec::new(2, 1, GREY)).unwrap())
        };
        assert_eq!(run(BooleanOperator::And), [0b1000, 15]);
        assert_eq!(run(BooleanOperator::Or), [0b1110, 255]);
        assert_eq!(run(BooleanOperator::Eor), [0b0110, 240]);
    }

    #[test]
    fn one_channel_meets_all_of_the_other() {
        let colour = || Box::new(image(1, 1, RGB, vec![1, 2, 4]).into_rows());
        let or = Combine::Boolean(BooleanOperator::Or);
        let spec = Spec::new(1, 1, RGB);
        assert_eq!(samples(combine(colour(), grey(1, 1, vec![8]), or, spec).unwrap()), [9, 10, 12]);
        assert_eq!(samples(combine(grey(1, 1, vec![8]), colour(), or, spec).unwrap()), [9, 10, 12]);
    }

    #[test]
    fn the_smaller_image_is_black_around() {
        let or = Combine::Boolean(BooleanOperator::Or);
        let joined = combine(grey(1, 2, vec![1, 2]), grey(2, 1, vec![4, 8]), or, Spec::new(2, 2, GREY)).unwrap();
        assert_eq!(samples(joined), [5, 8, 2, 0]);
    }

    #[test]
    fn channels_are_joined() {
        let colour = image(2, 1, RGB, vec![1, 2, 3, 4, 5, 6]);
        let spec = Spec::new(2, 1, RGBA);
        let joined = combine(Box::new(colour.into_rows()), grey(2, 1, vec![7, 8]), Combine::Join, spec).unwrap();
        assert_eq!(samples(joined), [1, 2, 3, 7, 4, 5, 6, 8]);
    }
}
