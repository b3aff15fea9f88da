//! The tags that have a name. Source: Exif 2.32 (CIPA DC-008), tables 3 to 15; XP tags: Microsoft.

/// The directories of a block; the number is that of the `IFD0` to `IFD4` in the public API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Directory {
    /// The image.
    Primary = 0,
    /// The thumbnail.
    Thumbnail = 1,
    /// How the image was taken.
    Exif = 2,
    /// Where it was taken.
    Gps = 3,
    Interoperability = 4,
}

impl Directory {
    pub(super) const ALL: [Directory; 5] =
        [Directory::Primary, Directory::Thumbnail, Directory::Exif, Directory::Gps, Directory::Interoperability];
}

/// The tags that the code itself speaks of.
pub(super) mod tag {
    pub(in super::super) const IMAGE_WIDTH: u16 = 0x0100;
    pub(in super::super) const IMAGE_LENGTH: u16 = 0x0101;
    pub(in super::super) const COMPRESSION: u16 = 0x0103;
    pub(in super::super) const ORIENTATION: u16 = 0x0112;
    pub(in super::super) const X_RESOLUTION: u16 = 0x011a;
    pub(in super::super) const Y_RESOLUTION: u16 = 0x011b;
    pub(in super::super) const RESOLUTION_UNIT: u16 = 0x0128;
    pub(in super::super) const SUB_DIRECTORIES: u16 = 0x014a;
    pub(in super::super) const THUMBNAIL_OFFSET: u16 = 0x0201;
    pub(in super::super) const THUMBNAIL_LENGTH: u16 = 0x0202;
    pub(in super::super) const YCBCR_POSITIONING: u16 = 0x0213;
    pub(in super::super) const EXIF_DIRECTORY: u16 = 0x8769;
    pub(in super::super) const GPS_DIRECTORY: u16 = 0x8825;
    pub(in super::super) const EXIF_VERSION: u16 = 0x9000;
    pub(in super::super) const COMPONENTS_CONFIGURATION: u16 = 0x9101;
    pub(in super::super) const FLASHPIX_VERSION: u16 = 0xa000;
    pub(in super::super) const COLOUR_SPACE: u16 = 0xa001;
    pub(in super::super) const PIXEL_X_DIMENSION: u16 = 0xa002;
    pub(in super::super) const PIXEL_Y_DIMENSION: u16 = 0xa003;
    pub(in super::super) const INTEROPERABILITY_DIRECTORY: u16 = 0xa005;
}

/// What a tag's value looks like. Numbers are how many there are, 0 is any number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Ascii,
    /// Text behind eight bytes that name its character set.
    Comment,
    /// UTF-16, little-endian, with a NUL.
    Utf16,
    /// Four ASCII digits without a NUL.
    Version,
    Bytes(usize),
    /// Bytes whose type is "undefined".
    Undefined(usize),
    Shorts(usize),
    /// One number, `SHORT` as long as it fits.
    Size,
    Longs(usize),
    Rationals(usize),
    SignedRationals(usize),
}

use Form::*;

