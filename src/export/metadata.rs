//! What the file tells of itself: names that no two values share, and the schema as JSON.

use super::columns::element;
use super::heads::Outputs;
use super::proto::Element;
use crate::artifact::Header;
use crate::data::{Encoder, FeatureEncoding};
use crate::error::{Code, Error, Result};
use serde_json::{Map, Value, json};
use std::collections::HashSet;

/// The names of a graph's values.
pub struct Names {
    /// Of each task's outputs.
    pub outputs: Vec<Outputs>,
    /// What no other name begins with.
    pub prefix: String,
}

impl Names {
    /// Inputs and outputs bear the names of columns; further outputs one with a dot, and an
    /// underscore for as long as another value has it already.
    pub fn new(header: &Header) -> Result<Self> {
        let encoder = &header.encoder;
        let features = encoder.features().iter().map(|feature| feature.name());
        let columns = features.chain(encoder.targets().iter().map(|target| target.name()));
        let mut taken: HashSet<String> = HashSet::new();
        for name in columns {
            if name.is_empty() {
                let message = "exportOnnx: a column's name is empty, and ONNX needs one";
                return Err(Error::new(Code::Schema, message).column(name));
            }
            if !taken.insert(name.to_owned()) {
                let message = "exportOnnx: two columns have this name";
                return Err(Error::new(Code::Schema, message).column(name));
            }
        }
        let mut further = |task: &str, what: &str| {
            let mut name = format!("{task}.{what}");
            while !taken.insert(name.clone()) {
                name.push('_');
            }
            name
        };
        let mut outputs = Vec::new();
        for (nth, target) in encoder.targets().iter().enumerate() {
            let task = target.name();
            outputs.push(Outputs {
                answer: task.to_owned(),
                label: target.classes().map(|_| further(task, "label")),
                ends: header.interval(nth).map(|_| [further(task, "low"), further(task, "high")]),
            });
        }
        let mut prefix = "_".to_owned();
        while taken.iter().any(|name| name.starts_with(&prefix)) {
            prefix.push('_');
        }
        Ok(Names { outputs, prefix })
    }
}

/// Keys and texts of the file's metadata.
pub fn metadata(header: &Header, outputs: &[Outputs]) -> Vec<(&'static str, String)> {
    let targets = header.encoder.targets();
    let classes: Map<String, Value> = targets
        .iter()
        .filter_map(|target| Some((target.name().to_owned(), json!(target.classes()?.names()))))
        .collect();
    let tasks = targets.iter().zip(&header.schema.tasks).zip(outputs);
    let tasks: Vec<Value> = tasks
        .map(|((target, task), outputs)| {
            let mut described = json!({ "name": task.name, "type": task.kind });
            match (&outputs.label, target.classes()) {
                (Some(label), Some(classes)) => {
                    described["probabilities"] = json!(outputs.answer);
                    described["label"] = json!(label);
                    described["classes"] = json!(classes.names());
                }
                _ => described["value"] = json!(outputs.answer),
            }
            if let Some([low, high]) = &outputs.ends {
                described["low"] = json!(low);
                described["high"] = json!(high);
            }
            described
        })
        .collect();
    let [default, given, _] = header.encoder.missing().lists();
    let missing = [default, given].concat();
    let schema = json!({
        "features": features(&header.encoder, header), "tasks": tasks, "missing": missing,
    });
    vec![
        ("polytask", header.versions.polytask.clone()),
        ("classes", Value::Object(classes).to_string()),
        ("schema", schema.to_string()),
    ]
}

fn features(encoder: &Encoder, header: &Header) -> Vec<Value> {
    let features = encoder.features().iter().zip(&header.schema.features);
    features
        .map(|(encoder, feature)| {
            let date = matches!(encoder.encoding(), FeatureEncoding::Date { .. });
            let holds = match element(encoder) {
                Element::Text => "text",
                _ if date => "milliseconds since 1970",
                _ => "number",
            };
            let mut described = json!({
                "name": encoder.name(), "type": feature.kind, "holds": holds,
                "missing": encoder.missing(),
            });
            if let Some(categories) = encoder.categories() {
                described["categories"] = json!(categories.names());
            }
            described
        })
        .collect()
}
