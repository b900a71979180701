//! Temperature scaling (Guo et al. 2017, arXiv 1706.04599): one number T a task that makes its
//! probabilities bolder or more careful. It is applied to probabilities, pᵢ^(1/T) normalised, which
//! is to divide the logits of one network by T and is defined where several networks answer, too.

use super::is_counted;
use crate::metrics::{Scores, classification};
use serde::{Deserialize, Serialize};

/// Below so many labels nothing is fitted: there the temperature is known to some 0.15 at best, as
/// much as what is known of it before any label is seen ([`PRIOR`]).
const LEAST_LABELS: usize = 50;

/// How far 1 ÷ T strays from 1 before labels tell more: the deviation of a normal prior. The
/// networks of an early stop are nearly calibrated, and without it few labels make their
/// probabilities worse; docs/calibration.md has what was measured.
const PRIOR: f64 = 0.15;

/// ln T stays within so much of 0.
const FARTHEST: f64 = 2.0;

/// At most so many probabilities are fitted to; of more rows some are passed over evenly.
const MOST: usize = 1 << 22;

/// The temperature of a task with classes, and what it did on the rows it was fitted to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Temperature {
    /// T: above 1 where probabilities were too bold, below where too careful, from e⁻² to e².
    pub temperature: f64,
    /// The labels it was fitted to.
    pub labels: usize,
    /// Without it.
    pub before: Reliability,
    /// With it.
    pub after: Reliability,
}

/// How far probabilities can be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reliability {
    /// As [`Scores::log_loss`].
    pub log_loss: f64,
    /// As [`Scores::ece`].
    pub ece: f64,
}

impl Temperature {
    /// Fits it to `probabilities` (`[n, classes]`) and the true classes, each row counting by its
    /// weight; none where labels are too few or a probability is no number.
    pub fn fit(
        probabilities: &[f64],
        classes: usize,
        labels: &[u32],
        weights: Option<&[f64]>,
    ) -> Option<Self> {
        let counts = |row: usize| (labels[row] as usize) < classes && is_counted(weights, row);
        let rows: Vec<usize> = (0..labels.len()).filter(|&row| counts(row)).collect();
        if rows.len() < LEAST_LABELS {
            return None;
        }
        let before = Reliability::of(&classification(probabilities, classes, labels, weights))?;
        let some = rows.iter().step_by((rows.len() * classes).div_ceil(MOST).max(1));
        let all = some.map(|&row| {
            let of_row = &probabilities[row * classes..][..classes];
            (of_row, labels[row] as usize, weights.map_or(1.0, |weights| weights[row]))
        });
        let temperature = 1.0 / Fit::new(all).power();
        let mut tempered = probabilities.to_vec();
        tempered.chunks_exact_mut(classes).for_each(|row| temper(row, 1.0 / temperature));
        let after = Reliability::of(&classification(&tempered, classes, labels, weights))?;
        let fitted = Temperature { temperature, labels: rows.len(), before, after };
        // Not so of rows that were passed over, or of probabilities at the metric's limits.
        let better = after.log_loss < before.log_loss;
        Some(if better {
            fitted
        } else {
            Temperature { temperature: 1.0, after: before, ..fitted }
        })
    }

    /// Whether one from a file can be used.
    pub fn is_valid(&self) -> bool {
        let Temperature { temperature, before, after, .. } = self;
        // A hair of room for what rounding does to the ends.
        temperature.is_finite()
            && *temperature > 0.0
            && temperature.ln().abs() <= FARTHEST + 1e-9
            && before.is_valid()
            && after.is_valid()
    }

    /// What probabilities are raised to, 1 ÷ T; none where that changes nothing.
    pub fn power(&self) -> Option<f64> {
        (self.temperature != 1.0).then_some(1.0 / self.temperature)
    }
}

impl Reliability {
    fn of(scores: &Scores) -> Option<Self> {
        Some(Reliability { log_loss: scores.log_loss?, ece: scores.ece? })
    }

    fn is_valid(&self) -> bool {
        [self.log_loss, self.ece].iter().all(|figure| figure.is_finite() && *figure >= 0.0)
    }
}

/// Raises the probabilities of one row to a power and has them sum to 1 again. Their order stays,
/// zero stays zero, and what is no number stays so.
pub fn temper(probabilities: &mut [f64], power: f64) {
    if let [no, yes] = probabilities {
        *yes = 1.0 / (1.0 + (*no / *yes).powf(power));
        *no = 1.0 - *yes;
        return;
    }
    let most = probabilities.iter().copied().fold(0.0, f64::max);
    // Shares of the greatest, so that not all of them vanish.
    probabilities.iter_mut().for_each(|p| *p = (*p / most).powf(power));
    let sum: f64 = probabilities.iter().sum();
    probabilities.iter_mut().for_each(|p| *p /= sum);
}

/// The rows as the search sees them.
struct Fit {
    /// ln(p ÷ the row's greatest p), `[rows, classes]`.
    logs: Vec<f64>,
    /// Where in the row the label is, and what the row counts.
    rows: Vec<(usize, f64)>,
    classes: usize,
}

