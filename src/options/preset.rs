//! Presets: named sets of defaults for the network, its training and the encoding of features. All
//! that a preset says stands here.

use super::Refit;
use super::fit::{EngineChoice, FitOptions};
use super::optimizer::{OptimizerKind, OptimizerOptions};
use super::schedule::{Curve, Schedule};
use super::selection::{Selection, Ties};
use crate::balance::{METHODS, Plan};
use crate::data::{Preprocessing, Scaling};
use crate::graph::{
    Activation, Beginning, CategoryEmbeddings, Decay, EmbeddingType, Embeddings, Parametrization,
    Rates, Spec,
};
use crate::metrics::Metric;

/// A named set of defaults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// What a user gets who says nothing.
    Default,
    /// A plain network, trained in seconds.
    Fast,
    /// RealMLP-TD (Holzmüller et al., 2024, arXiv 2407.04491).
    RealMlp,
    /// TabM with piecewise-linear embeddings (Gorishniy et al., 2025, arXiv 2410.24210), half as
    /// wide as published.
    TabM,
    /// The article's model: 4-10-10-3, ReLU, plain SGD.
    Article,
}

/// What a preset says.
#[derive(Debug, Clone, PartialEq)]
pub struct Defaults {
    /// The network of the architecture 'shared'; others take what they have of it.
    pub spec: Spec,
    /// Widths of the towers of architectures that have some.
    pub tower: Vec<usize>,
    /// The training loop.
    pub fit: FitOptions,
    /// How features become numbers.
    pub preprocessing: Preprocessing,
    /// Whether validation rows are learnt from in the end.
    pub refit: Refit,
    /// Whether regressions answer within the range of their training labels.
    pub clamp: bool,
    /// The share of a classification's labels that is spread over all classes.
    pub label_smoothing: f64,
    /// What goes by the tasks.
    pub by_tasks: ByTasks,
}

/// What of a preset goes by the tasks, which are known once the table is read. Where there are more
/// tasks of numbers than of classes, these take the place of the network's and the loop's.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ByTasks {
    /// The activation for numbers.
    pub activation: Option<Activation>,
    /// The learning rate for numbers.
    pub learning_rate: Option<f64>,
    /// What chooses the epoch where the only task has classes.
    pub selection: Option<Selection>,
    /// Whether numbers are embedded up to [`MOST_EMBEDDED`] columns only: as the preset says, not
    /// the user.
    pub embeds: bool,
    /// How many epochs few rows may have, where the user does not say.
    pub few: Option<FewRows>,
    /// Rows from which on the weights are averaged: as the preset says, not the user.
    pub averaged: usize,
}

/// Epochs by the rows: few rows make few steps in an epoch, and a network needs so many steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FewRows {
    /// Epochs times rows that there are to be.
    pub passed: usize,
    /// The most epochs.
    pub most: usize,
    /// Whether the patience grows with them: the preset's, not the user's.
    pub waits: bool,
}

impl FewRows {
    /// The epochs for so many rows, where many have so many.
    pub fn epochs(self, rows: usize, many: usize) -> usize {
        (self.passed / rows.max(1)).clamp(many, self.most.max(many))
    }
}

/// Columns of numbers that a preset's embeddings are for. More are read as they are: they would make
/// the first layer many times as wide.
pub const MOST_EMBEDDED: usize = 2_000;

