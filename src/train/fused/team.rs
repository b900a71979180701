//! Threads that work on one step together: a barrier that wakes quickly and does not burn a core
//! that others need, and data that they share by agreement.

use std::cell::UnsafeCell;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};

/// Looks at the barrier before a thread lies down: some microseconds, as long as the others are
/// normally late. A thread that waits for one without a core gives up its own soon.
const LOOKS: usize = 3_000;

/// Where threads wait for each other.
#[derive(Debug)]
pub struct Barrier {
    threads: usize,
    arrived: AtomicUsize,
    round: AtomicUsize,
    broken: AtomicBool,
    asleep: Mutex<()>,
    wake: Condvar,
}

impl Barrier {
    /// For so many threads.
    pub fn new(threads: usize) -> Self {
        let (arrived, round) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let (broken, asleep) = (AtomicBool::new(false), Mutex::new(()));
        Barrier { threads, arrived, round, broken, asleep, wake: Condvar::new() }
    }

    /// Waits until all have come here. What they wrote before is seen by all after. False if one
    /// will never come.
    pub fn wait(&self) -> bool {
        if self.threads == 1 {
            return true;
        }
        let round = self.round.load(Ordering::Relaxed);
        if self.arrived.fetch_add(1, Ordering::AcqRel) + 1 == self.threads {
            self.arrived.store(0, Ordering::Relaxed);
            // Under the lock, so that no thread lies down between its last look and this.
            let lock = self.asleep.lock().unwrap_or_else(PoisonError::into_inner);
            self.round.store(round.wrapping_add(1), Ordering::Release);
            drop(lock);
            self.wake.notify_all();
            return self.is_whole();
        }
        for _ in 0..LOOKS {
            if self.round.load(Ordering::Acquire) != round {
                return self.is_whole();
            }
            std::hint::spin_loop();
        }
        let mut lock = self.asleep.lock().unwrap_or_else(PoisonError::into_inner);
        while self.round.load(Ordering::Acquire) == round && self.is_whole() {
            lock = self.wake.wait(lock).unwrap_or_else(PoisonError::into_inner);
        }
        self.is_whole()
    }

    /// Lets go of all who wait, now or later.
    pub fn give_up(&self) {
        self.broken.store(true, Ordering::Release);
        let lock = self.asleep.lock().unwrap_or_else(PoisonError::into_inner);
        self.round.fetch_add(1, Ordering::Release);
        drop(lock);
        self.wake.notify_all();
    }

    fn is_whole(&self) -> bool {
        !self.broken.load(Ordering::Acquire)
    }
}

/// Held by a thread that others wait for: should it panic, they are let go.
#[derive(Debug)]
pub struct Duty<'a>(pub &'a Barrier);

impl Drop for Duty<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.give_up();
        }
    }
}

/// Data that several threads use by agreement: between two waits at the barrier, either none writes
/// to a part of it or one thread alone uses that part.
#[derive(Debug, Default)]
pub struct Shared<T>(UnsafeCell<T>);

// SAFETY: whoever asks for the data promises the agreement above.
unsafe impl<T: Send> Sync for Shared<T> {}

impl<T> Shared<T> {
    /// Data to share.
    pub fn new(data: T) -> Self {
        Shared(UnsafeCell::new(data))
    }

    /// The data, from where one thread alone has it.
    pub fn own(&mut self) -> &mut T {
        self.0.get_mut()
    }

    /// Reads.
    ///
    /// # Safety
    ///
    /// No thread writes what is read until the next wait.
    pub unsafe fn read(&self) -> &T {
        // SAFETY: the caller's promise.
        unsafe { &*self.0.get() }
    }

    /// Where it lies, for writing parts of it.
    pub fn place(&self) -> *mut T {
        self.0.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_passes_before_all_have_come() {
        let threads = 3;
        let (barrier, count) = (Barrier::new(threads), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    for round in 1..500 {
                        count.fetch_add(1, Ordering::Relaxed);
                        barrier.wait();
                        assert_eq!(count.load(Ordering::Relaxed), round * threads);
                        barrier.wait();
                    }
                });
            }
        });
    }

    #[test]
    fn a_thread_that_panics_lets_the_others_go() {
        let barrier = Barrier::new(2);
        std::thread::scope(|scope| {
            let waits = scope.spawn(|| barrier.wait());
            let fails = scope.spawn(|| {
                let _duty = Duty(&barrier);
                std::panic::resume_unwind(Box::new("on purpose"));
            });
            assert!(!waits.join().unwrap());
            assert!(fails.join().is_err());
        });
    }
}
