//! One feature column: standardised numbers, one-hot categories, or codes for an embedding.

use super::super::categories::Categories;
use super::super::number;
use super::super::schema::{Feature, FeatureType};
use super::super::table::{Cell, Column};
use serde::{Deserialize, Serialize};

/// Up to this many categories are one-hot, more are embedded.
const MOST_ONE_HOT: usize = 9;

/// Standardised values are kept within this, so that no input, however far out, overflows.
const FARTHEST: f64 = 1e9;

/// A fitted feature column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FeatureEncoder {
    name: String,
    /// Whether cells were missing in the training rows.
    missing: bool,
    encoding: Encoding,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
enum Encoding {
    /// `(x - mean) / scale`, a missing cell is the mean; beside it an indicator of missing cells,
    /// if there were any.
    Numeric { mean: f64, scale: f64 },
    /// One column per category, all zero for a missing or unseen one.
    OneHot(Categories),
    /// The code plus one, 0 for a missing or unseen category.
    Embedded(Categories),
}

impl FeatureEncoder {
    /// Fits a column on the training rows.
    pub fn fit(feature: &Feature, column: &Column, train: &[usize], decimal: u8) -> Self {
        let cells = || train.iter().map(|&row| column.cell(row));
        let missing = cells().any(|cell| cell == Cell::Missing);
        let encoding = match feature.kind {
            FeatureType::Numeric => {
                let (mean, scale) = moments(cells().filter_map(|cell| number::of(cell, decimal)));
                Encoding::Numeric { mean, scale }
            }
            FeatureType::Categorical => {
                let categories = Categories::of(cells(), decimal);
                match categories.len() {
                    1..=MOST_ONE_HOT => Encoding::OneHot(categories),
                    _ => Encoding::Embedded(categories),
                }
            }
        };
        FeatureEncoder { name: feature.name.clone(), missing, encoding }
    }

    /// Whether an encoder from a file can be used.
    pub fn is_valid(&self) -> bool {
        match &self.encoding {
            Encoding::Numeric { mean, scale } => {
                mean.is_finite() && scale.is_finite() && *scale > 0.0
            }
            Encoding::OneHot(categories) => (1..=MOST_ONE_HOT).contains(&categories.len()),
            Encoding::Embedded(_) => true,
        }
    }

    /// The column's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether cells were missing in the training rows.
    pub fn missing(&self) -> bool {
        self.missing
    }

    /// The categories of a categorical column.
    pub fn categories(&self) -> Option<&Categories> {
        match &self.encoding {
            Encoding::Numeric { .. } => None,
            Encoding::OneHot(categories) | Encoding::Embedded(categories) => Some(categories),
        }
    }

    /// How many dense columns it makes.
    pub fn width(&self) -> usize {
        match &self.encoding {
            Encoding::Numeric { .. } => 1 + usize::from(self.missing),
            Encoding::OneHot(categories) => categories.len(),
            Encoding::Embedded(_) => 0,
        }
    }

    /// For an embedded column, the number of codes.
    pub fn codes(&self) -> Option<usize> {
        match &self.encoding {
            Encoding::Embedded(categories) => Some(categories.len() + 1),
            _ => None,
        }
    }

    /// The code of a cell of an embedded column.
    pub fn code(&self, cell: Cell<'_>) -> u32 {
        self.categories().and_then(|categories| categories.code(cell)).map_or(0, |code| code + 1)
    }

    /// Writes the dense columns of a cell into zeros; false if a number was due and is not there.
    pub fn write(&self, cell: Cell<'_>, decimal: u8, out: &mut [f32]) -> bool {
        match &self.encoding {
            Encoding::Numeric { mean, scale } => match number::of(cell, decimal) {
                Some(number) => {
                    out[0] = ((number - mean) / scale).clamp(-FARTHEST, FARTHEST) as f32;
                    number.is_finite()
                }
                None => {
                    if let Some(indicator) = out.get_mut(1) {
                        *indicator = 1.0;
                    }
                    cell == Cell::Missing
                }
            },
            Encoding::OneHot(categories) => {
                if let Some(code) = categories.code(cell) {
                    out[code as usize] = 1.0;
                }
                true
            }
            Encoding::Embedded(_) => true,
        }
    }
}

/// Mean and standard deviation (population), 1 where there is no spread.
pub fn moments(numbers: impl Iterator<Item = f64>) -> (f64, f64) {
    // Welford's method: no cancellation for numbers far from zero.
    let (mut count, mut mean, mut squares) = (0.0, 0.0, 0.0);
    for number in numbers {
        count += 1.0;
        let delta = number - mean;
        mean += delta / count;
        squares += delta * (number - mean);
    }
    let scale = if count > 0.0 { (squares / count).sqrt() } else { 0.0 };
    // Rounding leaves a trace of spread in a constant column; and numbers near the largest
    // double can overflow the squares.
    let spread = scale.is_finite() && scale > 1e-12 * mean.abs().max(f64::MIN_POSITIVE);
    (mean, if spread { scale } else { 1.0 })
}
