//! What a user may say of the network, checked; `compose` turns it into a graph.

use super::{
    Activation, Beginning, Builder, CategoryEmbeddings, Decay, Embeddings, Graph, Inputs,
    Parametrization, Rates, Sketch, architecture, recipe,
};
use serde::{Deserialize, Serialize};

/// Normalisation after each hidden layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Norm {
    /// None.
    None,
    /// Layer normalisation.
    Layer,
}

/// How tasks share a network.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Architecture {
    /// One trunk.
    #[default]
    Shared,
    /// Experts, weighed alike for all tasks.
    Omoe,
    /// Experts, weighed for each task.
    Mmoe,
    /// Experts of all and of each task.
    Cgc,
    /// The same on several levels.
    Ple,
    /// A network for each task, whose layers are mixed.
    CrossStitch,
    /// Levels of experts of each task, which every task weighs.
    Adatt,
    /// Experts, of which each task selects a few.
    DselectK,
    /// Tasks in an order, each a condition of the next: chances are multiplied.
    Esmm,
    /// Tasks in an order, each attending to what the one before knows.
    Aitm,
}

impl Architecture {
    /// Every architecture, with the name users write.
    pub const ALL: [(&'static str, Architecture); 10] = [
        ("shared", Architecture::Shared),
        ("omoe", Architecture::Omoe),
        ("mmoe", Architecture::Mmoe),
        ("cgc", Architecture::Cgc),
        ("ple", Architecture::Ple),
        ("cross-stitch", Architecture::CrossStitch),
        ("adatt", Architecture::Adatt),
        ("dselect-k", Architecture::DselectK),
        ("esmm", Architecture::Esmm),
        ("aitm", Architecture::Aitm),
    ];

    /// Whether tasks must have two classes each and imply the ones before.
    pub fn is_chained(self) -> bool {
        matches!(self, Architecture::Esmm | Architecture::Aitm)
    }
}

/// A network by its options. The fields hold what was checked where they were read; those that
/// have no meaning for the architecture are not looked at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Spec {
    /// How tasks share it.
    #[serde(default)]
    pub architecture: Architecture,
    /// Widths of the hidden layers of the trunk, of each expert, or of each task's network; empty
    /// means linear models on the row.
    pub hidden: Vec<usize>,
    /// Activation after each hidden layer.
    pub activation: Activation,
    /// Dropout after each hidden layer, in [0, 1).
    pub dropout: f32,
    /// Normalisation after each hidden layer.
    pub norm: Norm,
    /// Experts that all tasks have.
    #[serde(default)]
    pub experts: usize,
    /// Experts that each task has of its own.
    #[serde(default)]
    pub task_experts: usize,
    /// Levels of experts.
    #[serde(default)]
    pub levels: usize,
    /// Widths of the hidden layers between what is shared and the output of each task.
    #[serde(default)]
    pub tower: Vec<usize>,
    /// How often a gate has to do without an expert in training, in [0, 1).
    #[serde(default)]
    pub gate_dropout: f32,
    /// The most experts a task selects.
    #[serde(default)]
    pub k: usize,
    /// Whether each unit learns how much it has of the activation.
    #[serde(default)]
    pub parametric: bool,
    /// How the weights of layers are meant.
    #[serde(default)]
    pub parametrization: Parametrization,
    /// How layers begin.
    #[serde(default)]
    pub init: Beginning,
    /// What the learning rate is multiplied with for kinds of parameters.
    #[serde(default)]
    pub rates: Rates,
    /// Which parameters the weight decay pulls, and how hard; a preset says so, and no option.
    #[serde(skip)]
    pub decay: Decay,
    /// Members that share the weights of the hidden layers; 0 for one network that has none.
    #[serde(default)]
    pub members: usize,
    /// What the entropy of a selection of experts counts in training.
    #[serde(default)]
    pub entropy: f32,
    /// What it counts in training that a task is likelier than the one before.
    #[serde(default)]
    pub calibrator: f32,
    /// What is made of numeric features.
    #[serde(default, skip_serializing_if = "Embeddings::is_none")]
    pub embeddings: Embeddings,
    /// What is made of categories that are not one-hot.
    #[serde(default, skip_serializing_if = "CategoryEmbeddings::is_default")]
    pub categories: CategoryEmbeddings,
    /// Whether each number that the network reads is first multiplied with one that is learnt.
    #[serde(default)]
    pub front: bool,
}

impl Default for Spec {
    /// The network of the preset 'fast'.
    fn default() -> Self {
        Spec {
            architecture: Architecture::Shared,
            hidden: vec![128, 128],
            activation: Activation::Silu,
            dropout: 0.1,
            norm: Norm::None,
            experts: 0,
            task_experts: 0,
            levels: 0,
            tower: Vec::new(),
            gate_dropout: 0.0,
            k: 0,
            parametric: false,
            parametrization: Parametrization::Standard,
            init: Beginning::Uniform,
            rates: Rates::default(),
            decay: Decay::default(),
            members: 0,
            entropy: 0.0,
            calibrator: 0.0,
            embeddings: Embeddings::default(),
            categories: CategoryEmbeddings::default(),
            front: false,
        }
    }
}

impl Spec {
    /// The graph for rows of this shape and one head of each given width, of which no column is
    /// known to be a number: none is embedded.
    pub fn compose(&self, inputs: Inputs, heads: &[usize]) -> Graph {
        self.compose_for(inputs, heads, &Sketch::default())
    }

    /// The graph for rows of this shape, of which more is known.
    pub fn compose_for(&self, inputs: Inputs, heads: &[usize], sketch: &Sketch) -> Graph {
        let compose = match self.architecture {
            Architecture::Shared => architecture::shared::compose,
            Architecture::Omoe | Architecture::Mmoe => architecture::mmoe::compose,
            Architecture::Cgc | Architecture::Ple => architecture::ple::compose,
            Architecture::CrossStitch => architecture::cross_stitch::compose,
            Architecture::Adatt => architecture::adatt::compose,
            Architecture::DselectK => architecture::dselect_k::compose,
            Architecture::Esmm => architecture::esmm::compose,
            Architecture::Aitm => architecture::aitm::compose,
        };
        let mut builder = Builder::new(inputs);
        let row = architecture::row::compose(&mut builder, self, sketch);
        compose(self, &mut builder, row, heads);
        let mut graph = builder.build();
        recipe::apply(&mut graph, self.parametrization, self.init, self.rates);
        recipe::decay(&mut graph, self.decay, self.rates);
        graph
    }
}
