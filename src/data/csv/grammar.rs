//! From text to records of trimmed cells, one at a time, with the line each one starts on.
//!
//! This is the grammar of the csv crate, and a test holds it to that crate cell by cell. It is
//! written out here because csv keeps to itself what our messages and promises need: it passes
//! over a quote that never closes and text after a closing quote, counts no lines that end in CR,
//! does not know a quoted cell after a blank (`a, "b, c"`), and trims inside quotes too.
//!
//! - A line ends in LF, CRLF or CR, in any mixture. A line with nothing but blanks is no record,
//!   in a file of one column too: there an empty cell is written `""`.
//! - Blanks (space and tab, unless they are the delimiter) around a cell are not part of it;
//!   blanks inside quotes are.
//! - A quote opens a quoted cell only at the start of the cell; elsewhere it is ordinary text.
//! - A comment begins with the very first byte of a line, never inside a record.

use super::options::CsvOptions;

/// The signs a file is written with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grammar {
    pub(super) delimiter: u8,
    pub(super) quote: Option<u8>,
    pub(super) comment: Option<u8>,
    /// Lines to pass over at the top.
    pub(super) skip_lines: usize,
}

impl Grammar {
    pub(super) fn new(options: &CsvOptions, delimiter: u8) -> Self {
        let CsvOptions { quote, comment, skip_lines, .. } = *options;
        Grammar { delimiter, quote, comment, skip_lines }
    }
}

/// What is wrong with a record, whatever its width.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Flaw {
    /// The text ends inside a quoted cell.
    Unclosed,
    /// Something other than a delimiter or a line end follows a closing quote.
    AfterQuote,
    /// A NUL byte.
    Nul,
}

/// A flaw and where it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Flawed {
    pub(super) flaw: Flaw,
    /// The cell, counted from 0.
    pub(super) cell: usize,
    /// The line on which that cell starts.
    pub(super) line: u64,
}

/// One record; the same one is filled again and again.
#[derive(Debug, Default)]
pub(super) struct Record {
    /// The line on which it starts, counted from 1.
    pub(super) line: u64,
    /// Where it lies in the text, with its line end.
    pub(super) start: usize,
    pub(super) end: usize,
    /// The first flaw; the cells after a bad quote are not to be trusted.
    pub(super) flawed: Option<Flawed>,
    /// The text ended inside a quoted cell, whatever flaw came first.
    pub(super) open: bool,
    cells: Vec<Span>,
    /// Quoted cells with doubled quotes, one after the other, with the doubling undone.
    unescaped: String,
    quoted: bool,
}

/// Where a cell lies: in the text, or in `unescaped` where quotes were doubled.
#[derive(Debug, Clone, Copy)]
struct Span {
    start: usize,
    end: usize,
    unescaped: Option<(usize, usize)>,
}

impl Record {
    /// The number of cells.
    pub(super) fn len(&self) -> usize {
        self.cells.len()
    }

    /// The cell in column `i`, empty past the end.
    pub(super) fn cell<'a>(&'a self, text: &'a str, i: usize) -> &'a str {
        self.cells.get(i).map_or("", |span| self.text_of(text, *span))
    }

    /// All cells.
    pub(super) fn cells<'a>(&'a self, text: &'a str) -> impl Iterator<Item = &'a str> {
        self.cells.iter().map(|span| self.text_of(text, *span))
    }

    /// The cell that holds the byte `at` of the text.
    pub(super) fn cell_at(&self, at: usize) -> usize {
        self.cells.partition_point(|span| span.end <= at)
    }

    /// Whether the cell stands in quotes.
    pub(super) fn is_quoted(&self, text: &str, i: usize, grammar: Grammar) -> bool {
        let before = self.cells.get(i).and_then(|span| span.start.checked_sub(1));
        before.is_some_and(|at| text.as_bytes().get(at).copied() == grammar.quote)
            && grammar.quote.is_some()
    }

    fn text_of<'a>(&'a self, text: &'a str, span: Span) -> &'a str {
        // Spans end at ASCII signs, so neither slice can split a character.
        match span.unescaped {
            None => &text[span.start..span.end],
            Some((start, end)) => &self.unescaped[start..end],
        }
    }

