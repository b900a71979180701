//! Scores of prediction intervals: how often they hold the label, and how wide they are.

use super::scores::Scores;
use super::weight::{Mean, Weights};

/// Adds `coverage` and `mean_width` of the intervals from `low` to `high` to the scores of their
/// task: nothing where a label is observed but an end is no finite number.
///
/// # Panics
/// Where the slices do not fit together.
pub fn interval(
    low: &[f64],
    high: &[f64],
    labels: &[f64],
    weights: Option<&[f64]>,
    scores: Scores,
) -> Scores {
    assert!(low.len() == labels.len() && high.len() == labels.len(), "one interval for each label");
    let weights = Weights::new(weights, labels.len());
    let (mut held, mut width) = (Mean::default(), Mean::default());
    for row in (0..labels.len()).filter(|&row| labels[row].is_finite()) {
        let (low, high, label) = (low[row], high[row], labels[row]);
        if !(low.is_finite() && high.is_finite()) {
            return scores;
        }
        held.add(if low <= label && label <= high { 1.0 } else { 0.0 }, weights.at(row));
        width.add(high - low, weights.at(row));
    }
    Scores { coverage: held.get(), mean_width: width.get(), ..scores }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOW: [f64; 4] = [0.0, 1.0, 2.0, 3.0];
    const HIGH: [f64; 4] = [1.0, 3.0, 3.0, 7.0];

    fn of(labels: &[f64], weights: Option<&[f64]>) -> (Option<f64>, Option<f64>) {
        let scores = interval(&LOW, &HIGH, labels, weights, Scores::default());
        (scores.coverage, scores.mean_width)
    }

    #[test]
    fn ends_belong_to_intervals() {
        assert_eq!(of(&[1.0, 1.0, 3.5, 9.0], None), (Some(0.5), Some(2.0)));
    }

    #[test]
    fn rows_count_by_weight_and_masked_ones_not_at_all() {
        let labels = [0.5, f64::NAN, 9.0, 9.0];
        assert_eq!(of(&labels, Some(&[3.0, 5.0, 1.0, 0.0])), (Some(0.75), Some(1.0)));
        assert_eq!(of(&[f64::NAN; 4], None), (None, None));
        assert_eq!(of(&labels, Some(&[0.0; 4])), (None, None));
    }

    #[test]
    fn an_end_that_is_not_finite_has_no_score() {
        let scores = interval(&[f64::NAN], &[1.0], &[0.5], None, Scores::default());
        assert_eq!(scores, Scores::default());
    }
}
