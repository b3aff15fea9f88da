//! A frame's components and how they are divided into blocks, and the segments that say so. Source: ITU-T T.81, A.1 and B.2.

use super::{
    super::{ChromaSubsampling, huffman::NATURAL},
    quantization::{self, Table},
    settings::{Layout, Settings},
};

/// Samples on each side of a block.
pub(super) const BLOCK: usize = 8;

const SOF0: u8 = 0xc0;
const SOF2: u8 = 0xc2;
const SOS: u8 = 0xda;
const DQT: u8 = 0xdb;
const APP0: u8 = 0xe0;
const APP14: u8 = 0xee;

/// One component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Component {
    id: u8,
    /// Blocks of an MCU across and down.
    pub(super) across: usize,
    pub(super) down: usize,
    /// 0 for luma, 1 for chroma: the quantization table, and the pair of Huffman tables.
    pub(super) kind: usize,
    /// Blocks that have samples of the image.
    pub(super) blocks_across: usize,
    pub(super) blocks_down: usize,
    /// Blocks in all MCUs, on each axis.
    pub(super) padded_across: usize,
}

impl Component {
    /// The slot of the DC table; the AC table is the next.
    pub(super) const fn slot(&self) -> usize {
        2 * self.kind
    }
}

/// A frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Frame {
    width: u32,
    height: u32,
    pub(super) components: Vec<Component>,
    /// MCUs across and down.
    pub(super) mcus_across: usize,
    pub(super) mcus_down: usize,
    /// Largest numbers of blocks in an MCU.
    pub(super) most_across: usize,
    pub(super) most_down: usize,
    quantization: [Table; 2],
}

impl Frame {
    pub(super) fn new(settings: &Settings) -> Self {
        let luma = match settings.subsampling {
            ChromaSubsampling::Quarter => 2,
            ChromaSubsampling::None => 1,
        };
        // The letters of the inks, and the numbers that JFIF wants.
        let components: &[(u8, usize, usize)] = match settings.layout {
            Layout::Grey => &[(1, 1, 0)],
            Layout::Rgb => &[(1, luma, 0), (2, 1, 1), (3, 1, 1)],
            Layout::Cmyk => &[(b'C', 1, 0), (b'M', 1, 0), (b'Y', 1, 0), (b'K', 1, 0)],
        };
        let most = if settings.layout == Layout::Rgb { luma } else { 1 };
        let (width, height) = (settings.width as usize, settings.height as usize);
        let (mcus_across, mcus_down) = (width.div_ceil(BLOCK * most), height.div_ceil(BLOCK * most));
        let components = components.iter().map(|&(id, factor, kind)| Component {
            id,
            across: factor,
            down: factor,
            kind,
            blocks_across: (width * factor).div_ceil(BLOCK * most),
            blocks_down: (height * factor).div_ceil(BLOCK * most),
            padded_across: mcus_across * factor,
        });
        Self {
            width: settings.width,
            height: settings.height,
            components: components.collect(),
            mcus_across,
            mcus_down,
            most_across: most,
            most_down: most,
            quantization: quantization::tables(settings.quantization_table as usize, settings.quality),
        }
    }

    /// Rows of samples of a component, without padding.
    pub(super) fn rows_of(&self, component: &Component) -> usize {
        (self.height as usize * component.down).div_ceil(self.most_down)
    }

    /// The quantization table of a component.
    pub(super) const fn quantization(&self, component: &Component) -> &Table {
        &self.quantization[component.kind]
    }

    /// Appends the quantization tables and the frame header.
    pub(super) fn write(&self, progressive: bool, out: &mut Vec<u8>) {
        for (kind, table) in self.quantization.iter().enumerate() {
            if self.components.iter().any(|component| component.kind == kind) {
                segment(DQT, 1 + table.len(), out);
                out.push(kind as u8);
                out.extend(NATURAL.map(|at| table[usize::from(at)]));
            }
        }
        segment(if progressive { SOF2 } else { SOF0 }, 6 + 3 * self.components.len(), out);
        out.push(8);
        out.extend((self.height as u16).to_be_bytes());
        out.extend((self.width as u16).to_be_bytes());
        out.push(self.components.len() as u8);
        for component in &self.components {
            out.extend([component.id, (component.across << 4 | component.down) as u8, component.kind as u8]);
        }
    }

    /// Appends a scan header. The band of coefficients is from `start` to `end`; `high` and `low` are the bits that the
    /// scans before left out and that this one leaves out.
    pub(super) fn write_scan(&self, scan: &Scan, out: &mut Vec<u8>) {
        segment(SOS, 4 + 2 * scan.components.len(), out);
        out.push(scan.components.len() as u8);
        for &component in scan.components {
            let Component { id, kind, .. } = self.components[component];
            let dc = if scan.start == 0 && scan.high == 0 { kind } else { 0 };
            let ac = if scan.end > 0 { kind } else { 0 };
            out.extend([id, (dc << 4 | ac) as u8]);
        }
        out.extend([scan.start, scan.end, scan.high << 4 | scan.low]);
    }
}

/// What one scan has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scan<'a> {
    /// Indices of its components.
    pub(super) components: &'a [usize],
    /// First and last coefficient.
    pub(super) start: u8,
    pub(super) end: u8,
    /// Low bits that the scan before of these coefficients left out, 0 when this is the first.
    pub(super) high: u8,
    /// Low bits that this one leaves out.
    pub(super) low: u8,
}

/// Appends the header of a segment with `len` bytes after it.
pub(super) fn segment(marker: u8, len: usize, out: &mut Vec<u8>) {
    out.extend([0xff, marker]);
    out.extend(((len + 2) as u16).to_be_bytes());
}

/// Appends what comes before metadata: JFIF's header with unit and densities, or Adobe's, which marks inks.
pub(super) fn write_start(settings: &Settings, out: &mut Vec<u8>) {
    out.extend([0xff, 0xd8]);
    if let Some((unit, x, y)) = settings.jfif {
        segment(APP0, 14, out);
        out.extend(b"JFIF\0\x01\x01");
        out.push(unit);
        out.extend(x.to_be_bytes());
        out.extend(y.to_be_bytes());
        out.extend([0, 0]);
    }
    if settings.layout == Layout::Cmyk {
        segment(APP14, 12, out);
        // Version 100, no flags, no colour transform.
        out.extend(b"Adobe\0\x64\0\0\0\0\0");
    }
}
