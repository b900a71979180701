//! JavaScript rows to a table: arrays or objects of numbers, strings, booleans and null.

use super::error::to_napi;
use crate::{Cell, Code, Encoder, Error, Source, Table, TableBuilder, quoted};
use napi::ValueType;
use napi::bindgen_prelude::{
    Array, FromNapiValue, JsObjectValue, JsValue, Object, ToNapiValue, Unknown,
};

/// A value that a row may hold.
pub enum Value {
    Missing,
    Number(f64),
    Text(String),
}

impl Value {
    /// As the core sees it.
    pub fn cell(&self) -> Cell<'_> {
        match self {
            Value::Missing => Cell::Missing,
            Value::Number(number) => Cell::Number(*number),
            Value::Text(text) => Cell::Text(text),
        }
    }
}

/// A source argument: one path, several, or rows.
pub fn source(value: Unknown<'_>) -> napi::Result<Source> {
    if value.get_type()? == ValueType::String {
        return Ok(Source::Files(vec![String::from_unknown(value)?]));
    }
    let rows = Array::from_unknown(value)?;
    let first: Option<Unknown<'_>> = rows.get(0)?;
    match first {
        None => Err(bad(None, "there are no rows")),
        Some(first) if first.get_type()? == ValueType::String => {
            Ok(Source::Files(Vec::<String>::from_unknown(value)?))
        }
        Some(first) => labelled(&rows, first).map(Source::Rows),
    }
}

/// Rows to learn from or to be scored on. The first one says what the columns are: its keys, or
/// `c0`, `c1`, … of an array.
fn labelled(rows: &Array<'_>, first: Unknown<'_>) -> napi::Result<Table> {
    let names = match Array::from_unknown(first) {
        Ok(cells) if first.is_array()? => (0..cells.len()).map(|i| format!("c{i}")).collect(),
        _ if first.get_type()? == ValueType::Object => Object::keys(&Object::from_unknown(first)?)?,
        _ => return Err(not_a_row(0, first)),
    };
    let mut builder = TableBuilder::from_rows(names.iter().cloned());
    for index in 0..rows.len() {
        let row = element(rows, index)?;
        let values = if row.is_array()? {
            positional(&Array::from_unknown(row)?, index, &names)?
        } else if row.get_type()? == ValueType::Object {
            let object = Object::from_unknown(row)?;
            if let Some(extra) = Object::keys(&object)?.iter().find(|key| !names.contains(key)) {
                let message = format!("the first row has no key {}", quoted(extra));
                return Err(bad(Some(index), message));
            }
            names.iter().map(|name| named(&object, index, name)).collect::<napi::Result<_>>()?
        } else {
            return Err(not_a_row(index, row));
        };
        builder.push(0, values.iter().map(Value::cell));
    }
    Ok(builder.build())
}

/// Rows to be predicted: the features of a model by position, or by name among any keys.
pub fn features(rows: &Array<'_>, encoder: &Encoder) -> napi::Result<Table> {
    let names: Vec<String> =
        encoder.features().iter().map(|feature| feature.name().to_owned()).collect();
    let mut builder = TableBuilder::from_rows(names.iter().cloned());
    for index in 0..rows.len() {
        let row = element(rows, index)?;
        let values = if row.is_array()? {
            positional(&Array::from_unknown(row)?, index, &names)?
        } else if row.get_type()? == ValueType::Object {
            by_name(&Object::from_unknown(row)?, index, encoder)?
        } else {
            return Err(not_a_row(index, row));
        };
        builder.push(0, values.iter().map(Value::cell));
    }
    Ok(builder.build())
}

fn element<'env>(rows: &Array<'env>, index: u32) -> napi::Result<Unknown<'env>> {
    rows.get(index)?.ok_or_else(|| bad(Some(index), "is not there"))
}

fn positional(cells: &Array<'_>, row: u32, names: &[String]) -> napi::Result<Vec<Value>> {
    if cells.len() as usize != names.len() {
        let shown: Vec<String> = names.iter().take(10).map(|name| quoted(name)).collect();
        let more = if names.len() > 10 { ", …" } else { "" };
        let message =
            format!("{} cells, expected {}: {}{more}", cells.len(), names.len(), shown.join(", "));
        return Err(bad(Some(row), message));
    }
    let cells = (0..).zip(names).map(|(index, name)| {
        let cell: Option<Unknown<'_>> = cells.get(index)?;
        cell.map_or(Ok(Value::Missing), |cell| value(cell, row, name))
    });
    cells.collect()
}

