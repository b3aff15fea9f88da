//! Paints in all notations of colours, as those that the library reads. Source: CSS Color Level 4.

use super::value;

/// A paint that the library reads; `None` when it is none, so that its declaration does not count.
pub(super) fn paint(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    match lower.as_str() {
        "currentcolor" => return Some("currentColor".into()),
        "none" | "inherit" | "context-fill" | "context-stroke" | "initial" | "unset" | "revert" | "revert-layer" => {
            return Some(lower);
        }
        _ if lower.starts_with("url(") => return Some(text.into()),
        // sRGB is all that is drawn in.
        _ if lower.starts_with("color(") => return wide(&lower),
        _ => {}
    }
    if let Ok(colour) = csscolorparser::parse(&lower) {
        return Some(written([colour.r, colour.g, colour.b, colour.a].map(f64::from)));
    }
    // Colours of a system's windows.
    svgtypes::Paint::from_str(text).ok().map(|_| text.into())
}

fn written([red, green, blue, alpha]: [f64; 4]) -> String {
    let [red, green, blue] = [red, green, blue].map(|sample| (sample.clamp(0.0, 1.0) * 255.0).round());
    if alpha >= 1.0 {
        return format!("#{:02x}{:02x}{:02x}", red as u8, green as u8, blue as u8);
    }
    format!("rgba({red}, {green}, {blue}, {})", value::written(alpha.max(0.0)))
}

/// `color(srgb …)` and its like, clipped to sRGB. Source of the matrix: CSS Color Level 4, sample code.
fn wide(text: &str) -> Option<String> {
    let inside = text.strip_prefix("color(")?.strip_suffix(')')?;
    let mut parts = inside.split(|c: char| c == '/' || c.is_ascii_whitespace()).filter(|part| !part.is_empty());
    let space = parts.next()?;
    let numbers = parts.map(|part| match value::number(part)? {
        (number, "") => Some(number),
        (number, "%") => Some(number / 100.0),
        _ => None,
    });
    let numbers: Vec<f64> = numbers.collect::<Option<_>>()?;
    let (samples, alpha) = match numbers[..] {
        [red, green, blue] => ([red, green, blue], 1.0),
        [red, green, blue, alpha] => ([red, green, blue], alpha),
        _ => return None,
    };
    let encode = |sample: f64| {
        let sample = sample.max(0.0);
        if sample <= 0.003_130_8 { sample * 12.92 } else { 1.055 * sample.powf(1.0 / 2.4) - 0.055 }
    };
    let decode = |sample: f64| {
        if sample <= 0.040_45 { sample / 12.92 } else { ((sample + 0.055) / 1.055).powf(2.4) }
    };
    let [red, green, blue] = match space {
        "srgb" => samples,
        "srgb-linear" => samples.map(encode),
        "display-p3" => {
            let [red, green, blue] = samples.map(decode);
            [
                1.224_940_2 * red - 0.224_940_2 * green,
                -0.042_056_9 * red + 1.042_056_9 * green,
                -0.019_637_6 * red - 0.078_636_1 * green + 1.098_273_5 * blue,
            ]
            .map(encode)
        }
        _ => return None,
    };
    Some(written([red, green, blue, alpha]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notations_become_those_that_are_read() {
        for (text, expected) in [
            ("RED", "#ff0000"),
            ("#0f08", "rgba(0, 255, 0, 0.533333)"),
            ("rgb(10 20 30 / 50%)", "rgba(10, 20, 30, 0.5)"),
            ("hsl(120deg 100% 50%)", "#00ff00"),
            ("hwb(0 0% 0%)", "#ff0000"),
            ("oklch(0.628 0.2577 29.23)", "#ff0000"),
            ("color(display-p3 0 0 1)", "#0000ff"),
            ("color(srgb 1 0 0 / 0.25)", "rgba(255, 0, 0, 0.25)"),
            ("CurrentColor", "currentColor"),
            ("url(#a) red", "url(#a) red"),
            ("None", "none"),
        ] {
            assert_eq!(paint(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["", "nonsense", "rgb(1,2)", "color(unknown 1 2 3)", "color(srgb a b c)"] {
            assert_eq!(paint(text), None, "{text}");
        }
    }
}
