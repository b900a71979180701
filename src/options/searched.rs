//! What a search tries where the user does not say: what most often matters, by the data.

use super::space::{Dimension, Domain, Range, Space, place, says};
use super::{OptimizerKind, TrainOptions};
use serde_json::{Value, json};

/// What the space goes by.
#[derive(Debug, Clone, Copy)]
pub struct Facts {
    /// Training rows.
    pub rows: usize,
    /// Whether a feature is numeric.
    pub numbers: bool,
}

/// Training rows up to which several networks in one are tried: past it they take long.
const MOST_MEMBERED: usize = 30_000;

impl Space {
    /// The space for such data, without what `given` says already, read as `base`.
    pub fn by_default(given: &Value, base: &TrainOptions, facts: Facts) -> Self {
        let dimensions = all(base, facts).into_iter().filter_map(|(path, domain)| {
            if says(given, path) {
                return None;
            }
            let fits = |value: &Value| {
                let mut options = given.clone();
                place(&mut options, path, value.clone());
                TrainOptions::parse(options).is_ok()
            };
            // Not every architecture has every option, nor takes every value.
            let domain = match domain {
                Domain::Values(mut values) => {
                    values.retain(fits);
                    (values.len() > 1).then_some(Domain::Values(values))?
                }
                range => range.samples().iter().all(fits).then_some(range)?,
            };
            Some(Dimension { path: path.to_owned(), domain })
        });
        Space::of(dimensions.collect())
    }
}

fn all(base: &TrainOptions, Facts { rows, numbers }: Facts) -> Vec<(&'static str, Domain)> {
    let values = |values: Value| match values {
        Value::Array(values) => Domain::Values(values),
        one => Domain::Values(vec![one]),
    };
    let ratios = |low, high| Domain::Range(Range { low, high, log: true, integer: false });
    let rate = base.fit.learning_rate;
    // AdamW's decay is a share of the weight, the others' is added to its gradient.
    let decay = match base.fit.optimizer.method {
        OptimizerKind::AdamW => ratios(1e-4, 0.3),
        _ => ratios(1e-6, 1e-2),
    };
    let dropout = Range { low: 0.0, high: 0.5, log: false, integer: false };
    let batch = base.fit.batch_size(rows);
    let mut all = vec![
        ("learningRate", ratios(rate / 5.0, rate * 10.0)),
        ("weightDecay", decay),
        ("model.dropout", Domain::Range(dropout)),
        ("batchSize", values(json!([(batch / 2).max(1), batch, batch * 2]))),
    ];
    // An architecture that has no layers by default is best left without.
    if !base.model.spec.hidden.is_empty() {
        all.push(("model.hidden", values(hidden(rows))));
    }
    if numbers {
        all.push(("model.embeddings", values(json!(["none", "piecewise", "periodic"]))));
        all.push(("features.scaling", values(json!(["standard", "robust", "quantile"]))));
    }
    if rows <= MOST_MEMBERED {
        all.push(("model.members", values(json!([0, 8]))));
    }
    all
}

/// Widths and depths, about those by default, wider where there is more to learn from.
fn hidden(rows: usize) -> Value {
    match rows {
        0..=2_000 => json!([[64], [128], [64, 64], [128, 128], [256, 256], [128, 128, 128]]),
        2_001..=100_000 => {
            json!([[128], [256], [128, 128], [256, 256], [512, 512], [256, 256, 256]])
        }
        _ => json!([[128, 128], [256, 256], [512, 512], [256, 256, 256], [512, 512, 512]]),
    }
}
