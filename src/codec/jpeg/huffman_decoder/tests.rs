//! Beside a decoder that goes by the letter of the standard, one bit at a time.

use super::*;

/// A different number each time.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 20) as usize % end
    }
}

struct Codes {
    counts: [u8; 17],
    symbols: [u8; 256],
    /// Length, code and symbol.
    list: Vec<(usize, u32, u8)>,
}

/// Symbols in random order, with as many codes of each length as there happens to be room for.
fn random_codes(random: &mut Random, mut all: Vec<u8>) -> Codes {
    for at in 1..all.len() {
        let other = random.below(at + 1);
        all.swap(at, other);
    }
    let mut codes = Codes { counts: [0; 17], symbols: [0; 256], list: Vec::new() };
    let (mut code, steepness) = (0u32, 1 + random.below(4));
    for length in 1..=16 {
        let room = (1 << length) - 1 - code;
        let rest = all.len() - codes.list.len();
        let wanted = if length == 16 { rest } else { random.below((room as usize / steepness).min(rest) + 1) };
        for _ in 0..wanted.min(room as usize) {
            let symbol = all[codes.list.len()];
            codes.symbols[codes.list.len()] = symbol;
            codes.list.push((length, code, symbol));
            codes.counts[length] += 1;
            code += 1;
        }
        code <<= 1;
    }
    codes
}

/// All symbols whose magnitude an AC code can have here, or a DC code.
fn symbols(dc: bool) -> Vec<u8> {
    if dc { (0..=15).collect() } else { (0..=255).collect() }
}

#[derive(Default)]
struct Writer {
    bytes: Vec<u8>,
    pending: u32,
    count: usize,
}

impl Writer {
    fn bits(&mut self, value: u32, count: usize) {
        for at in (0..count).rev() {
            self.pending = self.pending << 1 | value >> at & 1;
            self.count += 1;
            if self.count.is_multiple_of(8) {
                self.bytes.push(self.pending as u8);
                if self.pending as u8 == 0xff {
                    self.bytes.push(0);
                }
            }
        }
    }

    fn symbol(&mut self, codes: &Codes, random: &mut Random) -> u8 {
        let (length, code, symbol) = codes.list[random.below(codes.list.len())];
        self.bits(code, length);
        let size = usize::from(symbol & 15);
        // Many ones, so that there are bytes to be stuffed.
        let magnitude = if random.below(2) == 0 { u32::MAX } else { random.below(1 << 15) as u32 };
        self.bits(magnitude & ((1 << size) - 1), size);
        symbol
    }

    /// Padded with ones.
    fn finish(mut self) -> Vec<u8> {
        while !self.count.is_multiple_of(8) {
            self.bits(1, 1);
        }
        self.bytes
    }
}

/// Random blocks, and how many.
fn stream(random: &mut Random, dc: &Codes, ac: &Codes, blocks: usize) -> Vec<u8> {
    let mut writer = Writer::default();
    for _ in 0..blocks {
        writer.symbol(dc, random);
        let mut at = 0;
        while at < 63 {
            match writer.symbol(ac, random) {
                0xf0 => at += 16,
                symbol if symbol & 15 == 0 => break,
                symbol => at += usize::from(symbol >> 4) + 1,
            }
        }
    }
    writer.finish()
}

struct Reference<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reference<'_> {
    fn bit(&mut self) -> Option<u32> {
        let bit = *self.bytes.get(self.at / 8)? >> (7 - self.at % 8) & 1;
        self.at += 1;
        Some(u32::from(bit))
    }

    /// Symbol and magnitude's value.
    fn symbol(&mut self, codes: &Codes) -> Option<(u8, i32)> {
        let (mut code, mut length) = (0, 0);
        let symbol = loop {
            code = code << 1 | self.bit()?;
            length += 1;
            if let Some(found) = codes.list.iter().find(|known| (known.0, known.1) == (length, code)) {
                break found.2;
            }
            assert!(length <= 16);
        };
        let size = symbol & 15;
        let mut value = 0;
        for at in 0..size {
            let bit = self.bit()? as i32;
            value = if at == 0 && bit == 0 { 1 - (1 << size) } else { value };
            value += bit << (size - 1 - at);
        }
        Some((symbol, value))
    }

    fn block(&mut self, dc: &Codes, ac: &Codes) -> Option<[i16; 64]> {
        let mut block = [0; 64];
        block[0] = self.symbol(dc)?.1 as i16;
        let mut at = 0;
        while at < 63 {
            match self.symbol(ac)? {
                (0xf0, _) => at += 16,
                (symbol, _) if symbol & 15 == 0 => break,
                (symbol, value) => {
                    at += usize::from(symbol >> 4) + 1;
                    block[NATURAL.get(at).map_or(63, |&natural| usize::from(natural))] = value as i16;
                }
            }
        }
        Some(block)
    }
}

