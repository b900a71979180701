//! The end of a training: once the validation rows have chosen the epoch, a new network learns from
//! all rows for as many. What was measured and fitted on the validation rows stays as it was.

use super::rows::Parts;
use super::{Data, Prepared, prepare};
use crate::artifact::{Artifact, Refit};
use crate::data::Schema;
use crate::error::{Code, Result};
use crate::options::{CalibrationOptions, Selection, TrainOptions, Validation};
use crate::train::{Observer, Stop, refit_for};

/// Whether a training on these rows ends so.
pub fn is_due(parts: &Parts, options: &TrainOptions) -> bool {
    let rows = parts.train.len() + parts.validation.len();
    !parts.validation.is_empty()
        && options.refit.is_due(&options.validation, rows, options.fit.epochs)
}

/// Trains anew and puts the network, with its encoding of rows, into the artifact; a stop before the
/// end, or a loss that is no number, leaves that as it is.
pub fn refit(
    artifact: &mut Artifact,
    (data, schema): (&Data, &Schema),
    parts: &Parts,
    options: &TrainOptions,
    observer: &dyn Observer,
    stop: &Stop,
) -> Result<()> {
    let best = artifact.header.history.iter().rfind(|report| report.best);
    let Some(epochs) = best.map(|report| report.epoch) else { return Ok(()) };
    if stop.is_stopped() {
        return Ok(());
    }
    let mut rows = [&*parts.train, &*parts.validation].concat();
    rows.sort_unstable();
    let all = Parts { train: rows, validation: Vec::new() };
    let mut options = options.clone();
    // There are no rows left to measure by.
    options.validation = Validation::None;
    options.calibration = CalibrationOptions::NONE;
    options.fit.selection = Selection::Loss;
    options.fit.telemetry = false;

    let prepared = prepare(data, schema, &all, &options)?;
    let lesson = prepared.lesson(&schema.tasks);
    let fitted = match refit_for(epochs, lesson, &options.fit, observer, stop) {
        // There is a network, which did not.
        Err(error) if error.code() == Code::Diverged => return Ok(()),
        fitted => fitted?,
    };
    if stop.is_stopped() {
        return Ok(());
    }
    let Prepared { encoder, graph, train, .. } = prepared;
    artifact.weights = fitted.weights;
    let header = &mut artifact.header;
    header.data.refit = Some(Refit { epochs, rows: train.rows });
    (header.encoder, header.graph) = (encoder, graph);
    artifact.header.experts = artifact.expert_use(&train)?;
    Ok(())
}
