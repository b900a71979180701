//! The options `schedule`, `weightDecaySchedule` and `dropoutSchedule`: what changes over the run.

use super::fields::{Fields, choose, name, wrong};
use crate::error::{Code, Error, Result};
use serde_json::{Value, json};

/// A factor over the run, as a function of the share t of it that is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Curve {
    /// 1.
    Constant,
    /// Half a cosine from 1 to 0 (arXiv 1608.03983).
    Cosine,
    /// ½ (1 − cos(2π log₂(1 + 15t))): four waves, each twice as long as the one before (arXiv
    /// 2407.04491).
    CosLog4,
    /// 1 up to the middle, then half a cosine to 0.
    FlatCosine,
    /// Half a cosine from 1/25 up to 1 at t = 0.3, then half a cosine to 1/250000 (arXiv
    /// 1708.07120, with the numbers of PyTorch's OneCycleLR).
    OneCycle,
}

/// The learning rate over the run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Schedule {
    /// Its course.
    pub curve: Curve,
    /// Epochs, or parts of one, in which it first rises evenly to where the curve begins.
    pub warmup: f64,
}

const CURVES: [(&str, Curve); 5] = [
    ("constant", Curve::Constant),
    ("cosine", Curve::Cosine),
    ("coslog4", Curve::CosLog4),
    ("flat-cosine", Curve::FlatCosine),
    ("one-cycle", Curve::OneCycle),
];

/// Those that what is not a rate may follow.
const FALLING: [(&str, Curve); 2] =
    [("constant", Curve::Constant), ("flat-cosine", Curve::FlatCosine)];

impl Schedule {
    /// A curve without warm-up.
    pub const fn of(curve: Curve) -> Self {
        Schedule { curve, warmup: 0.0 }
    }

    /// Reads `schedule: 'cosine' | { method, warmup }`, the warm-up being shorter than `epochs`.
    pub fn read(options: &mut Fields, default: Self, epochs: usize) -> Result<Self> {
        match options.take("schedule") {
            None => Ok(default),
            Some(value @ Value::String(_)) => choose("schedule", &value, &CURVES).map(Self::of),
            Some(value) if value.is_object() => {
                let mut fields = Fields::new("schedule", value)?;
                let curve = fields.choice("method", &CURVES)?.unwrap_or(default.curve);
                let expected = "a number of epochs from 0 up";
                let warmup = fields.number("warmup", expected, |x| x >= 0.0)?.unwrap_or(0.0);
                fields.finish()?;
                if warmup >= epochs as f64 {
                    let message = format!(
                        "schedule.warmup: must be less than the {epochs} epochs of the run, found \
                         {warmup}"
                    );
                    return Err(Error::new(Code::Options, message).option("schedule.warmup"));
                }
                Ok(Schedule { curve, warmup })
            }
            Some(other) => Err(wrong("schedule", "the name of a schedule, or an object", &other)),
        }
    }

    /// The option as a user would write it.
    pub fn to_json(self) -> Value {
        let method = name(&CURVES, &self.curve);
        match self.warmup {
            0.0 => json!(method),
            warmup => json!({ "method": method, "warmup": warmup }),
        }
    }
}

impl Curve {
    /// Reads the schedule of something that stays or falls.
    pub fn read_falling(options: &mut Fields, option: &'static str, default: Self) -> Result<Self> {
        Ok(options.choice(option, &FALLING)?.unwrap_or(default))
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        name(&CURVES, &self)
    }
}
