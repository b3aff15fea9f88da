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

/// The code of one of 256 nodes, evenly spaced in linear light. libvips 8.18 draws straight lines between them to encode light,
/// up to half a code from the curve. The last line is level.
fn node(at: u32) -> f64 {
    (from_linear(f64::from(at.min(255)) / 255.0) * 255.0).round()
}

/// The code of each step of linear light, by [`NodeCodes`].
pub(super) fn node_code_table() -> &'static [u8; CODES] {
    static TABLE: OnceLock<Box<[u8; CODES]>> = OnceLock::new();
    // 65,535 steps of 65,537 are all 32 bits.
    let code = |step| NodeCodes::get().code(step as u32 * 65537);
    TABLE.get_or_init(|| Box::new(std::array::from_fn(code)))
}

/// 8-bit codes of linear light in 32 bits, by straight lines between the [nodes](node). With the 65,536 steps of
/// [`node_code_table`] alone, one colour in 800 has the code beside.
pub(super) struct NodeCodes {
    /// The code of the first light of each interval of 2¹⁶.
    first: [u8; CODES],
    /// The last light of each code. An interval has the end of at most one code: no code is shorter than 2¹⁶ lights.
    last: [u32; 256],
}

impl NodeCodes {
    pub(super) fn get() -> &'static Self {
        static CODES: OnceLock<Box<NodeCodes>> = OnceLock::new();
        CODES.get_or_init(|| {
            let mut last = [u32::MAX; 256];
            for at in 0..255 {
                let (start, end) = (node(at) as usize, node(at + 1) as usize);
                for (step, last) in last[start..end].iter_mut().enumerate() {
                    let share = (step as f64 + 0.5) / (end - start) as f64;
                    *last = ((f64::from(at) + share) / 255.0 * f64::from(u32::MAX)).ceil() as u32 - 1;
                }
            }
            let first = |interval: usize| last.partition_point(|&last| last < (interval as u32) << 16) as u8;
            Box::new(Self { first: std::array::from_fn(first), last })
        })
    }

    /// The code of light from 0 to 1, clipped.
    pub(super) fn of(&self, light: f64) -> u8 {
        self.code((light * f64::from(u32::MAX)).round() as u32)
    }

    /// The code of `light`, of which [`u32::MAX`] is white.
    #[inline]
    pub(super) fn code(&self, light: u32) -> u8 {
        let code = self.first[(light >> 16) as usize];
        code + u8::from(light > self.last[code as usize])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_comes_back_from_linear_light() {
        for code in 0..=255 {
            let light = to_linear(f64::from(code) / 255.0);
            let step = (light * f64::from(STEPS)).round() as usize;
            assert_eq!([code_table()[step], node_code_table()[step], NodeCodes::get().of(light)], [code; 3]);
        }
    }

    #[test]
    fn lights_of_32_bits_have_the_codes_of_the_nodes() {
        let exact = |light: u32| {
            let place = f64::from(light) / f64::from(u32::MAX) * 255.0;
            let (start, end) = (node(place as u32), node(place as u32 + 1));
            start + (end - start) * place.fract()
        };
        let codes = NodeCodes::get();
        assert_eq!((codes.code(0), codes.code(u32::MAX)), (0, 255));
        for light in (0..=u32::MAX).step_by(9973) {
            assert!((f64::from(codes.code(light)) - exact(light)).abs() <= 0.5 + 1e-6, "{light}");
        }
        // Each code begins right behind the last light of the one before.
        for code in 0..255u8 {
            let last = codes.last[code as usize];
            assert_eq!((codes.code(last), codes.code(last + 1)), (code, code + 1));
        }
    }
}
