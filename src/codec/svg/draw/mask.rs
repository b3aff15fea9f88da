//! Masks: what they draw, as coverage. Source: SVG 2 and CSS Masking Level 1, luminance of sRGB as it is encoded.

use resvg::usvg::{
    Mask, MaskType,
    tiny_skia_path::{PathBuilder, Transform},
};

use super::{Area, Painter, Shape, coverage::Rule, layer};
use crate::{codec::svg::blend, error::Result, image::zeroed};

/// Shares of red, green and blue in luminance, of 2¹⁶. Source: Filter Effects Level 1, `luminanceToAlpha`.
const LUMINANCE: [u32; 3] = [13_933, 46_871, 4_732];

impl Painter {
    /// The coverage of a mask and those upon it; `transform` is to the area alone.
    pub(super) fn mask(&mut self, mask: &Mask, transform: Transform, area: Area) -> Result<Vec<u8>> {
        let Some(mut drawn) = layer(area)? else { return zeroed(area.pixels()) };
        self.children(mask.root(), transform, &mut drawn.as_mut())?;
        let outline = PathBuilder::from_rect(mask.rect().to_rect());
        let mut coverage =
            self.covered(&Shape { outline: &outline, transform, rule: Rule::NonZero, smooth: true }, area)?;
        let shares: Vec<u8> = drawn.data().as_chunks().0.iter().map(|pixel| share(*pixel, mask.kind())).collect();
        blend::both(&mut coverage, &shares);
        if let Some(outer) = mask.mask() {
            blend::both(&mut coverage, &self.mask(outer, transform, area)?);
        }
        Ok(coverage)
    }
}

/// How much a premultiplied pixel lets through.
fn share([red, green, blue, alpha]: [u8; 4], kind: MaskType) -> u8 {
    match kind {
        MaskType::Alpha => alpha,
        // Already multiplied by alpha.
        MaskType::Luminance => {
            let sum: u32 =
                [red, green, blue].iter().zip(LUMINANCE).map(|(&sample, part)| u32::from(sample) * part).sum();
            ((sum + (1 << 15)) >> 16).min(255) as u8
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn luminance_is_of_colours_and_alpha() {
        assert_eq!(share([255; 4], MaskType::Luminance), 255);
        assert_eq!(share([0, 0, 0, 255], MaskType::Luminance), 0);
        assert_eq!(share([255, 0, 0, 255], MaskType::Luminance), 54);
        assert_eq!(share([128; 4], MaskType::Luminance), 128);
        assert_eq!(share([0, 0, 0, 200], MaskType::Alpha), 200);
    }
}
