//! Scores of a classification: right and wrong by class, probabilities, and rankings.

use super::calibration::Calibration;
use super::ranking;
use super::rows::Rows;
use super::scores::Scores;
use super::weight::{Mean, finite};

/// The confusion matrix is left out above this many classes: it grows by their square.
const MOST_CONFUSED: usize = 256;

/// Scores of predicted `probabilities` (`[n, classes]`, row by row) against the true classes.
///
/// Gives every figure of [`Scores`] from `accuracy` to `confusion`.
///
/// # Panics
/// Where the slices do not fit together.
pub fn classification(
    probabilities: &[f64],
    classes: usize,
    labels: &[u32],
    weights: Option<&[f64]>,
) -> Scores {
    of(Rows::new(probabilities, classes, labels, weights))
}

/// The same without `roc_auc` and `average_precision`, which take a sort a class.
///
/// # Panics
/// Where the slices do not fit together.
pub fn unranked(
    probabilities: &[f64],
    classes: usize,
    labels: &[u32],
    weights: Option<&[f64]>,
) -> Scores {
    without_ranking(Rows::new(probabilities, classes, labels, weights))
}

pub(super) fn of(rows: Rows) -> Scores {
    let scores = without_ranking(rows);
    if scores.confusion.is_none() && scores.accuracy.is_none() {
        return scores;
    }
    let ranking = ranking::one_against_rest(rows);
    Scores { roc_auc: ranking.roc_auc, average_precision: ranking.average_precision, ..scores }
}

fn without_ranking(rows: Rows) -> Scores {
    let n = rows.observed().count();
    if n == 0 || !rows.are_finite() {
        return Scores { n, ..Scores::default() };
    }
    let mut tally = Tally::new(rows.classes);
    let mut calibration = Calibration::default();
    for row in rows.observed() {
        let predicted = row.predicted();
        tally.add(row.label, predicted, row.weight);
        calibration.add(&row, predicted);
    }
    Scores {
        n,
        accuracy: tally.accuracy(),
        balanced_accuracy: tally.balanced_accuracy(),
        f1_macro: tally.f1_macro(),
        f1_weighted: tally.f1_weighted(),
        log_loss: calibration.log_loss(),
        brier: calibration.brier(),
        ece: calibration.ece(),
        confusion: tally.confusion,
        ..Scores::default()
    }
}

/// Labels, predictions and hits by class, growing row by row.
struct Tally {
    classes: Vec<Class>,
    confusion: Option<Vec<Vec<u64>>>,
}

#[derive(Clone, Copy, Default)]
struct Class {
    /// Whether any row has it as label or prediction, if only at weight 0.
    occurs: bool,
    labelled: f64,
    predicted: f64,
    hit: f64,
}

impl Tally {
    fn new(classes: usize) -> Self {
        let confusion = (classes <= MOST_CONFUSED).then(|| vec![vec![0; classes]; classes]);
        Tally { classes: vec![Class::default(); classes], confusion }
    }

    fn add(&mut self, label: usize, predicted: usize, weight: f64) {
        self.classes[label].occurs = true;
        self.classes[predicted].occurs = true;
        self.classes[label].labelled += weight;
        self.classes[predicted].predicted += weight;
        if label == predicted {
            self.classes[label].hit += weight;
        }
        if let Some(confusion) = &mut self.confusion {
            confusion[label][predicted] += 1;
        }
    }

    fn total(&self) -> f64 {
        self.classes.iter().map(|class| class.labelled).sum()
    }

    fn accuracy(&self) -> Option<f64> {
        let hits: f64 = self.classes.iter().map(|class| class.hit).sum();
        finite(hits / self.total())
    }

    fn balanced_accuracy(&self) -> Option<f64> {
        let labelled = self.classes.iter().filter(|class| class.labelled > 0.0);
        labelled.map(|class| class.hit / class.labelled).collect::<Mean>().get()
    }

    fn f1_macro(&self) -> Option<f64> {
        let occurring = self.classes.iter().filter(|class| class.occurs);
        let mean: Mean = occurring.map(Class::f1).collect();
        mean.get().filter(|_| self.total() > 0.0)
    }

    fn f1_weighted(&self) -> Option<f64> {
        let mut mean = Mean::default();
        self.classes.iter().for_each(|class| mean.add(class.f1(), class.labelled));
        mean.get()
    }
}

impl Class {
    fn f1(&self) -> f64 {
        if self.hit > 0.0 { 2.0 * self.hit / (self.labelled + self.predicted) } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_observed_has_no_score() {
        assert_eq!(classification(&[], 3, &[], None), Scores::default());
        assert_eq!(classification(&[], 0, &[0, 1], None), Scores::default());
        assert_eq!(classification(&[0.5, 0.5], 2, &[u32::MAX], None), Scores::default());
    }

    #[test]
    fn without_ranking_the_rest_is_the_same() {
        let probabilities = [0.2, 0.5, 0.3, 0.6, 0.3, 0.1, 0.1, 0.1, 0.8];
        let (labels, weights) = ([1, 2, 0], Some(&[1.0, 2.0, 0.5][..]));
        let scores = classification(&probabilities, 3, &labels, weights);
        assert!(scores.roc_auc.is_some() && scores.average_precision.is_some());
        let rest = Scores { roc_auc: None, average_precision: None, ..scores };
        assert_eq!(unranked(&probabilities, 3, &labels, weights), rest);
    }

    #[test]
    fn unobserved_rows_are_as_if_they_were_not_there() {
        let kept = classification(&[0.2, 0.8, 0.6, 0.4], 2, &[1, 0], Some(&[1.0, 3.0]));
        let probabilities = [0.2, 0.8, f64::NAN, 0.0, 0.6, 0.4];
        let masked = classification(&probabilities, 2, &[1, 2, 0], Some(&[1.0, 9.0, 3.0]));
        assert_eq!(masked, kept);
    }

    #[test]
    fn a_prediction_that_is_not_finite_leaves_only_n() {
        let scores = classification(&[0.5, 0.5, f64::NAN, 0.0], 2, &[0, 1], None);
        assert_eq!(scores, Scores { n: 2, ..Scores::default() });
    }

    #[test]
    fn without_weight_there_is_nothing_to_average() {
        let scores = classification(&[0.2, 0.8, 0.6, 0.4], 2, &[1, 0], Some(&[0.0, f64::NAN]));
        let confusion = Some(vec![vec![1, 0], vec![0, 1]]);
        assert_eq!(scores, Scores { n: 2, confusion, ..Scores::default() });
    }

    #[test]
    fn one_class_has_no_ranking_but_is_scored() {
        let scores = classification(&[1.0, 1.0], 1, &[0, 0], None);
        assert_eq!((scores.accuracy, scores.brier, scores.roc_auc), (Some(1.0), Some(0.0), None));
    }

    #[test]
    fn many_classes_have_no_confusion() {
        let classes = 2_000;
        let scores = classification(&vec![1.0 / 2_000.0; classes], classes, &[7], None);
        assert_eq!((scores.accuracy, scores.confusion), (Some(0.0), None));
    }

    #[test]
    #[should_panic(expected = "one probability for each label and class")]
    fn slices_that_do_not_fit_are_a_bug() {
        classification(&[0.5, 0.5, 0.5], 2, &[0, 1], None);
    }
}
