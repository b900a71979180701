//! Which columns are features, which are tasks, and of what type: read off all rows of a table.

use super::column::Column;
use super::feature::{Declared, Feature, FeatureType, Found, feature};
use super::number::NumberFormat;
use super::preprocessing::Preprocessing;
use super::table::Table;
use super::task::{TargetChoice, Task, TaskType};
use super::weights;
use crate::error::{Code, Error, Result, nearest, quoted};
use crate::parts::in_parts;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// What the user said of the columns.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SchemaOptions {
    /// The targets; empty for the last column.
    pub targets: Vec<TargetChoice>,
    /// The only features, if given.
    pub include: Option<Vec<String>>,
    /// Columns that are not features.
    pub exclude: Vec<String>,
    /// Types that are not inferred.
    pub types: Vec<(String, Declared)>,
    /// The column that says what each row counts, if any.
    pub sample_weights: Option<String>,
    /// How features become numbers.
    pub preprocessing: Preprocessing,
    /// Whether regressions answer within the range of their training labels, if not said of each.
    pub clamp: bool,
    /// The share of the labels of classifications that is spread over all classes, if not said of
    /// each.
    pub label_smoothing: f64,
    /// The decimal mark; 0 means `.`.
    pub decimal: u8,
}

/// A column that is not used, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dropped {
    /// The column.
    pub name: String,
    /// Why, as a sentence's end: `constant: every row is "x"`.
    pub reason: String,
}

/// The columns as understood.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Schema {
    /// The features in column order.
    pub features: Vec<Feature>,
    /// The tasks in the order in which they were named.
    pub tasks: Vec<Task>,
    /// The rest.
    pub dropped: Vec<Dropped>,
    /// The column that says what each row counts, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample_weights: Option<String>,
    /// How features become numbers.
    #[serde(default, skip_serializing_if = "Preprocessing::is_default")]
    pub preprocessing: Preprocessing,
    /// The decimal mark.
    pub decimal: char,
}

impl Schema {
    /// Reads the schema off a table.
    pub fn infer(table: &Table, options: &SchemaOptions) -> Result<Self> {
        let decimal = if options.decimal == 0 { b'.' } else { options.decimal };
        let format = NumberFormat { decimal };
        let names = Names::new(table);
        names.check(options)?;
        let weighs = |column: &&Column| options.sample_weights.as_deref() == Some(column.name());
        let last = table.columns().iter().rfind(|column| !weighs(column));
        let last = last.map(|column| TargetChoice::new(column.name(), None));
        let choices = match options.targets.as_slice() {
            [] => last.as_slice(),
            targets => targets,
        };
        let mut tasks = Vec::new();
        for choice in choices {
            let column = names.column(&choice.name, "targets")?;
            let mut task = Task::of(table, column, choice, format)?;
            if choice.clamp.is_none() {
                task.clamp = options.clamp && task.kind == TaskType::Regression;
            }
            if !choice.smooths && task.kind == TaskType::Classification {
                task.objective.label_smoothing = options.label_smoothing;
            }
            tasks.push(task);
        }
        if let Some(name) = &options.sample_weights {
            weights::check(table, names.column(name, "sampleWeights")?, format)?;
        }
        let mut schema = Schema {
            features: Vec::new(),
            tasks,
            dropped: Vec::new(),
            sample_weights: options.sample_weights.clone(),
            preprocessing: options.preprocessing,
            decimal: decimal.into(),
        };
        let types: HashMap<&str, Declared> =
            options.types.iter().map(|(name, declared)| (name.as_str(), *declared)).collect();
        let set = |names: &'_ [String]| names.iter().cloned().collect::<HashSet<String>>();
        let (excluded, included) = (set(&options.exclude), options.include.as_deref().map(set));
        let targets: HashSet<&str> = schema.tasks.iter().map(|task| task.name.as_str()).collect();
        let columns = table.columns().iter();
        let columns = columns.filter(|column| !targets.contains(column.name()) && !weighs(column));
        let mut found: Vec<(&Column, Option<Result<Found>>)> =
            columns.map(|column| (column, None)).collect();
        in_parts(&mut found, 1, |_, found| {
            let (column, found) = &mut found[0];
            let name = column.name();
            *found = Some(if excluded.contains(name) {
                Ok(Err("named by features.exclude".to_owned()))
            } else if included.as_ref().is_some_and(|list| !list.contains(name)) {
                Ok(Err("not named by features.include".to_owned()))
            } else {
                feature(table, column, types.get(name).copied(), format)
            });
            Ok::<(), Error>(())
        })?;
        // The errors of the first column come first, whichever was looked at first.
        for (column, found) in found {
            match found.transpose()? {
                Some(Ok(feature)) => schema.features.push(feature),
                Some(Err(reason)) => {
                    schema.dropped.push(Dropped { name: column.name().to_owned(), reason });
                }
                None => {}
            }
        }
        if schema.features.is_empty() {
            return Err(no_features(table, &schema.dropped));
        }
        Ok(schema)
    }
}

