//! The rows of one chunk of a text, read fast: straight from the signs that delimit cells to
//! packed columns. It reads what [`grammar`](super::grammar) reads as long as nothing is wrong
//! with it, and gives up where something is, or may be.

use super::super::column::{Marks, Packer, Part};
use super::super::lines::Lines;
use super::grammar::Grammar;
use super::missing::Missing;
use super::sheet::Sheet;
use super::stops::{Places, Stops};

/// Rows that were read.
#[derive(Debug)]
pub(super) struct Chunk {
    /// Where the first record begins and where the reading ended, in the text.
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) rows: usize,
    /// How many lines ended in between.
    pub(super) lines: u64,
    /// The lines of the rows, counted from 0 at the start.
    pub(super) places: Lines,
    /// The cells, a part for each column of the file, with the tokens of missing ones.
    pub(super) parts: Vec<(Part, Marks)>,
}

/// Why there are no rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stuck {
    /// The last record goes on behind the end of the text.
    More,
    /// Something is wrong, this many rows on.
    Odd(usize),
}

/// Reads chunks, one after another.
#[derive(Debug)]
pub(super) struct Cutter<'a> {
    sheet: &'a Sheet,
    missing: &'a Missing,
    packers: Vec<Packer>,
    stops: Stops,
    unescaped: String,
}

/// Where the reading is.
struct Reading<'t> {
    text: &'t str,
    places: Places<'t>,
    at: usize,
    line: u64,
    /// The text ends here for good.
    whole: bool,
}

/// The end of a cell: the place of its delimiter or line end, or the end of the text.
enum End {
    Delimiter(usize),
    Line(usize),
    Text,
}

impl<'a> Cutter<'a> {
    pub(super) fn new(sheet: &'a Sheet, missing: &'a Missing, decimal: u8) -> Self {
        let packers = sheet.names.iter().map(|_| Packer::new(decimal)).collect();
        Cutter { sheet, missing, packers, stops: Stops::default(), unescaped: String::new() }
    }

    /// Reads the records that begin at `start` and before `limit`; `whole` says that nothing
    /// follows the text.
    pub(super) fn read(
        &mut self,
        text: &str,
        start: usize,
        limit: usize,
        whole: bool,
    ) -> Result<Chunk, Stuck> {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2")
        {
            // SAFETY: the processor has what the function is compiled for.
            return unsafe { self.read_with_avx2(text, start, limit, whole) };
        }
        self.read_with(text, start, limit, whole)
    }

    /// The same code in instructions that newer processors have: all that it calls is inlined.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,bmi1,bmi2")]
    fn read_with_avx2(
        &mut self,
        text: &str,
        start: usize,
        limit: usize,
        whole: bool,
    ) -> Result<Chunk, Stuck> {
        self.read_with(text, start, limit, whole)
    }

    #[inline(always)]
    fn read_with(
        &mut self,
        text: &str,
        start: usize,
        limit: usize,
        whole: bool,
    ) -> Result<Chunk, Stuck> {
        let Grammar { delimiter, quote, .. } = self.sheet.grammar;
        let mut stops = std::mem::take(&mut self.stops);
        stops.find(text.as_bytes(), delimiter, quote);
        let mut reading = Reading { text, places: stops.from(start), at: start, line: 0, whole };
        let read = self.rows(&mut reading, limit);
        let (end, lines) = (reading.at, reading.line);
        self.stops = stops;
        match read {
            Ok((rows, places)) => {
                let parts =
                    self.packers.iter_mut().map(|p| p.finish_marked(self.missing)).collect();
                Ok(Chunk { start, end, rows, lines, places, parts })
            }
            Err(stuck) => {
                self.packers.iter_mut().for_each(Packer::clear);
                Err(stuck)
            }
        }
    }

    #[inline(always)]
    fn rows(&mut self, reading: &mut Reading<'_>, limit: usize) -> Result<(usize, Lines), Stuck> {
        let bytes = reading.text.as_bytes();
        let (mut rows, mut places) = (0, Lines::default());
        while reading.at < limit && reading.at < bytes.len() {
            if Some(bytes[reading.at]) == self.sheet.grammar.comment {
                reading.pass_line()?;
                continue;
            }
            let line = reading.line;
            if self.row(reading, rows)? {
                places.push(rows, line);
                rows += 1;
            }
        }
        Ok((rows, places))
    }

    /// Reads one record; false for a blank line.
    #[inline(always)]
    fn row(&mut self, reading: &mut Reading<'_>, rows: usize) -> Result<bool, Stuck> {
        let Grammar { quote, .. } = self.sheet.grammar;
        let (bytes, width) = (reading.text.as_bytes(), self.sheet.width);
        for cell in 0.. {
            let mut from = reading.at;
            while bytes.get(from).is_some_and(|byte| self.is_blank(*byte)) {
                from += 1;
            }
            let quoted = quote.is_some() && bytes.get(from) == quote.as_ref();
            let end = if quoted {
                self.quoted(reading, cell, from, rows)?
            } else {
                let (to, end) = self.unquoted(reading, from, rows)?;
                if cell == 0 && from == to && !matches!(end, End::Delimiter(_)) {
                    reading.pass(end);
                    return Ok(false);
                }
                self.push(reading.text, cell, from, to, rows)?;
                end
            };
            let more = matches!(end, End::Delimiter(_));
            reading.pass(end);
            if !more {
                return if cell + 1 == width { Ok(true) } else { Err(Stuck::Odd(rows)) };
            }
        }
        Err(Stuck::Odd(rows))
    }

