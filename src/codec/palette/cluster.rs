//! Finds the colours of a palette: clusters are split where it gains most, and their middles are refined.

use super::{Point, distance};

/// Rounds of k-means for a unit of effort, and the part of its error that a round must leave less than for another one.
const ROUNDS: u32 = 2;
const CONVERGED: f64 = 0.999;

/// What counts as one distance more in the weight of a colour: weights fall with the distance from the palette's colour, so
/// that sums of distances become small and not those of their squares, which a few odd pixels rule.
const NEAR: f32 = 0.005;

/// How much the number of pixels counts for where a palette gets more colours, 0 to 1, against how much they differ.
const COMMON: f32 = 0.4;

/// Some colours, and how much they differ.
struct Cluster {
    members: Vec<(Point, f32)>,
    mean: Point,
    /// Pixels.
    weight: f32,
    /// Sum of squared distances from the mean.
    error: f32,
    /// The coordinate that varies most.
    axis: usize,
}

impl Cluster {
    fn new(members: Vec<(Point, f32)>) -> Self {
        let (mut weight, mut sum, mut squares) = (0.0f64, [0.0f64; 4], [0.0f64; 4]);
        for (point, count) in &members {
            weight += f64::from(*count);
            for i in 0..4 {
                let value = f64::from(point[i]);
                sum[i] += value * f64::from(*count);
                squares[i] += value * value * f64::from(*count);
            }
        }
        let spread: [f64; 4] = std::array::from_fn(|i| (squares[i] - sum[i] * sum[i] / weight).max(0.0));
        let axis = (0..4).max_by(|a, b| spread[*a].total_cmp(&spread[*b])).unwrap_or(0);
        Self {
            members,
            mean: sum.map(|sum| (sum / weight) as f32),
            weight: weight as f32,
            error: spread.iter().sum::<f64>() as f32,
            axis,
        }
    }

    /// How much a split is worth: between the sum of the squared distances and, about, that of the distances.
    fn priority(&self) -> f32 {
        self.error.powf(1.0 - COMMON) * self.weight.powf(COMMON)
    }

    /// The two parts, along the axis, whose squared distances from their means have the least sum.
    fn halves(mut self) -> Option<(Self, Self)> {
        let axis = self.axis;
        self.members.sort_unstable_by(|(a, _), (b, _)| a[axis].total_cmp(&b[axis]));
        let (mut total, mut weight) = ([0.0f64; 4], 0.0f64);
        for (point, count) in &self.members {
            weight += f64::from(*count);
            total.iter_mut().zip(point).for_each(|(sum, value)| *sum += f64::from(value * count));
        }
        // The sum is least where that of the squares of both sums, each divided by its weight, is largest.
        let (mut low, mut low_weight, mut best, mut most) = ([0.0f64; 4], 0.0f64, 0, 0.0f64);
        for (index, pair) in self.members.windows(2).enumerate() {
            let (point, count) = pair[0];
            low_weight += f64::from(count);
            low.iter_mut().zip(point).for_each(|(sum, value)| *sum += f64::from(value * count));
            if pair[1].0[axis] <= point[axis] {
                continue;
            }
            let squares = |sum: f64, weight: f64| sum * sum / weight;
            let gain: f64 =
                (0..4).map(|i| squares(low[i], low_weight) + squares(total[i] - low[i], weight - low_weight)).sum();
            if gain > most {
                (best, most) = (index + 1, gain);
            }
        }
        if best == 0 {
            return None;
        }
        let high = self.members.split_off(best);
        Some((Self::new(self.members), Self::new(high)))
    }
}

/// Splits the worst cluster in two until there are `most`, or the mean error is no more than `allowed`.
pub(super) fn split(histogram: Vec<(Point, f32)>, most: usize, allowed: f32) -> Vec<Point> {
    let total: f32 = histogram.iter().map(|(_, count)| count).sum();
    let mut clusters = vec![Cluster::new(histogram)];
    let mut done = Vec::new();
    while clusters.len() + done.len() < most {
        let error: f32 = clusters.iter().map(|cluster| cluster.error).sum();
        if error <= allowed * total {
            break;
        }
        let worst = (0..clusters.len()).max_by(|a, b| clusters[*a].priority().total_cmp(&clusters[*b].priority()));
        let Some(worst) = worst else { break };
        let cluster = clusters.swap_remove(worst);
        let mean = cluster.mean;
        match cluster.halves() {
            Some((low, high)) => clusters.extend([low, high]),
            None => done.push(mean),
        }
    }
    done.extend(clusters.iter().map(|cluster| cluster.mean));
    done
}

/// Moves each colour to the middle of those nearest to it, at most [`ROUNDS`] times for each unit of effort, 1 to 10. A colour
/// that none is nearest to takes the place of the one that is worst off.
pub(super) fn refine(points: &mut [Point], histogram: &[(Point, f32)], effort: u32) {
    let mut guesses = vec![0; histogram.len()];
    let mut before = f64::INFINITY;
    for _ in 0..effort * ROUNDS {
        let nearest = Nearest::new(points);
        let mut sums = vec![([0.0f64; 4], 0.0f64); points.len()];
        let mut errors: Vec<(f32, usize)> = Vec::with_capacity(histogram.len());
        let mut error = 0.0;
        for (place, ((point, count), guess)) in histogram.iter().zip(&mut guesses).enumerate() {
            *guess = nearest.find(point, *guess);
            let own = distance(point, &points[*guess]).sqrt() * count;
            error += f64::from(own);
            errors.push((own, place));
            let (sum, weight) = &mut sums[*guess];
            let share = count / (distance(point, &points[*guess]).sqrt() + NEAR);
            *weight += f64::from(share);
            sum.iter_mut().zip(point).for_each(|(sum, value)| *sum += f64::from(value * share));
        }
        let unused = sums.iter().filter(|(_, weight)| *weight == 0.0).count();
        if unused > 0 {
            errors.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
        }
        let mut worst = errors.iter().filter(|(error, _)| *error > 0.0);
        for (point, (sum, weight)) in points.iter_mut().zip(sums) {
            if weight > 0.0 {
                *point = sum.map(|sum| (sum / weight) as f32);
            } else if let Some((_, place)) = worst.next() {
                *point = histogram[*place].0;
            }
        }
        if unused == 0 && error > before * CONVERGED {
            break;
        }
        before = error;
    }
}

/// Finds nearest points, starting from a guess: no point that is twice as far from the guess as the wanted one can be
/// nearer.
pub(super) struct Nearest<'p> {
    points: &'p [Point],
    /// For each point the others and their distances from it, nearest first.
    neighbours: Vec<Vec<(f32, u8)>>,
}

impl<'p> Nearest<'p> {
    pub(super) fn new(points: &'p [Point]) -> Self {
        let neighbours = points
            .iter()
            .map(|from| {
                let mut others: Vec<_> =
                    points.iter().enumerate().map(|(index, to)| (distance(from, to), index as u8)).collect();
                others.sort_by(|a, b| a.0.total_cmp(&b.0));
                others
            })
            .collect();
        Self { points, neighbours }
    }

    pub(super) fn find(&self, wanted: &Point, guess: usize) -> usize {
        let start = distance(wanted, &self.points[guess]);
        let (mut best, mut least) = (guess, start);
        for (from_guess, index) in &self.neighbours[guess] {
            // Distances are squares, so twice as far is four times as much.
            if *from_guess >= 4.0 * start {
                break;
            }
            let from_wanted = distance(wanted, &self.points[usize::from(*index)]);
            if from_wanted < least {
                (best, least) = (usize::from(*index), from_wanted);
            }
        }
        best
    }
}
