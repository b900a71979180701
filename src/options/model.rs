//! The option `model`: a preset by name, or the default preset with fields of one's own.

use super::MOST_MEMBERS;
use super::embeddings;
use super::fields::{Fields, choose, name, wrong};
use super::preset::{Defaults, Preset};
use crate::error::{Code, Error, Result};
use crate::graph::{
    Activation, Architecture, Beginning, EmbeddingType, Norm, Parametrization, Rates, Spec,
};
use serde_json::{Value, json};

/// The network to train.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelChoice {
    /// Where defaults come from.
    pub preset: Preset,
    /// The network.
    pub spec: Spec,
}

/// Layers a network may have, and units in each: past this a model cannot be meant.
const MOST_LAYERS: usize = 64;
const MOST_UNITS: u64 = 16_384;

/// Experts of a kind, and levels of them, that a network may have.
const MOST_EXPERTS: u64 = 64;
const MOST_LEVELS: u64 = 8;

/// What the papers add to the losses (arXiv 2106.03760 and 2105.08489), and the most of it.
const ENTROPY: f32 = 1e-6;
const CALIBRATOR: f32 = 0.6;
const MOST_PENALTY: f64 = 1e6;

/// Options that not every architecture has, with those that do.
const PARTICULAR: [(&str, &[Architecture]); 8] = {
    use Architecture::*;
    [
        ("experts", &[Omoe, Mmoe, Cgc, Ple, DselectK]),
        ("taskExperts", &[Cgc, Ple, Adatt]),
        ("levels", &[Ple, Adatt]),
        ("gateDropout", &[Omoe, Mmoe, Cgc, Ple, Adatt]),
        ("k", &[DselectK]),
        ("members", &[Shared]),
        ("entropy", &[DselectK]),
        ("calibrator", &[Aitm]),
    ]
};

fn belongs(option: &str, architecture: Architecture) -> bool {
    let particular = PARTICULAR.iter().find(|(name, _)| *name == option);
    particular.is_none_or(|(_, architectures)| architectures.contains(&architecture))
}

impl Defaults {
    /// The network of an architecture where nothing else is said.
    fn spec_of(self, architecture: Architecture) -> Spec {
        use Architecture::*;
        let Defaults { spec, tower, .. } = self;
        let (hidden, dropout) = (spec.hidden.clone(), spec.dropout);
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
            experts: has("experts", experts),
            task_experts: has("taskExperts", if architecture == Adatt { 2 } else { 1 }),
            levels: if architecture == Cgc { 1 } else { has("levels", 2) },
            tower,
            gate_dropout: if belongs("gateDropout", architecture) { dropout } else { 0.0 },
            k: has("k", 2),
            entropy: if belongs("entropy", architecture) { ENTROPY } else { 0.0 },
            calibrator: if belongs("calibrator", architecture) { CALIBRATOR } else { 0.0 },
            members: has("members", spec.members),
            ..spec
        }
    }
}

impl ModelChoice {
    /// Reads `model` from the options.
    pub fn read(options: &mut Fields) -> Result<Self> {
        let preset = |preset: Preset| ModelChoice {
            preset,
            spec: preset.defaults().spec_of(Architecture::Shared),
        };
        match options.take("model") {
            None => Ok(preset(Preset::Default)),
            Some(name @ Value::String(_)) => choose("model", &name, &Preset::ALL).map(preset),
            Some(value) if value.is_object() => Self::custom(Fields::new("model", value)?),
            Some(other) => Err(wrong("model", "the name of a preset, or an object", &other)),
        }
    }

