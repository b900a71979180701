//! What each architecture is made of: shapes and numbers of weights, counted by hand.

use super::super::{
    Activation, Architecture, EmbeddingType, Embeddings, Graph, Init, Inputs, Norm, Op, Penalty,
    Sketch, Spec,
};

fn spec(architecture: Architecture) -> Spec {
    Spec {
        architecture,
        hidden: vec![8, 6],
        activation: Activation::Relu,
        dropout: 0.0,
        norm: Norm::None,
        experts: 4,
        task_experts: 2,
        levels: 2,
        tower: vec![5],
        gate_dropout: 0.2,
        k: 2,
        entropy: 0.5,
        calibrator: 0.6,
        ..Spec::default()
    }
}

fn compose(spec: &Spec, heads: &[usize]) -> Graph {
    let graph = spec.compose(Inputs { numeric: 3, codes: vec![] }, heads);
    graph.check().unwrap();
    assert_eq!(graph.head_widths(), heads);
    let mut names: Vec<&str> = graph.params.iter().map(|param| param.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), graph.params.len(), "a name stands twice");
    graph
}

const fn linear(from: usize, to: usize) -> usize {
    from * to + to
}

/// Hidden layers of 8 and 6 on so many inputs.
const fn layers(from: usize) -> usize {
    linear(from, 8) + linear(8, 6)
}

/// Towers of 5 on 6, heads of 3 and 1.
const TOWERS: usize = 2 * linear(6, 5) + linear(5, 3) + linear(5, 1);

fn has(graph: &Graph, name: &str) -> bool {
    graph.params.iter().any(|param| param.name == name)
}

#[test]
fn the_articles_network_has_its_193_weights() {
    let spec = Spec {
        hidden: vec![10, 10],
        activation: Activation::Relu,
        dropout: 0.0,
        ..Spec::default()
    };
    let graph = spec.compose(Inputs { numeric: 4, codes: vec![] }, &[3]);
    graph.check().unwrap();
    assert_eq!(graph.weights(), 4 * 10 + 10 + 10 * 10 + 10 + 10 * 3 + 3);
    assert_eq!(graph.params[0].name, "trunk.0.weight");
    assert_eq!(graph.params[5].name, "head.0.bias");
    assert!(!graph.nodes.iter().any(|node| matches!(node.op, Op::Dropout(_))));
}

#[test]
fn tasks_share_the_trunk() {
    let spec = Spec { hidden: vec![8], norm: Norm::Layer, ..Spec::default() };
    let graph = spec.compose(Inputs { numeric: 2, codes: vec![40] }, &[3, 1]);
    graph.check().unwrap();
    assert_eq!(graph.head_widths(), [3, 1]);
    let reads = |head: usize| graph.nodes[graph.heads[head]].inputs.clone();
    assert_eq!(reads(0), reads(1));
}

#[test]
fn members_share_hidden_layers() {
    let spec = Spec { members: 3, ..spec(Architecture::Shared) };
    let graph = spec.compose(Inputs { numeric: 3, codes: vec![] }, &[3, 1]);
    graph.check().unwrap();
    assert_eq!((graph.members, graph.head_widths()), (3, vec![9, 3]));
    // Weights once; factors of inputs and outputs, and biases, for each.
    let shared = |from: usize, to: usize| from * to + 3 * (from + to + to);
    let trunk = shared(3, 8) + shared(8, 6);
    let heads = 2 * shared(6, 5) + 3 * (linear(5, 3) + linear(5, 1));
    assert_eq!(graph.weights(), trunk + heads);
    let apart = graph.params.iter().filter(|param| param.init == Init::Apart);
    assert_eq!(apart.map(|param| &*param.name).collect::<Vec<_>>(), ["trunk.0.r"]);
    assert_eq!(graph.flops(), 3 * (3 * 8 + 8 * 6 + 2 * 6 * 5) + 3 * (5 * 3 + 5));
}

