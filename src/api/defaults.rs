//! The options bag of a new instance.

use crate::{
    codec::{CODECS, UNWRITTEN, animation::AnimationOptions},
    options::{GeometryOptions, OperationOptions, OptionValue, OutputOptions, Value},
};

/// The entries of a new instance's bag, but for `input`.
pub fn defaults() -> Vec<(&'static str, Value)> {
    let codecs = CODECS.iter().filter_map(|codec| codec.encoder.as_ref()).flat_map(|encoder| (encoder.defaults)());
    [GeometryOptions::defaults(), OperationOptions::defaults(), OutputOptions::defaults(), AnimationOptions::defaults()]
        .into_iter()
        .flatten()
        .chain(codecs)
        .chain(UNWRITTEN.iter().flat_map(|format| (format.defaults)()))
        .filter(|(_, value)| value.is_defined())
        .chain(unread())
        .collect()
}

/// Entries that sharp's bag has and nothing reads, here or there: programs may list them.
fn unread() -> [(&'static str, Value); 3] {
    [("booleanBufferIn", Value::Null), ("booleanFileIn", "".into()), ("pdfBackground", [255.0; 4].to_value())]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Options;

    #[test]
    fn an_empty_bag_is_the_defaults() {
        assert_eq!(Options::read(&Value::Map(vec![])).unwrap(), Options::default());
    }

    #[test]
    fn the_defaults_read_back_as_themselves() {
        let bag = Value::Map(defaults().into_iter().map(|(key, value)| (key.to_owned(), value)).collect());
        assert_eq!(Options::read(&bag).unwrap(), Options::default());
        assert_eq!(bag.get("width"), &Value::Number(-1.0));
        assert!(!bag.has("convKernel"));
    }

    #[test]
    fn a_hostile_bag_is_refused() {
        for (key, value) in [
            ("width", Value::from(1.5)),
            ("canvas", "x".into()),
            ("resizeBackground", [0.0, 1.0].into()),
            ("withExif", Value::Map(vec![("a".to_owned(), 1.0.into())])),
            ("convKernel", Value::Map(vec![("width".to_owned(), 3.0.into())])),
            ("joinChannelIn", Value::List(vec![Value::Null])),
            ("trimThreshold", f64::NAN.into()),
        ] {
            let error = Options::read(&Value::Map(vec![(key.to_owned(), value)])).unwrap_err().to_string();
            assert!(error.contains(key), "{error}");
        }
    }
}
