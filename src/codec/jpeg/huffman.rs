//! Huffman tables: those of the standard, and for the encoder optimal ones for counted symbols. Source: ITU-T T.81, annexes
//! C, K.2 and K.3.

use std::{cmp::Reverse, collections::BinaryHeap};

/// Coefficients of a block in the order of their frequency: the index of each in rows of eight.
pub(super) const NATURAL: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21,
    28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54,
    47, 55, 62, 63,
];

/// The inverse of [`NATURAL`].
pub(super) const ZIGZAG: [u8; 64] = {
    let mut inverse = [0; 64];
    let mut at = 0;
    while at < 64 {
        inverse[NATURAL[at] as usize] = at as u8;
        at += 1;
    }
    inverse
};

/// Largest code length that the format allows.
const MAX_LENGTH: usize = 16;

/// Tables of a frame: DC and AC of luma, DC and AC of chroma.
pub(super) const SLOTS: usize = 4;
/// Class and identifier of each as the file has them.
const CLASS_AND_ID: [u8; SLOTS] = [0x00, 0x10, 0x01, 0x11];

/// One Huffman table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HuffmanTable {
    /// How many codes there are of each length from 1.
    lengths: [u8; MAX_LENGTH],
    /// The symbols from the shortest code to the longest.
    symbols: Vec<u8>,
}

impl HuffmanTable {
    /// The table of the standard for a slot.
    pub(super) fn standard(slot: usize) -> Self {
        let (lengths, symbols) = STANDARD[slot];
        Self { lengths, symbols: symbols.to_vec() }
    }

    /// The best table for symbols that occur so often; `None` when none does.
    pub(super) fn optimal(counts: &[u32; 256]) -> Option<Self> {
        counts.iter().any(|&count| count > 0).then(|| {
            let (lengths, symbols) = optimal_lengths(counts);
            Self { lengths, symbols }
        })
    }

    /// Appends the DHT segment.
    pub(super) fn write(&self, slot: usize, out: &mut Vec<u8>) {
        out.extend([0xff, 0xc4]);
        out.extend(((2 + 1 + MAX_LENGTH + self.symbols.len()) as u16).to_be_bytes());
        out.push(CLASS_AND_ID[slot]);
        out.extend(self.lengths);
        out.extend(&self.symbols);
    }

    /// Writes for each symbol its code, and in the low eight bits the code's length.
    pub(super) fn codes(&self, codes: &mut [u32; 256]) {
        let (mut code, mut symbols) = (0u32, self.symbols.iter());
        for (length, &count) in (1..).zip(&self.lengths) {
            for &symbol in symbols.by_ref().take(usize::from(count)) {
                codes[usize::from(symbol)] = code << 8 | length;
                code += 1;
            }
            code <<= 1;
        }
    }
}

/// Code lengths by Huffman's procedure, at most [`MAX_LENGTH`]: how many codes there are of each length from 1, and the
/// symbols from the shortest to the longest. No code is all ones, as the format requires.
fn optimal_lengths(counts: &[u32; 256]) -> ([u8; MAX_LENGTH], Vec<u8>) {
    // A symbol that does not occur takes the last of the longest codes.
    const RESERVED: usize = 256;
    const PAIRS: usize = RESERVED + 1;
    // The rarest comes first, of several the one with the highest number; a pair goes by that of its rarer part.
    let counted = counts.iter().map(|&n| u64::from(n)).zip(0..).filter(|(n, _)| *n > 0).chain([(1, RESERVED)]);
    let mut heap: BinaryHeap<_> = counted.map(|(count, symbol)| Reverse((count, Reverse(symbol), symbol))).collect();
    // The two nodes of each pair. Symbols are nodes, pairs are numbered after them.
    let mut pairs: Vec<[usize; 2]> = Vec::with_capacity(RESERVED);
    while let (Some(Reverse((count, by, node))), Some(Reverse((other_count, _, other)))) = (heap.pop(), heap.pop()) {
        heap.push(Reverse((count + other_count, by, PAIRS + pairs.len())));
        pairs.push([node, other]);
    }
    let mut depth = [0usize; 2 * PAIRS];
    for (pair, parts) in pairs.iter().enumerate().rev() {
        parts.iter().for_each(|&part| depth[part] = depth[PAIRS + pair] + 1);
    }
    // Symbols that never occurred were not paired: their length is 0.
    let length = &depth[..PAIRS];
    let longest = length.iter().copied().max().unwrap_or(0).max(MAX_LENGTH);
    let mut of_length = vec![0usize; longest + 1];
    length.iter().filter(|&&length| length > 0).for_each(|&length| of_length[length] += 1);
    // K.2 (figure K.3): a pair of too long codes becomes one of its prefix, and a shorter code is split in two.
    for long in (MAX_LENGTH + 1..=longest).rev() {
        while of_length[long] > 0 {
            let split = (1..long - 1).rev().find(|&shorter| of_length[shorter] > 0).unwrap_or(1);
            of_length[long] -= 2;
            of_length[long - 1] += 1;
            of_length[split + 1] += 2;
            of_length[split] -= 1;
        }
    }
    if let Some(last) = of_length[..=MAX_LENGTH].iter_mut().rev().find(|count| **count > 0) {
        *last -= 1;
    }
    let mut symbols: Vec<u8> = (0..=255).filter(|&symbol| length[usize::from(symbol)] > 0).collect();
    symbols.sort_by_key(|&symbol| length[usize::from(symbol)]);
    (std::array::from_fn(|index| of_length[index + 1] as u8), symbols)
}

