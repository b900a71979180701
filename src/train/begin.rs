//! The first weights: drawn as the graph says, and where it says so brought into line with the
//! training rows, layer by layer.

use crate::data::{Encoded, relative_weights};
use crate::error::Result;
use crate::graph::{Graph, Init, Op};
use crate::infer::{Net, Rows};
use crate::random::Random;

/// Training rows that layers begin by, at most.
const MOST_ROWS: usize = 4_096;

/// Rows from which on features count differently for each member at first: fewer are not enough to
/// make up for it in as few epochs.
const ENOUGH: usize = 200;

/// The first weights of a training on these rows, of so many where those of validation count too.
pub fn begin(graph: &Graph, train: &Encoded, rows: usize, random: &mut Random) -> Result<Vec<f32>> {
    let mut weights = fresh(graph, rows < ENOUGH, random);
    let by_rows = |init: Init| matches!(init, Init::Scaled(_) | Init::Amid(_));
    if train.rows > 0 && graph.params.iter().any(|param| by_rows(param.init)) {
        let rows = sample(train, random);
        fit(graph, &rows, &mut weights, random)?;
    }
    Ok(weights)
}

/// First weights for few rows or many, drawn as the graph says; what goes by training rows is left
/// unscaled, or 0.
pub fn fresh(graph: &Graph, few: bool, random: &mut Random) -> Vec<f32> {
    let mut weights = Vec::with_capacity(graph.weights());
    for (index, param) in graph.params.iter().enumerate() {
        let firsts = if param.init == Init::Apart { firsts(graph, index) } else { Vec::new() };
        let mut size = 1.0;
        weights.extend((0..param.len()).map(|place| match param.init {
            Init::Zeros | Init::Amid(_) => 0.0,
            Init::Ones => 1.0,
            Init::Uniform(bound) => random.symmetric(bound),
            Init::Normal(deviation) | Init::Scaled(deviation) => random.normal() * deviation,
            Init::Apart => {
                if !few && firsts[place % firsts.len()] {
                    size = random.normal();
                }
                size * random.symmetric(1.0).signum()
            }
            Init::Peak { at, on, off } => {
                if place == at {
                    on
                } else {
                    off
                }
            }
        }));
    }
    weights
}

/// Of the numbers that the members with these factors read, which are the first of a feature.
fn firsts(graph: &Graph, factors: usize) -> Vec<bool> {
    let reads = |op: &Op| matches!(op, Op::BatchEnsemble { r, .. } if *r == factors);
    let layer = graph.nodes.iter().find(|node| reads(&node.op));
    let features = layer.map_or(vec![1], |layer| graph.features(layer.inputs[0]));
    features.into_iter().flat_map(|width| (0..width).map(|nth| nth == 0)).collect()
}

/// All rows, or as many as are enough, with weights as multiples of the least.
fn sample(train: &Encoded, random: &mut Random) -> Encoded {
    let mut rows: Vec<usize> = (0..train.rows).collect();
    if rows.len() > MOST_ROWS {
        random.shuffle(&mut rows);
        rows.truncate(MOST_ROWS);
    }
    let numeric = train.numeric.len() / train.rows;
    let codes = train.codes.len() / train.rows;
    let (mut picked, mut picked_codes) = (Vec::new(), Vec::new());
    for &row in &rows {
        picked.extend_from_slice(&train.numeric[row * numeric..][..numeric]);
        picked_codes.extend_from_slice(&train.codes[row * codes..][..codes]);
    }
    let weights = train.weights.as_deref().and_then(|weights| {
        let picked: Vec<f64> = rows.iter().map(|&row| weights[row]).collect();
        relative_weights(&picked)
    });
    Encoded {
        rows: rows.len(),
        numeric: picked,
        codes: picked_codes,
        weights,
        ..Encoded::default()
    }
}