fn unstuffed(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    let mut bytes = bytes.iter();
    while let Some(&byte) = bytes.next() {
        plain.push(byte);
        if byte == 0xff {
            bytes.next();
        }
    }
    plain
}

/// Decodes until it cannot. Every third block's coefficients are thrown away, which must not change the others.
fn blocks<const MODE: bool>(data: &[u8], dc: &Codes, ac: &Codes) -> Vec<[i16; 64]> {
    let dc = Table::new(&dc.counts, &dc.symbols).unwrap();
    let ac = AcTable::new(&ac.counts, &ac.symbols).unwrap();
    let mut parts = (0, 0, data, 0);
    let mut blocks: Vec<[i16; 64]> = Vec::new();
    loop {
        // Taken apart and made again for each block, as between MCUs.
        let mut reader = BitReader::new(parts.0, parts.1, parts.2, parts.3);
        let mut block = [0; 64];
        let kept = if blocks.len() % 3 == 2 { None } else { Some(&mut block) };
        let Some(difference) = reader.block::<MODE>(&dc, &ac, kept) else { return blocks };
        block[0] = difference as i16;
        blocks.push(block);
        parts = reader.into_parts();
    }
}

fn compare(found: &[[i16; 64]], reference: &[[i16; 64]], what: &str) {
    for (at, (found, reference)) in found.iter().zip(reference).enumerate() {
        if at % 3 == 2 {
            assert_eq!(found[0], reference[0], "{what} {at}");
        } else {
            assert_eq!(found, reference, "{what} {at}");
        }
    }
}

#[test]
fn random_tables_and_streams_decode_as_the_standard_says() {
    let mut random = Random(88);
    for round in 0..300 {
        let (dc, ac) = (random_codes(&mut random, symbols(true)), random_codes(&mut random, symbols(false)));
        let count = 12;
        let data = stream(&mut random, &dc, &ac, count);
        let plain = unstuffed(&data);
        let mut reference = Reference { bytes: &plain, at: 0 };
        let expected: Vec<_> = (0..count).map(|_| reference.block(&dc, &ac).unwrap()).collect();

        let ended = [&data[..], &[0xff, 0xd9]].concat();
        let careful = blocks::<CAREFUL>(&ended, &dc, &ac);
        // The padding can look like another block.
        assert!(careful.len() >= count, "round {round}");
        compare(&careful, &expected, "careful");

        // Fast mode takes bytes ahead, up to six more than it needs.
        let continued = [&data[..], &[0; 16]].concat();
        let fast = blocks::<FAST>(&continued, &dc, &ac);
        assert!(fast.len() >= count, "round {round}");
        compare(&fast, &expected, "fast");

        if round < 20 {
            for end in 0..data.len() {
                for marker in [&[][..], &[0xff], &[0xff, 0xd3], &[0xff, 0xff, 0xd3, 0, 0, 0, 0, 0, 0, 0]] {
                    let cut = [&data[..end], marker].concat();
                    let found = blocks::<CAREFUL>(&cut, &dc, &ac);
                    assert!(found.len() <= count + 1);
                    compare(&found, &expected, "cut");
                    compare(&blocks::<FAST>(&cut, &dc, &ac), &expected, "cut fast");
                }
            }
        }
    }
}

#[test]
fn markers_are_kept_and_what_follows_is_not_touched() {
    let all = Codes { counts: [0; 17], symbols: [0; 256], list: Vec::new() };
    let mut counts = all.counts;
    counts[2] = 1;
    // A single code, 00, for nothing.
    let dc = Table::new(&counts, &all.symbols).unwrap();
    let ac = AcTable::new(&counts, &all.symbols).unwrap();
    let mut reader = BitReader::new(0, 0, &[0, 0xff, 0xff, 0xff, 0xd5, 7, 8], 0);
    assert_eq!(reader.block::<CAREFUL>(&dc, &ac, None), Some(0));
    assert_eq!(reader.block::<CAREFUL>(&dc, &ac, None), Some(0));
    assert_eq!(reader.block::<CAREFUL>(&dc, &ac, None), None);
    assert_eq!(reader.into_parts(), (0, 0, &[7, 8][..], 0xd5));
}

#[test]
fn impossible_tables_are_refused() {
    let mut counts = [0; 17];
    counts[1] = 3;
    assert!(Table::new(&counts, &[0; 256]).is_none());
    assert!(Table::new(&[255; 17], &[0; 256]).is_none());
}

#[test]
fn magnitudes_are_those_of_the_standard() {
    assert_eq!([0, 1].map(|bits| extend(bits, 1)), [-1, 1]);
    assert_eq!([0, 1, 2, 3].map(|bits| extend(bits, 2)), [-3, -2, 2, 3]);
    assert_eq!((extend(0, 15), extend((1 << 15) - 1, 15)), (-32767, 32767));
}