fn by_name(object: &Object<'_>, row: u32, encoder: &Encoder) -> napi::Result<Vec<Value>> {
    let cells = encoder.features().iter().map(|feature| {
        let name = feature.name();
        if !feature.missing() && !own(object, name)? {
            return Err(to_napi(&missing_key(object, name)?.row(row as usize)));
        }
        named(object, row, name)
    });
    cells.collect()
}

/// The error for a key that is not there, with the nearest one that is.
pub fn missing_key(object: &Object<'_>, name: &str) -> napi::Result<Error> {
    let keys = Object::keys(object)?;
    let near = crate::nearest(name, keys.iter().map(String::as_str));
    let hint = near.map_or_else(String::new, |near| format!("; is it {}?", quoted(near)));
    let message = format!("the key {} is missing{hint}", quoted(name));
    Ok(Error::new(Code::Rows, message).column(name))
}

/// Whether the object has the key itself, not from a prototype: a column may be called
/// `constructor`.
pub fn own(object: &Object<'_>, name: &str) -> napi::Result<bool> {
    object.has_own_property_js(key(object, name)?)
}

fn key<'env>(object: &Object<'env>, name: &str) -> napi::Result<Unknown<'env>> {
    let env = object.value().env;
    // SAFETY: the environment is the object's own, and the value is used within this call.
    unsafe { Unknown::from_napi_value(env, ToNapiValue::to_napi_value(env, name)?) }
}

fn named(object: &Object<'_>, row: u32, name: &str) -> napi::Result<Value> {
    if !own(object, name)? {
        return Ok(Value::Missing);
    }
    value(property(object, name)?, row, name)
}

/// What stands under a key.
pub fn property<'env>(object: &Object<'env>, name: &str) -> napi::Result<Unknown<'env>> {
    object.get_property_unchecked(key(object, name)?)
}

/// One cell.
pub fn value(cell: Unknown<'_>, row: u32, column: &str) -> napi::Result<Value> {
    let wrong = |found: &str| {
        let message = format!("expected a number, string, boolean or null, found {found}");
        Err(to_napi(&Error::new(Code::Rows, message).row(row as usize).column(column)))
    };
    match cell.get_type()? {
        ValueType::Null | ValueType::Undefined => Ok(Value::Missing),
        ValueType::Boolean => Ok(Value::Text(bool::from_unknown(cell)?.to_string())),
        ValueType::Number => match f64::from_unknown(cell)? {
            number if number.is_nan() => Ok(Value::Missing),
            number if number.is_finite() => Ok(Value::Number(number)),
            number if number > 0.0 => wrong("Infinity"),
            _ => wrong("-Infinity"),
        },
        ValueType::String => {
            let text = String::from_unknown(cell)?;
            let trimmed = text.trim();
            Ok(match trimmed {
                "" => Value::Missing,
                trimmed if crate::MISSING.contains(&trimmed) => Value::Missing,
                trimmed => Value::Text(trimmed.to_owned()),
            })
        }
        other => wrong(&kind(other)),
    }
}

/// A kind of value in words.
pub fn kind(kind: ValueType) -> String {
    match kind {
        ValueType::Object => "an object".to_owned(),
        ValueType::Null => "null".to_owned(),
        ValueType::Undefined => "undefined".to_owned(),
        other => format!("a {}", other.to_string().to_lowercase()),
    }
}

fn not_a_row(index: u32, found: Unknown<'_>) -> napi::Error {
    let found = found.get_type().map_or_else(|_| "something else".to_owned(), kind);
    bad(Some(index), format!("expected an array or an object, found {found}"))
}

fn bad(row: Option<u32>, message: impl Into<String>) -> napi::Error {
    let error = Error::new(Code::Rows, message);
    to_napi(&match row {
        Some(row) => error.row(row as usize),
        None => error,
    })
}
