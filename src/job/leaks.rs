//! What in a table decides its targets by itself, or is no feature: in sentences, before anything is
//! learnt from it. Columns that leak a label, copies of a target, columns that count the rows or
//! move with their number, and classes that hardly occur.

use super::warnings::Rows;
use crate::data::{
    Cell, Column, Feature, FeatureType, NumberFormat, Schema, Task, literal, numbers, years,
};
use crate::error::quoted;
use crate::parts::in_parts;
use std::collections::HashMap;
use std::hash::Hash;

/// Fewer rows show nothing.
const LEAST_ROWS: usize = 50;

/// Rows that are looked at for leaks, evenly drawn: a column that decides a target does so in any.
const MOST_ROWS: usize = 10_000;

/// Cells that are looked at for leaks, times tasks: of wide tables fewer rows are looked at.
const MOST_CELLS: usize = 4_000_000;

/// A column nearly decides a classification if by its value alone so few classes are wrong,
const MOST_WRONG: f64 = 0.01;
/// and of those that always the commonest class gets wrong so few.
const OF_WRONG: f64 = 0.05;

/// A column nearly decides a regression if it alone explains so much of the variance.
const LEAST_EXPLAINED: f64 = 0.995;

/// A value must stand in so many rows, on the mean, to be more than the name of a row.
const ROWS_A_VALUE: usize = 5;

/// A column moves with the row number if the rank correlation is so far from 0.
const LEAST_CORRELATION: f64 = 0.98;

/// A class with fewer rows can be neither learnt nor scored.
const LEAST_OF_CLASS: usize = 5;

/// Sentences of a kind; the rest is left out.
const MOST_SENTENCES: usize = 5;

/// What is to be said of these rows.
pub fn of_table(of: Rows<'_>, schema: &Schema, format: NumberFormat) -> Vec<String> {
    let mut said: Vec<String> =
        schema.tasks.iter().filter_map(|task| rare_classes(of, task)).collect();
    if of.rows.len() < LEAST_ROWS {
        return said;
    }
    let features = schema.features.len();
    let most = MOST_CELLS / (features.max(1) * schema.tasks.len().max(1));
    let step = of.rows.len().div_ceil(most.clamp(1000, MOST_ROWS));
    let drawn: Vec<usize> = of.rows.iter().copied().step_by(step).collect();
    let drawn = Rows { table: of.table, rows: &drawn };
    let labels: Vec<(&Task, Labels)> = schema
        .tasks
        .iter()
        .filter_map(|task| Some((task, Labels::of(drawn, task, format)?)))
        .collect();
    let mut found: Vec<(&Feature, Vec<String>)> =
        schema.features.iter().map(|feature| (feature, Vec::new())).collect();
    // Nothing of it can fail.
    let _ = in_parts(&mut found, 1, |_, found| {
        for (feature, found) in found.iter_mut() {
            *found = of_feature((of, drawn), feature, &labels, (features > 1, format));
        }
        Ok::<(), ()>(())
    });
    said.extend(found.into_iter().flat_map(|(_, found)| found).take(MOST_SENTENCES));
    said
}

/// What is to be said of a feature: of all rows, and of those that were drawn.
fn of_feature(
    (of, drawn): (Rows<'_>, Rows<'_>),
    feature: &Feature,
    labels: &[(&Task, Labels)],
    (others, format): (bool, NumberFormat),
) -> Vec<String> {
    let Some(column) = of.table.column(&feature.name) else { return Vec::new() };
    let name = quoted(&feature.name);
    let leave = format!("features: {{ exclude: [{}] }}", literal(&feature.name));
    let format = format.with(feature.unit);
    if feature.kind == FeatureType::Numeric
        && let Some((first, last)) = counts_rows(&numbers(column, of.rows, format))
    {
        return vec![format!(
            "{name} seems to count or name the rows: whole numbers from {first} to {last} that are \
             all different. Of new rows they tell nothing; leave the column out: {leave}."
        )];
    }
    let values = Values::of(drawn, column, feature, format);
    let mut said = Vec::new();
    if let Some(correlation) = values.numbers().and_then(with_row_number) {
        let moves = if correlation > 0.0 { "rises" } else { "falls" };
        said.push(format!(
            "{name} {moves} with the row number (rank correlation {correlation:.2}): where rows stand \
             in the order of time, validation rows that are drawn at random flatter. Validate on the \
             last rows: validation: {{ column: … }} or a file of its own."
        ));
    }
    // What decides a target in a table of one column is what there is to learn from.
    for (task, labels) in labels.iter().filter(|_| others) {
        let task = quoted(&task.name);
        let Some(how) = values.decide(labels) else { continue };
        let how = match how {
            Decides::Copy => format!("{name} is a copy of {task}"),
            Decides::Classes(right) => {
                format!("{name} alone nearly decides {task}: it tells {right:.1} % of the classes")
            }
            Decides::Variance(share) => {
                format!(
                    "{name} alone nearly decides {task}: it explains {share:.1} % of the variance"
                )
            }
        };
        said.push(format!(
            "{how}. If it is known only once the label is, the scores are too good: leave it out, \
             {leave}."
        ));
    }
    said
}

