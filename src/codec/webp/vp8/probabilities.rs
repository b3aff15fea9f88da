//! Probabilities that suit the counted decisions.

use super::{
    rates,
    tables::{DEFAULT_PROBABILITIES, Probabilities, UPDATE_PROBABILITIES},
    tokens::{Counts, node_counts},
};

/// The probabilities of a frame with these tokens: the default ones, changed where that costs less than it saves.
pub(super) fn adapted(counts: &Counts) -> Box<Probabilities> {
    let nodes = node_counts(counts);
    let mut adapted = Box::new(DEFAULT_PROBABILITIES);
    let places = adapted.as_flattened_mut().as_flattened_mut().as_flattened_mut();
    let nodes = nodes.as_flattened().as_flattened().as_flattened();
    let updates = UPDATE_PROBABILITIES.as_flattened().as_flattened().as_flattened();
    for ((probability, &[zeros, ones]), &update) in places.iter_mut().zip(nodes).zip(updates) {
        let best = of_counts(zeros, ones);
        let cost = |probability: u8| {
            let of = |bit, count: u32| u64::from(rates::decision(probability, bit)) * u64::from(count);
            of(false, zeros) + of(true, ones)
        };
        let kept = cost(*probability) + u64::from(rates::decision(update, false));
        // The new one takes eight bits.
        if cost(best) + u64::from(rates::decision(update, true)) + 8 * 256 < kept {
            *probability = best;
        }
    }
    adapted
}

/// For estimating rates while a frame is being coded: as if all were changed, but cautiously where little was counted.
pub(super) fn estimated(counts: &Counts) -> Box<Probabilities> {
    let nodes = node_counts(counts);
    let mut estimated = Box::new(DEFAULT_PROBABILITIES);
    let places = estimated.as_flattened_mut().as_flattened_mut().as_flattened_mut();
    for (probability, &[zeros, ones]) in places.iter_mut().zip(nodes.as_flattened().as_flattened().as_flattened()) {
        // The default one counts as much as these many decisions.
        const PRIOR: u64 = 24;
        let prior = u64::from(*probability) * PRIOR;
        let total = u64::from(zeros) + u64::from(ones) + PRIOR;
        *probability = ((u64::from(zeros) * 256 + prior + total / 2) / total).clamp(1, 255) as u8;
    }
    estimated
}

/// The probability of 0, of 256, 1 to 255.
pub(super) fn of_counts(zeros: u32, ones: u32) -> u8 {
    let (zeros, total) = (u64::from(zeros), u64::from(zeros) + u64::from(ones));
    (zeros * 256 + total / 2).checked_div(total).map_or(255, |probability| probability.clamp(1, 255) as u8)
}
