//! What a frame and its scans consist of, and the sizes that follow. Source: ITU-T T.81, annexes A and B.

use super::report::{Report, Stop};

/// Components that a scan can have, and so components that can be decoded.
pub(super) const MAX_IN_SCAN: usize = 4;
/// Components that a frame can have.
pub(super) const MAX_COMPONENTS: usize = 10;
/// Blocks that an MCU of several components can have.
pub(super) const MAX_BLOCKS: usize = 10;
/// Largest sampling factor.
const MAX_SAMPLING: u8 = 4;
/// Largest width and height.
const MAX_SIDE: u32 = 65_500;

/// Samples along a side of a block.
pub(super) const BLOCK: u32 = 8;

/// One component, as the frame header has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Component {
    pub(super) id: u8,
    /// Sampling factors, horizontal and vertical.
    pub(super) h: u8,
    pub(super) v: u8,
    pub(super) quantization: u8,
}

/// The frame header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) precision: u8,
    pub(super) progressive: bool,
    pub(super) arithmetic: bool,
    pub(super) components: Vec<Component>,
    /// Largest sampling factors.
    pub(super) max_h: u32,
    pub(super) max_v: u32,
}

impl Frame {
    /// Refuses what cannot be decoded and finds the largest sampling factors.
    pub(super) fn check(&mut self, report: &mut Report) -> Result<(), Stop> {
        if self.width > MAX_SIDE || self.height > MAX_SIDE {
            return Err(report.stop(format!("Maximum supported image dimension is {MAX_SIDE} pixels")));
        }
        // Those of 12 and 16 bits have headers that can be read, and pixels that cannot.
        if !matches!(self.precision, 8 | 12 | 16) {
            return Err(report.stop(format!("Unsupported JPEG data precision {}", self.precision)));
        }
        if self.components.len() > MAX_COMPONENTS {
            let count = self.components.len();
            return Err(report.stop(format!("Too many color components: {count}, max {MAX_COMPONENTS}")));
        }
        let valid = 1..=MAX_SAMPLING;
        if self.components.iter().any(|component| !valid.contains(&component.h) || !valid.contains(&component.v)) {
            return Err(report.stop("Bogus sampling factors"));
        }
        self.max_h = self.components.iter().map(|component| component.h.into()).max().unwrap_or(1);
        self.max_v = self.components.iter().map(|component| component.v.into()).max().unwrap_or(1);
        Ok(())
    }

    /// Rows of MCUs of all components.
    pub(super) fn mcu_rows(&self) -> u32 {
        self.height.div_ceil(self.max_v * BLOCK)
    }

    /// MCUs of all components in a row.
    pub(super) fn mcus_per_row(&self) -> u32 {
        self.width.div_ceil(self.max_h * BLOCK)
    }

    /// Blocks of a component that hold samples of the image: across and down.
    pub(super) fn blocks(&self, component: &Component) -> (u32, u32) {
        let across = (self.width * u32::from(component.h)).div_ceil(self.max_h * BLOCK);
        let down = (self.height * u32::from(component.v)).div_ceil(self.max_v * BLOCK);
        (across, down)
    }

    /// Blocks of all components.
    pub(super) fn all_blocks(&self) -> u64 {
        let blocks = |component| {
            let (across, down) = self.blocks(component);
            u64::from(across) * u64::from(down)
        };
        self.components.iter().map(blocks).sum()
    }
}

/// A component of a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct ScanComponent {
    /// Which of the frame's.
    pub(super) index: usize,
    pub(super) dc_table: u8,
    pub(super) ac_table: u8,
}

/// A scan header.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Scan {
    pub(super) components: Vec<ScanComponent>,
    /// First and last coefficient of the band.
    pub(super) first: u8,
    pub(super) last: u8,
    /// Bit positions of successive approximation: of the scan before, and of this one.
    pub(super) high: u8,
    pub(super) low: u8,
}

/// How a component comes out at a scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(super) h: u32,
    pub(super) v: u32,
    /// Samples along a side of a block after the inverse DCT: 1, 2, 4 or 8.
    pub(super) size: u32,
    /// Samples that belong to the image.
    pub(super) width: u32,
    pub(super) height: u32,
    /// Blocks that hold samples of the image.
    pub(super) blocks_across: u32,
    pub(super) blocks_down: u32,
}

impl Layout {
    /// `size`: samples along a side of a block after the inverse DCT.
    pub(super) fn new(frame: &Frame, component: &Component, size: u32) -> Self {
        let (h, v) = (u32::from(component.h), u32::from(component.v));
        let samples = |side: u32, factor: u32, max: u32| {
            let scaled = u64::from(side) * u64::from(factor * size);
            scaled.div_ceil(u64::from(max * BLOCK)) as u32
        };
        let (blocks_across, blocks_down) = frame.blocks(component);
        Self {
            h,
            v,
            size,
            width: samples(frame.width, h, frame.max_h),
            height: samples(frame.height, v, frame.max_v),
            blocks_across,
            blocks_down,
        }
    }

    /// Rows of samples in a row of MCUs.
    pub(super) fn mcu_rows(&self) -> u32 {
        self.v * self.size
    }
}

/// The layouts of all components at 1/`denominator` (1, 2, 4, 8). Those with fewer samples than others are scaled less,
/// when that makes up for it in both directions.
pub(super) fn layouts(frame: &Frame, denominator: u32) -> Vec<Layout> {
    let least = BLOCK / denominator;
    let fits = |factor: u8, max: u32, size: u32| (max * least).is_multiple_of(u32::from(factor) * size * 2);
    let layout = |component: &Component| {
        let mut size = least;
        while size < BLOCK && fits(component.h, frame.max_h, size) && fits(component.v, frame.max_v, size) {
            size *= 2;
        }
        Layout::new(frame, component, size)
    };
    frame.components.iter().map(layout).collect()
}
