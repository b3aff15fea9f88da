//! Colours as arguments: names, hexadecimal, `rgb()`, `hsl()`, `hwb()`, objects and arrays become red, green, blue and alpha
//! from 0 to 255.

mod model;
mod text;

use super::{Call, OptionValue, Parsed, Value, check, invalid};
use model::{Colour, Model, clamp};

/// Sets an option to a colour. An absent value changes nothing.
pub(crate) fn set(call: &mut Call<'_>, key: &str, value: &Value) -> Parsed {
    if value.is_defined() {
        call.set(key, parse(value)?.to_value());
    }
    Ok(())
}

/// The colour that an argument means, each channel from 0 to 255 and not rounded, alpha rounded.
pub(crate) fn parse(value: &Value) -> Parsed<[f64; 4]> {
    let Colour { model, channels, alpha } = match value {
        Value::String(text) if (3..=200).contains(&text.encode_utf16().count()) => {
            text::parse(text).ok_or_else(|| check::other(format!("Unable to parse color from string: {text}")))?
        }
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
        Model::Keyword => Some(Colour { alpha, ..text::named(channel(0).as_str()?)? }),
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
    let parsed = digits.and_then(|digits| text::parse(&format!("#{digits}")));
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
