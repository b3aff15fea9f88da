//! Operations on each frame of an animation by itself.
//!
//! All frames of an animation (or pages of a document) are one image, one below the other. Work that moves pixels or looks at
//! their neighbours has to end at the edge of a frame; [`each`] is the only place where that is taken care of, so that no
//! operation has to know about frames.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::{
    error::{LimitError, Result},
    image::{Image, RowMut, RowSource, Rows, Sample, Samples, Spec, past_the_end},
};

/// What makes the rows of a result from those of one frame.
type Make<'a> = Box<dyn Fn(Rows<'a>) -> Result<Rows<'a>> + Send + 'a>;

/// Runs `make` on each of the `frames` equal parts of `source`, and puts the results below each other. All results have to be
/// of one size. The rows of a frame are read when those of its result are asked for.
///
/// # Errors
/// [`LimitError::Dimensions`] when the results are too high together; whatever `make` and the source give.
pub fn each<'a>(
    source: Rows<'a>,
    frames: u32,
    make: impl Fn(Rows<'a>) -> Result<Rows<'a>> + Send + 'a,
) -> Result<Rows<'a>> {
    if frames <= 1 {
        return make(source);
    }
    let input = source.spec();
    let frame = input.resized(input.width, input.height / frames);
    let source = Arc::new(Mutex::new(Shared { source, next: 0 }));
    let make: Make<'a> = Box::new(make);
    let current = make(Box::new(Frame { source: Arc::clone(&source), spec: frame, end: frame.height }))?;
    let made = current.spec();
    let height = made.height.checked_mul(frames).ok_or_else(|| LimitError::Dimensions {
        width: made.width.into(),
        height: u64::from(made.height) * u64::from(frames),
    })?;
    let spec = made.resized(made.width, height);
    Ok(Box::new(Frames { source, make, frame, spec, made_height: made.height, current: Some((0, current)), next: 0 }))
}

/// The mean of all frames of an image, as one image.
pub fn mean(image: &Image, frames: u32) -> Result<Image> {
    fn average<S: Sample + Into<f64>>(all: &[S], to: &mut [S], from_f64: impl Fn(f64) -> S) -> Result<()> {
        let frames = all.len() / to.len().max(1);
        let mut sums = crate::image::zeroed::<f64>(to.len())?;
        for frame in all.chunks_exact(to.len()) {
            sums.iter_mut().zip(frame).for_each(|(sum, &sample)| *sum += sample.into());
        }
        to.iter_mut().zip(sums).for_each(|(to, sum)| *to = from_f64(sum / frames as f64));
        Ok(())
    }
    let spec = image.spec();
    let mut mean = Image::new(spec.resized(spec.width, spec.height / frames.max(1)))?;
    match (image.samples(), mean.samples_mut()) {
        (Samples::U8(all), RowMut::U8(to)) => average(all, to, |value| value.round() as u8)?,
        (Samples::U16(all), RowMut::U16(to)) => average(all, to, |value| value.round() as u16)?,
        (Samples::F32(all), RowMut::F32(to)) => average(all, to, |value| value as f32)?,
        _ => return Err(crate::image::depth_mismatch()),
    }
    Ok(mean)
}

/// The source of all frames, and how many of its rows were read.
struct Shared<'a> {
    source: Rows<'a>,
    next: u32,
}

impl Shared<'_> {
    fn skip_to(&mut self, row: u32) -> Result<()> {
        let count = row.saturating_sub(self.next);
        self.next += count;
        if count > 0 { self.source.skip_rows(count) } else { Ok(()) }
    }
}

fn lock<'s, 'a>(shared: &'s Mutex<Shared<'a>>) -> MutexGuard<'s, Shared<'a>> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One frame, as an image of its own.
struct Frame<'a> {
    source: Arc<Mutex<Shared<'a>>>,
    spec: Spec,
    /// The row of the source at which the next frame begins.
    end: u32,
}

impl RowSource for Frame<'_> {
    fn spec(&self) -> Spec {
        self.spec
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        let mut shared = lock(&self.source);
        if shared.next >= self.end {
            return Err(past_the_end());
        }
        shared.next += 1;
        shared.source.next_row(row)
    }

    fn skip_rows(&mut self, count: u32) -> Result<()> {
        let mut shared = lock(&self.source);
        let row = shared.next.saturating_add(count).min(self.end);
        shared.skip_to(row)
    }
}

