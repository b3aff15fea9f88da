//! The colour page, and colours as arguments: names, hexadecimal, `rgb()`, `hsl()`, `hwb()`, objects and arrays become red,
//! green, blue and alpha from 0 to 255.

use csscolorparser::NAMED_COLORS;

use super::{
    Call, Method, OptionValue, Parsed, Value, check,
    colour_model::{Model, clamp},
    colour_text, invalid,
    operation::switch,
};

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

/// Sets an option to a colour. An absent value changes nothing.
pub fn set(call: &mut Call<'_>, key: &str, value: &Value) -> Parsed {
    if value.is_defined() {
        call.set(key, parse(value)?.to_value());
    }
    Ok(())
}

/// The colour that an argument means, each channel from 0 to 255 and not rounded, alpha rounded.
pub(super) fn parse(value: &Value) -> Parsed<[f64; 4]> {
    let Colour { model, channels, alpha } = match value {
        Value::String(text) if (3..=200).contains(&text.encode_utf16().count()) => colour_text::parse(text)
            .ok_or_else(|| check::other(format!("Unable to parse color from string: {text}")))?,
        Value::List(channels) if !channels.is_empty() => from_list(channels),
        Value::Null => Colour { model: Model::Rgb, channels: [0.0; 4], alpha: 1.0 },
        _ if value.is_object() => from_object(value)
            .ok_or_else(|| check::other(format!("Unable to parse color from object: {}", json(value))))?,
        _ => return Err(invalid("background", "object or string", value)),
    };
    let [red, green, blue] = model.to_rgb(channels).map(|channel| clamp(channel, 255.0));
    // JavaScript rounds halves up.
    let alpha = (clamp(alpha, 1.0) * 255.0 + 0.5).floor();
    let colour = [red, green, blue, alpha];
    for (name, channel) in ["red", "green", "blue", "alpha"].iter().zip(colour) {
        if !channel.is_finite() {
            return Err(invalid(format!("background.{name}"), "number", &Value::Number(channel)));
        }
    }
    Ok(colour)
}

/// A colour in the model it was given in.
pub(super) struct Colour {
    pub(super) model: Model,
    /// As many as the model has, in its own scale.
    pub(super) channels: [f64; 4],
    /// 0 to 1.
    pub(super) alpha: f64,
}

fn from_list(list: &[Value]) -> Colour {
    let number = |value: &Value| if let Value::Number(number) = value { Some(*number) } else { None };
    let channel = |index: usize| list.get(index).and_then(number);
    let channels = [0, 1, 2].map(|index| channel(index).unwrap_or(0.0));
    Colour {
        model: Model::Rgb,
        channels: [channels[0], channels[1], channels[2], 0.0],
        alpha: channel(3).unwrap_or(1.0),
    }
}

/// A colour from an object that has the channels of one model, perhaps alpha, and nothing else.
fn from_object(value: &Value) -> Option<Colour> {
    let Value::Map(entries) = value else { return None };
    let alpha =
        if value.has("alpha") { if let Value::Number(alpha) = value.get("alpha") { *alpha } else { 0.0 } } else { 1.0 };
    let is_channel = |(name, _): &&(String, Value)| name != "alpha";
    let (model, labels) = Model::OBJECTS.into_iter().find(|(_, labels)| {
        entries.iter().filter(is_channel).count() == labels.len() && labels.iter().all(|label| value.has(label))
    })?;
    let channel = |index: usize| labels.get(index).map_or(&Value::Undefined, |label| value.get(label));
    match model {
        Model::Hex => Some(Colour { alpha, ..hexadecimal(channel(0)) }),
        Model::Keyword => Some(Colour { alpha, ..named(channel(0).as_str()?)? }),
        _ => {
            let channels = [0, 1, 2, 3].map(|index| if index < labels.len() { coerced(channel(index)) } else { 0.0 });
            Some(Colour { model, channels: model.limited(channels), alpha })
        }
    }
}

