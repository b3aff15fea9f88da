//! Selectors: those of level 3, and `:is()`, `:where()` and `:not()` with lists from level 4. Source: Selectors Level 4.

use std::cell::Cell;

use super::{
    elements::{Element, Elements},
    text::{find, split},
};

/// Deepest nesting of selectors in selectors.
const MAX_NESTING: u32 = 8;

/// Counts of ids, of classes and the like, and of types.
pub(super) type Specificity = [u32; 3];

/// Compounds from right to left, each with how it stands to the next one on its left.
#[derive(Debug)]
pub(super) struct Selector {
    compounds: Vec<(Compound, Combinator)>,
    pub(super) specificity: Specificity,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Combinator {
    /// Nothing is on the left.
    None,
    Descendant,
    Child,
    Next,
    Subsequent,
}

#[derive(Debug, Default)]
struct Compound {
    tag: Option<String>,
    tests: Vec<Test>,
}

#[derive(Debug)]
enum Test {
    Id(String),
    Class(String),
    Attribute {
        name: String,
        operator: Operator,
        value: String,
        ignores_case: bool,
    },
    Root,
    Empty,
    /// The place among its siblings, or those of its type, is `a · n + b`, counted from the end where that is said.
    Nth {
        a: i32,
        b: i32,
        from_end: bool,
        of_type: bool,
    },
    Only {
        of_type: bool,
    },
    Any(Vec<Selector>),
    None(Vec<Selector>),
    Link,
    Language(String),
    /// States of a user interface, and parts that are no elements.
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Exists,
    Equals,
    Word,
    Language,
    Starts,
    Ends,
    Contains,
}

/// By what the rightmost compound of a selector may be looked up.
pub(super) enum Key<'a> {
    Id(&'a str),
    Class(&'a str),
    Tag(&'a str),
    Any,
}

/// How much comparing may still be done.
pub(super) struct Work(Cell<u64>);

impl Work {
    pub(super) const fn new(most: u64) -> Self {
        Self(Cell::new(most))
    }

    /// Takes some; `false` when there was not so much.
    pub(super) fn take(&self, amount: u64) -> bool {
        let left = self.0.get();
        self.0.set(left.saturating_sub(amount));
        left >= amount
    }

    pub(super) const fn is_used_up(&self) -> bool {
        self.0.get() == 0
    }
}

/// The selectors of a list; `None` when one of them is none, which makes the rule void.
pub(super) fn parse(text: &str) -> Option<Vec<Selector>> {
    list(text, 0, false)
}

fn list(text: &str, nesting: u32, forgiving: bool) -> Option<Vec<Selector>> {
    if nesting > MAX_NESTING {
        return None;
    }
    let parts = split(text, &[',']).map(|part| selector(part, nesting));
    if forgiving { Some(parts.flatten().collect()) } else { parts.collect() }
}

fn selector(text: &str, nesting: u32) -> Option<Selector> {
    let mut parser = Parser { rest: text.trim(), nesting, specificity: [0; 3] };
    let mut compounds = Vec::new();
    let mut combinator = Combinator::None;
    loop {
        compounds.push((parser.compound()?, combinator));
        match parser.combinator() {
            Some(next) => combinator = next,
            None => break,
        }
    }
    compounds.reverse();
    parser.rest.is_empty().then_some(Selector { compounds, specificity: parser.specificity })
}

struct Parser<'a> {
    rest: &'a str,
    nesting: u32,
    specificity: Specificity,
}

impl<'a> Parser<'a> {
    fn combinator(&mut self) -> Option<Combinator> {
        let after = self.rest.trim_start();
        let (combinator, rest) = match after.chars().next()? {
            '>' => (Combinator::Child, &after[1..]),
            '+' => (Combinator::Next, &after[1..]),
            '~' => (Combinator::Subsequent, &after[1..]),
            _ if after.len() < self.rest.len() => (Combinator::Descendant, after),
            _ => return None,
        };
        self.rest = rest.trim_start();
        Some(combinator)
    }

    fn compound(&mut self) -> Option<Compound> {
        let mut compound = Compound::default();
        let start = self.rest;
        self.tag(&mut compound)?;
        while let Some(c) = self.rest.chars().next() {
            let test = match c {
                '#' => {
                    self.rest = &self.rest[1..];
                    self.specificity[0] += 1;
                    Test::Id(self.name()?)
                }
                '.' => {
                    self.rest = &self.rest[1..];
                    self.specificity[1] += 1;
                    Test::Class(self.name()?)
                }
                '[' => {
                    let inside = self.bracketed(']')?;
                    self.specificity[1] += 1;
                    attribute(inside)?
                }
                ':' => self.pseudo()?,
                _ => break,
            };
            compound.tests.push(test);
        }
        (self.rest.len() < start.len()).then_some(compound)
    }

    /// A type or `*`, whose namespace is not asked for.
    fn tag(&mut self, compound: &mut Compound) -> Option<()> {
        let part = |parser: &mut Self| {
            if let Some(rest) = parser.rest.strip_prefix('*') {
                parser.rest = rest;
                return Some(None);
            }
            parser.name().map(Some)
        };
        let is_bar = |rest: &str| rest.starts_with('|') && !rest.starts_with("|=");
        let mut tag = if is_bar(self.rest) { None } else { part(self) };
        if is_bar(self.rest) {
            self.rest = &self.rest[1..];
            tag = Some(part(self)?);
        }
        compound.tag = tag.flatten();
        self.specificity[2] += u32::from(compound.tag.is_some());
        Some(())
    }

    /// What is between a bracket that the rest begins with and its counterpart.
    fn bracketed(&mut self, close: char) -> Option<&'a str> {
        let inside = &self.rest[1..];
        let end = find(inside, &[')', ']', '}']).filter(|&end| inside[end..].starts_with(close))?;
        self.rest = &inside[end + 1..];
        Some(&inside[..end])
    }

    fn pseudo(&mut self) -> Option<Test> {
        let is_element = self.rest.starts_with("::");
        self.rest = self.rest.trim_start_matches(':');
        let name = self.name()?.to_ascii_lowercase();
        let argument = if self.rest.starts_with('(') { Some(self.bracketed(')')?.trim()) } else { None };
        if is_element || matches!(name.as_str(), "before" | "after" | "first-line" | "first-letter") {
            self.specificity[2] += 1;
            return Some(Test::Never);
        }
        let nth = |a, b, from_end, of_type| Test::Nth { a, b, from_end, of_type };
        if let Some(argument) = argument {
            let is_list = matches!(name.as_str(), "is" | "where" | "matches" | "-webkit-any" | "-moz-any" | "not");
            if is_list {
                let selectors = list(argument, self.nesting + 1, name != "not")?;
                let most = selectors.iter().map(|selector| selector.specificity).max().unwrap_or_default();
                if name != "where" {
                    self.specificity.iter_mut().zip(most).for_each(|(sum, most)| *sum += most);
                }
                return Some(if name == "not" { Test::None(selectors) } else { Test::Any(selectors) });
            }
            self.specificity[1] += 1;
            let of = || formula(argument);
            return Some(match name.as_str() {
                "nth-child" => of().map(|(a, b)| nth(a, b, false, false))?,
                "nth-last-child" => of().map(|(a, b)| nth(a, b, true, false))?,
                "nth-of-type" => of().map(|(a, b)| nth(a, b, false, true))?,
                "nth-last-of-type" => of().map(|(a, b)| nth(a, b, true, true))?,
                "lang" => Test::Language(argument.trim_matches(['"', '\'']).to_ascii_lowercase()),
                _ => return None,
            });
        }
        self.specificity[1] += 1;
        Some(match name.as_str() {
            "root" | "scope" => Test::Root,
            "empty" => Test::Empty,
            "first-child" => nth(0, 1, false, false),
            "last-child" => nth(0, 1, true, false),
            "only-child" => Test::Only { of_type: false },
            "first-of-type" => nth(0, 1, false, true),
            "last-of-type" => nth(0, 1, true, true),
            "only-of-type" => Test::Only { of_type: true },
            "link" | "any-link" => Test::Link,
            "hover" | "active" | "focus" | "focus-within" | "focus-visible" | "visited" | "target" | "enabled"
            | "disabled" | "checked" | "defined" | "fullscreen" | "default" | "autofill" => Test::Never,
            _ => return None,
        })
    }

    /// A name with its escapes resolved.
    fn name(&mut self) -> Option<String> {
        let (name, rest) = identifier(self.rest)?;
        self.rest = rest;
        Some(name)
    }
}

/// The name that a text begins with, and what follows.
fn identifier(text: &str) -> Option<(String, &str)> {
    let mut name = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c == '\\' {
            let (c, after) = escape(&rest[1..])?;
            name.push(c);
            rest = after;
        } else if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') || !c.is_ascii() {
            name.push(c);
            rest = &rest[c.len_utf8()..];
        } else {
            break;
        }
    }
    (!name.is_empty()).then_some((name, rest))
}

