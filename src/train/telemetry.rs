//! How the gradients of the tasks stand to each other over an epoch: what each counted for, how
//! long it is, and the cosines between them.

use super::report::Mean;
use crate::balance::Matrix;
use crate::history::EpochReport;

/// Steps for each task from one in which the gradients of all are looked at to the next. Such a
/// look costs a forward pass and a backward pass a task, some (1 + 2 T) ÷ 3 plain steps and fewer
/// than T with all that is around them; so the share of it in training is 1 to 2 %.
const LOOKS_EVERY: usize = 60;

/// Gradients of single tasks that are worth their memory for a look: 256 MB.
const MOST_LOOKED_AT: usize = 1 << 26;

/// Whether a step of so many tasks is one to look at their gradients, which are so many numbers.
pub fn looks(step: usize, tasks: usize, numbers: usize) -> bool {
    step.is_multiple_of(LOOKS_EVERY * tasks) && numbers <= MOST_LOOKED_AT
}

/// What was seen in an epoch.
#[derive(Debug, Clone)]
pub struct Telemetry {
    weights: Vec<Mean>,
    norms: Vec<Mean>,
    /// `[task, task]`.
    cosines: Vec<Mean>,
}

impl Telemetry {
    /// Nothing of so many tasks.
    pub fn new(tasks: usize) -> Self {
        let none = |count| vec![Mean::default(); count];
        Telemetry { weights: none(tasks), norms: none(tasks), cosines: none(tasks * tasks) }
    }

    /// The weights of a step, of these tasks.
    pub fn weighed(&mut self, tasks: &[usize], weights: impl Iterator<Item = f64>) {
        tasks
            .iter()
            .zip(weights)
            .for_each(|(&task, weight)| self.weights[task].add(weight, 1.0, 1));
    }

    /// The Gramian of these tasks' gradients in a step.
    pub fn saw(&mut self, tasks: &[usize], gramian: &Matrix) {
        if !gramian.is_finite() {
            return;
        }
        let norms: Vec<f64> = gramian.diagonal().iter().map(|x| x.max(0.0).sqrt()).collect();
        for (i, &a) in tasks.iter().enumerate() {
            self.norms[a].add(norms[i], 1.0, 1);
            for (j, &b) in tasks.iter().enumerate() {
                let length = norms[i] * norms[j];
                if length > 0.0 {
                    let cosine = (gramian[(i, j)] / length).clamp(-1.0, 1.0);
                    self.cosines[a * self.norms.len() + b].add(cosine, 1.0, 1);
                }
            }
        }
    }

    /// Writes it into the report of the epoch.
    pub fn tell(&self, report: &mut EpochReport) {
        for (task, (_, report)) in report.tasks.iter_mut().enumerate() {
            report.weight = self.weights[task].get();
            report.gradient_norm = self.norms[task].get();
        }
        let seen = self.norms.iter().any(|norm| norm.get().is_some());
        let rows = self.cosines.chunks(self.norms.len());
        report.cosines =
            seen.then(|| rows.map(|row| row.iter().map(Mean::get).collect()).collect());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cosines_are_means_over_the_steps_that_had_both_tasks() {
        let mut telemetry = Telemetry::new(3);
        telemetry.saw(&[0, 2], &Matrix::new(2, |i, j| if i == j { 4.0 } else { -2.0 }));
        telemetry.saw(&[0, 2], &Matrix::new(2, |i, j| if i == j { 1.0 } else { 0.0 }));
        telemetry.saw(&[0], &Matrix::new(1, |_, _| 0.0));
        telemetry.saw(&[0], &Matrix::new(1, |_, _| f64::NAN));
        telemetry.weighed(&[0, 2], [0.5, 1.5].into_iter());
        assert_eq!(telemetry.norms[0].get(), Some(1.0));
        assert_eq!(telemetry.norms[1].get(), None);
        assert_eq!(telemetry.cosines[2].get(), Some(-0.25));
        assert_eq!(telemetry.cosines[6].get(), Some(-0.25));
        assert_eq!(telemetry.cosines[1].get(), None);
        assert_eq!(telemetry.weights[2].get(), Some(1.5));
    }
}
