//! Planes: luma and chroma of 8 bits, each at its own resolution, and sources that give them in strips.
//!
//! Positions are counted in pixels of the image that the planes show, from its top left corner. A decoder that scales by
//! the inverse DCT still states the full image, with samples that are further apart; how many pixels a sample stands
//! for is a property of each plane and axis, so that a resampler can place every plane exactly.

use super::zeroed;
use crate::error::{Error, LimitError, Result};

/// Most planes that an image can have: luma and two of chroma.
pub const MAX_PLANES: usize = 3;

/// Where the samples of a plane lie along one axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlaneAxis {
    /// Samples along the axis, at least 1.
    pub samples: u32,
    /// Pixels of the image from one sample to the next.
    pub pitch: f64,
    /// Where the centre of the first sample is, in pixels from the image's edge.
    pub origin: f64,
}

impl PlaneAxis {
    /// Samples that each lie in the middle of `numerator` / `denominator` pixels, as many as cover `pixels`. This is
    /// the siting of JPEG: chroma of 4:2:0 has the ratio 2 / 1, the luma of a decoder that scales to a quarter 4 / 1.
    pub fn centred(pixels: u32, numerator: u32, denominator: u32) -> Self {
        let (numerator, denominator) = (numerator.max(1), denominator.max(1));
        let samples = (u64::from(pixels) * u64::from(denominator)).div_ceil(numerator.into());
        let pitch = f64::from(numerator) / f64::from(denominator);
        Self { samples: u32::try_from(samples).unwrap_or(u32::MAX).max(1), pitch, origin: pitch / 2.0 }
    }
}

/// Size and place of one plane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlaneSpec {
    pub x: PlaneAxis,
    pub y: PlaneAxis,
}

impl PlaneSpec {
    /// Samples in one row.
    pub const fn width(&self) -> usize {
        self.x.samples as usize
    }

    /// Rows.
    pub const fn height(&self) -> usize {
        self.y.samples as usize
    }

    /// Samples in the plane, or an error when they cannot be addressed.
    pub fn samples(&self) -> Result<usize> {
        self.width().checked_mul(self.height()).filter(|&samples| isize::try_from(samples).is_ok()).ok_or_else(|| {
            LimitError::Dimensions { width: self.x.samples.into(), height: self.y.samples.into() }.into()
        })
    }
}

/// The sample values that stand for black and white.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SampleRange {
    /// 0 to 255, as JPEG has it.
    Full,
    /// 16 to 235, chroma 16 to 240, as video and WebP have it.
    Limited,
}

/// What the planes of an image are. Three planes are Y, Cb and Cr by the matrix of BT.601; one plane is Y alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlanesSpec {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    pub range: SampleRange,
    luma: PlaneSpec,
    chroma: Option<[PlaneSpec; 2]>,
}

impl PlanesSpec {
    /// Luma alone.
    pub const fn grey(width: u32, height: u32, range: SampleRange, luma: PlaneSpec) -> Self {
        Self { width, height, range, luma, chroma: None }
    }

    /// Luma, Cb and Cr.
    pub const fn ycbcr(width: u32, height: u32, range: SampleRange, [y, cb, cr]: [PlaneSpec; MAX_PLANES]) -> Self {
        Self { width, height, range, luma: y, chroma: Some([cb, cr]) }
    }

    /// Luma at full resolution, and chroma, unless `grey`, with one sample for `x` × `y` pixels, sited in their middle.
    pub fn subsampled(width: u32, height: u32, range: SampleRange, grey: bool, (x, y): (u32, u32)) -> Self {
        let plane = |x, y| PlaneSpec { x: PlaneAxis::centred(width, x, 1), y: PlaneAxis::centred(height, y, 1) };
        let chroma = (!grey).then(|| [plane(x, y); 2]);
        Self { width, height, range, luma: plane(1, 1), chroma }
    }

    /// 1 or 3.
    pub const fn count(&self) -> usize {
        if self.chroma.is_some() { MAX_PLANES } else { 1 }
    }

    /// The planes in order: Y, and where there is chroma Cb and Cr.
    pub fn planes(&self) -> impl Iterator<Item = &PlaneSpec> {
        std::iter::once(&self.luma).chain(self.chroma.iter().flatten())
    }
}

/// Rows of one plane that follow those of the strip before.
#[derive(Debug, Clone, Copy, Default)]
pub struct PlaneRows<'a> {
    samples: &'a [u8],
    stride: usize,
    width: usize,
    rows: usize,
}

