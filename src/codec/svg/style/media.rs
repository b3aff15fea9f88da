//! Media queries, for a drawing on a light screen. Source: Media Queries Level 4.

use super::{
    text::{split, words},
    value,
};

/// What a document is shown on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Screen {
    /// Size in CSS pixels.
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Screen {
    /// Whether one of the queries fits.
    pub(super) fn fits(self, queries: &str) -> bool {
        queries.trim().is_empty() || split(queries, &[',']).any(|query| self.fits_one(query))
    }

    fn fits_one(self, query: &str) -> bool {
        let query = query.to_ascii_lowercase();
        let mut words = words(&query).peekable();
        let negated = words.next_if_eq(&"not").is_some();
        words.next_if_eq(&"only");
        // `or` may not stand beside `and`: the last one says how all are joined.
        let (mut all, mut any, mut is_either) = (true, false, false);
        for word in words {
            match word {
                "and" => is_either = false,
                "or" => is_either = true,
                _ => {
                    let fits = self.part(word);
                    (all, any) = (all && fits, any || fits);
                }
            }
        }
        (if is_either { any } else { all }) != negated
    }

    /// A type or a condition in brackets.
    fn part(self, part: &str) -> bool {
        let Some(inside) = part.strip_prefix('(').and_then(|part| part.strip_suffix(')')) else {
            return matches!(part, "all" | "screen");
        };
        let inside = inside.trim();
        if inside.starts_with('(') || inside.starts_with("not ") {
            return self.fits_one(inside);
        }
        let Some((name, wanted)) = inside.split_once(':') else { return self.range(inside) };
        let (name, wanted) = (name.trim(), wanted.trim());
        let length = || value::pixels(wanted);
        match name {
            "min-width" => length().is_some_and(|length| self.width >= length),
            "max-width" => length().is_some_and(|length| self.width <= length),
            "width" => length() == Some(self.width),
            "min-height" => length().is_some_and(|length| self.height >= length),
            "max-height" => length().is_some_and(|length| self.height <= length),
            "height" => length() == Some(self.height),
            "orientation" => (wanted == "landscape") == (self.width > self.height),
            "prefers-color-scheme" => wanted == "light",
            "prefers-reduced-motion" | "prefers-contrast" | "prefers-reduced-transparency" => wanted == "no-preference",
            "forced-colors" | "inverted-colors" | "hover" | "any-hover" => wanted == "none",
            _ => false,
        }
    }

    /// `width >= 100px`, `10px < width <= 20px`, or the name of something that is there.
    fn range(self, condition: &str) -> bool {
        let is_operator = |c: char| matches!(c, '<' | '>' | '=');
        let operators: Vec<&str> =
            condition.split(|c| !is_operator(c)).filter(|operator| !operator.is_empty()).collect();
        if operators.is_empty() {
            return matches!(condition, "width" | "height" | "color" | "orientation" | "prefers-color-scheme");
        }
        let sides = condition.split(is_operator).filter(|side| !side.is_empty()).map(|side| match side.trim() {
            "width" => Some(self.width),
            "height" => Some(self.height),
            other => value::pixels(other),
        });
        let Some(sides) = sides.collect::<Option<Vec<f64>>>() else { return false };
        sides.len() == operators.len() + 1
            && operators.iter().zip(sides.windows(2)).all(|(operator, pair)| match *operator {
                "<" => pair[0] < pair[1],
                "<=" => pair[0] <= pair[1],
                ">" => pair[0] > pair[1],
                ">=" => pair[0] >= pair[1],
                "=" => pair[0] == pair[1],
                _ => false,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_fit_a_light_screen_of_a_size() {
        let screen = Screen { width: 200.0, height: 100.0 };
        for query in [
            "",
            "all",
            "print, screen",
            "only screen and (min-width: 200px)",
            "not print",
            "(prefers-color-scheme: light)",
            "(width >= 150px)",
            "(100px < width <= 200px)",
            "(orientation: landscape) and (max-height: 7em)",
            "(min-width: 900px) or (height = 100px)",
            "not (width < 1px)",
            "((width))",
        ] {
            assert!(screen.fits(query), "{query}");
        }
        for query in [
            "print",
            "not all",
            "screen and (max-width: 199px)",
            "(prefers-color-scheme: dark)",
            "(width > 200px)",
            "(unknown: 1)",
            "(unknown)",
            "(100px < width > x)",
            "screen and (width < 1px)",
        ] {
            assert!(!screen.fits(query), "{query}");
        }
    }
}