    /// The end of a cell without quotes: of its text, and what ends it.
    #[inline(always)]
    fn unquoted(
        &self,
        reading: &mut Reading<'_>,
        from: usize,
        rows: usize,
    ) -> Result<(usize, End), Stuck> {
        let Grammar { delimiter, quote, .. } = self.sheet.grammar;
        let bytes = reading.text.as_bytes();
        let (mut to, end) = loop {
            let Some(place) = reading.places.next() else {
                // The end of the text.
                if !reading.whole {
                    return Err(Stuck::More);
                }
                break (bytes.len(), End::Text);
            };
            match bytes[place] {
                byte if byte == delimiter => break (place, End::Delimiter(place)),
                b'\n' | b'\r' => break (place, reading.line_end(place)?),
                byte if Some(byte) == quote => {}
                _ => return Err(Stuck::Odd(rows)),
            }
        };
        while to > from && self.is_blank(bytes[to - 1]) {
            to -= 1;
        }
        Ok((to, end))
    }

    /// Reads a cell that begins with a quote at `from`.
    fn quoted(
        &mut self,
        reading: &mut Reading<'_>,
        cell: usize,
        from: usize,
        rows: usize,
    ) -> Result<End, Stuck> {
        let quote = self.sheet.grammar.quote;
        let (text, bytes) = (reading.text, reading.text.as_bytes());
        let start = from + 1;
        let mut copied = start;
        self.unescaped.clear();
        // The opening quote itself.
        reading.places.next();
        let close = loop {
            // A quote that never closes is for the grammar to tell, at the end of the text.
            let place = reading.places.next().ok_or(reading.stuck(rows))?;
            match bytes[place] {
                // CRLF is one line end, and counted by its CR.
                b'\n' if bytes[place - 1] == b'\r' => {}
                b'\n' | b'\r' => reading.line += 1,
                0 => return Err(Stuck::Odd(rows)),
                byte if Some(byte) == quote => match bytes.get(place + 1) {
                    None if !reading.whole => return Err(Stuck::More),
                    next if next == quote.as_ref() => {
                        reading.places.next();
                        self.unescaped.push_str(&text[copied..=place]);
                        copied = place + 2;
                    }
                    _ => break place,
                },
                _ => {}
            }
        };
        let end = self.behind_quote(reading, close, rows)?;
        if copied == start {
            self.push(text, cell, start, close, rows)?;
        } else {
            let mut unescaped = std::mem::take(&mut self.unescaped);
            unescaped.push_str(&text[copied..close]);
            let pushed = self.push(&unescaped, cell, 0, unescaped.len(), rows);
            self.unescaped = unescaped;
            pushed?;
        }
        Ok(end)
    }

    /// What ends a cell behind its closing quote.
    fn behind_quote(
        &self,
        reading: &mut Reading<'_>,
        close: usize,
        rows: usize,
    ) -> Result<End, Stuck> {
        let bytes = reading.text.as_bytes();
        let mut after = close + 1;
        while bytes.get(after).is_some_and(|byte| self.is_blank(*byte)) {
            after += 1;
        }
        let end = match bytes.get(after) {
            None if reading.whole => End::Text,
            None => return Err(Stuck::More),
            Some(byte) if *byte == self.sheet.grammar.delimiter => End::Delimiter(after),
            Some(b'\n' | b'\r') => reading.line_end(after)?,
            Some(_) => return Err(Stuck::Odd(rows)),
        };
        if !matches!(end, End::Text) {
            reading.places.next();
        }
        Ok(end)
    }

    #[inline(always)]
    fn push(
        &mut self,
        text: &str,
        cell: usize,
        from: usize,
        to: usize,
        rows: usize,
    ) -> Result<(), Stuck> {
        match (self.packers.get_mut(cell), self.missing.token_in(text, from, to)) {
            (Some(packer), None) => packer.push(text, from, to),
            (Some(packer), Some(token)) => packer.push_token(token),
            // A cell without a column must be empty.
            (None, Some(0)) if from == to && cell < self.sheet.width => {}
            (None, _) => return Err(Stuck::Odd(rows)),
        }
        Ok(())
    }

    #[inline(always)]
    fn is_blank(&self, byte: u8) -> bool {
        matches!(byte, b' ' | b'\t') && byte != self.sheet.grammar.delimiter
    }
}

impl Reading<'_> {
    fn stuck(&self, rows: usize) -> Stuck {
        if self.whole { Stuck::Odd(rows) } else { Stuck::More }
    }

    /// The line end at a place; whether a CR is all of one shows behind it only.
    #[inline(always)]
    fn line_end(&self, place: usize) -> Result<End, Stuck> {
        match place + 1 == self.text.len() && !self.whole {
            true => Err(Stuck::More),
            false => Ok(End::Line(place)),
        }
    }

    /// Goes on behind the end of a cell.
    #[inline(always)]
    fn pass(&mut self, end: End) {
        match end {
            End::Delimiter(place) => self.at = place + 1,
            End::Line(place) => {
                self.line += 1;
                self.at = place + 1;
                let bytes = self.text.as_bytes();
                if bytes[place] == b'\r' && bytes.get(place + 1) == Some(&b'\n') {
                    self.places.next();
                    self.at += 1;
                }
            }
            End::Text => self.at = self.text.len(),
        }
    }

    fn pass_line(&mut self) -> Result<(), Stuck> {
        let bytes = self.text.as_bytes();
        let end = self.places.by_ref().find(|place| matches!(bytes[*place], b'\n' | b'\r'));
        let end = match end {
            Some(place) => self.line_end(place)?,
            None if self.whole => End::Text,
            None => return Err(Stuck::More),
        };
        self.pass(end);
        Ok(())
    }
}
