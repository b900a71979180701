//! A decision tree over one column of numbers: where cutting it tells the targets apart (Gorishniy
//! et al., 2022, arXiv 2203.05556, section 3.2.2).

use super::{Encoded, TargetEncoder, TargetEncoding};
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::ops::Range;

/// The least share of the targets' variance, on their mean, that a cut is to explain.
const LEAST_GAIN: f64 = 1e-4;

/// The targets that are to be told apart, which count alike.
pub struct Targets<'a> {
    targets: Vec<Target<'a>>,
    /// What each row counts, 1 on average; none if all count alike.
    weights: Option<Vec<f64>>,
}

struct Target<'a> {
    /// Of each row; NaN where it is missing.
    labels: &'a [f32],
    /// Nothing yet, of as many classes.
    empty: Tally,
    /// The squares that there are to explain.
    spread: f64,
}

impl<'a> Target<'a> {
    /// The one with these labels, if they vary.
    fn of(labels: &'a [f32], empty: Tally, weights: Option<&[f64]>) -> Option<Self> {
        let (mut all, mut squares) = (empty.clone(), 0.0);
        for (row, &label) in labels.iter().enumerate() {
            let weight = weights.map_or(1.0, |weights| weights[row]);
            all.count(label, weight);
            squares += all.square(label) * weight;
        }
        let spread = squares - all.explained();
        (spread > 1e-9 * squares).then_some(Target { labels, empty, spread })
    }
}

impl<'a> Targets<'a> {
    /// Those of these rows that vary. Only the proportions of weights matter.
    pub fn of(rows: &'a Encoded, encoders: &[TargetEncoder], weights: Option<&[f64]>) -> Self {
        let weights: Option<Vec<f64>> = weights.map(|weights| {
            let mean = weights.iter().sum::<f64>() / weights.len() as f64;
            weights.iter().map(|weight| weight / mean).collect()
        });
        let targets = rows.labels.iter().zip(encoders).filter_map(|(labels, encoder)| {
            let empty = match encoder.encoding() {
                TargetEncoding::Classes(classes) => {
                    Tally::Classes { weight: 0.0, squares: 0.0, counts: vec![0.0; classes.len()] }
                }
                // An order is told by numbers.
                _ => Tally::Numbers { weight: 0.0, sum: 0.0 },
            };
            Target::of(&labels.encoded, empty, weights.as_deref())
        });
        Targets { targets: targets.collect(), weights }
    }

    /// Where to cut a column into at most so many leaves of at least `least` rows each; rising.
    /// The column is its numbers with their rows, and rises too.
    pub fn cuts(&self, column: &[(f32, usize)], leaves: usize, least: usize) -> Vec<f32> {
        let mut open: BinaryHeap<Cut> =
            self.cut(column, 0..column.len(), least).into_iter().collect();
        let mut cuts = Vec::new();
        while cuts.len() + 1 < leaves {
            let Some(Cut { leaf, at, .. }) = open.pop() else { break };
            let (below, above) = (column[at - 1].0, column[at].0);
            cuts.push(below + (above - below) / 2.0);
            let halves = [leaf.start..at, at..leaf.end];
            open.extend(halves.into_iter().filter_map(|half| self.cut(column, half, least)));
        }
        cuts.sort_unstable_by(f32::total_cmp);
        cuts
    }

    /// The cut of a leaf that explains most.
    fn cut(&self, column: &[(f32, usize)], leaf: Range<usize>, least: usize) -> Option<Cut> {
        let weight = |row: usize| self.weights.as_ref().map_or(1.0, |weights| weights[row]);
        let mut gains = vec![0.0; leaf.len()];
        for Target { labels, empty, spread } in &self.targets {
            let (mut below, mut above) = (empty.clone(), empty.clone());
            column[leaf.clone()].iter().for_each(|&(_, row)| above.count(labels[row], weight(row)));
            let whole = above.explained();
            for (gain, &(_, row)) in gains.iter_mut().zip(&column[leaf.clone()]) {
                below.count(labels[row], weight(row));
                above.count(labels[row], -weight(row));
                *gain += (below.explained() + above.explained() - whole) / spread;
            }
        }
        let inner = leaf.start + least.max(1)..=leaf.end.saturating_sub(least.max(1));
        let cuts = inner.filter(|&at| column[at - 1].0 < column[at].0);
        let cuts = cuts.map(|at| Cut { gain: gains[at - 1 - leaf.start], at, leaf: leaf.clone() });
        cuts.max().filter(|cut| cut.gain > LEAST_GAIN * self.targets.len() as f64)
    }
}

/// A leaf, and the place in it from which on rows go to its upper half.
struct Cut {
    gain: f64,
    at: usize,
    leaf: Range<usize>,
}

impl Ord for Cut {
    /// By the gain; of equal ones the lower is the greater.
    fn cmp(&self, other: &Self) -> Ordering {
        self.gain.total_cmp(&other.gain).then(other.at.cmp(&self.at))
    }
}

impl PartialOrd for Cut {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Cut {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Cut {}

/// The labels of some rows: as numbers, or as one number for each class, 1 for the row's own.
#[derive(Debug, Clone)]
enum Tally {
    Numbers { weight: f64, sum: f64 },
    Classes { weight: f64, squares: f64, counts: Vec<f64> },
}

impl Tally {
    /// Takes a row in, or out with a weight below 0.
    fn count(&mut self, label: f32, by: f64) {
        if label.is_nan() {
            return;
        }
        match self {
            Tally::Numbers { weight, sum } => {
                *weight += by;
                *sum += f64::from(label) * by;
            }
            Tally::Classes { weight, squares, counts } => {
                let Some(count) = counts.get_mut(label as usize) else { return };
                *weight += by;
                *squares += by * (2.0 * *count + by);
                *count += by;
            }
        }
    }

