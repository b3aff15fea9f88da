//! Background colours in the layout of the image they are laid behind.

use crate::{
    colour,
    image::{ColourSpace, PixelFormat},
};

/// A background for images of some layout.
#[derive(Debug, Clone, PartialEq)]
pub struct Background {
    /// The image has no alpha channel but the colour is translucent: one must be added first.
    pub adds_alpha: bool,
    /// One value per channel of the image, alpha included where there is or will be one.
    pub channels: Vec<f64>,
}

/// Weights of red, green and blue in the grey of a colour. Source: ITU-R BT.709.
const LUMA: [f64; 3] = [0.2126, 0.7152, 0.0722];

impl Background {
    /// The `background` (red, green, blue, alpha, 0 to 255) for images of `format`, multiplied by its alpha when
    /// theirs is too.
    pub fn new(background: [f64; 4], format: PixelFormat, premultiplied: bool) -> Self {
        let [red, green, blue, alpha] = background;
        let scale = if format.space.is_16_bit() { 65535.0 / 255.0 } else { 1.0 };
        let adds_alpha = alpha < 255.0 && !format.alpha;
        let mut channels = match format.space {
            ColourSpace::Grey | ColourSpace::Grey16 => vec![LUMA[0] * red + LUMA[1] * green + LUMA[2] * blue],
            ColourSpace::Srgb | ColourSpace::Rgb16 => vec![red, green, blue],
            space => colour::coordinates([red, green, blue], space).unwrap_or_else(|_| vec![0.0; space.channels()]),
        };
        if premultiplied {
            channels.iter_mut().for_each(|value| *value *= alpha / 255.0);
        }
        let alphas = usize::from(adds_alpha || format.alpha);
        let opacity = alpha * format.max() / 255.0 / scale;
        // Extra channels count as more of alpha, or of grey where there is none.
        let beyond = if format.alpha { opacity } else { channels[0] };
        channels.extend(std::iter::repeat_n(opacity, alphas));
        channels.extend(std::iter::repeat_n(beyond, format.extra.into()));
        // Rounded off at a billionth, so that full scale is exact.
        channels.iter_mut().for_each(|value| *value = (*value * scale * 1e9).round() / 1e9);
        Self { adds_alpha, channels }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::{ColourSpace, Depth};

    #[test]
    fn follows_the_layout() {
        let rgb = PixelFormat::new(ColourSpace::Srgb, Depth::U8, false);
        let opaque = Background::new([10.0, 20.0, 30.0, 255.0], rgb, false);
        assert_eq!(opaque, Background { adds_alpha: false, channels: vec![10.0, 20.0, 30.0] });
        let glass = Background::new([10.0, 20.0, 30.0, 51.0], rgb, true);
        assert_eq!(glass, Background { adds_alpha: true, channels: vec![2.0, 4.0, 6.0, 51.0] });
        let grey16 = PixelFormat::new(ColourSpace::Grey16, Depth::U16, true);
        assert_eq!(Background::new([255.0; 4], grey16, false).channels, [65535.0, 65535.0]);
    }
}
