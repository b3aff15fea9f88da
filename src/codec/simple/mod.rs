//! Simple formats, read by the crate `image`: each is one line of this table. They are small images and interchange
//! formats, so they are decoded whole.

mod decode;

use image::ImageFormat;

use super::{Codec, Decoder, Place};

/// A format of the crate and how its files begin.
struct Signature {
    format: ImageFormat,
    sniff: fn(&[u8]) -> bool,
}

/// Registry entries and the table of signatures, from one line each.
macro_rules! simple {
    ($($(#[$doc:meta])* $name:ident: $format:ident, $id:literal, $media:expr, $suffixes:expr, $loaders:expr, $sniff:expr;)*) => {
        $(
            $(#[$doc])*
            pub static $name: Codec = Codec {
                id: $id,
                media_type: $media,
                suffixes: &$suffixes,
                place: Place::Anywhere,
                aliases: &[],
                loaders: &$loaders,
                decoder: Some(Decoder::rows($sniff, decode::header, decode::decode)),
                encoder: None,
            };
        )*

        static SIGNATURES: &[Signature] = &[$(Signature { format: ImageFormat::$format, sniff: $sniff },)*];
    };
}

simple! {
    /// Windows bitmaps.
    BMP: Bmp, "bmp", Some("image/bmp"), ["bmp", "dib"], [], is_bmp;
    /// Netpbm's formats.
    PPM: Pnm, "ppm", None, ["ppm", "pgm", "pbm", "pnm", "pam"],
        ["VipsForeignLoadPpm", "VipsForeignLoadPpmFile", "VipsForeignLoadPpmBuffer"], is_pnm;
    /// Radiance HDR; its light is cut at the white of sRGB.
    RAD: Hdr, "rad", None, ["hdr"], ["VipsForeignLoadRad", "VipsForeignLoadRadFile", "VipsForeignLoadRadBuffer"],
        |start| start.starts_with(b"#?RADIANCE\n") || start.starts_with(b"#?RGBE\n");
    FARBFELD: Farbfeld, "farbfeld", None, ["ff"], [], |start| start.starts_with(b"farbfeld");
    /// DirectDraw surfaces, DXT1 to DXT5.
    DDS: Dds, "dds", Some("image/vnd-ms.dds"), ["dds"], [], |start| start.starts_with(b"DDS \x7c\0\0\0");
    /// OpenEXR: the first layer with red, green and blue; its light is cut at the white of sRGB.
    EXR: OpenExr, "exr", Some("image/x-exr"), ["exr"], ["VipsForeignLoadOpenexr", "VipsForeignLoadOpenexrFile"],
        |start| start.starts_with(b"\x76\x2f\x31\x01");
    /// Truevision TGA, which has no signature: last of these.
    TGA: Tga, "tga", Some("image/x-tga"), ["tga"], [], is_tga;
}

/// Two letters say little: the reserved field must be zero, and the second header have one of the known sizes.
fn is_bmp(start: &[u8]) -> bool {
    const HEADER_SIZES: [u8; 7] = [12, 16, 40, 52, 56, 108, 124];
    match start {
        [b'B', b'M', _, _, _, _, 0, 0, 0, 0, _, _, _, _, size, 0, 0, 0, ..] => HEADER_SIZES.contains(size),
        _ => false,
    }
}

/// A header of a kind of image that there is, whose fields agree with each other and leave nothing to chance: a map of
/// colours only where pixels refer to one, a usual depth, no more bits of alpha than it has, and no bits that are reserved.
/// Source: Truevision TGA, version 2.0.
fn is_tga(start: &[u8]) -> bool {
    let Some(&[_, map, kind, first_low, first_high, len_low, len_high, entry, _, _, _, _, w, w2, h, h2, depth, flags]) =
        start.first_chunk::<18>()
    else {
        return false;
    };
    let first = u16::from_le_bytes([first_low, first_high]);
    let len = u16::from_le_bytes([len_low, len_high]);
    let alpha = flags & 0x0f;
    let no_map = map == 0 && (first, len, entry) == (0, 0, 0);
    let agrees = match kind {
        1 | 9 => map == 1 && len > 0 && matches!(entry, 15 | 16 | 24 | 32) && depth == 8,
        2 | 10 => no_map && matches!((depth, alpha), (15 | 16, 0 | 1) | (24, 0) | (32, 0 | 8)),
        3 | 11 => no_map && matches!((depth, alpha), (8, 0) | (16, 8)),
        _ => false,
    };
    agrees && flags & 0xc0 == 0 && (w, w2) != (0, 0) && (h, h2) != (0, 0)
}

fn is_pnm(start: &[u8]) -> bool {
    matches!(start, [b'P', b'1'..=b'7', b' ' | b'\t' | b'\r' | b'\n', ..])
}

/// The crate's format of a file that begins so.
fn format_of(start: &[u8]) -> Option<ImageFormat> {
    SIGNATURES.iter().find(|signature| (signature.sniff)(start)).map(|signature| signature.format)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_strict() {
        let mut bmp = b"BM\x3a\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".to_vec();
        assert_eq!(format_of(&bmp), Some(ImageFormat::Bmp));
        bmp[6] = 1;
        assert_eq!(format_of(&bmp), None);
        assert_eq!(format_of(b"P6\n1 1 255\n"), Some(ImageFormat::Pnm));
        assert_eq!(format_of(b"P6x"), None);
        assert_eq!(format_of(b""), None);
    }

    #[test]
    fn tga_is_known_by_all_of_its_header() {
        let colour = *b"\0\0\x02\0\0\0\0\0\0\0\0\0\x05\0\x04\0\x20\x28";
        assert_eq!(format_of(&colour), Some(ImageFormat::Tga));
        let mapped = *b"\0\x01\x09\0\0\x10\0\x18\0\0\0\0\x05\0\x04\0\x08\0";
        assert_eq!(format_of(&mapped), Some(ImageFormat::Tga));
        for (at, value) in [(1, 1), (2, 4), (3, 1), (7, 24), (12, 0), (14, 0), (16, 25), (17, 0x49), (17, 0x23)] {
            let mut changed = colour;
            changed[at] = value;
            assert_eq!(format_of(&changed), None, "{value} at {at}");
        }
        assert_eq!(format_of(&colour[..17]), None);
    }
}
