//! From bytes to text: byte order marks, UTF-8, UTF-16, latin-1. What cannot be decoded becomes
//! U+FFFD and is remembered, so that the reader can name the row or leave it out.

use std::borrow::Cow;

use super::options::Encoding;

const BOM_UTF8: &[u8] = b"\xef\xbb\xbf";
const BOM_UTF16_LE: &[u8] = b"\xff\xfe";
const BOM_UTF16_BE: &[u8] = b"\xfe\xff";

/// A decoded file.
#[derive(Debug)]
pub(super) struct Text<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) encoding: Encoding,
    /// In order of place.
    pub(super) undecodable: Vec<Undecodable>,
}

/// A place where the bytes were no character.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Undecodable {
    /// Where in the decoded text.
    pub(super) at: usize,
    /// The byte, or the pair of bytes in UTF-16.
    pub(super) value: u16,
}

/// How a file's bytes become text, settled by its first ones.
#[derive(Debug, Clone, Copy)]
pub(super) enum Decoder {
    Utf8,
    /// With the way two bytes make a pair.
    Utf16(fn([u8; 2]) -> u16),
    Latin1,
}

/// Whether a text begins with a byte order mark.
pub(super) fn is_marked(start: &[u8]) -> bool {
    [BOM_UTF8, BOM_UTF16_LE, BOM_UTF16_BE].into_iter().any(|mark| start.starts_with(mark))
}

/// Decodes a whole file.
pub(super) fn decode(bytes: &[u8], wanted: Option<Encoding>) -> Text<'_> {
    let (decoder, mark) = Decoder::new(bytes, wanted);
    decoder.decode(&bytes[mark..])
}

impl Decoder {
    /// By the encoding asked for, or else by the byte order mark, or else UTF-8; with the length
    /// of the mark.
    pub(super) fn new(start: &[u8], wanted: Option<Encoding>) -> (Self, usize) {
        let marked = start.starts_with(BOM_UTF16_LE) || start.starts_with(BOM_UTF16_BE);
        match wanted {
            Some(Encoding::Latin1) => (Decoder::Latin1, 0),
            None | Some(Encoding::Utf8) if wanted.is_some() || !marked => {
                let mark = if start.starts_with(BOM_UTF8) { BOM_UTF8.len() } else { 0 };
                (Decoder::Utf8, mark)
            }
            // Without a mark a leading zero gives big endian away: the first character is mostly
            // ASCII.
            _ => match start {
                [0xff, 0xfe, ..] => (Decoder::Utf16(u16::from_le_bytes), 2),
                [0xfe, 0xff, ..] => (Decoder::Utf16(u16::from_be_bytes), 2),
                [0, ..] => (Decoder::Utf16(u16::from_be_bytes), 0),
                _ => (Decoder::Utf16(u16::from_le_bytes), 0),
            },
        }
    }

    /// The encoding.
    pub(super) fn encoding(self) -> Encoding {
        match self {
            Decoder::Utf8 => Encoding::Utf8,
            Decoder::Utf16(_) => Encoding::Utf16,
            Decoder::Latin1 => Encoding::Latin1,
        }
    }

    /// Decodes bytes, the end of which is taken for the end of the file.
    pub(super) fn decode(self, bytes: &[u8]) -> Text<'_> {
        match self {
            Decoder::Utf8 => utf8(bytes),
            Decoder::Utf16(pair) => utf16(bytes, pair),
            Decoder::Latin1 => {
                let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes);
                Text { text, encoding: Encoding::Latin1, undecodable: Vec::new() }
            }
        }
    }

    /// The length of the bytes without a character at their end that may go on behind it.
    pub(super) fn whole(self, bytes: &[u8]) -> usize {
        let len = bytes.len();
        match self {
            Decoder::Latin1 => len,
            Decoder::Utf16(pair) => {
                let even = len - len % 2;
                match bytes[..even] {
                    // The first half of a pair of pairs.
                    [.., a, b] if (0xd800..0xdc00).contains(&pair([a, b])) => even - 2,
                    _ => even,
                }
            }
            // A character has up to four bytes, and only its first one is above 0xbf.
            Decoder::Utf8 => (len.saturating_sub(3)..len)
                .find(|&at| {
                    let end = std::str::from_utf8(&bytes[at..]);
                    bytes[at] > 0xbf
                        && end.is_err_and(|error| {
                            error.valid_up_to() == 0 && error.error_len().is_none()
                        })
                })
                .unwrap_or(len),
        }
    }
}

