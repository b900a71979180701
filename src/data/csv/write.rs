//! Writes rows as CSV: the same signs as a file that was read, UTF-8, lines ending in LF. What is
//! written reads back as the same cells.

use std::io::{self, Write};

use super::dialect::Dialect;

/// Rows on their way to a file.
pub struct Writer<W> {
    out: W,
    delimiter: u8,
    quote: u8,
    decimal: u8,
    /// The next cell is the first of its row.
    first: bool,
}

impl<W: Write> Writer<W> {
    /// Writes with the signs of this dialect and this decimal sign.
    pub fn new(out: W, dialect: &Dialect, decimal: u8) -> Self {
        let delimiter = dialect.delimiter;
        let quote = dialect.quote.unwrap_or(if delimiter == b'"' { b'\'' } else { b'"' });
        Writer { out, delimiter, quote, decimal, first: true }
    }

    /// Writes a cell, in quotes where it needs them.
    pub fn text(&mut self, cell: &str) -> io::Result<()> {
        self.separate()?;
        let special = |byte: u8| {
            byte == self.delimiter || byte == self.quote || matches!(byte, b'\n' | b'\r' | b'#')
        };
        let blank = |byte: Option<&u8>| byte.is_some_and(|byte| matches!(byte, b' ' | b'\t'));
        let bytes = cell.as_bytes();
        if !bytes.iter().copied().any(special) && !blank(bytes.first()) && !blank(bytes.last()) {
            return self.out.write_all(bytes);
        }
        self.out.write_all(&[self.quote])?;
        for (i, part) in bytes.split(|byte| *byte == self.quote).enumerate() {
            if i > 0 {
                self.out.write_all(&[self.quote, self.quote])?;
            }
            self.out.write_all(part)?;
        }
        self.out.write_all(&[self.quote])
    }

    /// Writes a number, so that reading it gives the same bits.
    pub fn number(&mut self, number: f64) -> io::Result<()> {
        let plain = number == 0.0 || !number.is_finite() || (1e-5..1e16).contains(&number.abs());
        let text = if plain { format!("{number}") } else { format!("{number:e}") };
        match self.decimal {
            b'.' => self.text(&text),
            decimal => self.text(&text.replace('.', &char::from(decimal).to_string())),
        }
    }

    /// Ends the row.
    pub fn end(&mut self) -> io::Result<()> {
        self.first = true;
        self.out.write_all(b"\n")
    }

    /// Where it all went.
    pub fn into_inner(self) -> W {
        self.out
    }

    fn separate(&mut self) -> io::Result<()> {
        match std::mem::take(&mut self.first) {
            true => Ok(()),
            false => self.out.write_all(&[self.delimiter]),
        }
    }
}
