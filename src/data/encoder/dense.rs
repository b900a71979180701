//! The dense columns of a feature, written from its cells.

use super::super::boolean;
use super::super::column::Column;
use super::super::date;
use super::super::lookup::Found;
use super::super::number::{self, NumberFormat};
use super::super::table::Cell;
use super::feature::{Encoding, FeatureEncoder};
use super::scaler::{FARTHEST, Scaler};

/// The most dense columns of a feature that is not one-hot: those of a date.
const MOST_DENSE: usize = 8;

impl FeatureEncoder {
    /// Writes the dense columns of some rows into zeros, from place `at` on in rows of this
    /// `width`; false if a cell does not hold what is due.
    pub(super) fn write_rows(
        &self,
        column: &Column,
        rows: &[usize],
        format: NumberFormat,
        out: &mut [f32],
        (at, width): (usize, usize),
    ) -> bool {
        let own = self.width();
        let mut outs = out.chunks_exact_mut(width).map(|row| &mut row[at..at + own]);
        if let Encoding::Numeric(scaler) = &self.encoding {
            let unit_format = format.with(self.unit);
            let mut numbers = Vec::with_capacity(rows.len());
            if column.stretches(rows).all(|stretch| stretch.numbers(unit_format, &mut numbers)) {
                for (out, number) in outs.zip(numbers) {
                    put(number, scaler, out);
                }
                return true;
            }
            return outs.zip(rows).all(|(out, &row)| self.write(column.cell(row), format, out));
        }
        if let Encoding::OneHot(categories) = &self.encoding {
            let mut all = true;
            let find = |cell: Cell<'_>| categories.find(cell);
            column.map(rows, find, |_, found| match (outs.next(), found) {
                (Some(out), Found::Code(code)) => out[code as usize] = 1.0,
                (_, Found::Refused(_)) => all = false,
                _ => {}
            });
            return all;
        }
        let mut all = true;
        let of = |cell: Cell<'_>| {
            let mut dense = [0.0; MOST_DENSE];
            let fits = self.write(cell, format, &mut dense[..own]);
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
    pub fn write(&self, cell: Cell<'_>, format: NumberFormat, out: &mut [f32]) -> bool {
        match &self.encoding {
            Encoding::Numeric(scaler) => match number::of(cell, format.with(self.unit)) {
                Some(number) => {
                    put(number, scaler, out);
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
                let found = categories.find(cell);
                if let Found::Code(code) = found {
                    out[code as usize] = 1.0;
                }
                !matches!(found, Found::Refused(_))
            }
            // Its code is written elsewhere, and a cell refused there.
            Encoding::Embedded(_) => {
                if let (Some(indicator), Cell::Missing) = (out.first_mut(), cell) {
                    *indicator = 1.0;
                }
                true
            }
            Encoding::Boolean {} => match boolean::of(cell) {
                Some(yes) => {
                    out[0] = if yes { 1.0 } else { -1.0 };
                    true
                }
                None => cell == Cell::Missing,
            },
            Encoding::Date { order, time, mean, scale, .. } => match date::of_known(cell, *order) {
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

/// The columns of a date beside the mark of a missing one.
pub(super) fn date_width(time: bool) -> usize {
    if time { 7 } else { 5 }
}

/// Writes a number, or that it is missing, which NaN says.
#[inline]
fn put(number: f64, scaler: &Scaler, out: &mut [f32]) {
    match out {
        _ if !number.is_nan() => out[0] = scaler.scaled(number),
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
