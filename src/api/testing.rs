//! Helpers of the pages' tests: call a method on a new instance's bag, look at the bag or the error.

use super::{defaults, method};
use crate::options::{Call, Outcome, Value};

pub(super) fn value(number: impl Into<f64>) -> Value {
    Value::Number(number.into())
}

pub(super) fn map(entries: &[(&str, Value)]) -> Value {
    Value::Map(entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
}

/// The bag after one call.
pub(super) fn apply(name: &str, args: &[Value]) -> Value {
    call(name, args).unwrap()
}

/// The sentence that a call fails with.
pub(super) fn error(name: &str, args: &[Value]) -> String {
    call(name, args).unwrap_err().to_string()
}

fn call(name: &str, args: &[Value]) -> crate::options::Parsed<Value> {
    let bag = Value::Map(defaults().into_iter().map(|(key, value)| (key.to_owned(), value)).collect());
    let mut call = Call::new(args, &bag);
    (method(name).unwrap().call)(&mut call)?;
    let Outcome { mut patch, next, .. } = call.finish();
    if let Some((next, argument)) = next {
        return self::call(next, args.get(argument as usize..).unwrap_or_default());
    }
    // The last change of a key is the one that stands; `get` finds the first.
    patch.reverse();
    let Value::Map(entries) = bag else { unreachable!() };
    patch.extend(entries);
    Ok(Value::Map(patch))
}
