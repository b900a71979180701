//! Which categories of a column are common enough to be told apart.

use super::super::categories::Categories;
use super::super::column::Column;
use super::super::lookup::Identity;
use super::super::number::NumberFormat;
use super::super::preprocessing::{MOST_RARE, Preprocessing};
use super::super::table::Cell;
use super::super::values::Equal;

/// The categories of a column that are told apart, and whether they are one-hot.
pub fn categories(
    column: &Column,
    train: &[usize],
    format: NumberFormat,
    preprocessing: &Preprocessing,
) -> (Categories, bool) {
    let mut all = Categories::of_rows(column, train, format, |_| true);
    let some = train.len() < column.len();
    if some && all.any_number() && all.identity() != Identity::Text {
        // Rows that do not train tell as well whether numbers are written in two ways.
        all = all.compared_as(&Categories::of_column(column, format, Equal::Written));
    }
    let is_one_hot = |found: &Categories| (1..=preprocessing.one_hot).contains(&found.len());
    let few = is_one_hot(&all);
    let hides = preprocessing.unseen > 0.0 && all.len() <= MOST_RARE;
    let least = preprocessing.min_frequency.unwrap_or(if few || hides { 1 } else { 2 });
    if least <= 1 {
        return (all, few);
    }
    let common = of_rows(&all, column, train, format, least);
    // Where it was chosen, what is left after it is counted.
    let one_hot = preprocessing.min_frequency.is_some() && is_one_hot(&common);
    (common, one_hot)
}

/// The categories that at least so many training rows have. Of the others there is little to learn
/// but how a category looks that was never seen, and that must be learnt: new rows will bring such.
fn of_rows(
    all: &Categories,
    column: &Column,
    train: &[usize],
    format: NumberFormat,
    least: usize,
) -> Categories {
    let mut counts = vec![0; all.len()];
    let count = |_, code: Option<u32>| {
        if let Some(code) = code {
            counts[code as usize] += 1;
        }
    };
    column.map(train, |cell| all.code(cell), count);
    let common = |cell: Cell<'_>| all.code(cell).is_some_and(|code| counts[code as usize] >= least);
    Categories::of_rows(column, train, format, common).compared_as(all)
}
