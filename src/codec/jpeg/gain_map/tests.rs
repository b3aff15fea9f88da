//! Writing and finding together, on images made here.

use std::{fs, path::PathBuf};

use crate::{
    codec::{DecodedGainMap, EncodeJob, Input, ReadOptions, jpeg::CODEC},
    image::{ColourSpace, Depth, Image, PixelFormat, Samples, Spec},
    meta::{GainMap, GainMapInfo, Metadata, gain_map::testing::two_stops},
    options::Value,
};

fn flat(width: u32, height: u32, space: ColourSpace, value: u8) -> Image {
    let spec = Spec::new(width, height, PixelFormat::new(space, Depth::U8, false));
    Image::from_samples(spec, Samples::U8(vec![value; spec.samples().unwrap()])).unwrap()
}

fn write(image: Image, gain_map: Option<&DecodedGainMap>, metadata: &Metadata) -> Vec<u8> {
    let mut out = Vec::new();
    let job = EncodeJob { options: &Value::Undefined, metadata, gain_map };
    (CODEC.encoder.as_ref().unwrap().encode)(&mut image.into_rows(), &job, &mut out).unwrap();
    out
}

/// A file of 40 × 30 pixels with a map of 20 × 15.
fn file() -> Vec<u8> {
    let map = DecodedGainMap { image: flat(20, 15, ColourSpace::Grey, 200), info: two_stops() };
    let metadata = Metadata { xmp: Some(b"<x/>".to_vec()), ..Metadata::default() };
    write(flat(40, 30, ColourSpace::Srgb, 90), Some(&map), &metadata)
}

fn metadata(input: &Input<'_>, gain_map: bool) -> Option<Metadata> {
    let options = ReadOptions { gain_map, ..ReadOptions::default() };
    (CODEC.decoder.as_ref().unwrap().header)(input, &options).ok().map(|header| header.metadata)
}

fn find(bytes: &[u8]) -> Option<GainMap> {
    metadata(&Input::Bytes(bytes), true)?.gain_map
}

/// Where an image after the first begins.
fn second(bytes: &[u8]) -> usize {
    bytes.windows(4).position(|window| window == b"\xff\xd9\xff\xd8").unwrap() + 2
}

#[test]
fn what_is_written_is_found() {
    let file = file();
    let map = find(&file).unwrap();
    assert_eq!((map.info, map.image.as_slice()), (two_stops(), &file[second(&file)..]));
    let input = Input::Bytes(&map.image);
    let header = (CODEC.decoder.as_ref().unwrap().header)(&input, &ReadOptions::default()).unwrap();
    assert_eq!((header.spec.width, header.spec.height, header.spec.format.space), (20, 15, ColourSpace::Grey));
    let told = metadata(&Input::Bytes(&file), false).unwrap();
    assert_eq!((told.gain_map, told.xmp.as_deref()), (None, Some(&b"<x/>"[..])));
}

#[test]
fn a_file_is_read_where_it_matters() {
    let path = std::env::temp_dir().join(format!("lancet-gain-map-{}.jpg", std::process::id()));
    fs::write(&path, [file(), vec![7; 100_000]].concat()).unwrap();
    let found = metadata(&Input::File(path.clone()), true).unwrap().gain_map;
    fs::remove_file(path).unwrap();
    assert_eq!(found, find(&file()));
}

#[test]
fn light_is_written_with_a_map() {
    for (width, height) in [(1, 1), (2, 1), (1, 7), (9, 8), (40, 31)] {
        let format = PixelFormat::new(ColourSpace::ScRgb, Depth::F32, false);
        let samples = (0..width * height * 3).map(|at| (at % 40) as f32 / 10.0).collect();
        let light = Image::from_samples(Spec::new(width, height, format), Samples::F32(samples)).unwrap();
        let file = write(light, None, &Metadata::default());
        let map = find(&file).unwrap();
        let input = Input::Bytes(&map.image);
        let header = (CODEC.decoder.as_ref().unwrap().header)(&input, &ReadOptions::default()).unwrap();
        assert_eq!((header.spec.width, header.spec.height), ((width / 2).max(1), (height / 2).max(1)));
        assert!(metadata(&Input::Bytes(&file), false).unwrap().icc.is_some(), "its colours are of Display P3");
        assert!((map.info.alternate_headroom - 5.622).abs() < 1e-3);
    }
}

#[test]
fn an_index_that_leads_nowhere_is_made_up_for() {
    let file = file();
    let index = file.windows(4).position(|window| window == b"MPF\0").unwrap();
    // The offset of the second image stands eight bytes before the index's end.
    let offset = index + 78;
    for wrong in [1u32, 8, 0x7fff_ffff, 0xffff_fff0, u32::MAX] {
        let mut file = file.clone();
        file[offset..offset + 4].copy_from_slice(&wrong.to_be_bytes());
        assert_eq!(find(&file).map(|map| map.info), Some(two_stops()), "{wrong:#x}");
    }
    let mut file = file;
    file[index + 4..index + 86].fill(0xa5);
    assert_eq!(find(&file).map(|map| map.info), Some(two_stops()));
    file[index] = b'm';
    assert_eq!(find(&file), None, "no index");
}

#[test]
fn damage_anywhere_leaves_the_image() {
    let file = file();
    let second = second(&file);
    for len in (second..file.len()).step_by(7) {
        assert!(metadata(&Input::Bytes(&file[..len]), true).unwrap().gain_map.is_none(), "cut after {len}");
    }
    for at in (second..file.len()).step_by(3) {
        for value in [0, 0xd9, 0xff] {
            let mut file = file.clone();
            file[at] = value;
            assert!(metadata(&Input::Bytes(&file), true).is_some(), "{value:#x} at {at}");
        }
    }
}

#[test]
fn other_writers_are_understood() {
    let folder: PathBuf = [env!("CARGO_MANIFEST_DIR"), "__test__", "fixtures"].iter().collect();
    let of = |name: &str| find(&fs::read(folder.join(name)).unwrap());
    let binary: GainMapInfo = of("gain-map.jpg").unwrap().info;
    assert_eq!(binary, two_stops());
    assert_eq!(of("gain-map-xmp.jpg").unwrap().info, binary);
    assert_eq!(of("gain-map-common.jpg").unwrap().info, binary);
    let coloured = of("gain-map-rgb.jpg").unwrap().info;
    assert_eq!(coloured.channels.map(|channel| channel.min), [0.0, -0.5, 0.0]);
    assert_eq!(of("gain-map-cut.jpg"), None);
}
