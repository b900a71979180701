//! From a graph to a plan. What saves time is settled here.
//!
//! Linear nodes that read one node become one layer. An activation or dropout works in place on the
//! layer's output, and leaves its derivative where the gradient of that output will be; the gradient
//! then only has to be multiplied into it.

use super::block::BLOCK;
use super::cut::alone;
use super::embedding::Embed;
use super::joins::{join, part, reached, readers};
use super::layout::Layout;
use super::plan::{Head, Layers, Plan, Point, Read, Stage, View};
use crate::graph::{Graph, Op};
use crate::kernel::padded;
use std::collections::HashMap;

/// A plan in the making.
pub struct Planner<'a> {
    pub(super) graph: &'a Graph,
    /// How many live nodes read each node; a head is read once more.
    pub(super) readers: Vec<usize>,
    pub(super) is_head: Vec<bool>,
    /// Whether there are parameters before a node.
    pub(super) learns: Vec<bool>,
    /// Which heads each node leads to; one that leads nowhere is not computed.
    pub(super) leads: Vec<Vec<bool>>,
    /// Where the nodes' values lie.
    pub(super) views: Vec<Option<View>>,
    /// Concatenations whose parts are fetched into place.
    placed: Vec<bool>,
    /// Views with parameters before them.
    pub(super) learning: HashMap<View, bool>,
    /// The layer of each parameter of one.
    pub(super) layers: HashMap<usize, usize>,
    /// Whether a parameter is used in two places that are not one layer.
    pub(super) fails: bool,
    /// Whether tasks' own stages read copies of what is shared.
    parts: bool,
    pub(super) plan: Plan,
}

impl<'a> Planner<'a> {
    /// Nothing is planned yet.
    pub fn new(graph: &'a Graph, parts: bool) -> Self {
        let nodes = graph.nodes.len();
        let (leads, readers) = readers(graph);
        let mut is_head = vec![false; nodes];
        graph.heads.iter().for_each(|&node| is_head[node] = true);
        let mut learns = vec![false; nodes];
        for (index, node) in graph.nodes.iter().enumerate() {
            let own = !node.op.params().is_empty();
            learns[index] = own || node.inputs.iter().any(|&input| learns[input]);
        }
        let reached = reached(graph, &leads);
        Planner {
            graph,
            readers,
            is_head,
            learns,
            leads,
            views: vec![None; nodes],
            placed: vec![false; nodes],
            learning: HashMap::new(),
            layers: HashMap::new(),
            fails: false,
            parts,
            plan: Plan {
                buffers: Vec::new(),
                stages: Vec::new(),
                layers: Vec::new(),
                grouped: Vec::new(),
                heads: Vec::new(),
                charges: Vec::new(),
                layout: Layout::new(graph),
                reached,
                members: graph.members,
                rows: BLOCK,
            },
        }
    }

    pub(super) fn is_live(&self, node: usize) -> bool {
        self.leads[node].contains(&true)
    }

    /// A buffer of its own, whole vectors wide.
    pub(super) fn buffer(&mut self, width: usize, learns: bool) -> View {
        self.plan.buffers.push(padded(width));
        let view = View { buffer: self.plan.buffers.len() - 1, column: 0, width };
        self.learning.insert(view, learns);
        view
    }

    pub(super) fn view(&self, node: usize) -> View {
        // A node is planned before those that read it.
        self.views[node].unwrap_or(View { buffer: 0, column: 0, width: 0 })
    }

    /// Plans all nodes; none if a parameter is used in two places that are not one layer.
    pub fn plan(mut self) -> Option<Plan> {
        self.place_rows();
        (0..self.graph.nodes.len()).for_each(|node| self.node(node));
        self.penalties();
        (!self.fails).then(|| self.finish())
    }

