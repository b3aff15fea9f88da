//! The RIFF container: size, layout, metadata, and which frames are asked for.

use std::borrow::Cow;

use super::{
    ffi::Demuxer,
    frames::{self, FILE_HEADER, FRAME_HEADER, Frame},
};
use crate::{
    codec::{BRIEF_LEN, Header, Input, Part, ReadOptions, ShrinkOnLoad},
    error::{Error, LimitError, Result},
    image::{ColourSpace, Depth, PixelFormat, Spec},
    meta::{Density, Metadata, exif},
};

/// Longest side of an image; a canvas may claim to be larger, but no frame is.
pub(super) const MAX_SIDE: u32 = 16383;

/// Bytes at the start of a bit stream that say all about it but its pixels; the formats need no more than 10.
const BIT_STREAM_HEADER: usize = 32;

/// Whether the bytes begin like a WebP file.
pub(super) fn sniff(start: &[u8]) -> bool {
    start.starts_with(b"RIFF") && start.get(8..12) == Some(b"WEBP")
}

/// Whether the file is a still image whose chunks are few: profile and metadata stand at either end of the bit stream.
pub(super) fn is_brief(file: &[u8]) -> bool {
    const ANIMATED: u8 = 2;
    match file.get(12..16) {
        Some(b"VP8X") => file.len() <= BRIEF_LEN && file.get(20).is_some_and(|flags| flags & ANIMATED == 0),
        Some(b"VP8 " | b"VP8L") => true,
        _ => false,
    }
}

/// Size, layout and metadata.
pub(super) fn header(input: &Input<'_>, options: &ReadOptions) -> Result<Header> {
    let file = File::of(skeleton(input)?, input, options)?;
    let demuxer = &file.demuxer;
    let exif = demuxer.chunk(b"EXIF");
    let animated = demuxer.is_animated();
    let metadata = Metadata {
        orientation: exif.and_then(exif::orientation),
        // The unit that EXIF states is told, the density never, as the container has none.
        density: exif.and_then(exif::density).map(|density| Density { x: 1.0, y: 1.0, ..density }),
        pages: animated.then_some(file.frames.len() as u32),
        page_height: (file.count > 1).then_some(file.height),
        loop_count: animated.then(|| demuxer.loop_count()),
        delay: file.frames.iter().map(|frame| frame.duration).collect(),
        exif: exif.map(<[u8]>::to_vec),
        icc: demuxer.chunk(b"ICCP").map(<[u8]>::to_vec),
        xmp: demuxer.chunk(b"XMP ").map(<[u8]>::to_vec),
        ..Metadata::default()
    };
    let shrink = if file.can_scale { ShrinkOnLoad::Scale } else { ShrinkOnLoad::None };
    Ok(Header { spec: file.spec(file.width, file.height)?, metadata, shrink, planes: None })
}

/// The file without the pixels: container, bit streams' headers, metadata.
fn skeleton<'a>(input: &'a Input<'_>) -> Result<Cow<'a, [u8]>> {
    let mut is_first = true;
    input.skeleton(|head| {
        if std::mem::take(&mut is_first) {
            return Some(Part { read: FILE_HEADER, skip: 0 });
        }
        let (name, size) = head.split_first_chunk::<4>()?;
        let size = u32::from_le_bytes(size.try_into().ok()?) as usize;
        let (head, padded) = (head.len(), size + size % 2);
        Some(match name {
            // Its chunks are parts of their own.
            b"ANMF" => Part { read: head + FRAME_HEADER.min(padded), skip: 0 },
            b"VP8X" | b"ANIM" | b"ICCP" | b"EXIF" | b"XMP " => Part { read: head + padded, skip: 0 },
            _ => {
                let stream = BIT_STREAM_HEADER.min(padded);
                Part { read: head + stream, skip: padded - stream }
            }
        })
    })
}

/// An opened container and the frames that are asked for.
pub(super) struct File<'a> {
    pub(super) demuxer: Demuxer<'a>,
    /// Size of the canvas in pixels.
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) alpha: bool,
    /// Whether frames can be scaled while they are decoded: not when one covers a part of the canvas only, whose edges
    /// would fall between pixels.
    pub(super) can_scale: bool,
    /// All frames of an animation, none of a still image.
    pub(super) frames: Vec<Frame>,
    /// First frame to read, and how many.
    pub(super) first: u32,
    pub(super) count: u32,
}

impl<'a> File<'a> {
    pub(super) fn open(input: &'a Input<'_>, options: &ReadOptions) -> Result<Self> {
        Self::of(input.all()?, input, options)
    }

    /// The same, of the bytes of `input` or its skeleton.
    fn of(bytes: Cow<'a, [u8]>, input: &Input<'_>, options: &ReadOptions) -> Result<Self> {
        let corrupt = |detail: &str| Error::corrupt_header(input.origin(), detail);
        let demuxer = Demuxer::new(bytes).ok_or_else(|| corrupt("webp: unable to parse image"))?;
        let (width, height) = demuxer.canvas();
        if !(1..=MAX_SIDE).contains(&width) || !(1..=MAX_SIDE).contains(&height) {
            return Err(corrupt("webp: bad image dimensions"));
        }
        if !demuxer.is_animated() {
            // A still image has one page, whatever is asked for.
            let (alpha, can_scale, frames) = (demuxer.has_alpha(), true, Vec::new());
            return Ok(Self { demuxer, width, height, alpha, can_scale, frames, first: 0, count: 1 });
        }
        let frames = frames::index(demuxer.bytes())?;
        let (first, count) = options.pages_of(frames.len() as u32).ok_or_else(|| corrupt("webp: bad page number"))?;
        let can_scale = frames.iter().all(|frame| (frame.width, frame.height) == (width, height));
        let alpha = !can_scale || demuxer.has_alpha() || frames.iter().any(|frame| frame.has_alpha);
        Ok(Self { demuxer, width, height, alpha, can_scale, frames, first, count })
    }

    /// Layout of the frames below each other when one is width × height pixels.
    pub(super) fn spec(&self, width: u32, height: u32) -> Result<Spec> {
        let format = PixelFormat::new(ColourSpace::Srgb, Depth::U8, self.alpha);
        let too_large =
            || LimitError::Dimensions { width: width.into(), height: u64::from(height) * u64::from(self.count) };
        Ok(Spec::new(width, height.checked_mul(self.count).ok_or_else(too_large)?, format))
    }
}
