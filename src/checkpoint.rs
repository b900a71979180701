//! Checkpoints: the file of a training under way, with all that going on exactly needs. What
//! follows from the data and the options is not in it, only what tells whether they are the same.

mod course;
mod digest;

use crate::archive::{self, Archive, Array, Kind, bad};
use crate::artifact::Versions;
use crate::data::{Encoded, Schema};
use crate::draft;
use crate::error::{Code, Error, Result};
use crate::history::EpochReport;
use crate::options::{CheckpointOptions, FitOptions, SaveTo, TrainOptions};
use crate::train::{Arrays, Fitted, Lesson, Observer, State, Stop, resume};
use course::admit_options;
use digest::Digest;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::path::Path;

/// The version of the file format this polytask writes, and the only one it reads.
const FORMAT: u32 = 1;

/// Names of the tensors.
const WEIGHTS: &str = "weights";
const BEST: &str = "best";
const MOMENTS: [&str; 2] = ["moments.first", "moments.second"];
const STEPS: &str = "steps";
const ORDER: &str = "order";
const BALANCE: &str = "balance";
const AVERAGE: &str = "average";

/// A training under way as it lies in a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Checkpoint {
    /// What it is a training of.
    pub origin: Origin,
    /// How far it is.
    pub state: State,
}

/// What a training's course follows from. Of what is long there are digests only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Origin {
    versions: Versions,
    fingerprint: String,
    options: Value,
    tasks: String,
    features: String,
    rows: String,
}

/// All of a file but its tensors.
#[derive(Serialize)]
struct Header<'a> {
    format: u32,
    origin: &'a Origin,
    state: &'a State,
}

impl Checkpoint {
    /// The bytes of the file.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        to_bytes(&self.origin, &self.state)
    }

    /// Reads the bytes of a file. That its parts fit each other is checked by who goes on from it.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        #[derive(Deserialize)]
        struct Format {
            format: u32,
        }
        #[derive(Deserialize)]
        struct Header {
            origin: Origin,
            state: State,
        }
        let archive = Archive::open(bytes, Kind::Checkpoint)?;
        let invalid = |error: serde_json::Error| bad("its metadata is not valid").cause(error);
        let Format { format } = serde_json::from_str(archive.json()).map_err(invalid)?;
        if format != FORMAT {
            return Err(bad(format!("has format version {format}, this polytask reads {FORMAT}")));
        }
        let Header { origin, mut state } = serde_json::from_str(archive.json()).map_err(invalid)?;
        let floats = |name: &str| -> Result<Vec<f32>> { Ok(archive.list::<f32>(name)?.collect()) };
        let moments = match archive.has(MOMENTS[0]) {
            true => Some((floats(MOMENTS[0])?, floats(MOMENTS[1])?)),
            false => None,
        };
        let mut expected = if moments.is_some() { 6 } else { 4 };
        if let (Some(balance), true) = (&mut state.balance, archive.has(BALANCE)) {
            balance.rows = floats(BALANCE)?;
            expected += 1;
        }
        let average = archive.has(AVERAGE).then(|| floats(AVERAGE)).transpose()?;
        expected += usize::from(average.is_some());
        if archive.len() != expected {
            return Err(bad(format!("holds {} tensors, expected {expected}", archive.len())));
        }
        state.best.weights = floats(BEST)?;
        state.arrays = Arrays {
            weights: floats(WEIGHTS)?,
            moments,
            average,
            steps: archive.list::<i32>(STEPS)?.collect(),
            order: archive.list::<u32>(ORDER)?.collect(),
        };
        Ok(Checkpoint { origin, state })
    }

    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = archive::read(path, Kind::Checkpoint)?;
        Checkpoint::from_bytes(&bytes).map_err(|error| error.file(path.display().to_string()))
    }
}

fn to_bytes(origin: &Origin, state: &State) -> Result<Vec<u8>> {
    fn list<'a, T: archive::Number>(name: &'a str, values: &[T]) -> Array<'a> {
        Array::new(name, &[values.len()], values)
    }
    let Arrays { weights, moments, average, steps, order } = &state.arrays;
    let mut arrays = vec![
        list(WEIGHTS, weights),
        list(BEST, &state.best.weights),
        list(STEPS, steps),
        list(ORDER, order),
    ];
    if let Some((first, second)) = moments {
        arrays.extend([list(MOMENTS[0], first), list(MOMENTS[1], second)]);
    }
    if let Some(average) = average {
        arrays.push(list(AVERAGE, average));
    }
    if let Some(balance) = state.balance.as_ref().filter(|balance| !balance.rows.is_empty()) {
        arrays.push(list(BALANCE, &balance.rows));
    }
    archive::to_bytes(Kind::Checkpoint, &Header { format: FORMAT, origin, state }, &arrays)
}

