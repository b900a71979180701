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

/// The shared layers hardly learn from a task that has less than this share of an even pull: in fifty
/// steps what they would in one.
const STARVED: f64 = 0.02;

/// A task that a step helps at least half as much, for its length, as one for that task alone would:
/// it is carried along, however little it pulls itself.
const CARRIED: f64 = 0.5;

/// Unless another pulls more than so many times as hard: then it learns what they share, and nothing
/// that is its own.
const CARRIED_AT_MOST: f64 = 100.0;

/// The method that lets all tasks pull alike, whatever their gradients: where one dwarfs another, it
/// is what to try. It is the end of the road, so that no advice leads back to where it began.
const EVEN: &str = "imtl-g";

/// The method that is to be tried against conflicts, where tasks pull about as hard as each other.
const PEACE: &str = "upgrad";

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

    /// What was amiss with its data, or with what its training came to, in a sentence or two each.
    pub fn warnings(&self) -> &[String] {
        &self.header.warnings
    }

    /// Its warnings, then what its training tells of its tasks, in a sentence or two each.
    pub fn advice(&self) -> Vec<String> {
        let mut advice = self.header.warnings.clone();
        advice.extend(self.of_tasks());
        advice
    }

    /// What its training tells of its tasks, of which there must be several.
    fn of_tasks(&self) -> Vec<String> {
        let Header { history, data, options, schema, .. } = &self.header;
        let names: Vec<&str> = schema.tasks.iter().map(|task| task.name.as_str()).collect();
        let taken = self.taken().into_iter().filter(|(aloud, _)| *aloud).map(|(_, words)| words);
        if names.len() < 2 {
            return taken.collect();
        }
        let method = options["balance"]["method"].as_str().unwrap_or(PLAIN[0]);
        let seen = Means::new(history, names.len());
        let mut advice: Vec<String> =
            advise(&seen, &names, method).into_iter().map(|advice| advice.text).collect();
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
    /// The share it had of the pull of all tasks on the shared layers, its weight times its length.
    pub pulls: Vec<Option<f64>>,
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
        let shares: Vec<Vec<Option<f64>>> =
            epochs.iter().filter_map(|report| shares(report, tasks)).collect();
        let cosine = |at: usize| {
            let of_epoch = |report: &EpochReport| {
                *report.cosines.as_ref()?.get(at / tasks)?.get(at % tasks)?
            };
            mean(epochs.iter().filter_map(of_epoch))
        };
        Means {
            weights: (0..tasks).map(|task| of_task(|it| it.weight, task)).collect(),
            norms: (0..tasks).map(|task| of_task(|it| it.gradient_norm, task)).collect(),
            pulls: (0..tasks).map(|at| mean(shares.iter().filter_map(|it| it[at]))).collect(),
            cosines: (0..tasks * tasks).map(cosine).collect(),
        }
    }
}

fn mean(numbers: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = numbers.fold((0.0, 0usize), |(sum, count), x| (sum + x, count + 1));
    (count > 0).then(|| sum / count as f64).filter(|mean| mean.is_finite())
}

/// What each task has of the pull of all in an epoch; none where nothing was seen or nothing pulled.
/// By epochs, as a gradient may be many times as long in the first as in the last.
fn shares(report: &EpochReport, tasks: usize) -> Option<Vec<Option<f64>>> {
    let pull = |task: usize| {
        let (_, report) = report.tasks.get(task)?;
        // A task whose gradient is 0 has nothing to pull for; one of a weight below 0 is pushed.
        let norm = report.gradient_norm.filter(|norm| *norm > 0.0)?;
        Some(report.weight?.max(0.0) * norm).filter(|pull| pull.is_finite())
    };
    let pulls: Vec<Option<f64>> = (0..tasks).map(pull).collect();
    let sum: f64 = pulls.iter().flatten().sum();
    (sum > 0.0).then(|| pulls.into_iter().map(|pull| Some(pull? / sum)).collect())
}

/// A sentence or two, and the method that they say to try.
#[derive(Debug, Clone, PartialEq)]
struct Advice {
    text: String,
    method: Option<&'static str>,
}

/// What the gradients of tasks that were balanced by a method say of the next training.
fn advise(seen: &Means, names: &[&str], method: &str) -> Vec<Advice> {
    let dominance = dominance(seen, names, method);
    let mut advice = conflicts(seen, names, method, dominance.is_some());
    advice.extend(dominance);
    advice
}

