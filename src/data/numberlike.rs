//! Whether a column is one of numbers, though some of its cells are none as they are read. What
//! decides is which different values stand there, and not in how many rows: a text that stands in
//! most of the rows is one text. Only texts that hardly repeat are weighed by their rows.

use super::column::Column;
use super::number::NumberFormat;
use super::number_spelling::{self, Beside, Marks, Spelled};
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
        let codes = words.iter().filter(|word| is_code(&word.text)).count();
        let noted = 2 * codes <= words.len();
        let cells = profile.numbers + spelled.iter().map(|token| token.cells).sum::<usize>();
        // Notes that all differ may well be more than the numbers, of which each repeats.
        let once = profile.observed - cells.min(profile.observed) < 2 * words.len();
        let stray = once && 2 * cells > profile.observed && (noted || measured);
        let among = numbers > words.len() && (in_few_words || measured || noted);
        if !(among || stray) {
            return None;
        }
        let repeated = numbers <= FEW_NUMBERS && cells >= 3 * numbers;
        let whole = profile.whole || !spelled.is_empty();
        let notes = once && noted && words.len() > FEW_TEXTS;
        let few = numbers <= 2 || (whole && repeated && !notes);
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
        if number_spelling::is_multiplier(unit) {
            units.insert("M");
            continue;
        }
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

/// Whether a text is a code rather than a note: letters with digits, and no words: `A12`, `85123A`,
/// `PC 17599`; but neither `see note 17` nor `10-15`.
fn is_code(text: &str) -> bool {
    let is_word = |part: &str| {
        let part = part.trim_matches(|sign: char| sign.is_ascii_punctuation());
        part.chars().count() >= 3 && part.chars().all(char::is_alphabetic)
    };
    let digit = text.bytes().any(|byte| byte.is_ascii_digit());
    let letter = text.chars().any(char::is_alphabetic);
    let small = text.split(|sign: char| !sign.is_lowercase()).any(|run| run.chars().count() >= 2);
    digit && letter && !small && text.split_whitespace().filter(|part| is_word(part)).count() < 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_letters_and_digits_and_no_words() {
        for code in ["A12", "B7", "85123A", "C536379", "PC 17599", "A/5 21171", "12a", "W./C. 6608"]
        {
            assert!(is_code(code), "{code}");
        }
        for note in ["see note 17", "10-15", "17?", "12:30", "unknown", "SEE NOTE 17", "n/a", "2nd"]
        {
            assert!(!is_code(note), "{note}");
        }
    }
}
