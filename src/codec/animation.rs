//! Loop count and delays, which all animated formats have.

use crate::{
    error::{ParameterError, Result},
    meta::Metadata,
    options::{Bag, Call, Parsed, Value, bag, invalid},
};

bag! {
    /// What the output methods of animated formats set beside their own options.
    pub struct AnimationOptions {
        /// Times the animation is shown, 0 is forever; -1 is as in the input.
        "loop" => loop_count: i32 = -1, -1..=65535;
        /// Milliseconds each frame is shown; one value is for all, none is as in the input.
        "delay" => delay: Vec<u32> = Vec::new();
    }
}

/// Most frames that can be given a delay.
const MAX_DELAYS: usize = 1_000_000;

/// Sets `loop` and `delay` from the options that an output method was called with.
pub fn set_options(call: &mut Call<'_>, options: &Value) -> Parsed {
    let range = 0.0..=65535.0;
    call.set_integer("loop", options.get("loop"), range.clone(), "loop", "integer between 0 and 65535")?;
    let delay = options.get("delay");
    if delay.is_defined() {
        let valid = |value: &Value| value.as_integer().is_some_and(|number| range.contains(&number));
        let delays = match delay {
            Value::List(delays) if (1..=MAX_DELAYS).contains(&delays.len()) && delays.iter().all(valid) => {
                delays.clone()
            }
            single if valid(single) => vec![single.clone()],
            _ => return Err(invalid("delay", "integer or an array of integers between 0 and 65535", delay)),
        };
        call.set("delay", delays);
    }
    Ok(())
}

/// How an animation is to be played.
#[derive(Debug, Clone, PartialEq)]
pub struct Timing {
    /// Times the animation is shown, 0 is forever.
    pub loop_count: u16,
    delay: Vec<u32>,
    single: bool,
}

/// Shortest delay that is written as it is, and what stands for shorter and for absent ones, in milliseconds: what
/// browsers do with such animations.
const SHORTEST_DELAY: u32 = 11;
const USUAL_DELAY: u32 = 100;

impl Timing {
    /// What the options say, else what the metadata says; else it is shown once.
    pub fn resolve(options: &dyn Bag, metadata: &Metadata) -> Result<Self, ParameterError> {
        let options = AnimationOptions::read(options)?;
        // Where frames have delays, an animation is meant, which goes on forever unless someone says how often.
        let usual = if options.delay.is_empty() { 1 } else { 0 };
        // How often an animation is shown says nothing about one frame of it.
        let is_still = metadata.page_height.is_none() && options.delay.is_empty();
        let input = metadata.loop_count.filter(|_| !is_still);
        let loop_count = u32::try_from(options.loop_count).ok().or(input).unwrap_or(usual);
        let single = options.delay.len() == 1;
        let delay = if options.delay.is_empty() { metadata.delay.clone() } else { options.delay };
        Ok(Self { loop_count: loop_count.min(u16::MAX.into()) as u16, delay, single })
    }

    /// Milliseconds that a frame, counted from 0, is to be shown; `usual` when nothing is said.
    pub fn delay_or(&self, frame: u32, usual: u32) -> u32 {
        let index = if self.single { 0 } else { frame as usize };
        self.delay.get(index).copied().unwrap_or(usual)
    }

    /// The same for formats in which delays that browsers do not believe are never written.
    pub fn delay(&self, frame: u32) -> u32 {
        let delay = self.delay_or(frame, USUAL_DELAY);
        if delay < SHORTEST_DELAY { USUAL_DELAY } else { delay.min(u16::MAX.into()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(key: &str, value: Value) -> Value {
        Value::Map(vec![(key.to_owned(), value)])
    }

    #[test]
    fn options_are_checked() {
        let bag = Value::Map(vec![]);
        let set = |options: Value| {
            let args = [options];
            let mut call = Call::new(&args, &bag);
            set_options(&mut call, &args[0]).map(|()| call.finish().patch)
        };
        assert_eq!(set(map("delay", 5.0.into())).unwrap(), [("delay".to_owned(), Value::List(vec![5.0.into()]))]);
        let error = set(map("delay", Value::List(vec![]))).unwrap_err().to_string();
        assert!(error.starts_with("Expected integer or an array of integers between 0 and 65535 for delay"), "{error}");
        assert!(set(map("loop", 65536.0.into())).is_err());
        assert_eq!(set(Value::Undefined).unwrap(), []);
    }

    #[test]
    fn options_come_before_metadata() {
        let metadata =
            Metadata { page_height: Some(1), loop_count: Some(3), delay: vec![50, 5], ..Metadata::default() };
        let timing = Timing::resolve(&Value::Map(vec![]), &metadata).unwrap();
        assert_eq!((timing.loop_count, timing.delay(0), timing.delay(1), timing.delay(2)), (3, 50, 100, 100));
        let timing = Timing::resolve(&map("delay", Value::List(vec![20.0.into()])), &metadata).unwrap();
        assert_eq!((timing.delay(0), timing.delay(7)), (20, 20));
        assert!(Timing::resolve(&map("loop", (-2.0).into()), &metadata).is_err());
    }
}