impl Origin {
    /// What a training follows from.
    pub fn new(
        versions: &Versions,
        fingerprint: &str,
        options: &TrainOptions,
        schema: &Schema,
        lesson: &Lesson<'_>,
    ) -> Self {
        let Lesson { graph, targets, tasks, train, validation } = lesson;
        let mut rows = Digest::default();
        rows.json(&json!([graph, targets]));
        for Encoded { rows: count, numeric, codes, labels, weights } in [train, validation] {
            rows.numbers(&[*count as u64], u64::to_le_bytes);
            rows.numbers(numeric, f32::to_le_bytes);
            rows.numbers(codes, u32::to_le_bytes);
            for labels in labels {
                rows.numbers(&labels.encoded, f32::to_le_bytes);
                rows.numbers(&labels.raw, f64::to_le_bytes);
            }
            rows.numbers(weights.as_deref().unwrap_or_default(), f64::to_le_bytes);
        }
        // Not why they are what they are: that follows from the rows, which have their own digest.
        let features: Vec<_> =
            schema.features.iter().map(|feature| (&feature.name, feature.kind)).collect();
        Origin {
            versions: versions.clone(),
            fingerprint: fingerprint.to_owned(),
            options: Self::options(options),
            tasks: Digest::default().json(&json!(tasks)).text(),
            features: Digest::default().json(&json!(features)).text(),
            rows: rows.text(),
        }
    }

    /// The options that the course follows from: how files were read shows in the rows.
    fn options(options: &TrainOptions) -> Value {
        let mut options = options.to_json();
        if let Some(options) = options.as_object_mut() {
            options.remove("csv");
        }
        options
    }

    /// Whether a training that follows from `now` would have come to where this one is after so
    /// many epochs; else an error that names the first thing that differs.
    fn admit(&self, now: &Origin, epochs: usize) -> Result<()> {
        let Versions { polytask, libtorch } = &self.versions;
        if self.versions != now.versions {
            return Err(bad(format!(
                "was written by polytask {polytask} with libtorch {libtorch}, this is polytask {} \
                 with libtorch {}",
                now.versions.polytask, now.versions.libtorch
            )));
        }
        if self.fingerprint != now.fingerprint {
            return Err(bad(format!(
                "was made of data with the fingerprint {}, this data has {}",
                self.fingerprint, now.fingerprint
            )));
        }
        admit_options(&self.options, &now.options, epochs)?;
        let other = |option: &str, what: &str| {
            Err(Error::new(Code::Options, format!("{option}: {what} than the checkpoint's"))
                .option(option))
        };
        if self.tasks != now.tasks {
            return other("targets", "these make other tasks");
        }
        if self.features != now.features {
            return other("features", "these columns are other features");
        }
        if self.rows != now.rows {
            return other("csv", "these rows are read or split otherwise");
        }
        Ok(())
    }
}

/// The checkpoints of one training: that from which it goes on, and those it leaves.
#[derive(Debug)]
pub struct Checkpoints<'a> {
    options: &'a CheckpointOptions,
    from: Option<Checkpoint>,
}

impl Checkpoints<'_> {
    /// Neither.
    pub fn none() -> Self {
        static NONE: CheckpointOptions = CheckpointOptions { keep: None, resume: None };
        Checkpoints { options: &NONE, from: None }
    }
}

impl<'a> Checkpoints<'a> {
    /// Reads what there is to go on from, and makes ready for writing. For before the data is
    /// read: what can be found wrong early should be.
    pub fn open(options: &'a CheckpointOptions) -> Result<Self> {
        let CheckpointOptions { keep, resume } = options;
        let is_there = |path: &Path| !matches!(path.try_exists(), Ok(false));
        let wanted = resume.iter().find(|resume| resume.required || is_there(&resume.path));
        let from = wanted.map(|resume| Checkpoint::read(&resume.path)).transpose()?;
        if let Some(SaveTo { path, .. }) = keep {
            let name = path.display().to_string();
            if path.is_dir() {
                return Err(bad("is a folder, not a checkpoint").file(name));
            }
            let folder = draft::folder(path);
            if !folder.is_dir() {
                let why = format!("cannot be written: there is no folder {}", folder.display());
                return Err(bad(why).file(name));
            }
            draft::sweep(path);
        }
        Ok(Checkpoints { options, from })
    }

    /// Trains, from where the checkpoint stands if there is one, and writes checkpoints on the
    /// way. `origin` is asked only if either is wanted.
    pub fn fit(
        self,
        origin: impl FnOnce() -> Origin,
        lesson: Lesson<'_>,
        options: &FitOptions,
        observer: &dyn Observer,
        stop: &Stop,
    ) -> Result<Fitted> {
        let CheckpointOptions { keep, resume: source } = self.options;
        if keep.is_none() && self.from.is_none() {
            return resume(lesson, options, None, observer, stop);
        }
        let origin = origin();
        let in_file = |error: Error| match (source, error.code(), &error.place().file) {
            (Some(source), Code::Artifact, None) => error.file(source.path.display().to_string()),
            _ => error,
        };
        if let Some(Checkpoint { origin: then, state }) = &self.from {
            then.admit(&origin, state.epochs()).map_err(in_file)?;
        }
        let keeper = Keeper { origin, keep: keep.as_ref(), observer };
        let state = self.from.map(|from| from.state);
        resume(lesson, options, state, &keeper, stop).map_err(in_file)
    }
}

/// Writes checkpoints, and passes on what it hears.
struct Keeper<'a> {
    origin: Origin,
    keep: Option<&'a SaveTo>,
    observer: &'a dyn Observer,
}

impl Observer for Keeper<'_> {
    fn epoch(&self, report: &EpochReport) {
        self.observer.epoch(report);
    }

    fn whole(&self, epoch: usize, last: bool, state: &dyn Fn() -> Result<State>) -> Result<()> {
        if let Some(keep) = self.keep
            && (last || epoch.is_multiple_of(keep.every))
        {
            archive::write(&keep.path, &to_bytes(&self.origin, &state()?)?)?;
        }
        self.observer.whole(epoch, last, state)
    }
}
