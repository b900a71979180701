//! What a training tells of its tasks that whoever trains the next one should know; nothing where
//! there is nothing to be said.

use super::Model;
use crate::artifact::Header;
use crate::error::quoted;
use crate::history::{EpochReport, TaskReport};
use serde::Serialize;

/// Two tasks conflict if their gradients' mean cosine is as low as this. Those of unrelated tasks
/// are near 0, and a mean over epochs strays little from there; at this, a step for one undoes a
/// fifth of a step as long for the other.
const CONFLICT: f64 = -0.2;

/// How many pairs are named: the worst tell enough.
const MOST_PAIRS: usize = 3;

/// One task dwarfs another if it pulls so many times as hard: of the sum's direction the other then
/// has a tenth, about what one batch's gradient differs from the next.
const DWARFS: f64 = 10.0;

/// A method starves a task that has less than this share of an even weight: the shared layers then
/// learn from it in fifty steps what they would in one.
const STARVED: f64 = 0.02;

/// A task has few labels if at most one training row in so many has one,
const SPARSE: usize = 10;
/// and if there are fewer than this: with more, a share of right answers is good to some points.
const FEW_LABELS: usize = 1000;

/// The methods that weigh all tasks alike, or as they were told.
const PLAIN: [&str; 2] = ["equal", "fixed"];

impl Model {
    /// What passed between its tasks while they were trained.
    pub fn means(&self) -> Means {
        Means::new(&self.header.history, self.header.schema.tasks.len())
    }

    /// The hash of the data it was trained on, as [`crate::data::Loaded`] has it.
    pub fn fingerprint(&self) -> &str {
        &self.header.data.fingerprint
    }

    /// What its training tells of its tasks, in a sentence or two each.
    pub fn advice(&self) -> Vec<String> {
        let Header { history, data, options, schema, .. } = &self.header;
        let names: Vec<&str> = schema.tasks.iter().map(|task| task.name.as_str()).collect();
        let taken = self.taken().into_iter().filter(|(aloud, _)| *aloud).map(|(_, words)| words);
        if names.len() < 2 {
            return taken.collect();
        }
        let method = options["balance"]["method"].as_str().unwrap_or(PLAIN[0]);
        let seen = Means::new(history, names.len());
        let mut advice = conflicts(&seen, &names, method);
        advice.extend(dominance(&seen, &names, method));
        advice.extend(starved(&seen, &names, method));
        for (name, &labels) in names.iter().zip(&data.labels) {
            if labels < FEW_LABELS && labels.saturating_mul(SPARSE) <= data.train_rows {
                advice.push(format!(
                    "{} has labels in {labels} of {} training rows: its scores hang on few labels. \
                     crossValidate tells by how much they vary.",
                    quoted(name),
                    data.train_rows
                ));
            }
        }
        advice.extend(taken);
        advice
    }
}

/// Means over the epochs up to the best, whose weights the model has; none of what was not seen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Means {
    /// What each task's gradient counted for.
    pub weights: Vec<Option<f64>>,
    /// How long it was, before that.
    pub norms: Vec<Option<f64>>,
    /// The cosines between the tasks' gradients, `[task, task]`.
    pub cosines: Vec<Option<f64>>,
}

impl Means {
    fn new(history: &[EpochReport], tasks: usize) -> Self {
        let best = history.iter().rposition(|report| report.best);
        let epochs = &history[..best.map_or(history.len(), |best| best + 1)];
        let of_task = |read: fn(&TaskReport) -> Option<f64>, task: usize| {
            mean(epochs.iter().filter_map(|report| read(&report.tasks.get(task)?.1)))
        };
        let cosine = |at: usize| {
            let of_epoch = |report: &EpochReport| {
                *report.cosines.as_ref()?.get(at / tasks)?.get(at % tasks)?
            };
            mean(epochs.iter().filter_map(of_epoch))
        };
        Means {
            weights: (0..tasks).map(|task| of_task(|it| it.weight, task)).collect(),
            norms: (0..tasks).map(|task| of_task(|it| it.gradient_norm, task)).collect(),
            cosines: (0..tasks * tasks).map(cosine).collect(),
        }
    }
}

fn mean(numbers: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = numbers.fold((0.0, 0usize), |(sum, count), x| (sum + x, count + 1));
    (count > 0).then(|| sum / count as f64).filter(|mean| mean.is_finite())
}