/// The first six, else the first three hexadecimal digits in a row; black when there are none.
fn hexadecimal(value: &Value) -> Colour {
    // There are such digits in the word `undefined`.
    let text = if value.is_defined() { value.to_string() } else { String::new() };
    let is_run = |start: usize, width: usize| {
        text.as_bytes().get(start..start + width).is_some_and(|run| run.iter().all(u8::is_ascii_hexdigit))
    };
    let start = (0..text.len()).find(|&start| is_run(start, 3));
    let digits = start.and_then(|start| text.get(start..start + if is_run(start, 6) { 6 } else { 3 }));
    let parsed = digits.and_then(|digits| colour_text::parse(&format!("#{digits}")));
    parsed.unwrap_or(Colour { model: Model::Rgb, channels: [0.0; 4], alpha: 1.0 })
}

/// What arithmetic makes of a value in JavaScript.
fn coerced(value: &Value) -> f64 {
    match value {
        Value::Number(number) => *number,
        Value::Bool(flag) => f64::from(u8::from(*flag)),
        Value::Null => 0.0,
        Value::String(text) => number_of(text.trim()),
        Value::List(_) => number_of(value.to_string().trim()),
        _ => f64::NAN,
    }
}

/// The number that a text without spaces around it means in JavaScript.
fn number_of(text: &str) -> f64 {
    let radix = |digits: Option<&str>, radix| {
        digits.and_then(|digits| u64::from_str_radix(digits, radix).ok()).map(|number| number as f64)
    };
    // The standard parser also takes words such as `inf`.
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    match text {
        "" => 0.0,
        _ if is_plain => text.parse().unwrap_or(f64::NAN),
        _ => radix(text.strip_prefix("0x").or(text.strip_prefix("0X")), 16)
            .or_else(|| radix(text.strip_prefix("0b").or(text.strip_prefix("0B")), 2))
            .or_else(|| radix(text.strip_prefix("0o").or(text.strip_prefix("0O")), 8))
            .unwrap_or(f64::NAN),
    }
}

/// Short JSON of an object, for the error that quotes it.
fn json(value: &Value) -> String {
    match value {
        Value::Map(entries) => {
            let is_left_out =
                |value: &Value| matches!(value, Value::Undefined | Value::Other { .. }) && value.type_of() != "object";
            let entries = entries.iter().filter(|(_, value)| !is_left_out(value));
            let texts: Vec<_> = entries.map(|(key, value)| format!("{}:{}", quoted(key), json(value))).collect();
            format!("{{{}}}", texts.join(","))
        }
        Value::List(values) => format!("[{}]", values.iter().map(json).collect::<Vec<_>>().join(",")),
        Value::String(text) => quoted(text),
        Value::Number(number) if !number.is_finite() => "null".to_owned(),
        Value::Other { type_of: "object", .. } | Value::Bytes(_) => "{}".to_owned(),
        Value::Undefined | Value::Other { .. } => "null".to_owned(),
        _ => value.to_string(),
    }
}

/// A text as JSON has it.
fn quoted(text: &str) -> String {
    let mut json = String::with_capacity(text.len() + 2);
    json.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => json.extend(['\\', character]),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            '\u{8}' => json.push_str("\\b"),
            '\u{c}' => json.push_str("\\f"),
            '\0'..'\u{20}' => json.push_str(&format!("\\u{:04x}", u32::from(character))),
            _ => json.push(character),
        }
    }
    json.push('"');
    json
}

/// The colour of a CSS name, upper or lower case.
pub(super) fn named(name: &str) -> Option<Colour> {
    if name.eq_ignore_ascii_case("transparent") {
        return Some(Colour { model: Model::Rgb, channels: [0.0; 4], alpha: 0.0 });
    }
    let [red, green, blue] = NAMED_COLORS.get(name.into())?.map(f64::from);
    Some(Colour { model: Model::Rgb, channels: [red, green, blue, 0.0], alpha: 1.0 })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{apply, error, map, value};
    use super::*;

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
