//! Linear nodes of a graph as layers of a plan.

use super::plan::{Layer, Part, Stage, View};
use super::planner::Planner;
use crate::graph::Op;
use crate::kernel::padded;

impl Planner<'_> {
    /// All linear nodes that read this node, as one layer.
    pub(super) fn layer(&mut self, input: usize) {
        let graph = self.graph;
        let from = self.view(input);
        let (mut parts, mut nodes, mut next) = (Vec::new(), Vec::new(), 0);
        for (index, node) in graph.nodes.iter().enumerate() {
            let Op::Linear { weight, bias } = node.op else { continue };
            if node.inputs != [input] || !self.is_live(index) {
                continue;
            }
            // What only the losses read may lie dense; the rest begins at whole vectors.
            let dense = self.is_head[index] && self.readers[index] == 1;
            let first = if dense { next } else { padded(next) };
            parts.push(Part { weight, bias, first, width: node.width });
            nodes.push(index);
            next = if dense { first + node.width } else { first + padded(node.width) };
        }
        let to = self.buffer(next, true);
        for (&index, part) in nodes.iter().zip(&parts) {
            let view = View { column: part.first, width: part.width, ..to };
            self.learning.insert(view, true);
            self.views[index] = Some(view);
        }
        let layer = self.place_layer(parts, from.width, next);
        let stage = Stage::Linear { layer, from, to, back: None, later: false, times: 1 };
        self.plan.stages.push(stage);
    }

    /// A layer of these parts, which may be one that is there.
    pub(super) fn place_layer(&mut self, parts: Vec<Part>, depth: usize, next: usize) -> usize {
        let params = || parts.iter().flat_map(|part| [Some(part.weight), part.bias]).flatten();
        let there = params().find_map(|param| self.layers.get(&param).copied());
        if let Some(layer) = there {
            self.fails |= self.plan.layers[layer].parts != parts;
            return layer;
        }
        let layer = self.plan.layers.len();
        for param in params() {
            // Twice within the layer.
            self.fails |= self.layers.insert(param, layer).is_some();
        }
        let (start, columns) = (self.plan.layout.len, padded(next));
        for (nth, part) in parts.iter().enumerate() {
            let next = parts.get(nth + 1).map_or(columns, |next| next.first);
            self.plan.layout.put(self.graph, part.weight, next - part.first);
        }
        let outputs = parts.last().map_or(0, |part| part.first + part.width);
        self.plan.layers.push(Layer { parts, depth, outputs, columns, start });
        layer
    }
}
