//! How far a training of several networks is: counted as its epochs are reported.

use crate::error::Result;
use crate::history::{EpochReport, Phase, Progress};
use crate::train::{Observer, State};
use std::cell::Cell;
use std::time::Instant;

/// Adds to the reports of a training how far the whole of it is.
pub struct Counted<'a> {
    observer: &'a dyn Observer,
    /// The epochs that each part has at most.
    most: usize,
    /// How many networks learn from all rows in the end.
    networks: usize,
    /// The part that was reported last, the epochs of the parts before, and its own.
    at: Cell<(usize, usize, usize)>,
    /// When the last epoch of the first training was reported, and how long that had taken.
    first: Cell<Option<(Instant, f64)>>,
}

impl<'a> Counted<'a> {
    /// Passes on the reports of a training of at most so many epochs, after which so many networks
    /// are retrained on all rows for at most as many.
    pub fn new(observer: &'a dyn Observer, most: usize, networks: usize) -> Self {
        Counted { observer, most, networks, at: Cell::default(), first: Cell::default() }
    }

    fn progress(&self, report: &EpochReport) -> Progress {
        let part = part(report);
        let (last, mut before, epochs) = self.at.get();
        if part != last {
            before += epochs;
        }
        self.at.set((part, before, report.epoch));
        // The first training, the first network's retraining, and two of each further one.
        let left = (2 * self.networks).saturating_sub(part + 1);
        Progress { done: before + report.epoch, total: before + report.epochs + left * self.most }
    }

    /// Seconds since the first training began, the time before it was resumed included.
    fn seconds(&self, report: &EpochReport) -> f64 {
        match (report.phase, self.first.get()) {
            (Phase::Refit, Some((at, seconds))) => seconds + at.elapsed().as_secs_f64(),
            _ => {
                self.first.set(Some((Instant::now(), report.seconds)));
                report.seconds
            }
        }
    }
}

/// The parts of a training in order: the first training; the first network on all rows; of each
/// further network the choice of its epoch, and the retraining.
fn part(report: &EpochReport) -> usize {
    match (report.phase, report.network) {
        (Phase::Train, _) => 0,
        (Phase::Refit, None) => 1,
        (Phase::Refit, Some(network)) => {
            2 * network.saturating_sub(1) + usize::from(report.validation.is_none())
        }
    }
}

impl Observer for Counted<'_> {
    fn epoch(&self, report: &EpochReport) {
        let progress = Some(self.progress(report));
        let seconds = self.seconds(report);
        self.observer.epoch(&EpochReport { progress, seconds, ..report.clone() });
    }

    fn whole(&self, epoch: usize, last: bool, state: &dyn Fn() -> Result<State>) -> Result<()> {
        self.observer.whole(epoch, last, state)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::ValidationReport;
    use std::cell::RefCell;

    struct Heard(RefCell<Vec<(usize, usize)>>);

    impl Observer for Heard {
        fn epoch(&self, report: &EpochReport) {
            let Progress { done, total } = report.progress.unwrap();
            self.0.borrow_mut().push((done, total));
        }
    }

    #[test]
    fn the_total_only_falls_and_is_reached() {
        let heard = Heard(RefCell::default());
        let counted = Counted::new(&heard, 10, 2);
        let run = |phase, network, validated: bool, epochs, last| {
            for epoch in 1..=last {
                let validation = validated.then(ValidationReport::default);
                let report =
                    EpochReport { epoch, epochs, phase, network, validation, ..Default::default() };
                counted.epoch(&report);
            }
        };
        run(Phase::Train, None, true, 10, 3);
        run(Phase::Refit, None, false, 2, 2);
        run(Phase::Refit, Some(2), true, 10, 2);
        run(Phase::Refit, Some(2), false, 1, 1);
        let expected = [(1, 40), (2, 40), (3, 40), (4, 25), (5, 25), (6, 25), (7, 25), (8, 8)];
        assert_eq!(heard.0.into_inner(), expected);
    }

    #[test]
    fn a_training_without_more_networks_counts_its_own_epochs() {
        let heard = Heard(RefCell::default());
        let counted = Counted::new(&heard, 5, 0);
        // Resumed after its second epoch.
        for epoch in 3..=5 {
            counted.epoch(&EpochReport { epoch, epochs: 5, ..Default::default() });
        }
        assert_eq!(heard.0.into_inner(), [(3, 5), (4, 5), (5, 5)]);
    }
}
