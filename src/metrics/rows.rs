//! The rows of a task with classes: probabilities beside the true class, unobserved rows left out.

use super::weight::Weights;

/// Probabilities, labels and weights that fit together.
#[derive(Clone, Copy)]
pub(super) struct Rows<'a> {
    probabilities: &'a [f64], // [n, classes]
    pub(super) classes: usize,
    labels: &'a [u32],
    weights: Weights<'a>,
}

/// One row whose label is observed.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    pub(super) probabilities: &'a [f64], // [classes], never empty
    pub(super) label: usize,
    pub(super) weight: f64,
}

impl<'a> Rows<'a> {
    pub(super) fn new(
        probabilities: &'a [f64],
        classes: usize,
        labels: &'a [u32],
        weights: Option<&'a [f64]>,
    ) -> Self {
        assert_eq!(
            Some(probabilities.len()),
            labels.len().checked_mul(classes),
            "one probability for each label and class"
        );
        Rows { probabilities, classes, labels, weights: Weights::new(weights, labels.len()) }
    }

    /// The rows whose label is observed.
    pub(super) fn observed(self) -> impl Iterator<Item = Row<'a>> {
        let Rows { probabilities, classes, labels, weights } = self;
        labels.iter().enumerate().filter_map(move |(row, &label)| {
            let label = usize::try_from(label).ok().filter(|&label| label < classes)?;
            let probabilities = &probabilities[row * classes..][..classes];
            Some(Row { probabilities, label, weight: weights.at(row) })
        })
    }

    /// Whether every prediction of an observed row is a number.
    pub(super) fn are_finite(self) -> bool {
        self.observed().all(|row| row.probabilities.iter().all(|p| p.is_finite()))
    }
}

impl Row<'_> {
    /// The class with the greatest probability, the first of equal ones.
    pub(super) fn predicted(&self) -> usize {
        let mut best = 0;
        for (class, &p) in self.probabilities.iter().enumerate() {
            if p > self.probabilities[best] {
                best = class;
            }
        }
        best
    }
}
