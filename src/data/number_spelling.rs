//! Numbers in other spellings than the one that is read: with which marks a text would be a number,
//! and what stands beside it.

use super::currency::Currency;
use super::number::{self, NumberFormat};
use super::unit::{Amount, Mark};

/// A set of ways to write numbers: which decimal mark, and what stands between thousands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marks(u8);

/// Every way, that with nothing between thousands first for each decimal mark.
const WAYS: [(u8, Option<u8>); 8] = [
    (b'.', None),
    (b',', None),
    (b'.', Some(b',')),
    (b',', Some(b'.')),
    (b'.', Some(b' ')),
    (b',', Some(b' ')),
    (b'.', Some(b'\'')),
    (b',', Some(b'\'')),
];

impl Marks {
    /// Every way.
    pub const ALL: Marks = Marks(u8::MAX);

    /// Those in which these digits are a number, without a sign.
    pub fn of(size: &str) -> Self {
        let sign = |sign: char| {
            matches!(sign, '0'..='9' | ',' | '.' | '+' | '-' | 'e' | 'E')
                || number::is_between(sign, b' ')
                || number::is_between(sign, b'\'')
        };
        if !size.chars().all(sign) {
            return Marks(0);
        }
        let ways = WAYS.iter().enumerate().filter(|(_, (decimal, thousands))| {
            let format =
                NumberFormat { decimal: *decimal, thousands: *thousands, ..NumberFormat::POINT };
            number::digits(size, format).is_some()
        });
        Marks(ways.fold(0, |marks, (way, _)| marks | 1 << way))
    }

    /// Those that these digits show. Three digits behind a comma may be thousands too where the
    /// ones before it are not apart: `1000,993` among `1,234` is a slip, and shows nothing.
    pub fn shown_by(size: &str) -> Self {
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let marks = Self::of(size);
        match size.split_once(',') {
            Some((whole, part)) if part.len() == 3 && whole.len() > 3 && digits(whole) => {
                let between = WAYS.iter().position(|way| *way == (b'.', Some(b',')));
                Marks(marks.0 | between.map_or(0, |way| 1 << way))
            }
            _ => marks,
        }
    }

    /// Those in both sets.
    pub fn and(self, other: Marks) -> Self {
        Marks(self.0 & other.0)
    }

    /// Whether there are none.
    pub fn is_none(self) -> bool {
        self.0 == 0
    }

    /// Whether this way is among them.
    pub fn has(self, decimal: u8, thousands: Option<u8>) -> bool {
        self.ways().any(|way| way == (decimal, thousands))
    }

    /// The ways, the plain ones first.
    pub fn ways(self) -> impl Iterator<Item = (u8, Option<u8>)> {
        WAYS.into_iter()
            .enumerate()
            .filter(move |(way, _)| self.0 >> way & 1 == 1)
            .map(|(_, it)| it)
    }
}

/// What stands beside the digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside<'a> {
    /// Nothing.
    Nothing,
    /// Parentheses, which mean a negative amount.
    Parentheses,
    /// A currency.
    Currency,
    /// A percent sign.
    Percent,
    /// A sign that makes it a bound: `<5`, `10+`.
    Bound,
    /// A unit behind it: `kg`.
    Unit(&'a str),
    /// The minus behind it: `5.00-`.
    Minus,
    /// A number sign before it: `#12`.
    NumberSign,
    /// A sign of a footnote behind it: `12*`.
    Footnote,
    /// Nothing, but thousands are apart by `_`.
    Underscores,
}

/// A text that is a number in some spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spelled<'a> {
    /// The ways in which its digits are a number.
    pub marks: Marks,
    /// What stands beside them.
    pub beside: Beside<'a>,
    /// The digits with what stands between them; the last group of those apart by `_`.
    pub size: &'a str,
}

/// No number is longer, with what stands beside it.
const LONGEST: usize = 48;
/// No unit is longer.
const LONGEST_UNIT: usize = 16;

impl<'a> Spelled<'a> {
    /// What a text is, if it is a number in some spelling.
    pub fn of(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let digits = |text: &str| text.bytes().any(|byte| byte.is_ascii_digit());
        // Most texts are none.
        if text.len() > LONGEST || !digits(text) {
            return None;
        }
        amount(text)
            .or_else(|| bound(text))
            .or_else(|| with_unit(text))
            .or_else(|| amount_with_unit(text))
            .or_else(|| marked(text))
            .or_else(|| underscored(text))
    }

