use super::{shaper, *};
use crate::image::{
    ColourSpace, Depth, Image, PixelFormat, Samples, Spec,
    testing::{GREY, RGB, RGBA, image, samples},
};

const CMYK: PixelFormat = PixelFormat::new(ColourSpace::Cmyk, Depth::U8, false);

fn conversion(source: &Profile, target: Standard, format: PixelFormat) -> Option<Conversion> {
    Conversion::new(source, convert::Target::Standard(target), format)
}

fn convert(source: &Profile, target: Standard, format: PixelFormat, pixels: &[u8]) -> Vec<u8> {
    let conversion = conversion(source, target, format).expect("a conversion");
    let picture = image((pixels.len() / format.channels()) as u32, 1, format, pixels.to_vec());
    samples(conversion.apply(Box::new(picture.into_rows())).unwrap())
}

/// A profile from its colour space, class, connection space and tags.
pub(super) fn profile(space: &[u8; 4], pcs: &[u8; 4], tags: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut bytes = vec![0; 128];
    bytes[8] = 2;
    bytes[12..16].copy_from_slice(b"prtr");
    bytes[16..20].copy_from_slice(space);
    bytes[20..24].copy_from_slice(pcs);
    bytes[24..30].copy_from_slice(&[7, 0xea, 0, 1, 0, 1]);
    bytes[36..40].copy_from_slice(b"acsp");
    bytes[68..80].copy_from_slice(&[0, 0, 0xf6, 0xd6, 0, 1, 0, 0, 0, 0, 0xd3, 0x2d]);
    bytes.extend((tags.len() as u32).to_be_bytes());
    let mut offset = 132 + 12 * tags.len();
    for (name, data) in tags {
        bytes.extend(name.as_slice());
        bytes.extend((offset as u32).to_be_bytes());
        bytes.extend((data.len() as u32).to_be_bytes());
        offset += data.len();
    }
    bytes.extend(tags.iter().flat_map(|(_, data)| data));
    let size = (bytes.len() as u32).to_be_bytes();
    bytes[..4].copy_from_slice(&size);
    bytes
}

fn gamma(gamma: f64) -> Vec<u8> {
    let [high, low] = ((gamma * 256.0) as u16).to_be_bytes();
    [b"curv\0\0\0\0\0\0\0\x01".as_slice(), &[high, low, 0, 0]].concat()
}

/// A `lut8Type` of two nodes per ink: lightness is what black leaves, there is no hue.
fn black_only() -> Vec<u8> {
    let mut lut = b"mft1\0\0\0\0\x04\x03\x02\0".to_vec();
    lut.extend([1, 0, 0, 0, 1, 0, 0, 0, 1u32].map(|entry| (entry << 16).to_be_bytes()).concat());
    let ramp: Vec<u8> = (0..=255).collect();
    lut.extend(ramp.repeat(4));
    lut.extend((0..16).flat_map(|node| [if node & 1 == 1 { 0 } else { 255 }, 128, 128]));
    lut.extend(ramp.repeat(3));
    profile(b"CMYK", b"Lab ", &[(b"A2B0", lut)])
}

#[test]
fn primaries_of_display_p3_are_out_of_srgb() {
    let p3 = Standard::DisplayP3.profile();
    let pixels = [255, 0, 0, 0, 255, 0, 10, 20, 250, 128, 64, 32, 200, 200, 200];
    // As sharp converts them; in its own Display P3 the Z of red is rounded up to 0.
    near(&convert(p3, Standard::Srgb, RGB, &pixels), &[255, 0, 0, 0, 255, 0, 9, 20, 255, 138, 59, 22, 200, 200, 200]);
    let back = convert(Standard::Srgb.profile(), Standard::DisplayP3, RGB, &pixels[..9]);
    near(&back, &[234, 51, 34, 117, 251, 76, 11, 20, 240]);
}

/// Within two codes, which is what other roundings in the dark cost.
fn near(ours: &[u8], wanted: &[u8]) {
    assert_eq!(ours.len(), wanted.len());
    assert!(
        ours.iter().zip(wanted).all(|(ours, wanted)| ours.abs_diff(*wanted) <= 2),
        "{ours:?} is not near {wanted:?}"
    );
}

#[test]
fn alpha_is_no_colour() {
    let pixels = [255, 0, 0, 77, 10, 20, 250, 0];
    let srgb = convert(Standard::DisplayP3.profile(), Standard::Srgb, RGBA, &pixels);
    near(&srgb, &[255, 0, 0, 77, 9, 20, 255, 0]);
    assert_eq!((srgb[3], srgb[7]), (77, 0));
}

