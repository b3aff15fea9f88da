//! Puts our Huffman decoder in the place of the library's.
//!
//! The library's modules call each other through tables of functions, and its entropy decoder is asked once for each MCU.
//! That function is exchanged for one that decodes what is healthy and leaves all else to the library's own: restart
//! markers, ends of the input's buffers, damage. Both keep their state in the same place, the library's.

use std::{
    ffi::{c_int, c_uint},
    mem::offset_of,
    slice,
};

use mozjpeg_sys::{
    JBLOCK, JBLOCKROW, JDIMENSION, JHUFF_TBL, boolean, jpeg_component_info, jpeg_decompress_struct, jpeg_source_mgr,
};

use super::decompress::Feed;
use crate::codec::jpeg::huffman_decoder::{AcTable, BitReader, CAREFUL, FAST, Table};

const MAX_BLOCKS: usize = 10;
const MAX_COMPONENTS: usize = 4;
const MAX_TABLES: usize = 4;

/// While there are this many bytes for each block of an MCU, the library does not look for the end of its buffer.
const FAST_BYTES: usize = 512;

/// Fields of the decompressor's structure that the binding hides: those after `quant_tbl_ptrs`.
#[repr(C)]
struct Tables {
    dc: [*mut JHUFF_TBL; MAX_TABLES],
    ac: [*mut JHUFF_TBL; MAX_TABLES],
    data_precision: c_int,
    comp_info: *mut jpeg_component_info,
    progressive_mode: boolean,
    arith_code: boolean,
    arithmetic_conditioning: [[u8; 16]; 3],
    restart_interval: c_uint,
    saw_jfif_marker: boolean,
    jfif_version: [u8; 2],
    density_unit: u8,
}

/// Those from `max_h_samp_factor` to the end.
#[repr(C)]
struct Scan {
    max_samp_factors: [c_int; 2],
    min_dct_scaled_size: c_int,
    total_imcu_rows: JDIMENSION,
    sample_range_limit: *mut u8,
    comps_in_scan: c_int,
    cur_comp_info: [*mut jpeg_component_info; MAX_COMPONENTS],
    mcus_per_row: JDIMENSION,
    mcu_rows_in_scan: JDIMENSION,
    blocks_in_mcu: c_int,
    mcu_membership: [c_int; MAX_BLOCKS],
    spectral_selection: [c_int; 2],
    approximation: [c_int; 2],
    unread_marker: c_int,
    modules_before: [*mut (); 6],
    entropy: *mut EntropyDecoder,
    modules_after: [*mut (); 4],
}

type DecodeMcu = unsafe extern "C-unwind" fn(cinfo: &mut jpeg_decompress_struct, blocks: *mut JBLOCKROW) -> boolean;

/// Bits that were read and not used: the low ones of the buffer.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq)]
struct BitState {
    buffer: u64,
    left: c_int,
}

/// The library's entropy decoder for sequential scans (`jpegint.h`, `jdhuff.h`, `jdhuff.c`).
#[repr(C)]
struct EntropyDecoder {
    start_pass: Option<unsafe extern "C-unwind" fn(cinfo: &mut jpeg_decompress_struct)>,
    decode_mcu: Option<DecodeMcu>,
    insufficient_data: boolean,
    unused: BitState,
    last_dc: [c_int; MAX_COMPONENTS],
    restarts_to_go: c_uint,
    dc_tables: [*mut (); MAX_TABLES],
    ac_tables: [*mut (); MAX_TABLES],
    block_dc_tables: [*mut (); MAX_BLOCKS],
    block_ac_tables: [*mut (); MAX_BLOCKS],
    block_dc_needed: [boolean; MAX_BLOCKS],
    block_ac_needed: [boolean; MAX_BLOCKS],
}

const TABLES_OFFSET: usize = offset_of!(jpeg_decompress_struct, quant_tbl_ptrs) + MAX_TABLES * size_of::<*mut ()>();
const SCAN_OFFSET: usize = offset_of!(jpeg_decompress_struct, max_h_samp_factor);

/// Whether our view of the structure is the binding's, whose size the library compares with its own. On targets with
/// other types there would be more to look at.
const LAYOUT_FITS: bool = cfg!(target_pointer_width = "64")
    && TABLES_OFFSET.is_multiple_of(align_of::<Tables>())
    && TABLES_OFFSET + offset_of!(Tables, comp_info) == offset_of!(jpeg_decompress_struct, comp_info)
    && TABLES_OFFSET + offset_of!(Tables, density_unit) == offset_of!(jpeg_decompress_struct, density_unit)
    && SCAN_OFFSET.is_multiple_of(align_of::<Scan>())
    && SCAN_OFFSET + size_of::<Scan>() == size_of::<jpeg_decompress_struct>();

