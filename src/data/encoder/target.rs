//! One task's target: labels to numbers, and the network's outputs back to answers.

use super::super::categories::Categories;
use super::super::column::Column;
use super::super::lookup::Found;
use super::super::number::{self, NumberFormat};
use super::super::table::{Cell, Table};
use super::super::task::{Task, TaskType};
use super::super::unit::Unit;
use super::super::weights::Weighted;
use super::moments::{Listed, Numbers};
use super::respelt::one_spelling;
use super::{code, misfit};
use crate::error::{Error, Result, nearest, quoted};
use serde::{Deserialize, Serialize};

/// A fitted target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TargetEncoder {
    name: String,
    /// What stands beside the numbers of labels in text, if something does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) unit: Option<Unit>,
    encoding: Encoding,
}

/// How labels become numbers, and outputs answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Encoding {
    /// One logit for two classes, else one for each.
    Classes(Categories),
    /// `(y - mean) / scale`; answers are kept within the range, if there is one.
    Number {
        /// Of the labels.
        mean: f64,
        /// Of the labels.
        scale: f64,
        /// The least and the greatest answer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        range: Option<[f64; 2]>,
    },
    /// `y / scale`; the head gives the logarithm of what is expected of it.
    Count {
        /// The mean of the labels.
        scale: f64,
    },
    /// For each class but the last one logit: that of a higher class, should it not be a lower
    /// one (CORN, arXiv 2111.08851).
    Ordinal(Categories),
}

/// The labels of one task, row by row; NaN where a label is missing (masked).
#[derive(Debug, Clone, Default)]
pub struct Labels {
    /// What the loss reads: the class's code, the standardised number, or the scaled count.
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
    pub fn fit(task: &Task, column: &Column, train: Weighted<'_>, format: NumberFormat) -> Self {
        let (unit, format) = (task.unit, format.with(task.unit));
        let moments = || Numbers::of(column, train, format).moments.finish();
        let encoding = match (&task.classes, task.kind) {
            (Some(classes), TaskType::Classification) => Encoding::Classes(classes.clone()),
            (Some(classes), TaskType::Ordinal) => Encoding::Ordinal(classes.clone()),
            (_, TaskType::Count) => {
                let (mean, _) = moments();
                Encoding::Count { scale: if mean > 0.0 { mean } else { 1.0 } }
            }
            _ => {
                let (mean, scale) = moments();
                let range = if task.clamp { range(column, train.rows, format) } else { None };
                Encoding::Number { mean, scale, range }
            }
        };
        TargetEncoder { name: task.name.clone(), unit, encoding }
    }

    /// Whether an encoder from a file can be used.
    pub fn is_valid(&self) -> bool {
        match &self.encoding {
            Encoding::Classes(classes) | Encoding::Ordinal(classes) => classes.len() >= 2,
            Encoding::Count { scale } => scale.is_finite() && *scale > 0.0,
            Encoding::Number { mean, scale, range } => {
                let ordered = range.is_none_or(|[least, most]| least <= most);
                mean.is_finite() && scale.is_finite() && *scale > 0.0 && ordered
            }
        }
    }

    /// The column's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How it is encoded.
    pub fn encoding(&self) -> &Encoding {
        &self.encoding
    }

    /// What is predicted.
    pub fn kind(&self) -> TaskType {
        match &self.encoding {
            Encoding::Classes(_) => TaskType::Classification,
            Encoding::Number { .. } => TaskType::Regression,
            Encoding::Count { .. } => TaskType::Count,
            Encoding::Ordinal(_) => TaskType::Ordinal,
        }
    }

    /// The classes of a task that has some.
    pub fn classes(&self) -> Option<&Categories> {
        match &self.encoding {
            Encoding::Classes(classes) | Encoding::Ordinal(classes) => Some(classes),
            Encoding::Number { .. } | Encoding::Count { .. } => None,
        }
    }

