//! The last stretch: which format, what metadata goes with it, and where it is written.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

use super::{Job, Output, Report, open::Opened};
use crate::{
    api::{OptionValue, Options, OutputOptions, Value},
    codec::{self, Codec, EncodeJob, Encoder, Header, Keep, raw},
    colour,
    error::{Error, LimitError, OutputError, Result},
    image::{PixelFormat, Spec},
    meta::{
        Density, DensityUnit, Metadata,
        exif::{self, Changes},
    },
    ops::{Rows, channels, flatten},
};

/// Writes the picture and tells about it.
pub(super) fn write(
    rows: Rows<'_>,
    opened: &Opened<'_>,
    options: &Options,
    job: &Job<'_>,
    report: &Report,
    premultiplied: bool,
    icc: Option<Vec<u8>>,
) -> Result<Output> {
    let (codec, encoder) = choose(&options.output, opened.codec())?;
    let mut rows = fit(rows, encoder, job)?;
    let spec = rows.spec();
    // A profile for other channels than those that are written would make readers refuse it, or the picture.
    let icc = icc.filter(|profile| colour::icc::space(profile) == Some(spec.format.space.channels()));
    let metadata = Metadata { icc, ..metadata(options, &opened.header, &spec)? };
    if let Some((side, name)) = encoder.max_side
        && (spec.width > side || metadata.page_height.unwrap_or(spec.height) > side)
    {
        return Err(LimitError::TooLargeForFormat(name).into());
    }
    let encode = EncodeJob { options: job.bag, metadata: &metadata };
    let path = options.output.file_out.as_str();
    let (data, size) = if path.is_empty() {
        let mut data = Vec::new();
        (encoder.encode)(rows.as_mut(), &encode, &mut data)?;
        let size = data.len() as u64;
        (Some(data), size)
    } else {
        (None, write_file(path, |out| (encoder.encode)(rows.as_mut(), &encode, out))?)
    };
    Ok(Output { data, info: info(codec, job, spec, &metadata, report, premultiplied, size)? })
}

/// The format asked for by name, else by the file's ending, else that of the input.
fn choose(output: &OutputOptions, input: &'static Codec) -> Result<(&'static Codec, &'static Encoder)> {
    let path = output.file_out.as_str();
    let codec = match output.format_out.as_str() {
        "input" => codec::by_suffix(path).or(Some(input)),
        name => codec::by_name(name),
    };
    let unsupported = || {
        OutputError::UnsupportedFormat(match (path, output.format_out.as_str()) {
            ("", "input") => format!("when trying to match input format of {}", input.id),
            ("", name) => name.to_owned(),
            (path, _) => path.to_owned(),
        })
    };
    let codec = codec.filter(|codec| path.is_empty() || !codec.suffixes.is_empty()).ok_or_else(unsupported)?;
    let encoder = codec.encoder.as_ref().ok_or_else(unsupported)?;
    Ok((codec, encoder))
}

/// Brings rows to a layout that the encoder takes. Where it has no alpha, colours are laid on black.
fn fit<'a>(rows: Rows<'a>, encoder: &Encoder, job: &Job<'_>) -> Result<Rows<'a>> {
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
fn metadata(options: &Options, header: &Header, spec: &Spec) -> Result<Metadata> {
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
    let orientation = match u8::try_from(output.with_metadata_orientation) {
        Ok(orientation) if orientation > 0 => orientation,
        // An orientation that was applied to the pixels must not be applied again by who reads them.
        _ if options.input.auto_orient => 1,
        _ => input.orientation.unwrap_or(1),
    };
    let tags = &output.with_exif.0;
    let changes = Changes { orientation, width: spec.width, height: spec.height, density, tags };
    let base = input.exif.as_deref().filter(|_| output.with_exif_merge);
    let exif = keep.has(Keep::EXIF).then(|| exif::rebuild(base, &changes)).transpose()?;
    let xmp = match output.with_xmp.as_str() {
        "" => kept(Keep::XMP, &input.xmp),
        text => Some(text.as_bytes().to_vec()).filter(|_| keep.has(Keep::XMP)),
    };
    Ok(Metadata {
        page_height: frames.map(|frames| spec.height / frames),
        pages: frames,
        orientation: Some(orientation),
        loop_count: input.loop_count,
        delay: input.delay.clone(),
        density,
        exif,
        xmp,
        iptc: kept(Keep::IPTC, &input.iptc),
        comments: if keep.has(Keep::OTHER) { input.comments.clone() } else { Vec::new() },
        ..Metadata::default()
    })
}

/// Writes a file through a buffer and gives its size in bytes.
fn write_file(path: &str, encode: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<u64> {
    let file = File::create(path).map_err(|error| write_error(path, "unable to open for write", &error))?;
    let mut out = BufWriter::new(file);
    encode(&mut out)?;
    out.flush().map_err(|error| write_error(path, "unable to write", &error))?;
    Ok(Path::new(path).metadata().map_or(0, |metadata| metadata.len()))
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
    spec: Spec,
    metadata: &Metadata,
    report: &Report,
    premultiplied: bool,
    size: u64,
) -> Result<Vec<(&'static str, Value)>> {
    let mut info: Vec<(&'static str, Value)> = vec![
        ("format", codec.id.into()),
        ("width", spec.width.into()),
        ("height", spec.height.into()),
        ("channels", (spec.format.channels() as u32).into()),
    ];
    if codec.id == raw::CODEC.id {
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
    if let (Some(rows), Some(pages)) = (metadata.page_height, metadata.pages) {
        info.extend([("pageHeight", rows.into()), ("pages", pages.into())]);
    }
    info.push(("hasAlpha", spec.format.alpha.into()));
    info.push(("size", (size as f64).into()));
    Ok(info)
}
