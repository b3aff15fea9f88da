//! A JavaScript value as the API sees it: converted once at the boundary, then plain data.

/// A JavaScript value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Undefined,
    Null,
    Bool(bool),
    Number(f64),
    String(String),
    List(Vec<Value>),
    /// An object and its enumerable properties in order.
    Map(Vec<(String, Value)>),
    /// A Buffer, typed array or ArrayBuffer, by reference.
    Bytes(Bytes),
    /// Bytes that are handed to JavaScript.
    OwnedBytes(Vec<u8>),
    /// Anything else: a function, a symbol, a BigInt, an object whose text is not `[object Object]`. Holds what an error
    /// needs to say.
    Other {
        type_of: &'static str,
        text: String,
    },
}

/// A reference to bytes that JavaScript owns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bytes {
    pub kind: BytesKind,
    /// Length in bytes.
    pub len: usize,
    /// Which of the boundary's objects this is; meaningless to the API.
    pub handle: u32,
}

/// The JavaScript type of some bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BytesKind {
    Buffer,
    ArrayBuffer,
    Uint8Array,
    Uint8ClampedArray,
    Int8Array,
    Uint16Array,
    Int16Array,
    Uint32Array,
    Int32Array,
    Float32Array,
    Float64Array,
}

impl Value {
    /// Neither `undefined` nor `null`.
    pub const fn is_defined(&self) -> bool {
        !matches!(self, Value::Undefined | Value::Null)
    }

    /// What `typeof` says.
    pub const fn type_of(&self) -> &'static str {
        match self {
            Value::Undefined => "undefined",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Null | Value::List(_) | Value::Map(_) | Value::Bytes(_) | Value::OwnedBytes(_) => "object",
            Value::Other { type_of, .. } => type_of,
        }
    }

    /// Whether `typeof` says `object`; true for `null`, as in JavaScript.
    pub fn is_object(&self) -> bool {
        self.type_of() == "object"
    }

    pub const fn as_bool(&self) -> Option<bool> {
        if let Value::Bool(value) = self { Some(*value) } else { None }
    }

    /// A finite number.
    pub fn as_number(&self) -> Option<f64> {
        if let Value::Number(value) = self { Some(*value).filter(|value| value.is_finite()) } else { None }
    }

    /// A finite number without a fraction.
    pub fn as_integer(&self) -> Option<f64> {
        self.as_number().filter(|value| value.fract() == 0.0)
    }

    /// A string that is not empty.
    pub fn as_str(&self) -> Option<&str> {
        if let Value::String(value) = self { Some(value.as_str()).filter(|value| !value.is_empty()) } else { None }
    }

    pub fn as_list(&self) -> Option<&[Value]> {
        if let Value::List(values) = self { Some(values) } else { None }
    }

    /// A property of an object; `undefined` when it has none of that name or is no object.
    pub fn get(&self, key: &str) -> &Value {
        match self {
            Value::Map(entries) => {
                entries.iter().find(|(name, _)| name == key).map_or(&Value::Undefined, |(_, value)| value)
            }
            _ => &Value::Undefined,
        }
    }

    /// Whether an object has a property, even one that is `undefined`.
    pub fn has(&self, key: &str) -> bool {
        matches!(self, Value::Map(entries) if entries.iter().any(|(name, _)| name == key))
    }
}

/// The text that `String(value)` gives.
impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Undefined => f.write_str("undefined"),
            Value::Null => f.write_str("null"),
            Value::Bool(value) => write!(f, "{value}"),
            Value::Number(value) => f.write_str(ryu_js::Buffer::new().format(*value)),
            Value::String(value) => f.write_str(value),
            Value::List(values) => {
                for (index, value) in values.iter().enumerate() {
                    if index > 0 {
                        f.write_str(",")?;
                    }
                    if value.is_defined() {
                        write!(f, "{value}")?;
                    }
                }
                Ok(())
            }
            Value::Map(_) => f.write_str("[object Object]"),
            Value::Bytes(bytes) if bytes.kind == BytesKind::ArrayBuffer => f.write_str("[object ArrayBuffer]"),
            Value::Bytes(_) | Value::OwnedBytes(_) => f.write_str("[object Uint8Array]"),
            Value::Other { text, .. } => f.write_str(text),
        }
    }
}

macro_rules! from {
    ($($type:ty => $variant:ident),* $(,)?) => {$(
        impl From<$type> for Value {
            fn from(value: $type) -> Self {
                Value::$variant(value)
            }
        }
    )*};
}
from!(bool => Bool, f64 => Number, String => String, Vec<Value> => List);

macro_rules! from_number {
    ($($type:ty),*) => {$(
        impl From<$type> for Value {
            fn from(value: $type) -> Self {
                Value::Number(f64::from(value))
            }
        }
    )*};
}
from_number!(i32, u32, u16, u8);

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Value::String(value.to_owned())
    }
}

impl<const N: usize> From<[f64; N]> for Value {
    fn from(values: [f64; N]) -> Self {
        Value::List(values.into_iter().map(Value::Number).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_what_javascript_says() {
        assert_eq!(Value::Number(1e21).to_string(), "1e+21");
        assert_eq!(Value::Number(0.1).to_string(), "0.1");
        assert_eq!(Value::Number(f64::NAN).to_string(), "NaN");
        let list = Value::List(vec![1.0.into(), Value::Null, Value::List(vec![2.0.into(), 3.0.into()])]);
        assert_eq!(list.to_string(), "1,,2,3");
        assert_eq!(Value::Map(vec![]).to_string(), "[object Object]");
    }
}
