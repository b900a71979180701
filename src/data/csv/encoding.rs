//! How a file is encoded that a model reads: as its bytes show, and where they do not, as the files
//! were that the model learnt from.

use std::io::{self, Read};

use super::decode::is_marked;
use super::options::{CsvOptions, Encoding};

/// So much is looked at at once; few in tests, so that characters are cut at every place.
const PIECE: usize = if cfg!(test) { 7 } else { 1 << 20 };

/// Whether bytes are UTF-8, looked at piece by piece.
#[derive(Debug, Default)]
struct Look {
    /// The beginning of a character whose end is in the next piece.
    rest: Vec<u8>,
    invalid: bool,
    nul: bool,
}

impl Look {
    fn at(&mut self, piece: &[u8], last: bool) {
        self.nul |= piece.contains(&0);
        self.rest.extend_from_slice(piece);
        match std::str::from_utf8(&self.rest) {
            Ok(_) => self.rest.clear(),
            Err(error) if error.error_len().is_none() && !last => {
                self.rest.drain(..error.valid_up_to());
            }
            Err(_) => {
                self.invalid = true;
                self.rest.clear();
            }
        }
    }

    /// Whether the bytes so far speak for this encoding and against UTF-8.
    fn speaks_for(&self, encoding: Encoding) -> bool {
        match encoding {
            Encoding::Utf8 => false,
            // Its commas and line ends have a byte that is zero.
            Encoding::Utf16 => self.nul,
            Encoding::Latin1 => self.invalid,
        }
    }
}

/// The encoding to read a text with, none to go by its first bytes: that which was asked for, else
/// the fallback where there is no byte order mark and the bytes speak for it.
pub(super) fn encoding_of(
    mut bytes: impl Read,
    options: &CsvOptions,
) -> io::Result<Option<Encoding>> {
    let (None, Some(fallback)) = (options.encoding, options.fallback.encoding) else {
        return Ok(options.encoding);
    };
    let mut look = Look::default();
    let mut piece = Vec::new();
    for first in std::iter::once(true).chain(std::iter::repeat(false)) {
        piece.clear();
        let read = bytes.by_ref().take(PIECE as u64).read_to_end(&mut piece)?;
        if first && is_marked(&piece) {
            return Ok(None);
        }
        look.at(&piece, read < PIECE);
        if look.speaks_for(fallback) {
            return Ok(Some(fallback));
        }
        if read < PIECE {
            break;
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::super::options::Fallback;
    use super::*;

    #[test]
    fn the_fallback_is_taken_where_the_bytes_speak_for_it() {
        use Encoding::{Latin1, Utf16};
        let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let cases: [(Vec<u8>, Option<Encoding>, Option<Encoding>); 12] = [
            (b"a,b\nplain,text\n".to_vec(), Some(Latin1), None),
            ("a,b\né,äöü 😀 and more\n".into(), Some(Latin1), None),
            (b"a,b\nplain,caf\xe9\n".to_vec(), Some(Latin1), Some(Latin1)),
            (b"a,b\nplain,text,cut\xc3".to_vec(), Some(Latin1), Some(Latin1)),
            (b"\xef\xbb\xbfa,b\n\xe9,1\n".to_vec(), Some(Latin1), None),
            (b"\xff\xfea\0".to_vec(), Some(Latin1), None),
            (utf16("a,b\nx,y\n"), Some(Utf16), Some(Utf16)),
            (utf16("a,b\nx,y\n"), Some(Latin1), None),
            (b"a,b\nplain,text\n".to_vec(), Some(Utf16), None),
            (b"a,b\nplain,caf\xe9\n".to_vec(), Some(Utf16), None),
            (b"a,b\nplain,caf\xe9\n".to_vec(), None, None),
            (Vec::new(), Some(Latin1), None),
        ];
        for (bytes, encoding, expected) in cases {
            let fallback = Fallback { encoding, ..Fallback::default() };
            let options = CsvOptions { fallback, ..CsvOptions::default() };
            assert_eq!(encoding_of(&*bytes, &options).unwrap(), expected, "{bytes:?} {encoding:?}");
            let asked = CsvOptions { encoding: Some(Utf16), ..options };
            assert_eq!(encoding_of(&*bytes, &asked).unwrap(), Some(Utf16));
        }
    }
}
