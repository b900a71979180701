//! The model file: safetensors with readable parameter names, everything else as one JSON string
//! in its metadata. Nothing in a file is trusted before it was checked.

use crate::archive::{self, Archive, Array, Kind, bad};
use crate::calibration::{Interval, Temperature};
use crate::comparison::Comparison;
use crate::data::{Encoder, Reading, Schema, Taken};
use crate::error::Result;
use crate::graph::Graph;
use crate::history::EpochReport;
use crate::tuning::Trial;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::path::Path;

/// The version of the file format this polytask writes, and the only one it reads.
pub const FORMAT: u32 = 1;

/// A trained model as it lies in a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Artifact {
    /// All but the weights.
    pub header: Header,
    /// The flat weights, in the order of the graph's parameters.
    pub weights: Vec<f32>,
}

/// All of a model but its weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// [`FORMAT`].
    pub format: u32,
    /// What wrote the file.
    pub versions: Versions,
    /// The columns as understood.
    pub schema: Schema,
    /// Rows to numbers, and numbers to answers.
    pub encoder: Encoder,
    /// The network.
    pub graph: Graph,
    /// The options as understood.
    pub options: Value,
    /// What computed the steps of training, in words.
    #[serde(default)]
    pub engine: String,
    /// What it was trained on.
    pub data: DataInfo,
    /// Epoch by epoch.
    pub history: Vec<EpochReport>,
    /// For each task the mean weight of each expert over the validation rows, or the training rows
    /// where there were none; nothing where the network has no experts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub experts: Vec<Vec<f64>>,
    /// The temperature of each task that has one; nothing where none has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calibration: Vec<Option<Temperature>>,
    /// How far each task's values may be off, where that was asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub intervals: Vec<Option<Interval>>,
    /// How it compares with single-task twins, where that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comparison: Option<Comparison>,
    /// The trials of the search that found it; nothing where there was none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tuning: Vec<Trial>,
    /// What was amiss with the data, or with what the training came to, in a sentence or two each;
    /// nothing in files of before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

/// What wrote a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Versions {
    /// polytask's version.
    pub polytask: String,
    /// libtorch's version.
    pub libtorch: String,
}

/// What a model was trained on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DataInfo {
    /// The file, or `rows`.
    pub source: String,
    /// A hash of the data (xxh3, 64 bits, hexadecimal), to tell whether two models saw the same.
    pub fingerprint: String,
    /// Rows in all, without those of weight 0.
    pub rows: usize,
    /// Rows of weight 0, which were left out before anything was learnt of the data.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub zero_weight_rows: usize,
    /// Rows that trained.
    pub train_rows: usize,
    /// Rows that validated.
    pub validation_rows: usize,
    /// Observed labels in the training rows, task by task.
    pub labels: Vec<usize>,
    /// How files were read; none for rows.
    pub reading: Option<Reading>,
    /// The tokens that were taken for missing because they are so by default, in targets and in
    /// columns of texts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taken: Vec<Taken>,
    /// The trainings that followed from all rows; none where none did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refit: Option<Refit>,
    /// The split by time; none where rows were divided otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split: Option<SplitByTime>,
}

/// Where a split by time is, by cells as they were written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SplitByTime {
    /// The column that says when a row was.
    pub column: String,
    /// When the last training row was.
    pub last: String,
    /// When the first validation row was.
    pub first: String,
}

/// Trainings anew from all rows, which the network is from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refit {
    /// The epochs that the first took.
    pub epochs: usize,
    /// The rows that trained: those that had validated among them.
    pub rows: usize,
    /// The epochs of each of the further networks that answer with the first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub further: Vec<usize>,
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

impl Artifact {
    /// The bytes of the file.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let graph = &self.header.graph;
        let arrays = graph.params.iter().zip(graph.ranges());
        let arrays: Vec<Array<'_>> = arrays
            .map(|(param, range)| Array::new(&param.name, &param.shape, &self.weights[range]))
            .collect();
        archive::to_bytes(Kind::Model, &self.header, &arrays)
    }

    /// Reads and checks the bytes of a file.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let archive = Archive::open(bytes, Kind::Model)?;
        let header = header(archive.json())?;
        let weights = weights(&header.graph, &archive)?;
        Ok(Artifact { header, weights })
    }

    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = archive::read(path, Kind::Model)?;
        Artifact::from_bytes(&bytes).map_err(|error| error.file(path.display().to_string()))
    }

    /// Writes a file whole or not at all.
    pub fn write(&self, path: &Path) -> Result<()> {
        archive::write(path, &self.to_bytes()?)
    }
}

