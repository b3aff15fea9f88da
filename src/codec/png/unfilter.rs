//! Undoes the filter of a scanline. Source: PNG third edition, clause 9.

/// Calls a function that is compiled for each size of a pixel.
macro_rules! by_pixel {
    ($bytes:expr, $function:ident($($arg:expr),*)) => {
        match $bytes {
            1 => $function::<1>($($arg),*),
            2 => $function::<2>($($arg),*),
            3 => $function::<3>($($arg),*),
            4 => $function::<4>($($arg),*),
            6 => $function::<6>($($arg),*),
            _ => $function::<8>($($arg),*),
        }
    };
}
/// Restores `row` in place from the row above it; both have the same length. False, and `row` as it was, when there is no
/// such filter type. `pixel_bytes` is 1, 2, 3, 4, 6 or 8.
pub(super) fn unfilter(filter: u8, pixel_bytes: usize, previous: &[u8], row: &mut [u8]) -> bool {
    match filter {
        0 => {}
        1 => by_pixel!(pixel_bytes, sub(row)),
        2 => up(previous, row),
        3 => by_pixel!(pixel_bytes, average(previous, row)),
        4 => by_pixel!(pixel_bytes, paeth(previous, row)),
        _ => return false,
    }
    true
}

fn up(previous: &[u8], row: &mut [u8]) {
    for (value, above) in row.iter_mut().zip(previous) {
        *value = value.wrapping_add(*above);
    }
}

fn sub<const N: usize>(row: &mut [u8]) {
    let mut left = [0; N];
    for pixel in row.as_chunks_mut::<N>().0 {
        for (value, left) in pixel.iter_mut().zip(left) {
            *value = value.wrapping_add(left);
        }
        left = *pixel;
    }
}

fn average<const N: usize>(previous: &[u8], row: &mut [u8]) {
    let mut left = [0; N];
    for (pixel, above) in row.as_chunks_mut::<N>().0.iter_mut().zip(previous.as_chunks::<N>().0) {
        for i in 0..N {
            pixel[i] = pixel[i].wrapping_add(((u16::from(left[i]) + u16::from(above[i])) / 2) as u8);
        }
        left = *pixel;
    }
}

fn paeth<const N: usize>(previous: &[u8], row: &mut [u8]) {
    let (mut left, mut corner) = ([0i16; N], [0i16; N]);
    for (pixel, above) in row.as_chunks_mut::<N>().0.iter_mut().zip(previous.as_chunks::<N>().0) {
        let above = above.map(i16::from);
        for i in 0..N {
            pixel[i] = pixel[i].wrapping_add(predict(left[i], above[i], corner[i]) as u8);
        }
        (left, corner) = (pixel.map(i16::from), above);
    }
}

/// The neighbour that is nearest to left + above − corner; left wins over above, above over corner.
pub(super) fn predict(left: i16, above: i16, corner: i16) -> i16 {
    let (to_left, to_above) = (above - corner, left - corner);
    let (a, b, c) = (to_left.abs(), to_above.abs(), (to_left + to_above).abs());
    let far = if b <= c { above } else { corner };
    if a <= b && a <= c { left } else { far }
}
