//! Which columns are features, which are tasks, and of what type: read off all rows of a table.

use super::column::Column;
use super::feature::{Declared, Feature, FeatureType, Found, feature};
use super::marks::{self, Wanted};
use super::missing::MissingTokens;
use super::number::NumberFormat;
use super::preprocessing::Preprocessing;
use super::refusal::Role;
use super::table::Table;
use super::target_choice::TargetChoice;
use super::task::{Task, TaskType};
use super::weights;
use super::zone::TimeZone;
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
    /// The decimal mark; none to find it in the cells, where it is `.` if nothing shows another.
    pub decimal: Option<u8>,
    /// What stands between thousands: `,` `.` `'` or a blank; none if nothing does.
    pub thousands: Option<u8>,
    /// The time zone of `Date` cells, if one was named.
    pub time_zone: Option<TimeZone>,
    /// What is missing, for messages that advise adding to it.
    pub missing: MissingTokens,
}

impl SchemaOptions {
    /// How numbers are written in text, with a decimal point unless another mark was named.
    pub fn format(&self) -> NumberFormat {
        let decimal = self.decimal.unwrap_or(b'.');
        NumberFormat { decimal, thousands: self.thousands, unit: None }
    }

    /// Leaves out of a table the rows of weight 0, so that nothing hangs on what stands in them; how
    /// many these are. An error if a weight is none, or no row counts. A table without the column
    /// stays as it is. The decimal mark is found in the rows that are left, so that here either
    /// one will do unless it was named.
    pub fn leave_out_weightless(&self, table: &mut Table) -> Result<usize> {
        let Some(name) = &self.sample_weights else { return Ok(0) };
        let left_out = weights::leave_out(table, name, self.format());
        if left_out.is_ok() || self.decimal.is_some() {
            return left_out;
        }
        let comma = NumberFormat { decimal: b',', ..self.format() };
        weights::leave_out(table, name, comma).or(left_out)
    }
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
    /// What stands between thousands, if something does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thousands: Option<char>,
    /// What shows the decimal mark, where it was found in the cells, as a sentence's end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimal_why: Option<String>,
    /// The time zone of `Date` cells, if one was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<TimeZone>,
}

impl Schema {
    /// Reads the schema off a table.
    pub fn infer(table: &Table, options: &SchemaOptions) -> Result<Self> {
        let names = Names::new(table);
        names.check(options)?;
        let weighs = |column: &&Column| options.sample_weights.as_deref() == Some(column.name());
        let last = table.columns().iter().rfind(|column| !weighs(column));
        let last = last.map(|column| TargetChoice::new(column.name(), None));
        let choices = match options.targets.as_slice() {
            [] => last.as_slice(),
            targets => targets,
        };
        let thousands = options.thousands;
        let decimal = options.decimal.unwrap_or(b'.');
        let format = NumberFormat { decimal, thousands, unit: None };
        let types: HashMap<&str, Declared> =
            options.types.iter().map(|(name, declared)| (name.as_str(), *declared)).collect();
        let mut wanted = Vec::new();
        for choice in choices {
            let column = names.column(&choice.name, "targets")?;
            table.require_readable(&choice.name)?;
            let open = choice.kind.is_none_or(|kind| !kind.has_classes());
            wanted.push(Wanted::new(column, Role::Target, format.with(choice.unit), open));
        }
        if let Some(name) = &options.sample_weights {
            let column = names.column(name, "sampleWeights")?;
            table.require_readable(name)?;
            wanted.push(Wanted::new(column, Role::Weight, format, true));
        }
        let others = wanted.len();
        let targets: HashSet<&str> = choices.iter().map(|choice| choice.name.as_str()).collect();
        let columns = table.columns().iter();
        let columns: Vec<(&Column, Option<&str>)> = columns
            .filter(|column| !targets.contains(column.name()) && !weighs(column))
            .map(left_out(options))
            .collect();
        for (column, _) in columns.iter().filter(|(_, why)| why.is_none()) {
            let declared = types.get(column.name()).copied();
            if declared != Some(Declared::Ignore) {
                table.require_readable(column.name())?;
            }
            let open = declared.is_none_or(Declared::is_numeric);
            let format = format.with(declared.and_then(Declared::unit));
            wanted.push(Wanted::new(column, Role::Feature, format, open));
        }
        wanted.iter_mut().for_each(|wanted| wanted.missing = Some(&options.missing));
        let why = marks::look(table, &mut wanted, options)?;
        let (wanted, features) = wanted.split_at(others);
        let format = wanted.first().map_or(format, |target| target.format.with(None));
        let mut tasks = Vec::new();
        for (choice, wanted) in choices.iter().zip(wanted) {
            let mut task = Task::of(&wanted.asked(table), choice)?;
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
            decimal: format.decimal.into(),
            thousands: thousands.map(char::from),
            decimal_why: why,
            time_zone: options.time_zone.clone(),
        };
        let mut features = features.iter();
        type Looked<'a> = (&'a Column, Option<&'a Wanted<'a>>, Option<Result<Found>>);
        let mut found: Vec<Looked<'_>> = columns
            .into_iter()
            .map(|(column, why)| match why {
                Some(why) => (column, None, Some(Ok(Err(why.to_owned())))),
                None => (column, features.next(), None),
            })
            .collect();
        in_parts(&mut found, 1, |_, found| {
            let (column, wanted, found) = &mut found[0];
            if let Some(wanted) = wanted {
                let declared = types.get(column.name()).copied();
                *found = Some(feature(&wanted.asked(table), declared));
            }
            Ok::<(), Error>(())
        })?;
        // The errors of the first column come first, whichever was looked at first.
        for (column, _, found) in found {
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

/// Says of a column why it is no feature, if the options say so.
fn left_out<'a>(
    options: &SchemaOptions,
) -> impl FnMut(&'a Column) -> (&'a Column, Option<&'static str>) {
    let set = |names: &'_ [String]| names.iter().cloned().collect::<HashSet<String>>();
    let (excluded, included) = (set(&options.exclude), options.include.as_deref().map(set));
    move |column| {
        let why = if excluded.contains(column.name()) {
            Some("named by features.exclude")
        } else if included.as_ref().is_some_and(|list| !list.contains(column.name())) {
            Some("not named by features.include")
        } else {
            None
        };
        (column, why)
    }
}

impl Schema {
    /// How numbers are written in text.
    pub fn format(&self) -> NumberFormat {
        NumberFormat::of_marks(self.decimal, self.thousands)
    }

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
    pub fn check(&self, options: &SchemaOptions) -> Result<()> {
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
