//! The model file: safetensors with readable parameter names, everything else as one JSON string
//! in its metadata. Nothing in a file is trusted before it was checked.

use crate::comparison::Comparison;
use crate::data::{Encoder, Reading, Schema};
use crate::draft::Draft;
use crate::error::{Code, Error, Result};
use crate::graph::Graph;
use crate::history::EpochReport;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::HashMap;
use std::fs;
use std::io::Write;
use std::path::Path;

/// The version of the file format this polytask writes, and the only one it reads.
pub const FORMAT: u32 = 1;

/// The metadata key that holds the [`Header`].
const KEY: &str = "polytask";

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
    /// What it was trained on.
    pub data: DataInfo,
    /// Epoch by epoch.
    pub history: Vec<EpochReport>,
    /// How it compares with single-task twins, where that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comparison: Option<Comparison>,
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
    /// Rows in all.
    pub rows: usize,
    /// Rows that trained.
    pub train_rows: usize,
    /// Rows that validated.
    pub validation_rows: usize,
    /// Observed labels in the training rows, task by task.
    pub labels: Vec<usize>,
    /// How files were read; none for rows.
    pub reading: Option<Reading>,
}

impl Artifact {
    /// The bytes of the file.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let internal =
            |error: &dyn std::fmt::Display| Error::new(Code::Internal, error.to_string());
        let json = serde_json::to_string(&self.header).map_err(|error| internal(&error))?;
        let bytes: Vec<u8> = self.weights.iter().flat_map(|weight| weight.to_le_bytes()).collect();
        let mut tensors = Vec::new();
        for (param, range) in self.header.graph.params.iter().zip(self.header.graph.ranges()) {
            let bytes = &bytes[range.start * 4..range.end * 4];
            let view = TensorView::new(Dtype::F32, param.shape.clone(), bytes);
            tensors.push((param.name.as_str(), view.map_err(|error| internal(&error))?));
        }
        let metadata = HashMap::from([(KEY.to_owned(), json)]);
        safetensors::serialize(tensors, Some(metadata)).map_err(|error| internal(&error))
    }

    /// Reads and checks the bytes of a file.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let broken = |error: &dyn std::fmt::Display| {
            bad("not a model file, or a damaged one: it is no valid safetensors file").cause(error)
        };
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(|error| broken(&error))?;
        let json = metadata.metadata().as_ref().and_then(|map| map.get(KEY));
        let json = json.ok_or_else(|| bad("a safetensors file, but not one of polytask"))?;
        let header = header(json)?;
        let tensors = SafeTensors::deserialize(bytes).map_err(|error| broken(&error))?;
        let weights = weights(&header.graph, &tensors)?;
        Ok(Artifact { header, weights })
    }

    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self> {
        let name = path.display().to_string();
        let failed = |error: std::io::Error| {
            let what = match error.kind() {
                std::io::ErrorKind::NotFound => "no such file".to_owned(),
                _ => format!("cannot be read: {error}"),
            };
            bad(what).file(name.clone()).cause(error)
        };
        if path.is_dir() {
            return Err(bad("is a folder, not a model file").file(name));
        }
        let bytes = fs::read(path).map_err(failed)?;
        Artifact::from_bytes(&bytes).map_err(|error| error.file(name.clone()))
    }

    /// Writes a file whole or not at all.
    pub fn write(&self, path: &Path) -> Result<()> {
        let bytes = self.to_bytes()?;
        let written = Draft::new(path).and_then(|mut draft| {
            draft.file().write_all(&bytes)?;
            draft.finish()
        });
        written.map_err(|error| {
            bad(format!("cannot be written: {error}")).file(path.display().to_string()).cause(error)
        })
    }
}

fn bad(message: impl Into<String>) -> Error {
    Error::new(Code::Artifact, message)
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
        let heads: Vec<usize> = targets.iter().map(|target| target.head_width()).collect();
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
        let names = targets.iter().map(|target| target.name());
        if self.comparison.as_ref().is_some_and(|comparison| !comparison.is_valid(names)) {
            return Err(bad("its comparison does not fit its tasks"));
        }
        Ok(())
    }
}

/// The flat weights: every parameter there, of its shape, finite; nothing else in the file.
fn weights(graph: &Graph, tensors: &SafeTensors<'_>) -> Result<Vec<f32>> {
    if tensors.len() != graph.params.len() {
        return Err(bad(format!(
            "holds {} tensors, its network has {} parameters",
            tensors.len(),
            graph.params.len()
        )));
    }
    // All sizes are checked against the file's own before anything is allocated.
    let mut views = Vec::new();
    for param in &graph.params {
        let view = tensors
            .tensor(&param.name)
            .map_err(|_| bad(format!("the parameter {} is missing", param.name)))?;
        if view.dtype() != Dtype::F32 || view.shape() != param.shape {
            return Err(bad(format!(
                "the parameter {} is {:?} {:?}, expected F32 {:?}",
                param.name,
                view.dtype(),
                view.shape(),
                param.shape
            )));
        }
        views.push(view);
    }
    let mut weights = Vec::with_capacity(graph.weights());
    for (param, view) in graph.params.iter().zip(views) {
        let (quads, _) = view.data().as_chunks::<4>();
        weights.extend(quads.iter().map(|quad| f32::from_le_bytes(*quad)));
        if weights.iter().rev().take(param.len()).any(|weight| !weight.is_finite()) {
            return Err(bad(format!("the parameter {} is not finite", param.name)));
        }
    }
    Ok(weights)
}

#[cfg(test)]
#[path = "artifact_tests.rs"]
mod tests;
