//! Work on a thread of its own as JavaScript holds it: it can be aborted, and tells how far it is.

use super::live;
use super::thread::{Deferred, guard, settle, spawn};
use crate::{Result, Watch};
use napi::Env;
use napi::bindgen_prelude::{Object, ToNapiValue};
use napi_derive::napi;
use std::sync::Arc;

/// Work under way.
#[napi(js_name = "NativeWork")]
pub struct JsWork(Arc<Watch>);

#[napi]
impl JsWork {
    /// Ends it with nothing.
    #[napi(catch_unwind)]
    pub fn abort(&self) {
        self.0.stop();
    }

    /// `[done, total]`, in rows answered; `[0, 0]` until it is known how many.
    #[napi(catch_unwind)]
    pub fn progress(&self) -> Vec<f64> {
        let (done, total) = self.0.progress();
        vec![done as f64, total as f64]
    }
}

/// Work that ends soon once it is told to, or its environment ends, and a promise of what it gives.
pub fn background<'env, T: ToNapiValue + Send + 'static>(
    env: &'env Env,
    work: impl FnOnce(&Watch) -> Result<T> + Send + 'static,
) -> napi::Result<(JsWork, Object<'env>)> {
    let (deferred, promise): (Deferred<T>, _) = env.create_deferred()?;
    let watch = Arc::new(Watch::default());
    let (watched, ended) = (watch.clone(), watch.clone());
    let thread = spawn("polytask-work", move || settle(deferred, guard(|| work(&watched))))?;
    live::add(env, move || ended.stop(), thread)?;
    Ok((JsWork(watch), promise))
}
