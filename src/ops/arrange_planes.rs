//! Turns planes and lays them on a canvas. Both work on planes that are held whole: they come small out of the resampler.

use crate::{
    error::{Error, Result},
    image::{Orientation, PlaneSpec, Planes, PlanesSpec, SampleRange, zeroed},
};

/// The samples of a plane that show the image.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Content {
    pub x: Shown,
    pub y: Shown,
}

/// The same along one axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shown {
    /// The first sample, and how many there are.
    pub first: u32,
    pub count: u32,
    /// How much of the first and of the last sample shows the image, 0 to 1.
    pub cover: [f64; 2],
}

impl Shown {
    /// How much of a sample shows the image, 0 being the first that does.
    fn cover_of(&self, index: usize) -> f64 {
        let last = self.count.saturating_sub(1) as usize;
        match index {
            0 if last == 0 => self.cover[0].min(self.cover[1]),
            0 => self.cover[0],
            _ if index == last => self.cover[1],
            _ => 1.0,
        }
    }
}

/// Turns each plane and lays it on a canvas of the layout `output`, around it a colour given as red, green and blue.
pub fn arrange(
    planes: &Planes,
    turn: Orientation,
    content: &[Content],
    background: Option<[f64; 3]>,
    output: PlanesSpec,
) -> Result<Planes> {
    let colour = ycbcr(background.unwrap_or_default(), output.range);
    let mut samples = Vec::new();
    for ((index, plane), content) in planes.spec().planes().enumerate().zip(content) {
        let size = (plane.width(), plane.height());
        let turned = turned(planes.plane(index), size, turn)?;
        let canvas = output.planes().nth(index).ok_or_else(|| Error::Internal("no such plane".to_owned()))?;
        samples.push(laid(&turned, content, canvas, colour[index])?);
    }
    Planes::from_samples(output, samples)
}

fn turned(samples: &[u8], (width, height): (usize, usize), turn: Orientation) -> Result<Vec<u8>> {
    let mut out = zeroed(samples.len())?;
    let (out_width, out_height) = if turn.transpose { (height, width) } else { (width, height) };
    let flip = |at: usize, length: usize, flips: bool| if flips { length - 1 - at } else { at };
    for (y, row) in out.chunks_exact_mut(out_width.max(1)).enumerate() {
        let y = flip(y, out_height, turn.flip_y);
        if turn.transpose {
            let column = samples[y..].iter().step_by(width);
            if turn.flip_x {
                row.iter_mut().rev().zip(column).for_each(|(to, &sample)| *to = sample);
            } else {
                row.iter_mut().zip(column).for_each(|(to, &sample)| *to = sample);
            }
        } else {
            row.copy_from_slice(&samples[y * width..][..width]);
            if turn.flip_x {
                row.reverse();
            }
        }
    }
    Ok(out)
}

fn laid(samples: &[u8], content: &Content, canvas: &PlaneSpec, colour: f64) -> Result<Vec<u8>> {
    let (width, height) = (canvas.width(), canvas.height());
    let (columns, rows) = (content.x.count as usize, content.y.count as usize);
    let (left, top) = (content.x.first as usize, content.y.first as usize);
    if left + columns > width || top + rows > height || samples.len() != columns * rows {
        return Err(Error::Internal("planes do not fit their canvas".to_owned()));
    }
    let mut out = zeroed(canvas.samples()?)?;
    out.fill(colour.round() as u8);
    for (y, (to, from)) in out.chunks_exact_mut(width).skip(top).zip(samples.chunks_exact(columns.max(1))).enumerate() {
        let to = &mut to[left..left + columns];
        to.copy_from_slice(from);
        let row_cover = content.y.cover_of(y);
        let mut blend = |x: usize| {
            let cover = row_cover * content.x.cover_of(x);
            to[x] = (f64::from(from[x]) * cover + colour * (1.0 - cover)).round() as u8;
        };
        if row_cover < 1.0 {
            (0..columns).for_each(blend);
        } else {
            blend(0);
            blend(columns - 1);
        }
    }
    Ok(out)
}

/// A colour from 0 to 255 in Y, Cb and Cr. Source: ITU-R BT.601.
fn ycbcr([red, green, blue]: [f64; 3], range: SampleRange) -> [f64; 3] {
    let y = 0.299 * red + 0.587 * green + 0.114 * blue;
    let (cb, cr) = ((blue - y) / 1.772, (red - y) / 1.402);
    match range {
        SampleRange::Full => [y, 128.0 + cb, 128.0 + cr],
        SampleRange::Limited => [16.0 + y * 219.0 / 255.0, 128.0 + cb * 224.0 / 255.0, 128.0 + cr * 224.0 / 255.0],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: [f64; 2] = [1.0, 1.0];

    fn grey(width: u32, height: u32) -> PlanesSpec {
        PlanesSpec::subsampled(width, height, SampleRange::Full, true, (1, 1))
    }

    fn shown(first: u32, count: u32, cover: [f64; 2]) -> Shown {
        Shown { first, count, cover }
    }

    #[test]
    fn samples_are_turned_as_pixels_are() {
        let turn = |turn: Orientation| turned(&[1, 2, 3, 4, 5, 6], (3, 2), turn).unwrap();
        assert_eq!(turn(Orientation::IDENTITY), [1, 2, 3, 4, 5, 6]);
        assert_eq!(turn(Orientation::FLIP), [4, 5, 6, 1, 2, 3]);
        assert_eq!(turn(Orientation::FLOP), [3, 2, 1, 6, 5, 4]);
        assert_eq!(turn(Orientation::ROTATE_90), [4, 1, 5, 2, 6, 3]);
        assert_eq!(turn(Orientation::ROTATE_180), [6, 5, 4, 3, 2, 1]);
        assert_eq!(turn(Orientation::ROTATE_270), [3, 6, 2, 5, 1, 4]);
    }

    #[test]
    fn the_colour_is_around_and_mixes_where_a_sample_shows_both() {
        let planes = Planes::from_samples(grey(3, 1), vec![vec![200, 100, 60]]).unwrap();
        let content = [Content { x: shown(1, 3, [0.5, 1.0]), y: shown(0, 1, WHOLE) }];
        let laid = arrange(&planes, Orientation::IDENTITY, &content, Some([100.0; 3]), grey(5, 2)).unwrap();
        assert_eq!(laid.plane(0), [100, 150, 100, 60, 100, 100, 100, 100, 100, 100]);
        let off = [Content { x: shown(3, 3, WHOLE), y: shown(0, 1, WHOLE) }];
        assert!(arrange(&planes, Orientation::IDENTITY, &off, None, grey(5, 2)).is_err());
    }

    #[test]
    fn colours_are_those_of_the_standard() {
        let rounded = |rgb, range| ycbcr(rgb, range).map(|value| value.round() as u8);
        assert_eq!(rounded([255.0, 0.0, 0.0], SampleRange::Full), [76, 85, 255]);
        assert_eq!(rounded([255.0; 3], SampleRange::Limited), [235, 128, 128]);
        assert_eq!(rounded([0.0, 0.0, 255.0], SampleRange::Limited), [41, 240, 110]);
    }
}
