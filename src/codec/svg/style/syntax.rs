//! The outer syntax of CSS: rules, declarations, and places outside of strings and brackets. Source: CSS Syntax Level 3.

use super::media::Screen;

/// Deepest nesting of rules in conditional rules.
const MAX_NESTING: u32 = 16;

/// One property and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Declaration<'a> {
    /// As it stands there; names of properties other than custom ones have any case.
    pub(super) name: &'a str,
    pub(super) value: &'a str,
    pub(super) important: bool,
}

/// Selectors and what they declare.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Rule<'a> {
    pub(super) selectors: &'a str,
    pub(super) declarations: Vec<Declaration<'a>>,
}

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

/// The declarations of a block or of a `style` attribute.
pub(super) fn declarations(text: &str) -> Vec<Declaration<'_>> {
    split(text, &[';']).filter_map(declaration).collect()
}

fn declaration(text: &str) -> Option<Declaration<'_>> {
    let (name, value) = text.split_once(':')?;
    let (name, mut value) = (name.trim(), value.trim());
    let mut important = false;
    if let Some(at) = value.rfind('!')
        && value[at + 1..].trim().eq_ignore_ascii_case("important")
    {
        important = true;
        value = value[..at].trim_end();
    }
    let is_name =
        !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_') || !c.is_ascii());
    (is_name && (!value.is_empty() || name.starts_with("--"))).then_some(Declaration { name, value, important })
}

/// The rules of a style sheet that apply on a screen, in their order. `text` is free of comments.
pub(super) fn rules<'a>(text: &'a str, screen: Screen) -> Vec<Rule<'a>> {
    let mut found = Vec::new();
    collect(text, screen, 0, &mut found);
    found
}

fn collect<'a>(text: &'a str, screen: Screen, nesting: u32, found: &mut Vec<Rule<'a>>) {
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ';');
        let is_at_rule = rest.starts_with('@');
        let Some(end) = find(rest, if is_at_rule { &['{', ';'] } else { &['{'] }) else { return };
        let prelude = rest[..end].trim();
        if rest[end..].starts_with(';') {
            rest = &rest[end + 1..];
            continue;
        }
        let body = &rest[end + 1..];
        let close = find(body, &['}']).unwrap_or(body.len());
        let block = &body[..close];
        rest = body.get(close + 1..).unwrap_or_default();
        match prelude.strip_prefix('@') {
            None => found.push(Rule { selectors: prelude, declarations: declarations(block) }),
            Some(at_rule) => {
                let name_end = at_rule.find(|c: char| !c.is_ascii_alphabetic() && c != '-').unwrap_or(at_rule.len());
                let (name, condition) = at_rule.split_at(name_end);
                let applies = match name.to_ascii_lowercase().as_str() {
                    "media" => screen.fits(condition),
                    "supports" => !condition.trim_start().starts_with("not"),
                    "layer" => true,
                    _ => false,
                };
                if applies && nesting < MAX_NESTING {
                    collect(block, screen, nesting + 1, found);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn screen() -> Screen {
        Screen { width: 100.0, height: 50.0 }
    }

    fn selectors(text: &str) -> Vec<String> {
        let text = uncommented(text);
        rules(&text, screen()).iter().map(|rule| format!("{} {}", rule.selectors, rule.declarations.len())).collect()
    }

    #[test]
    fn rules_are_found_between_comments_and_at_rules() {
        assert_eq!(selectors("a{x:1} /* b{} */ c{y:2;z:3;}"), ["a 1", "c 2"]);
        assert_eq!(selectors("<!-- a{x:1} --> b{x:'}';y:\"/*\"}"), ["a 1", "b 2"]);
        assert_eq!(selectors("@import 'x.css'; @font-face{src:url(a)} @charset 'u'; a{x:1}"), ["a 1"]);
        assert_eq!(selectors("@media print{a{x:1}} @media screen{b{x:1}c{x:2}} d{x:3}"), ["b 1", "c 1", "d 1"]);
        assert_eq!(selectors("a[b='{']{x:1} .c\\{{x:2}"), ["a[b='{'] 1", ".c\\{ 1"]);
        assert_eq!(selectors("a{x:1"), ["a 1"]);
        assert_eq!(selectors("a"), [""; 0]);
        assert_eq!(selectors("@supports (d: path('')){a{x:1}} @supports not (x:y){b{x:1}}"), ["a 1"]);
        assert_eq!(selectors(&"@media all{".repeat(1000)), [""; 0]);
    }

    #[test]
    fn declarations_are_split_outside_of_strings_and_brackets() {
        let found = declarations("fill: red ; d:path('M0;0') !important;--a:;:b;c;e: f(g;h)! IMPORTANT");
        let all: Vec<_> = found.iter().map(|each| (each.name, each.value, each.important)).collect();
        assert_eq!(
            all,
            [("fill", "red", false), ("d", "path('M0;0')", true), ("--a", "", false), ("e", "f(g;h)", true)]
        );
    }

    #[test]
    fn words_stay_whole_within_brackets() {
        assert_eq!(words(" a  b(c d)\n'e f'").collect::<Vec<_>>(), ["a", "b(c d)", "'e f'"]);
    }
}
