//! Composes a graph node by node; widths are worked out, so that an architecture cannot err.

use super::{Activation, CategoryEmbeddings, Graph, Init, Inputs, Node, Op, Param, Penalty};

/// A graph in the making. Nodes are named by their number.
#[derive(Debug)]
pub struct Builder {
    graph: Graph,
}

impl Builder {
    /// A graph over rows of this shape.
    pub fn new(inputs: Inputs) -> Self {
        Builder {
            graph: Graph {
                inputs,
                params: Vec::new(),
                nodes: Vec::new(),
                heads: Vec::new(),
                gates: Vec::new(),
                members: 1,
                penalties: Vec::new(),
            },
        }
    }

    /// The width of a node's output.
    pub fn width(&self, node: usize) -> usize {
        self.graph.nodes[node].width
    }

    fn node(&mut self, op: Op, inputs: Vec<usize>, width: usize) -> usize {
        self.graph.nodes.push(Node { op, inputs, width });
        self.graph.nodes.len() - 1
    }

    fn param(&mut self, name: String, shape: Vec<usize>, init: Init) -> usize {
        self.graph.params.push(Param { name, shape, init, rate: 1.0, decay: None });
        self.graph.params.len() - 1
    }

    /// The whole row: the dense part beside one embedding for each embedded column.
    pub fn row(&mut self, embedding_width: impl Fn(usize) -> usize) -> usize {
        self.whole_row(|codes| {
            let width = embedding_width(codes);
            (width, CategoryEmbeddings::default().deviation(width))
        })
    }

    /// The same, with the standard deviation that an embedding begins with beside its width.
    pub fn whole_row(&mut self, embedding: impl Fn(usize) -> (usize, f32)) -> usize {
        let mut parts = Vec::from_iter(self.numeric());
        parts.extend(self.categories(embedding));
        if parts.len() == 1 { parts[0] } else { self.concat(parts) }
    }

    /// The dense part of the row, if it has one.
    pub fn numeric(&mut self) -> Option<usize> {
        let width = self.graph.inputs.numeric;
        (width > 0).then(|| self.node(Op::Numeric, Vec::new(), width))
    }

    /// One embedding for each embedded column, as wide and begun with such a standard deviation.
    pub fn categories(&mut self, embedding: impl Fn(usize) -> (usize, f32)) -> Vec<usize> {
        let mut parts = Vec::new();
        for (column, codes) in self.graph.inputs.codes.clone().into_iter().enumerate() {
            let (width, deviation) = embedding(codes);
            let name = format!("embedding.{column}.weight");
            let init = Init::Normal(deviation);
            let table = self.param(name, vec![codes, width], init);
            parts.push(self.node(Op::Embedding { table, column }, Vec::new(), width));
        }
        parts
    }

    /// A linear layer `name`, begun as PyTorch begins it: uniform within 1/√in.
    pub fn linear(&mut self, name: &str, input: usize, out: usize) -> usize {
        let bound = 1.0 / (self.width(input).max(1) as f32).sqrt();
        self.linear_from(name, input, out, Init::Uniform(bound))
    }

    /// A linear layer `name` begun otherwise.
    pub fn linear_from(&mut self, name: &str, input: usize, out: usize, init: Init) -> usize {
        let width = self.width(input);
        let weight = self.param(format!("{name}.weight"), vec![out, width], init);
        let bias = Some(self.param(format!("{name}.bias"), vec![out], init));
        self.node(Op::Linear { weight, bias }, vec![input], out)
    }

    /// A linear layer for each of so many equal parts of the input, begun as [`Self::linear`]
    /// begins one that reads a part; each gives `out` numbers.
    pub fn grouped(&mut self, name: &str, input: usize, groups: usize, out: usize) -> usize {
        let depth = self.width(input) / groups.max(1);
        let init = Init::Uniform(1.0 / (depth.max(1) as f32).sqrt());
        self.grouped_from(name, input, groups, (out, init))
    }

