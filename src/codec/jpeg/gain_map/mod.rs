//! Ultra HDR: a JPEG file whose index leads to a second one, its gain map.
//!
//! Sources: ISO 21496-1:2025; Android, "Ultra HDR Image Format" 1.1; CIPA DC-007-2009.

mod attach;
mod find;
mod index;
#[cfg(test)]
mod tests;

pub(super) use attach::attach;
pub(super) use find::find;
