//! Which of some names a cell is: the same value is the same name, however a file, a row of
//! JavaScript or a database writes it.

use super::number::{self, NumberFormat};
use super::spelling::{Exact, is_inexact, is_plain, of_number, spelling, timed};
use super::table::Cell;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// How cells are compared with names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Identity {
    /// As in models of before: as doubles where all names are different ones, else by text.
    #[default]
    Double,
    /// By number where a name is one, however it is written.
    Number,
    /// The same, since training knew one way to write each number; where labels to come write one
    /// in two ways, they may not mean the same.
    Value,
    /// By how they are written, since training knew several ways to write what is one double.
    Text,
}

impl Identity {
    /// Whether it is that of models of before, which is not saved.
    pub fn is_double(&self) -> bool {
        *self == Identity::Double
    }
}

/// What a cell is among the names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// The name with this code.
    Code(u32),
    /// Missing, or none of them.
    Unseen,
    /// Not to be told; this was expected of the cell.
    Refused(&'static str),
}

impl Found {
    /// The code, if there is one.
    pub fn code(self) -> Option<u32> {
        match self {
            Found::Code(code) => Some(code),
            _ => None,
        }
    }
}

/// The names, to be looked up.
#[derive(Debug, Clone, PartialEq)]
pub struct Lookup {
    identity: Identity,
    format: NumberFormat,
    texts: HashMap<String, u32>,
    /// By the usual spelling, of names that have another one.
    usual: HashMap<String, u32>,
    /// By double, of names that are numbers: among other texts those in plain digits, as there
    /// `007` and `1E5` are texts too.
    numbers: HashMap<u64, u32>,
    /// By double, of names that are codes, such as `007` among other texts, where one alone is it:
    /// for numbers of JavaScript, which have no zeros in front.
    codes: HashMap<u64, Option<u32>>,
    all_numbers: bool,
    /// Whether there are days of the calendar among them, none with a time.
    days: bool,
    sides: Option<Sides>,
}

/// The codes of false and true.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Sides {
    codes: [u32; 2],
    /// Whether they are words rather than a letter or a digit each.
    words: bool,
}

impl Lookup {
    /// These names. They are compared by text if some are the same double.
    pub fn new(names: &[String], format: NumberFormat, identity: Identity) -> Self {
        let parsed: Vec<Option<u64>> =
            names.iter().map(|name| number::parse(name, format).map(key)).collect();
        let all_numbers = parsed.iter().all(Option::is_some);
        let is_number = |name: &str| all_numbers || is_plain(name, format);
        let numbered: Vec<(u64, u32)> = (0..)
            .zip(names.iter().zip(&parsed))
            .filter(|(_, (name, _))| is_number(name))
            .filter_map(|(code, (_, number))| Some(((*number)?, code)))
            .collect();
        let numbers: HashMap<u64, u32> = numbered.iter().copied().collect();
        let alike = numbers.len() < numbered.len();
        let mut codes: HashMap<u64, Option<u32>> = HashMap::new();
        for (code, (name, number)) in (0..).zip(names.iter().zip(&parsed)) {
            let Some(number) = number.filter(|_| !all_numbers && number::has_leading_zero(name))
            else {
                continue;
            };
            codes.entry(number).and_modify(|code| *code = None).or_insert(Some(code));
        }
        let mut made = Lookup {
            identity,
            format,
            texts: names.iter().cloned().zip(0..).collect(),
            usual: HashMap::new(),
            numbers,
            codes,
            all_numbers,
            days: false,
            sides: None,
        };
        if identity == Identity::Double {
            // Names that are one number twice can only come from a damaged file: go by text then.
            made.all_numbers = all_numbers && !alike;
            return made;
        }
        if alike {
            made.identity = Identity::Text;
        }
        let (mut days, mut times) = (false, false);
        for (name, code) in names.iter().zip(0..) {
            let usual = spelling(name, format);
            match timed(&usual) {
                Some(true) => times = true,
                Some(false) => days = true,
                None => {}
            }
            if usual != name.as_str() {
                made.usual.insert(usual.into_owned(), code);
            }
        }
        made.days = days && !times;
        made.sides = made.sides(names);
        made
    }

    /// How cells are compared.
    pub fn identity(&self) -> Identity {
        self.identity
    }

    /// Whether some name is a number.
    pub fn any_number(&self) -> bool {
        !self.numbers.is_empty()
    }

    /// Whether all are, and can be told apart as such.
    pub fn all_numbers(&self) -> bool {
        self.all_numbers
    }

    /// What a cell is among the names, which are those it was made of.
    #[inline]
    pub fn find(&self, names: &[String], cell: Cell<'_>) -> Found {
        let code = match cell {
            Cell::Missing => None,
            _ if self.identity == Identity::Double => self.by_double(cell),
            Cell::Text(text) => match self.texts.get(text) {
                Some(code) => Some(*code),
                None => return self.by_value(names, text),
            },
            Cell::Number(number) => return self.by_number(number),
        };
        code.map_or(Found::Unseen, Found::Code)
    }