impl<'a> PlaneRows<'a> {
    /// `rows` rows of `width` samples, each `stride` samples after the one before. The samples must reach to the end of
    /// the last row.
    pub fn new(samples: &'a [u8], stride: usize, width: usize, rows: usize) -> Result<Self> {
        let reach = match rows.checked_sub(1) {
            Some(before) => before.checked_mul(stride).and_then(|start| start.checked_add(width)),
            None => Some(0),
        };
        if width > stride || reach.is_none_or(|reach| reach > samples.len()) {
            return Err(Error::Internal("a strip has fewer samples than its rows need".into()));
        }
        Ok(Self { samples, stride, width, rows })
    }

    /// Rows, which may be none.
    pub const fn count(&self) -> usize {
        self.rows
    }

    /// One row, 0 being the first of the strip.
    pub fn row(&self, y: usize) -> &'a [u8] {
        &self.samples[y * self.stride..][..self.width]
    }

    /// All rows from top to bottom.
    pub fn iter(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let rows = *self;
        (0..rows.rows).map(move |y| rows.row(y))
    }
}

/// A strip of an image: rows of each plane for about the same part of it.
#[derive(Debug, Clone, Copy)]
pub struct Strip<'a> {
    /// In the order of [`PlanesSpec::planes`]; planes that the image has not are empty.
    pub planes: [PlaneRows<'a>; MAX_PLANES],
}

/// An image that gives its planes from top to bottom, each row once.
pub trait PlaneSource: Send {
    /// Size and layout; constant over the life of the source.
    fn spec(&self) -> PlanesSpec;

    /// The next strip, or `None` after the last row. Planes advance together, but not necessarily by the ratio of their
    /// heights in each strip: a strip has rows of at least one plane, and all strips together have every row of each.
    fn next_strip(&mut self) -> Result<Option<Strip<'_>>>;
}

/// Planes held whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Planes {
    spec: PlanesSpec,
    samples: Vec<Vec<u8>>,
}

impl Planes {
    /// Planes of zeroes.
    pub fn new(spec: PlanesSpec) -> Result<Self> {
        let samples = spec.planes().map(|plane| zeroed(plane.samples()?)).collect::<Result<_>>()?;
        Ok(Self { spec, samples })
    }

    /// Samples that are already there: for each plane rows without padding.
    pub fn from_samples(spec: PlanesSpec, samples: Vec<Vec<u8>>) -> Result<Self> {
        let fits = |(plane, samples): (&PlaneSpec, &Vec<u8>)| plane.samples().is_ok_and(|count| count == samples.len());
        if samples.len() != spec.count() || !spec.planes().zip(&samples).all(fits) {
            return Err(Error::Internal("samples do not match the planes' sizes".into()));
        }
        Ok(Self { spec, samples })
    }

    /// Reads all strips of a source.
    pub fn collect(source: &mut dyn PlaneSource) -> Result<Self> {
        let mut planes = Self::new(source.spec())?;
        let mut filled = [0; MAX_PLANES];
        while let Some(strip) = source.next_strip()? {
            for ((samples, filled), rows) in planes.samples.iter_mut().zip(&mut filled).zip(strip.planes) {
                for row in rows.iter() {
                    let Some(to) = samples.get_mut(*filled..*filled + row.len()) else { return Err(wrong_rows()) };
                    to.copy_from_slice(row);
                    *filled += row.len();
                }
            }
        }
        if planes.samples.iter().zip(filled).any(|(samples, filled)| samples.len() != filled) {
            return Err(wrong_rows());
        }
        Ok(planes)
    }

    pub const fn spec(&self) -> PlanesSpec {
        self.spec
    }

    /// The samples of one plane, rows without padding.
    pub fn plane(&self, index: usize) -> &[u8] {
        &self.samples[index]
    }

    /// The same, to write to.
    pub fn plane_mut(&mut self, index: usize) -> &mut [u8] {
        &mut self.samples[index]
    }

    /// All planes as one strip.
    pub fn strip(&self) -> Strip<'_> {
        let mut planes = [PlaneRows::default(); MAX_PLANES];
        for ((rows, plane), samples) in planes.iter_mut().zip(self.spec.planes()).zip(&self.samples) {
            let width = plane.width();
            *rows = PlaneRows { samples, stride: width, width, rows: plane.height() };
        }
        Strip { planes }
    }

    /// These planes as a source.
    pub const fn into_source(self) -> WholePlanes {
        WholePlanes { planes: self, given: false }
    }
}

/// Whole planes as a source of one strip.
pub struct WholePlanes {
    planes: Planes,
    given: bool,
}

