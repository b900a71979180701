//! One feature column: scaled numbers, one-hot categories, or codes for an embedding.

use super::super::categories::Categories;
use super::super::column::Column;
use super::super::date::{self, DateOrder};
use super::super::feature::{Feature, FeatureType};
use super::super::instant::is_instant;
use super::super::lookup::Found;
use super::super::number::NumberFormat;
use super::super::preprocessing::{MOST_ONE_HOT, Preprocessing, Scaling};
use super::super::table::Cell;
use super::super::unit::Unit;
use super::super::weights::Weighted;
use super::super::zone::{Open, Reading};
use super::common;
use super::dense::date_width;
use super::moments::{Listed, Moments, Numbers};
use super::scaler::Scaler;
use super::times::{Seen, Times};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A fitted feature column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FeatureEncoder {
    name: String,
    /// Whether cells were missing in the training rows.
    pub(super) missing: bool,
    /// Whether missing cells are marked beside an embedding; models of before do not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    marked: bool,
    /// What stands beside its numbers in text, if something does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) unit: Option<Unit>,
    pub(super) encoding: Encoding,
}

/// How a feature becomes numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Encoding {
    /// A scaled number, a missing cell is the centre, 0; beside it an indicator of missing cells,
    /// if there were any.
    Numeric(Scaler),
    /// One column per category, all zero for a missing or unseen one.
    OneHot(Categories),
    /// The code plus one, 0 for a missing or unseen category or one of too few training rows; beside
    /// it in the dense columns an indicator of missing cells, if there were any: where most
    /// categories are rare, that there is one may say more than which.
    Embedded(Categories),
    /// 1 for true, -1 for false, 0 for a missing cell.
    Boolean {},
    /// The year, `(year - mean) / scale`; then sine and cosine of the season, of the weekday and,
    /// if the training rows hold times of day, of the hour: so that December lies beside January
    /// and Sunday beside Monday. A missing cell is all zeros, and marked as in `Numeric`.
    Date {
        /// Of day and month, where the year does not come first.
        order: Option<DateOrder>,
        /// Whether there is an hour.
        time: bool,
        /// Of the years.
        mean: f64,
        /// Of the years.
        scale: f64,
        /// What the training rows tell of the time zone; nothing in files of before.
        #[serde(default, skip_serializing_if = "Times::is_plain")]
        times: Times,
    },
}

