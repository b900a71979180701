//! What speaks for a header and against one where the kinds of cells alone do not tell: each piece
//! of evidence is worth points, which are about the natural logarithm of the odds it gives.

use crate::error::quoted;

use super::series::series;
use super::top::{Cell, Column, Top, once, surprise};

/// How much one thing speaks for a header, or with points below zero against one, and in words
/// which thing that is.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Evidence {
    pub(super) points: f64,
    pub(super) says: String,
    /// It is a mark of names, and not only of a row that is unlike the others.
    pub(super) of_names: bool,
}

/// So many points make a header.
pub(super) const ENOUGH: f64 = 3.5;

/// So many of them must come from marks of names: a first row may be unlike all others, as one of
/// totals is, and still be a row.
pub(super) const OF_NAMES: f64 = 2.3;

/// A text that stands in so many rows, and in a tenth of all, is a value.
const OFTEN: usize = 3;

/// With so many it is certain.
pub(super) const CERTAIN: f64 = 5.0;

/// All evidence on the first row, of whose cells the first `width` may be names.
pub(super) fn gather(top: &Top, width: usize) -> Vec<Evidence> {
    let columns = top.columns(width);
    let index = index(&columns);
    let rest = if index.is_some() { &columns[1..] } else { &columns[..] };
    let names = [index, quotes(rest), unseen(top, rest), kinds(rest), series(top, width)];
    let odd = [seen(top, rest), forms(rest), range(rest), missing(rest)];
    let odd = odd.map(|found| found.map(|evidence| Evidence { of_names: false, ..evidence }));
    let found = names.into_iter().chain(odd).flatten();
    found.filter(|evidence| evidence.points != 0.0).collect()
}

pub(super) fn evidence(points: f64, says: impl Into<String>) -> Option<Evidence> {
    Some(Evidence { points, says: says.into(), of_names: true })
}

/// The largest, and a half for each other one up to a whole one: what speaks in one column often
/// speaks in the next for the same reason.
fn together(points: &[f64], most: f64) -> f64 {
    let best = points.iter().copied().fold(0.0, f64::max);
    best.min(most) + (0.5 * points.len().saturating_sub(1) as f64).min(1.0)
}

/// An empty cell above the names or numbers of the rows, as data frames are written.
fn index(columns: &[Column<'_>]) -> Option<Evidence> {
    let [first, others @ ..] = columns else { return None };
    let named = !others.is_empty() && !others.iter().any(|column| column.first.text.is_empty());
    if !first.first.text.is_empty() || !named || first.below.is_empty() {
        return None;
    }
    let numbers = first.numbers();
    let all = numbers.len() == first.below.len();
    let counts = all && numbers.windows(2).all(|pair| pair[1] == pair[0] + 1.0);
    let begins = numbers.first().is_some_and(|first| matches!(first, 0.0 | 1.0));
    let (_, distinct) = once(&mut texts(&first.below));
    let rows = first.below.len();
    let says = "the first cell is empty over row numbers";
    match rows {
        1 if counts && begins => evidence(1.5, says),
        2.. if counts && begins => evidence(6.0, says),
        2.. if counts => evidence(3.0, says),
        3.. if distinct == rows => evidence(2.5, "the first cell is empty over names of rows"),
        _ => None,
    }
}

fn texts<'a>(cells: &[&'a Cell]) -> Vec<&'a str> {
    cells.iter().map(|cell| cell.text.as_str()).collect()
}

/// Numbers in quotes over numbers without.
fn quotes(columns: &[Column<'_>]) -> Option<Evidence> {
    let over = |column: &&Column<'_>| column.first.is_figure() && column.figures() > 0;
    let over: Vec<&Column<'_>> = columns.iter().filter(over).collect();
    let below = |column: &&Column<'_>| column.below.iter().any(|c| c.is_figure() && c.quoted);
    let quoted = !over.is_empty() && over.iter().all(|column| column.first.quoted);
    match quoted && !over.iter().any(below) {
        true => {
            evidence(10.0, "the numbers in the first row stand in quotes and those below do not")
        }
        false => None,
    }
}

/// What texts say that stand alone: below zero if more of them stand below than would in a header.
pub(super) fn alone(top: &Top, width: usize) -> Option<Evidence> {
    let columns = top.columns(width);
    let against = seen(top, &columns)?;
    // A text that is the value of many rows names no column, unless more columns have a text that
    // is new where few are repeated.
    let is_value = |column: &&Column<'_>| {
        let rows = repeats(column).saturating_sub(top.repeats);
        recurs(top, column) && rows >= OFTEN && rows * 10 >= top.rows.len()
    };
    let values = columns.iter().filter(is_value).count();
    let names = columns.iter().filter(|column| novelty(top, column) >= 1.0).count();
    let for_names = unseen(top, &columns).filter(|_| values == 0 || names > values);
    let points = against.points + for_names.map_or(0.0, |evidence| evidence.points);
    Some(Evidence { points, ..against })
}

