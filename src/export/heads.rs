//! Heads to answers, in double precision as `predict` decodes them: probabilities in class order
//! and the label, or the value in its own unit with the ends of its interval.

use super::nodes::Nodes;
use super::proto::{Attribute, Data, Element};
use crate::data::{TargetEncoder, TargetEncoding, TaskType};

/// What is known of an answer beside its target.
#[derive(Debug, Clone, Copy)]
pub struct Touch {
    /// How many networks' outputs a head holds.
    pub members: usize,
    /// What probabilities are raised to, if they are.
    pub power: Option<f64>,
    /// How far the ends of an interval are from the value, if there is one.
    pub half_width: Option<f64>,
}

/// The names of one task's outputs.
#[derive(Debug, Clone, PartialEq)]
pub struct Outputs {
    /// Probabilities or values.
    pub answer: String,
    /// Labels, of a task with classes.
    pub label: Option<String>,
    /// The low and the high end, of a task with intervals.
    pub ends: Option<[String; 2]>,
}

/// Writes the outputs of a task, whose head's output is `head`. Where `misfit` holds, no row is
/// answered: numbers are NaN, and the label is an empty text.
pub fn answer(
    nodes: &Nodes,
    head: &str,
    target: &TargetEncoder,
    touch: Touch,
    outputs: &Outputs,
    misfit: Option<&str>,
) {
    let give = |value: &str, none: String, name: &str| {
        let value = misfit.map_or(value.to_owned(), |misfit| nodes.choose(misfit, &none, value));
        nodes.output(&value, name);
    };
    let number = |value: &str, name: &str| give(value, nodes.double(f64::NAN), name);
    // Of each row the members, one after the other.
    let wide = nodes.cast(head, Element::Double);
    let shape = [-1, touch.members as i64, target.head_width() as i64];
    let members = nodes.reshape(&wide, &shape);
    let Some(classes) = target.classes() else {
        let value = value(nodes, &members, target);
        number(&value, &outputs.answer);
        if let (Some([low, high]), Some(half_width)) = (&outputs.ends, touch.half_width) {
            // No number is infinite, and no count below 0.
            let least = if target.kind() == TaskType::Count { 0.0 } else { -f64::MAX };
            let half_width = nodes.double(half_width);
            let below = nodes.op("Max", &[&nodes.sub(&value, &half_width), &nodes.double(least)]);
            let above =
                nodes.op("Min", &[&nodes.add(&value, &half_width), &nodes.double(f64::MAX)]);
            number(&below, low);
            number(&above, high);
        }
        return;
    };
    let probabilities = probabilities(nodes, &members, target);
    if let Some(label) = &outputs.label {
        // Before they are tempered, which keeps their order.
        let first = [("axis", Attribute::Int(1)), ("keepdims", Attribute::Int(1))];
        let best = nodes.op_with("ArgMax", &[&probabilities], &first);
        let names = nodes.constant(&[classes.len()], Data::Texts(classes.names()));
        let found = nodes.op_with("Gather", &[&names, &best], &[("axis", Attribute::Int(0))]);
        give(&found, nodes.constant(&[], Data::Texts(&[String::new()])), label);
    }
    let tempered = match touch.power {
        Some(power) => tempered(nodes, &probabilities, classes.len(), power),
        None => probabilities,
    };
    number(&tempered, &outputs.answer);
}

/// The mean over the members, `[N, width]`.
fn mean(nodes: &Nodes, members: &str) -> String {
    let attributes = [("axes", Attribute::Ints(vec![1])), ("keepdims", Attribute::Int(0))];
    nodes.op_with("ReduceMean", &[members], &attributes)
}

fn value(nodes: &Nodes, members: &str, target: &TargetEncoder) -> String {
    match target.encoding() {
        TargetEncoding::Count { scale } => {
            let count = mean(nodes, &nodes.op("Exp", &[members]));
            let count = nodes.mul(&count, &nodes.double(*scale));
            nodes.op("Min", &[&count, &nodes.double(f64::MAX)])
        }
        TargetEncoding::Number { mean: centre, scale, range } => {
            let scaled = nodes.mul(&mean(nodes, members), &nodes.double(*scale));
            let value = nodes.add(&scaled, &nodes.double(*centre));
            match range {
                Some([least, most]) => {
                    nodes.clip(&value, &nodes.double(*least), &nodes.double(*most))
                }
                None => value,
            }
        }
        // Those have classes.
        TargetEncoding::Classes(_) | TargetEncoding::Ordinal(_) => members.to_owned(),
    }
}

fn sigmoid(nodes: &Nodes, logits: &str) -> String {
    let power = nodes.op("Exp", &[&nodes.op("Neg", &[logits])]);
    nodes.div(&nodes.double(1.0), &nodes.add(&nodes.double(1.0), &power))
}

fn probabilities(nodes: &Nodes, members: &str, target: &TargetEncoder) -> String {
    match target.encoding() {
        TargetEncoding::Ordinal(_) => mean(nodes, &chain(nodes, members, target.head_width())),
        _ if target.head_width() == 1 => {
            let yes = mean(nodes, &sigmoid(nodes, members));
            nodes.concat(&[&nodes.sub(&nodes.double(1.0), &yes), &yes])
        }
        _ => {
            let shares = nodes.op_with("Softmax", &[members], &[("axis", Attribute::Int(2))]);
            mean(nodes, &shares)
        }
    }
}

/// Of what has passed all classes so far, the share that stops at each: `[N, members, classes]`.
fn chain(nodes: &Nodes, members: &str, logits: usize) -> String {
    let passes = sigmoid(nodes, members);
    let stops = sigmoid(nodes, &nodes.op("Neg", &[members]));
    let axis = || ("axis", Attribute::Int(2));
    let part = |list: &str, at: usize| {
        let at = nodes.ints(&[1], &[at as i64]);
        nodes.op_with("Gather", &[list, &at], &[axis()])
    };
    let mut passed: Option<String> = None;
    let mut classes = Vec::new();
    for at in 0..logits {
        let (stop, pass) = (part(&stops, at), part(&passes, at));
        classes.push(passed.as_ref().map_or(stop.clone(), |passed| nodes.mul(passed, &stop)));
        passed = Some(passed.map_or(pass.clone(), |passed| nodes.mul(&passed, &pass)));
    }
    classes.extend(passed);
    let classes: Vec<&str> = classes.iter().map(String::as_str).collect();
    nodes.op_with("Concat", &classes, &[axis()])
}

/// Probabilities to a power, summing to 1 again.
fn tempered(nodes: &Nodes, probabilities: &str, classes: usize, power: f64) -> String {
    let (one, power) = (nodes.double(1.0), nodes.double(power));
    if classes == 2 {
        let [no, yes] = [0, 1].map(|class| nodes.gather_columns(probabilities, &[class]));
        let odds = nodes.op("Pow", &[&nodes.div(&no, &yes), &power]);
        let yes = nodes.div(&one, &nodes.add(&one, &odds));
        return nodes.concat(&[&nodes.sub(&one, &yes), &yes]);
    }
    let most = nodes.op_with("ReduceMax", &[probabilities], &[("axes", Attribute::Ints(vec![1]))]);
    let shares = nodes.op("Pow", &[&nodes.div(probabilities, &most), &power]);
    nodes.div(&shares, &nodes.sum(&shares, 1, true))
}
