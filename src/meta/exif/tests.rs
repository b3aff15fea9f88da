//! Whole blocks: made, changed, damaged.

use super::{
    model::{Block, Entry, kind},
    order::ByteOrder,
    tags::{Directory, tag},
    *,
};

const UPRIGHT: Changes<'_> =
    Changes { orientation: 1, width: 40, height: 30, density: None, pixels_changed: false, tags: &[] };
const MAKER_NOTE: u16 = 0x927c;
const PRIVATE: u16 = 0xfe00;
const THUMBNAIL: &[u8] = &[0xff, 0xd8, 1, 2, 3, 0xff, 0xd9];

fn entry(tag: u16, kind: u16, value: &[u8]) -> Entry<'static> {
    Entry::new(tag, kind, value.to_vec()).unwrap()
}

/// A block with something in every directory, a maker note, a private tag and a thumbnail.
fn rich(order: ByteOrder) -> Vec<u8> {
    let mut block = Block::empty(order);
    block.thumbnail = THUMBNAIL;
    block.set(Directory::Primary, entry(0x010f, kind::ASCII, b"Maker\0"));
    block.set(Directory::Primary, entry(PRIVATE, kind::ASCII, b"my own\0"));
    block.set_short(Directory::Primary, tag::ORIENTATION, 6);
    block.set_short(Directory::Primary, tag::RESOLUTION_UNIT, 2);
    block.set_rational(Directory::Primary, tag::X_RESOLUTION, (300, 1));
    block.set_rational(Directory::Primary, tag::Y_RESOLUTION, (300, 1));
    block.set(Directory::Exif, entry(MAKER_NOTE, kind::UNDEFINED, b"any bytes \0\xff"));
    block.set_short(Directory::Exif, tag::PIXEL_X_DIMENSION, 4000);
    block.set_short(Directory::Exif, tag::COLOUR_SPACE, 1);
    block.set(Directory::Gps, entry(1, kind::ASCII, b"N\0"));
    block.set(Directory::Interoperability, entry(1, kind::ASCII, b"R98\0"));
    block.set_short(Directory::Thumbnail, tag::COMPRESSION, 6);
    writer::write(block).unwrap()
}

fn read(exif: &[u8]) -> Block<'_> {
    reader::read(tiff(exif))
}

fn value<'a>(block: &'a Block<'_>, directory: Directory, tag: u16) -> Option<&'a [u8]> {
    block.get(directory, tag).map(|entry| entry.value.as_ref())
}

/// A block of one directory at offset 8, given as tag, type, count and value or offset.
fn raw(entries: &[(u16, u16, u32, u32)], rest: &[u8]) -> Vec<u8> {
    let order = ByteOrder::Little;
    let mut tiff = order.signature().to_vec();
    tiff.extend(order.bytes_u32(8));
    tiff.extend(order.bytes_u16(entries.len() as u16));
    for &(tag, kind, count, value) in entries {
        tiff.extend([order.bytes_u16(tag), order.bytes_u16(kind)].concat());
        tiff.extend([order.bytes_u32(count), order.bytes_u32(value)].concat());
    }
    tiff.extend(rest);
    tiff
}

#[test]
fn an_orientation_out_of_range_is_upright() {
    let block = |number| raw(&[(tag::ORIENTATION, kind::SHORT, 1, number)], &[0; 4]);
    assert_eq!(orientation(&block(6)), Some(6));
    assert_eq!(orientation(&block(0)), Some(1));
    assert_eq!(orientation(&block(9)), Some(1));
}

#[test]
fn an_orientation_may_have_four_bytes() {
    for kind in [kind::LONG, kind::SIGNED_LONG] {
        assert_eq!(orientation(&raw(&[(tag::ORIENTATION, kind, 1, 6)], &[])), Some(6));
        assert_eq!(orientation(&raw(&[(tag::ORIENTATION, kind, 1, u32::MAX)], &[])), Some(1));
    }
}

