//! A graph made ready to run: what need not happen is left out, and what can happen in the place
//! where its input lies does.

use super::members::Scale;
use super::parts::{Grouped, Periodic};
use super::step::{Linear, Step};
use crate::graph::{Bins, Graph, Node, Op};
use crate::kernel::{Floats, padded};

/// Where the output of a node lies while a block of rows runs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Place {
    /// In the encoded rows themselves.
    Rows,
    /// In the scratch, from here for one row, `stride` numbers from row to row.
    Scratch {
        /// Offset for blocks of one row; larger blocks multiply it.
        start: usize,
        /// From row to row: the width in whole vectors.
        stride: usize,
    },
}

/// An input: where it lies and how wide it is.
pub type Input = (Place, usize);

/// One step with what it reads and where it writes.
#[derive(Debug)]
pub struct Act {
    pub step: Step,
    pub inputs: Vec<Input>,
    pub start: usize,
    pub stride: usize,
    pub width: usize,
}

/// All steps in order.
#[derive(Debug)]
pub struct Plan {
    pub acts: Vec<Act>,
    /// What an answer is made of, side by side.
    pub outputs: Vec<Input>,
    /// The scratch one row needs.
    pub scratch: usize,
}

impl Plan {
    /// The plan for a checked graph.
    pub fn new(graph: &Graph, weights: &[f32]) -> Self {
        Planner::new(graph, weights).plan()
    }
}

struct Planner<'a> {
    graph: &'a Graph,
    weights: &'a [f32],
    /// For each node the one whose output it shows: itself, but for dropout.
    shown: Vec<usize>,
    /// How many nodes and heads read each shown output.
    uses: Vec<usize>,
    places: Vec<Place>,
    acts: Vec<Act>,
    scratch: usize,
}

impl<'a> Planner<'a> {
    fn new(graph: &'a Graph, weights: &'a [f32]) -> Self {
        let mut shown: Vec<usize> = Vec::new();
        let mut uses = vec![0; graph.nodes.len()];
        for (index, node) in graph.nodes.iter().enumerate() {
            if let Op::Dropout(_) = node.op {
                shown.push(shown[node.inputs[0]]);
                continue;
            }
            shown.push(index);
            node.inputs.iter().for_each(|&input| uses[shown[input]] += 1);
        }
        graph.heads.iter().for_each(|&head| uses[shown[head]] += 1);
        Planner { graph, weights, shown, uses, places: Vec::new(), acts: Vec::new(), scratch: 0 }
    }

    fn plan(mut self) -> Plan {
        let merged = self.heads_are_one_layer();
        for (index, node) in self.graph.nodes.iter().enumerate() {
            let skipped = merged && self.graph.heads.contains(&index);
            // A place that nobody asks for.
            let place = if skipped { Place::Rows } else { self.place(node) };
            self.places.push(place);
        }
        let outputs = if merged {
            vec![self.merge_heads()]
        } else {
            self.graph.heads.iter().map(|&head| self.input(head)).collect()
        };
        Plan { acts: self.acts, outputs, scratch: self.scratch }
    }

    fn input(&self, node: usize) -> Input {
        (self.places[node], self.graph.nodes[node].width)
    }

    /// Plans a node, and says where its output lies.
    fn place(&mut self, node: &Node) -> Place {
        let within = |input: usize| match self.places[input] {
            // Nobody else reads what is overwritten.
            Place::Scratch { start, stride } if self.uses[self.shown[input]] == 1 => {
                Some((start, stride))
            }
            _ => None,
        };
        let step = match &node.op {
            Op::Numeric => return Place::Rows,
            Op::Dropout(_) => return self.places[node.inputs[0]],
            Op::Embedding { table, column } => {
                Step::Embedding { table: self.param(*table).to_vec(), column: *column }
            }
            Op::Linear { weight, bias } => Step::Linear(self.linear(&[(*weight, *bias)])),
            Op::Grouped { weight, bias, groups } => {
                let depth = self.graph.params[*weight].shape[1];
                let bias = bias.map(|bias| self.param(bias));
                Step::Grouped(Grouped::new(*groups, depth, self.param(*weight), bias))
            }
            Op::BatchEnsemble { .. } => return self.batch_ensemble(node),
            Op::Columns { columns } => Step::Columns(columns.clone()),
            Op::Scale { weight } => Step::Scale(self.param(*weight).to_vec()),
            Op::Periodic { frequency, phase } => {
                let waves = self.graph.params[*frequency].shape[1];
                let phase = phase.map(|phase| self.param(phase));
                Step::Periodic(Periodic::new(waves, self.param(*frequency), phase))
            }
            Op::Piecewise { edges } => match Bins::new(edges) {
                Some(bins) => Step::Piecewise(bins),
                // Not in a checked graph.
                None => Step::Columns(Vec::new()),
            },
            Op::Activation(activation) => Step::Activation(*activation),
            Op::Blend { activation, weight } => {
                Step::Blend(*activation, self.param(*weight).to_vec())
            }
            Op::LayerNorm { weight, bias } => Step::LayerNorm {
                weight: self.param(*weight).to_vec(),
                bias: self.param(*bias).to_vec(),
            },
            Op::Concat => Step::Concat,
            Op::Add => Step::Add,
            Op::Given { weight } => Step::Given(self.param(*weight).to_vec()),
            Op::Softmax { .. } => Step::Softmax,
            Op::Mixture => Step::Mixture,
            Op::Select => Step::Select,
            Op::Dot => Step::Dot,
            Op::And => Step::And,
        };
        let inputs: Vec<Input> = node.inputs.iter().map(|&input| self.input(input)).collect();
        let there = step.is_in_place().then(|| within(node.inputs[0])).flatten();
        match there {
            Some((start, stride)) => self.act(step, Vec::new(), start, stride, node.width),
            None => {
                // Groups write whole vectors, the last one too: with room for that nothing is copied.
                let spare = match &step {
                    Step::Grouped(layers) => padded(layers.width) - layers.width,
                    _ => 0,
                };
                let (start, stride) = self.room(node.width + spare);
                self.act(step, inputs, start, stride, node.width)
            }
        }
    }

