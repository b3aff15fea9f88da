//! Animated PNG: where the frames are in a file. No pixel is decoded. Source: PNG third edition, clauses 4.9 and 11.3.5.

use super::{
    chunks::{self, ChunkError, ChunkReader, Head},
    control::{CONTROL, Control, Disposal, First},
    header::PngHeader,
};
use crate::{
    codec::ReadOptions,
    error::{Error, LimitError, Result},
    options::FailOn,
};

/// One frame.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub(super) control: Control,
    /// Where the first chunk of its data begins in the file.
    pub(super) at: u64,
}

/// The frames of a file.
#[derive(Debug)]
pub(super) struct Animation {
    pub(super) plays: u32,
    /// At least one.
    pub(super) frames: Vec<Frame>,
}

/// Whether frames are asked for, not the image that programs show which know nothing of them.
pub(super) const fn is_asked(options: &ReadOptions) -> bool {
    options.page.is_some() || options.pages != 1
}

impl Animation {
    /// Walks over the chunks from the data of the first IDAT, of `length` bytes, to the end, and comes back to where it
    /// began. An animation with frames missing or damaged is none, and its still image is shown, but where `fail_on` lets
    /// that pass: then it ends with the last good frame. `None` when there is not one.
    pub(super) fn index(
        header: &PngHeader,
        chunks: &mut ChunkReader<'_>,
        length: u32,
        fail_on: FailOn,
    ) -> Result<Option<Self>> {
        let Some(claim) = header.animation else { return Ok(None) };
        let lost = |_| Error::corrupt_pixels("PNG: read error");
        let start = chunks.position().map_err(lost)?;
        let mut found = Self { plays: claim.plays, frames: Vec::new() };
        match header.first {
            First::Unknown => return Ok(None),
            // The default image has the size of the canvas, and so must a frame that it is.
            First::Shown(control) if !control.covers(header.width, header.height) => return Ok(None),
            First::Shown(control) => found.push(control, start - chunks::HEAD)?,
            First::Hidden => {}
        }
        let ended = found.walk(header, chunks, Head { length, name: *b"IDAT" })?;
        let is_whole = ended.is_ok() && found.frames.len() >= claim.frames as usize;
        found.frames.truncate(claim.frames as usize);
        chunks.go_to(start).map_err(lost)?;
        Ok(Some(found).filter(|found| !found.frames.is_empty() && (is_whole || fail_on < FailOn::Truncated)))
    }

    /// The outer error is for want of memory.
    fn walk(
        &mut self,
        header: &PngHeader,
        chunks: &mut ChunkReader<'_>,
        mut head: Head,
    ) -> Result<Result<(), ChunkError>> {
        let mut pending = None;
        loop {
            let step = match &head.name {
                b"IEND" => return Ok(Ok(())),
                b"fcTL" => chunks.data(head, CONTROL).and_then(|(data, intact)| {
                    pending = Control::parse(&data, header.width, header.height).filter(|_| intact);
                    if pending.is_some() { Ok(()) } else { Err(ChunkError::NotAChunk) }
                }),
                name => {
                    if name == b"fdAT"
                        && let Some(control) = pending.take()
                    {
                        let Ok(at) = chunks.position() else { return Ok(Err(ChunkError::Truncated)) };
                        self.push(control, at - chunks::HEAD)?;
                    }
                    chunks.pass(head)
                }
            };
            match step.and_then(|()| chunks.head()) {
                Ok(next) => head = next,
                Err(error) => return Ok(Err(error)),
            }
        }
    }

    fn push(&mut self, control: Control, at: u64) -> Result<()> {
        self.frames
            .try_reserve(1)
            .map_err(|_| LimitError::Memory { bytes: (self.frames.len() as u64 + 1) * size_of::<Frame>() as u64 })?;
        self.frames.push(Frame { control, at });
        Ok(())
    }

    /// The first frame to read and how many; `None` when there are not so many.
    pub(super) fn pages(&self, options: &ReadOptions) -> Option<(u32, u32)> {
        options.pages_of(u32::try_from(self.frames.len()).ok()?)
    }

    /// Whether something of the canvas can be seen through, though the pixels of the file cannot.
    pub(super) fn is_transparent(&self, header: &PngHeader) -> bool {
        let covers = |frame: &Frame| frame.control.covers(header.width, header.height);
        !self.frames.first().is_some_and(covers)
            || self.frames.iter().enumerate().any(|(index, frame)| match frame.control.disposal {
                Disposal::Keep => false,
                Disposal::Clear => true,
                // There is nothing before the first frame.
                Disposal::Previous => index == 0,
            })
    }
}
