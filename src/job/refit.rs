//! The end of a training: once the validation rows have chosen the epoch, a new network learns from
//! all rows for as many. Of few rows several do, each by validation rows of its own, and answer
//! together. What was measured and fitted on the first validation rows stays as it was.

use super::rows::{Divider, Parts};
use super::{Data, Prepared, prepare};
use crate::artifact::{Artifact, Refit};
use crate::data::Schema;
use crate::error::{Code, Error, Result};
use crate::options::{CalibrationOptions, FitOptions, Selection, TrainOptions, Validation};
use crate::parts::cores;
use crate::random::{Purpose, Random};
use crate::train::{Further, Observer, Stop, best_epoch, crew, fit_for};

/// How many networks end a training on these rows so.
pub fn networks(parts: &Parts, options: &TrainOptions) -> usize {
    let rows = parts.train.len() + parts.validation.len();
    match parts.validation.is_empty() {
        true => 0,
        false => options.refit.networks(&options.validation, rows, options.fit.epochs),
    }
}

/// Trains that many anew and puts them, with their encoding of rows, into the artifact; a stop before
/// the end, or losses that are no numbers, leave that as it is.
pub fn refit(
    artifact: &mut Artifact,
    of: (&Data, &Schema),
    parts: &Parts,
    options: &TrainOptions,
    observer: &dyn Observer,
    stop: &Stop,
) -> Result<()> {
    let networks = networks(parts, options);
    let Some(first) = best_epoch(&artifact.header.history) else { return Ok(()) };
    if networks == 0 || stop.is_stopped() {
        return Ok(());
    }
    let mut rows = [&*parts.train, &*parts.validation].concat();
    rows.sort_unstable();
    let all = Parts { train: rows, validation: Vec::new() };
    let mut options = options.clone();
    options.calibration = CalibrationOptions::NONE;
    options.fit.telemetry = false;
    let threads = options.fit.threads.unwrap_or_else(cores).clamp(1, networks);
    // Where the user does not say, those that train share the cores.
    options.fit.threads = options.fit.threads.map(|all| all / threads);

    let lone = alone(&options);
    let prepared = prepare(of.0, of.1, &all, &lone)?;
    let most = most_epochs(first, artifact.header.history.len(), &options.fit);
    let work = Work { of, all: &all, options: &options, prepared: &prepared, first, most, stop };
    let trained = crew(networks, threads, observer, |number, observer| {
        match work.network(number, observer) {
            // There are others, or the one which did not.
            Err(error) if matches!(error.code(), Code::Diverged | Code::Schema) => Ok(None),
            trained => trained.map(Some),
        }
    })?;
    let trained: Vec<(usize, Vec<f32>)> = trained.into_iter().flatten().collect();
    let Some((&(epochs, _), others)) = trained.split_first() else { return Ok(()) };
    if stop.is_stopped() {
        return Ok(());
    }
    let further = others.iter().map(|(epochs, _)| *epochs).collect();
    let Prepared { encoder, graph, train, .. } = prepared;
    artifact.header.data.refit = Some(Refit { epochs, rows: train.rows, further });
    artifact.header.graph = graph.ensemble(trained.len());
    artifact.header.encoder = encoder;
    artifact.weights = trained.into_iter().flat_map(|(_, weights)| weights).collect();
    artifact.header.experts = artifact.expert_use(&train)?;
    Ok(())
}

/// The epochs that a further network may have, where the first had so many and the best is this: all,
/// unless the time for these was up.
fn most_epochs(best: usize, had: usize, fit: &FitOptions) -> usize {
    match fit.patience.is_some_and(|patience| had - best >= patience) {
        true => fit.epochs,
        false => had,
    }
}

/// The same for a training that no rows are left to measure by.
fn alone(options: &TrainOptions) -> TrainOptions {
    let mut options = options.clone();
    options.validation = Validation::None;
    options.fit.selection = Selection::Loss;
    options
}

/// What each of the networks is trained from.
struct Work<'a> {
    of: (&'a Data, &'a Schema),
    all: &'a Parts,
    options: &'a TrainOptions,
    /// All rows.
    prepared: &'a Prepared,
    /// The epoch that the first validation rows chose.
    first: usize,
    /// The epochs of which others choose one.
    most: usize,
    stop: &'a Stop,
}

impl Work<'_> {
    /// The epochs and weights of the network with this number, from 0 on.
    fn network(&self, number: usize, observer: &dyn Observer) -> Result<(usize, Vec<f32>)> {
        if number == 0 {
            return self.learn(self.options, self.first, observer);
        }
        let mut options = self.options.clone();
        options.fit.seed = seed(options.fit.seed, number);
        let observer = &Further(number + 1, observer);
        let epochs = self.choose(&options, observer)?;
        self.learn(&options, epochs, observer)
    }

    /// Has a network learn from all rows.
    fn learn(
        &self,
        options: &TrainOptions,
        epochs: usize,
        observer: &dyn Observer,
    ) -> Result<(usize, Vec<f32>)> {
        let lesson = self.prepared.lesson(&self.of.1.tasks);
        let fitted = fit_for(epochs, lesson, &alone(options).fit, observer, self.stop)?;
        Ok((epochs, fitted.weights))
    }

    /// The best epoch of a network of its own on validation rows of its own.
    fn choose(&self, options: &TrainOptions, observer: &dyn Observer) -> Result<usize> {
        let (data, schema) = self.of;
        let divider = Divider { table: &data.table, schema: &data.schema, options };
        let parts = divider.parts(self.all.train.clone(), options.fit.seed)?;
        let prepared = prepare(data, schema, &parts, options)?;
        let lesson = prepared.lesson(&schema.tasks);
        let fitted = fit_for(self.most, lesson, &options.fit, observer, self.stop)?;
        best_epoch(&fitted.history).ok_or_else(|| {
            Error::new(Code::Diverged, "no epoch has a score on the validation rows")
        })
    }
}

/// The seed of a further network: of trainings with seeds side by side no two have one in common.
fn seed(seed: u64, number: usize) -> u64 {
    let mut random = Random::new(seed, Purpose::Networks);
    (0..number).fold(seed, |_, _| random.key())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_networks_of_trainings_side_by_side_have_one_seed() {
        let seeds = (0..100).flat_map(|first| (0..8).map(move |number| seed(first, number)));
        let seeds: std::collections::HashSet<u64> = seeds.collect();
        assert_eq!(seeds.len(), 800);
        assert_eq!(seed(7, 0), 7);
    }

    #[test]
    fn others_have_all_epochs_unless_the_first_was_cut_short() {
        let most = |best, had, patience| {
            let options = TrainOptions::parse(serde_json::json!({
                "epochs": 90, "earlyStopping": { "patience": patience },
            }));
            most_epochs(best, had, &options.unwrap().fit)
        };
        assert_eq!(most(20, 30, serde_json::json!(10)), 90);
        assert_eq!(most(20, 29, serde_json::json!(10)), 29);
        assert_eq!(most(85, 90, serde_json::json!(10)), 90);
        assert_eq!(most(20, 40, serde_json::json!(false)), 40);
    }
}
