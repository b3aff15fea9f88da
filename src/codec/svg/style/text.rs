//! Places in CSS text outside of comments, strings and brackets. Source: CSS Syntax Level 3.

/// A style sheet without comments, and without the marks that hide it from readers of HTML.
pub(super) fn uncommented(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['"', '\'', '\\', '/', '<', '-']) {
        let found = &rest[at..];
        let (kept, skipped) = if let Some(comment) = found.strip_prefix("/*") {
            (0, comment.find("*/").map_or(found.len(), |end| end + 4))
        } else if found.starts_with("<!--") {
            (0, 4)
        } else if found.starts_with("-->") {
            (0, 3)
        } else if let Some(after) = found.strip_prefix('\\') {
            let escaped = 1 + after.chars().next().map_or(0, char::len_utf8);
            (escaped, escaped)
        } else {
            let end = string(found).unwrap_or(1);
            (end, end)
        };
        result.push_str(&rest[..at]);
        result.push_str(&found[..kept]);
        if kept == 0 {
            result.push(' ');
        }
        rest = &found[skipped..];
    }
    result.push_str(rest);
    result
}

/// Length of the string that a text begins with; `None` when it begins with something else.
fn string(text: &str) -> Option<usize> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            // A string that is not closed ends with its line.
            '\n' => return Some(at),
            c if c == quote => return Some(at + 1),
            _ => {}
        }
    }
    Some(text.len())
}

/// The place of the first of some characters that is outside of strings, escapes and brackets.
pub(super) fn find(text: &str, wanted: &[char]) -> Option<usize> {
    let mut depth = 0u32;
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        if depth == 0 && wanted.contains(&c) {
            return Some(at);
        }
        at += match c {
            '"' | '\'' => string(&text[at..]).unwrap_or(1),
            '\\' => 1 + text[at + 1..].chars().next().map_or(0, char::len_utf8),
            _ => c.len_utf8(),
        };
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// The parts between some characters that are outside of strings and brackets.
pub(super) fn split<'a>(text: &'a str, at: &'static [char]) -> impl Iterator<Item = &'a str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let end = find(text, at);
        rest = end.map(|end| &text[end + 1..]);
        Some(end.map_or(text, |end| &text[..end]).trim())
    })
}

/// The parts of a value between its white space.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    split(text, &[' ', '\t', '\n', '\r', '\u{c}']).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_whole_within_brackets() {
        assert_eq!(words(" a  b(c d)\n'e f'").collect::<Vec<_>>(), ["a", "b(c d)", "'e f'"]);
    }
}
