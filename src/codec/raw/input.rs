//! Pixels that the caller hands over as they are.

use crate::{
    error::{Error, OperationError, ParameterError, Result},
    image::{ColourSpace, Depth, PixelFormat, Row, RowMut, RowSource, Spec, depth_mismatch, past_the_end},
    meta::Metadata,
    options::RawDepth,
};

/// What the caller says about the pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct RawInput {
    pub width: u32,
    pub height: u32,
    /// 1 to 4: grey, grey and alpha, RGB, RGB and alpha.
    pub channels: u32,
    /// Type of the samples, in native byte order.
    pub depth: RawDepth,
    /// Whether colour is multiplied by alpha already; the rows are given as they are.
    pub premultiplied: bool,
    /// Rows of one frame; `None` when there is only one.
    pub page_height: Option<u32>,
}

impl RawInput {
    /// Size and layout of the rows. 8-bit types give 8-bit sRGB; other integers give 16-bit, clipped to its range; floating
    /// point is kept, on the scale of 16 bits.
    pub fn spec(&self) -> Result<Spec> {
        let (depth, is_8_bit) = match self.depth {
            RawDepth::Char | RawDepth::Uchar => (Depth::U8, true),
            RawDepth::Short | RawDepth::Ushort | RawDepth::Int | RawDepth::Uint => (Depth::U16, false),
            RawDepth::Float | RawDepth::Double => (Depth::F32, false),
            RawDepth::Complex | RawDepth::Dpcomplex => {
                return Err(OperationError::NotYet("complex raw pixel input").into());
            }
        };
        let (space, alpha) = match (self.channels, is_8_bit) {
            (1 | 2, true) => (ColourSpace::Grey, self.channels == 2),
            (1 | 2, false) => (ColourSpace::Grey16, self.channels == 2),
            (3 | 4, true) => (ColourSpace::Srgb, self.channels == 4),
            (3 | 4, false) => (ColourSpace::Rgb16, self.channels == 4),
            _ => return Err(incomplete()),
        };
        if self.width == 0 || self.height == 0 {
            return Err(incomplete());
        }
        let spec = Spec::new(self.width, self.height, PixelFormat::new(space, depth, alpha));
        spec.samples()?;
        Ok(spec)
    }

    /// Frames, when there are several.
    pub fn metadata(&self) -> Metadata {
        super::frames(self.height, self.page_height)
    }

    /// The name of the sample type in `metadata().depth`: dividing by alpha is said to be done in floating point.
    pub const fn reported_depth(&self) -> &'static str {
        match self.depth {
            RawDepth::Double => "double",
            _ if self.premultiplied && self.channels > 1 => "float",
            RawDepth::Char => "char",
            RawDepth::Uchar => "uchar",
            RawDepth::Short => "short",
            RawDepth::Ushort => "ushort",
            RawDepth::Int => "int",
            RawDepth::Uint => "uint",
            RawDepth::Float => "float",
            RawDepth::Complex => "complex",
            RawDepth::Dpcomplex => "dpcomplex",
        }
    }

    /// The rows of `bytes`, which are borrowed. Fails when there are too few; more than enough is fine.
    pub fn rows<'a>(&self, bytes: &'a [u8]) -> Result<Box<dyn RowSource + 'a>> {
        let spec = self.spec()?;
        let row_bytes = spec.row_samples() * self.depth.bytes();
        let needed = row_bytes as u128 * u128::from(self.height);
        if (bytes.len() as u128) < needed {
            return Err(Error::corrupt_pixels(format!(
                "VipsImage: memory area too small -- should be {needed} bytes, you passed {}",
                bytes.len()
            )));
        }
        Ok(Box::new(RawRows { spec, depth: self.depth, row_bytes, bytes, next: 0 }))
    }
}

fn incomplete() -> Error {
    ParameterError::Other("Expected width, height and channels for raw pixel input".into()).into()
}

struct RawRows<'a> {
    spec: Spec,
    depth: RawDepth,
    row_bytes: usize,
    bytes: &'a [u8],
    next: u32,
}

impl RowSource for RawRows<'_> {
    fn spec(&self) -> Spec {
        self.spec
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        if self.next >= self.spec.height {
            return Err(past_the_end());
        }
        let from = &self.bytes[self.next as usize * self.row_bytes..][..self.row_bytes];
        self.next += 1;
        match (row, self.depth) {
            (RowMut::U8(to), RawDepth::Uchar) => to.copy_from_slice(from),
            (RowMut::U8(to), RawDepth::Char) => convert(to, from, |&[byte]| (byte as i8).max(0) as u8),
            (RowMut::U16(to), RawDepth::Ushort) => convert(to, from, |bytes| u16::from_ne_bytes(*bytes)),
            (RowMut::U16(to), RawDepth::Short) => convert(to, from, |bytes| i16::from_ne_bytes(*bytes).max(0) as u16),
            (RowMut::U16(to), RawDepth::Int) => convert(to, from, |bytes| clip(i32::from_ne_bytes(*bytes).into())),
            (RowMut::U16(to), RawDepth::Uint) => convert(to, from, |bytes| clip(u32::from_ne_bytes(*bytes).into())),
            (RowMut::F32(to), RawDepth::Float) => convert(to, from, |bytes| f32::from_ne_bytes(*bytes)),
            (RowMut::F32(to), RawDepth::Double) => convert(to, from, |bytes| f64::from_ne_bytes(*bytes) as f32),
            _ => return Err(depth_mismatch()),
        }
        Ok(())
    }

    fn skip_rows(&mut self, count: u32) -> Result<()> {
        self.next = self.next.saturating_add(count);
        Ok(())
    }

    fn whole(&self) -> Option<Row<'_>> {
        let bytes = self.bytes.get(..self.row_bytes.checked_mul(self.spec.height as usize)?)?;
        match self.depth {
            _ if self.next > 0 => None,
            RawDepth::Uchar => Some(Row::U8(bytes)),
            // Not where the memory is not aligned.
            RawDepth::Ushort => bytemuck::try_cast_slice(bytes).ok().map(Row::U16),
            RawDepth::Float => bytemuck::try_cast_slice(bytes).ok().map(Row::F32),
            _ => None,
        }
    }
}

