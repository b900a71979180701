//! Prediction intervals by split conformal prediction (Vovk et al. 2005, "Algorithmic learning in a
//! random world"; Lei et al. 2018, arXiv 1604.04173): as wide on either side of every value as the
//! errors on rows that did not train were, but for the few greatest.

use crate::error::{Code, Error, Result};
use serde::{Deserialize, Serialize};

/// How far a value may be off.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Interval {
    /// The share of labels that intervals are to hold, above 0.5 and below 1.
    pub level: f64,
    /// The labels it was measured on.
    pub labels: usize,
    /// From the value to either end, in the label's unit; from 0 up.
    pub half_width: f64,
}

impl Interval {
    /// The least number of labels that can tell: below it the ⌈(n + 1) · level⌉-th smallest of n
    /// errors is not there.
    pub fn least_labels(level: f64) -> usize {
        // 0.9 ÷ (1 − 0.9) is 9.000000000000002.
        (level / (1.0 - level) - 1e-9).ceil() as usize
    }

    /// The ⌈(n + 1) · level⌉-th smallest absolute error of `values` against their `labels`, of the
    /// rows whose label is observed and whose weight is above 0.
    ///
    /// Where weights differ, rows count by them: as weighted conformal prediction has it (Tibshirani
    /// et al. 2019, arXiv 1904.06019) it is the least error up to which lies the share `level` of
    /// all weight, that of the row to be predicted counted among it. What that row counts is taken
    /// for what a row that is met in proportion to its weight counts on average, Σ w² ÷ Σ w.
    pub fn fit(
        level: f64,
        values: &[f64],
        labels: &[f64],
        weights: Option<&[f64]>,
    ) -> Result<Self> {
        let counts = |row: usize| labels[row].is_finite() && is_counted(weights, row);
        let rows = || (0..labels.len()).filter(|&row| counts(row));
        let mut errors: Vec<f64> = rows().map(|row| (values[row] - labels[row]).abs()).collect();
        let labels = errors.len();
        let weights: Option<Vec<f64>> = weights.map(|all| rows().map(|row| all[row]).collect());
        let weights = Weights::of(labels, weights);
        weights.require(level)?;
        let half_width = match weights.each {
            None => {
                let rank = ((labels + 1) as f64 * level - 1e-9).ceil() as usize;
                let at = rank.clamp(1, labels) - 1;
                let (_, &mut half_width, _) = errors.select_nth_unstable_by(at, f64::total_cmp);
                half_width
            }
            Some(each) => {
                let due = each.iter().sum::<f64>() * (1.0 + 1.0 / weights.worth) * level;
                let mut errors: Vec<(f64, f64)> = errors.into_iter().zip(each).collect();
                errors.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
                let mut reached = 0.0;
                let enough = errors.iter().find(|(_, weight)| {
                    reached += weight;
                    reached >= due * (1.0 - 1e-9)
                });
                enough.or(errors.last()).map_or(f64::NAN, |(error, _)| *error)
            }
        };
        if !half_width.is_finite() {
            let message = "interval: predictions of the validation rows are no finite numbers";
            return Err(Error::new(Code::Diverged, message).option("interval"));
        }
        Ok(Interval { level, labels, half_width })
    }

    /// Whether an interval from a file can be used.
    pub fn is_valid(&self) -> bool {
        let Interval { level, half_width, .. } = *self;
        level > 0.5 && level < 1.0 && half_width >= 0.0 && half_width.is_finite()
    }

    /// Puts the two ends after the value, none below `least`.
    pub fn bound(half_width: f64, least: f64, answer: &mut [f64]) {
        if let [value, low, high] = answer {
            // No number is infinite where the value is not.
            *low = (*value - half_width).max(-f64::MAX).max(least);
            *high = (*value + half_width).min(f64::MAX);
        }
    }
}

/// What some labels count.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    labels: usize,
    /// How many labels of equal weight would tell as much (Kish 1965): (Σ w)² ÷ Σ w².
    worth: f64,
    /// The weight of each, the greatest being 1; none if all count alike.
    each: Option<Vec<f64>>,
}

