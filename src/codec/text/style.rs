//! How a run of text looks: what Pango's font descriptions and attributes say.

/// The default style of text.
const USUAL_FAMILY: &str = "sans";
const USUAL_SIZE: f64 = 12.0;

/// Named sizes and their steps of 1.2 from the usual one.
const SIZES: [(&str, i32); 7] =
    [("xx-small", -3), ("x-small", -2), ("small", -1), ("medium", 0), ("large", 1), ("x-large", 2), ("xx-large", 3)];
pub(super) const STEP: f64 = 1.2;

const WEIGHTS: [(&str, u16); 19] = [
    ("thin", 100),
    ("ultralight", 200),
    ("ultra-light", 200),
    ("extra-light", 200),
    ("light", 300),
    ("semilight", 350),
    ("book", 380),
    ("normal", 400),
    ("regular", 400),
    ("medium", 500),
    ("semibold", 600),
    ("semi-bold", 600),
    ("demi-bold", 600),
    ("bold", 700),
    ("ultrabold", 800),
    ("ultra-bold", 800),
    ("extra-bold", 800),
    ("heavy", 900),
    ("black", 900),
];

/// Units of a point in markup.
const UNITS: f64 = 1024.0;

/// Largest size, in points.
const MAX_SIZE: f64 = 10_000.0;

/// The look of a run. Lengths are in points unless said otherwise.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Style {
    pub(super) family: String,
    pub(super) size: f64,
    pub(super) weight: u16,
    /// `normal`, `italic` or `oblique`.
    pub(super) slant: &'static str,
    pub(super) underline: bool,
    pub(super) overline: bool,
    pub(super) strikethrough: bool,
    pub(super) foreground: [u8; 3],
    /// 0 to 1.
    pub(super) alpha: f64,
    pub(super) background: Option<[u8; 3]>,
    pub(super) background_alpha: f64,
    /// Pixels after each letter.
    pub(super) letter_spacing: f64,
    /// Pixels by which the baseline is raised.
    pub(super) rise: f64,
    /// How far it is raised beside that, as small letters are above and below others.
    pub(super) shift: f64,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            family: USUAL_FAMILY.to_owned(),
            size: USUAL_SIZE,
            weight: 400,
            slant: "normal",
            underline: false,
            overline: false,
            strikethrough: false,
            foreground: [0; 3],
            alpha: 1.0,
            background: None,
            background_alpha: 1.0,
            letter_spacing: 0.0,
            rise: 0.0,
            shift: 0.0,
        }
    }
}

impl Style {
    /// Takes over what a font description says: families, styles and a size, each of which may be missing.
    pub(super) fn describe(&mut self, description: &str) {
        let mut words: Vec<&str> = description.split_whitespace().collect();
        if let Some(size) = words.last().and_then(|word| size_in_points(word)) {
            self.size = size;
            words.pop();
        }
        while let Some(word) = words.last() {
            let word = word.to_ascii_lowercase();
            if self.set_slant(&word) || self.set_weight(&word) || is_other_style(&word) {
                words.pop();
            } else {
                break;
            }
        }
        let families = words.join(" ");
        let families = families.trim_matches([',', ' ']);
        if !families.is_empty() {
            self.family = families.to_owned();
        }
    }

    /// Whether a word is a slant, which is then set.
    pub(super) fn set_slant(&mut self, word: &str) -> bool {
        self.slant = match word {
            "italic" => "italic",
            "oblique" => "oblique",
            "roman" => "normal",
            _ => return false,
        };
        true
    }

    /// Whether a word is a weight, which is then set.
    pub(super) fn set_weight(&mut self, word: &str) -> bool {
        let Some((_, weight)) = WEIGHTS.iter().find(|(name, _)| *name == word) else { return false };
        self.weight = *weight;
        true
    }

    /// Sets a size as the attribute `size` has it: a name, a step, a number of units, points or a share.
    pub(super) fn set_size(&mut self, text: &str) -> Option<()> {
        let step = |name| SIZES.iter().find(|(known, _)| *known == name).map(|(_, step)| *step);
        self.size = match text {
            "smaller" => self.size / STEP,
            "larger" => self.size * STEP,
            name if step(name).is_some() => USUAL_SIZE * STEP.powi(step(name)?),
            _ => match text.strip_suffix('%') {
                Some(share) => self.size * number(share)? / 100.0,
                None => length(text)?,
            },
        };
        (0.0..=MAX_SIZE).contains(&self.size).then_some(())
    }
}

/// Stretches and variants, which are known words but make no difference.
fn is_other_style(word: &str) -> bool {
    let words = ["condensed", "semi-condensed", "extra-condensed", "expanded", "semi-expanded", "extra-expanded"];
    words.contains(&word) || ["small-caps", "not-rotated"].contains(&word)
}

fn number(text: &str) -> Option<f64> {
    text.trim().parse().ok().filter(|number: &f64| number.is_finite())
}

/// A size at the end of a font description, `12`, `12.5` or `16px`.
fn size_in_points(word: &str) -> Option<f64> {
    let size = number(word.strip_suffix("px").unwrap_or(word))?;
    (size > 0.0 && size <= MAX_SIZE).then_some(size)
}

/// A length in units of which 1024 are a point, or in points when it ends with `pt`.
pub(super) fn length(text: &str) -> Option<f64> {
    match text.trim().strip_suffix("pt") {
        Some(points) => number(points),
        None => number(text).map(|units| units / UNITS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described(description: &str) -> (String, f64, u16, &'static str) {
        let mut style = Style::default();
        style.describe(description);
        (style.family, style.size, style.weight, style.slant)
    }

    #[test]
    fn descriptions_have_families_styles_and_a_size() {
        assert_eq!(described("Noto Sans Bold Italic 20"), ("Noto Sans".to_owned(), 20.0, 700, "italic"));
        assert_eq!(described("A, B"), ("A, B".to_owned(), 12.0, 400, "normal"));
        assert_eq!(described("bold"), ("sans".to_owned(), 12.0, 700, "normal"));
        assert_eq!(described(""), ("sans".to_owned(), 12.0, 400, "normal"));
    }

    #[test]
    fn sizes_have_names_steps_and_units() {
        let size = |text: &str| {
            let mut style = Style::default();
            style.set_size(text).map(|()| style.size)
        };
        assert_eq!((size("20480"), size("9.5pt"), size("200%")), (Some(20.0), Some(9.5), Some(24.0)));
        assert_eq!((size("medium"), size("larger")), (Some(12.0), Some(12.0 * 1.2)));
        assert_eq!((size("zoinks"), size("-5"), size("1e99")), (None, None, None));
    }
}
