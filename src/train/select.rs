//! Which epoch's weights are kept: a score of the outputs on the validation rows.

use super::fit::Lesson;
use crate::data::{Encoded, Labels, TargetEncoder, relative_weights};
use crate::error::{Code, Error, Result, nearest, quoted};
use crate::history::{EpochReport, ValidationReport};
use crate::metrics::{Metric, Scores};
use crate::model::score;
use crate::options::{FitOptions, Selection};

/// A selection that knows the tasks.
#[derive(Debug)]
pub enum Selector {
    /// The loss, which is there anyway.
    Loss,
    /// The figure of the task of this index.
    Metric(usize, Metric),
    /// Each task's figure, and what a constant answer scores; none where that says nothing.
    MeanImprovement(Vec<Option<(Metric, f64)>>),
}

impl Selector {
    /// What the options ask for, checked against the tasks and their labels.
    pub fn new(lesson: &Lesson<'_>, options: &FitOptions) -> Result<Self> {
        let wanted = match &options.selection {
            Selection::Loss => return Ok(Selector::Loss),
            wanted => wanted,
        };
        if lesson.validation.rows == 0 {
            return Err(wrong("metric", "is taken on validation rows, and there are none"));
        }
        let constant = constants(lesson);
        match wanted {
            Selection::Metric { metric, task } => {
                let task = task.as_deref();
                Ok(Selector::Metric(find(lesson.targets, &constant, *metric, task)?, *metric))
            }
            _ => {
                let baselines: Vec<_> = lesson
                    .targets
                    .iter()
                    .zip(&constant)
                    .map(|(target, scores)| {
                        let metric = error_of(target);
                        let least = scores.as_ref()?.get(metric).filter(|error| *error > 1e-12);
                        Some((metric, least?))
                    })
                    .collect();
                if baselines.iter().all(Option::is_none) {
                    let message = "meanImprovement needs a task whose validation labels a constant \
                                   answer does not get right, and there is none";
                    return Err(wrong("metric", message));
                }
                Ok(Selector::MeanImprovement(baselines))
            }
        }
    }

    /// The score of an epoch's outputs, `[rows, width]` for each head; none where it is undefined
    /// or the loss decides.
    pub fn score(
        &self,
        targets: &[TargetEncoder],
        outputs: &[Vec<f32>],
        rows: &Encoded,
    ) -> Option<f64> {
        let weights = rows.weights.as_deref();
        let figure = |task: usize, metric| {
            scores(&targets[task], &outputs[task], &rows.labels[task], weights).get(metric)
        };
        match self {
            Selector::Loss => None,
            Selector::Metric(task, metric) => figure(*task, *metric),
            Selector::MeanImprovement(baselines) => {
                let counted = baselines.iter().enumerate();
                let counted = counted.filter_map(|(task, found)| Some((task, found.as_ref()?)));
                let improvements: Option<Vec<f64>> = counted
                    .map(|(task, (metric, least))| Some((least - figure(task, *metric)?) / least))
                    .collect();
                let improvements = improvements?;
                Some(improvements.iter().sum::<f64>() / improvements.len() as f64)
            }
        }
    }

    /// A number that is lower for a better epoch; the greatest for one without a score.
    pub fn cost(&self, report: &ValidationReport) -> f64 {
        let higher = match self {
            Selector::Loss => return report.loss,
            Selector::Metric(_, metric) => metric.higher_is_better(),
            Selector::MeanImprovement(_) => true,
        };
        lower(report, higher).unwrap_or(f64::MAX)
    }
}

/// The best epoch; none before the first.
pub fn best_epoch(history: &[EpochReport]) -> Option<usize> {
    history.iter().rfind(|report| report.best).map(|report| report.epoch)
}

/// The score of the best epoch, as a number that is lower where it is better; none without one.
pub fn best_score(history: &[EpochReport], selection: &Selection) -> Option<f64> {
    let best = history.iter().rev().find(|report| report.best)?.validation.as_ref()?;
    let score = match selection {
        Selection::Loss => Some(best.loss),
        Selection::Metric { metric, .. } => lower(best, metric.higher_is_better()),
        Selection::MeanImprovement => lower(best, true),
    };
    score.filter(|score| score.is_finite())
}

/// The score of an epoch, turned round where higher ones are better.
fn lower(report: &ValidationReport, higher: bool) -> Option<f64> {
    report.score.map(|score| if higher { -score } else { score })
}

