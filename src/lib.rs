//! lancet: an image-processing engine for Node.js with the API of sharp, built for the least CPU time, memory and start-up.
//!
//! Data flows one way: [`api`] parses a call into [`options`], [`plan`] resolves options and headers to steps, and [`pipeline`]
//! runs them over the rows or planes of a [`codec`] into an encoder. [`node`] is the only module that knows Node-API. Imports
//! point down the floors that CONTRIBUTING.md lists.

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
mod panics;
pub mod pipeline;
pub mod plan;
pub mod resample;
mod simd;
mod threads;
pub mod warnings;
