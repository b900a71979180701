//! The option `model`: a preset by name, or the default preset with fields of one's own.

use super::fields::{Fields, choose, wrong};
use crate::error::Result;
use crate::graph::{Activation, Norm, Spec};
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

impl Preset {
    fn spec(self) -> Spec {
        match self {
            Preset::Default => Spec {
                hidden: vec![128, 128],
                activation: Activation::Silu,
                dropout: 0.1,
                norm: Norm::None,
            },
            Preset::Article => Spec {
                hidden: vec![10, 10],
                activation: Activation::Relu,
                dropout: 0.0,
                norm: Norm::None,
            },
        }
    }
}

impl ModelChoice {
    /// Reads `model` from the options.
    pub fn read(options: &mut Fields) -> Result<Self> {
        let preset = |preset: Preset| ModelChoice { preset, spec: preset.spec() };
        match options.take("model") {
            None => Ok(preset(Preset::Default)),
            Some(name @ Value::String(_)) => choose("model", &name, &PRESETS).map(preset),
            Some(value) if value.is_object() => Self::custom(Fields::new("model", value)?),
            Some(other) => Err(wrong("model", "the name of a preset, or an object", &other)),
        }
    }

    fn custom(mut model: Fields) -> Result<Self> {
        let preset = model.choice("preset", &PRESETS)?.unwrap_or(Preset::Default);
        let mut spec = preset.spec();
        let expected =
            format!("an array of at most {MOST_LAYERS} whole numbers from 1 to {MOST_UNITS}");
        if let Some(hidden) = model.read("hidden", &expected, hidden)? {
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
        model.finish()?;
        Ok(ModelChoice { preset, spec })
    }

    /// The choice as a user would write it.
    pub fn to_json(&self) -> Value {
        let mut model = json!(self.spec);
        let name = PRESETS.iter().find(|(_, preset)| *preset == self.preset);
        model["preset"] = json!(name.map(|(name, _)| name));
        // Written as the user's 0.1, not as the nearest float's 0.10000000149011612.
        let dropout = self.spec.dropout.to_string();
        model["dropout"] = dropout.parse::<f64>().map_or(Value::Null, |rate| json!(rate));
        model
    }
}

fn hidden(value: &Value) -> Option<Vec<usize>> {
    let layers = value.as_array().filter(|layers| layers.len() <= MOST_LAYERS)?;
    let units = |layer: &Value| {
        let units = layer.as_f64().filter(|units| units.fract() == 0.0)?;
        (1.0..=MOST_UNITS as f64).contains(&units).then_some(units as usize)
    };
    layers.iter().map(units).collect()
}