fn conflicts(seen: &Means, names: &[&str], method: &str, dominated: bool) -> Vec<Advice> {
    let count = names.len();
    let pairs = (0..count).flat_map(|a| (a + 1..count).map(move |b| (a, b)));
    let cosine = |(a, b): (usize, usize)| Some((seen.cosines[a * count + b]?, a, b));
    let mut pairs: Vec<_> =
        pairs.filter_map(cosine).filter(|(cosine, ..)| *cosine <= CONFLICT).collect();
    pairs.sort_by(|x, y| x.0.total_cmp(&y.0));
    let plain = PLAIN.contains(&method);
    let tried = (plain && !dominated).then_some(PEACE);
    let sentence = |&(cosine, a, b): &(f64, usize, usize)| {
        let remedy = match (tried, plain) {
            (Some(tried), _) => format!("Try balance: '{tried}', or train one of them apart"),
            (None, true) => "Train one of them apart".to_owned(),
            _ => format!("balance: '{method}' had to settle that; training one apart need not"),
        };
        let text = format!(
            "{} and {} pull against each other: the mean cosine of their gradients is −{:.2}. \
             {remedy}; compare: 'single-task' tells what they cost each other.",
            quoted(names[a]),
            quoted(names[b]),
            cosine.abs()
        );
        Advice { text, method: tried }
    };
    pairs.iter().take(MOST_PAIRS).map(sentence).collect()
}

fn dominance(seen: &Means, names: &[&str], method: &str) -> Option<Advice> {
    let pulls = seen.pulls.iter().enumerate();
    let pulls: Vec<(f64, usize)> = pulls.filter_map(|(at, pull)| Some(((*pull)?, at))).collect();
    let most = pulls.iter().max_by(|x, y| x.0.total_cmp(&y.0))?;
    let carried =
        |&&(pull, task): &&(f64, usize)| most.0 <= CARRIED_AT_MOST * pull && is_carried(seen, task);
    let left = pulls.iter().filter(|pull| !carried(pull));
    let least = left.min_by(|x, y| x.0.total_cmp(&y.0))?;
    let times = most.0 / least.0;
    // 0 of 0 is no number.
    if times.is_nan() || times < DWARFS {
        return None;
    }
    let (strong, weak) = (quoted(names[most.1]), quoted(names[least.1]));
    let under = match PLAIN.contains(&method) {
        true => String::new(),
        false => format!("Under balance: '{method}', "),
    };
    let hard = match times.is_finite() {
        true => format!("{times:.0} times as hard on the shared layers as {weak}"),
        false => format!("on the shared layers, and {weak} not at all"),
    };
    let so = match least.0 * (pulls.len() as f64) < STARVED {
        true => format!(", so that they hardly learn from {weak}"),
        false => ", which follow it".to_owned(),
    };
    let place = match method {
        "equal" => Some("targets"),
        "fixed" => Some("balance.weights"),
        _ => None,
    };
    let even = (method != EVEN).then_some(EVEN);
    let remedy = match (place, even) {
        (Some(place), Some(even)) => format!(
            "Raise the weight of {weak} in {place}, or try balance: '{even}', which lets all pull \
             alike."
        ),
        (None, Some(even)) => format!("Try balance: '{even}', which lets all pull alike."),
        (_, None) => format!("Train {weak} apart; compare: 'single-task' tells what it gains."),
    };
    Some(Advice { text: format!("{under}{strong} pulls {hard}{so}. {remedy}"), method: even })
}

/// Whether the step that the shared layers take, on the mean, helps a task about as much as its own
/// would: others may pull far harder, but they pull the same way.
fn is_carried(seen: &Means, task: usize) -> bool {
    let count = seen.pulls.len();
    let pull = |at: usize| seen.pulls[at].unwrap_or(0.0);
    let cosine = |a: usize, b: usize| match a == b {
        true => Some(1.0),
        false => seen.cosines[a * count + b],
    };
    let along = |a: usize| -> Option<f64> {
        (0..count).filter(|b| pull(*b) > 0.0).map(|b| Some(pull(b) * cosine(a, b)?)).sum()
    };
    let Some(own) = along(task) else { return false };
    let squares = (0..count).filter(|a| pull(*a) > 0.0);
    let square: Option<f64> = squares.map(|a| Some(pull(a) * along(a)?)).sum();
    // Mean cosines need not be those of any gradients.
    square.is_some_and(|square| square > 0.0 && own >= CARRIED * square.sqrt())
}

#[cfg(test)]
#[path = "advice_tests.rs"]
mod tests;
