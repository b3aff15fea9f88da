//! The table of methods: the pages of the documentation, then the method of each format.

use std::sync::LazyLock;

use super::{channel, colour, composite, operation, output, resize};
use crate::{
    codec::{CODECS, FORM_METHODS, UNWRITTEN},
    options::Method,
};

/// All edit methods, in the order in which the prototype has them.
pub fn methods() -> &'static [Method] {
    static METHODS: LazyLock<Vec<Method>> = LazyLock::new(|| {
        let pages = [
            resize::METHODS,
            composite::METHODS,
            operation::METHODS,
            colour::METHODS,
            channel::METHODS,
            output::METHODS,
        ];
        let formats = CODECS.iter().filter_map(|codec| codec.encoder.as_ref()).filter_map(|encoder| encoder.method);
        let unwritten = UNWRITTEN.iter().map(|format| format.method);
        pages
            .into_iter()
            .flatten()
            .copied()
            .chain(formats)
            .chain(FORM_METHODS.iter().copied())
            .chain(unwritten)
            .collect()
    });
    &METHODS
}

/// The method of a name.
pub fn method(name: &str) -> Option<&'static Method> {
    methods().iter().find(|method| method.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique() {
        let names: std::collections::HashSet<_> = methods().iter().map(|method| method.name).collect();
        assert_eq!(names.len(), methods().len());
        assert_eq!(method("resize").map(|method| method.length), Some(3));
        assert!(method("constructor").is_none());
    }
}
