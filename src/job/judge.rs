//! What a training came to, in sentences where that is nothing: its first epoch was its best, or a
//! task is answered no better than by always giving the same answer.

use crate::artifact::Artifact;
use crate::data::{ClassWeights, Encoded, Labels, NumberLoss, TargetEncoder, Task, TaskType};
use crate::error::{Result, quoted};
use crate::history::EpochReport;
use crate::model::Model;
use crate::watch::Watch;

/// Fewer labels say too little of whether answers are better than one for all.
const LEAST_LABELS: usize = 10;

/// Answers are better if their losses are lower by so many standard errors of the difference: the
/// epoch was chosen by the same rows, so that some lead is had by chance.
const LEAD: f64 = 1.0;

/// A probability counts as no less: its logarithm must be finite.
const LEAST: f64 = 1e-15;

/// What is to be said of a training, whose validation rows these are; without any its training rows
/// tell.
pub fn judge(
    artifact: &Artifact,
    tasks: &[Task],
    train: &Encoded,
    validation: &Encoded,
) -> Result<Vec<String>> {
    let mut sentences: Vec<String> = first_epoch(&artifact.header.history).into_iter().collect();
    let (rows, whose) = match validation.rows {
        0 => (train, "training"),
        _ => (validation, "validation"),
    };
    let model = Model::new(artifact.clone())?;
    let answers = model.answer_until(rows, &Watch::default())?;
    let labels = train.labels.iter().zip(&rows.labels);
    for (((target, place), task), (seen, labels)) in model.places().zip(tasks).zip(labels) {
        let answers =
            answers.chunks_exact(model.answer_width()).map(|answer| &answer[place.clone()]);
        let error = Measure::of(task, target, (seen, train.weights.as_deref()));
        let verdict = error.compare(answers, labels, rows.weights.as_deref());
        sentences.extend(verdict.and_then(|verdict| verdict.sentence(task, &error, whose)));
    }
    Ok(sentences)
}

/// The sentence on a training that got worse from its first epoch on.
fn first_epoch(history: &[EpochReport]) -> Option<String> {
    let best = history.iter().rfind(|report| report.best)?;
    let (first, score) = (history.first()?, |report: &EpochReport| {
        let validation = report.validation.as_ref()?;
        Some(validation.score.unwrap_or(validation.loss))
    });
    let kept = score(first)?;
    // Later epochs that are as good may have been left for the first.
    let worse = history.iter().skip(1).all(|report| score(report) != Some(kept));
    (best.epoch == first.epoch && history.len() > 1 && worse).then(|| {
        format!(
            "The best epoch is the first of {}: on the validation rows every later one was worse. \
             Lower learningRate; where that does not help, the labels may have nothing to do with \
             the features, or the validation rows may be of another kind than the others.",
            history.len()
        )
    })
}

/// How far off answers of a task are, and the answer that is best for all rows alike.
#[derive(Debug)]
enum Measure {
    /// By the logarithm of the label's probability, of which `smoothing` counts that of all classes.
    Classes { always: Vec<f64>, weights: Option<Vec<f64>>, smoothing: f64 },
    /// By the squared error.
    Square(f64),
    /// By the absolute error.
    Absolute(f64),
    /// By the pinball loss of a quantile.
    Quantile(f64, f64),
    /// By the Poisson deviance.
    Count(f64),
}

/// What both come to over the labels of some rows.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Verdict {
    /// The mean error of the answers.
    answers: f64,
    /// That of the one answer.
    always: f64,
    /// By how many standard errors the former is lower.
    lead: f64,
    /// Labels of weight above 0.
    labels: usize,
}

