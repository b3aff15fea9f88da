//! The fast decoder of undamaged sequential data.
//!
//! Bytes are unstuffed into a small buffer first. A look-up of [`LOOK`] bits yields up to two coefficients, or one and
//! the end of its block, or the first coefficient of a block and what follows it. Which table comes next is selected
//! without a branch, because nobody can predict where blocks end. Anything out of the ordinary is left to others: see
//! [`Outcome::Unusual`].

#![allow(unsafe_code)] // A loop compiled for a wider instruction set.

use std::{hint::select_unpredictable, ops::Range, ptr, sync::Arc};

use bytemuck::Zeroable;

use super::{
    bits::{Stream, has_ff},
    report::Stop,
    tables::{Entry, LOOK, Table, extend},
};
use crate::simd::{Level, at_level};

/// Blocks that are transformed at once, and so lie side by side in memory.
pub(super) const LANES: usize = 16;
/// From the first coefficient of a block to that of the next one. Blocks lie in the order of decoding, their coefficients in
/// order of frequency from place 1 on, so that one bit of a place says that the block is full.
const SLOT: usize = 128;
/// Coefficients of a block.
const BLOCK: usize = 64;

/// Blocks of a batch at most, and one more, up to a power of two.
pub(super) const PLAN: usize = 256;

/// The coefficients of a batch of MCUs.
#[derive(Clone, Copy, Zeroable)]
#[repr(C, align(64))]
pub(super) struct Room {
    /// Puts the first coefficients at the start of lines of the cache.
    padding: [i16; 31],
    slots: [[i16; SLOT]; PLAN],
}

impl Room {
    /// The coefficients of a block, by its place in the order of decoding, in order of frequency.
    #[inline(always)]
    pub(super) fn block(&self, block: usize) -> &[i16; BLOCK] {
        self.slots[block % PLAN][1..].first_chunk().unwrap_or(&[0; BLOCK])
    }

    /// The first coefficient of a block.
    #[inline(always)]
    pub(super) fn first(&mut self, block: usize) -> &mut i16 {
        &mut self.slots[block % PLAN][1]
    }

    #[inline(always)]
    pub(super) fn put(&mut self, block: usize, place: usize, value: i16) {
        self.slots[block % PLAN][1 + place % BLOCK] = value;
    }

    /// Makes blocks 0, which they have to be before they are decoded.
    pub(super) fn clear(&mut self, level: Level, blocks: Range<usize>) {
        clear(level, &mut self.slots[blocks]);
    }
}

at_level! {
    fn clear(slots: &mut [[i16; SLOT]]) {
        for slot in slots {
            slot[1..=BLOCK].fill(0);
        }
    }
}

/// Unstuffed bytes at hand.
const CHUNK: usize = 4096;
/// Bytes after them that may be read: zeros when the data ends.
const PADDING: usize = 64;
/// libjpeg takes bytes that many before their bits are used.
const AHEAD: usize = 9;

/// Tables at most, those of earlier scans and the one that stops included.
const TABLES: usize = 16;
/// Tables of one scan at most: two for each of four components.
const MOST_OF_A_SCAN: usize = 8;
/// A table that has nothing, which ends a batch.
const STOP: usize = 0;

/// What each possible next [`LOOK`] bits stand for.
type Steps = [Step; 1 << LOOK];

/// Look-ups before bits are added, of which there are 56 then.
const LOOKS: usize = 56 / (LOOK + MOST_BITS) as usize;

/// Most bits of magnitude that a look-up takes on behalf of its last symbol.
const MOST_BITS: u32 = 8;

/// What [`LOOK`] bits begin with: one symbol or two. The magnitude of the last one is not in the table but in the bits
/// behind its code, of which some may be beyond the look-up.
///
/// From bit 0: bits to consume (8), coefficients to advance by to the first symbol's value (8) and to the last one's (8),
/// a mask of as many bits as the last one's magnitude has (8); from bit 47 the first value; bit 63 says that the block
/// ends. The last value is stored before the first one, which takes its place where a symbol has none. What has no value
/// at all stores a zero where there is one already.
#[derive(Debug, Clone, Copy)]
struct Step(u64);

