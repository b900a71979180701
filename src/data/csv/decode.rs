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

/// Decodes by the encoding asked for, or else by the byte order mark, or else as UTF-8.
pub(super) fn decode(bytes: &[u8], wanted: Option<Encoding>) -> Text<'_> {
    let marked = bytes.starts_with(BOM_UTF16_LE) || bytes.starts_with(BOM_UTF16_BE);
    match wanted {
        None if marked => utf16(bytes),
        None | Some(Encoding::Utf8) => utf8(bytes.strip_prefix(BOM_UTF8).unwrap_or(bytes)),
        Some(Encoding::Utf16) => utf16(bytes),
        Some(Encoding::Latin1) => {
            let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes);
            Text { text, encoding: Encoding::Latin1, undecodable: Vec::new() }
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

fn utf16(bytes: &[u8]) -> Text<'static> {
    // Without a mark a leading zero gives big endian away: the first character is mostly ASCII.
    let (bytes, pair): (_, fn([u8; 2]) -> u16) = match bytes {
        [0xff, 0xfe, rest @ ..] => (rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => (rest, u16::from_be_bytes),
        [0, ..] => (bytes, u16::from_be_bytes),
        _ => (bytes, u16::from_le_bytes),
    };
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
}
