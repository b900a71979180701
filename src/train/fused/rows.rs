//! Encoded rows as training reads them: labels beside what each counts.

use super::super::loss::{Loss, in_proportion};
use crate::data::Encoded;

/// Rows to learn from.
#[derive(Debug)]
pub struct Rows<'a> {
    /// The inputs.
    pub encoded: &'a Encoded,
    /// One for each task.
    pub labels: Vec<TaskLabels>,
    /// What each row counts, whatever its labels; none if all count alike.
    weights: Option<Vec<f32>>,
}

/// The labels of one task.
#[derive(Debug)]
pub struct TaskLabels {
    /// As the loss reads them; 0 where one is missing.
    pub target: Vec<f32>,
    /// What each counts, 0 where it is missing; none if all are there and count alike.
    pub weights: Option<Vec<f32>>,
}

impl<'a> Rows<'a> {
    /// The rows with what their labels count.
    pub fn new(encoded: &'a Encoded, losses: &[Loss]) -> Self {
        let labels = encoded.labels.iter().zip(losses).map(|(labels, loss)| {
            let zero = |label: &f32| if label.is_nan() { 0.0 } else { *label };
            TaskLabels {
                target: labels.encoded.iter().map(zero).collect(),
                weights: loss.scaled_weights(labels, encoded.weights.as_deref()),
            }
        });
        let weights = encoded.weights.as_deref().map(in_proportion);
        Rows { encoded, labels: labels.collect(), weights }
    }

    /// What a row counts, whatever its labels.
    pub fn weight(&self, row: usize) -> f32 {
        self.weights.as_ref().map_or(1.0, |weights| weights[row])
    }

    /// How many labels of a task count among these rows, and how much in sum.
    pub fn counted(&self, task: usize, rows: &[usize]) -> (usize, f64) {
        let Some(weights) = &self.labels[task].weights else {
            return (rows.len(), rows.len() as f64);
        };
        let mut counted = (0, 0.0);
        for &row in rows {
            counted.0 += usize::from(weights[row] != 0.0);
            counted.1 += f64::from(weights[row]);
        }
        counted
    }
}
