#![allow(unsafe_code)]
use super::*;
use crate::simd::Level;

/// Every operation on two vectors, as integers.
fn all<V: Lanes>(a: &[i16; 16], b: &[i16; 16], out: &mut Vec<i16>) {
    let (table, bytes) = (a.map(|lane| lane as u8), b.map(|lane| lane as u8));
    let (x, y) = (V::load(a), V::load(b));
    let (p, q) = (V::Bytes::load(&table), V::Bytes::load(&bytes));
    let indices = y.and(V::splat(15));
    let order = bytes.map(|byte| byte & 0x8f);
    let words = V::Bytes::from_words(0x0123_4567_89ab_cdef, 0xfedc_ba98_7654_3210);
    let mut results = vec![
        x.add(y),
        x.add_saturating(y),
        x.sub(y),
        x.mul(y),
        x.mul_high(y),
        x.mul_high_unsigned(y),
        x.abs(),
        x.min_unsigned(y),
        x.and(y),
        x.or(y),
        x.xor(y),
        x.equal(y),
        x.equal(x),
        x.greater(y),
        x.shift_left::<3>(),
        x.shift_right::<5>(),
        indices.lookup(&table),
        V::select(x.greater(y), x, y),
        V::from_mask(a[0] as u16),
        V::widen(x.narrow()),
        V::widen(p.shuffle(&order)),
        V::widen(p.or(q)),
        V::widen(p.average(q)),
        V::widen(p.average3(q, words)),
        V::splat(a[3]),
    ];
    // The one product that would not fit is never made.
    results.push(x.or(V::splat(1)).mul_round(y));
    results.extend(V::Bytes::transpose_groups([p, q, words, p.or(words)]).map(V::widen));
    for result in results {
        let mut lanes = [0; 16];
        result.store(&mut lanes);
        out.extend(lanes);
    }
    let mut stored = [0; 16];
    q.store(&mut stored);
    assert_eq!(stored, bytes);
    let (least, lane) = x.minimum();
    out.extend([
        least as i16,
        lane as i16,
        x.sum() as i16,
        (x.sum() >> 16) as i16,
        x.mask() as i16,
        x.is_zero().into(),
    ]);
}

lane_kernel! {
    fn all_of(a: &[i16; 16], b: &[i16; 16], out: &mut Vec<i16>) = all;
}

#[test]
fn every_level_computes_what_scalar_code_does() {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 16) as i16
    };
    for round in 0..2000 {
        // Small values make ties and equal lanes.
        let shift = round % 16;
        let (a, b) = (std::array::from_fn(|_| next() >> shift), std::array::from_fn(|_| next() >> shift));
        let mut expected = Vec::new();
        all_of(Level::Scalar, &a, &b, &mut expected);
        for level in Level::all() {
            let mut got = Vec::new();
            all_of(level, &a, &b, &mut got);
            assert_eq!(got, expected, "{level:?} {a:?} {b:?}");
        }
    }
    let mut zero = Vec::new();
    all_of(Level::detect(), &[0; 16], &[0; 16], &mut zero);
    assert_eq!(zero.last(), Some(&1));
}
