//! Runs the graph on libtorch.

use super::tensors::Batch;
use crate::error::Result;
use crate::graph::{Activation, Graph, Op};
use crate::kernel::Masks;
use tch::{TchError, Tensor};

/// The outputs of all heads, `[rows, width]` each. `masks` are those of dropout, none at
/// prediction.
pub fn forward(
    graph: &Graph,
    params: &[Tensor],
    batch: &Batch,
    masks: Option<Masks>,
) -> Result<Vec<Tensor>> {
    let mut outputs: Vec<Tensor> = Vec::with_capacity(graph.nodes.len());
    for (index, node) in graph.nodes.iter().enumerate() {
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
            Op::Dropout(rate) => match masks {
                Some(masks) => {
                    let mut mask = vec![0.0; batch.rows * node.width];
                    for (row, mask) in mask.chunks_exact_mut(node.width).enumerate() {
                        masks.fill(index, row, *rate, mask);
                    }
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
