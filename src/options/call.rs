//! One call of one method: arguments and the options bag in, changes to the bag out.

use std::{cell::RefCell, ops::RangeInclusive};

use super::{Bag, Value, check};
use crate::error::ParameterError;

/// What parsing gives.
pub type Parsed<T = ()> = Result<T, ParameterError>;

/// A method of the prototype. It reads arguments and bag, and says how the bag changes; it sees no pixels.
#[derive(Clone, Copy)]
pub struct Method {
    pub name: &'static str,
    /// Number of declared parameters, the function's `length`.
    pub length: u8,
    pub call: fn(&mut Call<'_>) -> Parsed,
}

/// One call while it is being parsed.
pub struct Call<'a> {
    args: &'a [Value],
    bag: &'a dyn Bag,
    reads: RefCell<Vec<(String, Value)>>,
    outcome: Outcome,
}

/// What a call that was parsed does.
#[derive(Default)]
pub struct Outcome {
    /// The options of the bag that the outcome depends on, and what they were.
    pub reads: Vec<(String, Value)>,
    /// The changes to the bag, in order.
    pub patch: Vec<(String, Value)>,
    pub warnings: Vec<&'static str>,
    /// The method of the prototype that the call goes on as, and the place of the argument that it is given.
    pub next: Option<(&'static str, u32)>,
}

/// Longest quotation of a wrong value in an error, in UTF-16 units as JavaScript counts.
const MAX_QUOTE: usize = 100;

/// The error for a parameter that is not what was expected.
pub fn invalid(name: impl Into<String>, expected: impl Into<String>, received: &Value) -> ParameterError {
    let text = if holds_symbol(received) { "undefined".to_owned() } else { received.to_string() };
    let quote: Vec<u16> = text.encode_utf16().take(MAX_QUOTE).collect();
    ParameterError::Invalid {
        name: name.into(),
        expected: expected.into(),
        received: String::from_utf16_lossy(&quote),
        type_of: received.type_of(),
        handle: if let Value::Bytes(bytes) = received { Some(bytes.handle) } else { None },
    }
}

/// Whether a list has no text: that of a symbol in it is only given when asked for by name.
fn holds_symbol(value: &Value) -> bool {
    let is_symbol = |value: &Value| value.type_of() == "symbol" || holds_symbol(value);
    value.as_list().is_some_and(|values| values.iter().any(is_symbol))
}

impl<'a> Call<'a> {
    pub fn new(args: &'a [Value], bag: &'a dyn Bag) -> Self {
        Self { args, bag, reads: RefCell::default(), outcome: Outcome::default() }
    }

    /// An argument, `undefined` when it was not passed.
    pub fn arg(&self, index: usize) -> &'a Value {
        self.args.get(index).unwrap_or(&Value::Undefined)
    }

    /// An option as it is now, with the changes of this call.
    pub fn option(&self, key: &str) -> Value {
        match self.outcome.patch.iter().rev().find(|(name, _)| name == key) {
            Some((_, value)) => value.clone(),
            None => {
                let value = self.bag.get(key).into_owned();
                self.reads.borrow_mut().push((key.to_owned(), value.clone()));
                value
            }
        }
    }

    /// Changes an option. `input.` before the key reaches into the input descriptor.
    pub fn set(&mut self, key: impl Into<String>, value: impl Into<Value>) {
        self.outcome.patch.push((key.into(), value.into()));
    }

    /// Tells the program something that is not an error.
    pub fn warn(&mut self, text: &'static str) {
        self.outcome.warnings.push(text);
    }

    /// Changes an option to a value that was checked; an absent one changes nothing.
    pub fn set_some(&mut self, key: &str, checked: Parsed<Option<impl Into<Value>>>) -> Parsed {
        if let Some(value) = checked? {
            self.set(key, value);
        }
        Ok(())
    }

    /// Sets a boolean option to a value that must be a boolean. An absent value changes nothing.
    pub fn set_bool(&mut self, key: &str, value: &Value) -> Parsed {
        self.set_some(key, check::boolean(value, key))
    }

    /// Sets an option to an integer in a range; `name` and `expected` are for the error. An absent value changes nothing.
    pub fn set_integer(
        &mut self,
        key: &str,
        value: &Value,
        range: RangeInclusive<f64>,
        name: &str,
        expected: &str,
    ) -> Parsed {
        self.set_some(key, check::integer(value, range, name, expected))
    }

    /// Sets an option to a number in a range; `name` and `expected` are for the error. An absent value changes nothing.
    pub fn set_number(
        &mut self,
        key: &str,
        value: &Value,
        range: RangeInclusive<f64>,
        name: &str,
        expected: &str,
    ) -> Parsed {
        self.set_some(key, check::number(value, range, name, expected))
    }

    /// Sets an option to one of some strings; `name` and `expected` are for the error. An absent value changes nothing.
    pub fn set_one_of(&mut self, key: &str, value: &Value, choices: &[&str], name: &str, expected: &str) -> Parsed {
        let choice = |value: &Value| value.as_str().filter(|text| choices.contains(text)).map(str::to_owned);
        self.set_some(key, check::accept(value, name, expected, choice))
    }

    /// Goes on as another method of the prototype, which is given the argument at a place. It is called from JavaScript, where
    /// programs may have put something else there.
    pub fn go_on_as(&mut self, method: &'static str, argument: u32) {
        self.outcome.next = Some((method, argument));
    }

    /// What the call does.
    pub fn finish(self) -> Outcome {
        Outcome { reads: self.reads.into_inner(), ..self.outcome }
    }
}
