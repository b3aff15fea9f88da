//! JavaScript values to [`Value`] and back.

use std::{borrow::Cow, cell::RefCell};

use napi::{
    Env, JsValue, Result, Unknown, ValueType,
    bindgen_prelude::{
        Array, Buffer, FromNapiValue, Function, JsObjectValue, Null, Object, ToNapiValue, TypedArray, TypedArrayType,
    },
};

use crate::options::{Bag, Bytes, BytesKind, Value};

/// Objects inside objects that are looked into. What is deeper counts as an object without properties, so that cycles end;
/// the deepest argument of the API has four levels.
const MAX_DEPTH: u32 = 6;

/// Characters of a value's text that an error may quote.
const MAX_TEXT: usize = 100;

/// Values of one call. The largest argument of the API has a million numbers.
const MAX_VALUES: u32 = 4_000_000;

/// Converts values, and keeps the byte arrays that they refer to by handle.
pub(super) struct Converter<'env> {
    env: &'env Env,
    bytes: RefCell<Vec<Unknown<'env>>>,
    values_left: RefCell<u32>,
    /// Values that the API has no type for are read with the text that an error quotes.
    quotes: bool,
}

impl<'env> Converter<'env> {
    pub(super) fn new(env: &'env Env) -> Self {
        Self { env, bytes: RefCell::default(), values_left: RefCell::new(MAX_VALUES), quotes: false }
    }

    /// A converter for arguments in which something is wrong: slower, but it knows the text of every value.
    pub(super) fn quoting(env: &'env Env) -> Self {
        Self { quotes: true, ..Self::new(env) }
    }

    /// Reads a value and all that is in it.
    pub(super) fn read(&self, value: Unknown<'env>) -> Result<Value> {
        self.read_nested(value, 0)
    }

    /// References to all byte arrays read so far, by handle; they keep the memory alive.
    pub(super) fn buffers(&self) -> Result<Vec<Buffer>> {
        self.bytes.borrow().iter().map(|bytes| Buffer::from_unknown(*bytes)).collect()
    }

    fn read_nested(&self, value: Unknown<'env>, depth: u32) -> Result<Value> {
        let left = self.values_left.borrow().checked_sub(1);
        *self.values_left.borrow_mut() =
            left.ok_or_else(|| napi::Error::from_reason("Expected fewer values in the arguments"))?;
        Ok(match value.get_type()? {
            ValueType::Undefined => Value::Undefined,
            ValueType::Null => Value::Null,
            ValueType::Boolean => Value::Bool(bool::from_unknown(value)?),
            ValueType::Number => Value::Number(f64::from_unknown(value)?),
            ValueType::String => Value::String(String::from_unknown(value)?),
            ValueType::Object => self.read_object(value, depth)?,
            ValueType::Function => self.read_other(value, "function"),
            ValueType::Symbol => self.read_other(value, "symbol"),
            ValueType::BigInt => self.read_other(value, "bigint"),
            _ => self.read_other(value, "object"),
        })
    }

    /// A value that no option has.
    fn read_other(&self, value: Unknown<'env>, type_of: &'static str) -> Value {
        let text = if self.quotes { self.text(value).unwrap_or_else(|| "undefined".to_owned()) } else { String::new() };
        Value::Other { type_of, text }
    }

    /// The start of what `String(value)` gives; `None` when it throws.
    fn text(&self, value: Unknown<'env>) -> Option<String> {
        let global = self.env.get_global().ok()?;
        let string: Function<'_, Unknown<'env>, Unknown<'env>> = global.get_named_property_unchecked("String").ok()?;
        let text = String::from_unknown(string.call(value).ok()?).ok()?;
        Some(text.chars().take(MAX_TEXT).collect())
    }

    /// The text of bytes that were read.
    pub(super) fn text_of_bytes(&self, handle: u32) -> Option<String> {
        let value = self.bytes.borrow().get(handle as usize).copied();
        value.and_then(|value| self.text(value))
    }

