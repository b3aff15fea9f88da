//! Lengths, with their units and functions of them. Source: CSS Values and Units Level 4.

use super::text::{find, split};

/// Deepest nesting of functions.
const MAX_NESTING: u32 = 16;

/// Pixels of an inch in a browser.
const INCH: f64 = 96.0;

/// What relative lengths are relative to, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Base {
    pub(super) font_size: f64,
    pub(super) root_font_size: f64,
    /// The nearest viewport, of which shares are.
    pub(super) viewport: (f64, f64),
    /// The outermost one.
    pub(super) window: (f64, f64),
    /// Pixels of an inch.
    pub(super) dpi: f64,
}

/// A number of pixels and a share of something.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Length {
    pub(super) pixels: f64,
    pub(super) percent: f64,
}

impl Length {
    const fn of_pixels(pixels: f64) -> Self {
        Self { pixels, percent: 0.0 }
    }

    /// The pixels when the whole is known.
    pub(super) fn of(self, whole: f64) -> f64 {
        self.pixels + self.percent / 100.0 * whole
    }
}

/// An absolute length, or one in the initial font, in pixels.
pub(super) fn pixels(text: &str) -> Option<f64> {
    let base = Base { font_size: 16.0, root_font_size: 16.0, viewport: (0.0, 0.0), window: (0.0, 0.0), dpi: INCH };
    length(text, &base).filter(|length| length.percent == 0.0).map(|length| length.pixels)
}

/// A length, a share, a number, or a function that gives one.
pub(super) fn length(text: &str, base: &Base) -> Option<Length> {
    match quantity(text.trim(), base, 0)? {
        Quantity::Number(number) => Some(Length::of_pixels(number)),
        Quantity::Length(length) => Some(length),
    }
}

/// Whether a value has units or functions that only this module knows.
pub(super) fn is_modern(value: &str) -> bool {
    const UNITS: [&str; 10] = ["rem", "vw", "vh", "vmin", "vmax", "ch", "q", "vi", "vb", "lh"];
    value.contains('(') && ["calc(", "min(", "max(", "clamp("].iter().any(|name| value.contains(name))
        || value.split([' ', ',']).any(|word| {
            let unit = word.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+'));
            unit.len() < word.len() && UNITS.contains(&unit.to_ascii_lowercase().as_str())
        })
}

#[derive(Debug, Clone, Copy)]
enum Quantity {
    Number(f64),
    Length(Length),
}

impl Quantity {
    const fn length(self) -> Option<Length> {
        match self {
            Self::Length(length) => Some(length),
            // Nothing is a length without a unit.
            Self::Number(0.0) => Some(Length::of_pixels(0.0)),
            Self::Number(_) => None,
        }
    }

    fn add(self, other: Self, sign: f64) -> Option<Self> {
        if let (Self::Number(a), Self::Number(b)) = (self, other) {
            return Some(Self::Number(a + sign * b));
        }
        let (a, b) = (self.length()?, other.length()?);
        Some(Self::Length(Length { pixels: a.pixels + sign * b.pixels, percent: a.percent + sign * b.percent }))
    }

    fn times(self, factor: f64) -> Self {
        match self {
            Self::Number(number) => Self::Number(number * factor),
            Self::Length(Length { pixels, percent }) => {
                Self::Length(Length { pixels: pixels * factor, percent: percent * factor })
            }
        }
    }

    /// What to compare by; `None` where that depends on what the share is of.
    const fn size(self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(number),
            Self::Length(Length { pixels, percent: 0.0 }) => Some(pixels),
            Self::Length(Length { pixels: 0.0, percent }) => Some(percent),
            Self::Length(_) => None,
        }
    }
}

fn quantity(text: &str, base: &Base, nesting: u32) -> Option<Quantity> {
    if nesting > MAX_NESTING {
        return None;
    }
    if let Some(open) = text.find('(') {
        let inside = text[open + 1..].strip_suffix(')')?;
        let arguments = || split(inside, &[',']).map(|part| sum(part, base, nesting + 1)).collect::<Option<Vec<_>>>();
        let of = |better: fn(f64, f64) -> bool| {
            let mut best: Option<Quantity> = None;
            for each in arguments()? {
                let size = each.size()?;
                best = match best {
                    Some(known) if !better(size, known.size()?) => Some(known),
                    _ => Some(each),
                };
            }
            best
        };
        return match text[..open].trim().to_ascii_lowercase().as_str() {
            "calc" | "" => sum(inside, base, nesting + 1),
            "min" => of(|new, known| new < known),
            "max" => of(|new, known| new > known),
            "clamp" => {
                let [low, middle, high] = arguments()?[..] else { return None };
                let capped = if middle.size()? > high.size()? { high } else { middle };
                Some(if capped.size()? < low.size()? { low } else { capped })
            }
            _ => None,
        };
    }
    let (number, unit) = number(text)?;
    let pixels = match unit.to_ascii_lowercase().as_str() {
        "" => return Some(Quantity::Number(number)),
        "%" => return Some(Quantity::Length(Length { pixels: 0.0, percent: number })),
        "px" => 1.0,
        "em" => base.font_size,
        "ex" | "ch" => base.font_size / 2.0,
        "rem" => base.root_font_size,
        "lh" => base.font_size * 1.2,
        "in" => base.dpi,
        "cm" => base.dpi / 2.54,
        "mm" => base.dpi / 25.4,
        "q" => base.dpi / 101.6,
        "pt" => base.dpi / 72.0,
        "pc" => base.dpi / 6.0,
        "vw" | "vi" => base.window.0 / 100.0,
        "vh" | "vb" => base.window.1 / 100.0,
        "vmin" => base.window.0.min(base.window.1) / 100.0,
        "vmax" => base.window.0.max(base.window.1) / 100.0,
        _ => return None,
    };
    Some(Quantity::Length(Length::of_pixels(number * pixels)))
}

