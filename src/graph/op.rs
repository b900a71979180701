//! What a network is made of: nodes with an operation each, and the parameters they use.

use super::{Activation, Penalty};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// A network: nodes in an order in which every node comes after its inputs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Graph {
    /// What a row brings.
    pub inputs: Inputs,
    /// The parameters, in the order in which they lie in the flat weights.
    pub params: Vec<Param>,
    /// The operations.
    pub nodes: Vec<Node>,
    /// For each task the node that holds its logits, or its standardised value.
    pub heads: Vec<usize>,
    /// For each task the node that weighs its experts, where the network has some; with several
    /// networks on a row those of the first network, then those of the next.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gates: Vec<usize>,
    /// How many networks answer side by side: a head holds the outputs of each member, one after
    /// the other. Their losses are averaged in training, their answers afterwards.
    #[serde(default = "alone", skip_serializing_if = "is_alone")]
    pub members: usize,
    /// What training adds to the losses; nobody else looks at it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub penalties: Vec<Penalty>,
}

fn alone() -> usize {
    1
}

fn is_alone(members: &usize) -> bool {
    *members == 1
}

/// The shape of an encoded row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Inputs {
    /// Width of the dense part.
    pub numeric: usize,
    /// For each embedded column the number of codes, 0 being "missing or unseen".
    pub codes: Vec<usize>,
}

/// A named parameter tensor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Param {
    /// The name on disk, as in `trunk.0.weight`: part of the file format.
    pub name: String,
    /// Its shape; a linear weight is `[out, in]`, as in PyTorch.
    pub shape: Vec<usize>,
    /// How training starts it.
    pub init: Init,
    /// What the learning rate is multiplied with for it, above 0.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub rate: f32,
    /// What the weight decay is multiplied with for it; none for 1 where it has two dimensions, and
    /// for 0 where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decay: Option<f32>,
}

fn one() -> f32 {
    1.0
}

fn is_one(factor: &f32) -> bool {
    *factor == 1.0
}

/// First values of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Init {
    /// All zero.
    Zeros,
    /// All one.
    Ones,
    /// Uniform in [-bound, bound).
    Uniform(f32),
    /// Normal with mean zero and this standard deviation.
    Normal(f32),
    /// For the weights of a layer: normal with this standard deviation, then each output's weights
    /// scaled so that, without the bias, it has the standard deviation 1 over the training rows.
    Scaled(f32),
    /// For the bias of a layer: each output's is the negative of a random convex combination of so
    /// many training rows' outputs, so that it is 0 amid the rows (Steinwart, 2019, arXiv
    /// 1903.11482).
    Amid(usize),
    /// For the factors of members' inputs: each feature counts as much for a member as a normal
    /// number says, or 1 where rows are few, each number of it with a sign of its own. (TabM, arXiv
    /// 2410.24210, has a sign for each number or a normal number for each feature.)
    #[serde(alias = "signs")]
    Apart,
    /// One number at one place, another elsewhere.
    Peak {
        /// The place.
        at: usize,
        /// What stands there.
        on: f32,
        /// What stands elsewhere.
        off: f32,
    },
}

/// One operation on the outputs of earlier nodes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Node {
    /// The operation.
    pub op: Op,
    /// The nodes it reads, all earlier than itself.
    pub inputs: Vec<usize>,
    /// The width of its output, which is `[rows, width]`.
    pub width: usize,
}