impl Step {
    /// Nothing known: leads past the end of any block.
    const NONE: Self = Self((BLOCK as u64) << 16);
    /// The block ends.
    const END: u64 = 1 << 63;

    fn new(length: u32, first: u32, last: u32, bits: u32, value: i32, end: bool) -> Self {
        Self(
            u64::from(length)
                | u64::from(first) << 8
                | u64::from(last) << 16
                | ((1 << bits) - 1) << 24
                | if end { Self::END } else { 0 }
                | u64::from(value as u16) << 47,
        )
    }

    /// A symbol whose magnitude may be beyond the look-up.
    fn single(symbol: Entry, at: u32) -> Self {
        match symbol.size() {
            size @ 0..=MOST_BITS => Self::new(symbol.code_length() + size, at + 1, at, size, 0, false),
            _ => Self::NONE,
        }
    }

    /// A complete symbol, and the one that follows it, as far as its code is all there.
    fn double(first: Entry, at: u32, ac: &Table, bits: usize) -> Self {
        let (used, value) = (first.length(), first.value());
        let second = ac.at(bits << used);
        let (code, size) = (second.code_length(), second.size());
        if code == 0 || used + code > LOOK || size > MOST_BITS {
            return Self::new(used, at, at, 0, value, false);
        }
        if is_end(second) {
            return Self::new(used + code, at, at, 0, value, true);
        }
        Self::new(used + code + size, at, at + second.run() + 1, size, value, false)
    }
}

fn is_end(symbol: Entry) -> bool {
    symbol.size() == 0 && symbol.run() < 15
}

fn ac_step(ac: &Table, bits: usize) -> Step {
    let first = ac.at(bits);
    match first {
        _ if first.length() == 0 => Step::NONE,
        _ if !first.is_complete() => Step::single(first, first.run() + 1),
        // A zero is stored where the next coefficient would be.
        _ if is_end(first) => Step::new(first.length(), 1, 1, 0, 0, true),
        _ => Step::double(first, first.run() + 1, ac, bits),
    }
}

fn dc_step(dc: &Table, ac: &Table, bits: usize) -> Step {
    let first = dc.at(bits);
    match first {
        _ if first.length() == 0 => Step::NONE,
        _ if !first.is_complete() => Step::single(first, 0),
        _ => Step::double(first, 0, ac, bits),
    }
}

/// What look-ups are made from: a DC table, where they are for the start of a block, and an AC table.
#[derive(Default)]
struct Origin {
    dc: Option<Arc<Table>>,
    ac: Option<Arc<Table>>,
}

/// The tables of a scan.
pub(super) struct Tables {
    steps: Box<[Steps; TABLES]>,
    /// What each of them was made from.
    sources: [Origin; TABLES],
    used: usize,
}

impl Tables {
    pub(super) fn new() -> Option<Self> {
        let steps = vec![[Step::NONE; 1 << LOOK]; TABLES].into_boxed_slice().try_into().ok()?;
        Some(Self { steps, sources: Default::default(), used: 1 })
    }

    /// Forgets the tables of earlier scans when there might be too many for another one.
    pub(super) fn make_room(&mut self) {
        if self.used + MOST_OF_A_SCAN > TABLES {
            self.used = 1;
        }
    }

    /// The number of the look-ups for AC codes, or for a DC code and those that follow. Makes them when they are not there.
    pub(super) fn add(&mut self, dc: Option<&Arc<Table>>, ac: &Arc<Table>) -> Option<u8> {
        let same = |old: &Option<Arc<Table>>, new: Option<&Arc<Table>>| match (old, new) {
            (None, None) => true,
            (Some(old), Some(new)) => old.is_of(new),
            _ => false,
        };
        let used = &self.sources[1..self.used];
        if let Some(before) = used.iter().position(|old| same(&old.dc, dc) && same(&old.ac, Some(ac))) {
            return Some((before + 1) as u8);
        }
        let index = self.used;
        let steps = self.steps.get_mut(index)?;
        match dc {
            Some(dc) => steps.iter_mut().enumerate().for_each(|(bits, step)| *step = dc_step(dc, ac, bits)),
            None => steps.iter_mut().enumerate().for_each(|(bits, step)| *step = ac_step(ac, bits)),
        }
        self.sources[index] = Origin { dc: dc.cloned(), ac: Some(ac.clone()) };
        self.used += 1;
        Some(index as u8)
    }
}

