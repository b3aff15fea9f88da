//! The utility page: settings of the whole process.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use crate::{
    memory,
    options::{Parsed, Value, check},
    simd, threads,
};

/// Limits in MiB, files and items. The first bounds the freed blocks that are kept for reuse; the others are kept for
/// programs that ask, since no files and no results are cached.
static CACHE: [AtomicU32; 3] =
    [AtomicU32::new(CACHE_DEFAULTS[0]), AtomicU32::new(CACHE_DEFAULTS[1]), AtomicU32::new(CACHE_DEFAULTS[2])];
const CACHE_DEFAULTS: [u32; 3] = [(memory::DEFAULT_LIMIT / MEBIBYTE) as u32, 20, 100];
const CACHE_NAMES: [&str; 3] = ["memory", "files", "items"];

const MEBIBYTE: usize = 1 << 20;

/// Most threads that can be asked for.
const MAX_CONCURRENCY: f64 = 1024.0;

/// Threads that one image may use.
pub fn concurrency() -> u32 {
    threads::count() as u32
}

/// Whether vector instructions may be used.
pub fn simd() -> bool {
    simd::is_on()
}

/// `concurrency(threads)`: sets it when `threads` is an integer from 1. Gives what it is then.
pub fn set_concurrency(threads: &Value) -> Value {
    if let Some(threads) = threads.as_integer().filter(|threads| *threads >= 1.0) {
        threads::set_count(threads.min(MAX_CONCURRENCY) as usize);
    }
    concurrency().into()
}

/// `simd(enable)`: sets it when `enable` is a boolean. Gives what it is then.
pub fn set_simd(enable: &Value) -> Value {
    if let Some(enable) = enable.as_bool() {
        simd::switch(enable);
    }
    simd().into()
}

/// `cache(options)`: a boolean for the defaults or nothing, or an object with limits. Returns limits and usage.
pub fn set_cache(options: &Value) -> Parsed<Value> {
    match options {
        Value::Bool(on) => {
            for (limit, default) in CACHE.iter().zip(CACHE_DEFAULTS) {
                limit.store(if *on { default } else { 0 }, Relaxed);
            }
        }
        _ => {
            let limit = |name| check::integer(options.get(name), 0.0..=f64::MAX, name, "a positive integer");
            let limits = [limit(CACHE_NAMES[0])?, limit(CACHE_NAMES[1])?, limit(CACHE_NAMES[2])?];
            for (setting, limit) in CACHE.iter().zip(limits) {
                if let Some(limit) = limit {
                    setting.store(limit as u32, Relaxed);
                }
            }
        }
    }
    memory::set_limit((CACHE[0].load(Relaxed) as usize).saturating_mul(MEBIBYTE));
    let (held, high) = memory::held();
    let megabytes = |bytes: usize| (bytes.div_ceil(MEBIBYTE) as f64).into();
    let usage = |index: usize, used: Vec<(&str, Value)>| {
        let max = ("max", CACHE[index].load(Relaxed).into());
        let entries = used.into_iter().chain([max]).map(|(name, value)| (name.to_owned(), value));
        (CACHE_NAMES[index].to_owned(), Value::Map(entries.collect()))
    };
    Ok(Value::Map(vec![
        usage(0, vec![("current", megabytes(held)), ("high", megabytes(high))]),
        usage(1, vec![("current", 0.0.into())]),
        usage(2, vec![("current", 0.0.into())]),
    ]))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{map, value};
    use super::*;

    #[test]
    fn settings_answer_what_they_are() {
        assert_eq!(set_concurrency(&value(3)), value(3));
        assert_eq!(set_concurrency(&Value::Undefined), value(3));
        assert_eq!(set_concurrency(&value(-2)), value(3));
        assert_eq!(set_concurrency(&value(0)), value(3));
        assert_eq!(set_concurrency(&value(1)), value(1));
        assert_eq!(set_cache(&false.into()).unwrap().get("memory").get("max"), &value(0));
        let answer = set_cache(&map(&[("items", value(7))])).unwrap();
        assert_eq!(answer.get("items"), &map(&[("current", value(0)), ("max", value(7))]));
        assert_eq!(
            set_cache(&map(&[("files", value(-1))])).unwrap_err().to_string(),
            "Expected a positive integer for files but received -1 of type number"
        );
    }
}
