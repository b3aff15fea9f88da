//! The blocks of a file: size, palettes, timing, and where the data of each frame is. No pixel is decoded.
//! Source: Graphics Interchange Format, version 89a.

use std::{borrow::Cow, ops::Range};

use crate::{
    codec::{Header, Input, ReadOptions, ShrinkOnLoad},
    error::{Error, LimitError, Origin, Result},
    image::{ColourSpace, Depth, PixelFormat, Spec},
    meta::Metadata,
    options::FailOn,
    warnings::Warnings,
};

/// Red, green and blue.
pub(super) type Colour = [u8; 3];

/// Index widths from here on leave no room for longer codes.
const MAX_CODE_SIZE: u8 = 12;

/// Screens that old programs wrote in place of the image's size: that of the first frame is taken.
const SCREENS: [(u32, u32); 6] = [(640, 480), (640, 512), (800, 600), (1024, 768), (1280, 1024), (1600, 1200)];
/// Longest side of a screen that is believed.
const MAX_SCREEN: u32 = 2048;
/// Hundredths of a second that a frame is shown which does not say.
const USUAL_DELAY: u16 = 10;

/// Whether the bytes begin like a GIF file.
pub(super) fn sniff(start: &[u8]) -> bool {
    start.starts_with(b"GIF8")
}

/// What becomes of a frame before the next one is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Disposal {
    Keep,
    /// Its rectangle is cleared.
    Background,
    /// What was there before comes back.
    Previous,
}

/// One frame.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    /// Position and size in pixels; may reach beyond the canvas.
    pub(super) left: u32,
    pub(super) top: u32,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) interlaced: bool,
    pub(super) disposal: Disposal,
    pub(super) transparent: Option<u8>,
    /// Where its own palette is in the file.
    palette: Option<Range<usize>>,
    /// Width of an index in bits.
    pub(super) code_size: u8,
    /// Where its data blocks begin in the file.
    data: usize,
    /// Hundredths of a second.
    delay: u16,
}

impl Frame {
    const fn pixels(&self) -> u64 {
        self.width as u64 * self.height as u64
    }
}

/// Why the walk over the blocks ended before the trailer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Damage {
    Truncated,
    Invalid,
}

impl Damage {
    const fn text(self) -> &'static str {
        match self {
            Damage::Truncated => "Unexpected end of GIF source data",
            Damage::Invalid => "Invalid frame data",
        }
    }
}

/// A file whose blocks were walked over, and the frames that are asked for.
pub(super) struct File<'a> {
    bytes: Cow<'a, [u8]>,
    origin: Origin,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) alpha: bool,
    palette: Option<Range<usize>>,
    background: u8,
    loop_count: u32,
    pub(super) frames: Vec<Frame>,
    /// First frame to read, and how many.
    pub(super) first: u32,
    pub(super) count: u32,
}

/// Size, layout and metadata.
pub(super) fn header(input: &Input<'_>, options: &ReadOptions) -> Result<Header> {
    let file = File::open(input, options)?;
    let bits = file.frames.iter().filter_map(|frame| frame.palette.as_ref()).chain(&file.palette);
    let bits = bits.map(|range| range.len() as u32 / 3).max().unwrap_or(2).ilog2();
    let has_one_palette = file.frames.iter().all(|frame| frame.palette.is_none());
    let metadata = Metadata {
        progressive: file.frames.iter().any(|frame| frame.interlaced),
        palette: true,
        bits_per_sample: Some(bits as u8),
        pages: Some(file.frames.len() as u32),
        page_height: (file.count > 1).then_some(file.height),
        loop_count: Some(file.loop_count),
        delay: file.frames.iter().map(|frame| u32::from(frame.delay) * 10).collect(),
        background: file.background_colour().map(f64::from).to_vec(),
        colour_table: if has_one_palette { file.global_palette().to_vec() } else { Vec::new() },
        ..Metadata::default()
    };
    Ok(Header { spec: file.spec()?, metadata, shrink: ShrinkOnLoad::None, planes: None })
}

