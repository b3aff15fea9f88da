//! Decoding.
//!
//! The bytes of a file ([`source`]) are read segment by segment ([`segments`], [`frame`], [`tables`]). A file with one scan
//! is decoded a few MCUs at a time ([`sequential`], [`fast`]), one with several is held as coefficients ([`progressive`],
//! [`refine`], [`stored`], [`smooth`]). Either way the inverse DCT ([`idct`]) makes samples of them a row of MCUs at a time
//! ([`decoder`], [`planes`]), and those become rows of pixels ([`upsample`], [`colour`], [`rows`]) or
//! are given out as planes ([`strips`]).
//!
//! Pixels, warnings and errors are those of libjpeg-turbo, for damaged files as well: [`bits`] takes bytes as it does, because
//! what is seen of damage depends on it. Its sentences ([`report`]) are part of the public API. Arithmetic coding is left to
//! libjpeg itself ([`pixels`]).

mod bits;
mod colour;
mod decoder;
mod fast;
mod frame;
mod idct;
mod image;
mod pixels;
mod plane;
mod planes;
mod progressive;
mod refine;
mod report;
mod rows;
mod segments;
mod sequential;
mod smooth;
mod source;
mod stored;
mod strips;
mod tables;
#[cfg(test)]
mod tests;
mod transform;
mod upsample;
mod workspace;

pub(super) use decoder::{Colours, Decoder, Info};
pub(super) use image::{STRIP, decode, earlier_messages, report_damage};
pub(super) use pixels::Pixels;
pub(super) use source::Bytes;
pub(super) use strips::Strips;
