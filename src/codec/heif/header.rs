//! Size, layout and metadata. Reads no pixels.

use super::{
    boxes::Fault,
    file::{Failure, File},
    items::{Items, Property},
    turns::Turns,
};
use crate::{
    codec::{Header, Input, ReadOptions, ShrinkOnLoad},
    colour::icc::coded,
    error::{Error, LimitError, Result},
    image::{ColourSpace, Depth, PixelFormat, Spec},
    meta::{Density, Metadata, exif},
};

/// What a fault of the header is called.
pub(super) fn corrupt(input: &Input<'_>, failure: Failure) -> Error {
    match failure {
        Failure::Fault(fault) => Error::corrupt_header(input.origin(), sentence(fault)),
        Failure::Other(error) => error,
    }
}

/// A fault as sharp's readers know it: with the name of the library, or of the function that it is a fault of.
pub(super) fn sentence(Fault(text): Fault) -> String {
    if text.starts_with("heifload") { text.to_owned() } else { format!("heif: {text}") }
}

pub(super) fn header(input: &Input<'_>, options: &ReadOptions) -> Result<Header> {
    read(input, options).map_err(|failure| corrupt(input, failure))
}

fn read(input: &Input<'_>, options: &ReadOptions) -> Result<Header, Failure> {
    let mut file = File::open(input)?;
    let pages = file.pages(options)?;
    let picture = Picture::of(&file.items, pages.chosen[0])?;
    let count = pages.chosen.len() as u32;
    for &other in &pages.chosen[1..] {
        let other = Picture::of(&file.items, other)?;
        if (other.width, other.height, other.alpha) != (picture.width, picture.height, picture.alpha) {
            return Err(Fault("heifload: not all pages are the same size").into());
        }
    }
    let exif = metadata_item(&mut file, pages.chosen[0], |kind, _| kind == b"Exif");
    // Before the block stands how far on its TIFF structure is; the block is told as it is, with its prefix or without.
    let exif = exif.and_then(|data| data.get(4..).map(<[u8]>::to_vec)).filter(|block| !block.is_empty());
    let xmp =
        metadata_item(&mut file, pages.chosen[0], |kind, content| kind == b"mime" && content == b"application/rdf+xml");
    let (own, coded) = (profile(&file.items, pages.chosen[0]), coded_profile(&file.items, pages.chosen[0]));
    let density = exif.as_deref().and_then(exif::density);
    let metadata = Metadata {
        bits_per_sample: Some(picture.depth),
        pages: Some(pages.total),
        page_primary: Some(pages.primary),
        page_height: (count > 1).then_some(picture.height),
        compression: Some(picture.compression),
        media_type: match picture.compression {
            "av1" => None,
            "hevc" => Some("image/heic"),
            _ => Some("image/heif"),
        },
        // The unit that EXIF states is told, the density never, as the container has none.
        density: density.map(|density| Density { x: 1.0, y: 1.0, ..density }),
        icc_is_coded: own.is_none() && coded.is_some(),
        icc: own.or(coded),
        exif,
        xmp,
        ..Metadata::default()
    };
    Ok(Header { spec: picture.spec(count)?, metadata, shrink: ShrinkOnLoad::None, planes: None })
}

/// The ICC profile of an image, or of the first tile that it is made of.
fn profile(items: &Items, picture: u32) -> Option<Vec<u8>> {
    let own = |id| {
        items.property(id, |property| if let Property::Icc(profile) = property { Some(profile.clone()) } else { None })
    };
    own(picture).or_else(|| items.targets(b"dimg", picture).next().and_then(own))
}

/// The profile of an image whose colours, or those of its first tile, are told by numbers.
fn coded_profile(items: &Items, picture: u32) -> Option<Vec<u8>> {
    let own =
        |id| items.property(id, |property| if let Property::Nclx(colour) = property { Some(*colour) } else { None });
    let colour = own(picture).or_else(|| items.targets(b"dimg", picture).next().and_then(own))?;
    coded::profile(colour.primaries, colour.transfer)
}

/// The data of the first item that describes an image and is of the kind wanted. One that cannot be read is left out.
fn metadata_item(file: &mut File<'_>, picture: u32, wanted: impl Fn(&[u8; 4], &[u8]) -> bool) -> Option<Vec<u8>> {
    let found = file
        .items
        .sources(b"cdsc", picture)
        .find(|&id| file.items.get(id).is_some_and(|item| wanted(&item.kind, item.content_type.as_slice())))?;
    file.data(found).ok()
}

/// What there is to know of one image before it is decoded.
pub(super) struct Picture {
    /// Size as it is seen, in pixels.
    pub(super) width: u32,
    pub(super) height: u32,
    /// Size as it is coded.
    pub(super) coded: (u32, u32),
    /// Bits of a sample: 8, 10 or 12.
    pub(super) depth: u8,
    pub(super) alpha: Option<u32>,
    pub(super) compression: &'static str,
    pub(super) turns: Turns,
}

/// Most pixels on a side: as many as the numbers of a grid can say.
const MAX_SIDE: u32 = u16::MAX as u32 + 1;

impl Picture {
    pub(super) fn of(items: &Items, id: u32) -> Result<Self, Fault> {
        let missing = Fault("Invalid input: Non-existing item ID referenced");
        let item = items.get(id).ok_or(missing)?;
        let coded = items.size(id).ok_or(Fault("heifload: bad dimensions"))?;
        if coded.0 == 0 || coded.1 == 0 || coded.0 > MAX_SIDE || coded.1 > MAX_SIDE {
            return Err(Fault("heifload: bad dimensions"));
        }
        // A grid is coded as its first tile is.
        let coding = if &item.kind == b"grid" {
            items.targets(b"dimg", id).next().filter(|&tile| tile != id).ok_or(missing)?
        } else {
            id
        };
        let compression = match &items.get(coding).ok_or(missing)?.kind {
            b"av01" => "av1",
            b"hvc1" => "hevc",
            b"avc1" => "avc",
            b"vvc1" => "vvc",
            b"j2k1" => "jpeg2000",
            b"jpeg" => "jpeg",
            _ => return Err(Fault("heifload: undefined bits per pixel")),
        };
        let config = |property: &Property| match *property {
            Property::Av1(config) => Some(config.depth),
            Property::Hevc(depth) => Some(depth),
            _ => None,
        };
        let depth = match items.property(coding, config) {
            Some(depth) => depth,
            None if compression == "av1" => return Err(Fault("Invalid input: No 'av1C' box")),
            None => 8,
        };
        let turns = Turns::of(items, id, coded)?;
        let (width, height) = turns.size();
        let alpha = items.sources(b"auxl", id).find(|&source| items.is_alpha(source));
        Ok(Self { width, height, coded, depth, alpha, compression, turns })
    }

    pub(super) const fn format(&self) -> PixelFormat {
        match self.depth {
            8 => PixelFormat::new(ColourSpace::Srgb, Depth::U8, self.alpha.is_some()),
            _ => PixelFormat::new(ColourSpace::Rgb16, Depth::U16, self.alpha.is_some()),
        }
    }

    /// Layout of `count` such images below each other.
    pub(super) fn spec(&self, count: u32) -> Result<Spec> {
        let too_large =
            || LimitError::Dimensions { width: self.width.into(), height: u64::from(self.height) * u64::from(count) };
        Ok(Spec::new(self.width, self.height.checked_mul(count).ok_or_else(too_large)?, self.format()))
    }
}
