//! The one function that must cost next to nothing: answers few rows, from a list of numbers into
//! the same list. By hand, as what napi generates allocates in every call.

use super::model::JsModel;
use super::thread::guard;
use crate::{Model, Numbers};
use napi::bindgen_prelude::{FromNapiValue, Unknown};
use napi::{Env, check_status, sys};
use napi_derive::napi;
use std::ptr;

const OK: sys::napi_status = sys::Status::napi_ok;

/// A function `(model, numbers: Float64Array, rows: number) => boolean` that answers so many rows,
/// whose cells lie at the front of the list, into what follows them. False if it declines.
#[napi(catch_unwind)]
pub fn answerer(env: &Env) -> napi::Result<Unknown<'_>> {
    let (env, name) = (env.raw(), "answer");
    let (text, length) = (name.as_ptr().cast(), name.len() as isize);
    let mut made = ptr::null_mut();
    // SAFETY: the name is copied, and the function has no data of its own.
    unsafe {
        let nothing = ptr::null_mut();
        let status = sys::napi_create_function(env, text, length, Some(answer), nothing, &mut made);
        check_status!(status)?;
        Unknown::from_napi_value(env, made)
    }
}

unsafe extern "C" fn answer(env: sys::napi_env, call: sys::napi_callback_info) -> sys::napi_value {
    // SAFETY: napi fills in what it is given room for, and `lib/numbers.js`, which alone calls
    // this, gives a model.
    unsafe {
        let mut arguments = [ptr::null_mut(); 3];
        let (mut count, mut rows, nobody) = (arguments.len(), 0, ptr::null_mut());
        let nothing = ptr::null_mut();
        sys::napi_get_cb_info(env, call, &mut count, arguments.as_mut_ptr(), nobody, nothing);
        let [handle, list, number] = arguments;
        let mut model = ptr::null_mut();
        let known = sys::napi_unwrap(env, handle, &mut model) == OK
            && sys::napi_get_value_uint32(env, number, &mut rows) == OK;
        let done = known && {
            // napi wraps a class's instance by the address of the Rust value.
            let (it, numbers) = (&*model.cast::<JsModel>(), memory(env, list));
            // A bug met here is met on the general way again, and told there.
            guard(|| Ok(answered(&it.model, numbers, rows as usize))).unwrap_or(false)
        };
        let mut result = ptr::null_mut();
        sys::napi_get_boolean(env, done, &mut result);
        result
    }
}

fn answered(model: &Model, numbers: &mut [f64], rows: usize) -> bool {
    let cells = rows * model.encoder().features().len();
    numbers.split_at_mut_checked(cells).is_some_and(|(cells, rest)| {
        let answers = rest.get_mut(..rows * model.answer_width());
        answers.is_some_and(|answers| model.answer_numbers(Numbers::Double(cells), answers))
    })
}

/// The numbers of a Float64Array, none of anything else.
///
/// # Safety
/// The value is alive, and nobody else looks at its memory meanwhile.
unsafe fn memory<'a>(env: sys::napi_env, list: sys::napi_value) -> &'a mut [f64] {
    let (mut kind, mut length, mut data, mut offset) = (0, 0, ptr::null_mut(), 0);
    // SAFETY: as napi promises: so many numbers of this kind lie there.
    unsafe {
        let buffer = ptr::null_mut();
        let status = sys::napi_get_typedarray_info(
            env,
            list,
            &mut kind,
            &mut length,
            &mut data,
            buffer,
            &mut offset,
        );
        let of_numbers = kind == sys::TypedarrayType::float64_array && !data.is_null();
        if status != OK || !of_numbers {
            return &mut [];
        }
        std::slice::from_raw_parts_mut(data.cast::<f64>(), length)
    }
}
