//! Colours in the notations of CSS Color 3 and 4: hexadecimal, names, `rgb()`, `hsl()`, `hwb()`.

use csscolorparser::NAMED_COLORS;

use super::model::{Colour, Model};

/// The colour that a text means, `None` when it means none.
pub(super) fn parse(text: &str) -> Option<Colour> {
    if let Some(digits) = text.strip_prefix('#') {
        return hexadecimal(digits);
    }
    let Some((name, arguments)) = text.split_once('(') else { return named(text) };
    let arguments = Arguments::read(arguments.strip_suffix(')')?)?;
    match name.to_ascii_lowercase().as_str() {
        "rgb" | "rgba" => arguments.rgb(),
        "hsl" | "hsla" => arguments.hue_and_percentages(Model::Hsl),
        "hwb" => arguments.hue_and_percentages(Model::Hwb),
        _ => None,
    }
}

/// 3, 4, 6 or 8 digits; the fourth part is alpha.
fn hexadecimal(digits: &str) -> Option<Colour> {
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let (width, scale) = match digits.len() {
        3 | 4 => (1, 17.0),
        6 | 8 => (2, 1.0),
        _ => return None,
    };
    let part = |index: usize| {
        let digits = digits.get(index * width..(index + 1) * width)?;
        u8::from_str_radix(digits, 16).ok().map(|value| f64::from(value) * scale)
    };
    let alpha = part(3).map_or(1.0, |alpha| alpha / 255.0);
    Some(Colour { model: Model::Rgb, channels: [part(0)?, part(1)?, part(2)?, 0.0], alpha })
}

/// A number with its unit, and what stands before it: a comma, slash, bar, or a space.
#[derive(Clone, Copy)]
struct Term<'a> {
    value: f64,
    unit: &'a str,
    separator: char,
}

impl<'a> Term<'a> {
    fn read(text: &'a str, separator: char) -> Option<Self> {
        let end = text.find(|c: char| c == '%' || (c.is_ascii_alphabetic() && c != 'e' && c != 'E'));
        let (number, unit) = text.split_at(end.unwrap_or(text.len()));
        // The standard parser also takes words such as `inf`; sharp takes no signs but the first, and no point at an end.
        let is_plain = number.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte))
            && !number.get(1..).is_some_and(|rest| rest.contains(['+', '-']))
            && number.split(['e', 'E']).all(|part| part.ends_with(|last: char| last.is_ascii_digit()));
        let value = number.parse::<f64>().ok().filter(|value| is_plain && value.is_finite())?;
        Some(Self { value, unit, separator })
    }

    fn percentage(self) -> Option<f64> {
        (self.unit == "%").then_some(self.value)
    }
}

/// What stands between the brackets: three terms and perhaps alpha.
struct Arguments<'a> {
    terms: [Term<'a>; 3],
    alpha: Option<Term<'a>>,
}

impl<'a> Arguments<'a> {
    /// Terms are apart by spaces or single commas; a slash or a bar may stand before alpha.
    fn read(text: &'a str) -> Option<Self> {
        let mut terms = Vec::with_capacity(4);
        let mut before = ' ';
        for part in text.split_inclusive([',', '/', '|']) {
            let after = part.chars().next_back().filter(|last| ",/|".contains(*last));
            let mut words = part.trim_end_matches([',', '/', '|']).split_whitespace().peekable();
            words.peek()?;
            for word in words {
                terms.push(Term::read(word, std::mem::replace(&mut before, ' '))?);
            }
            before = after.unwrap_or(' ');
        }
        let (first, alpha) = match terms.as_slice() {
            [a, b, c] => ([*a, *b, *c], None),
            [a, b, c, alpha] => ([*a, *b, *c], Some(*alpha)),
            _ => return None,
        };
        let is_list = before == ' ' && first.iter().all(|term| matches!(term.separator, ' ' | ','));
        is_list.then_some(Self { terms: first, alpha })
    }

    /// Alpha from 0 to 1 when it stands behind one of `separators`; 1 when there is none.
    fn alpha(&self, separators: &str, percentage: bool) -> Option<f64> {
        match self.alpha {
            None => Some(1.0),
            Some(term) if !separators.contains(term.separator) => None,
            Some(Term { value, unit: "%", .. }) if percentage => Some(value / 100.0),
            Some(Term { value, unit: "", .. }) => Some(value),
            Some(_) => None,
        }
    }

    /// Three numbers to 255, or three percentages, which become integers.
    fn rgb(&self) -> Option<Colour> {
        let channel = if self.terms.iter().all(|term| term.unit == "%") {
            |value: f64| (value * 2.55 + 0.5).floor()
        } else if self.terms.iter().all(|term| term.unit.is_empty()) {
            |value: f64| value
        } else {
            return None;
        };
        let [red, green, blue] = self.terms.map(|term| channel(term.value));
        Some(Colour { model: Model::Rgb, channels: [red, green, blue, 0.0], alpha: self.alpha(" ,/|", true)? })
    }

    /// A hue in degrees and two percentages.
    fn hue_and_percentages(&self, model: Model) -> Option<Colour> {
        let [hue, first, second] = self.terms;
        let hue = matches!(hue.unit, "" | "deg").then_some(hue.value)?;
        let channels = [hue, first.percentage()?, second.percentage()?, 0.0];
        // The grammars are those of two generations of CSS.
        let separators = if model == Model::Hwb { " ," } else { ",/|" };
        Some(Colour { model, channels, alpha: self.alpha(separators, false)? })
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
    use super::*;

    #[test]
    fn nonsense_is_no_colour() {
        for text in [
            "#12",
            "#12345",
            "#ggg",
            "fff",
            "rgb(1,2)",
            "rgb(1,,2,3)",
            "rgb(1,2,3,4,5)",
            "rgb(1,2%,3)",
            "rgb(inf,0,0)",
            "rgb(1e-1,0,0)",
            "rgb(5.,0,0)",
            "hsl(1,2,3)",
            "hsl(1turn,2%,3%)",
            "lab(1 2 3)",
            "rgb(1,2,3",
            "rgb(1,2,3,)",
            "rgb(1/2/3)",
            "hsl(1 2% 3% / 50%)",
            "hwb(1 2% 3% / 0.5)",
            "#é1",
        ] {
            assert!(parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn separators_may_be_mixed() {
        for text in ["rgb(1,2,3)", "rgb( 1 2 3 )", "RGBA(1, 2 3)", "rgb(1,2,3|1)", "rgb(1 2 3/100%)"] {
            let colour = parse(text).unwrap();
            assert_eq!((colour.channels, colour.alpha), ([1.0, 2.0, 3.0, 0.0], 1.0), "{text}");
        }
    }
}
