//! Colour models that text and objects can be in, and what they are in red, green and blue.

/// A colour model. Hues are degrees; red, green and blue 0 to 255; CIE XYZ 0 to about 100; lightness of Lab, LCH and
/// Oklab 0 to 100; the rest 0 to 100 unless said otherwise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Model {
    Rgb,
    Hsl,
    Hsv,
    Hwb,
    Cmyk,
    Xyz,
    Lab,
    /// `okl`, `oka`, `okb`, each a hundred times what CSS has.
    Oklab,
    Lch,
    /// `okl`, `okc`, `okh`.
    Oklch,
    /// A text with digits.
    Hex,
    /// A name.
    Keyword,
    /// The 16 colours of a terminal, by the codes 30 to 37 and 90 to 97.
    Ansi16,
    /// The 256 colours of a terminal.
    Ansi256,
    /// Hue, chroma, grey.
    Hcg,
    /// Red, green and blue, 0 to 65535.
    Apple,
    Gray,
}

/// What CIE XYZ of white under D65 is.
const WHITE: [f64; 3] = [95.047, 100.0, 108.883];

impl Model {
    /// The keys of objects.
    pub(super) const OBJECTS: [(Model, &'static [&'static str]); 17] = [
        (Model::Rgb, &["r", "g", "b"]),
        (Model::Hsl, &["h", "s", "l"]),
        (Model::Hsv, &["h", "s", "v"]),
        (Model::Hwb, &["h", "w", "b"]),
        (Model::Cmyk, &["c", "m", "y", "k"]),
        (Model::Xyz, &["x", "y", "z"]),
        (Model::Lab, &["l", "a", "b"]),
        (Model::Oklab, &["okl", "oka", "okb"]),
        (Model::Lch, &["l", "c", "h"]),
        (Model::Oklch, &["okl", "okc", "okh"]),
        (Model::Hex, &["hex"]),
        (Model::Keyword, &["keyword"]),
        (Model::Ansi16, &["ansi16"]),
        (Model::Ansi256, &["ansi256"]),
        (Model::Hcg, &["h", "c", "g"]),
        (Model::Apple, &["r16", "g16", "b16"]),
        (Model::Gray, &["gray"]),
    ];

    /// Channels of an object brought into range, where the model has one.
    pub(super) fn limited(self, [a, b, c, d]: [f64; 4]) -> [f64; 4] {
        match self {
            Model::Xyz => [clamp(a, WHITE[0]), clamp(b, WHITE[1]), clamp(c, 108.833), d],
            Model::Lab => [clamp(a, 100.0), b, c, d],
            _ => [a, b, c, d],
        }
    }

    /// Red, green and blue, 0 to 255 but not clamped.
    ///
    /// Sources: CSS Color 4, sections 7, 8 and 16; CIE 15 for Lab; Ottosson, "A perceptual color space for image
    /// processing", for Oklab; ECMA-48 and xterm for the terminals.
    pub(super) fn to_rgb(self, [a, b, c, d]: [f64; 4]) -> [f64; 3] {
        let percent = |value| clamp(value, 100.0) / 100.0;
        match self {
            Model::Rgb | Model::Hex | Model::Keyword => [a, b, c],
            Model::Gray => [a / 100.0 * 255.0; 3],
            Model::Apple => [a, b, c].map(|channel| channel / 65535.0 * 255.0),
            Model::Cmyk => [a, b, c].map(|ink| 255.0 * (1.0 - percent(ink)) * (1.0 - percent(d))),
            Model::Hsl => {
                let (saturation, lightness) = (percent(b), percent(c));
                let reach = saturation * lightness.min(1.0 - lightness);
                [0.0, 8.0, 4.0].map(|shift| {
                    let k = (shift + hue(a) / 30.0) % 12.0;
                    255.0 * (lightness - reach * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0))
                })
            }
            Model::Hsv => {
                let (saturation, value) = (percent(b), percent(c));
                [5.0, 3.0, 1.0].map(|shift| {
                    let k = (shift + hue(a) / 60.0) % 6.0;
                    255.0 * (value - value * saturation * k.min(4.0 - k).clamp(0.0, 1.0))
                })
            }
            Model::Hwb => {
                let (white, black) = (percent(b), percent(c));
                if white + black >= 1.0 {
                    return [255.0 * white / (white + black); 3];
                }
                Model::Hsl.to_rgb([a, 100.0, 50.0, 0.0]).map(|full| full * (1.0 - white - black) + 255.0 * white)
            }
            Model::Hcg => {
                let (chroma, grey) = (percent(b), percent(c));
                let pure = Model::Hsv.to_rgb([a, 100.0, 100.0, 0.0]);
                pure.map(|channel| channel * chroma + 255.0 * (1.0 - chroma) * grey)
            }
            Model::Xyz => from_xyz([a, b, c]),
            Model::Lab => from_lab([a, b, c]),
            Model::Lch => from_lab(from_polar([a, b, c])),
            Model::Oklab => from_oklab([a, b, c]),
            Model::Oklch => from_oklab(from_polar([a, b, c])),
            Model::Ansi16 => from_ansi16(a),
            Model::Ansi256 => from_ansi256(a),
        }
    }
}

/// The value between 0 and `max`; not a number stays so.
pub(super) fn clamp(value: f64, max: f64) -> f64 {
    if value.is_nan() { value } else { value.clamp(0.0, max) }
}

fn hue(degrees: f64) -> f64 {
    degrees.rem_euclid(360.0)
}

/// Lightness, chroma and hue as lightness and two axes.
fn from_polar([lightness, chroma, hue]: [f64; 3]) -> [f64; 3] {
    let (sine, cosine) = hue.to_radians().sin_cos();
    [lightness, chroma * cosine, chroma * sine]
}

