//! Columns from JavaScript to a table: arrays and typed arrays by name, or all numbers row by row.

use super::cell::{class, value};
use super::clock::Clock;
use super::error::to_napi;
use super::keys::{absent, missing_key, own, property};
use crate::{Cell, Code, Column, Error, Model, Table, quoted};
use napi::bindgen_prelude::{
    Array, FromNapiValue, JsValue, Object, TypedArray, TypedArrayType, Unknown,
};

/// The features of a model, from an object of columns or from numbers row by row.
pub fn features(
    data: Unknown<'_>,
    model: &Model,
    clock: Option<Object<'_>>,
) -> napi::Result<Table> {
    let mut clock = Clock::new(clock);
    let columns = match data.is_typedarray()? {
        true => by_position(&TypedArray::from_unknown(data)?, model)?,
        false => by_name(&Object::from_unknown(data)?, model, &mut clock)?,
    };
    let unequal = columns.iter().find(|column| column.len() != columns[0].len());
    let error = unequal.map(|column| {
        let (found, expected) = (column.len(), columns[0].len());
        let first = quoted(columns[0].name());
        Error::new(Code::Rows, format!("{found} values, but the column {first} has {expected}"))
            .column(column.name())
    });
    let table = Table::of_columns(columns).map(|table| table.with_open(clock.open()));
    let table = table.ok_or_else(|| match error {
        Some(error) => to_napi(&error),
        None => wrong("the columns differ in length"),
    })?;
    Ok(model.encoder().settled(table))
}

fn by_name(data: &Object<'_>, model: &Model, clock: &mut Clock<'_>) -> napi::Result<Vec<Column>> {
    let features = model.encoder().features();
    let (mut columns, mut lacking) = (Vec::new(), Vec::new());
    for (place, feature) in features.iter().enumerate() {
        let name = feature.name();
        if own(data, name)? {
            let names = feature.categories().is_some_and(|all| !all.are_of_before());
            columns.push(column(property(data, name)?, name, names, clock)?);
        } else if feature.missing() {
            lacking.push(place);
        } else {
            return Err(to_napi(&missing_key(data, name, model)?));
        }
    }
    if let Some(error) = absent(data, &lacking, model)? {
        return Err(to_napi(&error));
    }
    let Some(rows) = columns.first().map(Column::len) else {
        return Err(wrong("no column of the model is given, so that there is no number of rows"));
    };
    let names = lacking.into_iter().map(|place| features[place].name());
    columns.extend(names.map(|name| Column::of_numbers(name, vec![f64::NAN; rows])));
    Ok(columns)
}

/// A column, whose cells may be `names` of categories.
fn column(
    data: Unknown<'_>,
    name: &str,
    names: bool,
    clock: &mut Clock<'_>,
) -> napi::Result<Column> {
    if data.is_typedarray()? {
        let array = TypedArray::from_unknown(data)?;
        let numbers = Numbers::of(&array)
            .ok_or_else(|| to_napi(&Error::new(Code::Rows, NOT_NUMBERS).column(name)))?;
        return match array.typed_array_type {
            TypedArrayType::Float32 if names => numbers.names(name),
            TypedArrayType::BigInt64 if names => {
                Ok(whole(name, array.arraybuffer.chunks_exact(8).map(|it| i128::from(signed(it)))))
            }
            TypedArrayType::BigUint64 if names => Ok(whole(
                name,
                array.arraybuffer.chunks_exact(8).map(|it| i128::from(unsigned(it))),
            )),
            _ => numbers.column(name, 0, 1),
        };
    }
    if !data.is_array()? {
        let found = class(data)?;
        let message = format!("expected an array or a typed array of numbers, found {found}");
        return Err(to_napi(&Error::new(Code::Rows, message).column(name)));
    }
    let cells = Array::from_unknown(data)?;
    let mut column = Column::new(name);
    for row in 0..cells.len() {
        // A hole is as good as undefined, and that means missing.
        let cell: Option<Unknown<'_>> = cells.get(row)?;
        match cell {
            Some(cell) => {
                let read = value(cell, row, name, clock)?.map_err(|error| to_napi(&error))?;
                column.push(read.cell());
            }
            None => column.push(Cell::Missing),
        }
    }
    Ok(column)
}

/// Whole numbers that name categories: past 2^53 as text, which tells them apart.
fn whole(name: &str, numbers: impl Iterator<Item = i128>) -> Column {
    const EXACT: i128 = 1 << 53;
    let mut column = Column::new(name);
    for number in numbers {
        match number.abs() {
            ..EXACT => column.push(Cell::Number(number as f64)),
            _ => column.push(Cell::Text(&number.to_string())),
        }
    }
    column
}

