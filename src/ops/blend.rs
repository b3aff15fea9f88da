//! Blend modes: how a pixel of an overlay (the source) and one below it (the backdrop) become one.
//!
//! Source: W3C, Compositing and Blending Level 1, clauses 9 and 10, which browsers follow too. libvips 8.18 evaluates the
//! separable modes on premultiplied colours, and does not weigh the source of `atop` and the backdrop of `dest-atop` by the
//! other's alpha, so that soft edges leave a dark or bright border there. `saturate` has no definition in the standard and is
//! that of cairo, which libvips multiplies by alpha once more.

use crate::options::Blend;

/// Pixels that are blended at once: plain loops over arrays of this length become vector code. Shorter ones are unrolled by
/// the compiler instead, and get half as wide vectors or none.
pub(super) const BLOCK: usize = 64;

/// One channel of a block, 0 to 1.
type Plane = [f32; BLOCK];

/// A block of 8-bit RGBA pixels, red in the lowest byte.
pub(super) type Words = [u32; BLOCK];

/// Red, green, blue and alpha of a block of pixels, colours multiplied by alpha.
pub(super) type Planes = [Plane; 4];

impl Blend {
    /// Whether a transparent source leaves the backdrop as it is; otherwise it leaves nothing of it.
    pub(super) const fn keeps_backdrop(self) -> bool {
        !matches!(self, Blend::Clear | Blend::Source | Blend::In | Blend::Out | Blend::DestIn | Blend::DestAtop)
    }
}

/// Up to a block of 8-bit RGBA pixels, little-endian, from the pixel `start` on; the others are transparent.
#[inline(always)]
pub(super) fn gather(pixels: &[u8], start: usize) -> Words {
    let mut words: Words = match pixels.first_chunk::<{ BLOCK * 4 }>() {
        // Of known length, and not by way of zeroes.
        Some(all) if start == 0 => bytemuck::pod_read_unaligned(all),
        _ => {
            let mut bytes = [0; BLOCK * 4];
            bytes[start * 4..start * 4 + pixels.len()].copy_from_slice(pixels);
            bytemuck::pod_read_unaligned(&bytes)
        }
    };
    for word in &mut words {
        *word = u32::from_le(*word);
    }
    words
}

/// The channels of a block of pixels.
#[inline(always)]
pub(super) fn load(words: &Words, premultiplied: bool) -> Planes {
    let mut planes = [[0.0; BLOCK]; 4];
    for (shift, plane) in [0, 8, 16, 24].into_iter().zip(&mut planes) {
        for at in 0..BLOCK {
            // Signed: there is no instruction for the other.
            plane[at] = ((words[at] >> shift) & 255) as i32 as f32 * (1.0 / 255.0);
        }
    }
    let [colours @ .., alpha] = &mut planes;
    for plane in colours {
        for at in 0..BLOCK {
            // Where there is no alpha there is no colour, even in images that come premultiplied.
            let factor = if premultiplied { 1.0 } else { alpha[at] };
            plane[at] *= if alpha[at] > 0.0 { factor } else { 0.0 };
        }
    }
    planes
}

/// A block of pixels, colours divided by alpha, fractions cut off.
#[inline(always)]
pub(super) fn store(planes: &Planes) -> Words {
    let mut factor = [0.0; BLOCK];
    for at in 0..BLOCK {
        let alpha = planes[3][at];
        factor[at] = if alpha > 0.0 { 255.0 / alpha } else { 0.0 };
    }
    let mut words = [0u32; BLOCK];
    for (shift, plane) in [0, 8, 16].into_iter().zip(planes) {
        for at in 0..BLOCK {
            words[at] |= code(plane[at] * factor[at]) << shift;
        }
    }
    for at in 0..BLOCK {
        words[at] |= code(planes[3][at] * 255.0) << 24;
    }
    words
}

/// A value of 0 to 255, clipped and cut off; not a number is 0.
#[inline(always)]
fn code(value: f32) -> u32 {
    /// What single precision may fall short of an integer by.
    const SLACK: f32 = 1.0 / 1024.0;
    // Above 2^23 the last bit of a float is worth 1, so that the low bits of the sum are the rounded number. The compiler
    // makes wide instructions of this, but not of casts.
    const WHOLE: f32 = 8_388_608.0;
    let value = value - (0.5 - SLACK);
    let value = if value > 0.0 { value } else { 0.0 };
    let value = if value < 255.0 { value } else { 255.0 };
    (value + WHOLE).to_bits() & 255
}

