//! The flag by which other threads end a training.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// Shared by who trains and who may end it; looked at once a batch.
#[derive(Debug, Clone)]
pub struct Stop {
    flag: Arc<AtomicU8>,
    /// What the flag must be at least to end this training.
    least: u8,
}

const STOP: u8 = 1;
const ABORT: u8 = 2;

impl Default for Stop {
    fn default() -> Self {
        Stop { flag: Arc::default(), least: STOP }
    }
}

impl Stop {
    /// A flag that is not set.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same flag for a training that only an abort ends.
    pub fn but_for_abort(&self) -> Self {
        Stop { least: ABORT, ..self.clone() }
    }

    /// Ends the training with the best weights so far.
    pub fn stop(&self) {
        self.flag.fetch_max(STOP, Ordering::Relaxed);
    }

    /// Ends the training with nothing.
    pub fn abort(&self) {
        self.flag.fetch_max(ABORT, Ordering::Relaxed);
    }

    /// Whether to end, either way.
    pub fn is_stopped(&self) -> bool {
        self.flag.load(Ordering::Relaxed) >= self.least
    }

    /// Whether to end with nothing.
    pub fn is_aborted(&self) -> bool {
        self.flag.load(Ordering::Relaxed) >= ABORT
    }
}