    fn read_object(&self, value: Unknown<'env>, depth: u32) -> Result<Value> {
        if value.is_array()? {
            return self.read_list(value, depth);
        }
        if value.is_typedarray()? || value.is_arraybuffer()? {
            return Ok(self.read_bytes(value)?.map_or_else(|| self.read_other(value, "object"), Value::Bytes));
        }
        if depth >= MAX_DEPTH {
            return Ok(self.read_other(value, "object"));
        }
        let object = Object::from_unknown(value)?;
        // A Blob or a Response is no description of an image, although some of its accessors have the names of options.
        let is_of_class = Self::is_of_class(&object)?;
        if is_of_class && !self.is_plain(value)? {
            return Ok(self.read_other(value, "object"));
        }
        let names = object.get_property_names()?;
        let count = names.get_array_length_unchecked()?;
        let mut entries = Vec::new();
        for index in 0..count {
            let key = names.get_element::<Unknown<'env>>(index)?;
            let name = String::from_unknown(key)?;
            let property = object.get_property_unchecked(key)?;
            entries.push((name, self.read_nested(property, depth + 1)?));
        }
        // `Math` and its like are of no class.
        if count == 0 && !is_of_class && !self.is_plain(value)? {
            return Ok(self.read_other(value, "object"));
        }
        Ok(Value::Map(entries))
    }

    /// Whether an object is of no class that the language has a name for.
    fn is_plain(&self, value: Unknown<'env>) -> Result<bool> {
        let class: Object<'env> = self.env.get_global()?.get_named_property_unchecked("Object")?;
        let prototype: Object<'env> = class.get_named_property_unchecked("prototype")?;
        let to_string: Function<'_, (), Unknown<'env>> = prototype.get_named_property_unchecked("toString")?;
        Ok(String::from_unknown(to_string.apply(value, ())?)? == "[object Object]")
    }

    /// Whether an object has more prototypes than a literal. Quick, where the tag of an object takes a call into JavaScript.
    fn is_of_class(object: &Object<'env>) -> Result<bool> {
        let prototype = object.get_prototype()?;
        if prototype.get_type()? != ValueType::Object {
            return Ok(false);
        }
        Ok(Object::from_unknown(prototype)?.get_prototype()?.get_type()? == ValueType::Object)
    }

    fn read_list(&self, value: Unknown<'env>, depth: u32) -> Result<Value> {
        let list = Object::from_unknown(value)?;
        if depth >= MAX_DEPTH {
            return Ok(Value::List(Vec::new()));
        }
        let mut values = Vec::new();
        for index in 0..list.get_array_length_unchecked()? {
            values.push(self.read_nested(list.get_element(index)?, depth + 1)?);
        }
        Ok(Value::List(values))
    }

    /// A typed array or ArrayBuffer; `None` for a kind that no image comes in.
    fn read_bytes(&self, value: Unknown<'env>) -> Result<Option<Bytes>> {
        let (kind, len) = if value.is_typedarray()? {
            let array = TypedArray::from_unknown(value)?;
            let kind = match array.typed_array_type {
                TypedArrayType::Uint8 if self.is_buffer(value)? => BytesKind::Buffer,
                TypedArrayType::Uint8 => BytesKind::Uint8Array,
                TypedArrayType::Uint8Clamped => BytesKind::Uint8ClampedArray,
                TypedArrayType::Int8 => BytesKind::Int8Array,
                TypedArrayType::Uint16 => BytesKind::Uint16Array,
                TypedArrayType::Int16 => BytesKind::Int16Array,
                TypedArrayType::Uint32 => BytesKind::Uint32Array,
                TypedArrayType::Int32 => BytesKind::Int32Array,
                TypedArrayType::Float32 => BytesKind::Float32Array,
                TypedArrayType::Float64 => BytesKind::Float64Array,
                _ => return Ok(None),
            };
            (kind, array.arraybuffer.len())
        } else {
            let len = Object::from_unknown(value)?.get_named_property_unchecked::<f64>("byteLength")?;
            (BytesKind::ArrayBuffer, len as usize)
        };
        let mut all = self.bytes.borrow_mut();
        let handle = all.len() as u32;
        all.push(value);
        Ok(Some(Bytes { kind, len, handle }))
    }

