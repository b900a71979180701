//! Whether the first row is a header, and what the columns are called.

use std::collections::{HashMap, HashSet};

use crate::error::{Code, Error, Result, quoted};

use super::evidence::{CERTAIN, ENOUGH, Evidence, OF_NAMES, alone, gather, stands_below};
use super::grammar::Grammar;
use super::known::KnownNames;
use super::missing::Missing;
use super::options::CsvOptions;
use super::sample::{Sample, is_figure};
use super::top::Top;

/// What sniffing says of the first row.
#[derive(Debug, PartialEq)]
pub(super) struct Verdict {
    pub(super) header: bool,
    /// There is evidence for it; it is not just that nothing speaks against it.
    pub(super) sure: bool,
    /// It was weighed, rather than said or plain to see, and so may be wrong.
    pub(super) weighed: bool,
    pub(super) why: String,
}

impl Verdict {
    pub(super) fn new(header: bool, sure: bool, why: impl Into<String>) -> Self {
        Verdict { header, sure, weighed: false, why: why.into() }
    }
}

/// A file whose first row is to be judged.
#[derive(Clone, Copy)]
pub(super) struct Beginning<'a> {
    pub(super) text: &'a str,
    pub(super) grammar: Grammar,
    pub(super) sample: &'a Sample,
    pub(super) missing: &'a Missing,
}

impl Beginning<'_> {
    fn top(&self) -> Top {
        Top::new(self.text, self.grammar, self.missing)
    }

    /// Whether a cell of the first row stands below in its column as well.
    fn recurs(&self, at: usize) -> bool {
        let top = self.top();
        top.columns(at + 1).last().is_some_and(|column| stands_below(&top, column))
    }

    /// Judges the first row by what stands below it.
    ///
    /// A header is text above figures, in more columns than there are figures above figures (a
    /// header may well hold `2019, 2020`), or text alone that does not stand below as well. Else
    /// it is weighed what speaks for a header and against one.
    pub(super) fn judge(&self) -> Verdict {
        let Beginning { sample, missing, .. } = self;
        let named = &sample.first[..filled(&sample.first)];
        let over_figures = |figure: bool| {
            let columns = named.iter().zip(&sample.below);
            columns.filter(move |(cell, below)| {
                let kinds = below.figures > 0 && below.texts == 0;
                kinds && !missing.is(cell) && is_figure(cell) == figure
            })
        };
        let (texts, figures) = (over_figures(false).count(), over_figures(true).count());
        if texts > figures {
            return Verdict::new(true, true, format!("columns with text over figures: {texts}"));
        }
        let mut seen = HashSet::new();
        if let Some(cell) = named.iter().find(|cell| !cell.is_empty() && !seen.insert(*cell)) {
            return Verdict::new(
                false,
                false,
                format!("{} stands twice in the first row", quoted(cell)),
            );
        }
        let top = self.top();
        let plain = named.iter().all(|cell| !missing.is(cell) && !is_figure(cell));
        match plain {
            true => texts_alone(&top, named.len()),
            false => weigh(&top, named.len()),
        }
    }
}

/// So many rows must be seen before text that recurs in them speaks against a header of text alone.
const FEW: usize = 10;

/// With so many points a first row that is read as data may well be a header.
const DOUBT: f64 = 1.5;

/// So many points below zero outweigh that most files have a header.
const AGAINST: f64 = -3.0;

/// A first row of nothing but text: a header, unless some of it stands below too.
fn texts_alone(top: &Top, width: usize) -> Verdict {
    match alone(top, width) {
        Some(Evidence { points, says, .. }) if points <= AGAINST && top.rows.len() >= FEW => {
            Verdict { weighed: true, ..Verdict::new(false, false, says) }
        }
        _ => Verdict::new(true, false, "the first row is text and nothing speaks against it"),
    }
}

