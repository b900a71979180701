//! Reads CSV files: bytes in, a [`Table`](super::Table) of text and missing cells out, with how
//! the files turned out to be written. Whatever cannot be read is `ERR_CSV` with file and line.
//!
//! The way of a file: `source` (name to bytes, gzip) → `decode` (bytes to text) → `dialect`,
//! `header` (sniffed from a `sample`; in doubt `evidence` is weighed) → `sheet` (the file with its columns) → `read` (its rows,
//! cut up by `grammar`, into the table). A `stream` reads the same piece by piece (`pieces`), for
//! files that need not fit in memory; `write` is the way back.

mod chunk;
mod cut;
mod decode;
mod dialect;
mod encoding;
mod evidence;
mod fingerprint;
mod foreign;
mod grammar;
mod header;
mod input;
mod known;
mod missing;
mod options;
mod pieces;
mod read;
mod rows;
mod sample;
mod series;
mod sheet;
mod source;
mod stops;
mod stream;
mod top;
mod write;

use std::path::Path;

use crate::error::Result;

pub use dialect::Dialect;
pub use known::KnownNames;
pub use options::{CsvOptions, Encoding, Fallback, OF_FILES, OnError};
pub use read::Read;
pub use rows::Skipped;
pub use sheet::Reason;
pub use stream::{Batch, Stream};
pub use write::Writer;

/// Reads files into one table. All must have the same columns; those of the first file give the
/// order. Rows know their file and line.
pub fn read<P: AsRef<Path>>(paths: &[P], options: &CsvOptions) -> Result<Read> {
    let sources: Vec<_> = paths.iter().map(|path| source::Source::File(path.as_ref())).collect();
    read::read_sources(&sources, options)
}

/// Reads bytes as if they were a file of that name (`.gz` is unpacked).
pub fn read_bytes(name: &str, bytes: &[u8], options: &CsvOptions) -> Result<Read> {
    read::read_sources(&[source::Source::Bytes(name, bytes)], options)
}
