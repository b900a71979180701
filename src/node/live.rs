//! Long work under way on threads of this module, by the environment it belongs to, so that it is
//! ended before what it stands on is gone: libtorch, a file half written, the module itself.

use napi::Env;
use napi_derive::napi;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

/// One piece of work: whose it is, what makes it end, its thread.
type Work = (usize, Box<dyn FnOnce() + Send>, JoinHandle<()>);

static LIVE: Mutex<Vec<Work>> = Mutex::new(Vec::new());

/// Counts work in. When the environment of a worker is torn down, `end` is called and the thread
/// waited for.
pub fn add(
    env: &Env,
    end: impl FnOnce() + Send + 'static,
    thread: JoinHandle<()>,
) -> napi::Result<()> {
    let owner = env.raw() as usize;
    let first = {
        let mut live = lock(&LIVE);
        live.retain(|(_, _, thread)| !thread.is_finished());
        let first = !live.iter().any(|(other, ..)| *other == owner);
        live.push((owner, Box::new(end), thread));
        first
    };
    if first {
        env.add_env_cleanup_hook((), move |()| end_of(owner))?;
    }
    Ok(())
}

/// Ends the work of this environment and waits until it has, which takes one batch. For the
/// process's `exit` event: libtorch's destructors must not run under a training, nor must a
/// draft be left behind. (A handler of the C library would come too late, after what libtorch made
/// while training is gone.)
#[napi(catch_unwind)]
pub fn end_all(env: &Env) {
    end_of(env.raw() as usize);
}

fn end_of(owner: usize) {
    let ending: Vec<Work> = lock(&LIVE).extract_if(.., |(other, ..)| *other == owner).collect();
    let threads: Vec<_> = ending
        .into_iter()
        .map(|(_, end, thread)| {
            end();
            thread
        })
        .collect();
    for thread in threads {
        let _ = thread.join();
    }
}

/// Locks, whatever happened to others who did.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