    fn restart(&mut self, line: u64, start: usize) {
        self.cells.clear();
        self.unescaped.clear();
        (self.line, self.start, self.end) = (line, start, start);
        (self.flawed, self.open, self.quoted) = (None, false, false);
    }

    fn is_blank(&self) -> bool {
        match self.cells[..] {
            [only] => only.start == only.end && !self.quoted,
            _ => false,
        }
    }
}

/// The records of a text.
pub(super) struct Records<'t> {
    text: &'t str,
    grammar: Grammar,
    /// The bytes that end an unquoted cell, or need a look.
    stops: [bool; 256],
    at: usize,
    line: u64,
    /// Where the reading of the last record, comment or blank line began, and its line.
    begun: (usize, u64),
    /// The text goes on behind its end.
    part: bool,
    /// No record is begun from here on.
    until: usize,
}

impl<'t> Records<'t> {
    pub(super) fn new(text: &'t str, grammar: Grammar) -> Self {
        let mut records = Records::part(text, grammar, 1, false);
        for _ in 0..grammar.skip_lines {
            records.pass_line();
        }
        records
    }

    /// The records of a part of a text that begins with a record on this line; if there is `more`
    /// behind it, a record that may go on there is not given.
    pub(super) fn part(text: &'t str, grammar: Grammar, line: u64, more: bool) -> Self {
        let mut stops = [false; 256];
        for stop in [grammar.delimiter, b'\n', b'\r', 0] {
            stops[usize::from(stop)] = true;
        }
        Records {
            text,
            grammar,
            stops,
            at: 0,
            line,
            begun: (0, line),
            part: more,
            until: usize::MAX,
        }
    }

    /// Only the records that begin before `until`.
    pub(super) fn until(self, until: usize) -> Self {
        Records { until, ..self }
    }

    /// Once [`Records::next`] gave false: where the text that was not used up begins, and its
    /// line.
    pub(super) fn rest(&self) -> (usize, u64) {
        match self.part {
            true => self.begun,
            false => (self.at, self.line),
        }
    }

    /// Fills in the next record; false at the end of the text.
    ///
    /// After a bad quote the reading goes on behind the line on which its cell starts, so that a
    /// stray quote costs one line and not the rest of the file.
    pub(super) fn next(&mut self, record: &mut Record) -> bool {
        while let Some(first) = self.peek() {
            self.begun = (self.at, self.line);
            if self.at >= self.until {
                return false;
            }
            if Some(first) == self.grammar.comment {
                self.pass_line();
                continue;
            }
            record.restart(self.line, self.at);
            self.fill(record);
            record.end = self.at;
            if self.part && (self.at == self.text.len() || record.open) {
                return false;
            }
            if !record.is_blank() {
                return true;
            }
        }
        false
    }

    fn fill(&mut self, record: &mut Record) {
        loop {
            self.pass_blanks();
            if self.peek().is_some() && self.peek() == self.grammar.quote {
                let (start, line) = (self.at, self.line);
                if let Err(flaw) = self.quoted(record) {
                    let cell = record.len();
                    record.open = flaw == Flaw::Unclosed;
                    record.flawed = record.flawed.or(Some(Flawed { flaw, cell, line }));
                    (self.at, self.line) = (start, line);
                    self.pass_line();
                    return;
                }
            } else {
                self.unquoted(record);
            }
            match self.peek() {
                Some(b'\n' | b'\r') => return self.pass_line_end(),
                Some(_) => self.at += 1,
                None => return,
            }
        }
    }

    /// Reads up to a delimiter, a line end or the end of the text.
    fn unquoted(&mut self, record: &mut Record) {
        let start = self.at;
        let bytes = self.text.as_bytes();
        loop {
            while self.at < bytes.len() && !self.stops[usize::from(bytes[self.at])] {
                self.at += 1;
            }
            if self.peek() != Some(0) {
                break;
            }
            self.note_nul(record);
        }
        let mut end = self.at;
        while end > start && self.is_blank(bytes[end - 1]) {
            end -= 1;
        }
        record.cells.push(Span { start, end, unescaped: None });
    }

