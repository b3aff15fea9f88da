//! Bilinear interpolation of 8-bit images, in integers.
#![allow(unsafe_code)] // Intrinsics, and calls of functions compiled for what the level says is there.

use super::place::{Place, Run};
use crate::simd::Level;

/// Bits of fraction of places, of samples between two others, and of weights.
const PLACE_BITS: u32 = 15;
const SAMPLE_BITS: u32 = 7;
const WEIGHT_BITS: u32 = 14;

/// Added before fractions are cut off: what single precision may fall short of an integer by.
const SLACK: f32 = 1.0 / 1024.0;
/// What weighted sums of alphas times 255 are multiplied by.
const ALPHA_SCALE: f32 = 1.0 / (255 << WEIGHT_BITS) as f32;

/// Writes the pixels of a run through an image of one or three channels, whose rows are `stride` samples apart.
pub(crate) fn opaque<const CHANNELS: usize>(
    level: Level,
    from: &[u8],
    stride: usize,
    run: Run,
    row: &mut [[u8; CHANNELS]],
) {
    match level {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the level is only made on a processor that has AVX2.
        Level::Avx2(_) if row.len() >= avx2::PIXELS => unsafe { avx2::opaque(from, stride, run, row) },
        _ => run.each(row, |x, y| opaque_pixel(from, stride, x, y)),
    }
}

/// The same of four channels, of which the last is alpha; colours are multiplied by it while they are mixed.
pub(crate) fn with_alpha(level: Level, from: &[u8], stride: usize, run: Run, row: &mut [[u8; 4]]) {
    match level {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the level is only made on a processor that has AVX2.
        Level::Avx2(_) if row.len() >= avx2::PIXELS => unsafe { avx2::with_alpha(from, stride, run, row) },
        _ => run.each(row, |x, y| pixel_with_alpha(from, stride, x, y)),
    }
}

#[inline(always)]
fn opaque_pixel<const CHANNELS: usize>(from: &[u8], stride: usize, x: Place, y: Place) -> [u8; CHANNELS] {
    let first = x.pixel() * CHANNELS + stride * y.pixel();
    let (above, below) = (&from[first..][..2 * CHANNELS], &from[first + stride..][..2 * CHANNELS]);
    let (x, y) = (x.fraction(PLACE_BITS), y.fraction(PLACE_BITS));
    let between = |pair: &[u8], channel: usize| {
        lerp(i32::from(pair[channel]) << SAMPLE_BITS, i32::from(pair[channel + CHANNELS]) << SAMPLE_BITS, x)
    };
    std::array::from_fn(|channel| {
        let value = lerp(between(above, channel), between(below, channel), y);
        ((value + (1 << (SAMPLE_BITS - 1))) >> SAMPLE_BITS) as u8
    })
}

/// Between two samples, rounded as vectors do it.
const fn lerp(from: i32, to: i32, fraction: i32) -> i32 {
    from + product(to - from, fraction)
}

/// With a fraction in [`PLACE_BITS`], rounded.
const fn product(value: i32, fraction: i32) -> i32 {
    (((value * fraction) >> (PLACE_BITS - 1)) + 1) >> 1
}

fn pixel_with_alpha(from: &[u8], stride: usize, x: Place, y: Place) -> [u8; 4] {
    let first = x.pixel() * 4 + stride * y.pixel();
    let (above, below) = (&from[first..][..8], &from[first + stride..][..8]);
    let (x, y) = (x.fraction(WEIGHT_BITS), y.fraction(PLACE_BITS));
    // They add up to one exactly.
    let last = product(x, y);
    let (right, lower) = (x - last, (y >> 1) - last);
    let weights = [(1 << WEIGHT_BITS) - x - lower, right, lower, last];
    let weighted = [&above[..4], &above[4..], &below[..4], &below[4..]].into_iter().zip(weights);
    let mut sums = [0; 4];
    for (pixel, weight) in weighted {
        for (channel, sum) in sums.iter_mut().enumerate() {
            let alpha = if channel == 3 { 255 } else { i32::from(pixel[3]) };
            *sum += i32::from(pixel[channel]) * alpha * weight;
        }
    }
    let factor = if sums[3] > 0 { 255.0 / sums[3] as f32 } else { 0.0 };
    std::array::from_fn(|channel| {
        let factor = if channel == 3 { ALPHA_SCALE } else { factor };
        (sums[channel] as f32 * factor + SLACK).min(255.0) as u8
    })
}

/// Four pixels at a time, each in 64 bits.
#[cfg(target_arch = "x86_64")]
mod avx2 {
    use std::arch::x86_64::*;

