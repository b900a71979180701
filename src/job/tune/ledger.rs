//! The file of a search: a line of JSON that says of what it is one, then one for each trial that
//! has ended by itself. It is written anew, whole, with each.

use crate::archive::{self, bad};
use crate::draft;
use crate::error::{Error, Result};
use crate::options::{Space, TuneOptions};
use crate::tuning::Trial;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The version of the file format this polytask writes, and the only one it reads.
const FORMAT: u32 = 1;

/// What the trials follow from, beside each other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Origin {
    #[serde(rename = "polytaskTuning")]
    format: u32,
    version: String,
    fingerprints: Vec<String>,
    options: Value,
    space: Value,
}

/// The trials that need not be run again.
#[derive(Debug)]
pub struct Ledger<'a> {
    path: Option<&'a Path>,
    origin: Origin,
    trials: BTreeMap<usize, Trial>,
}

/// Whether a file could be there: for before the data is read.
pub fn check(options: &TuneOptions) -> Result<()> {
    let Some(path) = &options.path else { return Ok(()) };
    let name = path.display().to_string();
    if path.is_dir() {
        return Err(bad("is a folder, not the file of a search").file(name));
    }
    let folder = draft::folder(path);
    if !folder.is_dir() {
        let why = format!("cannot be written: there is no folder {}", folder.display());
        return Err(bad(why).file(name));
    }
    draft::sweep(path);
    Ok(())
}

impl<'a> Ledger<'a> {
    /// Reads what there is to go on from, and makes sure that more can be written.
    pub fn open(
        options: &'a TuneOptions,
        space: &Space,
        fingerprints: Vec<String>,
    ) -> Result<Self> {
        let mut given = options.given.clone();
        if let Some(fields) = given.as_object_mut() {
            // It changes no bit.
            fields.shift_remove("threads");
        }
        let origin = Origin {
            format: FORMAT,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            fingerprints,
            options: given,
            space: space.to_json(),
        };
        let path = options.path.as_deref();
        let mut ledger = Ledger { path, origin, trials: BTreeMap::new() };
        if let Some(path) = path {
            let is_there = !matches!(path.try_exists(), Ok(false));
            if options.resume && is_there {
                let in_file = |error: Error| error.file(path.display().to_string());
                ledger.trials = ledger.read(path).map_err(in_file)?;
            }
            ledger.write()?;
        }
        Ok(ledger)
    }

    /// A trial that need not be run again.
    pub fn trial(&self, number: usize) -> Option<&Trial> {
        self.trials.get(&number)
    }

    /// The error for a trial that is not of this search, though all it follows from is the same.
    pub fn foreign(&self, number: usize) -> Error {
        let error = bad(format!("its trial {number} has other options than this search gives it"));
        self.path.into_iter().fold(error, |error, path| error.file(path.display().to_string()))
    }

    /// Adds a trial.
    pub fn add(&mut self, trial: &Trial) -> Result<()> {
        if self.path.is_some() {
            self.trials.insert(trial.trial, trial.clone());
        }
        self.write()
    }

    fn write(&self) -> Result<()> {
        let Some(path) = self.path else { return Ok(()) };
        let internal = |error: serde_json::Error| bad("cannot be written").cause(error);
        let mut text = serde_json::to_string(&self.origin).map_err(internal)?;
        for trial in self.trials.values() {
            text.push('\n');
            text.push_str(&serde_json::to_string(trial).map_err(internal)?);
        }
        text.push('\n');
        archive::write(path, text.as_bytes())
    }

    fn read(&self, path: &Path) -> Result<BTreeMap<usize, Trial>> {
        let text = fs::read_to_string(path)
            .map_err(|error| bad(format!("cannot be read: {error}")).cause(error))?;
        let mut lines = text.lines().zip(1..);
        let (first, _) = lines.next().unwrap_or_default();
        self.admit(first)?;
        let mut trials = BTreeMap::new();
        for (line, number) in lines {
            let trial: Trial = serde_json::from_str(line)
                .map_err(|error| bad("is no trial of a search").line(number).cause(error))?;
            trials.insert(trial.trial, trial);
        }
        Ok(trials)
    }

    /// An error that names the first thing by which another search differs from this one.
    fn admit(&self, line: &str) -> Result<()> {
        #[derive(Deserialize)]
        struct Format {
            #[serde(rename = "polytaskTuning")]
            format: u32,
        }
        let other = |error| bad("not the file of a search, or a damaged one").cause(error);
        let Format { format } = serde_json::from_str(line).map_err(other)?;
        if format != FORMAT {
            return Err(bad(format!("has format version {format}, this polytask reads {FORMAT}")));
        }
        let then: Origin = serde_json::from_str(line).map_err(other)?;
        let now = &self.origin;
        if then.version != now.version {
            let (then, now) = (&then.version, &now.version);
            return Err(bad(format!("was written by polytask {then}, this is polytask {now}")));
        }
        if then.fingerprints != now.fingerprints {
            return Err(bad(format!(
                "was made of data with the fingerprint {}, this data has {}",
                then.fingerprints.join(", "),
                now.fingerprints.join(", ")
            )));
        }
        for (what, then, now) in
            [("option", &then.options, &now.options), ("space of", &then.space, &now.space)]
        {
            if let Some(name) = difference(then, now) {
                let message = format!(
                    "is of a search with another {what} {name}; resume: false begins anew, and \
                     writes over it"
                );
                return Err(bad(message).option(name));
            }
        }
        Ok(())
    }
}

/// The first field by which two objects differ.
fn difference(one: &Value, other: &Value) -> Option<String> {
    let names = [one, other].into_iter().filter_map(Value::as_object).flat_map(|map| map.keys());
    names.into_iter().find(|name| one.get(name) != other.get(name)).cloned()
}
