//! The option `refit`: whether the network learns from the validation rows too, in the end.

use super::fields::{Fields, wrong};
use super::validation::Validation;
use crate::error::{Code, Error, Result};
use serde_json::{Value, json};

/// Whether, once the validation rows have chosen the epoch, the network is trained anew from all
/// rows for as many epochs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refit {
    /// It is not.
    No,
    /// It is where the validation rows were drawn at random and there is enough to do, as [`LEAST`]
    /// and [`PASSED`] say, and not more rows than [`MOST`].
    Auto,
    /// It is.
    Yes,
}

/// Rows in all from which on `'auto'` refits: fewer are learnt in a moment, of which half would be
/// this.
const LEAST: usize = 200;

/// Epochs times rows from which on it refits fewer rows, too.
const PASSED: usize = 20_000;

/// Rows up to which it refits: of more the further ones tell little.
const MOST: usize = 100_000;

impl Refit {
    /// Reads it over what a preset says.
    pub fn read(options: &mut Fields, preset: Self, validation: &Validation) -> Result<Self> {
        let refit = match options.take("refit") {
            None => return Ok(preset),
            Some(Value::Bool(false)) => Refit::No,
            Some(Value::Bool(true)) => Refit::Yes,
            Some(Value::String(auto)) if auto == "auto" => Refit::Auto,
            Some(value) => return Err(wrong("refit", "true, false or 'auto'", &value)),
        };
        let why = match validation {
            Validation::None => "validation is false, so that all rows train anyway",
            Validation::File(_) => "validation names a file, whose rows are kept apart",
            Validation::Share(_) | Validation::Column(_) => return Ok(refit),
        };
        if refit != Refit::Yes {
            return Ok(refit);
        }
        let message = format!("refit: teaches the validation rows in the end, and {why}");
        Err(Error::new(Code::Options, message).option("refit"))
    }

    /// Whether so many rows in all, divided so, are to be learnt again after up to so many epochs.
    pub fn is_due(self, validation: &Validation, rows: usize, epochs: usize) -> bool {
        match self {
            Refit::No => false,
            Refit::Auto => {
                let enough = rows >= LEAST || rows.saturating_mul(epochs) >= PASSED;
                matches!(validation, Validation::Share(_)) && enough && rows <= MOST
            }
            Refit::Yes => true,
        }
    }

    /// As a user would write it.
    pub fn to_json(self) -> Value {
        match self {
            Refit::No => json!(false),
            Refit::Auto => json!("auto"),
            Refit::Yes => json!(true),
        }
    }
}
