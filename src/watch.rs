//! Long work as it is watched from another thread: whether it is to end, and how much of it is done.

use crate::error::{Code, Error, Result};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// One piece of work, shared between who does it and who watches.
#[derive(Debug, Default)]
pub struct Watch {
    stopped: AtomicBool,
    done: AtomicU64,
    total: AtomicU64,
}

impl Watch {
    /// Ends the work soon, with [`Code::Aborted`].
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// An error once it is to end.
    pub fn check(&self) -> Result<()> {
        match self.stopped.load(Ordering::Relaxed) {
            true => Err(Error::new(Code::Aborted, "the work was aborted")),
            false => Ok(()),
        }
    }

    /// Says that so much more will be done, in rows to be answered.
    pub fn expect(&self, rows: usize) {
        self.total.fetch_add(rows as u64, Ordering::Relaxed);
    }

    /// Says that so much more was done.
    pub fn advance(&self, rows: usize) {
        self.done.fetch_add(rows as u64, Ordering::Relaxed);
    }

    /// How much is done, and of how much; 0 of 0 until that is known.
    pub fn progress(&self) -> (u64, u64) {
        (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_counts_and_ends() {
        let watch = Watch::default();
        assert_eq!((watch.progress(), watch.check()), ((0, 0), Ok(())));
        watch.expect(10);
        watch.advance(4);
        watch.stop();
        assert_eq!(watch.progress(), (4, 10));
        assert_eq!(watch.check().unwrap_err().code(), Code::Aborted);
    }
}