impl Weights {
    /// Of so many labels, with their weights above 0 if they have some.
    pub fn of(labels: usize, weights: Option<Vec<f64>>) -> Self {
        let most = weights.iter().flatten().copied().fold(0.0, f64::max);
        let unequal = weights.filter(|all| all.iter().any(|weight| *weight != most));
        let Some(mut each) = unequal else {
            return Weights { labels, worth: labels as f64, each: None };
        };
        each.iter_mut().for_each(|weight| *weight /= most);
        let (sum, squares) = each
            .iter()
            .fold((0.0, 0.0), |(sum, squares), weight| (sum + weight, squares + weight * weight));
        Weights { labels, worth: sum * sum / squares, each: Some(each) }
    }

    /// An error where these are too few for a level.
    pub fn require(&self, level: f64) -> Result<()> {
        let (labels, least) = (self.labels, Interval::least_labels(level));
        let weighed = match &self.each {
            None if labels >= least => return Ok(()),
            Some(_) if self.worth * (1.0 - level) >= level - 1e-9 => return Ok(()),
            None => String::new(),
            Some(_) => {
                format!(", of such weights that they tell as much as {:.1} equal ones", self.worth)
            }
        };
        let message = format!(
            "interval: a level of {level} needs {least} labelled validation rows, found \
             {labels}{weighed}"
        );
        Err(Error::new(Code::Options, message).option("interval"))
    }
}