    /// Reads from an opening quote up to the delimiter, line end or end behind the closing one.
    fn quoted(&mut self, record: &mut Record) -> Result<(), Flaw> {
        let quote = self.grammar.quote;
        record.quoted = true;
        self.at += 1;
        let start = self.at;
        let mut unescaped = None;
        let mut copied = start;
        let end = loop {
            match self.peek() {
                None => return Err(Flaw::Unclosed),
                Some(b'\n' | b'\r') => self.pass_line_end(),
                Some(0) => self.note_nul(record),
                byte if byte == quote => {
                    self.at += 1;
                    if self.peek() != quote {
                        break self.at - 1;
                    }
                    unescaped.get_or_insert(record.unescaped.len());
                    record.unescaped.push_str(&self.text[copied..self.at]);
                    self.at += 1;
                    copied = self.at;
                }
                Some(_) => self.at += 1,
            }
        };
        let unescaped = unescaped.map(|from| {
            record.unescaped.push_str(&self.text[copied..end]);
            (from, record.unescaped.len())
        });
        self.pass_blanks();
        match self.peek() {
            Some(byte) if byte == 0 || !self.stops[usize::from(byte)] => Err(Flaw::AfterQuote),
            _ => {
                record.cells.push(Span { start, end, unescaped });
                Ok(())
            }
        }
    }