/// The character of an escape, whose backslash is read already, and what follows.
fn escape(text: &str) -> Option<(char, &str)> {
    let digits = text.bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
    if digits == 0 {
        let c = text.chars().next()?;
        return Some((c, &text[c.len_utf8()..]));
    }
    let code = u32::from_str_radix(&text[..digits], 16).ok()?;
    let rest = &text[digits..];
    let rest = rest.strip_prefix([' ', '\t', '\n']).unwrap_or(rest);
    Some((char::from_u32(code).filter(|&c| c != '\0').unwrap_or(char::REPLACEMENT_CHARACTER), rest))
}

/// What stands in the brackets of an attribute.
fn attribute(text: &str) -> Option<Test> {
    let mut text = text.trim();
    // A namespace is not asked for.
    if let Some(at) = text.find('|').filter(|&at| !text[at..].starts_with("|=")) {
        text = &text[at + 1..];
    }
    let (name, rest) = identifier(text)?;
    let rest = rest.trim();
    if rest.is_empty() {
        return Some(Test::Attribute { name, operator: Operator::Exists, value: String::new(), ignores_case: false });
    }
    let (operator, rest) = match rest.as_bytes()[0] {
        b'=' => (Operator::Equals, rest),
        b'~' => (Operator::Word, &rest[1..]),
        b'|' => (Operator::Language, &rest[1..]),
        b'^' => (Operator::Starts, &rest[1..]),
        b'$' => (Operator::Ends, &rest[1..]),
        b'*' => (Operator::Contains, &rest[1..]),
        _ => return None,
    };
    let rest = rest.strip_prefix('=')?.trim_start();
    let (value, flag) = match rest.chars().next()? {
        quote @ ('"' | '\'') => {
            let end = rest[1..].find(quote)? + 1;
            (rest[1..end].to_owned(), &rest[end + 1..])
        }
        _ => identifier(rest)?,
    };
    let ignores_case = match flag.trim() {
        "" | "s" | "S" => false,
        "i" | "I" => true,
        _ => return None,
    };
    Some(Test::Attribute { name, operator, value, ignores_case })
}