fn signed(bytes: &[u8]) -> i64 {
    i64::from_ne_bytes(bytes.try_into().unwrap_or_default())
}

fn unsigned(bytes: &[u8]) -> u64 {
    u64::from_ne_bytes(bytes.try_into().unwrap_or_default())
}

fn by_position(data: &TypedArray<'_>, model: &Model) -> napi::Result<Vec<Column>> {
    let features = model.encoder().features();
    let numbers = Numbers::of(data).ok_or_else(|| wrong(NOT_NUMBERS))?;
    if let Some(feature) = features.iter().find(|feature| feature.categories().is_some()) {
        let message = "is categorical, so that rows are no plain numbers; give columns by name";
        return Err(to_napi(&Error::new(Code::Rows, message).column(feature.name())));
    }
    let (found, width) = (numbers.len(), features.len());
    if width == 0 || !found.is_multiple_of(width) {
        let message = format!("{found} numbers, expected a multiple of {width}, the features");
        return Err(wrong(message));
    }
    let columns = features.iter().enumerate();
    columns.map(|(first, feature)| numbers.column(feature.name(), first, width)).collect()
}

const NOT_NUMBERS: &str =
    "expected a typed array of numbers of up to 64 bits, found one of another kind";

/// The elements of a typed array, wherever they lie.
pub struct Numbers<'a> {
    bytes: &'a [u8],
    size: usize,
    read: fn(&[u8]) -> f64,
}

impl<'a> Numbers<'a> {
    /// Of an array whose elements are numbers of up to 64 bits.
    pub fn of(array: &'a TypedArray<'_>) -> Option<Self> {
        macro_rules! read {
            ($number:ty) => {
                (size_of::<$number>(), |bytes: &[u8]| {
                    f64::from(<$number>::from_ne_bytes(bytes.try_into().unwrap_or_default()))
                })
            };
        }
        let (size, read): (usize, fn(&[u8]) -> f64) = match array.typed_array_type {
            TypedArrayType::Int8 => read!(i8),
            TypedArrayType::Uint8 | TypedArrayType::Uint8Clamped => read!(u8),
            TypedArrayType::Int16 => read!(i16),
            TypedArrayType::Uint16 => read!(u16),
            TypedArrayType::Int32 => read!(i32),
            TypedArrayType::Uint32 => read!(u32),
            TypedArrayType::Float32 => read!(f32),
            TypedArrayType::Float64 => read!(f64),
            // The nearest double, as of a number in text.
            TypedArrayType::BigInt64 => (8, |bytes| signed(bytes) as f64),
            TypedArrayType::BigUint64 => (8, |bytes| unsigned(bytes) as f64),
            _ => return None,
        };
        Some(Numbers { bytes: &array.arraybuffer, size, read })
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = f64> {
        self.bytes.chunks_exact(self.size).map(self.read)
    }

    fn len(&self) -> usize {
        self.bytes.len() / self.size
    }

    /// Numbers of single precision that name categories: 1.1 is the category 1.1, not the double
    /// nearest to that single.
    fn names(&self, name: &str) -> napi::Result<Column> {
        /// From here on not every whole number is a single.
        const INEXACT: f64 = 16_777_216.0;
        // An infinite one is told as in any other column.
        self.column(name, 0, 1)?;
        if let Some((row, number)) = self.all().enumerate().find(|(_, x)| x.abs() >= INEXACT) {
            let message = format!(
                "{number} is past 2^24, from where a Float32Array does not tell all whole numbers \
                 apart; give this column as a Float64Array or as strings"
            );
            return Err(to_napi(&Error::new(Code::Rows, message).row(row).column(name)));
        }
        let double = |number: f64| match number.fract() {
            0.0 => number,
            _ => (number as f32).to_string().parse().unwrap_or(number),
        };
        Ok(Column::of_numbers(name, self.all().map(double).collect()))
    }

    /// Every `width`-th number from `first` on; NaN is missing, and infinity is an error.
    fn column(&self, name: &str, first: usize, width: usize) -> napi::Result<Column> {
        let numbers = self.bytes.chunks_exact(self.size).skip(first).step_by(width);
        let numbers: Vec<f64> = numbers.map(self.read).collect();
        match numbers.iter().position(|number| number.is_infinite()) {
            None => Ok(Column::of_numbers(name, numbers)),
            Some(row) => {
                let sign = if numbers[row] > 0.0 { "" } else { "-" };
                let message = format!("expected a finite number or NaN, found {sign}Infinity");
                Err(to_napi(&Error::new(Code::Rows, message).row(row).column(name)))
            }
        }
    }
}

fn wrong(message: impl Into<String>) -> napi::Error {
    to_napi(&Error::new(Code::Rows, message))
}
