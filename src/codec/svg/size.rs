//! The size of a document, from its attributes.

use resvg::usvg::roxmltree::Node;

use super::document::Edit;

/// Pixels of an `em` at the initial font size.
const EM: f64 = 12.0;

/// Width and height in user units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Natural {
    Size(f64, f64),
    /// It does not say: as far as what it draws reaches.
    Drawn,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Length {
    Pixels(f64),
    /// A share of something that is not known, and what stands for no length.
    Relative,
}

/// The size that the outermost element asks for at `dpi` dots per inch.
pub(super) fn natural(root: Node<'_, '_>, dpi: f64) -> Natural {
    let length = |name| property(root, name).and_then(|text| parse_length(text, dpi)).unwrap_or(Length::Relative);
    match (length("width"), length("height"), view_box(root)) {
        (Length::Pixels(width), Length::Pixels(height), _) => Natural::Size(width, height),
        (_, _, None) => Natural::Drawn,
        (Length::Pixels(width), Length::Relative, Some((w, h))) => Natural::Size(width, width * h / w),
        (Length::Relative, Length::Pixels(height), Some((w, h))) => Natural::Size(height * w / h, height),
        (Length::Relative, Length::Relative, Some((w, h))) => Natural::Size(w, h),
    }
}

/// Where the sides of the outermost element are shares, which are of the drawing itself, and what they are in units.
pub(super) fn shares(root: Node<'_, '_>, natural: Natural) -> Vec<Edit> {
    let Natural::Size(width, height) = natural else { return Vec::new() };
    [("width", width), ("height", height)]
        .into_iter()
        .filter_map(|(name, side)| Some((root.attribute_node(name)?, side)))
        .filter(|(attribute, _)| attribute.value().trim_end().ends_with('%'))
        .map(|(attribute, side)| (attribute.range_value(), side.to_string()))
        .collect()
}

/// An attribute, or the property of the same name in `style`.
fn property<'a>(root: Node<'a, '_>, name: &str) -> Option<&'a str> {
    let in_style = root.attribute("style").and_then(|style| {
        let mut properties = style.split(';').filter_map(|property| property.split_once(':'));
        properties.find(|(key, _)| key.trim() == name).map(|(_, value)| value)
    });
    in_style.or_else(|| root.attribute(name))
}

/// Width and height of the view box when both are positive.
fn view_box(root: Node<'_, '_>) -> Option<(f64, f64)> {
    let numbers: Vec<f64> = root
        .attribute("viewBox")?
        .split(|c: char| c == ',' || c.is_ascii_whitespace())
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    match numbers[..] {
        [_, _, width, height] if width > 0.0 && height > 0.0 && (width / height).is_finite() => Some((width, height)),
        _ => None,
    }
}

/// `None` when it is not a length.
fn parse_length(text: &str, dpi: f64) -> Option<Length> {
    let text = text.trim();
    let unit_at = text.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%').len();
    let number: f64 = text[..unit_at].trim_end().parse().ok().filter(|number: &f64| number.is_finite())?;
    let pixels = match &text[unit_at..] {
        "" | "px" => 1.0,
        "in" => dpi,
        "cm" => dpi / 2.54,
        "mm" => dpi / 25.4,
        "pt" => dpi / 72.0,
        "pc" => dpi / 6.0,
        "em" => EM,
        "ex" => EM / 2.0,
        "%" => return Some(Length::Relative),
        _ => return None,
    };
    (number >= 0.0).then_some(Length::Pixels(number * pixels))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(attributes: &str, dpi: f64) -> Natural {
        let text = format!("<svg xmlns='http://www.w3.org/2000/svg' {attributes}/>");
        let document = resvg::usvg::roxmltree::Document::parse(&text).unwrap();
        natural(document.root_element(), dpi)
    }

    #[test]
    fn units_are_of_the_density() {
        assert_eq!(size("width='10' height='20px'", 144.0), Natural::Size(10.0, 20.0));
        assert_eq!(size("width='1in' height='36pt'", 144.0), Natural::Size(144.0, 72.0));
        assert_eq!(size("width='25.4mm' height='6pc'", 72.0), Natural::Size(72.0, 72.0));
        assert_eq!(size("width='2em' height='2ex'", 72.0), Natural::Size(24.0, 12.0));
        assert_eq!(size("style='width: 5px; height:6px' width='9'", 72.0), Natural::Size(5.0, 6.0));
    }

    #[test]
    fn the_view_box_stands_for_what_is_missing() {
        assert_eq!(size("viewBox='0 0 200 100'", 72.0), Natural::Size(200.0, 100.0));
        assert_eq!(size("viewBox='0,0,200,100' width='50'", 72.0), Natural::Size(50.0, 25.0));
        assert_eq!(size("viewBox='0 0 200 100' height='50' width='100%'", 72.0), Natural::Size(100.0, 50.0));
        assert_eq!(size("width='100%'", 72.0), Natural::Drawn);
        assert_eq!(size("viewBox='0 0 0 100' width='7zz'", 72.0), Natural::Drawn);
        let text = "<svg width='100%' height=\"50%\"/>";
        let document = resvg::usvg::roxmltree::Document::parse(text).unwrap();
        let root = document.root_element();
        let edits = shares(root, Natural::Size(60.0, 40.5)).into_iter().map(|(place, words)| (&text[place], words));
        assert_eq!(edits.collect::<Vec<_>>(), [("100%", "60".to_owned()), ("50%", "40.5".to_owned())]);
        assert_eq!(shares(root, Natural::Drawn), []);
        assert_eq!(size("width='-5' height='5'", 72.0), Natural::Drawn);
    }
}
