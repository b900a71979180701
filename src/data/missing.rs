//! Which cells mean that nothing is there: the tokens by default and those given, and how a text or
//! a number is found among them.

use super::date;
use super::number::{self, NumberFormat};
use super::spelling::moment;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The tokens by default, beside the empty cell: what pandas' `read_csv` takes for missing, then
/// `\N`, which databases write, and `?`.
pub const USUAL: [&str; 20] = [
    "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>",
    "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null", "\\N", "?",
];

/// By default also missing where all other cells are numbers, or dates: elsewhere they may well be
/// categories.
const NUMERIC: [&str; 2] = ["-", "."];

/// The tokens of a model file that names none.
const UNNAMED: [&str; 7] = ["NA", "N/A", "NaN", "nan", "null", "NULL", "?"];

/// A token may begin with the byte.
const FIRST: u8 = 1;
/// A token may end with the byte.
const LAST: u8 = 2;

/// The longest number of digits that a double always tells apart.
const DIGITS: usize = 15;

/// The tokens for missing cells. An empty cell, or one of blanks, is missing whatever they are.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "Listed", into = "Listed")]
pub struct MissingTokens {
    listed: Listed,
    /// All of them.
    all: Vec<String>,
    /// Those that may be numbers.
    figures: Vec<String>,
    /// By byte, whether a cell that is a token may begin or end with it: hardly any cell of numbers
    /// does, so that most cells are looked at no further. Blanks around a token count too.
    ends: [u8; 256],
}

/// What is saved of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    /// Those by default.
    default: Vec<String>,
    /// Those the user gave.
    given: Vec<String>,
    /// Those by default in columns of numbers and of dates.
    numeric: Vec<String>,
}

impl From<MissingTokens> for Listed {
    fn from(tokens: MissingTokens) -> Self {
        tokens.listed
    }
}

impl From<Listed> for MissingTokens {
    fn from(listed: Listed) -> Self {
        let mut all: Vec<String> = Vec::new();
        for token in [&listed.default, &listed.given, &listed.numeric].into_iter().flatten() {
            if !token.is_empty() && !all.contains(token) {
                all.push(token.clone());
            }
        }
        let mut ends = [0; 256];
        ends[128..].fill(FIRST | LAST);
        ends[..=usize::from(b' ')].fill(FIRST | LAST);
        for token in &all {
            if let [first, ..] = token.as_bytes() {
                ends[usize::from(*first)] |= FIRST;
            }
            if let [.., last] = token.as_bytes() {
                ends[usize::from(*last)] |= LAST;
            }
        }
        let figure = |token: &&String| {
            token.bytes().any(|byte| byte.is_ascii_digit()) && !token.contains('#')
        };
        let figures = all.iter().filter(figure).cloned().collect();
        MissingTokens { listed, all, figures, ends }
    }
}

impl fmt::Debug for MissingTokens {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.listed.fmt(to)
    }
}

impl Default for MissingTokens {
    /// Those by default.
    fn default() -> Self {
        Self::listed(&USUAL, Vec::new(), &NUMERIC)
    }
}

impl MissingTokens {
    fn listed(default: &[&str], given: Vec<String>, numeric: &[&str]) -> Self {
        let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
        Listed { default: texts(default), given, numeric: texts(numeric) }.into()
    }

    /// Those of a model file that names none: what an earlier version took for missing.
    pub fn unnamed() -> Self {
        Self::listed(&UNNAMED, Vec::new(), &[])
    }

    /// Whether they are those, and need not be written.
    pub fn is_unnamed(&self) -> bool {
        *self == Self::unnamed()
    }

    /// Only these.
    pub fn only(tokens: Vec<String>) -> Self {
        Self::listed(&[], trimmed(tokens), &[])
    }

    /// These beside those that are there. A default one that is named is one that the user gave;
    /// but not where all are named, as the options of a model show them.
    pub fn with(&self, tokens: Vec<String>) -> Self {
        let mut listed = self.listed.clone();
        let tokens = trimmed(tokens);
        let all = listed.default.iter().all(|token| tokens.contains(token));
        for token in tokens {
            if !all {
                listed.default.retain(|other| *other != token);
            }
            if !listed.given.contains(&token) && !listed.default.contains(&token) {
                listed.given.push(token);
            }
        }
        listed.into()
    }

    /// Those by default, those the user gave, and those that are missing only among numbers and
    /// dates.
    pub fn lists(&self) -> [&[String]; 3] {
        [&self.listed.default, &self.listed.given, &self.listed.numeric]
    }

    /// Whether they replace those by default.
    pub fn replace_defaults(&self) -> bool {
        self.listed.numeric.is_empty()
    }

    /// The number of the token that a cell is, counted from 1, 0 for an empty one; none if it is
    /// not missing. Blanks around it do not count.
    pub fn token(&self, cell: &str) -> Option<u32> {
        self.token_in(cell, 0, cell.len())
    }

