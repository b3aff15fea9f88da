//! Writes a document with its style in attributes.

use std::collections::HashMap;

use resvg::usvg::roxmltree::{Document, Node};

use super::{
    FONT_SIZE, Settings, TOO_MUCH,
    computed::{Computed, Inherited, Value},
    elements::{Element, Elements},
    property::{self, Kind, PROPERTIES, Property},
    selector::Work,
    sheet::{self, Sheet},
    syntax::declarations,
    text::uncommented,
    transform::{Parts, Reference},
    value::{self, Base},
};

const SVG: &str = "http://www.w3.org/2000/svg";
const XLINK: &str = "http://www.w3.org/1999/xlink";
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// What marks a path whose stroke is not scaled, see `draw`.
const UNSCALED: (&str, &str) = ("shape-rendering", "optimizeSpeed");

/// Begins the ids of elements that have none and whose boxes are wanted.
const ID: &str = "-lancet-box-";

/// The boxes of elements, as far as they have one.
pub(super) type Boxes = HashMap<Element, Option<Reference>>;

/// An element whose box is wanted, by which id it is found, and whether strokes are part of it.
type Wanted = (Element, String, bool);

pub(super) struct Writer<'a, 'input, 's> {
    elements: &'a Elements<'a, 'input>,
    sheet: &'s Sheet<'s>,
    settings: &'s Settings<'s>,
    work: &'s Work,
    /// Most bytes that are written.
    most: usize,
    text: String,
    wanted: Vec<Wanted>,
}

impl<'a, 'input, 's> Writer<'a, 'input, 's> {
    pub(super) const fn new(
        elements: &'a Elements<'a, 'input>,
        sheet: &'s Sheet<'s>,
        settings: &'s Settings<'s>,
        work: &'s Work,
        most: usize,
    ) -> Self {
        Self { elements, sheet, settings, work, most, text: String::new(), wanted: Vec::new() }
    }

