//! Convolution with any mask, in single precision.
//!
//! Results are those of libvips 8.18 (`conv` with float precision, cast back to the sample's depth): cut off, not rounded.

use super::{
    sums::add_rows,
    window::{Reach, Window},
};
use crate::{
    error::{Error, Result},
    image::{Depth, PixelFormat, RowMut, RowSource, Rows, Samples, Spec, depth_mismatch, zeroed},
    simd::Level,
};

/// A mask of `width` × `height` weights; a result is (sum of weight × sample) / `scale` + `offset`.
#[derive(Debug, Clone, PartialEq)]
pub struct Mask {
    pub width: u32,
    pub height: u32,
    /// By rows.
    pub weights: Vec<f64>,
    /// Not 0.
    pub scale: f64,
    pub offset: f64,
}

impl Mask {
    /// The mean of 3 × 3 pixels.
    pub fn mild_blur() -> Self {
        Self { width: 3, height: 3, weights: vec![1.0; 9], scale: 9.0, offset: 0.0 }
    }

    /// A third of the difference to the mean of the neighbours is added.
    pub fn mild_sharpen() -> Self {
        let mut weights = vec![-1.0; 9];
        weights[4] = 32.0;
        Self { width: 3, height: 3, weights, scale: 24.0, offset: 0.0 }
    }
}

/// `source` convolved with `mask`, at `depth`: its own, for which results are cut off to integers in its range, or
/// [`Depth::F32`]. Edges go on past the image. Alpha is a channel as all others.
pub fn convolve<'a>(source: Rows<'a>, mask: &Mask, depth: Depth) -> Result<Rows<'a>> {
    let spec = source.spec();
    let (width, height) = (mask.width as usize, mask.height as usize);
    if width == 0 || height == 0 || width.checked_mul(height) != Some(mask.weights.len()) {
        return Err(Error::Internal("a mask of the wrong size".into()));
    }
    let channels = spec.format.channels();
    let centre = (mask.width / 2, mask.height / 2);
    let reach = Reach { columns: (centre.0, mask.width - 1 - centre.0), rows: (centre.1, mask.height - 1 - centre.1) };
    let taps = mask.weights.chunks_exact(width).map(|row| {
        let offsets = (0..).step_by(channels).zip(row).map(|(offset, &weight)| (offset, weight as f32));
        offsets.filter(|&(_, weight)| weight != 0.0).collect()
    });
    Ok(Box::new(Convolve {
        spec: spec.with_format(PixelFormat { depth, ..spec.format }),
        window: Window::new(&spec, channels, reach)?,
        above: centre.1.into(),
        taps: taps.collect(),
        scale: mask.scale as f32,
        offset: mask.offset as f32,
        y: 0,
        scratch: Samples::row_of(&spec)?,
        sums: zeroed(spec.row_samples())?,
        level: Level::best(),
        source,
    }))
}

struct Convolve<'a> {
    source: Rows<'a>,
    spec: Spec,
    window: Window<f32>,
    above: i64,
    /// For each row of the mask, how many samples into a row of the window a weight applies, and the weight.
    taps: Vec<Vec<(usize, f32)>>,
    scale: f32,
    offset: f32,
    /// Next row.
    y: u32,
    /// A row of the source, where it has another depth than the window.
    scratch: Samples,
    sums: Vec<f32>,
    level: Level,
}

impl RowSource for Convolve<'_> {
    fn spec(&self) -> Spec {
        self.spec
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        let (source, scratch) = (&mut self.source, &mut self.scratch);
        self.window.advance(self.y, |row| read_as_float(source, scratch, row))?;
        self.sums.fill(0.0);
        for (y, taps) in (i64::from(self.y) - self.above..).zip(&self.taps) {
            let from = self.window.row(y);
            let rows: Vec<_> = taps.iter().map(|&(offset, weight)| (&from[offset..], weight)).collect();
            add_rows(self.level, &rows, &mut self.sums);
        }
        self.y += 1;
        let (scale, offset) = (self.scale, self.offset);
        self.sums.iter_mut().for_each(|sum| *sum = *sum / scale + offset);
        write(&self.sums, row);
        Ok(())
    }
}