    /// Parts of the row that only one concatenation reads are fetched to where it has them.
    fn place_rows(&mut self) {
        for (index, node) in self.graph.nodes.iter().enumerate() {
            let mut inputs = node.inputs.clone();
            inputs.dedup();
            let alone = |&input: &usize| self.is_input(input) && self.readers[input] == 1;
            let whole = node.op == Op::Concat && inputs.iter().all(alone);
            if !whole || !self.is_live(index) {
                continue;
            }
            let row = self.buffer(node.width, self.learns[index]);
            let mut column = 0;
            for &input in &node.inputs {
                let width = self.graph.nodes[input].width;
                self.views[input] = Some(View { column, width, ..row });
                column += width;
            }
            self.views[index] = Some(row);
            self.placed[index] = true;
        }
    }

    fn is_input(&self, node: usize) -> bool {
        matches!(self.graph.nodes[node].op, Op::Numeric | Op::Embedding { .. })
    }

    fn node(&mut self, index: usize) {
        let graph = self.graph;
        let node = &graph.nodes[index];
        if !self.is_live(index) || self.placed[index] {
            return;
        }
        let learns = self.learns[index];
        match &node.op {
            Op::Numeric | Op::Embedding { .. } => self.input(index),
            Op::Linear { .. } if self.views[index].is_some() => {}
            Op::Linear { .. } => self.layer(node.inputs[0]),
            Op::BatchEnsemble { .. } => self.batch_ensemble(index),
            Op::Activation(activation) => self.point(index, Point::Activation(*activation)),
            Op::Dropout(rate) => self.point(index, Point::Dropout(*rate, index)),
            Op::LayerNorm { weight, bias } => {
                let from = self.own(node.inputs[0]);
                let to = self.buffer(node.width, learns);
                let (weight, bias) = (*weight, *bias);
                self.plan.stages.push(Stage::Norm { weight, bias, from, to, back: None });
                self.views[index] = Some(to);
            }
            Op::Concat => {
                let to = self.buffer(node.width, learns);
                let mut column = 0;
                for &input in &node.inputs {
                    let from = self.view(input);
                    let part = View { column, width: from.width, ..to };
                    self.plan.stages.push(Stage::Copy { from, to: part, back: None });
                    column += from.width;
                }
                self.views[index] = Some(to);
            }
            Op::Add => {
                let to = self.buffer(node.width, learns);
                for (nth, &input) in node.inputs.iter().enumerate() {
                    let from = self.view(input);
                    self.plan.stages.push(Stage::Sum { from, to, first: nth == 0, back: None });
                }
                self.views[index] = Some(to);
            }
            _ => self.several(index),
        }
    }

    /// An operation that neither works in place nor has layers.
    fn several(&mut self, index: usize) {
        let node = &self.graph.nodes[index];
        let to = self.buffer(node.width, self.learns[index]);
        let own = alone(&self.leads[index]).is_some();
        let reads: Vec<Read> =
            node.inputs.iter().map(|&input| Read::of(self.parted(own, input))).collect();
        self.views[index] = Some(to);
        self.plan.stages.push(match (&node.op, reads.as_slice()) {
            (&Op::Grouped { weight, bias, groups }, [Read { from, .. }]) => {
                let (depth, width) = (from.width / groups, node.width / groups);
                self.plan.grouped.push(Layers { weight, bias, groups, depth, width });
                let layers = self.plan.grouped.len() - 1;
                Stage::Grouped { layers, from: *from, to, back: None }
            }
            (op, [Read { from, .. }]) if let Some(embed) = Embed::new(self.graph, op) => {
                Stage::Embed { embed, from: *from, to, back: None }
            }
            (Op::Given { weight }, _) => Stage::Given { weight: *weight, to },
            (Op::Blend { activation, weight }, [Read { from, .. }]) => {
                let (activation, weight) = (*activation, *weight);
                Stage::Blend { activation, weight, from: *from, to, back: None }
            }
            (Op::Softmax { dropout }, [Read { from, .. }]) => {
                Stage::Softmax { from: *from, to, dropout: *dropout, node: index, back: None }
            }
            (Op::Select, [Read { from, .. }]) => Stage::Select { from: *from, to, back: None },
            (Op::Mixture, [gate, mixed @ ..]) => {
                Stage::Mixture { gate: *gate, mixed: mixed.to_vec(), to }
            }
            (Op::Dot, [one, other]) => Stage::Dot { of: [*one, *other], to },
            (Op::And, [one, other]) => Stage::And { of: [*one, *other], to },
            _ => {
                self.fails = true;
                return;
            }
        });
    }

