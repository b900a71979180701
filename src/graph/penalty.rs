//! What training adds to the loss of a task beside the labels' own: means over the rows of numbers
//! that the network computes. Nobody but training looks at it.

use serde::{Deserialize, Serialize};

/// What is added to the logarithm's argument in an entropy, so that it has a slope at 0 as well.
pub const CLEAR: f32 = 1e-6;

/// Something added to the loss of a task, before what the task counts: a weight times the mean over
/// the rows of a batch, each counting as its sample weight says. It asks for no label of a row, but
/// falls away with the loss in a batch without any label of the task.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Penalty {
    /// max(σ(`upper`) − σ(`lower`), 0): how much likelier a thing is than another that it implies.
    Exceeds {
        /// The task.
        task: usize,
        /// A node of width 1, the logit of what is implied.
        lower: usize,
        /// The same of what implies it.
        upper: usize,
        /// The weight, from 0 on.
        weight: f32,
    },
    /// −Σ p ln(p + [`CLEAR`]): low where few of the chances that sum to 1 are not zero.
    Entropy {
        /// The task.
        task: usize,
        /// The node of the chances: a softmax or a selection.
        node: usize,
        /// The weight, from 0 on.
        weight: f32,
    },
}

impl Penalty {
    /// The task to whose loss it is added.
    pub fn task(&self) -> usize {
        match *self {
            Penalty::Exceeds { task, .. } | Penalty::Entropy { task, .. } => task,
        }
    }

    /// What it counts.
    pub fn weight(&self) -> f32 {
        match *self {
            Penalty::Exceeds { weight, .. } | Penalty::Entropy { weight, .. } => weight,
        }
    }

    /// The same on other nodes, counting so much of what it does.
    pub fn moved(self, place: impl Fn(usize) -> usize, share: f32) -> Self {
        match self {
            Penalty::Exceeds { task, lower, upper, weight } => Penalty::Exceeds {
                task,
                lower: place(lower),
                upper: place(upper),
                weight: weight * share,
            },
            Penalty::Entropy { task, node, weight } => {
                Penalty::Entropy { task, node: place(node), weight: weight * share }
            }
        }
    }

    /// The nodes it reads.
    pub fn nodes(&self) -> Vec<usize> {
        match *self {
            Penalty::Exceeds { lower, upper, .. } => vec![lower, upper],
            Penalty::Entropy { node, .. } => vec![node],
        }
    }
}
