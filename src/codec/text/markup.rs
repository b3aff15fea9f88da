//! Pango's markup, resolved to runs. Source: the documentation of Pango, "Text Attribute Markup".

use csscolorparser::NAMED_COLORS;
use resvg::usvg::roxmltree::{Document, Node};

use super::style::{STEP, Style, length};

/// Text that looks the same throughout.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Run {
    pub(super) text: String,
    pub(super) style: Style,
}

/// Deepest nesting of tags.
const MAX_DEPTH: u32 = 64;

/// Size of letters above and below others, and by how much they are raised and lowered, as shares of the size around them.
const SCRIPT_SIZE: f64 = 1.0 / (STEP * STEP);
const SUPERSCRIPT: f64 = 0.48;
const SUBSCRIPT: f64 = -0.14;

/// The runs of a text, `None` when its markup is wrong. `base` is what text without markup looks like.
pub(super) fn parse(text: &str, base: &Style) -> Option<Vec<Run>> {
    let document = format!("<markup>{text}</markup>");
    let document = Document::parse(&document).ok()?;
    let mut runs = Vec::new();
    let root = document.root_element();
    // Further elements after a stray end tag would be roots of their own.
    if root.tag_name().name() != "markup" {
        return None;
    }
    children(root, base, &mut runs, 0)?;
    Some(runs)
}

fn children(parent: Node<'_, '_>, style: &Style, runs: &mut Vec<Run>, depth: u32) -> Option<()> {
    if depth > MAX_DEPTH {
        return None;
    }
    for node in parent.children() {
        if node.is_text() {
            let text = node.text().unwrap_or_default();
            runs.push(Run { text: text.to_owned(), style: style.clone() });
        } else if node.is_element() {
            let mut inner = style.clone();
            apply(node, &mut inner)?;
            children(node, &inner, runs, depth + 1)?;
        }
    }
    Some(())
}

/// Changes the look as a tag says.
fn apply(node: Node<'_, '_>, style: &mut Style) -> Option<()> {
    let name = node.tag_name().name();
    if name == "span" {
        return node.attributes().try_for_each(|attribute| span(style, attribute.name(), attribute.value()));
    }
    if node.attributes().len() > 0 {
        return None;
    }
    match name {
        "b" => style.weight = 700,
        "i" => style.slant = "italic",
        "u" => style.underline = true,
        "s" => style.strikethrough = true,
        "tt" => style.family = "monospace".to_owned(),
        "big" => style.size *= STEP,
        "small" => style.size /= STEP,
        "sub" | "sup" => {
            style.shift += style.size * if name == "sup" { SUPERSCRIPT } else { SUBSCRIPT };
            style.size *= SCRIPT_SIZE;
        }
        "markup" => {}
        _ => return None,
    }
    Some(())
}

/// Changes the look as an attribute of `<span>` says; `None` when there is no such attribute or value.
fn span(style: &mut Style, name: &str, value: &str) -> Option<()> {
    match name {
        "font" | "font_desc" => style.describe(value),
        "font_family" | "face" => style.family = value.to_owned(),
        "size" | "font_size" => style.set_size(value)?,
        "style" | "font_style" => match value {
            "normal" => style.slant = "normal",
            slant => style.set_slant(slant).then_some(())?,
        },
        "weight" | "font_weight" => match value.parse::<u16>() {
            Ok(weight) => style.weight = weight.clamp(100, 1000),
            Err(_) => style.set_weight(value).then_some(())?,
        },
        "foreground" | "fgcolor" | "color" => style.foreground = colour(value)?,
        "background" | "bgcolor" => style.background = Some(colour(value)?),
        "alpha" | "fgalpha" => style.alpha = opacity(value)?,
        "background_alpha" | "bgalpha" => style.background_alpha = opacity(value)?,
        "underline" => style.underline = one_of(value, &["none", "single", "double", "low", "error"])? != "none",
        "overline" => style.overline = one_of(value, &["none", "single"])? != "none",
        "strikethrough" => {
            style.strikethrough = one_of(value, &["true", "false", "yes", "no"])?.starts_with(['t', 'y'])
        }
        "letter_spacing" => style.letter_spacing = length(value)?,
        "rise" | "baseline_shift" => style.rise = length(value)?,
        "variant"
        | "font_variant"
        | "stretch"
        | "font_stretch"
        | "font_features"
        | "font_variations"
        | "font_scale"
        | "underline_color"
        | "overline_color"
        | "strikethrough_color"
        | "fallback"
        | "lang"
        | "gravity"
        | "gravity_hint"
        | "show"
        | "insert_hyphens"
        | "allow_breaks"
        | "line_height"
        | "text_transform"
        | "segment" => {}
        _ => return None,
    }
    Some(())
}

