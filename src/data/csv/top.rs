//! The first rows of a file cell by cell, and what the cells of a column have in common: what the
//! judgement on a header goes by where the kinds of cells alone do not tell.

use super::grammar::{Grammar, Record};
use super::missing::Missing;
use super::sample::{each, is_figure};

/// A column counts as one of figures, or of texts, if at least this share of its cells are.
const MOST: f64 = 0.8;

/// A cell of the first rows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cell {
    pub(super) text: String,
    /// It stands in quotes that it does not need.
    pub(super) quoted: bool,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Missing,
    /// A number, date or amount, and the number if it is one.
    Figure,
    Text,
}

impl Cell {
    fn new(text: &str, quoted: bool, grammar: Grammar, missing: &Missing) -> Self {
        let needs = |byte: u8| {
            byte == grammar.delimiter
                || Some(byte) == grammar.quote
                || matches!(byte, b'\n' | b'\r')
        };
        let kind = match text {
            text if missing.is(text) => Kind::Missing,
            text if is_figure(text) => Kind::Figure,
            _ => Kind::Text,
        };
        Cell { text: text.to_owned(), quoted: quoted && !text.bytes().any(needs), kind }
    }

    pub(super) fn is_missing(&self) -> bool {
        self.kind == Kind::Missing
    }

    pub(super) fn is_figure(&self) -> bool {
        self.kind == Kind::Figure
    }

    pub(super) fn is_text(&self) -> bool {
        self.kind == Kind::Text
    }

    /// The number it is, with either decimal mark; none of a date or a time.
    pub(super) fn number(&self) -> Option<f64> {
        let marks = self.text.bytes().filter(|byte| matches!(byte, b',' | b'.')).count();
        let number = match marks {
            1 => self.text.replace(',', ".").parse::<f64>(),
            _ => self.text.parse::<f64>(),
        };
        number.ok().filter(|number| self.is_figure() && number.is_finite())
    }

    /// How a figure is written: its sign left out, every run of digits one `9`, but one for each
    /// digit behind a decimal mark.
    pub(super) fn form(&self) -> String {
        let number = self.number().is_some();
        let (mut form, mut fraction, mut digit) = (String::new(), false, false);
        for byte in self.text.trim_start_matches(['+', '-']).bytes() {
            let follows = std::mem::replace(&mut digit, byte.is_ascii_digit());
            match byte {
                b'0'..=b'9' if follows && !fraction => {}
                b'0'..=b'9' => form.push('9'),
                byte => {
                    fraction = number && matches!(byte, b'.' | b',');
                    form.push(char::from(byte));
                }
            }
        }
        form
    }
}

/// The first rows of a file, at least one.
#[derive(Debug)]
pub(super) struct Top {
    pub(super) first: Vec<Cell>,
    /// The rows below without a flaw, each of the width it has.
    pub(super) rows: Vec<Vec<Cell>>,
    /// How many of them repeat the first one, as where files with headers were put together.
    pub(super) repeats: usize,
}

impl Top {
    /// As many of the rows as sniffing looks at.
    pub(super) fn new(text: &str, grammar: Grammar, missing: &Missing) -> Self {
        let (mut first, mut rows) = (None, Vec::new());
        each(text, grammar, |record: &Record| {
            let cells = record.cells(text).enumerate();
            let cell =
                |(i, cell)| Cell::new(cell, record.is_quoted(text, i, grammar), grammar, missing);
            match &first {
                None => first = Some(cells.map(cell).collect()),
                Some(_) if record.flawed.is_some() || record.cells(text).all(str::is_empty) => {}
                Some(_) => rows.push(cells.map(cell).collect()),
            }
        });
        let first = first.unwrap_or_default();
        let repeats = rows.iter().filter(|row| **row == first).count();
        Top { first, rows, repeats }
    }

