//! One feature column: standardised numbers, one-hot categories, or codes for an embedding.

use super::super::boolean;
use super::super::categories::Categories;
use super::super::column::Column;
use super::super::date::{self, Date, DateOrder};
use super::super::feature::{Feature, FeatureType};
use super::super::number;
use super::super::table::Cell;
use super::moments::{Moments, Numbers};
use serde::{Deserialize, Serialize};

/// Up to this many categories are one-hot, more are embedded.
const MOST_ONE_HOT: usize = 9;

/// The most dense columns that a feature makes.
const MOST_DENSE: usize = MOST_ONE_HOT;

/// Standardised values are kept within this, so that no input, however far out, overflows.
pub(super) const FARTHEST: f64 = 1e9;

/// A fitted feature column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FeatureEncoder {
    name: String,
    /// Whether cells were missing in the training rows.
    missing: bool,
    encoding: Encoding,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
enum Encoding {
    /// `(x - mean) / scale`, a missing cell is the mean; beside it an indicator of missing cells,
    /// if there were any.
    Numeric { mean: f64, scale: f64 },
    /// One column per category, all zero for a missing or unseen one.
    OneHot(Categories),
    /// The code plus one, 0 for a missing or unseen category or one of a single training row.
    Embedded(Categories),
    /// 1 for true, -1 for false, 0 for a missing cell.
    Boolean {},
    /// The year, `(year - mean) / scale`; then sine and cosine of the season, of the weekday and,
    /// if the training rows hold times of day, of the hour: so that December lies beside January
    /// and Sunday beside Monday. A missing cell is all zeros, and marked as in `Numeric`.
    Date { order: Option<DateOrder>, time: bool, mean: f64, scale: f64 },
}

impl FeatureEncoder {
    /// Fits a column on the training rows.
    pub fn fit(feature: &Feature, column: &Column, train: &[usize], decimal: u8) -> Self {
        let missing;
        let encoding = match feature.kind {
            FeatureType::Numeric => {
                return Self::of_numbers(feature, Numbers::of(column, train, decimal));
            }
            FeatureType::Categorical => {
                missing = any_missing(column, train);
                let categories = Categories::of_rows(column, train, decimal, |_| true);
                match categories.len() {
                    1..=MOST_ONE_HOT => Encoding::OneHot(categories),
                    _ => Encoding::Embedded(recurring(&categories, column, train, decimal)),
                }
            }
            FeatureType::Boolean => {
                missing = any_missing(column, train);
                Encoding::Boolean {}
            }
            FeatureType::Date => {
                missing = any_missing(column, train);
                let order = feature.date_order;
                let (mut years, mut time) = (Moments::default(), false);
                let date = |cell: Cell<'_>| date_in(cell, order).map(|date| (date.year, date.hour));
                column.map(train, date, |_, date| {
                    let Some((year, hour)) = date else { return };
                    years.add(f64::from(year));
                    // Midnight throughout is how a date is written that has no time.
                    time |= hour.is_some_and(|hour| hour > 0.0);
                });
                let (mean, scale) = years.finish();
                Encoding::Date { order, time, mean, scale }
            }
        };
        FeatureEncoder { name: feature.name.clone(), missing, encoding }
    }

    fn of_numbers(feature: &Feature, Numbers { moments, missing }: Numbers) -> Self {
        let (mean, scale) = moments.finish();
        let encoding = Encoding::Numeric { mean, scale };
        FeatureEncoder { name: feature.name.clone(), missing, encoding }
    }

