//! Writing a pyramid: rows in, files out.

use std::{io::Write, path::Path};

use super::{
    container::Sink,
    describe::description,
    layout::Plan,
    level::{Mean, Pyramid},
    options::{Container, GOOGLE_BLANK, Layout, TileOptions},
};
use crate::{
    codec::{EncodeJob, Encoder, png},
    error::{Error, OutputError, Result},
    files::{OutputFile, OutputTree},
    image::{ColourSpace, Depth, Image, Orientation, PixelFormat, RowSource, Rows, Samples, Spec},
    meta::Metadata,
    ops::orient,
    options::{Bag, Value},
};

/// Names of files that are archives, whatever the options say.
const ARCHIVES: [&str; 2] = [".zip", ".szi"];

/// The name of a pyramid that is made in memory.
const UNNAMED: &str = "untitled";

/// The layout nearest to `format` that the format of the tiles takes.
pub(super) fn accepts(format: PixelFormat, options: &dyn Bag) -> PixelFormat {
    let encoder = TileOptions::read(options).ok().and_then(|tile| tile.encoder().ok());
    // Tiles have no gain maps.
    let format = if format.space == ColourSpace::ScRgb { format.in_space(ColourSpace::Srgb) } else { format };
    encoder.map_or(format, |(_, encoder)| (encoder.accepts)(format, options))
}

/// Writes a pyramid as an archive.
pub(super) fn to_zip(rows: &mut dyn RowSource, job: &EncodeJob<'_>, out: &mut dyn Write) -> Result<()> {
    let options = TileOptions::read(job.options)?;
    let name = if options.basename.is_empty() { UNNAMED } else { &options.basename };
    let sink = Sink::Zip(super::zip::ZipWriter::new(out));
    make(Box::new(Borrowed(rows)), job, &options, name, sink).map_err(|error| error.into_error("zip"))
}

/// Writes a pyramid to a path: into a folder, or as an archive. Gives the size of an archive in bytes, when the file's name says
/// that it is one.
pub(super) fn write(rows: &mut dyn RowSource, job: &EncodeJob<'_>, path: &str) -> Result<Option<u64>> {
    let options = TileOptions::read(job.options)?;
    let file = Path::new(path);
    let name = file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let ends = |suffix: &str| name.to_ascii_lowercase().ends_with(suffix).then(|| name.len() - suffix.len());
    let archive = ARCHIVES.iter().find_map(|suffix| ends(suffix));
    let is_zip = archive.is_some() || options.container == Container::Zip;
    let stem = match (archive, ends(".dz")) {
        (Some(end), _) | (None, Some(end)) => &name[..end],
        (None, None) => &name,
    };
    let stem = if options.basename.is_empty() { stem } else { &options.basename };
    let failed = |error: std::io::Error| Failure::Write(error).into_error(path);
    let rows: Rows<'_> = Box::new(Borrowed(rows));
    if is_zip {
        let mut out = OutputFile::create(file).map_err(failed)?;
        let sink = Sink::Zip(super::zip::ZipWriter::new(&mut out));
        make(rows, job, &options, stem, sink).map_err(|error| error.into_error(path))?;
        let size = out.finish().map_err(failed)?;
        return Ok(archive.map(|_| size));
    }
    // The name may be a path of its own.
    let files = file.parent().unwrap_or(Path::new("")).join(stem);
    let no_name = || failed(std::io::ErrorKind::InvalidInput.into());
    let name = files.file_name().ok_or_else(no_name)?.to_string_lossy();
    let tree = OutputTree::create(files.parent().unwrap_or(Path::new(""))).map_err(failed)?;
    make(rows, job, &options, &name, Sink::Folder(tree)).map_err(|error| error.into_error(path))?;
    Ok(None)
}

/// A source that is lent to the steps before the tiles.
struct Borrowed<'a>(&'a mut dyn RowSource);

impl RowSource for Borrowed<'_> {
    fn spec(&self) -> Spec {
        self.0.spec()
    }

    fn next_row(&mut self, row: crate::image::RowMut<'_>) -> Result<()> {
        self.0.next_row(row)
    }

    fn take_image(&mut self) -> Option<Image> {
        self.0.take_image()
    }
}

enum Failure {
    /// The image could not be made.
    Made(Error),
    /// The system would not take the files.
    Write(std::io::Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Made(error)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Write(error)
    }
}

impl Failure {
    fn into_error(self, path: &str) -> Error {
        match self {
            Failure::Made(error) => error,
            Failure::Write(error) => {
                let text = error.to_string();
                let system = text.split(" (os error").next().unwrap_or(&text);
                OutputError::Write(format!("{path}: unable to write\nsystem error: {system}")).into()
            }
        }
    }
}

