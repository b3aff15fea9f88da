//! Coefficients as tokens, which are recorded while probabilities are still unknown, and coded when they are.

use std::collections::TryReserveError;

use super::{
    bool_encoder::{BoolEncoder, Decision, decision},
    tables::{BAND, BANDS, BLOCK_KINDS, CATEGORY_BASE, CONTEXTS, EXTRA_BITS, NODES, Probabilities},
};

/// Kinds of blocks, as indices.
pub(super) const LUMA_AFTER_FIRST: usize = 0;
pub(super) const SECOND_ORDER: usize = 1;
pub(super) const CHROMA: usize = 2;
pub(super) const LUMA: usize = 3;

/// Where the coefficients of a kind of block begin.
pub(super) const fn first_of(kind: usize) -> usize {
    if kind == LUMA_AFTER_FIRST { 1 } else { 0 }
}

/// Places that have probabilities of their own: kind of block, band and context.
const PLACES: usize = BLOCK_KINDS * BANDS * CONTEXTS;
/// Symbols of a place, as a power of two: the end, zero, values to ±10, and four categories of larger ones.
const SYMBOL_BITS: usize = 5;
const SYMBOLS: usize = 26;
const END: usize = 0;
const ZERO: usize = 1;
/// +1, −1, +2 … −10.
const SMALL: usize = 2;
/// ±7, from which on values have bits that are not in the tree of small values.
const SEVEN: usize = SMALL + 6 * 2;
/// The first of the categories whose value is a token of its own, after this one.
const CATEGORY: usize = SMALL + 10 * 2;

/// Place and symbol; or, after a category, how much the value is above the category's base, and its sign in the lowest bit.
type Token = u16;

/// Tokens that a block can have at most: two for each coefficient.
const BLOCK_TOKENS: usize = 33;
/// Blocks of a macroblock: luma, second order, chroma.
const MACROBLOCK_BLOCKS: usize = 16 + 1 + 8;

/// Records the tokens of a row of macroblocks, and how often each was.
pub(super) struct Recorder {
    tokens: Vec<Token>,
    counts: Box<Counts>,
}

pub(super) type Counts = [[u32; 1 << SYMBOL_BITS]; PLACES];

impl Recorder {
    pub(super) fn new() -> Self {
        Self { tokens: Vec::new(), counts: Box::new([[0; 1 << SYMBOL_BITS]; PLACES]) }
    }

    /// Makes room for a macroblock.
    pub(super) fn reserve(&mut self) -> Result<(), TryReserveError> {
        self.tokens.try_reserve(MACROBLOCK_BLOCKS * BLOCK_TOKENS)
    }

    /// Records a block whose coefficients end before `end`, or which has none if that is 0. `context` is how many of its
    /// neighbours have coefficients.
    #[inline(always)]
    pub(super) fn block(&mut self, kind: usize, context: usize, end: usize, level: impl Fn(usize) -> i16) {
        let mut place = (kind * BANDS + BAND[first_of(kind)]) * CONTEXTS + context;
        for at in first_of(kind)..end {
            let value = level(at);
            let magnitude = usize::from(value.unsigned_abs());
            let negative = usize::from(value < 0);
            if magnitude <= 10 {
                let symbol = if magnitude == 0 { ZERO } else { SMALL - 2 + magnitude * 2 + negative };
                self.push(place, symbol);
            } else {
                let category = CATEGORY_BASE[3..].iter().filter(|&&base| magnitude >= usize::from(base)).count();
                self.push(place, CATEGORY + category);
                let above = magnitude - usize::from(CATEGORY_BASE[2 + category]);
                self.tokens.push((above << 1 | negative) as Token);
            }
            place = (kind * BANDS + BAND[at + 1]) * CONTEXTS + magnitude.min(2);
        }
        if end < 16 {
            self.push(place, END);
        }
    }

    #[inline(always)]
    fn push(&mut self, place: usize, symbol: usize) {
        self.tokens.push((place << SYMBOL_BITS | symbol) as Token);
        self.counts[place][symbol] += 1;
    }

    pub(super) fn counts(&self) -> &Counts {
        &self.counts
    }

    /// The tokens since this was last called.
    pub(super) fn take_row(&mut self) -> Result<Box<[Token]>, TryReserveError> {
        let mut row = Vec::new();
        row.try_reserve_exact(self.tokens.len())?;
        row.append(&mut self.tokens);
        Ok(row.into_boxed_slice())
    }
}

/// The decisions in the tree that lead to a symbol. Source: RFC 6386, section 13.2.
fn path(place: usize, symbol: usize, mut step: impl FnMut(usize, bool)) {
    let (kind, band, context) = (place / CONTEXTS / BANDS, place / CONTEXTS % BANDS, place % CONTEXTS);
    // After a zero a block cannot end.
    if context > 0 || band == BAND[first_of(kind)] {
        step(0, symbol != END);
    }
    if symbol == END {
        return;
    }
    step(1, symbol != ZERO);
    if symbol == ZERO {
        return;
    }
    let magnitude = if symbol < CATEGORY { symbol / 2 } else { usize::from(CATEGORY_BASE[2 + symbol - CATEGORY]) };
    step(2, magnitude > 1);
    if magnitude == 1 {
        return;
    }
    step(3, magnitude > 4);
    if magnitude <= 4 {
        step(4, magnitude > 2);
        if magnitude > 2 {
            step(5, magnitude == 4);
        }
        return;
    }
    step(6, magnitude > 10);
    if magnitude <= 10 {
        step(7, magnitude > 6);
        return;
    }
    step(8, magnitude >= 35);
    if magnitude < 35 { step(9, magnitude >= 19) } else { step(10, magnitude >= 67) }
}