    /// Such layers begun otherwise.
    pub fn grouped_from(
        &mut self,
        name: &str,
        input: usize,
        groups: usize,
        (out, init): (usize, Init),
    ) -> usize {
        let (depth, width) = (self.width(input) / groups.max(1), groups * out);
        let weight = self.param(format!("{name}.weight"), vec![width, depth], init);
        let bias = Some(self.param(format!("{name}.bias"), vec![width], init));
        self.node(Op::Grouped { weight, bias, groups }, vec![input], width)
    }

    /// A layer `name` of so many members that share its weights, on an input that all share or
    /// that has a part for each. The factors of the inputs begin as said, those of the outputs at
    /// 1, and the members' biases apart (TabM; Gorishniy et al., 2025, arXiv 2410.24210).
    pub fn batch_ensemble(
        &mut self,
        name: &str,
        input: usize,
        out: usize,
        (members, whole): (usize, bool),
        factors: Init,
    ) -> usize {
        let width = self.width(input) / if whole { 1 } else { members };
        let init = Init::Uniform(1.0 / (width.max(1) as f32).sqrt());
        let weight = self.param(format!("{name}.weight"), vec![out, width], init);
        // Flat, like all that weight decay leaves alone.
        let r = self.param(format!("{name}.r"), vec![members * width], factors);
        let s = self.param(format!("{name}.s"), vec![members * out], Init::Ones);
        let bias = self.param(format!("{name}.bias"), vec![members * out], init);
        let op = Op::BatchEnsemble { weight, r, s, bias, members };
        self.node(op, vec![input], members * out)
    }

    /// These columns of the input.
    pub fn columns(&mut self, input: usize, columns: Vec<usize>) -> usize {
        let width = columns.len();
        self.node(Op::Columns { columns }, vec![input], width)
    }

    /// Each column times a number of its own, which is 1 at first.
    pub fn scale(&mut self, name: &str, input: usize) -> usize {
        let width = self.width(input);
        let weight = self.param(format!("{name}.weight"), vec![width], Init::Ones);
        self.node(Op::Scale { weight }, vec![input], width)
    }

    /// So many cosines of each column, whose frequencies begin with this deviation, with phases
    /// anywhere on the circle; or, without phases, as many cosines and as many sines.
    pub fn periodic(
        &mut self,
        name: &str,
        input: usize,
        waves: usize,
        (deviation, phases): (f32, bool),
    ) -> usize {
        let columns = self.width(input);
        let shape = vec![columns, waves];
        let init = Init::Normal(deviation);
        let frequency = self.param(format!("{name}.frequency"), shape.clone(), init);
        let init = Init::Uniform(std::f32::consts::PI);
        let phase = phases.then(|| self.param(format!("{name}.phase"), shape, init));
        let width = columns * waves * if phases { 1 } else { 2 };
        self.node(Op::Periodic { frequency, phase }, vec![input], width)
    }

    /// The piecewise-linear encoding of each column by its edges: as many numbers of each as the
    /// column of the most edges has bins.
    pub fn piecewise(&mut self, input: usize, edges: Vec<Vec<f32>>) -> usize {
        let most = edges.iter().map(Vec::len).max().unwrap_or(0);
        let width = edges.len() * most.saturating_sub(1);
        self.node(Op::Piecewise { edges }, vec![input], width)
    }

    /// An activation.
    pub fn activation(&mut self, input: usize, activation: Activation) -> usize {
        let width = self.width(input);
        self.node(Op::Activation(activation), vec![input], width)
    }

    /// An activation of which each unit learns how much it has of it, from all on.
    pub fn blend(&mut self, name: &str, input: usize, activation: Activation) -> usize {
        let width = self.width(input);
        let weight = self.param(format!("{name}.weight"), vec![width], Init::Ones);
        self.node(Op::Blend { activation, weight }, vec![input], width)
    }

