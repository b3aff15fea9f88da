//! Blend modes: how a pixel of an overlay (the source) and one below it (the backdrop) become one.
//!
//! Sources: T. Porter, T. Duff, "Compositing Digital Images", 1984, for the first group; the separable modes of PDF
//! (ISO 32000-1, 11.3.5) for the second. Results are those of libvips 8.18, which differ from these in two places: the
//! separable modes are evaluated on premultiplied colours, and `atop` and `dest-atop` do not weigh what lies on top by the
//! other's alpha.

use crate::api::Blend;

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
            // Where there is no alpha there is no colour, even in pictures that come premultiplied.
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
    /// What single precision may fall short of a whole number by.
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
        Blend::Atop => weigh(source, backdrop, |_, _| 1.0, |s, _| 1.0 - s, |_, b| b),
        Blend::DestOver => weigh(source, backdrop, |_, b| 1.0 - b, |_, _| 1.0, union),
        Blend::DestIn => weigh(source, backdrop, |_, _| 0.0, |s, _| s, |s, b| s * b),
        Blend::DestOut => weigh(source, backdrop, |_, _| 0.0, |s, _| 1.0 - s, |s, b| (1.0 - s) * b),
        Blend::DestAtop => weigh(source, backdrop, |_, b| 1.0 - b, |_, _| 1.0, |s, _| s),
        Blend::Xor => weigh(source, backdrop, |_, b| 1.0 - b, |s, _| 1.0 - s, |s, b| s + b - 2.0 * s * b),
        Blend::Add => weigh(source, backdrop, |_, _| 1.0, |_, _| 1.0, |s, b| (s + b).min(1.0)),
        Blend::Saturate => weigh(source, backdrop, |s, b| s.min(1.0 - b), |_, _| 1.0, |s, b| (s + b).min(1.0)),
        Blend::Multiply => mix(source, backdrop, |s, b| s * b),
        Blend::Screen => mix(source, backdrop, |s, b| s + b - s * b),
        Blend::Overlay => mix(source, backdrop, |s, b| hard_light(b, s)),
        Blend::Darken => mix(source, backdrop, f32::min),
        Blend::Lighten => mix(source, backdrop, f32::max),
        Blend::ColourDodge => mix(source, backdrop, |s, b| if s < 1.0 { (b / (1.0 - s)).min(1.0) } else { 1.0 }),
        Blend::ColourBurn => mix(source, backdrop, |s, b| if s > 0.0 { 1.0 - ((1.0 - b) / s).min(1.0) } else { 0.0 }),
        Blend::HardLight => mix(source, backdrop, hard_light),
        Blend::SoftLight => mix(source, backdrop, soft_light),
        Blend::Difference => mix(source, backdrop, |s, b| (s - b).abs()),
        Blend::Exclusion => mix(source, backdrop, |s, b| s + b - 2.0 * s * b),
    }
}

/// Alpha of two sheets one above the other.
fn union(source: f32, backdrop: f32) -> f32 {
    source + backdrop * (1.0 - source)
}

fn hard_light(source: f32, backdrop: f32) -> f32 {
    let multiplied = 2.0 * source * backdrop;
    let screened = 1.0 - 2.0 * (1.0 - source) * (1.0 - backdrop);
    if source <= 0.5 { multiplied } else { screened }
}

fn soft_light(source: f32, backdrop: f32) -> f32 {
    let darker = backdrop - (1.0 - 2.0 * source) * backdrop * (1.0 - backdrop);
    let polynomial = ((16.0 * backdrop - 12.0) * backdrop + 4.0) * backdrop;
    let curve = if backdrop <= 0.25 { polynomial } else { backdrop.sqrt() };
    let lighter = backdrop + (2.0 * source - 1.0) * (curve - backdrop);
    if source <= 0.5 { darker } else { lighter }
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

/// A separable mode: the function counts where both are, elsewhere each is as it was.
#[inline(always)]
fn mix(source: &Planes, backdrop: &mut Planes, function: impl Fn(f32, f32) -> f32) {
    let [colours @ .., backdrop_alpha] = backdrop;
    for (source_plane, plane) in source.iter().zip(colours) {
        for at in 0..BLOCK {
            let (s, b) = (source[3][at], backdrop_alpha[at]);
            let mixed = function(source_plane[at], plane[at]);
            plane[at] = (1.0 - b) * source_plane[at] + (1.0 - s) * plane[at] + s * b * mixed;
        }
    }
    for (b, &s) in backdrop_alpha.iter_mut().zip(&source[3]) {
        *b = union(s, *b);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::OptionValue;

    /// `source` over `backdrop` in a mode, both one RGBA pixel.
    fn blended(mode: Blend, source: [u8; 4], backdrop: [u8; 4]) -> [u8; 4] {
        let mut planes = load(&gather(&backdrop, 0), false);
        blend(mode, &load(&gather(&source, 0), false), &mut planes);
        store(&planes)[0].to_le_bytes()
    }

    /// Half-transparent [200, 100, 30, 128] on [60, 120, 240, 192] in every mode; the answers are the peer's.
    const EXPECTED: [(&str, [u8; 4]); 25] = [
        ("clear", [0, 0, 0, 0]),
        ("source", [200, 100, 30, 128]),
        ("over", [140, 108, 119, 223]),
        ("in", [200, 100, 30, 96]),
        ("out", [200, 100, 30, 31]),
        ("atop", [163, 126, 139, 192]),
        ("dest", [60, 120, 240, 192]),
        ("dest-over", [79, 117, 210, 223]),
        ("dest-in", [60, 120, 240, 96]),
        ("dest-out", [60, 120, 240, 95]),
        ("dest-atop", [139, 204, 255, 128]),
        ("xor", [94, 115, 187, 127]),
        ("add", [145, 140, 195, 255]),
        ("saturate", [69, 102, 184, 255]),
        ("multiply", [61, 73, 111, 223]),
        ("screen", [109, 118, 186, 223]),
        ("overlay", [69, 80, 156, 223]),
        ("darken", [73, 87, 113, 223]),
        ("lighten", [97, 104, 184, 223]),
        ("colour-dodge", [86, 113, 189, 223]),
        ("colour-burn", [53, 65, 106, 223]),
        ("hard-light", [69, 80, 116, 223]),
        ("soft-light", [70, 89, 164, 223]),
        ("difference", [77, 82, 178, 223]),
        ("exclusion", [101, 110, 182, 223]),
    ];

    #[test]
    fn modes_are_as_the_peer_has_them() {
        let (source, backdrop) = ([200, 100, 30, 128], [60, 120, 240, 192]);
        for (name, answer) in EXPECTED {
            let mode = Blend::from_value(&name.into()).expect("a mode");
            let out = blended(mode, source, backdrop);
            assert!(out.iter().zip(answer).all(|(a, b)| a.abs_diff(b) <= 1), "{name}: {out:?}, peer {answer:?}");
        }
    }

    #[test]
    fn a_transparent_source_keeps_the_backdrop_exactly_or_nothing_of_it() {
        for (name, _) in EXPECTED {
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
