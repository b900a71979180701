//! Reads a number out of a cell, strictly: what a person would call a number and nothing else.

use super::table::Cell;
use super::unit::Unit;
use std::borrow::Cow;

/// How numbers are written in text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberFormat {
    /// The decimal mark, `.` or `,`.
    pub decimal: u8,
    /// What may stand between thousands: `,` `.` `'` or a blank, which stands for every kind of
    /// blank. None if digits follow one another.
    pub thousands: Option<u8>,
    /// What stands beside the number; none if nothing may.
    pub unit: Option<Unit>,
}

impl NumberFormat {
    /// With a decimal point.
    pub const POINT: NumberFormat = NumberFormat { decimal: b'.', thousands: None, unit: None };

    /// With this decimal mark, as it is saved.
    pub fn of_mark(decimal: char) -> Self {
        NumberFormat { decimal: u8::try_from(decimal).unwrap_or(b'.'), ..Self::POINT }
    }

    /// With these marks, as they are saved.
    pub fn of_marks(decimal: char, thousands: Option<char>) -> Self {
        let thousands = thousands.and_then(|mark| u8::try_from(mark).ok());
        NumberFormat { thousands, ..Self::of_mark(decimal) }
    }

    /// The same marks with something beside the number.
    pub fn with(self, unit: Option<Unit>) -> Self {
        NumberFormat { unit, ..self }
    }
}

/// The number in a text, as the format has it: an optional sign, digits, fraction, exponent; with
/// thousands apart where the format says so, three digits each. Not `inf`, `nan` or hexadecimal.
pub fn parse(text: &str, format: NumberFormat) -> Option<f64> {
    let text = text.trim();
    match format.unit {
        Some(unit) => unit.parse(text, format),
        None if text.bytes().all(|byte| is_plain(byte, format.decimal)) => {
            let number = match format.decimal {
                b'.' => text.parse::<f64>(),
                decimal => text.replace(char::from(decimal), ".").parse::<f64>(),
            };
            number.ok().filter(|number| number.is_finite())
        }
        None => apart(text, format),
    }
}

fn is_plain(byte: u8, decimal: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'e' | b'E') || byte == decimal
}

/// A number with thousands apart, or with the minus sign of typography.
fn apart(text: &str, format: NumberFormat) -> Option<f64> {
    let (negative, size) = match text.strip_prefix(['-', '−']) {
        Some(size) => (true, size),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let size: f64 = digits(size, format)?.parse().ok()?;
    size.is_finite().then_some(if negative { -size } else { size })
}

/// The digits of a number without a sign, nothing between thousands and a decimal point, if the
/// marks of the format are where they belong: `1234.5` of `1,234.5`.
pub fn digits(text: &str, format: NumberFormat) -> Option<Cow<'_, str>> {
    let NumberFormat { decimal, thousands, .. } = format;
    if !text.as_bytes().first().is_some_and(|byte| byte.is_ascii_digit() || *byte == decimal) {
        return None;
    }
    if text.bytes().all(|byte| is_plain(byte, decimal)) {
        let text = match decimal {
            b'.' => Cow::Borrowed(text),
            decimal => Cow::Owned(text.replace(char::from(decimal), ".")),
        };
        return text.parse::<f64>().is_ok().then_some(text);
    }
    let thousands = thousands?;
    let (whole, fraction) = match text.split_once(char::from(decimal)) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let groups: Vec<&str> = whole.split(|sign| is_between(sign, thousands)).collect();
    if !are_thousands(&groups, thousands) || fraction.is_some_and(|part| !all_digits(part)) {
        return None;
    }
    let mut digits = groups.concat();
    if let Some(fraction) = fraction {
        digits.push('.');
        digits.push_str(fraction);
    }
    Some(Cow::Owned(digits))
}