/// `a` and `b` of `an+b`, `odd` or `even`.
fn formula(text: &str) -> Option<(i32, i32)> {
    let text: String = text.to_ascii_lowercase().split_ascii_whitespace().collect();
    match text.as_str() {
        "odd" => return Some((2, 1)),
        "even" => return Some((2, 0)),
        _ => {}
    }
    let Some((a, b)) = text.split_once('n') else { return text.parse().ok().map(|b| (0, b)) };
    let a = match a {
        "" | "+" => 1,
        "-" => -1,
        a => a.parse().ok()?,
    };
    let b = if b.is_empty() { 0 } else { b.starts_with(['+', '-']).then(|| b.parse().ok())?? };
    Some((a, b))
}

impl Selector {
    /// The surest thing to look the selector up by.
    pub(super) fn key(&self) -> Key<'_> {
        let compound = &self.compounds[0].0;
        let id = compound.tests.iter().find_map(|test| if let Test::Id(id) = test { Some(Key::Id(id)) } else { None });
        let class = || {
            compound
                .tests
                .iter()
                .find_map(|test| if let Test::Class(class) = test { Some(Key::Class(class)) } else { None })
        };
        let tag = || compound.tag.as_deref().map(Key::Tag);
        id.or_else(class).or_else(tag).unwrap_or(Key::Any)
    }

    /// Whether an element is selected. When there is no work left it is not.
    pub(super) fn matches(&self, element: Element, all: &Elements<'_, '_>, work: &Work) -> bool {
        matches_from(&self.compounds, element, all, work)
    }
}

