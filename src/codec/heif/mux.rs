//! Bit streams and metadata to a file. Source: ISO/IEC 23008-12 (HEIF) and the AV1 Image File Format.

use super::{items::ALPHA_TYPE, planes::Layout};
use crate::meta::{Metadata, exif};

/// A coded image.
pub(super) struct Coded {
    /// A temporal unit.
    pub(super) stream: Vec<u8>,
    /// Bits of a sample: 8, 10 or 12.
    pub(super) depth: u8,
    pub(super) layout: Layout,
}

/// What is to be written.
pub(super) struct Contents<'a> {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) colour: Coded,
    pub(super) alpha: Option<Coded>,
    /// Whether the planes are green, blue and red, which is told beside the bit stream as well.
    pub(super) identity: bool,
    pub(super) metadata: &'a Metadata,
}

/// An item: what is told of it, and its data.
struct Item {
    kind: &'static [u8; 4],
    content_type: Option<&'static [u8]>,
    /// Not an image to be shown by itself.
    hidden: bool,
    /// Number of the image that it belongs to, and how.
    refers: Option<(&'static [u8; 4], u16)>,
    /// Boxes, and whether a reader must know them.
    properties: Vec<(Vec<u8>, bool)>,
    data: Vec<u8>,
}

/// The bytes that come first in every file: brand `avif`, and those it is compatible with.
const FILE_TYPE: &[u8] = b"\0\0\0\x1cftypavif\0\0\0\0mif1avifmiaf";

/// Writes a file.
pub(super) fn file(contents: Contents<'_>) -> Vec<u8> {
    let items = items(contents);
    let meta_len = meta(&items, 0).len();
    let data_start = FILE_TYPE.len() + meta_len + 8;
    let data_len: usize = items.iter().map(|item| item.data.len()).sum();
    let mut file = Vec::with_capacity(data_start + data_len);
    file.extend_from_slice(FILE_TYPE);
    file.extend_from_slice(&meta(&items, data_start as u32));
    file.extend_from_slice(&(data_len as u32 + 8).to_be_bytes());
    file.extend_from_slice(b"mdat");
    for item in &items {
        file.extend_from_slice(&item.data);
    }
    file
}

fn items(contents: Contents<'_>) -> Vec<Item> {
    let Contents { width, height, colour, alpha, identity, metadata } = contents;
    let size = full_box(b"ispe", 0, &[width.to_be_bytes(), height.to_be_bytes()].concat());
    let mut turns = turns(metadata.orientation.unwrap_or(1));
    let mut properties = picture_properties(&colour, &size);
    if let Some(icc) = &metadata.icc {
        properties.push((plain_box(b"colr", &[b"prof", icc.as_slice()].concat()), false));
    } else if identity {
        properties.push((plain_box(b"colr", b"nclx\0\x01\0\x0d\0\0\x80"), false));
    }
    properties.append(&mut turns.clone());
    let picture = |stream, properties, refers| Item {
        kind: b"av01",
        content_type: None,
        hidden: false,
        refers,
        properties,
        data: stream,
    };
    let mut items = vec![picture(colour.stream, properties, None)];
    if let Some(alpha) = alpha {
        let mut properties = picture_properties(&alpha, &size);
        properties.push((full_box(b"auxC", 0, &[ALPHA_TYPE, b"\0"].concat()), true));
        properties.append(&mut turns);
        items.push(picture(alpha.stream, properties, Some((b"auxl", 1))));
    }
    let mut describe = |kind, content_type, data| {
        let (hidden, refers) = (true, Some((b"cdsc", 1)));
        items.push(Item { kind, content_type, hidden, refers, properties: Vec::new(), data });
    };
    if let Some(exif) = &metadata.exif {
        // The prefix, after how long it is.
        let tiff = exif.strip_prefix(exif::PREFIX).unwrap_or(exif);
        let skip = (exif::PREFIX.len() as u32).to_be_bytes();
        describe(b"Exif", None, [&skip[..], exif::PREFIX, tiff].concat());
    }
    if let Some(xmp) = &metadata.xmp {
        describe(b"mime", Some(&b"application/rdf+xml"[..]), xmp.clone());
    }
    items
}

/// What is told of any coded image.
fn picture_properties(coded: &Coded, size: &[u8]) -> Vec<(Vec<u8>, bool)> {
    let channels = if coded.layout == Layout::Mono { 1 } else { 3 };
    let depths = [&[channels as u8][..], &vec![coded.depth; channels]].concat();
    vec![(config(coded), true), (size.to_vec(), false), (full_box(b"pixi", 0, &depths), false)]
}

/// The `av1C` box.
fn config(coded: &Coded) -> Vec<u8> {
    let (profile, level) = profile_and_level(&coded.stream).unwrap_or_default();
    let (mono, halved) = (coded.layout == Layout::Mono, coded.layout != Layout::Full);
    let bits = [(coded.depth > 8, 6), (coded.depth == 12, 5), (mono, 4), (halved, 3), (halved, 2)];
    let flags = bits.into_iter().filter(|(set, _)| *set).fold(0, |flags, (_, bit)| flags | 1 << bit);
    plain_box(b"av1C", &[0x81, profile << 5 | level, flags, 0])
}

/// Profile and level out of the sequence header of a still image. Source: AV1 bitstream specification, clause 5.5.1.
fn profile_and_level(mut stream: &[u8]) -> Option<(u8, u8)> {
    loop {
        let (&header, rest) = stream.split_first()?;
        // Sizes of these headers take one byte.
        let (&size, rest) = rest.split_first()?;
        if header >> 3 & 15 == 1 {
            // profile (3 bits), still image, reduced header, level (5 bits)
            let bits = u16::from_be_bytes([*rest.first()?, *rest.get(1)?]);
            return Some(((bits >> 13) as u8, (bits >> 6 & 31) as u8));
        }
        stream = rest.get(usize::from(size)..)?;
    }
}

/// The properties by which a reader brings an image of an EXIF orientation upright: turns against the clock, then a mirroring.
fn turns(orientation: u8) -> Vec<(Vec<u8>, bool)> {
    let (rotation, mirror) = match orientation {
        2 => (None, Some(1)),
        3 => (Some(2), None),
        4 => (None, Some(0)),
        5 => (Some(3), Some(1)),
        6 => (Some(3), None),
        7 => (Some(3), Some(0)),
        8 => (Some(1), None),
        _ => (None, None),
    };
    let rotation = rotation.map(|quarters| (plain_box(b"irot", &[quarters]), true));
    rotation.into_iter().chain(mirror.map(|axis| (plain_box(b"imir", &[axis]), true))).collect()
}

/// The `meta` box for data that begins at `start`.
fn meta(items: &[Item], start: u32) -> Vec<u8> {
    let mut offset = start;
    let (mut iloc, mut iinf, mut iref) = (vec![0x44, 0], Vec::new(), Vec::new());
    let (mut ipco, mut ipma): (Vec<Vec<u8>>, Vec<u8>) = (Vec::new(), Vec::new());
    let mut associated = 0_u32;
    iloc.extend_from_slice(&(items.len() as u16).to_be_bytes());
    iinf.extend_from_slice(&(items.len() as u16).to_be_bytes());
    for (item, id) in items.iter().zip(1_u16..) {
        let id = id.to_be_bytes();
        // Number, data reference 0, one extent.
        iloc.extend_from_slice(&[id, [0, 0], [0, 1]].concat());
        iloc.extend_from_slice(&[offset, item.data.len() as u32].map(u32::to_be_bytes).concat());
        offset = offset.wrapping_add(item.data.len() as u32);
        let content = item.content_type.map(|text| [text, b"\0"].concat()).unwrap_or_default();
        let info = [&id[..], &[0, 0], item.kind, b"\0", &content].concat();
        iinf.extend_from_slice(&version_box(b"infe", 2, item.hidden.into(), &info));
        if let Some((kind, to)) = item.refers {
            iref.extend_from_slice(&plain_box(kind, &[id, [0, 1], to.to_be_bytes()].concat()));
        }
        if !item.properties.is_empty() {
            associated += 1;
            ipma.extend_from_slice(&[id[0], id[1], item.properties.len() as u8]);
        }
        for (property, essential) in &item.properties {
            let known = ipco.iter().position(|other| other == property);
            let index = known.unwrap_or_else(|| {
                ipco.push(property.clone());
                ipco.len() - 1
            });
            ipma.push(u8::from(*essential) << 7 | (index as u8 + 1));
        }
    }
    let handler = full_box(b"hdlr", 0, b"\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0\0");
    let primary = full_box(b"pitm", 0, &[0, 1]);
    let associations = full_box(b"ipma", 0, &[&associated.to_be_bytes(), ipma.as_slice()].concat());
    let properties = plain_box(b"iprp", &[plain_box(b"ipco", &ipco.concat()), associations].concat());
    let references = if iref.is_empty() { Vec::new() } else { full_box(b"iref", 0, &iref) };
    let boxes = [handler, primary, full_box(b"iloc", 0, &iloc), full_box(b"iinf", 0, &iinf), properties, references];
    full_box(b"meta", 0, &boxes.concat())
}

fn plain_box(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [&(body.len() as u32 + 8).to_be_bytes(), name, body].concat()
}

/// A box with a version and no flags.
fn full_box(name: &[u8; 4], version: u8, body: &[u8]) -> Vec<u8> {
    version_box(name, version, 0, body)
}

fn version_box(name: &[u8; 4], version: u8, flags: u8, body: &[u8]) -> Vec<u8> {
    plain_box(name, &[&[version, 0, 0, flags], body].concat())
}