fn conflicts(seen: &Means, names: &[&str], method: &str) -> Vec<String> {
    let count = names.len();
    let pairs = (0..count).flat_map(|a| (a + 1..count).map(move |b| (a, b)));
    let cosine = |(a, b): (usize, usize)| Some((seen.cosines[a * count + b]?, a, b));
    let mut pairs: Vec<_> =
        pairs.filter_map(cosine).filter(|(cosine, ..)| *cosine <= CONFLICT).collect();
    pairs.sort_by(|x, y| x.0.total_cmp(&y.0));
    let sentence = |&(cosine, a, b): &(f64, usize, usize)| {
        let remedy = match PLAIN.contains(&method) {
            true => "Try balance: 'upgrad', or train one of them apart".to_owned(),
            false => format!("balance: '{method}' had to settle that; training one apart need not"),
        };
        format!(
            "{} and {} pull against each other: the mean cosine of their gradients is −{:.2}. \
             {remedy}; compare: 'single-task' tells what they cost each other.",
            quoted(names[a]),
            quoted(names[b]),
            cosine.abs()
        )
    };
    pairs.iter().take(MOST_PAIRS).map(sentence).collect()
}

fn dominance(seen: &Means, names: &[&str], method: &str) -> Option<String> {
    let pull = |task: usize| Some((seen.norms[task]? * seen.weights[task]?, task));
    let pulls = (0..names.len()).filter_map(pull).filter(|(pull, _)| *pull > 0.0);
    let pulls: Vec<(f64, usize)> = pulls.collect();
    let most = pulls.iter().max_by(|x, y| x.0.total_cmp(&y.0))?;
    let least = pulls.iter().min_by(|x, y| x.0.total_cmp(&y.0))?;
    let times = most.0 / least.0;
    (PLAIN.contains(&method) && times >= DWARFS).then(|| {
        let (strong, weak) = (quoted(names[most.1]), quoted(names[least.1]));
        format!(
            "{strong} pulls {times:.0} times as hard on the shared layers as {weak}, which follow it. \
             Raise the weight of {weak} in targets, or try balance: 'imtl-g', which lets all pull \
             alike."
        )
    })
}

fn starved(seen: &Means, names: &[&str], method: &str) -> Vec<String> {
    let even = mean(seen.weights.iter().flatten().copied()).unwrap_or(0.0);
    let tasks = names.iter().zip(&seen.weights);
    let starved = tasks.filter_map(|(name, weight)| {
        let share = (*weight)? / even;
        (!PLAIN.contains(&method) && share < STARVED).then(|| {
            format!(
                "balance: '{method}' gave {} {:.1} % of an even weight: the shared layers hardly \
                 learn from it. Try 'upgrad', or 'equal'.",
                quoted(name),
                share * 100.0
            )
        })
    });
    starved.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(weights: [f64; 3], norms: [f64; 3], cosine: f64) -> Means {
        Means {
            weights: weights.map(Some).to_vec(),
            norms: norms.map(Some).to_vec(),
            cosines: (0..9).map(|at| Some(if at == 1 { cosine } else { 0.1 })).collect(),
        }
    }

    const NAMES: [&str; 3] = ["price", "churn", "age"];

    #[test]
    fn tasks_at_peace_need_no_advice() {
        let seen = seen([1.0; 3], [1.0, 2.0, 9.0], -0.19);
        assert!(conflicts(&seen, &NAMES, "equal").is_empty());
        assert_eq!(dominance(&seen, &NAMES, "equal"), None);
        assert!(starved(&seen, &NAMES, "mgda").is_empty());
        let nothing = Means::new(&[], 3);
        assert!(conflicts(&nothing, &NAMES, "equal").is_empty());
        assert_eq!(dominance(&nothing, &NAMES, "equal"), None);
        assert!(starved(&nothing, &NAMES, "mgda").is_empty());
    }

    #[test]
    fn what_matters_is_said_with_its_number() {
        let seen = seen([1.0, 1.0, 0.01], [0.5, 15.0, 1.0], -0.413);
        let conflict = conflicts(&seen, &NAMES, "equal").concat();
        assert!(conflict.starts_with("\"price\" and \"churn\" pull against each other"));
        assert!(conflict.contains("−0.41. Try balance: 'upgrad'"), "{conflict}");
        assert!(conflicts(&seen, &NAMES, "mgda")[0].contains("training one apart"));
        let dwarfs = dominance(&seen, &NAMES, "fixed").unwrap();
        assert!(dwarfs.starts_with("\"churn\" pulls 1500 times as hard"), "{dwarfs}");
        assert_eq!(dominance(&seen, &NAMES, "gradnorm"), None);
        let starved = starved(&seen, &NAMES, "mgda").concat();
        assert!(starved.contains("\"age\" 1.5 % of an even weight"), "{starved}");
    }
}
