//! What is predicted of a target column, and what its training minds: what the user said, checked
//! against the labels.

use super::categories::Categories;
use super::labels;
use super::refusal::Asked;
use super::spelling::spelling;
use super::table::Cell;
use super::target_choice::{ClassWeights, Objective, TargetChoice};
use super::unit::Unit;
use super::values::{Equal, require_exact};
use crate::error::{Code, Error, Result, nearest, quoted};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::HashMap;

/// What is predicted of a target column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TaskType {
    /// One of its classes.
    Classification,
    /// A number in the column's own unit.
    Regression,
    /// How often something happens: the expectation of a whole number from 0 up.
    Count,
    /// One of its classes, which stand in an order.
    Ordinal,
}

impl TaskType {
    /// The name in options, files and messages.
    pub fn name(self) -> &'static str {
        match self {
            TaskType::Classification => "classification",
            TaskType::Regression => "regression",
            TaskType::Count => "count",
            TaskType::Ordinal => "ordinal",
        }
    }

    /// Whether labels are classes rather than numbers.
    pub fn has_classes(self) -> bool {
        matches!(self, TaskType::Classification | TaskType::Ordinal)
    }
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
    /// The classes of a task that has some.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub classes: Option<Categories>,
    /// What its training minds.
    #[serde(default)]
    pub objective: Objective,
    /// Whether a regression answers within the range of its training labels.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub clamp: bool,
    /// What stands beside the numbers of its labels in text, if something does.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Unit>,
}

/// The most numeric values a target column may have and still be classes by inference.
const MOST_NUMERIC_CLASSES: usize = 10;

impl Task {
    /// The task that the labels of a column make.
    pub fn of(asked: &Asked<'_>, choice: &TargetChoice) -> Result<Self> {
        let labels = Target { asked: *asked, choice };
        let Asked { column, profile, .. } = *asked;
        if profile.observed == 0 {
            return Err(labels.fail("the target has no labels: every cell is missing"));
        }
        let kind = match choice.kind {
            Some(kind) => kind,
            None => labels.infer()?,
        };
        choice.fits(kind)?;
        let (mut classes, mut unit) = (None, None);
        if kind.has_classes() {
            require_exact(asked.table, asked.column)?;
            labels.refuse_unique(kind)?;
            classes = Some(labels.classes(kind)?);
        } else if let Some(declared) = choice.unit {
            let path = labels.option("format");
            unit = Some(asked.require_unit(declared, &format!("{path} is"))?);
        } else {
            let why = format!("the task is declared a {}", kind.name());
            asked.require_numbers("a number", &why)?;
        }
        if kind == TaskType::Count {
            labels.require_counts()?;
        }
        let inferred = profile.is_numeric() && choice.classes.is_none();
        Ok(Task {
            name: column.name().to_owned(),
            kind,
            reason: match (choice.kind, classes.as_ref().and_then(twice)) {
                (Some(_), None) => "declared by targets".to_owned(),
                (Some(_), Some(twice)) => format!("declared by targets; {twice}, and two classes"),
                (None, _) => match &classes {
                    // There are more whole numbers than the doubles that were counted.
                    Some(classes) if inferred && classes.len() > profile.distinct => {
                        format!("whole numbers with {} different values", classes.len())
                    }
                    _ => profile.words(),
                },
            },
            weight: choice.weight,
            classes,
            objective: choice.objective.clone(),
            clamp: choice.clamp.unwrap_or(false),
            unit,
        })
    }
}

/// The labels of one target, and what was said of them.
struct Target<'a> {
    asked: Asked<'a>,
    choice: &'a TargetChoice,
}

