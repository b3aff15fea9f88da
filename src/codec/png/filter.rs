//! Filters scanlines: what is left of a sample after a guess from its neighbours. Source: PNG third edition, clause 9
//! and, for the choice among filters, clause 12.7.

use super::unfilter::predict;

/// A filter type, as its code in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Filter {
    None = 0,
    Sub = 1,
    Up = 2,
    Average = 3,
    Paeth = 4,
}

const ALL: [Filter; 5] = [Filter::None, Filter::Sub, Filter::Up, Filter::Average, Filter::Paeth];

/// How the filter of each scanline is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choice {
    /// The same for all.
    Fixed(Filter),
    /// The one with the least sum of absolute residuals.
    LeastSum,
}

/// Appends the filter type and the residuals of `row` to `out`. `previous` is the row above, of the same length.
pub(super) fn filter(choice: Choice, pixel_bytes: usize, previous: &[u8], row: &[u8], out: &mut Vec<u8>) {
    match choice {
        Choice::Fixed(filter) => apply(filter, pixel_bytes, previous, row, out),
        Choice::LeastSum => {
            let start = out.len();
            let line = row.len() + 1;
            for filter in ALL {
                apply(filter, pixel_bytes, previous, row, out);
            }
            let best =
                (0..ALL.len()).min_by_key(|index| sum(&out[start + index * line + 1..start + (index + 1) * line]));
            let from = start + best.unwrap_or(0) * line;
            out.copy_within(from..from + line, start);
            out.truncate(start + line);
        }
    }
}

/// Residuals as signed numbers, their absolutes added up.
fn sum(residuals: &[u8]) -> u64 {
    // Short stretches, so that 16 bits hold the sums and vectors stay wide.
    residuals
        .chunks(256)
        .map(|stretch| u64::from(stretch.iter().map(|value| u16::from((*value as i8).unsigned_abs())).sum::<u16>()))
        .sum()
}

fn apply(filter: Filter, pixel_bytes: usize, previous: &[u8], row: &[u8], out: &mut Vec<u8>) {
    out.push(filter as u8);
    // The first pixel has nothing to its left, which counts as zero.
    let first = pixel_bytes.min(row.len());
    let (left, corner) = (&row[..row.len() - first], &previous[..row.len() - first]);
    let rest = row[first..].iter().zip(&previous[first..]);
    let begin = row[..first].iter().zip(&previous[..first]);
    match filter {
        Filter::None => out.extend_from_slice(row),
        Filter::Sub => {
            out.extend_from_slice(&row[..first]);
            out.extend(row[first..].iter().zip(left).map(|(value, left)| value.wrapping_sub(*left)));
        }
        Filter::Up => out.extend(row.iter().zip(previous).map(|(value, above)| value.wrapping_sub(*above))),
        Filter::Average => {
            out.extend(begin.map(|(value, above)| value.wrapping_sub(above / 2)));
            let mean = |left: u8, above: u8| ((u16::from(left) + u16::from(above)) / 2) as u8;
            out.extend(rest.zip(left).map(|((value, above), left)| value.wrapping_sub(mean(*left, *above))));
        }
        Filter::Paeth => {
            out.extend(begin.map(|(value, above)| value.wrapping_sub(*above)));
            let guess = |left: u8, above: u8, corner: u8| predict(left.into(), above.into(), corner.into()) as u8;
            out.extend(
                rest.zip(left.iter().zip(corner))
                    .map(|((value, above), (left, corner))| value.wrapping_sub(guess(*left, *above, *corner))),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::unfilter::unfilter, *};

    #[test]
    fn what_is_filtered_is_restored() {
        let noise = |seed: u32| {
            let mut state = seed;
            move || {
                state = state.wrapping_mul(1_103_515_245).wrapping_add(12_345);
                (state >> 16) as u8
            }
        };
        for pixel_bytes in [1, 2, 3, 4, 6, 8] {
            for width in [1, 2, 7, 40] {
                let mut next = noise(pixel_bytes as u32);
                let previous: Vec<u8> = (0..width * pixel_bytes).map(|_| next()).collect();
                let row: Vec<u8> = (0..width * pixel_bytes).map(|_| next()).collect();
                for choice in ALL.map(Choice::Fixed).into_iter().chain([Choice::LeastSum]) {
                    let mut out = Vec::new();
                    filter(choice, pixel_bytes, &previous, &row, &mut out);
                    let (kind, residuals) = out.split_at_mut(1);
                    assert!(unfilter(kind[0], pixel_bytes, &previous, residuals));
                    assert_eq!(residuals, row, "{choice:?} {pixel_bytes} {width}");
                }
            }
        }
    }

    #[test]
    fn the_least_sum_wins() {
        let mut out = Vec::new();
        filter(Choice::LeastSum, 1, &[9, 9, 9, 9], &[9, 9, 9, 9], &mut out);
        assert_eq!(out, [2, 0, 0, 0, 0]);
    }
}
