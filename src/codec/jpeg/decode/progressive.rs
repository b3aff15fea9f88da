//! Scans of progressive files. Source: ITU-T T.81, annex G.

use std::sync::Arc;

use super::{
    bits::{Bits, Stream},
    frame::{MAX_IN_SCAN, Scan},
    refine::{Band, refine},
    report::Stop,
    sequential::{restart, table},
    tables::Table,
};
use crate::simd::Level;

/// The largest number of bits that can be missing from a coefficient.
const MAX_LOW: u8 = 13;

/// How much is known of the coefficients of one component: the bits that are missing from each, −1 when nothing is known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    pub(super) now: [i8; 64],
    /// The same before the latest scan.
    pub(super) before: [i8; 64],
}

impl Known {
    pub(super) const NOTHING: Self = Self { now: [-1; 64], before: [0; 64] };
}

/// Refuses scans that make no sense, and keeps account of what is known after this one.
pub(super) fn account(scan: &Scan, known: &mut [Known], stream: &mut Stream<'_, '_>) -> Result<(), Stop> {
    let Scan { first, last, high, low, .. } = *scan;
    let is_band = if first == 0 { last == 0 } else { first <= last && last < 64 && scan.components.len() == 1 };
    if !is_band || high != 0 && low + 1 != high || low > MAX_LOW {
        let parameters = format!("Ss={first} Se={last} Ah={high} Al={low}");
        return Err(stream.report.stop(format!("Invalid progressive parameters {parameters}")));
    }
    for component in &scan.components {
        let index = component.index;
        let Some(known) = known.get_mut(index) else { continue };
        let mut warn = |coefficient: u8| {
            stream
                .report
                .warn(|| format!("Inconsistent progression sequence for component {index} coefficient {coefficient}"))
        };
        if first != 0 && known.now[0] < 0 {
            warn(0)?;
        }
        for at in usize::from(first.min(1))..=usize::from(last.max(9)) {
            known.before[at] = if stream.segments.scans > 1 { known.now[at] } else { 0 };
        }
        for at in first..=last {
            let now = &mut known.now[usize::from(at)];
            if i16::from(high) != i16::from((*now).max(0)) {
                warn(at)?;
            }
            *now = low as i8;
        }
    }
    Ok(())
}

/// The coefficients of one component that are kept: for each block of the image as many as there are `kept`.
pub(super) struct Store<'c> {
    pub(super) coefficients: &'c mut [i16],
    /// Coefficients of a block: 64 in order of frequency, or the first alone.
    pub(super) kept: usize,
}

impl Store<'_> {
    #[inline(always)]
    fn first(&mut self, block: usize) -> Option<&mut i16> {
        self.coefficients.get_mut(block * self.kept)
    }

    #[inline(always)]
    fn block(&mut self, block: usize) -> Option<&mut [i16; 64]> {
        self.coefficients.get_mut(block * self.kept..)?.first_chunk_mut()
    }
}

/// The state of a scan, as libjpeg keeps it.
pub(super) struct Progressive {
    first: u8,
    last: u8,
    high: u8,
    low: u8,
    /// For each component of the scan, where it takes one.
    tables: Vec<Option<Arc<Table>>>,
    bits: Bits,
    last_dc: [i32; MAX_IN_SCAN],
    /// Blocks of the run of blocks that end, which are left.
    run: u32,
    restart_interval: u32,
    restarts_to_go: u32,
    level: Level,
}

impl Progressive {
    pub(super) fn new(scan: &Scan, stream: &mut Stream<'_, '_>) -> Result<Self, Stop> {
        let mut tables = Vec::new();
        for component in &scan.components {
            tables.push(match (scan.first, scan.high) {
                (0, 0) => Some(Arc::new(table(component.dc_table, true, stream)?)),
                (0, _) => None,
                _ => Some(Arc::new(table(component.ac_table, false, stream)?)),
            });
        }
        let restart_interval = stream.segments.restart_interval;
        Ok(Self {
            first: scan.first,
            last: scan.last,
            high: scan.high,
            low: scan.low,
            tables,
            bits: Bits::default(),
            last_dc: [0; MAX_IN_SCAN],
            run: 0,
            restart_interval,
            restarts_to_go: restart_interval,
            level: Level::best(),
        })
    }

    /// Whether the data of this segment has run out.
    pub(super) fn insufficient(&self) -> bool {
        self.bits.insufficient
    }

