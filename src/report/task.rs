//! One task of a report: its scores, and what a guess that knows no feature would score.

use super::classes::Classes;
use super::labelled::TaskRows;
use super::numbers::Numbers;
use crate::data::{Slice, TaskType};
use crate::metrics::{Metric, Scores};
use crate::model::{GroupScores, score, scores_of_groups};
use serde::Serialize;

/// One task.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TaskReport {
    /// The target column.
    pub name: String,
    /// What is predicted.
    #[serde(rename = "type")]
    pub kind: TaskType,
    /// As [`crate::Model::evaluate`] gives them.
    pub scores: Scores,
    /// Group by group; none where no column was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub groups: Option<Vec<GroupScores>>,
    /// What always the same answer would score; none without labels.
    pub guess: Option<Guess>,
    /// Of a task with classes.
    pub classes: Option<Classes>,
    /// Of a task without.
    pub numbers: Option<Numbers>,
}

/// The best answer that is the same for all rows: the most frequent class, or the mean.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Guess {
    /// The class's index, or the mean.
    pub answer: f64,
    /// What it scores: its accuracy, or its root mean squared error.
    pub score: f64,
}

impl TaskReport {
    /// The report on one task, on the groups of its rows too; `seed` draws the rows that are points.
    pub fn of(task: &TaskRows<'_>, slices: Option<&[Slice]>, seed: u64) -> Self {
        let target = task.target;
        let scores = score(target, task.answers(), task.labels(), task.weights);
        let classes = target.classes().map(|classes| Classes::of(task, classes.len()));
        let numbers = classes.is_none().then(|| Numbers::of(task, seed));
        let groups = slices.map(|slices| {
            let answers: Vec<&[f64]> = task.answers().collect();
            scores_of_groups(target, &answers, task.labels(), task.weights, slices)
        });
        TaskReport {
            groups,
            name: target.name().to_owned(),
            kind: target.kind(),
            guess: guess(task, target.classes().map(|classes| classes.len())),
            // The one of `classes` has no limit.
            scores: Scores { confusion: None, ..scores },
            classes,
            numbers,
        }
    }
}

fn guess(task: &TaskRows<'_>, classes: Option<usize>) -> Option<Guess> {
    let labels = task.labels().raw.iter().enumerate().filter(|(_, label)| label.is_finite());
    let rows: Vec<(f64, f64)> = labels.map(|(row, label)| (*label, task.weight(row))).collect();
    let total: f64 = rows.iter().map(|(_, weight)| weight).sum();
    if total <= 0.0 {
        return None;
    }
    let guess = match classes {
        Some(classes) => {
            let mut weights = vec![0.0; classes];
            rows.iter().for_each(|(label, weight)| weights[*label as usize] += weight);
            let best = (0..classes).rev().max_by(|&a, &b| weights[a].total_cmp(&weights[b]))?;
            Guess { answer: best as f64, score: weights[best] / total }
        }
        None => {
            let mean = rows.iter().map(|(label, weight)| label * weight).sum::<f64>() / total;
            let squares: f64 = rows.iter().map(|(label, w)| w * (label - mean).powi(2)).sum();
            Guess { answer: mean, score: (squares / total).sqrt() }
        }
    };
    (guess.answer.is_finite() && guess.score.is_finite()).then_some(guess)
}

/// The figure a feature's worth is told in, unless another is asked for: one that every row has a
/// part in, so that small differences show.
pub fn usual_metric(kind: TaskType) -> Metric {
    if kind.has_classes() { Metric::LogLoss } else { Metric::Rmse }
}
