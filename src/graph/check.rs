//! Whether a graph that came from a file can be trusted: every number in it is checked before
//! anything is allocated or indexed by it.

use super::{Bins, Graph, Node, Op, Param, Penalty};
use crate::error::{Code, Error, Result};

/// No dimension of an honest model is larger; products of two stay far from overflow.
const LARGEST: usize = 1 << 31;

/// No selection is among more than two to this many things.
const MOST_BITS: usize = 16;

/// All nodes together: bounds what one prediction allocates, whatever a file says.
pub const WIDEST: usize = 1 << 20;

impl Graph {
    /// Checks that nodes read earlier nodes only, that widths and parameter shapes agree and that
    /// every parameter is used where it fits.
    pub fn check(&self) -> Result<()> {
        let dims = self.params.iter().flat_map(|param| &param.shape);
        let widths = self.nodes.iter().map(|node| &node.width);
        let codes = self.inputs.codes.iter().chain([&self.inputs.numeric]);
        if dims.chain(widths).chain(codes).any(|&dim| dim > LARGEST) {
            return Err(bad("a dimension is too large"));
        }
        if self.nodes.iter().any(|node| node.width == 0) {
            return Err(bad("a node has no width"));
        }
        if self.nodes.iter().map(|node| node.width).sum::<usize>() > WIDEST {
            return Err(bad(format!("its nodes are wider than {WIDEST} together")));
        }
        if self.params.iter().any(|param| param.shape.is_empty() || param.shape.len() > 2) {
            return Err(bad("a parameter has no shape of one or two dimensions"));
        }
        let honest = |param: &Param| {
            let decays = (0.0..=f32::MAX).contains(&param.decays());
            param.rate > 0.0 && param.rate.is_finite() && decays
        };
        if !self.params.iter().all(honest) {
            return Err(bad("a parameter's rate or decay is no such number"));
        }
        for (index, node) in self.nodes.iter().enumerate() {
            if node.inputs.iter().any(|&input| input >= index) {
                return Err(bad("a node reads a later node"));
            }
            if !self.fits(node) {
                return Err(bad(format!("node {index} does not fit its inputs or parameters")));
            }
        }
        if self.heads.is_empty() || self.heads.iter().any(|&head| head >= self.nodes.len()) {
            return Err(bad("a head is missing"));
        }
        if self.members == 0 || self.head_widths().iter().any(|width| width % self.members != 0) {
            return Err(bad("a head is not as wide as its members"));
        }
        let gates = self.heads.len().checked_mul(self.members) == Some(self.gates.len());
        if !self.gates.is_empty() && (!gates || self.gates.iter().any(|&it| it >= self.nodes.len()))
        {
            return Err(bad("a gate is missing"));
        }
        if !self.penalties.iter().all(|penalty| self.has(penalty)) {
            return Err(bad("a penalty does not fit its nodes"));
        }
        Ok(())
    }

    /// Whether a penalty has its task and nodes, and they their widths.
    fn has(&self, penalty: &Penalty) -> bool {
        let there = penalty.nodes().iter().all(|&node| node < self.nodes.len());
        let counts = penalty.weight().is_finite() && penalty.weight() >= 0.0;
        let fits = || match *penalty {
            Penalty::Exceeds { lower, upper, .. } => {
                [lower, upper].iter().all(|&node| self.nodes[node].width == 1)
            }
            Penalty::Entropy { node, .. } => {
                matches!(self.nodes[node].op, Op::Softmax { .. } | Op::Select)
            }
        };
        penalty.task() < self.heads.len() && there && counts && fits()
    }

