//! JavaScript rows to a table: arrays or objects of numbers, strings, booleans and null.

use super::clock::Clock;
use super::error::to_napi;
use super::keys::{absent, missing_key, own, property};
use crate::{Cell, Code, Error, Model, OpenDates, Source, Table, TableBuilder, nearest, quoted};
use napi::ValueType;
use napi::bindgen_prelude::{
    Array, ClassInstance, FromNapiValue, Function, JsObjectValue, JsValue, Object, Unknown,
};
use napi_derive::napi;
use std::collections::HashSet;

/// A value that a row may hold.
pub enum Value {
    /// Nothing.
    Missing,
    /// A finite number.
    Number(f64),
    /// Text, or what is written as such: booleans and dates.
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

/// A source argument: one path, several, rows, or the rows gathered in a [`JsRows`].
pub fn source(value: Unknown<'_>, clock: Option<Object<'_>>) -> napi::Result<Source> {
    if value.get_type()? == ValueType::String {
        return Ok(Source::Files(vec![String::from_unknown(value)?]));
    }
    if !value.is_array()? {
        let mut gathered = ClassInstance::<JsRows>::from_unknown(value)?;
        return gathered.0.take().ok_or_else(none)?.finish();
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

/// Rows that come a few at a time, gathered in a table of ours, so that JavaScript need not keep
/// them.
#[napi(js_name = "NativeRows")]
#[derive(Default)]
pub struct JsRows(Option<Labelled>);

#[napi]
impl JsRows {
    /// No rows yet.
    #[napi(constructor, catch_unwind)]
    pub fn new() -> Self {
        JsRows(Some(Labelled::default()))
    }

    /// Adds rows.
    #[napi(catch_unwind)]
    pub fn push(&mut self, rows: Array<'_>, clock: Option<Object<'_>>) -> napi::Result<()> {
        self.0.as_mut().map_or_else(|| Err(none()), |gathered| gathered.push(&rows, clock))
    }
}

/// Rows to learn from or to be scored on. The first one says what the columns are: its keys, or
/// `c0`, `c1`, … of an array.
#[derive(Default)]
struct Labelled {
    names: Vec<String>,
    /// The same to look up: a row may have 20,000 keys.
    known: HashSet<String>,
    builder: Option<TableBuilder>,
    rows: u32,
    open: OpenDates,
}

impl Labelled {
    fn push(&mut self, rows: &Array<'_>, clock: Option<Object<'_>>) -> napi::Result<()> {
        let mut clock = Clock::new(clock);
        for at in 0..rows.len() {
            let index = self.rows;
            let row = rows.get(at)?.ok_or_else(|| bad(Some(index), "is not there"))?;
            let mut builder = match self.builder.take() {
                Some(builder) => builder,
                None => self.begin(row)?,
            };
            let values = self.values(row, index, &mut clock)?;
            builder.push(0, values.iter().map(Value::cell));
            self.builder = Some(builder);
            self.rows += 1;
        }
        self.open.append(clock.open());
        Ok(())
    }

    /// Takes the columns from the first row.
    fn begin(&mut self, first: Unknown<'_>) -> napi::Result<TableBuilder> {
        self.names = if first.is_array()? {
            (0..Array::from_unknown(first)?.len()).map(|i| format!("c{i}")).collect()
        } else if first.get_type()? == ValueType::Object {
            Object::keys(&Object::from_unknown(first)?)?
        } else {
            return Err(not_a_row(0, first));
        };
        self.known = self.names.iter().cloned().collect();
        Ok(TableBuilder::from_rows(self.names.iter().cloned()))
    }

    fn values(
        &self,
        row: Unknown<'_>,
        index: u32,
        clock: &mut Clock<'_>,
    ) -> napi::Result<Vec<Value>> {
        if row.is_array()? {
            return positional(&Array::from_unknown(row)?, index, &self.names, clock);
        }
        if row.get_type()? != ValueType::Object {
            return Err(not_a_row(index, row));
        }
        let object = Object::from_unknown(row)?;
        if let Some(extra) = Object::keys(&object)?.iter().find(|key| !self.known.contains(*key)) {
            let near = nearest(extra, self.names.iter().map(String::as_str));
            let hint = near.map_or_else(String::new, |near| format!("; is it {}?", quoted(near)));
            let message = format!("the first row has no key {}{hint}", quoted(extra));
            return Err(bad(Some(index), message));
        }
        let cells = self.names.iter().map(|name| match own(&object, name)? {
            true => value(property(&object, name)?, index, name, clock),
            false => Ok(Value::Missing),
        });
        cells.collect()
    }

    fn finish(self) -> napi::Result<Source> {
        let table = self.builder.map(|builder| builder.build().with_open(self.open));
        table.map(Source::Rows).ok_or_else(|| bad(None, "there are no rows"))
    }
}

/// The error for gathered rows that went into a training already.
fn none() -> napi::Error {
    to_napi(&Error::new(Code::Internal, "these rows were used already"))
}

/// Rows to be predicted: the features of a model by position, or by name among any keys.
pub fn features(rows: &Array<'_>, model: &Model, clock: Option<Object<'_>>) -> napi::Result<Table> {
    let mut clock = Clock::new(clock);
    let names: Vec<String> =
        model.encoder().features().iter().map(|feature| feature.name().to_owned()).collect();
    let mut builder = TableBuilder::from_rows(names.iter().cloned());
    for index in 0..rows.len() {
        let row = element(rows, index)?;
        let values = if row.is_array()? {
            positional(&Array::from_unknown(row)?, index, &names, &mut clock)?
        } else if row.get_type()? == ValueType::Object {
            by_name(&Object::from_unknown(row)?, index, model, &mut clock)?
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

fn positional(
    cells: &Array<'_>,
    row: u32,
    names: &[String],
    clock: &mut Clock<'_>,
) -> napi::Result<Vec<Value>> {
    if cells.len() as usize != names.len() {
        let shown: Vec<String> = names.iter().take(10).map(|name| quoted(name)).collect();
        let more = if names.len() > 10 { ", …" } else { "" };
        let message =
            format!("{} cells, expected {}: {}{more}", cells.len(), names.len(), shown.join(", "));
        return Err(bad(Some(row), message));
    }
    let cells = (0..).zip(names).map(|(index, name)| {
        let cell: Option<Unknown<'_>> = cells.get(index)?;
        cell.map_or(Ok(Value::Missing), |cell| value(cell, row, name, clock))
    });
    cells.collect()
}

fn by_name(
    object: &Object<'_>,
    row: u32,
    model: &Model,
    clock: &mut Clock<'_>,
) -> napi::Result<Vec<Value>> {
    let features = model.encoder().features();
    let (mut values, mut lacking) = (Vec::with_capacity(features.len()), Vec::new());
    for (place, feature) in features.iter().enumerate() {
        let name = feature.name();
        if own(object, name)? {
            values.push(value(property(object, name)?, row, name, clock)?);
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

/// One cell.
pub fn value(
    cell: Unknown<'_>,
    row: u32,
    column: &str,
    clock: &mut Clock<'_>,
) -> napi::Result<Value> {
    let wrong = |found: &str| {
        let message = format!("expected a number, string, boolean, Date or null, found {found}");
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
            // Whether it is a token for a missing cell hangs on its column.
            Ok(match trimmed {
                "" => Value::Missing,
                trimmed => Value::Text(trimmed.to_owned()),
            })
        }
        ValueType::Object => match date(&Object::from_unknown(cell)?)? {
            Some(Some((instant, utc))) => clock.text(instant, utc, row, column).map(Value::Text),
            Some(None) => wrong("an invalid date"),
            None => wrong("an object"),
        },
        other => wrong(&kind(other)),
    }
}

/// The instant and the text of an object that knows itself as a date, of whatever realm or library;
/// none within if it is not valid.
fn date(object: &Object<'_>) -> napi::Result<Option<Option<(f64, String)>>> {
    let name = "toISOString";
    let method: Unknown<'_> = object.get_named_property_unchecked(name)?;
    if method.get_type()? != ValueType::Function {
        return Ok(None);
    }
    // An invalid one would throw, and reads as NaN.
    let instant = object.coerce_to_number()?.get_double()?;
    if instant.is_nan() {
        return Ok(Some(None));
    }
    let method = Function::<(), Unknown<'_>>::from_unknown(method)?;
    let text = method.apply(*object, ())?;
    Ok(Some(match text.get_type()? {
        ValueType::String => Some((instant, String::from_unknown(text)?)),
        _ => None,
    }))
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