/// Weighs the evidence, and says the strongest piece of the side that wins.
fn weigh(top: &Top, width: usize) -> Verdict {
    let mut found = gather(top, width);
    found.sort_by(|a, b| b.points.total_cmp(&a.points));
    let points: f64 = found.iter().map(|evidence| evidence.points).sum();
    let of_names = found.iter().filter(|evidence| evidence.of_names);
    let of_names: f64 = of_names.map(|evidence| evidence.points).sum();
    let header = of_names >= OF_NAMES && points >= ENOUGH;
    let strong = |of_names| {
        found.iter().filter(move |found| found.of_names == of_names && found.points >= 0.5)
    };
    let fors = strong(true).chain(strong(false)).take(2);
    let fors: Vec<&str> = fors.map(|evidence| evidence.says.as_str()).collect();
    let against = found.last().filter(|evidence| evidence.points < 0.0);
    let undecided = if points >= DOUBT { "undecided: " } else { "" };
    let why = match (header, &*fors, against) {
        (true, ..) => fors.join(" and "),
        (false, [], Some(against)) => against.says.clone(),
        (false, [], None) => {
            let figure = top.first.iter().find(|cell| !cell.is_text());
            format!("{} in the first row is no name", quoted(figure.map_or("", |cell| &cell.text)))
        }
        (false, [says, ..], Some(against)) => {
            format!("{undecided}{}, although {says}", against.says)
        }
        (false, [says, ..], None) => {
            format!("{undecided}{says}, which alone is not enough for a header")
        }
    };
    Verdict { header, sure: points >= CERTAIN, weighed: true, why }
}

/// Whether the first row is a header: as set, by `csv.columns`, as in the files `before`, by names
/// that are known, or as judged.
pub(super) fn find(
    beginning: Beginning<'_>,
    options: &CsvOptions,
    before: Option<bool>,
) -> Result<Verdict> {
    let set = |header, why: &str| Ok(Verdict::new(header, true, why));
    let wrong = |message| Err(Error::new(Code::Csv, message));
    if let Some(header) = options.header {
        return set(header, "as set");
    }
    let first = &*beginning.sample.first;
    let judged = beginning.judge();
    let known = match (&options.known, &options.columns) {
        // These are the names that options go by.
        (KnownNames::Options(_), Some(_)) => &KnownNames::None,
        (known, _) => known,
    };
    let recurs = |at| beginning.recurs(at);
    let verdict = known.verdict(first, &judged, recurs).unwrap_or(judged);
    match (&options.columns, before) {
        (Some(columns), _) if first == columns => set(true, "the first row equals csv.columns"),
        (Some(_), _) if verdict.header && verdict.sure => wrong(
            "looks like a header and differs from csv.columns; set csv.header: true to replace \
             its names, or false to read it as a row",
        ),
        (Some(_), _) => set(false, "csv.columns names the columns"),
        (None, Some(false)) if verdict.header && verdict.sure => wrong(
            "looks like a header, but the files before have none; set csv.header: false to read \
             it as a row",
        ),
        (None, Some(header)) => set(header, "as in the files before"),
        (None, None) if first.iter().all(String::is_empty) => wrong(
            "the first row holds empty cells only, expected names or data; pass over it with \
             csv.skipLines, or set csv.header",
        ),
        (None, None) => Ok(verdict),
    }
}

/// The length of a row without the empty cells at its end.
pub(super) fn filled(cells: &[String]) -> usize {
    cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1)
}

/// The names of the first `width` columns, from the header row or made up: an empty name becomes
/// `c` and the number of the column from 0, as in a file without a header.
pub(super) fn names(header: Option<&[String]>, width: usize, line: u64) -> Result<Vec<String>> {
    let given = header.map_or(&[][..], |header| &header[..width.min(header.len())]);
    let mut places = HashMap::new();
    for (i, name) in given.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
        if let Some(before) = places.insert(name.as_str(), i) {
            let message = format!(
                "stands twice in the header, as cell {} and as cell {}; names must differ",
                before + 1,
                i + 1
            );
            return Err(Error::new(Code::Csv, message).line(line).column(name));
        }
    }
    let made_up = |i: usize| {
        let mut name = format!("c{i}");
        while places.contains_key(name.as_str()) {
            name.push('_');
        }
        name
    };
    let name = |i: usize| match given.get(i) {
        Some(name) if !name.is_empty() => name.clone(),
        _ => made_up(i),
    };
    Ok((0..width).map(name).collect())
}

#[cfg(test)]
#[path = "header_tests.rs"]
mod tests;
