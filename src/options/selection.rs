//! The option `earlyStopping`: how long to wait for a better epoch, and what makes one better.

use super::fields::{Fields, name};
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

/// Which of equally good epochs is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ties {
    /// The first; patience goes on from there.
    First,
    /// The last; with each patience begins anew.
    Last,
}

const TIES: [(&str, Ties); 2] = [("first", Ties::First), ("last", Ties::Last)];

/// What [`Selection`] is called in options, without its task.
#[derive(Clone, Copy)]
enum Name {
    Loss,
    MeanImprovement,
    Metric(Metric),
}

impl Selection {
    /// Reads `earlyStopping: { patience, metric, task, ties } | false` over the preset's patience;
    /// none if it is not given.
    pub fn read(
        options: &mut Fields,
        patience: Option<usize>,
    ) -> Result<Option<(Option<usize>, Self, Ties)>> {
        let value = match options.take("earlyStopping") {
            None => return Ok(None),
            Some(Value::Bool(false)) => return Ok(Some((None, Selection::Loss, Ties::First))),
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
        let ties = stopping.choice("ties", &TIES)?.unwrap_or(Ties::First);
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
        Ok(Some((given.unwrap_or(patience.or(Some(20))), selection, ties)))
    }

    /// The option as a user would write it.
    pub fn to_json(&self, patience: Option<usize>, ties: Ties) -> Value {
        if (self, patience, ties) == (&Selection::Loss, None, Ties::First) {
            return json!(false);
        }
        let mut stopping = json!({});
        stopping["patience"] = patience.map_or(json!(false), |patience| json!(patience));
        match self {
            Selection::Loss => {}
            Selection::MeanImprovement => stopping["metric"] = json!("meanImprovement"),
            Selection::Metric { metric, task } => {
                stopping["metric"] = json!(metric.name());
                if let Some(task) = task {
                    stopping["task"] = json!(task);
                }
            }
        }
        if ties != Ties::First {
            stopping["ties"] = json!(name(&TIES, &ties));
        }
        stopping
    }
}

fn names() -> Vec<(&'static str, Name)> {
    let metrics = Metric::ALL.into_iter().map(|metric| (metric.name(), Name::Metric(metric)));
    [("loss", Name::Loss), ("meanImprovement", Name::MeanImprovement)]
        .into_iter()
        .chain(metrics)
        .collect()
}
