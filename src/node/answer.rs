//! The one function that must cost next to nothing: a row's answer, from a list of numbers into the
//! same list. By hand, as what napi generates allocates in every call.

use super::thread::guard;
use crate::{Model, Numbers};
use napi::bindgen_prelude::{FromNapiValue, Unknown};
use napi::{Env, check_status, sys};
use std::ffi::c_void;
use std::ptr;
use std::sync::Arc;

/// A function `(numbers: Float64Array, rows: number) => boolean` that answers so many rows, whose
/// cells lie at the front of the list, into what follows them. False if it declines.
pub fn function<'env>(env: &'env Env, model: Arc<Model>) -> napi::Result<Unknown<'env>> {
    let (env, name) = (env.raw(), "answer");
    let model = Box::into_raw(Box::new(model)).cast::<c_void>();
    let mut made = ptr::null_mut();
    // SAFETY: the model is freed by the function's finalizer alone, so that it lives as long.
    unsafe {
        let (text, length) = (name.as_ptr().cast(), name.len() as isize);
        check_status!(sys::napi_create_function(
            env,
            text,
            length,
            Some(answer),
            model,
            &mut made
        ))?;
        let nothing = ptr::null_mut();
        let free = Some(free as unsafe extern "C" fn(_, _, _));
        check_status!(sys::napi_add_finalizer(env, made, model, free, nothing, nothing.cast()))?;
        Unknown::from_napi_value(env, made)
    }
}

unsafe extern "C" fn free(_: sys::napi_env, model: *mut c_void, _: *mut c_void) {
    // SAFETY: it was boxed above, and this runs once.
    drop(unsafe { Box::from_raw(model.cast::<Arc<Model>>()) });
}

unsafe extern "C" fn answer(env: sys::napi_env, call: sys::napi_callback_info) -> sys::napi_value {
    // SAFETY: napi fills in what it is given room for, and `model` is what was boxed above.
    unsafe {
        let mut arguments = [ptr::null_mut(); 2];
        let (mut count, mut model, mut rows) = (arguments.len(), ptr::null_mut(), 0);
        let nobody = ptr::null_mut();
        sys::napi_get_cb_info(env, call, &mut count, arguments.as_mut_ptr(), nobody, &mut model);
        let [list, number] = arguments;
        let known = sys::napi_get_value_uint32(env, number, &mut rows) == sys::Status::napi_ok;
        let done = known && {
            let (model, numbers) = (&*model.cast::<Arc<Model>>(), memory(env, list));
            // A bug met here is met on the general way again, and told there.
            guard(|| Ok(answered(model, numbers, rows as usize))).unwrap_or(false)
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
        if status != sys::Status::napi_ok || !of_numbers {
            return &mut [];
        }
        std::slice::from_raw_parts_mut(data.cast::<f64>(), length)
    }
}
