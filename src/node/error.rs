//! Errors on their way to JavaScript, as JSON in the message: an error with a class and a code
//! can only be made there.

use crate::{Error, Place};
use serde_json::{Map, Value, json};

/// The napi error that `lib/error.js` turns into a `PolytaskError`.
pub fn to_napi(error: &Error) -> napi::Error {
    let Place { file, line, row, column, task, option } = error.place();
    let mut fields = Map::new();
    fields.insert("code".to_owned(), json!(error.code().as_str()));
    fields.insert("message".to_owned(), json!(error.to_string()));
    let places = [
        ("file", json!(file)),
        ("line", json!(line)),
        ("row", json!(row)),
        ("column", json!(column)),
        ("task", json!(task)),
        ("option", json!(option)),
        ("cause", json!(error.cause_text())),
    ];
    let known = places.into_iter().filter(|(_, value)| *value != Value::Null);
    fields.extend(known.map(|(name, value)| (name.to_owned(), value)));
    napi::Error::from_reason(json!({ "polytask": fields }).to_string())
}

/// The result that napi throws or rejects with.
pub fn map<T>(result: crate::Result<T>) -> napi::Result<T> {
    result.map_err(|error| to_napi(&error))
}
