//! Scores by group: of the rows that have the same in some column.

use super::{Model, score};
use crate::data::{Labels, Slice, Table, TargetEncoder, slices};
use crate::error::Result;
use crate::metrics::Scores;
use crate::watch::Watch;
use serde::Serialize;

/// The scores of one task.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evaluated {
    /// On all rows.
    #[serde(flatten)]
    pub scores: Scores,
    /// Group by group; none where no column was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub groups: Option<Vec<GroupScores>>,
}

/// The scores of one task on the rows of one group, without a confusion matrix.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GroupScores {
    /// What the rows have in the column; none where nothing stands.
    pub group: Option<String>,
    /// Their scores.
    #[serde(flatten)]
    pub scores: Scores,
}

/// The scores of some answers and labels, group by group.
pub fn scores_of_groups(
    target: &TargetEncoder,
    answers: &[&[f64]],
    labels: &Labels,
    weights: Option<&[f64]>,
    slices: &[Slice],
) -> Vec<GroupScores> {
    let of_slice = |Slice { name, rows }: &Slice| {
        let raw = rows.iter().map(|&row| labels.raw[row]).collect();
        let labels = Labels { raw, ..Labels::default() };
        let weights: Option<Vec<f64>> =
            weights.map(|weights| rows.iter().map(|&row| weights[row]).collect());
        let answers = rows.iter().map(|&row| answers[row]);
        let scores = score(target, answers, &labels, weights.as_deref());
        GroupScores { group: name.clone(), scores: Scores { confusion: None, ..scores } }
    };
    slices.iter().map(of_slice).collect()
}

impl Model {
    /// Groups some rows of a table by a column, which need not be one that the model knows.
    pub fn slices(&self, table: &Table, by: &str, rows: &[usize]) -> Result<Vec<Slice>> {
        let format = table.format().unwrap_or_else(|| self.encoder().format());
        slices(table, by, rows, &self.header.schema, format)
    }

    /// The scores of each task as [`Model::evaluate_until`] gives them, of all rows and, where a column
    /// is named, of each group too. Rows of weight 0 are in no group.
    pub fn evaluate_by(
        &self,
        table: &Table,
        by: Option<&str>,
        watch: &Watch,
    ) -> Result<Vec<(String, Evaluated)>> {
        self.check_weights(table)?;
        let all: Vec<usize> = (0..table.rows()).collect();
        let rows = self.header.encoder.counted(table, &all)?;
        let slices = by.map(|by| self.slices(table, by, &rows)).transpose()?;
        let encoded = self.header.encoder.encode_rows(table, &rows, true)?;
        let answers = self.answer_until(&encoded, watch)?;
        let width = self.answer_width();
        let weights = encoded.weights.as_deref();
        let tasks = self.places().zip(&encoded.labels).map(|((target, own), labels)| {
            let own = answers.chunks_exact(width).map(|answer| &answer[own.clone()]);
            let own: Vec<&[f64]> = own.collect();
            let scores = score(target, own.iter().copied(), labels, weights);
            let of = |slices: &Vec<Slice>| scores_of_groups(target, &own, labels, weights, slices);
            let groups = slices.as_ref().map(of);
            (target.name().to_owned(), Evaluated { scores, groups })
        });
        Ok(tasks.collect())
    }
}
