//! A table of cells, column by column, that remembers where every row came from.

use super::column::{Column, Marks, Part};
use super::lines::Lines;
use super::missing::MissingTokens;
use super::number::NumberFormat;
use super::zone::OpenDates;
use crate::error::{Error, Result};
use crate::parts::in_parts;
use std::collections::BTreeMap;

/// One cell as the rest of the crate sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    /// Nothing there: an empty cell or one of the missing tokens.
    Missing,
    /// A finite number that came as a number, from JavaScript.
    Number(f64),
    /// Text as it stood in the source; numbers in files are text until the schema reads them.
    Text(&'a str),
}

/// How the first row of a file was read: as the names of the columns, or as data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstRow {
    /// As names.
    pub header: bool,
    /// Why.
    pub why: String,
    /// It might have been read the other way.
    pub doubtful: bool,
}

/// Columns of equal length, with the place of every row in its source.
#[derive(Debug, Clone)]
pub struct Table {
    columns: Vec<Column>,
    rows: usize,
    origin: Origin,
    /// `Date` cells for which no time zone was named.
    open: OpenDates,
    /// How its numbers are written, where that is not as the model has it.
    format: Option<NumberFormat>,
    /// How the first row of a file was read.
    first_row: Option<FirstRow>,
    /// Of columns with a cell that cannot be read, what is wrong with the first such cell.
    unreadable: BTreeMap<String, Error>,
}

/// From so many rows on, columns are marked on several threads.
const MANY: usize = 4096;

/// Where rows came from, for messages.
#[derive(Debug, Clone)]
enum Origin {
    /// One or more files: the file's name and its first row, in order, a line for each row, and
    /// the sign between cells.
    Files { files: Vec<(String, usize)>, lines: Lines, delimiter: Option<u8> },
    /// An array of rows given from JavaScript; the place in it of each row, unless all are there.
    Rows(Option<Vec<usize>>),
}

impl Table {
    /// A table of columns from JavaScript; none if their lengths differ.
    pub fn of_columns(columns: Vec<Column>) -> Option<Self> {
        let rows = columns.first().map_or(0, Column::len);
        let equal = columns.iter().all(|column| column.len() == rows);
        let open = OpenDates::default();
        equal.then_some(Table {
            columns,
            rows,
            origin: Origin::Rows(None),
            open,
            format: None,
            first_row: None,
            unreadable: BTreeMap::new(),
        })
    }

    /// The same, with the `Date` cells that read otherwise where the process is than in UTC.
    pub fn with_open(self, open: OpenDates) -> Self {
        Table { open, ..self }
    }

    /// The `Date` cells that read otherwise where the process is than in UTC, as which they were
    /// read since no time zone was named.
    pub fn open_dates(&self) -> &OpenDates {
        &self.open
    }

    /// The same, where columns hold cells that cannot be read: an error only for who needs them.
    pub fn with_unreadable(self, unreadable: BTreeMap<String, Error>) -> Self {
        Table { unreadable, ..self }
    }

    /// An error if a cell of this column cannot be read.
    pub fn require_readable(&self, column: &str) -> Result<()> {
        self.unreadable.get(column).map_or(Ok(()), |error| Err(error.clone()))
    }

    /// Makes cells missing that are tokens, in every column alike; [`Encoder::settle`] and
    /// [`settle`] then give back what is none in its column.
    ///
    /// [`Encoder::settle`]: super::Encoder::settle
    /// [`settle`]: super::settle
    pub fn mark(&mut self, tokens: &MissingTokens, format: NumberFormat) {
        let numbers = tokens.numbers(format);
        if self.rows < MANY {
            self.columns.iter_mut().for_each(|column| column.mark(tokens, &numbers));
            return;
        }
        // Nothing of it can fail.
        let _ = in_parts(&mut self.columns, 1, |_, columns| {
            columns.iter_mut().for_each(|column| column.mark(tokens, &numbers));
            Ok::<(), ()>(())
        });
    }

    /// How numbers in its texts are written, where that was said of this table.
    pub fn format(&self) -> Option<NumberFormat> {
        self.format
    }

    /// Says how numbers in its texts are written.
    pub(super) fn set_format(&mut self, format: NumberFormat) {
        self.format = Some(format);
    }

    /// The columns, to be settled.
    pub(super) fn columns_mut(&mut self) -> &mut [Column] {
        &mut self.columns
    }

