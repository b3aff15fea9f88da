//! Numbers as JavaScript parses them.

use serde::{Serialize, Serializer, ser::Error};
use serde_json::value::RawValue;

/// A JavaScript number. What is not a number becomes `null`, and infinity a number too large for JavaScript, which it parses
/// as infinity: JSON has neither.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number(pub f64);

/// Integers below are exact in a double, and are written without a fraction.
const EXACT: f64 = 9_007_199_254_740_992.0;

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(number) = *self;
        if number.is_nan() {
            serializer.serialize_unit()
        } else if number.is_infinite() {
            let text = if number > 0.0 { "1e999" } else { "-1e999" };
            RawValue::from_string(text.to_owned()).map_err(S::Error::custom)?.serialize(serializer)
        } else if number.fract() == 0.0 && number.abs() < EXACT {
            serializer.serialize_i64(number as i64)
        } else {
            serializer.serialize_f64(number)
        }
    }
}

impl<T: Into<f64>> From<T> for Number {
    fn from(number: T) -> Self {
        Self(number.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_has_a_form() {
        let json = |number: f64| serde_json::to_string(&Number(number)).unwrap();
        assert_eq!([json(1.0), json(-0.0), json(0.5), json(-7.0)], ["1", "0", "0.5", "-7"]);
        assert_eq!([json(f64::NAN), json(f64::INFINITY), json(f64::NEG_INFINITY)], ["null", "1e999", "-1e999"]);
        for number in [1e21, 0.1 + 0.2, EXACT, EXACT + 2.0, f64::MIN_POSITIVE, f64::MAX] {
            assert_eq!(json(number).parse::<f64>(), Ok(number));
        }
    }
}
