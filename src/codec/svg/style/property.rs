//! The properties that change a drawing, and how each is handed on.

/// How a property becomes what the library reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// As an attribute, as it is.
    Plain,
    /// As an attribute; colours in all of their notations.
    Paint,
    /// As an attribute; lengths with units of today.
    Lengths,
    /// In a `style` attribute, since it is ignored as another one. It is none either in a document.
    StyleOnly,
    /// As an attribute of the elements that have it: a length along an axis.
    Geometry(Axis),
    /// The outline of a path.
    Outline,
    /// Done here.
    Done,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Axis {
    Horizontal,
    Vertical,
    /// Shares are of the diagonal, divided by the square root of two.
    Both,
}

#[derive(Debug)]
pub(super) struct Property {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// The initial value of an inherited property; the others are initial where they are not set.
    pub(super) inherited: Option<&'static str>,
}

const fn own(name: &'static str, kind: Kind) -> Property {
    Property { name, kind, inherited: None }
}

const fn inherited(name: &'static str, kind: Kind, initial: &'static str) -> Property {
    Property { name, kind, inherited: Some(initial) }
}

/// All properties, by name.
pub(super) static PROPERTIES: &[Property] = &[
    own("alignment-baseline", Kind::Plain),
    own("baseline-shift", Kind::Lengths),
    own("clip-path", Kind::Plain),
    inherited("clip-rule", Kind::Plain, "nonzero"),
    inherited("color", Kind::Paint, "black"),
    inherited("color-interpolation", Kind::Plain, "sRGB"),
    inherited("color-interpolation-filters", Kind::Plain, "linearRGB"),
    own("cx", Kind::Geometry(Axis::Horizontal)),
    own("cy", Kind::Geometry(Axis::Vertical)),
    own("d", Kind::Outline),
    inherited("direction", Kind::Done, "ltr"),
    own("display", Kind::Plain),
    inherited("dominant-baseline", Kind::Plain, "auto"),
    inherited("fill", Kind::Paint, "black"),
    inherited("fill-opacity", Kind::Plain, "1"),
    inherited("fill-rule", Kind::Plain, "nonzero"),
    own("filter", Kind::Plain),
    own("flood-color", Kind::Paint),
    own("flood-opacity", Kind::Plain),
    inherited("font-family", Kind::Plain, "sans-serif"),
    inherited("font-kerning", Kind::StyleOnly, "auto"),
    inherited("font-optical-sizing", Kind::Plain, "auto"),
    inherited("font-size", Kind::Lengths, "medium"),
    inherited("font-size-adjust", Kind::Plain, "none"),
    inherited("font-stretch", Kind::Plain, "normal"),
    inherited("font-style", Kind::Plain, "normal"),
    inherited("font-variant", Kind::Plain, "normal"),
    inherited("font-variation-settings", Kind::Plain, "normal"),
    inherited("font-weight", Kind::Plain, "normal"),
    own("height", Kind::Geometry(Axis::Vertical)),
    inherited("image-rendering", Kind::StyleOnly, "auto"),
    own("isolation", Kind::StyleOnly),
    inherited("letter-spacing", Kind::Lengths, "normal"),
    own("lighting-color", Kind::Paint),
    inherited("marker-end", Kind::Plain, "none"),
    inherited("marker-mid", Kind::Plain, "none"),
    inherited("marker-start", Kind::Plain, "none"),
    own("mask", Kind::Plain),
    own("mask-type", Kind::Plain),
    own("mix-blend-mode", Kind::StyleOnly),
    own("opacity", Kind::Plain),
    own("overflow", Kind::Plain),
    inherited("paint-order", Kind::Plain, "normal"),
    own("r", Kind::Geometry(Axis::Both)),
    own("rotate", Kind::Done),
    own("rx", Kind::Geometry(Axis::Horizontal)),
    own("ry", Kind::Geometry(Axis::Vertical)),
    own("scale", Kind::Done),
    inherited("shape-rendering", Kind::Done, "auto"),
    own("stop-color", Kind::Paint),
    own("stop-opacity", Kind::Plain),
    inherited("stroke", Kind::Paint, "none"),
    inherited("stroke-dasharray", Kind::Lengths, "none"),
    inherited("stroke-dashoffset", Kind::Lengths, "0"),
    inherited("stroke-linecap", Kind::Plain, "butt"),
    inherited("stroke-linejoin", Kind::Plain, "miter"),
    inherited("stroke-miterlimit", Kind::Plain, "4"),
    inherited("stroke-opacity", Kind::Plain, "1"),
    inherited("stroke-width", Kind::Lengths, "1"),
    inherited("text-anchor", Kind::Done, "start"),
    own("text-decoration", Kind::Plain),
    own("text-overflow", Kind::Plain),
    inherited("text-rendering", Kind::Plain, "auto"),
    own("transform", Kind::Done),
    own("transform-box", Kind::Done),
    own("transform-origin", Kind::Done),
    own("translate", Kind::Done),
    own("unicode-bidi", Kind::Plain),
    own("vector-effect", Kind::Done),
    inherited("visibility", Kind::Plain, "visible"),
    inherited("white-space", Kind::Plain, "normal"),
    own("width", Kind::Geometry(Axis::Horizontal)),
    inherited("word-spacing", Kind::Lengths, "normal"),
    inherited("writing-mode", Kind::Plain, "lr-tb"),
    own("x", Kind::Geometry(Axis::Horizontal)),
    own("y", Kind::Geometry(Axis::Vertical)),
];

/// How many there are.
pub(super) const COUNT: usize = PROPERTIES.len();

/// The number of a property.
pub(super) fn number(name: &str) -> Option<usize> {
    PROPERTIES.binary_search_by(|property| property.name.cmp(name)).ok()
}

/// The number of a property that stands in the list.
pub(super) const fn known(name: &str) -> usize {
    let mut at = 0;
    while at < COUNT {
        if equal(PROPERTIES[at].name.as_bytes(), name.as_bytes()) {
            return at;
        }
        at += 1;
    }
    panic!("no such property")
}

const fn equal(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// Whether elements of a type have a property of geometry.
pub(super) fn has(tag: &str, name: &str) -> bool {
    match name {
        "x" | "y" | "width" | "height" => matches!(tag, "rect" | "image" | "svg" | "use" | "foreignObject"),
        "rx" | "ry" => matches!(tag, "rect" | "ellipse"),
        "cx" | "cy" => matches!(tag, "circle" | "ellipse"),
        "r" => tag == "circle",
        "d" => tag == "path",
        _ => true,
    }
}

/// Whether a property is an attribute, too. Elements that have others of the same name keep those.
pub(super) fn is_attribute(tag: &str, property: &Property) -> bool {
    match property.kind {
        Kind::StyleOnly => property.name == "image-rendering",
        // These are attributes of text and of animations, and not these properties.
        Kind::Done => !matches!(property.name, "rotate" | "scale" | "translate"),
        _ => has(tag, property.name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_are_found_by_name() {
        assert!(PROPERTIES.is_sorted_by(|a, b| a.name < b.name));
        for (at, property) in PROPERTIES.iter().enumerate() {
            assert_eq!((number(property.name), known(property.name)), (Some(at), at));
        }
        assert_eq!(number("colour"), None);
    }
}