/// Numbers of the look-ups of a block: for its DC code, for its AC codes, and for the DC code of the next block.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place {
    pub(super) dc: u8,
    pub(super) ac: u8,
    pub(super) next: u8,
}

/// How the data of a segment ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// At a marker, behind which the source is.
    Marker(u8),
    /// Of the file, or where a data byte of 0xff follows others: libjpeg takes those for a marker at first, and what it has
    /// stored by then stays.
    Elsewhere,
}

/// What became of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Done,
    /// The data is damaged, or something depends on how libjpeg would have read it: it has to be read in its way from
    /// the start of the segment. What was stored for the blocks asked for is of no use.
    Unusual,
}

/// A segment's data: unstuffed bytes and the bits taken of them.
pub(super) struct Fast {
    buffer: Box<[u8; CHUNK + PADDING]>,
    len: usize,
    at: usize,
    bits: u64,
    count: u32,
    end: Option<End>,
    /// The last byte read was 0xff, and what it means is not known yet; and so were those before it.
    pending: bool,
    repeated: bool,
}

impl Fast {
    pub(super) fn new() -> Option<Self> {
        let buffer = vec![0; CHUNK + PADDING].into_boxed_slice().try_into().ok()?;
        Some(Self { buffer, len: 0, at: 0, bits: 0, count: 0, end: None, pending: false, repeated: false })
    }

    /// Begins a segment where the source is.
    pub(super) fn begin(&mut self) {
        (self.len, self.at, self.bits, self.count) = (0, 0, 0, 0);
        (self.end, self.pending, self.repeated) = (None, false, false);
    }

    /// Bytes of which bits were used.
    fn used(&self) -> usize {
        (self.at * 8 - self.count as usize).div_ceil(8)
    }

    /// Keeps what is unread, and eight bytes before it that bits were taken of, and unstuffs more.
    #[cold]
    #[inline(never)]
    fn feed(&mut self, stream: &mut Stream<'_, '_>) -> Result<(), Stop> {
        let start = self.at.saturating_sub(8).min(self.len);
        self.buffer.copy_within(start..self.len, 0);
        self.at -= start;
        self.len -= start;
        while self.end.is_none() && self.len < CHUNK {
            if stream.source.window().is_empty() && !stream.source.more(stream.report)? {
                self.end = Some(End::Elsewhere);
                break;
            }
            let window = stream.source.window();
            let read = if self.pending {
                match window[0] {
                    0xff => self.repeated = true,
                    0 if self.repeated => self.end = Some(End::Elsewhere),
                    0 => {
                        self.pending = false;
                        self.buffer[self.len] = 0xff;
                        self.len += 1;
                    }
                    marker => self.end = Some(End::Marker(marker)),
                }
                1
            } else {
                let most = window.len().min(CHUNK - self.len);
                let read = copy(&window[..most], &mut self.buffer[self.len..]);
                self.len += read;
                self.pending = read < most;
                read + usize::from(self.pending)
            };
            stream.source.advance(read);
        }
        self.buffer[self.len..self.len + PADDING].fill(0);
        Ok(())
    }

    /// The place from which on bytes have to be fed before bits are taken, or, when there are none, the data is known to
    /// have been too short.
    fn limit(&self) -> usize {
        match self.end {
            Some(_) => self.len + 8,
            None => (self.len + 1).saturating_sub(8),
        }
    }

