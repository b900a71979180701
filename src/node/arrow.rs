//! What rows of an Apache Arrow table know of their columns: a row holds decimals without their scale
//! and dates as plain numbers, and its table holds the types.

use napi::bindgen_prelude::{
    Array, FnArgs, FromNapiValue, Function, JsObjectValue, Object, Unknown,
};
use napi::{Env, JsValue, ValueType};
use std::collections::HashMap;

/// What a cell of a column of Arrow's stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A decimal with so many digits behind the mark.
    Decimal(i32),
    /// A day: milliseconds since 1970.
    Day,
    /// A day and a time, as milliseconds since 1970: an instant if it knows its zone, else what the
    /// clocks show.
    Moment {
        /// Whether it does.
        instant: bool,
    },
    /// A time of day in so many parts of a second.
    Time(i64),
}

/// The kinds of those columns that are not as they seem, by name.
#[derive(Debug, Default)]
pub struct Fields(HashMap<String, Kind>);

/// Numbers of Arrow's types, as `type.typeId` has them.
const DECIMAL: i32 = 7;
const DATE: i32 = 8;
const TIME: i32 = 9;
const TIMESTAMP: i32 = 10;

impl Fields {
    /// Those of the table that a row belongs to; none for any other row.
    pub fn of(row: &Object<'_>) -> napi::Result<Self> {
        let mut fields = Fields::default();
        // Most rows are plain objects, and ask no more.
        let method: Unknown<'_> = row.get_named_property_unchecked("toArray")?;
        if method.get_type()? != ValueType::Function {
            return Ok(fields);
        }
        let Some(parent) = parent(row)? else { return Ok(fields) };
        let Some(columns) =
            member(&parent, "type")?.map(|of| of.get_named_property_unchecked("children"))
        else {
            return Ok(fields);
        };
        let columns: Unknown<'_> = columns?;
        if !columns.is_array()? {
            return Ok(fields);
        }
        let columns = Array::from_unknown(columns)?;
        for at in 0..columns.len() {
            let Some(column) = columns.get::<Unknown<'_>>(at)? else { continue };
            if column.get_type()? != ValueType::Object {
                continue;
            }
            let column = Object::from_unknown(column)?;
            let name: Unknown<'_> = column.get_named_property_unchecked("name")?;
            if name.get_type()? != ValueType::String {
                continue;
            }
            if let Some(kind) = member(&column, "type")?.map(|of| kind(&of)).transpose()?.flatten()
            {
                fields.0.insert(String::from_unknown(name)?, kind);
            }
        }
        Ok(fields)
    }

    /// What a cell of this column stands for, if it is not what it seems.
    pub fn kind(&self, column: &str) -> Option<Kind> {
        self.0.get(column).copied()
    }
}

/// `row[Symbol.for('parent')]`, which is an object of every row of Arrow's.
fn parent<'env>(row: &Object<'env>) -> napi::Result<Option<Object<'env>>> {
    let env = Env::from_raw(row.value().env);
    let symbol: Unknown<'_> = env.get_global()?.get_named_property_unchecked("Symbol")?;
    let symbol = symbol.coerce_to_object()?;
    let find: Function<'_, FnArgs<(String,)>, Unknown<'_>> = symbol.get_named_property("for")?;
    let key = find.call(FnArgs { data: ("parent".to_owned(),) })?;
    let parent: Unknown<'env> = row.get_property_unchecked(key)?;
    match parent.get_type()? {
        ValueType::Object => Ok(Some(Object::from_unknown(parent)?)),
        _ => Ok(None),
    }
}

fn kind(of: &Object<'_>) -> napi::Result<Option<Kind>> {
    let Some(id) = number(of, "typeId")? else { return Ok(None) };
    Ok(match id {
        DECIMAL => number(of, "scale")?.map(Kind::Decimal),
        DATE => Some(Kind::Day),
        TIME => number(of, "unit")?
            .and_then(|unit| Some(Kind::Time(1000_i64.checked_pow(u32::try_from(unit).ok()?)?))),
        TIMESTAMP => {
            let zone: Unknown<'_> = of.get_named_property_unchecked("timezone")?;
            Some(Kind::Moment { instant: zone.get_type()? == ValueType::String })
        }
        _ => None,
    })
}

fn number(of: &Object<'_>, name: &str) -> napi::Result<Option<i32>> {
    let value: Unknown<'_> = of.get_named_property_unchecked(name)?;
    match value.get_type()? {
        ValueType::Number => i32::from_unknown(value).map(Some),
        _ => Ok(None),
    }
}

fn member<'env>(of: &Object<'env>, name: &str) -> napi::Result<Option<Object<'env>>> {
    let value: Unknown<'env> = of.get_named_property_unchecked(name)?;
    match value.get_type()? {
        ValueType::Object => Ok(Some(Object::from_unknown(value)?)),
        _ => Ok(None),
    }
}
