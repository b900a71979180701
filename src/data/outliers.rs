//! Numbers that lie so far from the others of their column that they cannot be meant like them: a
//! slip of the keyboard, a sensor's error, a number that stands for "no data".
//!
//! How far a number may lie goes by the others. Mean and standard deviation do not do: outliers are
//! part of both, and among n numbers none lies more than √n standard deviations out. So distances
//! are measured from the median, in deviations of a normal distribution with the same interquartile
//! range, and for each side by itself, as prices and counts have a long tail on one. A long tail is
//! told by the quantiles within it: distances are taken to grow with the quantile as those of a
//! log-normal distribution, which fits the 75 % and the 97.5 % quantile, do; an outlier lies past
//! what so many numbers of that distribution come to, by far, and more than ten deviations out.

use super::column::Column;
use super::date::{self, DateOrder};
use super::number::{self, NumberFormat};
use super::table::Cell;

/// Fewer numbers tell nothing of how far others may lie.
const LEAST_NUMBERS: usize = 20;

/// Deviations within which no number is an outlier.
const DEVIATIONS: f64 = 10.0;

/// More than this share of a column's numbers are no outliers, but what the column is like.
const MOST: f64 = 0.05;

/// Outliers that make up less than this share of a column's variance do no harm.
const HARMS: f64 = 0.05;

/// The interquartile range of the standard normal distribution.
const RANGE: f64 = 1.349;

/// The 75 % quantile of the standard normal distribution.
const QUARTILE: f64 = 0.6745;

/// Shares within a tail, and the quantiles of the standard normal distribution there.
const TAIL: [(f64, f64); 3] = [(0.9, 1.2816), (0.95, 1.645), (0.975, 1.96)];

/// From one of these to the next a tail does not grow by more: past that are outliers.
const GAP: f64 = 4.0;

/// How much farther than the farthest that is to be expected an outlier lies, in quantiles of the
/// standard normal distribution.
const BEYOND: f64 = 1.5;

/// Where more than half of the numbers are the same, those that differ must be so many.
const LEAST_OTHERS: usize = 10;

/// The least spread of their distances' logarithms.
const LEAST_SPREAD: f64 = 0.5;

/// Numbers from here on stand for "no data", whatever the column.
const NO_NUMBER: f64 = 1e30;

/// Years of dates from the first to the last that are dates: others stand for "no data".
pub const DATED: std::ops::RangeInclusive<u32> = 1000..=2999;

/// What was found among the numbers of a column.
#[derive(Debug, Clone, PartialEq)]
pub struct Outliers {
    /// Their places among the numbers, rising.
    pub places: Vec<usize>,
    /// The least and the greatest of the other numbers.
    pub others: [f64; 2],
}

impl Outliers {
    /// The outliers among numbers, of which NaN is none; none where there are none.
    pub fn of(numbers: &[f64]) -> Option<Self> {
        let mut sorted: Vec<f64> = numbers.iter().copied().filter(|it| !it.is_nan()).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let mut within = repeated(&mut sorted);
        let limits = limits(&sorted);
        for side in [Side::Low, Side::High] {
            if side.has_outliers(&sorted, limits) {
                match side {
                    Side::Low => within[0] = within[0].max(limits[0]),
                    Side::High => within[1] = within[1].min(limits[1]),
                }
            }
        }
        let is_out = |number: f64| number < within[0] || number > within[1];
        let places = numbers.iter().enumerate().filter(|(_, number)| is_out(**number));
        let places: Vec<usize> = places.map(|(place, _)| place).collect();
        let others = sorted.iter().copied().filter(|number| !is_out(*number));
        let first = others.clone().next()?;
        (!places.is_empty())
            .then(|| Outliers { places, others: [first, others.fold(first, f64::max)] })
    }
}

/// Whether a number looks like one that stands for "no data": nines and nothing else, as -999 or
/// 99.99, the ends of whole numbers in 16 and 32 bits, or what is past all that is measured.
pub fn is_no_data(number: f64) -> bool {
    let text = number.abs().to_string();
    let nines = text.bytes().filter(|byte| *byte == b'9').count();
    let all = text.bytes().all(|byte| matches!(byte, b'9' | b'.'));
    let ends = [32_767.0, 32_768.0, 2_147_483_647.0, 2_147_483_648.0];
    number.abs() >= NO_NUMBER || (nines >= 2 && all) || ends.contains(&number.abs())
}

/// The numbers in some rows of a column, in their order; NaN where there is none.
pub fn numbers(column: &Column, rows: &[usize], format: NumberFormat) -> Vec<f64> {
    let mut numbers = Vec::with_capacity(rows.len());
    let number = |cell: Cell<'_>| number::of(cell, format).unwrap_or(f64::NAN);
    column.map(rows, number, |_, number| numbers.push(number));
    numbers
}

/// The years of the dates in some rows of a column, in their order.
pub fn years(column: &Column, rows: &[usize], order: Option<DateOrder>) -> Vec<Option<u32>> {
    let mut years = Vec::with_capacity(rows.len());
    let year = |cell: Cell<'_>| date::of(cell, order).map(|date| date.year);
    column.map(rows, year, |_, year| years.push(year));
    years
}