/// Our part of a scan's state.
pub(super) struct ScanDecoder {
    library: DecodeMcu,
    /// Those that some block uses.
    dc_tables: Vec<Table>,
    ac_tables: Vec<AcTable>,
    /// The blocks of an MCU.
    blocks: Vec<Block>,
}

struct Block {
    component: usize,
    dc_table: usize,
    ac_table: usize,
    dc_needed: bool,
    ac_needed: bool,
}

/// The hidden fields.
fn views(cinfo: *mut jpeg_decompress_struct) -> (*mut Tables, *mut Scan) {
    (cinfo.wrapping_byte_add(TABLES_OFFSET).cast(), cinfo.wrapping_byte_add(SCAN_OFFSET).cast())
}

/// Takes over, if this is a sequential Huffman scan of all components with the state that a new one has.
///
/// # Safety
/// Decompression was started and no row was read; `src` is a [`Feed`].
pub(super) unsafe fn install(cinfo: &mut jpeg_decompress_struct) {
    #[cfg(test)]
    if tests::LIBRARY_ONLY.get() {
        return;
    }
    if !LAYOUT_FITS {
        return;
    }
    let cinfo = std::ptr::from_mut(cinfo);
    let (tables, scan) = views(cinfo);
    // SAFETY: the views are inside the structure and aligned (`LAYOUT_FITS`). The entropy decoder is the one for
    // sequential Huffman scans: the library chooses by these two flags.
    unsafe {
        if (*tables).progressive_mode != 0 || (*tables).arith_code != 0 || (*cinfo).buffered_image != 0 {
            return;
        }
        // Several scans are collected first, in blocks that need not be empty.
        if (*scan).comps_in_scan != (*cinfo).num_components {
            return;
        }
        let Some(decoder) = ScanDecoder::new(&*tables, &*scan, &*(*scan).entropy) else { return };
        (*(*scan).entropy).decode_mcu = Some(decode_mcu);
        (*(*cinfo).src.cast::<Feed<'_>>()).scan = Some(Box::new(decoder));
    }
}

impl ScanDecoder {
    /// `None` when something is not as expected.
    ///
    /// # Safety
    /// The scan's components and the tables' pointers are valid or null.
    unsafe fn new(tables: &Tables, scan: &Scan, entropy: &EntropyDecoder) -> Option<Self> {
        let is_new = entropy.insufficient_data == 0
            && entropy.unused == BitState { buffer: 0, left: 0 }
            && entropy.restarts_to_go == tables.restart_interval;
        let library = entropy.decode_mcu.filter(|_| is_new)?;
        let (mut known_dc, mut known_ac) = (Vec::new(), Vec::new());
        let mut decoder = Self { library, dc_tables: Vec::new(), ac_tables: Vec::new(), blocks: Vec::new() };
        for position in 0..usize::try_from(scan.blocks_in_mcu).ok().filter(|&blocks| blocks <= MAX_BLOCKS)? {
            let component = usize::try_from(scan.mcu_membership[position]).ok()?;
            // SAFETY: promised by the caller.
            let info = unsafe { scan.cur_comp_info.get(component)?.as_ref() }?;
            let (dc, ac) = (usize::try_from(info.dc_tbl_no).ok()?, usize::try_from(info.ac_tbl_no).ok()?);
            let (dc_needed, ac_needed) = (entropy.block_dc_needed[position], entropy.block_ac_needed[position]);
            let as_expected = entropy.last_dc[component] == 0
                && *entropy.dc_tables.get(dc)? == entropy.block_dc_tables[position]
                && *entropy.ac_tables.get(ac)? == entropy.block_ac_tables[position]
                && !entropy.block_dc_tables[position].is_null()
                && !entropy.block_ac_tables[position].is_null()
                && matches!((dc_needed, ac_needed), (0 | 1, 0 | 1));
            if !as_expected {
                return None;
            }
            // SAFETY: promised by the caller.
            let (dc_table, ac_table) = unsafe {
                (
                    index_of(tables.dc[dc], &mut known_dc, &mut decoder.dc_tables, Table::new)?,
                    index_of(tables.ac[ac], &mut known_ac, &mut decoder.ac_tables, AcTable::new)?,
                )
            };
            let (dc_needed, ac_needed) = (dc_needed != 0, ac_needed != 0);
            decoder.blocks.push(Block { component, dc_table, ac_table, dc_needed, ac_needed });
        }
        Some(decoder)
    }

    /// Decodes one MCU into `blocks`, if it is not null.
    ///
    /// # Safety
    /// `blocks` is null, or has as many valid pointers as an MCU has blocks.
    #[inline(always)]
    unsafe fn decode<const MODE: bool>(
        &self,
        reader: &mut BitReader<'_>,
        last_dc: &mut [c_int; MAX_COMPONENTS],
        blocks: *mut JBLOCKROW,
    ) -> Option<()> {
        for (position, plan) in self.blocks.iter().enumerate() {
            // SAFETY: promised by the caller; nothing else refers to the block meanwhile.
            let mut block: Option<&mut JBLOCK> =
                if blocks.is_null() { None } else { unsafe { (*blocks.add(position)).as_mut() } };
            let (dc, ac) = (self.dc_tables.get(plan.dc_table)?, self.ac_tables.get(plan.ac_table)?);
            let kept = if plan.ac_needed { block.as_deref_mut() } else { None };
            let difference = reader.block::<MODE>(dc, ac, kept)?;
            if plan.dc_needed {
                let last = &mut last_dc[plan.component & 3];
                *last = last.wrapping_add(difference);
                if let Some(block) = block {
                    block[0] = *last as i16;
                }
            }
        }
        Some(())
    }
}

/// The index of a table of the library's among those that were made ready, after making it so if it is not there.
///
/// # Safety
/// `table` is valid or null.
unsafe fn index_of<T>(
    table: *mut JHUFF_TBL,
    known: &mut Vec<*mut JHUFF_TBL>,
    ready: &mut Vec<T>,
    new: impl FnOnce(&[u8; 17], &[u8; 256]) -> Option<T>,
) -> Option<usize> {
    if let Some(index) = known.iter().position(|&known| known == table) {
        return Some(index);
    }
    // SAFETY: promised by the caller.
    let source = unsafe { table.as_ref() }?;
    ready.push(new(&source.bits, &source.huffval)?);
    known.push(table);
    Some(known.len() - 1)
}

unsafe extern "C-unwind" fn decode_mcu(cinfo: &mut jpeg_decompress_struct, blocks: *mut JBLOCKROW) -> boolean {
    // SAFETY: installed only with a feed that has a decoder; the library passes null or as many blocks as an MCU has.
    unsafe {
        let feed = cinfo.src.cast::<Feed<'_>>();
        let Some(decoder) = &(*feed).scan else { return 0 };
        if decode_healthy(cinfo, decoder, blocks).is_some() {
            return 1;
        }
        if !blocks.is_null() {
            // The library's own expects them empty.
            (0..decoder.blocks.len()).for_each(|position| (**blocks.add(position)).fill(0));
        }
        let library = decoder.library;
        library(cinfo, blocks)
    }
}

/// Decodes an MCU, or gives `None` and changes nothing but `blocks`.
///
/// # Safety
/// As for [`ScanDecoder::decode`]; `decoder` was made for this scan.
unsafe fn decode_healthy(
    cinfo: *mut jpeg_decompress_struct,
    decoder: &ScanDecoder,
    blocks: *mut JBLOCKROW,
) -> Option<()> {
    // SAFETY: the views were checked when the decoder was made. The source's bytes are valid and not written to.
    unsafe {
        let (tables, scan) = views(cinfo);
        let (entropy, source): (_, *mut jpeg_source_mgr) = ((*scan).entropy, (*cinfo).src);
        let restarts = (*tables).restart_interval > 0;
        let available = (*source).bytes_in_buffer;
        if (*entropy).insufficient_data != 0 || restarts && (*entropy).restarts_to_go == 0 || available == 0 {
            return None;
        }
        let data = slice::from_raw_parts((*source).next_input_byte, available);
        let marker = (*scan).unread_marker;
        let BitState { buffer, left } = (*entropy).unused;
        let mut reader = BitReader::new(buffer, left.try_into().ok()?, data, marker.try_into().ok()?);
        let mut last_dc = (*entropy).last_dc;
        if !restarts && marker == 0 && available >= FAST_BYTES * decoder.blocks.len() {
            decoder.decode::<FAST>(&mut reader, &mut last_dc, blocks)?;
        } else {
            decoder.decode::<CAREFUL>(&mut reader, &mut last_dc, blocks)?;
        }
        let (buffer, left, data, marker) = reader.into_parts();
        (*entropy).unused = BitState { buffer, left: left as c_int };
        (*entropy).last_dc = last_dc;
        ((*source).next_input_byte, (*source).bytes_in_buffer) = (data.as_ptr(), data.len());
        (*scan).unread_marker = c_int::from(marker);
        if restarts {
            (*entropy).restarts_to_go -= 1;
        }
    }
    Some(())
}

#[cfg(test)]
mod tests;
