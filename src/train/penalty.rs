//! What is added to the losses beside the labels' own, on libtorch.

use crate::error::Result;
use crate::graph::{CLEAR, Graph, Penalty};
use tch::{Kind, TchError, Tensor};

/// What is added to the loss of a task, a scalar; none if nothing is. `outputs` are those of all
/// nodes, `weights` what each row counts.
pub fn of_task(
    graph: &Graph,
    outputs: &[Tensor],
    weights: Option<&Tensor>,
    task: usize,
) -> Result<Option<Tensor>> {
    let mut sum: Option<Tensor> = None;
    for penalty in graph.penalties.iter().filter(|penalty| penalty.task() == task) {
        let each = each(penalty, outputs)?;
        let mean = match weights {
            None => each.f_mean(Kind::Float)?,
            Some(weights) => {
                let all = weights.f_sum(Kind::Float)?;
                each.f_mul(weights)?.f_sum(Kind::Float)?.f_div(&all)?
            }
        };
        let mean = mean.f_mul_scalar(f64::from(penalty.weight()))?;
        sum = Some(match sum {
            None => mean,
            Some(sum) => sum.f_add(&mean)?,
        });
    }
    Ok(sum)
}

/// Row by row, `[rows, 1]`.
fn each(penalty: &Penalty, outputs: &[Tensor]) -> Result<Tensor, TchError> {
    match *penalty {
        Penalty::Exceeds { lower, upper, .. } => {
            let (lower, upper) = (outputs[lower].f_sigmoid()?, outputs[upper].f_sigmoid()?);
            upper.f_sub(&lower)?.f_relu()
        }
        Penalty::Entropy { node, .. } => {
            let logs = outputs[node].f_add_scalar(f64::from(CLEAR))?.f_log()?;
            outputs[node].f_mul(&logs)?.f_sum_dim_intlist(1, true, Kind::Float)?.f_neg()
        }
    }
}
