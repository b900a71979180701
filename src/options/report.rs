//! The options of `model.report` and `model.importance`.

use super::fields::{Fields, choose};
use super::{csv, json};
use crate::data::csv::CsvOptions;
use crate::error::Result;
use crate::metrics::Metric;
use serde_json::{Map, Value};

/// Rows that importance is measured on.
const ROWS: usize = 5_000;

/// How often each column is dealt anew.
const REPEATS: usize = 5;

/// The option that names figures.
const METRICS: &str = "metrics";

/// The option that names the column of groups.
const BY: &str = "by";

/// The greatest whole number of JavaScript.
const MOST: u64 = (1 << 53) - 1;

/// How the importance of features is measured.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportanceOptions {
    /// At most so many rows, drawn by the seed.
    pub rows: usize,
    /// How often each column is dealt anew.
    pub repeats: usize,
    /// Of the rows drawn and how cells are dealt.
    pub seed: u64,
    /// The figure of some tasks, by name.
    pub metrics: Vec<(String, Metric)>,
    /// The path of that option, for messages.
    pub metrics_path: String,
    /// How files are written.
    pub csv: CsvOptions,
}

impl Default for ImportanceOptions {
    fn default() -> Self {
        ImportanceOptions {
            rows: ROWS,
            repeats: REPEATS,
            seed: 0,
            metrics: Vec::new(),
            metrics_path: METRICS.to_owned(),
            csv: CsvOptions::default(),
        }
    }
}

impl ImportanceOptions {
    /// Reads options from JSON text.
    pub fn parse_text(text: &str) -> Result<Self> {
        Self::parse_for(text, &CsvOptions::default())
    }

    /// The same for a model, for which files are read as `base` says.
    pub fn parse_for(text: &str, base: &CsvOptions) -> Result<Self> {
        let mut fields = Fields::new("", json(text)?)?;
        let csv = csv::read(fields.object("csv")?, base)?;
        fields.know(&["timeZone"]);
        Ok(ImportanceOptions { csv, ..Self::read(fields)? })
    }

    fn read(mut fields: Fields) -> Result<Self> {
        let usual = ImportanceOptions::default();
        let rows = fields.whole("rows", 2, MOST)?.map_or(usual.rows, |rows| rows as usize);
        let repeats = fields.whole("repeats", 1, 1000)?.map_or(usual.repeats, |n| n as usize);
        let seed = fields.whole("seed", 0, MOST)?.unwrap_or(usual.seed);
        let metrics_path = fields.path(METRICS);
        let metrics = match fields.take(METRICS) {
            None => Vec::new(),
            Some(value) => {
                let rest = Fields::new(&metrics_path, value)?.rest();
                named(&metrics_path, rest.as_object().unwrap_or(&Map::new()))?
            }
        };
        fields.finish()?;
        Ok(ImportanceOptions { rows, repeats, seed, metrics, metrics_path, ..usual })
    }
}

fn named(path: &str, metrics: &Map<String, Value>) -> Result<Vec<(String, Metric)>> {
    let choices: Vec<(&str, Metric)> =
        Metric::ALL.into_iter().map(|metric| (metric.name(), metric)).collect();
    let metrics = metrics.iter().map(|(task, value)| {
        Ok((task.clone(), choose(&format!("{path}.{task}"), value, &choices)?))
    });
    metrics.collect()
}

/// What is to be evaluated.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EvaluateOptions {
    /// The column that groups rows, for scores by group.
    pub by: Option<String>,
    /// How files are written.
    pub csv: CsvOptions,
}

impl EvaluateOptions {
    /// Reads options from JSON text, for a model, for which files are read as `base` says.
    pub fn parse_for(text: &str, base: &CsvOptions) -> Result<Self> {
        let mut fields = Fields::new("", json(text)?)?;
        let by = fields.text(BY)?;
        let csv = csv::read(fields.object("csv")?, base)?;
        fields.know(&["timeZone", "signal", "onProgress"]);
        fields.finish()?;
        Ok(EvaluateOptions { by, csv })
    }
}

/// What a report is to tell.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ReportOptions {
    /// Its heading.
    pub title: Option<String>,
    /// How to measure what features are worth; none not to.
    pub importance: Option<ImportanceOptions>,
    /// Of the rows that are points.
    pub seed: u64,
    /// The column that groups rows, for scores by group.
    pub by: Option<String>,
    /// How files are written.
    pub csv: CsvOptions,
    /// Whether that was given, which is for a source.
    pub csv_given: bool,
}