    fn fits(&self, node: &Node) -> bool {
        let width = node.width;
        let inputs: Vec<usize> = node.inputs.iter().map(|&input| self.nodes[input].width).collect();
        let shape = |param: usize| self.params.get(param).map(|param| param.shape.as_slice());
        let vector = |param: usize| shape(param) == Some(&[width]);
        match &node.op {
            Op::Numeric => inputs.is_empty() && width == self.inputs.numeric,
            Op::Embedding { table, column } => {
                inputs.is_empty()
                    && self
                        .inputs
                        .codes
                        .get(*column)
                        .is_some_and(|&codes| shape(*table) == Some(&[codes, width]))
            }
            Op::Linear { weight, bias } => {
                inputs.len() == 1
                    && shape(*weight) == Some(&[width, inputs[0]])
                    && bias.is_none_or(vector)
            }
            Op::Grouped { weight, bias, groups } => {
                let divides = |width: usize| *groups > 0 && width.is_multiple_of(*groups);
                inputs.len() == 1
                    && divides(inputs[0])
                    && divides(width)
                    && shape(*weight) == Some(&[width, inputs[0] / groups])
                    && bias.is_none_or(vector)
            }
            Op::BatchEnsemble { weight, r, s, bias, members } => match (shape(*weight), &*inputs) {
                (Some(&[out, depth]), &[input]) => {
                    let whole = members.checked_mul(depth);
                    *members > 0
                        && members.checked_mul(out) == Some(width)
                        && (input == depth || Some(input) == whole)
                        && shape(*r) == Some(whole.as_slice())
                        && vector(*s)
                        && vector(*bias)
                }
                _ => false,
            },
            Op::Columns { columns } => {
                inputs.len() == 1
                    && columns.len() == width
                    && columns.iter().all(|&column| column < inputs[0])
            }
            Op::Scale { weight } => inputs == [width] && vector(*weight),
            Op::Periodic { frequency, phase } => match (inputs.as_slice(), shape(*frequency)) {
                (&[columns], Some(&[rows, waves])) => {
                    let each = if phase.is_some() { waves } else { 2 * waves };
                    let alike = phase.is_none_or(|phase| shape(phase) == shape(*frequency));
                    columns == rows && columns.checked_mul(each) == Some(width) && alike
                }
                _ => false,
            },
            Op::Piecewise { edges } => {
                let most = edges.iter().map(Vec::len).max().unwrap_or(0);
                // Before anything is made of them: few edges can make many bins.
                inputs == [edges.len()]
                    && edges.len().checked_mul(most.saturating_sub(1)) == Some(width)
                    && Bins::new(edges).is_some()
            }
            Op::Activation(_) => inputs == [width],
            Op::Blend { weight, .. } => inputs == [width] && vector(*weight),
            Op::Dropout(rate) => inputs == [width] && (0.0..1.0).contains(rate),
            Op::LayerNorm { weight, bias } => inputs == [width] && vector(*weight) && vector(*bias),
            Op::Concat => !inputs.is_empty() && inputs.iter().sum::<usize>() == width,
            Op::Add => !inputs.is_empty() && inputs.iter().all(|&input| input == width),
            Op::Given { weight } => inputs.is_empty() && vector(*weight),
            Op::Softmax { dropout } => inputs == [width] && (0.0..1.0).contains(dropout),
            Op::Mixture => match inputs.as_slice() {
                [gate, mixed @ ..] => {
                    !mixed.is_empty()
                        && *gate == mixed.len()
                        && mixed.iter().all(|&input| input == width)
                }
                [] => false,
            },
            Op::Select => {
                inputs.len() == 1
                    && inputs[0] <= MOST_BITS
                    && width > 1 << (inputs[0] - 1)
                    && width <= 1 << inputs[0]
            }
            Op::Dot => width == 1 && inputs.len() == 2 && inputs[0] == inputs[1],
            Op::And => inputs == [width, width],
        }
    }
}

fn bad(message: impl Into<String>) -> Error {
    Error::new(Code::Artifact, format!("the network in the file is not valid: {}", message.into()))
}

#[cfg(test)]
mod tests {
    use super::super::{Activation, Builder, Init, Inputs, Op};
    use super::*;

    fn graph() -> Graph {
        let mut builder = Builder::new(Inputs { numeric: 3, codes: vec![5] });
        let row = builder.row(|_| 2);
        let hidden = builder.linear("trunk.0", row, 4);
        let hidden = builder.activation(hidden, Activation::Relu);
        let head = builder.linear("head.0", hidden, 2);
        builder.head(head);
        let gate = builder.softmax(head, 0.1);
        let mixture = builder.mixture(gate, &[hidden, hidden]);
        let selected = builder.select(head, 4);
        let given = builder.given("own", 4, Init::Peak { at: 0, on: 0.9, off: 0.1 });
        let dot = builder.dot(given, mixture);
        builder.and(dot, dot);
        builder.and(selected, given);
        builder.blend("blend", given, Activation::Selu);
        builder.gate(gate);
        builder.grouped("grouped", hidden, 2, 3);
        builder.batch_ensemble("ensemble", hidden, 3, (2, false), Init::Ones);
        builder.penalty(Penalty::Exceeds { task: 0, lower: dot, upper: dot, weight: 0.5 });
        builder.penalty(Penalty::Entropy { task: 0, node: selected, weight: 0.0 });
        let columns = builder.columns(0, vec![2, 0]);
        builder.scale("scale", columns);
        builder.periodic("waves", columns, 3, (0.1, true));
        builder.periodic("more", columns, 3, (0.1, false));
        builder.piecewise(columns, vec![vec![0.0, 1.0], vec![-1.0, 0.0, 2.0]]);
        builder.build()
    }

    fn ensemble(graph: &mut Graph, [weight, r, s, bias]: [usize; 4], members: usize) {
        graph.nodes[15].op = Op::BatchEnsemble { weight, r, s, bias, members };
    }

    fn exceeds(task: usize, lower: usize, upper: usize, weight: f32) -> Penalty {
        Penalty::Exceeds { task, lower, upper, weight }
    }

