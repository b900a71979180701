//! What is amiss with a table, in sentences, before anything is learnt from it: cells and labels that
//! lie far from all others, and targets that are nearly constant.

use crate::data::{
    Cell, Column, DATED, Feature, FeatureType, NumberFormat, Outliers, Schema, Table, Task,
    is_no_data, numbers, years,
};
use crate::error::{Code, Error, quoted};
use crate::parts::in_parts;
use std::collections::HashMap;

/// Columns of which a sentence is said; the rest is counted.
const MOST_COLUMNS: usize = 8;

/// A target is nearly constant if of so many labels at most one differs from the commonest.
const ONE_IN: usize = 100;

/// Of classes the others are not too few to learn if they are so many.
const ENOUGH: usize = 10;

/// Labels that differ by less than this, as a share of their size, differ by rounding.
const ROUNDING: f64 = 1e-10;

/// Some rows of a table.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'a> {
    pub table: &'a Table,
    pub rows: &'a [usize],
}

/// What is amiss in these rows of a table, which train or validate; those of weight 0 are not looked
/// at.
pub fn of_table(
    table: &Table,
    rows: &[usize],
    schema: &Schema,
    format: NumberFormat,
) -> Vec<String> {
    let weights = schema.sample_weights.as_ref().and_then(|name| table.column(name));
    let counted: Option<Vec<usize>> = weights.map(|column| {
        let weights = numbers(column, rows, format);
        rows.iter().zip(weights).filter(|(_, weight)| *weight > 0.0).map(|(row, _)| *row).collect()
    });
    let of = Rows { table, rows: counted.as_deref().unwrap_or(rows) };
    let mut warnings: Vec<String> =
        schema.tasks.iter().flat_map(|task| labels(of, task, format)).collect();
    let mut features: Vec<(&Feature, Option<String>)> =
        schema.features.iter().map(|feature| (feature, None)).collect();
    let looked: Result<(), ()> = in_parts(&mut features, 1, |_, features| {
        features.iter_mut().for_each(|(feature, found)| *found = cells(of, feature, format));
        Ok(())
    });
    debug_assert!(looked.is_ok());
    let found = || features.iter().filter_map(|(feature, found)| Some((feature, found.as_ref()?)));
    warnings.extend(found().take(MOST_COLUMNS).map(|(_, sentence)| sentence.clone()));
    let more = found().skip(MOST_COLUMNS).map(|(feature, _)| feature.name.as_str());
    match more.clone().count() {
        0 => {}
        1 => warnings.extend(more.map(|name| format!("{} has such cells too.", quoted(name)))),
        count => {
            let first = more.clone().next().unwrap_or_default();
            warnings.push(format!(
                "{} and {} more columns have such cells too.",
                quoted(first),
                count - 1
            ));
        }
    }
    warnings
}

/// Adds to an error of a training that diverged what may have been the cause.
pub fn explain(error: Error, warnings: &[String]) -> Error {
    match (error.code(), warnings.first()) {
        (Code::Diverged, Some(warning)) => error.because(warning),
        _ => error,
    }
}

/// What is amiss with the cells of a feature.
fn cells(of: Rows<'_>, feature: &Feature, format: NumberFormat) -> Option<String> {
    let column = of.table.column(&feature.name)?;
    let so = "beside which the others are all but the same to the network";
    match feature.kind {
        FeatureType::Numeric => {
            let numbers = numbers(column, of.rows, format.with(feature.unit));
            let found = Outliers::of(&numbers)?;
            Some(far_out(of, column, ("cell", "cells"), (&numbers, &found), so))
        }
        FeatureType::Date => undated(of, column, feature),
        _ => None,
    }
}

