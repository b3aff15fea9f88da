//! The items of a file: coded images, grids, metadata, and what is said about them. Source: ISO/IEC 14496-12, clause 8.11
//! (`meta`), ISO/IEC 23008-12 (HEIF), clause 6, and the AV1 Image File Format.

use std::collections::{BTreeMap, BTreeSet};

use super::boxes::{CUT, Cursor, Fault, Name, Parsed};

/// The URN by which an auxiliary image says that it is an alpha plane.
pub(super) const ALPHA_TYPE: &[u8] = b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha";

/// The same, and its older name.
const ALPHA_TYPES: [&[u8]; 2] = [ALPHA_TYPE, b"urn:mpeg:hevc:2015:auxid:1"];

/// One item.
#[derive(Debug, Default)]
pub(super) struct Item {
    /// `av01`, `hvc1`, `grid`, `Exif`, `mime` and so on.
    pub(super) kind: Name,
    /// Not to be shown by itself.
    hidden: bool,
    /// Of a `mime` item.
    pub(super) content_type: Vec<u8>,
    /// Whether the data is in the `idat` box rather than in the file.
    pub(super) inline: bool,
    /// Offset and length in bytes; length 0 is up to the end.
    pub(super) extents: Vec<(u64, u64)>,
    /// Indices into [`Items::properties`], in the order in which they apply.
    properties: Vec<usize>,
}

/// What is said about an item.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Property {
    Av1(Av1Config),
    /// Bits of a sample of HEVC.
    Hevc(u8),
    /// Width and height in pixels.
    Size(u32, u32),
    /// Quarter turns against the clock.
    Rotation(u8),
    /// 0: top to bottom; 1: left to right.
    Mirror(u8),
    Aperture(Aperture),
    Nclx(Nclx),
    Icc(Vec<u8>),
    /// The type of an auxiliary image.
    Auxiliary(Vec<u8>),
    OperatingPoint(u8),
    /// Anything else that does not change the pixels.
    Other(Name),
}

/// The start of an `av1C` box.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Av1Config {
    /// Bits of a sample: 8, 10 or 12.
    pub(super) depth: u8,
}

/// A `clap` box: width, height, and where the centre is, from the middle; each a numerator and a denominator.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Aperture(pub(super) [(i32, i32); 4]);

/// Code points of ITU-T H.273.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Nclx {
    pub(super) primaries: u16,
    pub(super) transfer: u16,
    pub(super) matrix: u16,
    pub(super) full_range: bool,
}

/// A `meta` box.
#[derive(Debug, Default)]
pub(super) struct Items {
    pub(super) primary: u32,
    items: BTreeMap<u32, Item>,
    properties: Vec<Property>,
    /// What an item refers to, and what refers to it, by the kind of reference.
    references: BTreeMap<(Name, u32), Vec<u32>>,
    referrers: BTreeMap<(Name, u32), Vec<u32>>,
    /// The `idat` box.
    pub(super) inline_data: Vec<u8>,
}

impl Items {
    /// Reads the body of a `meta` box.
    pub(super) fn read(mut meta: Cursor<'_>) -> Parsed<Self> {
        meta.version()?;
        let required = |name: &Name, fault| meta.find(name)?.ok_or(Fault(fault));
        let mut items = Items::default();
        items.read_infos(required(b"iinf", "Invalid input: No 'iinf' box")?)?;
        items.read_locations(required(b"iloc", "Invalid input: No 'iloc' box")?)?;
        let mut pitm = required(b"pitm", "Invalid input: No 'pitm' box")?;
        let (version, _) = pitm.version()?;
        items.primary = pitm.u16_or_u32(version > 0)?;
        if let Some(iprp) = meta.find(b"iprp")? {
            items.read_properties(iprp)?;
        }
        if let Some(iref) = meta.find(b"iref")? {
            items.read_references(iref)?;
        }
        if let Some(idat) = meta.find(b"idat")? {
            items.inline_data = idat.0.to_vec();
        }
        Ok(items)
    }

