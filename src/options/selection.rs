//! The option `earlyStopping`: how long to wait for a better epoch, and what makes one better.

use super::fields::Fields;
use crate::error::{Code, Error, Result};
use crate::metrics::Metric;
use serde_json::{Value, json};

/// What makes one epoch better than another, on the validation rows.
#[derive(Debug, Clone, PartialEq)]
pub enum Selection {
    /// A lower weighted sum of the tasks' losses.
    Loss,
    /// A better figure of one task; none for the only task that has it.
    Metric {
        /// The figure.
        metric: Metric,
        /// The task.
        task: Option<String>,
    },
    /// A higher mean over tasks of (constant − model) ÷ constant.
    MeanImprovement,
}

/// What [`Selection`] is called in options, without its task.
#[derive(Clone, Copy)]
enum Name {
    Loss,
    MeanImprovement,
    Metric(Metric),
}

impl Selection {
    /// Reads `earlyStopping: { patience, metric, task } | false` over the preset's patience.
    pub fn read(options: &mut Fields, patience: Option<usize>) -> Result<(Option<usize>, Self)> {
        let value = match options.take("earlyStopping") {
            None => return Ok((patience, Selection::Loss)),
            Some(Value::Bool(false)) => return Ok((None, Selection::Loss)),
            Some(value) => value,
        };
        let mut stopping = Fields::new("earlyStopping", value)?;
        const MOST: u64 = 1_000_000_000;
        let expected = format!("false or a whole number from 1 to {MOST}");
        let given = stopping.read("patience", &expected, |value| match value {
            Value::Bool(false) => Some(None),
            value => {
                let number = value.as_f64().filter(|number| number.fract() == 0.0)?;
                (1.0..=MOST as f64).contains(&number).then_some(Some(number as usize))
            }
        })?;
        let metric = stopping.choice("metric", &names())?;
        let task = stopping.text("task")?;
        stopping.finish()?;
        let selection = match (metric, task) {
            (Some(Name::Metric(metric)), task) => Selection::Metric { metric, task },
            (_, Some(_)) => {
                let message = "earlyStopping.task: goes with a metric of that task only, as in \
                               { metric: 'rmse', task: 'price' }";
                return Err(Error::new(Code::Options, message).option("earlyStopping.task"));
            }
            (Some(Name::MeanImprovement), None) => Selection::MeanImprovement,
            (Some(Name::Loss) | None, None) => Selection::Loss,
        };
        Ok((given.unwrap_or(patience.or(Some(20))), selection))
    }

    /// The option as a user would write it.
    pub fn to_json(&self, patience: Option<usize>) -> Value {
        let waiting = patience.map_or(json!(false), |patience| json!(patience));
        match self {
            Selection::Loss if patience.is_none() => json!(false),
            Selection::Loss => json!({ "patience": waiting }),
            Selection::MeanImprovement => {
                json!({ "patience": waiting, "metric": "meanImprovement" })
            }
            Selection::Metric { metric, task: None } => {
                json!({ "patience": waiting, "metric": metric.name() })
            }
            Selection::Metric { metric, task: Some(task) } => {
                json!({ "patience": waiting, "metric": metric.name(), "task": task })
            }
        }
    }
}

fn names() -> Vec<(&'static str, Name)> {
    let metrics = Metric::ALL.into_iter().map(|metric| (metric.name(), Name::Metric(metric)));
    [("loss", Name::Loss), ("meanImprovement", Name::MeanImprovement)]
        .into_iter()
        .chain(metrics)
        .collect()
}