impl Target<'_> {
    fn fail(&self, message: impl Into<String>) -> Error {
        let name = self.asked.column.name();
        Error::new(Code::Schema, message).file(self.asked.table.source()).column(name).task(name)
    }

    /// A classification or a regression: whether numbers count something, or classes stand in
    /// an order, no column can tell.
    fn infer(&self) -> Result<TaskType> {
        let profile = self.asked.profile;
        if profile.is_numeric() {
            return Ok(match profile.few_integers(MOST_NUMERIC_CLASSES) {
                true => TaskType::Classification,
                false => TaskType::Regression,
            });
        }
        self.asked.refuse_mixture()?;
        labels::refuse_dates(&self.asked)?;
        self.refuse_unique(TaskType::Classification)?;
        labels::refuse_free_text(&self.asked)?;
        Ok(TaskType::Classification)
    }

    /// An error if most classes have one label: what is to be learnt of a class must stand in
    /// several rows.
    fn refuse_unique(&self, kind: TaskType) -> Result<()> {
        labels::refuse_unique(&self.asked, self.choice.kind.is_some(), kind.name())
    }

    fn classes(&self, kind: TaskType) -> Result<Categories> {
        let Asked { column, profile, format, .. } = self.asked;
        // Classes that are numbers by inference are told apart as such; whoever declares numbers to
        // be classes has names of numbers.
        let inferred = self.choice.kind.is_none() && self.choice.classes.is_none();
        let equal = if inferred && profile.is_numeric() { Equal::Numbers } else { Equal::Written };
        let found = Categories::of_column(column, format, equal);
        if found.len() < 2 {
            let only = quoted(&found.names()[0]);
            let observed = profile.observed;
            let task =
                if kind == TaskType::Ordinal { "an ordinal task" } else { "a classification" };
            let labels = match observed {
                1 => "in the one label".to_owned(),
                observed => format!("in all {observed} labels"),
            };
            let missing = self.read_as_missing();
            return Err(
                self.fail(format!("only one class, {only}, {labels}; {task} needs two{missing}"))
            );
        }
        let classes = match &self.choice.classes {
            Some(listed) => self.listed(listed, &found)?,
            None if kind == TaskType::Ordinal && !profile.is_numeric() => {
                let path = self.option("classes");
                let message = format!(
                    "the order of classes that are no numbers must be given: list {} in {path}",
                    some(found.names())
                );
                return Err(self.fail(message).option(path));
            }
            None if kind == TaskType::Ordinal && found.written_twice().is_some() => {
                let path = self.option("classes");
                let message = format!(
                    "{}, which leaves their order open; write them alike, or list the classes in \
                     {path}",
                    twice(&found).unwrap_or_default()
                );
                return Err(self.fail(message).option(path));
            }
            None => found,
        };
        if let Some(ClassWeights::Each(weights)) = &self.choice.objective.class_weights {
            let mut known: HashMap<u32, &str> = HashMap::new();
            for (name, _) in weights {
                let class = self.require_class(name, &classes)?;
                if let Some(first) = known.insert(class, name) {
                    return Err(self.one_class("classWeights", first, name));
                }
            }
        }
        Ok(classes)
    }

    /// The listed classes in their order, each as it stands in the column. Every class found is
    /// among them; one that is listed and not found is a class without labels.
    fn listed(&self, listed: &[String], found: &Categories) -> Result<Categories> {
        let order = Categories::new(listed.to_vec(), self.asked.format, found.identity());
        let mut names = listed.to_vec();
        let mut known: HashMap<Cow<'_, str>, &str> = HashMap::new();
        for name in listed {
            if let Some(first) = known.insert(spelling(name, self.asked.format), name) {
                return Err(self.one_class("classes", first, name));
            }
        }
        for name in found.names() {
            match order.code(Cell::Text(name)) {
                Some(code) => names[code as usize].clone_from(name),
                None => {
                    let path = self.option("classes");
                    let near = nearest(name, listed.iter().map(String::as_str));
                    let hint = near.map_or_else(
                        || "it must list every class".to_owned(),
                        |near| format!("is it {}?", quoted(near)),
                    );
                    let message = format!("{path}: the class {} is missing; {hint}", quoted(name));
                    return Err(self.fail(message).option(path));
                }
            }
        }
        Ok(Categories::new(names, self.asked.format, order.identity()))
    }

    /// Labels that hold a token for missing cells, as a sentence's end.
    fn read_as_missing(&self) -> String {
        let words = self.asked.column.words();
        let labels: usize = words.iter().map(|(_, count)| count).sum();
        let Some((first, _)) = words.first() else { return String::new() };
        let more = if words.len() > 1 { " and others" } else { "" };
        format!(
            "; {labels} more labels are read as missing, {}{more}: csv: {{ missing: {{ only: [] }} }} \
             makes them classes",
            quoted(&first.text())
        )
    }

    fn one_class(&self, option: &str, one: &str, other: &str) -> Error {
        let path = self.option(option);
        let message = format!("{path}: {} and {} are one class", quoted(one), quoted(other));
        self.fail(message).option(path)
    }

    /// The class of that name.
    fn require_class(&self, name: &str, classes: &Categories) -> Result<u32> {
        if let Some(class) = classes.code(Cell::Text(name)) {
            return Ok(class);
        }
        let path = self.option("classWeights");
        let hint = match nearest(name, classes.names().iter().map(String::as_str)) {
            Some(near) => format!("did you mean {}?", quoted(near)),
            None => format!("the classes are {}", some(classes.names())),
        };
        let message = format!("{path}: no class {}; {hint}", quoted(name));
        Err(self.fail(message).option(path))
    }

    fn require_counts(&self) -> Result<()> {
        let wrong = |number: f64| number < 0.0 || number.fract() != 0.0;
        let mut first = None;
        self.asked.column.map_all(
            |cell| super::number::of(cell, self.asked.format).filter(|number| wrong(*number)),
            |row, number| first = first.or(number.map(|number| (row, number))),
        );
        match first {
            None => Ok(()),
            Some((row, found)) => {
                let message = format!(
                    "{found} is not a whole number from 0 up, and the task is declared a count"
                );
                let error = Error::new(Code::Schema, message).column(self.asked.column.name());
                Err(self.asked.table.place(error.task(self.asked.column.name()), row))
            }
        }
    }

    fn option(&self, name: &str) -> String {
        format!("targets.{}.{name}", self.asked.column.name())
    }
}

/// The first two classes that are one number, in words.
fn twice(classes: &Categories) -> Option<String> {
    let [one, other] = classes.written_twice()?;
    Some(format!("{} and {} are one number, written in two ways", quoted(one), quoted(other)))
}

/// The first ten names, for messages.
fn some(names: &[String]) -> String {
    let more = if names.len() > 10 { ", …" } else { "" };
    let names: Vec<String> = names.iter().take(10).map(|name| quoted(name)).collect();
    format!("{}{more}", names.join(", "))
}

#[cfg(test)]
#[path = "task_tests.rs"]
mod tests;
