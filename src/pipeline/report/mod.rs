//! What a task reports to JavaScript: structs that serialise to JSON in the public names and their order.

mod info;
mod number;

pub use info::Info;
pub(super) use info::{Attention, CropOffset, Frames, TrimOffset};
pub(super) use number::Number;

use serde::{Serialize, Serializer};

use crate::{
    error::{Error, Result},
    options::Value,
};

/// Bytes within a report. JSON has `null` in their place, and [`Report::into_blobs`] has the bytes.
#[derive(Debug, Clone)]
pub(super) struct Blob(pub(super) Vec<u8>);

impl Serialize for Blob {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

/// What JavaScript gets: JSON, which it parses faster than properties are set one by one, and the byte arrays that JSON cannot
/// hold.
pub trait Report: Serialize {
    /// The report as the text of a JSON object.
    ///
    /// # Errors
    /// None that a report can cause; a defect of the serialiser is an [internal error](Error::Internal).
    fn to_json(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|error| Error::Internal(error.to_string()))
    }

    /// Top-level properties that are or contain byte arrays.
    fn into_blobs(self) -> Vec<(&'static str, Value)>
    where
        Self: Sized,
    {
        Vec::new()
    }
}
