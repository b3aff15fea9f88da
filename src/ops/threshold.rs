//! Threshold: full scale at and above it, zero below.

use crate::{
    error::Result,
    image::{RowMut, Rows, depth_mismatch, map::edit_rows},
};

/// Each sample of an 8-bit source, alpha too, as 255 when it is at least `threshold`, else as 0.
pub fn threshold(source: Rows<'_>, threshold: u8) -> Result<Rows<'_>> {
    edit_rows(source, move |row| {
        let RowMut::U8(samples) = row else { return Err(depth_mismatch()) };
        samples.iter_mut().for_each(|sample| *sample = if *sample >= threshold { 255 } else { 0 });
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::testing::{grey, samples};

    #[test]
    fn the_threshold_itself_is_white() {
        assert_eq!(samples(threshold(grey(4, 1, vec![0, 127, 128, 255]), 128).unwrap()), [0, 0, 255, 255]);
        assert_eq!(samples(threshold(grey(2, 1, vec![254, 255]), 255).unwrap()), [0, 255]);
    }
}
