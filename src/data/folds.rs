//! The folds of a cross-validation.

use super::split::by_stratum;
use crate::random::Random;

/// One fold: what is tested, and what its training may use. Row numbers, in ascending order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fold {
    /// Rows to learn from.
    pub train: Vec<usize>,
    /// Rows to test on.
    pub test: Vec<usize>,
}

/// Deals `rows` rows at random into `k` folds, each in ascending order: every row is in one fold,
/// folds differ by at most one row, and so do the rows of each stratum in them. `strata` as in
/// [`super::split`].
pub fn folds(
    rows: usize,
    k: usize,
    strata: Option<&[Option<u32>]>,
    random: &mut Random,
) -> Vec<Vec<usize>> {
    let mut folds = vec![Vec::new(); k];
    let mut next = 0;
    for mut stratum in by_stratum(rows, strata) {
        random.shuffle(&mut stratum);
        for row in stratum {
            // Goes on where the last stratum ended, so that its last rows do not pile up.
            folds[next % k].push(row);
            next += 1;
        }
    }
    folds.iter_mut().for_each(|fold| fold.sort_unstable());
    folds
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Purpose;

    #[test]
    fn every_row_is_in_one_fold_and_classes_are_spread_evenly() {
        let strata: Vec<Option<u32>> = (0..103)
            .map(|row| match row {
                0..=2 => None,
                3..=52 => Some(0),
                53..=95 => Some(1),
                _ => Some(2),
            })
            .collect();
        let deal = |seed| folds(103, 5, Some(&strata), &mut Random::new(seed, Purpose::Folds));
        for seed in 0..20 {
            let folds = deal(seed);
            let mut all = folds.concat();
            all.sort_unstable();
            assert!(all.into_iter().eq(0..103));
            assert!(folds.iter().all(|fold| fold.len() == 20 || fold.len() == 21));
            for class in [Some(0), Some(1), Some(2)] {
                let counts: Vec<usize> = folds
                    .iter()
                    .map(|fold| fold.iter().filter(|&&row| strata[row] == class).count())
                    .collect();
                let (least, most) = (counts.iter().min().unwrap(), counts.iter().max().unwrap());
                assert!(most - least <= 1, "{counts:?}");
            }
        }
        assert_eq!(deal(1), deal(1));
        assert_ne!(deal(1), deal(2));
    }

    #[test]
    fn as_many_folds_as_rows_leave_one_out() {
        let folds = folds(4, 4, None, &mut Random::new(0, Purpose::Folds));
        assert!(folds.iter().all(|fold| fold.len() == 1));
    }
}
