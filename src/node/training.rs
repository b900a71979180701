//! Trainings under way: each on its own thread, ended cleanly when the process or the
//! environment ends.

use super::error::map;
use super::rows;
use super::thread::{guard, settle, spawn};
use crate::{EpochReport, Observer, Source, Stop, TrainOptions};
use napi::Env;
use napi::bindgen_prelude::{Buffer, Object, Status, Unknown};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi_derive::napi;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

/// A function of JavaScript's that says nothing and keeps nothing alive.
type Wake = ThreadsafeFunction<(), Unknown<'static>, (), Status, false, true>;

/// Reports on their way to JavaScript. The training never waits: it leaves a report and wakes
/// JavaScript only if no earlier call is still to come, however fast the epochs are.
#[derive(Clone)]
struct Mailbox(Arc<Mutex<Vec<EpochReport>>>, Arc<Wake>);

impl Observer for Mailbox {
    fn epoch(&self, report: &EpochReport) {
        let mut reports = lock(&self.0);
        reports.push(report.clone());
        if reports.len() == 1 {
            self.1.call((), ThreadsafeFunctionCallMode::NonBlocking);
        }
    }
}

/// A training under way.
#[napi(js_name = "NativeTraining")]
pub struct JsTraining {
    stop: Stop,
    reports: Arc<Mutex<Vec<EpochReport>>>,
}

#[napi]
impl JsTraining {
    /// The reports since the last call, as a JSON array.
    #[napi(catch_unwind)]
    pub fn drain(&self) -> String {
        serde_json::json!(std::mem::take(&mut *lock(&self.reports))).to_string()
    }

    /// Ends the training with the best weights so far.
    #[napi(catch_unwind)]
    pub fn stop(&self) {
        self.stop.stop();
    }

    /// Ends the training with nothing.
    #[napi(catch_unwind)]
    pub fn abort(&self) {
        self.stop.abort();
    }
}

/// Starts a training. Gives `[training, promise of the model file's bytes]`; `wake` is called
/// when there are reports to drain.
#[napi(catch_unwind)]
pub fn start<'env>(
    env: &'env Env,
    source: Unknown<'_>,
    options: String,
    wake: Wake,
) -> napi::Result<(JsTraining, Object<'env>)> {
    let source = rows::source(source)?;
    let (deferred, promise) = env.create_deferred()?;
    let (stop, reports) = (Stop::new(), Arc::default());
    let training = JsTraining { stop: stop.clone(), reports: Arc::clone(&reports) };
    let mailbox = Mailbox(reports, Arc::new(wake));
    let flag = stop.clone();
    let thread = spawn("polytask-train", move || {
        let bytes = guard(|| run(source, &options, &mailbox, &flag));
        settle(deferred, bytes.map(Buffer::from));
    })?;
    live::add(env, stop, thread)?;
    Ok((training, promise))
}

/// Trains and waits; gives the model file's bytes.
#[napi(catch_unwind)]
pub fn train_sync(source: Unknown<'_>, options: String) -> napi::Result<Buffer> {
    let source = rows::source(source)?;
    let (sender, receiver) = std::sync::mpsc::channel();
    let thread = spawn("polytask-train", move || {
        let _ = sender.send(guard(|| run(source, &options, &(), &Stop::new())));
    })?;
    let _ = thread.join();
    let bytes = receiver.recv().unwrap_or_else(|_| guard(|| Ok(Vec::new())));
    map(bytes).map(Buffer::from)
}

fn run(
    source: Source,
    options: &str,
    observer: &dyn Observer,
    stop: &Stop,
) -> crate::Result<Vec<u8>> {
    crate::train_model(source, &TrainOptions::parse_text(options)?, observer, stop)
}

/// Checks the options of a training before its rows are gathered.
#[napi(catch_unwind)]
pub fn check(options: String) -> napi::Result<()> {
    map(TrainOptions::parse_text(&options)).map(drop)
}

/// The libtorch this module is built for.
#[napi(catch_unwind)]
pub fn libtorch_version() -> &'static str {
    crate::LIBTORCH
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends the trainings of this environment and waits until they have, which takes one batch. For
/// the process's `exit` event: libtorch's destructors must not run under a training. (A handler
/// of the C library would come too late, after what libtorch made while training is gone.)
#[napi(catch_unwind)]
pub fn end_all(env: &Env) {
    live::end(env.raw() as usize);
}

/// The trainings under way, by the environment they belong to.
mod live {
    use super::*;

    static LIVE: Mutex<Vec<(usize, Stop, JoinHandle<()>)>> = Mutex::new(Vec::new());

    /// Counts a training in. When the environment of a worker is torn down, it ends too.
    pub fn add(env: &Env, stop: Stop, thread: JoinHandle<()>) -> napi::Result<()> {
        let owner = env.raw() as usize;
        let first = {
            let mut live = lock(&LIVE);
            live.retain(|(_, _, thread)| !thread.is_finished());
            let first = !live.iter().any(|(other, ..)| *other == owner);
            live.push((owner, stop, thread));
            first
        };
        if first {
            env.add_env_cleanup_hook((), move |()| end(owner))?;
        }
        Ok(())
    }

    /// Aborts and waits for the trainings of an environment.
    pub fn end(owner: usize) {
        let ending: Vec<_> = lock(&LIVE).extract_if(.., |(other, ..)| *other == owner).collect();
        ending.iter().for_each(|(_, stop, _)| stop.abort());
        for (_, _, thread) in ending {
            let _ = thread.join();
        }
    }
}