/// The figure of a task that improves from a constant answer's towards 0.
fn error_of(target: &TargetEncoder) -> Metric {
    if target.classes().is_some() { Metric::LogLoss } else { Metric::Rmse }
}

/// The task that has the metric, or is named and has it.
fn find(
    targets: &[TargetEncoder],
    constant: &[Option<Scores>],
    metric: Metric,
    named: Option<&str>,
) -> Result<usize> {
    let has = |task: usize, metric| {
        constant[task].as_ref().is_some_and(|scores| scores.get(metric).is_some())
    };
    let names = || targets.iter().map(TargetEncoder::name);
    let shown = quoted(metric.name());
    if let Some(named) = named {
        let Some(task) = names().position(|name| name == named) else {
            let hint = match nearest(named, names()) {
                Some(near) => format!("did you mean {}?", quoted(near)),
                None => format!("the tasks are {}", list(names())),
            };
            return Err(wrong("task", &format!("no task {}; {hint}", quoted(named))).task(named));
        };
        if has(task, metric) {
            return Ok(task);
        }
        let others = Metric::ALL.into_iter().filter(|other| has(task, *other));
        let others: Vec<&str> = others.map(Metric::name).collect();
        let message = match others.as_slice() {
            [] => format!("the task {} has no labels in the validation rows", quoted(named)),
            others => format!(
                "the task {} has no {shown} on its validation rows; it has {}",
                quoted(named),
                others.join(", ")
            ),
        };
        return Err(wrong("metric", &message).task(named));
    }
    let with: Vec<usize> = (0..targets.len()).filter(|&task| has(task, metric)).collect();
    match with.as_slice() {
        [task] => Ok(*task),
        [] => {
            let any = |other: &Metric| (0..targets.len()).any(|task| has(task, *other));
            let others: Vec<&str> = Metric::ALL.into_iter().filter(any).map(Metric::name).collect();
            let message = format!(
                "no task has {shown} on its validation rows; there {} {}",
                if others.len() == 1 { "is" } else { "are" },
                others.join(", ")
            );
            Err(wrong("metric", &message))
        }
        several => {
            let with = several.iter().map(|&task| targets[task].name());
            let message =
                format!("{} tasks have {shown}; name one of {}", several.len(), list(with));
            Err(wrong("task", &message))
        }
    }
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut shown: Vec<String> = names.take(11).map(quoted).collect();
    if let Some(last) = shown.get_mut(10) {
        *last = "…".to_owned();
    }
    shown.join(", ")
}

fn wrong(option: &str, message: &str) -> Error {
    let option = format!("earlyStopping.{option}");
    Error::new(Code::Options, format!("{option}: {message}")).option(option)
}

/// The scores of one task's outputs.
fn scores(
    target: &TargetEncoder,
    outputs: &[f32],
    labels: &Labels,
    weights: Option<&[f64]>,
) -> Scores {
    let width = target.answer_width();
    let mut answers = vec![0.0; labels.raw.len() * width];
    // All members' outputs of a row.
    let outputs = outputs.chunks_exact((outputs.len() / labels.raw.len().max(1)).max(1));
    let rows = outputs.zip(answers.chunks_exact_mut(width));
    rows.for_each(|(output, answer)| target.decode(output, answer));
    score(target, answers.chunks_exact(width), labels, weights)
}

