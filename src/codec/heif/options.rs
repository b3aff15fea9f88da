//! What `avif()` and `heif()` take and what the options bag holds of it.

use crate::options::{Call, Method, Parsed, Value, bag, bag_enum, invalid};

pub(super) const METHOD: Method = Method { name: "heif", length: 1, call: heif };

/// The method that chooses HEIF with AV1.
pub(crate) const AVIF_METHOD: Method = Method { name: "avif", length: 1, call: avif };

bag_enum! {
    /// How pixels are coded.
    pub enum HeifCompression {
        Av1 = "av1",
        /// Patented; only told of.
        Hevc = "hevc",
    }
}

bag_enum! {
    /// How much colour is kept.
    pub enum ChromaSubsampling {
        /// A quarter of it.
        Half = "4:2:0",
        /// All.
        Full = "4:4:4",
    }
}

bag_enum! {
    /// The measure of likeness that the encoder aims at.
    pub enum HeifTune {
        /// Chosen for the eye.
        Auto = "auto",
        /// The same.
        Iq = "iq",
        Psnr = "psnr",
        Ssim = "ssim",
    }
}

bag! {
    /// What `heif()` and `avif()` set.
    pub struct HeifOptions {
        /// Quality, 1 to 100.
        "heifQuality" => quality: u32 = 50, 1..=100;
        /// Exact pixels.
        "heifLossless" => lossless: bool = false;
        "heifCompression" => compression: HeifCompression = HeifCompression::Av1;
        /// CPU effort, 0 to 9.
        "heifEffort" => effort: u32 = 4, 0..=9;
        "heifChromaSubsampling" => chroma_subsampling: ChromaSubsampling = ChromaSubsampling::Full;
        /// Bits of a sample: 8, 10 or 12.
        "heifBitdepth" => bitdepth: u32 = 8, 8..=12;
        "heifTune" => tune: HeifTune = HeifTune::Auto;
    }
}

const COMPRESSIONS: [&str; 2] = ["av1", "hevc"];
const SUBSAMPLINGS: [&str; 2] = ["4:2:0", "4:4:4"];
const TUNES: [&str; 4] = ["auto", "iq", "psnr", "ssim"];

/// The error of an option that must be one of some.
fn one_of(names: &[&str]) -> String {
    format!("one of: {}", names.join(", "))
}

/// Sets an option to a value that is `valid`; `names` are for the error: of the option, and what was expected. An absent value
/// changes nothing.
fn checked(
    call: &mut Call<'_>,
    key: &str,
    value: &Value,
    names: (&str, &str),
    valid: impl Fn(&Value) -> bool,
) -> Parsed {
    if !value.is_defined() {
        return Ok(());
    }
    if !valid(value) {
        return Err(invalid(names.0, names.1, value));
    }
    call.set(key, value.clone());
    Ok(())
}

/// Chooses HEIF as output with AV1, whatever the caller says of the compression.
fn avif(call: &mut Call<'_>) -> Parsed {
    call.set("heifCompression", "av1");
    set_options(call)
}

/// Chooses HEIF as output; the compression must be named.
fn heif(call: &mut Call<'_>) -> Parsed {
    let options = call.arg(0);
    if !options.is_object() {
        return Err(invalid("options", "Object", options));
    }
    let compression = options.get("compression");
    if !compression.is_defined() {
        return Err(invalid("compression", one_of(&COMPRESSIONS), compression));
    }
    call.set_one_of("heifCompression", compression, &COMPRESSIONS, "compression", &one_of(&COMPRESSIONS))?;
    set_options(call)
}

/// Sets the options that both methods take; the checks are in the order in which errors are expected.
fn set_options(call: &mut Call<'_>) -> Parsed {
    let options = call.arg(0);
    let (quality, effort) = (options.get("quality"), options.get("effort"));
    call.set_integer("heifQuality", quality, 1.0..=100.0, "quality", "integer between 1 and 100")?;
    checked(call, "heifLossless", options.get("lossless"), ("lossless", "boolean"), |value| value.as_bool().is_some())?;
    call.set_integer("heifEffort", effort, 0.0..=9.0, "effort", "integer between 0 and 9")?;
    let subsampling = options.get("chromaSubsampling");
    let expected = one_of(&SUBSAMPLINGS);
    call.set_one_of("heifChromaSubsampling", subsampling, &SUBSAMPLINGS, "chromaSubsampling", &expected)?;
    let is_depth = |value: &Value| value.as_integer().is_some_and(|depth| [8.0, 10.0, 12.0].contains(&depth));
    checked(call, "heifBitdepth", options.get("bitdepth"), ("bitdepth", "8, 10 or 12"), is_depth)?;
    call.set_one_of("heifTune", options.get("tune"), &TUNES, "tune", &one_of(&TUNES))?;
    // What pleases the eye is not asked where nothing may change.
    if options.get("tune").as_str() == Some("iq") && call.option("heifLossless").as_bool() == Some(true) {
        call.set("heifTune", "ssim");
    }
    if options.get("force") != &Value::Bool(false) {
        call.set("formatOut", "heif");
    }
    Ok(())
}
