//! Numbers in bins: how probabilities compare with what happened, and how numbers are spread.

use serde::Serialize;

/// Bins of a calibration curve.
const BINS: usize = 10;

/// Bins of a histogram.
const BARS: usize = 30;

/// The share of numbers left out at either end of a histogram, lest one far away squeezes the rest.
const TAIL: f64 = 0.005;

/// Probabilities between two bounds, and what happened.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bin {
    /// The bounds: above the first, up to the second.
    pub between: [f64; 2],
    /// The rows, whatever their weight.
    pub n: usize,
    /// The mean probability.
    pub predicted: f64,
    /// How often it happened, 0 to 1.
    pub observed: f64,
}

/// The bins of equal width that have rows; each row is a probability, whether it happened and what
/// the row counts.
pub fn calibration(rows: &[(f64, bool, f64)]) -> Vec<Bin> {
    let mut sums = [(0, 0.0, 0.0, 0.0); BINS];
    for &(probability, happened, weight) in rows.iter().filter(|row| row.2 > 0.0) {
        let edge = |at: usize| at as f64 / BINS as f64;
        let bin = (1..BINS).filter(|&at| probability > edge(at)).count();
        let (n, counted, predicted, observed) = &mut sums[bin];
        *n += 1;
        *counted += weight;
        *predicted += probability * weight;
        *observed += if happened { weight } else { 0.0 };
    }
    let bins = sums.iter().enumerate().filter(|(_, (n, ..))| *n > 0);
    let bins = bins.map(|(at, &(n, counted, predicted, observed))| Bin {
        between: [at as f64 / BINS as f64, (at + 1) as f64 / BINS as f64],
        n,
        predicted: predicted / counted,
        observed: observed / counted,
    });
    bins.collect()
}

/// How numbers are spread.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Histogram {
    /// Where the first bar begins and the last one ends.
    pub between: [f64; 2],
    /// How many numbers are in each bar, all of one width.
    pub counts: Vec<usize>,
    /// How many lie below the first,
    pub below: usize,
    /// and above the last.
    pub above: usize,
}

impl Histogram {
    /// The histogram of finite numbers; `whole` numbers that are few have a bar each. None without
    /// numbers.
    pub fn of(mut numbers: Vec<f64>, whole: bool) -> Option<Self> {
        numbers.sort_unstable_by(f64::total_cmp);
        let last = numbers.len().checked_sub(1)?;
        // Of few numbers none is far away.
        let cut = (numbers.len() as f64 * TAIL) as usize;
        let (low, high) = (numbers[cut], numbers[last - cut]);
        let (between, bars) = if whole && high - low < BARS as f64 {
            ([low.floor() - 0.5, high.ceil() + 0.5], (high.ceil() - low.floor()) as usize + 1)
        } else if low < high {
            ([low, high], BARS.min(4 + numbers.len() / 4))
        } else {
            let half = if low == 0.0 { 0.5 } else { low.abs() * 0.05 };
            ([low - half, low + half], 1)
        };
        let [first, end] = between;
        let mut counts = vec![0; bars];
        // Each is divided first: a difference may be greater than any number.
        let scale = |number: f64| number / bars as f64;
        let width = scale(end) - scale(first);
        if !(width > 0.0 && width.is_finite()) {
            return None;
        }
        let (mut below, mut above) = (0, 0);
        for number in numbers {
            match number {
                number if number < first => below += 1,
                number if number > end => above += 1,
                number => {
                    let at = (scale(number) - scale(first)) / width * bars as f64;
                    counts[(at as usize).min(bars - 1)] += 1;
                }
            }
        }
        Some(Histogram { between, counts, below, above })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_tell_what_was_said_and_what_happened() {
        let rows = [(0.05, false, 1.0), (0.1, true, 3.0), (0.95, true, 1.0), (1.0, true, 0.0)];
        let bins = calibration(&rows);
        assert_eq!(bins.len(), 2);
        assert_eq!((bins[0].between, bins[0].n), ([0.0, 0.1], 2));
        assert!((bins[0].predicted - 0.0875).abs() < 1e-12, "{bins:?}");
        assert!((bins[0].observed - 0.75).abs() < 1e-12, "{bins:?}");
        assert_eq!((bins[1].between[0], bins[1].n, bins[1].observed), (0.9, 1, 1.0));
        assert_eq!(calibration(&[]), []);
    }

    #[test]
    fn every_number_is_counted_once() {
        let far = (0..1000).map(f64::from).chain([-1e300, 1e300, 1e9, -1e9, 7e7]);
        let histogram = Histogram::of(far.collect(), false).unwrap();
        let inside: usize = histogram.counts.iter().sum();
        assert_eq!(inside + histogram.below + histogram.above, 1005);
        assert_eq!(histogram.counts.len(), BARS);
        assert!(histogram.below > 0 && histogram.above > 0);
        assert!(histogram.between[0] >= 0.0 && histogram.between[1] < 1e9, "{histogram:?}");
    }

    #[test]
    fn odd_numbers_have_a_histogram_too() {
        assert_eq!(Histogram::of(vec![], false), None);
        for number in [0.0, -3.0, 5e-324] {
            let histogram = Histogram::of(vec![number; 3], false);
            assert!(histogram.is_none_or(|it| it.counts == [3]), "{number}");
        }
        let counts = Histogram::of(vec![0.0, 2.0, 2.0, 3.0], true).unwrap();
        assert_eq!((counts.counts, counts.between), (vec![1, 0, 2, 1], [-0.5, 3.5]));
        let widest = Histogram::of(vec![-1e308, 1e308], false).unwrap();
        assert_eq!(widest.counts.iter().sum::<usize>(), 2);
    }
}
