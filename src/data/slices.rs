//! Rows grouped by what stands in a column, for scores by group: texts by value, numbers by value or
//! range, dates by day, month or year.

use super::categories::Categories;
use super::column::Column;
use super::date::{self, Date, DateOrder};
use super::feature::FeatureType;
use super::instant::{date_of_instant, instant_of};
use super::number::NumberFormat;
use super::outliers::numbers;
use super::profile::{Order, Profile};
use super::schema::{Names, Schema};
use super::table::{Cell, Table};
use super::values::Equal;
use crate::error::{Code, Error, Result, quoted};
use std::cmp::Reverse;

/// Different numbers or dates up to which each is a group.
const FEW: usize = 10;

/// Ranges of more numbers.
const RANGES: usize = 4;

/// Years up to which dates are grouped by month.
const FEW_YEARS: usize = 2;

/// Groups that are not too many.
const MOST: usize = 100;

const OPTION: &str = "by";

/// One group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice {
    /// What its rows have in the column; none where nothing stands.
    pub name: Option<String>,
    /// Places in the rows that were grouped, in ascending order.
    pub rows: Vec<usize>,
}

/// Groups some rows of a table by a column, of the type that a model's schema knows or else is found:
/// texts by how many rows they have, numbers and dates ascending, rows without a value last. An error
/// for a column that is not there or has more than [`MOST`] groups.
pub fn slices(
    table: &Table,
    name: &str,
    rows: &[usize],
    schema: &Schema,
    format: NumberFormat,
) -> Result<Vec<Slice>> {
    let column = Names::new(table).column(name, OPTION)?;
    table.require_readable(name)?;
    let found = match kind(column, name, schema, format) {
        Kind::Texts => by_text(column, rows, format),
        Kind::Numbers(format) => by_number(&numbers(column, rows, format)),
        Kind::Dates(order) => by_date(column, rows, order),
    };
    let named = found.iter().filter(|slice| slice.name.is_some()).count();
    if named <= MOST {
        return Ok(found);
    }
    let message = format!(
        "{OPTION}: {} has {named} different values; expected at most {MOST}: name a column of groups, \
         or add one to the rows",
        quoted(name)
    );
    Err(Error::new(Code::Options, message).file(table.source()).column(name).option(OPTION))
}

enum Kind {
    Texts,
    Numbers(NumberFormat),
    Dates(Option<DateOrder>),
}

fn kind(column: &Column, name: &str, schema: &Schema, format: NumberFormat) -> Kind {
    let dates = |order: Option<DateOrder>| match order {
        Some(DateOrder::Clock) => Kind::Texts,
        order => Kind::Dates(order),
    };
    if let Some(task) = schema.tasks.iter().find(|task| task.name == name) {
        return match task.classes {
            Some(_) => Kind::Texts,
            None => Kind::Numbers(format.with(task.unit)),
        };
    }
    if let Some(feature) = schema.features.iter().find(|feature| feature.name == name) {
        return match feature.kind {
            FeatureType::Categorical | FeatureType::Boolean => Kind::Texts,
            FeatureType::Numeric => Kind::Numbers(format.with(feature.unit)),
            FeatureType::Date => dates(feature.date_order),
        };
    }
    let profile = Profile::of(column, format);
    match profile.dates() {
        Some(Order::Iso) => Kind::Dates(None),
        Some(Order::Known(order)) => dates(Some(order)),
        _ if profile.is_numeric() && profile.observed > 0 => Kind::Numbers(format),
        _ => Kind::Texts,
    }
}

fn by_text(column: &Column, rows: &[usize], format: NumberFormat) -> Vec<Slice> {
    let values = Categories::of_column(column, format, Equal::Written);
    let mut codes = Vec::with_capacity(rows.len());
    column.map(rows, |cell| values.code(cell), |_, code| codes.push(code));
    let mut found = gathered(&codes, |code| values.names()[code as usize].clone());
    // Missing ones stay last.
    found.sort_by_key(|slice| (slice.name.is_none(), Reverse(slice.rows.len())));
    found
}

