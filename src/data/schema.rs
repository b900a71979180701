//! Which columns are features, which are tasks, and of what type: read off all rows of a table.

use super::categories::Categories;
use super::feature::{Declared, Feature, feature};
use super::profile::Profile;
use super::table::{Column, Table};
use crate::error::{Code, Error, Result, nearest, quoted};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// What is predicted of a target column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TaskType {
    /// One of its classes.
    Classification,
    /// A number in the column's own unit.
    Regression,
}

/// What the user said of one target.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetChoice {
    /// The column.
    pub name: String,
    /// Its type; none to infer it.
    pub kind: Option<TaskType>,
    /// The weight of its loss.
    pub weight: f64,
}

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
    /// The decimal mark; 0 means `.`.
    pub decimal: u8,
}

/// A target column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// The column.
    pub name: String,
    /// What is predicted.
    #[serde(rename = "type")]
    pub kind: TaskType,
    /// Why that, as a sentence's end: `text with 3 different values`.
    pub reason: String,
    /// The weight of its loss.
    pub weight: f64,
    /// The classes of a classification task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub classes: Option<Categories>,
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
    /// The decimal mark.
    pub decimal: char,
}

/// The most numeric values a target column may have and still be classes by inference.
const MOST_NUMERIC_CLASSES: usize = 10;

impl Schema {
    /// Reads the schema off a table.
    pub fn infer(table: &Table, options: &SchemaOptions) -> Result<Self> {
        let decimal = if options.decimal == 0 { b'.' } else { options.decimal };
        let names = Names::new(table);
        names.check(options)?;
        let last = table.columns().last().map(|column| TargetChoice {
            name: column.name().to_owned(),
            kind: None,
            weight: 1.0,
        });
        let choices = match options.targets.as_slice() {
            [] => last.as_slice(),
            targets => targets,
        };
        let mut tasks = Vec::new();
        for choice in choices {
            tasks.push(task(table, names.column(&choice.name, "targets")?, choice, decimal)?);
        }
        let mut schema =
            Schema { features: Vec::new(), tasks, dropped: Vec::new(), decimal: decimal.into() };
        let types: HashMap<&str, Declared> =
            options.types.iter().map(|(name, declared)| (name.as_str(), *declared)).collect();
        let set = |names: &'_ [String]| names.iter().cloned().collect::<HashSet<String>>();
        let (excluded, included) = (set(&options.exclude), options.include.as_deref().map(set));
        let targets: HashSet<String> = schema.tasks.iter().map(|task| task.name.clone()).collect();
        for column in table.columns() {
            let name = column.name();
            if targets.contains(name) {
                continue;
            }
            let found = if excluded.contains(name) {
                Err("named by features.exclude".to_owned())
            } else if included.as_ref().is_some_and(|list| !list.contains(name)) {
                Err("not named by features.include".to_owned())
            } else {
                feature(table, column, types.get(name).copied(), decimal)?
            };
            match found {
                Ok(feature) => schema.features.push(feature),
                Err(reason) => schema.dropped.push(Dropped { name: name.to_owned(), reason }),
            }
        }
        if schema.features.is_empty() {
            return Err(no_features(table, &schema.dropped));
        }
        Ok(schema)
    }
}

/// The columns by name, and the sentences for names that are not among them.
struct Names<'a> {
    table: &'a Table,
    columns: HashMap<&'a str, &'a Column>,
}

impl<'a> Names<'a> {
    fn new(table: &'a Table) -> Self {
        let columns = table.columns().iter().map(|column| (column.name(), column)).collect();
        Names { table, columns }
    }

    fn column(&self, name: &str, option: &str) -> Result<&'a Column> {
        self.columns.get(name).copied().ok_or_else(|| {
            let names = self.table.columns().iter().map(Column::name);
            let hint = match nearest(name, names.clone()) {
                Some(near) => format!("did you mean {}?", quoted(near)),
                None => {
                    let shown: Vec<String> = names.clone().take(10).map(quoted).collect();
                    let more = if names.count() > 10 { ", …" } else { "" };
                    format!("the columns are {}{more}", shown.join(", "))
                }
            };
            Error::new(Code::Schema, format!("{option}: no column {}; {hint}", quoted(name)))
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

fn task(table: &Table, column: &Column, choice: &TargetChoice, decimal: u8) -> Result<Task> {
    let name = column.name();
    let fail = |message: String| {
        Error::new(Code::Schema, message).file(table.source()).column(name).task(name)
    };
    let profile = Profile::of(column, decimal);
    if profile.observed == 0 {
        return Err(fail("the target has no labels: every cell is missing".to_owned()));
    }
    let kind = match choice.kind {
        Some(TaskType::Regression) => {
            profile.require_numbers(table, column, "the task is declared a regression")?;
            TaskType::Regression
        }
        Some(TaskType::Classification) => TaskType::Classification,
        None if profile.is_numeric() && !profile.few_integers(MOST_NUMERIC_CLASSES) => {
            TaskType::Regression
        }
        None => {
            if !profile.is_numeric() {
                profile.refuse_stray_texts(table, column)?;
                if profile.observed >= 20 && profile.distinct == profile.observed {
                    return Err(fail(format!(
                        "all {} labels differ, which leaves nothing to learn classes from; \
                         name another target, or declare this one 'classification'",
                        profile.observed
                    )));
                }
            }
            TaskType::Classification
        }
    };
    let classes = match kind {
        TaskType::Regression => None,
        TaskType::Classification => {
            let classes = Categories::of(column.cells(), decimal);
            if classes.len() < 2 {
                let only = quoted(&classes.names()[0]);
                return Err(fail(format!(
                    "only one class, {only}, in all {} labels; a classification needs two",
                    profile.observed
                )));
            }
            Some(classes)
        }
    };
    let reason = match choice.kind {
        Some(_) => "declared by targets".to_owned(),
        None => profile.words(),
    };
    Ok(Task { name: name.to_owned(), kind, reason, weight: choice.weight, classes })
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
