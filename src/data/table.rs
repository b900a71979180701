//! A table of cells, column by column, that remembers where every row came from.

use super::column::{Column, Part};
use super::lines::Lines;
use crate::error::Error;

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
    first_row: Option<FirstRow>,
}

/// Where rows came from, for messages.
#[derive(Debug, Clone)]
enum Origin {
    /// One or more files: the file's name and its first row, in order, and a line for each row.
    Files { files: Vec<(String, usize)>, lines: Lines },
    /// An array of rows given from JavaScript.
    Rows,
}

impl Table {
    /// A table of columns from JavaScript; none if their lengths differ.
    pub fn of_columns(columns: Vec<Column>) -> Option<Self> {
        let rows = columns.first().map_or(0, Column::len);
        let equal = columns.iter().all(|column| column.len() == rows);
        equal.then_some(Table { columns, rows, origin: Origin::Rows, first_row: None })
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
            Origin::Rows => "rows",
        }
    }

    /// Whether the rows came from JavaScript rather than from files.
    pub fn is_rows(&self) -> bool {
        matches!(self.origin, Origin::Rows)
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
            Origin::Rows => format!("rows[{row}]"),
            Origin::Files { lines, .. } => {
                self.line(lines, row).map_or_else(String::new, |line| format!("line {line}"))
            }
        }
    }

    /// Puts the place of row `row` on an error: file and line, or `rows[3]`.
    pub fn place(&self, error: Error, row: usize) -> Error {
        match &self.origin {
            Origin::Rows => error.row(row),
            Origin::Files { files, lines } => {
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
    fn line(&self, lines: &Lines, row: usize) -> Option<u64> {
        if row < self.rows { lines.of(row) } else { None }
    }
}

/// Builds a table row by row; the caller checks widths and words the errors.
#[derive(Debug)]
pub struct TableBuilder {
    table: Table,
}

impl TableBuilder {
    /// A table that is read from files; call [`TableBuilder::start_file`] before its rows.
    pub fn from_files(header: impl IntoIterator<Item = String>) -> Self {
        Self::with(header, Origin::Files { files: Vec::new(), lines: Lines::default() })
    }

    /// A table made of rows from JavaScript.
    pub fn from_rows(header: impl IntoIterator<Item = String>) -> Self {
        Self::with(header, Origin::Rows)
    }

    fn with(header: impl IntoIterator<Item = String>, origin: Origin) -> Self {
        let columns = header.into_iter().map(Column::new).collect();
        TableBuilder { table: Table { columns, rows: 0, origin, first_row: None } }
    }

    /// Keeps how the first row was read, for messages.
    pub fn first_row(mut self, first_row: FirstRow) -> Self {
        self.table.first_row = Some(first_row);
        self
    }

    /// The number of columns.
    pub fn width(&self) -> usize {
        self.table.columns.len()
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
        if let Origin::Files { lines, .. } = &mut self.table.origin {
            lines.push(self.table.rows, line);
        }
        self.table.rows += 1;
    }

    /// Adds as many rows as each part has cells, a part for each column; `lines` are theirs,
    /// counted from `line`.
    pub fn append(&mut self, parts: impl IntoIterator<Item = Part>, lines: &Lines, line: u64) {
        let mut rows = 0;
        for (column, part) in self.table.columns.iter_mut().zip(parts) {
            rows = part.len();
            column.append(part);
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
}
