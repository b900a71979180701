//! Splits by time: the latest rows validate, and cross-validation in expanding windows. Rows of one
//! moment are never on both sides.

use super::folds::Fold;
use super::split::Split;

/// Splits rows, given the moment of each: the latest validate, as many as come nearest to `fraction`
/// with at least one moment on either side. None if all have one moment.
pub fn split_latest(moments: &[f64], fraction: f64) -> Option<Split> {
    let order = Ordered::of((0..moments.len()).collect(), moments);
    let goal = moments.len() as f64 * (1.0 - fraction);
    let end = *order.boundaries(1, |_| goal)?.first()?;
    let (train, validation) = order.rows.split_at(end);
    Some(Split { train: ascending(train), validation: ascending(validation) })
}

/// `k` folds in expanding windows, given the moment of each row: the rows are divided by time into
/// `k` + 1 parts of about equal size, and each part but the first is tested by what learnt from all
/// before it. With a moment `from`, the first part is what lies before it. None if there are too few
/// moments.
pub fn expanding_folds(moments: &[f64], k: usize, from: Option<f64>) -> Option<Vec<Fold>> {
    let rows = 0..moments.len();
    let is_tested = |row: &usize| from.is_none_or(|from| moments[*row] >= from);
    let before: Vec<usize> = rows.clone().filter(|row| !is_tested(row)).collect();
    let order = Ordered::of(rows.filter(is_tested).collect(), moments);
    let (first, parts) = if from.is_some() { (0, k) } else { (1, k + 1) };
    if from.is_some() && before.is_empty() {
        return None;
    }
    let even = |part: usize| (order.rows.len() * part) as f64 / parts as f64;
    let inner = order.boundaries(parts - 1, even)?;
    let ends: Vec<usize> =
        std::iter::once(0).chain(inner).chain(std::iter::once(order.rows.len())).collect();
    let fold = |part: usize| Fold {
        train: ascending(&[&*before, &order.rows[..ends[part]]].concat()),
        test: ascending(&order.rows[ends[part]..ends[part + 1]]),
    };
    Some((first..parts).map(fold).collect())
}

/// How many different moments there are.
pub fn distinct_moments(moments: impl Iterator<Item = f64>) -> usize {
    let mut moments: Vec<f64> = moments.collect();
    moments.sort_by(f64::total_cmp);
    moments.dedup();
    moments.len()
}

/// Rows by time.
struct Ordered {
    rows: Vec<usize>,
    /// Where each moment but the first begins among them.
    begins: Vec<usize>,
}

impl Ordered {
    fn of(mut rows: Vec<usize>, moments: &[f64]) -> Self {
        rows.sort_by(|&one, &other| moments[one].total_cmp(&moments[other]));
        let begins = (1..rows.len()).filter(|&at| moments[rows[at]] > moments[rows[at - 1]]);
        Ordered { begins: begins.collect(), rows }
    }

    /// So many different places between two moments, in ascending order, each about as near as can be
    /// to where it is wanted, which is told by its number from 1 on. None if there are fewer.
    fn boundaries(&self, count: usize, wanted: impl Fn(usize) -> f64) -> Option<Vec<usize>> {
        if self.rows.is_empty() || self.begins.len() < count {
            return None;
        }
        let mut chosen = Vec::with_capacity(count);
        let mut least = 0;
        for number in 1..=count {
            let most = self.begins.len() - (count - number) - 1;
            let wanted = wanted(number);
            let candidates = &self.begins[least..=most];
            let after = candidates.partition_point(|&begin| (begin as f64) < wanted);
            let far = |at: usize| (candidates[at] as f64 - wanted).abs();
            let nearest = match after {
                0 => 0,
                _ if after == candidates.len() => after - 1,
                // Of two as near, the earlier.
                _ if far(after - 1) <= far(after) => after - 1,
                _ => after,
            };
            chosen.push(candidates[nearest]);
            least += nearest + 1;
        }
        Some(chosen)
    }
}

fn ascending(rows: &[usize]) -> Vec<usize> {
    let mut rows = rows.to_vec();
    rows.sort_unstable();
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_rows_validate_and_a_moment_stays_whole() {
        let moments = [5.0, 1.0, 2.0, 2.0, 4.0, 3.0, 5.0, 0.0, 1.0, 5.0];
        let split = |fraction| split_latest(&moments, fraction).unwrap();
        assert_eq!(split(0.3).validation, [0, 6, 9]);
        // Two rows would cut the moment 5, and three are nearer than none.
        assert_eq!(split(0.2).validation, [0, 6, 9]);
        assert_eq!(split(0.01).validation, [0, 6, 9]);
        assert_eq!(split(0.99).train, [7]);
        assert_eq!(split_latest(&[1.0, 1.0], 0.5), None);
        assert_eq!(split_latest(&[], 0.5), None);
    }

    #[test]
    fn windows_expand_and_test_what_follows() {
        let moments: Vec<f64> = (0..100).map(|row| f64::from((row * 37) % 100)).collect();
        let folds = expanding_folds(&moments, 4, None).unwrap();
        assert_eq!(folds.len(), 4);
        let mut tested = 0;
        for (number, fold) in folds.iter().enumerate() {
            assert_eq!((fold.train.len(), fold.test.len()), (20 * (number + 1), 20));
            let last = fold.train.iter().map(|&row| moments[row]).fold(f64::MIN, f64::max);
            assert!(fold.test.iter().all(|&row| moments[row] > last));
            assert!(fold.train.is_sorted() && fold.test.is_sorted());
            tested += fold.test.len();
        }
        assert_eq!(tested, 80);
    }

    #[test]
    fn windows_begin_at_a_moment() {
        let moments: Vec<f64> = (0..50).map(f64::from).collect();
        let folds = expanding_folds(&moments, 2, Some(30.0)).unwrap();
        let sizes: Vec<_> = folds.iter().map(|fold| (fold.train.len(), fold.test.len())).collect();
        assert_eq!(sizes, [(30, 10), (40, 10)]);
        assert_eq!(expanding_folds(&moments, 2, Some(-1.0)), None);
        assert_eq!(expanding_folds(&moments, 2, Some(49.0)), None);
    }

    #[test]
    fn few_moments_are_as_many_parts_at_most() {
        let moments = [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 2.0, 3.0];
        let folds = expanding_folds(&moments, 2, None).unwrap();
        assert_eq!(folds[0].test, [6]);
        assert_eq!(folds[1].test, [7]);
        assert_eq!(expanding_folds(&moments, 3, None), None);
    }
}
