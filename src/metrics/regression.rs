//! Scores of a regression and of a count, in the label's own unit.

use super::scores::Scores;
use super::weight::{Mean, Weights, finite};

/// Scores of predicted numbers against the true ones: `rmse`, `mae`, `r2` and
/// `median_absolute_error` of [`Scores`].
///
/// # Panics
/// Where the slices do not fit together.
pub fn regression(predicted: &[f64], labels: &[f64], weights: Option<&[f64]>) -> Scores {
    let (n, pairs) = observed(predicted, labels, weights);
    let (mut squared, mut absolute) = (Mean::default(), Mean::default());
    for pair in &pairs {
        squared.add(pair.error() * pair.error(), pair.weight);
        absolute.add(pair.error().abs(), pair.weight);
    }
    Scores {
        n,
        rmse: squared.get().map(f64::sqrt),
        mae: absolute.get(),
        r2: if n < 2 { None } else { r2(&pairs, squared.sum) },
        median_absolute_error: median_absolute_error(&pairs, weights.is_some()),
        ..Scores::default()
    }
}

/// Scores of predicted means of a count: those of [`regression`], and `poisson_deviance`.
///
/// # Panics
/// Where the slices do not fit together.
pub fn count(predicted: &[f64], labels: &[f64], weights: Option<&[f64]>) -> Scores {
    let (_, pairs) = observed(predicted, labels, weights);
    let mut deviance = Mean::default();
    for pair in &pairs {
        deviance.add(poisson_deviance(pair.predicted, pair.label), pair.weight);
    }
    Scores { poisson_deviance: deviance.get(), ..regression(predicted, labels, weights) }
}

/// One row that counts.
struct Pair {
    predicted: f64,
    label: f64,
    weight: f64,
}

impl Pair {
    fn error(&self) -> f64 {
        self.predicted - self.label
    }
}

/// How many labels are observed, and the rows that count: none where a prediction is not finite.
fn observed(predicted: &[f64], labels: &[f64], weights: Option<&[f64]>) -> (usize, Vec<Pair>) {
    assert_eq!(predicted.len(), labels.len(), "one prediction for each label");
    let weights = Weights::new(weights, labels.len());
    let rows = || (0..labels.len()).filter(|&row| labels[row].is_finite());
    let n = rows().count();
    if rows().any(|row| !predicted[row].is_finite()) {
        return (n, Vec::new());
    }
    let pairs = rows().map(|row| Pair {
        predicted: predicted[row],
        label: labels[row],
        weight: weights.at(row),
    });
    (n, pairs.filter(|pair| pair.weight > 0.0).collect())
}

/// 1 − `squares` ÷ the labels' squared distance to their mean; constant labels are told by their
/// values, since their mean may be a rounding away.
fn r2(pairs: &[Pair], squares: f64) -> Option<f64> {
    let first = pairs.first()?.label;
    let mut mean = Mean::default();
    pairs.iter().for_each(|pair| mean.add(pair.label, pair.weight));
    let mean = mean.get()?;
    let constant = pairs.iter().all(|pair| pair.label == first);
    let spread = if constant {
        0.0
    } else {
        pairs.iter().map(|pair| pair.weight * (pair.label - mean).powi(2)).sum()
    };
    match (squares == 0.0, spread == 0.0) {
        (true, _) => Some(1.0),
        (false, true) => Some(0.0),
        (false, false) => finite(1.0 - squares / spread),
    }
}

fn median_absolute_error(pairs: &[Pair], weighted: bool) -> Option<f64> {
    let mut errors: Vec<(f64, f64)> =
        pairs.iter().map(|pair| (pair.error().abs(), pair.weight)).collect();
    if errors.is_empty() {
        None
    } else if weighted {
        finite(weighted_median(&mut errors))
    } else {
        finite(median(&mut errors))
    }
}

/// The middle error, or the mean of the two, without sorting the rest.
fn median(errors: &mut [(f64, f64)]) -> f64 {
    let middle = errors.len() / 2;
    let even = errors.len().is_multiple_of(2);
    let (below, &mut (upper, _), _) =
        errors.select_nth_unstable_by(middle, |a, b| a.0.total_cmp(&b.0));
    if !even {
        return upper;
    }
    let lower = below.iter().fold(0.0, |most: f64, (error, _)| most.max(*error));
    lower + (upper - lower) / 2.0
}

/// The error at which half of the weight is reached; where it is reached exactly, the mean with
/// the next, as scikit-learn's `_weighted_percentile(average=True)`.
fn weighted_median(errors: &mut [(f64, f64)]) -> f64 {
    errors.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let half = 0.5 * errors.iter().fold(0.0, |total, (_, weight)| total + weight);
    let mut reached = 0.0;
    for (at, &(error, weight)) in errors.iter().enumerate() {
        reached += weight;
        if reached >= half {
            let next = errors.get(at + 1).map_or(error, |(next, _)| *next);
            let exactly = reached - half <= f64::EPSILON;
            return if exactly { error + (next - error) / 2.0 } else { error };
        }
    }
    f64::NAN
}

/// 2 (y ln(y ÷ μ) − y + μ), infinite outside of its domain.
fn poisson_deviance(predicted: f64, label: f64) -> f64 {
    if label < 0.0 || predicted < 0.0 {
        f64::INFINITY
    } else if label == 0.0 {
        2.0 * predicted
    } else {
        2.0 * (label * (label / predicted).ln() - label + predicted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_observed_has_no_score() {
        assert_eq!(regression(&[], &[], None), Scores::default());
        assert_eq!(count(&[1.0], &[f64::NAN], None), Scores::default());
    }

    #[test]
    fn unobserved_rows_are_as_if_they_were_not_there() {
        let kept = count(&[1.0, 2.5], &[2.0, 3.0], Some(&[1.0, 3.0]));
        let masked = count(&[1.0, f64::NAN, 2.5], &[2.0, f64::NAN, 3.0], Some(&[1.0, 9.0, 3.0]));
        assert_eq!(masked, kept);
    }

    #[test]
    fn a_prediction_that_is_not_finite_leaves_only_n() {
        let scores = count(&[1.0, f64::INFINITY], &[1.0, 2.0], None);
        assert_eq!(scores, Scores { n: 2, ..Scores::default() });
    }

    #[test]
    fn without_weight_there_is_nothing_to_average() {
        let scores = count(&[1.0, 2.0], &[1.0, 3.0], Some(&[0.0, -1.0]));
        assert_eq!(scores, Scores { n: 2, ..Scores::default() });
    }

    #[test]
    fn squares_too_great_for_a_number_are_absent() {
        let scores = regression(&[1e200, 0.0], &[-1e200, 0.0], None);
        assert_eq!((scores.rmse, scores.mae), (None, Some(1e200)));
    }

    #[test]
    fn constant_labels_are_told_by_their_values() {
        let labels = [0.1; 3]; // their mean is not 0.1
        assert_eq!(regression(&[0.1, 0.1, 0.2], &labels, None).r2, Some(0.0));
        assert_eq!(regression(&labels, &labels, None).r2, Some(1.0));
    }

    #[test]
    fn poisson_deviance_needs_counts_and_positive_means() {
        assert_eq!(count(&[0.0, 3.0], &[0.0, 3.0], None).poisson_deviance, Some(0.0));
        assert_eq!(count(&[0.0], &[1.0], None).poisson_deviance, None);
        assert_eq!(count(&[-1.0], &[1.0], None).poisson_deviance, None);
        assert_eq!(count(&[1.0], &[-1.0], None).poisson_deviance, None);
    }
}
