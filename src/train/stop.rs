//! The flag by which other threads end a training.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// Shared by who trains and who may end it; looked at once a batch.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicU8>);

const STOP: u8 = 1;
const ABORT: u8 = 2;

impl Stop {
    /// A flag that is not set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Ends the training with the best weights so far.
    pub fn stop(&self) {
        self.0.fetch_max(STOP, Ordering::Relaxed);
    }

    /// Ends the training with nothing.
    pub fn abort(&self) {
        self.0.fetch_max(ABORT, Ordering::Relaxed);
    }

    /// Whether to end, either way.
    pub fn is_stopped(&self) -> bool {
        self.0.load(Ordering::Relaxed) >= STOP
    }

    /// Whether to end with nothing.
    pub fn is_aborted(&self) -> bool {
        self.0.load(Ordering::Relaxed) >= ABORT
    }
}
