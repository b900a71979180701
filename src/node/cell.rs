//! One cell of JavaScript: a number, a text, a boolean, a date, or an object by which a driver or a
//! library stands for one of these.

use super::arrow::Kind;
use super::clock::Clock;
use super::object;
use crate::{Cell, Code, Error, Literal, date_of_instant};
use napi::ValueType;
use napi::bindgen_prelude::{FromNapiValue, JsObjectValue, JsValue, Object, Unknown};

/// A value that a row may hold.
#[derive(Debug)]
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

/// What an object of a driver's or a library's stands for.
pub enum Meaning<'env> {
    /// This value.
    Value(Value),
    /// An instant, in milliseconds since 1970, with its text in UTC.
    Instant(f64, String),
    /// Another value of JavaScript.
    Inner(Unknown<'env>),
}

/// A cell that is no cell: what was found, and what to do about it.
#[derive(Debug)]
pub struct Wrong {
    /// In words: `an array`.
    pub found: String,
    /// What makes a cell of it, if there is a way.
    pub cure: Option<&'static str>,
}

impl Wrong {
    /// What was found, with a cure.
    pub fn new(found: impl Into<String>, cure: impl Into<Option<&'static str>>) -> Self {
        Wrong { found: found.into(), cure: cure.into() }
    }
}

/// One cell; the error within if it is none.
pub fn value(
    cell: Unknown<'_>,
    row: u32,
    column: &str,
    clock: &mut Clock<'_>,
) -> napi::Result<Result<Value, Error>> {
    value_of(cell, None, row, column, clock)
}

/// The same of a column whose cells stand for something that they do not say.
pub fn value_of(
    cell: Unknown<'_>,
    known: Option<Kind>,
    row: u32,
    column: &str,
    clock: &mut Clock<'_>,
) -> napi::Result<Result<Value, Error>> {
    let wrong = match read(cell, known, row, column, clock)? {
        Ok(value) => return Ok(Ok(value)),
        Err(wrong) => wrong,
    };
    let mut message =
        format!("expected a number, string, boolean, Date or null, found {}", wrong.found);
    if let Some(cure) = wrong.cure {
        message.push_str("; ");
        message.push_str(cure);
    }
    Ok(Err(Error::new(Code::Rows, message).row(row as usize).column(column)))
}

fn read(
    cell: Unknown<'_>,
    known: Option<Kind>,
    row: u32,
    column: &str,
    clock: &mut Clock<'_>,
) -> napi::Result<Result<Value, Wrong>> {
    let wrong = |found: &str| Ok(Err(Wrong::new(found, None)));
    match cell.get_type()? {
        ValueType::Null | ValueType::Undefined => Ok(Ok(Value::Missing)),
        ValueType::Boolean => Ok(Ok(Value::Text(bool::from_unknown(cell)?.to_string()))),
        ValueType::Number => match f64::from_unknown(cell)? {
            number if number.is_nan() => Ok(Ok(Value::Missing)),
            number if number.is_finite() => known_number(number, known, row, column, clock),
            number if number > 0.0 => wrong("Infinity"),
            _ => wrong("-Infinity"),
        },
        ValueType::String => Ok(Ok(text(String::from_unknown(cell)?))),
        ValueType::BigInt => {
            let digits = written(cell)?;
            if let (Some(Kind::Time(parts)), Ok(time)) = (known, digits.parse::<i64>()) {
                return Ok(time_of_day(time, parts));
            }
            Ok(literal(&digits))
        }
        ValueType::Object => {
            let object = Object::from_unknown(cell)?;
            if let Some(found) = object::date(&object)? {
                return match found {
                    Some((instant, utc)) => {
                        clock.text(instant, utc, row, column).map(|text| Ok(Value::Text(text)))
                    }
                    None => Ok(Err(object::no_date(&object)?)),
                };
            }
            match object::meaning(cell, &object, known)? {
                Ok(Meaning::Value(value)) => Ok(Ok(value)),
                Ok(Meaning::Instant(instant, utc)) => {
                    clock.text(instant, utc, row, column).map(|text| Ok(Value::Text(text)))
                }
                Ok(Meaning::Inner(inner)) => read(inner, None, row, column, clock),
                Err(wrong) => Ok(Err(wrong)),
            }
        }
        ValueType::Function => {
            Ok(Err(Wrong::new("a function", "a row holds values; call it, or leave it out")))
        }
        other => wrong(&kind(other)),
    }
}