    /// The same of the cell `text[from..to]`.
    #[inline(always)]
    pub fn token_in(&self, text: &str, from: usize, to: usize) -> Option<u32> {
        if from == to {
            return Some(0);
        }
        let bytes = text.as_bytes();
        let (first, last) = (bytes[from], bytes[to - 1]);
        if self.ends[usize::from(first)] & FIRST == 0 || self.ends[usize::from(last)] & LAST == 0 {
            return None;
        }
        self.find(&text[from..to])
    }

    #[inline(never)]
    fn find(&self, cell: &str) -> Option<u32> {
        match cell.trim() {
            "" => Some(0),
            cell => self.all.iter().zip(1..).find_map(|(token, at)| (token == cell).then_some(at)),
        }
    }

    /// Whether a text is empty or one of the tokens.
    pub fn is(&self, cell: &str) -> bool {
        self.token(cell).is_some()
    }

    /// The token of that number.
    pub fn word(&self, number: u32) -> Option<&str> {
        let at = (number as usize).checked_sub(1)?;
        self.all.get(at).map(String::as_str)
    }

    /// Whether a token is missing only in columns of numbers or dates.
    pub fn is_numeric(&self, token: &str) -> bool {
        let Listed { default, given, numeric } = &self.listed;
        let has = |list: &[String]| list.iter().any(|other| other == token);
        has(numeric) && !has(default) && !has(given)
    }

    /// Whether a token is there by default, without the user's saying so.
    pub fn is_default(&self, token: &str) -> bool {
        let Listed { default, given, numeric } = &self.listed;
        let has = |list: &[String]| list.iter().any(|other| other == token);
        (has(default) || has(numeric)) && !has(given)
    }

    /// The numbers among them, where numbers are written so, and the dates.
    pub fn numbers(&self, format: NumberFormat) -> MissingNumbers {
        let mut numbers =
            MissingNumbers { all: Vec::new(), texts: Vec::new(), days: Vec::new(), format };
        for token in &self.figures {
            if date::parse(token, None).is_some() {
                numbers.days.push(moment(token).unwrap_or_else(|| token.clone()));
            }
            // A token may be given as JavaScript writes it. What begins with a zero too many is a
            // code.
            let number = number::parse(token, format);
            let number = number.or_else(|| number::parse(token, NumberFormat::POINT));
            let Some(number) = number.filter(|_| !number::has_leading_zero(token)) else {
                continue;
            };
            numbers.texts.push(token.clone());
            numbers.all.push(number);
            // What single precision makes of it, as in a Float32Array. Whole numbers below 2^53 may
            // be others there.
            let single = f64::from(number as f32);
            if (number.fract() != 0.0 || number.abs() > WHOLE) && single.is_finite() {
                numbers.all.push(single);
            }
        }
        numbers
    }
}

/// Up to here a double tells whole numbers apart.
const WHOLE: f64 = 9_007_199_254_740_992.0;

/// The tokens that are numbers or dates: a cell that holds the same number, or the same day or time
/// in UTC, is missing however it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct MissingNumbers {
    all: Vec<f64>,
    /// As they were given.
    texts: Vec<String>,
    /// Those that are dates, in their usual spelling.
    days: Vec<String>,
    format: NumberFormat,
}

impl MissingNumbers {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty() && self.days.is_empty()
    }

    /// All of them.
    pub fn all(&self) -> &[f64] {
        &self.all
    }

    /// How numbers in texts are written.
    pub fn format(&self) -> NumberFormat {
        self.format
    }

    /// Whether a number is one of them.
    #[inline]
    pub fn has(&self, number: f64) -> bool {
        self.all.contains(&number)
    }

    /// Whether a text is one of them.
    pub fn has_text(&self, text: &str) -> bool {
        if self.is_empty() {
            return false;
        }
        let text = text.trim();
        if !self.days.is_empty() && text.len() > 10 {
            let usual = moment(text);
            if usual.is_some_and(|usual| self.days.contains(&usual)) {
                return true;
            }
        }
        let number = number::parse(text, self.format);
        if !number.is_some_and(|number| self.has(number)) || number::has_leading_zero(text) {
            return false;
        }
        // Of long numbers that a double does not tell apart the digits are compared.
        let is_long = |text: &str| {
            text.len() > DIGITS
                && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'+'))
        };
        let same = |other: &String| {
            number::parse(other, self.format) == number && (other == text || !is_long(other))
        };
        !is_long(text) || self.texts.iter().any(same)
    }

    /// The texts of an ONNX file that mean them: as given, and as programs write the number.
    pub fn spellings(&self) -> Vec<String> {
        let mut spellings: Vec<String> = Vec::new();
        for number in &self.all {
            let short = number.to_string();
            let long = if short.contains('.') { None } else { Some(format!("{short}.0")) };
            for text in [Some(short), long].into_iter().flatten() {
                if !self.texts.contains(&text) && !spellings.contains(&text) {
                    spellings.push(text);
                }
            }
        }
        spellings
    }
}

fn trimmed(tokens: Vec<String>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for token in tokens {
        let token = token.trim();
        if !token.is_empty() && !all.iter().any(|other| other == token) {
            all.push(token.to_owned());
        }
    }
    all
}

#[cfg(test)]
#[path = "missing_tests.rs"]
mod tests;