impl<'a> File<'a> {
    pub(super) fn open(input: &'a Input<'_>, options: &ReadOptions) -> Result<Self> {
        let mut file = Self {
            bytes: input.all()?,
            origin: input.origin(),
            width: 0,
            height: 0,
            alpha: false,
            palette: None,
            background: 0,
            loop_count: 1,
            frames: Vec::new(),
            first: 0,
            count: 0,
        };
        let bytes = std::mem::take(&mut file.bytes);
        let mut walk = Walk { bytes: &bytes, at: 0, complete: 0 };
        let end = walk.file(&mut file)?;
        let complete = walk.complete;
        file.bytes = bytes;
        let corrupt = |detail: &str| Error::corrupt_header(input.origin(), format!("{}: {detail}", file.loader()));
        if let Err(damage) = &end {
            // A file that ends behind a whole frame is as good as one with a trailer.
            let borne = match damage {
                Damage::Truncated => options.fail_on < FailOn::Truncated || complete > 0,
                Damage::Invalid => options.fail_on < FailOn::Warning,
            };
            if !borne {
                return Err(corrupt(damage.text()));
            }
        }
        if file.frames.is_empty() {
            return Err(corrupt("no frames in GIF"));
        }
        // What is missing of the only frame is transparent.
        let alpha = complete == 0 || file.frames.iter().any(|frame| frame.transparent.is_some());
        let (first, count) = options.pages_of(file.frames.len() as u32).ok_or_else(|| corrupt("bad page number"))?;
        // Frames behind those that are read are not looked at by others.
        if let Err(damage) = end
            && (complete as u64) < u64::from(first) + u64::from(count)
        {
            Warnings::of_task().push(damage.text());
        }
        (file.alpha, file.first, file.count) = (alpha, first, count);
        // What is beyond the canvas has to be decoded for what is behind it, and is never seen.
        let drawn = file.frames.iter().take(first.saturating_add(count) as usize);
        let beyond: u64 = drawn.map(|frame| frame.pixels() - file.part(frame).pixels()).sum();
        if options.max_pixels > 0 && beyond > options.max_pixels {
            return Err(LimitError::Pixels.into());
        }
        Ok(file)
    }

    /// The part of a frame that is on the canvas, which may be nothing.
    pub(super) fn part(&self, frame: &Frame) -> Frame {
        let width = frame.width.min(self.width.saturating_sub(frame.left));
        let height = frame.height.min(self.height.saturating_sub(frame.top));
        Frame { width, height, ..frame.clone() }
    }

    /// What sharp calls itself in errors.
    const fn loader(&self) -> &'static str {
        match self.origin {
            Origin::Buffer => "gifload_buffer",
            Origin::File => "gifload",
        }
    }

    /// The error for codes that cannot be.
    pub(super) fn bad_frame(&self) -> Error {
        Error::corrupt_pixels(format!("{}: {}", self.loader(), Damage::Invalid.text()))
    }

    /// Layout of the canvas.
    pub(super) const fn canvas(&self) -> Spec {
        Spec::new(self.width, self.height, PixelFormat::new(ColourSpace::Srgb, Depth::U8, self.alpha))
    }

    /// Layout of the frames below each other.
    pub(super) fn spec(&self) -> Result<Spec> {
        let canvas = self.canvas();
        let too_large = || LimitError::Dimensions {
            width: self.width.into(),
            height: u64::from(self.height) * u64::from(self.count),
        };
        Ok(canvas.resized(self.width, self.height.checked_mul(self.count).ok_or_else(too_large)?))
    }

    fn colours(&self, range: &Range<usize>) -> &[Colour] {
        self.bytes.get(range.clone()).unwrap_or_default().as_chunks().0
    }

    /// The file's palette: black and white when it has none.
    fn global_palette(&self) -> &[Colour] {
        self.palette.as_ref().map_or(&[[0; 3], [255; 3]], |range| self.colours(range))
    }

    /// The palette that a frame is drawn with, 1 to 256 colours.
    pub(super) fn palette(&self, frame: &Frame) -> &[Colour] {
        frame.palette.as_ref().map_or_else(|| self.global_palette(), |range| self.colours(range))
    }

    /// The first colour stands in for one that is not there.
    pub(super) fn background_colour(&self) -> Colour {
        let palette = self.global_palette();
        palette.get(usize::from(self.background)).or(palette.first()).copied().unwrap_or_default()
    }

    /// The data blocks of a frame; one that is cut off is left out.
    pub(super) fn blocks(&self, frame: &Frame) -> impl Iterator<Item = &[u8]> {
        let mut at = frame.data;
        std::iter::from_fn(move || {
            let len = usize::from(*self.bytes.get(at)?);
            let block = self.bytes.get(at + 1..at + 1 + len).filter(|block| !block.is_empty())?;
            at += 1 + len;
            Some(block)
        })
    }
}

