//! Loads a shared library in the background, so that the module that needs it is loaded at once
//! later: libtorch takes a fifth of a second, in which the event loop and the reading of a file go
//! on.

use super::thread::promise;
use napi::Env;
use napi::bindgen_prelude::Object;
use napi_derive::napi;

/// A promise of whether one of the libraries, the first that can be, was loaded. It stays for the
/// life of the process.
#[napi(catch_unwind)]
pub fn preload(env: &Env, paths: Vec<String>) -> napi::Result<Object<'_>> {
    promise(env, move || Ok(paths.iter().any(|path| load(path))))
}

#[cfg(unix)]
fn load(path: &str) -> bool {
    use std::ffi::{CString, c_char, c_int, c_void};
    unsafe extern "C" {
        fn dlopen(path: *const c_char, mode: c_int) -> *mut c_void;
    }
    // RTLD_LAZY, the same everywhere; neither global nor ever closed.
    const LAZY: c_int = 1;
    let Ok(path) = CString::new(path) else { return false };
    // SAFETY: the string ends in a zero. What the library runs when it is loaded, it would run on
    // the main thread a moment later.
    let library = unsafe { dlopen(path.as_ptr(), LAZY) };
    !library.is_null()
}

/// Elsewhere the module loads it itself.
#[cfg(not(unix))]
fn load(_path: &str) -> bool {
    false
}
