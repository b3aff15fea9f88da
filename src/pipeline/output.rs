//! The end of a pipeline: conversion to a layout that the encoder takes, metadata, encoding, and the report.

use std::{io::Write, path::Path};

use super::{
    Findings, Finished, Inputs, Job, Output, Task,
    destination::Destination,
    report::{Frames, Info},
};
use crate::{
    codec::{DecodedGainMap, EncodeJob, Encoder, Form, Header},
    colour,
    error::{Error, OutputError, Result},
    files::{OutputFile, is_same_file},
    image::{ColourSpace, Depth, Image, PixelFormat, PlaneSource, Row, RowMut, RowSource, Rows, Spec, channels},
    meta::{
        Density, DensityUnit, Metadata,
        exif::{self, Changes},
        photoshop, xmp,
    },
    ops::{extract_channel, flatten},
    options::{Bag, Keep, Options},
};

/// Writes the image and reports about it.
pub(super) fn write(rows: Rows<'_>, task: &Task<'_>, findings: &Findings, finished: Finished) -> Result<Output> {
    let Task { inputs: Inputs { job: &Job { bag, .. }, options, .. }, destination } = *task;
    let encoder = destination.encoder;
    let own_format = rows.spec().format;
    let rows = match own_format.space {
        // A gain map of its own would take the place of the one that is kept.
        ColourSpace::ScRgb if finished.gain_map.is_some() => colour::convert(rows, ColourSpace::Srgb)?,
        _ => rows,
    };
    let rows = fit(first_channel(rows, encoder, options)?, encoder, bag)?;
    let spec = rows.spec();
    let reads_as = |least_alpha| (encoder.reads_as)(spec.format, least_alpha, bag);
    // An alpha channel that is opaque does not get into every file.
    let mut rows = OpacityWatch { rows, least_alpha: u8::MAX, watching: reads_as(0) != reads_as(u8::MAX) };
    let beside = Beside::new(task, spec, finished)?;
    let encode = beside.job(bag);
    let deliver =
        |rows: &mut OpacityWatch<'_>| deliver(destination.path.as_deref(), |out| (encoder.encode)(rows, &encode, out));
    let written = match (&encoder.form, destination.path.as_deref()) {
        (Form::Tree(tree), Some(path)) => Written { data: None, size: (tree.write)(&mut rows, &encode, path)? },
        (Form::Bare(bare), None) => match (bare.collect)(&mut rows, &encode)? {
            Some(data) => Written::in_memory(data),
            None => deliver(&mut rows)?,
        },
        _ => deliver(&mut rows)?,
    };
    let reported = match &encoder.form {
        // The report is about the image, whatever the format of the tiles makes of it.
        Form::Tree(tree) => (own_format.channels(), own_format.alpha && (tree.keeps_alpha)(bag)?),
        _ => {
            let read = reads_as(rows.least_alpha);
            (read.channels(), read.alpha)
        }
    };
    let info = beside.info(task, findings, reported, written.size)?;
    Ok(Output { data: written.data, info })
}

/// Writes planes of an opaque colour image, whose rows would have the layout `spec`, and reports about it.
pub(super) fn write_planes(
    planes: &mut dyn PlaneSource,
    spec: Spec,
    task: &Task<'_>,
    findings: &Findings,
    finished: Finished,
) -> Result<Output> {
    let Task { inputs: Inputs { job: &Job { bag, .. }, .. }, destination } = *task;
    let encoder = destination.planes().ok_or_else(|| Error::Internal("planes for an encoder of rows".to_owned()))?;
    let beside = Beside::new(task, spec, finished)?;
    let encode = beside.job(bag);
    let written = deliver(destination.path.as_deref(), |out| (encoder.encode)(planes, &encode, out))?;
    let info = beside.info(task, findings, (spec.format.channels(), spec.format.alpha), written.size)?;
    Ok(Output { data: written.data, info })
}

/// What is written and reported beside the pixels.
struct Beside {
    spec: Spec,
    metadata: Metadata,
    gain_map: Option<DecodedGainMap>,
    premultiplied: bool,
}

impl Beside {
    /// For pixels of size and layout `spec`. Fails when writing there is forbidden.
    fn new(task: &Task<'_>, spec: Spec, finished: Finished) -> Result<Self> {
        let Finished { premultiplied, icc, gain_map, changed } = finished;
        // A profile for other channels than those that are written would make readers refuse it, or the image.
        let icc = icc.filter(|profile| colour::icc::space(profile) == Some(spec.format.space.channels()));
        let metadata = Metadata { icc, ..metadata(task.inputs.options, &task.inputs.opened.header, &spec, changed)? };
        task.destination.check_blocked()?;
        Ok(Self { spec, metadata, gain_map, premultiplied })
    }

    fn job<'a>(&'a self, options: &'a dyn Bag) -> EncodeJob<'a> {
        EncodeJob { options, metadata: &self.metadata, gain_map: self.gain_map.as_ref() }
    }

