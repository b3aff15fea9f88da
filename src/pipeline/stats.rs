//! What `stats()` reports. Rows flow once through all that gathers from them.

use serde::Serialize;

use super::{
    Job, open,
    report::{Number, Report},
};
use crate::{
    codec::LoadShrink,
    colour,
    error::{Error, Result},
    image::{ColourSpace, Depth, RowMut, Samples, Spec, aside, map::edit_rows},
    ops::stats::{ChannelStats, Channels, Dominant, Texture},
    options::{InputDescriptor, read_option},
};

/// Reads the pixels as they are in the file, unturned and without colour management, and reports their statistics.
pub fn stats(job: &Job<'_>) -> Result<StatsReport> {
    let descriptor = read_option(job.bag, "input", InputDescriptor::default())?;
    let opened = open::open(&descriptor, job.buffers)?;
    let rows = opened.rows(LoadShrink::None)?;
    let spec = rows.spec();
    let mut channels = Channels::new(spec.format.channels());
    let colours = if spec.format.space.is_grey() { 1 } else { 3 };
    let mut dominant = Dominant::new(colours, spec.format.alpha);
    let mut texture = Texture::new(spec.width);

    let mut y = 0;
    let gather = |row: RowMut<'_>| {
        channels.add(y, &row);
        y += 1;
        Ok(())
    };
    let mut rows = edit_rows(rows, gather)?;
    use ColourSpace::{Cmyk, Grey, Grey16, Rgb16, Srgb};
    if spec.format.space == Cmyk {
        rows = colour::convert(rows, Srgb)?;
    }
    let has_codes = matches!(spec.format.space, Srgb | Rgb16 | Grey | Grey16 | Cmyk);
    let rows = aside::without_extra(rows)?;
    let rows = edit_rows(rows, |row| {
        if has_codes {
            dominant.add(&row);
        }
        Ok(())
    })?;
    // Grey of 16 bits goes by way of light, as sharp's does, which rounds where dropping the low byte does not.
    let rows = if spec.format.space == Grey16 { colour::convert(rows, Rgb16)? } else { rows };
    let mut rows = colour::convert(rows, Grey)?;
    let mut row = Samples::row_of(&rows.spec())?;
    let mut grey = vec![0; spec.width as usize];
    for _ in 0..spec.height {
        rows.next_row(row.all_mut())?;
        let Samples::U8(samples) = &row else { return Err(Error::Internal("grey rows of 8 bits".into())) };
        if spec.format.alpha {
            grey.iter_mut().zip(samples.as_chunks::<2>().0).for_each(|(to, from)| *to = from[0]);
            texture.add(&grey);
        } else {
            texture.add(samples);
        }
    }
    drop(rows);
    if !has_codes {
        // A pass of its own: grey of light or of Lab is not made from codes.
        let mut rows = colour::convert(aside::without_extra(opened.rows(LoadShrink::None)?)?, Srgb)?;
        let mut row = Samples::row_of(&rows.spec())?;
        for _ in 0..spec.height {
            rows.next_row(row.all_mut())?;
            dominant.add(&row.all_mut());
        }
    }
    let (entropy, sharpness) = texture.finish();
    let mut channels = channels.finish();
    // Inks of 16 bits are read by their high bytes.
    if spec.format.depth == Depth::U8 && opened.header.metadata.stored.is_some_and(|stored| stored.depth == "ushort") {
        channels.iter_mut().for_each(|channel| channel.scale(257.0));
    }
    Ok(report(&spec, &channels, entropy, sharpness, dominant.finish()))
}

fn report(spec: &Spec, channels: &[ChannelStats], entropy: f64, sharpness: f64, [r, g, b]: [u32; 3]) -> StatsReport {
    let pixels = f64::from(spec.width) * f64::from(spec.height);
    let alpha = channels.get(spec.format.space.channels()).filter(|_| spec.format.alpha);
    let is_opaque = alpha.is_none_or(|alpha| alpha.min >= spec.format.max());
    // One pixel has no edges.
    let sharpness = if pixels > 1.0 { sharpness } else { 0.0 };
    StatsReport {
        channels: channels.iter().map(|channel| ChannelReport::new(channel, pixels)).collect(),
        is_opaque,
        entropy: entropy.into(),
        sharpness: sharpness.into(),
        dominant: Rgb { r, g, b },
    }
}

/// The public `stats` object.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StatsReport {
    channels: Vec<ChannelReport>,
    is_opaque: bool,
    /// Bits of information in a pixel of the grey image.
    entropy: Number,
    /// Standard deviation of the Laplacian of the grey image.
    sharpness: Number,
    /// The centre of the most frequent cell of the colour histogram.
    dominant: Rgb,
}

#[derive(Debug, Serialize)]
struct Rgb {
    r: u32,
    g: u32,
    b: u32,
}

/// One channel, in the units of its samples; places are in pixels.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ChannelReport {
    min: Number,
    max: Number,
    sum: Number,
    squares_sum: Number,
    mean: Number,
    stdev: Number,
    min_x: u32,
    min_y: u32,
    max_x: u32,
    max_y: u32,
}

impl ChannelReport {
    fn new(channel: &ChannelStats, pixels: f64) -> Self {
        Self {
            min: channel.min.trunc().into(),
            max: channel.max.trunc().into(),
            sum: channel.sum.into(),
            squares_sum: channel.squares_sum.into(),
            mean: channel.mean(pixels).into(),
            stdev: channel.stdev(pixels).into(),
            min_x: channel.min_at.0,
            min_y: channel.min_at.1,
            max_x: channel.max_at.0,
            max_y: channel.max_at.1,
        }
    }
}

impl Report for StatsReport {}
