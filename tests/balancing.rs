//! Balanced steps of the fused kernels against an oracle: each task's gradient from libtorch's
//! autograd, the method's weights for those, and a plain step along their sum.
#![cfg(feature = "train")]
#![allow(clippy::unwrap_used, clippy::panic)] // a test may fail in its helpers too

use polytask::balance::{self, Balancer, Gradients, METHODS, Matrix, Needs, On, Rows, Weights};
use polytask::data::{Encoded, Schema};
use polytask::graph::{Activation, Builder, Graph, Inputs, Node, Op, Penalty, Spec};
use polytask::kernel::Masks;
use polytask::options::{FitOptions, TrainOptions};
use polytask::random::{Purpose, Random};
use polytask::train::{
    Batch, Engine, Fused, Lesson, Loss, Pace, Params, Pass, Passed, Stop, forward,
};
use polytask::{Cell, Code, Encoder, Error, Model, Source, TableBuilder, train_model};
use serde_json::{Value, json};
use tch::{Kind, Tensor};

const RATE: f64 = 0.02;
const KEY: u64 = 11;
const NAMES: [&str; 4] = ["two", "four", "size", "many"];

struct Data {
    schema: Schema,
    encoder: Encoder,
    rows: Encoded,
}

/// Rows with four kinds of task, labels missing here and there, weights.
fn data(rows: usize) -> Data {
    let names = ["a", "b", "c", "w", "two", "four", "size", "many"];
    let mut builder = TableBuilder::from_rows(names.map(str::to_owned));
    let mut random = Random::new(5, Purpose::Init);
    for row in 0..rows {
        let (a, b) = (f64::from(random.normal()), f64::from(random.normal()));
        let c = format!("c{}", (random.unit() * 12.0) as u8);
        let masked =
            |cell, nth: usize| if (row / 3 + nth).is_multiple_of(4) { Cell::Missing } else { cell };
        builder.push(
            0,
            [
                Cell::Number(a),
                Cell::Number(b),
                Cell::Text(&c),
                Cell::Number(f64::from(random.unit()) + 0.1),
                masked(Cell::Text(["no", "yes"][usize::from(a > 0.3)]), 0),
                masked(Cell::Text(["p", "q", "r", "s"][row % 4]), 1),
                masked(Cell::Number(b - a), 2),
                masked(Cell::Number((a.abs() * 4.0).floor()), 3),
            ],
        );
    }
    let table = builder.build();
    let options = json!({ "sampleWeights": "w", "targets": {
        "two": "classification", "four": "classification", "many": "count",
        "size": { "type": "regression", "weight": 2 },
    } });
    let mut schema = Schema::infer(&table, &TrainOptions::parse(options).unwrap().schema).unwrap();
    schema.tasks.sort_by_key(|task| NAMES.iter().position(|name| *name == task.name));
    let all: Vec<usize> = (0..rows).collect();
    let encoder = Encoder::fit(&table, &schema, &all).unwrap();
    let rows = encoder.encode_rows(&table, &all, true).unwrap();
    Data { schema, encoder, rows }
}