impl Preset {
    /// Every preset, with the name users write.
    pub const ALL: [(&'static str, Preset); 5] = [
        ("default", Preset::Default),
        ("fast", Preset::Fast),
        ("realmlp", Preset::RealMlp),
        ("tabm", Preset::TabM),
        ("article", Preset::Article),
    ];

    /// What it says.
    pub fn defaults(self) -> Defaults {
        match self {
            Preset::Default => default(),
            Preset::Fast => fast(),
            Preset::RealMlp => realmlp(),
            Preset::TabM => tabm(),
            Preset::Article => article(),
        }
    }
}

/// Chosen by rows held out of training parts: docs/accuracy.md says among what. Members that share
/// weights, as in TabM, but few; small embeddings of numbers and categories.
fn default() -> Defaults {
    let fast = fast();
    Defaults {
        spec: Spec {
            activation: Activation::Relu,
            members: 8,
            embeddings: Embeddings { width: 8, ..Embeddings::of(EmbeddingType::Piecewise) },
            categories: CategoryEmbeddings { width: None, deviation: Some(0.05) },
            ..Spec::default()
        },
        fit: FitOptions {
            learning_rate: 2e-3,
            weight_decay: 0.02,
            ema: Some(0.99),
            patience: Some(16),
            ..fast.fit
        },
        preprocessing: Preprocessing { unseen: 1.0, ..Preprocessing::default() },
        refit: Refit::Auto,
        by_tasks: ByTasks {
            few: Some(FewRows { passed: 300_000, most: 600, waits: true }),
            averaged: 200,
            ..ByTasks::default()
        },
        ..fast
    }
}

/// A plain network of two layers.
fn fast() -> Defaults {
    Defaults {
        spec: Spec::default(),
        tower: vec![64],
        fit: FitOptions {
            epochs: 100,
            optimizer: OptimizerOptions::of(OptimizerKind::AdamW),
            learning_rate: 1e-3,
            schedule: Schedule::of(Curve::Cosine),
            weight_decay_schedule: Curve::Constant,
            dropout_schedule: Curve::Constant,
            ema: None,
            batch_size: None,
            weight_decay: 0.01,
            gradient_clip: Some(1.0),
            patience: Some(20),
            selection: Selection::Loss,
            ties: Ties::First,
            seed: 0,
            threads: None,
            engine: EngineChoice::Auto,
            balance: Plan::of(METHODS[0]),
            unseen: 0.0,
            telemetry: true,
        },
        preprocessing: Preprocessing::default(),
        refit: Refit::NO,
        clamp: false,
        label_smoothing: 0.0,
        by_tasks: ByTasks::default(),
    }
}

/// As published, for classes; for numbers Mish takes the place of SELU, and 0.2 that of the rate.
/// What differs: of several tasks the mean improvement chooses the epoch, not one task's error.
fn realmlp() -> Defaults {
    let fast = fast();
    Defaults {
        spec: Spec {
            hidden: vec![256; 3],
            activation: Activation::Selu,
            dropout: 0.15,
            parametric: true,
            parametrization: Parametrization::Ntk,
            init: Beginning::Data,
            front: true,
            rates: Rates { bias: 0.1, activation: 0.1, embedding: 0.1, front: 6.0 },
            decay: Decay::ByRates,
            embeddings: Embeddings::of(EmbeddingType::Periodic),
            categories: CategoryEmbeddings { width: Some(8), deviation: Some(1.0) },
            ..Spec::default()
        },
        tower: vec![256],
        fit: FitOptions {
            epochs: 256,
            optimizer: OptimizerOptions {
                betas: (0.9, 0.95),
                ..OptimizerOptions::of(OptimizerKind::AdamW)
            },
            learning_rate: 0.04,
            schedule: Schedule::of(Curve::CosLog4),
            weight_decay_schedule: Curve::FlatCosine,
            dropout_schedule: Curve::FlatCosine,
            batch_size: Some(256),
            weight_decay: 0.02,
            gradient_clip: None,
            patience: None,
            selection: Selection::MeanImprovement,
            ties: Ties::Last,
            ..fast.fit
        },
        preprocessing: Preprocessing { scaling: Scaling::Robust, ..Preprocessing::default() },
        refit: Refit::NO,
        clamp: true,
        label_smoothing: 0.1,
        by_tasks: ByTasks {
            activation: Some(Activation::Mish),
            learning_rate: Some(0.2),
            selection: Some(Selection::Metric { metric: Metric::Accuracy, task: None }),
            ..ByTasks::default()
        },
    }
}

/// As published but for the width, which is 512 there, the bins, 48 there, the batch, which goes by
/// the rows here, and the averaged weights. Members begin apart as [`crate::graph::Init::Apart`] says.
fn tabm() -> Defaults {
    let fast = fast();
    Defaults {
        spec: Spec {
            hidden: vec![256; 2],
            activation: Activation::Relu,
            members: 32,
            embeddings: Embeddings::of(EmbeddingType::Piecewise),
            ..Spec::default()
        },
        tower: vec![256],
        fit: FitOptions {
            epochs: 300,
            learning_rate: 2e-3,
            schedule: Schedule::of(Curve::Constant),
            ema: Some(0.99),
            weight_decay: 3e-4,
            patience: Some(16),
            ..fast.fit
        },
        preprocessing: Preprocessing { scaling: Scaling::Quantile, ..Preprocessing::default() },
        refit: Refit::Auto,
        ..fast
    }
}

/// The article's: tf.train.sgd's customary rate, and tfjs's batch of 32.
fn article() -> Defaults {
    let fast = fast();
    Defaults {
        spec: Spec {
            hidden: vec![10, 10],
            activation: Activation::Relu,
            dropout: 0.0,
            ..Spec::default()
        },
        tower: vec![10],
        fit: FitOptions {
            epochs: 10,
            optimizer: OptimizerOptions::of(OptimizerKind::Sgd),
            learning_rate: 0.01,
            schedule: Schedule::of(Curve::Constant),
            batch_size: Some(32),
            weight_decay: 0.0,
            gradient_clip: None,
            patience: None,
            ..fast.fit
        },
        ..fast
    }
}

#[cfg(test)]
#[path = "preset_tests.rs"]
mod tests;
