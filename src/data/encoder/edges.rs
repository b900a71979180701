//! Which dense columns hold numbers, and how these spread over the training rows: what embeddings
//! of numbers are made by.

use super::super::weights;
use super::ranks::Ranks;
use super::tree::Targets;
use super::{Encoded, Encoder};
use crate::graph::{Edges, Embeddings, Sketch};
use crate::parts::in_parts;
use std::ops::Range;

/// Edges closer than this, in standard deviations of a feature, are one: numbers that differ by
/// less are the same number written otherwise.
const NEAREST: f32 = 1e-6;

/// How many numbers a bin is for; with fewer, what it learns is noise.
const NUMBERS_OF_A_BIN: usize = 32;

/// Bins that fewer numbers than for as many may have all the same.
const FEW_BINS: usize = 2;

/// The same for the few that are left of [`MANY`] beside those that fill a bin alone.
const FEW_BINS_OF_MANY: usize = 8;

/// By so much, as a share, rounding may have sums of weights off.
const ROUNDING: f64 = 1e-12;

/// Numbers from which on they are many.
const MANY: usize = 1_024;

impl Encoder {
    /// The dense columns that hold numbers: numeric features, and the years of dates.
    pub fn continuous(&self) -> Vec<usize> {
        self.places().map(|(place, _)| place).collect()
    }

    /// Those columns, each with that which marks its missing cells, if any were.
    fn places(&self) -> impl Iterator<Item = (usize, Option<usize>)> {
        let mut next = 0;
        self.features.iter().filter_map(move |feature| {
            let (place, width) = (next, feature.width());
            next += width;
            let mark = feature.missing().then_some(place + width.saturating_sub(1));
            feature.is_continuous().then_some((place, mark))
        })
    }

    /// What these embeddings have to know of the rows they are trained on: with bins, their edges.
    pub fn sketch(&self, rows: &Encoded, embeddings: &Embeddings) -> Sketch {
        let mut columns: Vec<(usize, Option<usize>, Vec<f32>)> =
            self.places().map(|(place, mark)| (place, mark, Vec::new())).collect();
        if let Some(bins) = embeddings.bins() {
            let width = self.inputs().numeric;
            let told = embeddings.edges == Edges::Targets;
            let weights = rows.weights.as_deref().and_then(weights::relative);
            let weights = weights.as_deref();
            let targets = told.then(|| Targets::of(rows, &self.targets, weights));
            // Nothing in it fails.
            let _ = in_parts(&mut columns, 1, |_, columns| {
                for (place, mark, edges) in columns {
                    let rows = rows.numeric.chunks_exact(width.max(1)).enumerate();
                    let counts = |at: usize| weights.is_none_or(|weights| weights[at] > 0.0);
                    let there = rows.filter(|(at, row)| {
                        counts(*at) && mark.is_none_or(|mark| row[mark] == 0.0)
                    });
                    let numbers = there.map(|(at, row)| (row[*place], at));
                    *edges = match &targets {
                        None => {
                            let (numbers, weights) = sorted(numbers, weights);
                            spread(&numbers, weights.as_deref(), bins)
                        }
                        Some(targets) => cut(numbers.collect(), bins, targets),
                    };
                }
                Ok::<(), ()>(())
            });
        }
        let edges = columns.iter().map(|(_, _, edges)| edges.clone()).collect();
        Sketch { continuous: columns.into_iter().map(|(place, _, _)| place).collect(), edges }
    }
}

/// The edges of at most so many bins that tell the targets apart.
fn cut(mut column: Vec<(f32, usize)>, bins: usize, targets: &Targets) -> Vec<f32> {
    column.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let least = least(column.len());
    let ends = [column.first(), column.last()].into_iter().flatten().map(|(number, _)| *number);
    apart(ends.chain(targets.cuts(&column, bins, least)).collect())
}

/// How many of so many numbers a bin has at least.
fn least(numbers: usize) -> usize {
    (numbers / FEW_BINS).min(NUMBERS_OF_A_BIN)
}

