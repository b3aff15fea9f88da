//! What an element's properties are once its style is resolved, and what of it children inherit.

use std::rc::Rc;

use resvg::usvg::roxmltree::Node;

use super::{
    colour,
    property::{self, COUNT, Kind, PROPERTIES},
    selector::Work,
    sheet::{Name, Setting},
    value::{self, Base},
    variables::{self, Scope},
};

/// The value of a property, and where it is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// The attribute, as it stands there.
    Attribute(String),
    Style(String),
}

impl Value {
    pub(super) fn text(&self) -> &str {
        let (Self::Attribute(text) | Self::Style(text)) = self;
        text
    }
}

/// What children take over from their parents.
#[derive(Clone)]
pub(super) struct Inherited {
    pub(super) base: Base,
    /// Text runs from right to left.
    pub(super) from_right: bool,
    pub(super) anchor: String,
    pub(super) scope: Option<Rc<Scope>>,
}

/// The values of all properties of an element that it sets itself, by their numbers.
pub(super) struct Computed {
    values: [Option<Value>; COUNT],
}

impl Computed {
    /// The cascaded values: attributes first, then the settings, of which later ones replace earlier ones. `inherited` is that of
    /// the parent and becomes that of the element.
    pub(super) fn new(node: Node<'_, '_>, settings: &[&Setting<'_>], inherited: &mut Inherited, work: &Work) -> Self {
        let custom = settings.iter().filter_map(|setting| match setting.name {
            Name::Custom(name) => Some((name, setting.value)),
            Name::Known(_) => None,
        });
        inherited.scope = Scope::new(inherited.scope.take(), custom);
        let mut computed = Self { values: [const { None }; COUNT] };
        let tag = node.tag_name().name();
        for attribute in node.attributes().filter(|attribute| attribute.namespace().is_none()) {
            let Some(number) = property::number(attribute.name()) else { continue };
            if property::is_attribute(tag, &PROPERTIES[number]) {
                let scope = inherited.scope.as_deref();
                let is_paint = PROPERTIES[number].kind == Kind::Paint;
                let value = if variables::is_variable(attribute.value()) {
                    variables::substituted(scope, attribute.value(), work).map(Value::Style)
                } else if is_paint {
                    colour::paint(attribute.value().trim()).map(Value::Attribute)
                } else {
                    Some(Value::Attribute(attribute.value().to_owned()))
                };
                computed.values[number] = value;
            }
        }
        for setting in settings {
            let Name::Known(number) = setting.name else { continue };
            let value = if variables::is_variable(setting.value) {
                match variables::substituted(inherited.scope.as_deref(), setting.value, work) {
                    Some(value) => value,
                    None => "unset".to_owned(),
                }
            } else {
                setting.value.to_owned()
            };
            computed.set(number, value, tag);
        }
        computed.inherit(inherited);
        computed
    }

    /// Sets a property as a style does, unless the value is none that it can have.
    fn set(&mut self, number: usize, value: String, tag: &str) {
        let property = &PROPERTIES[number];
        if !property::has(tag, property.name) {
            return;
        }
        let keyword = value.to_ascii_lowercase();
        self.values[number] = match keyword.as_str() {
            "unset" | "revert" | "revert-layer" => None,
            "initial" => property.inherited.map(|initial| Value::Style(initial.to_owned())),
            "inherit" if matches!(property.kind, Kind::Geometry(_) | Kind::Outline) => None,
            "inherit" => Some(Value::Style(keyword)),
            _ if property.kind == Kind::Paint => match colour::paint(&value) {
                Some(paint) => Some(Value::Style(paint)),
                None => return,
            },
            _ => Some(Value::Style(value)),
        };
    }

    fn inherit(&self, inherited: &mut Inherited) {
        const FONT_SIZE: usize = property::known("font-size");
        const DIRECTION: usize = property::known("direction");
        const ANCHOR: usize = property::known("text-anchor");
        if let Some(value) = self.text(FONT_SIZE) {
            inherited.base.font_size = font_size(value, &inherited.base);
        }
        match self.text(DIRECTION) {
            Some("rtl") => inherited.from_right = true,
            Some("ltr") => inherited.from_right = false,
            _ => {}
        }
        if let Some(anchor) = self.text(ANCHOR).filter(|anchor| matches!(*anchor, "start" | "middle" | "end")) {
            inherited.anchor = anchor.to_owned();
        }
    }

    pub(super) fn value(&self, number: usize) -> Option<&Value> {
        self.values[number].as_ref()
    }

    pub(super) fn text(&self, number: usize) -> Option<&str> {
        self.value(number).map(Value::text)
    }

    /// What a style sets, in the words of the library.
    pub(super) fn written(&self, number: usize, base: &Base) -> Option<String> {
        let value = self.value(number)?;
        let text = value.text();
        let property = &PROPERTIES[number];
        let modern = value::is_modern(text);
        match property.kind {
            Kind::Geometry(axis) if modern || matches!(value, Value::Style(_)) => {
                if text.eq_ignore_ascii_case("auto") {
                    return None;
                }
                length(text, axis, base)
            }
            Kind::Outline if matches!(value, Value::Style(_)) => outline(text),
            Kind::Lengths if modern => Some(lengths(text, base)),
            _ => Some(text.to_owned()),
        }
    }
}

/// A length as an attribute; what has units that the library knows stays as it is.
fn length(text: &str, axis: property::Axis, base: &Base) -> Option<String> {
    if !value::is_modern(text) {
        return value::number(text).map(|_| text.to_owned());
    }
    let (width, height) = base.viewport;
    let whole = match axis {
        property::Axis::Horizontal => width,
        property::Axis::Vertical => height,
        property::Axis::Both => ((width * width + height * height) / 2.0).sqrt(),
    };
    value::length(text, base).map(|length| value::written(length.of(whole)))
}

/// Lengths among other words, with units that the library knows.
fn lengths(text: &str, base: &Base) -> String {
    let words = super::text::split(text, &[' ', ',', '\t', '\n']).filter(|word| !word.is_empty());
    let known =
        words.map(|word| match value::is_modern(word).then(|| length(word, property::Axis::Both, base)).flatten() {
            Some(length) => length,
            None => word.to_owned(),
        });
    known.collect::<Vec<_>>().join(" ")
}

/// The commands of `path("…")`; empty for `none`.
fn outline(text: &str) -> Option<String> {
    if text.eq_ignore_ascii_case("none") {
        return Some(String::new());
    }
    let inside = text.strip_prefix("path(")?.strip_suffix(')')?.trim();
    let inside =
        inside.split_once(',').filter(|(rule, _)| !rule.contains(['"', '\''])).map_or(inside, |(_, path)| path);
    let commands = inside.trim().trim_matches(['"', '\'']);
    Some(commands.replace(['\\', '\n'], " "))
}

/// A font size in pixels. Source of the keywords' sizes: CSS Fonts Level 4, as many times the medium one.
fn font_size(text: &str, base: &Base) -> f64 {
    let medium = super::FONT_SIZE;
    match text {
        "xx-small" => medium * 0.6,
        "x-small" => medium * 0.75,
        "small" => medium * 8.0 / 9.0,
        "medium" => medium,
        "large" => medium * 1.2,
        "x-large" => medium * 1.5,
        "xx-large" => medium * 2.0,
        "smaller" => base.font_size / 1.2,
        "larger" => base.font_size * 1.2,
        _ => value::length(text, base).map_or(base.font_size, |length| length.of(base.font_size)),
    }
}
