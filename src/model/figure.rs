//! One figure of one task, without the others: asked for again and again, it is to be quick.

use super::codes;
use crate::data::{Labels, TargetEncoder};
use crate::metrics::{Metric, unranked};

/// One figure of [`super::score`].
pub fn figure<'a>(
    target: &TargetEncoder,
    answers: impl Iterator<Item = &'a [f64]>,
    labels: &Labels,
    weights: Option<&[f64]>,
    metric: Metric,
) -> Option<f64> {
    let has_own =
        matches!(metric, Metric::RocAuc | Metric::AveragePrecision | Metric::Mae | Metric::Kappa);
    match target.classes() {
        Some(classes) if !has_own => {
            let probabilities: Vec<f64> =
                answers.flat_map(|answer| &answer[1..]).copied().collect();
            unranked(&probabilities, classes.len(), &codes(labels), weights).get(metric)
        }
        _ => super::score(target, answers, labels, weights).get(metric),
    }
}
