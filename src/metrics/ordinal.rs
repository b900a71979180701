//! Scores of classes in an order: those of a classification, and how far off in ranks.

use super::classification;
use super::rows::Rows;
use super::scores::Scores;
use super::weight::{Mean, finite};

/// Scores of predicted `probabilities` (`[n, classes]`, row by row) against the true classes,
/// classes being ranks 0, 1, 2, …: those of [`classification`](super::classification), `kappa`,
/// and `mae` in ranks.
///
/// # Panics
/// Where the slices do not fit together.
pub fn ordinal(
    probabilities: &[f64],
    classes: usize,
    labels: &[u32],
    weights: Option<&[f64]>,
) -> Scores {
    let rows = Rows::new(probabilities, classes, labels, weights);
    let scores = classification::of(rows);
    if scores.accuracy.is_none() {
        return scores;
    }
    let (mut absolute, mut squared) = (Mean::default(), Mean::default());
    let (mut labelled, mut predicted) = (vec![0.0; classes], vec![0.0; classes]);
    for row in rows.observed() {
        let rank = row.predicted();
        let distance = rank.abs_diff(row.label) as f64;
        absolute.add(distance, row.weight);
        squared.add(distance * distance, row.weight);
        labelled[row.label] += row.weight;
        predicted[rank] += row.weight;
    }
    let kappa = finite(1.0 - squared.sum / expected(&labelled, &predicted, squared.weight));
    Scores { mae: absolute.get(), kappa, ..scores }
}

/// The squared rank distance expected, were labels and predictions independent.
fn expected(labelled: &[f64], predicted: &[f64], total: f64) -> f64 {
    let mut sum = 0.0;
    for (label, of_label) in labelled.iter().enumerate().filter(|(_, weight)| **weight > 0.0) {
        for (rank, of_rank) in predicted.iter().enumerate() {
            let distance = rank.abs_diff(label) as f64;
            sum += distance * distance * (of_label * of_rank / total);
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_observed_has_no_score() {
        assert_eq!(ordinal(&[], 3, &[], None), Scores::default());
    }

    #[test]
    fn kappa_needs_two_classes() {
        let scores = ordinal(&[0.1, 0.2, 0.7, 0.1, 0.2, 0.7], 3, &[2, 2], None);
        assert_eq!((scores.kappa, scores.mae, scores.accuracy), (None, Some(0.0), Some(1.0)));
    }
}