    fn new(size: &'a str, beside: Beside<'a>) -> Option<Self> {
        let marks = Marks::of(size);
        (!marks.is_none()).then_some(Spelled { marks, beside, size })
    }
}

fn amount(text: &str) -> Option<Spelled<'_>> {
    let Amount { parentheses, mark, size, .. } = Amount::of(text)?;
    let beside = match mark {
        Some(Mark::Currency(_)) => Beside::Currency,
        Some(Mark::Percent) => Beside::Percent,
        None if parentheses => Beside::Parentheses,
        None => Beside::Nothing,
    };
    Spelled::new(size, beside)
}

fn bound(text: &str) -> Option<Spelled<'_>> {
    let signs = ["<=", ">=", "<", ">", "≤", "≥", "~", "≈"];
    let before = signs.iter().find_map(|sign| text.strip_prefix(sign));
    let inner = amount(before.or_else(|| text.strip_suffix('+'))?)?;
    Some(Spelled { beside: Beside::Bound, ..inner })
}

/// Whether a unit says how many times a number is meant: `M` of `1.2M`.
pub fn is_multiplier(unit: &str) -> bool {
    const WORDS: [&str; 14] = [
        "bn", "mn", "mm", "mio", "mrd", "tsd", "mil", "mln", "thousand", "million", "billion",
        "trillion", "lakh", "crore",
    ];
    let unit = unit.trim_end_matches('.');
    let known = |unit: &str| WORDS.contains(&unit.to_lowercase().as_str());
    matches!(unit, "K" | "k" | "M" | "B" | "T") || known(unit)
}

/// An amount of money with a unit behind its digits, mostly a multiplier: `€1.2M`, `-1.2M €`.
fn amount_with_unit(text: &str) -> Option<Spelled<'_>> {
    let inside = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or(text);
    let unsigned = inside.strip_prefix(['+', '-', '−']).unwrap_or(inside).trim();
    let rest = match Currency::before(unsigned) {
        Some((_, rest)) => rest,
        None => Currency::after(unsigned)?.1,
    };
    with_unit(rest.trim())
}

/// A number with one sign beside it that is no part of it.
fn marked(text: &str) -> Option<Spelled<'_>> {
    let plain = |inner: &'_ str| inner.trim().starts_with(|sign: char| sign.is_ascii_digit());
    if let Some(inner) = text.strip_prefix(['#', '№']) {
        let inner = amount(inner.trim()).filter(|it| it.beside == Beside::Nothing && plain(inner));
        return Some(Spelled { beside: Beside::NumberSign, ..inner? });
    }
    if let Some(inner) = text.strip_suffix(['-', '−']) {
        let is = |it: &Spelled<'_>| matches!(it.beside, Beside::Nothing | Beside::Currency);
        let signed = inner.contains(['+', '-', '−']);
        return Some(Spelled {
            beside: Beside::Minus,
            ..amount(inner).filter(|it| is(it) && !signed)?
        });
    }
    let inner = text.trim_end_matches(['*', '†', '‡']);
    if inner.len() == text.len() {
        return None;
    }
    let inner = amount(inner).filter(|it| it.beside == Beside::Nothing)?;
    Some(Spelled { beside: Beside::Footnote, ..inner })
}

/// Groups of three digits apart by `_`: `1_000`.
fn underscored(text: &str) -> Option<Spelled<'_>> {
    let (whole, size) = text.strip_prefix(['+', '-', '−']).unwrap_or(text).rsplit_once('_')?;
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let last = size.split_once('.').map_or(size, |(last, _)| last);
    let mut groups = whole.split('_');
    let first = groups.next().is_some_and(|first| (1..=3).contains(&first.len()) && digits(first));
    let fits = first && groups.chain([last]).all(|group| group.len() == 3 && digits(group));
    fits.then_some(())?;
    Spelled::new(size, Beside::Underscores)
}

