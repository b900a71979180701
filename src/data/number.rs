//! Reads a number out of a cell, strictly: what a person would call a number and nothing else.

use super::table::Cell;

/// How numbers are written in text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberFormat {
    /// The decimal mark, `.` or `,`.
    pub decimal: u8,
}

impl NumberFormat {
    /// With a decimal point.
    pub const POINT: NumberFormat = NumberFormat { decimal: b'.' };

    /// With this decimal mark, as it is saved.
    pub fn of_mark(decimal: char) -> Self {
        NumberFormat { decimal: u8::try_from(decimal).unwrap_or(b'.') }
    }
}

/// The number in a text, with the decimal mark of the format: an optional sign, digits, fraction,
/// exponent. Not `inf`, `nan`, hexadecimal or thousands separators.
pub fn parse(text: &str, format: NumberFormat) -> Option<f64> {
    let decimal = format.decimal;
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
pub fn of(cell: Cell<'_>, format: NumberFormat) -> Option<f64> {
    match cell {
        Cell::Missing => None,
        Cell::Number(number) => Some(number),
        Cell::Text(text) => parse(text, format),
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

    const COMMA: NumberFormat = NumberFormat { decimal: b',' };

    #[test]
    fn numbers_are_numbers() {
        for (text, number) in
            [("1", 1.0), (" -2.5 ", -2.5), ("+.5", 0.5), ("5.", 5.0), ("1e3", 1000.0)]
        {
            assert_eq!(parse(text, NumberFormat::POINT), Some(number), "{text}");
        }
        assert_eq!(parse("1,5", COMMA), Some(1.5));
    }

    #[test]
    fn nothing_else_is() {
        for text in
            ["", "inf", "nan", "NaN", "0x10", "1,5", "1 000", "1e999", "-", "e", ".", "12a", "١"]
        {
            assert_eq!(parse(text, NumberFormat::POINT), None, "{text}");
        }
        assert_eq!(parse("1.5", COMMA), None);
    }

    #[test]
    fn leading_zeros_mark_codes() {
        assert!(has_leading_zero("007") && has_leading_zero("-01") && has_leading_zero("00.5"));
        assert!(!has_leading_zero("0.5") && !has_leading_zero("0") && !has_leading_zero("10"));
    }
}