    /// A layer normalisation `name`.
    pub fn layer_norm(&mut self, name: &str, input: usize) -> usize {
        let width = self.width(input);
        let weight = self.param(format!("{name}.weight"), vec![width], Init::Ones);
        let bias = self.param(format!("{name}.bias"), vec![width], Init::Zeros);
        self.node(Op::LayerNorm { weight, bias }, vec![input], width)
    }

    /// Dropout; a rate of 0 adds nothing.
    pub fn dropout(&mut self, input: usize, rate: f32) -> usize {
        if rate == 0.0 {
            return input;
        }
        let width = self.width(input);
        self.node(Op::Dropout(rate), vec![input], width)
    }

    /// The inputs side by side.
    pub fn concat(&mut self, inputs: Vec<usize>) -> usize {
        let width = inputs.iter().map(|&input| self.width(input)).sum();
        self.node(Op::Concat, inputs, width)
    }

    /// The sum of inputs of one width.
    pub fn add(&mut self, inputs: Vec<usize>) -> usize {
        let width = self.width(inputs[0]);
        self.node(Op::Add, inputs, width)
    }

    /// A linear layer with the parameters of another, which must read as wide an input.
    pub fn again(&mut self, layer: usize, input: usize) -> usize {
        let Node { op, width, .. } = self.graph.nodes[layer].clone();
        self.node(op, vec![input], width)
    }

    /// A parameter `name` as it is.
    pub fn given(&mut self, name: &str, width: usize, init: Init) -> usize {
        let weight = self.param(format!("{name}.weight"), vec![width], init);
        self.node(Op::Given { weight }, Vec::new(), width)
    }

    /// A softmax whose parts are left out in training at this rate.
    pub fn softmax(&mut self, input: usize, dropout: f32) -> usize {
        let width = self.width(input);
        self.node(Op::Softmax { dropout }, vec![input], width)
    }

    /// The sum of inputs of one width, weighed by a gate.
    pub fn mixture(&mut self, gate: usize, inputs: &[usize]) -> usize {
        let width = self.width(inputs[0]);
        let inputs = std::iter::once(gate).chain(inputs.iter().copied());
        self.node(Op::Mixture, inputs.collect(), width)
    }

    /// The chances of so many things by numbers as many as their codes have bits.
    pub fn select(&mut self, input: usize, things: usize) -> usize {
        self.node(Op::Select, vec![input], things)
    }

    /// The scaled scalar product of two nodes.
    pub fn dot(&mut self, one: usize, other: usize) -> usize {
        self.node(Op::Dot, vec![one, other], 1)
    }

    /// The logit of two things, whose logits these are, being so together.
    pub fn and(&mut self, one: usize, other: usize) -> usize {
        let width = self.width(one);
        self.node(Op::And, vec![one, other], width)
    }

    /// Multiplies the learning rate of the parameter of this name, or of all whose names begin with
    /// it and a dot.
    pub fn rate(&mut self, name: &str, factor: f32) {
        self.named(name).for_each(|param| param.rate *= factor);
    }

    /// Multiplies the weight decay of the same.
    pub fn decay(&mut self, name: &str, factor: f32) {
        self.named(name).for_each(|param| param.decay = Some(param.decays() * factor));
    }

    fn named(&mut self, name: &str) -> impl Iterator<Item = &mut Param> {
        self.graph.params.iter_mut().filter(move |param| {
            let rest = param.name.strip_prefix(name);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }

    /// Makes a node the gate of the next task's experts.
    pub fn gate(&mut self, node: usize) {
        self.graph.gates.push(node);
    }

    /// Makes a node the output of the next task.
    pub fn head(&mut self, node: usize) {
        self.graph.heads.push(node);
    }

    /// Says that every head holds the outputs of so many members.
    pub fn members(&mut self, members: usize) {
        self.graph.members = members;
    }

    /// Adds something to the loss of a task in training.
    pub fn penalty(&mut self, penalty: Penalty) {
        self.graph.penalties.push(penalty);
    }

    /// The finished graph.
    pub fn build(self) -> Graph {
        self.graph
    }
}
