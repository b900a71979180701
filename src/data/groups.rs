//! Rows that belong together, such as those of one person: which they are, and splits that keep
//! them on one side.

use super::categories::Categories;
use super::column::Column;
use super::number::NumberFormat;
use super::split::Split;
use super::values::Equal;
use crate::random::Random;

/// The group of each row: rows with the same value, as text, are one group, and a row without a
/// value is a group of its own.
pub fn groups(column: &Column, format: NumberFormat) -> Vec<usize> {
    let values = Categories::of_column(column, format, Equal::Written);
    let mut next = values.len();
    let mut groups = Vec::with_capacity(column.len());
    column.map_all(
        |cell| values.code(cell),
        |_, code| {
            groups.push(code.map_or(next, |code| code as usize));
            next += usize::from(code.is_none());
        },
    );
    groups
}

/// Splits rows, given the group of each: whole groups validate, drawn at random, as many rows as
/// come nearest to `fraction`, and at least one group on either side. None if all are one group.
pub fn split_groups(groups: &[usize], fraction: f64, random: &mut Random) -> Option<Split> {
    let mut members = members(groups);
    if members.len() < 2 {
        return None;
    }
    random.shuffle(&mut members);
    let goal = groups.len() as f64 * fraction;
    let mut taken = 0;
    let (mut validation, mut train): (Vec<_>, Vec<_>) = members.into_iter().partition(|group| {
        let with = taken + group.len();
        let nearer = (with as f64 - goal).abs() < (taken as f64 - goal).abs();
        taken = if nearer { with } else { taken };
        nearer
    });
    if validation.is_empty() {
        move_smallest(&mut train, &mut validation);
    } else if train.is_empty() {
        move_smallest(&mut validation, &mut train);
    }
    Some(Split { train: sorted(train), validation: sorted(validation) })
}

/// Deals rows into `k` folds, given the group of each: groups stay whole, and folds are about as
/// large as each other. None if there are fewer groups than folds.
pub fn group_folds(groups: &[usize], k: usize, random: &mut Random) -> Option<Vec<Vec<usize>>> {
    let mut members = members(groups);
    if members.len() < k {
        return None;
    }
    random.shuffle(&mut members);
    // The largest first, each to the smallest fold; equal ones stay in their random order.
    members.sort_by_key(|group| std::cmp::Reverse(group.len()));
    let mut folds: Vec<Vec<usize>> = vec![Vec::new(); k];
    for group in members {
        if let Some(fold) = folds.iter_mut().min_by_key(|fold| fold.len()) {
            fold.extend(group);
        }
    }
    folds.iter_mut().for_each(|fold| fold.sort_unstable());
    Some(folds)
}

/// The rows of each group that has any, in the order of the groups' numbers.
fn members(groups: &[usize]) -> Vec<Vec<usize>> {
    let mut members: Vec<Vec<usize>> = Vec::new();
    for (row, &group) in groups.iter().enumerate() {
        if members.len() <= group {
            members.resize(group + 1, Vec::new());
        }
        members[group].push(row);
    }
    members.retain(|group| !group.is_empty());
    members
}

fn move_smallest(from: &mut Vec<Vec<usize>>, to: &mut Vec<Vec<usize>>) {
    if let Some(at) = (0..from.len()).min_by_key(|&at| from[at].len()) {
        to.push(from.swap_remove(at));
    }
}

fn sorted(groups: Vec<Vec<usize>>) -> Vec<usize> {
    let mut rows = groups.concat();
    rows.sort_unstable();
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Cell, TableBuilder};
    use crate::random::Purpose;

    fn random(seed: u64) -> Random {
        Random::new(seed, Purpose::Split)
    }

    #[test]
    fn equal_values_are_one_group_and_missing_ones_each_their_own() {
        let mut rows = TableBuilder::from_rows(["id".to_owned()]);
        let cells =
            [Cell::Text("7"), Cell::Missing, Cell::Number(7.0), Cell::Missing, Cell::Text("8")];
        cells.into_iter().for_each(|cell| rows.push(0, [cell]));
        let groups = groups(&rows.build().columns()[0], NumberFormat::POINT);
        assert_eq!(groups, [0, 2, 0, 3, 1]);
    }

    #[test]
    fn ids_are_as_many_groups_as_texts() {
        let ids: Vec<String> =
            (0..8).map(|i| (4_929_123_456_789_012_340u64 + i).to_string()).collect();
        for (texts, expected) in [
            (ids.iter().map(String::as_str).collect(), (0..8).collect()),
            (vec!["1.1", "1.10", "1.1", "2", "2.0"], vec![0, 1, 0, 2, 2]),
            (vec!["1E5", "100000"], vec![1, 0]),
            (vec!["True", "x", "true"], vec![0, 1, 0]),
        ] as [(Vec<&str>, Vec<usize>); 4]
        {
            let mut rows = TableBuilder::from_rows(["id".to_owned()]);
            texts.iter().for_each(|text| rows.push(0, [Cell::Text(text)]));
            assert_eq!(groups(&rows.build().columns()[0], NumberFormat::POINT), expected);
        }
    }

    #[test]
    fn no_group_is_on_both_sides_and_the_share_is_near() {
        let groups: Vec<usize> = (0..600).map(|row| row % 40).collect();
        for seed in 0..20 {
            let parts = split_groups(&groups, 0.25, &mut random(seed)).unwrap();
            assert_eq!(parts, split_groups(&groups, 0.25, &mut random(seed)).unwrap());
            assert_eq!(parts.validation.len(), 150);
            assert_eq!(parts.train.len() + parts.validation.len(), 600);
            let on = |rows: &[usize], group| rows.iter().any(|&row| groups[row] == group);
            for group in 0..40 {
                assert_ne!(on(&parts.train, group), on(&parts.validation, group));
            }
        }
    }

    #[test]
    fn neither_side_is_ever_empty() {
        let groups = [0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
        for fraction in [0.001, 0.5, 0.999] {
            let parts = split_groups(&groups, fraction, &mut random(1)).unwrap();
            assert!(!parts.train.is_empty() && !parts.validation.is_empty(), "{fraction}");
        }
        assert_eq!(split_groups(&[3, 3], 0.5, &mut random(0)), None);
        assert_eq!(split_groups(&[], 0.5, &mut random(0)), None);
    }

    #[test]
    fn folds_of_groups_hold_every_row_once_and_no_group_twice() {
        let groups: Vec<usize> = (0..101).map(|row| row / 3).collect();
        let folds = group_folds(&groups, 4, &mut random(2)).unwrap();
        let mut all = folds.concat();
        all.sort_unstable();
        assert!(all.into_iter().eq(0..101));
        for group in 0..34 {
            let holding = folds.iter().filter(|fold| fold.iter().any(|&row| groups[row] == group));
            assert_eq!(holding.count(), 1);
        }
        assert!(folds.iter().all(|fold| (23..=28).contains(&fold.len())));
        assert_eq!(group_folds(&groups, 35, &mut random(2)), None);
    }
}