/// A trunk, and heads that leave it in all ways: at its end, half way, from the row as well,
/// through layers of their own, on another head, with penalties.
fn graph(inputs: Inputs, heads: &[usize], shape: usize, dropout: f32) -> Graph {
    if shape > 3 && shape != 15 {
        let architectures = [
            "mmoe",
            "omoe",
            "cgc",
            "ple",
            "cross-stitch",
            "adatt",
            "dselect-k",
            "aitm",
            "shared",
            "ple",
            "shared",
        ];
        let architecture = architectures[shape - 4];
        let model = json!({ "preset": "fast", "architecture": architecture, "tower": [6] });
        let spec = TrainOptions::parse(json!({ "model": model })).unwrap().model.spec;
        let parametric = shape.is_multiple_of(2);
        let spec = Spec { hidden: vec![9, 7], dropout, gate_dropout: dropout, parametric, ..spec };
        // Where there are any, so much that they are seen.
        let spec = Spec { entropy: spec.entropy * 4e5, calibrator: spec.calibrator * 3.0, ..spec };
        // The last ones in several members.
        let (members, networks) = match shape {
            12 => (0, 3),
            13 => (0, 2),
            14 => (3, 1),
            _ => (0, 1),
        };
        let graph = Spec { members, ..spec }.compose(inputs, heads).ensemble(networks);
        graph.check().unwrap();
        return graph;
    }
    let mut builder = Builder::new(inputs);
    let row = builder.row(|codes| codes.min(4));
    let half = builder.linear("trunk.0", row, 17);
    let half = builder.activation(half, Activation::Tanh);
    let half = builder.dropout(half, dropout);
    let xs = builder.linear("trunk.1", half, 12);
    let xs = builder.layer_norm("trunk.1.norm", xs);
    let xs = builder.activation(xs, Activation::Silu);
    let mut own = Vec::new();
    for (task, &width) in heads.iter().enumerate() {
        let name = format!("head.{task}");
        let head = match (shape, task) {
            (1.., 1) => {
                let own = builder.linear("own.1", half, 9);
                let own = builder.activation(own, Activation::Gelu);
                let both = builder.concat(vec![own, xs]);
                builder.linear(&name, both, width)
            }
            (1.., 2) => {
                let own = builder.blend("own.2.blend", xs, Activation::Selu);
                let own = builder.layer_norm("own.2", own);
                let own = builder.add(vec![own, xs, xs]);
                builder.linear(&name, own, width)
            }
            (2.., 3) => {
                let skip = builder.linear("skip.3", row, width);
                let head = builder.linear(&name, xs, width);
                builder.add(vec![head, skip])
            }
            _ => builder.linear(&name, xs, width),
        };
        builder.head(head);
        own.push(head);
    }
    if shape == 15 {
        // Of a gate that two tasks pay for, and of heads that are their tasks' own but for this.
        let logits = builder.linear("gate", half, 5);
        let node = builder.softmax(logits, dropout);
        for (task, weight) in [(1, 0.7), (3, 1.4)] {
            builder.penalty(Penalty::Entropy { task, node, weight });
        }
        for (task, lower, upper) in [(2, own[0], own[2]), (0, own[3], own[0]), (3, own[2], own[3])]
        {
            builder.penalty(Penalty::Exceeds { task, lower, upper, weight: 2.0 });
        }
    }
    let mut graph = builder.build();
    if shape == 3 {
        // The count's head reads the number's: a loss in the middle of what is shared.
        let (from, to) = (graph.heads[2], graph.heads[3]);
        let width = graph.nodes[to].inputs.len();
        assert_eq!(width, 2);
        graph.nodes[to].inputs.push(from);
    }
    graph.check().unwrap();
    graph
}

/// For each node the heads it leads to.
fn leads(graph: &Graph) -> Vec<Vec<bool>> {
    let mut leads = vec![vec![false; graph.heads.len()]; graph.nodes.len()];
    graph.heads.iter().enumerate().for_each(|(head, &node)| leads[node][head] = true);
    for penalty in &graph.penalties {
        penalty.nodes().into_iter().for_each(|node| leads[node][penalty.task()] = true);
    }
    for index in (0..graph.nodes.len()).rev() {
        let own = leads[index].clone();
        for &input in &graph.nodes[index].inputs {
            leads[input].iter_mut().zip(&own).for_each(|(to, from)| *to |= from);
        }
    }
    leads
}

fn count(set: &[bool]) -> usize {
    set.iter().filter(|set| **set).count()
}

/// For each parameter the heads whose loss reaches it.
fn reached(graph: &Graph) -> Vec<Vec<bool>> {
    let leads = leads(graph);
    let mut reached = vec![Vec::new(); graph.params.len()];
    for (node, leads) in graph.nodes.iter().zip(&leads) {
        node.op.params().into_iter().for_each(|param| reached[param] = leads.clone());
    }
    reached
}

/// The graph with a node of its own wherever tasks read what is shared, and those nodes before its
/// heads, and what is penalised behind: one forward pass then gives it all.
fn parted(graph: &Graph) -> (Graph, usize) {
    let leads = leads(graph);
    let own = |node: usize| count(&leads[node]) == 1;
    let mut parted = graph.clone();
    parted.nodes.clear();
    let (mut here, mut apart) = (Vec::new(), Vec::new());
    let mut border = Vec::new();
    for (index, node) in graph.nodes.iter().enumerate() {
        let from = if own(index) { &apart } else { &here };
        let inputs = node.inputs.iter().map(|&input: &usize| from[input]).collect();
        parted.nodes.push(Node { inputs, ..node.clone() });
        let at = parted.nodes.len() - 1;
        here.push(at);
        let mut readers = graph.nodes.iter().enumerate();
        let is_read = graph.heads.contains(&index)
            || graph.penalties.iter().any(|penalty| penalty.nodes().contains(&index))
            || readers.any(|(reader, it)| own(reader) && it.inputs.contains(&index));
        if !own(index) && is_read {
            parted.nodes.push(Node { op: Op::Concat, inputs: vec![at], width: node.width });
            border.push(at + 1);
        }
        apart.push(parted.nodes.len() - 1);
    }
    let paid = graph.penalties.iter().flat_map(Penalty::nodes);
    let heads = graph.heads.iter().copied().chain(paid).map(|head| apart[head]);
    parted.heads = border.iter().copied().chain(heads).collect();
    (parted, border.len())
}

