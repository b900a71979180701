//! Numbers that databases and decimal libraries give as text with a decimal point, such as DECIMAL
//! and BIGINT, as cells: a double where it says the same, else the exact text.

use super::table::Cell;

/// So many digits a double always tells apart.
const DIGITS: usize = 15;

/// A number that was written exactly.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// Not a number, which means missing.
    Missing,
    /// A number that a double tells from all others.
    Number(f64),
    /// The text of one that a double may not.
    Text(String),
    /// Infinite.
    Infinite,
}

impl Literal {
    /// The number in a text such as `-12.340`, `1E+30`, `NaN` or `-Infinity`, whose decimal mark is
    /// the point; none if it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        match unsigned {
            "NaN" | "nan" => return Some(Literal::Missing),
            "Infinity" | "inf" => return Some(Literal::Infinite),
            _ => {}
        }
        let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
        let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let power = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        let is = digits(whole) && digits(part) && digits(power);
        if !is || power.is_empty() || (whole.is_empty() && part.is_empty()) {
            return None;
        }
        let number: f64 = text.parse().ok()?;
        let all = format!("{whole}{part}");
        let significant = all.trim_start_matches('0').trim_end_matches('0').len();
        Some(match number {
            number if number.is_infinite() => Literal::Infinite,
            number if significant <= DIGITS => Literal::Number(number),
            _ => Literal::Text(text.to_owned()),
        })
    }

    /// A whole number in units of 10 to the power of minus `scale`, as Arrow holds decimals.
    pub fn scaled(units: &str, scale: i32) -> Option<Self> {
        let (sign, digits) = match units.strip_prefix('-') {
            Some(digits) => ("-", digits),
            None => ("", units),
        };
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let text = match usize::try_from(scale) {
            Ok(0) => digits.to_owned(),
            Ok(scale) => {
                let padded = format!("{digits:0>width$}", width = scale + 1);
                let (whole, part) = padded.split_at(padded.len() - scale);
                format!("{whole}.{part}")
            }
            Err(_) => format!("{digits}{}", "0".repeat(scale.unsigned_abs() as usize)),
        };
        Literal::parse(&format!("{sign}{text}"))
    }

    /// As a cell; none if it is infinite.
    pub fn cell(&self) -> Option<Cell<'_>> {
        match self {
            Literal::Missing => Some(Cell::Missing),
            Literal::Number(number) => Some(Cell::Number(*number)),
            Literal::Text(text) => Some(Cell::Text(text)),
            Literal::Infinite => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_numbers_are_doubles_and_long_ones_keep_their_text() {
        for (text, number) in [
            ("12.340", 12.34),
            ("-0.5", -0.5),
            ("+7", 7.0),
            (".5", 0.5),
            ("5.", 5.0),
            ("1E+30", 1e30),
            ("1e-7", 1e-7),
            ("000123456789012345", 123_456_789_012_345.0),
            ("900000000000000000000", 9e20),
        ] {
            assert_eq!(Literal::parse(text), Some(Literal::Number(number)), "{text}");
        }
        for text in ["9007199254740993", "-9007199254740993", "0.12345678901234567890"] {
            assert_eq!(Literal::parse(text), Some(Literal::Text(text.to_owned())), "{text}");
        }
        assert_eq!(Literal::parse("NaN"), Some(Literal::Missing));
        for text in ["Infinity", "-Infinity", "1e999"] {
            assert_eq!(Literal::parse(text), Some(Literal::Infinite), "{text}");
        }
        for text in ["", "-", ".", "e5", "1e", "12,5", "0x10", "1_000", " 1", "3 days", "١"] {
            assert_eq!(Literal::parse(text), None, "{text}");
        }
    }

    #[test]
    fn units_are_shifted_by_their_scale() {
        for (units, scale, number) in [
            ("1234", 3, 1.234),
            ("-1234", 2, -12.34),
            ("5", 3, 0.005),
            ("-5", 3, -0.005),
            ("0", 2, 0.0),
            ("12", 0, 12.0),
            ("12", -3, 12_000.0),
        ] {
            assert_eq!(Literal::scaled(units, scale), Some(Literal::Number(number)), "{units}");
        }
        assert_eq!(
            Literal::scaled("12345678901234567890", 4),
            Some(Literal::Text("1234567890123456.7890".to_owned()))
        );
        assert_eq!(Literal::scaled("1x", 2), None);
        assert_eq!(Literal::scaled("", 2), None);
    }
}