#[test]
fn reads_density_in_its_unit() {
    let resolution = [300u32.to_le_bytes(), 1u32.to_le_bytes()].concat();
    let block = |unit| {
        let entries = [
            (tag::X_RESOLUTION, kind::RATIONAL, 1, 50),
            (tag::Y_RESOLUTION, kind::RATIONAL, 1, 50),
            (tag::RESOLUTION_UNIT, kind::SHORT, 1, unit),
        ];
        raw(&entries, &[&[0; 4], resolution.as_slice()].concat())
    };
    let found = |unit| density(&block(unit)).map(|density| (density.unit, density.x, density.y));
    assert_eq!(found(1), Some((DensityUnit::Unstated, 300.0, 300.0)));
    assert_eq!(found(2), Some((DensityUnit::Inch, 300.0 / 25.4, 300.0 / 25.4)));
    assert_eq!(found(3), Some((DensityUnit::Centimetre, 30.0, 30.0)));
    assert_eq!(found(4), None);
    let whole = block(2);
    assert!((0..whole.len()).all(|end| density(&whole[..end]).is_none()));
}

#[test]
fn what_is_written_is_read_again() {
    for order in [ByteOrder::Big, ByteOrder::Little] {
        let bytes = rich(order);
        assert!(bytes.starts_with(&[PREFIX, order.signature()].concat()));
        let block = read(&bytes);
        assert_eq!(block.thumbnail, THUMBNAIL);
        assert!(Directory::ALL.iter().all(|&directory| !block.directory(directory).is_empty()));
        assert_eq!(writer::write(block).unwrap(), bytes);
    }
}

#[test]
fn a_new_block_has_the_mandatory_tags() {
    let bytes = rebuild(None, &UPRIGHT).unwrap();
    let block = read(&bytes);
    let tags = |directory| block.directory(directory).iter().map(|entry| entry.tag).collect::<Vec<_>>();
    assert_eq!(tags(Directory::Primary), [0x0112, 0x011a, 0x011b, 0x0128, 0x0213]);
    assert_eq!(tags(Directory::Exif), [0x9000, 0x9101, 0xa000, 0xa001, 0xa002, 0xa003]);
    assert_eq!((orientation(&bytes), block.number(Directory::Exif, 0xa002)), (Some(1), Some(40.0)));
    assert_eq!(density(&bytes), Some(Density { x: 1.0, y: 1.0, unit: DensityUnit::Inch }));
    assert_eq!(bytes.len(), 186);
}

#[test]
fn a_block_is_carried_and_agrees_with_the_image() {
    for order in [ByteOrder::Big, ByteOrder::Little] {
        let density = Some(Density::from_inch(90.0));
        let input = rich(order);
        let bytes = rebuild(Some(&input), &Changes { orientation: 3, density, ..UPRIGHT }).unwrap();
        let block = read(&bytes);
        assert_eq!(block.order, order);
        assert_eq!(orientation(&bytes), Some(3));
        assert_eq!(super::density(&bytes).and_then(|density| density.per_inch()), Some(90));
        assert_eq!(block.get(Directory::Exif, 0xa002).map(|entry| entry.kind), Some(kind::SHORT));
        assert_eq!(block.number(Directory::Exif, 0xa002), Some(40.0));
        assert_eq!(block.number(Directory::Exif, tag::COLOUR_SPACE), Some(1.0));
        assert_eq!(value(&block, Directory::Exif, MAKER_NOTE), Some(&b"any bytes \0\xff"[..]));
        assert_eq!(value(&block, Directory::Primary, PRIVATE), Some(&b"my own\0"[..]));
        assert_eq!(value(&block, Directory::Gps, 1), Some(&b"N\0"[..]));
        assert_eq!(value(&block, Directory::Interoperability, 1), Some(&b"R98\0"[..]));
        assert_eq!(block.thumbnail, THUMBNAIL);
    }
}

