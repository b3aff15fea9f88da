//! Methods of formats that cannot be written yet. Their options are checked and stand in the bag; an output that asks for one
//! of the formats is rejected. A format that gets an encoder takes its part of this file along.

use crate::{
    codec::animation,
    options::{Bag, Call, Method, Parsed, Value, bag, bag_enum, check},
};

/// A format without an encoder.
pub struct Unwritten {
    /// Its name in `formatOut`.
    pub id: &'static str,
    pub method: Method,
    /// The options' names and defaults, for the options bag.
    pub defaults: fn() -> Vec<(&'static str, Value)>,
    /// Checks the options as they stand in the bag.
    pub check: fn(&dyn Bag) -> Parsed,
    /// File name endings, without a dot.
    pub suffixes: &'static [&'static str],
    /// Names that the format table lists beside `id`.
    pub aliases: &'static [&'static str],
    /// What is not supported yet.
    pub what: &'static str,
}

/// Every such format.
pub const UNWRITTEN: &[Unwritten] = &[
    Unwritten {
        id: "jp2",
        method: Method { name: "jp2", length: 1, call: jp2 },
        defaults: Jp2Options::defaults,
        check: |bag| Jp2Options::read(bag).map(drop),
        suffixes: &["jp2", "jpx", "j2k", "j2c"],
        aliases: &["j2c", "j2k", "jp2", "jpx"],
        what: "JPEG 2000 output",
    },
    Unwritten {
        id: "jxl",
        method: Method { name: "jxl", length: 1, call: jxl },
        defaults: JxlOptions::defaults,
        check: |bag| JxlOptions::read(bag).map(drop),
        suffixes: &["jxl"],
        aliases: &[],
        what: "JPEG XL output",
    },
];

/// The entry for a format's name, or for `input` by the ending of the path.
pub fn unwritten(format_out: &str, path: &str) -> Option<&'static Unwritten> {
    let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    let is_meant = |format: &&Unwritten| match format_out {
        "input" => format.suffixes.contains(&ending.as_str()),
        name => format.id == name,
    };
    UNWRITTEN.iter().find(is_meant)
}

bag_enum! {
    /// How many chroma samples JPEG 2000 keeps.
    enum Jp2Subsampling {
        None = "4:4:4",
        Quarter = "4:2:0",
    }
}

bag! {
    /// Options of the JPEG 2000 encoder.
    struct Jp2Options {
        /// Quality, 1 to 100.
        "jp2Quality" => quality: u32 = 80, 1..=100;
        /// Rows of one tile.
        "jp2TileHeight" => tile_height: u32 = 512, 1..=32768;
        /// Columns of one tile.
        "jp2TileWidth" => tile_width: u32 = 512, 1..=32768;
        "jp2Lossless" => lossless: bool = false;
        "jp2ChromaSubsampling" => chroma_subsampling: Jp2Subsampling = Jp2Subsampling::None;
    }
}

bag! {
    /// Options of the JPEG XL encoder.
    struct JxlOptions {
        /// Butteraugli distance, 0 is without loss that can be seen at all.
        "jxlDistance" => distance: f64 = 1.0, 0.0..=25.0;
        /// Decoding speed, 4 is the fastest.
        "jxlDecodingTier" => decoding_tier: u32 = 0, 0..=4;
        /// CPU effort, 1 to 9.
        "jxlEffort" => effort: u32 = 7, 1..=9;
        "jxlLossless" => lossless: bool = false;
    }
}

/// Chooses the format, unless `force` is false.
fn choose(call: &mut Call<'_>, format: &str) -> Parsed {
    if call.arg(0).get("force").as_bool() != Some(false) {
        call.set("formatOut", format);
    }
    Ok(())
}

/// Refused by the method itself, before it looks at options: what programs ask for when they try whether it is there.
fn jp2(_: &mut Call<'_>) -> Parsed {
    Err(check::other("JP2 output requires libvips with support for OpenJPEG"))
}

/// The Butteraugli distance that gives about the quality that JPEG has at the same number, as libjxl maps them.
fn distance(quality: f64) -> f64 {
    if quality >= 30.0 {
        0.1 + (100.0 - quality) * 0.09
    } else {
        53.0 / 3000.0 * quality * quality - 23.0 / 20.0 * quality + 25.0
    }
}

fn jxl(call: &mut Call<'_>) -> Parsed {
    let options = call.arg(0);
    let quality = check::integer(options.get("quality"), 1.0..=100.0, "quality", "integer between 1 and 100")?;
    match quality {
        Some(quality) => call.set("jxlDistance", distance(quality)),
        None => {
            let (value, expected) = (options.get("distance"), "number between 0.0 and 15.0");
            call.set_number("jxlDistance", value, 0.0..=15.0, "distance", expected)?;
        }
    }
    let (tier, expected) = (options.get("decodingTier"), "integer between 0 and 4");
    call.set_integer("jxlDecodingTier", tier, 0.0..=4.0, "decodingTier", expected)?;
    call.set_some("jxlLossless", check::boolean(options.get("lossless"), "lossless"))?;
    call.set_integer("jxlEffort", options.get("effort"), 1.0..=9.0, "effort", "integer between 1 and 9")?;
    animation::set_options(call, options)?;
    choose(call, "jxl")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn qualities_become_distances() {
        assert!((distance(100.0) - 0.1).abs() < 1e-12);
        assert!((distance(30.0) - 6.4).abs() < 1e-12);
        assert!(distance(1.0) > 23.0);
    }

    #[test]
    fn they_are_found_by_name_or_ending() {
        assert_eq!(unwritten("jxl", "").map(|format| format.what), Some("JPEG XL output"));
        assert_eq!(unwritten("input", "a.JXL").map(|format| format.id), Some("jxl"));
        assert!(unwritten("png", "a.dzi").is_none());
        assert!(unwritten("input", "").is_none());
    }
}
