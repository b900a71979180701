//! Labels that are no classes: dates, free text, and texts that hardly ever repeat.

use super::column::Column;
use super::date::DateOrder;
use super::profile::Order;
use super::refusal::{Asked, key};
use super::table::Cell;
use crate::error::{Code, Error, Result, quoted};
use std::collections::HashSet;

/// Fewer labels than this cannot tell.
const FEWEST: usize = 20;
/// So many different texts are looked at.
const LOOKED_AT: usize = 1000;
/// From so many words on, on average, a text is a sentence.
const SENTENCE: f64 = 4.0;
/// Of so few classes, or of those with so many labels each, sentences may well be names.
const FEW_CLASSES: usize = 10;
const LABELS_OF_CLASS: usize = 10;

/// An error if the labels are dates.
pub fn refuse_dates(asked: &Asked<'_>) -> Result<()> {
    // Times of day may well be classes, such as slots.
    if matches!(asked.profile.dates(), None | Some(Order::Known(DateOrder::Clock))) {
        return Ok(());
    }
    let example = examples(asked.column).next().map_or_else(String::new, |text| quoted(&text));
    Err(fail(
        asked,
        format!(
            "the labels are dates, such as {example}, and no task predicts dates; make them \
             numbers, such as days since one of them, or set targets: {{ {}: 'classification' }} if \
             they are classes",
            key(asked.column.name())
        ),
    ))
}

/// An error if the labels are sentences, most of which do not stand in many rows.
pub fn refuse_free_text(asked: &Asked<'_>) -> Result<()> {
    let (distinct, observed) = (asked.profile.distinct, asked.profile.observed);
    if distinct <= FEW_CLASSES || observed >= LABELS_OF_CLASS * distinct {
        return Ok(());
    }
    let words = words(asked.column);
    if words < SENTENCE {
        return Ok(());
    }
    Err(fail(
        asked,
        format!(
            "the labels look like free text: {distinct} different ones of {words:.0} words on \
             average in {observed} rows; name another target, or set targets: {{ {}: \
             'classification' }} if they are classes",
            key(asked.column.name())
        ),
    ))
}

/// An error if more than half of the labels are unique; `declared` says that they were said to be
/// classes.
pub fn refuse_unique(asked: &Asked<'_>, declared: bool, kind: &str) -> Result<()> {
    let (distinct, observed) = (asked.profile.distinct, asked.profile.observed);
    if observed < FEWEST || 2 * distinct <= observed {
        return Ok(());
    }
    let numbers = asked.profile.is_numeric();
    let look = match words(asked.column) {
        _ if numbers => "are numbers of which most stand in one row",
        words if words >= SENTENCE - 1.0 => "look like free text",
        _ if asked.profile.dates().is_some() => "are dates",
        _ => "look like identifiers or names",
    };
    let cure = match (declared, numbers) {
        (_, true) => format!("set targets: {{ {}: 'regression' }}", key(asked.column.name())),
        (true, false) => "name another target, or put classes together".to_owned(),
        (false, false) => "name another target".to_owned(),
    };
    let mixed = match asked.profile.numbers {
        0 => String::new(),
        _ if numbers => String::new(),
        1 => ", 1 of them a number".to_owned(),
        count => format!(", {count} of them numbers"),
    };
    Err(fail(
        asked,
        format!(
            "the labels {look}: {distinct} different ones in {observed} rows{mixed}, too many for a \
             {kind}, of which each class must stand in several rows; {cure}"
        ),
    ))
}

fn fail(asked: &Asked<'_>, message: String) -> Error {
    let name = asked.column.name();
    Error::new(Code::Schema, message).file(asked.table.source()).column(name).task(name)
}

/// How many words a text has on average.
fn words(column: &Column) -> f64 {
    let (mut words, mut texts) = (0, 0);
    for text in examples(column) {
        words += text.split_whitespace().count();
        texts += 1;
    }
    words as f64 / f64::from(texts.max(1))
}

/// The first different texts.
fn examples(column: &Column) -> impl Iterator<Item = String> {
    let mut seen = HashSet::new();
    let texts = column.cells().filter_map(move |cell| match cell {
        Cell::Text(text) if seen.insert(text.to_owned()) => Some(text.to_owned()),
        _ => None,
    });
    texts.take(LOOKED_AT)
}

#[cfg(test)]
#[path = "labels_tests.rs"]
mod tests;
