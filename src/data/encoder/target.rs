//! One task's target: labels to numbers, and the network's outputs back to answers.

use super::super::categories::Categories;
use super::super::number;
use super::super::schema::{Task, TaskType};
use super::super::table::{Cell, Column, Table};
use super::feature::moments;
use super::{code, not_a_number};
use crate::error::{Error, Result, nearest, quoted};
use serde::{Deserialize, Serialize};

/// A fitted target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TargetEncoder {
    name: String,
    encoding: Encoding,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
enum Encoding {
    /// One logit for two classes, else one for each.
    Classes(Categories),
    /// `(y - mean) / scale`.
    Number { mean: f64, scale: f64 },
}

/// The labels of one task, row by row; NaN where a label is missing (masked).
#[derive(Debug, Clone, Default)]
pub struct Labels {
    /// What the loss reads: the class's code, or the standardised number.
    pub encoded: Vec<f32>,
    /// What metrics read: the class's code, or the number in its own unit.
    pub raw: Vec<f64>,
}

impl Labels {
    /// How many labels are observed.
    pub fn observed(&self) -> usize {
        self.encoded.iter().filter(|label| !label.is_nan()).count()
    }
}

impl TargetEncoder {
    /// Fits a target on the training rows; classes come from the schema.
    pub fn fit(task: &Task, column: &Column, train: &[usize], decimal: u8) -> Self {
        let encoding = match (&task.classes, task.kind) {
            (Some(classes), TaskType::Classification) => Encoding::Classes(classes.clone()),
            _ => {
                let cells = train.iter().map(|&row| column.cell(row));
                let (mean, scale) = moments(cells.filter_map(|cell| number::of(cell, decimal)));
                Encoding::Number { mean, scale }
            }
        };
        TargetEncoder { name: task.name.clone(), encoding }
    }

    /// Whether an encoder from a file can be used.
    pub fn is_valid(&self) -> bool {
        match &self.encoding {
            Encoding::Classes(classes) => classes.len() >= 2,
            Encoding::Number { mean, scale } => {
                mean.is_finite() && scale.is_finite() && *scale > 0.0
            }
        }
    }

    /// The column's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The classes of a classification task.
    pub fn classes(&self) -> Option<&Categories> {
        match &self.encoding {
            Encoding::Classes(classes) => Some(classes),
            Encoding::Number { .. } => None,
        }
    }

    /// The width of the task's head: logits, or one standardised number.
    pub fn head_width(&self) -> usize {
        match &self.encoding {
            Encoding::Classes(classes) if classes.len() > 2 => classes.len(),
            _ => 1,
        }
    }

    /// The width of an answer: label and probabilities, or the number.
    pub fn answer_width(&self) -> usize {
        self.classes().map_or(1, |classes| 1 + classes.len())
    }

    /// The labels of some rows.
    pub fn labels(
        &self,
        table: &Table,
        column: &Column,
        rows: &[usize],
        decimal: u8,
    ) -> Result<Labels> {
        let mut labels = Labels::default();
        for &row in rows {
            let cell = column.cell(row);
            let (encoded, raw) = match &self.encoding {
                _ if cell == Cell::Missing => (f32::NAN, f64::NAN),
                Encoding::Classes(classes) => {
                    let class = classes.code(cell);
                    let class = class.ok_or_else(|| self.unknown(table, row, cell, classes))?;
                    (class as f32, f64::from(class))
                }
                Encoding::Number { mean, scale } => {
                    let number = number::of(cell, decimal);
                    let number = number.ok_or_else(|| not_a_number(table, column, row, cell))?;
                    (((number - mean) / scale) as f32, number)
                }
            };
            labels.encoded.push(encoded);
            labels.raw.push(raw);
        }
        Ok(labels)
    }

    fn unknown(&self, table: &Table, row: usize, cell: Cell<'_>, classes: &Categories) -> Error {
        let text = match cell {
            Cell::Text(text) => text.to_owned(),
            Cell::Number(number) => number.to_string(),
            Cell::Missing => String::new(),
        };
        let names = classes.names().iter().map(String::as_str);
        let hint = match nearest(&text, names.clone()) {
            Some(near) => format!("is it {}?", quoted(near)),
            None => {
                format!("they are {}", names.take(10).map(quoted).collect::<Vec<_>>().join(", "))
            }
        };
        let message = format!("{} is not one of the model's classes; {hint}", quoted(&text));
        let error = Error::new(code(table), message).column(self.name.as_str());
        table.place(error.task(self.name.as_str()), row)
    }

    /// Turns one row's head output into an answer of [`TargetEncoder::answer_width`] numbers:
    /// the class's code and the probabilities of all classes, or the number in its own unit.
    pub fn decode(&self, head: &[f32], answer: &mut [f64]) {
        match &self.encoding {
            Encoding::Number { mean, scale } => answer[0] = f64::from(head[0]) * scale + mean,
            Encoding::Classes(_) => {
                let (label, probabilities) = answer.split_at_mut(1);
                if let ([logit], [no, yes]) = (head, &mut *probabilities) {
                    *yes = 1.0 / (1.0 + (-f64::from(*logit)).exp());
                    *no = 1.0 - *yes;
                } else {
                    softmax(head, probabilities);
                }
                let best = (0..probabilities.len())
                    .reduce(|a, b| if probabilities[b] > probabilities[a] { b } else { a });
                label[0] = best.unwrap_or(0) as f64;
            }
        }
    }
}

fn softmax(logits: &[f32], probabilities: &mut [f64]) {
    let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    for (probability, logit) in probabilities.iter_mut().zip(logits) {
        *probability = f64::from(logit - most).exp();
    }
    let sum: f64 = probabilities.iter().sum();
    probabilities.iter_mut().for_each(|probability| *probability /= sum);
}