    /// Decodes the blocks `range` of a batch, of DC coefficients the difference to the block before.
    pub(super) fn decode(
        &mut self,
        level: Level,
        stream: &mut Stream<'_, '_>,
        tables: &Tables,
        plan: &[Place; PLAN],
        range: (usize, usize),
        room: &mut Room,
    ) -> Result<Outcome, Stop> {
        if self.run_at(level, stream, tables, plan, range, room)? == Outcome::Unusual {
            return Ok(Outcome::Unusual);
        }
        let fits = match self.end {
            None => true,
            Some(End::Marker(_)) => self.used() <= self.len,
            Some(End::Elsewhere) => self.used() + AHEAD <= self.len,
        };
        Ok(if fits { Outcome::Done } else { Outcome::Unusual })
    }

    /// Shifts by a variable number of bits take fewer instructions where AVX2 is, and BMI2 with it.
    fn run_at(
        &mut self,
        level: Level,
        stream: &mut Stream<'_, '_>,
        tables: &Tables,
        plan: &[Place; PLAN],
        range: (usize, usize),
        room: &mut Room,
    ) -> Result<Outcome, Stop> {
        match level {
            #[cfg(target_arch = "x86_64")]
            Level::Avx2(_) => {
                #[target_feature(enable = "avx2,lzcnt,bmi1,bmi2")]
                fn with_bmi2(
                    fast: &mut Fast,
                    stream: &mut Stream<'_, '_>,
                    tables: &Tables,
                    plan: &[Place; PLAN],
                    range: (usize, usize),
                    room: &mut Room,
                ) -> Result<Outcome, Stop> {
                    fast.run(stream, tables, plan, range, room)
                }
                // SAFETY: the level is only made on a processor that has these instructions.
                unsafe { with_bmi2(self, stream, tables, plan, range, room) }
            }
            _ => self.run(stream, tables, plan, range, room),
        }
    }

