//! Runs the graph on libtorch.

use super::tensors::Batch;
use crate::error::Result;
use crate::graph::{Activation, Graph, Op};
use crate::random::Random;
use tch::{TchError, Tensor};

/// The outputs of all heads, `[rows, width]` each. `dropout` gives the masks in training and is
/// none at prediction.
pub fn forward(
    graph: &Graph,
    params: &[Tensor],
    batch: &Batch,
    mut dropout: Option<&mut Random>,
) -> Result<Vec<Tensor>> {
    let mut outputs: Vec<Tensor> = Vec::with_capacity(graph.nodes.len());
    for node in &graph.nodes {
        let xs = |input: usize| &outputs[node.inputs[input]];
        let ys = match &node.op {
            Op::Numeric => batch.numeric.shallow_clone(),
            Op::Embedding { table, column } => {
                let codes = batch.codes.f_select(1, *column as i64)?;
                Tensor::f_embedding(&params[*table], &codes, -1, false, false)?
            }
            Op::Linear { weight, bias } => {
                xs(0).f_linear(&params[*weight], bias.map(|bias| &params[bias]))?
            }
            Op::Activation(activation) => activate(xs(0), *activation)?,
            Op::LayerNorm { weight, bias } => {
                let (weight, bias) = (Some(&params[*weight]), Some(&params[*bias]));
                xs(0).f_layer_norm([node.width as i64], weight, bias, 1e-5, false)?
            }
            Op::Dropout(rate) => match &mut dropout {
                Some(random) => {
                    let mask = mask(random, batch.rows * node.width, *rate);
                    let mask = Tensor::f_from_slice(&mask)?;
                    xs(0).f_mul(&mask.f_view([batch.rows as i64, node.width as i64])?)?
                }
                None => xs(0).shallow_clone(),
            },
            Op::Concat => Tensor::f_cat(&gather(&outputs, &node.inputs), 1)?,
            Op::Add => {
                let mut sum = xs(0).shallow_clone();
                for input in 1..node.inputs.len() {
                    sum = sum.f_add(xs(input))?;
                }
                sum
            }
        };
        outputs.push(ys);
    }
    Ok(gather(&outputs, &graph.heads))
}

fn gather(outputs: &[Tensor], nodes: &[usize]) -> Vec<Tensor> {
    nodes.iter().map(|&node| outputs[node].shallow_clone()).collect()
}

fn activate(xs: &Tensor, activation: Activation) -> Result<Tensor, TchError> {
    match activation {
        Activation::Relu => xs.f_relu(),
        Activation::Tanh => xs.f_tanh(),
        Activation::Sigmoid => xs.f_sigmoid(),
        Activation::Gelu => xs.f_gelu("none"),
        Activation::Silu => xs.f_silu(),
        Activation::Mish => xs.f_mish(),
        Activation::Selu => xs.f_selu(),
    }
}

/// Zeros with probability `rate`, the rest scaled so that the expectation stays. From our own
/// generator, for libtorch's is one for the whole process.
fn mask(random: &mut Random, len: usize, rate: f32) -> Vec<f32> {
    let kept = 1.0 / (1.0 - rate);
    (0..len).map(|_| if random.unit() < rate { 0.0 } else { kept }).collect()
}
