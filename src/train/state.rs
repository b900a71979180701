//! A training between two epochs as plain data: all that going on exactly from there needs.

use super::fit::{Best, Lesson};
use crate::balance;
use crate::data::TargetEncoder;
use crate::history::EpochReport;
use crate::options::FitOptions;
use crate::random::Random;
use serde::{Deserialize, Serialize};

/// What a training knows after a whole epoch. The rest follows from the data and the options.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// Steps taken.
    pub step: usize,
    /// Where the shuffling of the rows stands.
    pub shuffle: Random,
    /// The best epoch so far.
    pub best: Best,
    /// Every epoch so far.
    pub history: Vec<EpochReport>,
    /// Where balancing the tasks stands; none where they are summed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub balance: Option<balance::State>,
    /// The long lists.
    #[serde(skip)]
    pub arrays: Arrays,
}

/// The lists of a [`State`] that are as long as the network or the data.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Arrays {
    /// The weights as they are now.
    pub weights: Vec<f32>,
    /// The first and second moments of the weights; the second is empty for SGD with momentum.
    pub moments: Option<(Vec<f32>, Vec<f32>)>,
    /// The average of the weights, if one is kept.
    pub average: Option<Vec<f32>>,
    /// Steps taken by each parameter.
    pub steps: Vec<i32>,
    /// The training rows in the order of the last epoch, which the next shuffles on.
    pub order: Vec<u32>,
}

impl State {
    /// Epochs done.
    pub fn epochs(&self) -> usize {
        self.history.len()
    }

    /// Whether the parts fit each other and the training: they may come from a file. `steps` says
    /// how many steps an epoch has.
    pub fn fits(&self, lesson: &Lesson<'_>, options: &FitOptions, steps: usize) -> bool {
        let Lesson { graph, targets, train, .. } = lesson;
        let arrays = &self.arrays;
        let epochs = self.epochs();
        let reports = self.history.iter().enumerate().all(|(at, report)| {
            let tasks = report.tasks.iter().map(|(name, _)| name.as_str());
            report.epoch == at + 1 && tasks.eq(targets.iter().map(TargetEncoder::name))
        });
        let weights = graph.weights();
        let found = arrays.moments.as_ref().map(|(first, second)| (first.len(), second.len()));
        let moments = match options.optimizer.moments() {
            0 => None,
            1 => Some((weights, 0)),
            _ => Some((weights, weights)),
        };
        let taken = |steps: &i32| usize::try_from(*steps).is_ok_and(|steps| steps <= self.step);
        epochs > 0
            && reports
            && (1..=epochs).contains(&self.best.epoch)
            && self.best.weights.len() == weights
            && epochs.checked_mul(steps) == Some(self.step)
            && arrays.weights.len() == weights
            && found == moments
            && arrays.average.as_ref().map(Vec::len) == options.ema.map(|_| weights)
            && arrays.steps.len() == graph.params.len()
            && arrays.steps.iter().all(taken)
            && is_order(&arrays.order, train.rows)
    }
}

/// Whether every row from 0 stands in the order once.
fn is_order(order: &[u32], rows: usize) -> bool {
    let mut seen = vec![false; rows];
    order.len() == rows
        && order.iter().all(|&row| {
            seen.get_mut(row as usize).is_some_and(|seen| !std::mem::replace(seen, true))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_holds_every_row_once() {
        assert!(is_order(&[2, 0, 1], 3));
        for wrong in [&[0, 1][..], &[0, 1, 1], &[0, 1, 3], &[0, 1, 2, 2]] {
            assert!(!is_order(wrong, 3));
        }
    }
}
