//! Numbers of the first row that follow one another, as names of columns do: 0, 1, 2; years;
//! wavelengths.

use super::evidence::{Evidence, evidence};
use super::top::{Cell, Top};

/// Numbers of the first row that follow one another as the names of columns do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Series {
    /// By ones, from 0, from 1 or from the number of the column.
    Counts,
    /// By equal steps.
    Steps,
    Years,
    /// Each above the one before, or each below.
    Rises,
}

impl Series {
    fn of(self, numbers: &[f64]) -> bool {
        let steps = || numbers.windows(2).map(|pair| pair[1] - pair[0]);
        let rises = || steps().all(|step| step > 0.0) || steps().all(|step| step < 0.0);
        let is_year = |year: &f64| (1500.0..2200.0).contains(year) && year.fract() == 0.0;
        match self {
            Series::Counts => steps().all(|step| step == 1.0),
            Series::Steps => {
                let (Some(step), Some(last)) = (steps().next(), numbers.last()) else {
                    return false;
                };
                let slack = 1e-9 * last.abs().max(numbers[0].abs());
                step != 0.0 && steps().all(|other| (other - step).abs() <= slack)
            }
            Series::Years => numbers.iter().all(is_year) && rises(),
            Series::Rises => rises(),
        }
    }

    /// Whether a row below is of the kind, or holds the very numbers of the first one.
    fn is_like(self, row: &[f64], first: &[f64]) -> bool {
        let sorted = |numbers: &[f64]| {
            let mut sorted = numbers.to_vec();
            sorted.sort_by(f64::total_cmp);
            sorted
        };
        let steps = self == Series::Counts && row.len() > 2 && Series::Steps.of(row);
        steps || self.of(row) || sorted(row) == sorted(first)
    }

    /// What it is worth with so many numbers, were there rows enough.
    fn points(self, first: f64, at: usize, count: usize) -> f64 {
        let more = |from: usize| count.saturating_sub(from) as f64;
        match (self, count) {
            (Series::Counts, 2..) if first == 0.0 || first == 1.0 || first == at as f64 => {
                let points = match count {
                    2 => 1.5,
                    3 => 3.5,
                    _ => 5.0 + 0.5 * more(4),
                };
                if first == 0.0 { points } else { points - 1.0 }.min(12.0)
            }
            (Series::Years, 2) => 2.5,
            (Series::Years, 3..) => (3.5 + 0.5 * more(3)).min(11.0),
            (Series::Steps, 3..) => (1.5 + more(3)).min(11.0),
            (Series::Rises, 4..) => (1.5 + more(4)).min(10.0),
            _ => 0.0,
        }
    }

    fn says(self, numbers: &[f64]) -> String {
        let first = numbers[0];
        match self {
            Series::Counts => format!("the first row counts from {first}"),
            Series::Steps => "the first row rises or falls by equal steps".to_owned(),
            Series::Years => "the first row holds years one after the other".to_owned(),
            Series::Rises => "the first row rises or falls from cell to cell".to_owned(),
        }
    }
}

/// Numbers in a series, which those of the rows below are not.
pub(super) fn series(top: &Top, width: usize) -> Option<Evidence> {
    let at: Vec<usize> =
        (0..width).filter(|&i| top.first.get(i).is_some_and(Cell::is_figure)).collect();
    let numbers =
        |row: &[Cell]| -> Option<Vec<f64>> { at.iter().map(|&i| row.get(i)?.number()).collect() };
    let first = numbers(&top.first).filter(|first| first.len() > 1)?;
    let rows: Vec<Vec<f64>> = top.rows.iter().filter_map(|row| numbers(row)).collect();
    // A list of all that can be begins with the least of it, and goes on with nearly the same.
    let shared = rows.first().map(|row| row.iter().zip(&first).filter(|(a, b)| a == b).count());
    if shared.is_some_and(|shared| shared * 2 >= first.len()) {
        return None;
    }
    let kinds = [Series::Counts, Series::Years, Series::Steps, Series::Rises];
    let found = kinds.into_iter().filter(|kind| kind.of(&first)).filter_map(|kind| {
        let alike = rows.iter().filter(|row| kind.is_like(row, &first)).count();
        let count = top.rows.len();
        // Of few rows one may well rise where the others do not.
        let doubt = match kind {
            Series::Counts => 1,
            Series::Rises => 6,
            _ => 3,
        };
        let points = kind.points(first[0], at[0], first.len());
        let points = points * count as f64 / (count + doubt) as f64;
        (alike * 10 <= count && points > 0.0).then_some((points, kind))
    });
    let (points, kind) = found.max_by(|(a, _), (b, _)| a.total_cmp(b))?;
    evidence(points, kind.says(&first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_are_told_apart() {
        for (kind, numbers) in [
            (Series::Counts, &[0.0, 1.0, 2.0][..]),
            (Series::Steps, &[400.1, 400.2, 400.3]),
            (Series::Steps, &[9.0, 6.0, 3.0]),
            (Series::Years, &[1990.0, 2000.0]),
            (Series::Years, &[2020.0, 2019.0]),
            (Series::Rises, &[1.0, 2.5, 2.6]),
        ] {
            assert!(kind.of(numbers), "{kind:?} {numbers:?}");
        }
        for (kind, numbers) in [
            (Series::Counts, &[0.0, 1.0, 3.0][..]),
            (Series::Steps, &[1.0, 1.0, 1.0]),
            (Series::Years, &[1990.5, 2000.0]),
            (Series::Years, &[2000.0, 2000.0]),
            (Series::Years, &[200.0, 2000.0]),
            (Series::Rises, &[1.0, 2.5, 2.4]),
        ] {
            assert!(!kind.of(numbers), "{kind:?} {numbers:?}");
        }
    }
}