/// The number that a text begins with, and the rest.
pub(super) fn number(text: &str) -> Option<(f64, &str)> {
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut end = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    end += digits(end);
    if bytes.get(end) == Some(&b'.') {
        end += 1 + digits(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits((end + 1 + sign).min(bytes.len()));
        if exponent > 0 {
            end += 1 + sign + exponent;
        }
    }
    let number: f64 = text[..end].parse().ok()?;
    number.is_finite().then_some((number, &text[end..]))
}

/// Products with `+` or `-` between them, which have white space on both sides.
fn sum(text: &str, base: &Base, nesting: u32) -> Option<Quantity> {
    let mut total = None;
    let mut sign = 1.0;
    for part in super::text::words(text).collect::<Vec<_>>().split_inclusive(|word| matches!(*word, "+" | "-")) {
        let (operator, terms) = match part {
            [terms @ .., operator @ ("+" | "-")] => (*operator, terms),
            terms => ("", terms),
        };
        let value = product(&terms.join(" "), base, nesting)?;
        total = Some(match total {
            None => value,
            Some(total) => Quantity::add(total, value, sign)?,
        });
        sign = if operator == "-" { -1.0 } else { 1.0 };
        if operator.is_empty() {
            return total;
        }
    }
    // Nothing, or an operator at the end.
    None
}

fn product(text: &str, base: &Base, nesting: u32) -> Option<Quantity> {
    let mut rest = text;
    let mut total: Option<Quantity> = None;
    let mut divides = false;
    loop {
        let end = find(rest, &['*', '/']);
        let value = quantity(rest[..end.unwrap_or(rest.len())].trim(), base, nesting)?;
        total = Some(match (total, value) {
            (None, value) => value,
            (Some(total), Quantity::Number(number)) if divides => total.times(1.0 / number),
            (Some(total), Quantity::Number(number)) => total.times(number),
            (Some(Quantity::Number(number)), value) if !divides => value.times(number),
            _ => return None,
        });
        let Some(end) = end else { return total };
        divides = rest[end..].starts_with('/');
        rest = &rest[end + 1..];
    }
}

/// A number without more digits than are seen.
pub(super) fn written(number: f64) -> String {
    let rounded = (number * 1e6).round() / 1e6;
    if rounded.is_finite() && rounded.abs() < 1e9 { rounded.to_string() } else { "0".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: Base =
        Base { font_size: 20.0, root_font_size: 10.0, viewport: (200.0, 100.0), window: (400.0, 300.0), dpi: 72.0 };

    #[test]
    fn lengths_are_in_pixels_or_shares() {
        for (text, pixels, percent) in [
            ("5", 5.0, 0.0),
            ("-.5e1px", -5.0, 0.0),
            ("2em", 40.0, 0.0),
            ("3rem", 30.0, 0.0),
            ("1in", 72.0, 0.0),
            ("10vw", 40.0, 0.0),
            ("10vmin", 30.0, 0.0),
            ("50%", 0.0, 50.0),
            ("calc(50% - 10px)", -10.0, 50.0),
            ("calc(2 * (3px + 1em) / 4)", 11.5, 0.0),
            ("calc(1px - -2px)", 3.0, 0.0),
            ("min(3px, 2px, 7px)", 2.0, 0.0),
            ("max(10%, 2%)", 0.0, 10.0),
            ("clamp(1px, 9px, 5px)", 5.0, 0.0),
            ("calc(min(4px, 5px) * 2)", 8.0, 0.0),
        ] {
            assert_eq!(length(text, &BASE), Some(Length { pixels, percent }), "{text}");
        }
        for text in [
            "",
            "px",
            "5zz",
            "calc(5px",
            "calc(1px + 2)",
            "calc(1px * 2px)",
            "calc(5px +)",
            "calc(1px+2px)",
            "calc(5px 6px)",
        ] {
            assert_eq!(length(text, &BASE), None, "{text}");
        }
        assert_eq!(length(&format!("{}1px{}", "calc(".repeat(99), ")".repeat(99)), &BASE), None);
    }

    #[test]
    fn numbers_are_written_short() {
        assert_eq!(written(0.1 + 0.2), "0.3");
        assert_eq!(written(-3.0), "-3");
        assert_eq!(written(f64::INFINITY), "0");
    }
}
