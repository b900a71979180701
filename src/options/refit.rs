//! The option `refit`: whether the network learns from the validation rows too, in the end.

use super::fields::{Fields, wrong};
use super::validation::Validation;
use crate::error::{Code, Error, Result};
use serde_json::{Value, json};
use std::ops::RangeInclusive;

/// Whether, once the validation rows have chosen the epoch, the network is trained anew from all
/// rows for as many epochs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refit {
    /// It is not.
    No,
    /// It is where the validation rows were drawn at random and there are so many rows in all as
    /// [`SUITED`] says.
    Auto,
    /// It is.
    Yes,
}

/// Rows in all for which `'auto'` refits: fewer are learnt in a moment, of which half would be this,
/// and of more the further ones tell little.
const SUITED: RangeInclusive<usize> = 200..=100_000;

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

    /// Whether so many rows in all, divided so, are to be learnt again.
    pub fn is_due(self, validation: &Validation, rows: usize) -> bool {
        match self {
            Refit::No => false,
            Refit::Auto => matches!(validation, Validation::Share(_)) && SUITED.contains(&rows),
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
