//! Reduction to one channel.

use super::bandbool::grey;
use crate::{
    error::Result,
    image::{Row, RowMut, Rows, depth_mismatch, map::map_rows},
};

/// The grey image that channel `channel` of `source` is. The channel must be there.
pub fn extract_channel(source: Rows<'_>, channel: usize) -> Result<Rows<'_>> {
    let spec = source.spec();
    let channels = spec.format.channels();
    map_rows(source, spec.with_format(grey(spec.format)), move |from, to| {
        match (from, to) {
            (Row::U8(from), RowMut::U8(to)) => pick(from, to, channels, channel),
            (Row::U16(from), RowMut::U16(to)) => pick(from, to, channels, channel),
            (Row::F32(from), RowMut::F32(to)) => pick(from, to, channels, channel),
            _ => return Err(depth_mismatch()),
        }
        Ok(())
    })
}

fn pick<S: Copy>(from: &[S], to: &mut [S], channels: usize, channel: usize) {
    let from = &from[channel.min(from.len())..];
    to.iter_mut().zip(from.iter().step_by(channels)).for_each(|(to, &from)| *to = from);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::testing::{RGBA, image, samples};

    #[test]
    fn picks_one() {
        let picture = image(2, 1, RGBA, vec![1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(samples(extract_channel(Box::new(picture.clone().into_rows()), 0).unwrap()), [1, 5]);
        assert_eq!(samples(extract_channel(Box::new(picture.into_rows()), 3).unwrap()), [4, 8]);
    }
}