/// How often each decision was 0 and 1.
pub(super) type NodeCounts = [[[[[u32; 2]; NODES]; CONTEXTS]; BANDS]; BLOCK_KINDS];

pub(super) fn node_counts(counts: &Counts) -> Box<NodeCounts> {
    let mut nodes: Box<NodeCounts> = Box::new([[[[[0; 2]; NODES]; CONTEXTS]; BANDS]; BLOCK_KINDS]);
    for (place, symbols) in counts.iter().enumerate() {
        let of_place = &mut nodes[place / CONTEXTS / BANDS][place / CONTEXTS % BANDS][place % CONTEXTS];
        for (symbol, &count) in symbols[..SYMBOLS].iter().enumerate().filter(|(_, count)| **count > 0) {
            path(place, symbol, |node, bit| of_place[node][usize::from(bit)] += count);
        }
    }
    nodes
}

/// Decisions of a token, at most this many.
const MOST: usize = 8;

/// Decisions that wait to be coded. The memory beyond them is kept, so that it need not be cleared for every row.
#[derive(Default)]
struct List {
    decisions: Vec<Decision>,
    length: usize,
}

impl List {
    /// Removes the first.
    fn remove(&mut self, count: usize) {
        self.decisions.copy_within(count..self.length, 0);
        self.length -= count;
    }
}

/// The decisions of every token, under known probabilities.
pub(super) struct Coder {
    decisions: Box<[[Decision; MOST]]>,
    lengths: Box<[u8]>,
    /// What follows the tree for values from 7 to 10.
    tails: [[Decision; 4]; 8],
}

impl Coder {
    pub(super) fn new(probabilities: &Probabilities) -> Self {
        let mut decisions = vec![[0; MOST]; PLACES << SYMBOL_BITS];
        let mut lengths = vec![0; PLACES << SYMBOL_BITS];
        for place in 0..PLACES {
            let of_place = &probabilities[place / CONTEXTS / BANDS][place / CONTEXTS % BANDS][place % CONTEXTS];
            for symbol in 0..SYMBOLS {
                let token = place << SYMBOL_BITS | symbol;
                let (list, mut length) = (&mut decisions[token], 0);
                let mut push = |probability: u8, bit: bool| {
                    list[length] = decision(probability, bit);
                    length += 1;
                };
                path(place, symbol, |node, bit| push(of_place[node], bit));
                if (SMALL..SEVEN).contains(&symbol) {
                    let magnitude = symbol / 2;
                    if magnitude >= 5 {
                        push(EXTRA_BITS[0][0], magnitude == 6);
                    }
                    push(128, symbol % 2 == 1);
                }
                lengths[token] = length as u8;
            }
        }
        let tails = std::array::from_fn(|at| {
            let above = at / 2;
            let bits = EXTRA_BITS[1];
            [decision(bits[0], above >= 2), decision(bits[1], above % 2 == 1), decision(128, at % 2 == 1), 0]
        });
        Self { decisions: decisions.into(), lengths: lengths.into(), tails }
    }

    /// Appends the decisions of tokens to a list.
    fn expand(&self, tokens: &[Token], list: &mut List) -> Result<(), TryReserveError> {
        let mut at = list.length;
        // Room for the longest: a value of the last category.
        let room = at + tokens.len() * (MOST + 6) + MOST;
        if room > list.decisions.len() {
            list.decisions.try_reserve(room - list.decisions.len())?;
            list.decisions.resize(room, 0);
        }
        let out = &mut list.decisions[..];
        let mut tokens = tokens.iter();
        while let Some(&token) = tokens.next() {
            let symbol = usize::from(token) & ((1 << SYMBOL_BITS) - 1);
            let token = usize::from(token);
            out[at..at + MOST].copy_from_slice(&self.decisions[token]);
            at += usize::from(self.lengths[token]);
            if symbol < SEVEN {
                continue;
            }
            if symbol < CATEGORY {
                out[at..at + 4].copy_from_slice(&self.tails[symbol - SEVEN]);
                at += 3;
            } else if let Some(&value) = tokens.next() {
                let bits = EXTRA_BITS[2 + symbol - CATEGORY];
                for (bit, &probability) in bits.iter().enumerate() {
                    out[at] = decision(probability, value >> (bits.len() - bit) & 1 == 1);
                    at += 1;
                }
                out[at] = decision(128, value & 1 == 1);
                at += 1;
            }
        }
        list.length = at;
        Ok(())
    }

    /// Codes rows of tokens into as many partitions as `count` says, an even number: row by row, in turns.
    pub(super) fn encode(&self, rows: &[Box<[Token]>], count: usize) -> Result<Vec<Vec<u8>>, TryReserveError> {
        let mut partitions = Vec::new();
        for pair in (0..count).step_by(2) {
            let mut encoders = [BoolEncoder::new(), BoolEncoder::new()];
            let mut lists = [List::default(), List::default()];
            for rows in rows.chunks(count) {
                for (half, list) in lists.iter_mut().enumerate() {
                    if let Some(row) = rows.get(pair + half) {
                        self.expand(row, list)?;
                    }
                }
                let [a, b] = &mut lists;
                let both = a.length.min(b.length);
                BoolEncoder::encode_both(encoders.each_mut(), &a.decisions[..both], &b.decisions[..both])?;
                a.remove(both);
                b.remove(both);
            }
            for (mut encoder, rest) in encoders.into_iter().zip(lists) {
                encoder.encode(&rest.decisions[..rest.length])?;
                partitions.push(encoder.finish());
            }
        }
        Ok(partitions)
    }
}
