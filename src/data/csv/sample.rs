//! The first records of a text, summed up: what sniffing goes by.

use std::collections::HashMap;

use super::grammar::{Grammar, Record, Records};
use super::missing::Missing;

/// Sampling ends after this many records, or earlier where records are long.
const RECORDS: usize = 100;
const LONG_RECORDS: usize = 10;
const BYTES: usize = 1 << 18;

/// What the first records look like under one grammar.
#[derive(Debug, Default)]
pub(super) struct Sample {
    /// The number of records, flawed ones included, those of empty cells not: where a tab
    /// delimits, such a record may be a blank line.
    pub(super) records: usize,
    /// The cells of the first record.
    pub(super) first: Vec<String>,
    /// What stands below each cell of the first record.
    pub(super) below: Vec<Below>,
    /// How many records without a flaw have how many cells.
    widths: HashMap<usize, usize>,
    cells: usize,
    figures: usize,
}

/// The kinds of cells in one column, the first record and missing cells left out.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Below {
    pub(super) figures: usize,
    pub(super) texts: usize,
}

impl Sample {
    pub(super) fn new(text: &str, grammar: Grammar, missing: &Missing) -> Self {
        let mut sample = Sample::default();
        each(text, grammar, |record| {
            let is_first = sample.first.is_empty();
            if is_first {
                sample.first = record.cells(text).map(str::to_owned).collect();
                sample.below = vec![Below::default(); record.len()];
            }
            if record.cells(text).all(str::is_empty) {
                return;
            }
            sample.records += 1;
            if record.flawed.is_none() {
                *sample.widths.entry(record.len()).or_default() += 1;
            }
            for (i, cell) in record.cells(text).enumerate() {
                let figure = is_figure(cell);
                sample.cells += 1;
                sample.figures += usize::from(figure);
                let Some(below) = sample.below.get_mut(i) else { continue };
                if is_first || missing.is(cell) || record.flawed.is_some() {
                    continue;
                }
                match figure {
                    true => below.figures += 1,
                    false => below.texts += 1,
                }
            }
        });
        sample
    }

    /// The most frequent number of cells above one, and how many records have it.
    pub(super) fn usual(&self) -> Option<(usize, usize)> {
        let several = self.widths.iter().filter(|(width, _)| **width > 1);
        several.map(|(width, count)| (*width, *count)).max_by_key(|(width, count)| (*count, *width))
    }

    /// How much the grammar makes of the text: the share of records of the usual width, more
    /// where the cells are figures. Zero where it finds single cells only.
    pub(super) fn score(&self) -> f64 {
        let Some((_, count)) = self.usual() else { return 0.0 };
        let figures = self.figures as f64 / self.cells.max(1) as f64;
        count as f64 / self.records as f64 * (1.0 + figures)
    }
}

/// Calls `act` with the first records; whether there were enough of them, so that what stands
/// behind them does not matter.
pub(super) fn each(text: &str, grammar: Grammar, mut act: impl FnMut(&Record)) -> bool {
    let mut records = Records::new(text, grammar);
    let mut record = Record::default();
    let mut count = 0;
    while count < RECORDS && records.next(&mut record) {
        act(&record);
        count += 1;
        if count >= LONG_RECORDS && record.end > BYTES {
            return true;
        }
    }
    count == RECORDS
}

/// Whether the beginning of a file gives the same sample as all of it.
pub(super) fn suffices(beginning: &str, grammar: Grammar) -> bool {
    let mut whole = true;
    let enough = each(beginning, grammar, |record| {
        whole = whole && record.end < beginning.len() && !record.open;
    });
    enough && whole
}

/// Whether a cell is a number, a date, a time, a share or an amount: digits with signs, and no
/// letters but those of an exponent or an ISO date. Names of columns are seldom that.
pub(super) fn is_figure(cell: &str) -> bool {
    let shape = |byte: u8| byte.is_ascii_digit() || b"+-.,:/ %$()eETZ".contains(&byte);
    cell.bytes().any(|byte| byte.is_ascii_digit())
        && cell.bytes().all(shape)
        && !cell.starts_with(|first: char| first.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_numbers_dates_and_amounts() {
        for cell in
            ["1", "-1.5e-3", "3504.", "1,7", "2011-01-01T00:00:00Z", "$1,000", "12 %", "(3)"]
        {
            assert!(is_figure(cell), "{cell}");
        }
        for cell in
            ["", "?", "-", "T4", "c0", "E1", "x1", "1st", "<=50K", "A/5 21171", "nan", "inf"]
        {
            assert!(!is_figure(cell), "{cell}");
        }
    }
}