impl Measure {
    /// That of a task, with the one answer that its training labels and their weights call for.
    fn of(task: &Task, target: &TargetEncoder, (seen, weights): (&Labels, Option<&[f64]>)) -> Self {
        let weight = |row: usize| weights.map_or(1.0, |weights| weights[row]);
        let rows = seen.raw.iter().enumerate().filter(|(_, label)| !label.is_nan());
        let labels: Vec<(f64, f64)> = rows.map(|(row, &label)| (label, weight(row))).collect();
        if let Some(classes) = target.classes() {
            let of_class = class_weights(task, target, &labels);
            let mut always = vec![1.0; classes.len()];
            for (label, weight) in &labels {
                let class = *label as usize;
                always[class] += weight * of_class.as_ref().map_or(1.0, |all| all[class]);
            }
            let sum: f64 = always.iter().sum();
            always.iter_mut().for_each(|share| *share /= sum);
            let smoothing = task.objective.label_smoothing;
            return Measure::Classes { always, weights: of_class, smoothing };
        }
        let sum: f64 = labels.iter().map(|(_, weight)| weight).sum();
        let mean = || labels.iter().map(|(label, weight)| label * (weight / sum)).sum::<f64>();
        match (target.kind(), task.objective.loss) {
            (TaskType::Count, _) => Measure::Count(mean()),
            (_, Some(NumberLoss::Mae | NumberLoss::Huber { .. })) => {
                Measure::Absolute(quantile(labels, 0.5))
            }
            (_, Some(NumberLoss::Quantile { quantile: share })) => {
                Measure::Quantile(share, quantile(labels, share))
            }
            _ => Measure::Square(mean()),
        }
    }

    /// The error of an answer, the error of the one answer, and what the label counts.
    fn errors(&self, answer: &[f64], label: f64) -> (f64, f64, f64) {
        let of_number =
            |error: &dyn Fn(f64) -> f64, always: f64| (error(answer[0]), error(always), 1.0);
        match self {
            Measure::Classes { always, weights, smoothing } => {
                let class = label as usize;
                let minus_log = |p: &f64| -p.max(LEAST).ln();
                let error = |all: &[f64]| {
                    let spread = all.iter().map(minus_log).sum::<f64>() / all.len() as f64;
                    (1.0 - smoothing) * minus_log(&all[class]) + smoothing * spread
                };
                let weight = weights.as_ref().map_or(1.0, |weights| weights[class]);
                (error(&answer[1..]), error(always), weight)
            }
            Measure::Square(always) => of_number(&|value: f64| (value - label).powi(2), *always),
            Measure::Absolute(always) => of_number(&|value: f64| (value - label).abs(), *always),
            Measure::Quantile(share, always) => {
                let pinball =
                    |value: f64| (share * (label - value)).max((share - 1.0) * (label - value));
                of_number(&pinball, *always)
            }
            Measure::Count(always) => {
                let deviance = |mean: f64| {
                    let mean = mean.max(LEAST);
                    let log = if label > 0.0 { label * (label / mean).ln() } else { 0.0 };
                    2.0 * (log - (label - mean))
                };
                of_number(&deviance, *always)
            }
        }
    }

    /// The errors of answers beside those of the one answer; none where labels are too few, where it
    /// is right throughout, or where errors are no numbers.
    fn compare<'a>(
        &self,
        answers: impl Iterator<Item = &'a [f64]>,
        labels: &Labels,
        weights: Option<&[f64]>,
    ) -> Option<Verdict> {
        let (mut rows, mut right) = (Vec::new(), (0.0, 0.0));
        for (row, (answer, &label)) in answers.zip(&labels.raw).enumerate() {
            let weight = weights.map_or(1.0, |weights| weights[row]);
            if label.is_nan() || weight <= 0.0 {
                continue;
            }
            let (error, always, of_label) = self.errors(answer, label);
            rows.push((error, always, weight * of_label));
            if let Measure::Classes { always, .. } = self {
                let hit = |is: bool| if is { weight } else { 0.0 };
                right.0 += hit(answer[0] == label);
                right.1 += hit(most(always) as f64 == label);
            }
        }
        let sum: f64 = rows.iter().map(|(.., weight)| weight).sum();
        let mean = |of: &dyn Fn(&(f64, f64, f64)) -> f64| {
            rows.iter().map(|row| of(row) * (row.2 / sum)).sum::<f64>()
        };
        let (answers, always) = (mean(&|row| row.0), mean(&|row| row.1));
        let gain = always - answers;
        let square: f64 =
            rows.iter().map(|row| ((row.1 - row.0 - gain) * (row.2 / sum)).powi(2)).sum();
        let lead = match gain {
            0.0 => 0.0,
            gain if square > 0.0 => gain / square.sqrt(),
            gain => gain.signum() * f64::INFINITY,
        };
        // More right classes are worth something, however wrong their probabilities.
        let counts = rows.len() >= LEAST_LABELS && always > 0.0 && right.0 <= right.1;
        let finite = answers.is_finite() && always.is_finite() && !lead.is_nan();
        (counts && finite).then_some(Verdict { answers, always, lead, labels: rows.len() })
    }
}

