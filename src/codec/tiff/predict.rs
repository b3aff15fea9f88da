//! Predictors: differences that compress better than samples, and their inverse. Sources: TIFF revision 6.0, section 14; Adobe Photoshop
//! TIFF technical note 3.

use super::source::Order;

/// Turns the bytes of each sample around, where the file has them in another order than this machine.
pub(super) fn to_native(row: &mut [u8], bits: u16, order: Order) {
    if bits > 8 && bits.is_multiple_of(8) && order.is_foreign() {
        row.chunks_exact_mut(usize::from(bits / 8)).for_each(<[u8]>::reverse);
    }
}

/// Sums up differences to the sample `step` samples before, which have `bits` bits in this machine's order.
pub(super) fn undo_horizontal(row: &mut [u8], step: usize, bits: u16) {
    match bits {
        8 => undo_bytes(row, step),
        16 => undo_words(values::<2>(row), step, |a, b| {
            u16::from_ne_bytes(a).wrapping_add(u16::from_ne_bytes(b)).to_ne_bytes()
        }),
        32 => undo_words(values::<4>(row), step, |a, b| {
            u32::from_ne_bytes(a).wrapping_add(u32::from_ne_bytes(b)).to_ne_bytes()
        }),
        64 => undo_words(values::<8>(row), step, |a, b| {
            u64::from_ne_bytes(a).wrapping_add(u64::from_ne_bytes(b)).to_ne_bytes()
        }),
        _ => {}
    }
}

fn values<const N: usize>(row: &mut [u8]) -> &mut [[u8; N]] {
    row.as_chunks_mut().0
}

fn undo_bytes(row: &mut [u8], step: usize) {
    match step {
        1 => undo_pixels::<1>(row),
        2 => undo_pixels::<2>(row),
        3 => undo_pixels::<3>(row),
        4 => undo_pixels::<4>(row),
        _ => {
            for at in step..row.len() {
                row[at] = row[at].wrapping_add(row[at - step]);
            }
        }
    }
}

/// The sums of a pixel stay in registers.
fn undo_pixels<const N: usize>(row: &mut [u8]) {
    let mut sums = [0u8; N];
    for pixel in row.as_chunks_mut::<N>().0 {
        for (sum, value) in sums.iter_mut().zip(pixel.iter_mut()) {
            *sum = sum.wrapping_add(*value);
            *value = *sum;
        }
    }
}

fn undo_words<const N: usize>(row: &mut [[u8; N]], step: usize, add: impl Fn([u8; N], [u8; N]) -> [u8; N]) {
    for at in step..row.len() {
        row[at] = add(row[at], row[at - step]);
    }
}

/// Puts floating-point numbers of `bits` bits together from differences of their bytes, the most significant of all first.
/// `scratch` is as long as the row.
pub(super) fn undo_float(row: &mut [u8], step: usize, bits: u16, scratch: &mut [u8]) {
    undo_bytes(row, step);
    let size = usize::from(bits / 8);
    let count = row.len() / size;
    for (at, value) in scratch.chunks_exact_mut(size).enumerate() {
        for (byte, to) in value.iter_mut().enumerate() {
            *to = row[byte * count + at];
        }
        if cfg!(target_endian = "little") {
            value.reverse();
        }
    }
    row.copy_from_slice(scratch);
}

/// Replaces samples of 8, 16 or 32 bits, in this machine's order, by differences to the sample `step` samples before.
/// What `scratch` holds is lost.
pub(super) fn horizontal(row: &mut [u8], step: usize, bits: u16, scratch: &mut Vec<u8>) {
    // From a copy, so that many are done at once.
    scratch.clear();
    scratch.extend_from_slice(row);
    match bits {
        8 => differences(values::<1>(row), values(scratch), step, |[a], [b]| [a.wrapping_sub(b)]),
        16 => differences(values::<2>(row), values(scratch), step, |a, b| {
            u16::from_ne_bytes(a).wrapping_sub(u16::from_ne_bytes(b)).to_ne_bytes()
        }),
        _ => differences(values::<4>(row), values(scratch), step, |a, b| {
            u32::from_ne_bytes(a).wrapping_sub(u32::from_ne_bytes(b)).to_ne_bytes()
        }),
    }
}

fn differences<const N: usize>(
    to: &mut [[u8; N]],
    from: &[[u8; N]],
    step: usize,
    subtract: impl Fn([u8; N], [u8; N]) -> [u8; N],
) {
    for ((to, &value), &before) in to.iter_mut().zip(from).skip(step).zip(from) {
        *to = subtract(value, before);
    }
}

/// The reverse of [`undo_float`], for 32 bits.
pub(super) fn float(row: &mut [u8], step: usize, scratch: &mut Vec<u8>) {
    scratch.resize(row.len(), 0);
    let count = row.len() / 4;
    for (at, value) in row.as_chunks::<4>().0.iter().enumerate() {
        for (byte, from) in f32::from_ne_bytes(*value).to_be_bytes().into_iter().enumerate() {
            scratch[byte * count + at] = from;
        }
    }
    row.copy_from_slice(scratch);
    horizontal(row, step, 8, scratch);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_is_undone() {
        let row: Vec<u8> = (0..96u32).map(|value| ((value * value * 37) >> 3) as u8).collect();
        for (step, bits) in [(1, 8), (2, 8), (3, 8), (4, 8), (5, 8), (3, 16), (4, 32)] {
            let mut changed = row.clone();
            horizontal(&mut changed, step, bits, &mut Vec::new());
            assert_ne!(changed, row);
            undo_horizontal(&mut changed, step, bits);
            assert_eq!(changed, row, "{step} {bits}");
        }
        let mut scratch = vec![0; row.len()];
        let mut changed = row.clone();
        float(&mut changed, 3, &mut Vec::new());
        undo_float(&mut changed, 3, 32, &mut scratch);
        assert_eq!(changed, row);
    }
}