type Named = (&'static str, u16, Form);

/// Number and form of the tag with this name in this directory; names are those that the public API takes. A name of another
/// directory stands for its number, which may have a form of its own here.
pub(super) fn by_name(directory: Directory, name: &str) -> Option<(u16, Form)> {
    let own = match directory {
        Directory::Gps => GPS,
        Directory::Interoperability => INTEROPERABILITY,
        Directory::Primary | Directory::Thumbnail | Directory::Exif => PICTURE,
    };
    let tables = [own, PICTURE, GPS, INTEROPERABILITY];
    let (_, tag, form) = tables.into_iter().flatten().find(|(known, ..)| *known == name)?;
    let here = own.iter().find(|(_, known, _)| known == tag).map(|(.., form)| form);
    Some((*tag, *here.unwrap_or(form)))
}

/// Tags of the image, of the thumbnail and of how they were taken.
const PICTURE: &[Named] = &[
    ("ImageWidth", 0x0100, Size),
    ("ImageLength", 0x0101, Size),
    ("BitsPerSample", 0x0102, Shorts(3)),
    ("Compression", 0x0103, Shorts(1)),
    ("PhotometricInterpretation", 0x0106, Shorts(1)),
    ("DocumentName", 0x010d, Ascii),
    ("ImageDescription", 0x010e, Ascii),
    ("Make", 0x010f, Ascii),
    ("Model", 0x0110, Ascii),
    ("Orientation", 0x0112, Shorts(1)),
    ("SamplesPerPixel", 0x0115, Shorts(1)),
    ("XResolution", 0x011a, Rationals(1)),
    ("YResolution", 0x011b, Rationals(1)),
    ("PlanarConfiguration", 0x011c, Shorts(1)),
    ("ResolutionUnit", 0x0128, Shorts(1)),
    ("Software", 0x0131, Ascii),
    ("DateTime", 0x0132, Ascii),
    ("Artist", 0x013b, Ascii),
    ("WhitePoint", 0x013e, Rationals(2)),
    ("PrimaryChromaticities", 0x013f, Rationals(6)),
    ("YCbCrCoefficients", 0x0211, Rationals(3)),
    ("YCbCrSubSampling", 0x0212, Shorts(2)),
    ("YCbCrPositioning", 0x0213, Shorts(1)),
    ("ReferenceBlackWhite", 0x0214, Rationals(6)),
    ("Copyright", 0x8298, Ascii),
    ("ExposureTime", 0x829a, Rationals(1)),
    ("FNumber", 0x829d, Rationals(1)),
    ("ExposureProgram", 0x8822, Shorts(1)),
    ("SpectralSensitivity", 0x8824, Ascii),
    ("ISOSpeedRatings", 0x8827, Shorts(1)),
    ("SensitivityType", 0x8830, Shorts(1)),
    ("StandardOutputSensitivity", 0x8831, Longs(1)),
    ("RecommendedExposureIndex", 0x8832, Longs(1)),
    ("ISOSpeed", 0x8833, Longs(1)),
    ("ISOSpeedLatitudeyyy", 0x8834, Longs(1)),
    ("ISOSpeedLatitudezzz", 0x8835, Longs(1)),
    ("ExifVersion", 0x9000, Version),
    ("DateTimeOriginal", 0x9003, Ascii),
    ("DateTimeDigitized", 0x9004, Ascii),
    ("OffsetTime", 0x9010, Ascii),
    ("OffsetTimeOriginal", 0x9011, Ascii),
    ("OffsetTimeDigitized", 0x9012, Ascii),
    ("ComponentsConfiguration", 0x9101, Undefined(4)),
    ("CompressedBitsPerPixel", 0x9102, Rationals(1)),
    ("ShutterSpeedValue", 0x9201, SignedRationals(1)),
    ("ApertureValue", 0x9202, Rationals(1)),
    ("BrightnessValue", 0x9203, SignedRationals(1)),
    ("ExposureBiasValue", 0x9204, SignedRationals(1)),
    ("MaxApertureValue", 0x9205, Rationals(1)),
    ("SubjectDistance", 0x9206, Rationals(1)),
    ("MeteringMode", 0x9207, Shorts(1)),
    ("LightSource", 0x9208, Shorts(1)),
    ("Flash", 0x9209, Shorts(1)),
    ("FocalLength", 0x920a, Rationals(1)),
    ("SubjectArea", 0x9214, Shorts(0)),
    ("UserComment", 0x9286, Comment),
    ("SubsecTime", 0x9290, Ascii),
    ("SubSecTimeOriginal", 0x9291, Ascii),
    ("SubSecTimeDigitized", 0x9292, Ascii),
    ("XPTitle", 0x9c9b, Utf16),
    ("XPComment", 0x9c9c, Utf16),
    ("XPAuthor", 0x9c9d, Utf16),
    ("XPKeywords", 0x9c9e, Utf16),
    ("XPSubject", 0x9c9f, Utf16),
    ("FlashpixVersion", 0xa000, Version),
    ("ColorSpace", 0xa001, Shorts(1)),
    ("PixelXDimension", 0xa002, Longs(1)),
    ("PixelYDimension", 0xa003, Longs(1)),
    ("RelatedSoundFile", 0xa004, Ascii),
    ("FlashEnergy", 0xa20b, Rationals(1)),
    ("FocalPlaneXResolution", 0xa20e, Rationals(1)),
    ("FocalPlaneYResolution", 0xa20f, Rationals(1)),
    ("FocalPlaneResolutionUnit", 0xa210, Shorts(1)),
    ("SubjectLocation", 0xa214, Shorts(0)),
    ("ExposureIndex", 0xa215, Rationals(1)),
    ("SensingMethod", 0xa217, Shorts(1)),
    ("FileSource", 0xa300, Undefined(1)),
    ("SceneType", 0xa301, Undefined(1)),
    ("CustomRendered", 0xa401, Shorts(1)),
    ("ExposureMode", 0xa402, Shorts(1)),
    ("WhiteBalance", 0xa403, Shorts(1)),
    ("DigitalZoomRatio", 0xa404, Rationals(1)),
    ("FocalLengthIn35mmFilm", 0xa405, Shorts(1)),
    ("SceneCaptureType", 0xa406, Shorts(1)),
    ("GainControl", 0xa407, Shorts(1)),
    ("Contrast", 0xa408, Shorts(1)),
    ("Saturation", 0xa409, Shorts(1)),
    ("Sharpness", 0xa40a, Shorts(1)),
    ("SubjectDistanceRange", 0xa40c, Shorts(1)),
    ("ImageUniqueID", 0xa420, Ascii),
    ("CameraOwnerName", 0xa430, Ascii),
    ("BodySerialNumber", 0xa431, Ascii),
    ("LensSpecification", 0xa432, Rationals(4)),
    ("LensMake", 0xa433, Ascii),
    ("LensModel", 0xa434, Ascii),
    ("LensSerialNumber", 0xa435, Ascii),
    ("CompositeImage", 0xa460, Shorts(1)),
    ("SourceImageNumberOfCompositeImage", 0xa461, Shorts(2)),
    ("Gamma", 0xa500, Rationals(1)),
];

const GPS: &[Named] = &[
    ("GPSVersionID", 0x0000, Bytes(4)),
    ("GPSLatitudeRef", 0x0001, Ascii),
    ("GPSLatitude", 0x0002, Rationals(3)),
    ("GPSLongitudeRef", 0x0003, Ascii),
    ("GPSLongitude", 0x0004, Rationals(3)),
    ("GPSAltitudeRef", 0x0005, Bytes(1)),
    ("GPSAltitude", 0x0006, Rationals(1)),
    ("GPSTimeStamp", 0x0007, Rationals(3)),
    ("GPSSatellites", 0x0008, Ascii),
    ("GPSStatus", 0x0009, Ascii),
    ("GPSMeasureMode", 0x000a, Ascii),
    ("GPSDOP", 0x000b, Rationals(1)),
    ("GPSSpeedRef", 0x000c, Ascii),
    ("GPSSpeed", 0x000d, Rationals(1)),
    ("GPSTrackRef", 0x000e, Ascii),
    ("GPSTrack", 0x000f, Rationals(1)),
    ("GPSImgDirectionRef", 0x0010, Ascii),
    ("GPSImgDirection", 0x0011, Rationals(1)),
    ("GPSMapDatum", 0x0012, Ascii),
    ("GPSDestLatitudeRef", 0x0013, Ascii),
    ("GPSDestLatitude", 0x0014, Rationals(3)),
    ("GPSDestLongitudeRef", 0x0015, Ascii),
    ("GPSDestLongitude", 0x0016, Rationals(3)),
    ("GPSDestBearingRef", 0x0017, Ascii),
    ("GPSDestBearing", 0x0018, Rationals(1)),
    ("GPSDestDistanceRef", 0x0019, Ascii),
    ("GPSDestDistance", 0x001a, Rationals(1)),
    ("GPSProcessingMethod", 0x001b, Comment),
    ("GPSAreaInformation", 0x001c, Comment),
    ("GPSDateStamp", 0x001d, Ascii),
    ("GPSDifferential", 0x001e, Shorts(1)),
    ("GPSHPositioningError", 0x001f, Rationals(1)),
];

const INTEROPERABILITY: &[Named] =
    &[("InteroperabilityIndex", 0x0001, Ascii), ("InteroperabilityVersion", 0x0002, Version)];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_in_the_order_of_their_numbers() {
        for table in [PICTURE, GPS, INTEROPERABILITY] {
            assert!(table.is_sorted_by_key(|(_, tag, _)| *tag));
        }
    }

    #[test]
    fn a_name_stands_for_its_number_in_each_directory() {
        assert_eq!(by_name(Directory::Primary, "Copyright"), Some((0x8298, Ascii)));
        assert_eq!(by_name(Directory::Primary, "copyright"), None);
        assert_eq!(by_name(Directory::Primary, "GPSMapDatum"), Some((0x12, Ascii)), "of another");
        assert_eq!(by_name(Directory::Gps, "InteroperabilityVersion"), Some((2, Rationals(3))), "its form here");
        assert_eq!(by_name(Directory::Gps, "GPSLatitude"), Some((2, Rationals(3))));
    }
}