    /// The document, and the elements whose boxes its transforms refer to, as long as these are not given.
    pub(super) fn write(
        &mut self,
        document: &'a Document<'input>,
        boxes: Option<&Boxes>,
    ) -> Result<(String, Vec<Wanted>), &'static str> {
        let (width, height) = self.settings.size;
        let base = Base {
            font_size: FONT_SIZE,
            root_font_size: FONT_SIZE,
            viewport: (width, height),
            window: (width, height),
            dpi: self.settings.dpi,
        };
        let inherited = Inherited { base, from_right: false, anchor: "start".into(), scope: None };
        self.element(document.root_element(), &inherited, boxes)?;
        Ok((std::mem::take(&mut self.text), std::mem::take(&mut self.wanted)))
    }

    fn element(
        &mut self,
        node: Node<'a, 'input>,
        outer: &Inherited,
        boxes: Option<&Boxes>,
    ) -> Result<(), &'static str> {
        let tag = node.tag_name().name();
        let is_drawn = matches!(node.tag_name().namespace(), None | Some(SVG));
        if !is_drawn || matches!(tag, "style" | "script" | "metadata") {
            return Ok(());
        }
        let element = self.elements.number(node);
        let style = node.attribute("style").map(uncommented).unwrap_or_default();
        let own = sheet::settings(&declarations(&style));
        let settings = self.sheet.settings(element, self.elements, &own, self.work);
        let mut inherited = outer.clone();
        let computed = Computed::new(node, &settings, &mut inherited, self.work);
        if self.work.is_used_up() {
            return Err(TOO_MUCH);
        }
        let is_root = node.parent_element().is_none();
        if is_root {
            inherited.base.root_font_size = inherited.base.font_size;
        }
        self.text.push('<');
        self.text.push_str(tag);
        if is_root {
            self.attribute("xmlns", SVG);
        }
        self.others(node);
        self.properties(tag, &computed, &inherited);
        self.transform(node, element, &computed, &inherited, boxes);
        if let Some(viewport) = viewport(node) {
            inherited.base.viewport = viewport;
        }
        self.text.push('>');
        for child in node.children() {
            if child.is_element() {
                self.element(child, &inherited, boxes)?;
            } else if child.is_text() {
                escape(&mut self.text, child.text().unwrap_or_default());
            }
        }
        self.text.push_str("</");
        self.text.push_str(tag);
        self.text.push('>');
        if self.text.len() > self.most { Err("style becomes too much text") } else { Ok(()) }
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.text.push(' ');
        self.text.push_str(name);
        self.text.push_str("=\"");
        escape(&mut self.text, value);
        self.text.push('"');
    }

    /// The attributes that are no properties.
    fn others(&mut self, node: Node<'_, '_>) {
        let tag = node.tag_name().name();
        let has_link = node.attributes().any(|attribute| attribute.name() == "href" && attribute.namespace().is_none());
        for attribute in node.attributes() {
            let name = attribute.name();
            match attribute.namespace() {
                None if matches!(name, "style" | "class") => {}
                None => {
                    let is_property =
                        property::number(name).is_some_and(|number| property::is_attribute(tag, &PROPERTIES[number]));
                    if !is_property {
                        self.attribute(name, attribute.value());
                    }
                }
                Some(XLINK) if name == "href" && !has_link => self.attribute(name, attribute.value()),
                Some(XML) => self.attribute(&format!("xml:{name}"), attribute.value()),
                Some(_) => {}
            }
        }
    }

    fn properties(&mut self, tag: &str, computed: &Computed, inherited: &Inherited) {
        let mut style = String::new();
        for (number, Property { name, kind, .. }) in PROPERTIES.iter().enumerate() {
            match kind {
                Kind::Done => {}
                Kind::StyleOnly => {
                    if let Some(value) = computed.text(number) {
                        style += &format!("{name}:{value};");
                    }
                }
                _ => {
                    if let Some(value) = computed.written(number, &inherited.base) {
                        self.attribute(name, &value);
                    }
                }
            }
        }
        if !style.is_empty() {
            self.attribute("style", &style);
        }
        const DIRECTION: usize = property::known("direction");
        const ANCHOR: usize = property::known("text-anchor");
        const SHAPES: usize = property::known("shape-rendering");
        const EFFECT: usize = property::known("vector-effect");
        if let Some(direction) = computed.text(DIRECTION) {
            self.attribute("direction", direction);
        }
        let is_text = matches!(tag, "text" | "tspan" | "tref" | "textPath");
        if is_text && inherited.from_right {
            // The library takes the start of a text to be on its left.
            let swapped = match inherited.anchor.as_str() {
                "start" => "end",
                "end" => "start",
                other => other,
            };
            self.attribute("text-anchor", swapped);
        } else if let Some(anchor) = computed.text(ANCHOR) {
            self.attribute("text-anchor", anchor);
        }
        let is_shape = matches!(tag, "path" | "rect" | "circle" | "ellipse" | "line" | "polyline" | "polygon");
        if is_shape && computed.text(EFFECT) == Some("non-scaling-stroke") {
            self.attribute(UNSCALED.0, UNSCALED.1);
        } else if let Some(shapes) = computed.text(SHAPES) {
            self.attribute(UNSCALED.0, if shapes == UNSCALED.1 { "crispEdges" } else { shapes });
        }
    }

    fn transform(
        &mut self,
        node: Node<'_, '_>,
        element: Element,
        computed: &Computed,
        inherited: &Inherited,
        boxes: Option<&Boxes>,
    ) {
        const TRANSFORM: usize = property::known("transform");
        const ORIGIN: usize = property::known("transform-origin");
        const BOX: usize = property::known("transform-box");
        const TRANSLATE: usize = property::known("translate");
        const ROTATE: usize = property::known("rotate");
        const SCALE: usize = property::known("scale");
        let parts = Parts {
            translate: computed.text(TRANSLATE),
            rotate: computed.text(ROTATE),
            scale: computed.text(SCALE),
            transform: computed.text(TRANSFORM),
            origin: computed.text(ORIGIN),
        };
        let name = match node.tag_name().name() {
            "linearGradient" | "radialGradient" => "gradientTransform",
            "pattern" => "patternTransform",
            _ => "transform",
        };
        let is_styled = matches!(computed.value(TRANSFORM), Some(Value::Style(_)));
        if !is_styled && [ORIGIN, BOX, TRANSLATE, ROTATE, SCALE].iter().all(|&number| computed.value(number).is_none())
        {
            if let Some(transform) = parts.transform {
                self.attribute(name, transform);
            }
            return;
        }
        if parts.translate.or(parts.rotate).or(parts.scale).or(parts.transform).is_none() {
            return;
        }
        let strokes = match computed.text(BOX) {
            Some("fill-box" | "content-box") => Some(false),
            Some("stroke-box" | "border-box") => Some(true),
            _ => None,
        };
        let (width, height) = inherited.base.viewport;
        let mut within = Reference { x: 0.0, y: 0.0, width, height };
        if let Some(strokes) = strokes {
            let Some(boxes) = boxes else {
                let id = node.attribute("id").map_or_else(|| format!("{ID}{element}"), str::to_owned);
                if node.attribute("id").is_none() {
                    self.attribute("id", &id);
                }
                self.wanted.push((element, id, strokes));
                return;
            };
            within = boxes.get(&element).copied().flatten().unwrap_or(Reference { width: 0.0, height: 0.0, ..within });
        }
        match parts.matrix(within, &inherited.base) {
            Some(matrix) => {
                self.attribute(name, &matrix.written());
                if node.parent_element().is_none() && parts.origin.is_some() {
                    // The library has an origin of its own here.
                    self.attribute("transform-origin", "0 0");
                }
            }
            None if !is_styled => {
                if let Some(transform) = parts.transform {
                    self.attribute(name, transform);
                }
            }
            None => {}
        }
    }
}

/// The size of the viewport that an element makes for what is in it.
fn viewport(node: Node<'_, '_>) -> Option<(f64, f64)> {
    if !matches!(node.tag_name().name(), "svg" | "symbol") {
        return None;
    }
    let number = |text: &str| value::number(text.trim()).map(|(number, _)| number);
    if let Some(view_box) = node.attribute("viewBox") {
        let numbers = view_box.split(|c: char| c == ',' || c.is_ascii_whitespace()).filter(|part| !part.is_empty());
        let numbers: Vec<f64> = numbers.map_while(number).collect();
        return if let [_, _, width, height] = numbers[..] { Some((width, height)) } else { None };
    }
    let side = |name| node.attribute(name).filter(|side| !side.trim_end().ends_with('%')).and_then(number);
    Some((side("width")?, side("height")?))
}

fn escape(to: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"', '\n', '\r', '\t']) {
        to.push_str(&rest[..at]);
        to.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\n' => "&#10;",
            b'\r' => "&#13;",
            _ => "&#9;",
        });
        rest = &rest[at + 1..];
    }
    to.push_str(rest);
}
