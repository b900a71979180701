//! Several trainings on several threads, whose epochs are heard of as if one had been after another.

use super::observer::Observer;
use crate::error::Result;
use crate::history::EpochReport;
use std::collections::VecDeque;
use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, Builder};

/// What a thread has to say of the training with a number.
enum Said {
    Epoch(EpochReport),
    End,
}

/// Passes on what it hears of one training.
struct Wire {
    number: usize,
    to: Sender<(usize, Said)>,
}

impl Wire {
    fn say(&self, said: Said) {
        // Who listens outlives the trainings.
        let _ = self.to.send((self.number, said));
    }
}

impl Observer for Wire {
    fn epoch(&self, report: &EpochReport) {
        self.say(Said::Epoch(report.clone()));
    }
}

/// Trains the numbers from 0 on, `threads` at once, and gives what came of each in order, or the
/// first error in that order.
pub fn crew<T: Send>(
    trainings: usize,
    threads: usize,
    observer: &dyn Observer,
    train: impl Fn(usize, &dyn Observer) -> Result<T> + Sync,
) -> Result<Vec<T>> {
    if threads.min(trainings) <= 1 {
        return (0..trainings).map(|number| train(number, observer)).collect();
    }
    let queue = Mutex::new(0..trainings);
    let ended = Mutex::new(Vec::with_capacity(trainings));
    let work = |to: Sender<(usize, Said)>| loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).next();
        let Some(number) = next else { return };
        let wire = Wire { number, to: to.clone() };
        let result = train(number, &wire);
        ended.lock().unwrap_or_else(PoisonError::into_inner).push((number, result));
        wire.say(Said::End);
    };
    thread::scope(|scope| {
        let (work, (to, heard)) = (&work, channel());
        let helper = |_| {
            let (to, builder) = (to.clone(), Builder::new().name("polytask-network".to_owned()));
            // Should the system have no thread to give, the others do its share.
            builder.spawn_scoped(scope, move || work(to)).ok()
        };
        let helpers: Vec<_> = (0..threads.min(trainings)).filter_map(helper).collect();
        if helpers.is_empty() {
            work(to.clone());
        }
        drop(to);
        tell(&heard, trainings, observer);
        for helper in helpers {
            if let Err(panic) = helper.join() {
                resume_unwind(panic);
            }
        }
    });
    let mut ended = ended.into_inner().unwrap_or_else(PoisonError::into_inner);
    ended.sort_by_key(|(number, _)| *number);
    ended.into_iter().map(|(_, result)| result).collect()
}

/// Tells of the first training that has not ended as it goes on, and keeps what the others say.
fn tell(heard: &Receiver<(usize, Said)>, trainings: usize, observer: &dyn Observer) {
    let mut kept: Vec<VecDeque<Said>> = (0..trainings).map(|_| VecDeque::new()).collect();
    let mut first = 0;
    while let Ok((number, said)) = heard.recv() {
        kept[number].push_back(said);
        while let Some(said) = kept.get_mut(first).and_then(VecDeque::pop_front) {
            match said {
                Said::Epoch(report) => observer.epoch(&report),
                Said::End => first += 1,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Code, Error};
    use std::cell::RefCell;
    use std::time::Duration;

    struct Heard(RefCell<Vec<(usize, usize)>>);

    impl Observer for Heard {
        fn epoch(&self, report: &EpochReport) {
            self.0.borrow_mut().push((report.epochs, report.epoch));
        }
    }

    fn report(number: usize, epoch: usize) -> EpochReport {
        EpochReport { epoch, epochs: number, ..EpochReport::default() }
    }

    #[test]
    fn epochs_are_heard_of_in_order_whichever_training_is_faster() {
        for threads in [1, 2, 3, 9] {
            let heard = Heard(RefCell::default());
            let train = |number: usize, observer: &dyn Observer| {
                for epoch in 1..=3 {
                    // The first are the slowest.
                    thread::sleep(Duration::from_millis(4 - number as u64));
                    observer.epoch(&report(number, epoch));
                }
                Ok(10 * number)
            };
            assert_eq!(crew(4, threads, &heard, train).unwrap(), [0, 10, 20, 30]);
            let expected: Vec<_> = (0..4).flat_map(|n| (1..=3).map(move |e| (n, e))).collect();
            assert_eq!(heard.0.into_inner(), expected, "{threads} threads");
        }
    }

    #[test]
    fn the_first_error_in_order_counts() {
        for threads in [1, 2, 4] {
            let train = |number: usize, _: &dyn Observer| match number {
                0 => Ok(()),
                number => Err(Error::new(Code::Diverged, number.to_string())),
            };
            let error = crew(4, threads, &(), train).unwrap_err();
            assert_eq!(error.message(), "1", "{threads} threads");
        }
    }

    #[test]
    #[should_panic(expected = "of the third")]
    fn a_panic_is_passed_on() {
        let train = |number: usize, _: &dyn Observer| {
            assert!(number != 2, "of the third");
            Ok(())
        };
        let _ = crew(4, 2, &(), train);
    }
}
