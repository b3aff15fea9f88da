//! Bilevel compression of facsimile machines: modified Huffman, Group 3 in one and two dimensions, Group 4.
//! Sources: ITU-T T.4 and T.6; TIFF revision 6.0, sections 10 and 11.

mod codes;
mod decode;
mod encode;

pub(super) use decode::{Ccitt, Scheme};
pub(super) use encode::group4;
