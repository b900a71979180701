//! Work on a thread of its own, and a promise of its result. Not libuv's pool: four long jobs
//! there make the whole process wait for files and names.

use super::error::to_napi;
use crate::{Code, Error, Result};
use napi::bindgen_prelude::{Object, ToNapiValue};
use napi::{Env, JsDeferred};
use std::any::Any;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;
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
    promise_of(env, work, |value, _| Ok(value))
}

/// A promise of what `make` gives, on the thread of JavaScript, from what `work` gave.
pub fn promise_of<'env, T: Send + 'static, V: ToNapiValue + 'static>(
    env: &'env Env,
    work: impl FnOnce() -> Result<T> + Send + 'static,
    make: fn(T, &Env) -> napi::Result<V>,
) -> napi::Result<Object<'env>> {
    let (deferred, promise): (Deferred<V>, _) = env.create_deferred()?;
    spawn("polytask", move || match guard(work) {
        Ok(value) => deferred.resolve(Box::new(move |env| make(value, &env))),
        Err(error) => deferred.reject(to_napi(&error)),
    })?;
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

thread_local! {
    /// What the last panic on this thread said, and where.
    static PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Runs work of ours; a panic in it is a bug, and becomes an error like any other.
pub fn guard<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    keep_panics_quiet();
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|payload| {
        let text = match PANIC.take() {
            // It came from a thread that helped this one.
            text if text.is_empty() => words(&*payload).to_owned(),
            text => text,
        };
        Err(Error::new(Code::Internal, format!("a bug in polytask: {text}")))
    })
}

/// Panics of this module are told by the error alone: nothing is printed beside it. The hook is
/// this module's own; a panic elsewhere in the process does not pass here.
fn keep_panics_quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        std::panic::set_hook(Box::new(|info| {
            let place =
                info.location().map(|place| format!(" ({}:{})", place.file(), place.line()));
            let told = format!("{}{}", words(info.payload()), place.unwrap_or_default());
            PANIC.with(|last| *last.borrow_mut() = told);
        }));
    });
}

/// What a panic said, in its first line.
fn words(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| payload.downcast_ref::<&str>().copied());
    text.and_then(|text| text.lines().next()).unwrap_or("no words")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error_that_says_where() {
        let error = guard::<()>(|| panic!("the sky\nfell")).unwrap_err();
        assert_eq!(error.code(), Code::Internal);
        let text = error.to_string();
        assert!(text.starts_with("a bug in polytask: the sky (src/node/thread.rs:"), "{text}");
        assert_eq!(guard(|| Ok(1)), Ok(1));
        let helper = || {
            let panic = std::thread::spawn(|| panic!("far away")).join().unwrap_err();
            std::panic::resume_unwind(panic)
        };
        assert_eq!(guard::<()>(helper).unwrap_err().to_string(), "a bug in polytask: far away");
    }
}
