//! Bytes that are read from any place, by several threads at once: a file's, or those in memory.

use std::fs::File;
use std::io;

/// Where bytes come from.
#[derive(Debug, Clone, Copy)]
pub(super) enum Input<'a> {
    /// A file and its length.
    File(&'a File, usize),
    Memory(&'a [u8]),
}

impl Input<'_> {
    /// How many bytes there are.
    pub(super) fn len(&self) -> usize {
        match self {
            Input::File(_, len) => *len,
            Input::Memory(bytes) => bytes.len(),
        }
    }

    /// Puts the bytes from `from` up to `to` into the buffer, in place of what it held.
    pub(super) fn read(&self, from: usize, to: usize, buffer: &mut Vec<u8>) -> io::Result<()> {
        match self {
            Input::Memory(bytes) => {
                buffer.clear();
                buffer.extend_from_slice(&bytes[from..to]);
                Ok(())
            }
            Input::File(file, _) => {
                buffer.resize(to - from, 0);
                read_exact_at(file, buffer, from as u64)
            }
        }
    }
}

#[cfg(unix)]
fn read_exact_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buffer, at)
}

#[cfg(windows)]
fn read_exact_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<()> {
    let mut done = 0;
    while done < buffer.len() {
        let rest = &mut buffer[done..];
        match std::os::windows::fs::FileExt::seek_read(file, rest, at + done as u64)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => done += read,
        }
    }
    Ok(())
}