#[test]
fn files_of_members_that_began_by_signs_are_read() {
    let read = |text: &str| serde_json::from_str::<Init>(text).unwrap();
    assert_eq!([r#""signs""#, r#""apart""#].map(read), [Init::Apart; 2]);
    assert_eq!(serde_json::to_string(&Init::Apart).unwrap(), r#""apart""#);
}

#[test]
fn shared_with_towers() {
    let graph = compose(&spec(Architecture::Shared), &[3, 1]);
    assert_eq!(graph.weights(), layers(3) + TOWERS);
    assert!(graph.gates.is_empty());
}

#[test]
fn mixtures_of_experts() {
    let graph = compose(&spec(Architecture::Omoe), &[3, 1]);
    assert_eq!(graph.weights(), 4 * layers(3) + linear(3, 4) + TOWERS);
    assert_eq!(graph.gates[0], graph.gates[1]);
    assert!(has(&graph, "gate.weight") && has(&graph, "expert.3.1.bias"));

    let graph = compose(&spec(Architecture::Mmoe), &[3, 1]);
    assert_eq!(graph.weights(), 4 * layers(3) + 2 * linear(3, 4) + TOWERS);
    assert_ne!(graph.gates[0], graph.gates[1]);
    assert!(graph.gates.iter().all(|&gate| graph.nodes[gate].width == 4));
    assert!(has(&graph, "gate.1.weight") && has(&graph, "tower.1.0.weight"));
}

#[test]
fn selections_of_experts() {
    let graph = compose(&spec(Architecture::DselectK), &[3, 1]);
    // For each task two selectors of two bits, and their weights.
    let gates = 2 * (2 * linear(3, 2) + linear(3, 2));
    assert_eq!(graph.weights(), 4 * layers(3) + gates + TOWERS);
    assert!(graph.gates.iter().all(|&gate| graph.nodes[gate].width == 4));
    assert!(has(&graph, "gate.1.select.1.weight"));
    // Of every selector of every task.
    let tasks: Vec<usize> = graph.penalties.iter().map(Penalty::task).collect();
    assert_eq!(tasks, [0, 0, 1, 1]);
    let mut nodes: Vec<usize> = graph.penalties.iter().flat_map(Penalty::nodes).collect();
    nodes.dedup();
    assert!(nodes.iter().all(|&node| graph.nodes[node].op == Op::Select));
    assert_eq!(nodes.len(), 4);

    for (experts, bits) in [(2, 1), (3, 2), (5, 3), (6, 3), (33, 6), (63, 6), (64, 6)] {
        let spec = Spec { experts, entropy: 0.0, ..spec(Architecture::DselectK) };
        let graph = compose(&spec, &[3, 1]);
        let gates = 2 * (2 * linear(3, bits) + linear(3, 2));
        assert_eq!(graph.weights(), experts * layers(3) + gates + TOWERS);
        assert!(graph.gates.iter().all(|&gate| graph.nodes[gate].width == experts));
        assert!(graph.penalties.is_empty());
    }
}

#[test]
fn own_and_shared_experts() {
    let one = Spec { levels: 1, ..spec(Architecture::Cgc) };
    let graph = compose(&one, &[3, 1]);
    assert_eq!(graph.weights(), 8 * layers(3) + 2 * linear(3, 6) + TOWERS);
    assert!(!has(&graph, "level.0.gate.shared.weight"));

    let graph = compose(&spec(Architecture::Ple), &[3, 1]);
    let first = 8 * layers(3) + 2 * linear(3, 6) + linear(3, 8);
    let second = 8 * layers(6) + 2 * linear(6, 6);
    assert_eq!(graph.weights(), first + second + TOWERS);
    assert!(graph.gates.iter().all(|&gate| graph.nodes[gate].width == 6));
    assert!(has(&graph, "level.1.task.1.1.0.weight") && has(&graph, "level.0.shared.3.1.weight"));
}

#[test]
fn stitched_networks() {
    let graph = compose(&spec(Architecture::CrossStitch), &[3, 1]);
    assert_eq!(graph.weights(), 2 * layers(3) + 2 * 4 + TOWERS);
    assert!(has(&graph, "stitch.1.0.weight"));
    let alone = compose(&spec(Architecture::CrossStitch), &[3]);
    assert_eq!(alone.weights(), layers(3) + linear(6, 5) + linear(5, 3));
}

#[test]
fn fused_tasks() {
    let graph = compose(&spec(Architecture::Adatt), &[3, 1]);
    let level = |from| 4 * layers(from) + 2 * linear(from, 4) + 2 * 2;
    assert_eq!(graph.weights(), level(3) + level(6) + TOWERS);
    assert!(graph.gates.iter().all(|&gate| graph.nodes[gate].width == 4));
}

#[test]
fn chained_tasks() {
    let towers = 3 * (linear(6, 5) + linear(5, 1));
    let graph = compose(&spec(Architecture::Esmm), &[1, 1, 1]);
    assert_eq!(graph.weights(), layers(3) + towers);
    let second = &graph.nodes[graph.heads[1]];
    assert_eq!((&second.op, second.inputs[0]), (&Op::And, graph.heads[0]));

    let graph = compose(&spec(Architecture::Aitm), &[1, 1, 1]);
    // From one task to the next: the information, and value, key and query of the attention.
    assert_eq!(graph.weights(), layers(3) + towers + 2 * 4 * linear(5, 5));
    assert!(has(&graph, "transfer.2.query.bias") && has(&graph, "transfer.1.info.weight"));
    let heads = &graph.heads;
    let exceeds = |task: usize| {
        let (lower, upper) = (heads[task - 1], heads[task]);
        Penalty::Exceeds { task, lower, upper, weight: 0.6 }
    };
    assert_eq!(graph.penalties, [exceeds(1), exceeds(2)]);
    let without = Spec { calibrator: 0.0, ..spec(Architecture::Aitm) };
    assert!(compose(&without, &[1, 1, 1]).penalties.is_empty());
}

#[test]
fn numbers_are_embedded_where_they_are_known() {
    // A number, its mark, a number, two of one-hot, a constant one.
    let inputs = || Inputs { numeric: 6, codes: vec![7] };
    let sketch = Sketch {
        continuous: vec![0, 2, 5],
        edges: vec![vec![-1.0, 0.0, 0.5, 1.0], vec![-2.0, 2.0], vec![0.0]],
    };
    let embedded = |kind, architecture| {
        let embeddings = Embeddings { frequencies: 5, ..Embeddings::of(kind) };
        let spec = Spec { embeddings, ..spec(architecture) };
        let graph = spec.compose_for(inputs(), &[3, 1], &sketch);
        graph.check().unwrap();
        graph
    };
    let category = (1.6 * 7f64.powf(0.56)).round() as usize;
    let plain = |row: usize| 7 * category + layers(row + category) + TOWERS;
    let graph = embedded(EmbeddingType::None, Architecture::Shared);
    assert_eq!(graph, spec(Architecture::Shared).compose(inputs(), &[3, 1]));
    assert_eq!(graph.weights(), plain(6));

    let graph = embedded(EmbeddingType::Piecewise, Architecture::Shared);
    assert_eq!(graph.weights(), plain(2 * 16 + 4) + 2 * 16 * (1 + 1) + 2 * 16 * (3 + 1));
    let begins = |name: &str| graph.params.iter().find(|param| param.name == name).unwrap().init;
    assert_eq!(begins("numeric.piecewise.weight"), Init::Zeros);
    assert_eq!(begins("numeric.linear.weight"), Init::Uniform(0.25));
    let rest = Op::Columns { columns: vec![1, 3, 4, 5] };
    assert!(graph.nodes.iter().any(|node| node.op == rest));

    let graph = embedded(EmbeddingType::Periodic, Architecture::Shared);
    assert_eq!(graph.weights(), plain(3 * 4 + 3) + 2 * 3 * 5 + 3 * linear(5, 3));
    let graph = embedded(EmbeddingType::Plr, Architecture::Shared);
    assert_eq!(graph.weights(), plain(3 * 16 + 3) + 3 * 5 + 3 * linear(10, 16));
    for (_, architecture) in Architecture::ALL {
        if !architecture.is_chained() {
            let graph = embedded(EmbeddingType::Piecewise, architecture);
            assert!(has(&graph, "numeric.piecewise.bias"));
        }
    }
}