    fn note_nul(&mut self, record: &mut Record) {
        let flawed = Flawed { flaw: Flaw::Nul, cell: record.len(), line: self.line };
        record.flawed.get_or_insert(flawed);
        self.at += 1;
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn is_blank(&self, byte: u8) -> bool {
        matches!(byte, b' ' | b'\t') && byte != self.grammar.delimiter
    }

    fn pass_blanks(&mut self) {
        while self.peek().is_some_and(|byte| self.is_blank(byte)) {
            self.at += 1;
        }
    }

    fn pass_line(&mut self) {
        while self.peek().is_some_and(|byte| !matches!(byte, b'\n' | b'\r')) {
            self.at += 1;
        }
        self.pass_line_end();
    }

    fn pass_line_end(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        let length = match rest {
            [b'\r', b'\n', ..] => 2,
            [b'\r' | b'\n', ..] => 1,
            _ => return,
        };
        self.at += length;
        self.line += 1;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const GRAMMAR: Grammar =
        Grammar { delimiter: b',', quote: Some(b'"'), comment: None, skip_lines: 0 };

    fn rows(text: &str, grammar: Grammar) -> Vec<(u64, Vec<String>)> {
        let mut records = Records::new(text, grammar);
        let mut record = Record::default();
        let mut rows = Vec::new();
        while records.next(&mut record) {
            assert_eq!(record.flawed, None, "{text:?}");
            rows.push((record.line, record.cells(text).map(str::to_owned).collect()));
        }
        rows
    }

    fn row(line: u64, cells: &[&str]) -> (u64, Vec<String>) {
        (line, cells.iter().map(|cell| (*cell).to_owned()).collect())
    }

    fn flaws(text: &str) -> Vec<Option<Flawed>> {
        let mut records = Records::new(text, GRAMMAR);
        let mut record = Record::default();
        let mut flaws = Vec::new();
        while records.next(&mut record) {
            flaws.push(record.flawed);
        }
        flaws
    }

    #[test]
    fn all_line_ends_count_once_also_inside_quotes() {
        let text = "a,b\r\n\r1,2\r\"x\r\ny\rz\",3\n\n\n4,5";
        let expected = [
            row(1, &["a", "b"]),
            row(3, &["1", "2"]),
            row(4, &["x\r\ny\rz", "3"]),
            row(9, &["4", "5"]),
        ];
        assert_eq!(rows(text, GRAMMAR), expected);
    }

    #[test]
    fn blanks_are_trimmed_outside_quotes_only() {
        let text = " a , \" b \" \t,c d\n , ,\n";
        assert_eq!(rows(text, GRAMMAR), [row(1, &["a", " b ", "c d"]), row(2, &["", "", ""])]);
        let tab = Grammar { delimiter: b'\t', ..GRAMMAR };
        assert_eq!(rows(" a\t\t b\n", tab), [row(1, &["a", "", "b"])]);
        let space = Grammar { delimiter: b' ', ..GRAMMAR };
        assert_eq!(rows("a  b\n", space), [row(1, &["a", "", "b"])]);
    }

    #[test]
    fn quotes_quote_only_at_the_start_of_a_cell() {
        let text = "5\" pipe,a\"\"b,\"say \"\"a,b\"\"\",\"\"\n";
        let expected = row(1, &["5\" pipe", "a\"\"b", "say \"a,b\"", ""]);
        assert_eq!(rows(text, GRAMMAR), [expected]);
        let plain = Grammar { quote: None, ..GRAMMAR };
        assert_eq!(rows("\"a,b\"\n", plain), [row(1, &["\"a", "b\""])]);
        let single = Grammar { quote: Some(b'\''), ..GRAMMAR };
        assert_eq!(rows("'a,''b',\"c\"\n", single), [row(1, &["a,'b", "\"c\""])]);
    }

    #[test]
    fn blank_lines_and_comments_are_no_records() {
        let grammar = Grammar { comment: Some(b'#'), skip_lines: 1, ..GRAMMAR };
        let text = "a title, \"of no use\n# b,c\n \t\n\"\"\n1,#\n #2,\n\"\n#3\"\n#4";
        let expected = [row(4, &[""]), row(5, &["1", "#"]), row(6, &["#2", ""]), row(7, &["\n#3"])];
        assert_eq!(rows(text, grammar), expected);
    }

    #[test]
    fn a_bad_quote_is_found_and_costs_one_line() {
        let at = |flaw, cell, line| Some(Flawed { flaw, cell, line });
        assert_eq!(flaws("1,\"ab\"c\n2,3\n"), [at(Flaw::AfterQuote, 1, 1), None]);
        assert_eq!(flaws("1,2\n3,\"x\n4,5\n"), [None, at(Flaw::Unclosed, 1, 2), None]);
        assert_eq!(flaws("1,\"a\n\",\"x\n4,5"), [at(Flaw::Unclosed, 2, 2), None]);
        assert_eq!(flaws("1,\"x\n4,\"5\"\n6,7"), [at(Flaw::AfterQuote, 1, 1), None, None]);
        assert_eq!(flaws("\""), [at(Flaw::Unclosed, 0, 1)]);
        assert_eq!(
            flaws("1,\0\n\"\n\0\",\n\0"),
            [at(Flaw::Nul, 1, 1), at(Flaw::Nul, 0, 3), at(Flaw::Nul, 0, 4)]
        );
    }

    #[test]
    fn a_byte_is_found_in_its_cell() {
        let text = "ab,\"c\"\"d\",ef";
        let mut record = Record::default();
        assert!(Records::new(text, GRAMMAR).next(&mut record));
        for (sign, cell) in [('b', 0), ('c', 1), ('d', 1), ('e', 2), ('f', 2)] {
            assert_eq!(record.cell_at(text.find(sign).unwrap()), cell);
        }
    }

    proptest! {
        /// Without blanks and flaws, which the csv crate sees differently or not at all, the
        /// grammar is that of the csv crate.
        #[test]
        fn the_grammar_is_that_of_the_csv_crate(text in "[ab,;\"é\r\n]{0,40}") {
            if flaws(&text).iter().any(Option::is_some) {
                return Ok(());
            }
            let mut reader = ::csv::ReaderBuilder::new()
                .has_headers(false)
                .flexible(true)
                .from_reader(text.as_bytes());
            let theirs: Vec<Vec<String>> = reader
                .records()
                .map(|record| record.unwrap().iter().map(str::to_owned).collect())
                .collect();
            let ours: Vec<_> = rows(&text, GRAMMAR).into_iter().map(|(_, cells)| cells).collect();
            prop_assert_eq!(ours, theirs);
        }
    }
}
