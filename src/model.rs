//! A model that answers: encoder, network and all it remembers of its training.

mod advice;
mod columns;
mod experts;
mod figure;
mod file;
mod finish;
mod groups;
mod keys;
mod numbers;
mod onnx;
mod reading;
mod summary;

pub use advice::Means;
pub use columns::Answers;
pub use figure::figure;
pub use file::Predicted;
pub use groups::{Evaluated, GroupScores, scores_of_groups};
pub use numbers::{Numbers, Room, Strip};

use crate::artifact::{Artifact, Header};
use crate::comparison::Comparison;
use crate::data::{Encoded, Encoder, Keys, Labels, Numeric, Table, TargetEncoder, TaskType};
use crate::error::{Code, Error, Result};
use crate::infer::{Net, Rows, in_parts};
use crate::metrics::{Scores, classification, count, interval, ordinal, regression};
use crate::watch::Watch;
use finish::Finish;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::OnceLock;

/// Rows encoded and answered together; more of them are spread over the cores.
const PART: usize = 1024;

/// A trained model. Immutable: any number of threads may ask it at once.
#[derive(Debug)]
pub struct Model {
    header: Header,
    net: Net,
    answer_width: usize,
    /// The last touch to each task's answers.
    finishes: Vec<Finish>,
    /// How rows of numbers are encoded, if all features are numeric.
    numeric: Option<Numeric>,
    /// What keys of rows are compared with; made for the first row that lacks one.
    keys: OnceLock<Keys>,
}

