//! LZW as TIFF has it: codes from the highest bit, which grow a step early. Source: TIFF revision 6.0, section 13.
//!
//! Own code because it takes two thirds of the time of the crate that decodes.

/// Empties the table.
const CLEAR: u32 = 256;
const END: u32 = 257;
const FIRST: u32 = 258;

/// The table is emptied when this would be the next code.
const FULL: u32 = 4094;

/// Narrowest codes, in bits.
const NARROW: u32 = 9;

/// Slots of the hash table, more than twice as many as there are codes.
const SLOTS: usize = 1 << SLOT_BITS;
const SLOT_BITS: u32 = 13;

/// No string has these 20 bits in front.
const EMPTY: u32 = u32::MAX;

/// Compresses the bytes of a chunk.
pub(super) fn encode(data: &[u8]) -> Vec<u8> {
    let mut codes = Codes { out: Vec::with_capacity(data.len() / 2), acc: 0, count: 0, next: FIRST, width: NARROW };
    // Of each string that has a code: the code of all but its last byte, the last byte, and its own code.
    let mut table = vec![EMPTY; SLOTS];
    codes.put(CLEAR);
    let Some((&first, rest)) = data.split_first() else {
        codes.put(END);
        return codes.finish();
    };
    let mut prefix = u32::from(first);
    'bytes: for &byte in rest {
        let string = prefix << 8 | u32::from(byte);
        let mut slot = (string.wrapping_mul(0x9e37_79b1) >> (32 - SLOT_BITS)) as usize;
        while table[slot % SLOTS] != EMPTY {
            let found = table[slot % SLOTS];
            if found >> 12 == string {
                prefix = found & 0xfff;
                continue 'bytes;
            }
            slot += 1;
        }
        codes.put(prefix);
        table[slot % SLOTS] = string << 12 | codes.next;
        if codes.grow() {
            table.fill(EMPTY);
        }
        prefix = byte.into();
    }
    codes.put(prefix);
    // Who reads adds a string here too.
    codes.grow();
    codes.put(END);
    codes.finish()
}

/// Codes that are being written.
struct Codes {
    out: Vec<u8>,
    /// Bits that are not written yet, the last in the lowest.
    acc: u64,
    count: u32,
    /// The next code for a string.
    next: u32,
    /// Bits of a code.
    width: u32,
}

impl Codes {
    #[inline(always)]
    fn put(&mut self, code: u32) {
        self.acc = self.acc << self.width | u64::from(code);
        self.count += self.width;
        if self.count >= 32 {
            self.count -= 32;
            self.out.extend_from_slice(&((self.acc >> self.count) as u32).to_be_bytes());
        }
    }

    /// Counts a new string; says whether the table is to be emptied because it was the last.
    #[inline(always)]
    fn grow(&mut self) -> bool {
        self.next += 1;
        if self.next == FULL {
            self.put(CLEAR);
            (self.next, self.width) = (FIRST, NARROW);
            return true;
        }
        if self.next >> self.width > 0 {
            self.width += 1;
        }
        false
    }

    fn finish(mut self) -> Vec<u8> {
        let rest = (self.acc << (64 - self.count.max(1))).to_be_bytes();
        self.out.extend_from_slice(&rest[..self.count.div_ceil(8) as usize]);
        self.out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_specification() {
        let bits: String = encode(&[7, 7, 7, 8, 8, 7, 7, 6, 6]).iter().map(|byte| format!("{byte:08b}")).collect();
        let codes: Vec<u32> = bits
            .as_bytes()
            .chunks_exact(9)
            .map(|code| code.iter().fold(0, |sum, bit| sum * 2 + u32::from(bit & 1)))
            .collect();
        assert_eq!(codes, [256, 7, 258, 8, 8, 258, 6, 6, 257]);
    }

    #[test]
    fn what_is_coded_is_decoded() {
        let mut state = 1u32;
        let mut noise = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        let noise: Vec<u8> = (0..20_000).map(|_| noise()).collect();
        let grain: Vec<u8> = noise.iter().map(|value| value & 7).collect();
        let flat = vec![0; 2_000_000];
        let mut samples: Vec<&[u8]> = vec![&[], &[9], &grain, &flat];
        // Ends at every place near those where codes grow and the table is full.
        samples.extend((240..270).chain(500..520).chain(3820..3850).map(|len| &noise[..len]));
        for data in samples {
            let mut decoder = weezl::decode::Decoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8);
            assert!(decoder.decode(&encode(data)).is_ok_and(|decoded| decoded == data), "{} bytes", data.len());
        }
    }
}
