//! The rows of a text, or of a part of one: each record is held to the file's columns, and is
//! passed on, or left out and counted.

use std::collections::BTreeMap;

use crate::error::{Error, Result};

use super::decode::Undecodable;
use super::grammar::{Record, Records};
use super::options::OnError;
use super::sheet::{Reason, Sheet};

/// How many of the rows left out are kept as examples.
const EXAMPLES: usize = 5;

/// The rows that were left out.
#[derive(Debug, Clone, Default)]
pub struct Skipped {
    /// How many.
    pub count: usize,
    /// How many for each reason.
    pub reasons: BTreeMap<Reason, usize>,
    /// The first few, as the errors they would have been.
    pub first: Vec<Error>,
}

impl Skipped {
    fn add(&mut self, on_error: OnError, reason: Reason, error: Error) -> Result<()> {
        if on_error == OnError::Fail {
            return Err(error);
        }
        self.count += 1;
        *self.reasons.entry(reason).or_default() += 1;
        if self.first.len() < EXAMPLES {
            self.first.push(error);
        }
        Ok(())
    }
}

/// How the reading of rows ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    /// All rows were read.
    All,
    /// A cell that was thought no column holds something.
    Beyond,
}

/// A text whose rows are to be read.
pub(super) struct Rows<'a> {
    pub(super) sheet: &'a Sheet,
    pub(super) text: &'a str,
    pub(super) undecodable: &'a [Undecodable],
}

impl Rows<'_> {
    /// Passes on each row in order.
    pub(super) fn each(
        &self,
        records: &mut Records<'_>,
        on_error: OnError,
        skipped: &mut Skipped,
        mut act: impl FnMut(&Record),
    ) -> Result<Seen> {
        let Rows { sheet, text, undecodable } = *self;
        let mut undecodable = undecodable.iter().copied().peekable();
        let mut record = Record::default();
        while records.next(&mut record) {
            while undecodable.next_if(|bad| bad.at < record.start).is_some() {}
            let bad = undecodable.peek().copied().filter(|bad| bad.at < record.end);
            if let Some((reason, error)) = sheet.fault(&record, bad) {
                skipped.add(on_error, reason, error)?;
                continue;
            }
            if (sheet.names.len()..sheet.width).any(|i| !record.cell(text, i).is_empty()) {
                return Ok(Seen::Beyond);
            }
            act(&record);
        }
        Ok(Seen::All)
    }
}
