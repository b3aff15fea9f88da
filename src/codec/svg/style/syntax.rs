//! The outer syntax of CSS: rules and declarations. Source: CSS Syntax Level 3.

use super::{
    media::Screen,
    text::{find, split},
};

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
    use super::{super::text::uncommented, *};

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
}
