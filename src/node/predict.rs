//! Predictions that are large: columns at once, rows and files on threads of their own.

use super::error::map;
use super::model::JsModel;
use super::thread::{Deferred, guard, settle, spawn};
use super::{columns, live, rows};
use crate::{Answers, FileOptions, Result};
use napi::Env;
use napi::bindgen_prelude::{
    Array, Either, Float64Array, Object, ToNapiValue, Uint32Array, Unknown,
};
use napi_derive::napi;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Numbers on their way to JavaScript.
type Numbers = Either<Float64Array, Uint32Array>;

/// A file being predicted.
#[napi(js_name = "NativeFilePrediction")]
pub struct JsFilePrediction(Arc<AtomicBool>);

#[napi]
impl JsFilePrediction {
    /// Ends it with nothing.
    #[napi(catch_unwind)]
    pub fn abort(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[napi]
impl JsModel {
    /// For each task the values, with intervals their low and high ends too, or codes, probability and probabilities.
    #[napi(catch_unwind)]
    pub fn predict_columns(
        &self,
        data: Unknown<'_>,
        clock: Option<Object<'_>>,
    ) -> napi::Result<Vec<Vec<Numbers>>> {
        let table = columns::features(data, &self.model, clock)?;
        let answers = map(self.model.predict_columns(&table))?;
        Ok(answers.into_iter().map(numbers).collect())
    }

    /// A promise of what `predict` gives.
    #[napi(catch_unwind)]
    pub fn predict_async<'env>(
        &self,
        env: &'env Env,
        rows: Array<'_>,
        clock: Option<Object<'_>>,
    ) -> napi::Result<Object<'env>> {
        let table = rows::features(&rows, &self.model, clock)?;
        let (model, stopped) = (self.model.clone(), Arc::new(AtomicBool::new(false)));
        background(env, stopped.clone(), move || {
            model.predict_until(&table, &stopped).map(Float64Array::new)
        })
    }

    /// Predicts a file into another. Gives the prediction under way and a promise of JSON.
    #[napi(catch_unwind)]
    pub fn predict_file<'env>(
        &self,
        env: &'env Env,
        input: String,
        output: String,
        options: String,
    ) -> napi::Result<(JsFilePrediction, Object<'env>)> {
        let (model, stopped) = (self.model.clone(), Arc::new(AtomicBool::new(false)));
        let prediction = JsFilePrediction(stopped.clone());
        let promise = background(env, stopped.clone(), move || {
            let options = FileOptions::parse_for(&options, &model.csv())?;
            let (input, output) = (PathBuf::from(input), PathBuf::from(output));
            let done = model.predict_file(&input, &output, &options, &stopped)?;
            Ok(serde_json::json!({ "rows": done.rows, "skipped": done.skipped }).to_string())
        })?;
        Ok((prediction, promise))
    }
}

fn numbers(answers: Answers) -> Vec<Numbers> {
    match answers {
        Answers::Values(values) => vec![Either::A(values.into())],
        Answers::Intervals { values, low, high } => {
            [values, low, high].into_iter().map(|column| Either::A(column.into())).collect()
        }
        Answers::Classes { codes, probability, probabilities } => vec![
            Either::B(codes.into()),
            Either::A(probability.into()),
            Either::A(probabilities.into()),
        ],
    }
}

/// A promise of what `work` gives on a thread of its own, which ends soon once `stopped`.
pub fn background<'env, T: ToNapiValue + Send + 'static>(
    env: &'env Env,
    stopped: Arc<AtomicBool>,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> napi::Result<Object<'env>> {
    let (deferred, promise): (Deferred<T>, _) = env.create_deferred()?;
    let thread = spawn("polytask-predict", move || settle(deferred, guard(work)))?;
    live::add(env, move || stopped.store(true, Ordering::Relaxed), thread)?;
    Ok(promise)
}