    use super::{ALPHA_SCALE, PLACE_BITS, Run, SAMPLE_BITS, SLACK, WEIGHT_BITS};
    use crate::simd::prefetch;

    pub(super) const PIXELS: usize = 4;

    /// Two pixels side by side, of up to four channels.
    const LOADED: usize = 8;

    /// Calls `block` for each four pixels of `row` with the vectors of their places; the last ones may be made twice.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn for_blocks<P>(run: Run, row: &mut [P], mut block: impl FnMut(__m256i, __m256i, &mut [P; PIXELS])) {
        let Some(last) = row.len().checked_sub(PIXELS) else { return };
        let places = |start: u64, step: i64| {
            let [a, b, c, d] = [0, 1, 2, 3].map(|index: i64| (start as i64).wrapping_add(step.wrapping_mul(index)));
            _mm256_set_epi64x(d, c, b, a)
        };
        let mut start = 0;
        let (mut x, mut y) = (places(run.x.0, run.step_x), places(run.y.0, run.step_y));
        let next = |step: i64| _mm256_set1_epi64x(step.wrapping_mul(PIXELS as i64));
        let (step_x, step_y) = (next(run.step_x), next(run.step_y));
        loop {
            if let Some(pixels) = row[start..].first_chunk_mut::<PIXELS>() {
                block(x, y, pixels);
            }
            if start == last {
                return;
            }
            start += PIXELS;
            (x, y) = (_mm256_add_epi64(x, step_x), _mm256_add_epi64(y, step_y));
            if start > last {
                start = last;
                let (at_x, at_y) = run.at(last);
                (x, y) = (places(at_x.0, run.step_x), places(at_y.0, run.step_y));
            }
        }
    }

    /// Whether [`load`] stays in `from` for all pixels of a run of `len`.
    fn is_inside(from: &[u8], stride: usize, channels: usize, run: Run, len: usize) -> bool {
        let ((x, y), (end_x, end_y)) = (run.at(0), run.at(len - 1));
        let (x, y) = (x.pixel().max(end_x.pixel()), y.pixel().max(end_y.pixel()));
        let end =
            (y + 1).checked_mul(stride).and_then(|row| x.checked_mul(channels)?.checked_add(row)?.checked_add(LOADED));
        end.is_some_and(|end| end <= from.len()) && stride <= u32::MAX as usize
    }

    /// The pixels at and after four places, those above and those below them. From a row to the next, from a pixel to the next,
    /// and to what is read soon it is so many samples.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn load(from: &[u8], [stride, channels, ahead]: [usize; 3], x: __m256i, y: __m256i) -> [[__m128i; PIXELS]; 2] {
        let columns = _mm256_mul_epu32(_mm256_srli_epi64::<32>(x), _mm256_set1_epi64x(channels as i64));
        let rows = _mm256_mul_epu32(_mm256_srli_epi64::<32>(y), _mm256_set1_epi64x(stride as i64));
        let mut first = [0u64; PIXELS];
        // SAFETY: the array has as many bytes as the vector.
        unsafe { _mm256_storeu_si256(first.as_mut_ptr().cast(), _mm256_add_epi64(columns, rows)) };
        for at in first {
            prefetch(from, (at as usize + stride).wrapping_add(ahead));
        }
        // SAFETY: the caller found all pixels of the run inside of `from`.
        let row =
            |offset: usize| first.map(|at| unsafe { _mm_loadl_epi64(from.as_ptr().add(at as usize + offset).cast()) });
        [row(0), row(stride)]
    }

    /// Fractions of places in so many bits, one in 64.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn fractions(places: __m256i, bits: u32) -> __m256i {
        let shift = _mm_cvtsi32_si128(64 - bits as i32);
        _mm256_srl_epi64(_mm256_slli_epi64::<32>(places), shift)
    }

    /// Byte orders for the two pixels of a vector's half: from `from`, 8 on for the second one.
    const fn order(from: [i8; 8]) -> [i8; 16] {
        let mut order = [0; 16];
        let mut at = 0;
        while at < 16 {
            let byte = from[at % 8];
            order[at] = if byte >= 0 && at >= 8 { byte + 8 } else { byte };
            at += 1;
        }
        order
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn shuffle(bytes: __m256i, order: &[i8; 16]) -> __m256i {
        // SAFETY: the array has 16 bytes.
        let order = unsafe { _mm_loadu_si128(order.as_ptr().cast()) };
        _mm256_shuffle_epi8(bytes, _mm256_broadcastsi128_si256(order))
    }

    #[target_feature(enable = "avx2")]
    pub(super) fn opaque<const CHANNELS: usize>(from: &[u8], stride: usize, run: Run, row: &mut [[u8; CHANNELS]]) {
        assert!(is_inside(from, stride, CHANNELS, run, row.len()));
        // Samples of the left and of the right pixel as words.
        let [left, right] = const {
            let mut words = [[-1; 8]; 2];
            let mut channel = 0;
            while channel < CHANNELS {
                words[0][2 * channel] = channel as i8;
                words[1][2 * channel] = (channel + CHANNELS) as i8;
                channel += 1;
            }
            [order(words[0]), order(words[1])]
        };
        // The channels that there are of two pixels.
        let packed = const {
            let mut packed = [-1; 16];
            let mut at = 0;
            while at < 2 * CHANNELS {
                packed[at] = (at / CHANNELS * 4 + at % CHANNELS) as i8;
                at += 1;
            }
            packed
        };
        let half = _mm256_set1_epi16(1 << (SAMPLE_BITS - 1));
        let lerp = |from: __m256i, to: __m256i, fraction: __m256i| {
            _mm256_add_epi16(from, _mm256_mulhrs_epi16(_mm256_sub_epi16(to, from), fraction))
        };
        let strides = [stride, CHANNELS, run.ahead(CHANNELS, stride)];
        for_blocks(run, row, |x, y, out| {
            let fraction = |places| shuffle(fractions(places, PLACE_BITS), const { &order([0, 1, 0, 1, 0, 1, 0, 1]) });
            let (across, down) = (fraction(x), fraction(y));
            let between = |[a, b, c, d]: [__m128i; PIXELS]| {
                let pixels = _mm256_set_m128i(_mm_unpacklo_epi64(c, d), _mm_unpacklo_epi64(a, b));
                let words = |order| _mm256_slli_epi16::<{ SAMPLE_BITS as i32 }>(shuffle(pixels, order));
                lerp(words(&left), words(&right), across)
            };
            let [above, below] = load(from, strides, x, y);
            let value = lerp(between(above), between(below), down);
            let words = _mm256_srli_epi16::<{ SAMPLE_BITS as i32 }>(_mm256_add_epi16(value, half));
            let bytes = shuffle(_mm256_packus_epi16(words, words), &packed);
            let halves = [_mm256_castsi256_si128(bytes), _mm256_extracti128_si256::<1>(bytes)];
            for (half, out) in halves.into_iter().zip(out.as_chunks_mut::<2>().0) {
                let bytes = _mm_cvtsi128_si64(half).to_le_bytes();
                out.as_flattened_mut().copy_from_slice(&bytes[..2 * CHANNELS]);
            }
        });
    }

    #[target_feature(enable = "avx2")]
    pub(super) fn with_alpha(from: &[u8], stride: usize, run: Run, row: &mut [[u8; 4]]) {
        const COLOURS: [i8; 16] = [0, -1, 4, -1, 1, -1, 5, -1, 2, -1, 6, -1, 3, -1, 7, -1];
        const ALPHAS: [i8; 16] = [3, -1, 7, -1, 3, -1, 7, -1, 3, -1, 7, -1, -1, -1, -1, -1];
        assert!(is_inside(from, stride, 4, run, row.len()));
        // What alpha itself is multiplied by.
        let full = _mm256_blend_epi32::<0b1000_1000>(_mm256_setzero_si256(), _mm256_set1_epi16(255));
        let (flip, unflip) = (_mm256_set1_epi16(i16::MIN), _mm256_set1_epi32(1 << (WEIGHT_BITS + 15)));
        let (slack, max) = (_mm256_set1_ps(SLACK), _mm256_set1_ps(255.0));
        let strides = [stride, 4, run.ahead(4, stride)];
        for_blocks(run, row, |x, y, out| {
            let [[a, b, c, d], [e, f, g, h]] = load(from, strides, x, y);
            let (x, y) = (fractions(x, WEIGHT_BITS), fractions(y, PLACE_BITS));
            // Weights as words: of the upper two pixels, and of the lower two.
            let last = _mm256_mulhrs_epi16(x, y);
            let (right, lower) = (_mm256_sub_epi16(x, last), _mm256_sub_epi16(_mm256_srli_epi64::<1>(y), last));
            let first = _mm256_sub_epi16(_mm256_set1_epi64x(1 << WEIGHT_BITS), _mm256_add_epi16(x, lower));
            let up = _mm256_or_si256(first, _mm256_slli_epi64::<16>(right));
            let down = _mm256_or_si256(lower, _mm256_slli_epi64::<16>(last));
            let sums = |pixels: __m256i, weights: __m256i| {
                let alphas = _mm256_or_si256(shuffle(pixels, &ALPHAS), full);
                let products = _mm256_mullo_epi16(shuffle(pixels, &COLOURS), alphas);
                _mm256_madd_epi16(_mm256_xor_si256(products, flip), weights)
            };
            let mixed = |above: __m256i, below: __m256i, up: __m256i, down: __m256i| {
                let sums = _mm256_add_epi32(sums(above, up), sums(below, down));
                let sums = _mm256_cvtepi32_ps(_mm256_add_epi32(sums, unflip));
                let alphas = _mm256_permute_ps::<0xff>(sums);
                let seen = _mm256_cmp_ps::<_CMP_GT_OQ>(alphas, _mm256_setzero_ps());
                let factors = _mm256_and_ps(seen, _mm256_div_ps(max, alphas));
                let factors = _mm256_blend_ps::<0b1000_1000>(factors, _mm256_set1_ps(ALPHA_SCALE));
                let values = _mm256_add_ps(_mm256_mul_ps(sums, factors), slack);
                _mm256_cvttps_epi32(_mm256_min_ps(values, max))
            };
            // The first and third pixel, then the second and fourth.
            let spread =
                |weights: __m256i| (_mm256_shuffle_epi32::<0>(weights), _mm256_shuffle_epi32::<0b10_10_10_10>(weights));
            let ((up_odd, up_even), (down_odd, down_even)) = (spread(up), spread(down));
            let odd = mixed(_mm256_set_m128i(c, a), _mm256_set_m128i(g, e), up_odd, down_odd);
            let even = mixed(_mm256_set_m128i(d, b), _mm256_set_m128i(h, f), up_even, down_even);
            let words = _mm256_packus_epi32(odd, even);
            let bytes = _mm256_permute4x64_epi64::<0b10_00>(_mm256_packus_epi16(words, words));
            // SAFETY: four pixels have as many bytes as half a vector.
            unsafe { _mm_storeu_si128(out.as_mut_ptr().cast(), _mm256_castsi256_si128(bytes)) };
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDTH: usize = 37;

    fn compare<const CHANNELS: usize>(samples: &[u8]) {
        const PIXEL: u64 = 1 << 32;
        let stride = WIDTH * CHANNELS;
        let starts = [(PIXEL / 3, PIXEL * 5), (20 * PIXEL + 12345, 9 * PIXEL), (11 * PIXEL, 3 * PIXEL + PIXEL / 7)];
        for ((x, y), (across, down)) in starts.into_iter().zip([(0.8, -0.1), (-0.5, 0.3), (0.0, 0.01)]) {
            let step = |pixels: f64| (pixels * PIXEL as f64) as i64;
            let run = Run { x: Place(x), y: Place(y), step_x: step(across), step_y: step(down) };
            for len in 1..30 {
                let pixels = |level| {
                    let mut row = vec![[0; CHANNELS]; len];
                    if CHANNELS == 4 {
                        with_alpha(level, samples, stride, run, as_rgba(&mut row));
                    } else {
                        opaque(level, samples, stride, run, &mut row);
                    }
                    row
                };
                let [scalar, vector, best] = Level::all().map(pixels);
                assert!(scalar == vector && scalar == best, "{CHANNELS} {run:?}");
                if samples.iter().all(|&sample| sample == samples[0]) && samples[0] > 0 {
                    assert!(scalar.as_flattened().iter().all(|&sample| sample == samples[0]));
                }
            }
        }
    }

    fn as_rgba<const CHANNELS: usize>(row: &mut [[u8; CHANNELS]]) -> &mut [[u8; 4]] {
        row.as_flattened_mut().as_chunks_mut().0
    }

    #[test]
    fn levels_agree_and_flat_images_stay() {
        let noise: Vec<u8> =
            (0..WIDTH * 25 * 4).map(|at| ((at as u32).wrapping_mul(2_654_435_761) >> 23) as u8).collect();
        let extremes: Vec<u8> = noise.iter().map(|&sample| if sample < 128 { 0 } else { 255 }).collect();
        for samples in [noise.clone(), extremes, vec![255; noise.len()], vec![101; noise.len()], vec![0; noise.len()]] {
            compare::<1>(&samples[..WIDTH * 25]);
            compare::<3>(&samples[..WIDTH * 25 * 3]);
            compare::<4>(&samples);
        }
    }
}
