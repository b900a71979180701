//! What stands beside the number in a text: a currency sign, parentheses for a negative amount, or
//! a percent sign.

use super::currency::Currency;
use super::number::{self, NumberFormat};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// What stands beside the numbers of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "format", rename_all = "camelCase")]
pub enum Unit {
    /// Amounts of money: a currency before or after the number, or none; thousands may be apart
    /// even where the format does not say how.
    Currency {
        /// The one currency of the column; none if no cell names one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        currency: Option<Currency>,
    },
    /// Shares: `12%` is 0.12. In text the sign must be there.
    Percent,
}

/// Amounts of money before it is known in which currency.
pub const CURRENCY: Unit = Unit::Currency { currency: None };

/// What stands beside a number once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// A currency.
    Currency(Currency),
    /// A percent sign.
    Percent,
}

/// A text taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount<'a> {
    /// Whether a minus or parentheses say that it is negative.
    pub negative: bool,
    /// Whether it stands in parentheses.
    pub parentheses: bool,
    /// What stands beside it.
    pub mark: Option<Mark>,
    /// The digits with what stands between them.
    pub size: &'a str,
}

impl<'a> Amount<'a> {
    /// Takes a text apart: sign, parentheses and mark each stand once, in any order. What is left
    /// begins and ends with a digit or a decimal mark.
    pub fn of(text: &'a str) -> Option<Self> {
        let (mut sign, mut open, mut closed, mut mark) = (None, false, false, None);
        let mut rest = text.trim();
        loop {
            rest = rest.trim_start();
            let first = rest.chars().next()?;
            rest = match first {
                '+' | '-' | '−' if sign.is_none() => {
                    sign = Some(first != '+');
                    &rest[first.len_utf8()..]
                }
                '(' if !open => {
                    open = true;
                    &rest[1..]
                }
                '%' if mark.is_none() => {
                    mark = Some(Mark::Percent);
                    &rest[1..]
                }
                first if first.is_ascii_digit() => break,
                _ => match Currency::before(rest).filter(|_| mark.is_none()) {
                    Some((currency, behind)) => {
                        mark = Some(Mark::Currency(currency));
                        behind
                    }
                    None if matches!(first, '.' | ',') => break,
                    None => return None,
                },
            };
        }
        loop {
            rest = rest.trim_end();
            let last = rest.chars().next_back()?;
            rest = match last {
                ')' if open && !closed => {
                    closed = true;
                    &rest[..rest.len() - 1]
                }
                '%' if mark.is_none() => {
                    mark = Some(Mark::Percent);
                    &rest[..rest.len() - 1]
                }
                last if last.is_ascii_digit() => break,
                _ => match Currency::after(rest).filter(|_| mark.is_none()) {
                    Some((currency, before)) => {
                        mark = Some(Mark::Currency(currency));
                        before
                    }
                    None if matches!(last, '.' | ',') => break,
                    None => return None,
                },
            };
        }
        // A negative amount is one or the other.
        let fits = open == closed && !(open && sign.is_some());
        let negative = open || sign == Some(true);
        fits.then_some(Amount { negative, parentheses: open, mark, size: rest })
    }
}

impl Unit {
    /// The number in a text.
    pub fn parse(self, text: &str, format: NumberFormat) -> Option<f64> {
        let Amount { negative, mark, size, .. } = Amount::of(text)?;
        let digits = match (self, mark) {
            (Unit::Percent, Some(Mark::Percent)) => {
                let digits = number::digits(size, format.with(None))?;
                // Two places further to the right, so that it is rounded once.
                if digits.contains(['e', 'E']) { None } else { Some(format!("{digits}e-2").into()) }
            }
            (Unit::Currency { .. }, None) => amount(size, format),
            (Unit::Currency { currency }, Some(Mark::Currency(found))) => {
                let fits = currency.is_none_or(|currency| currency == found);
                amount(size, format).filter(|_| fits)
            }
            _ => None,
        };
        let size: f64 = digits?.parse().ok()?;
        size.is_finite().then_some(if negative { -size } else { size })
    }

    /// The name as a declared type.
    pub fn name(self) -> &'static str {
        match self {
            Unit::Currency { .. } => "currency",
            Unit::Percent => "percent",
        }
    }

    /// What a cell must hold, in words.
    pub fn expects(self) -> Cow<'static, str> {
        match self {
            Unit::Currency { currency: None } => "an amount".into(),
            Unit::Currency { currency: Some(currency) } => {
                format!("an amount in {}", currency.code()).into()
            }
            Unit::Percent => "a percentage (12%, or the number 0.12)".into(),
        }
    }

    /// The currency that a text names, if it is an amount.
    pub fn currency_of(text: &str) -> Option<Currency> {
        match Amount::of(text)?.mark {
            Some(Mark::Currency(currency)) => Some(currency),
            _ => None,
        }
    }
}