fn by_number(numbers: &[f64]) -> Vec<Slice> {
    // Negative zero is the same number, and is written alike.
    let numbers: Vec<f64> = numbers.iter().map(|number| number + 0.0).collect();
    let mut sorted: Vec<f64> = numbers.iter().copied().filter(|number| !number.is_nan()).collect();
    sorted.sort_by(f64::total_cmp);
    let mut distinct = sorted.clone();
    distinct.dedup();
    // Where each range but the first begins.
    let begins: Vec<f64> = match distinct.len() <= FEW {
        true => distinct.iter().skip(1).copied().collect(),
        false => quartiles(&sorted),
    };
    let range = |number: f64| begins.partition_point(|begin| *begin <= number);
    let codes: Vec<Option<u32>> =
        numbers.iter().map(|number| (!number.is_nan()).then(|| range(*number) as u32)).collect();
    gathered(&codes, |code| {
        let within = || distinct.iter().filter(|number| range(**number) == code as usize);
        match (within().next(), within().next_back()) {
            (Some(least), Some(most)) if least < most => format!("{least} to {most}"),
            (Some(one), _) => one.to_string(),
            _ => String::new(),
        }
    })
}

/// Where the ranges of sorted numbers but the first begin: between two different numbers, each as near
/// to a quartile as can be, so that a number of many rows is in one range and there may be fewer.
fn quartiles(sorted: &[f64]) -> Vec<f64> {
    let places: Vec<usize> = (1..sorted.len()).filter(|&at| sorted[at] > sorted[at - 1]).collect();
    let nearest = |part: usize| {
        let wanted = sorted.len() * part / RANGES;
        places.iter().copied().min_by_key(|place| place.abs_diff(wanted))
    };
    let mut chosen: Vec<usize> = (1..RANGES).filter_map(nearest).collect();
    chosen.dedup();
    chosen.into_iter().map(|at| sorted[at]).collect()
}

