//! The `jpeg()` method and what it sets.

use crate::options::{Call, Method, Parsed, bag, bag_enum, invalid};

bag_enum! {
    /// How many chroma samples are kept.
    pub enum ChromaSubsampling {
        /// One for each pixel.
        None = "4:4:4",
        /// One for four pixels.
        Quarter = "4:2:0",
    }
}

bag! {
    /// Options of the JPEG encoder.
    pub struct JpegOptions {
        /// Quality, 1 to 100.
        "jpegQuality" => quality: u32 = 80, 1..=100;
        /// Several scans of rising quality rather than one.
        "jpegProgressive" => progressive: bool = false;
        /// Chroma subsampling.
        "jpegChromaSubsampling" => chroma_subsampling: ChromaSubsampling = ChromaSubsampling::Quarter;
        /// Rate-distortion optimal rounding of coefficients; implies optimised coding.
        "jpegTrellisQuantisation" => trellis_quantisation: bool = false;
        /// Lets overshoot past black and white reduce ringing.
        "jpegOvershootDeringing" => overshoot_deringing: bool = false;
        /// Finds the best scans; only for progressive output.
        "jpegOptimiseScans" => optimise_scans: bool = false;
        /// Huffman tables made for this image rather than the standard ones.
        "jpegOptimiseCoding" => optimise_coding: bool = true;
        /// Base quantization tables: 0 is Annex K of the JPEG standard, 1 flat, 2 to 8 from the literature as in mozjpeg.
        "jpegQuantisationTable" => quantisation_table: u32 = 0, 0..=8;
    }
}

/// `jpeg(options)`.
pub(super) const METHOD: Method = Method { name: "jpeg", length: 1, call };

fn call(call: &mut Call<'_>) -> Parsed {
    let options = call.arg(0);
    let quality = options.get("quality");
    call.set_integer("jpegQuality", quality, 1.0..=100.0, "quality", "integer between 1 and 100")?;
    call.set_bool("jpegProgressive", options.get("progressive"))?;
    let subsampling = options.get("chromaSubsampling");
    let (choices, expected) = (["4:2:0", "4:4:4"], "one of: 4:2:0, 4:4:4");
    call.set_one_of("jpegChromaSubsampling", subsampling, &choices, "chromaSubsampling", expected)?;
    call.set_bool("jpegOptimiseCoding", either(options, "optimizeCoding", "optimiseCoding"))?;
    let mozjpeg = options.get("mozjpeg");
    if mozjpeg.is_defined() && mozjpeg.as_bool().ok_or_else(|| invalid("mozjpeg", "boolean", mozjpeg))? {
        call.set("jpegTrellisQuantisation", true);
        call.set("jpegOvershootDeringing", true);
        call.set("jpegOptimiseScans", true);
        call.set("jpegProgressive", true);
        call.set("jpegQuantisationTable", 3u32);
    }
    call.set_bool("jpegTrellisQuantisation", either(options, "trellisQuantization", "trellisQuantisation"))?;
    call.set_bool("jpegOvershootDeringing", options.get("overshootDeringing"))?;
    let optimise_scans = either(options, "optimizeScans", "optimiseScans");
    call.set_bool("jpegOptimiseScans", optimise_scans)?;
    if optimise_scans.as_bool() == Some(true) {
        call.set("jpegProgressive", true);
    }
    let table = match options.get("quantizationTable") {
        table if table.as_number().is_some() => table,
        _ => options.get("quantisationTable"),
    };
    call.set_integer("jpegQuantisationTable", table, 0.0..=8.0, "quantisationTable", "integer between 0 and 8")?;
    if options.get("force").as_bool() != Some(false) {
        call.set("formatOut", "jpeg");
    }
    Ok(())
}

/// The American spelling counts when it is a boolean.
fn either<'v>(options: &'v crate::options::Value, american: &str, british: &str) -> &'v crate::options::Value {
    match options.get(american) {
        value if value.as_bool().is_some() => value,
        _ => options.get(british),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Value;

    fn parse(options: Vec<(&str, Value)>) -> Parsed<Vec<(String, Value)>> {
        let args = [Value::Map(options.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())];
        let mut call = Call::new(&args, &Value::Undefined);
        (METHOD.call)(&mut call)?;
        Ok(call.finish().patch)
    }

    fn entry(key: &str, value: impl Into<Value>) -> (String, Value) {
        (key.to_owned(), value.into())
    }

    #[test]
    fn sets_what_is_given_and_the_format() {
        let patch = parse(vec![("quality", 50.0.into()), ("chromaSubsampling", "4:4:4".into())]).unwrap();
        let expected =
            [entry("jpegQuality", 50.0), entry("jpegChromaSubsampling", "4:4:4"), entry("formatOut", "jpeg")];
        assert_eq!(patch, expected);
        assert_eq!(parse(vec![("force", false.into())]).unwrap(), []);
        assert_eq!(parse(vec![("force", Value::Null)]).unwrap(), [entry("formatOut", "jpeg")]);
    }

    #[test]
    fn mozjpeg_is_a_group_that_later_options_override() {
        let patch = parse(vec![("trellisQuantization", false.into()), ("mozjpeg", true.into())]).unwrap();
        let last = |key: &str| patch.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value.clone());
        assert_eq!(last("jpegTrellisQuantisation"), Some(false.into()));
        assert_eq!(last("jpegOvershootDeringing"), Some(true.into()));
        assert_eq!(last("jpegProgressive"), Some(true.into()));
        assert_eq!(last("jpegQuantisationTable"), Some(3.0.into()));
    }

    #[test]
    fn says_what_is_wrong() {
        let error = |key, value: Value| parse(vec![(key, value)]).unwrap_err().to_string();
        assert_eq!(
            error("quality", 101.0.into()),
            "Expected integer between 1 and 100 for quality but received 101 of type number"
        );
        assert_eq!(
            error("progressive", "fail".into()),
            "Expected boolean for jpegProgressive but received fail of type string"
        );
        assert_eq!(
            error("chromaSubsampling", "4:2:2".into()),
            "Expected one of: 4:2:0, 4:4:4 for chromaSubsampling but received 4:2:2 of type string"
        );
        assert_eq!(
            error("quantizationTable", 1.1.into()),
            "Expected integer between 0 and 8 for quantisationTable but received 1.1 of type number"
        );
        assert_eq!(error("mozjpeg", "x".into()), "Expected boolean for mozjpeg but received x of type string");
    }
}
