//! Custom properties and their use. Source: CSS Custom Properties for Cascading Variables Level 1.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    rc::Rc,
};

use super::{
    selector::Work,
    text::{find, split},
};

/// Most bytes that a value may become, and deepest use of one in another.
const MAX_VALUE: usize = 64 << 10;
const MAX_NESTING: u32 = 32;

/// The custom properties that an element sets, and those that it inherits.
pub(super) struct Scope {
    outer: Option<Rc<Self>>,
    own: HashMap<String, Variable>,
}

struct Variable {
    text: String,
    /// The value once it was asked for; `None` inside when there is none.
    value: RefCell<Option<Option<Rc<str>>>>,
    /// It is being worked out: asking for it now would go round forever.
    busy: Cell<bool>,
}

impl Scope {
    /// The scope of an element; `settings` may set one more than once, and the last one counts.
    pub(super) fn new<'a>(
        outer: Option<Rc<Self>>,
        settings: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> Option<Rc<Self>> {
        let variable = |text: &str| Variable { text: text.into(), value: RefCell::new(None), busy: Cell::new(false) };
        let own: HashMap<_, _> = settings.map(|(name, text)| (name.to_owned(), variable(text))).collect();
        if own.is_empty() { outer } else { Some(Rc::new(Self { outer, own })) }
    }

    fn value(&self, name: &str, work: &Work, nesting: u32) -> Option<Rc<str>> {
        let inherited = || self.outer.as_ref().and_then(|outer| outer.value(name, work, nesting));
        if !work.take(1) {
            return None;
        }
        let Some(variable) = self.own.get(name) else { return inherited() };
        if variable.busy.get() {
            return None;
        }
        if let Some(known) = &*variable.value.borrow() {
            return known.clone();
        }
        let value = match variable.text.as_str() {
            "initial" => None,
            "inherit" | "unset" | "revert" => inherited(),
            text => {
                variable.busy.set(true);
                let value = substituted_in(Some(self), text, work, nesting + 1);
                variable.busy.set(false);
                value.map(Rc::from)
            }
        };
        *variable.value.borrow_mut() = Some(value.clone());
        value
    }
}

/// Whether a value uses variables.
pub(super) fn is_variable(value: &str) -> bool {
    let mut rest = value;
    while let Some(at) = rest.find('(') {
        if rest[..at].get(at.saturating_sub(3)..).is_some_and(|name| name.eq_ignore_ascii_case("var")) {
            return true;
        }
        rest = &rest[at + 1..];
    }
    false
}

/// A value with its variables replaced; `None` when one has no value, which unsets the property.
pub(super) fn substituted(scope: Option<&Scope>, value: &str, work: &Work) -> Option<String> {
    substituted_in(scope, value, work, 0)
}

fn substituted_in(scope: Option<&Scope>, value: &str, work: &Work, nesting: u32) -> Option<String> {
    if nesting > MAX_NESTING {
        return None;
    }
    let mut result = String::new();
    let mut rest = value;
    while let Some(at) = rest.find('(') {
        let start = at.saturating_sub(3);
        if !rest.get(start..at).is_some_and(|name| name.eq_ignore_ascii_case("var")) {
            result.push_str(&rest[..=at]);
            rest = &rest[at + 1..];
            continue;
        }
        result.push_str(&rest[..start]);
        let inside = &rest[at + 1..];
        let end = find(inside, &[')'])?;
        let argument = &inside[..end];
        rest = &inside[end + 1..];
        let name = split(argument, &[',']).next()?;
        let fallback = find(argument, &[',']).map(|comma| argument[comma + 1..].trim());
        let found = scope.and_then(|scope| scope.value(name, work, nesting));
        match (found, fallback) {
            (Some(found), _) => result.push_str(&found),
            (None, Some(fallback)) => result.push_str(&substituted_in(scope, fallback, work, nesting + 1)?),
            (None, None) => return None,
        }
        if result.len() > MAX_VALUE || !work.take(result.len() as u64 / 64) {
            return None;
        }
    }
    result.push_str(rest);
    (result.len() <= MAX_VALUE).then_some(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(outer: Option<Rc<Scope>>, settings: &[(&str, &str)]) -> Option<Rc<Scope>> {
        Scope::new(outer, settings.iter().copied())
    }

    #[test]
    fn variables_inherit_and_fall_back() {
        let outer = scope(None, &[("--a", "red"), ("--b", "var(--a)"), ("--w", "3")]);
        let inner = scope(outer, &[("--a", "blue"), ("--c", "calc(var(--w)px * 2)"), ("--w", "initial")]);
        for (value, expected) in [
            ("var(--a)", Some("blue")),
            ("var( --a )", Some("blue")),
            ("VAR(--b)", Some("red")),
            ("a var(--a) b(var(--b))", Some("a blue b(red)")),
            ("var(--x, green)", Some("green")),
            ("var(--x, var(--a))", Some("blue")),
            ("var(--x,)", Some("")),
            ("var(--x, rgb(1, 2, 3))", Some("rgb(1, 2, 3)")),
            ("var(--x)", None),
            ("var(--w)", None),
            ("var(--c)", None),
            ("var(--a", None),
            ("red", Some("red")),
        ] {
            let work = Work::new(1000);
            assert_eq!(substituted(inner.as_deref(), value, &work).as_deref(), expected, "{value}");
        }
        assert!(is_variable("a Var(--b)") && !is_variable("avar (b)") && !is_variable("url(a)"));
    }

    #[test]
    fn circles_and_growth_have_an_end() {
        let circle = scope(None, &[("--a", "var(--b)"), ("--b", "var(--a)")]);
        assert_eq!(substituted(circle.as_deref(), "var(--a, x)", &Work::new(1000)).as_deref(), Some("x"));
        let names: Vec<String> = (0..30).map(|at| format!("--v{at}")).collect();
        let texts: Vec<String> = (0..30).map(|at| format!("var(--v{})", at + 1).repeat(10)).collect();
        let mut settings: Vec<(&str, &str)> =
            names.iter().map(String::as_str).zip(texts.iter().map(String::as_str)).collect();
        settings[29].1 = "xxxxxxxxxx";
        let growing = scope(None, &settings);
        assert_eq!(substituted(growing.as_deref(), "var(--v0)", &Work::new(1_000_000)), None);
        assert_eq!(
            substituted(growing.as_deref(), "var(--v27)", &Work::new(1_000_000)).map(|value| value.len()),
            Some(1000)
        );
    }
}
