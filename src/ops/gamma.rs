//! Gamma: a power of the value on the scale 0 to 1.

use crate::{
    error::Result,
    image::{Rows, lookup},
};

/// `source` with colours `max · (c / max)^exponent`, cut off; alpha stays. An exponent above 1 darkens.
pub fn gamma(source: Rows<'_>, exponent: f64) -> Result<Rows<'_>> {
    let max = source.spec().format.max();
    lookup::colours(source, |value| max * (value / max).powf(exponent))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::testing::{RGBA, grey, image, samples};

    #[test]
    fn one_is_the_identity_and_the_ends_stay() {
        let values: Vec<u8> = (0..=255).collect();
        let same: Vec<u8> = samples(gamma(grey(256, 1, values.clone()), 1.0).unwrap());
        assert!(same.iter().zip(&values).all(|(a, b)| a.abs_diff(*b) <= 1));
        let dark = samples(gamma(grey(3, 1, vec![0, 128, 255]), 2.2).unwrap());
        assert_eq!(dark, [0, 55, 255]);
    }

    #[test]
    fn alpha_stays() {
        let picture = image(1, 1, RGBA, vec![0, 64, 255, 77]);
        assert_eq!(samples(gamma(Box::new(picture.into_rows()), 0.5).unwrap()), [0, 127, 255, 77]);
    }
}
