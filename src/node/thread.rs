//! Work on a thread of its own, and a promise of its result. Not libuv's pool: four long jobs
//! there make the whole process wait for files and names.

use super::error::to_napi;
use crate::{Code, Error, Result};
use napi::bindgen_prelude::{Object, ToNapiValue};
use napi::{Env, JsDeferred};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::{Builder, JoinHandle};

type Resolver<T> = Box<dyn FnOnce(Env) -> napi::Result<T> + Send>;

/// A promise, and the other end of it.
pub type Deferred<T> = JsDeferred<T, Resolver<T>>;

/// A promise of what `work` gives.
pub fn promise<'env, T>(
    env: &'env Env,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> napi::Result<Object<'env>>
where
    T: ToNapiValue + Send + 'static,
{
    let (deferred, promise) = env.create_deferred::<T, Resolver<T>>()?;
    spawn("polytask", move || settle(deferred, guard(work)))?;
    Ok(promise)
}

/// Settles a promise from any thread.
pub fn settle<T: ToNapiValue + Send + 'static>(deferred: Deferred<T>, result: Result<T>) {
    match result {
        Ok(value) => deferred.resolve(Box::new(move |_| Ok(value))),
        Err(error) => deferred.reject(to_napi(&error)),
    }
}

/// A named thread; an error if the system has none to give.
pub fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> napi::Result<JoinHandle<()>> {
    Builder::new().name(name.to_owned()).spawn(work).map_err(|error| {
        to_napi(&Error::new(Code::Internal, format!("no thread can be started: {error}")))
    })
}

/// Runs work of ours; a panic in it is a bug, and becomes an error like any other.
pub fn guard<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let text = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .and_then(|text| text.lines().next())
            .unwrap_or("no words");
        Err(Error::new(Code::Internal, format!("a bug in polytask: {text}")))
    })
}
