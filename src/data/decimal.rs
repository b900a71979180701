//! Numbers as they are written: digits and the place of the decimal mark. Written out again they
//! are the same text, and as floating point they are what `str::parse` makes of that text.

use super::word::{self, WORD};

/// A number that is written as `-12.50` is: no plus, no needless zero in front, no exponent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decimal {
    /// The digits with their sign, below 10^18.
    pub mantissa: i64,
    /// How many of them stand behind the mark.
    pub places: u8,
}

/// The most digits: any 18 fit an `i64`, and so does their power of ten.
const MOST_DIGITS: usize = 18;
/// Whole numbers up to here are exact as `f64`.
const EXACT: u64 = 1 << 53;

/// The powers of ten up to the most places; all are exact.
pub const POWERS: [f64; MOST_DIGITS + 1] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18,
];

impl Decimal {
    /// The number that is written in `bytes[start..end]`; none if the text is no number, or not
    /// the one way to write it. What stands before `start`, and how many `places` are expected,
    /// makes it faster only.
    #[inline(always)]
    pub fn spelled(bytes: &[u8], start: usize, end: usize, mark: u8, places: u8) -> Option<Self> {
        let negative = *bytes[..end].get(start)? == b'-';
        let start = start + usize::from(negative);
        let len = end - start;
        let word = end.checked_sub(WORD).and_then(|from| bytes[from..end].first_chunk::<WORD>());
        let (magnitude, places) = match word {
            Some(word) if (1..=WORD).contains(&len) => short(word, len, mark, places)?,
            _ => long(&bytes[start..end], mark)?,
        };
        // There is no minus zero among the whole numbers.
        if magnitude == 0 && negative {
            return None;
        }
        // Negated without a branch, as signs follow no pattern.
        let sign = -i64::from(negative);
        let mantissa = (magnitude ^ sign) - sign;
        Some(Decimal { mantissa, places })
    }

    /// The nearest `f64`.
    #[inline(always)]
    pub fn value(self) -> f64 {
        match self.mantissa.unsigned_abs() {
            // Both are exact, so that the quotient is rounded once.
            magnitude if magnitude <= EXACT => {
                self.mantissa as f64 / POWERS[usize::from(self.places)]
            }
            magnitude => {
                let value = quotient(magnitude, self.places);
                if self.mantissa < 0 { -value } else { value }
            }
        }
    }

    /// Appends the text.
    pub fn write(self, mark: u8, out: &mut String) {
        if self.mantissa < 0 {
            out.push('-');
        }
        let power = 10u64.pow(u32::from(self.places));
        let (whole, part) =
            (self.mantissa.unsigned_abs() / power, self.mantissa.unsigned_abs() % power);
        out.push_str(&whole.to_string());
        if self.places > 0 {
            out.push(char::from(mark));
            out.push_str(&format!("{part:0width$}", width = usize::from(self.places)));
        }
    }
}

/// Reads the last `len` of 16 bytes, all at once. If `places` are as many as expected, it need
/// not be looked for the mark.
#[inline(always)]
fn short(bytes: &[u8; WORD], len: usize, mark: u8, places: u8) -> Option<(i64, u8)> {
    let expected = usize::from(places);
    let expects = expected > 0 && expected + 1 < len && bytes[WORD - 1 - expected] == mark;
    let places = if expects { expected } else { behind_mark(bytes, len, mark) };
    let count = if places == len { len } else { len - 1 };
    let whole = count - places % len;
    if places == 0 || whole == 0 || (whole > 1 && bytes[WORD - len] == b'0') {
        return None;
    }
    let magnitude = word::number(bytes, count, places)?;
    Some((magnitude as i64, (places % len) as u8))
}

/// How many of the last `len` bytes stand behind the first mark among them; all of them if there
/// is none.
#[inline(always)]
fn behind_mark(bytes: &[u8; WORD], len: usize, mark: u8) -> usize {
    // The lowest byte that is the mark, found as the lowest one that is zero.
    let word = u128::from_le_bytes(*bytes);
    let marks = (word ^ (word::ONES * u128::from(mark))) | !word::HIGHEST[len];
    let found = marks.wrapping_sub(word::ONES) & !marks & (word::ONES * 0x80);
    match found {
        0 => len,
        found => WORD - 1 - found.trailing_zeros() as usize / 8,
    }
}