    /// Members that share a layer's weights: their inputs side by side in whole vectors, so that
    /// one product is for all.
    fn batch_ensemble(&mut self, node: &Node) -> Place {
        let Op::BatchEnsemble { weight, r, s, bias, members } = node.op else { return Place::Rows };
        let mut layer = self.linear(&[(weight, None)]);
        layer.times = members;
        let (depth, out) = (layer.depth, layer.width);
        let (from, to) = (self.input(node.inputs[0]), (padded(depth), padded(out)));
        let scale = |param, shift, width, from, to| {
            let factors = self.param(param).to_vec();
            Step::Members(Scale { factors, shift, width, from, to })
        };
        let apart = if from.1 == depth { 0 } else { depth };
        let before = scale(r, Vec::new(), depth, apart, to.0);
        let after = scale(s, self.param(bias).to_vec(), out, to.1, out);
        let mut xs = from;
        for (step, width) in
            [(before, members * to.0), (Step::Linear(layer), members * to.1), (after, node.width)]
        {
            let (start, stride) = self.room(width);
            xs = (self.act(step, vec![xs], start, stride, width), width);
        }
        xs.0
    }

    fn act(
        &mut self,
        step: Step,
        inputs: Vec<Input>,
        start: usize,
        stride: usize,
        width: usize,
    ) -> Place {
        self.acts.push(Act { step, inputs, start, stride, width });
        Place::Scratch { start, stride }
    }

    fn room(&mut self, width: usize) -> (usize, usize) {
        let (start, stride) = (self.scratch, padded(width));
        self.scratch += stride;
        (start, stride)
    }

    fn param(&self, index: usize) -> &'a [f32] {
        let before = &self.graph.params[..index];
        let start = before.iter().map(|param| param.len()).sum::<usize>();
        &self.weights[start..start + self.graph.params[index].len()]
    }

    /// Whether all heads are linear layers on one input, each for itself.
    fn heads_are_one_layer(&self) -> bool {
        let input = |&head: &usize| match self.graph.nodes[head] {
            Node { op: Op::Linear { .. }, ref inputs, .. } if self.uses[head] == 1 => {
                Some(self.shown[inputs[0]])
            }
            _ => None,
        };
        let mut inputs = self.graph.heads.iter().map(input);
        inputs.next().flatten().is_some_and(|first| inputs.all(|input| input == Some(first)))
    }

    /// One layer for all heads. Each output is a sum of its own, so that no bit changes.
    fn merge_heads(&mut self) -> Input {
        let mut layers = Vec::new();
        for &head in &self.graph.heads {
            if let Op::Linear { weight, bias } = self.graph.nodes[head].op {
                layers.push((weight, bias));
            }
        }
        let layer = self.linear(&layers);
        let width = layer.width;
        let inputs = vec![self.input(self.graph.nodes[self.graph.heads[0]].inputs[0])];
        let (start, stride) = self.room(width);
        (self.act(Step::Linear(layer), inputs, start, stride, width), width)
    }

    /// Layers on one input as one, by their parameters.
    fn linear(&self, layers: &[(usize, Option<usize>)]) -> Linear {
        let shape = |weight: usize| &self.graph.params[weight].shape;
        let width = layers.iter().map(|&(weight, _)| shape(weight)[0]).sum();
        let depth = shape(layers[0].0)[1];
        let mut layer = Linear {
            depth,
            width,
            times: 1,
            weight: Floats::zeros(depth * padded(width)),
            bias: Floats::zeros(padded(width)),
        };
        let mut column = 0;
        for &(weight, bias) in layers {
            for (row, ws) in self.param(weight).chunks_exact(depth.max(1)).enumerate() {
                layer.set_column(column + row, ws);
            }
            let own = column..column + shape(weight)[0];
            column = own.end;
            if let Some(bias) = bias {
                layer.bias[own].copy_from_slice(self.param(bias));
            }
        }
        layer
    }
}
