//! Whether a column alone decides a target: its values, each by the label that goes with it best.

use super::leaks::LEAST_ROWS;
use super::warnings::Rows;
use crate::data::{Cell, Column, Feature, FeatureType, NumberFormat, Task, numbers, years};
use std::collections::HashMap;
use std::hash::Hash;

/// A column nearly decides a classification if by its value alone so few classes are wrong,
const MOST_WRONG: f64 = 0.01;

/// and of those that always the commonest class gets wrong so few.
const OF_WRONG: f64 = 0.05;

/// A column nearly decides a regression if it alone explains so much of the variance.
const LEAST_EXPLAINED: f64 = 0.995;

/// A value must stand in so many rows, on the mean, to be more than the name of a row.
const ROWS_A_VALUE: usize = 5;

/// Labels of a task, by row.
pub enum Labels {
    Classes(Vec<Option<u32>>),
    Numbers(Vec<f64>),
}

impl Labels {
    pub fn of(rows: Rows<'_>, task: &Task, format: NumberFormat) -> Option<Self> {
        let column = rows.table.column(&task.name)?;
        let Some(classes) = &task.classes else {
            return Some(Labels::Numbers(numbers(column, rows.rows, format.with(task.unit))));
        };
        let mut codes = Vec::with_capacity(rows.rows.len());
        column.map(rows.rows, |cell| classes.code(cell), |_, code| codes.push(code));
        Some(Labels::Classes(codes))
    }
}

/// The values of a feature: numbers in their order, or names without one.
pub enum Values {
    Numbers(Vec<f64>),
    Names(Vec<Option<u32>>),
}

/// How a feature decides a target.
#[derive(Debug, PartialEq)]
pub enum Decides {
    Copy,
    /// The share of classes that it tells, in percent.
    Classes(f64),
    /// The share of the variance that it explains, in percent.
    Variance(f64),
}

impl Values {
    pub fn of(rows: Rows<'_>, column: &Column, feature: &Feature, format: NumberFormat) -> Self {
        match feature.kind {
            FeatureType::Numeric => Values::Numbers(numbers(column, rows.rows, format)),
            FeatureType::Date => {
                let years = years(column, rows.rows, feature.date_order);
                // Years alone would not tell days apart.
                let text = |row: &usize| column.text(*row).to_owned();
                let texts: Vec<String> = rows.rows.iter().map(text).collect();
                let sorted = feature.date_order.is_none() && years.iter().any(Option::is_some);
                match sorted {
                    // Texts that begin with the year sort as the dates do.
                    true => Values::Numbers(ranks(&texts, &years)),
                    false => Values::Names(vec![None; texts.len()]),
                }
            }
            FeatureType::Categorical | FeatureType::Boolean => {
                let mut codes: HashMap<String, u32> = HashMap::new();
                let code = |row: &usize| {
                    let name = match column.cell(*row) {
                        Cell::Missing => return None,
                        Cell::Text(text) => text.to_owned(),
                        Cell::Number(number) => number.to_string(),
                    };
                    let next = codes.len() as u32;
                    Some(*codes.entry(name).or_insert(next))
                };
                Values::Names(rows.rows.iter().map(code).collect())
            }
        }
    }

    pub fn numbers(&self) -> Option<&[f64]> {
        match self {
            Values::Numbers(numbers) => Some(numbers),
            Values::Names(_) => None,
        }
    }

    /// Whether they nearly decide these labels, and how.
    pub fn decide(&self, labels: &Labels) -> Option<Decides> {
        match (self, labels) {
            (Values::Numbers(values), Labels::Classes(classes)) => {
                let pairs = values.iter().zip(classes).filter(|(value, _)| !value.is_nan());
                let pairs: Vec<(f64, u32)> =
                    pairs.filter_map(|(value, class)| Some((*value, (*class)?))).collect();
                let groups = groups(pairs, f64::total_cmp);
                classes_of(&groups, true)
            }
            (Values::Names(values), Labels::Classes(classes)) => {
                let pairs = values.iter().zip(classes);
                let pairs: Vec<(u32, u32)> =
                    pairs.filter_map(|(value, class)| Some(((*value)?, (*class)?))).collect();
                classes_of(&groups(pairs, u32::cmp), false)
            }
            (Values::Numbers(values), Labels::Numbers(labels)) => {
                let pairs = values.iter().zip(labels).map(|(value, label)| (*value, *label));
                let pairs: Vec<(f64, f64)> =
                    pairs.filter(|(value, label)| !value.is_nan() && !label.is_nan()).collect();
                if pairs.len() >= LEAST_ROWS && pairs.iter().all(|(value, label)| value == label) {
                    return Some(Decides::Copy);
                }
                variance_of(&groups(pairs, f64::total_cmp), true)
            }
            (Values::Names(values), Labels::Numbers(labels)) => {
                let pairs = values.iter().zip(labels).filter(|(_, label)| !label.is_nan());
                let pairs: Vec<(u32, f64)> =
                    pairs.filter_map(|(value, label)| Some(((*value)?, *label))).collect();
                variance_of(&groups(pairs, u32::cmp), false)
            }
        }
    }
}

