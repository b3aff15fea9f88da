//! What `tiff()` takes and what the options bag holds of it.

use crate::options::{Call, Method, Parsed, Value, bag, bag_enum, invalid};

pub(super) const METHOD: Method = Method { name: "tiff", length: 1, call: tiff };

bag_enum! {
    /// How strips and tiles are compressed.
    pub enum TiffCompression {
        None = "none",
        /// Lossy.
        Jpeg = "jpeg",
        Deflate = "deflate",
        PackBits = "packbits",
        /// Group 4, for images of one bit.
        CcittFax4 = "ccittfax4",
        Lzw = "lzw",
        /// Lossy.
        WebP = "webp",
        Zstd = "zstd",
        /// JPEG 2000, which is not written.
        Jp2k = "jp2k",
    }
}

bag_enum! {
    /// What is done to samples so that they compress better.
    pub enum TiffPredictor {
        None = "none",
        /// Differences to the pixel before.
        Horizontal = "horizontal",
        /// Samples become floating point, whose bytes are sorted by significance.
        Float = "float",
    }
}

bag_enum! {
    /// The unit that the density is stated for.
    pub enum TiffResolutionUnit {
        Inch = "inch",
        Centimetre = "cm",
    }
}

const COMPRESSIONS: [&str; 9] = ["none", "jpeg", "deflate", "packbits", "ccittfax4", "lzw", "webp", "zstd", "jp2k"];
const PREDICTORS: [&str; 3] = ["none", "horizontal", "float"];
const UNITS: [&str; 2] = ["inch", "cm"];

bag! {
    /// What `tiff()` sets.
    pub struct TiffOptions {
        /// Quality of JPEG and WebP, 1 to 100.
        "tiffQuality" => quality: u32 = 80, 1..=100;
        "tiffCompression" => compression: TiffCompression = TiffCompression::Jpeg;
        /// Offsets of 64 bits.
        "tiffBigtiff" => big: bool = false;
        "tiffPredictor" => predictor: TiffPredictor = TiffPredictor::Horizontal;
        /// Smaller copies behind the image, each half the size of the one before. Implies tiles.
        "tiffPyramid" => pyramid: bool = false;
        /// Store white as 0, where the image is grey without alpha.
        "tiffMiniswhite" => white_is_zero: bool = false;
        /// Bits of a sample of grey without alpha, 1, 2 or 4; 0 is as they are.
        "tiffBitdepth" => bit_depth: u32 = 0, 0..=8;
        /// Tiles in place of strips.
        "tiffTile" => tile: bool = false;
        /// Rows of a tile or strip.
        "tiffTileHeight" => tile_height: u32 = 256, 1..=32768;
        /// Pixels across a tile.
        "tiffTileWidth" => tile_width: u32 = 256, 1..=32768;
        /// Pixels per millimetre across.
        "tiffXres" => x_resolution: f64 = 1.0, 0.001..=1_000_000.0;
        /// Pixels per millimetre down.
        "tiffYres" => y_resolution: f64 = 1.0, 0.001..=1_000_000.0;
        "tiffResolutionUnit" => unit: TiffResolutionUnit = TiffResolutionUnit::Inch;
    }
}

/// Chooses TIFF as output and sets its options; the checks are in the order in which errors are expected.
fn tiff(call: &mut Call<'_>) -> Parsed {
    let options = call.arg(0);
    if options.is_object() {
        let integer = |call: &mut Call<'_>, key: &str, name: &str, high: f64| {
            let expected = format!("integer between 1 and {high}");
            call.set_integer(key, options.get(name), 1.0..=high, name, &expected)
        };
        let one_of = |call: &mut Call<'_>, key: &str, name: &str, choices: &[&str]| {
            let expected = format!("one of: {}", choices.join(", "));
            call.set_one_of(key, options.get(name), choices, name, &expected)
        };
        let resolution = |call: &mut Call<'_>, key: &str, name: &str| {
            let range = 0.001..=1_000_000.0;
            call.set_number(key, options.get(name), range, name, "number between 0.001 and 1000000")
        };
        integer(call, "tiffQuality", "quality", 100.0)?;
        let depth = options.get("bitdepth");
        if depth.is_defined() {
            let valid = depth.as_integer().filter(|depth| [1.0, 2.0, 4.0].contains(depth));
            call.set("tiffBitdepth", valid.ok_or_else(|| invalid("bitdepth", "1, 2 or 4", depth))?);
        }
        call.set_bool("tiffTile", options.get("tile"))?;
        integer(call, "tiffTileWidth", "tileWidth", 32768.0)?;
        integer(call, "tiffTileHeight", "tileHeight", 32768.0)?;
        call.set_bool("tiffMiniswhite", options.get("miniswhite"))?;
        call.set_bool("tiffPyramid", options.get("pyramid"))?;
        resolution(call, "tiffXres", "xres")?;
        resolution(call, "tiffYres", "yres")?;
        one_of(call, "tiffCompression", "compression", &COMPRESSIONS)?;
        call.set_bool("tiffBigtiff", options.get("bigtiff"))?;
        one_of(call, "tiffPredictor", "predictor", &PREDICTORS)?;
        one_of(call, "tiffResolutionUnit", "resolutionUnit", &UNITS)?;
    }
    if options.get("force") != &Value::Bool(false) {
        call.set("formatOut", "tiff");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::OptionValue;

    #[test]
    fn the_choices_are_those_of_the_types() {
        let texts = |all: &[&'static str], expected: &str| assert_eq!(format!("one of: {}", all.join(", ")), expected);
        texts(&COMPRESSIONS, TiffCompression::EXPECTED);
        texts(&PREDICTORS, TiffPredictor::EXPECTED);
        texts(&UNITS, TiffResolutionUnit::EXPECTED);
    }
}
