//! How many threads one operation may use: small networks pay more for the hand-over than they
//! gain, and trainings that run at once share the cores.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Multiply-adds in one step under which a second thread does not pay.
const WORTH_A_THREAD: usize = 8_000_000;

static TRAININGS: AtomicUsize = AtomicUsize::new(0);

/// A running training, counted while it lives.
pub struct Share;

impl Share {
    /// Counts the training on this thread in, and sets the threads of its operations: as many as
    /// the user said, else by the work of one step.
    pub fn take(threads: Option<usize>, step: usize) -> Self {
        let trainings = 1 + TRAININGS.fetch_add(1, Ordering::Relaxed);
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let auto = if step < WORTH_A_THREAD { 1 } else { (cores / trainings).max(1) };
        tch::set_num_threads(threads.unwrap_or(auto) as i32);
        Share
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        TRAININGS.fetch_sub(1, Ordering::Relaxed);
    }
}
