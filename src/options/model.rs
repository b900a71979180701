//! The option `model`: a preset by name, or the default preset with fields of one's own.

use super::embeddings;
use super::fields::{Fields, choose, name, wrong};
use crate::error::{Code, Error, Result};
use crate::graph::{Activation, Architecture, Embeddings, Norm, Spec};
use serde_json::{Value, json};

/// A named set of defaults for the network and its training.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// What a user gets who says nothing.
    Default,
    /// The article's model: 4-10-10-3, ReLU, plain SGD.
    Article,
}

/// The network to train.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelChoice {
    /// Where defaults come from.
    pub preset: Preset,
    /// The network.
    pub spec: Spec,
}

const PRESETS: [(&str, Preset); 2] = [("default", Preset::Default), ("article", Preset::Article)];

/// Layers a network may have, and units in each: past this a model cannot be meant.
const MOST_LAYERS: usize = 64;
const MOST_UNITS: u64 = 16_384;

/// Experts of a kind, and levels of them, that a network may have.
const MOST_EXPERTS: u64 = 64;
const MOST_LEVELS: u64 = 8;

/// Options that not every architecture has, with those that do.
const PARTICULAR: [(&str, &[Architecture]); 5] = {
    use Architecture::*;
    [
        ("experts", &[Omoe, Mmoe, Cgc, Ple, DselectK]),
        ("taskExperts", &[Cgc, Ple, Adatt]),
        ("levels", &[Ple, Adatt]),
        ("gateDropout", &[Omoe, Mmoe, Cgc, Ple, Adatt]),
        ("k", &[DselectK]),
    ]
};

fn belongs(option: &str, architecture: Architecture) -> bool {
    let particular = PARTICULAR.iter().find(|(name, _)| *name == option);
    particular.is_none_or(|(_, architectures)| architectures.contains(&architecture))
}

impl Preset {
    /// The network of an architecture where nothing else is said.
    fn spec(self, architecture: Architecture) -> Spec {
        use Architecture::*;
        let (hidden, tower, activation, dropout) = match self {
            Preset::Default => (vec![128, 128], vec![64], Activation::Silu, 0.1),
            Preset::Article => (vec![10, 10], vec![10], Activation::Relu, 0.0),
        };
        let (hidden, tower) = match architecture {
            Shared | CrossStitch => (hidden, Vec::new()),
            // Tasks share the row alone, as in the papers.
            Esmm | Aitm => (Vec::new(), hidden),
            _ => (hidden, tower),
        };
        let experts = if matches!(architecture, Cgc | Ple) { 1 } else { 4 };
        let has = |option, count| if belongs(option, architecture) { count } else { 0 };
        Spec {
            architecture,
            hidden,
            activation,
            dropout,
            norm: Norm::None,
            experts: has("experts", experts),
            task_experts: has("taskExperts", if architecture == Adatt { 2 } else { 1 }),
            levels: if architecture == Cgc { 1 } else { has("levels", 2) },
            tower,
            gate_dropout: if belongs("gateDropout", architecture) { dropout } else { 0.0 },
            k: has("k", 2),
            embeddings: Embeddings::default(),
        }
    }
}

impl ModelChoice {
    /// Reads `model` from the options.
    pub fn read(options: &mut Fields) -> Result<Self> {
        let preset =
            |preset: Preset| ModelChoice { preset, spec: preset.spec(Architecture::Shared) };
        match options.take("model") {
            None => Ok(preset(Preset::Default)),
            Some(name @ Value::String(_)) => choose("model", &name, &PRESETS).map(preset),
            Some(value) if value.is_object() => Self::custom(Fields::new("model", value)?),
            Some(other) => Err(wrong("model", "the name of a preset, or an object", &other)),
        }
    }

    fn custom(mut model: Fields) -> Result<Self> {
        let preset = model.choice("preset", &PRESETS)?.unwrap_or(Preset::Default);
        let architecture = model.choice("architecture", &Architecture::ALL)?;
        let mut spec = preset.spec(architecture.unwrap_or_default());
        let expected =
            format!("an array of at most {MOST_LAYERS} whole numbers from 1 to {MOST_UNITS}");
        if let Some(hidden) = model.read("hidden", &expected, widths)? {
            spec.hidden = hidden;
        }
        if let Some(activation) = model.choice("activation", &Activation::ALL)? {
            spec.activation = activation;
        }
        let rate = "a number from 0 up to but not 1";
        if let Some(dropout) = model.number("dropout", rate, |x| (0.0..1.0).contains(&x))? {
            spec.dropout = dropout as f32;
        }
        if let Some(norm) = model.choice("norm", &[("none", Norm::None), ("layer", Norm::Layer)])? {
            spec.norm = norm;
        }
        if let Some(tower) = model.read("tower", &expected, widths)? {
            spec.tower = tower;
        }
        spec.embeddings = embeddings::read(&mut model)?;
        particular(&mut model, &mut spec)?;
        model.finish()?;
        require_layers(&spec)?;
        Ok(ModelChoice { preset, spec })
    }