/// The digits of an amount, in which thousands may be apart in any way.
fn amount(size: &str, format: NumberFormat) -> Option<Cow<'_, str>> {
    let format = format.with(None);
    if format.thousands.is_some() {
        return number::digits(size, format);
    }
    let ways = [b',', b'.', b' ', b'\''].into_iter().filter(|way| *way != format.decimal);
    ways.map(|way| NumberFormat { thousands: Some(way), ..format })
        .find_map(|format| number::digits(size, format))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, unit: Unit, decimal: char) -> Option<f64> {
        number::parse(text, NumberFormat::of_mark(decimal).with(Some(unit)))
    }

    #[test]
    fn amounts_have_a_currency_before_or_after_or_none() {
        for (text, number) in [
            ("$1,234", 1234.0),
            ("$1,234.50", 1234.5),
            ("1,234", 1234.0),
            ("1234.5", 1234.5),
            ("-$5", -5.0),
            ("$-5", -5.0),
            ("$ −5", -5.0),
            ("($5)", -5.0),
            ("$(1,234.5)", -1234.5),
            ("(5)", -5.0),
            ("5 USD", 5.0),
            ("USD 5", 5.0),
            ("USD5", 5.0),
            ("US$5", 5.0),
            ("1'234.50 CHF", 1234.5),
            ("€\u{a0}1\u{202f}234.5", 1234.5),
            ("₹12,34,567", 1234567.0),
            ("R$ 5", 5.0),
            ("5 zł", 5.0),
            ("Rs. 5", 5.0),
            ("$.5", 0.5),
            ("+5 €", 5.0),
            ("$0", 0.0),
        ] {
            assert_eq!(read(text, CURRENCY, '.'), Some(number), "{text:?}");
        }
        for (text, number) in [
            ("1.234,56 €", 1234.56),
            ("12,50 €", 12.5),
            ("-1 234,5 EUR", -1234.5),
            ("(1.234,56 €)", -1234.56),
        ] {
            assert_eq!(read(text, CURRENCY, ','), Some(number), "{text:?}");
        }
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in [
            "",
            "$",
            "()",
            "(-5)",
            "--5",
            "$$5",
            "$5 USD",
            "5%",
            "$5%",
            "(5",
            "5)",
            "5 kg",
            "EURO 5",
            "5 XYZ",
            "$1,23,4",
            "$1,2345",
            "free",
            "$5-$10",
            "1,234 567",
            "$1.2.3",
            "5 5",
        ] {
            assert_eq!(read(text, CURRENCY, '.'), None, "{text:?}");
        }
    }

    #[test]
    fn one_currency_is_not_another() {
        let dollars = Unit::Currency { currency: Currency::of_code("USD") };
        for (text, number) in
            [("$5", Some(5.0)), ("5 USD", Some(5.0)), ("5", Some(5.0)), ("€5", None)]
        {
            assert_eq!(read(text, dollars, '.'), number, "{text}");
        }
    }

    #[test]
    fn a_percentage_is_a_share_and_has_its_sign() {
        for (text, number) in [
            ("12%", 0.12),
            ("12 %", 0.12),
            ("12\u{a0}%", 0.12),
            ("%12", 0.12),
            ("-5%", -0.05),
            ("(5%)", -0.05),
            ("(5)%", -0.05),
            ("63.7%", 0.637),
            ("0.07%", 0.0007),
            ("150%", 1.5),
        ] {
            assert_eq!(read(text, Unit::Percent, '.'), Some(number), "{text:?}");
        }
        assert_eq!(read("12,5 %", Unit::Percent, ','), Some(0.125));
        for text in ["12", "0", "0.12", "%", "12%%", "12‰", "$12", "1,234%", "1e2%", "12% off"] {
            assert_eq!(read(text, Unit::Percent, '.'), None, "{text:?}");
        }
        let apart = NumberFormat::of_marks('.', Some(',')).with(Some(Unit::Percent));
        assert_eq!(number::parse("1,234%", apart), Some(12.34));
    }

    #[test]
    fn units_are_saved_by_name() {
        let json = |unit: Unit| serde_json::to_string(&unit).unwrap();
        let dollars = Unit::Currency { currency: Currency::of_code("USD") };
        assert_eq!(json(Unit::Percent), r#"{"format":"percent"}"#);
        assert_eq!(json(CURRENCY), r#"{"format":"currency"}"#);
        assert_eq!(json(dollars), r#"{"format":"currency","currency":"USD"}"#);
        for unit in [Unit::Percent, CURRENCY, dollars] {
            assert_eq!(serde_json::from_str::<Unit>(&json(unit)).unwrap(), unit);
        }
        let unknown = r#"{"format":"currency","currency":"ZZZ"}"#;
        assert!(serde_json::from_str::<Unit>(unknown).is_err());
    }
}
