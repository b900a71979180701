//! What is fitted to the validation rows once a network is trained, and whether these are enough.

use crate::artifact::Artifact;
use crate::calibration::{Weights, is_counted};
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
    let message = "interval: is for numbers and counts, and every target has classes";
    Err(Error::new(Code::Options, message).option("interval"))
}

/// An error if a task has too few validation labels for the level of its interval: better before
/// the training than after it.
pub fn require(encoder: &Encoder, validation: &Encoded, options: &TrainOptions) -> Result<()> {
    let Some(level) = options.calibration.interval else { return Ok(()) };
    for (target, labels) in encoder.targets().iter().zip(&validation.labels) {
        if target.classes().is_some() {
            continue;
        }
        let weights = validation.weights.as_deref();
        let counts = |row: &usize| labels.raw[*row].is_finite() && is_counted(weights, *row);
        let found: Vec<usize> = (0..labels.raw.len()).filter(counts).collect();
        let weights = weights.map(|all| found.iter().map(|&row| all[row]).collect());
        let enough = Weights::of(found.len(), weights).require(level);
        enough.map_err(|error| error.task(target.name()))?;
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