/// The same digit by digit.
fn long(text: &[u8], mark: u8) -> Option<(i64, u8)> {
    let at = text.iter().position(|byte| *byte == mark);
    let (whole, part) = match at {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, &[][..]),
    };
    let needless = whole.len() > 1 && whole[0] == b'0';
    if whole.is_empty() || needless || (at.is_some() && part.is_empty()) {
        return None;
    }
    if whole.len() + part.len() > MOST_DIGITS {
        return None;
    }
    let mut magnitude = 0;
    for byte in whole.iter().chain(part) {
        if !byte.is_ascii_digit() {
            return None;
        }
        magnitude = magnitude * 10 + i64::from(byte - b'0');
    }
    Some((magnitude, part.len() as u8))
}

/// `magnitude / 10^places`, rounded once, for magnitudes of 54 bits and more.
fn quotient(magnitude: u64, places: u8) -> f64 {
    let power = u128::from(10u64.pow(u32::from(places)));
    let scaled = u128::from(magnitude) << 64;
    // The quotient has at least 57 bits, more than an f64; a remainder is kept in the lowest one,
    // where it only matters between two neighbours.
    let bits = (scaled / power) | u128::from(scaled % power != 0);
    bits as f64 / 18_446_744_073_709_551_616.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spelled(text: &str) -> Option<Decimal> {
        let alone = Decimal::spelled(text.as_bytes(), 0, text.len(), b'.', 0);
        let padded = format!("1.5,-7.25,0000,9.9,{text},3");
        let at = padded.len() - 2 - text.len();
        for places in 0..20 {
            let found = Decimal::spelled(padded.as_bytes(), at, at + text.len(), b'.', places);
            assert_eq!(found, alone, "{text}");
        }
        alone
    }

    fn holds(text: &str) -> bool {
        let Some(decimal) = spelled(text) else { return false };
        let mut again = String::new();
        decimal.write(b'.', &mut again);
        assert_eq!(again, text);
        assert_eq!(decimal.value().to_bits(), text.parse::<f64>().unwrap().to_bits(), "{text}");
        true
    }

    #[test]
    fn one_way_to_write_a_number_is_read_and_no_other() {
        for text in [
            "0",
            "7",
            "-12.50",
            "0.000001",
            "-0.5",
            "1234567890123456",
            "123456789012345678",
            "0.12345678901234567",
            "99999999999.9999999",
            "9007199254740993",
            "-900719925474099.3",
        ] {
            assert!(holds(text), "{text}");
        }
        for text in [
            "",
            "-",
            ".",
            "+1",
            ".5",
            "5.",
            "007",
            "00.5",
            "-0",
            "-0.00",
            "1e5",
            "1.2.3",
            "1,5",
            "1-2",
            "--1",
            "nan",
            "1234567890123456789",
            "0.1234567890123456789",
            "١",
            "1 2",
            "/",
            ":",
        ] {
            assert!(!holds(text), "{text}");
        }
        assert_eq!(
            Decimal::spelled(b"1,5", 0, 3, b',', 0),
            Some(Decimal { mantissa: 15, places: 1 })
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn numbers_are_those_of_the_standard_library(text in "-?(0|[1-9][0-9]{0,17})(\\.[0-9]{1,17})?") {
            let digits = text.bytes().filter(u8::is_ascii_digit).count();
            let zero = text.starts_with('-') && !text.bytes().any(|byte| (b'1'..=b'9').contains(&byte));
            prop_assert_eq!(holds(&text), digits <= MOST_DIGITS && !zero, "{}", text);
        }

        #[test]
        fn any_double_as_it_is_printed(number in any::<f64>(), small in -1e6..1e6f64) {
            for text in [format!("{number}"), format!("{small}"), format!("{number:e}")] {
                holds(&text);
            }
        }

        #[test]
        fn any_text(text in "[-+.,0-9eE ]{0,20}") {
            holds(&text);
        }
    }
}
