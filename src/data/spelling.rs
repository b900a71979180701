//! How the value of a cell is written: which texts are spellings of one value, and what number a
//! text is to its last digit, where a double would round it.

use super::date;
use super::number::{self, NumberFormat};
use std::borrow::Cow;
use std::cmp::Ordering;

/// From here on not every whole number is a double, so that a JavaScript number may stand for a
/// neighbour of what was meant.
const INEXACT: f64 = 9_007_199_254_740_992.0;

/// Whether a number is a whole one past those that a double tells apart.
pub fn is_inexact(number: f64) -> bool {
    number.abs() >= INEXACT
}

/// The usual spelling of what a text says, the same for all texts that say it; the text itself
/// where there is but one. So `1.0`, `+1` and `1.` are `1`, as another program or another number
/// type writes it, `.5` is `0.5`, `True` and `TRUE` are `true`, and `2024-03-31T00:00:00.000Z` is
/// `2024-03-31`. But `1.10` is not `1.1` nor `1E5` `100000`: such differences are found in
/// version numbers and product codes.
pub fn spelling(text: &str, format: NumberFormat) -> Cow<'_, str> {
    let text = text.trim();
    match text.as_bytes() {
        [b't' | b'T', ..] if text.eq_ignore_ascii_case("true") => Cow::Borrowed("true"),
        [b'f' | b'F', ..] if text.eq_ignore_ascii_case("false") => Cow::Borrowed("false"),
        [first, ..]
            if first.is_ascii_digit() || b"+-.,".contains(first) || text.starts_with('−') =>
        {
            let usual = plain(text, format).or_else(|| moment(text).map(Cow::Owned));
            usual.unwrap_or(Cow::Borrowed(text))
        }
        _ => Cow::Borrowed(text),
    }
}

/// Whether a text is a number in digits, without an exponent and without leading zeros.
pub fn is_plain(text: &str, format: NumberFormat) -> bool {
    plain(text.trim(), format).is_some()
}

/// A number as text, in the decimal mark of a format and without an exponent.
pub fn of_number(number: f64, format: NumberFormat) -> String {
    let text = number.to_string();
    match format.decimal {
        b'.' => text,
        mark => text.replace('.', &char::from(mark).to_string()),
    }
}

/// The ways in which programs write the value of a text that is a number or a date.
pub fn spellings(text: &str, format: NumberFormat) -> Vec<String> {
    let usual = spelling(text, format).into_owned();
    let mut all = vec![text.trim().to_owned()];
    if let Some(time) = timed(&usual) {
        let (day, clock) = usual.split_at(10);
        // As `toISOString` writes it.
        let clock = if time { &clock[1..] } else { "00:00:00" };
        let (whole, part) = clock.split_once('.').unwrap_or((clock, ""));
        let minutes = whole.strip_suffix(":00").filter(|_| part.is_empty());
        let clocks = [Some(clock), minutes, Some(&*format!("{whole}.{part:0<3}"))];
        for clock in clocks.into_iter().flatten() {
            let written = ["T", " "].map(|between| format!("{day}{between}{clock}"));
            all.extend(written.iter().flat_map(|text| [text.clone(), format!("{text}Z")]));
        }
    } else if let Some(number) = number::parse(text, format) {
        let shortest = of_number(number, format);
        let mark = char::from(format.decimal);
        let whole = [&usual, &shortest].map(|text| format!("{text}{mark}0"));
        all.extend(whole.into_iter().filter(|text| text.matches(mark).count() == 1));
        all.push(shortest);
    }
    all.push(usual);
    all
}