/// Brings layers into line with the rows, each after those before it.
fn fit(graph: &Graph, rows: &Encoded, weights: &mut [f32], random: &mut Random) -> Result<()> {
    let ranges = graph.ranges();
    let draw = Draw::new(rows);
    let mut done = vec![false; graph.params.len()];
    for (index, node) in graph.nodes.iter().enumerate() {
        let Op::Linear { weight, bias } = node.op else { continue };
        // A layer that serves several nodes begins by the first.
        if std::mem::replace(&mut done[weight], true) {
            continue;
        }
        let init = |param: usize| graph.params[param].init;
        let scaled = matches!(init(weight), Init::Scaled(_));
        let amid = bias.and_then(|bias| match init(bias) {
            Init::Amid(count) => Some((bias, count)),
            _ => None,
        });
        if !scaled && amid.is_none() {
            continue;
        }
        let outputs = outputs(graph, index, rows, weights)?;
        for unit in 0..node.width {
            let of_unit = || outputs.iter().skip(unit).step_by(node.width).map(|y| f64::from(*y));
            let weighted = || of_unit().enumerate().map(|(row, y)| (draw.weight(row), y));
            let mut scale = 1.0;
            if scaled {
                let mean = weighted().map(|(weight, y)| weight * y).sum::<f64>() / draw.total();
                let squares = weighted().map(|(weight, y)| weight * ((y - mean) * (y - mean)));
                let deviation = (squares.sum::<f64>() / draw.total()).sqrt();
                // One that is the same on all rows has nothing to go by.
                if deviation > 1e-12 && deviation.is_finite() {
                    scale = 1.0 / deviation;
                }
                let each = ranges[weight].len() / node.width;
                let own = &mut weights[ranges[weight].clone()][unit * each..][..each];
                own.iter_mut().for_each(|w| *w = (f64::from(*w) * scale) as f32);
            }
            if let Some((bias, count)) = amid {
                let (mut sum, mut total) = (0.0, 0.0);
                for _ in 0..count {
                    let row = draw.row(f64::from(random.unit()));
                    let share = -(1.0 - f64::from(random.unit())).ln();
                    sum += share * scale * f64::from(outputs[row * node.width + unit]);
                    total += share;
                }
                if total > 0.0 {
                    weights[ranges[bias].start + unit] = (-sum / total) as f32;
                }
            }
        }
    }
    Ok(())
}

/// Rows, each with a chance in proportion to its weight.
struct Draw<'a> {
    weights: Option<&'a [f64]>,
    /// The sums of the weights up to and with each row; nothing where all count alike.
    sums: Vec<f64>,
    rows: usize,
}

impl<'a> Draw<'a> {
    fn new(rows: &'a Encoded) -> Self {
        let mut sum = 0.0;
        let sums = rows.weights.iter().flatten().map(|weight| {
            sum += weight;
            sum
        });
        Draw { sums: sums.collect(), weights: rows.weights.as_deref(), rows: rows.rows }
    }

    fn weight(&self, row: usize) -> f64 {
        self.weights.map_or(1.0, |weights| weights[row])
    }

    fn total(&self) -> f64 {
        self.sums.last().copied().unwrap_or(self.rows as f64)
    }

    /// The row for a number from 0 to below 1.
    fn row(&self, unit: f64) -> usize {
        match self.weights {
            None => (unit * self.rows as f64) as usize,
            Some(_) => {
                let place = unit * self.total();
                self.sums.partition_point(|sum| *sum <= place).min(self.rows - 1)
            }
        }
    }
}