/// Digits with letters or a sign of measure behind them.
fn with_unit(text: &str) -> Option<Spelled<'_>> {
    let text = text.strip_prefix(['+', '-', '−']).unwrap_or(text);
    let of_number = |sign: char| {
        sign.is_ascii_digit()
            || [b',', b'.', b' ', b'\''].iter().any(|mark| number::is_between(sign, *mark))
    };
    let end = text.find(|sign| !of_number(sign))?;
    let (size, unit) = (text[..end].trim_end(), &text[end..]);
    let first = unit.chars().next()?;
    let fits = (first.is_alphabetic() || "°\"′″µΩ‰²³".contains(first))
        && unit.chars().count() <= LONGEST_UNIT
        && unit.chars().all(|sign| sign.is_alphabetic() || " °\"′″µΩ‰²³/·^.%()-".contains(sign));
    if fits { Spelled::new(size, Beside::Unit(unit)) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ways(size: &str) -> Vec<(char, char)> {
        let sign = |mark: Option<u8>| mark.map_or('-', char::from);
        Marks::of(size).ways().map(|(decimal, mark)| (decimal.into(), sign(mark))).collect()
    }

    #[test]
    fn digits_tell_which_marks_they_may_have() {
        assert_eq!(Marks::of("5"), Marks::ALL);
        assert_eq!(ways("63,5"), [(',', '-'), (',', '.'), (',', ' '), (',', '\'')]);
        assert_eq!(ways("1,234"), [(',', '-'), ('.', ','), (',', '.'), (',', ' '), (',', '\'')]);
        assert_eq!(ways("0,123"), ways("63,5"));
        assert_eq!(ways("1.234,56"), [(',', '.')]);
        assert_eq!(ways("1,234.56"), [('.', ',')]);
        assert_eq!(ways("1 234"), [('.', ' '), (',', ' ')]);
        assert_eq!(ways("1\u{a0}234,5"), [(',', ' ')]);
        assert_eq!(ways("1’234"), [('.', '\''), (',', '\'')]);
        assert!(Marks::of("1,23,4").is_none() && Marks::of("1.2.3").is_none());
        assert!(Marks::of("1,234").and(Marks::of("1.5")).has(b'.', Some(b',')));
    }

    #[test]
    fn what_stands_beside_a_number_is_told() {
        for (text, beside, size) in [
            ("1,234", Beside::Nothing, "1,234"),
            ("-1 234", Beside::Nothing, "1 234"),
            ("$1,234", Beside::Currency, "1,234"),
            ("12,50 €", Beside::Currency, "12,50"),
            ("($5)", Beside::Currency, "5"),
            ("(5)", Beside::Parentheses, "5"),
            ("12 %", Beside::Percent, "12"),
            ("<0.5", Beside::Bound, "0.5"),
            (">= 7", Beside::Bound, "7"),
            ("10,000+", Beside::Bound, "10,000"),
            ("5 kg", Beside::Unit("kg"), "5"),
            ("1.37kg", Beside::Unit("kg"), "1.37"),
            ("-3.5 °C", Beside::Unit("°C"), "3.5"),
            ("1 248 CC", Beside::Unit("CC"), "1 248"),
            ("36 months", Beside::Unit("months"), "36"),
            ("9 l/100 km", Beside::Unit("l/"), ""),
            ("€110.5M", Beside::Unit("M"), "110.5"),
            ("-$1.2B", Beside::Unit("B"), "1.2"),
            ("($3K)", Beside::Unit("K"), "3"),
            ("1,2 Mio €", Beside::Unit("Mio"), "1,2"),
            ("5.00-", Beside::Minus, "5.00"),
            ("1.234,50−", Beside::Minus, "1.234,50"),
            ("$5-", Beside::Minus, "5"),
            ("-5-", Beside::Minus, ""),
            ("#12", Beside::NumberSign, "12"),
            ("# 1,200", Beside::NumberSign, "1,200"),
            ("#-1", Beside::NumberSign, ""),
            ("12*", Beside::Footnote, "12"),
            ("1,234 **", Beside::Footnote, "1,234"),
            ("1_000", Beside::Underscores, "000"),
            ("-12_345_678.5", Beside::Underscores, "678.5"),
            ("1_00", Beside::Underscores, ""),
            ("2020_001", Beside::Underscores, ""),
            ("a_000", Beside::Underscores, ""),
        ] {
            let found = Spelled::of(text);
            match size {
                "" => assert_eq!(found, None, "{text}"),
                size => {
                    let found = found.map(|spelled| (spelled.beside, spelled.size));
                    assert_eq!(found, Some((beside, size)), "{text}");
                }
            }
        }
    }

    #[test]
    fn words_codes_dates_and_times_are_no_numbers() {
        for text in [
            "",
            "kg",
            "A12",
            "P001",
            "id-7",
            "T4",
            "2011-01-31",
            "1.2.2011",
            "1/2/2011",
            "12:30",
            "10-20",
            "1st floor, 12",
            "192.168.1.1",
            "12a4",
            "5'11\"",
            "1.2.3",
            "C536379",
            "A/5 21171",
            "123-45-6789",
            "unknown",
            "1 2 3 4 5",
        ] {
            assert_eq!(Spelled::of(text), None, "{text}");
        }
    }
}
