//! The utility page: settings of the whole process.

use std::sync::{
    LazyLock, RwLock,
    atomic::{AtomicU32, Ordering::Relaxed},
};

use super::{Parsed, Value, check, invalid};
use crate::{codec::Codec, error::Origin, simd};

/// Threads that one picture may use.
static CONCURRENCY: AtomicU32 = AtomicU32::new(1);
/// Megabytes, files and items; kept for programs that ask, since nothing is cached between pictures.
static CACHE: [AtomicU32; 3] = [AtomicU32::new(50), AtomicU32::new(20), AtomicU32::new(100)];
const CACHE_DEFAULTS: [u32; 3] = [50, 20, 100];
const CACHE_NAMES: [&str; 3] = ["memory", "files", "items"];

/// Names of blocked loaders, each of one origin.
static BLOCKED: LazyLock<RwLock<Vec<String>>> = LazyLock::new(|| RwLock::new(blocked_at_first()));
/// What a loader's name ends in, by where the bytes come from.
const FROM_FILE: &str = "File";
const FROM_BUFFER: &str = "Buffer";
/// Names that stand for every loader.
const ALL_LOADERS: [&str; 3] = ["VipsForeignLoad", "VipsForeign", "VipsOperation"];

/// When this variable is set, pictures that are programs are not read until they are unblocked.
const BLOCK_UNTRUSTED: &str = "VIPS_BLOCK_UNTRUSTED";
const UNTRUSTED: [&str; 4] =
    ["VipsForeignLoadSvg", "VipsForeignLoadPdf", "VipsForeignLoadMagick", "VipsForeignLoadOpenslide"];

/// Most threads that can be asked for.
const MAX_CONCURRENCY: f64 = 1024.0;

/// Threads that one picture may use.
pub fn concurrency() -> u32 {
    CONCURRENCY.load(Relaxed)
}

/// Whether vector instructions may be used.
pub fn simd() -> bool {
    simd::is_on()
}

fn blocked_at_first() -> Vec<String> {
    let names = UNTRUSTED.iter().flat_map(|name| [FROM_FILE, FROM_BUFFER].map(|origin| format!("{name}{origin}")));
    if std::env::var_os(BLOCK_UNTRUSTED).is_some() { names.collect() } else { Vec::new() }
}

/// Whether `block()` forbids to read this format from there.
pub fn is_blocked(codec: &Codec, origin: Origin) -> bool {
    let Ok(blocked) = BLOCKED.read() else { return false };
    let ending = match origin {
        Origin::File => FROM_FILE,
        Origin::Buffer => FROM_BUFFER,
    };
    blocked.iter().any(|name| name.ends_with(ending) && codec.loaders.contains(&name.as_str()))
}

/// Whether a loader of one origin is what a name means: its own, that of its format, or that of every loader.
fn is_meant(loader: &str, name: &str) -> bool {
    let format = loader.strip_suffix(FROM_FILE).or(loader.strip_suffix(FROM_BUFFER));
    format.is_some_and(|format| name == loader || name == format || ALL_LOADERS.contains(&name))
}

/// `concurrency(threads)`: sets it when `threads` is an integer from 0, which is one for each processor. Gives what it is then.
pub fn set_concurrency(threads: &Value) -> Value {
    if let Some(threads) = threads.as_integer().filter(|threads| *threads >= 0.0) {
        let processors = || std::thread::available_parallelism().map_or(1, |count| count.get() as u32);
        let threads = if threads < 1.0 { processors() } else { threads.min(MAX_CONCURRENCY) as u32 };
        CONCURRENCY.store(threads, Relaxed);
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

/// `cache(options)`: a boolean for the defaults or nothing, or an object with limits. Gives limits and usage.
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
    let usage = |index: usize, names: &[&str]| {
        let max = ("max".to_owned(), CACHE[index].load(Relaxed).into());
        let used = names.iter().map(|name| ((*name).to_owned(), 0.0.into()));
        (CACHE_NAMES[index].to_owned(), Value::Map(used.chain([max]).collect()))
    };
    Ok(Value::Map(vec![usage(0, &["current", "high"]), usage(1, &["current"]), usage(2, &["current"])]))
}

/// `block({ operation })` and `unblock`: forbids or allows loaders by name; `loaders` is every name that formats have.
pub fn set_blocked(options: &Value, block: bool, loaders: &[&str]) -> Parsed {
    if !options.is_defined() || !options.is_object() {
        return Err(invalid("options", "object", options));
    }
    let names = options.get("operation");
    let names = names
        .as_list()
        .and_then(|names| names.iter().map(Value::as_str).collect::<Option<Vec<_>>>())
        .ok_or_else(|| invalid("operation", "Array<string>", names))?;
    let mut blocked = BLOCKED.write().unwrap_or_else(std::sync::PoisonError::into_inner);
    for name in names {
        blocked.retain(|loader| !is_meant(loader, name));
        if block {
            let meant = loaders.iter().filter(|loader| is_meant(loader, name));
            blocked.extend(meant.map(|loader| (*loader).to_owned()));
        }
    }
    Ok(())
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
        assert_eq!(set_concurrency(&value(1)), value(1));
        assert_eq!(set_cache(&false.into()).unwrap().get("memory").get("max"), &value(0));
        let answer = set_cache(&map(&[("items", value(7))])).unwrap();
        assert_eq!(answer.get("items"), &map(&[("current", value(0)), ("max", value(7))]));
        assert_eq!(
            set_cache(&map(&[("files", value(-1))])).unwrap_err().to_string(),
            "Expected a positive integer for files but received -1 of type number"
        );
    }

    #[test]
    fn blocking_is_by_name_or_for_all() {
        let loaders = ["LoadA", "LoadAFile", "LoadABuffer", "LoadB", "LoadBFile", "LoadBBuffer"];
        let set = |names: &[&str], block| {
            let names = Value::List(names.iter().map(|name| (*name).into()).collect());
            set_blocked(&map(&[("operation", names)]), block, &loaders).unwrap();
            BLOCKED.read().unwrap().join(" ")
        };
        assert_eq!(set(&["VipsForeignLoad"], true), "LoadAFile LoadABuffer LoadBFile LoadBBuffer");
        assert_eq!(set(&["LoadA", "unknown"], false), "LoadBFile LoadBBuffer");
        assert_eq!(set(&["LoadBFile", "LoadAFile"], false), "LoadBBuffer");
        assert_eq!(set(&["LoadB"], false), "");
        assert_eq!(set(&["Load", "LoadAFile", "LoadAFile"], true), "LoadAFile");
        assert_eq!(set(&["VipsOperation"], false), "");
        assert_eq!(
            set_blocked(&map(&[]), true, &loaders).unwrap_err().to_string(),
            "Expected Array<string> for operation but received undefined of type undefined"
        );
    }
}
