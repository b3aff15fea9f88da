//! Edit methods: reads the arguments, lets the API parse them, and writes what changed into the live bag.

use napi::{Env, Result, Unknown, bindgen_prelude::Object};
use napi_derive::napi;

use super::convert::{Converter, LiveBag};
use crate::api::{CONSTRUCTOR, Call, Method, Value, methods};

/// Calls an edit method.
///
/// `index` is the method's place in the table, -1 is the constructor; no method has more than three parameters. Gives
/// `undefined`, or an array of warnings, or the sentence of an error as a string.
#[napi(catch_unwind)]
pub fn apply<'env>(
    env: &'env Env,
    index: i32,
    options: Object<'env>,
    first: Unknown<'env>,
    second: Unknown<'env>,
    third: Unknown<'env>,
) -> Result<Option<Unknown<'env>>> {
    let method = usize::try_from(index).map_or(Some(&CONSTRUCTOR), |index| methods().get(index));
    let method = method.ok_or_else(|| napi::Error::from_reason("Unknown method"))?;
    let converter = Converter::new(env);
    let bag = LiveBag { converter: &converter, object: options };
    let args = [converter.read(first)?, converter.read(second)?, converter.read(third)?];
    let answer = match run(method, &args, &bag)? {
        Ok(warnings) if warnings.is_empty() => return Ok(None),
        Ok(warnings) => Value::List(warnings.into_iter().map(Value::from).collect()),
        Err(sentence) => Value::String(sentence),
    };
    Ok(Some(converter.write(answer)?))
}

/// Warnings, or the sentence of an error; a call that fails changes nothing.
fn run(
    method: &Method,
    args: &[Value],
    bag: &LiveBag<'_, '_>,
) -> Result<std::result::Result<Vec<&'static str>, String>> {
    let mut call = Call::new(args, bag);
    if let Err(error) = (method.call)(&mut call) {
        return Ok(Err(error.to_string()));
    }
    let (patch, warnings) = call.finish();
    for (key, value) in patch {
        bag.set(&key, value)?;
    }
    Ok(Ok(warnings))
}
