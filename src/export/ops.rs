//! The network's operations as ONNX's, in single precision: each as `infer` computes it.

use super::columns::Encoded;
use super::nodes::Nodes;
use super::proto::{Attribute, Data, Element};
use crate::error::{Code, Error, Result};
use crate::graph::{Activation, Bins, Graph, Node, Op};
use std::f32::consts::{FRAC_1_SQRT_2, TAU};
use std::ops::Range;

/// The outputs of all heads, `[N, width]` each.
pub fn heads(
    nodes: &Nodes,
    graph: &Graph,
    weights: &[f32],
    row: &Encoded,
    any: &str,
) -> Result<Vec<String>> {
    let mut network = Network { nodes, graph, weights, ranges: graph.ranges(), row, any };
    let mut values: Vec<String> = Vec::new();
    for node in &graph.nodes {
        let inputs: Vec<&str> = node.inputs.iter().map(|&input| values[input].as_str()).collect();
        let value = network.value(node, &inputs)?;
        values.push(value);
    }
    Ok(graph.heads.iter().map(|&head| values[head].clone()).collect())
}

struct Network<'a> {
    nodes: &'a Nodes,
    graph: &'a Graph,
    weights: &'a [f32],
    /// Where each parameter lies in them.
    ranges: Vec<Range<usize>>,
    row: &'a Encoded,
    /// An input of the graph, to ask for the number of rows.
    any: &'a str,
}