impl Model {
    /// A model from the bytes of a file.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        Self::new(Artifact::from_bytes(bytes)?)
    }

    /// A model from a file.
    pub fn load(path: &Path) -> Result<Self> {
        Self::new(Artifact::read(path)?)
    }

    /// A model from what was trained.
    pub fn new(artifact: Artifact) -> Result<Self> {
        let net = Net::new(artifact.header.graph.clone(), artifact.weights)?;
        let header = artifact.header;
        let finishes = Finish::all(&header);
        let targets = header.encoder.targets().iter().zip(&finishes);
        let widths = targets.map(|(target, finish)| target.answer_width() + finish.width());
        let answer_width = widths.sum();
        let numeric = header.encoder.numeric();
        Ok(Model { header, net, answer_width, finishes, numeric, keys: OnceLock::new() })
    }

    fn artifact(&self) -> Artifact {
        Artifact { header: self.header.clone(), weights: self.net.weights().to_vec() }
    }

    /// The bytes of a file.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        self.artifact().to_bytes()
    }

    /// Writes a file, whole or not at all.
    pub fn save(&self, path: &Path) -> Result<()> {
        self.artifact().write(path)
    }

    /// The encoder, which knows the columns.
    pub fn encoder(&self) -> &Encoder {
        &self.header.encoder
    }

    /// The width of one row's answers: those of all tasks side by side, in task order
    /// ([`TargetEncoder::answer_width`]); of a task with intervals value, low and high end.
    pub fn answer_width(&self) -> usize {
        self.answer_width
    }

    /// Whether all features are numeric, so that rows may be plain numbers.
    pub fn takes_numbers(&self) -> bool {
        self.numeric.is_some()
    }

    /// How many bytes its weights take, as they were trained and as they are read.
    pub fn size(&self) -> usize {
        2 * size_of_val(self.net.weights())
    }

    /// The answers for all rows, `[rows, answer_width]`.
    pub fn predict(&self, table: &Table) -> Result<Vec<f64>> {
        self.predict_until(table, &Watch::default())
    }

    /// The same, given up with [`Code::Aborted`] once it is stopped.
    pub fn predict_until(&self, table: &Table, watch: &Watch) -> Result<Vec<f64>> {
        let (encoder, width) = (self.encoder(), self.answer_width());
        watch.expect(table.rows());
        if table.rows() <= PART {
            return Ok(self.answer(&encoder.encode(table)?));
        }
        let mut answers = vec![0.0; table.rows() * width];
        let done = in_parts(&mut answers, PART * width, |part, answers| {
            watch.check()?;
            let first = part * PART;
            let rows: Vec<usize> = (first..first + answers.len() / width).collect();
            self.answer_into(&encoder.encode_rows(table, &rows, false)?, answers);
            watch.advance(rows.len());
            Ok::<(), Error>(())
        });
        match done {
            Ok(()) => Ok(answers),
            Err(error) if error.code() == Code::Aborted => Err(error),
            // Which part failed first is chance; which cell is named must not be.
            Err(error) => encoder.encode(table).and(Err(error)),
        }
    }

    fn answer(&self, encoded: &Encoded) -> Vec<f64> {
        let mut answers = vec![0.0; encoded.rows * self.answer_width()];
        self.answer_into(encoded, &mut answers);
        answers
    }

    fn answer_into(&self, encoded: &Encoded, answers: &mut [f64]) {
        let Encoded { rows, numeric, codes, .. } = encoded;
        self.answer_rows(Rows { rows: *rows, numeric, codes }, answers);
    }

    /// The answers of encoded rows, `[rows, answer_width]`, on this thread.
    pub fn answer_rows(&self, rows: Rows<'_>, answers: &mut [f64]) {
        let outputs = self.net.run(rows);
        let outputs = outputs.chunks_exact(self.net.width());
        for (output, answer) in outputs.zip(answers.chunks_exact_mut(self.answer_width)) {
            self.decode(output, answer);
        }
    }

    /// One row's outputs to its answers.
    fn decode(&self, mut output: &[f32], mut answer: &mut [f64]) {
        let members = self.net.graph().members;
        for (target, finish) in self.header.encoder.targets().iter().zip(&self.finishes) {
            let (head, output_rest) = output.split_at(target.head_width() * members);
            let (own, answer_rest) = answer.split_at_mut(target.answer_width() + finish.width());
            target.decode(head, own);
            finish.apply(own);
            (output, answer) = (output_rest, answer_rest);
        }
    }

    /// The scores of each task on rows with labels, against labels in their own unit; rows whose
    /// label is missing do not count, the others by their weight if the table has the column. What
    /// stands in a row of weight 0 is not looked at.
    pub fn evaluate(&self, table: &Table) -> Result<Vec<(String, Scores)>> {
        self.evaluate_until(table, &Watch::default())
    }

    /// The same, given up with [`Code::Aborted`] once it is stopped.
    pub fn evaluate_until(&self, table: &Table, watch: &Watch) -> Result<Vec<(String, Scores)>> {
        self.evaluate_watched(table, &(0..table.rows()).collect::<Vec<_>>(), watch)
    }

    /// The same for some of the rows.
    pub fn evaluate_rows(&self, table: &Table, rows: &[usize]) -> Result<Vec<(String, Scores)>> {
        self.evaluate_watched(table, rows, &Watch::default())
    }

    fn evaluate_watched(
        &self,
        table: &Table,
        rows: &[usize],
        watch: &Watch,
    ) -> Result<Vec<(String, Scores)>> {
        self.check_weights(table)?;
        let rows = self.header.encoder.counted(table, rows)?;
        let encoded = self.header.encoder.encode_rows(table, &rows, true)?;
        let answers = self.answer_until(&encoded, watch)?;
        let width = self.answer_width();
        let scores = self.places().zip(&encoded.labels).map(|((target, own), labels)| {
            let answers = answers.chunks_exact(width).map(|answer| &answer[own.clone()]);
            let weights = encoded.weights.as_deref();
            (target.name().to_owned(), score(target, answers, labels, weights))
        });
        Ok(scores.collect())
    }

    /// What is known of the model, for JavaScript and for `summary()`.
    pub fn describe(&self) -> Value {
        let Header { schema, encoder, data, versions, engine, history, .. } = &self.header;
        let options = self.options();
        let features: Vec<Value> = schema
            .features
            .iter()
            .zip(encoder.features())
            .map(|(feature, encoder)| {
                let mut described = json!(feature);
                described["missing"] = json!(encoder.missing());
                described["reason"] = json!(summary::reason(feature, encoder));
                if let Some(categories) = encoder.categories() {
                    described["categories"] = json!(categories.names());
                }
                described
            })
            .collect();
        let mut tasks = Vec::new();
        let experts = &self.header.experts;
        let all = schema.tasks.iter().zip(self.places()).zip(&data.labels);
        for (nth, ((task, (target, place)), labels)) in all.enumerate() {
            let mut described = json!({
                "name": task.name, "type": task.kind, "reason": task.reason, "weight": task.weight,
                "labels": labels, "offset": place.start, "width": place.len(),
            });
            if let Some(experts) = experts.get(nth) {
                described["experts"] = json!(experts);
            }
            if let Some(classes) = target.classes() {
                described["classes"] = json!(classes.names());
            }
            if let (Some(fields), Value::Object(loss)) =
                (described.as_object_mut(), json!(task.objective.loss))
            {
                fields.extend(loss);
            }
            if let (Some(fields), Value::Object(unit)) =
                (described.as_object_mut(), json!(task.unit))
            {
                fields.extend(unit);
            }
            if task.clamp {
                described["clamp"] = json!(true);
            }
            if let Some(temperature) = self.header.temperature(nth) {
                described["calibration"] = json!(temperature);
            }
            if let Some(interval) = self.header.interval(nth) {
                described["interval"] = json!(interval);
            }
            tasks.push(described);
        }
        let comparison = self.header.comparison.as_ref().map(Comparison::describe);
        let tuning = Some(&self.header.tuning).filter(|trials| !trials.is_empty());
        json!({
            "comparison": comparison, "tuning": tuning, "features": features, "dropped": schema.dropped, "tasks": tasks, "history": history,
            "options": options, "data": data, "versions": versions, "engine": engine,
            "missing": encoder.missing(),
            "parameters": self.net.weights().len(), "summary": self.summary(), "warnings": self.warnings(), "advice": self.advice(),
        })
    }
}

/// The scores of one task's answers.
pub fn score<'a>(
    target: &TargetEncoder,
    answers: impl Iterator<Item = &'a [f64]>,
    labels: &Labels,
    weights: Option<&[f64]>,
) -> Scores {
    let kind = target.kind();
    match target.classes() {
        Some(classes) => {
            let probabilities: Vec<f64> =
                answers.flat_map(|answer| &answer[1..]).copied().collect();
            let of = if kind == TaskType::Ordinal { ordinal } else { classification };
            of(&probabilities, classes.len(), &codes(labels), weights)
        }
        None => {
            let answers: Vec<&[f64]> = answers.collect();
            let column = |at: usize| answers.iter().map(|answer| answer[at]).collect::<Vec<f64>>();
            let of = if kind == TaskType::Count { count } else { regression };
            let scores = of(&column(0), &labels.raw, weights);
            match answers.first() {
                Some([_, _, _]) => interval(&column(1), &column(2), &labels.raw, weights, scores),
                _ => scores,
            }
        }
    }
}

/// The labels of a task with classes. A masked one is no class; metrics skip it.
fn codes(labels: &Labels) -> Vec<u32> {
    let code = |label: &f64| if label.is_nan() { u32::MAX } else { *label as u32 };
    labels.raw.iter().map(code).collect()
}
