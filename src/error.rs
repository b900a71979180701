//! The one error of the crate: a stable code, a message, and the place it speaks of.

use std::fmt;

/// What went wrong, as a name programs can switch on; `as_str` gives what JavaScript sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Code {
    /// A file that cannot be read as CSV.
    Csv,
    /// Columns, types or targets that cannot be trained on.
    Schema,
    /// An option that is unknown, of the wrong type or out of range.
    Options,
    /// Rows given from JavaScript that do not fit the columns.
    Rows,
    /// A model file that is damaged, hostile, of another version, or cannot be written.
    Artifact,
    /// The run was aborted.
    Aborted,
    /// The loss became infinite or not a number.
    Diverged,
    /// A device that is not there.
    Device,
    /// libtorch failed or could not be loaded.
    Libtorch,
    /// `predict` before any model.
    NoModel,
    /// A bug in polytask.
    Internal,
}

impl Code {
    /// The stable name, as in `ERR_CSV`.
    pub fn as_str(self) -> &'static str {
        match self {
            Code::Csv => "ERR_CSV",
            Code::Schema => "ERR_SCHEMA",
            Code::Options => "ERR_OPTIONS",
            Code::Rows => "ERR_ROWS",
            Code::Artifact => "ERR_ARTIFACT",
            Code::Aborted => "ERR_ABORTED",
            Code::Diverged => "ERR_DIVERGED",
            Code::Device => "ERR_DEVICE",
            Code::Libtorch => "ERR_LIBTORCH",
            Code::NoModel => "ERR_NO_MODEL",
            Code::Internal => "ERR_INTERNAL",
        }
    }
}

/// Where an error is; every part is absent rather than invented when it is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The file, as the user named it.
    pub file: Option<String>,
    /// The line, counted from 1, on which the record starts.
    pub line: Option<u64>,
    /// The row, counted from 0, of an array of rows given from JavaScript.
    pub row: Option<usize>,
    /// The column, by its header name.
    pub column: Option<String>,
    /// The task, by its target column.
    pub task: Option<String>,
    /// The option, by its path, as in `model.hidden`.
    pub option: Option<String>,
}

/// An error of polytask. One pointer wide, so that `Result`s stay small.
#[derive(Debug, Clone, PartialEq)]
pub struct Error(Box<ErrorKind>);

#[derive(Debug, Clone, PartialEq)]
struct ErrorKind {
    code: Code,
    message: String,
    place: Place,
    cause: Option<String>,
}

/// The crate's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error without a place; the setters below add one.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Error(Box::new(ErrorKind {
            code,
            message: message.into(),
            place: Place::default(),
            cause: None,
        }))
    }

    /// Sets the file.
    pub fn file(mut self, file: impl Into<String>) -> Self {
        self.0.place.file = Some(file.into());
        self
    }

    /// Sets the line, counted from 1.
    pub fn line(mut self, line: u64) -> Self {
        self.0.place.line = Some(line);
        self
    }

    /// Sets the row, counted from 0.
    pub fn row(mut self, row: usize) -> Self {
        self.0.place.row = Some(row);
        self
    }

    /// Sets the column.
    pub fn column(mut self, column: impl Into<String>) -> Self {
        self.0.place.column = Some(column.into());
        self
    }

    /// Sets the task.
    pub fn task(mut self, task: impl Into<String>) -> Self {
        self.0.place.task = Some(task.into());
        self
    }

    /// Sets the option.
    pub fn option(mut self, option: impl Into<String>) -> Self {
        self.0.place.option = Some(option.into());
        self
    }

    /// Keeps what lies beneath, say the operating system's own words.
    pub fn cause(mut self, cause: impl fmt::Display) -> Self {
        self.0.cause = Some(cause.to_string());
        self
    }

    /// Adds to the message what may be behind it, a sentence of its own.
    pub fn because(mut self, sentence: &str) -> Self {
        self.0.message.push_str(". It may come of this: ");
        self.0.message.push_str(sentence);
        self
    }

    /// The code.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// The message without its place.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The place.
    pub fn place(&self) -> &Place {
        &self.0.place
    }

    /// What lay beneath, if anything.
    pub fn cause_text(&self) -> Option<&str> {
        self.0.cause.as_deref()
    }
}

/// Shows `houses.csv line 17, column "price": "n/a" is not a number`.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place { file, line, row, column, task, .. } = &self.0.place;
        let mut parts = Vec::new();
        match (file, line) {
            (Some(file), Some(line)) => parts.push(format!("{file} line {line}")),
            (Some(file), None) => parts.push(file.clone()),
            (None, Some(line)) => parts.push(format!("line {line}")),
            (None, None) => {}
        }
        if let Some(row) = row {
            parts.push(format!("rows[{row}]"));
        }
        if let Some(column) = column {
            parts.push(format!("column {}", quoted(column)));
        }
        if let Some(task) = task.as_ref().filter(|task| Some(*task) != column.as_ref()) {
            parts.push(format!("task {}", quoted(task)));
        }
        if !parts.is_empty() {
            write!(f, "{}: ", parts.join(", "))?;
        }
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Error {}

/// The text in double quotes, shortened to 80 characters, control characters escaped: for
/// messages, so that a cell of 100 KB or with line breaks stays one short line.
pub fn quoted(text: &str) -> String {
    const LONGEST: usize = 80;
    let mut shown: String = text.chars().take(LONGEST).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    format!("{shown:?}").replace("\\'", "'")
}

/// The candidate nearest to `found`, if it is near enough to be a slip of the keyboard.
pub fn nearest<'a>(found: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let found_lower = found.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| {
            (strsim::damerau_levenshtein(&found_lower, &candidate.to_lowercase()), candidate)
        })
        .filter(|(distance, candidate)| *distance <= 1 + candidate.chars().count() / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_comes_before_the_message() {
        let error = Error::new(Code::Schema, "\"n/a\" is not a number")
            .file("houses.csv")
            .line(17)
            .column("price");
        assert_eq!(
            error.to_string(),
            "houses.csv line 17, column \"price\": \"n/a\" is not a number"
        );
        assert_eq!(error.code().as_str(), "ERR_SCHEMA");
    }

    #[test]
    fn a_long_cell_is_cut_and_its_line_breaks_are_escaped() {
        assert_eq!(quoted("a\nb"), "\"a\\nb\"");
        assert!(quoted(&"x".repeat(100_000)).chars().count() < 100);
    }

    #[test]
    fn nearest_finds_slips_and_nothing_else() {
        assert_eq!(nearest("epohcs", ["epochs", "seed"]), Some("epochs"));
        assert_eq!(nearest("learning_rate", ["learningRate", "seed"]), Some("learningRate"));
        assert_eq!(nearest("zebra", ["epochs", "seed"]), None);
    }
}
