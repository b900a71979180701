//! What an object in a cell stands for: a date of any library, the values of DuckDB, decimals and
//! long integers, values of MongoDB's BSON, of Temporal, cells of exceljs, a bit in a buffer. What is
//! none of these is refused by its class, with what makes a cell of it.

use super::arrow::Kind;
use super::cell::{Meaning, Value, Wrong, class, class_name, literal, text, written};
use crate::{Literal, date_of_instant, is_moment};
use napi::ValueType;
use napi::bindgen_prelude::{
    Array, FromNapiValue, Function, JsObjectValue, JsValue, Object, TypedArray, TypedArrayType,
    Unknown,
};

/// The instant and the text of an object that knows itself as a date, of whatever realm or library;
/// none within if it is not valid.
pub fn date(object: &Object<'_>) -> napi::Result<Option<Option<(f64, String)>>> {
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

/// What is wrong with an object that has `toISOString` and is no date.
pub fn no_date(object: &Object<'_>) -> napi::Result<Wrong> {
    let class = class_name(object)?;
    Ok(match class.contains("Interval") || class == "Duration" {
        true => Wrong::new(
            format!("an object of class {class}"),
            "select a number in its place, as EXTRACT(EPOCH FROM …) gives seconds",
        ),
        false => Wrong::new("an invalid date", None),
    })
}

const BYTES: &str =
    "bytes are no cell: leave the column out, or select it as text or as a number in the query";
const PARTS: &str = "leave the column out, or give its parts as columns of their own";
const LIBRARY: &str = "write it as a number, a text or a Date, or leave the column out";

/// What an object that is no date of a library stands for.
pub fn meaning<'env>(
    cell: Unknown<'env>,
    object: &Object<'env>,
    known: Option<Kind>,
) -> napi::Result<Result<Meaning<'env>, Wrong>> {
    if cell.is_typedarray()? {
        return bytes(cell, object, known);
    }
    if cell.is_array()? {
        let found = match Array::from_unknown(cell)?.len() {
            1 => "an array of 1 element".to_owned(),
            elements => format!("an array of {elements} elements"),
        };
        return Ok(Err(Wrong::new(found, PARTS)));
    }
    let class = class_name(object)?;
    if let Some(bson) = property(object, "_bsontype", ValueType::String)? {
        return of_bson(cell, &String::from_unknown(bson)?);
    }
    if let Some(kind) = class.strip_prefix("DuckDB").and_then(|rest| rest.strip_suffix("Value")) {
        return of_duckdb(cell, object, kind, &class);
    }
    if is_number(object)? {
        return Ok(literal(&written(cell)?).map(Meaning::Value));
    }
    match class.as_str() {
        // Temporal and what is called like it.
        "PlainDate" | "PlainDateTime" | "PlainTime" | "PlainYearMonth" | "ZonedDateTime"
        | "Instant" | "LocalDate" | "LocalDateTime" | "LocalTime" => {
            let shown = written(cell)?;
            let day = shown.split('[').next().unwrap_or_default().to_owned();
            Ok(Ok(Meaning::Value(Value::Text(day))))
        }
        "Number" | "String" | "Boolean" => boxed(cell, object),
        "DateTime" => {
            let found = format!("an object of class {class}");
            Ok(Err(Wrong::new(found, "give its toJSDate() or toISO()")))
        }
        _ => of_exceljs(cell, object),
    }
}

/// A property of this type.
fn property<'env>(
    object: &Object<'env>,
    name: &str,
    of: ValueType,
) -> napi::Result<Option<Unknown<'env>>> {
    let value: Unknown<'env> = object.get_named_property_unchecked(name)?;
    Ok((value.get_type()? == of).then_some(value))
}

fn has(object: &Object<'_>, name: &str, of: ValueType) -> napi::Result<bool> {
    Ok(property(object, name, of)?.is_some())
}

/// Whether an object is a number of decimal.js, big.js, bignumber.js or long.js, whose `toString` is
/// exact: by what each tells of itself, as minified copies go by other names.
fn is_number(object: &Object<'_>) -> napi::Result<bool> {
    for (name, of) in [("_isBigNumber", ValueType::Boolean), ("__isLong__", ValueType::Boolean)] {
        if has(object, name, of)? {
            return Ok(true);
        }
    }
    if !has(object, "s", ValueType::Number)? || !has(object, "e", ValueType::Number)? {
        return Ok(false);
    }
    // The digits; of a decimal.js that is no number there are none.
    Ok(has(object, "d", ValueType::Object)?
        || has(object, "c", ValueType::Object)?
        || has(object, "d", ValueType::Null)?)
}

fn of_bson<'env>(cell: Unknown<'env>, kind: &str) -> napi::Result<Result<Meaning<'env>, Wrong>> {
    match kind {
        "Decimal128" | "Long" | "Int32" | "Double" => {
            Ok(literal(&written(cell)?).map(Meaning::Value))
        }
        "ObjectId" | "ObjectID" | "BSONSymbol" => Ok(Ok(Meaning::Value(text(written(cell)?)))),
        "Binary" => Ok(Err(Wrong::new("a BSON Binary", BYTES))),
        kind => Ok(Err(Wrong::new(format!("a BSON {kind}"), LIBRARY))),
    }
}

