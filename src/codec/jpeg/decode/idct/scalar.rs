//! Vectors as arrays.

use super::{Blocks, LANES, Tables, Targets, UNIT, Vector};

#[derive(Clone, Copy)]
pub(super) struct Plain([i16; LANES]);

impl Plain {
    #[inline(always)]
    fn zip(self, other: Self, combine: impl Fn(i16, i16) -> i16) -> Self {
        Self(std::array::from_fn(|lane| combine(self.0[lane], other.0[lane])))
    }
}

#[inline(always)]
fn zip(a: [i32; LANES], b: [i32; LANES], combine: impl Fn(i32, i32) -> i32) -> [i32; LANES] {
    std::array::from_fn(|lane| combine(a[lane], b[lane]))
}

impl Vector for Plain {
    type Wide = [i32; LANES];

    #[inline(always)]
    fn load(from: &[i16; LANES]) -> Self {
        Self(*from)
    }

    #[inline(always)]
    fn gather(blocks: &Blocks<'_>, quantization: &Tables, at: usize) -> [Self; 8] {
        let value = |lane: usize, at: usize| blocks[lane][at].wrapping_mul(quantization[lane / UNIT][at]);
        std::array::from_fn(|each| Self(std::array::from_fn(|lane| value(lane, at + each))))
    }

    #[inline(always)]
    fn to_array(self) -> [i16; LANES] {
        self.0
    }

    #[inline(always)]
    fn any(self, bits: u16) -> bool {
        self.0.iter().fold(0, |all, &value| all | value as u16) & bits != 0
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self.zip(other, i16::wrapping_add)
    }

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self.zip(other, i16::wrapping_sub)
    }

    #[inline(always)]
    fn or(self, other: Self) -> Self {
        self.zip(other, |a, b| a | b)
    }

    #[inline(always)]
    fn combine(self, other: Self, a: i16, b: i16) -> Self::Wide {
        let product = |value: i16, by: i16| i32::from(value) * i32::from(by);
        std::array::from_fn(|lane| product(self.0[lane], a).wrapping_add(product(other.0[lane], b)))
    }

    #[inline(always)]
    fn widen<const BITS: i32>(self) -> Self::Wide {
        self.0.map(|value| i32::from(value) << BITS)
    }

    #[inline(always)]
    fn wide_add(a: Self::Wide, b: Self::Wide) -> Self::Wide {
        zip(a, b, i32::wrapping_add)
    }

    #[inline(always)]
    fn wide_sub(a: Self::Wide, b: Self::Wide) -> Self::Wide {
        zip(a, b, i32::wrapping_sub)
    }

    #[inline(always)]
    fn descale<const BITS: i32>(wide: Self::Wide) -> Self::Wide {
        wide.map(|value| value.wrapping_add(1 << (BITS - 1)) >> BITS)
    }

    #[inline(always)]
    fn scale<const BITS: i32>(wide: Self::Wide) -> Self::Wide {
        wide.map(|value| value << BITS)
    }

    #[inline(always)]
    fn narrow(wide: Self::Wide) -> Self {
        Self(wide.map(|value| value.clamp(i16::MIN.into(), i16::MAX.into()) as i16))
    }

    #[inline(always)]
    fn store<const N: usize>(columns: [Self; N], row: usize, targets: &mut Targets<'_>) {
        for half in 0..2 {
            for (block, samples) in targets.row::<N>(half, row).chunks_exact_mut(N).enumerate() {
                for (sample, column) in samples.iter_mut().zip(&columns) {
                    *sample = (column.0[half * UNIT + block].clamp(-128, 127) + 128) as u8;
                }
            }
        }
    }
}
