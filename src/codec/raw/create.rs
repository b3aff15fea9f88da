//! Images made from nothing: one colour, or noise.

use super::GaussianNoise;
use crate::{
    error::{ParameterError, Result},
    image::{ColourSpace, Depth, PixelFormat, RowMut, RowSource, Spec, depth_mismatch, past_the_end},
    meta::Metadata,
    options::{Value, invalid},
};

/// What the caller asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateInput {
    pub width: u32,
    pub height: u32,
    /// 3 or 4; with noise also 1 and 2.
    pub channels: u32,
    /// Red, green, blue and alpha, 0 to 255; alpha counts with 4 channels.
    pub background: [f64; 4],
    /// Rows of one frame; `None` when there is only one.
    pub page_height: Option<u32>,
    /// Noise in place of the background: mean and standard deviation, on a scale of 0 to 255.
    pub noise: Option<(f64, f64)>,
}

impl CreateInput {
    /// Size and layout of the rows.
    pub fn spec(&self) -> Result<Spec> {
        let least = if self.noise.is_some() { 1 } else { 3 };
        if !(least..=4).contains(&self.channels) {
            let expected = format!("number between {least} and 4");
            return Err(invalid("create.channels", expected, &Value::from(self.channels)).into());
        }
        if self.width == 0 || self.height == 0 {
            let sentence = "Expected valid width, height and channels to create a new input image";
            return Err(ParameterError::Other(sentence.into()).into());
        }
        let space = if self.channels < 3 { ColourSpace::Grey } else { ColourSpace::Srgb };
        let alpha = self.channels.is_multiple_of(2);
        let spec = Spec::new(self.width, self.height, PixelFormat::new(space, Depth::U8, alpha));
        spec.samples()?;
        Ok(spec)
    }

    /// Frames, when there are several.
    pub fn metadata(&self) -> Metadata {
        super::frames(self.height, self.page_height)
    }

    /// The rows, made one at a time as they are asked for.
    pub fn rows(&self) -> Result<Box<dyn RowSource>> {
        let spec = self.spec()?;
        let fill = match self.noise {
            Some((mean, sigma)) => Fill::Noise(Box::new(GaussianNoise::new(mean, sigma))),
            None => Fill::Colour(self.background.map(|value| value.round() as u8)),
        };
        Ok(Box::new(CreateRows { spec, fill, next: 0 }))
    }
}

enum Fill {
    Colour([u8; 4]),
    Noise(Box<GaussianNoise>),
}

struct CreateRows {
    spec: Spec,
    fill: Fill,
    next: u32,
}

impl RowSource for CreateRows {
    fn spec(&self) -> Spec {
        self.spec
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        if self.next >= self.spec.height {
            return Err(past_the_end());
        }
        let RowMut::U8(samples) = row else {
            return Err(depth_mismatch());
        };
        self.next += 1;
        match &mut self.fill {
            Fill::Noise(noise) => noise.fill(samples),
            Fill::Colour(colour) if self.spec.format.alpha => samples.as_chunks_mut().0.fill(*colour),
            Fill::Colour([r, g, b, _]) => samples.as_chunks_mut().0.fill([*r, *g, *b]),
        }
        Ok(())
    }

    fn skip_rows(&mut self, count: u32) -> Result<()> {
        self.next = self.next.saturating_add(count);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::{Image, Samples};

    fn create(channels: u32) -> CreateInput {
        let background = [10.0, 20.0, 300.0, 128.0];
        CreateInput { width: 2, height: 3, channels, background, page_height: None, noise: None }
    }

    #[test]
    fn one_colour() {
        let image = Image::collect(&mut *create(4).rows().unwrap()).unwrap();
        assert_eq!(image.into_samples(), Samples::U8([10, 20, 255, 128].repeat(6)));
        let image = Image::collect(&mut *create(3).rows().unwrap()).unwrap();
        assert_eq!(image.into_samples(), Samples::U8([10, 20, 255].repeat(6)));
    }

    #[test]
    fn channels_depend_on_noise() {
        let error = create(2).rows().err().unwrap().to_string();
        assert_eq!(error, "Expected number between 3 and 4 for create.channels but received 2 of type number");
        let noise = CreateInput { noise: Some((128.0, 30.0)), ..create(2) };
        let format = noise.spec().unwrap().format;
        assert_eq!((format.space, format.alpha), (ColourSpace::Grey, true));
    }

    #[test]
    fn frames_are_told() {
        let metadata = CreateInput { page_height: Some(1), ..create(3) }.metadata();
        assert_eq!((metadata.pages, metadata.page_height), (Some(3), Some(1)));
    }
}
