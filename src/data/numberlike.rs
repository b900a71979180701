//! Whether a column is one of numbers, though some of its cells are none as they are read. What
//! decides is which different values stand there, and never in how many rows: a text that stands in
//! most of the rows is one text.

use super::column::Column;
use super::number::NumberFormat;
use super::number_spelling::{Beside, Marks, Spelled};
use super::profile::Profile;
use super::survey::{Survey, Token};
use std::collections::HashSet;

/// So few different texts may stand among any numbers; among many, one for ten numbers.
const FEW_TEXTS: usize = 5;
/// Up to so many different numbers, each of which stands in several rows, may be names.
const FEW_NUMBERS: usize = 10;
/// Of more units than this, they are part of names: `12 Main Street`.
const MOST_UNITS: usize = 3;

/// A column of numbers with other texts among them.
#[derive(Debug)]
pub struct Numberlike {
    /// Texts that are numbers in another spelling than the one that is read, the most frequent
    /// first.
    pub spelled: Vec<Token>,
    /// Texts that are no numbers, the most frequent first.
    pub words: Vec<Token>,
    /// The marks with which all of `spelled` are numbers.
    pub marks: Marks,
    /// There are so few different numbers, each in several rows, that they may be names.
    pub few: bool,
    /// Every one of `spelled` is two digits apart by a comma, the greater one last: two choices of
    /// a list as well as a number.
    pub lists: bool,
}

impl Numberlike {
    /// What a column is that holds more than numbers; none if it holds no numbers, or if texts
    /// are most of its different values, or codes that are numbers now and then: `A12, 7, B3`.
    pub fn of(column: &Column, profile: &Profile, format: NumberFormat) -> Option<Self> {
        if profile.numbers + profile.spelled == 0 || profile.numbers == profile.observed {
            return None;
        }
        let survey = Survey::beside_numbers(column, format);
        let units = are_units(&survey.others);
        let is_number = |token: &Token| match Spelled::of(&token.text) {
            Some(Spelled { beside: Beside::Unit(_), .. }) => units,
            spelled => spelled.is_some(),
        };
        let (spelled, words): (Vec<_>, Vec<_>) = survey.others.into_iter().partition(is_number);
        let forms = || spelled.iter().filter_map(|token| Spelled::of(&token.text));
        let numbers = profile.distinct_numbers + spelled.len();
        let priced =
            |spelled: Spelled<'_>| matches!(spelled.beside, Beside::Currency | Beside::Percent);
        let measured = !profile.whole || forms().any(priced);
        let in_few_words = words.len() <= FEW_TEXTS.max(numbers / 10);
        // Notes have no digits in them, and codes have.
        let noted = 2 * words.iter().filter(|word| !has_digit(&word.text)).count() >= words.len();
        if numbers <= words.len() || !(in_few_words || measured || noted) {
            return None;
        }
        let cells = profile.numbers + spelled.iter().map(|token| token.cells).sum::<usize>();
        let repeated = numbers <= FEW_NUMBERS && cells >= 3 * numbers;
        let whole = profile.whole || !spelled.is_empty();
        let few = numbers <= 2 || (whole && repeated);
        let marks =
            forms().fold(Marks::ALL, |marks, spelled| marks.and(Marks::shown_by(spelled.size)));
        let lists = forms().all(is_list);
        Some(Numberlike { spelled, words, marks, few, lists })
    }
}

/// Whether what stands behind numbers are units: one, or a few that do not look like the letters of
/// seats and rooms.
fn are_units(tokens: &[Token]) -> bool {
    let mut units = HashSet::new();
    for token in tokens {
        let Some(Spelled { beside: Beside::Unit(unit), .. }) = Spelled::of(&token.text) else {
            continue;
        };
        // One year and two years.
        let one = if unit.len() > 3 { unit.strip_suffix('s').unwrap_or(unit) } else { unit };
        units.insert(one);
        if units.len() > MOST_UNITS {
            return false;
        }
    }
    let letter = |unit: &&str| unit.len() == 1 && unit.bytes().all(|b| b.is_ascii_uppercase());
    units.len() <= 1 || !units.iter().any(|unit| letter(unit) && !"KMBGT".contains(*unit))
}

fn is_list(spelled: Spelled<'_>) -> bool {
    match spelled.size.as_bytes() {
        [first @ b'1'..=b'9', b',', second @ b'1'..=b'9'] => first < second,
        _ => false,
    }
}

fn has_digit(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
}
