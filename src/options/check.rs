//! Checks of single values. Each gives `None` for a value that is absent, and sharp's sentence for one that is wrong.

use std::ops::RangeInclusive;

use super::{Parsed, Value, invalid};
use crate::error::ParameterError;

/// The error with a sentence of its own.
pub(crate) fn other(sentence: impl Into<String>) -> ParameterError {
    ParameterError::Other(sentence.into())
}

/// `value` if it is defined and `accept` takes it.
pub(crate) fn accept<T>(
    value: &Value,
    name: &str,
    expected: &str,
    accept: impl Fn(&Value) -> Option<T>,
) -> Parsed<Option<T>> {
    if !value.is_defined() {
        return Ok(None);
    }
    accept(value).map(Some).ok_or_else(|| invalid(name, expected, value))
}

pub(crate) fn boolean(value: &Value, name: &str) -> Parsed<Option<bool>> {
    accept(value, name, "boolean", Value::as_bool)
}

pub(crate) fn string(value: &Value, name: &str) -> Parsed<Option<String>> {
    accept(value, name, "string", |value| value.as_str().map(str::to_owned))
}

pub(crate) fn integer(value: &Value, range: RangeInclusive<f64>, name: &str, expected: &str) -> Parsed<Option<f64>> {
    accept(value, name, expected, |value| value.as_integer().filter(|number| range.contains(number)))
}

pub(crate) fn number(value: &Value, range: RangeInclusive<f64>, name: &str, expected: &str) -> Parsed<Option<f64>> {
    accept(value, name, expected, |value| value.as_number().filter(|number| range.contains(number)))
}

/// What `names` has for a string.
pub(crate) fn named<T: Copy>(value: &Value, names: &[(&str, T)]) -> Option<T> {
    let text = value.as_str()?;
    names.iter().find(|(name, _)| *name == text).map(|(_, meaning)| *meaning)
}

/// Whether a value is true where JavaScript wants a condition.
pub(crate) fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Undefined | Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(number) => *number != 0.0 && !number.is_nan(),
        Value::String(text) => !text.is_empty(),
        _ => true,
    }
}