    fn read_infos(&mut self, mut iinf: Cursor<'_>) -> Parsed<()> {
        let (version, _) = iinf.version()?;
        iinf.u16_or_u32(version > 0)?;
        while let Some((name, mut infe)) = iinf.next_box()? {
            let (version, flags) = infe.version()?;
            // Before version 2 there was no item type.
            if &name != b"infe" || version < 2 {
                continue;
            }
            let id = infe.u16_or_u32(version > 2)?;
            infe.u16()?;
            let kind = infe.name()?;
            infe.text();
            let content_type = if &kind == b"mime" { infe.text().to_vec() } else { Vec::new() };
            self.items.insert(id, Item { kind, hidden: flags & 1 == 1, content_type, ..Item::default() });
        }
        Ok(())
    }

    fn read_locations(&mut self, mut iloc: Cursor<'_>) -> Parsed<()> {
        let (version, _) = iloc.version()?;
        let sizes = iloc.u16()?;
        let [offset_size, length_size, base_size, index_size] = [12, 8, 4, 0].map(|shift| (sizes >> shift & 15) as u8);
        let index_size = if version == 0 { 0 } else { index_size };
        for _ in 0..iloc.u16_or_u32(version > 1)? {
            let id = iloc.u16_or_u32(version > 1)?;
            let construction = if version == 0 { 0 } else { iloc.u16()? & 15 };
            iloc.u16()?;
            let base = iloc.sized(base_size)?;
            let mut extents = Vec::new();
            for _ in 0..iloc.u16()? {
                iloc.sized(index_size)?;
                let offset = iloc.sized(offset_size)?;
                let length = iloc.sized(length_size)?;
                // An extent of no bytes at all in the box is a way to make much of little.
                if offset_size == 0 && length_size == 0 && !extents.is_empty() {
                    return Err(CUT);
                }
                extents.push((base.checked_add(offset).ok_or(CUT)?, length));
            }
            // Data within the data of another item is used by no image.
            if let Some(item) = self.items.get_mut(&id).filter(|_| construction < 2) {
                item.inline = construction == 1;
                item.extents = extents;
            }
        }
        Ok(())
    }

    fn read_properties(&mut self, iprp: Cursor<'_>) -> Parsed<()> {
        let mut container = iprp.find(b"ipco")?.ok_or(Fault("Invalid input: No 'ipco' box"))?;
        while let Some((name, body)) = container.next_box()? {
            self.properties.push(property(name, body)?);
        }
        let mut rest = iprp;
        while let Some((name, mut ipma)) = rest.next_box()? {
            if &name != b"ipma" {
                continue;
            }
            let (version, flags) = ipma.version()?;
            for _ in 0..ipma.u32()? {
                let id = ipma.u16_or_u32(version > 0)?;
                for _ in 0..ipma.u8()? {
                    let index = if flags & 1 == 1 { ipma.u16()? & 0x7fff } else { (ipma.u8()? & 0x7f).into() };
                    // Number 0 stands for no property.
                    if let (Some(index), Some(item)) = (usize::from(index).checked_sub(1), self.items.get_mut(&id)) {
                        item.properties.push(index);
                    }
                }
            }
        }
        Ok(())
    }

    fn read_references(&mut self, mut iref: Cursor<'_>) -> Parsed<()> {
        let (version, _) = iref.version()?;
        while let Some((kind, mut body)) = iref.next_box()? {
            let from = body.u16_or_u32(version > 0)?;
            let to = (0..body.u16()?).map(|_| body.u16_or_u32(version > 0)).collect::<Parsed<Vec<_>>>()?;
            to.iter().for_each(|&to| self.referrers.entry((kind, to)).or_default().push(from));
            self.references.entry((kind, from)).or_default().extend(to);
        }
        Ok(())
    }

    pub(super) fn get(&self, id: u32) -> Option<&Item> {
        self.items.get(&id)
    }

    /// The properties of an item, in the order in which they apply.
    pub(super) fn properties(&self, id: u32) -> impl Iterator<Item = &Property> {
        let indices = self.items.get(&id).map_or(&[][..], |item| &item.properties);
        indices.iter().filter_map(|&index| self.properties.get(index))
    }

