//! What `stats()` tells. Rows flow once through all that gathers from them.

use super::{Job, open};
use crate::{
    codec::LoadShrink,
    colour,
    error::{Error, Result},
    image::{ColourSpace, Depth, RowMut, Samples, Spec, aside, map::edit_rows},
    ops::stats::{ChannelStats, Channels, Dominant, Texture},
    options::{InputDescriptor, Value, read_option},
};

/// Reads the pixels as they are in the file, unturned and without colour management, and tells their statistics.
pub fn stats(job: &Job<'_>) -> Result<Vec<(&'static str, Value)>> {
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
    Ok(told(&spec, &channels, entropy, sharpness, dominant.finish()))
}

fn told(
    spec: &Spec,
    channels: &[ChannelStats],
    entropy: f64,
    sharpness: f64,
    dominant: [u32; 3],
) -> Vec<(&'static str, Value)> {
    let pixels = f64::from(spec.width) * f64::from(spec.height);
    let alpha = channels.get(spec.format.space.channels()).filter(|_| spec.format.alpha);
    let is_opaque = alpha.is_none_or(|alpha| alpha.min >= spec.format.max());
    // One pixel has no edges.
    let sharpness = if pixels > 1.0 { sharpness } else { 0.0 };
    vec![
        ("channels", Value::List(channels.iter().map(|channel| channel_value(channel, pixels)).collect())),
        ("isOpaque", is_opaque.into()),
        ("entropy", entropy.into()),
        ("sharpness", sharpness.into()),
        ("dominant", map(["r", "g", "b"].into_iter().zip(dominant.map(f64::from)))),
    ]
}

fn channel_value(channel: &ChannelStats, pixels: f64) -> Value {
    map([
        ("min", channel.min.trunc()),
        ("max", channel.max.trunc()),
        ("sum", channel.sum),
        ("squaresSum", channel.squares_sum),
        ("mean", channel.mean(pixels)),
        ("stdev", channel.stdev(pixels)),
        ("minX", channel.min_at.0.into()),
        ("minY", channel.min_at.1.into()),
        ("maxX", channel.max_at.0.into()),
        ("maxY", channel.max_at.1.into()),
    ])
}

fn map(entries: impl IntoIterator<Item = (&'static str, f64)>) -> Value {
    Value::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value.into())).collect())
}
