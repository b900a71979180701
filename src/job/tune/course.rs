//! How far a search is: which trials have ended, which is the best, what went wrong.

use super::Listener;
use super::ledger::Ledger;
use crate::artifact::Artifact;
use crate::error::Error;
use crate::tuning::Trial;

/// How far a search is.
pub struct Course<'a> {
    /// The file of those that need not be run again.
    pub ledger: Ledger<'a>,
    /// The trials that have ended, in the order in which they did.
    pub trials: Vec<Trial>,
    /// The best of them, with what it trained unless that was in an earlier run.
    pub best: Option<(Trial, Option<Artifact>)>,
    /// What ended the search.
    pub failure: Option<Error>,
}

impl Course<'_> {
    /// Counts a trial in and tells of it.
    pub fn end(&mut self, mut trial: Trial, artifact: Option<Artifact>, listener: Listener<'_>) {
        trial.best = trial.beats(self.best.as_ref().map(|(best, _)| best));
        if trial.best {
            self.best = Some((trial.clone(), artifact));
        }
        listener(&trial);
        self.trials.push(trial);
    }
}
