//! Models as JavaScript holds them.

use super::error::map;
use super::rows;
use super::thread::{promise, promise_of};
use super::work::{JsWork, background};
use crate::{EvaluateOptions, Model};
use napi::Env;
use napi::bindgen_prelude::{
    Array, Buffer, Float64Array, Object, ObjectFinalize, Uint8Array, Unknown,
};
use napi_derive::napi;
use std::path::PathBuf;
use std::sync::Arc;

/// A model; shared with the threads that evaluate or save it.
#[napi(js_name = "NativeModel", custom_finalize)]
pub struct JsModel {
    pub(super) model: Arc<Model>,
}

impl JsModel {
    /// Tells the garbage collector of the weights: it sees a handle of a few bytes, and would let
    /// many of them lie.
    fn new(model: Model, env: &Env) -> napi::Result<Self> {
        env.adjust_external_memory(model.size() as i64)?;
        Ok(JsModel { model: Arc::new(model) })
    }
}

impl ObjectFinalize for JsModel {
    fn finalize(self, env: Env) -> napi::Result<()> {
        env.adjust_external_memory(-(self.model.size() as i64)).map(drop)
    }
}

#[napi]
impl JsModel {
    /// A model from the bytes of its file.
    #[napi(factory, catch_unwind)]
    pub fn from_buffer(env: &Env, bytes: Uint8Array) -> napi::Result<Self> {
        JsModel::new(map(Model::from_bytes(&bytes))?, env)
    }

    /// What is known of it, as JSON.
    #[napi(catch_unwind)]
    pub fn describe(&self) -> String {
        self.model.describe().to_string()
    }

    /// Answers, `[rows, width]`: the tasks' answers side by side.
    #[napi(catch_unwind)]
    pub fn predict(
        &self,
        rows: Array<'_>,
        clock: Option<Object<'_>>,
    ) -> napi::Result<Float64Array> {
        let table = rows::features(&rows, &self.model, clock)?;
        map(self.model.predict(&table)).map(Float64Array::new)
    }

    /// Scores on labelled rows, as JSON pairs of task and scores; `options` are JSON too.
    #[napi(catch_unwind)]
    pub fn evaluate<'env>(
        &self,
        env: &'env Env,
        source: Unknown<'_>,
        options: String,
        clock: Option<Object<'_>>,
    ) -> napi::Result<(JsWork, Object<'env>)> {
        let (model, source) = (self.model.clone(), rows::source(source, clock)?);
        background(env, move |watch| {
            let EvaluateOptions { by, csv } = EvaluateOptions::parse_for(&options, &model.csv())?;
            let table = model.read(source, &csv)?.table;
            let scores = model.evaluate_by(&table, by.as_deref(), watch)?;
            Ok(serde_json::json!(scores).to_string())
        })
    }

    /// The bytes of its file.
    #[napi(catch_unwind)]
    pub fn to_buffer(&self) -> napi::Result<Buffer> {
        map(self.model.to_bytes()).map(Buffer::from)
    }

    /// Writes its file, whole or not at all.
    #[napi(catch_unwind)]
    pub fn save<'env>(&self, env: &'env Env, path: String) -> napi::Result<Object<'env>> {
        let model = self.model.clone();
        promise(env, move || model.save(&PathBuf::from(path)))
    }

    /// Writes it as an ONNX file, whole or not at all.
    #[napi(catch_unwind)]
    pub fn export_onnx<'env>(&self, env: &'env Env, path: String) -> napi::Result<Object<'env>> {
        let model = self.model.clone();
        promise(env, move || model.export_onnx(&PathBuf::from(path)))
    }
}

/// A model from a file.
#[napi(catch_unwind)]
pub fn load(env: &Env, path: String) -> napi::Result<Object<'_>> {
    promise_of(env, move || Model::load(&PathBuf::from(path)), JsModel::new)
}