/// What is amiss with the labels of a task.
fn labels(of: Rows<'_>, task: &Task, format: NumberFormat) -> Vec<String> {
    let Some(column) = of.table.column(&task.name) else { return Vec::new() };
    if let Some(classes) = &task.classes {
        let mut codes = Vec::with_capacity(of.rows.len());
        column.map(of.rows, |cell| classes.code(cell), |_, code| codes.extend(code));
        let name = |code: &u32| quoted(&classes.names()[*code as usize]);
        return nearly_constant(&task.name, &codes, name, ENOUGH).into_iter().collect();
    }
    let numbers = numbers(column, of.rows, format.with(task.unit));
    let bits: Vec<u64> =
        numbers.iter().filter(|number| !number.is_nan()).map(|number| number.to_bits()).collect();
    let name = |bits: &u64| figure(f64::from_bits(*bits));
    if let Some(constant) = nearly_constant(&task.name, &bits, name, usize::MAX) {
        return vec![constant];
    }
    let size = numbers.iter().fold(0.0, |size: f64, number| size.max(number.abs()));
    let ends = numbers.iter().filter(|number| !number.is_nan()).fold(None, |ends, &number| {
        let (low, high) = ends.unwrap_or((number, number));
        Some((number.min(low), number.max(high)))
    });
    if let Some((low, high)) = ends.filter(|(low, high)| high - low <= ROUNDING * size) {
        return vec![format!(
            "The labels of {} lie between {low} and {high}: they differ by no more than rounding, so \
             that there is nothing to learn of them.",
            quoted(&task.name)
        )];
    }
    let so = "so that its loss is nearly all of them and the others are hardly learnt";
    let found = Outliers::of(&numbers);
    let found = found.map(|found| far_out(of, column, ("label", "labels"), (&numbers, &found), so));
    found.into_iter().collect()
}

/// The sentence on labels of which nearly all are the same, unless as many as are `enough` differ.
fn nearly_constant<T: Copy + Eq + std::hash::Hash + Ord>(
    task: &str,
    labels: &[T],
    name: impl Fn(&T) -> String,
    enough: usize,
) -> Option<String> {
    let mut counts: HashMap<T, usize> = HashMap::new();
    labels.iter().for_each(|label| *counts.entry(*label).or_default() += 1);
    // The least of those that are as common, whatever the order of the map.
    let (label, same) =
        counts.into_iter().max_by_key(|(label, count)| (*count, std::cmp::Reverse(*label)))?;
    let (all, others) = (labels.len(), labels.len() - same);
    if others * ONE_IN > all || others >= enough {
        return None;
    }
    if others == 0 {
        return Some(format!(
            "The target {} is constant: all {all} labels are {}, and there is nothing to learn of \
             it. Check that it is the column you mean, or gather rows with other labels.",
            quoted(task),
            name(&label)
        ));
    }
    let rest = match others {
        1 => "one other is too little to learn from, or to score by".to_owned(),
        others => format!("{others} others are too few to learn from, or to score by"),
    };
    Some(format!(
        "The target {} is nearly constant: {same} of {all} labels are {}, and {rest}. Check that it \
         is the column you mean, or gather rows with other labels.",
        quoted(task),
        name(&label)
    ))
}

/// The sentence on numbers far out.
fn far_out(
    of: Rows<'_>,
    column: &Column,
    (one, many): (&str, &str),
    (numbers, found): (&[f64], &Outliers),
    so: &str,
) -> String {
    let Outliers { places, others: [low, high] } = found;
    let all = numbers.iter().filter(|number| !number.is_nan()).count();
    let (farthest, copies) = example(numbers, places, (low + high) / 2.0);
    let (lie, what, them) = match places.len() {
        1 => ("lies", one, format!("this {one}")),
        _ => ("lie", many, format!("these {many}")),
    };
    let row = of.rows[farthest];
    let no_data = is_no_data(numbers[farthest]);
    let token = written(column.cell(row));
    let for_no_data = match no_data {
        true => {
            format!("; or, where {token} stands for no data, say so by csv.missing: ['{token}']")
        }
        false => String::new(),
    };
    let copies =
        if copies > 1 { format!(", as in {} more rows", copies - 1) } else { String::new() };
    format!(
        "{}: {} of {all} {many} {lie} more than 10 deviations out ({}: {token}{copies}; the others \
         lie between {} and {}), {so}. Correct {them} or leave {} out{for_no_data}.",
        quoted(column.name()),
        places.len(),
        place(of.table, row),
        figure(*low),
        figure(*high),
        if what == one { "the row" } else { "the rows" },
    )
}

