//! Runs a plan.

use crate::{
    api::{Bag, Value},
    error::{OperationError, Result},
};

/// One piece of work: the options bag, and the bytes that [`Bytes::handle`](crate::api::Bytes) indexes.
pub struct Job<'a> {
    pub bag: &'a dyn Bag,
    pub buffers: &'a [&'a [u8]],
}

/// What a pipeline gives.
pub struct Output {
    /// The encoded picture, `None` when it was written to a file.
    pub data: Option<Vec<u8>>,
    /// The info object, in order.
    pub info: Vec<(&'static str, Value)>,
}

/// Makes a picture.
pub fn run(job: &Job<'_>) -> Result<Output> {
    let input = job.bag.get("input.buffer");
    match input {
        Value::Bytes(bytes) => {
            let data = job.buffers.get(bytes.handle as usize).copied().unwrap_or_default();
            Ok(Output {
                data: Some(data.to_vec()),
                info: vec![("format", "copy".into()), ("size", (data.len() as f64).into())],
            })
        }
        _ => Err(OperationError::NotYet("pipeline").into()),
    }
}

/// Reads a header.
pub fn metadata(job: &Job<'_>) -> Result<Vec<(&'static str, Value)>> {
    run(job).map(|output| output.info)
}
