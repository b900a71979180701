//! The option `validation`: which rows choose the best epoch.

use super::fields::{Fields, wrong};
use crate::data::Bound;
use crate::error::{Code, Error, Result};
use serde_json::{Value, json};

/// Which rows validate.
#[derive(Debug, Clone, PartialEq)]
pub enum Validation {
    /// None: all rows train.
    None,
    /// A share of the rows, drawn at random.
    Share(Share),
    /// The rows of which a column says so.
    Column(String),
    /// The rows of another CSV file.
    File(String),
    /// The latest rows by a column of dates or numbers.
    Time(TimeSplit),
}

/// Which rows are the latest.
#[derive(Debug, Clone, PartialEq)]
pub struct TimeSplit {
    /// The column that says when a row was.
    pub column: String,
    /// Where the validation rows begin.
    pub begin: Begin,
}

/// Where the latest rows begin.
#[derive(Debug, Clone, PartialEq)]
pub enum Begin {
    /// So that they are this share of all.
    Fraction(f64),
    /// At this moment.
    After(Bound),
}

/// How a share of the rows is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Share {
    /// Above 0 and below 1.
    pub fraction: f64,
    /// What both sides are to have alike.
    pub stratify: Stratify,
    /// The column whose values are never on both sides.
    pub group_by: Option<String>,
}

/// What both sides of a split have in the same proportions.
#[derive(Debug, Clone, PartialEq)]
pub enum Stratify {
    /// The classes of the first classification task, if there is one.
    FirstTask,
    /// Nothing: rows are drawn as they come.
    No,
    /// The values of a column.
    Column(String),
}

impl Default for Share {
    fn default() -> Self {
        Share { fraction: 0.2, stratify: Stratify::FirstTask, group_by: None }
    }
}

const EXPECTED: &str = "false, a fraction above 0 and below 1, the path of a CSV file, or an object \
                        of fraction, stratify and groupBy, of timeColumn with after or fraction, \
                        or of column or file alone";

impl Validation {
    /// Reads `validation`; a fifth of the rows if it is not given.
    pub fn read(options: &mut Fields) -> Result<Self> {
        match options.take("validation") {
            None => Ok(Validation::Share(Share::default())),
            Some(Value::Bool(false)) => Ok(Validation::None),
            Some(Value::String(path)) if !path.is_empty() => Ok(Validation::File(path)),
            Some(value @ Value::Object(_)) => described(Fields::new("validation", value)?),
            Some(value) => match value.as_f64().filter(|&share| is_share(share)) {
                Some(fraction) => Ok(Validation::Share(Share { fraction, ..Share::default() })),
                None => Err(wrong("validation", EXPECTED, &value)),
            },
        }
    }

    /// How a share of rows is to be drawn where one is: for folds, and rows held out.
    pub fn share(&self) -> Share {
        match self {
            Validation::Share(share) => share.clone(),
            _ => Share::default(),
        }
    }

    /// The same for the trainings of a cross-validation, each on the rows of other folds.
    pub fn within_folds(&self) -> Self {
        match self {
            Validation::Time(TimeSplit { column, begin: Begin::After(_) }) => {
                let begin = Begin::Fraction(Share::default().fraction);
                Validation::Time(TimeSplit { column: column.clone(), begin })
            }
            other => other.clone(),
        }
    }

    /// The column that divides rows, with its option's name.
    pub fn column(&self) -> Option<(&str, &'static str)> {
        match self {
            Validation::Column(name) => Some((name, "validation.column")),
            Validation::Time(TimeSplit { column, .. }) => Some((column, "validation.timeColumn")),
            Validation::Share(Share { group_by: Some(name), .. }) => {
                Some((name, "validation.groupBy"))
            }
            _ => None,
        }
    }

