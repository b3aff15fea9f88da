//! The colour page, and colours as arguments: names, hexadecimal, `rgb()`, `hsl()`, `hwb()`, objects and arrays become red,
//! green, blue and alpha from 0 to 255.

use csscolorparser::NAMED_COLORS;

use super::{Call, Method, OptionValue, Parsed, Value, check, colour_text, invalid, operation::switch};

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

/// The value between 0 and `max`; not a number stays so.
fn clamp(value: f64, max: f64) -> f64 {
    if value.is_nan() { value } else { value.clamp(0.0, max) }
}

/// A colour in the model it was given in.
pub(super) struct Colour {
    pub(super) model: Model,
    /// As many as the model has, in its own scale.
    pub(super) channels: [f64; 4],
    /// 0 to 1.
    pub(super) alpha: f64,
}

/// Colour models that text and objects can be in. Hues are degrees, the rest is 0 to 100 but for RGB.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Model {
    Rgb,
    Hsl,
    Hsv,
    Hwb,
    Cmyk,
    Gray,
}

impl Model {
    const OBJECTS: [(Model, &'static [&'static str]); 6] = [
        (Model::Rgb, &["r", "g", "b"]),
        (Model::Hsl, &["h", "s", "l"]),
        (Model::Hsv, &["h", "s", "v"]),
        (Model::Hwb, &["h", "w", "b"]),
        (Model::Cmyk, &["c", "m", "y", "k"]),
        (Model::Gray, &["gray"]),
    ];

    /// Red, green and blue, 0 to 255. Source: CSS Color 4, sections 7, 8 and 16.
    fn to_rgb(self, [a, b, c, d]: [f64; 4]) -> [f64; 3] {
        let percent = |value| clamp(value, 100.0) / 100.0;
        match self {
            Model::Rgb => [a, b, c],
            Model::Gray => [percent(a) * 255.0; 3],
            Model::Cmyk => [a, b, c].map(|ink| 255.0 * (1.0 - percent(ink)) * (1.0 - percent(d))),
            Model::Hsl => {
                let (saturation, lightness) = (percent(b), percent(c));
                let reach = saturation * lightness.min(1.0 - lightness);
                [0.0, 8.0, 4.0].map(|shift| {
                    let k = (shift + hue(a) / 30.0) % 12.0;
                    255.0 * (lightness - reach * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0))
                })
            }
            Model::Hsv => {
                let (saturation, value) = (percent(b), percent(c));
                [5.0, 3.0, 1.0].map(|shift| {
                    let k = (shift + hue(a) / 60.0) % 6.0;
                    255.0 * (value - value * saturation * k.min(4.0 - k).clamp(0.0, 1.0))
                })
            }
            Model::Hwb => {
                let (white, black) = (percent(b), percent(c));
                if white + black >= 1.0 {
                    return [255.0 * white / (white + black); 3];
                }
                Model::Hsl.to_rgb([a, 100.0, 50.0, 0.0]).map(|full| full * (1.0 - white - black) + 255.0 * white)
            }
        }
    }
}

fn hue(degrees: f64) -> f64 {
    degrees.rem_euclid(360.0)
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
    let mut channels = [0.0; 4];
    for (channel, label) in channels.iter_mut().zip(labels) {
        *channel = coerced(value.get(label));
    }
    Some(Colour { model, channels, alpha })
}

/// What arithmetic makes of a value in JavaScript.
fn coerced(value: &Value) -> f64 {
    match value {
        Value::Number(number) => *number,
        Value::Bool(flag) => f64::from(u8::from(*flag)),
        Value::Null => 0.0,
        Value::String(text) => text.trim().parse().unwrap_or(f64::NAN),
        _ => f64::NAN,
    }
}

/// Short JSON of an object, for the error that quotes it.
fn json(value: &Value) -> String {
    match value {
        Value::Map(entries) => {
            let entries = entries.iter().filter(|(_, value)| !matches!(value, Value::Undefined | Value::Other { .. }));
            let texts: Vec<_> = entries.map(|(key, value)| format!("{key:?}:{}", json(value))).collect();
            format!("{{{}}}", texts.join(","))
        }
        Value::List(values) => format!("[{}]", values.iter().map(json).collect::<Vec<_>>().join(",")),
        Value::String(text) => format!("{text:?}"),
        Value::Number(number) if !number.is_finite() => "null".to_owned(),
        Value::Undefined | Value::Other { .. } => "null".to_owned(),
        _ => value.to_string(),
    }
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
