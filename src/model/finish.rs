//! What calibration makes of a task's answer, once it is decoded: tempered probabilities, or the
//! two ends of an interval after the value.

use super::Model;
use crate::artifact::{Artifact, Header};
use crate::calibration::{Interval, Temperature, temper};
use crate::data::{Encoded, TargetEncoder, TaskType};
use crate::error::Result;
use crate::watch::Watch;
use std::ops::Range;

/// The last touch to one task's answers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Finish {
    /// None: the answer is as it was decoded.
    None,
    /// Probabilities to a power.
    Temper(f64),
    /// So far off on either side, but not below `least`.
    Bound { half_width: f64, least: f64 },
}

impl Finish {
    /// That of each task.
    pub fn all(header: &Header) -> Vec<Finish> {
        let targets = header.encoder.targets().iter().enumerate();
        let finish = |(nth, target): (usize, &TargetEncoder)| {
            let power = header.temperature(nth).and_then(Temperature::power);
            match (power, header.interval(nth)) {
                (Some(power), _) => Finish::Temper(power),
                (None, Some(Interval { half_width, .. })) => {
                    let counts = target.kind() == TaskType::Count;
                    let least = if counts { 0.0 } else { f64::NEG_INFINITY };
                    Finish::Bound { half_width: *half_width, least }
                }
                (None, None) => Finish::None,
            }
        };
        targets.map(finish).collect()
    }

    /// How many numbers it adds to an answer.
    pub fn width(self) -> usize {
        if matches!(self, Finish::Bound { .. }) { 2 } else { 0 }
    }

    /// Applies it to an answer. The label stays: tempering keeps the order of probabilities.
    pub fn apply(self, answer: &mut [f64]) {
        match self {
            Finish::None => {}
            Finish::Temper(power) => temper(&mut answer[1..], power),
            Finish::Bound { half_width, least } => Interval::bound(half_width, least, answer),
        }
    }
}

impl Model {
    /// The tasks' targets, each with the place of its answer in a row of answers.
    pub fn places(&self) -> impl Iterator<Item = (&TargetEncoder, Range<usize>)> {
        let mut offset = 0;
        self.header.encoder.targets().iter().zip(&self.finishes).map(move |(target, finish)| {
            let place = offset..offset + target.answer_width() + finish.width();
            offset = place.end;
            (target, place)
        })
    }
}

impl Artifact {
    /// Fits temperatures, if they are wanted, and intervals of a level to labelled rows that did
    /// not train. [`crate::error::Code::Options`] where these are too few for the level.
    pub fn calibrate(&mut self, rows: &Encoded, tempered: bool, level: Option<f64>) -> Result<()> {
        self.header.calibration.clear();
        self.header.intervals.clear();
        if rows.rows == 0 || !(tempered || level.is_some()) {
            return Ok(());
        }
        let model = Model::new(self.clone())?;
        let answers = model.answer_until(rows, &Watch::default())?;
        let weights = rows.weights.as_deref();
        let (mut temperatures, mut intervals) = (Vec::new(), Vec::new());
        for ((target, place), labels) in model.places().zip(&rows.labels) {
            let answers = answers.chunks_exact(model.answer_width());
            let answers = answers.map(|answer| &answer[place.clone()]);
            let (mut temperature, mut interval) = (None, None);
            match (target.classes(), level) {
                (Some(classes), _) if tempered => {
                    let probabilities: Vec<f64> =
                        answers.flat_map(|answer| &answer[1..]).copied().collect();
                    let codes = super::codes(labels);
                    temperature = Temperature::fit(&probabilities, classes.len(), &codes, weights);
                }
                (None, Some(level)) => {
                    let values: Vec<f64> = answers.map(|answer| answer[0]).collect();
                    let fitted = Interval::fit(level, &values, &labels.raw, weights);
                    interval = Some(fitted.map_err(|error| error.task(target.name()))?);
                }
                _ => {}
            }
            temperatures.push(temperature);
            intervals.push(interval);
        }
        // Nothing is written of what is not there.
        if temperatures.iter().any(Option::is_some) {
            self.header.calibration = temperatures;
        }
        if intervals.iter().any(Option::is_some) {
            self.header.intervals = intervals;
        }
        Ok(())
    }
}
