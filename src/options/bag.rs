//! The options bag: the one place where the state of an instance lives.
//!
//! Programs read it and write it (`Object.assign(image.options, …)`), so nothing in it can be trusted: when an image is
//! made, each part of the engine reads its own options out of the bag with a type declared by [`bag!`], which checks type
//! and range, and which is also the only place where the defaults stand.

use std::borrow::Cow;

use super::{Value, call::invalid};
use crate::error::ParameterError;

/// The largest integer that a JavaScript number holds with all its neighbours.
pub const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;

/// Read access to an options bag.
pub trait Bag {
    /// An option; `undefined` when the bag has none of that name. A dot reaches into a nested object.
    fn get(&self, key: &str) -> Cow<'_, Value>;
}

impl Bag for Value {
    fn get(&self, key: &str) -> Cow<'_, Value> {
        Cow::Borrowed(key.split('.').fold(self, |value, name| Value::get(value, name)))
    }
}

/// A type that an option can have.
pub trait OptionValue: Sized {
    /// What an error says was expected.
    const EXPECTED: &'static str;
    fn from_value(value: &Value) -> Option<Self>;
    fn to_value(&self) -> Value;
}

impl OptionValue for bool {
    const EXPECTED: &'static str = "boolean";
    fn from_value(value: &Value) -> Option<Self> {
        value.as_bool()
    }
    fn to_value(&self) -> Value {
        Value::Bool(*self)
    }
}

impl OptionValue for f64 {
    const EXPECTED: &'static str = "number";
    fn from_value(value: &Value) -> Option<Self> {
        value.as_number()
    }
    fn to_value(&self) -> Value {
        Value::Number(*self)
    }
}

impl OptionValue for i32 {
    const EXPECTED: &'static str = "integer";
    fn from_value(value: &Value) -> Option<Self> {
        let number = value.as_integer()?;
        (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&number).then_some(number as i32)
    }
    fn to_value(&self) -> Value {
        Value::Number(f64::from(*self))
    }
}

impl OptionValue for u32 {
    const EXPECTED: &'static str = "positive integer";
    fn from_value(value: &Value) -> Option<Self> {
        let number = value.as_integer()?;
        (0.0..=f64::from(u32::MAX)).contains(&number).then_some(number as u32)
    }
    fn to_value(&self) -> Value {
        Value::Number(f64::from(*self))
    }
}

impl OptionValue for u64 {
    const EXPECTED: &'static str = "positive integer";
    fn from_value(value: &Value) -> Option<Self> {
        let number = value.as_integer()?;
        (0.0..=MAX_SAFE_INTEGER).contains(&number).then_some(number as u64)
    }
    fn to_value(&self) -> Value {
        Value::Number(*self as f64)
    }
}

impl OptionValue for String {
    const EXPECTED: &'static str = "string";
    fn from_value(value: &Value) -> Option<Self> {
        if let Value::String(text) = value { Some(text.clone()) } else { None }
    }
    fn to_value(&self) -> Value {
        Value::String(self.clone())
    }
}

impl<T: OptionValue> OptionValue for Vec<T> {
    const EXPECTED: &'static str = "array";
    fn from_value(value: &Value) -> Option<Self> {
        value.as_list()?.iter().map(T::from_value).collect()
    }
    fn to_value(&self) -> Value {
        Value::List(self.iter().map(T::to_value).collect())
    }
}

impl<T: OptionValue + Copy, const N: usize> OptionValue for [T; N] {
    const EXPECTED: &'static str = "array";
    fn from_value(value: &Value) -> Option<Self> {
        Vec::from_value(value)?.try_into().ok()
    }
    fn to_value(&self) -> Value {
        Value::List(self.iter().map(T::to_value).collect())
    }
}

/// An option that need not be there.
impl<T: OptionValue> OptionValue for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;
    fn from_value(value: &Value) -> Option<Self> {
        T::from_value(value).map(Some)
    }
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Undefined, T::to_value)
    }
}

/// Reads one option: its default when it is absent, an error when it is not of the type or not `valid`.
pub fn read_option<T: OptionValue>(bag: &dyn Bag, key: &str, default: T) -> Result<T, ParameterError> {
    read_limited(bag, key, default, |_| true, || T::EXPECTED.to_owned())
}

/// The same for an option of which not every value is `valid`; `expected` is what an error says.
pub fn read_limited<T: OptionValue>(
    bag: &dyn Bag,
    key: &str,
    default: T,
    valid: impl Fn(&T) -> bool,
    expected: impl FnOnce() -> String,
) -> Result<T, ParameterError> {
    let value = bag.get(key);
    if !value.is_defined() {
        return Ok(default);
    }
    T::from_value(&value).filter(valid).ok_or_else(|| invalid(key, expected(), &value))
}

