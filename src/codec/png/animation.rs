//! Animated PNG: where the frames are in a file. No pixel is decoded. Source: PNG third edition, clauses 4.9 and 11.3.5.

use super::{
    chunks::{self, ChunkError, ChunkReader, Head},
    header::PngHeader,
};
use crate::{
    codec::ReadOptions,
    error::{Error, LimitError, Result},
    options::FailOn,
};

/// Bytes of an fcTL chunk.
const CONTROL: usize = 26;

/// What becomes of a frame's rectangle before the next frame is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Disposal {
    Keep,
    /// It becomes transparent.
    Clear,
    /// What was there before comes back.
    Previous,
}

/// What an fcTL chunk says of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Control {
    /// Size and position on the canvas in pixels; the frame is within it.
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) left: u32,
    pub(super) top: u32,
    /// Milliseconds.
    pub(super) delay: u32,
    pub(super) disposal: Disposal,
    /// Whether the frame is laid over what is there, or replaces it.
    pub(super) over: bool,
}

impl Control {
    /// `None` when it is damaged, or does not fit on a canvas of `width` × `height` pixels.
    pub(super) fn parse(data: &[u8], width: u32, height: u32) -> Option<Self> {
        let data: &[u8; CONTROL] = data.try_into().ok()?;
        let u32_at = |at: usize| u32::from_be_bytes([data[at], data[at + 1], data[at + 2], data[at + 3]]);
        let u16_at = |at: usize| u32::from(u16::from_be_bytes([data[at], data[at + 1]]));
        // A denominator of 0 stands for hundredths.
        let (number, parts) = (u16_at(20), if u16_at(22) == 0 { 100 } else { u16_at(22) });
        let control = Self {
            width: u32_at(4),
            height: u32_at(8),
            left: u32_at(12),
            top: u32_at(16),
            delay: (number * 1000 + parts / 2) / parts,
            disposal: match data[24] {
                0 => Disposal::Keep,
                1 => Disposal::Clear,
                2 => Disposal::Previous,
                _ => return None,
            },
            over: match data[25] {
                0 => false,
                1 => true,
                _ => return None,
            },
        };
        let fits = |at: u32, size: u32, side: u32| size > 0 && at.checked_add(size).is_some_and(|end| end <= side);
        let valid = fits(control.left, control.width, width) && fits(control.top, control.height, height);
        valid.then_some(control)
    }

    /// The bytes of the chunk with this number. Delays are at most 65535 milliseconds.
    pub(super) fn to_bytes(self, sequence: u32) -> Vec<u8> {
        let numbers = [sequence, self.width, self.height, self.left, self.top];
        let mut data: Vec<u8> = numbers.into_iter().flat_map(u32::to_be_bytes).collect();
        data.extend((self.delay.min(u16::MAX.into()) as u16).to_be_bytes());
        data.extend(1000u16.to_be_bytes());
        let disposal = match self.disposal {
            Disposal::Keep => 0,
            Disposal::Clear => 1,
            Disposal::Previous => 2,
        };
        data.extend([disposal, u8::from(self.over)]);
        data
    }

    /// Whether the frame covers all of a canvas.
    pub(super) const fn covers(&self, width: u32, height: u32) -> bool {
        self.width == width && self.height == height
    }
}

/// What stands before the pixels of the default image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum First {
    /// Nothing: it is no part of the animation.
    Hidden,
    /// It is the first frame.
    Shown(Control),
    /// Something damaged.
    Unknown,
}

/// What acTL says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Claim {
    /// Frames there are said to be, at least 1.
    frames: u32,
    /// Times the animation is shown, 0 is forever.
    plays: u32,
}

impl Claim {
    pub(super) fn parse(data: &[u8]) -> Option<Self> {
        let &[f0, f1, f2, f3, p0, p1, p2, p3] = data else { return None };
        let (frames, plays) = (u32::from_be_bytes([f0, f1, f2, f3]), u32::from_be_bytes([p0, p1, p2, p3]));
        (frames > 0).then_some(Self { frames, plays })
    }

    /// The bytes of the chunk.
    pub(super) fn bytes(frames: u32, plays: u32) -> [u8; 8] {
        let mut data = [0; 8];
        data[..4].copy_from_slice(&frames.to_be_bytes());
        data[4..].copy_from_slice(&plays.to_be_bytes());
        data
    }
}

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