/// Takes out the least and the greatest number where they stand several times, look like "no data",
/// and lie far from the rest: of these there may be many more than of others. Gives the range that is
/// left.
fn repeated(sorted: &mut Vec<f64>) -> [f64; 2] {
    let mut within = [f64::NEG_INFINITY, f64::INFINITY];
    // One at either end, and another beside it.
    for _ in 0..2 {
        for side in [Side::Low, Side::High] {
            let Some(&number) = side.end(sorted) else { continue };
            let copies = side.many(sorted, number);
            let too_many = copies * 2 > sorted.len();
            if copies < 2 || too_many || !is_no_data(number) {
                continue;
            }
            let rest = match side {
                Side::Low => &sorted[copies..],
                Side::High => &sorted[..sorted.len() - copies],
            };
            let [low, high] = limits(rest);
            match side {
                Side::Low if number < low => within[0] = low,
                Side::High if number > high => within[1] = high,
                _ => continue,
            }
            *sorted = rest.to_vec();
        }
    }
    within
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Side {
    Low,
    High,
}

impl Side {
    /// The farthest number.
    fn end(self, sorted: &[f64]) -> Option<&f64> {
        if self == Side::Low { sorted.first() } else { sorted.last() }
    }

    /// How many at this end are the same.
    fn many(self, sorted: &[f64], number: f64) -> usize {
        match self {
            Side::Low => sorted.partition_point(|other| *other <= number),
            Side::High => sorted.len() - sorted.partition_point(|other| *other < number),
        }
    }

    /// How far a number lies from another on this side.
    fn distance(self, number: f64, from: f64) -> f64 {
        if self == Side::Low { from - number } else { number - from }
    }

    /// The number past which such a share of the numbers lies on this side.
    fn quantile(self, sorted: &[f64], share: f64) -> f64 {
        quantile(sorted, if self == Side::Low { 1.0 - share } else { share })
    }

    /// Whether those past the limit are outliers: few, and of weight in the variance.
    fn has_outliers(self, sorted: &[f64], [low, high]: [f64; 2]) -> bool {
        let low = sorted.partition_point(|number| *number < low);
        let high = sorted.partition_point(|number| *number <= high);
        let past = if self == Side::Low { &sorted[..low] } else { &sorted[high..] };
        let Some(end) = self.end(past) else { return false };
        if past.len() as f64 > MOST * sorted.len() as f64 {
            return false;
        }
        // By the farthest, so that nothing overflows.
        let median = quantile(sorted, 0.5);
        let unit = self.distance(*end, median);
        let square = |number: &f64| ((number - median) / unit).powi(2);
        let squares = |numbers: &[f64]| numbers.iter().map(square).sum::<f64>();
        let (out, rest) = (squares(past), squares(&sorted[low..high]));
        !unit.is_finite() || out >= HARMS * (out + rest)
    }
}

/// The least and the greatest number that is no outlier among sorted ones; infinite where there is no
/// telling.
fn limits(sorted: &[f64]) -> [f64; 2] {
    let none = [f64::NEG_INFINITY, f64::INFINITY];
    if sorted.len() < LEAST_NUMBERS {
        return none;
    }
    let median = quantile(sorted, 0.5);
    let deviation = (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / RANGE;
    if !deviation.is_finite() {
        return none;
    }
    let far = |side| match deviation > 0.0 {
        true => reach(sorted, side, median, deviation),
        false => reach_of_others(sorted, median),
    };
    [median - far(Side::Low), median + far(Side::High)]
}

/// How far from the median a number of one side may lie.
fn reach(sorted: &[f64], side: Side, median: f64, deviation: f64) -> f64 {
    let distance = |share| side.distance(side.quantile(sorted, share), median);
    let quarter = distance(0.75).max(0.25 * deviation);
    let [first, rest @ ..] = TAIL;
    let (mut far, mut at) = (distance(first.0), first.1);
    for (share, quantile) in rest {
        let next = distance(share);
        if next > GAP * far.max(quarter) {
            break;
        }
        (far, at) = (next, quantile);
    }
    let growth = growth(far / quarter, at);
    let expected = (2.0 * (sorted.len() as f64).ln()).sqrt() + BEYOND;
    let reach = quarter * tail(expected, growth) / tail(QUARTILE, growth);
    reach.max(DEVIATIONS * deviation)
}

/// The same where most numbers are the median: by the distances of those that are not.
fn reach_of_others(sorted: &[f64], median: f64) -> f64 {
    let others = sorted.iter().filter(|number| **number != median);
    let mut logs: Vec<f64> = others.map(|number| (number - median).abs().ln()).collect();
    if logs.len() < LEAST_OTHERS {
        return f64::INFINITY;
    }
    logs.sort_unstable_by(f64::total_cmp);
    let spread = (quantile(&logs, 0.75) - quantile(&logs, 0.25)) / RANGE;
    let expected = (2.0 * (logs.len() as f64).ln()).sqrt() + BEYOND;
    let more = (spread.max(LEAST_SPREAD) * expected).max(DEVIATIONS.ln());
    (quantile(&logs, 0.5) + more).exp()
}

/// The distance of a quantile from the median in a log-normal distribution, in which distances grow
/// so fast; 0 is the normal one.
fn tail(quantile: f64, growth: f64) -> f64 {
    if growth > 0.0 { (growth * quantile).exp_m1() / growth } else { quantile }
}

/// How fast distances grow if that of a quantile is so many times that of the quartile.
fn growth(times: f64, quantile: f64) -> f64 {
    let times_of = |growth| tail(quantile, growth) / tail(QUARTILE, growth);
    if times <= times_of(0.0) {
        return 0.0;
    }
    let (mut low, mut high) = (0.0, 30.0);
    for _ in 0..50 {
        let middle = 0.5 * (low + high);
        if times_of(middle) < times { low = middle } else { high = middle }
    }
    low
}

/// The number below which such a share of sorted ones lies, between two where it falls there.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let last = sorted.len().saturating_sub(1);
    let place = share * last as f64;
    let at = (place.floor() as usize).min(last);
    let (low, high) = (sorted[at], sorted[(at + 1).min(last)]);
    low + (high - low) * (place - at as f64)
}

#[cfg(test)]
#[path = "outliers_tests.rs"]
mod tests;
