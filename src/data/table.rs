//! A table of cells, column by column, that remembers where every row came from.

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

/// A named column.
#[derive(Debug, Clone)]
pub struct Column {
    name: String,
    cells: Cells,
    text: String,
}

#[derive(Debug, Clone)]
enum Cells {
    Mixed(Vec<Packed>),
    /// Numbers only, NaN for a missing one: a column that came as such.
    Numbers(Vec<f64>),
}

/// A cell in 16 bytes: text is a span of the column's one string.
#[derive(Debug, Clone, Copy)]
enum Packed {
    Missing,
    Number(f64),
    Text { start: usize, len: u32 },
}

impl Column {
    /// A column without cells.
    pub fn new(name: impl Into<String>) -> Self {
        Column { name: name.into(), cells: Cells::Mixed(Vec::new()), text: String::new() }
    }

    /// A column of numbers, finite or NaN, which means missing.
    pub fn of_numbers(name: impl Into<String>, numbers: Vec<f64>) -> Self {
        Column { name: name.into(), cells: Cells::Numbers(numbers), text: String::new() }
    }

    /// The header name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The number of cells.
    pub fn len(&self) -> usize {
        match &self.cells {
            Cells::Mixed(cells) => cells.len(),
            Cells::Numbers(numbers) => numbers.len(),
        }
    }

    /// Whether the column has no cells.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The cell of row `row`; panics past the end.
    pub fn cell(&self, row: usize) -> Cell<'_> {
        let cells = match &self.cells {
            Cells::Mixed(cells) => cells,
            Cells::Numbers(numbers) if numbers[row].is_nan() => return Cell::Missing,
            Cells::Numbers(numbers) => return Cell::Number(numbers[row]),
        };
        match cells[row] {
            Packed::Missing => Cell::Missing,
            Packed::Number(number) => Cell::Number(number),
            Packed::Text { start, len } => Cell::Text(&self.text[start..start + len as usize]),
        }
    }

    /// The text in a cell, empty for any other.
    pub fn text(&self, row: usize) -> &str {
        match self.cell(row) {
            Cell::Text(text) => text,
            _ => "",
        }
    }

    /// Adds a cell; a column of numbers takes what is none for missing.
    pub fn push(&mut self, cell: Cell<'_>) {
        let packed = match cell {
            Cell::Missing => Packed::Missing,
            Cell::Number(number) => Packed::Number(number),
            Cell::Text(text) => {
                let start = self.text.len();
                self.text.push_str(text);
                Packed::Text { start, len: text.len() as u32 }
            }
        };
        match &mut self.cells {
            Cells::Mixed(cells) => cells.push(packed),
            Cells::Numbers(numbers) => {
                numbers.push(if let Cell::Number(number) = cell { number } else { f64::NAN });
            }
        }
    }

    /// All cells in row order.
    pub fn cells(&self) -> impl Iterator<Item = Cell<'_>> {
        (0..self.len()).map(|row| self.cell(row))
    }
}

/// Columns of equal length, with the place of every row in its source.
#[derive(Debug, Clone)]
pub struct Table {
    columns: Vec<Column>,
    rows: usize,
    origin: Origin,
}

/// Where rows came from, for messages.
#[derive(Debug, Clone)]
enum Origin {
    /// One or more files: the file's name and its first row, in order, and a line for each row.
    Files { files: Vec<(String, usize)>, lines: Vec<u64> },
    /// An array of rows given from JavaScript.
    Rows,
}

impl Table {
    /// A table of columns from JavaScript; none if their lengths differ.
    pub fn of_columns(columns: Vec<Column>) -> Option<Self> {
        let rows = columns.first().map_or(0, Column::len);
        let equal = columns.iter().all(|column| column.len() == rows);
        equal.then_some(Table { columns, rows, origin: Origin::Rows })
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
        self.columns.iter().find(|column| column.name == name)
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

    /// What to call row `row` within its source: `line 17`, or `rows[3]`.
    pub fn row_name(&self, row: usize) -> String {
        match &self.origin {
            Origin::Rows => format!("rows[{row}]"),
            Origin::Files { lines, .. } => {
                lines.get(row).map_or_else(String::new, |line| format!("line {line}"))
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
                match lines.get(row) {
                    Some(line) => error.line(*line),
                    None => error,
                }
            }
        }
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
        Self::with(header, Origin::Files { files: Vec::new(), lines: Vec::new() })
    }

    /// A table made of rows from JavaScript.
    pub fn from_rows(header: impl IntoIterator<Item = String>) -> Self {
        Self::with(header, Origin::Rows)
    }

    fn with(header: impl IntoIterator<Item = String>, origin: Origin) -> Self {
        let columns = header.into_iter().map(Column::new).collect();
        TableBuilder { table: Table { columns, rows: 0, origin } }
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
            lines.push(line);
        }
        self.table.rows += 1;
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
