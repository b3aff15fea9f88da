//! Methods of the prototype: converts the arguments, lets the API parse them, and writes the changes into the options bag.

use napi::{Env, Result, Unknown, bindgen_prelude::Object};
use napi_derive::napi;

use super::convert::{Converter, LiveBag};
use crate::{
    api::{CONSTRUCTOR, methods},
    error::ParameterError,
    options::{Call, Method, Outcome, Parsed, Value},
};

/// Calls an edit method.
///
/// `index` is the method's place in the table, -1 is the constructor; no method has more than three parameters. Returns
/// `undefined`, or an array of warnings, or the method to go on as and the place of its first argument, or the sentence of an
/// error as a string. When `is_repeatable`, the arguments are primitive values or an object of them, and the answer may be
/// an object of `reads` and `patch`, lists of names and values in turns: a later call with the same arguments, while the
/// options that were read have the same values, does the same.
#[napi(catch_unwind)]
pub fn apply<'env>(
    env: &'env Env,
    index: i32,
    options: Object<'env>,
    first: Unknown<'env>,
    second: Unknown<'env>,
    third: Unknown<'env>,
    is_repeatable: bool,
) -> Result<Option<Unknown<'env>>> {
    let method = usize::try_from(index).map_or(Some(&CONSTRUCTOR), |index| methods().get(index));
    let method = method.ok_or_else(|| napi::Error::from_reason("Unknown method"))?;
    let arguments = [first, second, third];
    let answer = match run(method, &Converter::new(env), options, arguments)? {
        Ok(Outcome { next: Some((method, argument)), .. }) => {
            Value::Map(vec![("method".to_owned(), method.into()), ("first".to_owned(), argument.into())])
        }
        Ok(Outcome { warnings, .. }) if !warnings.is_empty() => {
            Value::List(warnings.into_iter().map(Value::from).collect())
        }
        Ok(Outcome { reads, patch, .. }) if is_repeatable && reads.iter().chain(&patch).all(is_primitive) => {
            Value::Map(vec![("reads".to_owned(), in_turns(reads)), ("patch".to_owned(), in_turns(patch))])
        }
        Ok(_) => return Ok(None),
        Err(_) => Value::String(sentence(method, &Converter::quoting(env), options, arguments)?),
    };
    Ok(Some(Converter::new(env).write(answer)?))
}

/// Whether two reads of an option can be compared, and it can be set again.
const fn is_primitive((_, value): &(String, Value)) -> bool {
    matches!(value, Value::Undefined | Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_))
}

fn in_turns(entries: Vec<(String, Value)>) -> Value {
    Value::List(entries.into_iter().flat_map(|(key, value)| [Value::String(key), value]).collect())
}

/// Changes the bag; a call that fails changes nothing.
fn run<'env>(
    method: &Method,
    converter: &Converter<'env>,
    options: Object<'env>,
    [first, second, third]: [Unknown<'env>; 3],
) -> Result<Parsed<Outcome>> {
    let bag = LiveBag { converter, object: options };
    let args = [converter.read(first)?, converter.read(second)?, converter.read(third)?];
    let mut call = Call::new(&args, &bag);
    if let Err(error) = (method.call)(&mut call) {
        return Ok(Err(error));
    }
    let outcome = call.finish();
    for (key, value) in &outcome.patch {
        bag.set(key, value.clone())?;
    }
    Ok(Ok(outcome))
}

/// What is wrong with a call that failed. Errors are rare, so the texts that they quote are read only then.
fn sentence<'env>(
    method: &Method,
    converter: &Converter<'env>,
    options: Object<'env>,
    arguments: [Unknown<'env>; 3],
) -> Result<String> {
    Ok(match run(method, converter, options, arguments)? {
        Err(ParameterError::Invalid { name, expected, received, type_of, handle: Some(handle) }) => {
            let received = converter.text_of_bytes(handle).unwrap_or(received);
            ParameterError::Invalid { name, expected, received, type_of, handle: None }.to_string()
        }
        Err(error) => error.to_string(),
        // A getter that gives another value each time.
        Ok(_) => "Invalid arguments".to_owned(),
    })
}