    /// The columns of the first `width` cells.
    pub(super) fn columns(&self, width: usize) -> Vec<Column<'_>> {
        let column = |(i, first)| {
            let cells = self.rows.iter().map(|row| row.get(i));
            Column {
                first,
                below: cells.flatten().filter(|cell: &&Cell| !cell.is_missing()).collect(),
            }
        };
        self.first.iter().take(width).enumerate().map(column).collect()
    }
}

/// A cell of the first row and what stands below it, missing cells left out.
#[derive(Debug)]
pub(super) struct Column<'a> {
    pub(super) first: &'a Cell,
    pub(super) below: Vec<&'a Cell>,
}

impl Column<'_> {
    /// The cells below that are figures.
    pub(super) fn figures(&self) -> usize {
        self.below.iter().filter(|cell| cell.is_figure()).count()
    }

    /// Whether (nearly) all cells below are figures.
    pub(super) fn is_of_figures(&self) -> bool {
        let figures = self.figures();
        figures > 0 && figures as f64 >= MOST * self.below.len() as f64
    }

    /// The numbers below.
    pub(super) fn numbers(&self) -> Vec<f64> {
        self.below.iter().filter_map(|cell| cell.number()).collect()
    }
}

/// How much the absence of a thing among `count` others tells, as the logarithm of odds: were it
/// one more of them, the chance of a thing not seen before would be about that of those of them
/// that were seen but once (Good 1953, "The population frequencies of species").
pub(super) fn surprise(count: usize, once: usize) -> f64 {
    ((count as f64 + 1.0) / (once as f64 + 1.0)).ln()
}

/// How many of these occur but once, and how many differ.
pub(super) fn once<T: PartialEq + PartialOrd>(things: &mut [T]) -> (usize, usize) {
    things.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
    let (mut once, mut distinct) = (0, 0);
    for run in things.chunk_by(|a, b| a == b) {
        once += usize::from(run.len() == 1);
        distinct += 1;
    }
    (once, distinct)
}

#[cfg(test)]
mod tests {
    use super::super::options::CsvOptions;
    use super::*;

    fn top(text: &str) -> Top {
        let grammar = Grammar::new(&CsvOptions::default(), b',');
        Top::new(text, grammar, &Missing::default())
    }

    #[test]
    fn cells_know_their_kind_and_whether_quotes_are_needed() {
        let top = top("\"2019\",\"1,234\", x ,NA,2020\n\"a\"b,1\n1,\"2\"\n");
        let quoted: Vec<bool> = top.first.iter().map(|cell| cell.quoted).collect();
        assert_eq!(quoted, [true, false, false, false, false]);
        let kinds =
            top.first.iter().map(|cell| (cell.is_figure(), cell.is_text(), cell.is_missing()));
        let (figure, text, missing) =
            ((true, false, false), (false, true, false), (false, false, true));
        assert!(kinds.eq([figure, figure, text, missing, figure]));
        // The row with a bad quote is none.
        assert_eq!(top.rows.len(), 1);
        assert!(top.rows[0][1].quoted);
    }

    #[test]
    fn forms_and_numbers() {
        for (text, form, number) in [
            ("-12", "9", Some(-12.0)),
            ("400.50", "9.99", Some(400.5)),
            ("400,5", "9,9", Some(400.5)),
            ("1/22/20", "9/9/9", None),
            ("2020-01-31", "9-9-9", None),
            ("1.2e-05", "9.9e-9", Some(1.2e-5)),
            ("12 %", "9 %", None),
        ] {
            let top = top(&format!("\"{text}\"\n"));
            assert_eq!((top.first[0].form().as_str(), top.first[0].number()), (form, number));
        }
    }

    #[test]
    fn a_thing_not_seen_is_a_surprise_where_few_are_seen_once() {
        assert_eq!(once(&mut ["a", "b", "a", "c"]), (2, 3));
        assert!(surprise(100, 0) > 4.6 && surprise(100, 100) == 0.0);
    }
}
