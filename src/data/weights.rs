//! What rows count: the numbers of a weight column.

use super::column::Column;
use super::number::{self, NumberFormat};
use super::table::{Cell, Table};
use crate::error::{Code, Error, Result, quoted};

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

/// Checks the weights of a whole table: they can be read, and not all rows count for nothing.
pub fn check(table: &Table, column: &Column, format: NumberFormat) -> Result<()> {
    let rows: Vec<usize> = (0..table.rows()).collect();
    let weights = read(table, column, &rows, format, Code::Schema)?;
    if weights.iter().any(|weight| *weight > 0.0) {
        return Ok(());
    }
    let message = "every row has weight 0, which leaves nothing to learn from";
    Err(Error::new(Code::Schema, message).file(table.source()).column(column.name()))
}
