//! A text cut into chunks that all cores read at once, with the same outcome as reading it from
//! beginning to end.
//!
//! Where a chunk's first record begins is a guess: behind its first line end, which may lie inside
//! quotes. So every chunk says where it began and where it ended, and counts only if it began
//! where the one before it ended: the first one began where it must. Whatever does not fit, or is
//! wrong, or may be, is read again by the grammar, in order.

use std::io;
use std::sync::{Mutex, PoisonError};

use crate::error::Result;
use crate::parts::in_parts;

use super::super::column::{Marks, Packer, Part};
use super::super::lines::Lines;
use super::super::table::TableBuilder;
use super::chunk::{Chunk, Cutter, Stuck};
use super::decode::Undecodable;
use super::fingerprint::Fingerprint;
use super::grammar::{Record, Records};
use super::input::Input;
use super::missing::Missing;
use super::options::CsvOptions;
use super::rows::{Rows, Seen, Skipped};
use super::sheet::Sheet;

/// The bytes of a chunk; few in tests, so that chunks begin at every place.
pub(super) const CHUNK: usize = if cfg!(test) { 29 } else { 1 << 20 };
/// A chunk is read with so many bytes behind it, for the rest of its last record.
const BEYOND: usize = if cfg!(test) { 3 } else { 1 << 16 };
/// No record is longer than this, but for one that the grammar reads.
const LONGEST: usize = 1 << 24;
/// Lines that are tried as a chunk's first, and the rows after which the guess counts as right.
const GUESSES: usize = 16;
const SURE: usize = 4;

/// A text of which the first row is known.
pub(super) struct Text<'a> {
    pub(super) input: Input<'a>,
    /// Where the rows begin, and the line there.
    pub(super) at: usize,
    pub(super) line: u64,
    /// In order of place.
    pub(super) undecodable: &'a [Undecodable],
    pub(super) sheet: &'a Sheet,
    pub(super) missing: &'a Missing,
    pub(super) options: &'a CsvOptions,
}

/// The columns of some rows, the lines they stand in, and how many lines there are.
type Stretch = (Vec<(Part, Marks)>, Lines, u64);

/// All rows.
#[derive(Debug, Default)]
pub(super) struct Cuttings {
    stretches: Vec<Stretch>,
    /// The hashes of the chunks.
    pub(super) digests: Vec<u64>,
}

/// Why there are none.
pub(super) enum Trouble {
    /// Some bytes are no characters: the text must be decoded first.
    Undecodable,
    /// A cell that was thought no column holds something.
    Beyond,
    Error(crate::error::Error),
    Broken(io::Error),
}

/// What one thread made of a chunk.
#[derive(Default)]
struct Slot {
    digest: u64,
    chunk: Option<Chunk>,
}

/// What a thread needs to read a chunk, used again and again.
struct Desk<'a> {
    cutter: Cutter<'a>,
    buffer: Vec<u8>,
}

impl Cuttings {
    /// Adds the rows to a table, the columns of which are these of the text.
    pub(super) fn add_to(self, builder: &mut TableBuilder, order: &[usize]) {
        for (parts, places, line) in self.stretches {
            let mut parts: Vec<Option<(Part, Marks)>> = parts.into_iter().map(Some).collect();
            let ordered = order.iter().filter_map(|i| parts.get_mut(*i)?.take());
            builder.append(ordered, &places, line);
        }
    }
}