fn one_of<'a>(value: &'a str, known: &[&str]) -> Option<&'a str> {
    known.contains(&value).then_some(value)
}

/// 1 to 65536, or a share.
fn opacity(value: &str) -> Option<f64> {
    let opacity = match value.strip_suffix('%') {
        Some(share) => share.trim().parse::<f64>().ok()? / 100.0,
        None => value.parse::<f64>().ok()? / 65536.0,
    };
    (0.0..=1.0).contains(&opacity).then_some(opacity)
}

/// A name of CSS, or `#` and one to four hexadecimal digits for each of red, green and blue.
fn colour(value: &str) -> Option<[u8; 3]> {
    let Some(digits) = value.strip_prefix('#') else {
        return NAMED_COLORS.get(value.into()).copied();
    };
    let each = digits.len() / 3;
    if !digits.is_ascii() || digits.len() % 3 != 0 || !(1..=4).contains(&each) {
        return None;
    }
    let channel = |index: usize| {
        let number = u32::from_str_radix(&digits[index * each..(index + 1) * each], 16).ok()?;
        let most = (1u32 << (4 * each)) - 1;
        Some(((number * 255 + most / 2) / most) as u8)
    };
    Some([channel(0)?, channel(1)?, channel(2)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(text: &str) -> Option<Vec<Run>> {
        parse(text, &Style::default())
    }

    #[test]
    fn tags_nest() {
        let runs = runs("a<b>b<i>c</i></b> &amp; <sup>d</sup>").unwrap();
        let seen: Vec<_> = runs.iter().map(|run| (run.text.as_str(), run.style.weight, run.style.slant)).collect();
        assert_eq!(
            seen,
            [
                ("a", 400, "normal"),
                ("b", 700, "normal"),
                ("c", 700, "italic"),
                (" & ", 400, "normal"),
                ("d", 400, "normal")
            ]
        );
        assert!((runs[4].style.shift - 12.0 * SUPERSCRIPT).abs() < 1e-9 && runs[4].style.size < 9.0);
    }

    #[test]
    fn spans_have_attributes() {
        let style = |attributes: &str| runs(&format!("<span {attributes}>x</span>")).map(|runs| runs[0].style.clone());
        assert_eq!(style("foreground='#f00'").unwrap().foreground, [255, 0, 0]);
        assert_eq!(style("color='rebeccapurple' alpha='50%'").unwrap().foreground, [0x66, 0x33, 0x99]);
        assert_eq!(style("background='#123456789abc'").unwrap().background, Some([0x12, 0x56, 0x9a]));
        assert_eq!(style("letter_spacing='2048' underline='single'").unwrap().letter_spacing, 2.0);
        assert_eq!(style("weight='heavy' font='Serif 9'").unwrap().weight, 900);
        for wrong in
            ["zoinks='1'", "color='zoinks'", "size='zoinks'", "underline='maybe'", "alpha='200%'", "color='#12'"]
        {
            assert_eq!(style(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn wrong_markup_is_refused() {
        for wrong in
            ["<b>x", "<zoinks>x</zoinks>", "a & b", "</markup><markup>", "<b class='x'>x</b>", "a < b", "\u{1}"]
        {
            assert_eq!(runs(wrong), None, "{wrong}");
        }
    }
}
