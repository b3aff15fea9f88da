//! Where the output goes and in which format: resolved once, when the input's format is known.

use super::blocking;
use crate::{
    codec::{self, Codec, Encoder, Form, Header, PlanesEncoder, unwritten},
    error::{LimitError, OperationError, Origin, OutputError, Result},
    image::Spec,
    options::{Bag, OutputOptions},
};

pub(super) struct Destination<'a> {
    pub(super) codec: &'static Codec,
    pub(super) encoder: &'static Encoder,
    /// Path of a file; `None` is memory.
    pub(super) path: Option<String>,
    /// The encoder's options are in it.
    bag: &'a dyn Bag,
}

impl<'a> Destination<'a> {
    /// The format asked for by name, else by the file's ending, else that of the input.
    pub(super) fn resolve(output: &OutputOptions, input: &'static Codec, bag: &'a dyn Bag) -> Result<Self> {
        let path = output.file_out.as_str();
        if let Some(format) = unwritten(&output.format_out, path) {
            (format.check)(bag)?;
            return Err(OperationError::NotYet(format.what).into());
        }
        let codec = match output.format_out.as_str() {
            "input" => {
                codec::by_suffix(path).filter(|codec| codec.encoder.is_some()).or(Some(codec::written_as(input)))
            }
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
        Ok(Self { codec, encoder, path: Some(path).filter(|path| !path.is_empty()).map(str::to_owned), bag })
    }

    /// How planes are written, for formats that can be written from them.
    pub(super) const fn planes(&self) -> Option<&'static PlanesEncoder> {
        self.encoder.planes.as_ref()
    }

    /// Whether the options ask for more than 8 bits of a sample.
    pub(super) fn is_deep(&self) -> bool {
        (self.encoder.is_deep)(self.bag)
    }

    /// Fails when it is forbidden to write this format there.
    pub(super) fn check_blocked(&self) -> Result<()> {
        blocking::check_saver(self.codec, if self.path.is_some() { Origin::File } else { Origin::Buffer })
    }

    /// Refuses an image that the format cannot hold, before any work is done.
    pub(super) fn check_size(&self, header: &Header, spec: &Spec) -> Result<()> {
        if let Some((side, name)) = self.encoder.max_side
            && (spec.width > side || spec.height / header.frames() > side)
        {
            return Err(LimitError::TooLargeForFormat(name).into());
        }
        let samples = spec.samples()?;
        if let Form::Bare(bare) = &self.encoder.form
            && self.path.is_none()
        {
            // The system gives memory that is not touched at once, or not at all.
            let bytes = samples.saturating_mul((bare.depth)(self.bag)?.bytes());
            Vec::<u8>::new().try_reserve_exact(bytes).map_err(|_| LimitError::Memory { bytes: bytes as u64 })?;
        }
        Ok(())
    }
}
