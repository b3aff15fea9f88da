//! The header of a file: size, layout, palette, metadata. Chunks behind the pixels are never looked at.

use super::{
    MAX_SIDE,
    chunks::{self, ChunkError, ChunkReader, Head},
    control::{Claim, Control, First},
    profile,
};
use crate::{
    codec::{Input, ReadOptions},
    colour::icc::coded,
    error::{Error, Result},
    image::{ColourSpace, Depth, PixelFormat, Spec},
    meta::{Density, DensityUnit, Metadata, exif},
};

/// Largest metadata block, as stored and as inflated, in bytes.
const MAX_BLOCK: usize = 32 << 20;

/// Largest metadata block when limits are lifted, in bytes.
const MAX_BLOCK_UNLIMITED: usize = 1 << 30;

/// Bytes that all metadata blocks of a file may have together, in blocks of the largest size.
const MAX_BLOCKS: usize = 2;

/// Text chunks that are kept.
const MAX_TEXTS: usize = 50;

/// The keyword of a text chunk that holds XMP.
pub(super) const XMP_KEYWORD: &str = "XML:com.adobe.xmp";

/// Pixels per inch when the file does not say.
const DEFAULT_DPI: f64 = 72.0;

/// Kind of a pixel, the colour type of IHDR.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ColourType {
    Grey,
    Rgb,
    Palette,
    GreyAlpha,
    Rgba,
}

impl ColourType {
    fn new(code: u8) -> Option<Self> {
        Some(match code {
            0 => Self::Grey,
            2 => Self::Rgb,
            3 => Self::Palette,
            4 => Self::GreyAlpha,
            6 => Self::Rgba,
            _ => return None,
        })
    }

    /// Samples per pixel in the file.
    pub(super) const fn samples(self) -> usize {
        match self {
            Self::Grey | Self::Palette => 1,
            Self::GreyAlpha => 2,
            Self::Rgb => 3,
            Self::Rgba => 4,
        }
    }

    const fn is_grey(self) -> bool {
        matches!(self, Self::Grey | Self::GreyAlpha)
    }

    fn allows(self, bit_depth: u8) -> bool {
        match self {
            Self::Grey => matches!(bit_depth, 1 | 2 | 4 | 8 | 16),
            Self::Palette => matches!(bit_depth, 1 | 2 | 4 | 8),
            _ => matches!(bit_depth, 8 | 16),
        }
    }
}

/// What tRNS says.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Transparency {
    None,
    /// Pixels of exactly this value are transparent; one sample for grey, three for colour.
    Key([u16; 3]),
    /// Alpha of the first palette entries.
    Palette(Vec<u8>),
}

/// The header as the decoder needs it.
#[derive(Debug, Clone)]
pub(super) struct PngHeader {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) bit_depth: u8,
    pub(super) colour: ColourType,
    pub(super) interlaced: bool,
    /// Written by Apple's tools for their own: no checksum behind the pixels, blue first, and colours multiplied by alpha.
    pub(super) apple: bool,
    /// Red, green and blue of each entry.
    pub(super) palette: Vec<u8>,
    pub(super) transparency: Transparency,
    pub(super) metadata: Metadata,
    /// The first chunk that decoding cannot do without and whose checksum is wrong.
    pub(super) damaged: Option<&'static str>,
    /// What is said of an animation.
    pub(super) animation: Option<Claim>,
    /// What the default image is in it.
    pub(super) first: First,
}

impl PngHeader {
    /// Size and layout that decoding gives: bits below 8 are widened, palettes and keys are resolved.
    pub(super) fn spec(&self) -> Spec {
        let (depth, wide) = if self.bit_depth == 16 { (Depth::U16, true) } else { (Depth::U8, false) };
        let space = match (self.colour.is_grey(), wide) {
            (true, false) => ColourSpace::Grey,
            (true, true) => ColourSpace::Grey16,
            (false, false) => ColourSpace::Srgb,
            (false, true) => ColourSpace::Rgb16,
        };
        let alpha =
            matches!(self.colour, ColourType::GreyAlpha | ColourType::Rgba) || self.transparency != Transparency::None;
        Spec::new(self.width, self.height, PixelFormat::new(space, depth, alpha))
    }

