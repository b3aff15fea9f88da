//! Properties of the exported function: the method table, defaults, enumerations, formats, and settings of the process.

use napi::{Env, Result, Unknown, bindgen_prelude::Object};
use napi_derive::napi;

use super::{convert::Converter, tasks};
use crate::{
    api::{
        ALIGN, BLEND_ALIASES, COLOURSPACE, FIT, GRAVITY, INTERPOLATORS, POSITION, STRATEGY, defaults, methods,
        standard_descriptor, utility,
    },
    codec::{self, CODECS, Codec, UNWRITTEN},
    options::{Blend, BooleanOperator, Kernel, OptionValue, Value},
    pipeline::blocking,
};

/// Formats in the public order. Those that the registry does not have are listed as unsupported: programs look them up.
const FORMATS: &[&str] = &[
    "jpeg",
    "png",
    "webp",
    "tiff",
    "magick",
    "openslide",
    "dz",
    "ppm",
    "fits",
    "gif",
    "svg",
    "heif",
    "pdf",
    "vips",
    "jp2",
    "jxl",
    "rad",
    "dcraw",
    "raw",
];

/// Keys that a bag may have beside those of a new instance.
const OPTIONAL_KEYS: &[&str] = &["input", "join", "convKernel", "recombMatrix", "boolean", "booleanOp", "bandBoolOp"];

fn map(entries: impl IntoIterator<Item = (impl Into<String>, Value)>) -> Value {
    Value::Map(entries.into_iter().map(|(key, value)| (key.into(), value)).collect())
}

fn named<T: OptionValue>(names: &[(&'static str, T)]) -> Value {
    map(names.iter().map(|(name, value)| (*name, value.to_value())))
}

/// Each name stands for itself.
fn names_of(names: impl IntoIterator<Item = Value>) -> Value {
    map(names.into_iter().map(|name| (name.to_string(), name)))
}

/// Name and number of parameters of each edit method, a new bag's entries and its `input`, and the keys that a bag may have
/// beside them.
#[napi(catch_unwind)]
pub fn tables(env: &Env) -> Result<Object<'_>> {
    let list = |values: &mut dyn Iterator<Item = Value>| Value::List(values.collect());
    let method_pairs = &mut methods().iter().map(|m| Value::List(vec![m.name.into(), m.length.into()]));
    let entries = [
        ("methods", list(method_pairs)),
        ("defaults", map(defaults())),
        ("input", standard_descriptor()),
        ("optional", list(&mut OPTIONAL_KEYS.iter().map(|key| (*key).into()))),
        ("version", env!("CARGO_PKG_VERSION").into()),
    ];
    Converter::new(env).write_object(entries)
}

/// The enumerations and the format table, by the names they have on the function.
#[napi(catch_unwind)]
pub fn enumerations(env: &Env) -> Result<Object<'_>> {
    let blends = Blend::ALL.iter().flat_map(|blend| {
        let aliases = BLEND_ALIASES.iter().filter(move |(_, meant)| meant == blend).map(|(alias, _)| *alias);
        let value = blend.to_value();
        std::iter::once(value.to_string()).chain(aliases.map(str::to_owned)).map(move |name| (name, value.clone()))
    });
    let entries = [
        ("align", named(ALIGN)),
        ("gravity", named(GRAVITY)),
        ("strategy", named(STRATEGY)),
        ("kernel", names_of(Kernel::ALL.iter().map(OptionValue::to_value))),
        ("fit", names_of(FIT.iter().map(|(name, _)| (*name).into()))),
        ("position", named(POSITION)),
        ("blend", map(blends)),
        ("colourspace", map(COLOURSPACE.iter().map(|(name, space)| (*name, (*space).into())))),
        ("bool", names_of(BooleanOperator::ALL.iter().map(OptionValue::to_value))),
        ("format", map(FORMATS.iter().map(|id| (*id, format(id))))),
        ("interpolators", named(INTERPOLATORS)),
    ];
    Converter::new(env).write_object(entries)
}

/// One entry of the format table: what can be read and written, and by which names.
fn format(id: &str) -> Value {
    let codec = CODECS.iter().copied().find(|codec| codec.id == id);
    let places = |codec: &Codec, works: bool| (works && codec.place.has_files(), works && codec.place.has_memory());
    let reads = match codec {
        // Raw pixels are described by the caller and need no decoder.
        Some(codec) => places(codec, codec.decoder.is_some() || !codec.place.has_files()),
        None => codec::is_read_beside(id),
    };
    let writes = codec.map_or((false, false), |codec| places(codec, codec.encoder.is_some()));
    let side = |(file, buffer): (bool, bool), list: Option<(&str, Vec<Value>)>| {
        let flags = [("file", file), ("buffer", buffer), ("stream", buffer)];
        let flags = flags.map(|(name, flag)| (name.to_owned(), flag.into()));
        let list = list.filter(|(_, names)| !names.is_empty());
        map(flags.into_iter().chain(list.map(|(name, names)| (name.to_owned(), Value::List(names)))))
    };
    let suffixes = |codec: &Codec| codec.suffixes.iter().map(|suffix| format!(".{suffix}").into()).collect();
    let unwritten = UNWRITTEN.iter().find(|format| format.id == id);
    let aliases = codec.map(|codec| codec.aliases).or(unwritten.map(|format| format.aliases));
    let aliases: Vec<Value> = aliases.unwrap_or_default().iter().map(|alias| (*alias).into()).collect();
    map([
        ("id", id.into()),
        ("input", side(reads, codec.filter(|_| reads.0 || reads.1).map(|codec| ("fileSuffix", suffixes(codec))))),
        ("output", side(writes, Some(("alias", aliases)))),
    ])
}

/// Sets or reads a setting of the process; the sentence of an error is a string.
#[napi(catch_unwind)]
pub fn setting<'env>(env: &'env Env, name: String, value: Unknown<'env>) -> Result<Unknown<'env>> {
    let converter = Converter::quoting(env);
    let value = converter.read(value)?;
    let answer = match name.as_str() {
        "cache" => utility::set_cache(&value),
        "concurrency" => Ok(utility::set_concurrency(&value)),
        "simd" => Ok(utility::set_simd(&value)),
        "block" | "unblock" => blocking::set(&value, name == "block").map(|()| Value::Undefined),
        _ => Ok(Value::Undefined),
    };
    converter.write(answer.unwrap_or_else(|error| Value::String(error.to_string())))
}

/// Tasks that wait and tasks that run.
#[napi(catch_unwind)]
pub fn counters(env: &Env) -> Result<Object<'_>> {
    let [queue, process] = tasks::counters();
    Converter::new(env).write_object([("queue", queue.into()), ("process", process.into())])
}