impl ReportOptions {
    /// Reads options from JSON text.
    pub fn parse_text(text: &str) -> Result<Self> {
        Self::parse_for(text, &CsvOptions::default())
    }

    /// The same for a model, for which files are read as `base` says.
    pub fn parse_for(text: &str, base: &CsvOptions) -> Result<Self> {
        let mut fields = Fields::new("", json(text)?)?;
        let title = fields.text("title")?;
        let seed = fields.whole("seed", 0, MOST)?.unwrap_or(0);
        let by = fields.text(BY)?;
        let usual = ImportanceOptions { seed, ..ImportanceOptions::default() };
        let importance = match fields.take("importance") {
            None | Some(Value::Bool(true)) => Some(usual),
            Some(Value::Bool(false)) => None,
            Some(value) => {
                let seeded = value.get("seed").is_some();
                let given = ImportanceOptions::read(Fields::new("importance", value)?)?;
                Some(if seeded { given } else { ImportanceOptions { seed, ..given } })
            }
        };
        let csv_given = fields.given("csv").is_some();
        let csv = csv::read(fields.object("csv")?, base)?;
        fields.know(&["source", "timeZone"]);
        fields.finish()?;
        Ok(ReportOptions { title, importance, seed, by, csv, csv_given })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_options_are_read() {
        let usual = ImportanceOptions::default();
        assert_eq!(ImportanceOptions::parse_text("{}").unwrap(), usual);
        let text =
            r#"{"rows":9,"repeats":2,"seed":7,"metrics":{"y":"mae"},"csv":{"delimiter":";"}}"#;
        let read = ImportanceOptions::parse_text(text).unwrap();
        assert_eq!((read.rows, read.repeats, read.seed), (9, 2, 7));
        assert_eq!(read.metrics, [("y".to_owned(), Metric::Mae)]);
        assert_eq!(read.csv.delimiter, Some(b';'));
        let report = ReportOptions::parse_text(r#"{"title":"T","seed":3}"#).unwrap();
        assert_eq!((report.title.as_deref(), report.seed), (Some("T"), 3));
        assert_eq!(report.importance, Some(ImportanceOptions { seed: 3, ..usual.clone() }));
        let report = |text: &str| ReportOptions::parse_text(text).unwrap();
        assert_eq!(report(r#"{"importance":false}"#).importance, None);
        assert_eq!(report(r#"{"importance":true}"#), report("{}"));
        let given = report(r#"{"seed":3,"importance":{"seed":4,"rows":50}}"#).importance.unwrap();
        assert_eq!((given.seed, given.rows), (4, 50));
        let given = report(r#"{"seed":3,"importance":{"rows":50}}"#).importance.unwrap();
        assert_eq!((given.seed, given.rows), (3, 50));
        assert_eq!(given.metrics_path, "importance.metrics");
    }

    #[test]
    fn bad_options_are_refused_with_their_names() {
        for (text, option, message) in [
            (r#"{"row":1}"#, "row", "did you mean \"rows\"?"),
            (r#"{"rows":1}"#, "rows", "a whole number from 2"),
            (r#"{"repeats":0}"#, "repeats", "a whole number from 1 to 1000"),
            (r#"{"metrics":"mae"}"#, "metrics", "an object"),
            (r#"{"metrics":{"y":"mea"}}"#, "metrics.y", "did you mean 'mae'?"),
            (r#"{"csv":{"delimiter":"ab"}}"#, "csv.delimiter", "one ASCII character"),
        ] {
            let error = ImportanceOptions::parse_text(text).unwrap_err();
            assert_eq!(error.place().option.as_deref(), Some(option));
            assert!(error.message().contains(message), "{error}");
        }
        for (text, option) in [
            (r#"{"title":1}"#, "title"),
            (r#"{"importance":3}"#, "importance"),
            (r#"{"importance":{"repeats":0}}"#, "importance.repeats"),
            (r#"{"importance":{"csv":{}}}"#, "importance.csv"),
            (r#"{"sauce":3}"#, "sauce"),
            (r#"{"by":3}"#, "by"),
        ] {
            let error = ReportOptions::parse_text(text).unwrap_err();
            assert_eq!(error.place().option.as_deref(), Some(option), "{text}");
        }
    }
}
