//! The options of a search: how long it goes on, over what, and what its trials have in common.

use super::fields::Fields;
use super::space::Space;
use super::{TrainOptions, Validation, json};
use crate::error::{Code, Error, Result};
use serde_json::Value;
use std::path::PathBuf;

/// All options of a search, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct TuneOptions {
    /// What the user said of every trial, as it was given.
    pub given: Value,
    /// The same, read: the options of the first trial.
    pub base: TrainOptions,
    /// The most trials.
    pub trials: usize,
    /// The most seconds; none for no limit.
    pub seconds: Option<f64>,
    /// What is tried; none for what suits the data.
    pub space: Option<Space>,
    /// Trainings at a time; none to choose by the number of rows.
    pub parallel: Option<usize>,
    /// The file of the trials, if they are to be kept.
    pub path: Option<PathBuf>,
    /// Whether a search goes on from the file if it is there, or begins anew.
    pub resume: bool,
}

const MOST_TRIALS: u64 = 1_000_000;
const MOST_SECONDS: f64 = 1e9;
const MOST_PARALLEL: u64 = 1024;

/// What belongs to the search and not to a trial. A slip may have been meant for them.
const OWN: [&str; 8] =
    ["trials", "seconds", "space", "parallel", "path", "resume", "signal", "onTrial"];

impl TuneOptions {
    /// Reads options as JavaScript gives them.
    pub fn parse(value: Value) -> Result<Self> {
        let mut fields = Fields::new("", value)?;
        let trials = fields.whole("trials", 1, MOST_TRIALS)?.unwrap_or(30) as usize;
        let expected = format!("a number of seconds above 0, up to {MOST_SECONDS}");
        let seconds =
            fields.number("seconds", &expected, |seconds| seconds > 0.0 && seconds <= MOST_SECONDS);
        let seconds = seconds?;
        let parallel = fields.whole("parallel", 1, MOST_PARALLEL)?.map(|most| most as usize);
        let path = fields.read("path", "the path of a file", |value| {
            value.as_str().filter(|path| !path.is_empty()).map(PathBuf::from)
        })?;
        let resume = fields.flag("resume")?;
        if resume.is_some() && path.is_none() {
            let message = "resume: says whether to go on from path, which is not given";
            return Err(Error::new(Code::Options, message).option("resume"));
        }
        let space = fields.take("space");
        let given = fields.rest();
        let base = TrainOptions::parse_among(given.clone(), &OWN)?;
        check(&base, &given)?;
        let space = space.map(|space| Space::read(space, &given)).transpose()?;
        let resume = resume.unwrap_or(true);
        Ok(TuneOptions { given, base, trials, seconds, space, parallel, path, resume })
    }

    /// Reads options from JSON text.
    pub fn parse_text(text: &str) -> Result<Self> {
        Self::parse(json(text)?)
    }
}

/// Options that speak of one training only, or leave nothing to compare trials by.
fn check(base: &TrainOptions, given: &Value) -> Result<()> {
    let wrong = |option: &str, why: &str| {
        let message = format!("{option}: tune {why}");
        Err(Error::new(Code::Options, message).option(option))
    };
    if given.get("checkpoint").is_some() {
        return wrong("checkpoint", "trains many times; path keeps what it found");
    }
    if base.compare.is_some() {
        return wrong("compare", "does not compare; train the best options with it");
    }
    if base.validation == Validation::None {
        return wrong("validation", "compares trials on the validation rows; false leaves none");
    }
    Ok(())
}