/// The tables of T.81, K.3: how many codes of each length, and their symbols; in the order of [`SLOTS`].
#[rustfmt::skip]
pub(super) const STANDARD: [([u8; MAX_LENGTH], &[u8]); SLOTS] = [
    ([0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0], &[
        0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b,
    ]),
    ([0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125], &[
        0x01, 0x02, 0x03, 0x00, 0x04, 0x11, 0x05, 0x12, 0x21, 0x31, 0x41, 0x06, 0x13, 0x51, 0x61, 0x07, 0x22, 0x71, 0x14, 0x32,
        0x81, 0x91, 0xa1, 0x08, 0x23, 0x42, 0xb1, 0xc1, 0x15, 0x52, 0xd1, 0xf0, 0x24, 0x33, 0x62, 0x72, 0x82, 0x09, 0x0a, 0x16,
        0x17, 0x18, 0x19, 0x1a, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2a, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x43, 0x44, 0x45,
        0x46, 0x47, 0x48, 0x49, 0x4a, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5a, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69,
        0x6a, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7a, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x92, 0x93, 0x94,
        0x95, 0x96, 0x97, 0x98, 0x99, 0x9a, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xb2, 0xb3, 0xb4, 0xb5, 0xb6,
        0xb7, 0xb8, 0xb9, 0xba, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xca, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8,
        0xd9, 0xda, 0xe1, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9, 0xea, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8,
        0xf9, 0xfa,
    ]),
    ([0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0], &[
        0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b,
    ]),
    ([0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 119], &[
        0x00, 0x01, 0x02, 0x03, 0x11, 0x04, 0x05, 0x21, 0x31, 0x06, 0x12, 0x41, 0x51, 0x07, 0x61, 0x71, 0x13, 0x22, 0x32, 0x81,
        0x08, 0x14, 0x42, 0x91, 0xa1, 0xb1, 0xc1, 0x09, 0x23, 0x33, 0x52, 0xf0, 0x15, 0x62, 0x72, 0xd1, 0x0a, 0x16, 0x24, 0x34,
        0xe1, 0x25, 0xf1, 0x17, 0x18, 0x19, 0x1a, 0x26, 0x27, 0x28, 0x29, 0x2a, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x43, 0x44,
        0x45, 0x46, 0x47, 0x48, 0x49, 0x4a, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5a, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68,
        0x69, 0x6a, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7a, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x92,
        0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9a, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xb2, 0xb3, 0xb4,
        0xb5, 0xb6, 0xb7, 0xb8, 0xb9, 0xba, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xca, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6,
        0xd7, 0xd8, 0xd9, 0xda, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9, 0xea, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8,
        0xf9, 0xfa,
    ]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_limited_and_leave_a_code_free() {
        // Counts that double give the longest codes.
        let counts = std::array::from_fn(|symbol| if symbol < 30 { 1 << symbol } else { 0 });
        let (lengths, symbols) = optimal_lengths(&counts);
        assert_eq!(symbols.len(), 30);
        assert_eq!(lengths.iter().map(|&n| usize::from(n)).sum::<usize>(), 30);
        let used: u32 = (1..).zip(&lengths).map(|(length, &n)| u32::from(n) << (16 - length)).sum();
        assert!(used < 1 << 16, "the code of all ones is free");
    }

    #[test]
    fn one_symbol_is_enough() {
        let mut counts = [0; 256];
        assert_eq!(HuffmanTable::optimal(&counts), None);
        counts[7] = 3;
        let table = HuffmanTable::optimal(&counts).unwrap();
        assert_eq!((table.lengths[0], &table.symbols[..]), (1, &[7][..]));
    }

    #[test]
    fn standard_tables_are_complete_but_for_one_code() {
        for slot in 0..SLOTS {
            let table = HuffmanTable::standard(slot);
            let mut codes = [0; 256];
            table.codes(&mut codes);
            assert_eq!(codes.iter().filter(|&&code| code > 0).count(), if slot % 2 == 0 { 12 } else { 162 });
            assert_eq!(table.lengths.iter().map(|&n| usize::from(n)).sum::<usize>(), table.symbols.len());
        }
    }
}
