//! What a row counts: weights as given, checked once, and the mean they make.

/// The weights of the rows, 1 each where none are given.
#[derive(Clone, Copy)]
pub(super) struct Weights<'a>(Option<&'a [f64]>);

impl<'a> Weights<'a> {
    pub(super) fn new(weights: Option<&'a [f64]>, rows: usize) -> Self {
        if let Some(weights) = weights {
            assert_eq!(weights.len(), rows, "one weight for each label");
        }
        Weights(weights)
    }

    pub(super) fn at(self, row: usize) -> f64 {
        match self.0 {
            None => 1.0,
            Some(weights) if weights[row] > 0.0 && weights[row].is_finite() => weights[row],
            Some(_) => 0.0,
        }
    }
}

/// A weighted mean that grows row by row.
#[derive(Clone, Copy, Default)]
pub(super) struct Mean {
    pub(super) sum: f64,
    pub(super) weight: f64,
}

impl Mean {
    pub(super) fn add(&mut self, value: f64, weight: f64) {
        // A row of weight 0 counts for nothing, even where its value is infinite.
        if weight > 0.0 {
            self.sum += value * weight;
            self.weight += weight;
        }
    }

    pub(super) fn get(self) -> Option<f64> {
        finite(self.sum / self.weight)
    }
}

impl FromIterator<f64> for Mean {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        let mut mean = Mean::default();
        values.into_iter().for_each(|value| mean.add(value, 1.0));
        mean
    }
}

/// The value, unless it is NaN or infinite.
pub(super) fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}
