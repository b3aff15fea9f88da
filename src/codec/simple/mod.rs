//! Simple formats, read by the crate `image`: each is one line of this table. They are small pictures and interchange
//! formats, so they are decoded whole. TGA is left out: it has no signature, and anything could be taken for one.

mod decode;

use image::ImageFormat;

use super::{Codec, Decoder};

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
                aliases: &[],
                loaders: &$loaders,
                decoder: Some(Decoder { sniff: $sniff, header: decode::header, decode: decode::decode }),
                encoder: None,
            };
        )*

        static SIGNATURES: &[Signature] = &[$(Signature { format: ImageFormat::$format, sniff: $sniff },)*];
    };
}

simple! {
    /// Windows bitmaps.
    BMP: Bmp, "bmp", Some("image/bmp"), ["bmp", "dib"], [], is_bmp;
    /// Windows icons: the largest of the pictures.
    ICO: Ico, "ico", Some("image/x-icon"), ["ico"], [], is_ico;
    /// Netpbm's formats.
    PPM: Pnm, "ppm", None, ["ppm", "pgm", "pbm", "pnm", "pam"],
        ["VipsForeignLoadPpm", "VipsForeignLoadPpmFile", "VipsForeignLoadPpmBuffer"], is_pnm;
    /// Quite OK Image.
    QOI: Qoi, "qoi", Some("image/qoi"), ["qoi"], [], |start| start.starts_with(b"qoif");
    /// Radiance HDR; its light is cut at the white of sRGB.
    RAD: Hdr, "rad", None, ["hdr"], ["VipsForeignLoadRad", "VipsForeignLoadRadFile", "VipsForeignLoadRadBuffer"],
        |start| start.starts_with(b"#?RADIANCE\n") || start.starts_with(b"#?RGBE\n");
    FARBFELD: Farbfeld, "farbfeld", None, ["ff"], [], |start| start.starts_with(b"farbfeld");
    /// DirectDraw surfaces, DXT1 to DXT5.
    DDS: Dds, "dds", Some("image/vnd-ms.dds"), ["dds"], [], |start| start.starts_with(b"DDS \x7c\0\0\0");
}

/// Two letters say little: the reserved field must be zero, and the second header have one of the known sizes.
fn is_bmp(start: &[u8]) -> bool {
    const HEADER_SIZES: [u8; 7] = [12, 16, 40, 52, 56, 108, 124];
    match start {
        [b'B', b'M', _, _, _, _, 0, 0, 0, 0, _, _, _, _, size, 0, 0, 0, ..] => HEADER_SIZES.contains(size),
        _ => false,
    }
}

/// An icon directory with at least one entry, whose own reserved byte must be zero too.
fn is_ico(start: &[u8]) -> bool {
    matches!(start, [0, 0, 1, 0, low, high, _, _, _, 0, ..] if (*low, *high) != (0, 0))
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
        assert_eq!(format_of(b"\0\0\x01\0\0\0\x10\x10\0\0"), None);
        assert_eq!(format_of(b""), None);
    }
}
