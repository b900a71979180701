//! What learning tasks together gained or cost each of them, against networks of one task alone.

use crate::error::quoted;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The comparison of a multi-task network with its single-task twins, over several seeds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    /// The seeds, in order; each has its own held-out rows unless a column names them.
    pub seeds: Vec<u64>,
    /// The rows held out from training and selection at the first seed.
    pub held_out_rows: usize,
    /// Each task by name, in task order.
    pub tasks: Vec<(String, TaskComparison)>,
    /// The mean over tasks of their deltas, seed by seed.
    pub delta: Option<Spread>,
}

/// One task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TaskComparison {
    /// The figure compared.
    pub metric: String,
    /// Whether more of it is better.
    pub higher_is_better: bool,
    /// Of the network of all tasks; absent where no seed has a figure.
    pub multi: Option<Spread>,
    /// Of the network of this task.
    pub single: Option<Spread>,
    /// The relative improvement, seed by seed.
    pub delta: Option<Spread>,
}

/// Values over seeds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// Their mean.
    pub mean: f64,
    /// Their sample standard deviation (of n − 1); none of a single value.
    pub deviation: Option<f64>,
    /// Themselves, in the order of the seeds that have one.
    pub values: Vec<f64>,
}

/// What a delta tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Verdict {
    /// The mean is above 0 by more than its standard error.
    Gained,
    /// The mean is below 0 by more than its standard error.
    Suffered,
    /// Neither, or too few values to tell.
    Even,
}

impl Spread {
    /// The spread of some values; none without any.
    pub fn of(values: Vec<f64>) -> Option<Self> {
        let n = values.len() as f64;
        if values.is_empty() {
            return None;
        }
        let mean = values.iter().sum::<f64>() / n;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        let deviation = (values.len() > 1).then(|| (squares / (n - 1.0)).sqrt());
        Some(Spread { mean, deviation, values })
    }

    /// What it tells as a difference: whether it is beyond its standard error, s / √n.
    pub fn verdict(&self) -> Verdict {
        let Some(deviation) = self.deviation else { return Verdict::Even };
        let error = deviation / (self.values.len() as f64).sqrt();
        match self.mean {
            mean if mean > error => Verdict::Gained,
            mean if mean < -error => Verdict::Suffered,
            _ => Verdict::Even,
        }
    }
}

impl TaskComparison {
    /// Compares a task's figures, one pair for each seed: the relative improvement of `multi` over
    /// `single`, positive where learning together was better. A pair with an absent figure does
    /// not count, nor one whose `single` is 0 and leaves nothing to be relative to.
    pub fn of(metric: &str, higher_is_better: bool, pairs: &[Pair]) -> Self {
        let delta = pairs.iter().filter_map(|pair| improvement(*pair, higher_is_better)).collect();
        TaskComparison {
            metric: metric.to_owned(),
            higher_is_better,
            multi: Spread::of(pairs.iter().filter_map(|pair| pair.0).collect()),
            single: Spread::of(pairs.iter().filter_map(|pair| pair.1).collect()),
            delta: Spread::of(delta),
        }
    }

    /// Whether the task gained or suffered.
    pub fn verdict(&self) -> Verdict {
        self.delta.as_ref().map_or(Verdict::Even, Spread::verdict)
    }
}

/// A figure of the network of all tasks, and of the one of this task alone.
pub type Pair = (Option<f64>, Option<f64>);

/// (multi − single) ÷ |single|, with the sign of what is better.
fn improvement((multi, single): Pair, higher_is_better: bool) -> Option<f64> {
    let (multi, single) = (multi?, single?);
    let sign = if higher_is_better { 1.0 } else { -1.0 };
    match (multi - single) * sign {
        0.0 => Some(0.0),
        gain => Some(gain / single.abs()).filter(|delta| delta.is_finite()),
    }
}

impl Comparison {
    /// Compares, given each task's name, metric, its direction, and its pairs seed by seed.
    pub fn of(
        seeds: Vec<u64>,
        held_out_rows: usize,
        tasks: Vec<(String, &str, bool, Vec<Pair>)>,
    ) -> Self {
        let means = (0..seeds.len()).filter_map(|seed| {
            let deltas = tasks
                .iter()
                .filter_map(|(_, _, higher, pairs)| improvement(*pairs.get(seed)?, *higher));
            Spread::of(deltas.collect()).map(|deltas| deltas.mean)
        });
        let delta = Spread::of(means.collect());
        let tasks = tasks
            .into_iter()
            .map(|(name, metric, higher, pairs)| (name, TaskComparison::of(metric, higher, &pairs)))
            .collect();
        Comparison { seeds, held_out_rows, tasks, delta }
    }