/// What the constant answer of each task scores on the validation rows: the mean of the training
/// labels, or their classes' frequencies, each class counted once more than it was seen. Rows count
/// by their weights, as one on average.
fn constants(lesson: &Lesson<'_>) -> Vec<Option<Scores>> {
    let Lesson { targets, train, validation, .. } = lesson;
    let labels = train.labels.iter().zip(&validation.labels);
    let weights = train.weights.as_deref().and_then(relative_weights);
    let weight = |row: usize| weights.as_ref().map_or(1.0, |weights| weights[row]);
    let constant = |(target, (train, validation)): (&TargetEncoder, (&Labels, &Labels))| {
        let labels = train.raw.iter().enumerate().filter(|(_, label)| !label.is_nan());
        let seen: Vec<(f64, f64)> = labels.map(|(row, label)| (*label, weight(row))).collect();
        let total: f64 = seen.iter().map(|(_, weight)| weight).sum();
        let answer = match target.classes() {
            None if seen.is_empty() => return None,
            None => vec![seen.iter().map(|(label, weight)| label * weight).sum::<f64>() / total],
            Some(classes) => {
                let each = 1.0 / (seen.len() + classes.len()) as f64;
                let mut answer = vec![each; 1 + classes.len()];
                let one = seen.len() as f64 / total;
                seen.iter().for_each(|(class, weight)| {
                    answer[1 + *class as usize] += each * (weight * one);
                });
                let most =
                    (1..answer.len()).reduce(|a, b| if answer[b] > answer[a] { b } else { a });
                answer[0] = most.map_or(0.0, |most| (most - 1) as f64);
                answer
            }
        };
        let answers = std::iter::repeat_n(answer.as_slice(), validation.raw.len());
        Some(score(target, answers, validation, lesson.validation.weights.as_deref()))
    };
    targets.iter().zip(labels).map(constant).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Cell, Encoder, Schema, SchemaOptions, TableBuilder, TargetChoice, TaskType};
    use crate::graph::{Builder, Inputs};

    /// The log loss and the error of constant answers from these rows, on three rows.
    fn scores(rows: &[(&str, f64, f64)]) -> [f64; 2] {
        let table = |rows: &[(&str, f64, f64)]| {
            let mut builder =
                TableBuilder::from_rows(["x", "kind", "size", "w"].map(str::to_owned));
            for (at, (kind, size, weight)) in rows.iter().enumerate() {
                let numbers = [at as f64, *size, *weight].map(Cell::Number);
                builder.push(0, [numbers[0], Cell::Text(kind), numbers[1], numbers[2]]);
            }
            builder.build()
        };
        let train = table(rows);
        let kinds = [("kind", TaskType::Classification), ("size", TaskType::Regression)];
        let options = SchemaOptions {
            targets: kinds.map(|(name, kind)| TargetChoice::new(name, Some(kind))).to_vec(),
            sample_weights: Some("w".to_owned()),
            ..SchemaOptions::default()
        };
        let schema = Schema::infer(&train, &options).unwrap();
        let all: Vec<usize> = (0..rows.len()).collect();
        let encoder = Encoder::fit(&train, &schema, &all).unwrap();
        let validation = table(&[("a", 1.0, 1.0), ("b", 2.0, 1.0), ("b", 4.0, 1.0)]);
        let encoded = [&train, &validation].map(|table| encoder.encode_labelled(table).unwrap());
        let constants = constants(&Lesson {
            graph: &Builder::new(Inputs { numeric: 1, codes: vec![] }).build(),
            targets: encoder.targets(),
            tasks: &schema.tasks,
            train: &encoded[0],
            validation: &encoded[1],
        });
        let [Some(kind), Some(size)] = &*constants else { panic!("{constants:?}") };
        [kind.log_loss.unwrap(), size.rmse.unwrap()]
    }

    #[test]
    fn constant_answers_count_rows_by_weight() {
        let rows = [("a", 0.5, 1.0), ("b", 3.0, 1.0), ("a", 1.0, 1.0), ("b", 7.0, 1.0)];
        let plain = scores(&rows);
        // Two of each and one more each: a half. The mean is 2.875.
        assert!((plain[0] - 2f64.ln()).abs() < 1e-12, "{plain:?}");
        let error = [1.875f64, 0.875, -1.125].iter().map(|it| it * it).sum::<f64>() / 3.0;
        assert!((plain[1] - error.sqrt()).abs() < 1e-12, "{plain:?}");
        assert_eq!(scores(&rows.map(|(kind, size, _)| (kind, size, 0.3))), plain);
        // Weights of 3 and 1 are 1.5 and 0.5 on average: 3 and 1 of 4, and one more each.
        let heavy =
            scores(&rows.map(|(kind, size, _)| (kind, size, if kind == "b" { 3.0 } else { 1.0 })));
        let loss = -((2.0f64 / 6.0).ln() + 2.0 * (4.0f64 / 6.0).ln()) / 3.0;
        assert!((heavy[0] - loss).abs() < 1e-12, "{heavy:?}");
        let mean = (0.5 + 1.0 + 9.0 + 21.0) / 8.0;
        let error = [1.0, 2.0, 4.0].iter().map(|it: &f64| (it - mean).powi(2)).sum::<f64>() / 3.0;
        assert!((heavy[1] - error.sqrt()).abs() < 1e-12, "{heavy:?}");
    }
}
