//! Brightness, saturation, hue and lightness, in LCh.

use crate::{
    colour::{Adjustment, lab},
    error::Result,
    image::Rows,
};

/// `source`, grey or colour, with its lightness, chroma and hue changed; alpha stays.
pub fn modulate(source: Rows<'_>, adjustment: Adjustment) -> Result<Rows<'_>> {
    lab::adjust(source, adjustment)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::testing::{RGB, image, samples};

    #[test]
    fn no_saturation_is_grey() {
        let adjustment = Adjustment { gain: 1.0, offset: 0.0, chroma: 0.0, hue: 0.0 };
        let source = image(2, 1, RGB, vec![200, 30, 90, 1, 2, 250]);
        let grey = samples(modulate(Box::new(source.into_rows()), adjustment).unwrap());
        for pixel in grey.chunks_exact(3) {
            assert!(pixel[0].abs_diff(pixel[1]) <= 1 && pixel[1].abs_diff(pixel[2]) <= 1, "{pixel:?}");
        }
    }
}
