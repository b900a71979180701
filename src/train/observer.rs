//! Whom training tells what it did. The core knows nobody; the node room implements this.

use crate::history::EpochReport;

/// Hears of every epoch, on the training thread, and must not keep it waiting.
pub trait Observer {
    /// An epoch has ended.
    fn epoch(&self, report: &EpochReport);
}

/// Nobody listens.
impl Observer for () {
    fn epoch(&self, _report: &EpochReport) {}
}
