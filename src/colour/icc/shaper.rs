//! 8-bit images whose profile is three curves and a matrix, to a colour space with the sRGB curve.

use std::sync::OnceLock;

use super::super::transfer::{self, STEPS};

/// Steps of linear light that a result is looked up in: about five for the darkest codes, where codes are closest.
const LIGHT_STEPS: usize = 1 << 14;
/// Fractional bits of the sums that lead to a step.
const FRACTION: u32 = 8;
/// No contribution is larger, so that a sum of three stays in 32 bits whatever a profile says.
const MAX_CONTRIBUTION: f64 = (1 << 28) as f64;
/// Differences of a matrix from identity that cannot move an 8-bit code by more than one.
const MATRIX_TOLERANCE: f64 = 0.002;

/// What each code of one channel adds to the red, green and blue light of the result; the fourth value is padding that lets
/// a sum be one vector addition.
type Contributions = Box<[[i32; 4]; 256]>;

/// A conversion from red, green, blue to red, green, blue.
pub(super) struct Shaper {
    contributions: [Contributions; 3],
}

impl Shaper {
    /// From the linear light (0 to 1) of each code of red, green and blue, and the matrix that takes it to the target's.
    /// `None` when the conversion would leave every image as it is.
    pub(super) fn new(light: &[&[f32; 256]; 3], matrix: &[[f64; 3]; 3]) -> Option<Self> {
        if is_identity(matrix) && light.iter().all(|light| is_srgb(light)) {
            return None;
        }
        let contributions = [0, 1, 2].map(|channel| {
            let scale = (LIGHT_STEPS << FRACTION) as f64;
            let mut table = Box::new([[0; 4]; 256]);
            for (entry, &light) in table.iter_mut().zip(light[channel]) {
                for (value, row) in entry.iter_mut().zip(matrix) {
                    let exact = f64::from(light) * row[channel] * scale;
                    *value = exact.round().clamp(-MAX_CONTRIBUTION, MAX_CONTRIBUTION) as i32;
                }
            }
            table
        });
        Some(Self { contributions })
    }

    /// Converts pixels of `CHANNELS` samples, 3 or 4; the fourth is copied.
    pub(super) fn convert<const CHANNELS: usize>(&self, from: &[u8], to: &mut [u8]) {
        let codes = code_table();
        let [red, green, blue] = &self.contributions;
        let (from, _) = from.as_chunks::<CHANNELS>();
        let (to, _) = to.as_chunks_mut::<CHANNELS>();
        for (from, to) in from.iter().zip(to) {
            let (red, green, blue) = (&red[from[0] as usize], &green[from[1] as usize], &blue[from[2] as usize]);
            let steps: [i32; 4] = std::array::from_fn(|at| {
                // Half a step is added for rounding.
                let sum = red[at] + green[at] + blue[at] + (1 << (FRACTION - 1));
                (sum >> FRACTION).clamp(0, LIGHT_STEPS as i32)
            });
            for (to, step) in to.iter_mut().zip(&steps[..3]) {
                *to = codes[*step as usize];
            }
            if CHANNELS == 4 {
                to[3] = from[3];
            }
        }
    }
}

/// The 8-bit sRGB code of each of 256 amounts of linear light.
pub(super) fn codes_of(light: &[f32; 256]) -> [u8; 256] {
    let codes = transfer::code_table();
    light.map(|light| codes[(light.clamp(0.0, 1.0) * STEPS as f32).round() as usize])
}

fn is_identity(matrix: &[[f64; 3]; 3]) -> bool {
    matrix.iter().enumerate().all(|(y, row)| {
        row.iter().enumerate().all(|(x, value)| (value - f64::from(u8::from(x == y))).abs() <= MATRIX_TOLERANCE)
    })
}

/// Whether every code means the light that it means in sRGB, to the nearest code.
fn is_srgb(light: &[f32; 256]) -> bool {
    codes_of(light).iter().enumerate().all(|(code, &srgb)| code == srgb as usize)
}

/// The nearest 8-bit sRGB code for each of [`LIGHT_STEPS`], both ends included.
fn code_table() -> &'static [u8; LIGHT_STEPS + 1] {
    static TABLE: OnceLock<Box<[u8; LIGHT_STEPS + 1]>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let fine = transfer::code_table();
        let mut table = Box::new([0; LIGHT_STEPS + 1]);
        for (step, code) in table.iter_mut().enumerate() {
            *code = fine[(step * STEPS as usize + LIGHT_STEPS / 2) / LIGHT_STEPS];
        }
        table
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDENTITY: [[f64; 3]; 3] = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];

    fn light(curve: impl Fn(f64) -> f64) -> [f32; 256] {
        std::array::from_fn(|code| curve(code as f64 / 255.0) as f32)
    }

    #[test]
    fn srgb_by_another_name_is_no_conversion() {
        let srgb = light(transfer::to_linear);
        assert!(Shaper::new(&[&srgb; 3], &IDENTITY).is_none());
        let gamma = light(|value| value.powf(2.2));
        assert!(Shaper::new(&[&srgb, &srgb, &gamma], &IDENTITY).is_some());
        let swapped = [IDENTITY[1], IDENTITY[0], IDENTITY[2]];
        assert!(Shaper::new(&[&srgb; 3], &swapped).is_some());
    }

    #[test]
    fn each_code_comes_back_through_the_tables() {
        let srgb = light(transfer::to_linear);
        let swapped = [IDENTITY[1], IDENTITY[0], IDENTITY[2]];
        let shaper = Shaper::new(&[&srgb; 3], &swapped).unwrap();
        for code in 0..=255u8 {
            let mut to = [0; 4];
            shaper.convert::<4>(&[code, 255 - code, code, 7], &mut to);
            assert_eq!(to, [255 - code, code, code, 7]);
        }
    }

    #[test]
    fn a_mad_matrix_saturates() {
        let srgb = light(transfer::to_linear);
        let shaper = Shaper::new(&[&srgb; 3], &[[1e9; 3], [-1e9; 3], [f64::NAN; 3]]).unwrap();
        let mut to = [9; 3];
        shaper.convert::<3>(&[255; 3], &mut to);
        assert_eq!(to, [255, 0, 0]);
    }
}