    /// Whether some name is true or false, in any of the ways to write them.
    pub fn any_boolean(&self) -> bool {
        self.sides.is_some() || ["true", "false"].iter().any(|it| self.by_spelling(it).is_some())
    }

    /// As models of before do.
    fn by_double(&self, cell: Cell<'_>) -> Option<u32> {
        if self.all_numbers {
            return self.numbers.get(&key(number::of(cell, self.format)?)).copied();
        }
        match cell {
            Cell::Missing => None,
            Cell::Text(text) => self.texts.get(text).copied(),
            Cell::Number(number) => self.texts.get(&number.to_string()).copied(),
        }
    }

    fn by_number(&self, number: f64) -> Found {
        let same = self.numbers.get(&key(number)).copied();
        match same {
            Some(_) if is_inexact(number) => Found::Refused(
                "a string, as JavaScript's numbers do not tell whole numbers past 2^53 apart",
            ),
            Some(code) if self.identity != Identity::Text => Found::Code(code),
            _ => {
                let text = of_number(number, self.format);
                let usual = spelling(&text, self.format);
                match (self.by_spelling(&usual), same) {
                    (Some(code), _) => Found::Code(code),
                    (None, Some(_)) => Found::Refused(
                        "a string, as numbers of this column are written in several ways",
                    ),
                    (None, None) => match self.codes.get(&key(number)) {
                        Some(Some(code)) if !is_inexact(number) => Found::Code(*code),
                        _ => self.by_side(&usual),
                    },
                }
            }
        }
    }

    /// What a text is that is not one of the names.
    #[cold]
    fn by_value(&self, names: &[String], text: &str) -> Found {
        let usual = spelling(text, self.format);
        if let Some(code) = self.by_spelling(&usual).or_else(|| self.by_exact(names, &usual)) {
            return Found::Code(code);
        }
        if self.days && timed(&usual) == Some(true) {
            return Found::Refused("a day without a time, as the days among the categories are");
        }
        if self.all_numbers && self.format.decimal != b'.' {
            let pointed = number::parse(&usual, NumberFormat::POINT);
            if pointed.is_some_and(|number| self.numbers.contains_key(&key(number))) {
                return Found::Refused("a number with the model's decimal mark");
            }
        }
        self.by_side(&usual)
    }

    fn by_spelling(&self, usual: &str) -> Option<u32> {
        self.texts.get(usual).or_else(|| self.usual.get(usual)).copied()
    }

    fn by_exact(&self, names: &[String], usual: &str) -> Option<u32> {
        let comparable = self.all_numbers || is_plain(usual, self.format);
        if self.identity == Identity::Text || !comparable {
            return None;
        }
        let code = *self.numbers.get(&key(number::parse(usual, self.format)?))?;
        let exact = |text: &str| Exact::of(text, self.format);
        (exact(names.get(code as usize)?) == exact(usual)).then_some(code)
    }

    /// The codes of false and true: names that are these words, in any capitals, or else their first
    /// letters; or 0 and 1 if there are no others.
    fn sides(&self, names: &[String]) -> Option<Sides> {
        let of = |word: &str| {
            let mut all = names.iter().zip(0..).filter(|(name, _)| name.eq_ignore_ascii_case(word));
            all.next().map(|(_, code)| code).filter(|_| all.next().is_none())
        };
        let (words, letters) = ((of("false"), of("true")), (of("f"), of("t")));
        let digit = |number: f64| self.numbers.get(&key(number)).copied();
        match (words, letters) {
            ((Some(no), Some(yes)), (None, None)) => Some(Sides { codes: [no, yes], words: true }),
            ((None, None), (Some(no), Some(yes))) => Some(Sides { codes: [no, yes], words: false }),
            ((None, None), (None, None)) if names.len() == 2 => {
                Some(Sides { codes: [digit(0.0)?, digit(1.0)?], words: false })
            }
            _ => None,
        }
    }

    /// A boolean, which is `true` of JavaScript, `True` of Python, `t` of PostgreSQL and 1 of MySQL.
    fn by_side(&self, usual: &str) -> Found {
        let Some(Sides { codes: [no, yes], words }) = self.sides else { return Found::Unseen };
        let digits = words && !self.any_number();
        Found::Code(match usual {
            "true" => yes,
            "false" => no,
            "t" | "T" if words => yes,
            "f" | "F" if words => no,
            "1" if digits => yes,
            "0" if digits => no,
            _ => return Found::Unseen,
        })
    }
}

/// Equal numbers have equal keys, zero and minus zero too.
fn key(number: f64) -> u64 {
    (number + 0.0).to_bits()
}
