//! Steps on libtorch, operation by operation, with its autograd: for what the kernels cannot, and
//! the oracle that they are tested against.

use super::engine::{Engine, Pass, Passed};
use super::fit::Lesson;
use super::fused::shared;
use super::loss::Loss;
use super::optimizer::{Moments, Optimizer};
use super::penalty;
use super::report::{Mean, check};
use super::run::{forward, gather, nodes};
use super::schedule::toward;
use super::telemetry::{self, Telemetry};
use super::tensors::{Batch, Params, values};
use crate::balance::Matrix;
use crate::data::Encoded;
use crate::error::Result;
use crate::kernel::{Masks, dot};
use crate::options::FitOptions;
use tch::Tensor;

/// Multiply-adds in one step under which a second thread does not pay: small networks lose more by
/// the hand-over than they gain.
const WORTH_A_THREAD: usize = 8_000_000;

/// Rows that are answered at once.
const ANSWERED: usize = 8_192;

/// Libtorch with all it works on. It lives on one thread, which owns every tensor.
pub struct Autograd<'a> {
    lesson: Lesson<'a>,
    losses: Vec<Loss>,
    train: Batch,
    params: Params,
    optimizer: Optimizer,
    /// What each step keeps of the average of the weights, and the average.
    average: Option<(f64, Tensor)>,
    /// The parameters that several tasks share, where telemetry looks at them.
    shared: Vec<usize>,
    looks: bool,
    /// The most threads that pay.
    most: usize,
}

impl<'a> Autograd<'a> {
    /// Libtorch for a lesson, beginning with these weights.
    pub fn new(
        lesson: Lesson<'a>,
        losses: Vec<Loss>,
        options: &FitOptions,
        weights: &[f32],
    ) -> Result<Self> {
        // Forward and backward are three times the multiplications of the weights.
        let work = 3 * lesson.graph.flops() * options.batch_size(lesson.train.rows);
        let pays = work >= WORTH_A_THREAD || options.threads.is_some();
        Ok(Autograd {
            most: if pays { usize::MAX } else { 1 },
            train: Batch::new(lesson.train, lesson.graph, &losses)?,
            params: Params::new(lesson.graph, weights)?,
            average: match options.ema {
                Some(kept) => Some((kept, Tensor::f_from_slice(weights)?)),
                None => None,
            },
            optimizer: Optimizer::new(lesson.graph, options)?,
            shared: shared(lesson.graph),
            looks: options.telemetry && losses.len() > 1,
            lesson,
            losses,
        })
    }

    /// One step: the weighted sum of the tasks' losses, its gradients, the optimizer.
    fn batch(
        &mut self,
        batch: &Batch,
        pass: &Pass<'_>,
        step: usize,
        (means, telemetry): (&mut [Mean], Option<&mut Telemetry>),
    ) -> Result<()> {
        let Lesson { graph, targets, tasks, .. } = self.lesson;
        let pace = (pass.pace)(step);
        let masks = Masks::new(pass.key, step).with_share(pace.dropout as f32);
        let nodes = nodes(graph, &self.params.leaves, batch, Some(masks))?;
        let outputs = gather(&nodes, &graph.heads);
        let (mut counting, mut losses) = (Vec::new(), Vec::new());
        for (task, (ys, labels)) in outputs.iter().zip(&batch.labels).enumerate() {
            let (counted, weight) = labels.counted()?;
            if counted == 0 {
                continue;
            }
            let mut loss = self.losses[task].mean(ys, labels, weight)?;
            let value = loss.f_double_value(&[])?;
            check(value, &targets[task], pass.epoch)?;
            means[task].add(value, weight, counted);
            if let Some(more) = penalty::of_task(graph, &nodes, batch.weights.as_ref(), task)? {
                loss = loss.f_add(&more)?;
            }
            counting.push(task);
            losses.push(loss.f_mul_scalar(tasks[task].weight)?);
        }
        if let Some(telemetry) = telemetry {
            telemetry.weighed(&counting, counting.iter().map(|_| 1.0));
            let numbers = tasks.len() * graph.weights();
            if counting.len() > 1 && telemetry::looks(step, tasks.len(), numbers) {
                telemetry.saw(&counting, &self.gramian(&losses)?);
            }
        }
        let total = losses.into_iter().map(Ok).reduce(|sum, loss| sum?.f_add(&loss?));
        let Some(total) = total.transpose()? else { return Ok(()) };
        let gradients = Tensor::f_run_backward(&[total], &self.params.leaves, false, false)?;
        self.optimizer.step(&self.params.flat, &gradients, pace)
    }

