//! The sRGB transfer curve. Source: IEC 61966-2-1.

use std::sync::OnceLock;

/// Steps of linear light in the tables: fine enough that every 8-bit code comes back as itself.
pub(super) const STEPS: u32 = 65535;

/// Entries of a table with one for each of them.
pub(super) const CODES: usize = STEPS as usize + 1;

/// Linear light, 0 to 1, of an sRGB value, 0 to 1.
pub(super) fn to_linear(value: f64) -> f64 {
    if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
}

/// The sRGB value of linear light, both 0 to 1.
pub(super) fn from_linear(light: f64) -> f64 {
    if light <= 0.0031308 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 }
}

/// Linear light in [`STEPS`] for each 8-bit code.
pub(super) fn linear_table() -> &'static [u32; 256] {
    static TABLE: OnceLock<[u32; 256]> = OnceLock::new();
    TABLE.get_or_init(|| std::array::from_fn(|code| (to_linear(code as f64 / 255.0) * f64::from(STEPS)).round() as u32))
}

/// The nearest 8-bit code for each step of linear light.
pub(super) fn code_table() -> &'static [u8] {
    static TABLE: OnceLock<Vec<u8>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = Vec::with_capacity(STEPS as usize + 1);
        for code in 0..=255u8 {
            // All light up to half way to the next code.
            let end = to_linear((f64::from(code) + 0.5) / 255.0).min(1.0) * f64::from(STEPS);
            table.resize(if code == 255 { STEPS as usize + 1 } else { end.ceil() as usize }, code);
        }
        table
    })
}

/// The 8-bit code for each step of linear light, by straight lines between 256 nodes that are themselves whole codes: what
/// libvips 8.18 comes to for colours that went through linear light, up to half a code from the curve.
pub(super) fn node_code_table() -> &'static [u8; CODES] {
    static TABLE: OnceLock<Box<[u8; CODES]>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let node = |at: u32| (from_linear(f64::from(at.min(255)) / 255.0) * 255.0).round();
        let code = |step: u32| {
            let (at, rest) = (step / 257, f64::from(step % 257) / 257.0);
            (node(at) + (node(at + 1) - node(at)) * rest).round_ties_even() as u8
        };
        Box::new(std::array::from_fn(|step| code(step as u32)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_comes_back_from_linear_light() {
        for (code, &light) in linear_table().iter().enumerate() {
            assert_eq!(code_table()[light as usize] as usize, code);
            assert_eq!(node_code_table()[light as usize] as usize, code);
        }
    }
}