    /// The option as a user would write it.
    pub fn to_json(&self) -> Value {
        match self {
            Validation::None => json!(false),
            Validation::Column(name) => json!({ "column": name }),
            Validation::File(path) => json!({ "file": path }),
            Validation::Time(TimeSplit { column, begin: Begin::Fraction(fraction) }) => {
                json!({ "timeColumn": column, "fraction": fraction })
            }
            Validation::Time(TimeSplit { column, begin: Begin::After(bound) }) => {
                json!({ "timeColumn": column, "after": bound })
            }
            Validation::Share(share)
                if *share == (Share { fraction: share.fraction, ..Share::default() }) =>
            {
                json!(share.fraction)
            }
            Validation::Share(Share { fraction, group_by: Some(name), .. }) => {
                json!({ "fraction": fraction, "groupBy": name })
            }
            Validation::Share(Share { fraction, stratify, .. }) => {
                let stratify = match stratify {
                    Stratify::FirstTask => json!(true),
                    Stratify::No => json!(false),
                    Stratify::Column(name) => json!(name),
                };
                json!({ "fraction": fraction, "stratify": stratify })
            }
        }
    }
}

/// Whether a number is a share of rows that leaves some on either side.
pub fn is_share(share: f64) -> bool {
    share > 0.0 && share < 1.0
}

fn described(mut fields: Fields) -> Result<Validation> {
    let column = fields.text("column")?;
    let file = fields.text("file")?;
    let fraction = fields.number("fraction", "a fraction above 0 and below 1", is_share)?;
    let stratify =
        fields.read("stratify", "true, false or a column name", |value| match value {
            Value::Bool(true) => Some(Stratify::FirstTask),
            Value::Bool(false) => Some(Stratify::No),
            value => value.as_str().map(|name| Stratify::Column(name.to_owned())),
        })?;
    let group_by = fields.text("groupBy")?;
    let time_column = fields.text("timeColumn")?;
    let after = fields.read("after", "a date, a year or a number", |value| match value {
        Value::String(text) => Some(Bound::Text(text.clone())),
        value => value.as_f64().map(Bound::Number),
    })?;
    fields.finish()?;
    if time_column.is_some() || after.is_some() {
        let others = column.is_some() || file.is_some() || stratify.is_some() || group_by.is_some();
        return by_time(time_column, after, fraction, others);
    }
    let drawn = fraction.is_some() || stratify.is_some() || group_by.is_some();
    match (column, file) {
        (None, None) => {}
        (Some(name), None) if !drawn => return Ok(Validation::Column(name)),
        (None, Some(path)) if !drawn => return Ok(Validation::File(path)),
        _ => {
            let message = "validation: column and file each stand alone; fraction, stratify and \
                           groupBy go together";
            return Err(Error::new(Code::Options, message).option("validation"));
        }
    }
    if group_by.is_some() && !matches!(stratify, None | Some(Stratify::No)) {
        let message = "validation.stratify: groups stay whole and cannot be stratified as well; \
                       leave out stratify or groupBy";
        return Err(Error::new(Code::Options, message).option("validation.stratify"));
    }
    let default = Share::default();
    Ok(Validation::Share(Share {
        fraction: fraction.unwrap_or(default.fraction),
        // Groups are drawn whole, whatever the classes.
        stratify: if group_by.is_some() {
            Stratify::No
        } else {
            stratify.unwrap_or(default.stratify)
        },
        group_by,
    }))
}

fn by_time(
    column: Option<String>,
    after: Option<Bound>,
    fraction: Option<f64>,
    others: bool,
) -> Result<Validation> {
    let wrong = |option: &str, message: &str| {
        Err(Error::new(Code::Options, format!("{option}: {message}")).option(option))
    };
    let Some(column) = column else {
        return wrong("validation.after", "needs timeColumn, the column that says when a row was");
    };
    if others {
        let message = "the latest rows validate, so that only after or fraction goes with it";
        return wrong("validation.timeColumn", message);
    }
    let begin = match (after, fraction) {
        (Some(_), Some(_)) => {
            let message =
                "says where the validation rows begin, as fraction does; give one of them";
            return wrong("validation.after", message);
        }
        (Some(bound), None) => Begin::After(bound),
        (None, fraction) => Begin::Fraction(fraction.unwrap_or(Share::default().fraction)),
    };
    Ok(Validation::Time(TimeSplit { column, begin }))
}