struct Oracle<'a> {
    lesson: Lesson<'a>,
    losses: Vec<Loss>,
    /// The graph as [`parted`] gives it.
    graph: Graph,
    border: usize,
    batch: Batch,
    on: On,
    balancer: Balancer,
    params: Params,
    /// The Gramian of each step in the shared parameters.
    gramians: Vec<(Vec<usize>, Matrix)>,
}

/// Numbers of gradients, an undefined one as zeros.
fn numbers(gradient: &Tensor, len: usize) -> Vec<f32> {
    let mut list = vec![0.0; len];
    if gradient.defined() {
        gradient.contiguous().copy_data(&mut list, len);
    }
    list
}

fn product(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
}

impl Oracle<'_> {
    /// The weighted mean losses of the tasks with labels in the batch; `part` of it alone, with
    /// the weights of all.
    fn losses(&self, batch: &Batch, part: Option<(i64, i64)>, step: usize) -> Tasks {
        let masks = Masks::new(KEY, step);
        let outputs = forward(&self.graph, &self.params.leaves, batch, Some(masks)).unwrap();
        let (border, heads) = outputs.split_at(self.border);
        let (heads, mut paid) = heads.split_at(batch.labels.len());
        let mut more: Vec<Option<Tensor>> = heads.iter().map(|_| None).collect();
        let counts = batch.weights.as_ref().unwrap();
        for penalty in &self.lesson.graph.penalties {
            let (nodes, rest) = paid.split_at(penalty.nodes().len());
            paid = rest;
            let each = match nodes {
                [lower, upper] => (upper.sigmoid() - lower.sigmoid()).clamp_min(0.0),
                [node] => -(node * (node + 1e-6).log()).sum_dim_intlist(1, true, Kind::Float),
                _ => panic!("a penalty of one node or two"),
            };
            let mut each = each * counts / counts.sum(Kind::Float);
            if let Some((first, len)) = part {
                each = each.narrow(0, first, len);
            }
            let sum = each.sum(Kind::Float) * f64::from(penalty.weight());
            let of_task = &mut more[penalty.task()];
            *of_task = Some(of_task.take().map_or(sum.shallow_clone(), |before| before + sum));
        }
        let mut tasks = Tasks::default();
        tasks.border.extend(border.iter().map(Tensor::shallow_clone));
        for (task, (ys, labels)) in heads.iter().zip(&batch.labels).enumerate() {
            let (counted, weight) = labels.counted().unwrap();
            if counted == 0 {
                continue;
            }
            let mut labels = polytask::train::TaskLabels {
                target: labels.target.shallow_clone(),
                weights: labels.weights.as_ref().map(Tensor::shallow_clone),
            };
            let mut ys = ys.shallow_clone();
            if let Some((first, len)) = part {
                ys = ys.narrow(0, first, len);
                labels.target = labels.target.narrow(0, first, len);
                labels.weights = labels.weights.map(|weights| weights.narrow(0, first, len));
            }
            let loss = self.losses[task].mean(&ys, &labels, weight).unwrap();
            let counts = self.lesson.tasks[task].weight;
            tasks.values.push(loss.double_value(&[]) * counts);
            let loss = more[task].as_ref().map_or(loss.shallow_clone(), |more| &loss + more);
            tasks.losses.push(loss * counts);
            tasks.indices.push(task);
        }
        tasks
    }

    /// Each task's gradient, parameter by parameter, then in the border.
    fn gradients(&self, tasks: &Tasks) -> Vec<Vec<Vec<f32>>> {
        let mut leaves: Vec<&Tensor> = self.params.leaves.iter().collect();
        leaves.extend(tasks.border.iter().filter(|node| node.requires_grad()));
        let of = |loss: &Tensor| {
            let all: Vec<Tensor> = leaves.iter().map(|leaf| leaf.shallow_clone()).collect();
            let gradients = Tensor::f_run_backward(&[loss], &all, true, false).unwrap();
            gradients.iter().zip(&all).map(|(g, leaf)| numbers(g, leaf.numel())).collect()
        };
        tasks.losses.iter().map(of).collect()
    }

    fn step(&mut self, batch: &Batch, step: usize) {
        let graph = self.lesson.graph;
        let tasks = self.losses(batch, None, step);
        let about = balance::Step { tasks: &tasks.indices, losses: &tasks.values };
        let (reached, params) = (reached(graph), graph.params.len());
        let is_shared = |param: usize| count(&reached[param]) > 1;
        let gradients = self.gradients(&tasks);
        let shared = |all: &[Vec<f32>]| -> Vec<f32> {
            (0..params).filter(|param| is_shared(*param)).flat_map(|p| all[p].clone()).collect()
        };
        let rows: Vec<Vec<f32>> = gradients.iter().map(|all| shared(all)).collect();
        let n = rows.len();
        let mut mixed: Option<Vec<f32>> = None;
        let gramian = |rows: &[Vec<f32>]| Matrix::new(n, |i, j| product(&rows[i], &rows[j]));
        self.gramians.push((tasks.indices.clone(), gramian(&rows)));
        let needs = self.balancer.needs(&tasks.indices);
        let weights = match (needs, self.on) {
            _ if n == 0 => Weights { shared: Vec::new(), heads: Vec::new() },
            (Needs::Losses, _) => self.balancer.weigh(&about, Gradients::None).unwrap(),
            (Needs::Gramian, On::Parameters) => {
                self.balancer.weigh(&about, Gradients::Gramian(&gramian(&rows))).unwrap()
            }
            (Needs::Gramian, On::Representation) => {
                let rows: Vec<Vec<f32>> = gradients.iter().map(|g| g[params..].concat()).collect();
                self.balancer.weigh(&about, Gradients::Gramian(&gramian(&rows))).unwrap()
            }
            (Needs::Jacobian, _) => {
                let mut data = rows.concat();
                let given = Gradients::Jacobian(Rows::new(n, &mut data));
                let weights = self.balancer.weigh(&about, given).unwrap();
                let width = data.len() / n;
                let mut sum = vec![0.0f32; width];
                for (row, weight) in data.chunks_exact(width).zip(&weights.shared) {
                    sum.iter_mut().zip(row).for_each(|(sum, x)| *sum += x * *weight as f32);
                }
                mixed = Some(sum);
                weights
            }
            (Needs::Halves, _) => {
                let (rows, first) = (batch.rows as i64, batch.rows.div_ceil(2) as i64);
                let half = |first, len| {
                    let tasks = self.losses(batch, Some((first, len)), step);
                    let gradients = self.gradients(&tasks);
                    gradients.iter().map(|all| shared(all)).collect::<Vec<_>>()
                };
                let halves = match rows {
                    1 => [half(0, 1), half(0, 1)],
                    _ => [half(0, first), half(first, rows - first)],
                };
                let products = Matrix::new(n, |i, j| product(&halves[0][i], &halves[1][j]));
                self.balancer.weigh(&about, Gradients::Gramian(&products)).unwrap()
            }
        };
        let mut at = 0;
        let leaves = self.params.leaves.iter().zip(&reached).enumerate();
        let updates: Vec<Vec<f32>> = leaves
            .map(|(param, (leaf, _))| {
                let weights = if is_shared(param) { &weights.shared } else { &weights.heads };
                let mut sum = vec![0.0f32; leaf.numel()];
                for (all, weight) in gradients.iter().zip(weights) {
                    sum.iter_mut().zip(&all[param]).for_each(|(s, x)| *s += x * *weight as f32);
                }
                if let (Some(mixed), true) = (&mixed, is_shared(param)) {
                    let end = at + sum.len();
                    sum.copy_from_slice(&mixed[at..end]);
                    at = end;
                }
                sum
            })
            .collect();
        let mut now = self.params.weights().unwrap();
        now.iter_mut().zip(updates.concat()).for_each(|(w, g)| *w -= RATE as f32 * g);
        self.params = Params::new(graph, &now).unwrap();
        if self.balancer.looks_back() && n > 0 {
            let values = self.losses(batch, None, step).values;
            self.balancer.after(&balance::Step { tasks: &tasks.indices, losses: &values });
        }
    }
}