#[test]
fn a_resolution_that_says_the_same_is_left_as_it_is() {
    let bytes = rich(ByteOrder::Little);
    let rebuilt = rebuild(Some(&bytes), &Changes { density: density(&bytes), ..UPRIGHT }).unwrap();
    let expected = [300u32.to_le_bytes(), 1u32.to_le_bytes()].concat();
    assert_eq!(value(&read(&rebuilt), Directory::Primary, tag::X_RESOLUTION), Some(expected.as_slice()));
}

#[test]
fn tags_are_set_by_name() {
    let tags = [
        ("exif-ifd0-Copyright", "me"),
        ("exif-ifd0-Orientation", "8"),
        ("exif-ifd2-FNumber", "28/10"),
        ("exif-ifd3-GPSLatitudeRef", "S"),
        ("exif-ifd0-Nonsense", "1"),
        ("exif-ifd5-Copyright", "no such directory"),
        ("exif-ifd18446744073709551616-Copyright", "too large"),
        ("exif-ifd0-ExifIfdPointer", "1"),
        ("Copyright", "no directory"),
    ]
    .map(|(key, text)| (key.to_owned(), text.to_owned()));
    let input = rich(ByteOrder::Big);
    let bytes = rebuild(Some(&input), &Changes { tags: &tags, ..UPRIGHT }).unwrap();
    let block = read(&bytes);
    assert_eq!(value(&block, Directory::Primary, 0x8298), Some(&b"me\0"[..]));
    assert_eq!(value(&block, Directory::Exif, 0x829d), Some(&[0, 0, 0, 28, 0, 0, 0, 10][..]));
    assert_eq!(value(&block, Directory::Gps, 1), Some(&b"S\0"[..]));
    assert_eq!(orientation(&bytes), Some(1), "that of the picture counts");
    // Beside what was there: Copyright in the first directory.
    assert_eq!(block.directory(Directory::Primary).len(), read(&input).directory(Directory::Primary).len() + 1);
}

#[test]
fn a_directory_without_its_thumbnail_is_dropped() {
    let mut block = Block::empty(ByteOrder::Little);
    block.set_short(Directory::Thumbnail, tag::COMPRESSION, 6);
    let bytes = rebuild(Some(&writer::write(block).unwrap()), &UPRIGHT).unwrap();
    assert!(read(&bytes).directory(Directory::Thumbnail).is_empty());
}

#[test]
fn survives_being_cut_anywhere_and_any_changed_byte() {
    for order in [ByteOrder::Big, ByteOrder::Little] {
        let whole = rich(order);
        for end in 0..whole.len() {
            let rebuilt = rebuild(Some(&whole[..end]), &UPRIGHT).unwrap();
            assert_eq!(orientation(&rebuilt), Some(1), "cut at {end}");
        }
        for at in 0..whole.len() {
            for byte in [0, 1, 0x7f, 0xff] {
                let mut damaged = whole.clone();
                damaged[at] = byte;
                let rebuilt = rebuild(Some(&damaged), &UPRIGHT).unwrap();
                assert!(rebuilt.len() < whole.len() + 400, "byte {at}");
                assert_eq!(orientation(&rebuilt), Some(1), "byte {at}");
            }
        }
    }
}

#[test]
fn directories_in_a_circle_are_read_once() {
    let entries = [
        (tag::EXIF_DIRECTORY, kind::LONG, 1, 8),
        (tag::GPS_DIRECTORY, kind::LONG, 1, 8),
        (tag::INTEROPERABILITY_DIRECTORY, kind::LONG, 1, 8),
        (PRIVATE, kind::SHORT, 1, 7),
    ];
    let bytes = raw(&entries, &8u32.to_le_bytes());
    let block = read(&bytes);
    assert_eq!(block.directories.iter().map(Vec::len).sum::<usize>(), 1);
}

