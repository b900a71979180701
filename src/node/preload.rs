//! Loads a shared library in the background, so that the module that needs it is loaded at once
//! later: libtorch takes a fifth of a second, in which the event loop goes on and the files that
//! will be needed are fetched from disk.

use super::work::background;
use napi::Env;
use napi::bindgen_prelude::Object;
use napi_derive::napi;
use std::fs::File;
use std::io;

/// A promise of whether one of the libraries, the first that can be, was loaded; it stays for the
/// life of the process. Meanwhile the system reads the files, so that it has them at hand.
#[napi(catch_unwind)]
pub fn preload(env: &Env, libraries: Vec<String>, files: Vec<String>) -> napi::Result<Object<'_>> {
    // Nobody waits for it: where a file cannot be read, whoever reads it next says why.
    let _ = std::thread::Builder::new().name("polytask-fetch".to_owned()).spawn(move || {
        for file in files.iter().filter_map(|path| File::open(path).ok()) {
            // What is read of a pipe is gone.
            if !file.metadata().is_ok_and(|it| it.is_file()) {
                continue;
            }
            let _ = io::copy(&mut io::BufReader::with_capacity(1 << 20, file), &mut io::sink());
        }
    });
    // The process must not end half way through what a library does when it is loaded.
    let loading = background(env, move |_| Ok(libraries.iter().any(|path| load(path))))?;
    Ok(loading.1)
}

/// The same at once, for whoever waits for the module anyway.
#[napi(catch_unwind)]
pub fn preload_now(libraries: Vec<String>) -> bool {
    libraries.iter().any(|path| load(path))
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
