//! Huffman tables. Source: ITU-T T.81, annexes C, F.2.2.3 and K.3.

use super::{
    super::huffman::STANDARD,
    report::{Report, Stop},
};

/// Bits of one look-up.
pub(super) const LOOK: u32 = 10;
/// Largest code length that the format allows.
pub(super) const MAX_LENGTH: u32 = 16;

/// A table as a file defines it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Definition {
    /// How many codes there are of each length; that of length 0 counts nothing.
    pub(super) counts: [u8; MAX_LENGTH as usize + 1],
    /// From the shortest code to the longest.
    pub(super) symbols: [u8; 256],
}

impl Definition {
    fn new(counts: [u8; 16], given: &[u8]) -> Self {
        let mut definition = Self { counts: [0; 17], symbols: [0; 256] };
        definition.counts[1..].copy_from_slice(&counts);
        definition.symbols[..given.len()].copy_from_slice(given);
        definition
    }
}

/// The tables of annex K for luma and chroma, which files may do without: those of DC, then those of AC.
pub(super) fn standard() -> [[Definition; 2]; 2] {
    let [dc_luma, ac_luma, dc_chroma, ac_chroma] = STANDARD.map(|(counts, symbols)| Definition::new(counts, symbols));
    [[dc_luma, dc_chroma], [ac_luma, ac_chroma]]
}

/// What [`LOOK`] bits begin with.
///
/// From bit 0: bits to consume (6), zeros before the coefficient (4, from bit 8), size (4, from bit 12); from bit 16 the
/// value of the coefficient. Where the magnitude does not fit, the value is 0 and the bits to consume are those of the
/// code. All is 0 when the code does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry(u32);

impl Entry {
    /// What libjpeg takes a code for that no table has: of DC no difference, of AC the end of the block.
    pub(super) const NOTHING: Self = Self(0);

    #[inline(always)]
    const fn code(length: u32, symbol: u8) -> Self {
        Self(length | (symbol as u32 >> 4) << 8 | (symbol as u32 & 15) << 12)
    }

    /// Bits of the code, and of the magnitude where there is a [`value`](Self::value).
    #[inline(always)]
    pub(super) const fn length(self) -> u32 {
        self.0 & 63
    }

    /// Zeros before the coefficient: the symbol's high half.
    #[inline(always)]
    pub(super) const fn run(self) -> u32 {
        self.0 >> 8 & 15
    }

    /// Bits of magnitude: the symbol's low half.
    #[inline(always)]
    pub(super) const fn size(self) -> u32 {
        self.0 >> 12 & 15
    }

    /// The coefficient, or 0 when there is none or it did not fit.
    #[inline(always)]
    pub(super) const fn value(self) -> i32 {
        self.0 as i32 >> 16
    }

    /// Bits of the code alone, 0 when it did not fit.
    #[inline(always)]
    pub(super) const fn code_length(self) -> u32 {
        if self.value() == 0 { self.length() } else { self.length() - self.size() }
    }

    /// Whether everything that belongs to the symbol is in the entry.
    pub(super) const fn is_complete(self) -> bool {
        self.length() != 0 && (self.size() == 0 || self.value() != 0)
    }
}

/// A table made ready for decoding.
#[derive(Debug, Clone)]
pub(super) struct Table {
    lookup: [Entry; 1 << LOOK],
    /// For each length the end of its codes, exclusive, in [`MAX_LENGTH`] bits; 0 when there are none.
    ends: [u32; MAX_LENGTH as usize + 1],
    /// For each length the index of its first symbol less its first code.
    offsets: [u32; MAX_LENGTH as usize + 1],
    definition: Definition,
}

impl Table {
    /// Fails when the definition is no prefix code, or has symbols that a DC table cannot have and is `for_dc`.
    pub(super) fn new(definition: &Definition, for_dc: bool, report: &mut Report) -> Result<Self, Stop> {
        Self::build(definition, for_dc).ok_or_else(|| report.stop("Bogus Huffman table definition"))
    }

    fn build(definition: &Definition, for_dc: bool) -> Option<Self> {
        let mut table = Self {
            lookup: [Entry(0); 1 << LOOK],
            ends: [0; MAX_LENGTH as usize + 1],
            offsets: [0; MAX_LENGTH as usize + 1],
            definition: definition.clone(),
        };
        let (mut code, mut index) = (0u32, 0u32);
        for length in 1..=MAX_LENGTH {
            let count = u32::from(definition.counts[length as usize]);
            table.offsets[length as usize] = index.wrapping_sub(code);
            for symbol in definition.symbols.get(index as usize..(index + count) as usize)? {
                if code >> length != 0 {
                    return None;
                }
                if length <= LOOK {
                    let start = (code << (LOOK - length)) as usize;
                    spread(&mut table.lookup[start..start + (1 << (LOOK - length))], Entry::code(length, *symbol));
                }
                code += 1;
            }
            if count > 0 {
                // No code is all ones.
                if code >> length != 0 {
                    return None;
                }
                table.ends[length as usize] = code << (MAX_LENGTH - length);
            }
            index += count;
            code <<= 1;
        }
        let valid = !for_dc || definition.symbols[..index as usize].iter().all(|&symbol| symbol < 16);
        valid.then_some(table)
    }

    /// Whether both have the same definition.
    pub(super) fn is_of(&self, other: &Self) -> bool {
        self.definition == other.definition
    }

    /// What `bits`, counted from the top, begin with.
    #[inline(always)]
    pub(super) fn look(&self, bits: u64) -> Entry {
        self.lookup[(bits >> (64 - LOOK)) as usize]
    }

    /// The same for the index of a look-up.
    pub(super) fn at(&self, index: usize) -> Entry {
        self.lookup[index & ((1 << LOOK) - 1)]
    }

    /// What a code of so many bits stands for, unless it is the start of a longer one or of none.
    pub(super) fn code(&self, code: u32, length: u32) -> Option<Entry> {
        let is_shorter = |length: u32, code: u32| code << (MAX_LENGTH - length) < self.ends[length as usize];
        let index = code.wrapping_add(self.offsets[length as usize]) & 0xff;
        is_shorter(length, code).then(|| Entry::code(length, self.definition.symbols[index as usize]))
    }

    /// The code that `bits` begin with, when it is longer than [`LOOK`].
    pub(super) fn search(&self, bits: u64) -> Option<Entry> {
        let bits = (bits >> (64 - MAX_LENGTH)) as u32;
        let length = (LOOK + 1..=MAX_LENGTH).find(|&length| bits < self.ends[length as usize])?;
        let code = bits >> (MAX_LENGTH - length);
        let index = code.wrapping_add(self.offsets[length as usize]) & 0xff;
        Some(Entry::code(length, self.definition.symbols[index as usize]))
    }
}

/// Fills the part of the look-up that begins with a code, with all magnitudes that can follow.
fn spread(part: &mut [Entry], code: Entry) {
    let values = 1usize << code.size();
    if code.size() == 0 || values > part.len() {
        part.fill(code);
        return;
    }
    let each = part.len() / values;
    for (bits, same) in part.chunks_exact_mut(each).enumerate() {
        let value = extend(bits as u32, code.size());
        same.fill(Entry((code.0 + code.size()) | (value as u32) << 16));
    }
}

/// The value of `size` magnitude bits (1 to 15): those that begin with 0 are the complement of a negative one.
#[inline(always)]
pub(super) const fn extend(bits: u32, size: u32) -> i32 {
    let negative = bits >> (size - 1) == 0;
    bits as i32 - if negative { (1 << size) - 1 } else { 0 }
}
