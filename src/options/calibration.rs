//! The options `calibration` and `interval`: what is fitted to the validation rows afterwards.

use super::fields::Fields;
use crate::error::Result;
use serde_json::{Value, json};

/// What is fitted to the validation rows once a network is trained.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CalibrationOptions {
    /// The temperatures of tasks with classes.
    pub temperature: bool,
    /// The level of the intervals of tasks with values; none for no intervals.
    pub interval: Option<f64>,
}

impl CalibrationOptions {
    /// Nothing is fitted.
    pub const NONE: CalibrationOptions = CalibrationOptions { temperature: false, interval: None };

    /// Reads `calibration: true | false` and `interval: false | level`.
    pub fn read(options: &mut Fields) -> Result<Self> {
        let temperature = options.flag("calibration")?.unwrap_or(true);
        let expected = "false or a level above 0.5 and below 1, such as 0.9";
        let interval = options.read("interval", expected, |value| match value {
            Value::Bool(false) => Some(None),
            value => value.as_f64().filter(|&level| level > 0.5 && level < 1.0).map(Some),
        })?;
        Ok(CalibrationOptions { temperature, interval: interval.flatten() })
    }

    /// Writes both as a user would.
    pub fn write(&self, options: &mut Value) {
        options["calibration"] = json!(self.temperature);
        options["interval"] = self.interval.map_or(json!(false), |level| json!(level));
    }
}
