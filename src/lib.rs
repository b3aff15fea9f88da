//! lancet: turns a stored image into a served one with the least CPU time, memory and start-up that the hardware allows.
//!
//! Data flows one way: [`api`] says what is wanted, [`plan`] resolves it to steps, [`pipeline`] runs them over the rows of
//! a [`codec`], and a codec writes the result. [`node`] is the only module that knows Node-API.

#![deny(unsafe_code)]
#![warn(unreachable_pub)]

pub mod api;
pub mod codec;
pub mod colour;
pub mod error;
pub mod files;
pub mod image;
mod interrupt;
mod memory;
pub mod meta;
pub mod node;
pub mod ops;
pub mod options;
pub mod pipeline;
pub mod plan;
pub mod resample;
mod simd;
mod threads;
pub mod warnings;
