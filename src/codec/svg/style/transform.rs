//! Transforms, as attributes and as styles have them. Source: CSS Transforms Levels 1 and 2.

use super::{
    text::{find, split, words},
    value::{self, Base, Length},
};

/// `x' = a·x + c·y + e`, `y' = b·x + d·y + f`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Matrix([f64; 6]);

impl Matrix {
    const IDENTITY: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    const fn translation(x: f64, y: f64) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y])
    }

    fn rotation(degrees: f64) -> Self {
        let (sine, cosine) = degrees.to_radians().sin_cos();
        Self([cosine, sine, -sine, cosine, 0.0, 0.0])
    }

    /// What is done first stands on the right.
    fn times(self, Self([a2, b2, c2, d2, e2, f2]): Self) -> Self {
        let Self([a, b, c, d, e, f]) = self;
        Self([
            a * a2 + c * b2,
            b * a2 + d * b2,
            a * c2 + c * d2,
            b * c2 + d * d2,
            a * e2 + c * f2 + e,
            b * e2 + d * f2 + f,
        ])
    }

    /// The transform about another origin.
    fn about(self, (x, y): (f64, f64)) -> Self {
        Self::translation(x, y).times(self).times(Self::translation(-x, -y))
    }

    /// The attribute's value.
    pub(super) fn written(self) -> String {
        format!("matrix({})", self.0.map(|number| number.to_string()).join(" "))
    }
}

/// What shares of a transform are of: a box at a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Reference {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// The properties that make up a transform, as far as they are set.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Parts<'a> {
    pub(super) translate: Option<&'a str>,
    pub(super) rotate: Option<&'a str>,
    pub(super) scale: Option<&'a str>,
    pub(super) transform: Option<&'a str>,
    pub(super) origin: Option<&'a str>,
}

impl Parts<'_> {
    /// The whole transform; `None` when a part is no transform.
    pub(super) fn matrix(&self, within: Reference, base: &Base) -> Option<Matrix> {
        let set = |part: Option<&str>| part.map(str::to_ascii_lowercase).filter(|part| part.trim() != "none");
        let mut matrix = Matrix::IDENTITY;
        if let Some(translate) = set(self.translate) {
            let mut sides = words(&translate).map(|word| value::length(word, base));
            let x = sides.next().flatten()?;
            let y = sides.next().map_or(Some(Length::default()), |y| y)?;
            matrix = matrix.times(Matrix::translation(x.of(within.width), y.of(within.height)));
        }
        if let Some(rotate) = set(self.rotate) {
            matrix = matrix.times(Matrix::rotation(angle(words(&rotate).last()?)?));
        }
        if let Some(scale) = set(self.scale) {
            let mut sides = words(&scale).map(factor);
            let x = sides.next().flatten()?;
            let y = sides.next().map_or(Some(x), |y| y)?;
            matrix = matrix.times(Matrix([x, 0.0, 0.0, y, 0.0, 0.0]));
        }
        if let Some(transform) = set(self.transform) {
            matrix = matrix.times(functions(&transform, within, base)?);
        }
        Some(match self.origin {
            Some(origin) => matrix.about(place(&origin.to_ascii_lowercase(), within, base)?),
            None => matrix,
        })
    }
}

/// A list of functions.
fn functions(text: &str, within: Reference, base: &Base) -> Option<Matrix> {
    let mut rest = text.trim();
    let mut matrix = Matrix::IDENTITY;
    while !rest.is_empty() {
        let open = rest.find('(')?;
        let close = open + 1 + find(&rest[open + 1..], &[')'])?;
        matrix = matrix.times(function(rest[..open].trim(), &rest[open + 1..close], within, base)?);
        rest = rest[close + 1..].trim_start_matches(|c: char| c == ',' || c.is_ascii_whitespace());
    }
    Some(matrix)
}

fn function(name: &str, arguments: &str, within: Reference, base: &Base) -> Option<Matrix> {
    let all: Vec<&str> = split(arguments, &[',']).flat_map(words).collect();
    let x = |at: usize| value::length(all.get(at)?, base).map(|length| length.of(within.width));
    let y = |at: usize| value::length(all.get(at)?, base).map(|length| length.of(within.height));
    // What is not given has a value of its own; what is given must be one.
    let or = |at: usize, otherwise: f64, read: &dyn Fn(usize) -> Option<f64>| {
        if at < all.len() { read(at) } else { Some(otherwise) }
    };
    let number = |at: usize| factor(all.get(at)?);
    let turn = |at: usize| angle(all.get(at)?);
    let scale = |x: f64, y: f64| Matrix([x, 0.0, 0.0, y, 0.0, 0.0]);
    let skew = |x: f64, y: f64| Matrix([1.0, y.to_radians().tan(), x.to_radians().tan(), 1.0, 0.0, 0.0]);
    Some(match name {
        "translate" | "translate3d" => Matrix::translation(x(0)?, or(1, 0.0, &y)?),
        "translatex" => Matrix::translation(x(0)?, 0.0),
        "translatey" => Matrix::translation(0.0, y(0)?),
        "translatez" | "perspective" => Matrix::IDENTITY,
        "scale" | "scale3d" => scale(number(0)?, or(1, number(0)?, &number)?),
        "scalex" => scale(number(0)?, 1.0),
        "scaley" => scale(1.0, number(0)?),
        "scalez" => Matrix::IDENTITY,
        // As an attribute it may have a centre.
        "rotate" => Matrix::rotation(turn(0)?).about((or(1, 0.0, &x)?, or(2, 0.0, &y)?)),
        "rotatez" => Matrix::rotation(turn(0)?),
        "rotatex" => scale(1.0, turn(0)?.to_radians().cos()),
        "rotatey" => scale(turn(0)?.to_radians().cos(), 1.0),
        "skew" => skew(turn(0)?, or(1, 0.0, &turn)?),
        "skewx" => skew(turn(0)?, 0.0),
        "skewy" => skew(0.0, turn(0)?),
        "matrix" if all.len() == 6 => {
            let mut matrix = [0.0; 6];
            for (at, to) in matrix.iter_mut().enumerate() {
                *to = value::length(all[at], base)?.pixels;
            }
            Matrix(matrix)
        }
        "matrix3d" if all.len() == 16 => {
            Matrix([number(0)?, number(1)?, number(4)?, number(5)?, number(12)?, number(13)?])
        }
        _ => return None,
    })
}