fn matches_from(compounds: &[(Compound, Combinator)], element: Element, all: &Elements<'_, '_>, work: &Work) -> bool {
    let [(compound, combinator), left @ ..] = compounds else { return true };
    if !work.take(1) || !compound.matches(element, all, work) {
        return false;
    }
    let up = |at: &Element| all.parent(*at);
    let back = |at: &Element| all.previous(*at);
    match combinator {
        Combinator::None => true,
        Combinator::Child => up(&element).is_some_and(|parent| matches_from(left, parent, all, work)),
        Combinator::Next => back(&element).is_some_and(|previous| matches_from(left, previous, all, work)),
        Combinator::Descendant => {
            std::iter::successors(up(&element), up).any(|ancestor| matches_from(left, ancestor, all, work))
        }
        Combinator::Subsequent => {
            std::iter::successors(back(&element), back).any(|sibling| matches_from(left, sibling, all, work))
        }
    }
}

impl Compound {
    fn matches(&self, element: Element, all: &Elements<'_, '_>, work: &Work) -> bool {
        self.tag.as_deref().is_none_or(|tag| tag == all.tag(element))
            && self.tests.iter().all(|test| work.take(1) && test.holds(element, all, work))
    }
}

impl Test {
    fn holds(&self, element: Element, all: &Elements<'_, '_>, work: &Work) -> bool {
        let any = |selectors: &[Selector]| selectors.iter().any(|selector| selector.matches(element, all, work));
        match self {
            Self::Id(id) => all.attribute(element, "id") == Some(id),
            Self::Class(class) => {
                let classes = all.attribute(element, "class").unwrap_or_default();
                work.take(classes.len() as u64 / 16) && classes.split_ascii_whitespace().any(|each| each == class)
            }
            Self::Attribute { name, operator, value, ignores_case } => {
                let Some(found) = all.attribute(element, name) else { return false };
                if !work.take(found.len() as u64 / 16) {
                    return false;
                }
                if *ignores_case {
                    operator.holds(&found.to_ascii_lowercase(), &value.to_ascii_lowercase())
                } else {
                    operator.holds(found, value)
                }
            }
            Self::Root => all.parent(element).is_none(),
            Self::Empty => all.is_empty(element),
            Self::Nth { a, b, from_end, of_type } => {
                let place = i64::from(all.place(element, *from_end, *of_type));
                let (a, beyond) = (i64::from(*a), place - i64::from(*b));
                if a == 0 { beyond == 0 } else { beyond % a == 0 && beyond / a >= 0 }
            }
            Self::Only { of_type } => [false, true].iter().all(|&from_end| all.place(element, from_end, *of_type) == 1),
            Self::Any(selectors) => any(selectors),
            Self::None(selectors) => !any(selectors),
            Self::Link => all.tag(element) == "a" && all.attribute(element, "href").is_some(),
            Self::Language(wanted) => std::iter::successors(Some(element), |at| all.parent(*at))
                .find_map(|at| all.attribute(at, "lang"))
                .is_some_and(|language| Operator::Language.holds(&language.to_ascii_lowercase(), wanted)),
            Self::Never => false,
        }
    }
}