    /// The width of the task's head: logits, one standardised number, or one log rate.
    pub fn head_width(&self) -> usize {
        match &self.encoding {
            Encoding::Classes(classes) if classes.len() > 2 => classes.len(),
            Encoding::Ordinal(classes) => classes.len() - 1,
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
        format: NumberFormat,
    ) -> Result<Labels> {
        if let Some(classes) = self.classes() {
            one_spelling(classes, table, column, rows)
                .map_err(|error| error.task(self.name.as_str()))?;
        }
        let format = format.with(self.unit);
        if let Some(labels) = self.all_labels(column, rows, format) {
            return Ok(labels);
        }
        let expects = self.unit.map_or("a number".into(), Unit::expects);
        let mut labels = Labels::default();
        for &row in rows {
            let cell = column.cell(row);
            let (encoded, raw) = match &self.encoding {
                _ if cell == Cell::Missing => (f32::NAN, f64::NAN),
                Encoding::Classes(classes) | Encoding::Ordinal(classes) => {
                    let class = match classes.find(cell) {
                        Found::Code(class) => class,
                        Found::Unseen => return Err(self.unknown(table, row, cell, classes)),
                        Found::Refused(expected) => {
                            let error = misfit(table, (column, format), row, cell, expected);
                            return Err(error.task(self.name.as_str()));
                        }
                    };
                    (class as f32, f64::from(class))
                }
                Encoding::Number { mean, scale, .. } => {
                    let number = number::of(cell, format);
                    let number = number
                        .ok_or_else(|| misfit(table, (column, format), row, cell, &expects))?;
                    (((number - mean) / scale) as f32, number)
                }
                Encoding::Count { scale } => {
                    let number = number::of(cell, format);
                    let number = number
                        .ok_or_else(|| misfit(table, (column, format), row, cell, &expects))?;
                    if number < 0.0 {
                        let message = format!("expected a count from 0 up, found {number}");
                        let error = Error::new(code(table), message).column(column.name());
                        return Err(table.place(error.task(self.name.as_str()), row));
                    }
                    ((number / scale) as f32, number)
                }
            };
            labels.encoded.push(encoded);
            labels.raw.push(raw);
        }
        Ok(labels)
    }

    /// The same if no cell is wrong.
    fn all_labels(&self, column: &Column, rows: &[usize], format: NumberFormat) -> Option<Labels> {
        let mut raw = Vec::with_capacity(rows.len());
        let numbers =
            |raw: &mut Vec<f64>| column.stretches(rows).all(|stretch| stretch.numbers(format, raw));
        let encoded = match &self.encoding {
            Encoding::Classes(classes) | Encoding::Ordinal(classes) => {
                let mut all = true;
                let class = |cell: Cell<'_>| match cell {
                    Cell::Missing => Some(f64::NAN),
                    cell => classes.code(cell).map(f64::from),
                };
                column.map(rows, class, |_, class| {
                    all &= class.is_some();
                    raw.push(class.unwrap_or(f64::NAN));
                });
                all.then(|| raw.iter().map(|class| *class as f32).collect())
            }
            Encoding::Number { mean, scale, .. } => numbers(&mut raw)
                .then(|| raw.iter().map(|number| ((number - mean) / scale) as f32).collect()),
            Encoding::Count { scale } => (numbers(&mut raw)
                && !raw.iter().any(|number| *number < 0.0))
            .then(|| raw.iter().map(|number| (number / scale) as f32).collect()),
        };
        encoded.map(|encoded| Labels { encoded, raw })
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
    /// the class's code and the probabilities of all classes, or the number in its own unit. Of
    /// several members, one after the other in the head, probabilities and numbers are averaged.
    pub fn decode(&self, head: &[f32], answer: &mut [f64]) {
        let width = self.head_width();
        if head.len() > width {
            return self.average(head.chunks_exact(width), answer);
        }
        match &self.encoding {
            Encoding::Number { mean, scale, range } => {
                answer[0] = within(*range, f64::from(head[0]) * scale + mean);
            }
            // A rate past all numbers is answered by the largest.
            Encoding::Count { scale } => {
                answer[0] = (f64::from(head[0]).exp() * scale).min(f64::MAX);
            }
            Encoding::Classes(_) => {
                let (label, probabilities) = answer.split_at_mut(1);
                if let ([logit], [no, yes]) = (head, &mut *probabilities) {
                    *yes = sigmoid(*logit);
                    *no = 1.0 - *yes;
                } else {
                    softmax(head, probabilities);
                }
                label[0] = most_probable(probabilities);
            }
            Encoding::Ordinal(_) => {
                let (label, probabilities) = answer.split_at_mut(1);
                probabilities.fill(0.0);
                chain(head, 1.0, probabilities);
                label[0] = most_probable(probabilities);
            }
        }
    }

    /// The same for several members.
    fn average<'a>(&self, heads: impl ExactSizeIterator<Item = &'a [f32]>, answer: &mut [f64]) {
        let share = 1.0 / heads.len() as f64;
        answer.fill(0.0);
        match &self.encoding {
            Encoding::Number { mean, scale, range } => {
                let sum: f64 = heads.map(|head| f64::from(head[0])).sum();
                answer[0] = within(*range, sum * share * scale + mean);
            }
            Encoding::Count { scale } => {
                let sum: f64 = heads.map(|head| f64::from(head[0]).exp()).sum();
                answer[0] = (sum * share * scale).min(f64::MAX);
            }
            Encoding::Classes(classes) if classes.len() == 2 => {
                let yes = heads.map(|head| sigmoid(head[0])).sum::<f64>() * share;
                answer[1..].copy_from_slice(&[1.0 - yes, yes]);
                answer[0] = most_probable(&answer[1..]);
            }
            Encoding::Classes(_) => {
                for head in heads {
                    let most = head.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                    // Twice the exponentials, for want of a place to keep them.
                    let powers = || head.iter().map(|logit| f64::from(logit - most).exp());
                    let part = share / powers().sum::<f64>();
                    answer[1..].iter_mut().zip(powers()).for_each(|(sum, x)| *sum += x * part);
                }
                answer[0] = most_probable(&answer[1..]);
            }
            Encoding::Ordinal(_) => {
                heads.for_each(|head| chain(head, share, &mut answer[1..]));
                answer[0] = most_probable(&answer[1..]);
            }
        }
    }
}