impl Verdict {
    /// The sentence on a task that is answered no better than by one answer.
    fn sentence(&self, task: &Task, measure: &Measure, whose: &str) -> Option<String> {
        if self.lead >= LEAD {
            return None;
        }
        let (what, always, root) = match measure {
            Measure::Classes { .. } => ("log loss", "how often each class occurs", false),
            Measure::Square(_) => ("RMSE", "the mean", true),
            Measure::Absolute(_) => ("MAE", "the median", false),
            Measure::Quantile(..) => ("pinball loss", "the quantile of the training labels", false),
            Measure::Count(_) => ("Poisson deviance", "the mean", false),
        };
        let figure = |error: f64| significant(if root { error.sqrt() } else { error });
        let better =
            if self.lead > 0.0 { "is hardly answered better" } else { "is answered no better" };
        let chance = if self.lead > 0.0 { ", which may be chance" } else { "" };
        Some(format!(
            "{} {better} than by always giving {always}: {what} {} beside {} on {} {whose} \
             labels{chance}. Check these labels, and whether the features can tell anything of them.",
            quoted(&task.name),
            figure(self.answers),
            figure(self.always),
            self.labels
        ))
    }
}

/// What the labels of each class count in the loss; none if all count alike.
fn class_weights(task: &Task, target: &TargetEncoder, labels: &[(f64, f64)]) -> Option<Vec<f64>> {
    let classes = target.classes()?;
    match task.objective.class_weights.as_ref()? {
        ClassWeights::Balanced => {
            let mut counts = vec![0.0; classes.len()];
            labels.iter().for_each(|(label, _)| counts[*label as usize] += 1.0);
            let occurring = counts.iter().filter(|count| **count > 0.0).count() as f64;
            let each = |count: &f64| if *count > 0.0 { 1.0 / (occurring * count) } else { 0.0 };
            let all = labels.len() as f64;
            Some(counts.iter().map(|count| all * each(count)).collect())
        }
        ClassWeights::Each(given) => {
            let of = |name: &String| given.iter().find(|(class, _)| class == name);
            Some(classes.names().iter().map(|name| of(name).map_or(1.0, |it| it.1)).collect())
        }
    }
}

/// The label below which such a share of the weight lies.
fn quantile(mut labels: Vec<(f64, f64)>, share: f64) -> f64 {
    labels.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let aim = share * labels.iter().map(|(_, weight)| weight).sum::<f64>();
    let mut below = 0.0;
    let found = labels.iter().find(|(_, weight)| {
        below += weight;
        below >= aim
    });
    found.or(labels.last()).map_or(0.0, |(label, _)| *label)
}

/// The class of the greatest share.
fn most(shares: &[f64]) -> usize {
    (0..shares.len()).reduce(|a, b| if shares[b] > shares[a] { b } else { a }).unwrap_or(0)
}

/// A number from 0 up in four digits.
fn significant(number: f64) -> String {
    if number >= 1e15 || (number > 0.0 && number < 1e-4) {
        return format!("{number:.3e}");
    }
    let digits = if number > 0.0 { 3.0 - number.log10().floor() } else { 0.0 };
    format!("{number:.*}", digits.clamp(0.0, 12.0) as usize)
}

#[cfg(test)]
#[path = "judge_tests.rs"]
mod tests;