/// Lays `source` on `backdrop`.
#[inline(always)]
pub(super) fn blend(mode: Blend, source: &Planes, backdrop: &mut Planes) {
    match mode {
        Blend::Clear => *backdrop = [[0.0; BLOCK]; 4],
        Blend::Source => *backdrop = *source,
        Blend::Dest => {}
        // Source and backdrop, each weighed by a factor that follows from the alphas; then the resulting alpha.
        Blend::Over => weigh(source, backdrop, |_, _| 1.0, |s, _| 1.0 - s, union),
        Blend::In => weigh(source, backdrop, |_, b| b, |_, _| 0.0, |s, b| s * b),
        Blend::Out => weigh(source, backdrop, |_, b| 1.0 - b, |_, _| 0.0, |s, b| s * (1.0 - b)),
        Blend::Atop => weigh(source, backdrop, |_, b| b, |s, _| 1.0 - s, |_, b| b),
        Blend::DestOver => weigh(source, backdrop, |_, b| 1.0 - b, |_, _| 1.0, union),
        Blend::DestIn => weigh(source, backdrop, |_, _| 0.0, |s, _| s, |s, b| s * b),
        Blend::DestOut => weigh(source, backdrop, |_, _| 0.0, |s, _| 1.0 - s, |s, b| (1.0 - s) * b),
        Blend::DestAtop => weigh(source, backdrop, |_, b| 1.0 - b, |s, _| s, |s, _| s),
        Blend::Xor => weigh(source, backdrop, |_, b| 1.0 - b, |s, _| 1.0 - s, |s, b| s + b - 2.0 * s * b),
        Blend::Add => weigh(source, backdrop, |_, _| 1.0, |_, _| 1.0, |s, b| (s + b).min(1.0)),
        Blend::Saturate => weigh(source, backdrop, room, |_, _| 1.0, |s, b| (s + b).min(1.0)),
        Blend::Multiply => mix(source, backdrop, |s, b| s.colour * b.colour),
        Blend::Screen => mix(source, backdrop, |s, b| s.colour * b.alpha + b.colour * s.alpha - s.colour * b.colour),
        Blend::Overlay => mix(source, backdrop, |s, b| hard_light(b, s)),
        Blend::Darken => mix(source, backdrop, |s, b| (s.colour * b.alpha).min(b.colour * s.alpha)),
        Blend::Lighten => mix(source, backdrop, |s, b| (s.colour * b.alpha).max(b.colour * s.alpha)),
        Blend::ColourDodge => mix(source, backdrop, colour_dodge),
        Blend::ColourBurn => mix(source, backdrop, colour_burn),
        Blend::HardLight => mix(source, backdrop, hard_light),
        Blend::SoftLight => mix(source, backdrop, soft_light),
        Blend::Difference => mix(source, backdrop, |s, b| (s.colour * b.alpha - b.colour * s.alpha).abs()),
        Blend::Exclusion => {
            mix(source, backdrop, |s, b| s.colour * b.alpha + b.colour * s.alpha - 2.0 * s.colour * b.colour)
        }
    }
}

/// The share of the source that fits beside the backdrop.
fn room(source: f32, backdrop: f32) -> f32 {
    let left = 1.0 - backdrop;
    if source > left { left / source } else { 1.0 }
}

/// Alpha of two sheets one above the other.
fn union(source: f32, backdrop: f32) -> f32 {
    source + backdrop * (1.0 - source)
}

/// One channel of one pixel.
#[derive(Clone, Copy)]
struct Shade {
    /// Multiplied by alpha.
    colour: f32,
    alpha: f32,
}

impl Shade {
    /// The colour itself.
    #[inline(always)]
    fn own(self) -> f32 {
        if self.alpha > 0.0 { self.colour / self.alpha } else { 0.0 }
    }
}

// The functions of the separable modes, multiplied by both alphas, so that few of them have to divide.

#[inline(always)]
fn hard_light(s: Shade, b: Shade) -> f32 {
    let multiplied = 2.0 * s.colour * b.colour;
    let screened = s.alpha * b.alpha - 2.0 * (s.alpha - s.colour) * (b.alpha - b.colour);
    if 2.0 * s.colour <= s.alpha { multiplied } else { screened }
}

#[inline(always)]
fn colour_dodge(s: Shade, b: Shade) -> f32 {
    let (full, left) = (s.alpha * b.alpha, s.alpha - s.colour);
    let divided = (b.colour * s.alpha * s.alpha / left).min(full);
    let bright = if left > 0.0 { divided } else { full };
    if b.colour > 0.0 { bright } else { 0.0 }
}

