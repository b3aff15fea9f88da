//! Style sheets, indexed by what their selectors end with, and what they declare for an element.

use std::collections::HashMap;

use resvg::usvg::roxmltree::{Document, Node};
use svgtypes::FontShorthand;

use super::{
    elements::{Element, Elements},
    media::Screen,
    property,
    selector::{self, Key, Selector, Specificity, Work},
    syntax::{self, Declaration},
    text,
};

/// What a declaration sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Name<'a> {
    /// A property by its number.
    Known(usize),
    /// A custom property, with its two hyphens.
    Custom(&'a str),
}

/// A property or custom property with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Setting<'a> {
    pub(super) name: Name<'a>,
    pub(super) value: &'a str,
    pub(super) important: bool,
}

/// Who wrote a style sheet: what is given beside the document yields to what is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Origin {
    User,
    Document,
}

struct Rule<'a> {
    selectors: Vec<Selector>,
    settings: Vec<Setting<'a>>,
    origin: Origin,
}

/// A rule by its number, and which of its selectors.
type Entry = (usize, usize);

#[derive(Default)]
pub(super) struct Sheet<'a> {
    rules: Vec<Rule<'a>>,
    by_id: HashMap<String, Vec<Entry>>,
    by_class: HashMap<String, Vec<Entry>>,
    by_tag: HashMap<String, Vec<Entry>>,
    others: Vec<Entry>,
}

/// A rule that applies to an element, the stronger ones last.
type Match = (Origin, Specificity, usize);

impl<'a> Sheet<'a> {
    /// Adds the rules of a text without comments.
    pub(super) fn add(&mut self, text: &'a str, origin: Origin, screen: Screen) {
        for rule in syntax::rules(text, screen) {
            let Some(selectors) = selector::parse(rule.selectors) else { continue };
            let number = self.rules.len();
            for (at, selector) in selectors.iter().enumerate() {
                let list = match selector.key() {
                    Key::Id(id) => self.by_id.entry(id.to_owned()).or_default(),
                    Key::Class(class) => self.by_class.entry(class.to_owned()).or_default(),
                    Key::Tag(tag) => self.by_tag.entry(tag.to_owned()).or_default(),
                    Key::Any => &mut self.others,
                };
                list.push((number, at));
            }
            self.rules.push(Rule { selectors, settings: settings(&rule.declarations), origin });
        }
    }

    /// What applies to an element, from the weakest to the strongest. `own` is what its `style` attribute says.
    pub(super) fn settings<'s>(
        &'s self,
        element: Element,
        all: &Elements<'_, '_>,
        own: &'s [Setting<'a>],
        work: &Work,
    ) -> Vec<&'s Setting<'a>> {
        let classes = all.attribute(element, "class").unwrap_or_default().split_ascii_whitespace();
        let by_id = all.attribute(element, "id").and_then(|id| self.by_id.get(id));
        let by_tag = self.by_tag.get(all.tag(element));
        let lists = by_id.into_iter().chain(classes.filter_map(|class| self.by_class.get(class)));
        let mut matches: Vec<Match> = Vec::new();
        for &(number, at) in lists.chain(by_tag).chain([&self.others]).flatten() {
            if !work.take(1) {
                break;
            }
            let rule = &self.rules[number];
            let selector = &rule.selectors[at];
            if selector.matches(element, all, work) && work.take(rule.settings.len() as u64) {
                matches.push((rule.origin, selector.specificity, number));
            }
        }
        matches.sort_unstable();
        matches.dedup_by_key(|&mut (.., number)| number);
        let rules = |origin: Origin| {
            let of_origin = matches.iter().filter(move |each| each.0 == origin);
            of_origin.flat_map(|&(.., number)| &self.rules[number].settings)
        };
        let [user, document] = [Origin::User, Origin::Document].map(|origin| rules(origin).collect::<Vec<_>>());
        let normal = user.iter().chain(&document).copied().chain(own).filter(|setting| !setting.important);
        let important = document.iter().copied().chain(own).chain(user.iter().copied());
        normal.chain(important.filter(|setting| setting.important)).collect()
    }
}

/// The declarations of properties that are known, shorthands taken apart.
pub(super) fn settings<'a>(declarations: &[Declaration<'a>]) -> Vec<Setting<'a>> {
    let mut settings = Vec::with_capacity(declarations.len());
    for &Declaration { name, value, important } in declarations {
        if name.starts_with("--") {
            settings.push(Setting { name: Name::Custom(name), value, important });
            continue;
        }
        let mut set = |name: &str, value: &'a str| {
            if let Some(number) = property::number(name) {
                settings.push(Setting { name: Name::Known(number), value, important });
            }
        };
        let name = name.to_ascii_lowercase();
        match name.as_str() {
            "marker" => ["marker-start", "marker-mid", "marker-end"].into_iter().for_each(|each| set(each, value)),
            "text-decoration-line" => set("text-decoration", value),
            "font-width" => set("font-stretch", value),
            "font" => {
                let Ok(font) = FontShorthand::from_str(value) else { continue };
                set("font-style", font.font_style.unwrap_or("normal"));
                set("font-variant", font.font_variant.unwrap_or("normal"));
                set("font-weight", font.font_weight.unwrap_or("normal"));
                set("font-stretch", font.font_stretch.unwrap_or("normal"));
                set("font-size-adjust", "none");
                set("font-kerning", "auto");
                set("font-size", font.font_size);
                set("font-family", font.font_family);
            }
            name => set(name, value),
        }
    }
    settings
}

/// The texts of a document's style sheets that apply on a screen, without comments.
pub(super) fn texts(document: &Document<'_>, screen: Screen) -> Vec<String> {
    let is_css = |node: &Node<'_, '_>| node.attribute("type").is_none_or(|kind| matches!(kind.trim(), "" | "text/css"));
    document
        .descendants()
        .filter(|node| node.tag_name().name() == "style" && node.is_element() && is_css(node))
        .filter(|node| node.attribute("media").is_none_or(|media| screen.fits(media)))
        .map(|node| {
            let parts: String = node.children().filter(Node::is_text).filter_map(|part| part.text()).collect();
            text::uncommented(&parts)
        })
        .collect()
}