/// A number or a share of one.
fn factor(text: &str) -> Option<f64> {
    match value::number(text)? {
        (number, "") => Some(number),
        (number, "%") => Some(number / 100.0),
        _ => None,
    }
}

/// An angle in degrees.
fn angle(text: &str) -> Option<f64> {
    let (number, unit) = value::number(text)?;
    Some(match unit {
        "" | "deg" => number,
        "rad" => number.to_degrees(),
        "grad" => number * 0.9,
        "turn" => number * 360.0,
        _ => return None,
    })
}

/// The place that an origin says.
fn place(text: &str, within: Reference, base: &Base) -> Option<(f64, f64)> {
    let mut parts: Vec<&str> = words(text).take(2).collect();
    let is_vertical = |part: &str| matches!(part, "top" | "bottom");
    if matches!(parts[..], [first, second] if is_vertical(first) || matches!(second, "left" | "right")) {
        parts.swap(0, 1);
    }
    if let [only] = parts[..] {
        parts = if is_vertical(only) { vec!["center", only] } else { vec![only, "center"] };
    }
    let side = |part: &str, start: f64, whole: f64| {
        let share = match part {
            "left" | "top" => 0.0,
            "center" => 0.5,
            "right" | "bottom" => 1.0,
            _ => return value::length(part, base).map(|length| start + length.of(whole)),
        };
        Some(start + share * whole)
    };
    let [x, y] = parts[..] else { return None };
    Some((side(x, within.x, within.width)?, side(y, within.y, within.height)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WITHIN: Reference = Reference { x: 10.0, y: 20.0, width: 200.0, height: 100.0 };

    fn matrix(parts: Parts<'_>) -> Option<[f64; 6]> {
        let base = Base { font_size: 10.0, root_font_size: 16.0, viewport: (1.0, 1.0), window: (1.0, 1.0), dpi: 96.0 };
        parts.matrix(WITHIN, &base).map(|Matrix(matrix)| matrix.map(|number| (number * 1e6).round() / 1e6 + 0.0))
    }

    #[test]
    fn functions_of_attributes_and_styles_are_read() {
        for (text, expected) in [
            ("translate(3px, 10%)", [1.0, 0.0, 0.0, 1.0, 3.0, 10.0]),
            ("translate(3 4)", [1.0, 0.0, 0.0, 1.0, 3.0, 4.0]),
            ("translateX(2em) translateY(50%)", [1.0, 0.0, 0.0, 1.0, 20.0, 50.0]),
            ("rotate(90deg)", [0.0, 1.0, -1.0, 0.0, 0.0, 0.0]),
            ("rotate(0.25turn)", [0.0, 1.0, -1.0, 0.0, 0.0, 0.0]),
            ("rotate(90 5 5)", [0.0, 1.0, -1.0, 0.0, 10.0, 0.0]),
            ("scale(2)", [2.0, 0.0, 0.0, 2.0, 0.0, 0.0]),
            ("scale(2, 50%),translate(1,1)", [2.0, 0.0, 0.0, 0.5, 2.0, 0.5]),
            ("skewX(45deg)", [1.0, 0.0, 1.0, 1.0, 0.0, 0.0]),
            ("matrix(1,2,3,4,5,6)", [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]),
            ("translate3d(1px,2px,3px) rotateX(60deg)", [1.0, 0.0, 0.0, 0.5, 1.0, 2.0]),
            ("none", [1.0, 0.0, 0.0, 1.0, 0.0, 0.0]),
        ] {
            assert_eq!(matrix(Parts { transform: Some(text), ..Parts::default() }), Some(expected), "{text}");
        }
        for text in ["translate()", "rotate(5px)", "scale(a)", "matrix(1,2)", "unknown(1)", "translate(1px"] {
            assert_eq!(matrix(Parts { transform: Some(text), ..Parts::default() }), None, "{text}");
        }
    }

    #[test]
    fn properties_are_done_in_their_order_about_an_origin() {
        let parts = Parts { translate: Some("5px"), rotate: Some("90deg"), scale: Some("2 3"), ..Parts::default() };
        assert_eq!(matrix(parts), Some([0.0, 2.0, -3.0, 0.0, 5.0, 0.0]));
        let turned = |origin| matrix(Parts { rotate: Some("180deg"), origin: Some(origin), ..Parts::default() });
        for (origin, x, y) in [
            ("center", 110.0, 70.0),
            ("0 0", 10.0, 20.0),
            ("top right", 210.0, 20.0),
            ("left", 10.0, 70.0),
            ("bottom", 110.0, 120.0),
            ("25% 30px", 60.0, 50.0),
        ] {
            assert_eq!(turned(origin), Some([-1.0, 0.0, 0.0, -1.0, 2.0 * x, 2.0 * y]), "{origin}");
        }
    }
}