impl PlaneSource for WholePlanes {
    fn spec(&self) -> PlanesSpec {
        self.planes.spec
    }

    fn next_strip(&mut self) -> Result<Option<Strip<'_>>> {
        let first = !std::mem::replace(&mut self.given, true);
        Ok(first.then(|| self.planes.strip()))
    }
}

/// The error for a source whose rows do not add up to its planes: a defect, not an input error.
fn wrong_rows() -> Error {
    Error::Internal("a source gave other rows than its planes have".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives whole planes a few rows at a time.
    struct InStrips {
        planes: Planes,
        rows: [usize; MAX_PLANES],
        next: [usize; MAX_PLANES],
    }

    impl PlaneSource for InStrips {
        fn spec(&self) -> PlanesSpec {
            self.planes.spec
        }

        fn next_strip(&mut self) -> Result<Option<Strip<'_>>> {
            let mut planes = [PlaneRows::default(); MAX_PLANES];
            let mut any = false;
            for (index, plane) in self.planes.spec.planes().enumerate() {
                let rows = self.rows[index].min(plane.height() - self.next[index]);
                let start = self.next[index] * plane.width();
                planes[index] = PlaneRows::new(&self.planes.plane(index)[start..], plane.width(), plane.width(), rows)?;
                self.next[index] += rows;
                any |= rows > 0;
            }
            Ok(any.then_some(Strip { planes }))
        }
    }

    fn counting(spec: PlanesSpec) -> Planes {
        let samples = spec.planes().map(|plane| (0..plane.samples().unwrap()).map(|i| i as u8).collect()).collect();
        Planes::from_samples(spec, samples).unwrap()
    }

    #[test]
    fn samples_cover_the_image_and_lie_in_the_middle_of_their_pixels() {
        let axis = |pixels, numerator, denominator| {
            let PlaneAxis { samples, pitch, origin } = PlaneAxis::centred(pixels, numerator, denominator);
            (samples, pitch, origin)
        };
        assert_eq!(axis(2725, 1, 1), (2725, 1.0, 0.5));
        assert_eq!(axis(2725, 2, 1), (1363, 2.0, 1.0));
        assert_eq!(axis(2725, 16, 1), (171, 16.0, 8.0));
        assert_eq!(axis(9, 3, 2), (6, 1.5, 0.75));
        assert_eq!(axis(1, 8, 1).0, 1);
        assert_eq!(axis(u32::MAX, 1, 4).0, u32::MAX);
    }

    #[test]
    fn strips_of_any_height_add_up_to_the_planes() {
        for grey in [false, true] {
            let planes = counting(PlanesSpec::subsampled(7, 9, SampleRange::Full, grey, (2, 2)));
            assert_eq!(planes.spec().count(), if grey { 1 } else { 3 });
            for rows in [[2, 1, 1], [9, 5, 5], [1, 3, 2]] {
                let mut strips = InStrips { planes: planes.clone(), rows, next: [0; MAX_PLANES] };
                assert_eq!(Planes::collect(&mut strips).unwrap(), planes);
            }
            assert_eq!(Planes::collect(&mut planes.clone().into_source()).unwrap(), planes);
        }
    }

    #[test]
    fn wrong_numbers_of_samples_are_errors() {
        assert!(PlaneRows::new(&[0; 7], 4, 4, 2).is_err());
        assert!(PlaneRows::new(&[0; 8], 3, 4, 1).is_err());
        assert!(PlaneRows::new(&[], usize::MAX, 1, usize::MAX).is_err());
        assert!(PlaneRows::new(&[], 4, 4, 0).is_ok());
        let spec = PlanesSpec::subsampled(4, 4, SampleRange::Full, true, (1, 1));
        assert!(Planes::from_samples(spec, vec![vec![0; 15]]).is_err());
        for (planes, rows) in [(counting(spec), 3), (counting(spec), 5)] {
            struct Wrong(Planes, usize, bool);
            impl PlaneSource for Wrong {
                fn spec(&self) -> PlanesSpec {
                    self.0.spec
                }
                fn next_strip(&mut self) -> Result<Option<Strip<'_>>> {
                    let samples: &'static [u8] = &[0; 20];
                    let rows = PlaneRows::new(samples, 4, 4, self.1)?;
                    let first = !std::mem::replace(&mut self.2, true);
                    Ok(first.then_some(Strip { planes: [rows, PlaneRows::default(), PlaneRows::default()] }))
                }
            }
            assert!(Planes::collect(&mut Wrong(planes, rows, false)).is_err());
        }
    }
}