fn convert<T, const N: usize>(to: &mut [T], from: &[u8], sample: impl Fn(&[u8; N]) -> T) {
    for (to, from) in to.iter_mut().zip(from.as_chunks::<N>().0) {
        *to = sample(from);
    }
}

fn clip(value: i64) -> u16 {
    value.clamp(0, u16::MAX.into()) as u16
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::{Image, Samples};

    fn input(width: u32, height: u32, channels: u32, depth: RawDepth) -> RawInput {
        RawInput { width, height, channels, depth, premultiplied: false, page_height: None }
    }

    fn samples(input: &RawInput, bytes: &[u8]) -> Samples {
        Image::collect(&mut *input.rows(bytes).unwrap()).unwrap().into_samples()
    }

    #[test]
    fn too_few_bytes_are_refused_and_more_are_not() {
        let error = input(7, 5, 3, RawDepth::Uchar).rows(&[0; 10]).err().unwrap().to_string();
        assert_eq!(error, "VipsImage: memory area too small -- should be 105 bytes, you passed 10");
        let error = input(7, 5, 3, RawDepth::Ushort).rows(&[0; 20]).err().unwrap().to_string();
        assert_eq!(error, "VipsImage: memory area too small -- should be 210 bytes, you passed 20");
        assert_eq!(samples(&input(2, 1, 1, RawDepth::Uchar), &[1, 2, 3]), Samples::U8(vec![1, 2]));
        assert!(input(u32::MAX, u32::MAX, 4, RawDepth::Double).rows(&[0; 20]).is_err());
        assert!(input(0, 1, 3, RawDepth::Uchar).rows(&[]).is_err());
        assert!(input(1, 1, 5, RawDepth::Uchar).rows(&[0; 9]).is_err());
    }

    #[test]
    fn every_type_is_read() {
        let two = |depth| input(2, 1, 1, depth);
        assert_eq!(samples(&two(RawDepth::Char), &[0x80, 5]), Samples::U8(vec![0, 5]));
        let shorts = [(-3_i16).to_ne_bytes(), 300_i16.to_ne_bytes()].concat();
        assert_eq!(samples(&two(RawDepth::Short), &shorts), Samples::U16(vec![0, 300]));
        let ints = [(-3_i32).to_ne_bytes(), 70_000_i32.to_ne_bytes()].concat();
        assert_eq!(samples(&two(RawDepth::Int), &ints), Samples::U16(vec![0, 65535]));
        assert_eq!(samples(&two(RawDepth::Uint), &ints), Samples::U16(vec![65535, 65535]));
        let doubles = [(-1.5_f64).to_ne_bytes(), 7.25_f64.to_ne_bytes()].concat();
        assert_eq!(samples(&two(RawDepth::Double), &doubles), Samples::F32(vec![-1.5, 7.25]));
        // Not aligned to the type.
        let odd = [&[9][..], &300_u16.to_ne_bytes(), &301_u16.to_ne_bytes()].concat();
        assert_eq!(samples(&two(RawDepth::Ushort), &odd[1..]), Samples::U16(vec![300, 301]));
    }

    #[test]
    fn samples_that_need_no_conversion_can_be_seen_whole() {
        let bytes = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        let whole = |depth, bytes| input(2, 1, 1, depth).rows(bytes).unwrap().whole().map(|all| all.bytes().to_vec());
        assert_eq!(whole(RawDepth::Uchar, &bytes), Some(vec![1, 2]));
        assert_eq!(whole(RawDepth::Char, &bytes), None);
        let aligned: &[u8] = bytemuck::cast_slice(&[0x0102_0304_u32, 0x0506_0708]);
        assert_eq!(whole(RawDepth::Ushort, aligned), Some(aligned[..4].to_vec()));
        assert_eq!(whole(RawDepth::Ushort, &aligned[1..]), None);
        let mut begun = input(1, 2, 1, RawDepth::Uchar).rows(&bytes).unwrap();
        begun.skip_rows(1).unwrap();
        assert!(begun.whole().is_none());
    }

    #[test]
    fn premultiplied_colour_is_given_as_it_is() {
        let premultiplied = RawInput { premultiplied: true, ..input(3, 1, 4, RawDepth::Uchar) };
        let bytes = [10, 20, 30, 0, 10, 20, 200, 100, 7, 8, 9, 255];
        assert_eq!(samples(&premultiplied, &bytes), Samples::U8(bytes.to_vec()));
        assert_eq!(premultiplied.reported_depth(), "float");
    }

    #[test]
    fn rows_can_be_skipped() {
        let input = input(1, 3, 1, RawDepth::Uchar);
        let mut rows = input.rows(&[1, 2, 3]).unwrap();
        rows.skip_rows(2).unwrap();
        let mut row = [0_u8];
        rows.next_row(RowMut::U8(&mut row)).unwrap();
        assert_eq!(row, [3]);
        assert!(rows.next_row(RowMut::U8(&mut row)).is_err());
    }
}
