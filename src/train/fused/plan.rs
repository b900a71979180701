//! What a graph comes to: which buffers a block of rows needs, and what happens to them in order.

use super::embedding::Embed;
use super::layout::Layout;
use super::planner::Planner;
use crate::graph::{Activation, Graph, Op};

/// Columns of a buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct View {
    /// The buffer of the values; that of the gradients has the same number.
    pub buffer: usize,
    /// The first column.
    pub column: usize,
    /// How many.
    pub width: usize,
}

/// How a gradient joins what stands in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joins {
    /// It is the first.
    Replaces,
    /// Others came before.
    Adds,
    /// A derivative stands there.
    Multiplies,
}

/// A function of single numbers, in place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Point {
    /// An activation.
    Activation(Activation),
    /// Dropout at this rate; the node tells its masks from those of others.
    Dropout(f32, usize),
}

/// Where the gradient of an input goes, and how it joins what stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Back {
    /// Its place among the gradients.
    pub at: View,
    /// How it gets there.
    pub joins: Joins,
}

/// One thing that happens to a block of rows, forwards; and backwards in reverse order. The
/// gradient of an output lies among the gradients where its values lie among the values. An input
/// without parameters before it has no gradient.
#[derive(Debug, Clone, PartialEq)]
pub enum Stage {
    /// Fetches the dense part of the rows.
    Numeric { to: View },
    /// Fetches rows of a table.
    Embedding { table: usize, column: usize, to: View },
    /// A layer. Where a `later` stage is the same layer, the gradients of the weights join its. A
    /// row may have several parts, side by side in whole vectors, each of which it is applied to.
    Linear { layer: usize, from: View, to: View, back: Option<Back>, later: bool, times: usize },
    /// Layers on parts of the row.
    Grouped { layers: usize, from: View, to: View, back: Option<Back> },
    /// What tells members that share a layer from each other.
    Scale { scale: Scale, from: View, to: View, back: Option<Back> },
    /// Something made of single columns.
    Embed { embed: Embed, from: View, to: View, back: Option<Back> },
    /// Functions of single numbers one after the other, in place. Their derivative is left among
    /// the gradients; that of the result is multiplied into it by whoever has it, or lies `apart`.
    Points { points: Vec<Point>, at: View, apart: Option<View>, learns: bool },
    /// Layer normalisation; the input is left normalised.
    Norm { weight: usize, bias: usize, from: View, to: View, back: Option<Back> },
    /// An activation of which each unit learns how much it has of it.
    Blend { activation: Activation, weight: usize, from: View, to: View, back: Option<Back> },
    /// Adds the input to the output, or begins it.
    Sum { from: View, to: View, first: bool, back: Option<Back> },
    /// Copies the input to the output, columns of a wider one perhaps.
    Copy { from: View, to: View, back: Option<Back> },
    /// Writes a parameter to each row.
    Given { weight: usize, to: View },
    /// A softmax, from which the node's masks leave parts out at this rate.
    Softmax { from: View, to: View, dropout: f32, node: usize, back: Option<Back> },
    /// A weighted sum.
    Mixture { gate: Read, mixed: Vec<Read>, to: View },
    /// Chances by binary codes.
    Select { from: View, to: View, back: Option<Back> },
    /// Scaled scalar products.
    Dot { of: [Read; 2], to: View },
    /// Logits of products of probabilities.
    And { of: [Read; 2], to: View },
    /// How much likelier the second is than the first; learns only.
    Excess { of: [Read; 2], to: View },
    /// An entropy; learns only.
    Entropy { from: View, to: View, back: Option<Back> },
}

/// For each member `x · factors + shift`, number by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// The parameter of the factors, `[members · width]`.
    pub factors: usize,
    /// That of what is added, if there is something.
    pub shift: Option<usize>,
    /// How many members.
    pub members: usize,
    /// The numbers of each.
    pub width: usize,
    /// From one member to the next in the input; 0 where all read the same.
    pub apart: usize,
    /// The same in the output.
    pub to_apart: usize,
}

/// An input of a stage that has several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Read {
    /// Its values.
    pub from: View,
    /// Where its gradient goes.
    pub back: Option<Back>,
}

impl Read {
    /// An input; where its gradient goes is settled later.
    pub fn of(from: View) -> Self {
        Read { from, back: None }
    }
}

impl Stage {
    /// What it reads from other stages, and where the gradients of that go, in the order in which
    /// it writes them.
    pub fn inputs(&mut self) -> Vec<(View, &mut Option<Back>)> {
        let read = |read| {
            let Read { from, back }: &mut Read = read;
            (*from, back)
        };
        match self {
            Stage::Linear { from, back, .. }
            | Stage::Grouped { from, back, .. }
            | Stage::Scale { from, back, .. }
            | Stage::Embed { from, back, .. }
            | Stage::Norm { from, back, .. }
            | Stage::Blend { from, back, .. }
            | Stage::Sum { from, back, .. }
            | Stage::Copy { from, back, .. }
            | Stage::Softmax { from, back, .. }
            | Stage::Select { from, back, .. }
            | Stage::Entropy { from, back, .. } => vec![(*from, back)],
            Stage::Mixture { gate, mixed, .. } => {
                std::iter::once(gate).chain(mixed).map(read).collect()
            }
            Stage::Dot { of, .. } | Stage::And { of, .. } | Stage::Excess { of, .. } => {
                of.iter_mut().map(read).collect()
            }
            Stage::Numeric { .. }
            | Stage::Embedding { .. }
            | Stage::Points { .. }
            | Stage::Given { .. } => Vec::new(),
        }
    }

