//! What is fitted to the validation rows once a network is trained, and whether these are enough.

use crate::artifact::Artifact;
use crate::calibration::{Interval, is_counted};
use crate::data::{Encoded, Encoder, Schema};
use crate::error::{Code, Error, Result};
use crate::options::TrainOptions;

/// An error if intervals are wanted of no task.
pub fn check(schema: &Schema, options: &TrainOptions) -> Result<()> {
    if options.calibration.interval.is_none()
        || schema.tasks.iter().any(|task| task.classes.is_none())
    {
        return Ok(());
    }
    wrong("interval: is for numbers and counts, and every target has classes".to_owned(), None)
}

/// An error if a task has too few validation labels for the level of its interval: better before
/// the training than after it.
pub fn require(encoder: &Encoder, validation: &Encoded, options: &TrainOptions) -> Result<()> {
    let Some(level) = options.calibration.interval else { return Ok(()) };
    let least = Interval::least_labels(level);
    for (target, labels) in encoder.targets().iter().zip(&validation.labels) {
        if target.classes().is_some() {
            continue;
        }
        let weights = validation.weights.as_deref();
        let counts = |row: &usize| labels.raw[*row].is_finite() && is_counted(weights, *row);
        let found = (0..labels.raw.len()).filter(counts).count();
        if found < least {
            let message = format!(
                "interval: a level of {level} needs {least} labelled validation rows, found {found}"
            );
            return wrong(message, Some(target.name()));
        }
    }
    Ok(())
}

/// Calibrates what was trained.
pub fn calibrate(
    artifact: &mut Artifact,
    validation: &Encoded,
    options: &TrainOptions,
) -> Result<()> {
    // The chances of a chain are products of each other, and would be no longer.
    let tempered = options.calibration.temperature && options.model.chained().is_none();
    artifact.calibrate(validation, tempered, options.calibration.interval)
}

fn wrong(message: String, task: Option<&str>) -> Result<()> {
    let error = Error::new(Code::Options, message).option("interval");
    Err(task.into_iter().fold(error, |error, task| error.task(task)))
}