fn of_duckdb<'env>(
    cell: Unknown<'env>,
    object: &Object<'env>,
    kind: &str,
    class: &str,
) -> napi::Result<Result<Meaning<'env>, Wrong>> {
    let value = |value: Value| Ok(Ok(Meaning::Value(value)));
    let shown = written(cell)?;
    let wrong = |cure: &'static str| {
        Ok(Err(Wrong::new(format!("an object of class {class} ({shown})"), cure)))
    };
    match kind {
        "Decimal" => Ok(literal(&shown).map(Meaning::Value)),
        "Time" | "TimeTZ" | "UUID" => value(text(shown)),
        "TimestampTZ" => {
            // As text it is by the clocks of the session.
            let micros: Unknown<'_> = object.get_named_property_unchecked("micros")?;
            let micros = match micros.get_type()? {
                ValueType::BigInt => written(micros)?.parse::<i64>().ok(),
                _ => None,
            };
            let instant = micros.map(|micros| micros as f64 / 1000.0);
            match instant.and_then(|instant| Some((instant, date_of_instant(instant)?))) {
                Some((instant, utc)) => Ok(Ok(Meaning::Instant(instant, utc))),
                None => wrong("dates lie in the years 1 to 9999; select null for others"),
            }
        }
        kind if kind == "Date" || kind.starts_with("Timestamp") => match is_moment(&shown) {
            true => value(Value::Text(shown)),
            false => wrong("dates lie in the years 1 to 9999; select null for others"),
        },
        "Bit" if matches!(shown.as_str(), "0" | "1") => Ok(literal(&shown).map(Meaning::Value)),
        "Bit" | "Blob" => wrong(BYTES),
        "Interval" => wrong("select a number in its place, as EXTRACT(EPOCH FROM …) gives seconds"),
        _ => wrong(PARTS),
    }
}

/// Typed arrays, among them the buffers of databases and decimals of Arrow's.
fn bytes<'env>(
    cell: Unknown<'env>,
    object: &Object<'env>,
    known: Option<Kind>,
) -> napi::Result<Result<Meaning<'env>, Wrong>> {
    let array = TypedArray::from_unknown(cell)?;
    let class = class_name(object)?;
    if matches!(class.as_str(), "DecimalBigNum" | "SignedBigNum" | "UnsignedBigNum") {
        return match known {
            Some(Kind::Decimal(scale)) => {
                let units = written(cell)?;
                let number = Literal::scaled(&units, scale);
                Ok(number.map_or_else(
                    || Err(Wrong::new(units, None)),
                    |number| {
                        Ok(Meaning::Value(match number {
                            Literal::Number(number) => Value::Number(number),
                            Literal::Text(text) => Value::Text(text),
                            Literal::Missing | Literal::Infinite => Value::Missing,
                        }))
                    },
                ))
            }
            _ => Ok(Err(Wrong::new(
                "an Arrow decimal without its scale, which only its table knows",
                "give the rows of the table as they are, not copies of them, or cast the column to \
                 a number",
            ))),
        };
    }
    let single =
        matches!(array.typed_array_type, TypedArrayType::Uint8) && array.arraybuffer.len() == 1;
    match array.arraybuffer.first() {
        // A BIT(1) of MySQL's.
        Some(bit @ (0 | 1)) if single => Ok(Ok(Meaning::Value(Value::Number(f64::from(*bit))))),
        _ => {
            let bytes = array.arraybuffer.len();
            let many = if bytes == 1 { "byte" } else { "bytes" };
            Ok(Err(Wrong::new(format!("a {class} of {bytes} {many}"), BYTES)))
        }
    }
}

/// `new Number(5)` and its like.
fn boxed<'env>(
    cell: Unknown<'env>,
    object: &Object<'env>,
) -> napi::Result<Result<Meaning<'env>, Wrong>> {
    let method: Unknown<'_> = object.get_named_property_unchecked("valueOf")?;
    if method.get_type()? == ValueType::Function {
        let method = Function::<(), Unknown<'env>>::from_unknown(method)?;
        let inner = method.apply(*object, ())?;
        if inner.get_type()? != ValueType::Object {
            return Ok(Ok(Meaning::Inner(inner)));
        }
    }
    Ok(Err(Wrong::new(class(cell)?, LIBRARY)))
}

/// What exceljs gives where a cell is a formula, a link, formatted text or an error.
fn of_exceljs<'env>(
    cell: Unknown<'env>,
    object: &Object<'env>,
) -> napi::Result<Result<Meaning<'env>, Wrong>> {
    let formula = has(object, "formula", ValueType::String)?
        || has(object, "sharedFormula", ValueType::String)?;
    if formula {
        let result: Unknown<'env> = object.get_named_property_unchecked("result")?;
        return Ok(Ok(Meaning::Inner(result)));
    }
    if has(object, "hyperlink", ValueType::String)? {
        let shown: Unknown<'env> = object.get_named_property_unchecked("text")?;
        return Ok(Ok(Meaning::Inner(shown)));
    }
    if let Some(error) = property(object, "error", ValueType::String)? {
        let error = String::from_unknown(error)?;
        if error.starts_with('#') {
            return Ok(Ok(Meaning::Value(Value::Text(error))));
        }
    }
    if let Some(runs) = property(object, "richText", ValueType::Object)?
        && runs.is_array()?
    {
        let runs = Array::from_unknown(runs)?;
        let mut all = String::new();
        for at in 0..runs.len() {
            let Some(run) = runs.get::<Unknown<'_>>(at)? else { continue };
            if run.get_type()? == ValueType::Object
                && let Some(part) =
                    property(&Object::from_unknown(run)?, "text", ValueType::String)?
            {
                all.push_str(&String::from_unknown(part)?);
            }
        }
        return Ok(Ok(Meaning::Value(text(all))));
    }
    let found = class(cell)?;
    let cure = if found == "an object" { PARTS } else { LIBRARY };
    Ok(Err(Wrong::new(found, cure)))
}