#[inline(always)]
fn colour_burn(s: Shade, b: Shade) -> f32 {
    let (full, left) = (s.alpha * b.alpha, b.alpha - b.colour);
    let divided = full - (left * s.alpha * s.alpha / s.colour).min(full);
    let dark = if s.colour > 0.0 { divided } else { 0.0 };
    if left > 0.0 { dark } else { full }
}

#[inline(always)]
fn soft_light(s: Shade, b: Shade) -> f32 {
    let (source, backdrop) = (s.own(), b.own());
    let darker = backdrop - (1.0 - 2.0 * source) * backdrop * (1.0 - backdrop);
    let polynomial = ((16.0 * backdrop - 12.0) * backdrop + 4.0) * backdrop;
    let curve = if backdrop <= 0.25 { polynomial } else { backdrop.sqrt() };
    let lighter = backdrop + (2.0 * source - 1.0) * (curve - backdrop);
    s.alpha * b.alpha * if source <= 0.5 { darker } else { lighter }
}

/// A Porter-Duff operator: weights of source and backdrop, and the alpha of the result, from the two alphas.
#[inline(always)]
fn weigh(
    source: &Planes,
    backdrop: &mut Planes,
    source_weight: impl Fn(f32, f32) -> f32,
    backdrop_weight: impl Fn(f32, f32) -> f32,
    alpha: impl Fn(f32, f32) -> f32,
) {
    let [colours @ .., backdrop_alpha] = backdrop;
    for (source_plane, plane) in source.iter().zip(colours) {
        for at in 0..BLOCK {
            let (s, b) = (source[3][at], backdrop_alpha[at]);
            plane[at] = source_weight(s, b) * source_plane[at] + backdrop_weight(s, b) * plane[at];
        }
    }
    for (b, &s) in backdrop_alpha.iter_mut().zip(&source[3]) {
        *b = alpha(s, *b);
    }
}