impl FeatureEncoder {
    /// Fits a column on the training rows.
    pub fn fit(
        feature: &Feature,
        column: &Column,
        train: Weighted<'_>,
        format: NumberFormat,
        preprocessing: &Preprocessing,
    ) -> Self {
        let rows = train.rows;
        let missing;
        let (unit, format) = (feature.unit, format.with(feature.unit));
        let encoding = match feature.kind {
            FeatureType::Numeric => {
                let (scaler, any) = scaler(column, train, format, preprocessing.scaling);
                missing = any;
                Encoding::Numeric(scaler)
            }
            FeatureType::Categorical => {
                missing = any_missing(column, rows);
                // What there is to learn of a category hangs on how many rows have it, whatever
                // they count.
                match common::categories(column, rows, format, preprocessing) {
                    (categories, true) => Encoding::OneHot(categories),
                    (categories, false) => Encoding::Embedded(categories),
                }
            }
            FeatureType::Boolean => {
                missing = any_missing(column, rows);
                Encoding::Boolean {}
            }
            FeatureType::Date => {
                missing = any_missing(column, rows);
                let order = feature.date_order;
                let (mut years, mut seen) = (Moments::default(), Seen::default());
                let date = |cell: Cell<'_>| {
                    let instants = matches!(order, Some(DateOrder::UnixMs | DateOrder::UnixS));
                    let utc = instants || matches!(cell, Cell::Text(text) if date::says_utc(text));
                    date::of(cell, order).map(|date| (date.year, date.hour, utc))
                };
                let mut weights = train.weights.map(|weights| weights.iter());
                column.map(rows, date, |_, date| {
                    let weight = weights.as_mut().and_then(Iterator::next);
                    let Some((year, hour, utc)) = date else { return };
                    match weight {
                        None => years.add(f64::from(year)),
                        Some(weight) => years.add_weighted(f64::from(year), *weight),
                    }
                    seen.add(hour, utc);
                });
                let (mean, scale) = years.finish();
                let (time, times) = seen.finish();
                Encoding::Date { order, time, mean, scale, times }
            }
        };
        let marked = missing && matches!(encoding, Encoding::Embedded(_));
        FeatureEncoder { name: feature.name.clone(), missing, marked, unit, encoding }
    }

    /// Whether an encoder from a file can be used.
    pub fn is_valid(&self) -> bool {
        match &self.encoding {
            Encoding::Numeric(scaler) => scaler.is_valid(),
            Encoding::Date { mean, scale, times, .. } => {
                mean.is_finite() && scale.is_finite() && *scale > 0.0 && times.is_valid()
            }
            Encoding::Boolean {} => true,
            Encoding::OneHot(categories) => (1..=MOST_ONE_HOT).contains(&categories.len()),
            Encoding::Embedded(_) => true,
        }
    }

    /// The column's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How it becomes numbers.
    pub fn encoding(&self) -> &Encoding {
        &self.encoding
    }

    /// Whether cells were missing in the training rows.
    pub fn missing(&self) -> bool {
        self.missing
    }

    /// The categories of a categorical column.
    pub fn categories(&self) -> Option<&Categories> {
        match &self.encoding {
            Encoding::OneHot(categories) | Encoding::Embedded(categories) => Some(categories),
            _ => None,
        }
    }

    /// What the training rows of a column of dates tell of its time zone.
    pub fn times(&self) -> Option<&Times> {
        match &self.encoding {
            Encoding::Date { times, .. } => Some(times),
            _ => None,
        }
    }

    /// Which `Date` cell, for which no time zone was named, it would read differently, and what it
    /// learnt of dates, in words.
    pub(super) fn open<'a>(&self, open: &'a Open) -> Option<(&'a Reading, &'static str)> {
        let (reading, learnt) = match &self.encoding {
            Encoding::Date { time: false, .. } => (&open.day, "dates without a time of day"),
            Encoding::Date { times: Times::Naive, .. } => {
                (&open.time, "times of day without an offset from UTC")
            }
            Encoding::OneHot(categories) | Encoding::Embedded(categories) => {
                let is_day = |date: date::Date| date.hour.is_none();
                let names = categories.names().iter();
                match names.filter_map(|name| date::parse(name, None)).any(is_day) {
                    true => (&open.day, "days as categories"),
                    false => return None,
                }
            }
            _ => return None,
        };
        reading.as_ref().map(|reading| (reading, learnt))
    }

    /// Whether a cell is a date only as an instant, which the clocks of no time zone show.
    pub(super) fn is_instant(&self, cell: Cell<'_>) -> bool {
        match (&self.encoding, cell) {
            (Encoding::Date { order, .. }, Cell::Number(number)) => is_instant(number, *order),
            _ => false,
        }
    }

    /// The scale of a numeric column.
    pub(super) fn scaler(&self) -> Option<&Scaler> {
        match &self.encoding {
            Encoding::Numeric(scaler) => Some(scaler),
            _ => None,
        }
    }

    /// How the numbers of a numeric column are scaled, in words.
    pub fn scaling(&self) -> Option<&'static str> {
        self.scaler().map(Scaler::words)
    }

    /// How many dense columns it makes.
    pub fn width(&self) -> usize {
        match &self.encoding {
            Encoding::Numeric(_) => 1 + usize::from(self.missing),
            Encoding::OneHot(categories) => categories.len(),
            Encoding::Embedded(_) => usize::from(self.marked),
            Encoding::Boolean {} => 1,
            Encoding::Date { time, .. } => date_width(*time) + usize::from(self.missing),
        }
    }

    /// Whether its first dense column holds a number.
    pub fn is_continuous(&self) -> bool {
        matches!(self.encoding, Encoding::Numeric { .. } | Encoding::Date { .. })
    }

    /// For an embedded column, the number of codes.
    pub fn codes(&self) -> Option<usize> {
        match &self.encoding {
            Encoding::Embedded(categories) => Some(categories.len() + 1),
            _ => None,
        }
    }

    /// The code of a cell of an embedded column; none if the cell does not hold what is due.
    pub(super) fn code(&self, cell: Cell<'_>) -> Option<u32> {
        match self.categories()?.find(cell) {
            Found::Code(code) => Some(code + 1),
            Found::Unseen => Some(0),
            Found::Refused(_) => None,
        }
    }

    /// What a cell that does not hold what is due must hold.
    pub fn expects(&self, cell: Cell<'_>) -> Cow<'static, str> {
        if let Some(Found::Refused(expected)) = self.categories().map(|all| all.find(cell)) {
            return Cow::Borrowed(expected);
        }
        if let Some(unit) = self.unit {
            return unit.expects();
        }
        Cow::Borrowed(match &self.encoding {
            Encoding::Boolean {} => "true or false",
            Encoding::Date { order: Some(DateOrder::UnixMs), .. } => "milliseconds since 1970",
            Encoding::Date { order: Some(DateOrder::UnixS), .. } => "seconds since 1970",
            Encoding::Date { order: Some(DateOrder::Excel), .. } => "a serial number of Excel's",
            Encoding::Date { order: Some(DateOrder::Compact), .. } => "a date as yyyymmdd",
            Encoding::Date { order: Some(DateOrder::Clock), .. } => "a time of day such as 12:30",
            Encoding::Date { .. } if matches!(cell, Cell::Number(_)) => {
                "a date; a number is one where it can only be milliseconds or seconds since 1970, a \
                 serial number of Excel's or yyyymmdd"
            }
            Encoding::Date { order: None, .. } => "a date that begins with the year",
            Encoding::Date { order: Some(DateOrder::DayFirst), .. } => "a date, the day first",
            Encoding::Date { order: Some(DateOrder::MonthFirst), .. } => "a date, the month first",
            _ => "a number",
        })
    }

    /// What becomes of missing cells, in words.
    pub fn treatment(&self) -> String {
        let marked = if self.missing { ", and marked" } else { "" };
        match &self.encoding {
            Encoding::Numeric(scaler) => format!("imputed by {}{marked}", scaler.centre()),
            Encoding::OneHot(_) => "no category".to_owned(),
            Encoding::Embedded(_) if self.marked => {
                "as categories never seen, and marked".to_owned()
            }
            Encoding::Embedded(_) => "as categories never seen".to_owned(),
            Encoding::Boolean {} => "between true and false".to_owned(),
            Encoding::Date { .. } => format!("the mean year and no season{marked}"),
        }
    }
}

fn any_missing(column: &Column, rows: &[usize]) -> bool {
    let mut missing = false;
    column.map(rows, |cell| missing |= cell == Cell::Missing, |_, ()| {});
    missing
}

/// The scale of a column of numbers, and whether cells are missing.
fn scaler(
    column: &Column,
    train: Weighted<'_>,
    format: NumberFormat,
    scaling: Scaling,
) -> (Scaler, bool) {
    if scaling == Scaling::Standard {
        let Numbers { moments, missing } = Numbers::of(column, train, format);
        return (Scaler::standard(moments), missing);
    }
    let listed = Listed::of(column, train, format);
    let missing = listed.missing;
    (Scaler::fit(scaling, listed), missing)
}