    /// The first property of an item for which `pick` finds something.
    pub(super) fn property<'a, T>(&'a self, id: u32, pick: impl Fn(&'a Property) -> Option<T>) -> Option<T> {
        self.properties(id).find_map(pick)
    }

    /// Width and height in pixels, before any turn or cut.
    pub(super) fn size(&self, id: u32) -> Option<(u32, u32)> {
        self.property(id, |property| if let Property::Size(w, h) = *property { Some((w, h)) } else { None })
    }

    /// What an item refers to by a kind of reference.
    pub(super) fn targets(&self, kind: &Name, from: u32) -> impl Iterator<Item = u32> {
        self.references.get(&(*kind, from)).into_iter().flatten().copied()
    }

    /// The items that refer to an item by a kind of reference.
    pub(super) fn sources(&self, kind: &Name, to: u32) -> impl Iterator<Item = u32> {
        self.referrers.get(&(*kind, to)).into_iter().flatten().copied()
    }

    /// Whether an item is an alpha plane.
    pub(super) fn is_alpha(&self, id: u32) -> bool {
        let kind = self.property(id, |property| match property {
            Property::Auxiliary(kind) => Some(kind.as_slice()),
            _ => None,
        });
        kind.is_some_and(|kind| ALPHA_TYPES.contains(&kind))
    }

    /// The images that are neither hidden, nor parts or thumbnails of others, by their numbers.
    pub(super) fn top_level(&self) -> Vec<u32> {
        let parts: BTreeSet<u32> = self
            .references
            .keys()
            .filter(|(kind, _)| [*b"auxl", *b"thmb"].contains(kind))
            .map(|&(_, from)| from)
            .collect();
        let shown = |(id, item): &(&u32, &Item)| !item.hidden && is_picture(item.kind) && !parts.contains(id);
        self.items.iter().filter(shown).map(|(&id, _)| id).collect()
    }
}

/// Whether an item of this type is an image, readable or not.
fn is_picture(kind: Name) -> bool {
    [b"av01", b"grid", b"hvc1", b"avc1", b"vvc1", b"j2k1", b"jpeg", b"iden", b"iovl", b"unci", b"mski", b"evc1"]
        .contains(&&kind)
}

fn property(name: Name, mut body: Cursor<'_>) -> Parsed<Property> {
    let fractions = |body: &mut Cursor<'_>| Ok((body.u32()? as i32, body.u32()? as i32));
    Ok(match &name {
        b"av1C" => {
            body.u16()?;
            let flags = body.u8()?;
            // high_bitdepth, then twelve_bit.
            Property::Av1(Av1Config { depth: [8, 8, 10, 12][usize::from(flags >> 5 & 3)] })
        }
        b"hvcC" => {
            // Profile, level and layout come before. Source: ISO/IEC 14496-15, 8.3.3.1.
            body.take(17)?;
            Property::Hevc((body.u8()? & 7) + 8)
        }
        b"ispe" => {
            body.version()?;
            Property::Size(body.u32()?, body.u32()?)
        }
        b"irot" => Property::Rotation(body.u8()? & 3),
        b"imir" => Property::Mirror(body.u8()? & 1),
        b"clap" => Property::Aperture(Aperture([
            fractions(&mut body)?,
            fractions(&mut body)?,
            fractions(&mut body)?,
            fractions(&mut body)?,
        ])),
        b"colr" => match &body.name()? {
            b"nclx" => {
                let (primaries, transfer, matrix) = (body.u16()?, body.u16()?, body.u16()?);
                Property::Nclx(Nclx { primaries, transfer, matrix, full_range: body.u8()? >> 7 == 1 })
            }
            b"prof" | b"rICC" => Property::Icc(body.0.to_vec()),
            _ => Property::Other(name),
        },
        b"auxC" => {
            body.version()?;
            Property::Auxiliary(body.text().to_vec())
        }
        b"a1op" => Property::OperatingPoint(body.u8()?),
        _ => Property::Other(name),
    })
}