/// Texts of the first row that stand below as well, in rows that do not repeat it whole.
fn seen(top: &Top, columns: &[Column<'_>]) -> Option<Evidence> {
    let seen: Vec<&str> = columns.iter().filter(|column| recurs(top, column)).map(text).collect();
    let first = seen.first()?;
    let says = match seen.len() {
        1 => format!("{} stands below it in the same column too", quoted(first)),
        _ => format!("{} and other texts of the first row stand below it too", quoted(first)),
    };
    evidence(-3.0 - (seen.len() - 1) as f64, says)
}

fn text<'a>(column: &Column<'a>) -> &'a str {
    &column.first.text
}

/// Whether a text of the first row stands below.
pub(super) fn recurs(top: &Top, column: &Column<'_>) -> bool {
    column.first.is_text() && stands_below(top, column)
}

/// Whether a cell of the first row stands below, in a row that does not repeat the first.
pub(super) fn stands_below(top: &Top, column: &Column<'_>) -> bool {
    repeats(column) > top.repeats
}

/// How often the text of the first row stands below.
fn repeats(column: &Column<'_>) -> usize {
    column.below.iter().filter(|cell| cell.text == column.first.text).count()
}

/// Texts of the first row that stand nowhere below, where others do again and again or where
/// figures do.
fn unseen(top: &Top, columns: &[Column<'_>]) -> Option<Evidence> {
    let new = columns.iter().map(|column| (novelty(top, column), column));
    let mut new: Vec<_> = new.filter(|(points, _)| *points > 0.0).collect();
    new.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let (_, column) = new.first()?;
    let below = match column.is_of_figures() {
        true => "stands over numbers",
        false => "stands nowhere below, where few texts are repeated",
    };
    let points: Vec<f64> = new.iter().map(|(points, _)| *points).collect();
    let strong = points.iter().filter(|points| **points >= 1.0).count().max(1);
    evidence(together(&points[..strong], 4.0), format!("{} {below}", quoted(text(column))))
}

/// How surprising a text of the first row is that does not stand below; 0 for any other cell.
fn novelty(top: &Top, column: &Column<'_>) -> f64 {
    if !column.first.is_text() || column.below.is_empty() || recurs(top, column) {
        return 0.0;
    }
    let count = column.below.len();
    let once = match column.is_of_figures() {
        true => count - column.figures(),
        false => once(&mut texts(&column.below)).0,
    };
    surprise(count, once)
}

/// Numbers over texts, and dates over numbers or numbers over dates.
fn kinds(columns: &[Column<'_>]) -> Option<Evidence> {
    let mut points = Vec::new();
    let mut says = None;
    for column in columns.iter().filter(|column| column.first.is_figure()) {
        let count = column.below.len();
        let (number, numbers) = (column.first.number().is_some(), column.numbers().len());
        let (other, what) = match column.figures() {
            _ if count == 0 => continue,
            0 => (0, "is a number over texts"),
            _ if !column.is_of_figures() => continue,
            figures if number => (numbers + count - figures, "is a number over other cells"),
            figures => (figures - numbers + count - figures, "is no number, those below are"),
        };
        let surprise = surprise(count, other);
        if surprise >= 1.0 {
            points.push(surprise);
            says.get_or_insert_with(|| format!("{} {what}", quoted(text(column))));
        }
    }
    evidence(together(&points, 3.5), says?)
}

/// Numbers with another count of decimal places than those below have.
fn forms(columns: &[Column<'_>]) -> Option<Evidence> {
    let new = columns.iter().filter_map(|column| {
        column.first.number().filter(|_| column.is_of_figures())?;
        let below = column.below.iter().filter(|cell| cell.number().is_some());
        let mut forms: Vec<String> = below.map(|cell| cell.form()).collect();
        let (count, form) = (forms.len(), column.first.form());
        let new = count > 0 && !forms.contains(&form);
        new.then(|| (surprise(count, once(&mut forms).0), column))
    });
    let new: Vec<_> = new.filter(|(points, _)| *points > 0.0).collect();
    let (_, column) = new.first()?;
    let points: Vec<f64> = new.iter().map(|(points, _)| *points).collect();
    let says = format!("{} is written otherwise than the numbers below it", quoted(text(column)));
    evidence(together(&points, 2.5), says)
}

/// Cells that hold nothing, or stand for nothing.
fn missing(columns: &[Column<'_>]) -> Option<Evidence> {
    let missing = columns.iter().filter(|column| column.first.is_missing()).count();
    match missing {
        0 => None,
        count => evidence((-2.0 * count as f64).max(-4.0), "the first row has a missing cell"),
    }
}

/// A number of the first row beside those of its column.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Place {
    Among,
    /// The column rises or falls all the way, and it is where the column would have begun.
    Continues,
    /// The column numbers the rows, which 0 or 1 as the number of a column seems to begin.
    Numbers,
    Near,
    Outside(f64),
}

/// Numbers that lie among those below, or far from them.
fn range(columns: &[Column<'_>]) -> Option<Evidence> {
    let places = columns.iter().filter(|column| column.is_of_figures());
    let places = places.filter_map(|column| {
        let numbers = column.numbers();
        let number = column.first.number().filter(|_| !numbers.is_empty())?;
        Some((place(number, &numbers), numbers.len(), column))
    });
    let places: Vec<_> = places.collect();
    let worth = |place: Place, count: usize| match place {
        Place::Among if count < 4 => -0.6,
        Place::Among => -1.2,
        Place::Continues => -3.0,
        Place::Numbers => -1.5,
        Place::Near => 0.0,
        Place::Outside(points) => points,
    };
    // Columns of a table hang together, so that many do not tell as much more.
    let sum: f64 = places.iter().map(|(place, count, _)| worth(*place, *count)).sum();
    let points = (sum / (places.len() as f64).sqrt()).clamp(-6.0, 2.5);
    let says = |what: &str, is: fn(Place) -> bool| {
        let (_, _, column) = places.iter().find(|(place, ..)| is(*place))?;
        Some(format!("{} {what}", quoted(text(column))))
    };
    let outside = says("lies far from the numbers below it", |p| matches!(p, Place::Outside(_)));
    let among = says("lies among the numbers below it", |place| place == Place::Among);
    let continues = says("begins what its column goes on with", |p| {
        matches!(p, Place::Continues | Place::Numbers)
    });
    evidence(points, if points > 0.0 { outside? } else { continues.or(among)? })
}

fn place(number: f64, below: &[f64]) -> Place {
    let count = below.len();
    if below.contains(&number) {
        return Place::Among;
    }
    let (once, distinct) = once(&mut below.to_vec());
    if count >= 8 && distinct * 4 <= count {
        return Place::Outside(surprise(count, once).min(3.0));
    }
    let counts = count >= 4 && (1..).zip(below).all(|(at, &next)| next == number + f64::from(at));
    if counts && matches!(number, 0.0 | 1.0) {
        return Place::Numbers;
    }
    let (least, most) = below
        .iter()
        .fold((below[0], below[0]), |(least, most), &number| (number.min(least), number.max(most)));
    let steps = || below.windows(2).map(|pair| pair[1] - pair[0]);
    let step = steps().fold(0.0, |most: f64, step| most.max(step.abs()));
    for sign in [1.0, -1.0] {
        let to_next = sign * (below[0] - number);
        let goes_on = count >= 4 && most > least && steps().all(|step| sign * step >= 0.0);
        let next = steps().take(3).fold(0.0, |most: f64, step| most.max(step.abs()));
        if goes_on && to_next >= 0.0 && to_next <= 3.0 * next {
            return Place::Continues;
        }
    }
    if (least..=most).contains(&number) {
        return Place::Among;
    }
    let gap = (least - number).max(number - most);
    if count >= 3 && most > least && gap <= step {
        return Place::Near;
    }
    // Of so many numbers and one more, one at random is the least or the greatest so often.
    let points = (0.35 * (count as f64 + 1.0)).ln().clamp(0.0, 3.0);
    let far = count > 1 && gap >= 3.0 * (most - least);
    Place::Outside(points + f64::from(u8::from(far)))
}

#[cfg(test)]
#[path = "evidence_tests.rs"]
mod tests;
