//! The prolog of an XML document: declarations, comments, a document type.

/// Whether the outermost element is `svg`, of any prefix. `text` may be the start of a document only.
pub(super) fn is_svg(text: &str) -> bool {
    root(text).is_some_and(|name| name.rsplit(':').next().is_some_and(|local| local.eq_ignore_ascii_case("svg")))
}

/// The name of the outermost element.
fn root(text: &str) -> Option<&str> {
    let mut rest = text.trim_start();
    loop {
        rest = if let Some(inside) = rest.strip_prefix("<?") {
            after(inside, "?>")?
        } else if let Some(inside) = rest.strip_prefix("<!--") {
            after(inside, "-->")?
        } else if rest.starts_with("<!") {
            document_type(rest)?
        } else {
            let end = |c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/');
            let inside = rest.strip_prefix('<')?;
            return Some(&inside[..inside.find(end)?]);
        }
        .trim_start();
    }
}

fn after<'a>(text: &'a str, end: &str) -> Option<&'a str> {
    text.find(end).map(|at| &text[at + end.len()..])
}

/// What follows a document type: it ends at the first `>` outside of quotes, comments and brackets.
fn document_type(text: &str) -> Option<&str> {
    let mut rest = text;
    let mut brackets = 0u32;
    loop {
        let at = rest.find(['"', '\'', '[', ']', '>', '<'])?;
        let found = &rest[at..];
        rest = match found.as_bytes()[0] {
            b'<' if found.starts_with("<!--") => after(found, "-->")?,
            b'<' if found.starts_with("<?") => after(found, "?>")?,
            quote @ (b'"' | b'\'') => after(&found[1..], if quote == b'"' { "\"" } else { "'" })?,
            b'>' if brackets == 0 => return Some(&found[1..]),
            byte => {
                brackets = match byte {
                    b'[' => brackets + 1,
                    b']' => brackets.saturating_sub(1),
                    _ => brackets,
                };
                &found[1..]
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outermost_element_is_found_behind_a_prolog() {
        for before in [
            "",
            " \n<?xml version='1.0'?>",
            "<!-- <html> --><?xml-stylesheet href='a.css'?>\n",
            "<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'http://www.w3.org/svg11.dtd'>",
            "<!DOCTYPE svg [<!ENTITY a '<html>'> <!-- ]> --> <!ELEMENT b ANY>]>",
            "<!DOCTYPE svg SYSTEM \"a>b\">",
        ] {
            for root in ["<svg>", "<svg/>", "<svg\nwidth='1'", "<SVG >", "<s:svg xmlns:s=''"] {
                assert!(is_svg(&format!("{before}{root}")), "{before}{root}");
            }
            for root in ["", "<html><svg>", "<svgs>", "<sv", "svg", "<svg", "<!-- <svg> "] {
                assert!(!is_svg(&format!("{before}{root}")), "{before}{root}");
            }
        }
    }
}
