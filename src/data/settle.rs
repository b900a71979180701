//! What the tokens mean in each column of a table to learn from: a token that is a class is that
//! class, and `-` and `.` are missing among numbers and dates, and texts elsewhere. How many cells
//! were taken for missing by default is kept, to be told.

use super::categories::Categories;
use super::column::{Column, Word};
use super::feature::{Declared, Feature, FeatureType};
use super::lookup::Identity;
use super::missing::MissingTokens;
use super::number::NumberFormat;
use super::profile::{Order, Profile};
use super::schema::{Schema, SchemaOptions};
use super::table::{Cell, Table};
use super::target_choice::{ClassWeights, TargetChoice};
use super::task::TaskType;
use super::unit::Unit;
use crate::parts::in_parts;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Tokens of one column that were taken for missing because they are so by default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// The column.
    pub column: String,
    /// Each token with the number of its cells, the most frequent first.
    pub tokens: Vec<(String, usize)>,
}

/// Settles a table whose tokens were marked, by what the user said of its columns and by what
/// stands in them.
pub fn settle(table: &mut Table, tokens: &MissingTokens, options: &SchemaOptions) {
    let format = options.format();
    // Nothing of it can fail.
    let _ = in_parts(table.columns_mut(), 1, |_, columns| {
        for column in columns {
            mark_amounts(column, tokens, format.with(declared_unit(options, column.name())));
            if column.is_marked() {
                settle_column(column, tokens, options, format);
            }
        }
        Ok::<(), ()>(())
    });
}

/// What a column was declared to have beside its numbers.
fn declared_unit(options: &SchemaOptions, name: &str) -> Option<Unit> {
    let target = options.targets.iter().find(|target| target.name == name);
    match options.types.iter().rfind(|(column, _)| column == name) {
        Some((_, Declared::Numbers(unit))) => Some(*unit),
        _ => target?.unit,
    }
}

/// Marks the tokens that are numbers as a column of amounts writes them.
pub fn mark_amounts(column: &mut Column, tokens: &MissingTokens, format: NumberFormat) {
    if format.unit.is_some() {
        column.mark(tokens, &tokens.numbers(format));
    }
}

/// Settles the column of groups: a text that is missing by default names a group like any other,
/// unless groups are numbers or dates.
pub fn settle_groups(
    table: &mut Table,
    name: &str,
    tokens: &MissingTokens,
    options: &SchemaOptions,
) {
    let column = table.columns_mut().iter_mut().find(|column| column.name() == name);
    let Some(column) = column.filter(|column| !holds_numbers(column, true, options.format()))
    else {
        return;
    };
    column.restore(|word| !tokens.is_default(&word.text()));
}

fn settle_column(
    column: &mut Column,
    tokens: &MissingTokens,
    options: &SchemaOptions,
    format: NumberFormat,
) {
    let target = options.targets.iter().find(|target| target.name == column.name());
    if let Some(classes) = target.and_then(|target| classes_of(target, format)) {
        column.restore(|word| classes.code(word.cell()).is_none());
    }
    let numeric = |word: &Word| matches!(word, Word::Text(text) if tokens.is_numeric(text));
    if !column.words().iter().any(|(word, _)| numeric(word)) {
        return;
    }
    let types = options.types.iter().rfind(|(name, _)| name == column.name());
    let numbers = match (target.and_then(|target| target.kind), types) {
        (Some(TaskType::Regression | TaskType::Count), _) => true,
        (_, Some((_, Declared::As(FeatureType::Categorical | FeatureType::Boolean)))) => false,
        (_, Some(_)) => true,
        _ if holds_numbers(column, target.is_none(), format) => true,
        // The decimal mark of the file is found later.
        _ if options.decimal.is_none() => {
            holds_numbers(column, false, NumberFormat { decimal: b',', ..format })
        }
        _ => false,
    };
    if !numbers {
        column.restore(|word| !numeric(word));
    }
}

/// The classes that a user named, by listing or by weighing them.
fn classes_of(target: &TargetChoice, format: NumberFormat) -> Option<Categories> {
    let listed = target.classes.iter().flatten();
    let weighed = match &target.objective.class_weights {
        Some(ClassWeights::Each(weights)) => weights.as_slice(),
        _ => &[],
    };
    let names: Vec<String> = listed.chain(weighed.iter().map(|(name, _)| name)).cloned().collect();
    (!names.is_empty()).then(|| Categories::new(names, format, Identity::default()))
}

/// Whether all cells but the missing ones are numbers, or `dates`.
fn holds_numbers(column: &Column, dates: bool, format: NumberFormat) -> bool {
    let profile = Profile::of(column, format);
    let ordered = matches!(profile.dates(), Some(Order::Iso | Order::Known(_)));
    profile.observed > 0 && (profile.is_numeric() || (dates && ordered))
}

impl Schema {
    /// Settles a further table of the same columns, such as a file of validation rows.
    pub fn settle(&self, table: &mut Table, tokens: &MissingTokens) {
        let features = self.features.iter().map(|feature| (feature.name.as_str(), feature));
        let features: HashMap<&str, &Feature> = features.collect();
        let format = self.format();
        for column in table.columns_mut() {
            let task = self.tasks.iter().find(|task| task.name == column.name());
            let feature = features.get(column.name());
            let unit = task.map_or_else(|| feature.and_then(|it| it.unit), |task| task.unit);
            mark_amounts(column, tokens, format.with(unit));
            if !column.is_marked() {
                continue;
            }
            let kind = feature.map(|feature| feature.kind);
            let classes = task.and_then(|task| task.classes.as_ref());
            let numbers = match task {
                Some(_) => classes.is_none_or(|classes| classes.numbers().is_some()),
                None => matches!(kind, Some(FeatureType::Numeric | FeatureType::Date)),
            };
            column.restore(|word| stays(word, classes, numbers, tokens));
        }
    }

    /// The tokens that were taken for missing by default where a text may well have been meant: in
    /// targets, and in features that are no numbers or dates.
    pub fn taken(&self, table: &Table, tokens: &MissingTokens) -> Vec<Taken> {
        let texts = self.features.iter().filter(|feature| {
            matches!(feature.kind, FeatureType::Categorical | FeatureType::Boolean)
        });
        let names = self.tasks.iter().map(|task| &task.name);
        let names = names.chain(texts.map(|feature| &feature.name));
        let taken = names.filter_map(|name| {
            let words = table.column(name)?.words().into_iter();
            let mut tokens: Vec<(String, usize)> = words
                .map(|(word, count)| (word.text(), count))
                .filter(|(text, _)| tokens.is_default(text))
                .collect();
            tokens.sort_by(|(one, few), (other, many)| many.cmp(few).then(one.cmp(other)));
            (!tokens.is_empty()).then(|| Taken { column: name.clone(), tokens })
        });
        taken.collect()
    }
}

/// Whether a token is missing in a column of these categories or classes, if it has some, or of
/// `numbers` or dates.
pub fn stays(
    word: &Word,
    known: Option<&Categories>,
    numbers: bool,
    tokens: &MissingTokens,
) -> bool {
    if known.is_some_and(|known| known.code(word.cell()).is_some()) {
        return false;
    }
    match word.cell() {
        Cell::Text(text) => numbers || !tokens.is_numeric(text),
        _ => true,
    }
}

#[cfg(test)]
#[path = "settle_tests.rs"]
mod tests;
