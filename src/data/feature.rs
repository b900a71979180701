//! What one feature column is, by its cells or by what the user declared, and why.

use super::boolean;
use super::column::Column;
use super::date::{self, DateOrder};
use super::profile::{Order, Profile, shown};
use super::refusal::Asked;
use super::table::{Cell, Table};
use super::unit::Unit;
use super::values::require_exact;
use crate::error::{Code, Error, Result};
use serde::{Deserialize, Serialize};

/// The type of a feature column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FeatureType {
    /// Numbers, standardised.
    Numeric,
    /// Names, one-hot or embedded.
    Categorical,
    /// True or false, as 1 and -1.
    Boolean,
    /// Dates and times: year, season, weekday, hour.
    Date,
}

/// What a user may declare a column to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Declared {
    /// A feature of this type; the order of day and month is found where it is needed.
    As(FeatureType),
    /// Numbers with something beside them.
    Numbers(Unit),
    /// Dates in this order.
    Date(DateOrder),
    /// No feature.
    Ignore,
}

/// A feature column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Feature {
    /// The column.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: FeatureType,
    /// Why that type, as a sentence's end: `every one of 150 cells is a number`.
    pub reason: String,
    /// How many of its cells were missing in all rows.
    pub missing_cells: usize,
    /// The order of day and month in dates that do not begin with the year.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_order: Option<DateOrder>,
    /// What stands beside its numbers in text, if something does.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Unit>,
}

/// A feature, or why a column is none.
pub type Found = std::result::Result<Feature, String>;

impl Declared {
    /// What stands beside the numbers.
    pub fn unit(self) -> Option<Unit> {
        match self {
            Declared::Numbers(unit) => Some(unit),
            _ => None,
        }
    }

    /// Whether cells may be numbers.
    pub fn is_numeric(self) -> bool {
        matches!(self, Declared::As(FeatureType::Numeric) | Declared::Numbers(_))
    }
}

/// What a column is as a feature, or why it is dropped.
pub fn feature(asked: &Asked<'_>, declared: Option<Declared>) -> Result<Found> {
    let Asked { table, column, profile, .. } = *asked;
    let feature = |kind, date_order, unit, reason: &str| {
        let missing_cells = profile.missing(column);
        let (name, reason) = (column.name().to_owned(), reason.to_owned());
        Ok(Ok(Feature { name, kind, reason, missing_cells, date_order, unit }))
    };
    match declared {
        None => {}
        Some(Declared::Ignore) => return Ok(Err("ignored, as features.types says".to_owned())),
        Some(Declared::Numbers(unit)) => {
            let unit = asked.require_unit(unit, "features.types declares it")?;
            let reason = format!("declared '{}' by features.types", unit.name());
            return feature(FeatureType::Numeric, None, Some(unit), &reason);
        }
        Some(declared) => {
            let (kind, order) = check(asked, declared)?;
            return feature(kind, order, None, "declared by features.types");
        }
    }
    asked.refuse_mixture()?;
    // Dates may well all differ, and are no identifiers for it.
    let order = match profile.dates() {
        Some(Order::Iso) => Some(None),
        Some(Order::Known(order)) => Some(Some(order)),
        _ if are_compact(column, profile) => Some(Some(DateOrder::Compact)),
        _ => None,
    };
    let every = match profile.observed {
        1 => "the one cell".to_owned(),
        observed => format!("every one of {observed} cells"),
    };
    if let Some(reason) = profile.useless(column, order.is_some()) {
        return Ok(Err(reason));
    }
    match order {
        Some(order) => {
            let order_words = match order {
                None => "",
                Some(DateOrder::DayFirst) => ", with the day first",
                Some(DateOrder::MonthFirst) => ", with the month first",
                Some(DateOrder::Compact) => {
                    " as yyyymmdd; declare the column 'numeric' if these are numbers"
                }
                // Only what is declared.
                Some(_) => "",
            };
            let what = if order == Some(DateOrder::Clock) { "time of day" } else { "date" };
            feature(FeatureType::Date, order, None, &format!("{every} is a {what}{order_words}"))
        }
        None if profile.is_numeric() => {
            let hint = count_of_dates(column, profile)
                .map_or_else(String::new, |(declared, what)| {
                    format!("; declare '{declared}' if they are dates as {what}")
                });
            feature(FeatureType::Numeric, None, None, &format!("{every} is a number{hint}"))
        }
        None if profile.is_boolean() => feature(
            FeatureType::Boolean,
            None,
            None,
            &format!("{every} is one of two opposite words"),
        ),
        None => {
            require_exact(table, column)?;
            feature(FeatureType::Categorical, None, None, &profile.words())
        }
    }
}

/// Of fewer different numbers it may be chance that they are days of the calendar.
const FEWEST_COMPACT: usize = 5;

/// Whether all cells are dates in eight digits, of which one in thirty would be if they were numbers.
fn are_compact(column: &Column, profile: &Profile) -> bool {
    profile.is_numeric()
        && profile.whole
        && profile.distinct >= FEWEST_COMPACT
        && column
            .cells()
            .all(|cell| cell == Cell::Missing || date::of(cell, Some(DateOrder::Compact)).is_some())
}

