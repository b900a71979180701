//! What rows count: the numbers of a weight column. A row of weight 0 counts for nothing, and only
//! the proportions of the others matter.

use super::column::Column;
use super::number::{self, NumberFormat};
use super::table::{Cell, Table};
use crate::error::{Code, Error, Result, quoted};

/// Weights further below the greatest than by this factor are taken for as far below: what follows
/// from them does not show in sums of numbers of 16 digits.
const WIDEST: f64 = 1e15;

/// Rows to fit on, none of them of weight 0.
#[derive(Debug, Clone, Copy)]
pub struct Weighted<'a> {
    /// The rows.
    pub rows: &'a [usize],
    /// What each counts, as [`relative`] has it; none if all count alike.
    pub weights: Option<&'a [f64]>,
}

impl<'a> Weighted<'a> {
    /// Rows that all count alike.
    pub fn alike(rows: &'a [usize]) -> Self {
        Weighted { rows, weights: None }
    }
}

/// What rows count in multiples of the least weight above 0: from 1 up, and 0 for a weight of 0.
/// None if all rows count alike, so that whatever they all count, statistics have the same bits.
pub fn relative(weights: &[f64]) -> Option<Vec<f64>> {
    let positive = weights.iter().copied().filter(|weight| *weight > 0.0);
    let (least, most) = positive
        .fold((f64::INFINITY, 0.0), |(least, most): (f64, f64), it| (least.min(it), most.max(it)));
    if weights.iter().all(|weight| *weight == most) {
        return None;
    }
    let unit = least.max(most / WIDEST);
    let relative = |&weight: &f64| if weight > 0.0 { (weight / unit).max(1.0) } else { 0.0 };
    Some(weights.iter().map(relative).collect())
}

/// Leaves out of a table the rows of weight 0, so that nothing hangs on what stands in them; how
/// many these are. The other weights are checked too: see [`check`].
pub fn leave_out(table: &mut Table, name: &str, format: NumberFormat) -> Result<usize> {
    let Some(column) = table.column(name) else { return Ok(0) };
    table.require_readable(name)?;
    let weights = check(table, column, format)?;
    let kept: Vec<usize> = (0..weights.len()).filter(|&row| weights[row] > 0.0).collect();
    let left_out = weights.len() - kept.len();
    if left_out > 0 {
        table.keep(&kept);
    }
    Ok(left_out)
}

/// The weights of some rows: finite numbers from 0 up, one in every cell.
pub fn read(
    table: &Table,
    column: &Column,
    rows: &[usize],
    format: NumberFormat,
    code: Code,
) -> Result<Vec<f64>> {
    let mut weights = Vec::with_capacity(rows.len());
    if column.stretches(rows).all(|stretch| stretch.numbers(format, &mut weights))
        && weights.iter().all(|weight| *weight >= 0.0)
    {
        return Ok(weights);
    }
    // Something is wrong: cell by cell, which is the first?
    let weight = |&row: &usize| {
        let cell = column.cell(row);
        number::of(cell, format).filter(|weight| *weight >= 0.0).ok_or_else(|| {
            let found = match cell {
                Cell::Text(text) => quoted(text),
                Cell::Number(number) => number.to_string(),
                Cell::Missing => "nothing".to_owned(),
            };
            let message = format!("expected the weight of the row, from 0 up, found {found}");
            table.place(Error::new(code, message).column(column.name()), row)
        })
    };
    rows.iter().map(weight).collect()
}

/// The weights of a whole table: an error unless they can be read and some row counts.
pub fn check(table: &Table, column: &Column, format: NumberFormat) -> Result<Vec<f64>> {
    let rows: Vec<usize> = (0..table.rows()).collect();
    let weights = read(table, column, &rows, format, Code::Schema)?;
    if weights.iter().any(|weight| *weight > 0.0) {
        return Ok(weights);
    }
    let message = "every row has weight 0, so that no row counts";
    Err(Error::new(Code::Schema, message).file(table.source()).column(column.name()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::TableBuilder;

    #[test]
    fn only_proportions_matter() {
        assert_eq!(relative(&[2.0, 6.0, 0.0, 4.0]), Some(vec![1.0, 3.0, 0.0, 2.0]));
        for equal in [&[][..], &[0.0, 0.0], &[1.0], &[5e-324; 3], &[f64::MAX; 3]] {
            assert_eq!(relative(equal), None, "{equal:?}");
        }
        let widest = relative(&[5e-324, f64::MAX, 1.0]).unwrap();
        assert_eq!(widest, [1.0, WIDEST, 1.0]);
    }

    #[test]
    fn rows_of_weight_0_are_left_out_and_others_keep_their_names() {
        let table = |weights: &[Cell<'_>]| {
            let mut builder = TableBuilder::from_rows(["w".to_owned(), "x".to_owned()]);
            for (row, weight) in weights.iter().enumerate() {
                builder.push(0, [*weight, Cell::Number(row as f64)]);
            }
            builder.build()
        };
        let number = Cell::Number;
        let mut some = table(&[number(0.0), number(2.0), Cell::Text("0.0"), Cell::Text("1")]);
        assert_eq!(leave_out(&mut some, "w", NumberFormat::POINT).unwrap(), 2);
        assert!(some.columns()[1].cells().eq([number(1.0), number(3.0)]));
        assert_eq!(some.row_name(1), "rows[3]");
        assert_eq!(leave_out(&mut some, "w", NumberFormat::POINT).unwrap(), 0);
        // The table need not have the column.
        assert_eq!(leave_out(&mut some, "v", NumberFormat::POINT).unwrap(), 0);
        for (cells, message) in [
            ([number(0.0), number(-0.0)], "every row has weight 0"),
            ([number(0.0), number(-1.0)], "found -1"),
            ([Cell::Missing, number(0.0)], "found nothing"),
        ] {
            let error = leave_out(&mut table(&cells), "w", NumberFormat::POINT).unwrap_err();
            assert!(error.message().contains(message), "{error}");
        }
    }
}
