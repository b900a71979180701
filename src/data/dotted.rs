//! Columns of numbers with points that may as well stand between thousands, as on the continent:
//! `1.000` beside `350`.

use super::column::{Column, Decimals, Part};
use super::number::{self, NumberFormat};
use super::number_spelling::{Marks, Spelled};
use super::table::Cell;
use std::collections::HashSet;

/// So many different numbers of each kind show a habit; a single one may be a slip or a sentinel.
const SEVERAL: usize = 2;
/// Whole numbers from here on have as many digits as a group of thousands.
const THREE_DIGITS: u64 = 100;

/// What one cell is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A point and three digits behind it: `1.000`.
    Dotted,
    /// A whole number of three or more digits without a point.
    Large(u64),
    /// It tells nothing.
    Other,
    /// Here the point is the decimal sign: `0.5`.
    Decimal,
}

/// The first row with a point, if every cell with one has the form of thousands apart, and both such
/// cells and whole numbers of three or more digits without a point stand in the column. Measures
/// with three decimals are seldom whole numbers of that size.
pub fn may_be_thousands(column: &Column) -> Option<usize> {
    let (mut first, mut large) = (None, HashSet::new());
    for (start, part) in column.parts() {
        for at in 0..part.len() {
            match kind(part, at) {
                Kind::Decimal => return None,
                Kind::Other => {}
                Kind::Large(number) if large.len() < SEVERAL => {
                    large.insert(number);
                }
                Kind::Large(_) => {}
                Kind::Dotted => {
                    first.get_or_insert(start + at);
                }
            }
        }
    }
    let first = first.filter(|_| large.len() >= SEVERAL)?;
    (first..column.len()).any(|row| is_another(column, first, row)).then_some(first)
}

/// Whether a cell has a point too, and is not the same.
fn is_another(column: &Column, first: usize, row: usize) -> bool {
    let text = column.text(row);
    text.contains('.') && text != column.text(first)
}

fn kind(part: &Part, at: usize) -> Kind {
    match part {
        Part::Decimals(decimals) => match decimals.written(at) {
            Some((digits, 0)) if digits >= THREE_DIGITS => Kind::Large(digits),
            Some((_, 0)) => Kind::Other,
            Some((1_000..=999_999, 3)) => Kind::Dotted,
            Some(_) => Kind::Decimal,
            None => of_odd(decimals, at),
        },
        part => of_cell(part.cell(at)),
    }
}

fn of_odd(decimals: &Decimals, at: usize) -> Kind {
    if decimals.is_missing(at) { Kind::Other } else { of_cell(decimals.cell(at)) }
}

fn of_cell(cell: Cell<'_>) -> Kind {
    let of_number = |number: f64| match number.abs() {
        size if size.fract() == 0.0 && size >= THREE_DIGITS as f64 => Kind::Large(size as u64),
        _ => Kind::Other,
    };
    match cell {
        Cell::Missing => Kind::Other,
        Cell::Number(number) => of_number(number),
        Cell::Text(text) if text.contains('.') => {
            // Numbers with an exponent have one way.
            let marks = Spelled::of(text).map_or(Marks::of("0.5"), |spelled| spelled.marks);
            if marks.has(b',', Some(b'.')) { Kind::Dotted } else { Kind::Decimal }
        }
        Cell::Text(text) => number::parse(text, NumberFormat::POINT).map_or(Kind::Other, of_number),
    }
}
