//! Reads options field by field: every field asked for is known, the rest is a misspelling.

use super::{synonyms, value_synonyms};
use crate::error::{Code, Error, Result, nearest, quoted};
use serde_json::{Map, Value};

/// An object of options being read. Call [`Fields::finish`] after the last field.
pub struct Fields {
    path: String,
    given: Map<String, Value>,
    known: Vec<&'static str>,
}

impl Fields {
    /// The options at `path`, empty for the outermost.
    pub fn new(path: &str, value: Value) -> Result<Self> {
        match value {
            Value::Object(given) if !given.contains_key("$") => {
                Ok(Fields { path: path.to_owned(), given, known: Vec::new() })
            }
            other => {
                Err(wrong(if path.is_empty() { "options" } else { path }, "an object", &other))
            }
        }
    }

    /// The full name of a field, as in `model.hidden`.
    pub fn path(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// A field that is yet to be taken.
    pub fn given(&self, name: &str) -> Option<&Value> {
        self.given.get(name)
    }

    /// Takes a field as it is.
    pub fn take(&mut self, name: &'static str) -> Option<Value> {
        self.known.push(name);
        // Not `remove`, which would disturb the order of the rest.
        self.given.shift_remove(name)
    }

    /// Names that are options too, though read elsewhere: a slip may have been meant for them.
    pub fn know(&mut self, names: &[&'static str]) {
        self.known.extend(names);
    }

    /// A whole number from `least` to `most`.
    pub fn whole(&mut self, name: &'static str, least: u64, most: u64) -> Result<Option<u64>> {
        self.read(name, &format!("a whole number from {least} to {most}"), |value| {
            // 100.0 is a whole number to JavaScript.
            let number = value.as_f64().filter(|number| number.fract() == 0.0)?;
            (number >= least as f64 && number <= most as f64).then_some(number as u64)
        })
    }

    /// A finite number that `fits`, which `expected` puts in words.
    pub fn number(
        &mut self,
        name: &'static str,
        expected: &str,
        fits: impl Fn(f64) -> bool,
    ) -> Result<Option<f64>> {
        self.read(name, expected, |value| value.as_f64().filter(|&number| fits(number)))
    }

    /// One of some names.
    pub fn choice<T: Copy>(
        &mut self,
        name: &'static str,
        choices: &[(&str, T)],
    ) -> Result<Option<T>> {
        match self.take(name) {
            None => Ok(None),
            Some(value) => choose(&self.path(name), &value, choices).map(Some),
        }
    }

    /// A text.
    pub fn text(&mut self, name: &'static str) -> Result<Option<String>> {
        self.read(name, "a string", |value| value.as_str().map(str::to_owned))
    }

    /// A list of texts.
    pub fn texts(&mut self, name: &'static str) -> Result<Option<Vec<String>>> {
        self.read(name, "an array of strings", texts)
    }

    /// A boolean.
    pub fn flag(&mut self, name: &'static str) -> Result<Option<bool>> {
        self.read(name, "true or false", Value::as_bool)
    }

    /// Nested options.
    pub fn object(&mut self, name: &'static str) -> Result<Option<Fields>> {
        let path = self.path(name);
        self.take(name).map(|value| Fields::new(&path, value)).transpose()
    }

    /// A field by its reader, which gives nothing where the value is not what was `expected`.
    pub fn read<T>(
        &mut self,
        name: &'static str,
        expected: &str,
        reader: impl Fn(&Value) -> Option<T>,
    ) -> Result<Option<T>> {
        match self.take(name) {
            None => Ok(None),
            Some(value) => match reader(&value) {
                Some(read) => Ok(Some(read)),
                None => Err(wrong(&self.path(name), expected, &value)),
            },
        }
    }

    /// The fields nobody asked for, as they were given.
    pub fn rest(self) -> Value {
        Value::Object(self.given)
    }

    /// An error for the first field nobody asked for.
    pub fn finish(self) -> Result<()> {
        let Some(unknown) = self.given.keys().next() else { return Ok(()) };
        let near = || nearest(unknown, self.known.iter().copied());
        let near = || near().map(|near| format!("did you mean {}?", quoted(near)));
        let hint = synonyms::option(&self.path, unknown, &self.known)
            .or_else(near)
            .unwrap_or_else(|| format!("the options are {}", self.known.join(", ")));
        let path = self.path(unknown);
        Err(Error::new(Code::Options, format!("unknown option {}; {hint}", quoted(&path)))
            .option(path))
    }
}

/// The texts of an array.
pub fn texts(value: &Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|item| item.as_str().map(str::to_owned)).collect()
}

/// The choice a value names, or an error with the nearest one.
pub fn choose<T: Copy>(path: &str, value: &Value, choices: &[(&str, T)]) -> Result<T> {
    if let Some((_, choice)) = choices.iter().find(|(name, _)| value.as_str() == Some(name)) {
        return Ok(*choice);
    }
    let names: Vec<String> = choices.iter().map(|(name, _)| format!("'{name}'")).collect();
    let mut error = wrong(path, &format!("one of {}", names.join(", ")), value);
    let names = || choices.iter().map(|(name, _)| *name);
    let near = |text| value_synonyms::value(text, names()).or_else(|| nearest(text, names()));
    let near = value.as_str().and_then(near);
    if let Some(near) = near {
        let message = format!("{}; did you mean '{near}'?", error.message());
        error = Error::new(Code::Options, message).option(path);
    }
    Err(error)
}

/// The name of a choice.
pub fn name<T: PartialEq>(choices: &[(&'static str, T)], choice: &T) -> &'static str {
    choices.iter().find(|(_, other)| other == choice).map_or("", |(name, _)| name)
}

/// The error for a value that is not what was expected.
pub fn wrong(path: &str, expected: &str, found: &Value) -> Error {
    let message = format!("{path}: expected {expected}, found {}", shown(found));
    Error::new(Code::Options, message).option(path)
}

/// A value as a user would name it. `{"$": "NaN"}` is how JavaScript sends what JSON cannot.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Array(items) if items.is_empty() => "an empty array".to_owned(),
        Value::Array(_) => "an array".to_owned(),
        Value::Object(map) => match map.get("$").and_then(Value::as_str) {
            Some(text) => text.chars().take(40).collect(),
            None => "an object".to_owned(),
        },
        // JavaScript has one kind of number: 10, not 10.0.
        Value::Number(number) => {
            number.as_f64().map_or_else(|| number.to_string(), |number| number.to_string())
        }
        plain => plain.to_string(),
    }
}