/// The usual spelling of such a number.
fn plain(text: &str, format: NumberFormat) -> Option<Cow<'_, str>> {
    if number::has_leading_zero(text) {
        return None;
    }
    let unsigned = text.strip_prefix(['+', '-', '−']).unwrap_or(text);
    let mark = char::from(format.decimal);
    let together = format.thousands.and_then(|_| number::digits(unsigned, format));
    let together = together.map(|digits| digits.replace('.', &mark.to_string()));
    let unsigned = together.as_deref().unwrap_or(unsigned);
    let (whole, part) = unsigned.split_once(mark).unwrap_or((unsigned, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(part) || (whole.is_empty() && part.is_empty()) {
        return None;
    }
    let part = if part == "0" { "" } else { part };
    let is_zero = !whole.bytes().chain(part.bytes()).any(|byte| byte != b'0');
    let sign = if text.starts_with(['-', '−']) && !is_zero { "-" } else { "" };
    let whole = if whole.is_empty() { "0" } else { whole };
    Some(Cow::Owned(match part {
        "" => format!("{sign}{whole}"),
        part => format!("{sign}{whole}{mark}{part}"),
    }))
}

/// The usual spelling of a day with a time of it, in UTC or no zone at all: the day alone at
/// midnight.
pub fn moment(text: &str) -> Option<String> {
    let (day, time) = (text.get(..10)?, text.get(11..)?);
    let bytes = text.as_bytes();
    if !matches!(bytes[10], b'T' | b't' | b' ') || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let mut zones = ["Z", "z", "+00:00", "+00"].iter();
    let time = zones.find_map(|zone| time.strip_suffix(zone)).unwrap_or(time);
    let (clock, fraction) = time.split_once('.').unwrap_or((time, ""));
    let seconds = match clock.len() {
        5 if fraction.is_empty() => ":00",
        8 => "",
        _ => return None,
    };
    let clock_only = clock.bytes().all(|byte| byte.is_ascii_digit() || byte == b':');
    if !clock_only || date::parse(text, None).is_none() {
        return None;
    }
    let fraction = fraction.trim_end_matches('0');
    Some(match (clock, fraction) {
        ("00:00" | "00:00:00", "") => day.to_owned(),
        (clock, "") => format!("{day}T{clock}{seconds}"),
        (clock, fraction) => format!("{day}T{clock}{seconds}.{fraction}"),
    })
}

/// Whether a usual spelling is that of a day, and if so, whether it has a time of that day.
pub fn timed(usual: &str) -> Option<bool> {
    let day = usual.get(..10)?;
    let is = day.as_bytes()[4] == b'-' && date::parse(usual, None).is_some();
    is.then_some(usual.len() > 10)
}

/// A number to its last digit.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Exact {
    negative: bool,
    /// Where the decimal mark stands, counted from the first digit.
    mark: i64,
    /// Without zeros at either end; none of zero.
    digits: Vec<u8>,
}

