//! What features are worth, and what a report tells, found out on threads of their own.

use super::model::JsModel;
use super::predict::background;
use super::rows;
use crate::{ImportanceOptions, Report, ReportOptions, importance};
use napi::Env;
use napi::bindgen_prelude::{Object, Unknown};
use napi_derive::napi;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

#[napi]
impl JsModel {
    /// What each feature is worth on labelled rows, as JSON; `options` is JSON too.
    #[napi(catch_unwind)]
    pub fn importance<'env>(
        &self,
        env: &'env Env,
        source: Unknown<'_>,
        options: String,
    ) -> napi::Result<Object<'env>> {
        let (model, source) = (self.model.clone(), rows::source(source)?);
        let stopped = Arc::new(AtomicBool::new(false));
        background(env, stopped.clone(), move || {
            let options = ImportanceOptions::parse_text(&options)?;
            let table = model.read(source, &options.csv)?.table;
            let found = importance(&model, &table, &options, &stopped)?;
            Ok(serde_json::json!(found).to_string())
        })
    }

    /// All that a report tells beyond `describe`, as JSON; on labelled rows, if there are some.
    #[napi(catch_unwind)]
    pub fn report<'env>(
        &self,
        env: &'env Env,
        source: Option<Unknown<'_>>,
        options: String,
    ) -> napi::Result<Object<'env>> {
        let (model, source) = (self.model.clone(), source.map(rows::source).transpose()?);
        let stopped = Arc::new(AtomicBool::new(false));
        background(env, stopped.clone(), move || {
            let options = ReportOptions::parse_text(&options)?;
            let report = Report::of(&model, source, &options, &stopped)?;
            Ok(serde_json::json!(report).to_string())
        })
    }
}