/// Numbers of rows in order, and beside them what they count.
fn sorted(
    numbers: impl Iterator<Item = (f32, usize)>,
    weights: Option<&[f64]>,
) -> (Vec<f32>, Option<Vec<f64>>) {
    let Some(weights) = weights else {
        let mut numbers: Vec<f32> = numbers.map(|(number, _)| number).collect();
        numbers.sort_unstable_by(f32::total_cmp);
        return (numbers, None);
    };
    let mut both: Vec<(f32, f64)> = numbers.map(|(number, at)| (number, weights[at])).collect();
    both.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let (numbers, weights) = both.into_iter().unzip();
    (numbers, Some(weights))
}

/// The edges of at most so many bins between sorted numbers. A number that alone would fill one, as
/// the 0 of a column that is mostly 0, is an edge itself; between the others each bin has as equal a
/// share of the weight as can be. How many bins there are goes by the numbers, whatever they count.
fn spread(numbers: &[f32], weights: Option<&[f64]>, bins: usize) -> Vec<f32> {
    let weight = |range: Range<usize>| match weights {
        None => range.len() as f64,
        Some(weights) => weights[range].iter().sum(),
    };
    let all = weight(0..numbers.len());
    let full = (all / bins.max(1) as f64 * (1.0 - ROUNDING)).ceil() * (1.0 + ROUNDING);
    let least = least(numbers.len());
    let mut often = Vec::new();
    let mut others = Vec::with_capacity(numbers.len());
    let mut of_others = weights.map(|_| Vec::new());
    let mut end = 0;
    for same in numbers.chunk_by(|a, b| a == b) {
        let range = end..end + same.len();
        end = range.end;
        if same.len() > least && weight(range.clone()) > full {
            often.push(same[0]);
        } else {
            others.extend_from_slice(same);
            if let (Some(of_others), Some(weights)) = (&mut of_others, weights) {
                of_others.extend_from_slice(&weights[range]);
            }
        }
    }
    let few = if numbers.len() < MANY { FEW_BINS } else { FEW_BINS_OF_MANY };
    let most = (others.len() / NUMBERS_OF_A_BIN).max(few);
    let left = bins.saturating_sub(often.len()).max(1);
    let mut edges = often;
    edges.extend(quantiles(&others, of_others.as_deref(), left.min(most)));
    apart(edges)
}

/// These in rising order, without those that are as good as others.
fn apart(mut edges: Vec<f32>) -> Vec<f32> {
    edges.sort_unstable_by(f32::total_cmp);
    let mut apart: Vec<f32> = Vec::with_capacity(edges.len());
    for edge in edges {
        if apart.last().is_none_or(|last| edge - last > NEAREST * last.abs().max(1.0)) {
            apart.push(edge);
        }
    }
    apart
}