#[derive(Default)]
struct Tasks {
    border: Vec<Tensor>,
    indices: Vec<usize>,
    /// With their penalties.
    losses: Vec<Tensor>,
    /// Without, as methods see them.
    values: Vec<f64>,
}

fn lesson<'a>(data: &'a Data, graph: &'a Graph, nothing: &'a Encoded) -> Lesson<'a> {
    let (targets, tasks) = (data.encoder.targets(), &data.schema.tasks[..]);
    Lesson { graph, targets, tasks, train: &data.rows, validation: nothing }
}

fn losses(lesson: &Lesson<'_>) -> Vec<Loss> {
    let labelled = lesson.tasks.iter().zip(lesson.targets).zip(&lesson.train.labels);
    labelled.map(|((task, target), labels)| Loss::of(task, target, labels, None)).collect()
}

fn options(balance: &Value, more: Value) -> FitOptions {
    let mut options = json!({
        "balance": balance, "optimizer": "sgd", "weightDecay": 0, "gradientClip": false,
    });
    options.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    TrainOptions::parse(options).unwrap().fit
}

fn order(rows: usize) -> Vec<usize> {
    (0..rows).map(|row| row * 7 % rows).collect()
}

fn pass(engine: &mut dyn Engine, rows: usize, batch_size: usize, threads: usize) -> Passed {
    let (order, stop) = (order(rows), Stop::new());
    let pass = Pass {
        epoch: 1,
        codes: None,
        order: &order,
        batch_size,
        step: 0,
        pace: &|_| Pace::of(RATE),
        key: KEY,
        threads,
        stop: &stop,
    };
    engine.pass(pass).unwrap()
}