/// A value of linear light as sRGB has it, 0 to 255.
fn encoded(linear: f64) -> f64 {
    let value = if linear > 0.003_130_8 { 1.055 * linear.powf(1.0 / 2.4) - 0.055 } else { 12.92 * linear };
    clamp(value, 1.0) * 255.0
}

fn product(matrix: [[f64; 3]; 3], vector: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| row.iter().zip(vector).map(|(factor, value)| factor * value).sum())
}

fn from_xyz(xyz: [f64; 3]) -> [f64; 3] {
    const TO_LINEAR: [[f64; 3]; 3] = [
        [3.240_454_2, -1.537_138_5, -0.498_531_4],
        [-0.969_266, 1.876_010_8, 0.041_556],
        [0.055_643_4, -0.204_025_9, 1.057_225_2],
    ];
    product(TO_LINEAR, xyz.map(|value| value / 100.0)).map(encoded)
}

fn from_lab([lightness, a, b]: [f64; 3]) -> [f64; 3] {
    const LINEAR_BELOW: f64 = 216.0 / 24389.0;
    let y = (lightness + 16.0) / 116.0;
    let expand = |value: f64| {
        let cube = value.powi(3);
        if cube > LINEAR_BELOW { cube } else { (value - 16.0 / 116.0) / 7.787 }
    };
    let [x, y, z] = [y + a / 500.0, y, y - b / 200.0].map(expand);
    from_xyz([x * WHITE[0], y * WHITE[1], z * WHITE[2]])
}

fn from_oklab(oklab: [f64; 3]) -> [f64; 3] {
    const TO_CONES: [[f64; 3]; 3] = [
        [1.0, 0.396_337_777_4, 0.215_803_757_3],
        [1.0, -0.105_561_345_8, -0.063_854_172_8],
        [1.0, -0.089_484_177_5, -1.291_485_548],
    ];
    const TO_LINEAR: [[f64; 3]; 3] = [
        [4.076_741_662_1, -3.307_711_591_3, 0.230_969_929_2],
        [-1.268_438_004_6, 2.609_757_401_1, -0.341_319_396_5],
        [-0.004_196_086_3, -0.703_418_614_7, 1.707_614_701],
    ];
    let cones = product(TO_CONES, oklab.map(|value| value / 100.0)).map(|value| value.powi(3));
    product(TO_LINEAR, cones).map(encoded)
}

/// The last digit has a bit for each channel; codes from 90 are the bright ones.
fn from_ansi16(code: f64) -> [f64; 3] {
    let bright = code > 50.0;
    let digit = code % 10.0;
    if digit == 0.0 || digit == 7.0 {
        return [if bright { digit + 3.5 } else { digit } / 10.5 * 255.0; 3];
    }
    let bits = if digit.is_finite() { digit as i32 } else { 0 };
    [0, 1, 2].map(|bit| if bits >> bit & 1 == 1 { if bright { 255.0 } else { 127.5 } } else { 0.0 })
}

/// 16 to 231 is a cube of six levels a side, from 232 on are greys.
fn from_ansi256(code: f64) -> [f64; 3] {
    if code >= 232.0 {
        return [(code - 232.0) * 10.0 + 8.0; 3];
    }
    let cell = code - 16.0;
    let rest = cell % 36.0;
    [(cell / 36.0).floor(), (rest / 6.0).floor(), rest % 6.0].map(|level| level / 5.0 * 255.0)
}

/// A colour in the model it was given in.
pub(super) struct Colour {
    pub(super) model: Model,
    /// As many as the model has, in its own scale.
    pub(super) channels: [f64; 4],
    /// 0 to 1.
    pub(super) alpha: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rounded(model: Model, channels: [f64; 3]) -> [f64; 3] {
        let [a, b, c] = channels;
        model.to_rgb([a, b, c, 0.0]).map(f64::round)
    }

    #[test]
    fn white_black_and_primaries_are_where_they_should_be() {
        assert_eq!(rounded(Model::Xyz, WHITE), [255.0; 3]);
        assert_eq!(rounded(Model::Lab, [100.0, 0.0, 0.0]), [255.0; 3]);
        assert_eq!(rounded(Model::Lab, [0.0; 3]), [0.0; 3]);
        assert_eq!(rounded(Model::Lab, [53.24, 80.09, 67.2]), [255.0, 0.0, 0.0]);
        assert_eq!(rounded(Model::Lch, [53.24, 104.55, 40.0]), [255.0, 0.0, 0.0]);
        assert_eq!(rounded(Model::Oklab, [62.796, 22.486, 12.585]), [255.0, 0.0, 0.0]);
        assert_eq!(rounded(Model::Oklch, [45.201, 31.321, 264.052]), [0.0, 0.0, 255.0]);
        assert_eq!(rounded(Model::Hcg, [240.0, 100.0, 0.0]), [0.0, 0.0, 255.0]);
        assert_eq!(rounded(Model::Apple, [65535.0, 0.0, 32768.0]), [255.0, 0.0, 128.0]);
    }

    #[test]
    fn terminals_have_their_palettes() {
        assert_eq!(rounded(Model::Ansi16, [31.0, 0.0, 0.0]), [128.0, 0.0, 0.0]);
        assert_eq!(rounded(Model::Ansi16, [97.0, 0.0, 0.0]), [255.0; 3]);
        assert_eq!(rounded(Model::Ansi256, [196.0, 0.0, 0.0]), [255.0, 0.0, 0.0]);
        assert_eq!(rounded(Model::Ansi256, [232.0, 0.0, 0.0]), [8.0; 3]);
    }
}