    /// The columns in source order.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The column of that name: the first one, should a name stand twice.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name() == name)
    }

    /// What to call the source in a message: the file, or `rows`.
    pub fn source(&self) -> &str {
        match &self.origin {
            Origin::Files { files, .. } => files.first().map_or("rows", |(name, _)| name),
            Origin::Rows(_) => "rows",
        }
    }

    /// The sign between the cells of the first file, if it is known.
    pub fn delimiter(&self) -> Option<u8> {
        match self.origin {
            Origin::Files { delimiter, .. } => delimiter,
            Origin::Rows(_) => None,
        }
    }

    /// Whether the rows came from JavaScript rather than from files.
    pub fn is_rows(&self) -> bool {
        matches!(self.origin, Origin::Rows(_))
    }

    /// How the first row of the file was read, as the end of a sentence on a column of that name,
    /// which is not there; empty where it is plain that names were read.
    pub fn first_row_hint(&self, name: &str) -> String {
        let Some(FirstRow { header, why, doubtful }) = &self.first_row else {
            return String::new();
        };
        let number = name.strip_prefix('c').unwrap_or_default();
        let made_up = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        match header {
            false => format!(
                "; the first row was read as data ({why}): if it names the columns, set \
                 csv.header: true"
            ),
            true if made_up || *doubtful => format!(
                "; the first row was read as the header ({why}): if it is data, set csv.header: \
                 false"
            ),
            true => String::new(),
        }
    }

    /// What to call row `row` within its source: `line 17`, or `rows[3]`.
    pub fn row_name(&self, row: usize) -> String {
        match &self.origin {
            Origin::Rows(places) => format!("rows[{}]", place(places, row)),
            Origin::Files { lines, .. } => {
                self.line(lines, row).map_or_else(String::new, |line| format!("line {line}"))
            }
        }
    }

    /// Puts the place of row `row` on an error: file and line, or `rows[3]`.
    pub fn place(&self, error: Error, row: usize) -> Error {
        match &self.origin {
            Origin::Rows(places) => error.row(place(places, row)),
            Origin::Files { files, lines, .. } => {
                let file = files.iter().rev().find(|(_, first)| *first <= row);
                let error = match file {
                    Some((name, _)) => error.file(name),
                    None => error,
                };
                match self.line(lines, row) {
                    Some(line) => error.line(line),
                    None => error,
                }
            }
        }
    }
}

impl Table {
    /// Leaves only these rows, which ascend, in the table. Each still knows where it came from.
    pub fn keep(&mut self, rows: &[usize]) {
        for column in &mut self.columns {
            *column = column.of_rows(rows);
        }
        match &mut self.origin {
            Origin::Files { files, lines, .. } => {
                for (_, first) in files {
                    *first = rows.partition_point(|row| row < first);
                }
                *lines = lines.of_rows(rows);
            }
            Origin::Rows(places) => {
                *places = Some(rows.iter().map(|&row| place(places, row)).collect());
            }
        }
        self.rows = rows.len();
    }

    fn line(&self, lines: &Lines, row: usize) -> Option<u64> {
        if row < self.rows { lines.of(row) } else { None }
    }
}

/// The place of a row among all that were given.
fn place(places: &Option<Vec<usize>>, row: usize) -> usize {
    places.as_ref().and_then(|places| places.get(row)).copied().unwrap_or(row)
}

/// Builds a table row by row; the caller checks widths and words the errors.
#[derive(Debug)]
pub struct TableBuilder {
    table: Table,
    /// Rows from JavaScript that were left out.
    skipped: usize,
}

impl TableBuilder {
    /// A table that is read from files; call [`TableBuilder::start_file`] before its rows.
    pub fn from_files(header: impl IntoIterator<Item = String>) -> Self {
        let (files, lines) = (Vec::new(), Lines::default());
        Self::with(header, Origin::Files { files, lines, delimiter: None })
    }

    /// A table made of rows from JavaScript.
    pub fn from_rows(header: impl IntoIterator<Item = String>) -> Self {
        Self::with(header, Origin::Rows(None))
    }

    fn with(header: impl IntoIterator<Item = String>, origin: Origin) -> Self {
        let columns = header.into_iter().map(Column::new).collect();
        let open = OpenDates::default();
        let table = Table {
            columns,
            rows: 0,
            origin,
            open,
            format: None,
            first_row: None,
            unreadable: BTreeMap::new(),
        };
        TableBuilder { table, skipped: 0 }
    }

    /// Keeps how the first row was read, for messages, unless names were given for the columns.
    pub fn first_row(mut self, first_row: Option<FirstRow>) -> Self {
        self.table.first_row = first_row;
        self
    }

    /// The number of columns.
    pub fn width(&self) -> usize {
        self.table.columns.len()
    }

    /// The same, where this sign stands between the cells.
    pub fn delimited(mut self, sign: u8) -> Self {
        if let Origin::Files { delimiter, .. } = &mut self.table.origin {
            *delimiter = Some(sign);
        }
        self
    }

    /// The rows that follow come from this file.
    pub fn start_file(&mut self, name: &str) {
        if let Origin::Files { files, .. } = &mut self.table.origin {
            files.push((name.to_owned(), self.table.rows));
        }
    }