    /// MCUs from this one on that certainly change nothing: because the data has run out, or they are in a run of blocks
    /// without coefficients.
    pub(super) fn idle(&self) -> u64 {
        let idle = match (self.bits.insufficient, self.high) {
            (true, _) => u64::MAX,
            (false, 0) => self.run.into(),
            (false, _) => 0,
        };
        if self.restart_interval > 0 { idle.min(self.restarts_to_go.into()) } else { idle }
    }

    /// Passes over MCUs that change nothing.
    pub(super) fn pass(&mut self, mcus: u64) {
        self.restarts_to_go = u64::from(self.restarts_to_go).saturating_sub(mcus) as u32;
        if !self.bits.insufficient {
            self.run = u64::from(self.run).saturating_sub(mcus) as u32;
        }
    }

    fn restart_if_due(&mut self, stream: &mut Stream<'_, '_>) -> Result<(), Stop> {
        if self.restart_interval > 0 && self.restarts_to_go == 0 {
            restart(&mut self.bits, stream)?;
            self.last_dc = [0; MAX_IN_SCAN];
            self.run = 0;
            self.restarts_to_go = self.restart_interval;
        }
        self.restarts_to_go = self.restarts_to_go.saturating_sub(1);
        Ok(())
    }

    /// Whether this is a scan of first coefficients.
    pub(super) fn is_dc(&self) -> bool {
        self.first == 0
    }

    /// Decodes an MCU of first coefficients. `blocks`: for each block of it, which component of the scan it belongs to,
    /// and its number among the blocks of that component.
    pub(super) fn dc_mcu(
        &mut self,
        stream: &mut Stream<'_, '_>,
        blocks: &[(usize, usize)],
        stores: &mut [Store<'_>],
    ) -> Result<(), Stop> {
        self.restart_if_due(stream)?;
        if self.high > 0 {
            // Zeros change nothing, so it does not matter whether the data has run out, but the warning does.
            for &(component, number) in blocks {
                let bit = self.bits.take(stream, 1)?;
                if let Some(first) = stores[component].first(number) {
                    *first |= (bit << self.low) as i16;
                }
            }
            return Ok(());
        }
        if self.bits.insufficient {
            return Ok(());
        }
        for &(component, number) in blocks {
            let Some(table) = &self.tables[component] else { continue };
            let (_, _, difference) = self.bits.symbol(stream, table)?;
            let last = &mut self.last_dc[component % MAX_IN_SCAN];
            let Some(value) = last.checked_add(difference) else {
                return Err(stream.report.stop("DCT coefficient out of range"));
            };
            *last = value;
            if let Some(first) = stores[component].first(number) {
                *first = (value << self.low) as i16;
            }
        }
        Ok(())
    }

    /// Decodes a block of other coefficients.
    #[inline(always)]
    pub(super) fn ac_block(
        &mut self,
        stream: &mut Stream<'_, '_>,
        number: usize,
        store: &mut Store<'_>,
    ) -> Result<(), Stop> {
        self.restart_if_due(stream)?;
        if self.bits.insufficient {
            return Ok(());
        }
        if self.high > 0 {
            let Some(block) = store.block(number) else { return Ok(()) };
            let Some(Some(table)) = self.tables.first() else { return Ok(()) };
            let band = Band { first: self.first.into(), last: self.last.into(), low: self.low };
            return refine(self.level, band, table, (&mut self.bits, &mut self.run), stream, block);
        }
        if self.run > 0 {
            self.run -= 1;
            return Ok(());
        }
        match store.block(number) {
            Some(block) => self.first_pass(stream, block),
            None => Ok(()),
        }
    }

    fn first_pass(&mut self, stream: &mut Stream<'_, '_>, block: &mut [i16; 64]) -> Result<(), Stop> {
        let Some(Some(table)) = self.tables.first() else { return Ok(()) };
        let mut bits = self.bits;
        let mut at = u32::from(self.first);
        while at <= u32::from(self.last) {
            let (run, size, value) = bits.symbol(stream, table)?;
            if size > 0 {
                at += run;
                block[(at as usize).min(63)] = (value << self.low) as i16;
                at += 1;
            } else if run == 15 {
                at += 16;
            } else {
                self.run = (1 << run) - 1;
                if run > 0 {
                    self.run += bits.take(stream, run)?;
                }
                break;
            }
        }
        self.bits = bits;
        Ok(())
    }
}
