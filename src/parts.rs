//! Work cut into parts and spread over the cores. No part depends on another,
//! so that the split changes no bit of what comes out.

use std::num::NonZero;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;

/// The cores of this process, asked once: asking reads files.
pub fn cores() -> usize {
    static CORES: OnceLock<usize> = OnceLock::new();
    *CORES.get_or_init(|| thread::available_parallelism().map_or(1, NonZero::get))
}

/// Cuts `out` into parts of this length, the last one shorter, and lets `work` fill in each by its
/// index: on this thread and, if there are several parts, on others of its own. The first error
/// met ends it.
pub fn in_parts<T: Send, E: Send>(
    out: &mut [T],
    part: usize,
    work: impl Fn(usize, &mut [T]) -> Result<(), E> + Sync,
) -> Result<(), E> {
    let parts = out.len().div_ceil(part.max(1));
    let threads = cores().min(parts);
    let queue = Mutex::new(out.chunks_mut(part.max(1)).enumerate());
    let failure = Mutex::new(None);
    let run = || loop {
        let next = lock(&queue).next();
        let Some((index, part)) = next else { return };
        if let Err(error) = work(index, part) {
            lock(&failure).get_or_insert(error);
            // Nothing is left to do for the others.
            lock(&queue).by_ref().for_each(drop);
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads {
            // Should the system have no thread to give, the others do its share.
            let _ = thread::Builder::new().name("polytask".to_owned()).spawn_scoped(scope, run);
        }
        run();
    });
    failure.into_inner().unwrap_or_else(PoisonError::into_inner).map_or(Ok(()), Err)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_filled_in_once() {
        for len in [0, 1, 7, 8, 9, 1000] {
            let mut out = vec![0; len];
            let filled = in_parts(&mut out, 8, |index, part| {
                part.iter_mut().zip(index * 8..).for_each(|(out, i)| *out += i + 1);
                Ok::<(), ()>(())
            });
            assert_eq!(filled, Ok(()));
            assert!(out.into_iter().eq(1..=len));
        }
    }

    #[test]
    fn an_error_ends_it() {
        let failed = in_parts(&mut [0; 1000], 1, |index, _| match index {
            500 => Err("five hundred"),
            _ => Ok(()),
        });
        assert_eq!(failed, Err("five hundred"));
    }
}
