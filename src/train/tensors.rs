//! The door from plain data to tensors, and from libtorch's errors to ours.

use crate::data::{Encoded, Labels, TargetEncoder};
use crate::error::{Code, Error, Result};
use crate::graph::{Graph, Init};
use crate::random::Random;
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
}

/// The labels of one task.
#[derive(Debug)]
pub struct TaskLabels {
    /// `[rows]`: class codes as whole numbers for a multi-class head, else `[rows, 1]` floats;
    /// 0 where the label is missing.
    pub target: Tensor,
    /// `[rows, 1]`, 1 where a label is observed; none if all are.
    pub mask: Option<Tensor>,
}

impl Batch {
    /// Encoded rows as tensors.
    pub fn new(encoded: &Encoded, graph: &Graph, targets: &[TargetEncoder]) -> Result<Self> {
        let rows = encoded.rows as i64;
        let codes: Vec<i64> = encoded.codes.iter().map(|&code| i64::from(code)).collect();
        let labels = encoded.labels.iter().zip(targets);
        Ok(Batch {
            rows: encoded.rows,
            numeric: Tensor::f_from_slice(&encoded.numeric)?
                .f_view([rows, graph.inputs.numeric as i64])?,
            codes: Tensor::f_from_slice(&codes)?.f_view([rows, graph.inputs.codes.len() as i64])?,
            labels: labels
                .map(|(labels, target)| TaskLabels::new(labels, target.head_width()))
                .collect::<Result<_>>()?,
        })
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
            let mask = labels.mask.as_ref().map(&f).transpose()?;
            Ok(TaskLabels { target: f(&labels.target)?, mask })
        });
        Ok(Batch {
            rows,
            numeric: f(&self.numeric)?,
            codes: f(&self.codes)?,
            labels: labels.collect::<Result<_>>()?,
        })
    }
}

impl TaskLabels {
    fn new(labels: &Labels, head_width: usize) -> Result<Self> {
        let filled: Vec<f32> =
            labels.encoded.iter().map(|label| if label.is_nan() { 0.0 } else { *label }).collect();
        let mut target = Tensor::f_from_slice(&filled)?;
        target = match head_width {
            1 => target.f_unsqueeze(1)?,
            _ => target.f_to_kind(Kind::Int64)?,
        };
        let mask = if labels.observed() == labels.encoded.len() {
            None
        } else {
            let mask: Vec<f32> =
                labels.encoded.iter().map(|label| f32::from(!label.is_nan())).collect();
            Some(Tensor::f_from_slice(&mask)?.f_unsqueeze(1)?)
        };
        Ok(TaskLabels { target, mask })
    }

    /// How many labels are observed.
    pub fn observed(&self) -> Result<usize> {
        match &self.mask {
            None => Ok(self.target.size().first().map_or(0, |&rows| rows as usize)),
            Some(mask) => Ok(mask.f_sum(Kind::Double)?.f_double_value(&[])? as usize),
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

    /// Fresh parameters, drawn as the graph says.
    pub fn random(graph: &Graph, random: &mut Random) -> Result<Self> {
        let mut weights = Vec::with_capacity(graph.weights());
        for param in &graph.params {
            weights.extend((0..param.len()).map(|_| match param.init {
                Init::Zeros => 0.0,
                Init::Ones => 1.0,
                Init::Uniform(bound) => random.symmetric(bound),
                Init::Normal(deviation) => random.normal() * deviation,
            }));
        }
        Params::new(graph, &weights)
    }

    /// The weights as they are now.
    pub fn weights(&self) -> Result<Vec<f32>> {
        values(&self.flat)
    }
}

/// The numbers of a float tensor.
pub fn values(tensor: &Tensor) -> Result<Vec<f32>> {
    let mut values = vec![0.0f32; tensor.numel()];
    tensor.f_copy_data(&mut values, tensor.numel())?;
    Ok(values)
}
