//! What in a table decides its targets by itself, or is no feature: in sentences, before anything is
//! learnt from it. Columns that leak a label, copies of a target, columns that count the rows or
//! move with their number, and classes that hardly occur.

use super::decides::{Decides, Labels, Values};
pub use super::warnings::Rows;
use crate::data::{Feature, FeatureType, NumberFormat, Schema, Task, literal, numbers};
use crate::error::quoted;
use crate::parts::in_parts;

/// Fewer rows show nothing.
pub const LEAST_ROWS: usize = 50;

/// Rows that are looked at for leaks, evenly drawn: a column that decides a target does so in any.
const MOST_ROWS: usize = 10_000;

/// Cells that are looked at for leaks, times tasks: of wide tables fewer rows are looked at.
const MOST_CELLS: usize = 4_000_000;

/// A column moves with the row number if the rank correlation is so far from 0.
const LEAST_CORRELATION: f64 = 0.98;

/// A class with fewer rows can be neither learnt nor scored.
const LEAST_OF_CLASS: usize = 5;

/// Sentences of a kind; the rest is left out.
const MOST_SENTENCES: usize = 5;

/// What is to be said of these rows, of which those that validate are drawn at random or not.
pub fn of_table(
    of: Rows<'_>,
    schema: &Schema,
    format: NumberFormat,
    drawn_at_random: bool,
) -> Vec<String> {
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
    let looked = Looked { all: of, drawn, labels, others: features > 1, format, drawn_at_random };
    let mut found: Vec<(&Feature, Vec<String>)> =
        schema.features.iter().map(|feature| (feature, Vec::new())).collect();
    // Nothing of it can fail.
    let _ = in_parts(&mut found, 1, |_, found| {
        for (feature, found) in found.iter_mut() {
            *found = looked.feature(feature);
        }
        Ok::<(), ()>(())
    });
    said.extend(found.into_iter().flat_map(|(_, found)| found).take(MOST_SENTENCES));
    said
}

/// What features are looked at beside.
struct Looked<'a> {
    all: Rows<'a>,
    /// Some of the rows, and the labels of these.
    drawn: Rows<'a>,
    labels: Vec<(&'a Task, Labels)>,
    /// Whether there are several features.
    others: bool,
    format: NumberFormat,
    /// Whether the rows that validate are.
    drawn_at_random: bool,
}

impl Looked<'_> {
    /// What is to be said of a feature.
    fn feature(&self, feature: &Feature) -> Vec<String> {
        let Looked { all: of, drawn, labels, others, format, drawn_at_random } = self;
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
        let values = Values::of(*drawn, column, feature, format);
        let mut said = Vec::new();
        let numbers = values.numbers().filter(|_| *drawn_at_random);
        if let Some(correlation) = numbers.and_then(with_row_number) {
            let moves = if correlation > 0.0 { "rises" } else { "falls" };
            said.push(format!(
            "{name} {moves} with the row number (rank correlation {correlation:.2}): where rows stand \
             in the order of time, validation rows that are drawn at random flatter. Validate on the \
             latest rows: validation: {{ timeColumn: … }}, with the column that says when a row was."
        ));
        }
        // What decides a target in a table of one column is what there is to learn from.
        for (task, labels) in labels.iter().filter(|_| *others) {
            let task = quoted(&task.name);
            let Some(how) = values.decide(labels) else { continue };
            let how = match how {
                Decides::Copy => format!("{name} is a copy of {task}"),
                Decides::Classes(right) => {
                    format!(
                        "{name} alone nearly decides {task}: it tells {right:.1} % of the classes"
                    )
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

#[cfg(test)]
#[path = "leaks_tests.rs"]
mod tests;