/// Classes with hardly a row.
fn rare_classes(of: Rows<'_>, task: &Task) -> Option<String> {
    let classes = task.classes.as_ref()?;
    let mut counts = vec![0; classes.len()];
    let column = of.table.column(&task.name)?;
    column.map(
        of.rows,
        |cell| classes.code(cell),
        |_, code| {
            if let Some(count) = code.and_then(|code| counts.get_mut(code as usize)) {
                *count += 1;
            }
        },
    );
    let rare = counts.iter().enumerate().filter(|(_, count)| (1..LEAST_OF_CLASS).contains(*count));
    let rare: Vec<(usize, &usize)> = rare.collect();
    let (code, count) = rare.first()?;
    let rows = if **count == 1 { "1 row".to_owned() } else { format!("{count} rows") };
    let more = match rare.len() {
        1 => String::new(),
        2 => "; 1 more class has fewer than 5".to_owned(),
        all => format!("; {} more classes have fewer than 5", all - 1),
    };
    Some(format!(
        "The class {} of {} has {rows}{more}: too few to learn, or to score. Gather more, or join \
         classes.",
        quoted(&classes.names()[*code]),
        quoted(&task.name)
    ))
}

/// The least and the greatest of whole numbers that are all different and lie close together.
fn counts_rows(numbers: &[f64]) -> Option<(f64, f64)> {
    let count = numbers.len();
    let whole = numbers.iter().all(|number| number.fract() == 0.0);
    let (least, most) =
        numbers.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), &x| (x.min(a), x.max(b)));
    if !whole || count < LEAST_ROWS || most - least >= 2.0 * count as f64 {
        return None;
    }
    let mut seen = vec![false; 2 * count];
    let twice = |number: &f64| {
        seen.get_mut((number - least) as usize).is_none_or(|seen| std::mem::replace(seen, true))
    };
    (!numbers.iter().any(twice)).then_some((least, most))
}

/// The rank correlation of numbers with their row number, if they move with it.
fn with_row_number(numbers: &[f64]) -> Option<f64> {
    let mut order: Vec<usize> = (0..numbers.len()).filter(|&i| !numbers[i].is_nan()).collect();
    let count = order.len();
    if count < LEAST_ROWS {
        return None;
    }
    order.sort_by(|&a, &b| numbers[a].total_cmp(&numbers[b]));
    // Sums over ranks, those of equal numbers being their mean; row numbers come in order anyway.
    let middle = (count as f64 - 1.0) / 2.0;
    let mut places = vec![0.0; numbers.len()];
    for (place, row) in (0..numbers.len()).filter(|&i| !numbers[i].is_nan()).enumerate() {
        places[row] = place as f64 - middle;
    }
    let (mut product, mut square, mut from) = (0.0, 0.0, 0);
    for group in order.chunk_by(|&a, &b| numbers[a] == numbers[b]) {
        let rank = from as f64 + (group.len() as f64 - 1.0) / 2.0 - middle;
        product += rank * group.iter().map(|&row| places[row]).sum::<f64>();
        square += rank * rank * group.len() as f64;
        from += group.len();
    }
    let all: f64 = places.iter().map(|place| place * place).sum();
    let correlation = product / (square * all).sqrt();
    (correlation.abs() >= LEAST_CORRELATION).then_some(correlation)
}

/// Labels of a task, by row.
enum Labels {
    Classes(Vec<Option<u32>>),
    Numbers(Vec<f64>),
}

impl Labels {
    fn of(rows: Rows<'_>, task: &Task, format: NumberFormat) -> Option<Self> {
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
enum Values {
    Numbers(Vec<f64>),
    Names(Vec<Option<u32>>),
}

/// How a feature decides a target.
#[derive(Debug, PartialEq)]
enum Decides {
    Copy,
    /// The share of classes that it tells, in percent.
    Classes(f64),
    /// The share of the variance that it explains, in percent.
    Variance(f64),
}

impl Values {
    fn of(rows: Rows<'_>, column: &Column, feature: &Feature, format: NumberFormat) -> Self {
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

    fn numbers(&self) -> Option<&[f64]> {
        match self {
            Values::Numbers(numbers) => Some(numbers),
            Values::Names(_) => None,
        }
    }

    /// Whether they nearly decide these labels, and how.
    fn decide(&self, labels: &Labels) -> Option<Decides> {
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

#[cfg(test)]
#[path = "leaks_tests.rs"]
mod tests;
