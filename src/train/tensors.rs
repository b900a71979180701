//! The door from plain data to tensors, and from libtorch's errors to ours.

use super::loss::{Loss, in_proportion};
use crate::data::{Encoded, Labels};
use crate::error::{Code, Error, Result};
use crate::graph::Graph;
use tch::{Kind, TchError, Tensor};

/// libtorch's message ends in a C++ backtrace: the first line is what a reader can use.
impl From<TchError> for Error {
    fn from(error: TchError) -> Self {
        let text = error.to_string();
        let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("no words");
        Error::new(Code::Libtorch, format!("libtorch: {line}"))
    }
}

/// Rows on the device: inputs and labels.
#[derive(Debug)]
pub struct Batch {
    /// How many.
    pub rows: usize,
    /// `[rows, numeric]`.
    pub numeric: Tensor,
    /// `[rows, columns]`, whole numbers.
    pub codes: Tensor,
    /// One for each task.
    pub labels: Vec<TaskLabels>,
    /// `[rows, 1]`: what each row counts, whatever its labels; none if all count alike.
    pub weights: Option<Tensor>,
}

/// The labels of one task.
#[derive(Debug)]
pub struct TaskLabels {
    /// `[rows]`: class codes as whole numbers if the loss reads them so, else `[rows, 1]` floats;
    /// 0 where the label is missing.
    pub target: Tensor,
    /// `[rows, 1]`: what each label counts, 0 where it is missing; none if all are there and
    /// count alike.
    pub weights: Option<Tensor>,
}

impl Batch {
    /// Encoded rows as tensors.
    pub fn new(encoded: &Encoded, graph: &Graph, losses: &[Loss]) -> Result<Self> {
        let rows = encoded.rows as i64;
        let labels = encoded.labels.iter().zip(losses);
        let weights = encoded.weights.as_deref();
        Ok(Batch {
            rows: encoded.rows,
            numeric: Tensor::f_from_slice(&encoded.numeric)?
                .f_view([rows, graph.inputs.numeric as i64])?,
            codes: whole(&encoded.codes)?.f_view([rows, graph.inputs.codes.len() as i64])?,
            labels: labels
                .map(|(labels, loss)| TaskLabels::new(labels, loss, weights))
                .collect::<Result<_>>()?,
            weights: weights.map(|all| column(&in_proportion(all))).transpose()?,
        })
    }

    /// Has the embedded columns hold other codes.
    pub fn read_codes(&mut self, codes: &[u32]) -> Result<()> {
        self.codes = whole(codes)?.f_view_as(&self.codes)?;
        Ok(())
    }

    /// The rows in another order.
    pub fn reordered(&self, order: &[usize]) -> Result<Self> {
        let order: Vec<i64> = order.iter().map(|&row| row as i64).collect();
        let order = Tensor::f_from_slice(&order)?;
        let pick = |tensor: &Tensor| tensor.f_index_select(0, &order);
        self.map(order.size1()? as usize, pick)
    }

    /// `rows` rows from `first` on, sharing memory.
    pub fn slice(&self, first: usize, rows: usize) -> Result<Self> {
        self.map(rows, |tensor| tensor.f_narrow(0, first as i64, rows as i64))
    }

    fn map(&self, rows: usize, f: impl Fn(&Tensor) -> Result<Tensor, TchError>) -> Result<Self> {
        let labels = self.labels.iter().map(|labels| {
            let weights = labels.weights.as_ref().map(&f).transpose()?;
            Ok(TaskLabels { target: f(&labels.target)?, weights })
        });
        Ok(Batch {
            rows,
            numeric: f(&self.numeric)?,
            codes: f(&self.codes)?,
            labels: labels.collect::<Result<_>>()?,
            weights: self.weights.as_ref().map(&f).transpose()?,
        })
    }
}

impl TaskLabels {
    fn new(labels: &Labels, loss: &Loss, rows: Option<&[f64]>) -> Result<Self> {
        let filled: Vec<f32> =
            labels.encoded.iter().map(|label| if label.is_nan() { 0.0 } else { *label }).collect();
        let mut target = Tensor::f_from_slice(&filled)?;
        target = match loss.reads_codes() {
            false => target.f_unsqueeze(1)?,
            true => target.f_to_kind(Kind::Int64)?,
        };
        let weights = loss.scaled_weights(labels, rows);
        let weights = weights.map(|weights| column(&weights)).transpose()?;
        Ok(TaskLabels { target, weights })
    }

    /// Each label so many times, one after the other: for as many members.
    pub fn repeated(&self, members: i64) -> Result<Self> {
        let repeat = |labels: &Tensor| labels.f_repeat_interleave_self_int(members, 0, None);
        let weights = self.weights.as_ref().map(repeat).transpose()?;
        Ok(TaskLabels { target: repeat(&self.target)?, weights })
    }

    /// How many labels count, and how much in sum.
    pub fn counted(&self) -> Result<(usize, f64)> {
        match &self.weights {
            None => {
                let rows = self.target.size().first().map_or(0, |&rows| rows as usize);
                Ok((rows, rows as f64))
            }
            Some(weights) => {
                let labels = weights.f_count_nonzero(None)?.f_int64_value(&[])?;
                Ok((labels as usize, weights.f_sum(Kind::Double)?.f_double_value(&[])?))
            }
        }
    }
}

/// The parameters: one flat buffer, and for each parameter a leaf of autograd that shares its
/// memory, so that a step of the optimizer is a few operations on the whole.
#[derive(Debug)]
pub struct Params {
    /// All weights, in the order of the graph's parameters.
    pub flat: Tensor,
    /// A view for each parameter.
    pub leaves: Vec<Tensor>,
}

impl Params {
    /// Parameters with these values.
    pub fn new(graph: &Graph, weights: &[f32]) -> Result<Self> {
        let flat = Tensor::f_from_slice(weights)?;
        let leaves = graph.params.iter().zip(graph.ranges()).map(|(param, range)| {
            let shape: Vec<i64> = param.shape.iter().map(|&dim| dim as i64).collect();
            let view =
                flat.f_narrow(0, range.start as i64, range.len() as i64)?.f_reshape(shape)?;
            Ok(view.f_detach()?.f_set_requires_grad(true)?)
        });
        let leaves = leaves.collect::<Result<_>>()?;
        Ok(Params { flat, leaves })
    }

    /// The weights as they are now.
    pub fn weights(&self) -> Result<Vec<f32>> {
        values(&self.flat)
    }
}

/// Codes as whole numbers.
fn whole(codes: &[u32]) -> Result<Tensor, TchError> {
    Tensor::f_from_slice(&codes.iter().map(|&code| i64::from(code)).collect::<Vec<_>>())
}

/// Numbers as a column.
fn column(numbers: &[f32]) -> Result<Tensor, TchError> {
    Tensor::f_from_slice(numbers)?.f_unsqueeze(1)
}

/// The numbers of a float tensor.
pub fn values(tensor: &Tensor) -> Result<Vec<f32>> {
    let mut values = vec![0.0f32; tensor.numel()];
    tensor.f_copy_data(&mut values, tensor.numel())?;
    Ok(values)
}
