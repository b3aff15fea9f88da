//! The elements of a document, numbered in their order, with their places among their siblings.

use std::collections::HashMap;

use resvg::usvg::roxmltree::{Document, Node, NodeId};

/// The number of an element.
pub(super) type Element = usize;

/// What is asked of an element for matching.
struct Known<'a, 'input> {
    node: Node<'a, 'input>,
    parent: Option<Element>,
    previous: Option<Element>,
    /// Places from 1 on, among all siblings and among those of the same type.
    place: u32,
    place_of_type: u32,
    /// How many there are of them.
    siblings: u32,
    siblings_of_type: u32,
}

pub(super) struct Elements<'a, 'input> {
    all: Vec<Known<'a, 'input>>,
    numbers: HashMap<NodeId, Element>,
}

impl<'a, 'input> Elements<'a, 'input> {
    pub(super) fn new(document: &'a Document<'input>) -> Self {
        let mut all: Vec<Known<'_, '_>> = Vec::new();
        let mut numbers = HashMap::new();
        // The children that were seen of each parent: the last one, how many, and how many of each type.
        let mut last: HashMap<Option<Element>, Element> = HashMap::new();
        let mut of_type: HashMap<(Option<Element>, &str), u32> = HashMap::new();
        for node in document.descendants().filter(Node::is_element) {
            let parent = node.parent().and_then(|parent| numbers.get(&parent.id()).copied());
            let number = all.len();
            numbers.insert(node.id(), number);
            let previous = last.insert(parent, number);
            let place = previous.map_or(1, |previous| all[previous].place + 1);
            let place_of_type =
                *of_type.entry((parent, node.tag_name().name())).and_modify(|count| *count += 1).or_insert(1);
            all.push(Known { node, parent, previous, place, place_of_type, siblings: 0, siblings_of_type: 0 });
        }
        let counts: Vec<(u32, u32)> = all
            .iter()
            .map(|known| {
                let siblings = last.get(&known.parent).map_or(1, |&last| all[last].place);
                (siblings, of_type.get(&(known.parent, known.node.tag_name().name())).copied().unwrap_or(1))
            })
            .collect();
        for (known, (siblings, siblings_of_type)) in all.iter_mut().zip(counts) {
            (known.siblings, known.siblings_of_type) = (siblings, siblings_of_type);
        }
        Self { all, numbers }
    }

    /// The number of a node that is an element of the document.
    pub(super) fn number(&self, node: Node<'_, '_>) -> Element {
        self.numbers.get(&node.id()).copied().unwrap_or_default()
    }

    #[cfg(test)]
    pub(super) fn iter(&self) -> impl Iterator<Item = (Element, Node<'a, 'input>)> + '_ {
        self.all.iter().map(|known| known.node).enumerate()
    }

    pub(super) fn tag(&self, element: Element) -> &str {
        self.all[element].node.tag_name().name()
    }

    pub(super) fn attribute(&self, element: Element, name: &str) -> Option<&'a str> {
        let mut attributes = self.all[element].node.attributes();
        attributes.find(|attribute| attribute.name() == name).map(|attribute| attribute.value())
    }

    pub(super) fn parent(&self, element: Element) -> Option<Element> {
        self.all[element].parent
    }

    pub(super) fn previous(&self, element: Element) -> Option<Element> {
        self.all[element].previous
    }

    /// Whether an element has neither elements nor text in it.
    pub(super) fn is_empty(&self, element: Element) -> bool {
        let has_content = |node: Node<'_, '_>| node.is_element() || node.is_text();
        !self.all[element].node.children().any(has_content)
    }

    /// The place among its siblings or those of its type, from 1 on.
    pub(super) fn place(&self, element: Element, from_end: bool, of_type: bool) -> u32 {
        let known = &self.all[element];
        let (place, count) =
            if of_type { (known.place_of_type, known.siblings_of_type) } else { (known.place, known.siblings) };
        if from_end { count + 1 - place } else { place }
    }
}