/// What a graphic control extension says of the frame that follows.
#[derive(Default)]
struct Control {
    disposal: Option<Disposal>,
    transparent: Option<u8>,
    delay: Option<u16>,
}

/// A walk over the blocks.
struct Walk<'b> {
    bytes: &'b [u8],
    at: usize,
    /// Frames whose data ends as it should.
    complete: usize,
}

impl<'b> Walk<'b> {
    fn take(&mut self, len: usize) -> Result<&'b [u8], Damage> {
        let part = self.bytes.get(self.at..self.at.saturating_add(len)).ok_or(Damage::Truncated)?;
        self.at += len;
        Ok(part)
    }

    /// A palette of the size that flags say, if they say that there is one.
    fn palette(&mut self, flags: u8) -> Result<Option<Range<usize>>, Damage> {
        if flags & 0x80 == 0 {
            return Ok(None);
        }
        let start = self.at;
        self.take(3 << ((flags & 7) + 1))?;
        Ok(Some(start..self.at))
    }

    /// The whole file. The outer error is for want of memory.
    fn file(&mut self, file: &mut File<'_>) -> Result<Result<(), Damage>> {
        let mut control = Control::default();
        if let Err(damage) = self.screen(file) {
            return Ok(Err(damage));
        }
        loop {
            let step = match self.bytes.get(self.at) {
                None => Err(Damage::Truncated),
                Some(0x3b) => return Ok(Ok(())),
                Some(0x21) => self.extension(file, &mut control),
                Some(_) => match self.frame(file, &std::mem::take(&mut control)) {
                    Ok(frame) => {
                        file.frames.try_reserve(1).map_err(|_| LimitError::Memory {
                            bytes: (file.frames.len() as u64 + 1) * size_of::<Frame>() as u64,
                        })?;
                        file.frames.push(frame);
                        self.data()
                    }
                    Err(damage) => Err(damage),
                },
            };
            if let Err(damage) = step {
                return Ok(Err(damage));
            }
        }
    }

    /// Signature, version, screen and palette.
    fn screen(&mut self, file: &mut File<'_>) -> Result<(), Damage> {
        let &[_, _, _, _, _, _, w0, w1, h0, h1, flags, background, _] = self.take(13)? else {
            return Err(Damage::Truncated);
        };
        let (width, height) = (u16::from_le_bytes([w0, w1]).into(), u16::from_le_bytes([h0, h1]).into());
        let believed = 1..=MAX_SCREEN;
        let doubtful = SCREENS.contains(&(width, height)) || !believed.contains(&width) || !believed.contains(&height);
        (file.width, file.height) = if doubtful { (1, 1) } else { (width, height) };
        file.background = background;
        file.palette = self.palette(flags)?;
        Ok(())
    }

    fn extension(&mut self, file: &mut File<'_>, control: &mut Control) -> Result<(), Damage> {
        let &[_, label] = self.take(2)? else { return Err(Damage::Truncated) };
        match (label, self.bytes.get(self.at..)) {
            (0xf9, Some([4, flags, d0, d1, transparent, ..])) => {
                control.disposal = match flags >> 2 & 7 {
                    2 => Some(Disposal::Background),
                    // 4 is what some programs write for 3.
                    3 | 4 => Some(Disposal::Previous),
                    _ => None,
                };
                // Once transparent, a frame stays so: a second extension changes the colour.
                if flags & 1 == 1 {
                    control.transparent = Some(*transparent);
                }
                control.delay = Some(u16::from_le_bytes([*d0, *d1]));
            }
            (0xf9, Some([len, ..])) if *len != 4 => return Err(Damage::Invalid),
            (0xff, Some([11, rest @ ..])) => {
                let name = rest.get(..11).ok_or(Damage::Truncated)?;
                if (name == b"NETSCAPE2.0" || name == b"ANIMEXTS1.0")
                    && let Some([3, 1, low, high, ..]) = rest.get(11..)
                {
                    // The number says how often it is shown again.
                    let repeats = u32::from(u16::from_le_bytes([*low, *high]));
                    file.loop_count = if repeats == 0 { 0 } else { repeats + 1 };
                }
            }
            _ => {}
        }
        self.skip_blocks()
    }

    fn skip_blocks(&mut self) -> Result<(), Damage> {
        loop {
            let len = usize::from(self.take(1)?[0]);
            if len == 0 {
                return Ok(());
            }
            self.take(len)?;
        }
    }

    /// The head of a frame, up to its data.
    fn frame(&mut self, file: &mut File<'_>, control: &Control) -> Result<Frame, Damage> {
        let &[mark, l0, l1, t0, t1, w0, w1, h0, h1, flags] = self.take(10)? else { return Err(Damage::Truncated) };
        if mark != 0x2c {
            return Err(Damage::Invalid);
        }
        let u16 = |low, high| u32::from(u16::from_le_bytes([low, high]));
        let (left, top, width, height) = (u16(l0, l1), u16(t0, t1), u16(w0, w1), u16(h0, h1));
        let palette = self.palette(flags)?;
        let code_size = self.take(1)?[0];
        if code_size >= MAX_CODE_SIZE {
            return Err(Damage::Invalid);
        }
        let data = self.at;
        match self.bytes.get(data..) {
            Some([0, ..] | [_, _, ..]) => {}
            _ => return Err(Damage::Truncated),
        }
        // The first frame is never cut off.
        if file.frames.is_empty() {
            file.width = file.width.max(left + width);
            file.height = file.height.max(top + height);
        }
        Ok(Frame {
            left,
            top,
            width,
            height,
            interlaced: flags & 0x40 != 0,
            disposal: control.disposal.unwrap_or(Disposal::Keep),
            transparent: control.transparent,
            palette,
            code_size,
            data,
            delay: control.delay.unwrap_or(USUAL_DELAY),
        })
    }

    /// Passes over the data of a frame.
    fn data(&mut self) -> Result<(), Damage> {
        self.skip_blocks()?;
        self.complete += 1;
        Ok(())
    }
}
/// Where a row of an interlaced frame is in the file: four passes, of every eighth row, the eighths between, the quarters
/// between, the halves between.
pub(super) const fn interlaced(y: u32, height: u32) -> u32 {
    let eighths = height.div_ceil(8);
    let fours = height.saturating_sub(4).div_ceil(8);
    let twos = height.saturating_sub(2).div_ceil(4);
    match y % 8 {
        0 => y / 8,
        4 => eighths + y / 8,
        2 | 6 => eighths + fours + y / 4,
        _ => eighths + fours + twos + y / 2,
    }
}