/// A separable mode: the function counts where both are, elsewhere each is as it was. It gives its result multiplied by both
/// alphas.
#[inline(always)]
fn mix(source: &Planes, backdrop: &mut Planes, function: impl Fn(Shade, Shade) -> f32) {
    let [colours @ .., backdrop_alpha] = backdrop;
    for (source_plane, plane) in source.iter().zip(colours) {
        for at in 0..BLOCK {
            let s = Shade { colour: source_plane[at], alpha: source[3][at] };
            let b = Shade { colour: plane[at], alpha: backdrop_alpha[at] };
            plane[at] = (1.0 - b.alpha) * s.colour + (1.0 - s.alpha) * b.colour + function(s, b);
        }
    }
    for (b, &s) in backdrop_alpha.iter_mut().zip(&source[3]) {
        *b = union(s, *b);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::OptionValue;

    /// `source` over `backdrop` in a mode, both one RGBA pixel.
    fn blended(mode: Blend, source: [u8; 4], backdrop: [u8; 4]) -> [u8; 4] {
        let mut planes = load(&gather(&backdrop, 0), false);
        blend(mode, &load(&gather(&source, 0), false), &mut planes);
        store(&planes)[0].to_le_bytes()
    }

    const NAMES: [&str; 25] = [
        "clear",
        "source",
        "over",
        "in",
        "out",
        "atop",
        "dest",
        "dest-over",
        "dest-in",
        "dest-out",
        "dest-atop",
        "xor",
        "add",
        "saturate",
        "multiply",
        "screen",
        "overlay",
        "darken",
        "lighten",
        "colour-dodge",
        "colour-burn",
        "hard-light",
        "soft-light",
        "difference",
        "exclusion",
    ];

    /// The formula of a separable mode, of colours that are not multiplied by alpha.
    fn separable(name: &str, s: f64, b: f64) -> Option<f64> {
        let hard = |s: f64, b: f64| if s <= 0.5 { b * 2.0 * s } else { b + (2.0 * s - 1.0) - b * (2.0 * s - 1.0) };
        let soft = |b: f64| if b <= 0.25 { ((16.0 * b - 12.0) * b + 4.0) * b } else { b.sqrt() };
        Some(match name {
            "multiply" => s * b,
            "screen" => b + s - b * s,
            "overlay" => hard(b, s),
            "darken" => s.min(b),
            "lighten" => s.max(b),
            "colour-dodge" if b == 0.0 => 0.0,
            "colour-dodge" if s == 1.0 => 1.0,
            "colour-dodge" => (b / (1.0 - s)).min(1.0),
            "colour-burn" if b == 1.0 => 1.0,
            "colour-burn" if s == 0.0 => 0.0,
            "colour-burn" => 1.0 - ((1.0 - b) / s).min(1.0),
            "hard-light" => hard(s, b),
            "soft-light" if s <= 0.5 => b - (1.0 - 2.0 * s) * b * (1.0 - b),
            "soft-light" => b + (2.0 * s - 1.0) * (soft(b) - b),
            "difference" => (s - b).abs(),
            "exclusion" => b + s - 2.0 * b * s,
            _ => return None,
        })
    }

    /// The result of the standard's formulas for one pixel, 0 to 1.
    fn by_the_standard(name: &str, [source @ .., a]: [f64; 4], [backdrop @ .., b]: [f64; 4]) -> [f64; 4] {
        let (of_source, of_backdrop) = match name {
            "clear" => (0.0, 0.0),
            "source" => (1.0, 0.0),
            "dest" => (0.0, 1.0),
            "in" => (b, 0.0),
            "out" => (1.0 - b, 0.0),
            "atop" => (b, 1.0 - a),
            "dest-over" => (1.0 - b, 1.0),
            "dest-in" => (0.0, a),
            "dest-out" => (0.0, 1.0 - a),
            "dest-atop" => (1.0 - b, a),
            "xor" => (1.0 - b, 1.0 - a),
            "add" => (1.0, 1.0),
            "saturate" => (if a > 0.0 { ((1.0 - b) / a).min(1.0) } else { 1.0 }, 1.0),
            _ => (1.0, 1.0 - a),
        };
        let alpha = (a * of_source + b * of_backdrop).min(1.0);
        let colours = [0, 1, 2].map(|at| {
            let (s, d) = (source[at], backdrop[at]);
            // The backdrop's part of the source's colour is mixed with it first.
            let s = separable(name, s, d).map_or(s, |mixed| (1.0 - b) * s + b * mixed);
            let sum = a * of_source * s + b * of_backdrop * d;
            if alpha > 0.0 { (sum / alpha).min(1.0) } else { 0.0 }
        });
        [colours[0], colours[1], colours[2], alpha]
    }

    #[test]
    fn modes_are_those_of_the_standard() {
        const VALUES: [u8; 6] = [0, 1, 77, 128, 200, 255];
        let pixel = |at: usize| [VALUES[at % 6], VALUES[at / 6 % 6], VALUES[(at / 2 + 3) % 6], VALUES[at / 36]];
        for name in NAMES {
            let mode = Blend::from_value(&name.into()).expect("a mode");
            for (source, backdrop) in (0..216).flat_map(|at| (0..216).map(move |under| (pixel(at), pixel(under)))) {
                let unit = |pixel: [u8; 4]| pixel.map(|value| f64::from(value) / 255.0);
                let exact = by_the_standard(name, unit(source), unit(backdrop)).map(|value| value * 255.0);
                let out = blended(mode, source, backdrop);
                // Fractions are cut off, alpha's too, which colours are not divided by again.
                let near = out.iter().zip(exact).all(|(a, b)| (f64::from(*a) + 0.5 - b).abs() <= 0.51);
                assert!(near || exact[3] < 1.0, "{name} of {source:?} and {backdrop:?}: {out:?}, exactly {exact:?}");
            }
        }
    }

    #[test]
    fn soft_white_multiplied_leaves_what_is_below() {
        for (name, value) in [("multiply", 255), ("darken", 255), ("screen", 0), ("lighten", 0), ("colour-burn", 255)] {
            let mode = Blend::from_value(&name.into()).expect("a mode");
            for (alpha, below) in (0..=255).flat_map(|alpha| [[180, 90, 40], [1, 254, 255]].map(|below| (alpha, below)))
            {
                let backdrop = [below[0], below[1], below[2], 255];
                assert_eq!(blended(mode, [value, value, value, alpha], backdrop), backdrop, "{name} with {alpha}");
            }
        }
    }

    #[test]
    fn a_transparent_source_keeps_the_backdrop_exactly_or_nothing_of_it() {
        for name in NAMES {
            let mode = Blend::from_value(&name.into()).expect("a mode");
            for alpha in 1..=255 {
                for colour in 0..=255 {
                    let pixel = [colour, 255 - colour, colour / 2, alpha];
                    let kept = if mode.keeps_backdrop() { pixel } else { [0; 4] };
                    assert_eq!(blended(mode, [9, 9, 9, 0], pixel), kept, "{name}");
                }
            }
        }
    }

    #[test]
    fn premultiplied_pixels_are_taken_as_they_are() {
        let mut planes = [[0.0; BLOCK]; 4];
        blend(Blend::Over, &load(&gather(&[50, 0, 128, 128], 3), true), &mut planes);
        assert_eq!(
            store(&planes)[2..5].iter().map(|word| word.to_le_bytes()).collect::<Vec<_>>(),
            [[0; 4], [99, 0, 255, 128], [0; 4]]
        );
    }
}
