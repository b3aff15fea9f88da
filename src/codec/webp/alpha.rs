//! The alpha plane of a lossy image: filtered, then compressed as the green channel of a lossless image.
//! Source: WebP container specification, RFC 9649, section 2.7.1.2.

use super::ffi;

/// Settings of the alpha plane.
pub(super) struct AlphaOptions {
    /// 0 to 100; below 100, opacities are reduced to fewer levels.
    pub(super) quality: u32,
    /// CPU effort, 0 to 6.
    pub(super) effort: u32,
}

/// Bits of the payload's first byte.
const COMPRESSED: u8 = 1;
const REDUCED: u8 = 1 << 4;
/// Where the filter is in it.
const FILTER_SHIFT: u32 = 2;
/// Signature and sizes of a lossless image, which the plane does without.
const LOSSLESS_HEADER: usize = 5;
/// Planes of fewer levels than this are not filtered: the coder has a palette for them.
const FEW_LEVELS: usize = 17;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Filter {
    None,
    Horizontal,
    Vertical,
    Gradient,
}

/// The payload of an `ALPH` chunk. `None` when there is not enough memory.
pub(super) fn encode(plane: &mut [u8], width: usize, options: &AlphaOptions) -> Option<Vec<u8>> {
    let reduced = options.quality < 100;
    if reduced {
        reduce(plane, levels(options.quality));
    }
    let filter = best_filter(plane, width);
    let residual = filtered(plane, width, filter)?;
    let stream = ffi::encode_green(&residual, width, options.effort)?;
    let header = COMPRESSED | (filter as u8) << FILTER_SHIFT | if reduced { REDUCED } else { 0 };
    let mut payload = Vec::new();
    payload.try_reserve_exact(1 + stream.len()).ok()?;
    payload.push(header);
    payload.extend_from_slice(stream.get(LOSSLESS_HEADER..)?);
    Some(payload)
}

/// How many levels a quality has: few up to 70, then quickly more.
fn levels(quality: u32) -> usize {
    (if quality <= 70 { 2 + quality / 5 } else { 16 + (quality - 70) * 8 }) as usize
}

/// Replaces opacities by at most `count` levels, which are moved to where the opacities are: Lloyd's method. The lowest and
/// the highest stay.
fn reduce(plane: &mut [u8], count: usize) {
    let mut histogram = [0_u64; 256];
    plane.iter().for_each(|&alpha| histogram[usize::from(alpha)] += 1);
    let used: Vec<usize> = (0..256).filter(|&alpha| histogram[alpha] > 0).collect();
    let (Some(&low), Some(&high)) = (used.first(), used.last()) else { return };
    if used.len() <= count {
        return;
    }
    let mut centres: Vec<usize> = (0..count).map(|at| low + (high - low) * at / (count - 1)).collect();
    let nearest = |centres: &[usize], alpha: usize| {
        centres.iter().copied().min_by_key(|centre| centre.abs_diff(alpha)).unwrap_or(alpha)
    };
    for _ in 0..6 {
        let mut totals = vec![(0, 0); 256];
        for &alpha in &used {
            let (sum, number) = &mut totals[nearest(&centres, alpha)];
            *sum += alpha as u64 * histogram[alpha];
            *number += histogram[alpha];
        }
        for centre in &mut centres[1..count - 1] {
            let (sum, number) = totals[*centre];
            if let Some(mean) = (sum + number / 2).checked_div(number) {
                *centre = mean as usize;
            }
        }
    }
    let table: [u8; 256] = std::array::from_fn(|alpha| nearest(&centres, alpha) as u8);
    plane.iter_mut().for_each(|alpha| *alpha = table[usize::from(*alpha)]);
}

/// Calls `visit` with each sample and what the filter predicts for it.
fn visit(plane: &[u8], width: usize, filter: Filter, mut visit: impl FnMut(usize, u8)) {
    for (y, row) in plane.chunks_exact(width).enumerate() {
        let above = if y > 0 { &plane[(y - 1) * width..][..width] } else { &[] };
        for (x, &sample) in row.iter().enumerate() {
            let prediction = match (filter, x, y) {
                (Filter::None, ..) | (_, 0, 0) => 0,
                (_, _, 0) => row[x - 1],
                (_, 0, _) | (Filter::Vertical, ..) => above[x],
                (Filter::Horizontal, ..) => row[x - 1],
                (Filter::Gradient, ..) => {
                    let slope = i16::from(row[x - 1]) + i16::from(above[x]) - i16::from(above[x - 1]);
                    slope.clamp(0, 255) as u8
                }
            };
            visit(y * width + x, sample.wrapping_sub(prediction));
        }
    }
}

fn filtered(plane: &[u8], width: usize, filter: Filter) -> Option<Vec<u8>> {
    let mut residual = Vec::new();
    residual.try_reserve_exact(plane.len()).ok()?;
    residual.resize(plane.len(), 0);
    visit(plane, width, filter, |at, sample| residual[at] = sample);
    Some(residual)
}

/// The filter whose residuals have the least entropy.
fn best_filter(plane: &[u8], width: usize) -> Filter {
    let mut best = (f32::INFINITY, Filter::None);
    for filter in [Filter::None, Filter::Horizontal, Filter::Vertical, Filter::Gradient] {
        let mut histogram = [0_u32; 256];
        visit(plane, width, filter, |_, sample| histogram[usize::from(sample)] += 1);
        if filter == Filter::None && histogram.iter().filter(|&&count| count > 0).count() < FEW_LEVELS {
            return filter;
        }
        // Σ n log₂ n, which is more the fewer bits there are; the total is the same for all.
        let order = |count: u32| if count > 0 { count as f32 * (count as f32).log2() } else { 0.0 };
        let cost = -histogram.into_iter().map(order).sum::<f32>();
        if cost < best.0 {
            best = (cost, filter);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opacities_are_reduced_to_near_ones() {
        let mut plane: Vec<u8> = (0..=255).collect();
        reduce(&mut plane, levels(50));
        let mut distinct = plane.clone();
        distinct.dedup();
        assert!(distinct.len() <= 12 && distinct.len() > 8, "{distinct:?}");
        assert_eq!((plane[0], plane[255]), (0, 255));
        assert!(plane.iter().enumerate().all(|(at, &alpha)| usize::from(alpha).abs_diff(at) <= 16));
    }
}
