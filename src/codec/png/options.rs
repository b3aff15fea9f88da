//! What `png()` takes, and what the options bag says about PNG output.

use crate::{
    codec::{animation, palette::set_colours},
    options::{Call, Method, Parsed, bag},
};

bag! {
    /// What `png()` sets.
    pub struct PngOptions {
        /// Adam7 interlacing.
        "pngProgressive" => progressive: bool = false;
        /// Effort of the compressor: 0 stores, 9 tries hardest.
        "pngCompressionLevel" => compression_level: u32 = 6, 0..=9;
        /// Choose a filter for each row.
        "pngAdaptiveFiltering" => adaptive_filtering: bool = false;
        /// Reduce to a palette.
        "pngPalette" => palette: bool = false;
        /// Quality of the palette: below 100 fewer colours will do.
        "pngQuality" => quality: u32 = 100, 0..=100;
        /// Effort of the palette search.
        "pngEffort" => effort: u32 = 7, 1..=10;
        /// Bits per sample, or per palette index: 1, 2, 4, 8 or 16. Below 8 implies a palette.
        "pngBitdepth" => bit_depth: u32 = 8, 1..=16;
        /// Most colours of a palette; fewer where the bit depth has no room for them.
        "pngColours" => colours: u32 = 256, 2..=256;
        /// Strength of error diffusion, 0 is none.
        "pngDither" => dither: f64 = 1.0, 0.0..=1.0;
        /// Write an image of several frames as an animation, not as one tall image.
        "pngAnimation" => animation: bool = false;
    }
}

impl PngOptions {
    /// Bits of a palette index.
    pub(super) const fn index_bits(&self) -> u32 {
        match self.bit_depth {
            0 | 1 => 1,
            2 => 2,
            3 | 4 => 4,
            _ => 8,
        }
    }
}

/// `png(options)`.
pub(super) const METHOD: Method = Method { name: "png", length: 1, call: parse };

fn parse(call: &mut Call<'_>) -> Parsed {
    let options = call.arg(0);
    if options.is_object() {
        call.set_bool("pngProgressive", options.get("progressive"))?;
        let level = options.get("compressionLevel");
        call.set_integer("pngCompressionLevel", level, 0.0..=9.0, "compressionLevel", "integer between 0 and 9")?;
        call.set_bool("pngAdaptiveFiltering", options.get("adaptiveFiltering"))?;
        set_colours(call, "pngColours", "pngBitdepth", options)?;
        let palette = options.get("palette");
        if palette.is_defined() {
            call.set_bool("pngPalette", palette)?;
        } else if ["quality", "effort", "colours", "colors", "dither"].iter().any(|key| options.get(key).is_defined()) {
            call.set("pngPalette", true);
        }
        if call.option("pngPalette").as_bool() == Some(true) {
            let (quality, effort) = (options.get("quality"), options.get("effort"));
            call.set_integer("pngQuality", quality, 0.0..=100.0, "quality", "integer between 0 and 100")?;
            call.set_integer("pngEffort", effort, 1.0..=10.0, "effort", "integer between 1 and 10")?;
            call.set_number("pngDither", options.get("dither"), 0.0..=1.0, "dither", "number between 0.0 and 1.0")?;
        }
    }
    animation::set_options(call, options)?;
    if ["loop", "delay"].iter().any(|key| options.get(key).is_defined()) {
        call.set("pngAnimation", true);
    }
    if options.get("force").as_bool() != Some(false) {
        call.set("formatOut", "png");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Value;

    fn map(entries: &[(&str, Value)]) -> Value {
        Value::Map(entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
    }

    fn run(options: Value) -> Result<Vec<(String, Value)>, String> {
        let (args, bag) =
            ([options], Value::Map(PngOptions::defaults().iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect()));
        let mut call = Call::new(&args, &bag);
        parse(&mut call).map_err(|error| error.to_string())?;
        Ok(call.finish().patch)
    }

    fn set(key: &str, value: impl Into<Value>) -> (String, Value) {
        (key.to_owned(), value.into())
    }

    #[test]
    fn no_options_choose_the_format_only() {
        assert_eq!(run(Value::Undefined).unwrap(), [set("formatOut", "png")]);
        assert_eq!(run(map(&[("force", false.into())])).unwrap(), []);
    }

    #[test]
    fn colours_become_a_bit_depth_and_a_palette() {
        for (colours, depth) in [(2.0, 1.0), (3.0, 2.0), (4.0, 2.0), (5.0, 4.0), (16.0, 4.0), (17.0, 8.0), (256.0, 8.0)]
        {
            let patch = run(map(&[("colors", colours.into())])).unwrap();
            let wanted = [
                set("pngBitdepth", depth),
                set("pngColours", colours),
                set("pngPalette", true),
                set("formatOut", "png"),
            ];
            assert_eq!(patch, wanted);
        }
    }

    #[test]
    fn zero_colours_count_as_absent_in_one_spelling_only() {
        assert_eq!(run(map(&[("colours", 0.0.into())])).unwrap()[0], set("pngPalette", true));
        let error = run(map(&[("colors", 0.0.into())])).unwrap_err();
        assert_eq!(error, "Expected integer between 2 and 256 for colours but received 0 of type number");
    }

    #[test]
    fn palette_options_are_not_looked_at_without_a_palette() {
        let patch = run(map(&[("palette", false.into()), ("quality", 500.0.into())])).unwrap();
        assert_eq!(patch, [set("pngPalette", false), set("formatOut", "png")]);
        let error = run(map(&[("quality", 500.0.into())])).unwrap_err();
        assert_eq!(error, "Expected integer between 0 and 100 for quality but received 500 of type number");
    }

    #[test]
    fn wrong_values_are_named() {
        let error = run(map(&[("compressionLevel", 10.0.into())])).unwrap_err();
        assert_eq!(error, "Expected integer between 0 and 9 for compressionLevel but received 10 of type number");
        let error = run(map(&[("progressive", 1.0.into())])).unwrap_err();
        assert_eq!(error, "Expected boolean for pngProgressive but received 1 of type number");
    }
}
