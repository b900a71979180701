//! Reads a number out of a cell, strictly: what a person would call a number and nothing else.

use super::table::Cell;

/// The number in a text, with `decimal` as the decimal mark (`.` or `,`): an optional sign,
/// digits, fraction, exponent. Not `inf`, `nan`, hexadecimal or thousands separators.
pub fn parse(text: &str, decimal: u8) -> Option<f64> {
    let text = text.trim();
    let plain = |byte: u8| {
        byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'e' | b'E') || byte == decimal
    };
    if text.is_empty() || !text.bytes().all(plain) {
        return None;
    }
    let number = if decimal == b'.' {
        text.parse::<f64>()
    } else {
        text.replace(char::from(decimal), ".").parse::<f64>()
    };
    number.ok().filter(|number| number.is_finite())
}

/// The number in a cell, if it holds one.
pub fn of(cell: Cell<'_>, decimal: u8) -> Option<f64> {
    match cell {
        Cell::Missing => None,
        Cell::Number(number) => Some(number),
        Cell::Text(text) => parse(text, decimal),
    }
}

/// Whether a text of digits is a code rather than a quantity: `007`, a post code, a telephone
/// number.
pub fn has_leading_zero(text: &str) -> bool {
    let digits = text.trim().trim_start_matches(['+', '-']).as_bytes();
    digits.len() > 1 && digits[0] == b'0' && digits[1].is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_numbers() {
        for (text, number) in
            [("1", 1.0), (" -2.5 ", -2.5), ("+.5", 0.5), ("5.", 5.0), ("1e3", 1000.0)]
        {
            assert_eq!(parse(text, b'.'), Some(number), "{text}");
        }
        assert_eq!(parse("1,5", b','), Some(1.5));
    }

    #[test]
    fn nothing_else_is() {
        for text in
            ["", "inf", "nan", "NaN", "0x10", "1,5", "1 000", "1e999", "-", "e", ".", "12a", "١"]
        {
            assert_eq!(parse(text, b'.'), None, "{text}");
        }
        assert_eq!(parse("1.5", b','), None);
    }

    #[test]
    fn leading_zeros_mark_codes() {
        assert!(has_leading_zero("007") && has_leading_zero("-01") && has_leading_zero("00.5"));
        assert!(!has_leading_zero("0.5") && !has_leading_zero("0") && !has_leading_zero("10"));
    }
}