impl Text<'_> {
    /// Reads all rows.
    pub(super) fn read(&self, skipped: &mut Skipped) -> Result<Cuttings, Trouble> {
        let len = self.input.len();
        let mut slots: Vec<Slot> = Vec::new();
        slots.resize_with(len.div_ceil(CHUNK), Slot::default);
        let desks = Mutex::new(Vec::new());
        in_parts(&mut slots, 1, |index, slot| {
            let mut desk = lock(&desks).pop().unwrap_or_else(|| self.desk());
            self.slot(index, &mut desk, &mut slot[0])?;
            lock(&desks).push(desk);
            Ok(())
        })?;
        let mut cuttings = Cuttings::default();
        let (mut at, mut line) = (self.at, self.line);
        for (index, slot) in slots.into_iter().enumerate() {
            cuttings.digests.push(slot.digest);
            let limit = ((index + 1) * CHUNK).min(len);
            if at >= limit {
                continue;
            }
            match slot.chunk.filter(|chunk| chunk.start == at) {
                Some(chunk) => {
                    cuttings.push(chunk.rows, chunk.parts, chunk.places, line);
                    (at, line) = (chunk.end, line + chunk.lines);
                }
                None => (at, line) = self.carefully(at, limit, line, skipped, &mut cuttings)?,
            }
        }
        Ok(cuttings)
    }

    fn desk(&self) -> Desk<'_> {
        let cutter = Cutter::new(self.sheet, self.missing, self.options.mark());
        Desk { cutter, buffer: Vec::new() }
    }

    /// Hashes a chunk and reads the records that begin in it, if the fast way can.
    fn slot(&self, index: usize, desk: &mut Desk<'_>, slot: &mut Slot) -> Result<(), Trouble> {
        let Desk { cutter, buffer } = desk;
        let len = self.input.len();
        let (first, limit) = (index * CHUNK, ((index + 1) * CHUNK).min(len));
        // The byte before may be the line end behind which the first record begins.
        let from = first.saturating_sub(1);
        let mut beyond = BEYOND;
        while beyond <= LONGEST {
            let to = (limit + beyond).min(len);
            self.input.read(from, to, buffer).map_err(Trouble::Broken)?;
            slot.digest = Fingerprint::digest(&buffer[first - from..limit - from]);
            if self.at >= limit {
                return Ok(());
            }
            let start = match self.at >= first {
                true => Some(self.at - from),
                false => behind_line(buffer, 0),
            };
            let begin = start.filter(|start| from + start < limit);
            let Some(begin) = begin else { return Ok(()) };
            let text = valid(&buffer[begin..], to == len)?;
            let guesses = if self.at >= first { 1 } else { GUESSES };
            match guess(cutter, text, limit - from - begin, to == len, guesses) {
                Ok(chunk) => {
                    let (start, end) = (from + begin + chunk.start, from + begin + chunk.end);
                    let bad = self.undecodable_in(start, end);
                    slot.chunk = bad.is_empty().then_some(Chunk { start, end, ..chunk });
                    return Ok(());
                }
                Err(Stuck::More) => beyond *= 8,
                Err(Stuck::Odd(_)) => return Ok(()),
            }
        }
        Ok(())
    }

    /// Reads the records that begin before `limit` by the grammar; where it ended.
    fn carefully(
        &self,
        at: usize,
        limit: usize,
        line: u64,
        skipped: &mut Skipped,
        cuttings: &mut Cuttings,
    ) -> Result<(usize, u64), Trouble> {
        let Text { sheet, missing, options, .. } = *self;
        let len = self.input.len();
        let (mut beyond, mut buffer) = (BEYOND, Vec::new());
        loop {
            let to = (limit + beyond).min(len);
            self.input.read(at, to, &mut buffer).map_err(Trouble::Broken)?;
            let text = valid(&buffer, to == len)?;
            let records = || Records::part(text, sheet.grammar, line, to < len).until(limit - at);
            // Is the end of the last record there?
            let (mut ahead, mut record) = (records(), Record::default());
            while ahead.next(&mut record) {}
            let (end, end_line) = ahead.rest();
            if to < len && at + end < limit {
                beyond *= 4;
                continue;
            }
            let bad = self.undecodable_in(at, at + end).iter();
            let bad: Vec<_> = bad.map(|bad| Undecodable { at: bad.at - at, ..*bad }).collect();
            let rows = Rows { sheet, text, undecodable: &bad };
            let new = |_: &String| Packer::new(options.mark());
            let mut packers: Vec<Packer> = sheet.names.iter().map(new).collect();
            let (mut count, mut places) = (0, Lines::default());
            let seen = rows.each(&mut records(), options.on_error, skipped, |record| {
                for (i, packer) in packers.iter_mut().enumerate() {
                    let cell = record.cell(text, i);
                    match missing.token(cell) {
                        Some(token) => packer.push_token(token),
                        None => packer.push(cell, 0, cell.len()),
                    }
                }
                places.push(count, record.line - line);
                count += 1;
            });
            if seen.map_err(Trouble::Error)? == Seen::Beyond {
                return Err(Trouble::Beyond);
            }
            let parts = packers.iter_mut().map(|packer| packer.finish_marked(missing)).collect();
            cuttings.push(count, parts, places, line);
            return Ok((at + end, end_line));
        }
    }

    fn undecodable_in(&self, start: usize, end: usize) -> &[Undecodable] {
        let place = |at| self.undecodable.partition_point(|bad| bad.at < at);
        &self.undecodable[place(start)..place(end)]
    }
}

impl Cuttings {
    fn push(&mut self, rows: usize, parts: Vec<(Part, Marks)>, places: Lines, line: u64) {
        if rows > 0 {
            self.stretches.push((parts, places, line));
        }
    }
}

/// Reads a chunk from its first line on, or from one of the next, should the first ones look as
/// if they were the middle of something.
fn guess(
    cutter: &mut Cutter<'_>,
    text: &str,
    limit: usize,
    whole: bool,
    guesses: usize,
) -> Result<Chunk, Stuck> {
    let mut start = 0;
    for _ in 1..guesses {
        match cutter.read(text, start, limit, whole) {
            Err(Stuck::Odd(rows)) if rows < SURE => {}
            read => return read,
        }
        match behind_line(text.as_bytes(), start) {
            Some(next) if next < limit => start = next,
            _ => return Err(Stuck::Odd(0)),
        }
    }
    cutter.read(text, start, limit, whole)
}

/// Behind the first line end from `at` on.
fn behind_line(bytes: &[u8], at: usize) -> Option<usize> {
    let end = at + bytes[at..].iter().position(|byte| matches!(byte, b'\n' | b'\r'))?;
    let crlf = bytes[end] == b'\r' && bytes.get(end + 1) == Some(&b'\n');
    Some(end + 1 + usize::from(crlf))
}

/// The bytes as text, without a character at their end that goes on behind it.
fn valid(bytes: &[u8], whole: bool) -> Result<&str, Trouble> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text),
        Err(error) if error.error_len().is_none() && !whole => {
            std::str::from_utf8(&bytes[..error.valid_up_to()]).map_err(|_| Trouble::Undecodable)
        }
        Err(_) => Err(Trouble::Undecodable),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[path = "cut_tests.rs"]
mod tests;