    fn edges(graph: &mut Graph) -> &mut Vec<Vec<f32>> {
        let piecewise = graph.nodes.iter_mut().find_map(|node| match &mut node.op {
            Op::Piecewise { edges } => Some(edges),
            _ => None,
        });
        piecewise.unwrap()
    }

    #[test]
    fn what_the_builder_makes_is_valid() {
        graph().check().unwrap();
    }

    #[test]
    fn every_lie_is_refused() {
        let lies: [fn(&mut Graph); 53] = [
            |graph| graph.nodes[4].width = 0,
            |graph| {
                // Each node twice the one before: small in the file, huge in memory.
                for node in graph.nodes.len() - 1..45 {
                    let width = graph.nodes[node].width * 2;
                    graph.nodes.push(Node { op: Op::Concat, inputs: vec![node, node], width });
                }
            },
            |graph| graph.nodes[3].inputs = vec![3],
            |graph| graph.nodes[3].inputs = vec![99],
            |graph| graph.nodes[3].width = 5,
            |graph| graph.params[1].shape = vec![4, 6],
            |graph| graph.params[1].shape = vec![usize::MAX, usize::MAX],
            |graph| graph.heads = vec![77],
            |graph| graph.nodes[1].op = Op::Embedding { table: 0, column: 9 },
            |graph| graph.nodes[4].op = Op::Dropout(f32::NAN),
            |graph| graph.nodes[6].op = Op::Softmax { dropout: 1.0 },
            |graph| graph.nodes[7].inputs = vec![],
            |graph| graph.nodes[7].inputs = vec![6],
            |graph| graph.nodes[7].inputs = vec![6, 4, 4, 4],
            |graph| graph.nodes[7].inputs = vec![6, 4, 5],
            |graph| graph.nodes[8].inputs = vec![4],
            |graph| graph.nodes[9].op = Op::Given { weight: 1 },
            |graph| graph.nodes[10].inputs = vec![9, 5],
            |graph| graph.nodes[11].inputs = vec![10, 9],
            |graph| graph.gates = vec![99],
            |graph| graph.nodes[13].op = Op::Blend { activation: Activation::Relu, weight: 0 },
            |graph| graph.params[0].rate = f32::NAN,
            |graph| graph.params[0].decay = Some(-1.0),
            |graph| graph.nodes[14].op = Op::Grouped { weight: 7, bias: None, groups: 0 },
            |graph| graph.nodes[14].op = Op::Grouped { weight: 7, bias: None, groups: 3 },
            |graph| graph.nodes[14].op = Op::Grouped { weight: 7, bias: None, groups: 1 },
            |graph| graph.nodes[14].op = Op::Grouped { weight: 7, bias: Some(7), groups: 2 },
            |graph| ensemble(graph, [9, 10, 11, 12], 0),
            |graph| ensemble(graph, [9, 10, 11, 12], 3),
            |graph| ensemble(graph, [9, 11, 11, 12], 2),
            |graph| ensemble(graph, [9, 10, 10, 12], 2),
            |graph| graph.members = 3,
            // Five things by two bits, and two.
            |graph| graph.nodes[8].width = 5,
            |graph| graph.nodes[8].width = 2,
            |graph| graph.penalties = vec![exceeds(1, 10, 10, 1.0)],
            |graph| graph.penalties = vec![exceeds(0, 10, 99, 1.0)],
            |graph| graph.penalties = vec![exceeds(0, 9, 10, 1.0)],
            |graph| graph.penalties = vec![exceeds(0, 10, 10, -1.0)],
            |graph| graph.penalties = vec![exceeds(0, 10, 10, f32::NAN)],
            |graph| graph.penalties = vec![Penalty::Entropy { task: 0, node: 99, weight: 1.0 }],
            |graph| graph.penalties = vec![Penalty::Entropy { task: 0, node: 7, weight: 1.0 }],
            |graph| graph.nodes[16].op = Op::Columns { columns: vec![0, 3] },
            |graph| graph.nodes[16].op = Op::Columns { columns: vec![0] },
            |graph| graph.nodes[17].op = Op::Scale { weight: 0 },
            |graph| graph.nodes[17].inputs = vec![0],
            |graph| graph.nodes[18].op = Op::Periodic { frequency: 14, phase: Some(0) },
            |graph| graph.nodes[18].op = Op::Periodic { frequency: 14, phase: None },
            |graph| graph.nodes[19].inputs = vec![0],
            |graph| graph.nodes[19].op = Op::Periodic { frequency: 13, phase: None },
            |graph| graph.nodes[20].op = Op::Piecewise { edges: vec![vec![0.0, 1.0, 2.0]] },
            |graph| edges(graph)[0] = vec![0.0],
            |graph| edges(graph)[1][1] = -1.0,
            |graph| edges(graph)[0][1] = f32::NAN,
        ];
        for (index, lie) in lies.iter().enumerate() {
            let mut graph = graph();
            lie(&mut graph);
            assert_eq!(graph.check().unwrap_err().code(), Code::Artifact, "lie {index}");
        }
    }
}