/// The quantiles of these sorted numbers from the least to the most.
fn quantiles(numbers: &[f32], weights: Option<&[f64]>, bins: usize) -> Vec<f32> {
    let Some(last) = numbers.len().checked_sub(1) else { return Vec::new() };
    let ranks = Ranks::new(numbers.len(), weights);
    let edge = |nth: usize| {
        // Between two numbers a share of both.
        let (before, share) = ranks.quantile(nth, bins);
        let (low, high) = (numbers[before], numbers[(before + 1).min(last)]);
        (f64::from(low) + (f64::from(high) - f64::from(low)) * share) as f32
    };
    (0..=bins).map(edge).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(numbers: Vec<f32>, bins: usize) -> Vec<f32> {
        let (numbers, weights) = sorted(numbers.into_iter().map(|number| (number, 0)), None);
        super::spread(&numbers, weights.as_deref(), bins)
    }

    #[test]
    fn edges_of_weighted_numbers_are_those_of_repeated_ones() {
        // 400 different numbers, and a 0 that is there 80 times with every weight.
        let rows = 480;
        let number = |at: usize| if at < 80 { 0.0 } else { (at * 37 % 401) as f32 };
        let weights: Vec<f64> = (0..rows).map(|at| (1 + at * at % 4) as f64).collect();
        let of = |weights: &[f64], bins| {
            let relative = weights::relative(weights);
            let numbers = (0..rows).map(|at| (number(at), at));
            let (numbers, weights) = sorted(numbers, relative.as_deref());
            super::spread(&numbers, weights.as_deref(), bins)
        };
        let repeated = (0..rows).flat_map(|at| vec![number(at); weights[at] as usize]);
        let repeated: Vec<f32> = repeated.collect();
        for bins in [1, 2, 5, 8] {
            let edges = of(&weights, bins);
            assert_eq!(edges, spread(repeated.clone(), bins), "{bins}");
            let scaled: Vec<f64> = weights.iter().map(|weight| weight * 0.7).collect();
            assert_eq!(of(&scaled, bins), edges, "{bins}");
            assert_eq!(of(&[0.7; 480], bins), of(&[1.0; 480], bins));
        }
        assert_ne!(of(&weights, 5), of(&[1.0; 480], 5));
    }

    #[test]
    fn edges_rise_from_least_to_most() {
        let numbers: Vec<f32> = (0..201).map(|i| (i * 37 % 201) as f32).collect();
        assert_eq!(spread(numbers, 4), [0.0, 50.0, 100.0, 150.0, 200.0]);
        assert_eq!(spread(vec![1.0, 0.0], 4), [0.0, 0.5, 1.0]);
        assert_eq!(spread(vec![0.0, 0.0, 0.0, 0.0, 3.0], 4), [0.0, 3.0]);
        assert_eq!(spread(vec![2.0; 9], 4), [2.0]);
        assert_eq!(spread(vec![2.0, 2.0 + 1e-6], 1), [2.0]);
        assert!(spread(Vec::new(), 4).is_empty());
    }

    #[test]
    fn a_number_that_is_there_often_takes_one_edge_and_leaves_the_others_theirs() {
        let mut numbers = vec![0.0; 900];
        numbers.extend((1..=161).map(|i| i as f32));
        assert_eq!(spread(numbers.clone(), 5), [0.0, 1.0, 41.0, 81.0, 121.0, 161.0]);
        // Of few numbers each is an edge.
        let few: Vec<f32> = (0..600).map(|i| (i % 6) as f32).collect();
        assert_eq!(spread(few, 32), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
        // The few that are left have 2 bins, of many numbers 8.
        assert_eq!(
            spread([vec![0.0; 900], vec![1.0, 2.0, 3.0]].concat(), 32),
            [0.0, 1.0, 2.0, 3.0]
        );
        let left: Vec<f32> = (1..=17).map(|i| i as f32).collect();
        assert_eq!(spread([vec![0.0; 1_006], left.clone()].concat(), 32), [0.0, 1.0, 9.0, 17.0]);
        let edges = spread([vec![0.0; 1_007], left].concat(), 32);
        assert_eq!(edges, [0.0, 1.0, 3.0, 5.0, 7.0, 9.0, 11.0, 13.0, 15.0, 17.0]);
        numbers.iter_mut().for_each(|it| *it = 7.0);
        assert_eq!(spread(numbers, 1), [7.0]);
    }

    #[test]
    fn more_bins_than_few_numbers_can_fill_make_no_number_more_often() {
        // One that is there 33 times fills a bin, one that is there 32 times does not.
        let numbers = |times: usize| (0..times * 20).map(|i| (i % 20) as f32).collect::<Vec<_>>();
        assert_eq!(spread(numbers(33), 256), (0..20).map(|i| i as f32).collect::<Vec<_>>());
        assert_eq!(spread(numbers(32), 256), spread(numbers(32), 20));
        assert_ne!(spread(numbers(32), 256), spread(numbers(33), 256));
    }

    #[test]
    fn few_numbers_have_few_bins() {
        let bins =
            |rows: usize, most| spread((0..rows).map(|i| i as f32).collect(), most).len() - 1;
        assert_eq!([bins(10, 32), bins(63, 32), bins(64, 32), bins(96, 32)], [2, 2, 2, 3]);
        assert_eq!([bins(100, 2), bins(100, 32), bins(500, 32), bins(9_000, 32)], [2, 3, 15, 32]);
        assert_eq!([bins(500, 256), bins(2_048, 256), bins(9_000, 256)], [15, 64, 256]);
    }
}
