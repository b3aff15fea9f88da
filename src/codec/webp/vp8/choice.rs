//! Quantisation of sixteen candidates at a time, with what each costs in bits and in distortion.

use super::{
    lanes::Lanes,
    quantizer::Quantizer,
    rates::{LARGE_LEVEL, Rates},
};

/// Quantised candidates.
pub(super) struct Choice<V> {
    /// Distortion plus weighted rate; unsigned.
    pub(super) cost: V,
    /// Magnitudes, in the order of the stream. Those from `end` on are not part of the choice.
    pub(super) levels: [V; 16],
    /// Where each candidate's coefficients end; 0 when it has none.
    pub(super) end: V,
}

/// Coefficients divided by their steps and rounded, with what each decision costs in distortion: squared luma steps / 1024,
/// which saturate at 64 squared steps.
pub(super) struct Quantized<V> {
    /// Magnitudes, in the order of the stream.
    levels: [V; 16],
    /// Of keeping each coefficient.
    distortion: [V; 16],
    /// Of dropping each coefficient and all after it.
    dropped: [V; 17],
    /// All levels' bits.
    any: V,
}

/// The square of an error, weighted, in units of a step of 32.
#[inline(always)]
fn square<V: Lanes, const SHIFT: i32>(error: V, weight: V) -> V {
    let error = error.shift_left::<SHIFT>().mul_high_unsigned(weight).min_unsigned(V::splat(255));
    error.mul(error)
}

impl<V: Lanes> Quantized<V> {
    /// `first` is the block's first coefficient.
    #[inline(always)]
    pub(super) fn new<const SHIFT: i32>(coefficients: &[V; 16], first: usize, quantizer: &Quantizer) -> Self {
        let zero = V::splat(0);
        let mut this = Self { levels: [zero; 16], distortion: [zero; 16], dropped: [zero; 17], any: zero };
        for at in (first..16).rev() {
            let magnitude = coefficients[at].abs();
            let level = magnitude.add(V::splat(quantizer.bias[at])).mul_high_unsigned(V::splat(quantizer.inverse[at]));
            let weight = V::splat(quantizer.weight[at]);
            this.levels[at] = level;
            this.distortion[at] =
                square::<V, SHIFT>(magnitude.sub(level.mul(V::splat(quantizer.step[at]))).abs(), weight);
            this.dropped[at] = this.dropped[at + 1].add_saturating(square::<V, SHIFT>(magnitude, weight));
            this.any = this.any.or(level);
        }
        this
    }

    /// All bits of the lanes that have a coefficient other than 0.
    #[inline(always)]
    pub(super) fn has_levels(&self) -> V {
        self.any.greater(V::splat(0))
    }

    /// Ends each candidate where distortion and rate together are least; `lambda` of distortion is worth 1/8 bit. `context`
    /// is how many neighbours have coefficients, 0 to 2.
    #[inline(always)]
    pub(super) fn choose(self, first: usize, context: V, rates: &Rates, lambda: i16) -> Choice<V> {
        let Self { levels, distortion, dropped, any } = self;
        let (zero, one, fifteen) = (V::splat(0), V::splat(1), V::splat(15));
        let lambda = V::splat(lambda);
        let mut stop = 16;
        while stop > first && levels[stop - 1].is_zero() {
            stop -= 1;
        }
        let large = !any.shift_right::<4>().is_zero();

        let mut best = dropped[first].add_saturating(context.lookup(&rates.empty).mul(lambda));
        let mut end = zero;
        let (mut spent, mut kept) = (zero, zero);
        let (mut after_zero, mut after_large) = (context.equal(zero), context.greater(one));
        for at in first..stop {
            let position = &rates.positions[at];
            let level = levels[at];
            let index = level.min_unsigned(fifteen);
            let [after_none, after_one, after_more] = &position.level;
            let cost = V::select(after_large, index.lookup(after_more), index.lookup(after_one));
            let cost = V::select(after_zero, index.lookup(after_none), cost);
            spent = spent.add(cost);
            if large {
                spent = spent.add(level.shift_right::<4>().min_unsigned(fifteen).lookup(&LARGE_LEVEL));
            }
            kept = kept.add_saturating(distortion[at]);
            after_zero = level.equal(zero);
            after_large = level.greater(one);
            let ended = spent.add(index.lookup(&position.end)).mul(lambda);
            // A block cannot end after a zero.
            let total = kept.add_saturating(ended).add_saturating(dropped[at + 1]).or(after_zero);
            let least = best.min_unsigned(total);
            end = V::select(least.equal(best), end, V::splat(at as i16 + 1));
            best = least;
        }
        Choice { cost: best, levels, end }
    }
}

/// The chosen coefficients with their signs, zero from each candidate's end on.
#[inline(always)]
pub(super) fn signed_levels<V: Lanes>(coefficients: &[V; 16], choice: &Choice<V>) -> [V; 16] {
    let mut signed = choice.levels;
    for at in 0..16 {
        let negative = coefficients[at].shift_right::<15>();
        let inside = choice.end.greater(V::splat(at as i16));
        signed[at] = signed[at].xor(negative).sub(negative).and(inside);
    }
    signed
}

/// Signed levels times the quantiser's steps.
#[inline(always)]
pub(super) fn dequantize<V: Lanes>(levels: &[V; 16], quantizer: &Quantizer) -> [V; 16] {
    let mut coefficients = *levels;
    for (coefficient, step) in coefficients.iter_mut().zip(quantizer.step) {
        *coefficient = coefficient.mul(V::splat(step));
    }
    coefficients
}