    /// Moves the average of the weights towards them.
    fn follow(&mut self, step: usize) -> Result<()> {
        if let Some((kept, average)) = &mut self.average {
            let share = toward(*kept, step);
            let _ = average.f_lerp_(&self.params.flat, share)?;
        }
        Ok(())
    }

    /// The products of the gradients of these losses in what several tasks share.
    fn gramian(&self, losses: &[Tensor]) -> Result<Matrix> {
        let shared = self.shared.iter().map(|&param| self.params.leaves[param].shallow_clone());
        let shared: Vec<Tensor> = shared.collect();
        let row = |loss: &Tensor| -> Result<Vec<f32>> {
            let gradients = Tensor::f_run_backward(&[loss], &shared, true, false)?;
            let mut row = Vec::new();
            for (gradient, param) in gradients.iter().zip(&shared) {
                match gradient.defined() {
                    true => row.extend(values(&gradient.f_contiguous()?)?),
                    // No path leads there from this loss.
                    false => row.resize(row.len() + param.numel(), 0.0),
                }
            }
            Ok(row)
        };
        let rows = losses.iter().map(row).collect::<Result<Vec<_>>>()?;
        Ok(Matrix::new(rows.len(), |i, j| dot(&rows[i], &rows[j])))
    }
}

impl Engine for Autograd<'_> {
    fn pass(&mut self, pass: Pass<'_>) -> Result<Passed> {
        tch::set_num_threads(pass.threads.min(self.most) as i32);
        if let Some(codes) = pass.codes {
            self.train.read_codes(codes)?;
        }
        let rows = self.train.reordered(pass.order)?;
        let tasks = self.losses.len();
        let mut means = vec![Mean::default(); tasks];
        let mut telemetry = self.looks.then(|| Telemetry::new(tasks));
        let mut steps = 0;
        for first in (0..rows.rows).step_by(pass.batch_size) {
            if pass.stop.is_stopped() {
                break;
            }
            let batch = rows.slice(first, pass.batch_size.min(rows.rows - first))?;
            let told = (&mut means[..], telemetry.as_mut());
            self.batch(&batch, &pass, pass.step + steps, told)?;
            self.follow(pass.step + steps)?;
            steps += 1;
        }
        Ok(Passed { means, telemetry, steps })
    }

    fn outputs(&mut self, rows: &Encoded, threads: usize) -> Result<Vec<Vec<f32>>> {
        tch::set_num_threads(threads.min(self.most) as i32);
        let _guard = tch::no_grad_guard();
        let graph = self.lesson.graph;
        let rows = Batch::new(rows, graph, &self.losses)?;
        let average = self.average.as_ref();
        let averaged = average.map(|(_, average)| Params::new(graph, &values(average)?));
        let averaged = averaged.transpose()?;
        let params = averaged.as_ref().unwrap_or(&self.params);
        let mut outputs = vec![Vec::new(); graph.heads.len()];
        for first in (0..rows.rows).step_by(ANSWERED) {
            let batch = rows.slice(first, ANSWERED.min(rows.rows - first))?;
            let heads = forward(graph, &params.leaves, &batch, None)?;
            for (ys, all) in heads.iter().zip(&mut outputs) {
                let start = all.len();
                all.resize(start + ys.numel(), 0.0);
                ys.f_contiguous()?.f_copy_data(&mut all[start..], ys.numel())?;
            }
        }
        Ok(outputs)
    }

    fn weights(&self) -> Result<Vec<f32>> {
        self.params.weights()
    }

    fn state(&self) -> Result<(Option<Moments>, Vec<i32>)> {
        self.optimizer.state()
    }

    fn restore(&mut self, weights: &[f32], moments: Option<&Moments>, steps: &[i32]) -> Result<()> {
        self.params = Params::new(self.lesson.graph, weights)?;
        self.optimizer.restore(moments, steps)
    }

    fn average(&self) -> Result<Option<Vec<f32>>> {
        self.average.as_ref().map(|(_, average)| values(average)).transpose()
    }

    fn restore_average(&mut self, restored: &[f32]) -> Result<()> {
        if let Some((_, average)) = &mut self.average {
            *average = Tensor::f_from_slice(restored)?;
        }
        Ok(())
    }
}