/// The next row of `source` as floating point; `scratch` is a row of its depth.
pub(super) fn read_as_float(source: &mut Rows<'_>, scratch: &mut Samples, row: &mut [f32]) -> Result<()> {
    if scratch.depth() == Depth::F32 {
        return source.next_row(RowMut::F32(row));
    }
    source.next_row(scratch.all_mut())?;
    match scratch {
        Samples::U8(samples) => row.iter_mut().zip(samples).for_each(|(to, from)| *to = f32::from(*from)),
        Samples::U16(samples) => row.iter_mut().zip(samples).for_each(|(to, from)| *to = f32::from(*from)),
        Samples::F32(_) => return Err(depth_mismatch()),
    }
    Ok(())
}

/// Writes values at the depth of the row: integers are cut off.
pub(super) fn write(values: &[f32], row: RowMut<'_>) {
    match row {
        RowMut::U8(row) => row.iter_mut().zip(values).for_each(|(to, &value)| *to = value as u8),
        RowMut::U16(row) => row.iter_mut().zip(values).for_each(|(to, &value)| *to = value as u16),
        RowMut::F32(row) => row.copy_from_slice(values),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::{
        ColourSpace, Image,
        testing::{GREY, RGB, grey, image, samples},
    };

    const fn identity() -> [f64; 9] {
        [0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0]
    }

    fn mask(weights: &[f64], scale: f64, offset: f64) -> Mask {
        Mask { width: 3, height: 3, weights: weights.to_vec(), scale, offset }
    }

    #[test]
    fn the_identity_changes_nothing() {
        for format in [GREY, RGB] {
            let pixels: Vec<u8> = (0..7 * 11 * format.channels()).map(|at| (at * 37) as u8).collect();
            let source = Box::new(image(7, 11, format, pixels.clone()).into_rows());
            assert_eq!(samples(convolve(source, &mask(&identity(), 1.0, 0.0), Depth::U8).unwrap()), pixels);
        }
    }

    #[test]
    fn the_mask_is_laid_on_as_it_is_written() {
        let mut point = vec![0; 25];
        point[12] = 10;
        let weights = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0];
        let out = samples(convolve(grey(5, 5, point), &mask(&weights, 2.0, 1.0), Depth::U8).unwrap());
        // The answer to a point is the mask turned by half.
        assert_eq!(out[6..9], [46, 41, 36]);
        assert_eq!(out[16..19], [16, 11, 6]);
        assert_eq!(out[0], 1);
    }

    #[test]
    fn results_are_cut_off_at_both_ends() {
        let mask = mask(&[0.0, 0.0, 0.0, -1.0, 0.0, 1.0, 0.0, 0.0, 0.0], 1.0, 0.5);
        let out = convolve(grey(4, 1, vec![0, 200, 0, 255]), &mask, Depth::U8).unwrap();
        assert_eq!(samples(out), [200, 0, 55, 255]);
        let out =
            Image::collect(convolve(grey(4, 1, vec![0, 200, 0, 255]), &mask, Depth::F32).unwrap().as_mut()).unwrap();
        assert_eq!(out.as_slice::<f32>().unwrap(), [200.5, 0.5, 55.5, 255.5]);
    }

    #[test]
    fn the_mild_masks_keep_flat_images_and_sixteen_bits() {
        let format = PixelFormat::new(ColourSpace::Grey16, Depth::U16, false);
        for mask in [Mask::mild_blur(), Mask::mild_sharpen()] {
            for value in [0, 1, 257, 65535] {
                let flat = Image::from_samples(Spec::new(3, 2, format), Samples::U16(vec![value; 6])).unwrap();
                let out = convolve(Box::new(flat.into_rows()), &mask, Depth::U16).unwrap();
                assert_eq!(Image::collect(&mut *{ out }).unwrap().as_slice::<u16>().unwrap(), [value; 6]);
            }
        }
        assert_eq!(samples(convolve(grey(3, 1, vec![0, 9, 90]), &Mask::mild_blur(), Depth::U8).unwrap()), [3, 33, 63]);
        assert_eq!(samples(convolve(grey(1, 1, vec![7]), &Mask::mild_sharpen(), Depth::U8).unwrap()), [7]);
    }

    #[test]
    fn numbers_that_are_too_large_do_no_harm() {
        let source = grey(2, 2, vec![1, 2, 3, 4]);
        let out = samples(convolve(source, &mask(&[1e300; 9], 1.0, -1e300), Depth::U8).unwrap());
        assert_eq!(out.len(), 4);
        assert!(convolve(grey(1, 1, vec![0]), &mask(&[1.0; 8], 1.0, 0.0), Depth::U8).is_err());
    }
}