    fn custom(mut model: Fields) -> Result<Self> {
        let preset = model.choice("preset", &Preset::ALL)?.unwrap_or(Preset::Default);
        let architecture = model.choice("architecture", &Architecture::ALL)?;
        let mut spec = preset.defaults().spec_of(architecture.unwrap_or_default());
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
        recipe(&mut model, &mut spec)?;
        spec.embeddings = embeddings::read(&mut model, spec.embeddings)?;
        spec.categories = embeddings::read_categories(&mut model, spec.categories)?;
        spec.front = model.flag("front")?.unwrap_or(spec.front);
        // Members that only the preset asks for give way to what they do not go with.
        if model.given("members").is_none() && (spec.hidden.is_empty() || spec.norm != Norm::None) {
            spec.members = 0;
        }
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
        let preset = Preset::ALL.iter().find(|(_, preset)| *preset == self.preset);
        model["preset"] = json!(preset.map(|(name, _)| name));
        // Written as the user's 0.1, not as the nearest float's 0.10000000149011612.
        let short = |x: f32| x.to_string().parse::<f64>().map_or(Value::Null, |it| json!(it));
        model["dropout"] = short(self.spec.dropout);
        model["gateDropout"] = short(self.spec.gate_dropout);
        model["entropy"] = short(self.spec.entropy);
        model["calibrator"] = short(self.spec.calibrator);
        if let Some(own) = embeddings::to_json(&self.spec.embeddings) {
            model["embeddings"] = own;
        } else if !self.preset.defaults().spec.embeddings.is_none() {
            model["embeddings"] = json!(name(&EmbeddingType::ALL, &EmbeddingType::None));
        }
        if let Some(deviation) = self.spec.categories.deviation {
            model["categories"]["deviation"] = short(deviation);
        }
        if let Some(fields) = model.as_object_mut() {
            fields.retain(|option, _| belongs(option, self.spec.architecture));
        }
        model
    }
}

/// How layers begin, and how fast they learn.
fn recipe(model: &mut Fields, spec: &mut Spec) -> Result<()> {
    spec.parametric = model.flag("parametric")?.unwrap_or(spec.parametric);
    if let Some(meant) = model.choice("parametrization", &Parametrization::ALL)? {
        spec.parametrization = meant;
        // What the parametrisation is about, unless something else is asked for.
        if meant == Parametrization::Ntk {
            spec.init = Beginning::Normal;
        }
    }
    spec.init = model.choice("init", &Beginning::ALL)?.unwrap_or(spec.init);
    if let Some(mut rates) = model.object("rates")? {
        let mut rate = |kind, default| -> Result<f64> {
            let expected = "a number from 0.000001 to 1000";
            let given = rates.number(kind, expected, |x| (1e-6..=1000.0).contains(&x))?;
            Ok(given.unwrap_or(default))
        };
        let Rates { bias, activation, embedding, front } = spec.rates;
        spec.rates = Rates {
            bias: rate("bias", bias)?,
            activation: rate("activation", activation)?,
            embedding: rate("embedding", embedding)?,
            front: rate("front", front)?,
        };
        rates.finish()?;
    }
    Ok(())
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
        if spec.experts < 2 {
            let expected = format!("a whole number from 2 to {MOST_EXPERTS}");
            return Err(wrong(&model.path("experts"), &expected, &json!(spec.experts)));
        }
        let k = model.whole("k", 1, spec.experts as u64)?;
        spec.k = k.map_or(spec.k, |k| k as usize);
    }
    if belongs("members", spec.architecture)
        && let Some(members) = model.whole("members", 0, MOST_MEMBERS)?
    {
        spec.members = members as usize;
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
    let weight = format!("a number from 0 to {MOST_PENALTY}");
    for (option, to) in [("entropy", &mut spec.entropy), ("calibrator", &mut spec.calibrator)] {
        if belongs(option, spec.architecture)
            && let Some(given) =
                model.number(option, &weight, |x| (0.0..=MOST_PENALTY).contains(&x))?
        {
            *to = given as f32;
        }
    }
    Ok(())
}

/// An error where an architecture would have nothing to mix.
fn require_layers(spec: &Spec) -> Result<()> {
    use Architecture::*;
    if spec.members > 0 && spec.norm != Norm::None {
        // Over a whole row it would mix the members.
        let expected = "'none', as layers that members share have no normalisation";
        return Err(wrong("model.norm", expected, &json!("layer")));
    }
    let (option, widths) = match spec.architecture {
        Shared if spec.members > 0 && spec.hidden.is_empty() => {
            let expected = "at least one layer, which members of one network share";
            return Err(wrong("model.hidden", expected, &json!([])));
        }
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
