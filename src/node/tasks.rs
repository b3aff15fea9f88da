//! Tasks on libuv's pool: processing an image, reading its metadata, computing its statistics.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::atomic::{AtomicU32, Ordering::Relaxed},
};

use napi::{
    Env, ScopedTask, Unknown,
    bindgen_prelude::{AsyncTask, Buffer, BufferSlice, Function, JsObjectValue},
};
use napi_derive::napi;

use super::convert::Converter;
use crate::{
    error::{Error, Result},
    memory,
    options::Value,
    panics,
    pipeline::{self, Job, Report},
    warnings,
};

/// Tasks that wait for a thread.
static QUEUED: AtomicU32 = AtomicU32::new(0);
/// Tasks that run, until they are resolved.
static PROCESSING: AtomicU32 = AtomicU32::new(0);

/// Tasks that wait, tasks that run.
pub(super) fn counters() -> [u32; 2] {
    [QUEUED.load(Relaxed), PROCESSING.load(Relaxed)]
}

/// How many tasks wait.
#[napi(catch_unwind)]
pub fn queued() -> u32 {
    QUEUED.load(Relaxed)
}

#[derive(Clone, Copy)]
enum Kind {
    Image,
    Metadata,
    Stats,
}

/// One piece of work. Owns references to the input Buffers, so that their memory stays while it runs.
pub struct Task {
    kind: Kind,
    bag: Value,
    buffers: Vec<Buffer>,
}

impl Task {
    fn start(kind: Kind, env: &Env, options: Unknown<'_>) -> napi::Result<AsyncTask<Self>> {
        memory::settle();
        panics::silence();
        let converter = Converter::new(env);
        let bag = converter.read(options)?;
        let buffers = converter.buffers()?;
        if matches!(kind, Kind::Image) {
            QUEUED.fetch_add(1, Relaxed);
        }
        Ok(AsyncTask::new(Self { kind, bag, buffers }))
    }

    fn run(&self) -> Result<Answer> {
        let buffers: Vec<&[u8]> = self.buffers.iter().map(AsRef::as_ref).collect();
        let job = Job { bag: &self.bag, buffers: &buffers };
        match self.kind {
            Kind::Image => {
                let output = pipeline::run(&job)?;
                Answer::new(output.data, output.info)
            }
            Kind::Metadata => Answer::new(None, pipeline::metadata(&job)?),
            Kind::Stats => Answer::new(None, pipeline::stats(&job)?),
        }
    }
}

/// What a task resolves to.
pub struct Answer {
    /// The encoded image, unless it went to a file.
    data: Option<Vec<u8>>,
    /// The report as JSON.
    json: String,
    /// Properties of the report that JSON cannot hold.
    blobs: Vec<(&'static str, Value)>,
}

impl Answer {
    fn new(data: Option<Vec<u8>>, report: impl Report) -> Result<Self> {
        Ok(Self { data, json: report.to_json()?, blobs: report.into_blobs() })
    }
}

impl<'env> ScopedTask<'env> for Task {
    type Output = (Result<Answer>, Vec<String>);
    type JsValue = Unknown<'env>;

    fn compute(&mut self) -> napi::Result<Self::Output> {
        if matches!(self.kind, Kind::Image) {
            PROCESSING.fetch_add(1, Relaxed);
            QUEUED.fetch_sub(1, Relaxed);
        }
        Ok(warnings::collect(|| {
            catch_unwind(AssertUnwindSafe(|| self.run())).unwrap_or_else(|panic| {
                let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
                let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
                Err(Error::Internal(text.unwrap_or_else(|| "panic".to_owned())))
            })
        }))
    }

    /// `[data, info, warnings, name, bytes, …]`, or the sentence of an error as a string. `info` is JSON; properties with byte
    /// arrays, which are `null` there, follow with their names.
    fn resolve(&mut self, env: &'env Env, (output, warnings): Self::Output) -> napi::Result<Self::JsValue> {
        if matches!(self.kind, Kind::Image) {
            PROCESSING.fetch_sub(1, Relaxed);
        }
        match output {
            Err(error) => Converter::new(env).write(Value::String(error.to_string())),
            Ok(answer) => write(env, answer, warnings),
        }
    }
}

/// What `resolve` answers, or the sentence of what was thrown meanwhile: a Buffer has a largest size.
fn write<'env>(env: &'env Env, answer: Answer, warnings: Vec<String>) -> napi::Result<Unknown<'env>> {
    let Answer { data, json, blobs } = answer;
    let warnings = Value::List(warnings.into_iter().map(Value::from).collect());
    let mut answer = vec![data.map_or(Value::Undefined, Value::OwnedBytes), json.into(), warnings];
    answer.extend(blobs.into_iter().flat_map(|(name, value)| [name.into(), value]));
    let converter = Converter::new(env);
    let any: Function<'_, (), Unknown<'env>> = env.get_global()?.get_named_property_unchecked("String")?;
    match converter.write(Value::List(answer)) {
        Ok(result) => Ok(result),
        Err(error) => {
            // An exception that stays pending would end the process; a call that fails for it takes it away.
            let thrown = any.call(()).err().unwrap_or(error);
            converter.write(Value::String(thrown.reason.clone()))
        }
    }
}

/// Makes an image. `options` has the entries of the bag that differ from the defaults.
#[napi(catch_unwind)]
pub fn pipeline(env: &Env, options: Unknown<'_>) -> napi::Result<AsyncTask<Task>> {
    Task::start(Kind::Image, env, options)
}

/// Reads the header of an image.
#[napi(catch_unwind)]
pub fn metadata(env: &Env, options: Unknown<'_>) -> napi::Result<AsyncTask<Task>> {
    Task::start(Kind::Metadata, env, options)
}

/// Metadata of an encoded image in memory that is opened without options: what [`metadata`] resolves to, at once. Returns
/// `null` where the header is not quickly read, or damaged; a task reports what is wrong with it.
#[napi(catch_unwind)]
pub fn brief_metadata<'env>(env: &'env Env, file: BufferSlice<'env>) -> napi::Result<Option<Unknown<'env>>> {
    let (info, warnings) = warnings::collect(|| catch_unwind(|| pipeline::brief_metadata(&file)).ok().flatten());
    // A task reports warnings.
    let info = info.filter(|_| warnings.is_empty());
    let answer = info.and_then(|report| Answer::new(None, report).ok());
    answer.map(|answer| write(env, answer, Vec::new())).transpose()
}

/// Computes statistics of an image's pixels.
#[napi(catch_unwind)]
pub fn stats(env: &Env, options: Unknown<'_>) -> napi::Result<AsyncTask<Task>> {
    Task::start(Kind::Stats, env, options)
}

/// One tick of the buffer pool, off the main thread: returning memory to the system can take milliseconds.
pub struct Tick;

impl napi::Task for Tick {
    type Output = bool;
    type JsValue = bool;

    fn compute(&mut self) -> napi::Result<bool> {
        Ok(memory::tick())
    }

    fn resolve(&mut self, _env: Env, holds_memory: bool) -> napi::Result<bool> {
        Ok(holds_memory)
    }
}

/// Returns idle memory to the system. Resolves to whether there will be more to return.
#[napi(catch_unwind)]
pub fn tick() -> AsyncTask<Tick> {
    AsyncTask::new(Tick)
}
