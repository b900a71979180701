//! A task with classes: which were taken for which, ROC curves, and whether probabilities mean what
//! they say.

use super::bins::{Bin, calibration};
use super::labelled::TaskRows;
use super::roc::Curve;
use crate::data::TaskType;
use serde::Serialize;
use std::collections::BTreeMap;

/// The most classes a confusion matrix shows; the rest are taken together.
const MOST_CLASSES: usize = 12;

/// The most curves of one task,
const MOST_CURVES: usize = 6;
/// and the points of each, or of the only one.
const POINTS: usize = 60;
const POINTS_OF_ONE: usize = 200;

/// The most mistakes named.
const MOST_CONFUSED: usize = 10;

/// What the answers of a task with classes are like. Classes are told by their index.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Classes {
    /// The labels of every class, whatever their weight.
    pub counts: Vec<usize>,
    /// True and predicted classes.
    pub confusion: Confusion,
    /// The most frequent mistakes, worst first.
    pub confused: Vec<Confused>,
    /// Of two classes that of the second; of more each against the rest, the most frequent ones.
    /// Nothing for classes in an order.
    pub roc: Vec<Curve>,
    /// Of two classes the second's probability, of more that of the predicted class.
    pub calibration: Vec<Bin>,
}

/// Rows by true (outer) and predicted class (inner).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Confusion {
    /// The classes shown, in order: the most frequent ones.
    pub classes: Vec<usize>,
    /// The rows of each; where there are more classes, the last row and column are all others.
    pub counts: Vec<Vec<u64>>,
    /// The share of each class's rows that is found, its recall; none without rows.
    pub recall: Vec<Option<f64>>,
    /// The share of its predictions that is right, its precision; none without predictions.
    pub precision: Vec<Option<f64>>,
}

/// One kind of mistake.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Confused {
    /// The true class.
    pub class: usize,
    /// The predicted one.
    pub predicted: usize,
    /// How many rows.
    pub n: u64,
}

/// One row whose label is observed.
struct Row<'a> {
    label: usize,
    predicted: usize,
    probabilities: &'a [f64],
    weight: f64,
}

impl Classes {
    /// What the answers of a task with so many classes are like.
    pub fn of(task: &TaskRows<'_>, classes: usize) -> Self {
        let labels = task.labels().raw.iter().enumerate();
        let observed = labels.zip(task.answers()).filter(|((_, label), _)| label.is_finite());
        let rows: Vec<Row<'_>> = observed
            .map(|((row, &label), answer)| Row {
                label: label as usize,
                predicted: answer[0] as usize,
                probabilities: &answer[1..],
                weight: task.weight(row),
            })
            .collect();
        let mut counts = vec![0; classes];
        rows.iter().for_each(|row| counts[row.label] += 1);
        let mut pairs = BTreeMap::new();
        rows.iter().for_each(|row| *pairs.entry((row.label, row.predicted)).or_insert(0u64) += 1);
        // The sort is stable: of equally frequent classes the first.
        let mut frequent: Vec<usize> = (0..classes).collect();
        frequent.sort_by_key(|&class| std::cmp::Reverse(counts[class]));
        let is_ordinal = task.target.kind() == TaskType::Ordinal;
        let (positives, points) = match classes {
            _ if is_ordinal => (&[][..], 0),
            2 => (&[1][..], POINTS_OF_ONE),
            _ => (&frequent[..classes.min(MOST_CURVES)], POINTS),
        };
        let mut roc: Vec<Curve> = positives
            .iter()
            .filter_map(|&class| {
                let scored = rows.iter();
                let scored =
                    scored.map(|row| (row.probabilities[class], row.label == class, row.weight));
                Curve::of(class, scored.collect(), points)
            })
            .collect();
        roc.sort_by_key(|curve| curve.class);
        let said: Vec<(f64, bool, f64)> = rows
            .iter()
            .map(|row| match classes {
                2 => (row.probabilities[1], row.label == 1, row.weight),
                _ => (row.probabilities[row.predicted], row.label == row.predicted, row.weight),
            })
            .collect();
        frequent.truncate(MOST_CLASSES);
        frequent.sort_unstable();
        Classes {
            confusion: Confusion::of(frequent, classes, &pairs),
            confused: confused(&pairs),
            counts,
            roc,
            calibration: calibration(&said),
        }
    }
}

/// How many rows of a class were taken for a class.
pub(super) type Pairs = BTreeMap<(usize, usize), u64>;

impl Confusion {
    /// The matrix of these classes, of so many.
    pub(super) fn of(shown: Vec<usize>, classes: usize, pairs: &Pairs) -> Self {
        let size = shown.len() + usize::from(shown.len() < classes);
        let place = |class: &usize| shown.binary_search(class).unwrap_or(shown.len());
        let mut counts = vec![vec![0; size]; size];
        for ((label, predicted), n) in pairs {
            counts[place(label)][place(predicted)] += n;
        }
        let share = |part: u64, all: u64| (all > 0).then(|| part as f64 / all as f64);
        let own = 0..shown.len();
        let recall = own.clone().map(|at| share(counts[at][at], counts[at].iter().sum()));
        let precision = own.map(|at| share(counts[at][at], counts.iter().map(|row| row[at]).sum()));
        let (recall, precision) = (recall.collect(), precision.collect());
        Confusion { classes: shown, recall, precision, counts }
    }
}

fn confused(pairs: &Pairs) -> Vec<Confused> {
    let wrong = pairs.iter().filter(|((class, predicted), _)| class != predicted);
    let mut wrong: Vec<Confused> =
        wrong.map(|(&(class, predicted), &n)| Confused { class, predicted, n }).collect();
    wrong.sort_by_key(|pair| std::cmp::Reverse(pair.n));
    wrong.truncate(MOST_CONFUSED);
    wrong
}
