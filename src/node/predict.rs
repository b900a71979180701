//! Predictions that are large: columns at once, rows and files on threads of their own.

use super::error::map;
use super::model::JsModel;
use super::work::{JsWork, background};
use super::{columns, rows};
use crate::{Answers, FileOptions};
use napi::Env;
use napi::bindgen_prelude::{Array, Either, Float64Array, Object, Uint32Array, Unknown};
use napi_derive::napi;
use std::path::PathBuf;

/// Numbers on their way to JavaScript.
type Numbers = Either<Float64Array, Uint32Array>;

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

    /// The work that gives what `predict` gives, and a promise of it.
    #[napi(catch_unwind)]
    pub fn predict_async<'env>(
        &self,
        env: &'env Env,
        rows: Array<'_>,
        clock: Option<Object<'_>>,
    ) -> napi::Result<(JsWork, Object<'env>)> {
        let table = rows::features(&rows, &self.model, clock)?;
        let model = self.model.clone();
        background(env, move |watch| model.predict_until(&table, watch).map(Float64Array::new))
    }

    /// Predicts a file into another. Gives the prediction under way and a promise of JSON.
    #[napi(catch_unwind)]
    pub fn predict_file<'env>(
        &self,
        env: &'env Env,
        input: String,
        output: String,
        options: String,
    ) -> napi::Result<(JsWork, Object<'env>)> {
        let model = self.model.clone();
        background(env, move |watch| {
            let options = FileOptions::parse_for(&options, &model.csv())?;
            let (input, output) = (PathBuf::from(input), PathBuf::from(output));
            let done = model.predict_file(&input, &output, &options, watch)?;
            Ok(serde_json::json!({ "rows": done.rows, "skipped": done.skipped }).to_string())
        })
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
