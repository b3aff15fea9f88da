//! Prefix codes of limited length, as deflate writes them. Source: RFC 1951, clause 3.2.

/// A code for each of `N` symbols.
pub(super) struct Code<const N: usize> {
    /// Bits of each code, the first bit lowest.
    pub(super) bits: [u16; N],
    /// Length of each code in bits, 0 for symbols that do not occur.
    pub(super) lengths: [u8; N],
}

impl<const N: usize> Code<N> {
    /// The best code of at most `limit` bits for symbols that occur so often. `2^limit` must be at least `N`.
    pub(super) fn new(counts: &[u32; N], limit: u8) -> Self {
        let lengths = lengths(counts, limit);
        Self { bits: canonical(&lengths), lengths }
    }

    /// Bits that all symbols take together.
    pub(super) fn cost(&self, counts: &[u32; N]) -> u64 {
        self.lengths.iter().zip(counts).map(|(length, count)| u64::from(*length) * u64::from(*count)).sum()
    }
}

/// Huffman's lengths, found with two queues over the sorted counts; codes over the limit are then shortened at the
/// least cost that keeps Kraft's sum at one.
fn lengths<const N: usize>(counts: &[u32; N], limit: u8) -> [u8; N] {
    let mut lengths = [0; N];
    let mut symbols: Vec<usize> = (0..N).filter(|symbol| counts[*symbol] > 0).collect();
    symbols.sort_by_key(|symbol| counts[*symbol]);
    let leaves = symbols.len();
    if leaves <= 1 {
        symbols.iter().for_each(|symbol| lengths[*symbol] = 1);
        return lengths;
    }
    let mut per_length = [0u32; 32];
    for depth in depths(&symbols.iter().map(|symbol| u64::from(counts[*symbol])).collect::<Vec<_>>()) {
        per_length[usize::from(depth.min(limit))] += 1;
    }
    // Kraft's sum in units of the shortest possible code.
    let unit = |length: usize| 1u64 << (usize::from(limit) - length);
    let mut sum: u64 = (1..=usize::from(limit)).map(|length| u64::from(per_length[length]) * unit(length)).sum();
    while sum > unit(0) {
        // Lengthen the longest code below the limit.
        let length = (1..usize::from(limit)).rev().find(|length| per_length[*length] > 0).unwrap_or(1);
        per_length[length] -= 1;
        per_length[length + 1] += 1;
        sum -= unit(length + 1);
    }
    // That may have been more than was needed: shorten what fits, so that the code is complete again.
    while sum < unit(0) {
        let fits = |length: &usize| per_length[*length] > 0 && unit(*length) <= unit(0) - sum;
        let Some(length) = (2..=usize::from(limit)).find(fits) else { break };
        per_length[length] -= 1;
        per_length[length - 1] += 1;
        sum += unit(length);
    }
    // The rarest symbols get the longest codes.
    let mut rarest_first = symbols.into_iter();
    for length in (1..=limit).rev() {
        for symbol in rarest_first.by_ref().take(per_length[usize::from(length)] as usize) {
            lengths[symbol] = length;
        }
    }
    lengths
}

/// Depth of each leaf of the Huffman tree over counts in rising order.
fn depths(counts: &[u64]) -> Vec<u8> {
    let leaves = counts.len();
    // Nodes: the leaves, then the inner nodes as they are made, which is in rising order too.
    let mut weights = counts.to_vec();
    let mut parents = vec![0; 2 * leaves - 1];
    let (mut leaf, mut inner) = (0, leaves);
    for node in leaves..2 * leaves - 1 {
        let mut weight = 0;
        for _ in 0..2 {
            let take_leaf = leaf < leaves && (inner >= node || weights[leaf] <= weights[inner]);
            let child = if take_leaf { &mut leaf } else { &mut inner };
            parents[*child] = node;
            weight += weights[*child];
            *child += 1;
        }
        weights.push(weight);
    }
    let mut depths = vec![0u8; 2 * leaves - 1];
    for node in (0..2 * leaves - 2).rev() {
        depths[node] = depths[parents[node]].saturating_add(1);
    }
    depths.truncate(leaves);
    depths
}

/// Codes in the order that their lengths fix, reversed because deflate writes codes from their top bit.
fn canonical<const N: usize>(lengths: &[u8; N]) -> [u16; N] {
    let mut next = [0u16; 17];
    for length in 1..17 {
        let shorter = lengths.iter().filter(|other| usize::from(**other) == length - 1 && length > 1).count();
        next[length] = (next[length - 1] + shorter as u16) << 1;
    }
    std::array::from_fn(|symbol| {
        let length = lengths[symbol];
        if length == 0 {
            return 0;
        }
        let code = next[usize::from(length)];
        next[usize::from(length)] += 1;
        code.reverse_bits() >> (16 - length)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kraft(lengths: &[u8]) -> f64 {
        lengths.iter().filter(|length| **length > 0).map(|length| 0.5f64.powi(i32::from(*length))).sum()
    }

    #[test]
    fn lengths_are_huffmans() {
        let code = Code::new(&[45, 13, 12, 16, 9, 5], 15);
        assert_eq!(code.lengths, [1, 3, 3, 3, 4, 4]);
        assert_eq!(code.cost(&[45, 13, 12, 16, 9, 5]), 224);
    }

    #[test]
    fn the_limit_holds_and_the_code_is_complete() {
        // Fibonacci counts make the deepest tree.
        let mut counts = [1u32; 30];
        for i in 2..30 {
            counts[i] = counts[i - 1] + counts[i - 2];
        }
        for limit in [5, 7, 14, 15] {
            let code = Code::new(&counts, limit);
            assert!(code.lengths.iter().all(|length| (1..=limit).contains(length)));
            assert_eq!(kraft(&code.lengths), 1.0);
        }
    }

    #[test]
    fn codes_are_those_of_the_specification() {
        // The example of RFC 1951, clause 3.2.2, from the top bit.
        let bits = canonical(&[3, 3, 3, 3, 3, 2, 4, 4]);
        let expected: [u16; 8] = [0b010, 0b011, 0b100, 0b101, 0b110, 0b00, 0b1110, 0b1111];
        let reversed = [3, 3, 3, 3, 3, 2, 4, 4].iter().zip(expected).map(|(n, code)| code.reverse_bits() >> (16 - n));
        assert!(reversed.eq(bits));
    }

    #[test]
    fn few_symbols_are_fine() {
        assert_eq!(Code::new(&[0, 0, 0], 7).lengths, [0, 0, 0]);
        assert_eq!(Code::new(&[0, 9, 0], 7).lengths, [0, 1, 0]);
        assert_eq!(Code::new(&[3, 9, 0], 7).lengths, [1, 1, 0]);
    }
}