#[test]
fn deep_images_keep_their_depth() {
    let format = PixelFormat::new(ColourSpace::Rgb16, Depth::U16, true);
    let conversion = conversion(Standard::DisplayP3.profile(), Standard::Srgb, format).unwrap();
    let deep = Samples::U16(vec![32896, 16448, 8224, 12345]);
    let picture = Image::from_samples(Spec::new(1, 1, format), deep).unwrap();
    let mut rows = conversion.apply(Box::new(picture.into_rows())).unwrap();
    let converted = Image::collect(rows.as_mut()).unwrap();
    let peer = [35378u16, 15276, 5587, 12345];
    for (ours, peer) in converted.as_slice::<u16>().unwrap().iter().zip(peer) {
        assert!(ours.abs_diff(peer) <= 2 * 257, "{ours} is not near {peer}");
    }
}

#[test]
fn srgb_is_recognised_whatever_it_is_called() {
    let srgb = Standard::Srgb.profile();
    assert!(conversion(srgb, Standard::Srgb, RGB).unwrap().is_identity());
    // The same with another name and primaries rounded to three digits, as many writers have them.
    let mut renamed = srgb.bytes().to_vec();
    renamed[80..84].copy_from_slice(b"xxxx");
    let red = renamed.windows(8).position(|tag| tag == b"XYZ \0\0\0\0").unwrap();
    renamed[red + 10] ^= 0x08;
    let renamed = Profile::parse(&renamed).unwrap();
    assert!(conversion(&renamed, Standard::Srgb, RGB).unwrap().is_identity());
    assert!(!conversion(Standard::DisplayP3.profile(), Standard::Srgb, RGB).unwrap().is_identity());
}

#[test]
fn grey_profiles_lead_to_colour() {
    let grey = Profile::parse(&profile(b"GRAY", b"XYZ ", &[(b"kTRC", gamma(1.8))])).unwrap();
    let srgb = convert(&grey, Standard::Srgb, GREY, &[0, 50, 128, 200, 255]);
    near(&srgb, &[0, 65, 146, 210, 255].map(|code| [code; 3]).concat());
}

#[test]
fn ink_profiles_are_stretched_to_black() {
    let inks = Profile::parse(&black_only()).unwrap();
    let srgb = convert(&inks, Standard::Srgb, CMYK, &[0, 0, 0, 0, 255, 255, 255, 0, 9, 9, 9, 255, 0, 0, 0, 128]);
    for (ours, wanted) in srgb.iter().zip([255, 255, 255, 255, 255, 255, 0, 0, 0, 118, 118, 118]) {
        assert!(ours.abs_diff(wanted) <= 3, "{srgb:?}");
    }
}

#[test]
fn profiles_for_other_images_are_refused() {
    let srgb = Standard::Srgb.profile();
    assert!(conversion(srgb, Standard::Srgb, GREY).is_none());
    assert!(conversion(srgb, Standard::Srgb, CMYK).is_none());
    let grey = profile(b"GRAY", b"XYZ ", &[(b"kTRC", gamma(2.2))]);
    assert!(conversion(&Profile::parse(&grey).unwrap(), Standard::Srgb, RGB).is_none());
    // Without a table inks cannot be converted.
    let empty = Profile::parse(&profile(b"CMYK", b"Lab ", &[])).unwrap();
    assert!(conversion(&empty, Standard::Srgb, CMYK).is_none());
}

#[test]
fn damaged_profiles_are_none() {
    let srgb = Standard::Srgb.profile().bytes();
    assert!(Profile::parse(&[]).is_none());
    assert!(Profile::parse(&[0; 600]).is_none());
    assert!(Profile::parse(&srgb[..131]).is_none());
    assert!(Profile::parse(&srgb[..300]).is_none());
    for class in [b"abst", b"link", b"nmcl"] {
        let mut other = srgb.to_vec();
        other[12..16].copy_from_slice(class);
        assert!(Profile::parse(&other).is_none(), "{class:?}");
    }
}

/// Whatever bytes are damaged, the answer is a conversion or none.
#[test]
fn no_damage_makes_a_panic() {
    let ink = black_only();
    let mut state = 1u32;
    let mut random = move |below: usize| {
        state = state.wrapping_mul(1664525).wrapping_add(1013904223);
        (state >> 8) as usize % below
    };
    for (bytes, format) in [(Standard::DisplayP3.profile().bytes(), RGB), (&ink, CMYK)] {
        for _ in 0..if format == RGB { 2000 } else { 40 } {
            let mut damaged = bytes.to_vec();
            for _ in 0..1 + random(4) {
                let at = random(damaged.len().min(600));
                damaged[at] = random(256) as u8;
            }
            if random(8) == 0 {
                damaged.truncate(random(damaged.len()));
            }
            let Some(damaged) = Profile::parse(&damaged) else { continue };
            if conversion(&damaged, Standard::Srgb, format).is_some() {
                convert(&damaged, Standard::Srgb, format, &vec![200; format.channels() * 5]);
            }
        }
    }
}

#[test]
fn codes_of_light_are_srgb() {
    let mut light = [0.0; 256];
    light[1] = 0.2158;
    light[2] = f32::INFINITY;
    assert_eq!(shaper::codes_of(&light)[..3], [0, 128, 255]);
}
