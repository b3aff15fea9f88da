//! The colour page.

use super::operation::switch;
use crate::options::{Call, Method, Parsed, colour::set, invalid};

pub(super) const METHODS: &[Method] = &[
    Method { name: "tint", length: 1, call: |call| set(call, "tint", call.arg(0)) },
    Method { name: "greyscale", length: 1, call: |call| switch(call, "greyscale") },
    Method { name: "grayscale", length: 1, call: |call| switch(call, "greyscale") },
    Method { name: "pipelineColourspace", length: 1, call: |call| space(call, "colourspacePipeline") },
    Method { name: "pipelineColorspace", length: 1, call: |call| space(call, "colourspacePipeline") },
    Method { name: "toColourspace", length: 1, call: |call| space(call, "colourspace") },
    Method { name: "toColorspace", length: 1, call: |call| space(call, "colourspace") },
];

/// Names of `colourspace`.
pub const COLOURSPACE: &[(&str, &str)] =
    &[("multiband", "multiband"), ("b-w", "b-w"), ("bw", "b-w"), ("cmyk", "cmyk"), ("srgb", "srgb")];

fn space(call: &mut Call<'_>, key: &str) -> Parsed {
    let value = call.arg(0);
    let name = value.as_str().ok_or_else(|| invalid("colourspace", "string", value))?;
    call.set(key, name);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{apply, error, map, value};
    use crate::options::{Value, colour::parse};

    fn colour(text: &str) -> [f64; 4] {
        parse(&text.into()).unwrap()
    }

    #[test]
    fn text_is_parsed_as_css() {
        assert_eq!(colour("#f0a"), [255.0, 0.0, 170.0, 255.0]);
        assert_eq!(colour("#00FF0080"), [0.0, 255.0, 0.0, 128.0]);
        assert_eq!(colour("RebeccaPurple"), [102.0, 51.0, 153.0, 255.0]);
        assert_eq!(colour("transparent"), [0.0; 4]);
        assert_eq!(colour("rgb(1, 2.5, 300)"), [1.0, 2.5, 255.0, 255.0]);
        assert_eq!(colour("rgba(10%, 20%, 30%, 0.5)"), [26.0, 51.0, 77.0, 128.0]);
        assert_eq!(colour("rgb(1 2 3 / 50%)"), [1.0, 2.0, 3.0, 128.0]);
        assert_eq!(colour("hsl(120, 100%, 50%)"), [0.0, 255.0, 0.0, 255.0]);
        assert_eq!(colour("hwb(0, 50%, 50%)"), [127.5, 127.5, 127.5, 255.0]);
    }

    #[test]
    fn objects_and_lists_are_colours() {
        let object = map(&[("b", value(3)), ("g", value(2)), ("r", value(-1)), ("alpha", value(0.5))]);
        assert_eq!(parse(&object).unwrap(), [0.0, 2.0, 3.0, 128.0]);
        assert_eq!(parse(&[9.0, 8.0].into()).unwrap(), [9.0, 8.0, 0.0, 255.0]);
        let hsv = map(&[("h", value(240)), ("s", value(100)), ("v", value(100))]);
        assert_eq!(parse(&hsv).unwrap(), [0.0, 0.0, 255.0, 255.0]);
    }

    #[test]
    fn nonsense_has_its_sentences() {
        assert_eq!(error("tint", &["notacolour".into()]), "Unable to parse color from string: notacolour");
        assert_eq!(
            error("tint", &[value(1)]),
            "Expected object or string for background but received 1 of type number"
        );
        assert_eq!(error("tint", &[map(&[("a", "b".into())])]), "Unable to parse color from object: {\"a\":\"b\"}");
        let words = map(&[("r", "x".into()), ("g", value(0)), ("b", value(0))]);
        assert_eq!(error("tint", &[words]), "Expected number for background.red but received NaN of type number");
    }

    #[test]
    fn both_spellings_set_one_option() {
        assert_eq!(apply("grayscale", &[]).get("greyscale"), &Value::Bool(true));
        assert_eq!(apply("toColorspace", &["b-w".into()]).get("colourspace"), &"b-w".into());
        assert_eq!(
            error("toColorspace", &[]),
            "Expected string for colourspace but received undefined of type undefined"
        );
    }
}
