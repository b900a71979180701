//! A task with values: how far off they are, and which way.

use super::bins::Histogram;
use super::labelled::TaskRows;
use crate::data::TaskType;
use crate::random::{Purpose, Random};
use serde::Serialize;

/// The most rows drawn as points.
const MOST_POINTS: usize = 500;

/// What the answers of a task with values are like, in the label's unit.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Numbers {
    /// Label and answer of some rows, drawn by the seed, in the order of the rows.
    pub pairs: Vec<[f64; 2]>,
    /// How many rows they were drawn from.
    pub n: usize,
    /// Answer less label, of all rows.
    pub residuals: Option<Histogram>,
    /// The labels.
    pub labels: Option<Histogram>,
    /// The mean residual, rows by their weight: above 0 where answers are too high.
    pub bias: Option<f64>,
}

impl Numbers {
    /// What a task's answers are like.
    pub fn of(task: &TaskRows<'_>, seed: u64) -> Self {
        let labels = task.labels().raw.iter().enumerate();
        let rows =
            labels.zip(task.answers()).map(|((row, &label), answer)| (row, label, answer[0]));
        let mut rows: Vec<(usize, f64, f64)> = rows
            .filter(|(_, label, answer)| label.is_finite() && (answer - label).is_finite())
            .collect();
        let n = rows.len();
        let weight: f64 = rows.iter().map(|(row, ..)| task.weight(*row)).sum();
        let sum: f64 =
            rows.iter().map(|(row, label, answer)| task.weight(*row) * (answer - label)).sum();
        let residuals = rows.iter().map(|(_, label, answer)| answer - label).collect();
        let labels = rows.iter().map(|(_, label, _)| *label).collect();
        if n > MOST_POINTS {
            Random::new(seed, Purpose::Sample).shuffle(&mut rows);
            rows.truncate(MOST_POINTS);
            rows.sort_unstable_by_key(|(row, ..)| *row);
        }
        Numbers {
            pairs: rows.iter().map(|&(_, label, answer)| [label, answer]).collect(),
            n,
            residuals: Histogram::of(residuals, false),
            labels: Histogram::of(labels, task.target.kind() == TaskType::Count),
            bias: Some(sum / weight).filter(|bias| bias.is_finite()),
        }
    }
}
