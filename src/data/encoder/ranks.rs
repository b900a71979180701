//! Where a quantile lies among sorted numbers, each of which counts by its weight.
//!
//! Weights are multiples of the least of them, so that only their proportions matter. A number of
//! weight 3 takes three ranks, as if it stood there three times; between the last rank of a number
//! and the first of the next lies a rank's length, over which quantiles run from the one to the
//! other. Where all weights are equal this is the usual definition (type 7 of Hyndman and Fan,
//! 1996), and whole weights of which the least is 1 give what as many repeated numbers give.

/// The ranks of sorted numbers.
#[derive(Debug)]
pub enum Ranks {
    /// So many numbers of one rank each.
    Equal(usize),
    /// Where the ranks of each number end. Each has one rank or more.
    Weighted(Vec<f64>),
}

impl Ranks {
    /// Of so many numbers, with the weight of each, 1 or more, unless all are equal.
    pub fn new(numbers: usize, weights: Option<&[f64]>) -> Self {
        let Some(weights) = weights else { return Ranks::Equal(numbers) };
        let mut end = 0.0;
        let ends = weights.iter().map(|weight| {
            end += weight;
            end
        });
        Ranks::Weighted(ends.collect())
    }

    /// The quantile of the share `part / whole`: the number at or before it, and how far from there
    /// it is to the next one, from 0 to below 1. There must be numbers.
    #[inline]
    pub fn quantile(&self, part: usize, whole: usize) -> (usize, f64) {
        match self {
            Ranks::Equal(numbers) => {
                // In whole numbers, which do not round.
                let place = part * (numbers - 1);
                (place / whole, (place % whole) as f64 / whole as f64)
            }
            Ranks::Weighted(ends) => {
                let last = ends.len() - 1;
                let place = part as f64 * (ends[last] - 1.0) / whole as f64;
                let at = ends.partition_point(|end| end - 1.0 < place).min(last);
                match at.checked_sub(1) {
                    Some(before) if place < ends[before] => {
                        (before, (place - (ends[before] - 1.0)).clamp(0.0, 1.0 - f64::EPSILON))
                    }
                    _ => (at, 0.0),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_weights_are_repeated_numbers() {
        let weights = [2.0, 1.0, 5.0, 1.0, 3.0];
        let numbers = [1.0, 2.0, 4.0, 8.0, 16.0];
        let repeated: Vec<f64> = numbers
            .iter()
            .zip(weights)
            .flat_map(|(number, weight)| vec![*number; weight as usize])
            .collect();
        let value = |ranks: &Ranks, numbers: &[f64], part| {
            let (at, share) = ranks.quantile(part, 60);
            let next = numbers.get(at + 1).unwrap_or(&numbers[at]);
            numbers[at] + (next - numbers[at]) * share
        };
        for scale in [1.0, 0.1] {
            // 0.3 is not three times 0.1, nor is 0.1 · 5 ÷ 0.1 always 5.
            let scaled: Vec<f64> = weights.iter().map(|it| it * scale / scale).collect();
            let ranks = Ranks::new(5, Some(&scaled));
            for part in 0..=60 {
                let found = value(&ranks, &numbers, part);
                let expected = value(&Ranks::Equal(12), &repeated, part);
                assert!((found - expected).abs() < 1e-12, "{part}: {found} {expected}");
            }
        }
    }

    #[test]
    fn equal_weights_are_none_and_quantiles_rise() {
        let ones = Ranks::new(7, Some(&[1.0; 7]));
        for part in 0..=10 {
            let ((a, x), (b, y)) = (ones.quantile(part, 10), Ranks::Equal(7).quantile(part, 10));
            assert!((a as f64 + x - b as f64 - y).abs() < 1e-12, "{part}");
        }
        // However far apart weights are.
        let ranks = Ranks::new(4, Some(&[1.0, 1e15, 1.0, 1e15]));
        let places: Vec<f64> =
            (0..=99).map(|part| ranks.quantile(part, 99)).map(|(at, x)| at as f64 + x).collect();
        assert!(places.is_sorted());
        assert_eq!((places[0], places[20], places[99]), (0.0, 1.0, 3.0));
        assert_eq!(Ranks::new(1, Some(&[1.0])).quantile(1, 1), (0, 0.0));
    }
}