/// Whether a row counts: 1 without weights, else by a weight above 0.
pub fn is_counted(weights: Option<&[f64]>, row: usize) -> bool {
    weights.is_none_or(|weights| weights[row] > 0.0 && weights[row].is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Random};

    #[test]
    fn the_rank_is_that_of_the_paper() {
        // Errors 1, 2, …, 19: the ⌈20 · 0.9⌉ = 18th.
        let labels: Vec<f64> = (1..20).map(f64::from).collect();
        let interval = Interval::fit(0.9, &[0.0; 19], &labels, None).unwrap();
        assert_eq!(interval, Interval { level: 0.9, labels: 19, half_width: 18.0 });
        // With nine, the greatest.
        let interval = Interval::fit(0.9, &[0.0; 9], &labels[..9], None).unwrap();
        assert_eq!(interval.half_width, 9.0);
        // 20 · 0.55 is 11, and 11.000000000000002 in floating point.
        assert_eq!(Interval::fit(0.55, &[0.0; 19], &labels, None).unwrap().half_width, 11.0);
    }

    #[test]
    fn too_few_labels_are_counted_and_told() {
        for (level, least) in [(0.9, 9), (0.95, 19), (0.99, 99), (0.8, 4), (0.6, 2)] {
            assert_eq!(Interval::least_labels(level), least, "{level}");
            let rows = vec![1.0; least];
            assert!(Interval::fit(level, &rows, &rows, None).is_ok());
            let few = Interval::fit(level, &rows[1..], &rows[1..], None).unwrap_err();
            assert_eq!(few.code(), Code::Options);
            assert!(few.message().contains(&format!("needs {least} labelled validation rows")));
            assert!(few.message().ends_with(&format!("found {}", least - 1)), "{few}");
        }
    }

    #[test]
    fn masked_rows_and_those_of_weight_0_do_not_count() {
        let mut labels = vec![1.0; 12];
        (labels[0], labels[1]) = (f64::NAN, 1000.0);
        let mut weights = vec![3.0; 12];
        (weights[1], weights[2]) = (0.0, f64::NAN);
        let interval = Interval::fit(0.9, &[0.0; 12], &labels, Some(&weights)).unwrap();
        assert_eq!((interval.labels, interval.half_width), (9, 1.0));
    }

    #[test]
    fn rows_count_by_their_weights_where_these_differ() {
        let labels: Vec<f64> = (1..=40).map(f64::from).collect();
        let fit = |weights: &[f64]| Interval::fit(0.9, &[0.0; 40], &labels, Some(weights));
        let half_width = |weights: &[f64]| fit(weights).unwrap().half_width;
        let plain = Interval::fit(0.9, &[0.0; 40], &labels, None).unwrap();
        assert_eq!(fit(&[0.3; 40]).unwrap(), plain);
        assert_eq!(plain.half_width, 37.0);
        // The upper half counts three times: Σ w is 80 and Σ w² 200, so that of 82.5 the share 0.9,
        // 74.25, is to be reached: 20 by the lower half, and 19 of the upper reach 77.
        let upper: Vec<f64> = (0..40).map(|row| if row < 20 { 1.0 } else { 3.0 }).collect();
        assert_eq!(half_width(&upper), 39.0);
        let lower: Vec<f64> = upper.iter().rev().copied().collect();
        assert_eq!(half_width(&lower), 35.0);
        let scaled: Vec<f64> = upper.iter().map(|weight| weight * 1e-300).collect();
        assert_eq!(fit(&scaled).unwrap(), fit(&upper).unwrap());
        // One that outweighs all others tells as little as itself.
        let mut one = vec![1.0; 40];
        one[7] = 1e3;
        let error = fit(&one).unwrap_err();
        assert_eq!(error.code(), Code::Options);
        assert!(
            error
                .message()
                .ends_with("found 40, of such weights that they tell as much as 1.1 equal ones"),
            "{error}"
        );
    }

    /// The promise where rows were drawn evenly and are to count unevenly.
    #[test]
    fn weighted_rows_are_held_as_often_as_said() {
        let mut random = Random::new(12, Purpose::Shuffle);
        let (fits, n, fresh, level) = (1000, 120, 100, 0.9);
        let (mut held, mut all) = (0.0, 0.0);
        for _ in 0..fits {
            // Rows of weight 4 have errors twice as large.
            let mut rows = |count: usize| -> (Vec<f64>, Vec<f64>) {
                (0..count)
                    .map(|row| {
                        let heavy = row % 4 == 0;
                        let size = if heavy { 2.0 } else { 1.0 };
                        (size * f64::from(random.normal()), if heavy { 4.0 } else { 1.0 })
                    })
                    .unzip()
            };
            let ((seen, weights), (unseen, counts)) = (rows(n), rows(fresh));
            let interval = Interval::fit(level, &vec![0.0; n], &seen, Some(&weights)).unwrap();
            for (error, count) in unseen.iter().zip(counts) {
                all += count;
                held += if error.abs() <= interval.half_width { count } else { 0.0 };
            }
        }
        let share = held / all;
        assert!(share >= level - 0.006 && share <= level + 0.02, "{share}");
    }

    #[test]
    fn values_that_are_no_numbers_are_an_error_not_a_width() {
        let error = Interval::fit(0.9, &[f64::NAN; 9], &[0.0; 9], None).unwrap_err();
        assert_eq!(error.code(), Code::Diverged);
    }

    #[test]
    fn what_a_file_may_not_say() {
        let good = Interval { level: 0.9, labels: 9, half_width: 0.0 };
        assert!(good.is_valid());
        for half_width in [-1e-300, f64::NAN, f64::INFINITY] {
            assert!(!Interval { half_width, ..good }.is_valid(), "{half_width}");
        }
        for level in [0.5, 1.0, f64::NAN, -0.9] {
            assert!(!Interval { level, ..good }.is_valid(), "{level}");
        }
    }

    #[test]
    fn ends_stay_finite_and_counts_above_0() {
        let bound = |value: f64, half_width, least| {
            let mut answer = [value, 9.0, 9.0];
            Interval::bound(half_width, least, &mut answer);
            answer
        };
        assert_eq!(bound(5.0, 2.0, f64::NEG_INFINITY), [5.0, 3.0, 7.0]);
        assert_eq!(bound(1.0, 2.0, 0.0), [1.0, 0.0, 3.0]);
        assert_eq!(bound(f64::MAX, 1e300, 0.0)[2], f64::MAX);
        assert_eq!(bound(-f64::MAX, 1e300, f64::NEG_INFINITY)[1], -f64::MAX);
    }

    /// The promise itself: with n rows to fit on, the mean over fits of the share of fresh rows held
    /// is from `level` to `level + 1 ÷ (n + 1)`.
    #[test]
    fn fresh_rows_of_the_same_law_are_held_as_often_as_said() {
        let mut random = Random::new(11, Purpose::Shuffle);
        let (fits, n, fresh, level) = (2000, 39, 50, 0.9);
        let mut held = 0;
        for _ in 0..fits {
            let mut errors = |count: usize| -> Vec<f64> {
                (0..count).map(|_| f64::from(random.normal()).powi(3)).collect()
            };
            let (seen, unseen) = (errors(n), errors(fresh));
            let interval = Interval::fit(level, &vec![0.0; n], &seen, None).unwrap();
            held += unseen.iter().filter(|error| error.abs() <= interval.half_width).count();
        }
        let share = held as f64 / (fits * fresh) as f64;
        // The coverage of one fit is Beta(36, 4): its deviation is 0.047, that of a mean of 2000
        // fits 0.001, and the sampling of the fresh rows adds as much. 36 ÷ 40 is the level.
        assert!((share - level).abs() < 0.006, "{share}");
    }
}
