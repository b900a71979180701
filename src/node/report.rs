//! What features are worth, and what a report tells, found out on threads of their own.

use super::model::JsModel;
use super::rows;
use super::work::{JsWork, background};
use crate::{ImportanceOptions, Report, ReportOptions, importance};
use napi::Env;
use napi::bindgen_prelude::{Object, Unknown};
use napi_derive::napi;

#[napi]
impl JsModel {
    /// What each feature is worth on labelled rows, as JSON; `options` is JSON too.
    #[napi(catch_unwind)]
    pub fn importance<'env>(
        &self,
        env: &'env Env,
        source: Unknown<'_>,
        options: String,
        clock: Option<Object<'_>>,
    ) -> napi::Result<(JsWork, Object<'env>)> {
        let (model, source) = (self.model.clone(), rows::source(source, clock)?);
        background(env, move |watch| {
            let options = ImportanceOptions::parse_for(&options, &model.csv())?;
            let table = model.read(source, &options.csv)?.table;
            let found = importance(&model, &table, &options, watch)?;
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
        clock: Option<Object<'_>>,
    ) -> napi::Result<(JsWork, Object<'env>)> {
        let source = source.map(|source| rows::source(source, clock)).transpose()?;
        let model = self.model.clone();
        background(env, move |watch| {
            let options = ReportOptions::parse_for(&options, &model.csv())?;
            let report = Report::of(&model, source, &options, watch)?;
            Ok(serde_json::json!(report).to_string())
        })
    }
}