fn utf8(bytes: &[u8]) -> Text<'_> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Text { text: text.into(), encoding: Encoding::Utf8, undecodable: Vec::new() };
    }
    let mut text = String::with_capacity(bytes.len());
    let mut undecodable = Vec::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if let Some(byte) = chunk.invalid().first() {
            undecodable.push(Undecodable { at: text.len(), value: u16::from(*byte) });
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    Text { text: text.into(), encoding: Encoding::Utf8, undecodable }
}

fn utf16(bytes: &[u8], pair: fn([u8; 2]) -> u16) -> Text<'static> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len());
    let mut undecodable = Vec::new();
    for decoded in char::decode_utf16(pairs.iter().map(|bytes| pair(*bytes))) {
        text.push(decoded.unwrap_or_else(|error| {
            undecodable.push(Undecodable { at: text.len(), value: error.unpaired_surrogate() });
            char::REPLACEMENT_CHARACTER
        }));
    }
    // Half a character at the end: the file was cut off.
    if let Some(byte) = rest.first() {
        undecodable.push(Undecodable { at: text.len(), value: u16::from(*byte) });
        text.push(char::REPLACEMENT_CHARACTER);
    }
    Text { text: text.into(), encoding: Encoding::Utf16, undecodable }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8], wanted: Option<Encoding>) -> String {
        let decoded = decode(bytes, wanted);
        assert_eq!(decoded.undecodable, []);
        decoded.text.into_owned()
    }

    #[test]
    fn marks_decide_unless_the_option_does() {
        assert_eq!(text(b"\xef\xbb\xbfa\xc3\xa9", None), "aé");
        assert_eq!(text(b"a\xc3\xa9", None), "aé");
        assert_eq!(text(b"\xff\xfea\0\xe9\0\x3d\xd8\0\xde", None), "aé😀");
        assert_eq!(text(b"\xfe\xff\0a\0\xe9", None), "aé");
        assert_eq!(text(b"a\0\xe9\0", Some(Encoding::Utf16)), "aé");
        assert_eq!(text(b"\0a\0\xe9", Some(Encoding::Utf16)), "aé");
        assert_eq!(text(b"a\xe9\x80", Some(Encoding::Latin1)), "aé€");
        assert_eq!(text(b"", None), "");
    }

    #[test]
    fn what_cannot_be_decoded_is_remembered_in_order() {
        let decoded = decode(b"a\xe9b\xff", None);
        assert_eq!(decoded.text, "a\u{fffd}b\u{fffd}");
        let bad = [Undecodable { at: 1, value: 0xe9 }, Undecodable { at: 5, value: 0xff }];
        assert_eq!(decoded.undecodable, bad);
        let cut = decode(b"\xff\xfea\0\0\xd8b\0c", None);
        assert_eq!(cut.text, "a\u{fffd}b\u{fffd}");
        assert_eq!(cut.undecodable.len(), 2);
    }

    #[test]
    fn bytes_decoded_piece_by_piece_give_the_same_text() {
        let utf16: Vec<u8> =
            "\u{feff}aé😀b".encode_utf16().flat_map(u16::to_le_bytes).chain([0xd8]).collect();
        let files: [(&[u8], Option<Encoding>); 4] = [
            ("\u{feff}aé€😀b".as_bytes(), None),
            (b"a\xe2\x82\xff\xf0\x9f\xc3\xa9\xf0\x9f\x98", None),
            (&utf16, None),
            (b"a\xe9\x80", Some(Encoding::Latin1)),
        ];
        for (bytes, wanted) in files {
            let all = decode(bytes, wanted);
            let (decoder, mark) = Decoder::new(bytes, wanted);
            for size in 1..6 {
                let (mut text, mut undecodable, mut rest) = (String::new(), Vec::new(), Vec::new());
                let pieces: Vec<_> = bytes[mark..].chunks(size).collect();
                for (i, piece) in pieces.iter().enumerate() {
                    rest.extend_from_slice(piece);
                    let last = i + 1 == pieces.len();
                    let whole = if last { rest.len() } else { decoder.whole(&rest) };
                    let part = decoder.decode(&rest[..whole]);
                    let moved = |bad: &Undecodable| Undecodable { at: bad.at + text.len(), ..*bad };
                    undecodable.extend(part.undecodable.iter().map(moved));
                    text.push_str(&part.text);
                    rest.drain(..whole);
                }
                assert_eq!((text.as_str(), &undecodable), (&*all.text, &all.undecodable));
            }
        }
    }
}
