//! The option `compare`, and the number of folds of a cross-validation.

use super::fields::{Fields, choose, wrong};
use super::validation::is_share;
use crate::error::Result;
use serde_json::{Value, json};

/// Also trains each task alone, to tell what learning them together gained or cost.
#[derive(Debug, Clone, PartialEq)]
pub struct Compare {
    /// How many times, each with a seed of its own.
    pub seeds: usize,
    /// The share of rows held out from training and selection, above 0 and below 1.
    pub fraction: f64,
}

const METHODS: [(&str, ()); 1] = [("single-task", ())];

impl Compare {
    /// Reads `compare: 'single-task' | { method, seeds, fraction } | false`.
    pub fn read(options: &mut Fields) -> Result<Option<Self>> {
        let mut compare = Compare { seeds: 3, fraction: 0.2 };
        match options.take("compare") {
            None | Some(Value::Bool(false)) => return Ok(None),
            Some(value @ Value::Object(_)) => {
                let mut fields = Fields::new("compare", value)?;
                fields.choice("method", &METHODS)?;
                // Below two there is no spread to judge a difference by.
                if let Some(seeds) = fields.whole("seeds", 2, 1000)? {
                    compare.seeds = seeds as usize;
                }
                let share =
                    fields.number("fraction", "a fraction above 0 and below 1", is_share)?;
                compare.fraction = share.unwrap_or(compare.fraction);
                fields.finish()?;
            }
            Some(value) => choose("compare", &value, &METHODS)?,
        }
        Ok(Some(compare))
    }

    /// The option as a user would write it.
    pub fn to_json(&self) -> Value {
        json!({ "method": "single-task", "seeds": self.seeds, "fraction": self.fraction })
    }
}

/// Reads `{ k }`, the number of folds.
pub fn folds(value: Value) -> Result<usize> {
    const MOST: u64 = 1_000_000;
    let mut fields = Fields::new("", value)?;
    let k = fields.whole("k", 2, MOST)?;
    let missing = || {
        let found = json!({ "$": "undefined" });
        wrong("k", &format!("a whole number from 2 to {MOST}"), &found)
    };
    Ok(k.ok_or_else(missing)? as usize)
}
