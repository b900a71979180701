//! The keys of rows and of columns: those of a model's features, and what stands there instead.

use crate::{Code, Error, Model, misspelt, nearest, quoted};
use napi::ValueType;
use napi::bindgen_prelude::{FromNapiValue, JsObjectValue, JsValue, Object, ToNapiValue, Unknown};

/// The error for a key that is not there, with the nearest one that is: another column is not near
/// by a digit, as `x1` is to `x2`.
pub fn missing_key(object: &Object<'_>, name: &str, model: &Model) -> napi::Result<Error> {
    if inherited(object, name)? {
        return Ok(inherits(name));
    }
    let keys = Object::keys(object)?;
    let near = keys.iter().map(String::as_str);
    let near = nearest(name, near.filter(|key| !model.keys().knows(key) || misspelt(key, name)));
    let hint = near.map_or_else(String::new, |near| format!("; is it {}?", quoted(near)));
    let message = format!("the key {} is missing{hint}", quoted(name));
    Ok(Error::new(Code::Rows, message).column(name))
}

/// The error for an object that lacks these features, each of which had missing cells in training:
/// if another of its keys looks like one of them, or if it holds none of the features at all.
pub fn absent(
    object: &Object<'_>,
    lacking: &[usize],
    model: &Model,
) -> napi::Result<Option<Error>> {
    if lacking.is_empty() {
        return Ok(None);
    }
    let features = model.encoder().features();
    for &place in lacking {
        let name = features[place].name();
        if inherited(object, name)? {
            return Ok(Some(inherits(name)));
        }
    }
    let none = lacking.len() == features.len();
    // Most rows hold features and nothing else.
    let count = object.get_property_names()?.get_array_length()? as usize;
    if !none && count == features.len() - lacking.len() {
        return Ok(None);
    }
    let mut keys = Object::keys(object)?;
    for key in &keys {
        let like = model.keys().like(key);
        if let Some(&place) = like.iter().find(|place| lacking.binary_search(place).is_ok()) {
            let name = features[place].name();
            let (expected, found) = (quoted(name), quoted(key));
            let message = format!(
                "the key {expected} is missing; is it {found}, which is no column of the model? \
                 Rename it, or give {expected} as null where its cell is missing"
            );
            return Ok(Some(Error::new(Code::Rows, message).column(name)));
        }
    }
    if !none {
        return Ok(None);
    }
    keys.retain(|key| !model.keys().knows(key));
    if keys.is_empty() && is_plain(object)? {
        return Ok(None);
    }
    let listed = |names: &mut dyn Iterator<Item = &str>| {
        let mut shown: Vec<String> = names.take(11).map(quoted).collect();
        if shown.len() > 10 {
            shown[10] = "…".to_owned();
        }
        shown.join(", ")
    };
    let found = match keys.as_slice() {
        [] => "no keys".to_owned(),
        keys => listed(&mut keys.iter().map(String::as_str)),
    };
    let expected = listed(&mut features.iter().map(|feature| feature.name()));
    let message = format!("holds no feature of the model: found {found}, expected {expected}");
    Ok(Some(Error::new(Code::Rows, message)))
}

/// Whether a cell stands in a prototype only: a getter of a class, say. Methods, such as the
/// `constructor` of every object, are none.
fn inherited(object: &Object<'_>, name: &str) -> napi::Result<bool> {
    let kind = property(object, name)?.get_type()?;
    Ok(matches!(kind, ValueType::Number | ValueType::String | ValueType::Boolean))
}

fn inherits(name: &str) -> Error {
    let message = format!(
        "the key {} is inherited, and a row must hold its cells itself; give a plain object",
        quoted(name)
    );
    Error::new(Code::Rows, message).column(name)
}

/// Whether the object is of no class, in whatever realm: its prototype is the last one, or none.
fn is_plain(object: &Object<'_>) -> napi::Result<bool> {
    let prototype = object.get_prototype()?;
    if prototype.get_type()? == ValueType::Null {
        return Ok(true);
    }
    Ok(Object::from_unknown(prototype)?.get_prototype()?.get_type()? == ValueType::Null)
}

/// Whether the object has the key itself, not from a prototype: a column may be called
/// `constructor`.
pub fn own(object: &Object<'_>, name: &str) -> napi::Result<bool> {
    object.has_own_property_js(key(object, name)?)
}

/// What stands under a key.
pub fn property<'env>(object: &Object<'env>, name: &str) -> napi::Result<Unknown<'env>> {
    object.get_property_unchecked(key(object, name)?)
}

fn key<'env>(object: &Object<'env>, name: &str) -> napi::Result<Unknown<'env>> {
    let env = object.value().env;
    // SAFETY: the environment is the object's own, and the value is used within this call.
    unsafe { Unknown::from_napi_value(env, ToNapiValue::to_napi_value(env, name)?) }
}