impl Fit {
    fn new<'a>(all: impl Iterator<Item = (&'a [f64], usize, f64)>) -> Self {
        let mut fit = Fit { logs: Vec::new(), rows: Vec::new(), classes: 1 };
        // A class that cannot be has no probability at any temperature, and says nothing of it.
        for (probabilities, label, weight) in all.filter(|(p, label, _)| p[*label] > 0.0) {
            fit.classes = probabilities.len();
            let most = probabilities.iter().copied().fold(0.0, f64::max);
            fit.logs.extend(probabilities.iter().map(|p| (p / most).ln()));
            fit.rows.push((label, weight));
        }
        fit
    }

    /// The power 1 ÷ T that minimises the rows' log loss and the prior's: a convex function of it,
    /// so that Newton's steps, kept between the two ends, find its one minimum.
    fn power(&self) -> f64 {
        let (mut low, mut high) = ((-FARTHEST).exp(), FARTHEST.exp());
        let mut power = 1.0;
        for _ in 0..100 {
            let (slope, curvature) = self.derivatives(power);
            if slope > 0.0 {
                high = power;
            } else {
                low = power;
            }
            let step = power - slope / curvature;
            let next = if step > low && step < high { step } else { f64::midpoint(low, high) };
            if (next - power).abs() <= 1e-10 {
                return next;
            }
            power = next;
        }
        power
    }

    /// The first and second derivative, at a power, of what is minimised.
    fn derivatives(&self, power: f64) -> (f64, f64) {
        let (mut slope, mut curvature) = (0.0, 0.0);
        let (mut sum, mut squares) = (0.0, 0.0);
        for (logs, &(label, weight)) in self.logs.chunks_exact(self.classes).zip(&self.rows) {
            let (mut total, mut first, mut second) = (0.0, 0.0, 0.0);
            for &log in logs.iter().filter(|log| **log > f64::NEG_INFINITY) {
                let share = (power * log).exp();
                total += share;
                first += share * log;
                second += share * log * log;
            }
            let mean = first / total;
            slope += weight * (mean - logs[label]);
            curvature += weight * (second / total - mean * mean).max(0.0);
            sum += weight;
            squares += weight * weight;
        }
        // Rows of unequal weight tell as much as fewer of equal weight (Kish 1965).
        let scale = if squares > 0.0 { sum / squares } else { 0.0 };
        let prior = 1.0 / (PRIOR * PRIOR);
        (slope * scale + (power - 1.0) * prior, curvature * scale + prior)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Random};

    /// Rows whose probabilities are those of their labels' law, raised to `power` afterwards.
    fn rows(n: usize, classes: usize, power: f64) -> (Vec<f64>, Vec<u32>) {
        let mut random = Random::new(5, Purpose::Shuffle);
        let (mut probabilities, mut labels) = (Vec::new(), Vec::new());
        for _ in 0..n {
            let mut row: Vec<f64> =
                (0..classes).map(|_| (1.5 * f64::from(random.normal())).exp()).collect();
            temper(&mut row, 1.0);
            let mut left = f64::from(random.unit());
            let label = row.iter().position(|p| {
                left -= p;
                left < 0.0
            });
            labels.push(label.unwrap_or(0) as u32);
            temper(&mut row, power);
            probabilities.extend(row);
        }
        (probabilities, labels)
    }

    #[test]
    fn a_known_temperature_is_found() {
        for classes in [2, 5] {
            for power in [2.5, 1.0, 0.6] {
                let (probabilities, labels) = rows(20_000, classes, power);
                let fitted = Temperature::fit(&probabilities, classes, &labels, None).unwrap();
                assert!((fitted.temperature / power - 1.0).abs() < 0.04, "{power}: {fitted:?}");
                assert!(fitted.after.log_loss <= fitted.before.log_loss, "{fitted:?}");
                assert!(fitted.is_valid());
                if power != 1.0 {
                    assert!(fitted.after.log_loss < fitted.before.log_loss - 0.01, "{fitted:?}");
                    assert!(fitted.after.ece < 0.6 * fitted.before.ece, "{fitted:?}");
                }
            }
        }
    }

    #[test]
    fn it_is_the_minimum_that_a_plain_search_finds() {
        let (probabilities, labels) = rows(300, 3, 1.8);
        let weights: Vec<f64> = (0..300).map(|row| f64::from(row % 4)).collect();
        let found = Temperature::fit(&probabilities, 3, &labels, Some(&weights)).unwrap();
        let cost = |power: f64| {
            let mut tempered = probabilities.clone();
            tempered.chunks_exact_mut(3).for_each(|row| temper(row, power));
            let scores = classification(&tempered, 3, &labels, Some(&weights));
            // Of weights 0, 1, 2, 3: (Σ w)² ÷ Σ w² rows.
            let rows = 450.0 * 450.0 / (75.0 * 14.0);
            rows * scores.log_loss.unwrap() + (power - 1.0).powi(2) / (2.0 * PRIOR * PRIOR)
        };
        let best = (140..7000).map(|at| f64::from(at) / 1000.0);
        let best = best.min_by(|a, b| cost(*a).total_cmp(&cost(*b))).unwrap();
        assert!((1.0 / found.temperature - best).abs() < 0.001, "{found:?}, {best}");
        assert_eq!(found.labels, 225);
    }

    #[test]
    fn few_labels_say_nothing_and_some_say_less_than_many() {
        let fit = |n: usize| {
            let (probabilities, labels) = rows(n, 2, 2.5);
            Temperature::fit(&probabilities, 2, &labels, None)
        };
        assert_eq!(fit(LEAST_LABELS - 1), None);
        let (some, many) = (fit(LEAST_LABELS).unwrap(), fit(5_000).unwrap());
        assert!(some.temperature > 1.0 && some.temperature < many.temperature, "{some:?}");
    }

    #[test]
    fn rows_all_right_are_not_believed_to_the_end() {
        let probabilities = [0.9, 0.1].repeat(60);
        let fitted = Temperature::fit(&probabilities, 2, &[0; 60], None).unwrap();
        assert!(fitted.temperature > 0.7 && fitted.temperature < 1.0, "{fitted:?}");
    }

    #[test]
    fn what_is_masked_weightless_zero_or_no_number_does_no_harm() {
        let (mut probabilities, mut labels) = rows(80, 3, 2.0);
        let plain = Temperature::fit(&probabilities, 3, &labels, None).unwrap();
        probabilities.extend([f64::NAN, 0.0, 0.0]);
        labels.push(u32::MAX);
        let masked = Temperature::fit(&probabilities, 3, &labels, None).unwrap();
        assert_eq!(masked, plain);
        // A number that is none under a label leaves nothing to fit.
        labels[80] = 0;
        assert_eq!(Temperature::fit(&probabilities, 3, &labels, None), None);
        // The true class at zero, in every row and in one.
        probabilities.truncate(240);
        labels.truncate(80);
        probabilities[..3].copy_from_slice(&[0.0, 1.0, 0.0]);
        labels[0] = 2;
        let fitted = Temperature::fit(&probabilities, 3, &labels, None).unwrap();
        assert!(fitted.is_valid() && fitted.temperature > 1.0, "{fitted:?}");
        let wrong = Temperature::fit(&[1.0, 0.0].repeat(60), 2, &[1; 60], None).unwrap();
        assert!(wrong.is_valid() && wrong.temperature == 1.0, "{wrong:?}");
        assert_eq!(Temperature::fit(&probabilities, 3, &labels, Some(&[0.0; 80])), None);
    }

    #[test]
    fn tempering_keeps_order_sum_zeros_and_what_is_no_number() {
        for power in [(-FARTHEST).exp(), 0.7, 1.6, FARTHEST.exp()] {
            let (mut probabilities, _) = rows(500, 4, 1.0);
            probabilities[..4].copy_from_slice(&[0.0, 1.0, 0.0, 0.0]);
            probabilities[4..8].copy_from_slice(&[1e-320, 1e-200, 1.0 - 1e-16, 0.0]);
            for row in probabilities.chunks_exact_mut(4) {
                let before = row.to_vec();
                temper(row, power);
                assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-12);
                for (a, b) in [(0, 1), (1, 2), (2, 3), (3, 0)] {
                    assert!(before[a] <= before[b] || row[a] >= row[b], "{before:?} {row:?}");
                    assert!((before[a] == 0.0) <= (row[a] == 0.0), "{before:?} {row:?}");
                }
            }
            for mut two in [[0.0, 1.0], [1.0, 0.0], [0.5, 0.5], [1e-300, 1.0]] {
                let before = two;
                temper(&mut two, power);
                assert_eq!(two[0] + two[1], 1.0);
                assert_eq!(before[0] > before[1], two[0] > two[1], "{before:?} {two:?}");
            }
            let mut none = [f64::NAN, f64::NAN];
            temper(&mut none, power);
            assert!(none.iter().all(|p| p.is_nan()));
        }
    }

    #[test]
    fn what_a_file_may_not_say() {
        let figures = Reliability { log_loss: 0.5, ece: 0.1 };
        let good = Temperature { temperature: 1.2, labels: 60, before: figures, after: figures };
        assert!(good.is_valid() && good.power() == Some(1.0 / 1.2));
        for temperature in [0.0, -1.0, f64::NAN, f64::INFINITY, 0.13, 7.5] {
            assert!(!Temperature { temperature, ..good }.is_valid(), "{temperature}");
        }
        for bad in [f64::NAN, -0.1, f64::INFINITY] {
            let figures = Reliability { ece: bad, ..figures };
            assert!(!Temperature { after: figures, ..good }.is_valid());
        }
        assert_eq!(Temperature { temperature: 1.0, ..good }.power(), None);
    }
}
