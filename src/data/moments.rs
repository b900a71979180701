//! The moments of rows, by a column of dates or of numbers, for splits by time.

use super::column::Column;
use super::date::{self, DateOrder};
use super::feature::{Declared, Feature, FeatureType, feature};
use super::instant::instant_of;
use super::number::{self, NumberFormat};
use super::outliers::numbers;
use super::profile::{Profile, shown};
use super::refusal::{Asked, Role};
use super::schema::SchemaOptions;
use super::table::{Cell, Table};
use crate::error::{Code, Error, Result, quoted};
use serde::{Deserialize, Serialize};

/// A moment as a user names it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Bound {
    /// In a column of numbers one of them; in one of dates a year, or a date as a number.
    Number(f64),
    /// A date or a number.
    Text(String),
}

/// The moment of each row of a column.
#[derive(Debug, Clone)]
pub struct Moments {
    /// Milliseconds since 1970 by the clocks that dates were written by, or the numbers.
    pub at: Vec<f64>,
    kind: Kind,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Dates(Option<DateOrder>),
    Numbers(NumberFormat),
}

impl Moments {
    /// Reads the moments of a column, of the type that was declared or else is found. An error, which
    /// names the option, for a column of neither dates nor numbers, and for a cell that is missing.
    pub fn of(
        table: &Table,
        column: &Column,
        options: &SchemaOptions,
        format: NumberFormat,
        option: &str,
    ) -> Result<Self> {
        let types = options.types.iter().rfind(|(name, _)| name == column.name());
        let declared = types.map(|(_, declared)| *declared).filter(|it| *it != Declared::Ignore);
        let format = format.with(declared.and_then(Declared::unit));
        let profile = Profile::of(column, format);
        let missing = Some(&options.missing);
        let role = Role::Feature;
        let asked = Asked { table, column, profile: &profile, format, role, missing };
        let wrong = |why: String| {
            let message = format!(
                "{option}: {} is no column of dates or numbers: {why}",
                quoted(column.name())
            );
            Error::new(Code::Schema, message)
                .file(table.source())
                .column(column.name())
                .option(option)
        };
        let found = feature(&asked, declared)?;
        let kind = match found.map_err(&wrong)? {
            Feature { date_order: Some(DateOrder::Clock), .. } => {
                return Err(wrong("it holds times of day without a day".to_owned()));
            }
            Feature { kind: FeatureType::Date, date_order, .. } => Kind::Dates(date_order),
            Feature { kind: FeatureType::Numeric, unit, .. } => Kind::Numbers(format.with(unit)),
            Feature { reason, .. } => return Err(wrong(reason)),
        };
        let at = kind.read(column);
        match at.iter().position(|at| at.is_nan()) {
            None => Ok(Moments { at, kind }),
            Some(row) => {
                let expected = match kind {
                    Kind::Dates(_) => "a date",
                    Kind::Numbers(_) => "a number",
                };
                let found = shown(column, row);
                let message = format!(
                    "{option}: expected {expected} in every row, found {found}; leave out the rows \
                     without one"
                );
                let error = Error::new(Code::Schema, message).column(column.name()).option(option);
                Err(table.place(error, row))
            }
        }
    }

    /// The moment that a user names; an error, which names the option, if it is none of this column.
    pub fn bound(&self, bound: &Bound, option: &str) -> Result<f64> {
        let read = match (self.kind, bound) {
            (Kind::Numbers(_), Bound::Number(number)) => Some(*number),
            (Kind::Numbers(format), Bound::Text(text)) => {
                number::parse(text, NumberFormat::POINT).or_else(|| number::parse(text, format))
            }
            (Kind::Dates(order), Bound::Number(number)) => dated(Cell::Number(*number), order),
            (Kind::Dates(order), Bound::Text(text)) => dated(Cell::Text(text), order),
        };
        read.filter(|moment| moment.is_finite()).ok_or_else(|| {
            let expected = match self.kind {
                Kind::Dates(_) => "a date such as '2024-01-31', or a year",
                Kind::Numbers(_) => "a number, as the column has them",
            };
            let found = match bound {
                Bound::Number(number) => number.to_string(),
                Bound::Text(text) => quoted(text),
            };
            let message = format!("{option}: expected {expected}, found {found}");
            Error::new(Code::Options, message).option(option)
        })
    }
}

impl Kind {
    /// NaN where nothing stands.
    fn read(self, column: &Column) -> Vec<f64> {
        match self {
            Kind::Numbers(format) => {
                numbers(column, &(0..column.len()).collect::<Vec<_>>(), format)
            }
            Kind::Dates(order) => {
                let mut moments = Vec::with_capacity(column.len());
                let moment = |cell: Cell<'_>| {
                    date::of_known(cell, order).map_or(f64::NAN, |date| instant_of(&date))
                };
                column.map_all(moment, |_, moment| moments.push(moment));
                moments
            }
        }
    }
}