fn weights(graph: &Graph) -> Vec<f32> {
    let mut random = Random::new(8, Purpose::Init);
    (0..graph.weights()).map(|_| random.symmetric(0.5)).collect()
}

fn fused<'a>(lesson: Lesson<'a>, options: &'a FitOptions, begin: &[f32]) -> Fused<'a> {
    let balancer = Balancer::new(&options.balance, &NAMES, options.seed).unwrap();
    Fused::new(lesson, &losses(&lesson), options, begin).unwrap().balanced_by(balancer)
}

/// How far fused steps and those of the oracle are apart, as a share of how far they went, and
/// the Gramians that the oracle saw.
fn compare(balance: &Value, shape: usize, rows: usize, batch: usize) -> f64 {
    let data = data(rows);
    let heads: Vec<usize> = data.encoder.targets().iter().map(|it| it.head_width()).collect();
    let options = options(balance, json!({}));
    // Masks go by the number of the node, and the oracle's graph has other numbers.
    let dropout = if options.balance.on == On::Representation { 0.0 } else { 0.2 };
    let graph = graph(data.encoder.inputs(), &heads, shape, dropout);
    let nothing = Encoded::default();
    let (lesson, begin) = (lesson(&data, &graph, &nothing), weights(&graph));
    let mut engine = fused(lesson, &options, &begin);
    let passed = pass(&mut engine, rows, batch, 1);
    let losses = losses(&lesson);
    let (parted, border) = match options.balance.on {
        On::Representation => parted(&graph),
        On::Parameters => {
            let paid = graph.penalties.iter().flat_map(Penalty::nodes);
            let heads = graph.heads.iter().copied().chain(paid).collect();
            (Graph { heads, ..graph.clone() }, 0)
        }
    };
    let mut oracle = Oracle {
        lesson,
        graph: parted,
        border,
        batch: Batch::new(&data.rows, &graph, &losses).unwrap(),
        losses,
        on: options.balance.on,
        balancer: Balancer::new(&options.balance, &NAMES, options.seed).unwrap(),
        params: Params::new(&graph, &begin).unwrap(),
        gramians: Vec::new(),
    };
    let all = oracle.batch.reordered(&order(rows)).unwrap();
    for (nth, first) in (0..rows).step_by(batch).enumerate() {
        let slice = all.slice(first, batch.min(rows - first)).unwrap();
        oracle.step(&slice, nth);
    }
    assert_eq!(passed.steps, oracle.gramians.len());
    looked_right(&oracle.gramians[0], &passed, batch >= 40);
    let (a, b) = (engine.weights().unwrap(), oracle.params.weights().unwrap());
    assert!(a.iter().all(|x| x.is_finite()), "{balance}");
    let apart: f64 = a.iter().zip(&b).map(|(a, b)| f64::from(a - b).powi(2)).sum();
    let gone: f64 = begin.iter().zip(&b).map(|(a, b)| f64::from(a - b).powi(2)).sum();
    (apart / gone).sqrt()
}