/// Turns the image, cuts it up, and writes all files.
fn make(rows: Rows<'_>, job: &EncodeJob<'_>, options: &TileOptions, name: &str, sink: Sink<'_>) -> Result<(), Failure> {
    let mut rows = orient::orient(rows, Orientation::from_angle(options.angle))?;
    let spec = rows.spec();
    let (_, encoder) = options.encoder()?;
    let plan = Plan::new(options, spec.width, spec.height);
    // A tile tells no more than the image was to tell.
    let density = job.metadata.density.filter(|_| job.metadata.exif.is_some());
    let metadata = Metadata { density, page_height: None, pages: None, ..job.metadata.clone() };
    let mut writer = Writer {
        tiles: 0,
        folder: if plan.layout == Layout::DeepZoom { format!("{name}_files") } else { name.to_owned() },
        encoder,
        job: EncodeJob { options: job.options, metadata: &metadata, gain_map: None },
        format: spec.format,
        sink,
    };
    match spec.format.depth {
        Depth::U8 => writer.tiles::<u8>(rows.as_mut(), &plan, options)?,
        Depth::U16 => writer.tiles::<u16>(rows.as_mut(), &plan, options)?,
        Depth::F32 => return Err(Error::Internal("tiles of fractions".into()).into()),
    }
    if let Some((file, text)) = description(&plan, options, name, writer.tiles) {
        writer.sink.add(&file, text.as_bytes())?;
    }
    let folder = if plan.layout == Layout::DeepZoom { format!("{}/", writer.folder) } else { String::new() };
    writer.sink.add(&format!("{folder}vips-properties.xml"), properties(spec).as_bytes())?;
    writer.sink.finish()?;
    Ok(())
}

/// The image's size, for programs that look for it there.
fn properties(spec: Spec) -> String {
    let numbers = [("width", spec.width), ("height", spec.height), ("bands", spec.format.channels() as u32)];
    let property = |(name, value): &(&str, u32)| {
        format!(
            "    <property>\n      <name>{name}</name>\n      <value type=\"gint\">{value}</value>\n    </property>\n"
        )
    };
    format!(
        "<?xml version=\"1.0\"?>\n<image>\n  <properties>\n{}  </properties>\n</image>\n",
        numbers.iter().map(property).collect::<String>()
    )
}

struct Writer<'a, 's> {
    /// Tiles that were written.
    tiles: u64,
    /// Folder of the tiles.
    folder: String,
    encoder: &'static Encoder,
    job: EncodeJob<'a>,
    format: PixelFormat,
    sink: Sink<'s>,
}

impl Writer<'_, '_> {
    /// Cuts all rows into tiles and writes them.
    fn tiles<S: Mean>(&mut self, rows: &mut dyn RowSource, plan: &Plan, options: &TileOptions) -> Result<(), Failure>
    where
        Samples: From<Vec<S>>,
    {
        let spec = rows.spec();
        let background = background::<S>(options, spec.format);
        let skip = match (options.skip_blanks, plan.layout) {
            (threshold, Layout::Google) if threshold < 0 => Some(f64::from(GOOGLE_BLANK)),
            (threshold, _) => (threshold >= 0).then(|| f64::from(threshold)),
        };
        let mut pyramid = Pyramid::new(plan, background.clone(), spec.format.alpha);
        let mut failure = None;
        for _ in 0..spec.height {
            let mut row = bytemuck::allocation::try_zeroed_vec(spec.row_samples())
                .map_err(|()| Error::from(crate::error::LimitError::Memory { bytes: spec.row_samples() as u64 }))?;
            rows.next_samples(&mut row)?;
            pyramid.push(row, &mut |level, column, row, size, samples| {
                if skip.is_some_and(|threshold| is_blank(&samples, &background, threshold)) {
                    return Ok(());
                }
                let name = format!("{}/{}", self.folder, plan.name(level, column, row));
                match self
                    .encoded(size, samples)
                    .map_err(Failure::from)
                    .and_then(|file| Ok(self.sink.add(&name, &file)?))
                {
                    Ok(()) => self.tiles += 1,
                    Err(error) => {
                        failure.get_or_insert(error);
                    }
                }
                Ok(())
            })?;
            if let Some(failure) = failure {
                return Err(failure);
            }
        }
        if plan.layout == Layout::Google {
            let size = (plan.size, plan.size);
            let samples = background.repeat(plan.size as usize * plan.size as usize);
            let image = Image::from_samples(Spec::new(size.0, size.1, self.format), Samples::from(samples))?;
            let encoder = png::CODEC.encoder.as_ref();
            let encoder = encoder.ok_or_else(|| Error::Internal("no encoder for blank tiles".into()))?;
            let mut file = Vec::new();
            let job = EncodeJob { options: &Value::Map(Vec::new()), metadata: &Metadata::default(), gain_map: None };
            (encoder.encode)(&mut image.into_rows(), &job, &mut file)?;
            let name = format!("{}/blank.png", self.folder);
            self.sink.add(&name, &file)?;
        }
        Ok(())
    }

    /// One tile as a file.
    fn encoded<S>(&self, (width, height): (u32, u32), samples: Vec<S>) -> Result<Vec<u8>>
    where
        Samples: From<Vec<S>>,
    {
        let image = Image::from_samples(Spec::new(width, height, self.format), samples.into())?;
        let mut file = Vec::new();
        (self.encoder.encode)(&mut image.into_rows(), &self.job, &mut file)?;
        Ok(file)
    }
}

/// One pixel of the background in the layout of the tiles.
fn background<S: Mean>(options: &TileOptions, format: PixelFormat) -> Vec<S> {
    let scale = format.max() / 255.0;
    let [.., opacity] = options.background;
    let colours = options.background.iter().take(format.space.channels().min(3)).chain([&0.0]);
    let colours = colours.take(format.space.channels());
    let alpha = format.alpha.then_some(&opacity);
    colours.chain(alpha).map(|value| S::truncated((value * scale).round())).collect()
}

/// Whether no sample is further than `threshold` from the background.
fn is_blank<S: Mean>(samples: &[S], background: &[S], threshold: f64) -> bool {
    let near = |(&sample, &blank): (&S, &S)| (sample.into() - blank.into()).abs() <= threshold;
    samples.chunks_exact(background.len()).all(|pixel| pixel.iter().zip(background).all(near))
}
