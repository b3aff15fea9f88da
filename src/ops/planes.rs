//! One channel after another, for operations that know grey and colour only.

use crate::{
    error::Result,
    image::{ColourSpace, Image, PixelFormat, RowMut, RowSource, Rows, Samples, Spec},
};

/// `source` with `operate` done to each channel as a grey image of its own; all must come out in one size. Holds the whole
/// image.
pub(super) fn each<'a>(
    mut source: Rows<'_>,
    operate: impl Fn(Rows<'a>, usize) -> Result<Rows<'a>>,
) -> Result<Rows<'a>> {
    let image = Image::collect(source.as_mut())?;
    let format = image.spec().format;
    let planes = (0..format.channels()).map(|channel| operate(Box::new(plane(&image, channel)?.into_rows()), channel));
    let planes = planes.collect::<Result<Vec<_>>>()?;
    let size = planes.first().map_or(image.spec(), |plane| plane.spec());
    let scratch = Samples::row_of(&size)?;
    Ok(Box::new(Planes { planes, scratch, spec: size.with_format(format) }))
}

/// One channel as a grey image.
fn plane(image: &Image, channel: usize) -> Result<Image> {
    let spec = image.spec();
    let space = if spec.format.space.is_16_bit() { ColourSpace::Grey16 } else { ColourSpace::Grey };
    let mut plane = Image::new(spec.with_format(PixelFormat::new(space, spec.format.depth, false)))?;
    let channels = spec.format.channels();
    for y in 0..spec.height {
        let from = image.row(y);
        let mut to = plane.row_mut(y);
        (0..spec.width as usize).for_each(|x| to.set(x, from.get(x * channels + channel)));
    }
    Ok(plane)
}

struct Planes<'a> {
    planes: Vec<Rows<'a>>,
    scratch: Samples,
    spec: Spec,
}

impl RowSource for Planes<'_> {
    fn spec(&self) -> Spec {
        self.spec
    }

    fn next_row(&mut self, mut row: RowMut<'_>) -> Result<()> {
        let channels = self.planes.len();
        for (channel, plane) in self.planes.iter_mut().enumerate() {
            plane.next_row(self.scratch.all_mut())?;
            let from = self.scratch.all();
            (0..self.spec.width as usize).for_each(|x| row.set(x * channels + channel, from.get(x)));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        image::testing::{RGBA, image, samples},
        ops::negate,
    };

    #[test]
    fn every_channel_is_worked_on_by_itself() {
        let picture = image(2, 1, RGBA, vec![1, 2, 3, 4, 5, 6, 7, 8]);
        let first =
            each(
                Box::new(picture.into_rows()),
                |rows, channel| {
                    if channel == 0 { negate::negate(rows, true) } else { Ok(rows) }
                },
            );
        assert_eq!(samples(first.unwrap()), [254, 2, 3, 4, 250, 6, 7, 8]);
    }
}
