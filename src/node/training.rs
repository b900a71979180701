//! Trainings under way: each on its own thread, ended cleanly when the process or the
//! environment ends.

use super::error::map;
use super::live::{self, lock};
use super::rows;
use super::thread::{guard, settle, spawn};
use crate::{EpochReport, FoldReport, Observer, Source, Stop, TrainOptions, Trial, TuneOptions};
use napi::Env;
use napi::bindgen_prelude::{Buffer, Object, Status, ToNapiValue, Unknown};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi_derive::napi;
use serde::Serialize;
use serde_json::json;
use std::sync::{Arc, Mutex};

/// A function of JavaScript's that says nothing and keeps nothing alive.
type Wake = ThreadsafeFunction<(), Unknown<'static>, (), Status, false, true>;

/// Reports on their way to JavaScript. The training never waits: it leaves a report and wakes
/// JavaScript only if no earlier call is still to come, however fast the epochs are.
#[derive(Clone)]
struct Mailbox(Arc<Mutex<Vec<Report>>>, Arc<Wake>);

/// A report as the training leaves it; it becomes JSON where it is drained, for epochs may take
/// microseconds.
#[derive(Serialize)]
#[serde(untagged)]
enum Report {
    Epoch(EpochReport),
    Fold(FoldReport),
    Trial(Trial),
}

impl Mailbox {
    fn put(&self, report: Report) {
        let mut reports = lock(&self.0);
        reports.push(report);
        if reports.len() == 1 {
            self.1.call((), ThreadsafeFunctionCallMode::NonBlocking);
        }
    }
}

impl Observer for Mailbox {
    fn epoch(&self, report: &EpochReport) {
        self.put(Report::Epoch(report.clone()));
    }
}

/// A training under way.
#[napi(js_name = "NativeTraining")]
pub struct JsTraining {
    stop: Stop,
    reports: Arc<Mutex<Vec<Report>>>,
}

#[napi]
impl JsTraining {
    /// The reports since the last call, as a JSON array.
    #[napi(catch_unwind)]
    pub fn drain(&self) -> String {
        json!(std::mem::take(&mut *lock(&self.reports))).to_string()
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
    clock: Option<Object<'_>>,
) -> napi::Result<(JsTraining, Object<'env>)> {
    let source = rows::source(source, clock)?;
    begin(env, wake, move |mailbox, stop| run(source, &options, mailbox, stop).map(Buffer::from))
}

/// Starts a cross-validation; `folds` is JSON too. Gives `[training, promise of JSON]`; `wake` is
/// called when there are reports of folds to drain.
#[napi(catch_unwind)]
pub fn cross_validate<'env>(
    env: &'env Env,
    source: Unknown<'_>,
    options: String,
    folds: String,
    wake: Wake,
    clock: Option<Object<'_>>,
) -> napi::Result<(JsTraining, Object<'env>)> {
    let source = rows::source(source, clock)?;
    begin(env, wake, move |mailbox, stop| {
        let (k, options) =
            (TrainOptions::parse_folds(&folds)?, TrainOptions::parse_text(&options)?);
        let observer = |report: &FoldReport| mailbox.put(Report::Fold(report.clone()));
        let scores = crate::cross_validate(source, &options, k, &observer, stop)?;
        Ok(json!(scores).to_string())
    })
}

/// Starts a search. Gives `[training, promise of the best model file's bytes]`; `wake` is called
/// when there are reports of trials to drain.
#[napi(catch_unwind)]
pub fn tune<'env>(
    env: &'env Env,
    source: Unknown<'_>,
    options: String,
    wake: Wake,
    clock: Option<Object<'_>>,
) -> napi::Result<(JsTraining, Object<'env>)> {
    let source = rows::source(source, clock)?;
    begin(env, wake, move |mailbox, stop| {
        let listener = |trial: &Trial| mailbox.put(Report::Trial(trial.clone()));
        crate::tune(source, &TuneOptions::parse_text(&options)?, &listener, stop).map(Buffer::from)
    })
}

/// Work that trains, on a thread of its own that ends with its environment.
fn begin<T: ToNapiValue + Send + 'static>(
    env: &Env,
    wake: Wake,
    work: impl FnOnce(&Mailbox, &Stop) -> crate::Result<T> + Send + 'static,
) -> napi::Result<(JsTraining, Object<'_>)> {
    let (deferred, promise) = env.create_deferred()?;
    let (stop, reports) = (Stop::new(), Arc::default());
    let training = JsTraining { stop: stop.clone(), reports: Arc::clone(&reports) };
    let mailbox = Mailbox(reports, Arc::new(wake));
    let flag = stop.clone();
    let thread = spawn("polytask-train", move || {
        settle(deferred, guard(|| work(&mailbox, &flag)));
    })?;
    live::add(env, move || stop.abort(), thread)?;
    Ok((training, promise))
}

/// Trains and waits; gives the model file's bytes.
#[napi(catch_unwind)]
pub fn train_sync(
    source: Unknown<'_>,
    options: String,
    clock: Option<Object<'_>>,
) -> napi::Result<Buffer> {
    let source = rows::source(source, clock)?;
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
    map(TrainOptions::parse_text(&options).and_then(|options| options.check_for_rows()))
}

/// Checks the options of a search before its rows are gathered.
#[napi(catch_unwind)]
pub fn check_tune(options: String) -> napi::Result<()> {
    map(TuneOptions::parse_text(&options).and_then(|options| options.base.check_for_rows()))
}

/// Checks the options of a cross-validation before its rows are gathered.
#[napi(catch_unwind)]
pub fn check_folds(options: String, folds: String) -> napi::Result<()> {
    let parsed = TrainOptions::parse_folds(&folds);
    map(parsed.and_then(|_| TrainOptions::parse_text(&options)?.check_for_rows()))
}

/// The libtorch this module is built for.
#[napi(catch_unwind)]
pub fn libtorch_version() -> &'static str {
    crate::LIBTORCH
}