    /// The name of the architecture if its tasks are a chain.
    pub fn chained(&self) -> Option<&'static str> {
        let architecture = self.spec.architecture;
        architecture.is_chained().then(|| name(&Architecture::ALL, &architecture))
    }

    /// The choice as a user would write it.
    pub fn to_json(&self) -> Value {
        let mut model = json!(self.spec);
        let name = PRESETS.iter().find(|(_, preset)| *preset == self.preset);
        model["preset"] = json!(name.map(|(name, _)| name));
        // Written as the user's 0.1, not as the nearest float's 0.10000000149011612.
        let rate = |rate: f32| rate.to_string().parse::<f64>().map_or(Value::Null, |it| json!(it));
        model["dropout"] = rate(self.spec.dropout);
        model["gateDropout"] = rate(self.spec.gate_dropout);
        if let Some(own) = embeddings::to_json(&self.spec.embeddings) {
            model["embeddings"] = own;
        }
        if let Some(fields) = model.as_object_mut() {
            fields.retain(|option, _| belongs(option, self.spec.architecture));
        }
        model
    }
}

/// Options that not every architecture has.
fn particular(model: &mut Fields, spec: &mut Spec) -> Result<()> {
    for (option, architectures) in PARTICULAR {
        let path = model.path(option);
        if belongs(option, spec.architecture) || model.take(option).is_none() {
            continue;
        }
        let quoted = |of: &Architecture| format!("'{}'", name(&Architecture::ALL, of));
        let theirs: Vec<String> = architectures.iter().map(quoted).collect();
        let has = PARTICULAR.iter().filter(|(name, _)| belongs(name, spec.architecture));
        let has: Vec<&str> = has.map(|(name, _)| *name).chain(["hidden", "tower"]).collect();
        let message = format!(
            "{path}: is an option of {}, not of {}, which has {}",
            theirs.join(", "),
            quoted(&spec.architecture),
            has.join(", ")
        );
        return Err(Error::new(Code::Options, message).option(path));
    }
    if belongs("experts", spec.architecture)
        && let Some(experts) = model.whole("experts", 1, MOST_EXPERTS)?
    {
        spec.experts = experts as usize;
    }
    if spec.architecture == Architecture::DselectK {
        if !spec.experts.is_power_of_two() || spec.experts < 2 {
            let expected = "2, 4, 8, 16, 32 or 64, as each is selected by the bits of its number";
            return Err(wrong(&model.path("experts"), expected, &json!(spec.experts)));
        }
        let k = model.whole("k", 1, spec.experts as u64)?;
        spec.k = k.map_or(spec.k, |k| k as usize);
    }
    if belongs("taskExperts", spec.architecture)
        && let Some(experts) = model.whole("taskExperts", 1, MOST_EXPERTS)?
    {
        spec.task_experts = experts as usize;
    }
    if belongs("levels", spec.architecture)
        && let Some(levels) = model.whole("levels", 1, MOST_LEVELS)?
    {
        spec.levels = levels as usize;
    }
    if belongs("gateDropout", spec.architecture) {
        let rate = "a number from 0 up to but not 1";
        if let Some(rate) = model.number("gateDropout", rate, |x| (0.0..1.0).contains(&x))? {
            spec.gate_dropout = rate as f32;
        }
    }
    Ok(())
}

/// An error where an architecture would have nothing to mix.
fn require_layers(spec: &Spec) -> Result<()> {
    use Architecture::*;
    let (option, widths) = match spec.architecture {
        Shared | Esmm => return Ok(()),
        Aitm => ("model.tower", &spec.tower),
        Omoe | Mmoe | Cgc | Ple | CrossStitch | Adatt | DselectK => ("model.hidden", &spec.hidden),
    };
    if !widths.is_empty() {
        return Ok(());
    }
    let name = name(&Architecture::ALL, &spec.architecture);
    let expected = format!("at least one layer, as '{name}' combines what layers give");
    Err(wrong(option, &expected, &json!([])))
}

fn widths(value: &Value) -> Option<Vec<usize>> {
    let layers = value.as_array().filter(|layers| layers.len() <= MOST_LAYERS)?;
    let units = |layer: &Value| {
        let units = layer.as_f64().filter(|units| units.fract() == 0.0)?;
        (1.0..=MOST_UNITS as f64).contains(&units).then_some(units as usize)
    };
    layers.iter().map(units).collect()
}