    fn info(
        &self,
        task: &Task<'_>,
        findings: &Findings,
        (channels, has_alpha): (usize, bool),
        size: Option<u64>,
    ) -> Result<Info> {
        let Task { inputs: Inputs { job, .. }, destination: Destination { codec, encoder, .. } } = task;
        let depth = match &encoder.form {
            Form::Bare(bare) => Some((bare.depth)(job.bag)?.text()),
            _ => None,
        };
        let frames = self.metadata.page_height.zip(self.metadata.pages);
        Ok(Info {
            format: encoder.reported_as.unwrap_or(codec.id),
            width: self.spec.width,
            height: self.spec.height,
            channels: channels as u32,
            depth,
            premultiplied: self.premultiplied,
            frames: frames.map(|(page_height, pages)| Frames { page_height, pages }),
            has_alpha,
            size,
            ..findings.info()
        })
    }
}

/// An output that was written.
struct Written {
    /// The bytes, when they are in memory.
    data: Option<Vec<u8>>,
    /// Their number, when it is known.
    size: Option<u64>,
}

impl Written {
    fn in_memory(data: Vec<u8>) -> Self {
        Self { size: Some(data.len() as u64), data: Some(data) }
    }
}

/// Rows on their way to an encoder, of which the least opaque pixel is noted where that matters.
struct OpacityWatch<'a> {
    rows: Rows<'a>,
    least_alpha: u8,
    watching: bool,
}

impl OpacityWatch<'_> {
    fn watch(&mut self, row: Row<'_>) {
        let channels = self.rows.spec().format.channels();
        let least = match row {
            Row::U8(samples) => samples.chunks_exact(channels).map(|pixel| pixel[channels - 1]).min(),
            Row::U16(samples) => samples.chunks_exact(channels).map(|pixel| (pixel[channels - 1] >> 8) as u8).min(),
            Row::F32(_) => Some(0),
        };
        self.least_alpha = self.least_alpha.min(least.unwrap_or(u8::MAX));
    }
}

impl RowSource for OpacityWatch<'_> {
    fn spec(&self) -> Spec {
        self.rows.spec()
    }

    fn next_row(&mut self, mut row: RowMut<'_>) -> Result<()> {
        self.rows.next_row(row.reborrow())?;
        if self.watching && self.least_alpha > 0 {
            self.watch(row.as_row());
        }
        Ok(())
    }

    fn take_image(&mut self) -> Option<Image> {
        let image = self.rows.take_image()?;
        if self.watching {
            for y in 0..image.spec().height {
                self.watch(image.row(y));
            }
        }
        Some(image)
    }

    fn whole(&self) -> Option<Row<'_>> {
        // Only raw output asks, which keeps any alpha.
        if self.watching { None } else { self.rows.whole() }
    }
}

/// Encodes to memory, or to a file when there is a path.
fn deliver(path: Option<&str>, encode: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<Written> {
    match path {
        Some(path) => Ok(Written { data: None, size: Some(write_file(path, encode)?) }),
        None => {
            let mut data = Vec::new();
            encode(&mut data)?;
            Ok(Written::in_memory(data))
        }
    }
}

/// Times an animation of `frames` is shown: as its input says, else forever where `pages` were asked for.
fn loop_count(said: Option<u32>, frames: Option<u32>, pages: i32) -> Option<u32> {
    said.or_else(|| frames.filter(|_| pages != 1).map(|_| 0))
}

/// Bare pixels of an image that is grey, or was made grey, are its first channel alone.
fn first_channel<'a>(rows: Rows<'a>, encoder: &Encoder, options: &Options) -> Result<Rows<'a>> {
    let format = rows.spec().format;
    let grey = options.operation.greyscale || (format.space == ColourSpace::Grey && format.alpha);
    if matches!(encoder.form, Form::Bare(_)) && grey && format.channels() > 1 {
        return extract_channel::extract_channel(rows, 0);
    }
    Ok(rows)
}

/// Brings rows to a layout that the encoder takes. Where it has no alpha, colours are laid on black.
fn fit<'a>(rows: Rows<'a>, encoder: &Encoder, bag: &dyn Bag) -> Result<Rows<'a>> {
    let wants = (encoder.accepts)(rows.spec().format, bag);
    if wants.extra == rows.spec().format.extra && wants.extra > 0 {
        return colour::convert(rows, wants.space);
    }
    let had_alpha = rows.spec().format.alpha;
    let mut rows = channels::first_channels(rows)?;
    if !had_alpha && !(encoder.accepts)(rows.spec().format, bag).alpha {
        rows = channels::remove_alpha(rows)?;
    }
    if rows.spec().format.depth == Depth::F32 || rows.spec().format.space == ColourSpace::Hsv {
        rows = colour::convert(rows, wants.space)?;
    }
    let has = rows.spec().format;
    let wants = (encoder.accepts)(has, bag);
    let rows = match (has.alpha, wants.alpha) {
        (true, false) => flatten::flatten(rows, &vec![0.0; has.space.channels()])?,
        (false, true) => channels::ensure_alpha(rows, 1.0)?,
        _ => rows,
    };
    let rows = colour::convert(rows, wants.space)?;
    debug_assert_eq!(rows.spec().format, PixelFormat { ..wants });
    Ok(rows)
}

