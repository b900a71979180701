//! JavaScript rows to a table: arrays or objects of cells.

use super::arrow::{Fields, Kind};
use super::cell::{Value, class, kind, value_of};
use super::clock::Clock;
use super::error::to_napi;
use super::keys::{absent, missing_key, own, property};
use super::labelled::{JsRows, Labelled};
use crate::{Code, Error, FeatureEncoding, Model, Source, Table, TableBuilder, quoted};
use napi::ValueType;
use napi::bindgen_prelude::{
    Array, ClassInstance, FromNapiValue, JsObjectValue, JsValue, Object, Unknown,
};

/// A source argument: one path, several, rows, or the rows gathered in a [`JsRows`].
pub fn source(value: Unknown<'_>, clock: Option<Object<'_>>) -> napi::Result<Source> {
    if value.get_type()? == ValueType::String {
        return Ok(Source::Files(vec![String::from_unknown(value)?]));
    }
    if !value.is_array()? {
        let mut gathered = ClassInstance::<JsRows>::from_unknown(value)?;
        return gathered.take()?.finish();
    }
    let array = Array::from_unknown(value)?;
    let first: Option<Unknown<'_>> = array.get(0)?;
    match first {
        Some(first) if first.get_type()? == ValueType::String => paths(&array).map(Source::Files),
        _ => {
            let mut rows = Labelled::default();
            rows.push(&array, clock)?;
            rows.finish()
        }
    }
}

/// Paths of several files.
fn paths(array: &Array<'_>) -> napi::Result<Vec<String>> {
    let paths = (0..array.len()).map(|index| {
        let path = element(array, index)?;
        match path.get_type()? {
            ValueType::String => String::from_unknown(path),
            other => {
                let message = format!(
                    "the first of these is a path, so all must be; found {} at index {index}",
                    kind(other)
                );
                Err(to_napi(&Error::new(Code::Options, message)))
            }
        }
    });
    paths.collect()
}

/// Rows to be predicted: the features of a model by position, or by name among any keys.
pub fn features(rows: &Array<'_>, model: &Model, clock: Option<Object<'_>>) -> napi::Result<Table> {
    let mut clock = Clock::new(clock);
    let names: Vec<String> =
        model.encoder().features().iter().map(|feature| feature.name().to_owned()).collect();
    let mut builder = TableBuilder::from_rows(names.iter().cloned());
    // What Arrow knows of the columns, if these are rows of a table of its.
    let mut fields: Option<Fields> = None;
    for index in 0..rows.len() {
        let row = element(rows, index)?;
        let values = if row.is_array()? {
            let cells = positional(&Array::from_unknown(row)?, index, &names, false)?;
            let cells = (0..).zip(cells).zip(&names);
            let cells = cells.map(|((_, cell), name)| match cell {
                Some(cell) => value_of(cell, None, index, name, &mut clock)?.map_err(to_napi_error),
                None => Ok(Value::Missing),
            });
            cells.collect::<napi::Result<Vec<Value>>>()?
        } else if row.get_type()? == ValueType::Object {
            let row = Object::from_unknown(row)?;
            let fields = match &fields {
                Some(fields) => fields,
                None => fields.insert(Fields::of(&row)?),
            };
            by_name(&row, index, model, fields, &mut clock)?
        } else {
            return Err(not_a_row(index, row));
        };
        builder.push(0, values.iter().map(Value::cell));
    }
    Ok(model.encoder().settled(builder.build().with_open(clock.open())))
}

fn element<'env>(rows: &Array<'env>, index: u32) -> napi::Result<Unknown<'env>> {
    rows.get(index)?.ok_or_else(|| bad(Some(index), "is not there"))
}

/// The cells of an array, as many as there are names; none for a hole. A hole at index 0 is how
/// exceljs leaves out what Excel does not count, and rows that have one may end before their last
/// cells, or, where rows may be `longer`, after them.
pub fn positional<'env>(
    cells: &Array<'env>,
    row: u32,
    names: &[String],
    longer: bool,
) -> napi::Result<Vec<Option<Unknown<'env>>>> {
    let (found, expected) = (cells.len() as usize, names.len());
    let hole = has_hole(cells)?;
    let fits = match hole {
        true => longer || found <= expected + 1,
        false => found == expected,
    };
    if hole && found == expected && !longer {
        let message = format!(
            "nothing stands at index 0 of {found} cells: if this is row.values of exceljs, give \
             [...row.values].slice(1, {}), else null for a missing cell",
            expected + 1
        );
        return Err(bad(Some(row), message));
    }
    if !fits {
        let shown: Vec<String> = names.iter().take(10).map(|name| quoted(name)).collect();
        let more = if expected > 10 { ", …" } else { "" };
        let message = format!("{found} cells, expected {expected}: {}{more}", shown.join(", "));
        return Err(bad(Some(row), message));
    }
    let first = u32::from(hole);
    let count = if hole { (found - 1).max(expected) } else { expected };
    // Past its end an array has nothing.
    (first..first + count as u32).map(|index| cells.get(index)).collect()
}

/// Whether nothing was ever put at index 0 of an array that has more elements.
pub fn has_hole(cells: &Array<'_>) -> napi::Result<bool> {
    if cells.len() < 2 {
        return Ok(false);
    }
    let first: Option<Unknown<'_>> = cells.get(0)?;
    match first {
        Some(first) if first.get_type()? == ValueType::Undefined => Ok(!cells.has_element(0)?),
        _ => Ok(false),
    }
}

fn by_name(
    object: &Object<'_>,
    row: u32,
    model: &Model,
    fields: &Fields,
    clock: &mut Clock<'_>,
) -> napi::Result<Vec<Value>> {
    let features = model.encoder().features();
    let (mut values, mut lacking) = (Vec::with_capacity(features.len()), Vec::new());
    for (place, feature) in features.iter().enumerate() {
        let name = feature.name();
        if own(object, name)? {
            let numeric = matches!(feature.encoding(), FeatureEncoding::Numeric(_));
            // A model of before may have learnt from dates of Arrow's as numbers.
            let known =
                fields.kind(name).filter(|kind| !numeric || matches!(kind, Kind::Decimal(_)));
            let cell = property(object, name)?;
            values.push(value_of(cell, known, row, name, clock)?.map_err(to_napi_error)?);
        } else if feature.missing() {
            lacking.push(place);
            values.push(Value::Missing);
        } else {
            return Err(to_napi(&missing_key(object, name, model)?.row(row as usize)));
        }
    }
    match absent(object, &lacking, model)? {
        None => Ok(values),
        Some(error) => Err(to_napi(&error.row(row as usize))),
    }
}

/// The error for what is no row.
pub fn not_a_row(index: u32, found: Unknown<'_>) -> napi::Error {
    let found = class(found).unwrap_or_else(|_| "something else".to_owned());
    bad(Some(index), format!("expected an array or an object, found {found}"))
}

/// An error at a row, if it is one row that is wrong.
pub fn bad(row: Option<u32>, message: impl Into<String>) -> napi::Error {
    let error = Error::new(Code::Rows, message);
    to_napi(&match row {
        Some(row) => error.row(row as usize),
        None => error,
    })
}

fn to_napi_error(error: Error) -> napi::Error {
    to_napi(&error)
}