/// The place to show: of what looks like "no data" and stands there most often, else the farthest; and
/// how often its number stands among those far out.
fn example(numbers: &[f64], places: &[usize], middle: f64) -> (usize, usize) {
    let copies =
        |place: &usize| places.iter().filter(|other| numbers[**other] == numbers[*place]).count();
    // Few distinct ones, or many that are not looked at one by one.
    let no_data = places.iter().filter(|place| is_no_data(numbers[**place])).take(1000);
    let usual = no_data.max_by_key(|place| (copies(place), std::cmp::Reverse(**place)));
    let distance = |place: &usize| (numbers[*place] - middle).abs();
    let farthest =
        places.iter().copied().reduce(|a, b| if distance(&b) > distance(&a) { b } else { a });
    let shown = usual.copied().or(farthest).unwrap_or_default();
    (shown, copies(&shown))
}

/// The sentence on dates of a year that is none.
fn undated(of: Rows<'_>, column: &Column, feature: &Feature) -> Option<String> {
    let years = years(column, of.rows, feature.date_order);
    let numbers: Vec<f64> = years.iter().map(|year| year.map_or(f64::NAN, f64::from)).collect();
    let far = Outliers::of(&numbers).map_or_else(Vec::new, |found| found.places);
    let is_far = |at: usize| far.contains(&at);
    let is_out = |(at, year): (usize, &Option<u32>)| {
        year.is_some_and(|year| !DATED.contains(&year)) || is_far(at)
    };
    let first = years.iter().enumerate().position(is_out)?;
    let count = years.iter().enumerate().filter(|year| is_out(*year)).count();
    let all = years.iter().flatten().count();
    let row = of.rows[first];
    let token = written(column.cell(row));
    Some(format!(
        "{}: {count} of {all} dates are of a year like {} ({}: {token}), beside which the others are \
         all but the same to the network. Where that stands for no date, say so by csv.missing: \
         ['{token}'], or correct it.",
        quoted(column.name()),
        years[first].unwrap_or_default(),
        place(of.table, row),
    ))
}

/// Where a row is: its line, or its place among rows; with its file where it is not of the first.
fn place(table: &Table, row: usize) -> String {
    let error = table.place(Error::new(Code::Schema, ""), row);
    match error.place().file.as_deref().filter(|file| *file != table.source()) {
        Some(file) => format!("{file} {}", table.row_name(row)),
        None => table.row_name(row),
    }
}

/// A cell as it stands in its source.
fn written(cell: Cell<'_>) -> String {
    match cell {
        Cell::Missing => String::new(),
        Cell::Text(text) => text.trim().chars().take(60).filter(|c| !c.is_control()).collect(),
        Cell::Number(number) if number == 0.0 || (1e-6..1e21).contains(&number.abs()) => {
            number.to_string()
        }
        Cell::Number(number) => format!("{number:e}"),
    }
}

/// A number in four digits or so.
fn figure(number: f64) -> String {
    let size = number.abs();
    if number.fract() == 0.0 && size < 1e15 {
        return number.to_string();
    }
    if !(1e-4..1e15).contains(&size) {
        return format!("{number:.3e}");
    }
    let digits = (3.0 - size.log10().floor()).clamp(0.0, 8.0) as usize;
    format!("{number:.digits$}")
}

#[cfg(test)]
#[path = "warnings_tests.rs"]
mod tests;
