//! The option `refit`: whether networks learn from the validation rows too, in the end, and how many.

use super::fields::{Fields, wrong};
use super::validation::Validation;
use crate::error::{Code, Error, Result};
use serde_json::{Value, json};

/// How many networks, once validation rows have chosen the epoch of each, are trained anew from all
/// rows for as many epochs and answer together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refit {
    /// So many; 0 leaves the network as the validation rows chose it.
    Networks(usize),
    /// One where the validation rows were drawn at random, or are the latest, and there is enough to
    /// do, as [`LEAST`] and [`PASSED`] say, and not more rows than [`MOST`]; [`SEVERAL`] of [`FEW`]
    /// rows.
    Auto,
}

/// Rows in all from which on `'auto'` refits: fewer are learnt in a moment, of which half would be
/// this.
const LEAST: usize = 200;

/// Epochs times rows from which on it refits fewer rows, too.
const PASSED: usize = 20_000;

/// Rows up to which it refits: of more the further ones tell little.
const MOST: usize = 100_000;

/// Rows in all below which several networks take part: of more, one is as good.
const FEW: usize = 1_000;

/// How many they are then.
const SEVERAL: usize = 4;

/// The most that a user may ask for.
const MOST_NETWORKS: u64 = 64;

impl Refit {
    /// None.
    pub const NO: Refit = Refit::Networks(0);

    /// Reads it over what a preset says.
    pub fn read(options: &mut Fields, preset: Self, validation: &Validation) -> Result<Self> {
        let refit = match options.take("refit") {
            None => return Ok(preset),
            Some(Value::Bool(any)) => Refit::Networks(usize::from(any)),
            Some(Value::String(auto)) if auto == "auto" => Refit::Auto,
            Some(value) => match value.as_u64() {
                Some(networks @ 1..=MOST_NETWORKS) => Refit::Networks(networks as usize),
                _ => {
                    let expected =
                        format!("true, false, 'auto' or a whole number from 1 to {MOST_NETWORKS}");
                    return Err(wrong("refit", &expected, &value));
                }
            },
        };
        let why = match validation {
            Validation::None => "validation is false, so that all rows train anyway",
            Validation::File(_) => "validation names a file, whose rows are kept apart",
            Validation::Share(_) | Validation::Column(_) | Validation::Time(_) => return Ok(refit),
        };
        if matches!(refit, Refit::Auto | Refit::NO) {
            return Ok(refit);
        }
        let message = format!("refit: teaches the validation rows in the end, and {why}");
        Err(Error::new(Code::Options, message).option("refit"))
    }

    /// How many networks learn so many rows in all, divided so, again after up to so many epochs.
    pub fn networks(self, validation: &Validation, rows: usize, epochs: usize) -> usize {
        match self {
            Refit::Networks(networks) => networks,
            Refit::Auto => {
                let enough = rows >= LEAST || rows.saturating_mul(epochs) >= PASSED;
                let chosen = matches!(validation, Validation::Share(_) | Validation::Time(_));
                match chosen && enough {
                    true if rows < FEW => SEVERAL,
                    true if rows <= MOST => 1,
                    _ => 0,
                }
            }
        }
    }

    /// As a user would write it.
    pub fn to_json(self) -> Value {
        match self {
            Refit::Networks(networks @ (0 | 1)) => json!(networks == 1),
            Refit::Networks(networks) => json!(networks),
            Refit::Auto => json!("auto"),
        }
    }
}