    /// Adds one row of exactly `width` cells; `line` is where the record starts in its file and
    /// is not used for rows from JavaScript.
    pub fn push<'a>(&mut self, line: u64, cells: impl IntoIterator<Item = Cell<'a>>) {
        let mut cells = cells.into_iter();
        for column in &mut self.table.columns {
            column.push(cells.next().unwrap_or(Cell::Missing));
        }
        match &mut self.table.origin {
            Origin::Files { lines, .. } => lines.push(self.table.rows, line),
            Origin::Rows(Some(places)) => places.push(self.table.rows + self.skipped),
            Origin::Rows(None) => {}
        }
        self.table.rows += 1;
    }

    /// Leaves out a row from JavaScript: those that follow know where they stood.
    pub fn skip(&mut self) {
        if let Origin::Rows(places) = &mut self.table.origin {
            places.get_or_insert_with(|| (0..self.table.rows).collect());
            self.skipped += 1;
        }
    }

    /// Adds a column at this place, whose cells are missing in the rows so far.
    pub fn insert(&mut self, at: usize, name: &str) {
        let mut column = Column::new(name);
        (0..self.table.rows).for_each(|_| column.push(Cell::Missing));
        self.table.columns.insert(at.min(self.table.columns.len()), column);
    }

    /// Writes the numbers 1 and 0 of a column as true and false.
    pub fn spell_booleans(&mut self, at: usize) {
        let Some(column) = self.table.columns.get_mut(at) else { return };
        let mut spelt = Column::new(column.name());
        for cell in column.cells() {
            spelt.push(match cell {
                Cell::Number(1.0) => Cell::Text("true"),
                Cell::Number(0.0) => Cell::Text("false"),
                cell => cell,
            });
        }
        *column = spelt;
    }

    /// Adds as many rows as each part has cells, a part for each column, with what its missing
    /// cells held; `lines` are theirs, counted from `line`.
    pub fn append(
        &mut self,
        parts: impl IntoIterator<Item = (Part, Marks)>,
        lines: &Lines,
        line: u64,
    ) {
        let mut rows = 0;
        for (column, (part, marks)) in self.table.columns.iter_mut().zip(parts) {
            rows = part.len();
            column.append_marked(part, marks);
        }
        if let Origin::Files { lines: all, .. } = &mut self.table.origin {
            all.append(lines, self.table.rows, line);
        }
        self.table.rows += rows;
    }

    /// The number of rows so far.
    pub fn rows(&self) -> usize {
        self.table.rows
    }

    /// The finished table.
    pub fn build(self) -> Table {
        self.table
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;

    #[test]
    fn cells_come_back_and_rows_know_their_file_and_line() {
        let mut builder = TableBuilder::from_files(["a".to_owned(), "b".to_owned()]);
        builder.start_file("one.csv");
        builder.push(2, [Cell::Text("x"), Cell::Missing]);
        builder.start_file("two.csv");
        builder.push(2, [Cell::Text("yz"), Cell::Number(1.5)]);
        let table = builder.build();
        assert_eq!(
            table.columns()[0].cells().collect::<Vec<_>>(),
            [Cell::Text("x"), Cell::Text("yz")]
        );
        assert_eq!(table.columns()[1].cell(1), Cell::Number(1.5));
        let error = table.place(Error::new(Code::Schema, "bad"), 1);
        assert_eq!(error.to_string(), "two.csv line 2: bad");
    }

    #[test]
    fn rows_that_are_kept_know_where_they_stood() {
        let place = |table: &Table, row| table.place(Error::new(Code::Schema, "bad"), row);
        let mut builder = TableBuilder::from_files(["a".to_owned()]);
        let texts = ["p", "q", "r", "s", "t"].map(Cell::Text);
        for (row, text) in texts.into_iter().enumerate() {
            match row {
                0 => builder.start_file("one.csv"),
                2 => builder.start_file("two.csv"),
                4 => builder.start_file("three.csv"),
                _ => {}
            }
            builder.push(10 + row as u64, [text]);
        }
        let mut table = builder.build();
        table.keep(&[1, 4]);
        assert_eq!(table.rows(), 2);
        assert!(table.columns()[0].cells().eq([texts[1], texts[4]]));
        let told = [0, 1].map(|row| (table.row_name(row), place(&table, row).to_string()));
        assert_eq!(
            told,
            [("line 11", "one.csv line 11: bad"), ("line 14", "three.csv line 14: bad")]
                .map(|(name, place)| (name.to_owned(), place.to_owned()))
        );

        let mut builder = TableBuilder::from_rows(["a".to_owned()]);
        texts.into_iter().for_each(|text| builder.push(0, [text]));
        let mut table = builder.build();
        table.keep(&[0, 2, 3]);
        table.keep(&[1, 2]);
        assert_eq!([0, 1].map(|row| table.row_name(row)), ["rows[2]", "rows[3]"]);
        assert_eq!(place(&table, 1).place().row, Some(3));
        assert!(table.columns()[0].cells().eq([texts[2], texts[3]]));
    }
}