/// Where one step alone was looked at, telemetry tells its Gramian.
fn looked_right((tasks, gramian): &(Vec<usize>, Matrix), passed: &Passed, all: bool) {
    let mut report = polytask::EpochReport {
        epoch: 1,
        epochs: 1,
        loss: 0.0,
        learning_rate: 0.0,
        seconds: 0.0,
        tasks: NAMES
            .map(|name| {
                let task = polytask::history::TaskReport {
                    loss: None,
                    labels: 0,
                    weight: None,
                    gradient_norm: None,
                };
                (name.to_owned(), task)
            })
            .to_vec(),
        cosines: None,
        validation: None,
        best: false,
        ..polytask::EpochReport::default()
    };
    passed.telemetry.as_ref().unwrap().tell(&mut report);
    if !all || passed.steps > 1 {
        return;
    }
    assert_eq!(tasks.len(), 4);
    let cosines = report.cosines.unwrap();
    for i in 0..4 {
        let norm = report.tasks[i].1.gradient_norm.unwrap();
        assert!((norm / gramian[(i, i)].sqrt() - 1.0).abs() < 1e-3, "norm {norm}");
        for j in 0..4 {
            let expected = gramian[(i, j)] / (gramian[(i, i)] * gramian[(j, j)]).sqrt();
            let found = cosines[i][j].unwrap();
            assert!((found - expected).abs() < 1e-3, "cosine {found}, expected {expected}");
        }
    }
}

/// Every method, and what changes the way a step is computed.
fn methods() -> Vec<Value> {
    let mut all: Vec<Value> = METHODS.iter().map(|it| json!({ "method": it.name })).collect();
    all[1]["weights"] = json!({ "two": 0.5, "size": 0 });
    for about in METHODS.iter().filter(|about| about.needs == Needs::Gramian) {
        all.push(json!({ "method": about.name, "on": "representation" }));
    }
    all.push(json!({ "method": "mgda", "every": 3 }));
    all.push(json!({ "method": "imtl", "every": 2, "on": "representation", "momentum": 0.5 }));
    all.push(json!({ "method": "sdmgrad", "every": 2 }));
    for on in ["parameters", "representation"] {
        all.push(json!({ "method": "graddrop", "on": on, "leak": 1 }));
    }
    // Which coordinate draws which number is not the oracle's to know.
    all.retain(|it| it["method"] != "graddrop" || it["leak"] == 1);
    all
}

#[test]
fn steps_are_those_of_autograd_and_the_method() {
    tch::set_num_threads(1);
    for balance in methods() {
        for (shape, rows, batch) in
            [(0, 50, 50), (0, 5, 1), (1, 60, 20), (2, 61, 7), (2, 150, 150), (3, 40, 13)]
        {
            let apart = compare(&balance, shape, rows, batch);
            assert!(apart < 1e-3, "{balance} {shape} {rows} {batch}: apart by {apart}");
        }
    }
}

#[test]
fn steps_of_every_architecture_are_those_of_autograd_and_the_method() {
    tch::set_num_threads(1);
    for balance in [
        json!({ "method": "equal" }),
        json!({ "method": "uncertainty" }),
        json!({ "method": "pcgrad" }),
        json!({ "method": "mgda", "on": "representation" }),
        json!({ "method": "upgrad", "on": "representation" }),
        json!({ "method": "graddrop", "on": "representation", "leak": 1 }),
    ] {
        for shape in 4..16 {
            let apart = compare(&balance, shape, 60, 20);
            assert!(apart < 1e-3, "{balance} {shape}: apart by {apart}");
        }
    }
}

#[test]
fn penalties_come_to_the_same_in_every_way() {
    let data = data(60);
    let heads: Vec<usize> = data.encoder.targets().iter().map(|it| it.head_width()).collect();
    for shape in [10, 11, 15] {
        let graph = graph(data.encoder.inputs(), &heads, shape, 0.2);
        assert!(!graph.penalties.is_empty());
        let bare = Graph { penalties: Vec::new(), ..graph.clone() };
        let nothing = Encoded::default();
        let trained = |graph: &Graph, balance: Value| {
            let (lesson, begin) = (lesson(&data, graph, &nothing), weights(graph));
            let options = options(&balance, json!({}));
            let mut engine = fused(lesson, &options, &begin);
            pass(&mut engine, 60, 20, 1);
            engine.weights().unwrap()
        };
        let apart = |a: &[f32], b: &[f32]| -> f64 {
            a.iter().zip(b).map(|(a, b)| f64::from(a - b).powi(2)).sum::<f64>().sqrt()
        };
        let sum = trained(&graph, json!("equal"));
        let seen = apart(&sum, &trained(&bare, json!("equal")));
        assert!(seen > 1e-3, "{shape}: {seen}");
        // All tasks' gradients as they are: task by task, in two phases, and by the losses.
        let leaks = |on: &str| json!({ "method": "graddrop", "leak": 1, "on": on });
        for balance in [leaks("parameters"), leaks("representation"), json!("dwa")] {
            let other = apart(&sum, &trained(&graph, balance.clone()));
            assert!(other < 1e-3 * seen, "{shape} {balance}: {other} of {seen}");
        }
    }
}