struct Frames<'a> {
    source: Arc<Mutex<Shared<'a>>>,
    make: Make<'a>,
    /// A frame of the source.
    frame: Spec,
    /// All results.
    spec: Spec,
    made_height: u32,
    /// The frame that is being worked on, and the rows of its result.
    current: Option<(u32, Rows<'a>)>,
    /// Next row of all results.
    next: u32,
}

impl<'a> Frames<'a> {
    /// The result of frame `index`, from its first row on unless it is the current one.
    fn result(&mut self, index: u32) -> Result<&mut Rows<'a>> {
        if self.current.as_ref().is_none_or(|(current, _)| *current != index) {
            // Its working memory goes before that of the next is asked for.
            self.current = None;
            lock(&self.source).skip_to(index * self.frame.height)?;
            let end = (index + 1) * self.frame.height;
            let made = (self.make)(Box::new(Frame { source: Arc::clone(&self.source), spec: self.frame, end }))?;
            debug_assert_eq!(made.spec(), self.spec.resized(self.spec.width, self.made_height));
            self.current = Some((index, made));
        }
        self.current.as_mut().map(|(_, rows)| rows).ok_or_else(past_the_end)
    }
}

impl RowSource for Frames<'_> {
    fn spec(&self) -> Spec {
        self.spec
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        if self.next >= self.spec.height {
            return Err(past_the_end());
        }
        let index = self.next / self.made_height;
        self.next += 1;
        self.result(index)?.next_row(row)
    }

    fn skip_rows(&mut self, count: u32) -> Result<()> {
        let to = self.next.saturating_add(count);
        if to < self.spec.height {
            let (from, height) = (self.next, self.made_height);
            let into = to % height;
            let already = if from / height == to / height { from % height } else { 0 };
            if into > already {
                self.result(to / height)?.skip_rows(into - already)?;
            }
        }
        self.next = to;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        image::{
            Orientation, Rect,
            testing::{GREY, grey, image, samples},
        },
        ops::{crop::crop, median::median, orient::orient},
    };

    #[test]
    fn frames_are_turned_one_by_one() {
        let three = || grey(2, 6, (1..=12).collect());
        let flipped = each(three(), 3, |rows| orient(rows, Orientation::FLIP)).unwrap();
        assert_eq!(samples(flipped), [3, 4, 1, 2, 7, 8, 5, 6, 11, 12, 9, 10]);
        let frames = grey(1, 4, vec![1, 2, 3, 4]);
        let turned = each(frames, 2, |rows| orient(rows, Orientation::ROTATE_90)).unwrap();
        assert_eq!((turned.spec().width, turned.spec().height), (2, 2));
        assert_eq!(samples(turned), [2, 1, 4, 3]);
    }

    #[test]
    fn neighbours_end_with_the_frame() {
        let steps = || grey(3, 6, [[0; 9], [200; 9]].concat());
        assert_eq!(samples(each(steps(), 2, |rows| median(rows, 3)).unwrap()), [[0; 9], [200; 9]].concat());
    }

    #[test]
    fn rows_that_are_left_in_a_frame_are_passed_over() {
        let rect = Rect { left: 1, top: 0, width: 1, height: 1 };
        assert_eq!(samples(each(grey(2, 6, (0..12).collect()), 3, |rows| crop(rows, rect)).unwrap()), [1, 5, 9]);
    }

    #[test]
    fn rows_can_be_passed_over() {
        let mut row = [0u8];
        for (skips, expected) in [([1, 3], [1, 5]), ([4, 0], [4, 5]), ([0, 4], [0, 5]), ([2, 1], [2, 4])] {
            let mut rows = each(grey(1, 6, (0..6).collect()), 3, |rows| median(rows, 1)).unwrap();
            for (skip, expected) in skips.into_iter().zip(expected) {
                rows.skip_rows(skip).unwrap();
                rows.next_samples(&mut row).unwrap();
                assert_eq!(row[0], expected, "{skips:?}");
            }
        }
        let mut rows = each(grey(1, 2, vec![1, 2]), 2, Ok).unwrap();
        rows.skip_rows(u32::MAX).unwrap();
        assert!(rows.next_samples(&mut row).is_err());
    }

    #[test]
    fn a_mean_is_of_all_frames() {
        let frames = image(1, 4, GREY, vec![0, 10, 100, 31]);
        assert_eq!(mean(&frames, 2).unwrap().as_slice::<u8>().unwrap(), [50, 21]);
    }
}