    /// The constructor of Buffers.
    fn buffer_class(&self) -> Result<Object<'env>> {
        self.env.get_global()?.get_named_property_unchecked("Buffer")
    }

    fn is_buffer(&self, value: Unknown<'env>) -> Result<bool> {
        value.instanceof(self.buffer_class()?)
    }

    /// Makes a JavaScript value. Bytes become Buffers over the same memory: a Buffer that was read is the very same object.
    pub(super) fn write(&self, value: Value) -> Result<Unknown<'env>> {
        let env = self.env;
        match value {
            Value::Undefined | Value::Other { .. } => ().into_unknown(env),
            Value::Null => Null.into_unknown(env),
            Value::Bool(value) => value.into_unknown(env),
            Value::Number(value) => value.into_unknown(env),
            Value::String(value) => value.into_unknown(env),
            Value::List(values) => {
                let mut list = env.create_array(values.len() as u32)?;
                for (index, value) in values.into_iter().enumerate() {
                    list.set(index as u32, self.write(value)?)?;
                }
                Array::into_unknown(list, env)
            }
            Value::Map(entries) => Ok(self.write_object(entries)?.to_unknown()),
            Value::Bytes(bytes) => self.write_bytes(bytes),
            Value::OwnedBytes(bytes) => Buffer::from(bytes).into_unknown(env),
        }
    }

    pub(super) fn write_object<K: AsRef<str>>(
        &self,
        entries: impl IntoIterator<Item = (K, Value)>,
    ) -> Result<Object<'env>> {
        let mut object = Object::new(self.env)?;
        for (key, value) in entries {
            object.set_named_property(key.as_ref(), self.write(value)?)?;
        }
        Ok(object)
    }

    fn write_bytes(&self, bytes: Bytes) -> Result<Unknown<'env>> {
        let value = self.bytes.borrow().get(bytes.handle as usize).copied();
        let value = value.ok_or_else(|| napi::Error::from_reason("Unknown bytes"))?;
        if bytes.kind == BytesKind::Buffer {
            return Ok(value);
        }
        let class = self.buffer_class()?;
        let (memory, offset) = if bytes.kind == BytesKind::ArrayBuffer {
            (value, 0.0)
        } else {
            let view = Object::from_unknown(value)?;
            (view.get_named_property_unchecked("buffer")?, view.get_named_property_unchecked("byteOffset")?)
        };
        let from: Function<'_, napi::bindgen_prelude::FnArgs<(Unknown<'_>, f64, f64)>, Unknown<'env>> =
            class.get_named_property_unchecked("from")?;
        from.apply(class, (memory, offset, bytes.len as f64).into())
    }
}

/// The live options bag of an instance; only what is asked for is converted.
pub(super) struct LiveBag<'a, 'env> {
    pub(super) converter: &'a Converter<'env>,
    pub(super) object: Object<'env>,
}

impl Bag for LiveBag<'_, '_> {
    fn get(&self, key: &str) -> Cow<'_, Value> {
        let mut object = self.object;
        let mut key = key;
        while let Some((name, rest)) = key.split_once('.') {
            match object.get_named_property::<Object<'_>>(name) {
                Ok(nested) => object = nested,
                Err(_) => return Cow::Owned(Value::Undefined),
            }
            key = rest;
        }
        let value = object.get_named_property_unchecked(key).and_then(|value| self.converter.read(value));
        Cow::Owned(value.unwrap_or(Value::Undefined))
    }
}

impl LiveBag<'_, '_> {
    /// Changes one option.
    pub(super) fn set(&self, key: &str, value: Value) -> Result<()> {
        let value = self.converter.write(value)?;
        let mut object = self.object;
        match key.split_once('.') {
            None => object.set_named_property(key, value),
            Some((name, key)) => {
                let mut nested = object.get_named_property::<Object<'_>>(name)?;
                nested.set_named_property(key, value)
            }
        }
    }
}