#[test]
fn huge_counts_and_overlapping_values_cost_nothing() {
    let mut entries = vec![(0x010f, kind::ASCII, u32::MAX, 8), (0x0110, 12, u32::MAX, 8), (0x0131, 99, 1, 0)];
    // Each of these is the whole block.
    entries.extend((0..2000).map(|tag| (0x9000 + tag, kind::UNDEFINED, 24_000, 8)));
    let bytes = raw(&entries, &[0; 4]);
    let block = read(&bytes);
    let values: usize = block.directories.iter().flatten().map(|entry| entry.value.len()).sum();
    assert!(values <= bytes.len());
    assert!(block.get(Directory::Primary, 0x010f).is_none());
    assert_eq!(block.directory(Directory::Primary).len(), 1);
    // A directory that claims more entries than the file has bytes.
    let mut short = raw(&[(tag::ORIENTATION, kind::SHORT, 1, 6)], &[]);
    short[8..10].copy_from_slice(&[0xff, 0xff]);
    assert_eq!(read(&short).directory(Directory::Primary).len(), 1);
}

/// Bytes at random, behind a header that makes them worth reading: no panic. The five directories may overlap, their values
/// together are no more than what went in.
#[test]
fn survives_random_bytes() {
    let mut state = 7u64;
    let mut random = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as u32
    };
    // Tags and types that lead somewhere, small offsets, and anything.
    let words = [0x8769, 0x8825, 0xa005, 0x0201, 0x0202, 0x0112, 0x011a, 3, 4, 5, 7, 8, 12, 0xffff];
    for round in 0..4000 {
        let mut tiff = if round % 2 == 0 { b"II*\0\x08\0\0\0".to_vec() } else { b"MM\0*\0\0\0\x08".to_vec() };
        for _ in 0..random() % 120 {
            let word = if random() % 3 == 0 { random() as u16 } else { words[random() as usize % words.len()] };
            tiff.extend(if round % 2 == 0 { word.to_le_bytes() } else { word.to_be_bytes() });
        }
        let rebuilt = rebuild(Some(&tiff), &UPRIGHT).unwrap();
        assert!(rebuilt.len() <= 6 * tiff.len() + 400, "round {round}");
        assert_eq!(orientation(&rebuilt), Some(1), "round {round}");
        let _ = (orientation(&tiff), density(&tiff));
    }
}

#[test]
fn a_block_about_other_pixels_loses_its_thumbnail_and_its_sizes() {
    let mut block = Block::empty(ByteOrder::Big);
    block.thumbnail = THUMBNAIL;
    block.set_short(Directory::Primary, tag::IMAGE_WIDTH, 160);
    block.set_short(Directory::Primary, tag::IMAGE_LENGTH, 30);
    block.set_short(Directory::Exif, tag::PIXEL_X_DIMENSION, 160);
    let input = writer::write(block).unwrap();
    let kept = rebuild(Some(&input), &UPRIGHT).unwrap();
    assert_eq!(read(&kept).thumbnail, THUMBNAIL);
    let changed = rebuild(Some(&input), &Changes { pixels_changed: true, ..UPRIGHT }).unwrap();
    let block = read(&changed);
    assert!(block.thumbnail.is_empty() && block.directory(Directory::Thumbnail).is_empty());
    assert_eq!(block.number(Directory::Primary, tag::IMAGE_WIDTH), None);
    assert_eq!(block.number(Directory::Primary, tag::IMAGE_LENGTH), Some(30.0));
    assert_eq!(block.number(Directory::Exif, tag::PIXEL_X_DIMENSION), Some(40.0));
}

#[test]
fn a_block_is_taken_apart_and_put_together() {
    let (big, little) = (Parts::of(&rich(ByteOrder::Big)), Parts::of(&rich(ByteOrder::Little)));
    assert_eq!(big, little);
    assert!(!big.says_nothing());
    let again = big.clone().into_block().unwrap();
    assert_eq!(Parts::of(&again), big);
    assert!(read(&again).thumbnail.is_empty());
    assert_eq!(value(&read(&again), Directory::Exif, MAKER_NOTE), Some(&b"any bytes \0\xff"[..]));

    let mut plain = Parts::of(&rebuild(None, &UPRIGHT).unwrap());
    assert!(!plain.says_nothing());
    plain.image.clear();
    assert!(plain.says_nothing());
}