/// Declares a group of options: a struct whose fields are read out of the bag, checked, and have their defaults here.
///
/// ```text
/// bag! {
///     /// What `jpeg()` sets.
///     pub struct JpegOptions {
///         /// Quality, 1 to 100.
///         "jpegQuality" => quality: u32 = 80, 1..=100;
///         /// Interlaced scans.
///         "jpegProgressive" => progressive: bool = false;
///     }
/// }
/// ```
///
/// gives `JpegOptions::default()`, `JpegOptions::read(&dyn Bag)` and the bag's entries, `JpegOptions::defaults()` and
/// `entries()` of a value.
macro_rules! bag {
    (
        $(#[$struct_meta:meta])*
        $vis:vis struct $name:ident {
            $(
                $(#[$meta:meta])*
                $key:literal => $field:ident : $type:ty = $default:expr $(, $range:expr)?;
            )*
        }
    ) => {
        $(#[$struct_meta])*
        #[derive(Debug, Clone, PartialEq)]
        $vis struct $name {
            $( $(#[$meta])* pub $field: $type, )*
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $( $field: $default, )* }
            }
        }

        impl $name {
            /// Reads and checks these options.
            $vis fn read(bag: &dyn $crate::options::Bag) -> Result<Self, $crate::error::ParameterError> {
                Ok(Self {
                    $( $field: $crate::options::bag!(@read bag, $key, $default $(, $range)?)?, )*
                })
            }

            /// Names and defaults, as they stand in a new instance's bag.
            $vis fn defaults() -> Vec<(&'static str, $crate::options::Value)> {
                Self::default().entries()
            }

            /// These options as entries of a bag; an optional one that is absent is `undefined`.
            $vis fn entries(&self) -> Vec<(&'static str, $crate::options::Value)> {
                vec![ $( ($key, $crate::options::OptionValue::to_value(&self.$field)), )* ]
            }
        }
    };
    (@read $bag:ident, $key:literal, $default:expr) => { $crate::options::read_option($bag, $key, $default) };
    (@read $bag:ident, $key:literal, $default:expr, $range:expr) => {
        $crate::options::read_limited(
            $bag,
            $key,
            $default,
            |value| $range.contains(value),
            || format!("number between {} and {}", $range.start(), $range.end()),
        )
    };
}
pub(crate) use bag;

/// Declares an enum whose variants are strings in the bag.
macro_rules! bag_enum {
    (
        $(#[$enum_meta:meta])*
        $vis:vis enum $name:ident { $( $(#[$meta:meta])* $variant:ident = $text:literal, )* }
    ) => {
        $(#[$enum_meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        $vis enum $name { $( $(#[$meta])* $variant, )* }

        impl $name {
            /// Every variant, in order.
            $vis const ALL: &'static [Self] = &[$( Self::$variant, )*];

            /// The variant's string in the bag.
            $vis const fn text(self) -> &'static str {
                match self { $( Self::$variant => $text, )* }
            }
        }

        impl $crate::options::OptionValue for $name {
            const EXPECTED: &'static str = concat!("one of: ", $crate::options::bag_enum!(@join $($text),*));
            fn from_value(value: &$crate::options::Value) -> Option<Self> {
                let text = value.as_str()?;
                Self::ALL.iter().copied().find(|variant| variant.text() == text)
            }
            fn to_value(&self) -> $crate::options::Value {
                self.text().into()
            }
        }
    };
    (@join $first:literal $(, $rest:literal)*) => { concat!($first $(, ", ", $rest)*) };
}
pub(crate) use bag_enum;

#[cfg(test)]
mod tests {
    use super::*;

    bag_enum! {
        enum Letter { A = "a", B = "b", }
    }

    bag! {
        struct Sample {
            "count" => count: u32 = 3, 1..=5;
            "letter" => letter: Letter = Letter::A;
            "flag" => flag: bool = false;
        }
    }

    #[test]
    fn absent_options_have_their_defaults() {
        assert_eq!(Sample::read(&Value::Map(vec![])).unwrap(), Sample::default());
        assert_eq!(Sample::defaults()[1], ("letter", "a".into()));
    }

    #[test]
    fn present_options_are_checked() {
        let bag = |key: &str, value: Value| Value::Map(vec![(key.to_owned(), value)]);
        assert_eq!(Sample::read(&bag("count", 5.0.into())).unwrap().count, 5);
        let error = Sample::read(&bag("count", 6.0.into())).unwrap_err().to_string();
        assert_eq!(error, "Expected number between 1 and 5 for count but received 6 of type number");
        let error = Sample::read(&bag("letter", "c".into())).unwrap_err().to_string();
        assert_eq!(error, "Expected one of: a, b for letter but received c of type string");
        assert!(Sample::read(&bag("flag", 1.0.into())).is_err());
    }
}
