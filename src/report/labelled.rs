//! Labelled rows of a table with a model's answers to them.

use crate::data::{Encoded, Labels, Table, TargetEncoder};
use crate::error::{Error, Result};
use crate::infer::Rows;
use crate::model::Model;
use crate::parts::in_parts;
use crate::watch::Watch;
use std::ops::Range;

/// Rows answered together.
pub const PART: usize = 1024;

/// Rows with their labels and answers.
pub struct Labelled {
    encoded: Encoded,
    /// `[rows, answer width]`.
    answers: Vec<f64>,
}

/// One task in these rows.
pub struct TaskRows<'a> {
    pub target: &'a TargetEncoder,
    labels: &'a Labels,
    pub weights: Option<&'a [f64]>,
    answers: &'a [f64],
    width: usize,
    own: Range<usize>,
}

impl Labelled {
    /// These rows of a table, none of them of weight 0; [`crate::error::Code::Aborted`] once it is stopped.
    pub fn of(model: &Model, table: &Table, rows: Vec<usize>, watch: &Watch) -> Result<Self> {
        model.check_weights(table)?;
        let encoded = model.encoder().encode_rows(table, &rows, true)?;
        let (width, inputs) = (model.answer_width(), model.encoder().inputs());
        let (dense, coded) = (inputs.numeric, inputs.codes.len());
        let mut answers = vec![0.0; rows.len() * width];
        in_parts(&mut answers, PART * width, |part, answers| {
            watch.check()?;
            let (first, rows) = (part * PART, answers.len() / width);
            let of_part = Rows {
                rows,
                numeric: &encoded.numeric[first * dense..][..rows * dense],
                codes: &encoded.codes[first * coded..][..rows * coded],
            };
            model.answer_rows(of_part, answers);
            watch.advance(rows);
            Ok::<(), Error>(())
        })?;
        Ok(Labelled { encoded, answers })
    }

    /// The rows as the network reads them.
    pub fn encoded(&self) -> &Encoded {
        &self.encoded
    }

    /// What each row counts.
    pub fn weights(&self) -> Option<&[f64]> {
        self.encoded.weights.as_deref()
    }

    /// Each task.
    pub fn tasks<'a>(&'a self, model: &'a Model) -> impl Iterator<Item = TaskRows<'a>> {
        self.tasks_answered(model, &self.answers)
    }

    /// Each task, were these the answers.
    pub fn tasks_answered<'a>(
        &'a self,
        model: &'a Model,
        answers: &'a [f64],
    ) -> impl Iterator<Item = TaskRows<'a>> {
        model.places().zip(&self.encoded.labels).map(|((target, own), labels)| TaskRows {
            target,
            labels,
            weights: self.weights(),
            answers,
            width: model.answer_width(),
            own,
        })
    }
}

impl TaskRows<'_> {
    /// The answers, row by row.
    pub fn answers(&self) -> impl Iterator<Item = &[f64]> {
        self.answers.chunks_exact(self.width).map(|answer| &answer[self.own.clone()])
    }

    /// What the task is, row by row: the class's code or the number; NaN where it is not known.
    pub fn labels(&self) -> &Labels {
        self.labels
    }

    /// The probabilities of a task with classes, `[rows, classes]`.
    pub fn probabilities(&self) -> Vec<f64> {
        self.answers().flat_map(|answer| &answer[1..]).copied().collect()
    }

    /// The values of a task without.
    pub fn values(&self) -> Vec<f64> {
        self.answers().map(|answer| answer[0]).collect()
    }

    /// What a row counts; nothing if its weight is no positive number.
    pub fn weight(&self, row: usize) -> f64 {
        match self.weights {
            None => 1.0,
            Some(weights) if weights[row].is_finite() && weights[row] > 0.0 => weights[row],
            Some(_) => 0.0,
        }
    }
}

/// The rows of a table but those of weight 0.
pub fn counted(model: &Model, table: &Table) -> Result<Vec<usize>> {
    model.encoder().counted(table, &(0..table.rows()).collect::<Vec<_>>())
}