/// The moment of a date as a user may write it: as the column does, as ISO 8601 or as a year.
fn dated(cell: Cell<'_>, order: Option<DateOrder>) -> Option<f64> {
    let year = match cell {
        Cell::Number(number) => Some(number),
        Cell::Text(text) => date::digits(text.trim(), 4..=4).map(f64::from),
        Cell::Missing => None,
    };
    // In a column of numbers such as seconds this may be one.
    let year = year.filter(|_| !order.is_some_and(DateOrder::is_number));
    let year = year.filter(|year| year.fract() == 0.0 && (1.0..=9999.0).contains(year));
    let date = match year {
        Some(year) => date::Date { year: year as u32, month: 1, day: 1, hour: None },
        None => date::of_known(cell, order)?,
    };
    Some(instant_of(&date))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::TableBuilder;

    fn moments(cells: &[Cell<'_>], declared: Option<Declared>) -> Result<Moments> {
        let mut rows = TableBuilder::from_rows(["t".to_owned()]);
        cells.iter().for_each(|cell| rows.push(0, [*cell]));
        let table = rows.build();
        let types = declared.map(|declared| ("t".to_owned(), declared));
        let options =
            SchemaOptions { types: types.into_iter().collect(), ..SchemaOptions::default() };
        Moments::of(&table, &table.columns()[0], &options, NumberFormat::POINT, "o")
    }

    fn text(text: &str) -> Bound {
        Bound::Text(text.to_owned())
    }

    #[test]
    fn dates_of_any_form_are_in_order_and_bounds_are_read_alike() {
        let iso = moments(&[Cell::Text("2024-01-02"), Cell::Text("2023-12-31T12:00")], None);
        let iso = iso.unwrap();
        assert_eq!(iso.at, [1_704_153_600_000.0, 1_704_024_000_000.0]);
        for (bound, at) in [
            (text("2024-01-02"), 1_704_153_600_000.0),
            (text("2024"), 1_704_067_200_000.0),
            (Bound::Number(2024.0), 1_704_067_200_000.0),
            (text("2024-01"), 1_704_067_200_000.0),
            (text("Jan 2, 2024"), 1_704_153_600_000.0),
            (text("2024-01-02T00:00:00.000Z"), 1_704_153_600_000.0),
            (Bound::Number(1_704_067_200_000.0), 1_704_067_200_000.0),
        ] {
            assert_eq!(iso.bound(&bound, "o").unwrap(), at, "{bound:?}");
        }
        let day_first = moments(&[Cell::Text("31/01/2024"), Cell::Text("1/2/2024")], None).unwrap();
        assert!(day_first.at[0] < day_first.at[1]);
        assert_eq!(day_first.bound(&text("01/02/2024"), "o").unwrap(), day_first.at[1]);
        assert_eq!(day_first.bound(&text("2024-02-01"), "o").unwrap(), day_first.at[1]);
        let seconds = [Cell::Number(1_704_067_200.0), Cell::Number(1_704_153_600.0)];
        let seconds = moments(&seconds, Some(Declared::Date(DateOrder::UnixS))).unwrap();
        assert_eq!(seconds.bound(&text("2024-01-02"), "o").unwrap(), seconds.at[1]);
        assert_eq!(seconds.bound(&Bound::Number(1_704_153_600.0), "o").unwrap(), seconds.at[1]);
    }

    #[test]
    fn numbers_are_moments_too() {
        let years = moments(&[Cell::Number(2019.0), Cell::Text("2020")], None).unwrap();
        assert_eq!(years.at, [2019.0, 2020.0]);
        assert_eq!(years.bound(&Bound::Number(2020.0), "o").unwrap(), 2020.0);
        assert_eq!(years.bound(&text("2020"), "o").unwrap(), 2020.0);
        let error = years.bound(&text("2020-01-01"), "validation.after").unwrap_err();
        assert_eq!(error.code(), Code::Options);
        assert!(error.message().contains("expected a number"), "{}", error.message());
    }

    #[test]
    fn what_is_no_moment_is_told() {
        for (cells, expected) in [
            (vec![Cell::Text("red"), Cell::Text("blue")], "no column of dates or numbers: text"),
            (vec![Cell::Text("12:30"), Cell::Text("5:00 PM")], "times of day without a day"),
            (vec![Cell::Text("2024-01-01"); 2], "constant"),
            (vec![Cell::Text("01/02/2024"), Cell::Text("02/03/2024")], "'date-dmy' or 'date-mdy'"),
            (
                vec![Cell::Text("2024-01-01"), Cell::Missing, Cell::Text("2024-01-03")],
                "expected a date in every row, found nothing",
            ),
        ] {
            let error = moments(&cells, None).unwrap_err();
            assert_eq!(error.code(), Code::Schema);
            assert!(error.message().contains(expected), "{}", error.message());
        }
        let dates = moments(&[Cell::Text("2024-01-02"), Cell::Text("2024-01-03")], None).unwrap();
        for bound in [text("soon"), text(""), Bound::Number(0.5), text("2024-13-01")] {
            assert_eq!(dates.bound(&bound, "o").unwrap_err().code(), Code::Options, "{bound:?}");
        }
    }
}