    /// The view of an input, or of a copy where it is shared and the reader a task's own.
    pub(super) fn parted(&mut self, own: bool, input: usize) -> View {
        let view = self.view(input);
        let shared = own && alone(&self.leads[input]).is_none();
        if !(self.parts && shared && self.learns[input]) {
            return view;
        }
        let copy = self.buffer(view.width, true);
        self.plan.stages.push(Stage::Copy { from: view, to: copy, back: None });
        copy
    }

    fn input(&mut self, index: usize) {
        let node = &self.graph.nodes[index];
        let to = match self.views[index] {
            Some(view) => view,
            None => self.buffer(node.width, self.learns[index]),
        };
        self.views[index] = Some(to);
        self.plan.stages.push(match node.op {
            Op::Embedding { table, column } => Stage::Embedding { table, column, to },
            _ => Stage::Numeric { to },
        });
    }

    /// The view of a node whose values may be overwritten: its own if nobody else reads it, else
    /// a copy.
    fn own(&mut self, node: usize) -> View {
        let view = self.view(node);
        // A softmax looks at what it gave on the way back.
        let looks = self.is_input(node) || matches!(self.graph.nodes[node].op, Op::Softmax { .. });
        if self.readers[node] == 1 && !self.is_head[node] && !looks {
            return view;
        }
        let copy = self.buffer(view.width, self.learns[node]);
        self.plan.stages.push(Stage::Copy { from: view, to: copy, back: None });
        copy
    }

    /// A function of single numbers, put behind those on the same numbers that it follows.
    fn point(&mut self, index: usize, point: Point) {
        let input = self.graph.nodes[index].inputs[0];
        let follows = matches!(self.graph.nodes[input].op, Op::Activation(_) | Op::Dropout(_));
        let before = self.view(input);
        if follows && self.readers[input] == 1 {
            let mut stages = self.plan.stages.iter_mut().rev();
            let found = stages.find_map(|stage| match stage {
                Stage::Points { points, at, .. } if *at == before => Some(points),
                _ => None,
            });
            if let Some(points) = found {
                points.push(point);
                self.views[index] = Some(before);
                return;
            }
        }
        let (at, learns) = (self.own(input), self.learns[input]);
        self.plan.stages.push(Stage::Points { points: vec![point], at, apart: None, learns });
        self.views[index] = Some(at);
    }

    fn finish(mut self) -> Plan {
        let graph = self.graph;
        let mut placed = vec![false; graph.params.len()];
        for layer in &self.plan.layers {
            layer.parts.iter().for_each(|part| placed[part.weight] = true);
        }
        for param in graph.nodes.iter().flat_map(|node| node.op.params()) {
            if !std::mem::replace(&mut placed[param], true) {
                let shape = &graph.params[param].shape;
                self.plan.layout.put(graph, param, if shape.len() > 1 { shape[0] } else { 1 });
            }
        }
        let mut seen = vec![false; self.plan.layers.len()];
        for stage in self.plan.stages.iter_mut().rev() {
            if let Stage::Linear { layer, later, .. } = stage {
                *later = std::mem::replace(&mut seen[*layer], true);
            }
        }
        let values: Vec<View> = graph.heads.iter().map(|&node| self.view(node)).collect();
        let apart = part(&mut self.plan, &values);
        let head =
            |&values: &View| Head { values, gradient: *apart.get(&values).unwrap_or(&values) };
        self.plan.heads = values.iter().map(head).collect();
        join(&mut self.plan, &values, &apart, &self.learning);
        self.plan
    }
}