impl Network<'_> {
    fn param(&self, param: usize) -> &[f32] {
        &self.weights[self.ranges[param].clone()]
    }

    fn shape(&self, param: usize) -> &[usize] {
        &self.graph.params[param].shape
    }

    /// The parameter itself, or of another shape.
    fn weight(&self, param: usize, shape: &[usize]) -> String {
        self.nodes.constant(shape, Data::Floats(self.param(param)))
    }

    /// One number for each column.
    fn vector(&self, param: usize) -> String {
        self.weight(param, &[self.ranges[param].len()])
    }

    fn value(&mut self, node: &Node, inputs: &[&str]) -> Result<String> {
        let nodes = self.nodes;
        let x = inputs.first().copied().unwrap_or_default();
        let source = node.inputs.first();
        let width = source.map_or(0, |&input| self.graph.nodes[input].width);
        Ok(match &node.op {
            Op::Numeric => self.row.dense.clone().ok_or_else(absent)?,
            Op::Embedding { table, column } => {
                let table = self.weight(*table, self.shape(*table));
                let codes = self.row.codes.get(*column).ok_or_else(absent)?;
                nodes.op_with("Gather", &[&table, codes], &[("axis", Attribute::Int(0))])
            }
            Op::Linear { weight, bias } => {
                let weight = self.weight(*weight, self.shape(*weight));
                let bias = bias.map(|bias| self.vector(bias));
                let inputs: Vec<&str> = [x, &weight].into_iter().chain(bias.as_deref()).collect();
                nodes.op_with("Gemm", &inputs, &[("transB", Attribute::Int(1))])
            }
            Op::Grouped { weight, bias, groups } => {
                let bias = bias.map(|bias| self.vector(bias));
                self.grouped(x, *weight, bias, *groups, node.width)
            }
            Op::BatchEnsemble { weight, r, s, bias, members } => {
                self.batch_ensemble((x, width), (*weight, *r, *s, *bias), *members, node.width)
            }
            Op::Columns { columns } => nodes.gather_columns(x, columns),
            Op::Scale { weight } => nodes.mul(x, &self.vector(*weight)),
            Op::Periodic { frequency, phase } => self.periodic(x, *frequency, *phase, node.width),
            Op::Piecewise { edges } => self.piecewise(x, edges, node.width)?,
            Op::Activation(activation) => activated(nodes, *activation, x),
            Op::Blend { activation, weight } => {
                let change = nodes.sub(&activated(nodes, *activation, x), x);
                nodes.add(x, &nodes.mul(&change, &self.vector(*weight)))
            }
            Op::LayerNorm { weight, bias } => {
                let (weight, bias) = (self.vector(*weight), self.vector(*bias));
                let attributes = [("axis", Attribute::Int(1)), ("epsilon", Attribute::Float(1e-5))];
                nodes.op_with("LayerNormalization", &[x, &weight, &bias], &attributes)
            }
            Op::Dropout(_) => x.to_owned(),
            Op::Concat => nodes.concat(inputs),
            Op::Add => nodes.op("Sum", inputs),
            Op::Given { weight } => {
                let given = self.weight(*weight, &[1, node.width]);
                let whole = [("start", Attribute::Int(0)), ("end", Attribute::Int(1))];
                let rows = nodes.op_with("Shape", &[self.any], &whole);
                let width = nodes.ints(&[1], &[node.width as i64]);
                let axis = [("axis", Attribute::Int(0))];
                let shape = nodes.op_with("Concat", &[&rows, &width], &axis);
                nodes.op("Expand", &[&given, &shape])
            }
            Op::Softmax { .. } => nodes.op_with("Softmax", &[x], &[("axis", Attribute::Int(1))]),
            Op::Mixture => {
                let shares = nodes.columns(x, width);
                let parts = shares.iter().zip(&inputs[1..]).map(|(share, x)| nodes.mul(share, x));
                let parts: Vec<String> = parts.collect();
                nodes.op("Sum", &parts.iter().map(String::as_str).collect::<Vec<_>>())
            }
            Op::Select => self.select(x, width, node.width),
            Op::Dot => {
                let product = nodes.sum(&nodes.mul(x, inputs[1]), 1, true);
                nodes.mul(&product, &nodes.float(1.0 / (width as f32).sqrt()))
            }
            Op::And => self.and(x, inputs[1]),
        })
    }

    /// Parts side by side to one after the other, one product for each, and back.
    fn grouped(
        &self,
        x: &str,
        weight: usize,
        bias: Option<String>,
        groups: usize,
        width: usize,
    ) -> String {
        let (nodes, depth, own) = (self.nodes, self.shape(weight)[1], width / groups);
        let turned = turned(self.param(weight), depth, own);
        let weight = nodes.floats(&[groups, depth, own], &turned);
        let swap = [("perm", Attribute::Ints(vec![1, 0, 2]))];
        let parts = nodes.reshape(x, &[-1, groups as i64, depth as i64]);
        let parts = nodes.op_with("Transpose", &[&parts], &swap);
        let parts = nodes.op("MatMul", &[&parts, &weight]);
        let parts = nodes.op_with("Transpose", &[&parts], &swap);
        let ys = nodes.reshape(&parts, &[-1, width as i64]);
        bias.map_or(ys.clone(), |bias| nodes.add(&ys, &bias))
    }

    fn batch_ensemble(
        &self,
        (x, from): (&str, usize),
        (weight, r, s, bias): (usize, usize, usize, usize),
        members: usize,
        width: usize,
    ) -> String {
        let (nodes, depth, out) = (self.nodes, self.shape(weight)[1], width / members);
        // An input that is shared is one part.
        let parts = nodes.reshape(x, &[-1, (from / depth.max(1)) as i64, depth as i64]);
        let scaled = nodes.mul(&parts, &self.weight(r, &[members, depth]));
        let weight = turned(self.param(weight), depth, out);
        let ys = nodes.op("MatMul", &[&scaled, &nodes.floats(&[depth, out], &weight)]);
        let ys = nodes.mul(&ys, &self.weight(s, &[members, out]));
        let ys = nodes.add(&ys, &self.weight(bias, &[members, out]));
        nodes.reshape(&ys, &[-1, width as i64])
    }

    fn periodic(&self, x: &str, frequency: usize, phase: Option<usize>, width: usize) -> String {
        let (nodes, shape) = (self.nodes, self.shape(frequency).to_vec());
        let each = nodes.reshape(x, &[-1, shape[0] as i64, 1]);
        let mut turns = nodes.mul(&each, &self.weight(frequency, &shape));
        if let Some(phase) = phase {
            // One rounding for product and sum, as a fused multiply-add has it.
            let phase: Vec<f64> = self
                .param(phase)
                .iter()
                .map(|phase| f64::from(*phase) * f64::from(1.0 / TAU))
                .collect();
            let wide = nodes.cast(&turns, Element::Double);
            turns = nodes.cast(&nodes.add(&wide, &nodes.doubles(&shape, &phase)), Element::Float);
        }
        // What is whole in a number of turns says nothing, and costs precision.
        let turns = nodes.sub(&turns, &nodes.op("Round", &[&turns]));
        let angle = nodes.mul(&turns, &nodes.float(TAU));
        let mut waves = nodes.op("Cos", &[&angle]);
        if phase.is_none() {
            let sines = nodes.op("Sin", &[&angle]);
            let axis = [("axis", Attribute::Int(2))];
            waves = nodes.op_with("Concat", &[&waves, &sines], &axis);
        }
        nodes.reshape(&waves, &[-1, width as i64])
    }

    fn piecewise(&self, x: &str, edges: &[Vec<f32>], width: usize) -> Result<String> {
        let (nodes, bins) = (self.nodes, Bins::new(edges).ok_or_else(absent)?);
        let constant = |numbers: &[f32]| nodes.floats(&[bins.columns, bins.most], numbers);
        let each = nodes.reshape(x, &[-1, bins.columns as i64, 1]);
        let from_left = nodes.sub(&each, &constant(&bins.left));
        let inside = nodes.mul(&from_left, &constant(&bins.scale));
        let inside = nodes.op("Max", &[&inside, &constant(&bins.low)]);
        let inside = nodes.op("Min", &[&inside, &constant(&bins.high)]);
        Ok(nodes.reshape(&inside, &[-1, width as i64]))
    }

    /// Bit by bit, as [`crate::graph::select`].
    fn select(&self, x: &str, bits: usize, things: usize) -> String {
        let nodes = self.nodes;
        let one = nodes.float(1.0);
        let x = nodes.clip(x, &nodes.float(-0.5), &nodes.float(0.5));
        let squares = nodes.mul(&nodes.mul(&x, &x), &nodes.float(2.0));
        let slope = nodes.sub(&nodes.float(1.5), &squares);
        let steps = nodes.add(&nodes.float(0.5), &nodes.mul(&x, &slope));
        let mut chances: Vec<String> = vec![one.clone()];
        for (bit, step) in nodes.columns(&steps, bits).iter().enumerate() {
            let rest = nodes.sub(&one, step);
            for thing in 0..things.min(2 << bit) - (1 << bit) {
                chances.push(nodes.mul(&chances[thing], step));
                chances[thing] = nodes.mul(&chances[thing], &rest);
            }
        }
        nodes.concat(&chances.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// As [`crate::graph::and`].
    fn and(&self, x: &str, y: &str) -> String {
        let nodes = self.nodes;
        let terms = [x, y, &nodes.add(x, y)].map(|term| nodes.op("Neg", &[term]));
        let most = nodes.op("Max", &[&terms[0], &terms[1], &terms[2]]);
        let powers = terms.map(|term| nodes.op("Exp", &[&nodes.sub(&term, &most)]));
        let sum = nodes.op("Sum", &[&powers[0], &powers[1], &powers[2]]);
        nodes.op("Neg", &[&nodes.add(&nodes.op("Log", &[&sum]), &most)])
    }
}

/// Weights `[parts · out, depth]` part by part as `[depth, out]`.
fn turned(weight: &[f32], depth: usize, out: usize) -> Vec<f32> {
    let mut turned = Vec::with_capacity(weight.len());
    for part in weight.chunks_exact((depth * out).max(1)) {
        for at in 0..depth {
            turned.extend((0..out).map(|row| part[row * depth + at]));
        }
    }
    turned
}

fn activated(nodes: &Nodes, activation: Activation, x: &str) -> String {
    match activation {
        Activation::Relu => nodes.op("Relu", &[x]),
        Activation::Tanh => nodes.op("Tanh", &[x]),
        Activation::Sigmoid => nodes.op("Sigmoid", &[x]),
        Activation::Gelu => {
            let share = nodes.op("Erf", &[&nodes.mul(x, &nodes.float(FRAC_1_SQRT_2))]);
            let half = nodes.mul(x, &nodes.float(0.5));
            nodes.mul(&half, &nodes.add(&share, &nodes.float(1.0)))
        }
        Activation::Silu => nodes.mul(x, &nodes.op("Sigmoid", &[x])),
        Activation::Mish => nodes.mul(x, &nodes.op("Tanh", &[&nodes.op("Softplus", &[x])])),
        // Its constants are those of ONNX by default.
        Activation::Selu => nodes.op("Selu", &[x]),
    }
}

/// Not in a checked model.
fn absent() -> Error {
    Error::new(Code::Internal, "the network reads what the row does not have")
}