    /// The square of a label.
    fn square(&self, label: f32) -> f64 {
        match self {
            _ if label.is_nan() => 0.0,
            Tally::Numbers { .. } => f64::from(label).powi(2),
            Tally::Classes { .. } => 1.0,
        }
    }

    /// What of the labels' squares their mean explains.
    fn explained(&self) -> f64 {
        let (squares, weight) = match self {
            Tally::Numbers { weight, sum } => (sum * sum, *weight),
            Tally::Classes { weight, squares, .. } => (*squares, *weight),
        };
        // What is left of weights that were taken out again is no row.
        if weight > 1e-9 { squares / weight } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Random};

    fn numbers(labels: &[f32]) -> Target<'_> {
        Target::of(labels, Tally::Numbers { weight: 0.0, sum: 0.0 }, None).unwrap()
    }

    fn classes(labels: &[f32], classes: usize) -> Target<'_> {
        let counts = vec![0.0; classes];
        let empty = Tally::Classes { weight: 0.0, squares: 0.0, counts };
        Target::of(labels, empty, None).unwrap()
    }

    fn cuts(targets: Vec<Target<'_>>, leaves: usize, least: usize) -> Vec<f32> {
        let rows = targets[0].labels.len();
        let column: Vec<(f32, usize)> = (0..rows).map(|row| (row as f32, row)).collect();
        Targets { targets, weights: None }.cuts(&column, leaves, least)
    }

    #[test]
    fn a_step_is_cut_where_it_is_and_no_more() {
        let steps: Vec<f32> = (0..60).map(|row| [0.0, 3.0, 1.0][row / 20]).collect();
        assert_eq!(cuts(vec![numbers(&steps)], 9, 1), [19.5, 39.5]);
        assert_eq!(cuts(vec![classes(&steps, 4)], 9, 1), [19.5, 39.5]);
        // The best comes first.
        assert_eq!(cuts(vec![numbers(&steps)], 2, 1), [19.5]);
        // Leaves of so many rows cannot be cut there, or at all.
        assert_eq!(cuts(vec![numbers(&steps)], 2, 25), [24.5]);
        assert!(cuts(vec![numbers(&steps)], 9, 31).is_empty());
        // A target that does not vary is none, and nothing is cut for none.
        assert!(Target::of(&[2.0; 9], numbers(&steps).empty, None).is_none());
        let none = Targets { targets: Vec::new(), weights: None };
        assert!(none.cuts(&[(0.0, 0), (1.0, 1)], 9, 1).is_empty());
    }

    #[test]
    fn targets_count_alike_whatever_their_unit_and_missing_labels_not_at_all() {
        let mut large: Vec<f32> = (0..60).map(|row| if row < 10 { 0.0 } else { 1e4 }).collect();
        let small: Vec<f32> = (0..60).map(|row| if row < 45 { 1.0 } else { 1.01 }).collect();
        let kinds: Vec<f32> = (0..60).map(|row| f32::from(row >= 30)).collect();
        let all = vec![numbers(&large), numbers(&small), classes(&kinds, 2)];
        assert_eq!(cuts(all, 4, 1), [9.5, 29.5, 44.5]);
        large[..20].fill(f32::NAN);
        large[40] = 2e4;
        assert_eq!(cuts(vec![numbers(&large)], 3, 1), [39.5, 40.5]);
    }

    #[test]
    fn equal_numbers_are_not_cut_and_rows_count_by_their_weights() {
        let labels: Vec<f32> = (0..40).map(|row| f32::from(row >= 17)).collect();
        let column: Vec<(f32, usize)> = (0..40).map(|row| ((row / 10) as f32, row)).collect();
        let cuts = |weights: Option<&[f64]>| {
            let weights = weights.map(<[f64]>::to_vec);
            Targets { targets: vec![numbers(&labels)], weights }.cuts(&column, 2, 1)
        };
        assert_eq!(cuts(None), [1.5]);
        // Those below the step hardly count, so that some of them may be above the cut.
        let light: Vec<f64> = labels.iter().map(|&label| f64::from(label).max(0.01)).collect();
        assert_eq!(cuts(Some(&light)), [0.5]);
    }

    #[test]
    fn gains_are_those_of_the_variance() {
        let mut random = Random::new(3, Purpose::Init);
        let labels: Vec<f32> = (0..50).map(|_| random.normal()).collect();
        let mean =
            |rows: &[f32]| rows.iter().map(|&x| f64::from(x)).sum::<f64>() / rows.len() as f64;
        let spread = |rows: &[f32]| {
            let mean = mean(rows);
            rows.iter().map(|&x| (f64::from(x) - mean).powi(2)).sum::<f64>()
        };
        let left = |at: usize| spread(&labels[..at]) + spread(&labels[at..]);
        let best = (1..50).min_by(|&a, &b| left(a).total_cmp(&left(b))).unwrap();
        assert_eq!(cuts(vec![numbers(&labels)], 2, 1), [best as f32 - 0.5]);
    }
}