/// Whether a sign is one that stands between thousands where `thousands` does: Excel and
/// typesetters write blanks that do not break a line, and Switzerland has two apostrophes.
pub fn is_between(sign: char, thousands: u8) -> bool {
    match thousands {
        b' ' => matches!(sign, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{2007}'),
        b'\'' => matches!(sign, '\'' | '’'),
        mark => sign == char::from(mark),
    }
}

/// Up to three digits, then groups of three; with commas also groups of two before the last three,
/// as in India: `12,34,567`.
fn are_thousands(groups: &[&str], thousands: u8) -> bool {
    let [first, middle @ .., last] = groups else { return false };
    let begins = (1..=3).contains(&first.len()) && !first.starts_with('0');
    let of = |len: usize| middle.iter().all(|group| group.len() == len);
    let indian = thousands == b',' && first.len() <= 2 && of(2);
    begins && last.len() == 3 && (of(3) || indian) && groups.iter().all(|group| all_digits(group))
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
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

    const COMMA: NumberFormat = NumberFormat { decimal: b',', ..NumberFormat::POINT };

    fn marks(decimal: char, thousands: char) -> NumberFormat {
        NumberFormat::of_marks(decimal, Some(thousands))
    }

    #[test]
    fn numbers_are_numbers() {
        for (text, number) in [
            ("1", 1.0),
            (" -2.5 ", -2.5),
            ("+.5", 0.5),
            ("5.", 5.0),
            ("1e3", 1000.0),
            ("−2.5", -2.5),
            ("\u{a0}7\u{202f}", 7.0),
        ] {
            assert_eq!(parse(text, NumberFormat::POINT), Some(number), "{text}");
        }
        assert_eq!(parse("1,5", COMMA), Some(1.5));
        assert_eq!(parse("−1,5", COMMA), Some(-1.5));
    }

    #[test]
    fn nothing_else_is() {
        for text in [
            "", "inf", "nan", "NaN", "0x10", "1,5", "1 000", "1e999", "-", "e", ".", "12a", "١",
            "−", "−−1", "−-1", "+−1", "$5", "5%", "(5)", "1'000", "1_000", "5 kg",
        ] {
            assert_eq!(parse(text, NumberFormat::POINT), None, "{text}");
        }
        assert_eq!(parse("1.5", COMMA), None);
    }

    #[test]
    fn thousands_stand_where_they_belong() {
        for (text, format, number) in [
            ("1,234", marks('.', ','), 1234.0),
            ("-12,345.67", marks('.', ','), -12345.67),
            ("+1,234,567", marks('.', ','), 1234567.0),
            ("1,23,456", marks('.', ','), 123456.0),
            ("12,34,567.5", marks('.', ','), 1234567.5),
            ("1.234,56", marks(',', '.'), 1234.56),
            ("1.234.567", marks(',', '.'), 1234567.0),
            ("1 234", marks('.', ' '), 1234.0),
            ("1\u{a0}234,5", marks(',', ' '), 1234.5),
            ("−1\u{202f}234\u{202f}567", marks('.', ' '), -1234567.0),
            ("1'234.5", marks('.', '\''), 1234.5),
            ("1’234’567", marks('.', '\''), 1234567.0),
            // Where thousands may be apart they need not be.
            ("1234567.5", marks('.', ','), 1234567.5),
            ("-1e3", marks('.', ','), -1000.0),
            (".5", marks('.', ','), 0.5),
        ] {
            assert_eq!(parse(text, format), Some(number), "{text:?}");
        }
        for (text, format) in [
            ("1,23,4", marks('.', ',')),
            ("1,2345", marks('.', ',')),
            ("1234,567", marks('.', ',')),
            ("0,123", marks('.', ',')),
            ("1,,234", marks('.', ',')),
            (",234", marks('.', ',')),
            ("1,234,", marks('.', ',')),
            ("1,234.", marks('.', ',')),
            ("1.234,567", marks('.', ',')),
            ("1,234e3", marks('.', ',')),
            ("1.23.456", marks(',', '.')),
            ("123,45,678", marks('.', ',')),
            ("1 2", marks('.', ' ')),
            ("1  234", marks('.', ' ')),
            ("1 234", marks('.', ',')),
            ("--1,234", marks('.', ',')),
        ] {
            assert_eq!(parse(text, format), None, "{text:?}");
        }
    }

    #[test]
    fn leading_zeros_mark_codes() {
        assert!(has_leading_zero("007") && has_leading_zero("-01") && has_leading_zero("00.5"));
        assert!(!has_leading_zero("0.5") && !has_leading_zero("0") && !has_leading_zero("10"));
    }
}
