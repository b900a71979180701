//! Whom training tells what it did. The core knows nobody; the node room implements this.

use super::state::State;
use crate::error::Result;
use crate::history::{EpochReport, Phase};

/// Hears of every epoch, on the training thread, and must not keep it waiting.
pub trait Observer {
    /// An epoch has ended.
    fn epoch(&self, report: &EpochReport);

    /// A whole epoch has ended, and `state` gives what going on from here needs; `last` says that
    /// none follows. An error ends the training.
    fn whole(&self, _epoch: usize, _last: bool, _state: &dyn Fn() -> Result<State>) -> Result<()> {
        Ok(())
    }
}

/// Nobody listens.
impl Observer for () {
    fn epoch(&self, _report: &EpochReport) {}
}

/// Hears of a training that follows another, and says so of each of its epochs.
pub struct Again<'a>(pub &'a dyn Observer);

impl Observer for Again<'_> {
    fn epoch(&self, report: &EpochReport) {
        self.0.epoch(&EpochReport { phase: Phase::Refit, ..report.clone() });
    }
}

/// Hears of the trainings of a further network, counted from 2.
pub struct Further<'a>(pub usize, pub &'a dyn Observer);

impl Observer for Further<'_> {
    fn epoch(&self, report: &EpochReport) {
        self.1.epoch(&EpochReport { phase: Phase::Refit, network: Some(self.0), ..report.clone() });
    }
}
