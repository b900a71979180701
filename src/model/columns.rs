//! Answers column by column, for callers who have and want columns rather than rows.

use super::Model;
use crate::data::Table;
use crate::error::Result;

/// The answers of one task for all rows.
#[derive(Debug, Clone, PartialEq)]
pub enum Answers {
    /// Of a task with values.
    Values(Vec<f64>),
    /// Of one with intervals.
    Intervals {
        /// The values.
        values: Vec<f64>,
        /// The low end of each one's interval.
        low: Vec<f64>,
        /// The high end.
        high: Vec<f64>,
    },
    /// Of a task with classes.
    Classes {
        /// The index of the most probable class.
        codes: Vec<u32>,
        /// Its probability.
        probability: Vec<f64>,
        /// The probabilities of all classes, `[rows, classes]`.
        probabilities: Vec<f64>,
    },
}

impl Model {
    /// The answers of each task, in task order, for all rows.
    pub fn predict_columns(&self, table: &Table) -> Result<Vec<Answers>> {
        let answers = self.predict(table)?;
        let width = self.answer_width();
        let columns = self.places().map(|(target, own)| {
            let rows = answers.chunks_exact(width).map(|answer| &answer[own.clone()]);
            if target.classes().is_none() {
                let column = |at: usize| rows.clone().map(|answer| answer[at]).collect();
                return match own.len() {
                    3 => Answers::Intervals { values: column(0), low: column(1), high: column(2) },
                    _ => Answers::Values(column(0)),
                };
            }
            let codes: Vec<u32> = rows.clone().map(|answer| answer[0] as u32).collect();
            let probability =
                rows.clone().zip(&codes).map(|(answer, code)| answer[1 + *code as usize]).collect();
            let mut probabilities = Vec::with_capacity(table.rows() * (own.len() - 1));
            rows.for_each(|answer| probabilities.extend_from_slice(&answer[1..]));
            Answers::Classes { codes, probability, probabilities }
        });
        Ok(columns.collect())
    }
}