    /// Bits of one pixel in the file.
    pub(super) const fn bits_per_pixel(&self) -> usize {
        self.colour.samples() * self.bit_depth as usize
    }

    /// Bytes of a row of `width` pixels in the file, without the filter type.
    pub(super) const fn row_bytes(&self, width: u32) -> usize {
        (width as usize * self.bits_per_pixel()).div_ceil(8)
    }
}

/// Reads up to the first IDAT chunk; the reader stands at its data, whose length is given.
pub(super) fn open<'a>(input: &'a Input<'a>, options: &ReadOptions) -> Result<(PngHeader, (ChunkReader<'a>, u32))> {
    let corrupt = |detail: &str| Error::corrupt_header(input.origin(), detail);
    let mut chunks = ChunkReader::new(input.reader()?).ok_or_else(|| corrupt("no PNG signature"))?;
    let limit = if options.unlimited { MAX_BLOCK_UNLIMITED } else { MAX_BLOCK };
    let parsed = Parser::start(&mut chunks, limit).and_then(|mut parser| {
        loop {
            let head = chunks.head()?;
            if &head.name == b"IDAT" {
                return parser.finish().map(|header| (header, head.length));
            }
            parser.chunk(&mut chunks, head)?;
        }
    });
    match parsed {
        Ok((header, length)) => Ok((header, (chunks, length))),
        Err(Damage(detail)) => Err(corrupt(detail)),
    }
}