impl Schema {
    /// How many features are numbers, as the years of dates are.
    pub fn numbers(&self) -> usize {
        let kinds = self.features.iter().map(|feature| feature.kind);
        kinds.filter(|kind| matches!(kind, FeatureType::Numeric | FeatureType::Date)).count()
    }
}

/// The columns by name, and the sentences for names that are not among them.
pub struct Names<'a> {
    table: &'a Table,
    columns: HashMap<&'a str, &'a Column>,
}

impl<'a> Names<'a> {
    /// The columns of a table.
    pub fn new(table: &'a Table) -> Self {
        let columns = table.columns().iter().map(|column| (column.name(), column)).collect();
        Names { table, columns }
    }

    /// The column of that name, which `option` asks for.
    pub fn column(&self, name: &str, option: &str) -> Result<&'a Column> {
        self.columns.get(name).copied().ok_or_else(|| {
            let names = self.table.columns().iter().map(Column::name);
            let read = self.table.first_row_hint(name);
            let hint = match nearest(name, names.clone()) {
                Some(near) => format!("{read}; did you mean {}?", quoted(near)),
                None => {
                    let shown: Vec<String> = names.clone().take(10).map(quoted).collect();
                    let more = if names.count() > 10 { ", …" } else { "" };
                    format!("; the columns are {}{more}{read}", shown.join(", "))
                }
            };
            Error::new(Code::Schema, format!("{option}: no column {}{hint}", quoted(name)))
                .file(self.table.source())
                .column(name)
                .option(option)
        })
    }

    /// Every column the options name is there, and no target is asked to be a feature too.
    fn check(&self, options: &SchemaOptions) -> Result<()> {
        for name in options.include.iter().flatten() {
            self.column(name, "features.include")?;
            if options.targets.iter().any(|target| &target.name == name) {
                let message = format!("{} is a target and cannot be a feature too", quoted(name));
                return Err(Error::new(Code::Schema, message).option("features.include"));
            }
            if options.sample_weights.as_ref() == Some(name) {
                let message = format!("{} weighs rows and cannot be a feature too", quoted(name));
                return Err(Error::new(Code::Schema, message).option("features.include"));
            }
        }
        if let Some(name) = &options.sample_weights {
            self.column(name, "sampleWeights")?;
            if options.targets.iter().any(|target| &target.name == name) {
                let message = format!("{} is a target and cannot weigh rows too", quoted(name));
                return Err(Error::new(Code::Schema, message).option("sampleWeights"));
            }
        }
        for name in &options.exclude {
            self.column(name, "features.exclude")?;
        }
        for (name, _) in &options.types {
            self.column(name, "features.types")?;
        }
        Ok(())
    }
}

fn no_features(table: &Table, dropped: &[Dropped]) -> Error {
    let why: Vec<String> = dropped
        .iter()
        .take(5)
        .map(|Dropped { name, reason }| format!("{} ({reason})", quoted(name)))
        .collect();
    let message = match why.as_slice() {
        [] => "no feature columns are left beside the targets".to_owned(),
        why => format!("no feature columns are left; dropped: {}", why.join(", ")),
    };
    Error::new(Code::Schema, message).file(table.source())
}

#[cfg(test)]
#[path = "schema_tests.rs"]
mod tests;
