//! Copies of half the size.

use crate::{
    error::Result,
    image::{Image, PixelFormat, Row, Sample, Spec},
};

/// Takes the rows of an image and makes one of half its width and height, rounded down, by the mean of two by two pixels.
pub(super) struct Halver {
    image: Image,
    /// The row above, when it waits for the one below.
    above: Option<Vec<u8>>,
    next: u32,
}

impl Halver {
    pub(super) fn new(spec: Spec) -> Result<Self> {
        Ok(Self { image: Image::new(spec.resized(spec.width / 2, spec.height / 2))?, above: None, next: 0 })
    }

    /// Takes the next row; a last one without a partner is left out.
    pub(super) fn push(&mut self, row: Row<'_>) {
        let Some(above) = self.above.take() else {
            self.above = Some(row.bytes().to_vec());
            return;
        };
        let spec = self.image.spec();
        if self.next >= spec.height {
            return;
        }
        let (len, y) = (spec.row_samples(), self.next as usize);
        let format = spec.format;
        let halved = match row {
            Row::U8(below) => self.image.as_mut_slice::<u8>().map(|samples| {
                halve(&above, below, &mut samples[y * len..][..len], format);
            }),
            Row::U16(below) => self.image.as_mut_slice::<u16>().map(|samples| {
                let above: Vec<u16> = above.as_chunks().0.iter().map(|bytes| u16::from_ne_bytes(*bytes)).collect();
                halve(&above, below, &mut samples[y * len..][..len], format);
            }),
            Row::F32(below) => self.image.as_mut_slice::<f32>().map(|samples| {
                let above: Vec<f32> = above.as_chunks().0.iter().map(|bytes| f32::from_ne_bytes(*bytes)).collect();
                halve_floats(&above, below, &mut samples[y * len..][..len], format);
            }),
        };
        debug_assert!(halved.is_ok());
        self.next += 1;
    }

    pub(super) fn finish(self) -> Image {
        self.image
    }
}

fn halve<S: Sample + Into<u64> + TryFrom<u64>>(above: &[S], below: &[S], to: &mut [S], format: PixelFormat) {
    let (channels, colours) = (format.channels(), if format.alpha { format.space.channels() } else { 0 });
    let put = |place: &mut S, value: u64| {
        if let Ok(value) = S::try_from(value) {
            *place = value;
        }
    };
    let pairs = above.chunks_exact(2 * channels).zip(below.chunks_exact(2 * channels));
    for (to, (above, below)) in to.chunks_exact_mut(channels).zip(pairs) {
        let four = |channel: usize| {
            [above[channel], above[channel + channels], below[channel], below[channel + channels]].map(Into::into)
        };
        for (channel, to) in to.iter_mut().enumerate().skip(colours) {
            put(to, (four(channel).iter().sum::<u64>() + 2) / 4);
        }
        // Colours count as much as they are seen.
        let weights: [u64; 4] = four(colours);
        let total: u64 = weights.iter().sum();
        for (channel, to) in to[..colours].iter_mut().enumerate() {
            let sum: u64 = four(channel).iter().zip(weights).map(|(value, weight): (&u64, u64)| value * weight).sum();
            put(to, (sum + total / 2).checked_div(total).unwrap_or(0));
        }
    }
}

/// The same of floating point.
fn halve_floats(above: &[f32], below: &[f32], to: &mut [f32], format: PixelFormat) {
    let (channels, colours) = (format.channels(), if format.alpha { format.space.channels() } else { 0 });
    let pairs = above.chunks_exact(2 * channels).zip(below.chunks_exact(2 * channels));
    for (to, (above, below)) in to.chunks_exact_mut(channels).zip(pairs) {
        let four =
            |channel: usize| [above[channel], above[channel + channels], below[channel], below[channel + channels]];
        for (channel, to) in to.iter_mut().enumerate().skip(colours) {
            *to = four(channel).iter().sum::<f32>() / 4.0;
        }
        let weights = four(colours);
        let total: f32 = weights.iter().sum();
        for (channel, to) in to[..colours].iter_mut().enumerate() {
            let sum: f32 = four(channel).iter().zip(weights).map(|(value, weight)| value * weight).sum();
            *to = if total > 0.0 { sum / total } else { 0.0 };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::{ColourSpace, Depth};

    const fn grey(alpha: bool, extra: u16) -> PixelFormat {
        PixelFormat { extra, ..PixelFormat::new(ColourSpace::Grey, Depth::U8, alpha) }
    }

    #[test]
    fn means_are_rounded_and_weighed() {
        let mut to = [0u8; 1];
        halve(&[1, 2], &[3, 4], &mut to, grey(false, 0));
        assert_eq!(to, [3]);
        let mut to = [0u16; 2];
        halve(&[100, 0, 300, 1000], &[100, 0, 100, 0], &mut to, grey(true, 0));
        assert_eq!(to, [300, 250]);
        let mut to = [0.0; 2];
        halve_floats(&[100.0, 0.0, 300.0, 1.0], &[100.0, 0.0, 100.0, 0.0], &mut to, grey(true, 0));
        assert_eq!(to, [300.0, 0.25]);
    }
}