impl Operator {
    fn holds(self, found: &str, value: &str) -> bool {
        match self {
            Self::Exists => true,
            Self::Equals => found == value,
            Self::Word => found.split_ascii_whitespace().any(|word| word == value),
            Self::Language => found.strip_prefix(value).is_some_and(|rest| rest.is_empty() || rest.starts_with('-')),
            Self::Starts => !value.is_empty() && found.starts_with(value),
            Self::Ends => !value.is_empty() && found.ends_with(value),
            Self::Contains => !value.is_empty() && found.contains(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use resvg::usvg::roxmltree::Document;

    use super::*;

    /// The ids of the elements that a selector selects.
    fn selected(selector: &str) -> String {
        let text = "<svg id='r'><g id='a' class='x y' lang='en-GB'><b id='b' k='One two'/><c id='c'/><b id='d'/></g>\
                    <g id='e'>text<b id='f' class='x'/></g><a id='h' href='#'/><é id='i'/></svg>";
        let document = Document::parse(text).unwrap();
        let all = Elements::new(&document);
        let Some(selectors) = parse(selector) else { return "void".into() };
        let work = Work::new(100_000);
        let fits = |element| selectors.iter().any(|selector| selector.matches(element, &all, &work));
        all.iter().filter(|(element, _)| fits(*element)).filter_map(|(_, node)| node.attribute("id")).collect()
    }

    #[test]
    fn elements_are_selected() {
        for (selector, expected) in [
            ("*", "rabcdefhi"),
            ("b", "bdf"),
            ("#a, #f", "af"),
            (".x", "af"),
            (".x.y", "a"),
            ("g.x", "a"),
            ("svg|g", "ae"),
            ("*|*#a", "a"),
            ("|c", "c"),
            ("é", "i"),
            ("g b", "bdf"),
            ("svg b", "bdf"),
            ("svg > b", ""),
            ("g>b", "bdf"),
            ("c + b", "d"),
            ("b ~ b", "d"),
            ("b+ c~b", "d"),
            ("svg g:first-child b:last-child", "d"),
            (":root", "r"),
            (":root > *", "aehi"),
            ("[k]", "b"),
            ("[k='One two']", "b"),
            ("[k~=two]", "b"),
            ("[k^=One]", "b"),
            ("[k$='wo']", "b"),
            ("[k*='e t' ]", "b"),
            ("[k='one TWO' i]", "b"),
            ("[lang|=en]", "a"),
            ("[svg|k]", "b"),
            ("b:first-child", "bf"),
            ("b:last-child", "df"),
            (":only-child", "rf"),
            ("c:only-of-type", "c"),
            ("b:first-of-type", "bf"),
            ("b:last-of-type", "df"),
            ("g > :nth-child(2)", "c"),
            ("g > :nth-child(odd)", "bdf"),
            ("g > :nth-child(even)", "c"),
            ("g > :nth-child( 2n + 1 )", "bdf"),
            (":root > :nth-child(-n+2)", "ae"),
            (":root > :nth-last-child(-n + 2)", "hi"),
            ("b:nth-of-type(2)", "d"),
            ("b:nth-last-of-type(2)", "b"),
            ("g:empty, c:empty", "c"),
            (":not(b):not(g)", "rchi"),
            (":not(b, g, :root)", "chi"),
            (":is(b, c)", "bcdf"),
            (":is(b, ::, c)", "bcdf"),
            (":where(.x, #h) ", "afh"),
            ("g :is(b + c)", "c"),
            (":lang(en)", "abcd"),
            (":any-link", "h"),
            ("#\\61", "a"),
            ("#\\000061", "a"),
            ("b:hover, b::before", ""),
            ("g, :unknown", "void"),
            ("g >", "void"),
            ("g,,b", "void"),
            ("", "void"),
            (":not(:unknown)", "void"),
            ("b[", "void"),
            ("b:nth-child(x)", "void"),
            ("g / b", "void"),
        ] {
            assert_eq!(selected(selector), expected, "{selector}");
        }
    }

    #[test]
    fn specificity_counts_ids_classes_and_types() {
        for (selector, expected) in [
            ("*", [0, 0, 0]),
            ("g b::before", [0, 0, 3]),
            ("#a.b[c]:root", [1, 3, 0]),
            (":is(#a, b) c", [1, 0, 1]),
            (":not(.a.b)", [0, 2, 0]),
            (":where(#a) b", [0, 0, 1]),
            ("b:nth-child(2)", [0, 1, 1]),
        ] {
            assert_eq!(parse(selector).unwrap()[0].specificity, expected, "{selector}");
        }
    }

    #[test]
    fn nesting_and_work_have_an_end() {
        assert!(parse(&format!("{}a{}", ":is(".repeat(8), ")".repeat(8))).is_some());
        assert!(parse(&format!("{}a{}", ":not(".repeat(9), ")".repeat(9))).is_none());
        let text = format!("{}{}", "<g>".repeat(200), "</g>".repeat(200));
        let document = Document::parse(&text).unwrap();
        let all = Elements::new(&document);
        let work = Work::new(1_000_000);
        let selector = &parse(&format!("x {}", "g ".repeat(20))).unwrap()[0];
        assert!(!selector.matches(199, &all, &work) && work.is_used_up());
    }
}