impl Exact {
    /// The number in a text; none if it holds none.
    pub fn of(text: &str, format: NumberFormat) -> Option<Self> {
        number::parse(text, format)?;
        let text = text.trim();
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let mut mark = None;
        let mut digits = Vec::new();
        for byte in mantissa.bytes() {
            if byte == format.decimal {
                mark = Some(digits.len());
            } else if byte.is_ascii_digit() {
                digits.push(byte);
            }
        }
        let mark = mark.unwrap_or(digits.len()) as i64;
        let zeros = digits.iter().take_while(|digit| **digit == b'0').count();
        digits.drain(..zeros);
        digits.truncate(digits.iter().rposition(|digit| *digit != b'0').map_or(0, |at| at + 1));
        if digits.is_empty() {
            return Some(Exact { negative: false, mark: 0, digits });
        }
        let far = if exponent.starts_with('-') { i64::MIN / 2 } else { i64::MAX / 2 };
        let exponent: i64 = exponent.parse().unwrap_or(far);
        let mark = mark.saturating_sub(zeros as i64).saturating_add(exponent);
        Some(Exact { negative: text.starts_with(['-', '−']), mark, digits })
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        let side = |exact: &Self| match (exact.digits.is_empty(), exact.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        let size = || self.mark.cmp(&other.mark).then_with(|| self.digits.cmp(&other.digits));
        side(self).cmp(&side(other)).then_with(|| match self.negative {
            true => size().reverse(),
            false => size(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const COMMA: NumberFormat = NumberFormat { decimal: b',', ..NumberFormat::POINT };

    #[test]
    fn other_spellings_of_a_value_have_one_usual_one() {
        for (usual, others) in [
            ("1", &["1", " 1 ", "1.0", "+1", "1.", "+1.0"][..]),
            ("-1", &["-1", "-1.0", "-1."]),
            ("0", &["0", "-0", "0.0", "-0.0", "+0", ".0"]),
            ("0.5", &["0.5", ".5", "+.5"]),
            ("-0.5", &["-0.5", "-.5"]),
            ("1234567890123456789", &["1234567890123456789", "1234567890123456789.0"]),
            ("true", &["true", "True", "TRUE", " tRue"]),
            ("false", &["false", "False", "FALSE"]),
            (
                "2024-03-31",
                &[
                    "2024-03-31",
                    "2024-03-31T00:00:00.000Z",
                    "2024-03-31 00:00:00",
                    "2024-03-31 00:00:00+00",
                    "2024-03-31T00:00",
                ],
            ),
            (
                "2024-03-31T10:30:00",
                &["2024-03-31T10:30:00.000Z", "2024-03-31 10:30", "2024-03-31T10:30:00+00:00"],
            ),
            ("2024-03-31T10:30:00.5", &["2024-03-31T10:30:00.500Z", "2024-03-31 10:30:00.5"]),
        ] {
            for other in others {
                assert_eq!(spelling(other, NumberFormat::POINT), usual, "{other}");
                assert_eq!(spelling(usual, NumberFormat::POINT), usual);
            }
        }
        assert_eq!(spelling("1,0", COMMA), "1");
        let apart = NumberFormat { thousands: Some(b','), ..NumberFormat::POINT };
        for text in ["-1234567.5", "-1,234,567.5", "−1,234,567.5"] {
            assert_eq!(spelling(text, apart), "-1234567.5");
            assert_eq!(Exact::of(text, apart), Exact::of("-1234567.50", apart));
        }
        assert_eq!(spelling(",5", COMMA), "0,5");
    }

    #[test]
    fn what_may_be_a_code_keeps_its_spelling() {
        for text in [
            "1.10",
            "1.1",
            "1.00",
            "1E5",
            "1e5",
            "100000",
            "007",
            "-01",
            "00.5",
            "1.2.3",
            "1,0",
            "1,000",
            "-",
            "+",
            ".",
            "",
            "K",
            "t",
            "yes",
            "2024-03",
            "2024-03-31T10:30+02:00",
            "2024-02-30 00:00",
            "31.3.2024",
            "20240331",
            "12:30",
            "١",
        ] {
            assert_eq!(spelling(text, NumberFormat::POINT), text);
        }
        assert_eq!(spelling("1.0", COMMA), "1.0");
        assert_eq!(of_number(-2.5, COMMA), "-2,5");
    }

    #[test]
    fn days_have_a_time_or_none() {
        assert_eq!(timed("2024-03-31"), Some(false));
        assert_eq!(timed("2024-03-31T10:30:00"), Some(true));
        assert_eq!([timed("2024-03"), timed("x"), timed("ééééééé")], [None; 3]);
    }

    #[test]
    fn numbers_are_equal_to_their_last_digit() {
        let exact = |text| Exact::of(text, NumberFormat::POINT).unwrap();
        for (one, other) in [
            ("1", "1.00"),
            ("1e5", "100000"),
            ("1E+5", "+100000.0"),
            ("0", "-0.00"),
            ("0e9", "0"),
            ("007", "7"),
            ("12.5e-1", "1.25"),
            ("-.5", "-0.50"),
        ] {
            assert_eq!(exact(one), exact(other), "{one} {other}");
        }
        assert_eq!(Exact::of("1,5", COMMA), Some(exact("1.5")));
        assert_eq!([Exact::of("K", COMMA), Exact::of("1.5", COMMA)], [None, None]);
        let rising = [
            "-1e300",
            "-12345678901234567891",
            "-12345678901234567890",
            "-2",
            "-1.5",
            "-1e-99999999999999999999",
            "0",
            "1e-99999999999999999999",
            "1e-300",
            "0.5",
            "0.50000000000000000001",
            "1",
            "9",
            "10",
            "1234567890123456788",
            "1234567890123456789",
            "1e300",
        ];
        assert!(rising.map(exact).is_sorted_by(|a, b| a < b));
    }

    proptest! {
        #[test]
        fn order_is_that_of_doubles(a in -1e9..1e9f64, b in any::<i32>()) {
            let texts = [format!("{a}"), format!("{a:e}"), format!("{b}"), format!("{b}.000")];
            let exact = |text: &String| Exact::of(text, NumberFormat::POINT).unwrap();
            prop_assert_eq!(exact(&texts[0]), exact(&texts[1]));
            prop_assert_eq!(exact(&texts[2]), exact(&texts[3]));
            let order = a.partial_cmp(&f64::from(b)).unwrap();
            prop_assert_eq!(exact(&texts[0]).cmp(&exact(&texts[2])), order);
        }

        #[test]
        fn a_usual_spelling_is_its_own(text in "[-+.,0-9eEtTrue :ZT]{0,25}") {
            for format in [NumberFormat::POINT, COMMA] {
                let once = spelling(&text, format).into_owned();
                prop_assert_eq!(spelling(&once, format), once.as_str());
            }
        }
    }
}
