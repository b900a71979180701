//! A file's text piece by piece: what was read and decoded but not used up yet, with the line it
//! begins on. Memory holds one piece, however long the file is.

use std::io::Read as _;

use crate::error::{Code, Error, Result};

use super::decode::{Decoder, Text, Undecodable};
use super::options::Encoding;
use super::source::Source;

/// How many bytes are read at once; few in tests, so that they fall on every place.
const PIECE: usize = if cfg!(test) { 7 } else { 1 << 20 };

/// No row is longer than this: a quote that never closes must not draw the rest of a large file
/// into memory.
const LONGEST: usize = 1 << 26;

/// A file being read.
pub(super) struct Pieces<'a> {
    source: Source<'a>,
    reader: Box<dyn std::io::Read + Send + 'a>,
    decoder: Decoder,
    /// Read, and not decoded because the last character goes on.
    bytes: Vec<u8>,
    /// Decoded, and not used up.
    pub(super) text: String,
    /// Places in `text`.
    pub(super) undecodable: Vec<Undecodable>,
    /// The line on which `text` begins.
    pub(super) line: u64,
    /// Whether the file goes on behind `text`.
    pub(super) more: bool,
}

impl<'a> Pieces<'a> {
    /// Opens the file and reads its first piece.
    pub(super) fn open(source: Source<'a>, wanted: Option<Encoding>) -> Result<Self> {
        let mut pieces = Pieces {
            source,
            reader: source.open()?,
            decoder: Decoder::Utf8,
            bytes: Vec::new(),
            text: String::new(),
            undecodable: Vec::new(),
            line: 1,
            more: true,
        };
        pieces.read()?;
        let (decoder, mark) = Decoder::new(&pieces.bytes, wanted);
        pieces.decoder = decoder;
        pieces.bytes.drain(..mark);
        pieces.decode();
        Ok(pieces)
    }

    /// Adds a piece to the text, as long as the text is by now or longer.
    pub(super) fn grow(&mut self) -> Result<()> {
        if self.is_full() {
            let message = "a row of more than 64 MB, or a quote that opens and never closes";
            return Err(Error::new(Code::Csv, message).file(self.source.name()).line(self.line));
        }
        self.read()?;
        self.decode();
        Ok(())
    }

    /// Whether the text is as long as it may become.
    pub(super) fn is_full(&self) -> bool {
        self.text.len() >= LONGEST
    }

    /// The text so far, as if it were all.
    pub(super) fn text(&self) -> Text<'_> {
        let (encoding, undecodable) = (self.decoder.encoding(), self.undecodable.clone());
        Text { text: self.text.as_str().into(), encoding, undecodable }
    }

    /// Lets go of the text before `at`, where `line` begins.
    pub(super) fn advance(&mut self, at: usize, line: u64) {
        self.text.drain(..at);
        self.undecodable.retain(|bad| bad.at >= at);
        self.undecodable.iter_mut().for_each(|bad| bad.at -= at);
        self.line = line;
    }

    fn read(&mut self) -> Result<()> {
        let wanted = PIECE.max(self.text.len());
        let mut reader = self.reader.by_ref().take(wanted as u64);
        let read = reader.read_to_end(&mut self.bytes);
        self.more = read.map_err(|error| self.source.broken(&error))? == wanted;
        Ok(())
    }

    fn decode(&mut self) {
        let whole = if self.more { self.decoder.whole(&self.bytes) } else { self.bytes.len() };
        let part = self.decoder.decode(&self.bytes[..whole]);
        let before = self.text.len();
        let bad = part.undecodable.iter().map(|bad| Undecodable { at: bad.at + before, ..*bad });
        self.undecodable.extend(bad);
        self.text.push_str(&part.text);
        self.bytes.drain(..whole);
    }
}
