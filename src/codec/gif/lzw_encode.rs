//! Palette indices to LZW codes. Source: Graphics Interchange Format 89a, appendix F; Welch (1984).

/// Longest code in bits, and codes that there are.
const MAX_BITS: u32 = 12;
const CODES: u32 = 1 << MAX_BITS;

/// Places of the hash table: twice the codes, so that few share one.
const PLACES: usize = 2 * CODES as usize;

/// No entry: a string of the last code, which is never made, and the last index.
const FREE: u32 = u32::MAX;

/// Indices between looks at how well a full table still does: of 256 to 8192, those that made photos and drawings smallest.
const CHECK: u32 = 512;

/// Longest data block.
const BLOCK: usize = 255;

/// Writes the code size, the data blocks and their end. `size` is the width of an index in bits, 2 to 8.
pub(super) fn encode(indices: impl Iterator<Item = u8>, size: u32, out: &mut Vec<u8>) {
    out.push(size as u8);
    let mut bits = Bits { out, block: Vec::with_capacity(BLOCK), buffer: 0, filled: 0 };
    let mut table = Table { places: vec![FREE; PLACES], next: 0, width: 0, size };
    let clear = 1 << size;
    table.clear();
    bits.put(clear, size + 1);
    let mut prefix = None;
    // Indices and codes since the last look at a full table, and the fewest codes that so many indices took.
    let (mut seen, mut codes, mut best) = (0, 0, u32::MAX);
    for index in indices {
        let Some(code) = prefix else {
            prefix = Some(u32::from(index));
            continue;
        };
        seen += 1;
        match table.find(code, index) {
            Ok(longer) => prefix = Some(longer),
            Err(place) => {
                bits.put(code, table.width);
                codes += 1;
                table.add(place, code, index);
                prefix = Some(u32::from(index));
            }
        }
        // A table that is full goes on being used until it fits less well than it did.
        if seen == CHECK {
            let is_full = table.next == CODES;
            if is_full && codes > best.saturating_add(best / 16) {
                if let Some(code) = prefix.take() {
                    bits.put(code, table.width);
                }
                bits.put(clear, table.width);
                table.clear();
                best = u32::MAX;
            } else if is_full {
                best = best.min(codes);
            }
            (seen, codes) = (0, 0);
        }
    }
    if let Some(code) = prefix {
        bits.put(code, table.width);
        // The reader adds a string for this code too, which may make codes longer.
        table.grow();
    }
    bits.put(clear + 1, table.width);
    bits.finish();
}

/// Strings and their codes.
struct Table {
    /// Prefix code, index and code of a string in 12, 8 and 12 bits, or [`FREE`].
    places: Vec<u32>,
    /// The next code to give.
    next: u32,
    /// Bits of a code.
    width: u32,
    size: u32,
}

impl Table {
    fn clear(&mut self) {
        self.places.fill(FREE);
        self.next = (1 << self.size) + 2;
        self.width = self.size + 1;
    }

    /// The code of a string made longer by an index, or the place for it.
    #[inline]
    fn find(&self, prefix: u32, index: u8) -> Result<u32, usize> {
        let key = prefix << 8 | u32::from(index);
        let mut place = (key.wrapping_mul(0x9e37_79b1) >> 19) as usize;
        loop {
            let entry = self.places[place % PLACES];
            if entry == FREE {
                return Err(place % PLACES);
            }
            if entry >> MAX_BITS == key {
                return Ok(entry & (CODES - 1));
            }
            place += 1;
        }
    }

    /// Gives a string a code while there are any.
    #[inline]
    fn add(&mut self, place: usize, prefix: u32, index: u8) {
        if self.next < CODES {
            self.places[place] = (prefix << 8 | u32::from(index)) << MAX_BITS | self.next;
            self.grow();
        }
    }

    #[inline]
    fn grow(&mut self) {
        // The reader is one string behind.
        if self.next == 1 << self.width && self.width < MAX_BITS {
            self.width += 1;
        }
        self.next = (self.next + 1).min(CODES);
    }
}

/// Codes to bytes, the first in the lowest bits.
struct Bits<'o> {
    out: &'o mut Vec<u8>,
    block: Vec<u8>,
    buffer: u32,
    filled: u32,
}

impl Bits<'_> {
    #[inline]
    fn put(&mut self, code: u32, width: u32) {
        self.buffer |= code << self.filled;
        self.filled += width;
        while self.filled >= 8 {
            self.byte();
            self.filled -= 8;
        }
    }

    #[inline]
    fn byte(&mut self) {
        self.block.push(self.buffer as u8);
        self.buffer >>= 8;
        if self.block.len() == BLOCK {
            self.flush();
        }
    }

    fn flush(&mut self) {
        if !self.block.is_empty() {
            self.out.push(self.block.len() as u8);
            self.out.append(&mut self.block);
        }
    }

    fn finish(mut self) {
        if self.filled > 0 {
            self.byte();
        }
        self.flush();
        self.out.push(0);
    }
}
