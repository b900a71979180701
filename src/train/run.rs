//! Runs the graph on libtorch.

use super::tensors::Batch;
use crate::error::Result;
use crate::graph::{Activation, Bins, Graph, Op};
use crate::kernel::Masks;
use tch::{Kind, TchError, Tensor};

/// The outputs of all heads, `[rows, width]` each. `masks` are those of dropout, none at
/// prediction.
pub fn forward(
    graph: &Graph,
    params: &[Tensor],
    batch: &Batch,
    masks: Option<Masks>,
) -> Result<Vec<Tensor>> {
    Ok(gather(&nodes(graph, params, batch, masks)?, &graph.heads))
}

/// The same of all nodes.
pub fn nodes(
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
            Op::Grouped { weight, bias, groups } => {
                grouped(xs(0), &params[*weight], bias.map(|bias| &params[bias]), *groups as i64)?
            }
            Op::BatchEnsemble { weight, r, s, bias, members } => {
                let (rows, members) = (batch.rows as i64, *members as i64);
                let (out, depth) = params[*weight].size2()?;
                let each = |param: usize, width| params[param].f_view([members, width]);
                let xs = xs(0).f_view([rows, -1, depth])?.f_mul(&each(*r, depth)?)?;
                let ys = xs.f_linear(&params[*weight], None::<&Tensor>)?;
                let ys = ys.f_mul(&each(*s, out)?)?.f_add(&each(*bias, out)?)?;
                ys.f_reshape([rows, members * out])?
            }
            Op::Columns { columns } => {
                let columns: Vec<i64> = columns.iter().map(|&column| column as i64).collect();
                xs(0).f_index_select(1, &Tensor::f_from_slice(&columns)?)?
            }
            Op::Scale { weight } => xs(0).f_mul(&params[*weight])?,
            Op::Periodic { frequency, phase } => {
                periodic(xs(0), &params[*frequency], phase.map(|phase| &params[phase]))?
            }
            Op::Piecewise { edges } => piecewise(xs(0), edges)?,
            Op::Activation(activation) => activate(xs(0), *activation)?,
            Op::Blend { activation, weight } => {
                let change = activate(xs(0), *activation)?.f_sub(xs(0))?;
                xs(0).f_add(&change.f_mul(&params[*weight])?)?
            }
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
            Op::Given { weight } => params[*weight]
                .f_unsqueeze(0)?
                .f_expand([batch.rows as i64, node.width as i64], false)?,
            Op::Softmax { dropout } => {
                let left_out = masks.filter(|_| *dropout > 0.0).map(|masks| {
                    let mut left_out = Vec::with_capacity(batch.rows * node.width);
                    let mut mask = vec![0.0; node.width];
                    for row in 0..batch.rows {
                        masks.leave_out(index, row, *dropout, &mut mask);
                        left_out.extend(mask.iter().map(|mask| *mask == 0.0));
                    }
                    Tensor::f_from_slice(&left_out)?.f_view([batch.rows as i64, node.width as i64])
                });
                let xs = match left_out {
                    Some(left_out) => xs(0).f_masked_fill(&left_out?, f64::NEG_INFINITY)?,
                    None => xs(0).shallow_clone(),
                };
                xs.f_softmax(-1, Kind::Float)?
            }
            Op::Mixture => {
                let weighed =
                    |input: usize| xs(0).f_narrow(1, input as i64 - 1, 1)?.f_mul(xs(input));
                let mut sum = weighed(1)?;
                for input in 2..node.inputs.len() {
                    sum = sum.f_add(&weighed(input)?)?;
                }
                sum
            }
            Op::Select => select(xs(0), node.width)?,
            Op::Dot => {
                let width = graph.nodes[node.inputs[0]].width as f64;
                let product = xs(0).f_mul(xs(1))?;
                product.f_sum_dim_intlist(1, true, Kind::Float)?.f_div_scalar(width.sqrt())?
            }
            Op::And => {
                let (x, y) = (xs(0).f_neg()?, xs(1).f_neg()?);
                let both = x.f_add(&y)?;
                Tensor::f_stack(&[x, y, both], 0)?.f_logsumexp(0, false)?.f_neg()?
            }
        };
        outputs.push(ys);
    }
    Ok(outputs)
}

/// The outputs of these nodes.
pub fn gather(outputs: &[Tensor], nodes: &[usize]) -> Vec<Tensor> {
    nodes.iter().map(|&node| outputs[node].shallow_clone()).collect()
}

/// Equal parts of each row, each through its own rows of the weights.
fn grouped(
    xs: &Tensor,
    weight: &Tensor,
    bias: Option<&Tensor>,
    groups: i64,
) -> Result<Tensor, TchError> {
    let ((rows, _), (width, depth)) = (xs.size2()?, weight.size2()?);
    let parts = xs.f_reshape([rows, groups, depth])?.f_transpose(0, 1)?;
    let weight = weight.f_view([groups, width / groups, depth])?.f_transpose(1, 2)?;
    let ys = parts.f_bmm(&weight)?.f_transpose(0, 1)?.f_reshape([rows, width])?;
    match bias {
        Some(bias) => ys.f_add(bias),
        None => Ok(ys),
    }
}

/// Cosines, and without phases sines, of multiples of each number.
fn periodic(xs: &Tensor, frequency: &Tensor, phase: Option<&Tensor>) -> Result<Tensor, TchError> {
    let turns = xs.f_unsqueeze(2)?.f_mul(frequency)?;
    let angles = turns.f_mul_scalar(std::f64::consts::TAU)?;
    let waves = match phase {
        Some(phase) => angles.f_add(phase)?.f_cos()?,
        None => Tensor::f_cat(&[angles.f_cos()?, angles.f_sin()?], 2)?,
    };
    waves.f_flatten(1, 2)
}

/// The components of each number between its edges. A checked graph's edges make bins.
fn piecewise(xs: &Tensor, edges: &[Vec<f32>]) -> Result<Tensor, TchError> {
    let Some(bins) = Bins::new(edges) else {
        return Err(TchError::Shape("edges that make no bins".to_owned()));
    };
    let table =
        |list: &[f32]| Tensor::f_from_slice(list)?.f_view([bins.columns as i64, bins.most as i64]);
    let inside = xs.f_unsqueeze(2)?.f_sub(&table(&bins.left)?)?.f_mul(&table(&bins.scale)?)?;
    let (low, high) = (table(&bins.low)?, table(&bins.high)?);
    inside.f_clamp_tensor(Some(&low), Some(&high))?.f_flatten(1, 2)
}

/// The chances of so many things by the smooth steps of their bits.
fn select(xs: &Tensor, things: usize) -> Result<Tensor, TchError> {
    let xs = xs.f_clamp(-0.5, 0.5)?;
    let cubic = xs.f_square()?.f_mul_scalar(-2.0)?.f_add_scalar(1.5)?.f_mul(&xs)?;
    let steps = cubic.f_add_scalar(0.5)?;
    let (rows, bits) = steps.size2()?;
    let mut chances = Tensor::f_ones([rows, 1], (Kind::Float, steps.device()))?;
    for bit in 0..bits {
        let step = steps.f_narrow(1, bit, 1)?;
        // Only where the last bit leads to a thing does it part two.
        let (half, parted) = (1 << bit, (things as i64).min(2 << bit) - (1 << bit));
        let (both, rest) =
            (chances.f_narrow(1, 0, parted)?, chances.f_narrow(1, parted, half - parted)?);
        let with = both.f_mul(&step)?;
        chances = Tensor::f_cat(&[both.f_sub(&with)?, rest, with], 1)?;
    }
    Ok(chances)
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
