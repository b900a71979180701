//! Which dense columns hold numbers, and how these spread over the training rows: what embeddings
//! of numbers are made by.

use super::{Encoded, Encoder};
use crate::graph::Sketch;
use crate::parts::in_parts;

/// Edges closer than this, in standard deviations of a feature, are one: numbers that differ by
/// less are the same number written otherwise.
const NEAREST: f32 = 1e-6;

/// How many numbers a bin is for; with fewer, what it learns is noise.
const NUMBERS_OF_A_BIN: usize = 64;

/// Bins that few numbers may have all the same.
const FEW_BINS: usize = 8;

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

    /// What embeddings have to know of these rows: with `bins`, the edges of at most so many bins
    /// of each number, as nearly as can be with as many rows in each; past 8 one for each 64 rows.
    pub fn sketch(&self, rows: &Encoded, bins: Option<usize>) -> Sketch {
        let mut columns: Vec<(usize, Option<usize>, Vec<f32>)> =
            self.places().map(|(place, mark)| (place, mark, Vec::new())).collect();
        if let Some(bins) = bins {
            let width = self.inputs().numeric;
            // Nothing in it fails.
            let _ = in_parts(&mut columns, 1, |_, columns| {
                for (place, mark, edges) in columns {
                    let rows = rows.numeric.chunks_exact(width.max(1));
                    let there = rows.filter(|row| mark.is_none_or(|mark| row[mark] == 0.0));
                    let numbers: Vec<f32> = there.map(|row| row[*place]).collect();
                    let most = (numbers.len() / NUMBERS_OF_A_BIN).max(FEW_BINS);
                    *edges = quantiles(numbers, bins.min(most));
                }
                Ok::<(), ()>(())
            });
        }
        let edges = columns.iter().map(|(_, _, edges)| edges.clone()).collect();
        Sketch { continuous: columns.into_iter().map(|(place, _, _)| place).collect(), edges }
    }
}

/// The quantiles of these numbers from the least to the most, equal ones once.
fn quantiles(mut numbers: Vec<f32>, bins: usize) -> Vec<f32> {
    numbers.sort_unstable_by(f32::total_cmp);
    let Some(last) = numbers.len().checked_sub(1) else { return Vec::new() };
    let mut edges: Vec<f32> = Vec::with_capacity(bins + 1);
    for nth in 0..=bins {
        // Whole numbers, so that no rounding decides; between two numbers a share of both.
        let (before, share) = (nth * last / bins, nth * last % bins);
        let (low, high) = (numbers[before], numbers[(before + 1).min(last)]);
        let share = share as f64 / bins as f64;
        let edge = (f64::from(low) + (f64::from(high) - f64::from(low)) * share) as f32;
        if edges.last().is_none_or(|last| edge - last > NEAREST * last.abs().max(1.0)) {
            edges.push(edge);
        }
    }
    edges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_rise_from_least_to_most() {
        let numbers: Vec<f32> = (0..101).map(|i| (i * 37 % 101) as f32).collect();
        assert_eq!(quantiles(numbers, 4), [0.0, 25.0, 50.0, 75.0, 100.0]);
        assert_eq!(quantiles(vec![1.0, 0.0], 4), [0.0, 0.25, 0.5, 0.75, 1.0]);
        assert_eq!(quantiles(vec![0.0, 0.0, 0.0, 0.0, 3.0], 4), [0.0, 3.0]);
        assert_eq!(quantiles(vec![2.0; 9], 4), [2.0]);
        assert_eq!(quantiles(vec![2.0, 2.0 + 1e-6], 1), [2.0]);
        assert!(quantiles(Vec::new(), 4).is_empty());
    }
}
