//! The options of `predictFile`.

use super::fields::{Fields, texts, wrong};
use super::{csv, json};
use crate::data::csv::CsvOptions;
use crate::error::Result;
use serde_json::Value;

/// Which columns of the input stand in the output too.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Keep {
    /// None.
    #[default]
    None,
    /// All that are not predicted.
    All,
    /// These, in this order.
    Columns(Vec<String>),
}

/// How a file is predicted.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FileOptions {
    /// What is copied.
    pub keep: Keep,
    /// How the input is written.
    pub csv: CsvOptions,
}

impl FileOptions {
    /// Reads options from JSON text.
    pub fn parse_text(text: &str) -> Result<Self> {
        Self::parse_for(text, &CsvOptions::default())
    }

    /// The same for a model, for which files are read as `base` says.
    pub fn parse_for(text: &str, base: &CsvOptions) -> Result<Self> {
        let mut fields = Fields::new("", json(text)?)?;
        let keep = match fields.take("keep") {
            None | Some(Value::Bool(false)) => Keep::None,
            Some(Value::Bool(true)) => Keep::All,
            Some(value) => match texts(&value) {
                Some(columns) => Keep::Columns(columns),
                None => return Err(wrong("keep", "true, false or an array of strings", &value)),
            },
        };
        let csv = csv::read(fields.object("csv")?, base)?;
        fields.know(&["signal"]);
        fields.finish()?;
        Ok(FileOptions { keep, csv })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_options_are_read() {
        assert_eq!(FileOptions::parse_text("{}").unwrap(), FileOptions::default());
        let keep = |text: &str| FileOptions::parse_text(text).unwrap().keep;
        assert_eq!(keep(r#"{"keep":true}"#), Keep::All);
        assert_eq!(keep(r#"{"keep":false}"#), Keep::None);
        assert_eq!(keep(r#"{"keep":["b","a"]}"#), Keep::Columns(vec!["b".into(), "a".into()]));
        let options = FileOptions::parse_text(r#"{"csv":{"delimiter":";"}}"#).unwrap();
        assert_eq!(options.csv.delimiter, Some(b';'));
    }

    #[test]
    fn bad_options_are_refused_with_their_names() {
        for (text, option, message) in [
            (r#"{"kep":true}"#, "kep", "did you mean \"keep\"?"),
            (r#"{"singal":1}"#, "singal", "did you mean \"signal\"?"),
            (r#"{"keep":"a"}"#, "keep", "expected true, false or an array of strings, found \"a\""),
            (r#"{"keep":[1]}"#, "keep", "an array"),
            (r#"{"csv":{"delimiter":"ab"}}"#, "csv.delimiter", "one ASCII character"),
        ] {
            let error = FileOptions::parse_text(text).unwrap_err();
            assert_eq!(error.place().option.as_deref(), Some(option));
            assert!(error.message().contains(message), "{error}");
        }
    }
}