fn header(json: &str) -> Result<Header> {
    #[derive(Deserialize)]
    struct Format {
        format: u32,
    }
    let invalid = |error: serde_json::Error| bad("its metadata is not valid").cause(error);
    let Format { format } = serde_json::from_str(json).map_err(invalid)?;
    if format != FORMAT {
        return Err(bad(format!("has format version {format}, this polytask reads {FORMAT}")));
    }
    let header: Header = serde_json::from_str(json).map_err(invalid)?;
    header.check()?;
    Ok(header)
}

impl Header {
    /// Whether the parts agree with each other.
    fn check(&self) -> Result<()> {
        self.graph.check()?;
        self.encoder.check()?;
        let Header { graph, encoder, schema, .. } = self;
        let targets = encoder.targets();
        let heads: Vec<usize> =
            targets.iter().map(|target| target.head_width() * graph.members).collect();
        let same_tasks = targets
            .iter()
            .map(|target| (target.name(), target.kind(), target.classes()))
            .eq(schema
                .tasks
                .iter()
                .map(|task| (task.name.as_str(), task.kind, task.classes.as_ref())));
        if encoder.inputs() != graph.inputs || heads != graph.head_widths() || !same_tasks {
            return Err(bad("its columns, tasks and network do not fit each other"));
        }
        if self.data.labels.len() != targets.len() {
            return Err(bad("its label counts do not fit its tasks"));
        }
        let gates = graph.gates.iter().take(targets.len());
        let gates: Vec<usize> = gates.map(|&gate| graph.nodes[gate].width).collect();
        let experts: Vec<usize> = self.experts.iter().map(Vec::len).collect();
        if !experts.is_empty() && experts != gates {
            return Err(bad("its use of experts does not fit its network"));
        }
        self.check_calibration()?;
        let names = targets.iter().map(|target| target.name());
        if self.comparison.as_ref().is_some_and(|comparison| !comparison.is_valid(names)) {
            return Err(bad("its comparison does not fit its tasks"));
        }
        Ok(())
    }
}

impl Header {
    /// The temperature of a task, if it has one.
    pub fn temperature(&self, task: usize) -> Option<&Temperature> {
        self.calibration.get(task)?.as_ref()
    }

    /// How far a task's values may be off, if that is known.
    pub fn interval(&self, task: usize) -> Option<&Interval> {
        self.intervals.get(task)?.as_ref()
    }

    /// Whether temperatures are of tasks with classes, intervals of the others, and all in range.
    fn check_calibration(&self) -> Result<()> {
        let targets = self.encoder.targets();
        let fits = |length: usize| length == 0 || length == targets.len();
        let each = targets.iter().enumerate().all(|(task, target)| {
            let has_classes = target.classes().is_some();
            self.temperature(task).is_none_or(|it| has_classes && it.is_valid())
                && self.interval(task).is_none_or(|it| !has_classes && it.is_valid())
        });
        if fits(self.calibration.len()) && fits(self.intervals.len()) && each {
            return Ok(());
        }
        Err(bad("its calibration is out of range, or does not fit its tasks"))
    }
}

/// The flat weights: every parameter there, of its shape, finite; nothing else in the file.
fn weights(graph: &Graph, archive: &Archive<'_>) -> Result<Vec<f32>> {
    if archive.len() != graph.params.len() {
        return Err(bad(format!(
            "holds {} tensors, its network has {} parameters",
            archive.len(),
            graph.params.len()
        )));
    }
    // All sizes are checked against the file's own before anything is allocated.
    let mut all = Vec::new();
    for param in &graph.params {
        all.push(archive.values::<f32>(&param.name, &param.shape)?);
    }
    let mut weights = Vec::with_capacity(graph.weights());
    for (param, values) in graph.params.iter().zip(all) {
        weights.extend(values);
        if weights.iter().rev().take(param.len()).any(|weight: &f32| !weight.is_finite()) {
            return Err(bad(format!("the parameter {} is not finite", param.name)));
        }
    }
    Ok(weights)
}

#[cfg(test)]
#[path = "artifact_tests.rs"]
mod tests;