    /// Whether an encoder from a file can be used.
    pub fn is_valid(&self) -> bool {
        match &self.encoding {
            Encoding::Numeric { mean, scale } | Encoding::Date { mean, scale, .. } => {
                mean.is_finite() && scale.is_finite() && *scale > 0.0
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

    /// Mean and scale of a numeric column.
    pub fn numeric(&self) -> Option<(f64, f64)> {
        match &self.encoding {
            Encoding::Numeric { mean, scale } => Some((*mean, *scale)),
            _ => None,
        }
    }

    /// How many dense columns it makes.
    pub fn width(&self) -> usize {
        match &self.encoding {
            Encoding::Numeric { .. } => 1 + usize::from(self.missing),
            Encoding::OneHot(categories) => categories.len(),
            Encoding::Embedded(_) => 0,
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

    /// The code of a cell of an embedded column.
    pub fn code(&self, cell: Cell<'_>) -> u32 {
        self.categories().and_then(|categories| categories.code(cell)).map_or(0, |code| code + 1)
    }

    /// What a cell must hold, if it must.
    pub fn expects(&self) -> &'static str {
        match &self.encoding {
            Encoding::Boolean {} => "true or false",
            Encoding::Date { order: None, .. } => "a date that begins with the year",
            Encoding::Date { order: Some(DateOrder::DayFirst), .. } => "a date, the day first",
            Encoding::Date { order: Some(DateOrder::MonthFirst), .. } => "a date, the month first",
            _ => "a number",
        }
    }

    /// What becomes of missing cells, in words.
    pub fn treatment(&self) -> &'static str {
        match (&self.encoding, self.missing) {
            (Encoding::Numeric { .. }, true) => "imputed by the mean, and marked",
            (Encoding::Numeric { .. }, false) => "imputed by the mean",
            (Encoding::OneHot(_), _) => "no category",
            (Encoding::Embedded(_), _) => "as categories never seen",
            (Encoding::Boolean {}, _) => "between true and false",
            (Encoding::Date { .. }, true) => "the mean year and no season, and marked",
            (Encoding::Date { .. }, false) => "the mean year and no season",
        }
    }

    /// Writes the dense columns of some rows into zeros, from place `at` on in rows of this
    /// `width`; false if a cell does not hold what is due.
    pub(super) fn write_rows(
        &self,
        column: &Column,
        rows: &[usize],
        decimal: u8,
        out: &mut [f32],
        (at, width): (usize, usize),
    ) -> bool {
        let own = self.width();
        let mut outs = out.chunks_exact_mut(width).map(|row| &mut row[at..at + own]);
        if let Encoding::Numeric { mean, scale } = self.encoding {
            let mut numbers = Vec::with_capacity(rows.len());
            if column.stretches(rows).all(|stretch| stretch.numbers(decimal, &mut numbers)) {
                for (out, number) in outs.zip(numbers) {
                    standardise(number, mean, scale, out);
                }
                return true;
            }
            return outs.zip(rows).all(|(out, &row)| self.write(column.cell(row), decimal, out));
        }
        let mut all = true;
        let of = |cell: Cell<'_>| {
            let mut dense = [0.0; MOST_DENSE];
            let fits = self.write(cell, decimal, &mut dense[..own]);
            (dense, fits)
        };
        column.map(rows, of, |_, (dense, fits)| {
            all &= fits;
            if let Some(out) = outs.next() {
                out.copy_from_slice(&dense[..own]);
            }
        });
        all
    }

    /// Writes the dense columns of a cell into zeros; false if the cell does not hold what is due.
    pub fn write(&self, cell: Cell<'_>, decimal: u8, out: &mut [f32]) -> bool {
        match &self.encoding {
            Encoding::Numeric { mean, scale } => match number::of(cell, decimal) {
                Some(number) => {
                    standardise(number, *mean, *scale, out);
                    number.is_finite()
                }
                None => {
                    if let Some(indicator) = out.get_mut(1) {
                        *indicator = 1.0;
                    }
                    cell == Cell::Missing
                }
            },
            Encoding::OneHot(categories) => {
                if let Some(code) = categories.code(cell) {
                    out[code as usize] = 1.0;
                }
                true
            }
            Encoding::Embedded(_) => true,
            Encoding::Boolean {} => match boolean::of(cell) {
                Some(yes) => {
                    out[0] = if yes { 1.0 } else { -1.0 };
                    true
                }
                None => cell == Cell::Missing,
            },
            Encoding::Date { order, time, mean, scale } => match date_in(cell, *order) {
                Some(date) => {
                    let year = (f64::from(date.year) - mean) / scale;
                    out[0] = year.clamp(-FARTHEST, FARTHEST) as f32;
                    circle(date.season(), &mut out[1..3]);
                    circle(f64::from(date.weekday()) / 7.0, &mut out[3..5]);
                    if *time {
                        circle(date.hour.unwrap_or(0.0) / 24.0, &mut out[5..7]);
                    }
                    true
                }
                None => {
                    if let Some(indicator) = out.get_mut(date_width(*time)) {
                        *indicator = 1.0;
                    }
                    cell == Cell::Missing
                }
            },
        }
    }
}

fn any_missing(column: &Column, rows: &[usize]) -> bool {
    let mut missing = false;
    column.map(rows, |cell| missing |= cell == Cell::Missing, |_, ()| {});
    missing
}

/// The categories that more than one training row has. Of the others there is nothing to learn but
/// how a category looks that was never seen, and that must be learnt: new rows will bring such.
fn recurring(all: &Categories, column: &Column, train: &[usize], decimal: u8) -> Categories {
    let mut counts = vec![0; all.len()];
    let count = |_, code: Option<u32>| {
        if let Some(code) = code {
            counts[code as usize] += 1;
        }
    };
    column.map(train, |cell| all.code(cell), count);
    let often = |cell: Cell<'_>| all.code(cell).is_some_and(|code| counts[code as usize] > 1);
    Categories::of_rows(column, train, decimal, often)
}

/// The columns of a date beside the mark of a missing one.
fn date_width(time: bool) -> usize {
    if time { 7 } else { 5 }
}

fn date_in(cell: Cell<'_>, order: Option<DateOrder>) -> Option<Date> {
    match cell {
        Cell::Text(text) => date::parse(text, order),
        _ => None,
    }
}

/// Writes a number, or that it is missing, which NaN says.
#[inline]
fn standardise(number: f64, mean: f64, scale: f64, out: &mut [f32]) {
    match out {
        _ if !number.is_nan() => {
            out[0] = ((number - mean) / scale).clamp(-FARTHEST, FARTHEST) as f32;
        }
        [_, missing] => *missing = 1.0,
        _ => {}
    }
}

/// A place on a circle, `share` of the way round.
fn circle(share: f64, out: &mut [f32]) {
    // Of libm, as the same model must give the same bits on every system.
    let angle = share * std::f64::consts::TAU;
    (out[0], out[1]) = (libm::sin(angle) as f32, libm::cos(angle) as f32);
}