/// The least and the greatest number of some rows, whatever they count; none where all are missing.
fn range(column: &Column, rows: &[usize], format: NumberFormat) -> Option<[f64; 2]> {
    let Listed { numbers, .. } = Listed::of(column, Weighted::alike(rows), format);
    let first = *numbers.first()?;
    let wider = |[least, most]: [f64; 2], number: &f64| [least.min(*number), most.max(*number)];
    Some(numbers.iter().fold([first, first], wider))
}

/// A number kept within a range, if there is one.
fn within(range: Option<[f64; 2]>, number: f64) -> f64 {
    range.map_or(number, |[least, most]| number.clamp(least, most))
}

fn sigmoid(logit: f32) -> f64 {
    1.0 / (1.0 + (-f64::from(logit)).exp())
}

/// The class of the greatest probability, the first of equal ones: the metrics' rule.
fn most_probable(probabilities: &[f64]) -> f64 {
    let best = (0..probabilities.len())
        .reduce(|a, b| if probabilities[b] > probabilities[a] { b } else { a });
    best.unwrap_or(0) as f64
}

/// Of what has passed all classes so far, the share that stops at each; the rest is the last
/// class's. So the chance of a class above the k-th can only fall with k. Adds them, of all this
/// `share`.
fn chain(logits: &[f32], share: f64, probabilities: &mut [f64]) {
    let mut passed = share;
    for (probability, &logit) in probabilities.iter_mut().zip(logits) {
        *probability += passed * sigmoid(-logit);
        passed *= sigmoid(logit);
    }
    if let Some(last) = probabilities.last_mut() {
        *last += passed;
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