#[test]
fn neither_threads_nor_telemetry_change_a_bit() {
    let rows = 240;
    let data = data(rows);
    let heads: Vec<usize> = data.encoder.targets().iter().map(|it| it.head_width()).collect();
    let spec = |model: Value| TrainOptions::parse(json!({ "model": model })).unwrap().model.spec;
    let shared = spec(json!({ "preset": "fast", "hidden": [128, 96] }))
        .compose(data.encoder.inputs(), &heads);
    let mixed = json!({ "preset": "fast", "architecture": "ple", "hidden": [64] });
    let mixed = spec(mixed).compose(data.encoder.inputs(), &heads);
    let nothing = Encoded::default();
    let few =
        [json!({ "method": "equal" }), json!({ "method": "dwa" }), json!({ "method": "mgda" })];
    let few = few.map(|balance| (balance, &mixed));
    let mut balances = methods();
    balances.push(json!({ "method": "graddrop" }));
    balances.push(json!({ "method": "graddrop", "on": "representation" }));
    let balances = balances.into_iter().map(|balance| (balance, &shared)).chain(few);
    for (balance, graph) in balances {
        let (lesson, begin) = (lesson(&data, graph, &nothing), weights(graph));
        let trained = |threads: usize, telemetry: bool| {
            let more = json!({
                "batchSize": 120, "optimizer": "adam", "gradientClip": 1, "telemetry": telemetry,
            });
            let options = options(&balance, more);
            let mut engine = fused(lesson, &options, &begin);
            let passed = pass(&mut engine, rows, 120, threads);
            assert_eq!(passed.telemetry.is_some(), telemetry);
            let state = serde_json::to_string(&engine.balance()).unwrap();
            (engine.weights().unwrap(), state, format!("{:?}", passed.telemetry))
        };
        let first = trained(1, true);
        assert!(first.0.iter().all(|x| x.is_finite()), "{balance}");
        assert!(first == trained(2, true), "{balance}");
        let (without, state_without, _) = trained(2, false);
        assert!(first.0 == without && first.1 == state_without, "{balance}");
    }
}

/// Two tasks on one unit that wants to be two: they cannot but conflict.
fn rivals() -> Source {
    let mut builder = TableBuilder::from_rows(["x", "y", "first", "second"].map(str::to_owned));
    let mut random = Random::new(2, Purpose::Init);
    for row in 0..160 {
        let (x, y) = (f64::from(random.normal()), f64::from(random.normal()));
        // Of the second task few are labelled, so that some batches have none.
        let second = if row % 12 == 0 { Cell::Number(y - x) } else { Cell::Missing };
        let first = Cell::Text(["a", "b"][usize::from(x > 0.0)]);
        builder.push(0, [Cell::Number(x), Cell::Number(y), first, second]);
    }
    Source::Rows(builder.build())
}

fn train(balance: &Value, more: Value) -> Result<Model, Error> {
    let mut options = json!({
        "targets": { "first": "classification", "second": "regression" },
        "model": { "preset": "fast", "hidden": [1], "activation": "tanh" }, "epochs": 6, "batchSize": 8,
        "learningRate": 0.05, "seed": 3, "balance": balance,
    });
    options.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let bytes = train_model(rivals(), &TrainOptions::parse(options)?, &(), &Stop::new())?;
    Model::from_bytes(&bytes)
}

fn numbers_of(model: &Model) -> Value {
    let mut told = model.describe();
    for report in told["history"].as_array_mut().unwrap() {
        report["seconds"] = json!(0);
    }
    told["history"].clone()
}