/// What numbers count that look like dates, each with its type, its words and its range, the years
/// 1980 to 2100; the second and third only in columns that are called like dates.
const COUNTS: [(&str, &str, std::ops::Range<f64>); 3] = [
    ("date-unix-ms", "milliseconds since 1970", 3.15e11..4.11e12),
    ("date-unix-s", "seconds since 1970", 3.15e8..4.11e9),
    ("date-excel", "Excel counts days", 29_221.0..73_416.0),
];

/// How numbers may stand for dates, should they look like it: the type to declare, and in words.
fn count_of_dates(column: &Column, profile: &Profile) -> Option<(&'static str, &'static str)> {
    if profile.distinct < FEWEST_COMPACT {
        return None;
    }
    let name = column.name().to_lowercase();
    let called = ["date", "time", "day", "datum", "_at", "when", "stamp"];
    let called = called.iter().any(|word| name.contains(word));
    let (declared, what, _) = COUNTS.into_iter().find(|(declared, _, range)| {
        let sure = *declared == "date-unix-ms" && profile.whole;
        (sure || called)
            && column.cells().all(|cell| match cell {
                Cell::Missing => true,
                Cell::Number(number) => range.contains(&number),
                Cell::Text(text) => text.parse().is_ok_and(|number| range.contains(&number)),
            })
    })?;
    Some((declared, what))
}

/// The declared type, if every cell fits it.
fn check(asked: &Asked<'_>, declared: Declared) -> Result<(FeatureType, Option<DateOrder>)> {
    let Asked { table, column, profile, .. } = *asked;
    let require = |is: &str, declares: &str, fits: &dyn Fn(Cell<'_>) -> bool| {
        let misfit = column.cells().position(|cell| cell != Cell::Missing && !fits(cell));
        misfit.map_or(Ok(()), |row| {
            let found = shown(column, row);
            let message = format!("{found} is not {is}, and features.types declares it {declares}");
            Err(table.place(Error::new(Code::Schema, message).column(column.name()), row))
        })
    };
    let dated = |order| move |cell: Cell<'_>| date::of(cell, order).is_some();
    match declared {
        Declared::As(FeatureType::Numeric) => {
            let why = "features.types declares it numeric";
            asked.require_numbers("a number", why)?;
            Ok((FeatureType::Numeric, None))
        }
        Declared::As(FeatureType::Boolean) => {
            require("true or false", "boolean", &|cell| boolean::of(cell).is_some())?;
            Ok((FeatureType::Boolean, None))
        }
        Declared::As(FeatureType::Date) => {
            match profile.dates() {
                Some(Order::Iso) => return Ok((FeatureType::Date, None)),
                Some(Order::Known(order)) => return Ok((FeatureType::Date, Some(order))),
                Some(Order::Either) => return Err(either(table, column)),
                Some(Order::Both) | None => {}
            }
            // Whatever is no date is told first; then, that not all are dates in one order.
            let (day, month) = (Some(DateOrder::DayFirst), Some(DateOrder::MonthFirst));
            if profile.is_numeric() && profile.observed > 0 {
                let compact = Some(DateOrder::Compact);
                if column.cells().all(|cell| cell == Cell::Missing || dated(compact)(cell)) {
                    return Ok((FeatureType::Date, compact));
                }
                return Err(numbers(table, column));
            }
            require("a date", "a date", &|cell| dated(day)(cell) || dated(month)(cell))?;
            require("a date with the day first, as others are", "a date", &dated(day))?;
            Ok((FeatureType::Date, None))
        }
        Declared::Date(order) => {
            let (is, declares) = match order {
                DateOrder::DayFirst => ("a date with the day first", "'date-dmy'"),
                DateOrder::MonthFirst => ("a date with the month first", "'date-mdy'"),
                DateOrder::UnixMs => ("a date as milliseconds since 1970", "'date-unix-ms'"),
                DateOrder::UnixS => ("a date as seconds since 1970", "'date-unix-s'"),
                DateOrder::Excel => ("a date as a serial number of Excel's", "'date-excel'"),
                // These are not declared by name.
                DateOrder::Compact | DateOrder::Clock => ("a date", "a date"),
            };
            require(is, declares, &dated(Some(order)))?;
            Ok((FeatureType::Date, Some(order)))
        }
        Declared::As(FeatureType::Categorical) | Declared::Numbers(_) | Declared::Ignore => {
            require_exact(table, column)?;
            Ok((FeatureType::Categorical, None))
        }
    }
}

/// The error for a column of numbers that is declared to be dates.
fn numbers(table: &Table, column: &Column) -> Error {
    let row = column.cells().position(|cell| cell != Cell::Missing).unwrap_or(0);
    let message = format!(
        "{} is not a date as text; declare 'date-unix-ms' or 'date-unix-s' if it counts milliseconds \
         or seconds since 1970, or 'date-excel' if days as Excel does",
        shown(column, row)
    );
    table.place(Error::new(Code::Schema, message).column(column.name()), row)
}

/// The error for dates that are dates in either order.
fn either(table: &Table, column: &Column) -> Error {
    let row = column.cells().position(|cell| match cell {
        Cell::Text(text) => date::parse(text, None).is_none(),
        _ => false,
    });
    let row = row.unwrap_or(0);
    let message = format!(
        "day and month cannot be told apart, here {} and in all rows; declare 'date-dmy' or \
         'date-mdy'",
        shown(column, row)
    );
    table.place(Error::new(Code::Schema, message).column(column.name()), row)
}

#[cfg(test)]
#[path = "feature_tests.rs"]
mod tests;
