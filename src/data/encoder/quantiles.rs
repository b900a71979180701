//! Quantiles of a column's numbers, and where a number lies between them.

use super::ranks::Ranks;

/// A spread of no more than this, by the largest number, is the rounding of a constant column.
const ROUNDING: f64 = 1e-12;

/// The most quantiles and the fewest, and how many numbers there are to one of them (TabM).
const MOST: usize = 1000;
const FEWEST: usize = 10;
const NUMBERS_EACH: usize = 30;

/// Numbers are kept within this, so that the difference of any two is finite.
const LARGEST: f64 = f64::MAX / 4.0;

/// Numbers in order, at least two of them different, each counting by its weight.
#[derive(Debug)]
pub struct Sorted {
    numbers: Vec<f64>,
    ranks: Ranks,
}

impl Sorted {
    /// Sorts numbers, with the weight of each, 1 or more, unless all are equal; none if they are
    /// constant but for rounding, or none are there.
    pub fn new(mut numbers: Vec<f64>, weights: Option<Vec<f64>>) -> Option<Self> {
        numbers.iter_mut().for_each(|number| *number = number.clamp(-LARGEST, LARGEST));
        let weights = match weights {
            None => {
                numbers.sort_unstable_by(f64::total_cmp);
                None
            }
            Some(weights) => {
                let mut both: Vec<(f64, f64)> = numbers.into_iter().zip(weights).collect();
                both.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
                let (sorted, weights): (Vec<f64>, Vec<f64>) = both.into_iter().unzip();
                numbers = sorted;
                Some(weights)
            }
        };
        let (least, most) = (*numbers.first()?, *numbers.last()?);
        let largest = least.abs().max(most.abs());
        let ranks = Ranks::new(numbers.len(), weights.as_deref());
        (most - least > ROUNDING * largest).then_some(Sorted { numbers, ranks })
    }

    /// The median, and the interquartile range or, where that is 0, half the whole range; none
    /// if that is nothing either.
    pub fn spread(&self) -> Option<(f64, f64)> {
        let median = self.at(1, 2);
        let quartiles = self.at(3, 4) - self.at(1, 4);
        let scale = if quartiles > ROUNDING * median.abs() {
            quartiles
        } else {
            0.5 * (self.at(1, 1) - self.at(0, 1))
        };
        (scale > 0.0).then_some((median, scale))
    }

    /// The quantiles of equal shares, from the least number to the greatest.
    pub fn quantiles(&self) -> Vec<f64> {
        let numbers = self.numbers.len();
        let count = (numbers / NUMBERS_EACH).clamp(FEWEST, MOST).min(numbers);
        let mut last = f64::NEG_INFINITY;
        let quantile = |share| {
            // Rounding may not put one below the one before it.
            last = self.at(share, count - 1).max(last);
            last
        };
        (0..count).map(quantile).collect()
    }

    /// The number below which a share `part / whole` of the weight lies, linear between neighbours.
    fn at(&self, part: usize, whole: usize) -> f64 {
        let (before, share) = self.ranks.quantile(part, whole);
        let low = self.numbers[before];
        if share == 0.0 {
            return low;
        }
        let high = self.numbers[before + 1];
        // From the nearer one, so that equal neighbours give themselves.
        if share < 0.5 { low + (high - low) * share } else { high - (high - low) * (1.0 - share) }
    }
}

/// Whether quantiles from a file can be used.
pub fn are_valid(quantiles: &[f64]) -> bool {
    let fit = |number: &f64| number.abs() <= LARGEST;
    match quantiles {
        [] => true,
        [first, .., last] => quantiles.iter().all(fit) && quantiles.is_sorted() && first < last,
        [_] => false,
    }
}

/// The share of the training numbers below `number`, from 0 to 1: linear between quantiles, and
/// amid those that equal it, also where they are the least or the greatest. (scikit-learn puts the
/// least and the greatest number at the very ends, however often they stand, and TabM adds noise
/// against that.) Without quantiles all numbers lie in the middle.
#[inline]
pub fn share_below(number: f64, quantiles: &[f64]) -> f64 {
    let Some(last) = quantiles.len().checked_sub(1) else { return 0.5 };
    let below = quantiles.partition_point(|quantile| *quantile < number);
    let Some(&high) = quantiles.get(below) else { return 1.0 };
    let place = if high == number {
        let equal = quantiles[below..].partition_point(|quantile| *quantile <= number);
        below as f64 + 0.5 * (equal - 1) as f64
    } else if below == 0 {
        0.0
    } else {
        let low = quantiles[below - 1];
        (below - 1) as f64 + (number - low) / (high - low)
    };
    place / last as f64
}