#[test]
fn every_method_trains_rivals_the_same_way_twice() {
    for about in METHODS {
        let mut balance = json!({ "method": about.name });
        if about.weights {
            balance["weights"] = json!({ "second": 3 });
        }
        let model = train(&balance, json!({})).unwrap();
        let history = numbers_of(&model);
        assert_eq!(history, numbers_of(&train(&balance, json!({ "threads": 1 })).unwrap()));
        let last = &history[5];
        let first = &last["tasks"][0][1];
        assert!(last["loss"].as_f64().unwrap() < 3.0, "{balance}: {last}");
        assert!(first["weight"].as_f64().unwrap() >= 0.0, "{balance}: {last}");
        // The first step is always looked at; labels of the second task may not be in it.
        assert!(history[0]["tasks"][0][1]["weight"].as_f64().is_some());
    }
}

#[test]
fn reports_tell_how_the_tasks_stand_to_each_other() {
    let full = json!({ "batchSize": 160, "epochs": 200, "earlyStopping": false });
    let history = numbers_of(&train(&json!("equal"), full.clone()).unwrap());
    // One step an epoch: every 120th is looked at.
    for (epoch, report) in history.as_array().unwrap().iter().enumerate() {
        assert_eq!(report["tasks"][0][1]["weight"], 1.0);
        assert_eq!(report.get("cosines").is_some(), epoch % 120 == 0, "epoch {epoch}");
        assert_eq!(report["tasks"][0][1].get("gradientNorm").is_some(), epoch % 120 == 0);
    }
    let cosines = &history[0]["cosines"];
    assert!((cosines[0][0].as_f64().unwrap() - 1.0).abs() < 1e-9);
    assert_eq!(cosines[0][1], cosines[1][0]);
    // With a method that takes the Gramian anyway, every step.
    let history = numbers_of(&train(&json!("mgda"), full).unwrap());
    assert!(history.as_array().unwrap().iter().all(|report| report.get("cosines").is_some()));
    let without = numbers_of(&train(&json!("mgda"), json!({ "telemetry": false })).unwrap());
    assert!(!without.to_string().contains("cosines") && !without.to_string().contains("weight"));
}

#[test]
fn advice_is_given_where_there_is_some() {
    let advice = train(&json!("equal"), json!({})).unwrap().advice().join("\n");
    assert!(advice.contains("\"second\" has labels in"), "{advice}");
    let weighed = json!({ "targets": { "first": {}, "second": { "weight": 1000 } } });
    let advice = train(&json!("equal"), weighed.clone()).unwrap().advice().join("\n");
    assert!(advice.contains("\"second\" pulls") && advice.contains("as hard"), "{advice}");
    let alone = train(&json!("equal"), json!({ "targets": "first" })).unwrap();
    // One task pulls against no other; what is said of it are warnings.
    assert_eq!(alone.advice(), alone.warnings());
    assert_eq!(alone.describe()["advice"], json!(alone.advice()));
    assert!(!alone.advice().join("\n").contains("pulls"));
    assert!(!numbers_of(&alone).to_string().contains("cosines"));
}

#[test]
fn what_cannot_be_balanced_is_refused_by_name() {
    for (balance, more, words) in [
        (json!("mgda"), json!({ "engine": "libtorch" }), "not engine 'libtorch'"),
        (
            json!({ "method": "fixed", "weights": { "frist": 1 } }),
            json!({}),
            "\"frist\" is not a task; did you mean \"first\"?",
        ),
    ] {
        let error = train(&balance, more).unwrap_err();
        assert_eq!(error.code(), Code::Options);
        let option = error.place().option.clone().unwrap_or_default();
        assert!(option.starts_with("balance"), "{option}");
        assert!(error.to_string().contains(words), "{error}");
    }
    train(&json!("equal"), json!({ "engine": "libtorch" })).unwrap();
}

#[test]
fn libtorch_looks_at_gradients_and_trains_the_same() {
    let with = |telemetry: bool| {
        let more = json!({ "engine": "libtorch", "telemetry": telemetry, "batchSize": 160 });
        let model = train(&json!("equal"), more).unwrap();
        numbers_of(&model)
    };
    let (seen, unseen) = (with(true), with(false));
    assert!(seen[0].get("cosines").is_some() && seen[1].get("cosines").is_none());
    assert!(seen[0]["tasks"][1][1]["gradientNorm"].as_f64().unwrap() > 0.0);
    assert!(!unseen.to_string().contains("cosines") && !unseen.to_string().contains("weight"));
    for (seen, unseen) in seen.as_array().unwrap().iter().zip(unseen.as_array().unwrap()) {
        assert_eq!((&seen["loss"], &seen["validation"]), (&unseen["loss"], &unseen["validation"]));
    }
}