    /// Whether it can be of a model of these tasks: for files, which may lie.
    pub fn is_valid<'a>(&self, tasks: impl Iterator<Item = &'a str>) -> bool {
        let fits = |spread: &Option<Spread>| {
            spread.as_ref().is_none_or(|spread| {
                !spread.values.is_empty() && spread.values.len() <= self.seeds.len()
            })
        };
        self.tasks.iter().map(|(name, _)| name.as_str()).eq(tasks)
            && fits(&self.delta)
            && self
                .tasks
                .iter()
                .all(|(_, task)| fits(&task.multi) && fits(&task.single) && fits(&task.delta))
    }

    /// As users see it: with what each delta tells, and in words.
    pub fn describe(&self) -> Value {
        let tasks = self.tasks.iter().map(|(name, task)| {
            let verdict = task.verdict();
            let mut described = json!(task);
            described["gained"] = json!(verdict == Verdict::Gained);
            described["suffered"] = json!(verdict == Verdict::Suffered);
            json!([name, described])
        });
        json!({
            "method": "single-task",
            "seeds": self.seeds,
            "heldOutRows": self.held_out_rows,
            "tasks": tasks.collect::<Vec<_>>(),
            "meanDelta": self.delta.as_ref().map(|delta| delta.mean),
            "deviation": self.delta.as_ref().and_then(|delta| delta.deviation),
            "text": self.lines().join("\n"),
        })
    }

    /// In words: the mean, then each task, and plainly which suffered.
    pub fn lines(&self) -> Vec<String> {
        let mean = match &self.delta {
            None => "cannot be told from learning alone: there are no figures".to_owned(),
            Some(delta) => match delta.verdict() {
                Verdict::Gained => format!("gained {}", percent(delta)),
                Verdict::Suffered => format!("cost {}", percent(delta)),
                Verdict::Even => format!("made no clear difference, {}", percent(delta)),
            },
        };
        let first = format!(
            "learning together {mean}, in the mean over {} tasks ({} seeds, {} rows held out)",
            self.tasks.len(),
            self.seeds.len(),
            self.held_out_rows
        );
        let tasks =
            self.tasks.iter().map(|(name, task)| format!("{}: {}", quoted(name), task.text()));
        std::iter::once(first).chain(tasks).collect()
    }
}

impl TaskComparison {
    fn text(&self) -> String {
        let (Some(multi), Some(single)) = (&self.multi, &self.single) else {
            return "no labels held out".to_owned();
        };
        let verdict = match (&self.delta, self.verdict()) {
            (None, _) => "no relative difference".to_owned(),
            (Some(delta), Verdict::Gained) => format!("gained {}", percent(delta)),
            (Some(delta), Verdict::Suffered) => format!("suffered {}", percent(delta)),
            (Some(delta), Verdict::Even) => format!("no clear difference, {}", percent(delta)),
        };
        // Quoted like all that a file says.
        let metric = quoted(&self.metric);
        let metric = metric.trim_matches('"');
        format!("{metric} {} together, {} alone: {verdict}", short(multi.mean), short(single.mean))
    }
}

/// Signed, with the standard deviation where there is one.
fn percent(spread: &Spread) -> String {
    let deviation = spread.deviation.map_or_else(String::new, |deviation| {
        format!(" (standard deviation {:.1} %)", deviation * 100.0)
    });
    format!("{:+.1} %{deviation}", spread.mean * 100.0)
}

/// Four digits that count.
fn short(number: f64) -> String {
    let digits = 3 - number.abs().log10().floor().clamp(-6.0, 3.0) as i32;
    format!("{number:.*}", digits.max(0) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(pairs: &[(f64, f64)]) -> Vec<Pair> {
        pairs.iter().map(|(multi, single)| (Some(*multi), Some(*single))).collect()
    }

    #[test]
    fn the_direction_decides_who_suffers() {
        let better = pairs(&[(0.9, 0.8), (0.92, 0.8), (0.88, 0.8)]);
        let task = TaskComparison::of("accuracy", true, &better);
        assert_eq!(task.verdict(), Verdict::Gained);
        let delta = task.delta.unwrap();
        assert!((delta.mean - 0.125).abs() < 1e-12, "{delta:?}");
        assert!((delta.deviation.unwrap() - 0.025).abs() < 1e-12, "{delta:?}");
        assert_eq!(TaskComparison::of("rmse", false, &better).verdict(), Verdict::Suffered);
    }

    #[test]
    fn within_the_spread_nothing_is_told() {
        let noise = pairs(&[(1.0, 1.2), (1.2, 1.0), (1.1, 1.09)]);
        assert_eq!(TaskComparison::of("rmse", false, &noise).verdict(), Verdict::Even);
        let once = TaskComparison::of("rmse", false, &pairs(&[(2.0, 1.0)]));
        assert_eq!((once.verdict(), once.delta.unwrap().deviation), (Verdict::Even, None));
    }

    #[test]
    fn absent_figures_and_zeros_do_not_count() {
        let odd = [(None, Some(1.0)), (Some(0.0), Some(0.0)), (Some(1.0), Some(0.0))];
        let task = TaskComparison::of("rmse", false, &odd);
        assert_eq!(task.delta.unwrap().values, [0.0]);
        assert_eq!(TaskComparison::of("rmse", false, &[(None, None)]).single, None);
    }

    #[test]
    fn the_mean_is_over_tasks_and_the_text_names_who_suffered() {
        let tasks = vec![
            ("a".to_owned(), "accuracy", true, pairs(&[(0.9, 0.6), (0.9, 0.6)])),
            ("b".to_owned(), "rmse", false, pairs(&[(1.2, 1.0), (1.2, 1.0)])),
        ];
        let comparison = Comparison::of(vec![0, 1], 30, tasks);
        assert!((comparison.delta.as_ref().unwrap().mean - 0.15).abs() < 1e-12);
        let text = comparison.lines().join("\n");
        assert!(
            text.contains("\n\"b\": rmse 1.200 together, 1.000 alone: suffered -20.0 %"),
            "{text}"
        );
        assert!(text.contains("gained +15.0 %"), "{text}");
        assert!(comparison.is_valid(["a", "b"].into_iter()));
        assert!(!comparison.is_valid(["a"].into_iter()));
        let json = serde_json::to_string(&comparison).unwrap();
        assert_eq!(serde_json::from_str::<Comparison>(&json).unwrap(), comparison);
    }
}
