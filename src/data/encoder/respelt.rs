//! Labels that write a number in two ways, of which training knew one.

use super::super::categories::Categories;
use super::super::column::Column;
use super::super::lookup::Identity;
use super::super::table::{Cell, Table};
use super::code;
use crate::error::{Error, Result, quoted};
use std::collections::HashMap;

/// An error where labels write a number in two ways, of which the classes know one: `1.1` and
/// `1.10` may be two versions, and the second one new.
pub(super) fn one_spelling(
    classes: &Categories,
    table: &Table,
    column: &Column,
    rows: &[usize],
) -> Result<()> {
    if classes.identity() != Identity::Value || !classes.any_number() {
        return Ok(());
    }
    let (mut known, mut any) = (HashMap::new(), false);
    let second = |cell: Cell<'_>| any |= second_spelling(classes, cell, &mut known).is_some();
    column.map(rows, second, |_, ()| {});
    if !any {
        return Ok(());
    }
    known.clear();
    for &row in rows {
        let cell = column.cell(row);
        if let (Cell::Text(text), Some((class, first))) =
            (cell, second_spelling(classes, cell, &mut known))
        {
            let class = &classes.names()[class as usize];
            let message = format!(
                "{} and {} are one number, and training knew one way to write it, {}; write them \
                 alike if they are one class, else train with both",
                quoted(&first),
                quoted(text),
                quoted(class)
            );
            return Err(table.place(Error::new(code(table), message).column(column.name()), row));
        }
    }
    Ok(())
}

/// The class of a label and how it was written before, if that was in another way.
fn second_spelling(
    classes: &Categories,
    cell: Cell<'_>,
    known: &mut HashMap<u32, String>,
) -> Option<(u32, String)> {
    let (Cell::Text(text), Some(class)) = (cell, classes.code(cell)) else { return None };
    let usual = classes.usual_number(text)?;
    let first = known.entry(class).or_insert_with(|| usual.clone().into_owned());
    (*first != usual).then(|| (class, first.clone()))
}