/// The places of dates in their order, by row; NaN where there is none.
fn ranks(texts: &[String], years: &[Option<u32>]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..texts.len()).filter(|&row| years[row].is_some()).collect();
    order.sort_by(|&a, &b| texts[a].cmp(&texts[b]));
    let mut ranks = vec![f64::NAN; texts.len()];
    for (rank, group) in order.chunk_by(|&a, &b| texts[a] == texts[b]).enumerate() {
        group.iter().for_each(|&row| ranks[row] = rank as f64);
    }
    ranks
}

/// The labels of each value, the values in their order.
fn groups<V, L>(mut pairs: Vec<(V, L)>, order: fn(&V, &V) -> std::cmp::Ordering) -> Vec<Vec<L>> {
    pairs.sort_by(|(a, _), (b, _)| order(a, b));
    let mut groups: Vec<Vec<L>> = Vec::new();
    let mut last: Option<V> = None;
    for (value, label) in pairs {
        match groups.last_mut() {
            Some(group) if last.as_ref().is_some_and(|last| order(last, &value).is_eq()) => {
                group.push(label);
            }
            _ => groups.push(vec![label]),
        }
        last = Some(value);
    }
    groups
}

/// The commonest label, and how often it occurs.
fn commonest<L: Copy + Eq + Hash + Ord>(labels: impl Iterator<Item = L>) -> Option<(L, usize)> {
    let mut counts: HashMap<L, usize> = HashMap::new();
    labels.for_each(|label| *counts.entry(label).or_default() += 1);
    counts.into_iter().max_by_key(|(label, count)| (*count, std::cmp::Reverse(*label)))
}

/// Whether values nearly decide classes, each by the commonest class of its group. Of values in an
/// order, which may all be different, each change of class from one to the next counts as an error.
fn classes_of(groups: &[Vec<u32>], ordered: bool) -> Option<Decides> {
    let count: usize = groups.iter().map(Vec::len).sum();
    let repeated = groups.len() * ROWS_A_VALUE <= count;
    if count < LEAST_ROWS || !(ordered || repeated) {
        return None;
    }
    let best: Vec<(u32, usize)> =
        groups.iter().filter_map(|group| commonest(group.iter().copied())).collect();
    let right: usize = best.iter().map(|(_, right)| right).sum();
    let changes = match ordered && !repeated {
        true => best.windows(2).filter(|pair| pair[0].0 != pair[1].0).count(),
        false => 0,
    };
    let wrong = (count - right + changes) as f64 / count as f64;
    let always = commonest(groups.iter().flatten().copied())?.1;
    let base = (count - always) as f64 / count as f64;
    if wrong > MOST_WRONG.min(OF_WRONG * base) {
        return None;
    }
    let classes: std::collections::HashSet<u32> = best.iter().map(|(class, _)| *class).collect();
    let one_to_one = right == count && classes.len() == groups.len();
    Some(match one_to_one {
        true => Decides::Copy,
        false => Decides::Classes(100.0 * right as f64 / count as f64),
    })
}

/// Whether values nearly decide numbers, each by the mean of its group. Of values in an order, which
/// may all be different, half the square of each step from one mean to the next counts as an error
/// (von Neumann 1941): it is the variance where they tell nothing.
fn variance_of(groups: &[Vec<f64>], ordered: bool) -> Option<Decides> {
    let count: usize = groups.iter().map(Vec::len).sum();
    let repeated = groups.len() * ROWS_A_VALUE <= count;
    if count < LEAST_ROWS || !(ordered || repeated) {
        return None;
    }
    let mean = |labels: &[f64]| labels.iter().sum::<f64>() / labels.len() as f64;
    let around =
        |labels: &[f64], mean: f64| labels.iter().map(|label| (label - mean).powi(2)).sum::<f64>();
    let all: Vec<f64> = groups.iter().flatten().copied().collect();
    let square = around(&all, mean(&all));
    let means: Vec<f64> = groups.iter().map(|group| mean(group)).collect();
    let within: f64 = groups.iter().zip(&means).map(|(group, mean)| around(group, *mean)).sum();
    let steps = match ordered && !repeated {
        true => means.windows(2).map(|pair| (pair[1] - pair[0]).powi(2) / 2.0).sum(),
        false => 0.0,
    };
    let explained = 1.0 - (within + steps) / square;
    // Not of labels that are all the same: 0 of 0.
    (explained >= LEAST_EXPLAINED).then_some(Decides::Variance(100.0 * explained))
}
