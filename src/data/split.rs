//! Which rows train and which validate.

use crate::random::Random;

/// Row numbers on either side, each in ascending order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// Rows to train on.
    pub train: Vec<usize>,
    /// Rows to validate on.
    pub validation: Vec<usize>,
}

/// Splits `rows` rows: of every stratum the rounded `fraction` validates, at random, and at least
/// one row of it trains. `strata` gives each row's stratum (a class, or none where the label is
/// missing); without it all rows are one stratum.
pub fn split(
    rows: usize,
    fraction: f64,
    strata: Option<&[Option<u32>]>,
    random: &mut Random,
) -> Split {
    let mut parts = Split { train: Vec::new(), validation: Vec::new() };
    for mut group in by_stratum(rows, strata) {
        random.shuffle(&mut group);
        let size = (group.len() as f64 * fraction).round() as usize;
        let size = size.min(group.len().saturating_sub(1));
        parts.validation.extend(&group[..size]);
        parts.train.extend(&group[size..]);
    }
    parts.train.sort_unstable();
    parts.validation.sort_unstable();
    parts
}

/// The rows of each stratum, in ascending order.
pub(super) fn by_stratum(rows: usize, strata: Option<&[Option<u32>]>) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for row in 0..rows {
        // Rows without a label make a stratum of their own, the first.
        let group = strata.and_then(|strata| strata[row]).map_or(0, |class| class as usize + 1);
        if groups.len() <= group {
            groups.resize(group + 1, Vec::new());
        }
        groups[group].push(row);
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Purpose;

    fn random(seed: u64) -> Random {
        Random::new(seed, Purpose::Split)
    }

    #[test]
    fn every_class_is_split_alike_and_every_row_is_somewhere() {
        let strata: Vec<Option<u32>> = (0..150).map(|row| Some(row / 50)).collect();
        let parts = split(150, 0.2, Some(&strata), &mut random(1));
        assert_eq!(parts.validation.len(), 30);
        for class in 0..3 {
            let count = parts.validation.iter().filter(|&&row| row / 50 == class).count();
            assert_eq!(count, 10);
        }
        let mut all = [parts.train.clone(), parts.validation.clone()].concat();
        all.sort_unstable();
        assert!(all.into_iter().eq(0..150));
        assert_eq!(parts, split(150, 0.2, Some(&strata), &mut random(1)));
        assert_ne!(parts, split(150, 0.2, Some(&strata), &mut random(2)));
    }

    #[test]
    fn a_class_of_one_row_trains_and_no_fraction_takes_all() {
        let strata = [Some(0), Some(1), None];
        let parts = split(3, 0.9, Some(&strata), &mut random(0));
        assert!(parts.validation.is_empty());
        let parts = split(4, 0.99, None, &mut random(0));
        assert_eq!((parts.train.len(), parts.validation.len()), (1, 3));
    }
}
