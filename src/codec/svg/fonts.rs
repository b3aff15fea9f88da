//! The fonts of the system, found once when the first text is drawn, and which of them stands for a family.

use std::sync::{Arc, OnceLock};

use resvg::usvg::{
    self, Font, FontResolver,
    fontdb::{Database, Family, ID, Query, Stretch, Style, Weight},
};

/// Families that stand for a generic one where the system has not said which, the usual ones first.
const SANS: &[&str] = &["DejaVu Sans", "Liberation Sans", "Noto Sans", "Arial", "Helvetica"];
const SERIF: &[&str] = &["DejaVu Serif", "Liberation Serif", "Noto Serif", "Times New Roman", "Times"];
const MONOSPACE: &[&str] = &["DejaVu Sans Mono", "Liberation Mono", "Noto Sans Mono", "Courier New", "Courier"];

/// Well-known families that are not sans-serif.
const KNOWN_SERIF: &[&str] = &["times new roman", "times", "georgia", "garamond", "palatino", "cambria"];
const KNOWN_MONOSPACE: &[&str] = &["courier new", "courier", "monaco", "menlo", "consolas", "lucida console"];

/// Every font of the system; read at the first call.
pub(crate) fn system() -> &'static Arc<Database> {
    static SYSTEM: OnceLock<Arc<Database>> = OnceLock::new();
    SYSTEM.get_or_init(|| {
        let mut fonts = Database::new();
        fonts.load_system_fonts();
        Arc::new(fonts)
    })
}

/// A resolver that takes fonts from the database it is given, and fills it with those of the system when it is empty.
pub(crate) fn resolver() -> FontResolver<'static> {
    let fallback = FontResolver::default_fallback_selector();
    FontResolver {
        select_font: Box::new(|font, fonts| {
            if fonts.is_empty() {
                *fonts = system().clone();
            }
            select(font, fonts)
        }),
        select_fallback: Box::new(move |character, used, fonts| {
            // The default selector looks at the first font without asking whether there is one.
            if used.is_empty() { None } else { fallback(character, used, fonts) }
        }),
    }
}

/// The best font for the families that are asked for, or any font rather than none.
pub(crate) fn select(font: &Font, fonts: &Database) -> Option<ID> {
    let names: Vec<String> = font.families().iter().map(|family| family.to_string()).collect();
    let names = names.iter().map(|name| name.trim_matches(['"', '\'']));
    let stretch = match font.stretch() {
        usvg::FontStretch::UltraCondensed => Stretch::UltraCondensed,
        usvg::FontStretch::ExtraCondensed => Stretch::ExtraCondensed,
        usvg::FontStretch::Condensed => Stretch::Condensed,
        usvg::FontStretch::SemiCondensed => Stretch::SemiCondensed,
        usvg::FontStretch::Normal => Stretch::Normal,
        usvg::FontStretch::SemiExpanded => Stretch::SemiExpanded,
        usvg::FontStretch::Expanded => Stretch::Expanded,
        usvg::FontStretch::ExtraExpanded => Stretch::ExtraExpanded,
        usvg::FontStretch::UltraExpanded => Stretch::UltraExpanded,
    };
    let style = match font.style() {
        usvg::FontStyle::Normal => Style::Normal,
        usvg::FontStyle::Italic => Style::Italic,
        usvg::FontStyle::Oblique => Style::Oblique,
    };
    let weight = Weight(font.weight());
    let query = |name: &str| {
        let families = [Family::Name(name)];
        fonts.query(&Query { families: &families, weight, stretch, style })
    };
    names
        .flat_map(|name| std::iter::once(name).chain(standing_for(name).iter().copied()))
        .chain(SANS.iter().copied())
        .find_map(query)
        .or_else(|| fonts.faces().next().map(|face| face.id))
}

/// Families that resemble a generic or a well-known one.
fn standing_for(name: &str) -> &'static [&'static str] {
    let name = name.to_ascii_lowercase();
    if name == "serif" || KNOWN_SERIF.contains(&name.as_str()) {
        SERIF
    } else if ["monospace", "mono"].contains(&name.as_str()) || KNOWN_MONOSPACE.contains(&name.as_str()) {
        MONOSPACE
    } else if ["sans-serif", "sans"].contains(&name.as_str()) {
        SANS
    } else {
        &[]
    }
}