/// What a node gives on the rows, `[rows, width]`.
fn outputs(graph: &Graph, node: usize, rows: &Encoded, weights: &[f32]) -> Result<Vec<f32>> {
    let nodes = graph.nodes[..=node].to_vec();
    let upto = Graph { nodes, heads: vec![node], gates: Vec::new(), ..graph.clone() };
    let Encoded { rows, numeric, codes, .. } = rows;
    Ok(Net::new(upto, weights.to_vec())?.run(Rows { rows: *rows, numeric, codes }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{Activation, Beginning, CategoryEmbeddings, Inputs, Parametrization, Spec};
    use crate::random::Purpose;

    fn rows(count: usize) -> Encoded {
        let mut random = Random::new(3, Purpose::Split);
        // One column is far larger than the others, one is the same throughout.
        let row = |_| {
            let own = [random.normal(), 50.0 + 20.0 * random.normal(), 0.1 * random.normal(), 1.0];
            own.to_vec()
        };
        let numeric = (0..count).flat_map(row).collect();
        let codes = (0..count as u32).map(|row| row % 7).collect();
        Encoded { rows: count, numeric, codes, ..Encoded::default() }
    }

    fn graph(init: Beginning) -> Graph {
        let spec = Spec {
            hidden: vec![24, 16],
            activation: Activation::Mish,
            parametric: true,
            parametrization: Parametrization::Ntk,
            init,
            ..Spec::default()
        };
        spec.compose(Inputs { numeric: 4, codes: vec![7] }, &[3, 1])
    }

    #[test]
    fn every_layer_begins_with_outputs_of_deviation_1_amid_the_rows() {
        let (graph, rows) = (graph(Beginning::Data), rows(300));
        let weights = begin(&graph, &rows, 300, &mut Random::new(5, Purpose::Init)).unwrap();
        let mut layers = 0;
        for (index, node) in graph.nodes.iter().enumerate() {
            if !matches!(node.op, Op::Linear { .. }) {
                continue;
            }
            layers += 1;
            let outputs = outputs(&graph, index, &rows, &weights).unwrap();
            let mut biased = 0.0;
            for unit in 0..node.width {
                let of_unit: Vec<f64> =
                    outputs.iter().skip(unit).step_by(node.width).map(|y| f64::from(*y)).collect();
                let mean = of_unit.iter().sum::<f64>() / 300.0;
                let variance = of_unit.iter().map(|y| (y - mean).powi(2)).sum::<f64>() / 300.0;
                assert!((variance.sqrt() - 1.0).abs() < 1e-3, "node {index}: {variance}");
                // A convex combination: 0 lies among the outputs.
                let least = of_unit.iter().copied().fold(f64::INFINITY, f64::min);
                let most = of_unit.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                assert!(least < 0.0 && most > 0.0, "node {index}: {least} to {most}");
                biased += mean.abs();
            }
            // But not their mean.
            assert!(biased > 0.0);
        }
        assert_eq!(layers, 4);
        assert_eq!(weights, begin(&graph, &rows, 300, &mut Random::new(5, Purpose::Init)).unwrap());
        assert_ne!(weights, begin(&graph, &rows, 300, &mut Random::new(6, Purpose::Init)).unwrap());
    }

    #[test]
    fn rows_count_by_their_weights_and_those_of_weight_0_not_at_all() {
        let graph = graph(Beginning::Data);
        let begin =
            |rows: &Encoded| begin(&graph, rows, 300, &mut Random::new(5, Purpose::Init)).unwrap();
        let weighted = |weight: &dyn Fn(usize) -> f64| {
            let mut rows = rows(300);
            rows.weights = Some((0..300).map(weight).collect());
            rows
        };
        let plain = begin(&rows(300));
        assert_eq!(begin(&weighted(&|_| 0.3)), plain);
        let uneven = weighted(&|row| [1.0, 0.0, 5.0][row % 3]);
        let weights = begin(&uneven);
        assert_ne!(weights, plain);
        let mut absurd = uneven.clone();
        let cells = absurd.numeric.chunks_exact_mut(4).skip(1).step_by(3);
        cells.for_each(|row| row.fill(1e9));
        assert_eq!(begin(&absurd), weights);
        // The first layer's outputs have the deviation 1 by weight.
        let node = graph.nodes.iter().position(|node| matches!(node.op, Op::Linear { .. }));
        let (node, width) = (node.unwrap(), graph.nodes[node.unwrap()].width);
        let outputs = outputs(&graph, node, &uneven, &weights).unwrap();
        for unit in 0..width {
            let mean = |of: &dyn Fn(f64) -> f64| {
                let rows =
                    outputs.iter().skip(unit).step_by(width).zip(uneven.weights.as_ref().unwrap());
                rows.map(|(y, weight)| of(f64::from(*y)) * weight).sum::<f64>() / 600.0
            };
            let variance = mean(&|y| y * y) - mean(&|y| y).powi(2);
            assert!((variance - 1.0).abs() < 1e-3, "{variance}");
        }
    }

    #[test]
    fn a_unit_that_nothing_moves_keeps_its_weights() {
        let mut rows = rows(20);
        rows.numeric.chunks_exact_mut(4).for_each(|row| row.copy_from_slice(&[1.0, 2.0, 3.0, 4.0]));
        rows.codes.fill(2);
        let graph = graph(Beginning::Data);
        let weights = begin(&graph, &rows, 300, &mut Random::new(5, Purpose::Init)).unwrap();
        assert!(weights.iter().all(|weight| weight.is_finite()));
        let drawn = fresh(&graph, false, &mut Random::new(5, Purpose::Init));
        let first = graph.params.iter().position(|param| param.name == "trunk.0.weight").unwrap();
        assert_eq!(weights[graph.ranges()[first].clone()], drawn[graph.ranges()[first].clone()]);
    }

    #[test]
    fn members_begin_with_features_of_sizes_and_numbers_of_signs_of_their_own() {
        let spec = Spec {
            members: 60,
            categories: CategoryEmbeddings { width: Some(9), deviation: None },
            ..Spec::default()
        };
        let graph = spec.compose(Inputs { numeric: 2, codes: vec![7] }, &[1]);
        let weights = fresh(&graph, false, &mut Random::new(5, Purpose::Init));
        let place = graph.params.iter().position(|param| param.name == "trunk.0.r").unwrap();
        let factors = &weights[graph.ranges()[place].clone()];
        assert_eq!(factors.len(), 60 * 11);
        let (mut sizes, mut positive) = (Vec::new(), 0);
        for member in factors.chunks_exact(11) {
            let embedding = &member[2..];
            assert!(embedding.iter().all(|factor| factor.abs() == embedding[0].abs()));
            sizes.extend([member[0], member[1], embedding[0]].map(|size| f64::from(size).powi(2)));
            positive += embedding.iter().filter(|factor| **factor > 0.0).count();
        }
        let variance = sizes.iter().sum::<f64>() / sizes.len() as f64;
        assert!((variance - 1.0).abs() < 0.25, "{variance}");
        assert!((positive as f64 / 540.0 - 0.5).abs() < 0.1, "{positive}");

        let few = fresh(&graph, true, &mut Random::new(5, Purpose::Init));
        let factors = &few[graph.ranges()[place].clone()];
        assert!(factors.iter().all(|factor| factor.abs() == 1.0));
        assert!(factors.contains(&1.0) && factors.contains(&-1.0));
    }

    #[test]
    fn beginnings_without_rows_have_their_deviations() {
        for (beginning, weight, bias) in [
            (Beginning::Uniform, 1.0 / (3.0f64 * 24.0).sqrt(), 1.0 / (3.0f64 * 24.0).sqrt()),
            (Beginning::Normal, 1.0 / 24.0f64.sqrt(), 1.0),
            (Beginning::He, (2.0 / 24.0f64).sqrt(), 0.0),
        ] {
            let graph = graph(beginning);
            let (mut weights, mut biases) = (Vec::new(), Vec::new());
            for seed in 0..40 {
                let all = fresh(&graph, false, &mut Random::new(seed, Purpose::Init));
                for (param, range) in graph.params.iter().zip(graph.ranges()) {
                    match param.name.as_str() {
                        "trunk.1.weight" => weights.extend_from_slice(&all[range]),
                        "trunk.1.bias" => biases.extend_from_slice(&all[range]),
                        _ => {}
                    }
                }
            }
            for (found, expected) in [(weights, weight), (biases, bias)] {
                let squares: f64 = found.iter().map(|x| f64::from(*x).powi(2)).sum();
                let deviation = (squares / found.len() as f64).sqrt();
                assert!((deviation - expected).abs() <= 0.06 * expected, "{deviation} {expected}");
            }
        }
    }
}