/// A number of a column of Arrow's.
fn known_number(
    number: f64,
    known: Option<Kind>,
    row: u32,
    column: &str,
    clock: &mut Clock<'_>,
) -> napi::Result<Result<Value, Wrong>> {
    let utc = match known {
        None | Some(Kind::Decimal(_)) => return Ok(Ok(Value::Number(number))),
        Some(Kind::Time(parts)) => return Ok(time_of_day(number as i64, parts)),
        Some(Kind::Day | Kind::Moment { .. }) => date_of_instant(number),
    };
    let Some(utc) = utc else {
        let found = format!("{number}, a date outside the years 1 to 9999");
        return Ok(Err(Wrong::new(found, None)));
    };
    Ok(Ok(Value::Text(match known {
        Some(Kind::Day) => utc.split('T').next().unwrap_or_default().to_owned(),
        Some(Kind::Moment { instant: true }) => clock.text(number, utc, row, column)?,
        _ => utc.trim_end_matches('Z').to_owned(),
    })))
}

/// A time of day, counted in so many parts of a second.
fn time_of_day(time: i64, parts: i64) -> Result<Value, Wrong> {
    let (seconds, part) = (time.div_euclid(parts), time.rem_euclid(parts));
    if !(0..86_400).contains(&seconds) {
        return Err(Wrong::new(format!("{time}, which is no time of day"), None));
    }
    let mut text = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if part != 0 {
        let digits = format!("{:0width$}", part, width = parts.ilog10() as usize);
        text.push('.');
        text.push_str(digits.trim_end_matches('0'));
    }
    Ok(Value::Text(text))
}

/// A text, or nothing if it is one of blanks.
pub fn text(text: String) -> Value {
    match text.trim() {
        // Whether it is a token for a missing cell hangs on its column.
        "" => Value::Missing,
        trimmed => Value::Text(trimmed.to_owned()),
    }
}

/// An exact number in a text.
pub fn literal(text: &str) -> Result<Value, Wrong> {
    match Literal::parse(text) {
        Some(Literal::Missing) => Ok(Value::Missing),
        Some(Literal::Number(number)) => Ok(Value::Number(number)),
        Some(Literal::Text(text)) => Ok(Value::Text(text)),
        Some(Literal::Infinite) => Err(Wrong::new(text, None)),
        None => Err(Wrong::new(format!("{text:?}, which is no number"), None)),
    }
}

/// What `String(cell)` gives.
pub fn written(cell: Unknown<'_>) -> napi::Result<String> {
    cell.coerce_to_string()?.into_utf8()?.into_owned()
}

/// What a value is, for a message: an object by its class.
pub fn class(cell: Unknown<'_>) -> napi::Result<String> {
    let of = cell.get_type()?;
    if of != ValueType::Object {
        return Ok(kind(of));
    }
    if cell.is_array()? {
        return Ok("an array".to_owned());
    }
    let name = class_name(&Object::from_unknown(cell)?)?;
    Ok(match name.as_str() {
        "" | "Object" => "an object".to_owned(),
        name => format!("an object of class {name}"),
    })
}

/// The name of an object's class, empty if it has none.
pub fn class_name(object: &Object<'_>) -> napi::Result<String> {
    let constructor: Unknown<'_> = object.get_named_property_unchecked("constructor")?;
    if constructor.get_type()? != ValueType::Function {
        return Ok(String::new());
    }
    let constructor = constructor.coerce_to_object()?;
    let name: Unknown<'_> = constructor.get_named_property_unchecked("name")?;
    match name.get_type()? {
        ValueType::String => String::from_unknown(name),
        _ => Ok(String::new()),
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
