//! Brightness, saturation, hue and lightness, in LCh.

use super::Rows;
use crate::{
    api::OperationOptions,
    colour::{Adjustment, lab},
    error::Result,
};

/// What the options ask for, or `None` when they ask for nothing: `L' = brightness · L + lightness`,
/// `C' = saturation · C`, `h' = h + hue`.
pub fn adjustment(options: &OperationOptions) -> Option<Adjustment> {
    let adjustment = Adjustment {
        gain: options.brightness,
        offset: options.lightness,
        chroma: options.saturation,
        hue: f64::from(options.hue),
    };
    (adjustment != Adjustment { gain: 1.0, offset: 0.0, chroma: 1.0, hue: 0.0 }).then_some(adjustment)
}

/// `source`, grey or colour, with its lightness, chroma and hue changed; alpha stays.
pub fn modulate(source: Rows<'_>, adjustment: Adjustment) -> Result<Rows<'_>> {
    lab::adjust(source, adjustment)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::testing::{RGB, image, samples};

    #[test]
    fn nothing_is_asked_for_by_default() {
        assert_eq!(adjustment(&OperationOptions::default()), None);
        assert!(adjustment(&OperationOptions { hue: 1, ..OperationOptions::default() }).is_some());
    }

    #[test]
    fn no_saturation_is_grey() {
        let options = OperationOptions { saturation: 0.0, ..OperationOptions::default() };
        let source = image(2, 1, RGB, vec![200, 30, 90, 1, 2, 250]);
        let grey = samples(modulate(Box::new(source.into_rows()), adjustment(&options).unwrap()).unwrap());
        for pixel in grey.chunks_exact(3) {
            assert!(pixel[0].abs_diff(pixel[1]) <= 1 && pixel[1].abs_diff(pixel[2]) <= 1, "{pixel:?}");
        }
    }
}