fn by_date(column: &Column, rows: &[usize], order: Option<DateOrder>) -> Vec<Slice> {
    let mut dates: Vec<Option<Date>> = Vec::with_capacity(rows.len());
    column.map(rows, |cell: Cell<'_>| date::of_known(cell, order), |_, date| dates.push(date));
    let different = |key: &dyn Fn(&Date) -> i64| {
        let mut keys: Vec<i64> = dates.iter().flatten().map(key).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    };
    let moment = |date: &Date| instant_of(date) as i64;
    let month = |date: &Date| i64::from(date.year * 12 + date.month - 1);
    let year = |date: &Date| i64::from(date.year);
    let key: &dyn Fn(&Date) -> i64 = if different(&moment).len() <= FEW {
        &moment
    } else if different(&year).len() <= FEW_YEARS {
        &month
    } else {
        &year
    };
    let keys = different(key);
    let code = |date: &Date| keys.binary_search(&key(date)).ok().map(|at| at as u32);
    let codes: Vec<Option<u32>> = dates.iter().map(|date| date.as_ref().and_then(code)).collect();
    let by_moment = different(&moment).len() <= FEW;
    let by_month = !by_moment && different(&year).len() <= FEW_YEARS;
    gathered(&codes, |code| match keys[code as usize] {
        moment if by_moment => {
            let text = date_of_instant(moment as f64).unwrap_or_default();
            text.strip_suffix("T00:00:00.000Z").unwrap_or(text.trim_end_matches('Z')).to_owned()
        }
        month if by_month => format!("{:04}-{:02}", month / 12, month % 12 + 1),
        year => format!("{year:04}"),
    })
}

/// The places of each code, in the order of codes, those without one last.
fn gathered(codes: &[Option<u32>], name: impl Fn(u32) -> String) -> Vec<Slice> {
    let most = codes.iter().flatten().max().map_or(0, |most| *most as usize + 1);
    let mut places: Vec<Vec<usize>> = vec![Vec::new(); most + 1];
    for (place, code) in codes.iter().enumerate() {
        places[code.map_or(most, |code| code as usize)].push(place);
    }
    let named = |(code, rows): (usize, Vec<usize>)| Slice {
        name: (code < most).then(|| name(code as u32)),
        rows,
    };
    places.into_iter().enumerate().filter(|(_, rows)| !rows.is_empty()).map(named).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{SchemaOptions, TableBuilder};

    fn grouped(cells: &[Cell<'_>], rows: &[usize]) -> Result<Vec<(Option<String>, Vec<usize>)>> {
        let mut builder = TableBuilder::from_rows(["g", "x", "y"].map(str::to_owned));
        for (at, cell) in cells.iter().enumerate() {
            builder.push(0, [*cell, Cell::Number(at as f64), Cell::Number(at as f64 / 3.0)]);
        }
        let table = builder.build();
        let mut options = SchemaOptions::default();
        // As a model that was trained without the column.
        options.exclude.push("g".to_owned());
        let schema = Schema::infer(&table, &options)?;
        let slices = slices(&table, "g", rows, &schema, NumberFormat::POINT)?;
        Ok(slices.into_iter().map(|slice| (slice.name, slice.rows)).collect())
    }

    fn all(cells: &[Cell<'_>]) -> Vec<(Option<String>, usize)> {
        let rows: Vec<usize> = (0..cells.len()).collect();
        let groups = grouped(cells, &rows).unwrap();
        groups.into_iter().map(|(name, rows)| (name, rows.len())).collect()
    }

    fn named(name: &str, rows: usize) -> (Option<String>, usize) {
        (Some(name.to_owned()), rows)
    }

    #[test]
    fn texts_are_groups_by_value_the_most_frequent_first() {
        let text = Cell::Text;
        let cells = [text("b"), text("a"), Cell::Missing, text("a"), text("01"), text("1")];
        assert_eq!(
            all(&cells),
            [named("a", 2), named("01", 1), named("1", 1), named("b", 1), (None, 1)]
        );
        let some = grouped(&cells, &[1, 2, 3]).unwrap();
        assert_eq!(some, [(Some("a".to_owned()), vec![0, 2]), (None, vec![1])]);
        assert_eq!(grouped(&cells, &[]).unwrap(), []);
    }

    #[test]
    fn few_numbers_are_values_and_many_are_ranges() {
        let few: Vec<Cell<'_>> = [3.0, 1.0, 3.0, 2.5].map(Cell::Number).to_vec();
        assert_eq!(all(&few), [named("1", 1), named("2.5", 1), named("3", 2)]);
        let mut many: Vec<Cell<'_>> = (0..100).map(|n| Cell::Number(f64::from(n))).collect();
        many.push(Cell::Missing);
        let quarters = ["0 to 24", "25 to 49", "50 to 74", "75 to 99"].map(|name| named(name, 25));
        assert_eq!(all(&many), [&quarters[..], &[(None, 1)]].concat());
    }

    #[test]
    fn a_number_of_many_rows_is_a_range_of_its_own() {
        let with = |zeros: usize, others: std::ops::RangeInclusive<i32>| {
            let mut cells = vec![Cell::Number(0.0); zeros];
            cells.extend(others.map(|n| Cell::Number(f64::from(n))));
            all(&cells)
        };
        assert_eq!(with(80, 1..=20), [named("0", 80), named("1 to 20", 20)]);
        assert_eq!(with(80, -20..=-1), [named("-20 to -1", 20), named("0", 80)]);
        let some = [named("0", 30), named("1 to 20", 20), named("21 to 45", 25)];
        assert_eq!(with(30, 1..=70)[..3], some);
        assert_eq!(with(30, 1..=70)[3], named("46 to 70", 25));
    }

    #[test]
    fn negative_zero_is_zero() {
        let few = [0.0, -0.0, 1.0].map(Cell::Number);
        assert_eq!(all(&few), [named("0", 2), named("1", 1)]);
        let many: Vec<Cell<'_>> =
            (0..40).map(|n| Cell::Number(if n == 0 { -0.0 } else { f64::from(n) })).collect();
        assert_eq!(all(&many)[0], named("0 to 9", 10));
    }

    #[test]
    fn dates_are_days_months_or_years() {
        let texts = |days: &[(u32, u32, u32)]| {
            let texts = days.iter().map(|(y, m, d)| format!("{y}-{m:02}-{d:02}"));
            texts.collect::<Vec<String>>()
        };
        let of =
            |texts: &[String]| all(&texts.iter().map(|text| Cell::Text(text)).collect::<Vec<_>>());
        let days = texts(&[(2024, 2, 1), (2024, 1, 31), (2024, 2, 1)]);
        assert_eq!(of(&days), [named("2024-01-31", 1), named("2024-02-01", 2)]);
        let months: Vec<_> = (0..24).map(|i| (2024, 1 + i / 12, 1 + i)).collect();
        assert_eq!(of(&texts(&months)), [named("2024-01", 12), named("2024-02", 12)]);
        let years: Vec<_> = (0..24).map(|i| (2020 + i % 4, 1 + i % 12, 1 + i)).collect();
        assert_eq!(of(&texts(&years)).len(), 4);
        assert_eq!(of(&texts(&years))[0], named("2020", 6));
    }

    #[test]
    fn too_many_groups_are_refused() {
        let names: Vec<String> = (0..101).map(|i| format!("n{i}")).collect();
        let cells: Vec<Cell<'_>> = names.iter().map(|name| Cell::Text(name)).collect();
        let rows: Vec<usize> = (0..101).collect();
        let error = grouped(&cells, &rows).unwrap_err();
        assert_eq!((error.code(), error.place().option.as_deref()), (Code::Options, Some("by")));
        assert!(error.message().contains("101 different values; expected at most 100"));
        assert_eq!(grouped(&cells, &rows[1..]).unwrap().len(), 100);
    }
}
