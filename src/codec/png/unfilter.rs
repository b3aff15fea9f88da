//! Undoes the filter of a scanline. Source: PNG third edition, clause 9.

#[cfg(target_arch = "x86_64")]
use super::unfilter_sse2 as wide;

/// Calls a function that is compiled for each size of a pixel.
macro_rules! by_pixel {
    ($bytes:expr, $function:ident($($arg:expr),*)) => {
        match $bytes {
            1 => scalar::$function::<1>($($arg),*),
            2 => scalar::$function::<2>($($arg),*),
            3 => wide::$function::<3>($($arg),*),
            4 => wide::$function::<4>($($arg),*),
            6 => wide::$function::<6>($($arg),*),
            _ => wide::$function::<8>($($arg),*),
        }
    };
}

/// Restores `row` in place from the row above it; both have the same length. False, and `row` as it was, when there is
/// no such filter type. `pixel_bytes` is 1, 2, 3, 4, 6 or 8.
pub(super) fn unfilter(filter: u8, pixel_bytes: usize, previous: &[u8], row: &mut [u8]) -> bool {
    match filter {
        0 => {}
        1 => by_pixel!(pixel_bytes, sub(row)),
        2 => {
            for (value, above) in row.iter_mut().zip(previous) {
                *value = value.wrapping_add(*above);
            }
        }
        3 => by_pixel!(pixel_bytes, average(previous, row)),
        4 => by_pixel!(pixel_bytes, paeth(previous, row)),
        _ => return false,
    }
    true
}

/// The neighbour that is nearest to left + above − corner; left wins over above, above over corner.
pub(super) fn predict(left: i16, above: i16, corner: i16) -> i16 {
    let (to_left, to_above) = (above - corner, left - corner);
    let (a, b, c) = (to_left.abs(), to_above.abs(), (to_left + to_above).abs());
    let far = if b <= c { above } else { corner };
    if a <= b && a <= c { left } else { far }
}

#[cfg(not(target_arch = "x86_64"))]
use scalar as wide;

/// The form for any machine.
mod scalar {
    use super::predict;

    pub(super) fn sub<const N: usize>(row: &mut [u8]) {
        let mut left = [0; N];
        for pixel in row.as_chunks_mut::<N>().0 {
            for (value, left) in pixel.iter_mut().zip(left) {
                *value = value.wrapping_add(left);
            }
            left = *pixel;
        }
    }

    pub(super) fn average<const N: usize>(previous: &[u8], row: &mut [u8]) {
        let mut left = [0; N];
        for (pixel, above) in row.as_chunks_mut::<N>().0.iter_mut().zip(previous.as_chunks::<N>().0) {
            for i in 0..N {
                pixel[i] = pixel[i].wrapping_add(((u16::from(left[i]) + u16::from(above[i])) / 2) as u8);
            }
            left = *pixel;
        }
    }

    pub(super) fn paeth<const N: usize>(previous: &[u8], row: &mut [u8]) {
        let (mut left, mut corner) = ([0i16; N], [0i16; N]);
        for (pixel, above) in row.as_chunks_mut::<N>().0.iter_mut().zip(previous.as_chunks::<N>().0) {
            let above = above.map(i16::from);
            for i in 0..N {
                pixel[i] = pixel[i].wrapping_add(predict(left[i], above[i], corner[i]) as u8);
            }
            (left, corner) = (pixel.map(i16::from), above);
        }
    }
}

#[cfg(all(test, target_arch = "x86_64"))]
mod tests {
    use super::*;

    fn agree<const N: usize>() {
        let mut state = N as u32;
        let mut noise = || {
            state = state.wrapping_mul(1_103_515_245).wrapping_add(12_345);
            // Extremes are where rounding and ties show.
            [0, 255, 1, (state >> 16) as u8, 128, (state >> 20) as u8, 127, 254][(state >> 28) as usize & 7]
        };
        for width in [1, 2, 5, 300] {
            let previous: Vec<u8> = (0..width * N).map(|_| noise()).collect();
            let row: Vec<u8> = (0..width * N).map(|_| noise()).collect();
            let run = |function: &dyn Fn(&mut [u8])| {
                let mut row = row.clone();
                function(&mut row);
                row
            };
            assert_eq!(run(&|row| wide::sub::<N>(row)), run(&|row| scalar::sub::<N>(row)));
            assert_eq!(
                run(&|row| wide::average::<N>(&previous, row)),
                run(&|row| scalar::average::<N>(&previous, row))
            );
            assert_eq!(run(&|row| wide::paeth::<N>(&previous, row)), run(&|row| scalar::paeth::<N>(&previous, row)));
        }
    }

    #[test]
    fn vectors_do_what_scalars_do() {
        agree::<3>();
        agree::<4>();
        agree::<6>();
        agree::<8>();
    }
}