/// What is written beside the pixels but the ICC profile: density and frames always, blocks as far as they are kept.
fn metadata(options: &Options, header: &Header, spec: &Spec, changed: bool) -> Result<Metadata> {
    let input = &header.metadata;
    let frames = Some(header.frames()).filter(|&frames| frames > 1);
    let output = &options.output;
    let keep = output.keep();
    let density = match output.with_metadata_density {
        per_inch if per_inch > 0.0 => Some(Density {
            unit: input.density.map_or(DensityUnit::Inch, |density| density.unit).or_inch(),
            ..Density::from_inch(per_inch)
        }),
        _ if keep.has(Keep::EXIF) => input.density,
        // The unit is metadata: without it, formats that have to say something say no more than the numbers.
        _ => input.density.map(|density| Density { unit: DensityUnit::Unstated, ..density }),
    };
    let kept = |block: u32, bytes: &Option<Vec<u8>>| bytes.clone().filter(|_| keep.has(block));
    // A thumbnail may show what was cut away.
    let resources = |bytes: &Option<Vec<u8>>| match kept(Keep::IPTC, bytes) {
        Some(bytes) if changed => Some(photoshop::without_thumbnails(&bytes).into_owned()),
        kept => kept,
    };
    let orientation = match u8::try_from(output.with_metadata_orientation) {
        Ok(orientation) if orientation > 0 => orientation,
        // An orientation that was applied to the pixels must not be applied again by who reads them.
        _ if options.input.auto_orient => 1,
        _ => input.orientation.unwrap_or(1),
    };
    let tags = &output.with_exif.0;
    let changes =
        Changes { orientation, width: spec.width, height: spec.height, density, pixels_changed: changed, tags };
    let base = input.exif.as_deref().filter(|_| output.with_exif_merge);
    let exif = keep.has(Keep::EXIF).then(|| exif::rebuild(base, &changes)).transpose()?;
    let xmp = match output.with_xmp.as_str() {
        "" => kept(Keep::XMP, &input.xmp).map(|packet| {
            let turned = options.input.auto_orient || output.with_metadata_orientation > 0;
            let size = changed.then_some((spec.width, spec.height));
            let changes = xmp::Changes { orientation: turned.then_some(orientation), size };
            xmp::rebuild(&packet, &changes).into_owned()
        }),
        text => Some(text.as_bytes().to_vec()).filter(|_| keep.has(Keep::XMP)),
    };
    Ok(Metadata {
        page_height: frames.map(|frames| spec.height / frames),
        pages: frames,
        orientation: Some(orientation),
        loop_count: loop_count(input.loop_count, frames, options.input.pages),
        delay: input.delay.clone(),
        colour_table: input.colour_table.clone(),
        density,
        exif,
        xmp,
        iptc: resources(&input.iptc),
        photoshop: resources(&input.photoshop),
        comments: if keep.has(Keep::OTHER) { input.comments.clone() } else { Vec::new() },
        ..Metadata::default()
    })
}

/// Refuses to write onto the input, by whatever path it is reached.
pub(super) fn check_same_file(options: &Options) -> Result<()> {
    let path = options.output.file_out.as_str();
    match &options.input.file {
        Some(file) if !path.is_empty() && is_same_file(Path::new(file), Path::new(path)) => {
            Err(OutputError::SameFile.into())
        }
        _ => Ok(()),
    }
}

/// Writes a file and gives its size in bytes.
fn write_file(path: &str, encode: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<u64> {
    let mut out =
        OutputFile::create(Path::new(path)).map_err(|error| write_error(path, "unable to open for write", &error))?;
    encode(&mut out)?;
    out.finish().map_err(|error| write_error(path, "unable to write", &error))
}

fn write_error(path: &str, what: &str, error: &std::io::Error) -> Error {
    let text = error.to_string();
    // Rust adds the number to the system's own sentence.
    let system = text.split(" (os error").next().unwrap_or(&text);
    OutputError::Write(format!("{path}: {what}\nsystem error: {system}\n{path}: write error\nsystem error: {system}"))
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_that_were_asked_for_go_on_for_ever() {
        assert_eq!([-1, 2].map(|pages| loop_count(None, Some(2), pages)), [Some(0); 2]);
        assert_eq!(loop_count(Some(7), Some(2), -1), Some(7));
        // One page, and frames of raw pixels of which nobody asked for pages.
        assert_eq!([loop_count(None, None, -1), loop_count(None, Some(2), 1)], [None; 2]);
    }
}