    #[inline(always)]
    fn run(
        &mut self,
        stream: &mut Stream<'_, '_>,
        tables: &Tables,
        plan: &[Place; PLAN],
        range: (usize, usize),
        room: &mut Room,
    ) -> Result<Outcome, Stop> {
        let stop = &tables.steps[STOP];
        // Found beforehand, since every look-up waits for the one before it: the look-ups for the AC codes of each block,
        // and for what follows it.
        let (mut acs, mut nexts) = ([stop; PLAN], [stop; PLAN]);
        for ((ac, next), place) in acs.iter_mut().zip(&mut nexts).zip(plan).take(range.1).skip(range.0) {
            *ac = &tables.steps[usize::from(place.ac) % TABLES];
            *next = &tables.steps[usize::from(place.next) % TABLES];
        }
        nexts[(range.1 - 1) % PLAN] = stop;
        let room = room.slots.as_flattened_mut();
        // Of the count only the lowest six bits mean something.
        let (mut at, mut bits, mut count) = (self.at, self.bits, self.count);
        let mut limit = self.limit();
        // The place of the coefficient that was decoded last, or of the first one of a block that comes next.
        let mut last = range.0 % PLAN * SLOT + 1;
        // The same follows from that place, but the next look-up would have to wait for it.
        let mut block = range.0 as u8;
        let mut table = &tables.steps[usize::from(plan[usize::from(block)].dc) % TABLES];
        'refill: loop {
            while at >= limit {
                (self.at, self.bits, self.count) = (at, bits, count % 64);
                if self.end.is_some() {
                    return Ok(Outcome::Unusual);
                }
                self.feed(stream)?;
                at = self.at;
                limit = self.limit();
            }
            let word = self.buffer[at..].first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes));
            bits |= word >> (count % 64);
            at += (63 - count % 64) as usize >> 3;
            count = (count % 64) | 56;
            for _ in 0..LOOKS {
                let step = table[(bits >> (64 - LOOK)) as usize].0;
                let second = last + usize::from((step >> 16) as u8);
                let (ac, next) = (acs[usize::from(block)], nexts[usize::from(block)]);
                if second & BLOCK != 0 {
                    if ptr::eq(table, stop) {
                        break 'refill;
                    }
                    // What is not in the tables, and the ends of full blocks: one symbol at a time.
                    if count % 64 < 32 {
                        continue 'refill;
                    }
                    let place = plan[usize::from(block)];
                    let is_dc = !ptr::eq(table, ac);
                    let origin = &tables.sources[usize::from(if is_dc { place.dc } else { place.ac }) % TABLES];
                    let from = if is_dc { &origin.dc } else { &origin.ac };
                    let Some((length, symbol, value)) = from.as_ref().and_then(|from| symbol(from, bits)) else {
                        return Ok(Outcome::Unusual);
                    };
                    bits <<= length;
                    count -= length;
                    let mut end = false;
                    if !is_dc {
                        end = is_end(symbol);
                        last += symbol.run() as usize + 1;
                    }
                    let full = last & BLOCK != 0;
                    if full {
                        // What leads past the end of the block is taken for its last coefficient, as with libjpeg.
                        last = last / SLOT * SLOT + BLOCK;
                    }
                    if !end {
                        room[last % (PLAN * SLOT)] = value as i16;
                    }
                    if end || full {
                        last = (last | (SLOT - 1)) + 2;
                        block = block.wrapping_add(1);
                        table = next;
                    } else {
                        table = ac;
                    }
                    continue 'refill;
                }
                let first = last + usize::from((step >> 8) as u8);
                let mask = u64::from((step >> 24) as u8);
                let magnitude = bits.wrapping_shr((step as u32).wrapping_neg()) & mask;
                let negative = if magnitude <= mask >> 1 { mask } else { 0 };
                room[second % (PLAN * SLOT)] = (magnitude as i16).wrapping_sub(negative as i16);
                room[first % (PLAN * SLOT)] = (step >> 47) as i16;
                bits = bits.wrapping_shl(step as u32);
                count = count.wrapping_sub(step as u32);
                let end = step & Step::END != 0;
                block = block.wrapping_add((step >> 63) as u8);
                table = select_unpredictable(end, next, ac);
                last = select_unpredictable(end, (second | (SLOT - 1)) + 2, second);
            }
        }
        (self.at, self.bits, self.count) = (at, bits, count % 64);
        Ok(Outcome::Done)
    }

    /// Whether the segment's data is used up and the restart marker that comes next follows it.
    pub(super) fn finish(&mut self, stream: &mut Stream<'_, '_>) -> Result<Outcome, Stop> {
        if self.end.is_none() && self.at >= self.limit() {
            self.feed(stream)?;
        }
        Ok(match self.end {
            Some(End::Marker(marker)) if self.used() == self.len && stream.segments.is_next_restart(marker) => {
                Outcome::Done
            }
            _ => Outcome::Unusual,
        })
    }
}

/// One symbol with its magnitude: bits consumed, symbol, value. Takes 31 bits at most.
#[inline(always)]
fn symbol(table: &Table, bits: u64) -> Option<(u32, Entry, i32)> {
    let entry = table.look(bits);
    if entry.value() != 0 {
        return Some((entry.length(), entry, entry.value()));
    }
    let symbol = if entry.length() != 0 { entry } else { table.search(bits)? };
    let (length, size) = (symbol.length(), symbol.size());
    if size == 0 {
        return Some((length, symbol, 0));
    }
    let magnitude = (bits << length >> (64 - size)) as u32;
    Some((length + size, symbol, extend(magnitude, size)))
}

/// Copies bytes up to the first 0xff and gives their number. There is room for eight bytes more.
fn copy(from: &[u8], to: &mut [u8]) -> usize {
    let mut at = 0;
    while let (Some(word), Some(room)) = (from[at..].first_chunk::<8>(), to[at..].first_chunk_mut::<8>()) {
        *room = *word;
        if has_ff(u64::from_le_bytes(*word)) {
            break;
        }
        at += 8;
    }
    while let Some(&byte) = from.get(at)
        && byte != 0xff
    {
        to[at] = byte;
        at += 1;
    }
    at
}
