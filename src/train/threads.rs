//! How many threads a training may use: trainings that run at once share the cores.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

static TRAININGS: AtomicUsize = AtomicUsize::new(0);

/// The cores of this process, asked once: asking reads files.
pub fn cores() -> usize {
    static CORES: OnceLock<usize> = OnceLock::new();
    *CORES.get_or_init(|| std::thread::available_parallelism().map_or(1, usize::from))
}

/// A running training, counted while it lives.
#[derive(Debug)]
pub struct Share;

impl Share {
    /// Counts a training in.
    pub fn take() -> Self {
        TRAININGS.fetch_add(1, Ordering::Relaxed);
        Share
    }

    /// The threads for now: as many as the user said, else a fair part of the cores.
    pub fn threads(&self, wanted: Option<usize>) -> usize {
        let trainings = TRAININGS.load(Ordering::Relaxed).max(1);
        wanted.unwrap_or_else(|| (cores() / trainings).max(1))
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        TRAININGS.fetch_sub(1, Ordering::Relaxed);
    }
}