/// Why the header cannot be used.
struct Damage(&'static str);

impl From<ChunkError> for Damage {
    fn from(error: ChunkError) -> Self {
        Damage(match error {
            ChunkError::Truncated => "",
            ChunkError::NotAChunk => "invalid chunk",
        })
    }
}

/// The header while it is being read.
struct Parser {
    header: PngHeader,
    limit: usize,
    /// Bytes of metadata that may still be inflated or kept.
    budget: usize,
    has_density: bool,
}

impl Parser {
    fn start(chunks: &mut ChunkReader<'_>, limit: usize) -> Result<Self, Damage> {
        let mut head = chunks.head()?;
        let apple = &head.name == b"CgBI";
        if apple {
            chunks.skip(head)?;
            head = chunks.head()?;
        }
        if &head.name != b"IHDR" || head.length != 13 {
            return Err(Damage("IHDR is missing"));
        }
        let (data, intact) = chunks.data(head, 13)?;
        let invalid = Damage("invalid IHDR");
        let [w0, w1, w2, w3, h0, h1, h2, h3, bit_depth, colour, compression, filter, interlace] = data[..] else {
            return Err(invalid);
        };
        let (width, height) = (u32::from_be_bytes([w0, w1, w2, w3]), u32::from_be_bytes([h0, h1, h2, h3]));
        let colour = ColourType::new(colour).filter(|colour| colour.allows(bit_depth));
        let sides = 1..=MAX_SIDE;
        let valid = sides.contains(&width) && sides.contains(&height);
        let (Some(colour), true, (0, 0, 0 | 1)) = (colour, valid, (compression, filter, interlace)) else {
            return Err(invalid);
        };
        let density = DEFAULT_DPI / 25.4;
        let metadata = Metadata {
            density: Some(Density { x: density, y: density, unit: DensityUnit::Unstated }),
            progressive: interlace == 1,
            palette: colour == ColourType::Palette,
            bits_per_sample: Some(bit_depth),
            ..Metadata::default()
        };
        let header = PngHeader {
            width,
            height,
            bit_depth,
            colour,
            interlaced: interlace == 1,
            apple,
            palette: Vec::new(),
            transparency: Transparency::None,
            metadata,
            damaged: (!intact).then_some("IHDR"),
            animation: None,
            first: First::Hidden,
        };
        Ok(Self { header, limit, budget: limit.saturating_mul(MAX_BLOCKS), has_density: false })
    }

    /// One chunk between IHDR and IDAT.
    fn chunk(&mut self, chunks: &mut ChunkReader<'_>, head: Head) -> Result<(), Damage> {
        let known = matches!(
            &head.name,
            b"PLTE"
                | b"tRNS"
                | b"bKGD"
                | b"pHYs"
                | b"eXIf"
                | b"iCCP"
                | b"cICP"
                | b"tEXt"
                | b"zTXt"
                | b"iTXt"
                | b"acTL"
                | b"fcTL"
        );
        if !known {
            return if head.is_ancillary() { Ok(chunks.skip(head)?) } else { Err(Damage("unknown critical chunk")) };
        }
        let (data, intact) = chunks.data(head, self.limit.min(self.budget))?;
        if &head.name == b"PLTE" {
            return self.palette(data, intact);
        }
        if &head.name == b"fcTL" {
            let control = Control::parse(&data, self.header.width, self.header.height).filter(|_| intact);
            self.header.first = control.map_or(First::Unknown, First::Shown);
        }
        if !intact {
            return Ok(());
        }
        let metadata = &mut self.header.metadata;
        match &head.name {
            b"tRNS" => self.transparency(data),
            b"bKGD" => self.background(&data),
            b"pHYs" => self.density(&data),
            b"eXIf" if data.starts_with(b"II") || data.starts_with(b"MM") => {
                self.budget -= data.len();
                metadata.orientation = exif::orientation(&data);
                // Before that of pHYs, whichever comes first.
                if let Some(density) = exif::density(&data) {
                    metadata.density = Some(density);
                    self.has_density = true;
                }
                metadata.exif = Some(data);
            }
            b"cICP" => self.coded(&data),
            b"iCCP" if metadata.icc.is_none() && self.header.palette.is_empty() => self.profile(&data),
            b"tEXt" | b"zTXt" | b"iTXt" => self.text(head.name, &data),
            b"acTL" => self.header.animation = Claim::parse(&data),
            _ => {}
        }
        Ok(())
    }

    fn palette(&mut self, mut data: Vec<u8>, intact: bool) -> Result<(), Damage> {
        if self.header.colour != ColourType::Palette {
            return Ok(());
        }
        if data.is_empty() || !data.len().is_multiple_of(3) || data.len() > 256 * 3 {
            return Err(Damage("invalid PLTE"));
        }
        data.truncate(3 << self.header.bit_depth);
        self.header.palette = data;
        if !intact {
            self.header.damaged.get_or_insert("PLTE");
        }
        Ok(())
    }

    /// A tRNS chunk that does not fit the colour type is passed over, as if it were not there.
    fn transparency(&mut self, data: Vec<u8>) {
        let sample = |at: usize| u16::from_be_bytes([data[at], data[at + 1]]);
        // Bits above the depth must be clear for a pixel to match, and are not looked at.
        let mask = if self.header.bit_depth == 16 { u16::MAX } else { (1 << self.header.bit_depth) - 1 };
        self.header.transparency = match (self.header.colour, data.len()) {
            (ColourType::Grey, 2) => Transparency::Key([sample(0) & mask; 3]),
            (ColourType::Rgb, 6) => Transparency::Key([0, 2, 4].map(|at| sample(at) & mask)),
            (ColourType::Palette, len) if len > 0 && len <= self.header.palette.len() / 3 => {
                Transparency::Palette(data)
            }
            _ => return,
        };
    }

    /// The default background, on the scale of the file's samples, of 16 bits the first 8. That of a palette image is not
    /// told.
    fn background(&mut self, data: &[u8]) {
        let max = if self.header.bit_depth == 16 { u16::MAX } else { (1 << self.header.bit_depth) - 1 };
        let values: Vec<u16> = data.chunks_exact(2).map(|bytes| u16::from_be_bytes([bytes[0], bytes[1]])).collect();
        let expected = match self.header.colour {
            ColourType::Palette => return,
            colour if colour.is_grey() => 1,
            _ => 3,
        };
        if data.len() == expected * 2 && values.iter().all(|value| *value <= max) {
            let shift = if self.header.bit_depth == 16 { 8 } else { 0 };
            self.header.metadata.background = values.into_iter().map(|value| f64::from(value >> shift)).collect();
        }
    }

    fn density(&mut self, data: &[u8]) {
        let &[x0, x1, x2, x3, y0, y1, y2, y3, unit] = data else { return };
        if std::mem::replace(&mut self.has_density, true) {
            return;
        }
        // Pixels per metre when the unit is 1, else a bare ratio.
        let scale = if unit == 1 { 1000.0 } else { 1.0 };
        let value = |bytes| f64::from(u32::from_be_bytes(bytes)) / scale;
        let (x, y) = (value([x0, x1, x2, x3]), value([y0, y1, y2, y3]));
        self.header.metadata.density = Some(Density { x, y, unit: DensityUnit::Unstated });
    }

    /// An ICC profile, when it is one and fits the colour type.
    fn profile(&mut self, data: &[u8]) {
        let Some((name, [0, compressed @ ..])) = split_at_nul(data) else { return };
        let Some(mut profile) = chunks::inflate(compressed, self.limit, &mut self.budget) else { return };
        let space: &[u8] = if self.header.colour.is_grey() { b"GRAY" } else { b"RGB " };
        let length = profile.first_chunk().map_or(0, |bytes| u32::from_be_bytes(*bytes) as usize);
        let is_whole = (profile::HEADER..=profile.len()).contains(&length);
        profile.truncate(length);
        if (1..=79).contains(&name.len()) && is_whole && profile::is_sound(&profile, space) {
            self.header.metadata.icc = Some(profile);
        }
    }

    /// Colours by number, in full range and without a matrix, as others cannot be in PNG; they count before a profile.
    fn coded(&mut self, data: &[u8]) {
        let &[primaries, transfer, 0, 1] = data else { return };
        if self.header.colour.is_grey() {
            return;
        }
        if let Some(profile) = coded::profile(primaries.into(), transfer.into()) {
            self.header.metadata.icc = Some(profile);
            self.header.metadata.icc_is_coded = true;
        }
    }

    /// Text of any of the three kinds: a comment, or XMP by its keyword.
    fn text(&mut self, kind: [u8; 4], data: &[u8]) {
        let (keyword, rest) = split_at_nul(data).unwrap_or((data, &[]));
        let is_xmp = keyword == XMP_KEYWORD.as_bytes();
        if !is_xmp && self.header.metadata.comments.len() >= MAX_TEXTS {
            return;
        }
        let text = match &kind {
            b"zTXt" => match rest {
                [0, compressed @ ..] => chunks::inflate(compressed, self.limit, &mut self.budget),
                _ => None,
            },
            b"iTXt" => self.international_text(rest),
            _ => self.plain_text(rest),
        };
        let Some(text) = text else { return };
        let metadata = &mut self.header.metadata;
        if is_xmp {
            metadata.xmp = Some(text);
        } else {
            // sharp hands Latin-1 bytes out as if they were UTF-8, and so do we: most files hold UTF-8.
            let string = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let text = split_at_nul(&text).map_or(&*text, |(text, _)| text);
            metadata.comments.push((string(keyword), string(text)));
        }
    }

    /// Text that is not compressed, as far as the budget goes.
    fn plain_text(&mut self, text: &[u8]) -> Option<Vec<u8>> {
        self.budget = self.budget.checked_sub(text.len())?;
        Some(text.to_vec())
    }

    /// The text of an iTXt chunk, behind its keyword.
    fn international_text(&mut self, data: &[u8]) -> Option<Vec<u8>> {
        let [compressed, _method, rest @ ..] = data else { return None };
        let (_language, rest) = split_at_nul(rest)?;
        let (_translated, text) = split_at_nul(rest)?;
        if *compressed == 1 { chunks::inflate(text, self.limit, &mut self.budget) } else { self.plain_text(text) }
    }

    fn finish(self) -> Result<PngHeader, Damage> {
        if self.header.colour == ColourType::Palette && self.header.palette.is_empty() {
            return Err(Damage("PLTE is missing"));
        }
        Ok(self.header)
    }
}

/// What stands before and behind the first zero.
fn split_at_nul(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = data.iter().position(|byte| *byte == 0)?;
    Some((&data[..at], &data[at + 1..]))
}
