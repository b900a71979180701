//! A search for the best options: many trainings on the same rows, several at a time where these
//! are few, of which the best one's model is kept.

mod course;
mod ledger;
mod proposals;
mod search;

use super::rows::Divider;
use super::{Data, calibrate};
use crate::data::{FeatureType, Schema, Source};
use crate::error::{Code, Error, Result};
use crate::options::{Facts, Space, TuneOptions};
use crate::train::Stop;
use crate::tuning::Trial;
use course::Course;
use ledger::Ledger;
use proposals::Proposals;
use search::Search;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// Hears of every trial, on the threads of the search, one at a time.
pub type Listener<'a> = &'a (dyn Fn(&Trial) + Sync);

/// Searches as the options say and gives the bytes of the best model's file, in which the trials
/// stand too.
pub fn tune(
    source: Source,
    options: &TuneOptions,
    listener: Listener<'_>,
    stop: &Stop,
) -> Result<Vec<u8>> {
    let started = Instant::now();
    ledger::check(options)?;
    let base = &options.base;
    let data = Data::read(source, base, stop)?;
    calibrate::check(&data.schema, base)?;
    let divider = Divider { table: &data.table, schema: &data.schema, options: base };
    let parts = divider.parts(divider.rows()?, base.fit.seed)?;
    divider.require_classes(&parts)?;
    if data.validation.is_none() && parts.validation.is_empty() {
        let message = "validation: trials are compared on validation rows, and of so few rows \
                       none validates";
        return Err(Error::new(Code::Options, message).option("validation"));
    }
    let facts = Facts { rows: parts.train.len(), numbers: has_numbers(&data.schema) };
    let by_default = || Space::by_default(&options.given, base, facts);
    let space = options.space.clone().unwrap_or_else(by_default);
    let fingerprints = std::iter::once(&data.fingerprint).chain(&data.validation_fingerprint);
    let ledger = Ledger::open(options, &space, fingerprints.cloned().collect())?;
    let course = Mutex::new(Course { ledger, trials: Vec::new(), best: None, failure: None });
    let timed_out = AtomicBool::new(false);
    let search = Search { data: &data, parts: &parts, options, course, listener, stop, timed_out };
    let mut proposals = Proposals::new(options, &space);
    search.within(started, || search.run(&mut proposals))?;
    search.finish(&proposals)
}

fn has_numbers(schema: &Schema) -> bool {
    schema.features.iter().any(|feature| feature.kind == FeatureType::Numeric)
}