    /// Where the gradient of what it reads goes.
    pub fn back(&self) -> Option<Back> {
        match self {
            Stage::Linear { back, .. }
            | Stage::Grouped { back, .. }
            | Stage::Scale { back, .. }
            | Stage::Embed { back, .. }
            | Stage::Norm { back, .. }
            | Stage::Blend { back, .. }
            | Stage::Sum { back, .. }
            | Stage::Copy { back, .. }
            | Stage::Softmax { back, .. }
            | Stage::Select { back, .. }
            | Stage::Entropy { back, .. } => *back,
            _ => None,
        }
    }

    /// Where its values go.
    pub fn output(&self) -> View {
        match self {
            Stage::Numeric { to }
            | Stage::Embedding { to, .. }
            | Stage::Linear { to, .. }
            | Stage::Grouped { to, .. }
            | Stage::Scale { to, .. }
            | Stage::Embed { to, .. }
            | Stage::Norm { to, .. }
            | Stage::Blend { to, .. }
            | Stage::Sum { to, .. }
            | Stage::Copy { to, .. }
            | Stage::Given { to, .. }
            | Stage::Softmax { to, .. }
            | Stage::Mixture { to, .. }
            | Stage::Select { to, .. }
            | Stage::Dot { to, .. }
            | Stage::And { to, .. }
            | Stage::Excess { to, .. }
            | Stage::Entropy { to, .. }
            | Stage::Points { at: to, .. } => *to,
        }
    }
}

/// Part of a layer: one linear node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// The parameter of its weights.
    pub weight: usize,
    /// That of its bias.
    pub bias: Option<usize>,
    /// Its first output among the layer's.
    pub first: usize,
    /// Its outputs.
    pub width: usize,
}

/// Linear nodes that read one node, as one layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// The nodes, by their first outputs.
    pub parts: Vec<Part>,
    /// Inputs.
    pub depth: usize,
    /// Outputs up to the last part's last.
    pub outputs: usize,
    /// Outputs with zeros behind them: whole vectors.
    pub columns: usize,
    /// Where the weights begin in the flat list, `[columns, padded(depth)]`.
    pub start: usize,
}

/// A grouped node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layers {
    /// The parameter of the weights, `[groups · width, depth]`.
    pub weight: usize,
    /// That of the biases.
    pub bias: Option<usize>,
    /// How many.
    pub groups: usize,
    /// What each reads.
    pub depth: usize,
    /// What each gives.
    pub width: usize,
}

/// The output of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Its values.
    pub values: View,
    /// The place of their gradient.
    pub gradient: View,
}

/// A penalty, which counts as a part of its task's loss.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Charge {
    /// The task.
    pub task: usize,
    /// What the mean over the rows counts.
    pub weight: f32,
    /// The place among the gradients of what each row counts.
    pub to: View,
}

/// What a graph comes to.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The width of each buffer: whole vectors.
    pub buffers: Vec<usize>,
    /// What happens.
    pub stages: Vec<Stage>,
    /// The layers of the stages.
    pub layers: Vec<Layer>,
    /// Those on parts of rows.
    pub grouped: Vec<Layers>,
    /// One for each task.
    pub heads: Vec<Head>,
    /// What is added to their losses.
    pub charges: Vec<Charge>,
    /// Where the parameters lie.
    pub layout: Layout,
    /// For each parameter the heads whose loss reaches it.
    pub reached: Vec<Vec<bool>>,
    /// How many networks' outputs each head holds.
    pub members: usize,
    /// The rows of a block.
    pub rows: usize,
}

impl Plan {
    /// The plan of a checked graph; none if a parameter is used in two places, but for layers that
    /// are the same as a whole, or if two heads are one node. If it `parts`, what several tasks
    /// read is read for one of them by stages that pass it on alone.
    pub fn new(graph: &Graph, parts: bool) -> Option<Self> {
        let mut heads = graph.heads.clone();
        heads.sort_unstable();
        heads.dedup();
        if heads.len() < graph.heads.len() {
            return None;
        }
        let mut used = vec![false; graph.params.len()];
        // Layers are looked at when they are planned.
        let others = graph.nodes.iter().filter(|node| !matches!(node.op, Op::Linear { .. }));
        for param in others.flat_map(|node| node.op.params()) {
            if std::mem::replace(&mut used[param], true) {
                return None;
            }
        }
        let layers = graph.nodes.iter().filter(|node| matches!(node.op, Op::Linear { .. }));
        if layers.flat_map(|node| node.op.params()).any(|param| used[param]) {
            return None;
        }
        Planner::new(graph, parts).plan()
    }

    /// Where backward passes begin, each with its task.
    pub fn ends(&self) -> impl Iterator<Item = (usize, View)> {
        let heads = self.heads.iter().map(|head| head.gradient).enumerate();
        heads.chain(self.charges.iter().map(|charge| (charge.task, charge.to)))
    }
}
