//! The last stretch: which format, what metadata goes with it, and where it is written.

use std::{io::Write, path::Path};

use super::{Finished, Job, Output, Report, open::Opened};
use crate::{
    codec::{self, Codec, EncodeJob, Encoder, Header, Place, PlanesEncoder, heif, raw, tile, unwritten},
    colour,
    error::{Error, LimitError, OperationError, Origin, OutputError, Result},
    files::{OutputFile, is_same_file},
    image::{ColourSpace, Depth, Image, PixelFormat, PlaneSource, Row, RowMut, RowSource, Rows, Spec, channels},
    meta::{
        Density, DensityUnit, Metadata,
        exif::{self, Changes},
        photoshop, xmp,
    },
    ops::{extract_channel, flatten},
    options::{Bag, Keep, OptionValue, Options, OutputOptions, Value},
    pipeline::blocking,
};

/// Writes the image and tells about it.
pub(super) fn write(
    rows: Rows<'_>,
    opened: &Opened<'_>,
    options: &Options,
    job: &Job<'_>,
    report: &Report,
    finished: Finished,
) -> Result<Output> {
    let Finished { premultiplied, icc, gain_map, changed } = finished;
    let (codec, encoder) = choose(&options.output, opened.codec(), job.bag)?;
    let own_format = rows.spec().format;
    let rows = match rows.spec().format.space {
        // A gain map of its own would take the place of the one that is kept.
        ColourSpace::ScRgb if gain_map.is_some() => colour::convert(rows, ColourSpace::Srgb)?,
        _ => rows,
    };
    let rows = first_channel(rows, codec, options)?;
    let rows = fit(rows, encoder, job)?;
    let spec = rows.spec();
    let reads_as = |least_alpha| (encoder.reads_as)(spec.format, least_alpha, job.bag);
    // An alpha channel that is opaque does not get into every file.
    let mut rows = OpacityWatch { rows, least_alpha: u8::MAX, watching: reads_as(0) != reads_as(u8::MAX) };
    // A profile for other channels than those that are written would make readers refuse it, or the image.
    let icc = icc.filter(|profile| colour::icc::space(profile) == Some(spec.format.space.channels()));
    let metadata = Metadata { icc, ..metadata(options, &opened.header, &spec, changed)? };
    let encode = EncodeJob { options: job.bag, metadata: &metadata, gain_map: gain_map.as_ref() };
    let path = options.output.file_out.as_str();
    blocking::check_saver(codec, if path.is_empty() { Origin::Buffer } else { Origin::File })?;
    if codec.place == Place::Tree {
        let (data, size) = if path.is_empty() {
            let mut data = Vec::new();
            (encoder.encode)(&mut rows, &encode, &mut data)?;
            let size = data.len() as u64;
            (Some(data), Some(size))
        } else {
            (None, tile::write(&mut rows, &encode, path)?.size)
        };
        // Told of the image, whatever the format of the tiles makes of it.
        let alpha = own_format.alpha && tile::TileOptions::read(job.bag)?.format != tile::TileFormat::Jpeg;
        let told = (own_format.channels(), alpha);
        let mut info = info(codec, job, (spec, told), &metadata, report, premultiplied, 0)?;
        info.retain(|(key, _)| *key != "size");
        info.extend(size.map(|size| ("size", (size as f64).into())));
        return Ok(Output { data, info });
    }
    let is_raw_in_memory = codec.id == raw::CODEC.id && path.is_empty();
    let whole = if is_raw_in_memory { raw::collect(&mut rows, &encode)? } else { None };
    let (data, size) = match whole {
        Some(data) => {
            let size = data.len() as u64;
            (Some(data), size)
        }
        None => deliver(path, |out| (encoder.encode)(&mut rows, &encode, out))?,
    };
    let read = reads_as(rows.least_alpha);
    let told = (read.channels(), read.alpha);
    Ok(Output { data, info: info(codec, job, (spec, told), &metadata, report, premultiplied, size)? })
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

/// Encodes to memory, or to a file when there is a path. Returns what is in memory, and the size in bytes.
fn deliver(path: &str, encode: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<(Option<Vec<u8>>, u64)> {
    if !path.is_empty() {
        return Ok((None, write_file(path, encode)?));
    }
    let mut data = Vec::new();
    encode(&mut data)?;
    let size = data.len() as u64;
    Ok((Some(data), size))
}

/// Writes planes of an opaque colour image, whose rows would have the layout `spec`, and reports about it.
pub(super) fn write_planes(
    planes: &mut dyn PlaneSource,
    spec: Spec,
    opened: &Opened<'_>,
    options: &Options,
    job: &Job<'_>,
    report: &Report,
    finished: Finished,
) -> Result<Output> {
    let Finished { premultiplied, icc, gain_map, changed } = finished;
    let (codec, encoder) = choose(&options.output, opened.codec(), job.bag)?;
    let encoder = encoder.planes.as_ref().ok_or_else(|| Error::Internal("planes for an encoder of rows".to_owned()))?;
    let icc = icc.filter(|profile| colour::icc::space(profile) == Some(spec.format.space.channels()));
    let metadata = Metadata { icc, ..metadata(options, &opened.header, &spec, changed)? };
    let encode = EncodeJob { options: job.bag, metadata: &metadata, gain_map: gain_map.as_ref() };
    let path = options.output.file_out.as_str();
    blocking::check_saver(codec, if path.is_empty() { Origin::Buffer } else { Origin::File })?;
    let (data, size) = deliver(path, |out| (encoder.encode)(planes, &encode, out))?;
    let told = (spec.format.channels(), spec.format.alpha);
    Ok(Output { data, info: info(codec, job, (spec, told), &metadata, report, premultiplied, size)? })
}

/// The encoder that the output goes to, when it takes planes.
pub(super) fn planes_encoder(
    options: &Options,
    opened: &Opened<'_>,
    bag: &dyn Bag,
) -> Option<(&'static Encoder, &'static PlanesEncoder)> {
    let (codec, encoder) = choose(&options.output, opened.codec(), bag).ok()?;
    (codec.place != Place::Tree).then_some((encoder, encoder.planes.as_ref()?))
}

/// Whether the output has room for a gain map.
pub(super) fn holds_gain_map(options: &Options, opened: &Opened<'_>, bag: &dyn Bag) -> bool {
    choose(&options.output, opened.codec(), bag).is_ok_and(|(_, encoder)| encoder.gain_map)
}

/// Whether the output has room for more than 8 bits of a sample and was asked to use it.
pub(super) fn writes_deep(options: &Options, opened: &Opened<'_>, bag: &dyn Bag) -> bool {
    let codec = choose(&options.output, opened.codec(), bag).map(|(codec, _)| codec.id);
    codec.is_ok_and(|id| id == heif::CODEC.id) && heif::HeifOptions::read(bag).is_ok_and(|options| options.bitdepth > 8)
}

/// Refuses an image that the format cannot hold, before any work is done.
pub(super) fn check_size(options: &Options, opened: &Opened<'_>, bag: &dyn Bag, spec: &Spec) -> Result<()> {
    let (codec, encoder) = choose(&options.output, opened.codec(), bag)?;
    if let Some((side, name)) = encoder.max_side
        && (spec.width > side || spec.height / opened.header.frames() > side)
    {
        return Err(LimitError::TooLargeForFormat(name).into());
    }
    let samples = spec.samples()?;
    if codec.id == raw::CODEC.id && options.output.file_out.is_empty() {
        // The system gives memory that is not touched at once, or not at all.
        let bytes = samples.saturating_mul(raw::RawOptions::read(bag)?.depth.bytes());
        Vec::<u8>::new().try_reserve_exact(bytes).map_err(|_| LimitError::Memory { bytes: bytes as u64 })?;
    }
    Ok(())
}

/// Times an animation of `frames` is shown: as its input says, else forever where `pages` were asked for.
fn loop_count(said: Option<u32>, frames: Option<u32>, pages: i32) -> Option<u32> {
    said.or_else(|| frames.filter(|_| pages != 1).map(|_| 0))
}

/// The format asked for by name, else by the file's ending, else that of the input.
fn choose(output: &OutputOptions, input: &'static Codec, bag: &dyn Bag) -> Result<(&'static Codec, &'static Encoder)> {
    let path = output.file_out.as_str();
    if let Some(format) = unwritten(&output.format_out, path) {
        (format.check)(bag)?;
        return Err(OperationError::NotYet(format.what).into());
    }
    let codec = match output.format_out.as_str() {
        "input" => codec::by_suffix(path).filter(|codec| codec.encoder.is_some()).or(Some(codec::written_as(input))),
        name => codec::by_name(name),
    };
    let unsupported = || {
        OutputError::UnsupportedFormat(match (path, output.format_out.as_str()) {
            ("", "input") => format!("when trying to match input format of {}", input.id),
            ("", name) => name.to_owned(),
            (path, _) => path.to_owned(),
        })
    };
    let fits = |codec: &&Codec| if path.is_empty() { codec.place.has_memory() } else { codec.place.has_files() };
    let codec = codec.filter(fits).ok_or_else(unsupported)?;
    let encoder = codec.encoder.as_ref().ok_or_else(unsupported)?;
    Ok((codec, encoder))
}

/// Raw pixels of an image that is grey, or was made grey, are its first channel alone.
fn first_channel<'a>(rows: Rows<'a>, codec: &'static Codec, options: &Options) -> Result<Rows<'a>> {
    let format = rows.spec().format;
    let grey = options.operation.greyscale || (format.space == ColourSpace::Grey && format.alpha);
    if codec.id == raw::CODEC.id && grey && format.channels() > 1 {
        return extract_channel::extract_channel(rows, 0);
    }
    Ok(rows)
}

/// Brings rows to a layout that the encoder takes. Where it has no alpha, colours are laid on black.
fn fit<'a>(rows: Rows<'a>, encoder: &Encoder, job: &Job<'_>) -> Result<Rows<'a>> {
    let wants = (encoder.accepts)(rows.spec().format, job.bag);
    if wants.extra == rows.spec().format.extra && wants.extra > 0 {
        return colour::convert(rows, wants.space);
    }
    let had_alpha = rows.spec().format.alpha;
    let mut rows = channels::first_channels(rows)?;
    if !had_alpha && !(encoder.accepts)(rows.spec().format, job.bag).alpha {
        rows = channels::remove_alpha(rows)?;
    }
    if rows.spec().format.depth == Depth::F32 || rows.spec().format.space == ColourSpace::Hsv {
        rows = colour::convert(rows, wants.space)?;
    }
    let has = rows.spec().format;
    let wants = (encoder.accepts)(has, job.bag);
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

fn info(
    codec: &'static Codec,
    job: &Job<'_>,
    (spec, (channels, alpha)): (Spec, (usize, bool)),
    metadata: &Metadata,
    report: &Report,
    premultiplied: bool,
    size: u64,
) -> Result<Vec<(&'static str, Value)>> {
    let mut info: Vec<(&'static str, Value)> = vec![
        ("format", codec.encoder.as_ref().and_then(|encoder| encoder.told_as).unwrap_or(codec.id).into()),
        ("width", spec.width.into()),
        ("height", spec.height.into()),
        ("channels", (channels as u32).into()),
    ];
    if codec.id == raw::CODEC.id {
        info[3].1 = (spec.format.channels() as u32).into();
        info.push(("depth", raw::RawOptions::read(job.bag)?.depth.to_value()));
    }
    info.push(("premultiplied", premultiplied.into()));
    let mut point =
        |keys: [&'static str; 2], (x, y): (f64, f64)| info.extend([(keys[0], x.into()), (keys[1], y.into())]);
    if let Some((x, y)) = report.crop_offset {
        point(["cropOffsetLeft", "cropOffsetTop"], (x as f64, y as f64));
    }
    if let Some((x, y)) = report.attention {
        let place = |at: u32| (f64::from(at) * report.load_factor).trunc();
        point(["attentionX", "attentionY"], (place(x), place(y)));
    }
    if let Some((x, y)) = report.trim_offset {
        point(["trimOffsetLeft", "trimOffsetTop"], (x as f64, y as f64));
    }
    if let Some(dpi) = report.text_dpi {
        info.push(("textAutofitDpi", dpi.into()));
    }
    if let (Some(rows), Some(pages)) = (metadata.page_height, metadata.pages) {
        info.extend([("pageHeight", rows.into()), ("pages", pages.into())]);
    }
    info.push(("hasAlpha", alpha.into()));
    info.push(("size", (size as f64).into()));
    Ok(info)
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