/// The operations. A parameter is named by its place in [`Graph::params`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Op {
    /// The dense part of the row.
    Numeric,
    /// The row of `table` `[codes, width]` at the code of embedded column `column`.
    Embedding {
        /// The table.
        table: usize,
        /// Which embedded column.
        column: usize,
    },
    /// `x · weightᵀ + bias`.
    Linear {
        /// `[out, in]`.
        weight: usize,
        /// `[out]`.
        bias: Option<usize>,
    },
    /// Parts of the input, side by side and equally wide, each through a layer of its own; their
    /// outputs side by side.
    Grouped {
        /// `[groups · out, in]`, group by group.
        weight: usize,
        /// `[groups · out]`.
        bias: Option<usize>,
        /// How many parts.
        groups: usize,
    },
    /// A layer of several members that share its weights: of each member's input `x`,
    /// `((x ∘ r) · weightᵀ) ∘ s + bias`, member by member side by side (BatchEnsemble; Wen et al.,
    /// 2020, arXiv 2002.06715). The input is of one width for all members, or one after the other.
    BatchEnsemble {
        /// `[out, in]`, of all.
        weight: usize,
        /// `[members · in]`.
        r: usize,
        /// `[members · out]`.
        s: usize,
        /// `[members · out]`.
        bias: usize,
        /// How many.
        members: usize,
    },
    /// Some columns of the input.
    Columns {
        /// Which, in the order of the output.
        columns: Vec<usize>,
    },
    /// Each column times a number of its own.
    Scale {
        /// `[width]`.
        weight: usize,
    },
    /// Of each column x, with n frequencies: the cosines of `2π · frequency · x + phase`; without
    /// phases the cosines and then the sines of `2π · frequency · x` (Gorishniy et al., 2022,
    /// arXiv 2203.05556).
    Periodic {
        /// `[columns, n]`.
        frequency: usize,
        /// `[columns, n]`.
        phase: Option<usize>,
    },
    /// The piecewise-linear encoding of each column by edges that are not learnt
    /// ([`super::Bins`]; of the same paper).
    Piecewise {
        /// For each column, rising.
        edges: Vec<Vec<f32>>,
    },
    /// An activation, element by element.
    Activation(Activation),
    /// `x + (f(x) − x) · weight`: an activation f of which each unit learns how much it has of it
    /// (Holzmüller et al., 2024, arXiv 2407.04491).
    Blend {
        /// f.
        activation: Activation,
        /// `[width]`.
        weight: usize,
    },
    /// Normalisation over the width with learned scale and shift, ε = 1e-5
    /// (Ba et al., 2016, arXiv 1607.06450).
    LayerNorm {
        /// `[width]`.
        weight: usize,
        /// `[width]`.
        bias: usize,
    },
    /// Each element is zeroed with this probability in training and the rest scaled up;
    /// nothing at prediction.
    Dropout(f32),
    /// The inputs side by side.
    Concat,
    /// The sum of inputs of one width.
    Add,
    /// The parameter itself, the same on every row.
    Given {
        /// `[width]`.
        weight: usize,
    },
    /// Positive numbers of sum 1, in proportion to the exponentials. In training each is left out
    /// with the probability `dropout`, and the rest still sums to 1; should none be left, all are.
    Softmax {
        /// In [0, 1).
        dropout: f32,
    },
    /// The first input `[n]` weighs the n others, which are of one width: their weighted sum.
    Mixture,
    /// The chances of n things by the m numbers that their codes take, 2ᵐ being n at least and less
    /// than twice as much ([`super::select`]): few of them are not zero.
    Select,
    /// The scalar product of two inputs of one width, divided by the root of the width.
    Dot,
    /// Of two inputs of one width, both logits: the logit of the product of the probabilities
    /// ([`super::and`]).
    And,
}

impl Op {
    /// The parameters it names.
    pub fn params(&self) -> Vec<usize> {
        self.clone().params_mut().into_iter().map(|param| *param).collect()
    }

    /// The same, to name others.
    pub fn params_mut(&mut self) -> Vec<&mut usize> {
        match self {
            Op::Embedding { table, .. } => vec![table],
            Op::Linear { weight, bias } | Op::Grouped { weight, bias, .. } => {
                std::iter::once(weight).chain(bias).collect()
            }
            Op::BatchEnsemble { weight, r, s, bias, .. } => vec![weight, r, s, bias],
            Op::LayerNorm { weight, bias } => vec![weight, bias],
            Op::Given { weight } | Op::Blend { weight, .. } | Op::Scale { weight } => vec![weight],
            Op::Periodic { frequency, phase } => std::iter::once(frequency).chain(phase).collect(),
            Op::Columns { .. }
            | Op::Piecewise { .. }
            | Op::Numeric
            | Op::Activation(_)
            | Op::Dropout(_)
            | Op::Concat
            | Op::Add
            | Op::Softmax { .. }
            | Op::Mixture
            | Op::Select
            | Op::Dot
            | Op::And => Vec::new(),
        }
    }
}

impl Param {
    /// The number of elements.
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }

    /// What the weight decay is multiplied with: where nothing else is said, biases, scales and
    /// other vectors do not decay.
    pub fn decays(&self) -> f32 {
        self.decay.unwrap_or(if self.shape.len() > 1 { 1.0 } else { 0.0 })
    }

    /// Whether it has no elements.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Graph {
    /// Where each parameter lies in the flat weights.
    pub fn ranges(&self) -> Vec<Range<usize>> {
        let mut start = 0;
        self.params
            .iter()
            .map(|param| {
                let range = start..start + param.len();
                start = range.end;
                range
            })
            .collect()
    }

    /// The number of weights.
    pub fn weights(&self) -> usize {
        self.params.iter().map(Param::len).sum()
    }

    /// The width of each head, in task order.
    pub fn head_widths(&self) -> Vec<usize> {
        self.heads.iter().map(|&head| self.nodes[head].width).collect()
    }

    /// Multiplications for one row, to choose thread counts by.
    pub fn flops(&self) -> usize {
        let once: usize =
            self.params.iter().filter(|param| param.shape.len() == 2).map(Param::len).sum();
        // What members share each of them uses.
        let again = self.nodes.iter().map(|node| match node.op {
            Op::BatchEnsemble { weight, members, .. } => (members - 1) * self.params[weight].len(),
            _ => 0,
        });
        once + again.sum::<usize>()
    }
}
