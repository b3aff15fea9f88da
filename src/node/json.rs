//! What a task tells as JSON text.

use std::fmt::Write;

use crate::options::Value;

/// An object of entries in order. Byte arrays and what is not a number are `null`; `undefined` entries are left out.
pub(super) fn object(entries: &[(&'static str, Value)]) -> String {
    let mut text = String::with_capacity(512);
    write_object(&mut text, entries.iter().map(|(key, value)| (*key, value)));
    text
}

fn write_object<'a>(text: &mut String, entries: impl Iterator<Item = (&'a str, &'a Value)>) {
    text.push('{');
    for (index, (key, value)) in entries.filter(|(_, value)| !matches!(value, Value::Undefined)).enumerate() {
        if index > 0 {
            text.push(',');
        }
        write_string(text, key);
        text.push(':');
        write(text, value);
    }
    text.push('}');
}

fn write(text: &mut String, value: &Value) {
    match value {
        Value::Bool(true) => text.push_str("true"),
        Value::Bool(false) => text.push_str("false"),
        // A number too large for JavaScript is infinite there.
        Value::Number(number) if number.is_infinite() => text.push_str(if *number > 0.0 { "1e999" } else { "-1e999" }),
        Value::Number(number) if !number.is_nan() => text.push_str(ryu_js::Buffer::new().format(*number)),
        Value::String(string) => write_string(text, string),
        Value::List(values) => {
            text.push('[');
            for (index, value) in values.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write(text, value);
            }
            text.push(']');
        }
        Value::Map(entries) => write_object(text, entries.iter().map(|(key, value)| (key.as_str(), value))),
        _ => text.push_str("null"),
    }
}

/// Source: ECMA-404, 9.
fn write_string(text: &mut String, string: &str) {
    text.push('"');
    for character in string.chars() {
        match character {
            '"' | '\\' => text.extend(['\\', character]),
            // Writing to a string does not fail.
            '\0'..=' ' if character != ' ' => drop(write!(text, "\\u{:04x}", u32::from(character))),
            _ => text.push(character),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_in_order() {
        let entries = [
            ("format", "a\"\\\n\u{1}é 漢".into()),
            ("absent", Value::Undefined),
            ("width", 1e21.into()),
            ("exif", Value::OwnedBytes(vec![1])),
            ("delay", [0.5, -0.0].into()),
            ("stdev", [f64::NAN, f64::NEG_INFINITY].into()),
            ("autoOrient", Value::Map(vec![("width".to_owned(), true.into())])),
        ];
        let expected = "{\"format\":\"a\\\"\\\\\\u000a\\u0001é 漢\",\"width\":1e+21,\"exif\":null,\"delay\":[0.5,0],\"stdev\":[null,-1e999],\"autoOrient\":{\"width\":true}}";
        assert_eq!(object(&entries), expected);
    }
}
