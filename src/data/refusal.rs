//! The errors for columns that would be misread because of a few of their values: numbers or dates
//! with other texts among them, amounts in several currencies. Each names what stands there, how
//! often and where, and prints the options that say what it means.

use super::column::Column;
use super::marks::points;
use super::missing::MissingTokens;
use super::number::{self, NumberFormat};
use super::number_spelling::Marks;
use super::numberlike::Numberlike;
use super::profile::{Profile, shown};
use super::survey::{Survey, Token};
use super::table::Table;
use super::unit::Unit;
use crate::error::{Code, Error, Result, quoted};
use std::collections::HashSet;

/// How many texts a message names.
const NAMED: usize = 5;
/// So many texts are printed as an option to paste: all of them or none.
const PASTED: usize = 20;
/// So few different dates may be names of something.
const FEW_DATES: usize = 2;

/// What a column is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// To learn from.
    Feature,
    /// To be predicted.
    Target,
    /// To weigh rows.
    Weight,
}

/// A column of which the type is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Where it stands.
    pub table: &'a Table,
    /// The column.
    pub column: &'a Column,
    /// What its cells are.
    pub profile: &'a Profile,
    /// How numbers are read.
    pub format: NumberFormat,
    /// What it is for.
    pub role: Role,
    /// What is missing, as the options say; none for the tokens by default.
    pub missing: Option<&'a MissingTokens>,
}

impl Asked<'_> {
    /// An error if the column would be taken for one of texts because of a few of its values, or
    /// because of how its numbers are written.
    pub fn refuse_mixture(&self) -> Result<()> {
        let Profile { observed, numbers, codes, .. } = *self.profile;
        let dates = self.profile.dates.cells;
        if dates > 0 && dates < observed {
            let (survey, distinct) = Survey::beside_dates(self.column);
            let others = survey.others.len();
            // Notes that hardly repeat are no categories, however few days there are.
            let notes = 2 * dates > observed && observed - dates < 2 * others;
            if distinct > FEW_DATES && (distinct > others || notes) {
                return Err(self.stray(dates, "dates", &survey.others));
            }
        }
        if numbers == observed && codes > 0 {
            return self.refuse_stray_codes();
        }
        match Numberlike::of(self.column, self.profile, self.format) {
            None | Some(Numberlike { few: true, .. }) => Ok(()),
            Some(Numberlike { spelled, words, .. }) if spelled.is_empty() => {
                Err(self.stray(numbers, "numbers", &words))
            }
            Some(Numberlike { spelled, marks, .. }) => {
                let pointed = points(self.column).map_or(Marks::ALL, |(marks, _)| marks);
                Err(self.misspelled(&spelled, marks.and(pointed)))
            }
        }
    }

    /// The unit of a column that was declared to have one, with its currency: an error at the first
    /// cell that is none such, or has another currency than those before.
    pub fn require_unit(&self, unit: Unit, why: &str) -> Result<Unit> {
        let Asked { table, column, .. } = *self;
        let (is, why) = (unit.expects(), format!("{why} '{}'", unit.name()));
        self.require_numbers(&is, &why)?;
        let Unit::Currency { .. } = unit else { return Ok(unit) };
        let mut one = None;
        let mut tokens = Survey::of_all(column).others;
        tokens.sort_by_key(|token| token.first);
        for token in tokens {
            let Some(found) = Unit::currency_of(&token.text) else { continue };
            let (currency, first) = *one.get_or_insert((found, token.first));
            if currency != found {
                let message = format!(
                    "{} is in another currency than {} ({}), so that the amounts are not to be \
                     compared; convert one of them",
                    quoted(&token.text),
                    self.shown(first),
                    table.row_name(first),
                );
                return Err(self.error_at(message, token.first));
            }
        }
        Ok(Unit::Currency { currency: one.map(|(currency, _)| currency) })
    }

    /// Digits with leading zeros are codes, and so is a column of them; a few among numbers are
    /// not, unless all have as many digits.
    fn refuse_stray_codes(&self) -> Result<()> {
        let (mut lengths, mut others) = (HashSet::new(), 0);
        let mut seen = Survey::of_all(self.column).others;
        seen.retain(|token| {
            let is_code = number::has_leading_zero(&token.text);
            lengths.insert(token.text.trim().len());
            others += usize::from(!is_code);
            is_code
        });
        let apart = !self.profile.whole || lengths.len() > 1;
        if !apart || others <= 10 * seen.len() {
            return Ok(());
        }
        let message = format!(
            "{} of {} cells are numbers, but not {}, with leading zeros as codes have them; {}, or \
             {}",
            self.profile.observed - self.profile.codes,
            self.profile.observed,
            self.listed(&seen),
            self.as_numbers(),
            self.as_names(),
        );
        Err(self.error(message, &seen))
    }

    /// The error for a few other texts among numbers or dates.
    fn stray(&self, count: usize, what: &str, others: &[Token]) -> Error {
        let message = format!(
            "{count} of {} cells are {what}, but not {}; {}, or {}",
            self.profile.observed,
            self.listed(others),
            self.as_missing(others),
            self.as_names(),
        );
        self.error(message, others)
    }

    /// What to set if these texts mean missing cells: the whole option, with the tokens that were
    /// given before.
    pub(super) fn as_missing(&self, others: &[Token]) -> String {
        let means = match others.len() {
            1 => "it means a missing cell",
            _ => "they mean missing cells",
        };
        if others.len() > PASTED {
            return format!("correct them, or list them all in csv.missing if {means}");
        }
        let given = self.missing.map_or(&[][..], |missing| missing.lists()[1]);
        let only = self.missing.is_some_and(MissingTokens::replace_defaults);
        let tokens = given.iter().chain(others.iter().map(|token| &token.text));
        let list = tokens.map(|text| literal(text)).collect::<Vec<_>>().join(", ");
        match only {
            true => format!("set csv: {{ missing: {{ only: [{list}] }} }} if {means}"),
            false => format!("set csv: {{ missing: [{list}] }} if {means}"),
        }
    }

    /// Texts with their counts and where each stands first.
    pub(super) fn listed(&self, tokens: &[Token]) -> String {
        let named = tokens.iter().take(NAMED).map(|token| {
            let place = self.table.row_name(token.first);
            let cells = match token.cells {
                1 => format!("1 cell, in {place}"),
                cells => format!("{cells} cells, the first in {place}"),
            };
            format!("{} ({cells})", quoted(&token.text))
        });
        let named: Vec<String> = named.collect();
        let more = match tokens.len().saturating_sub(NAMED) {
            0 => String::new(),
            1 => " and 1 other text".to_owned(),
            more => format!(" and {more} other texts"),
        };
        format!("{}{more}", named.join(", "))
    }

    /// What to set if the texts are names.
    pub fn as_names(&self) -> String {
        let key = key(self.column.name());
        match self.role {
            Role::Feature => {
                format!("set features: {{ types: {{ {key}: 'categorical' }} }} if they are names")
            }
            Role::Target => {
                format!("set targets: {{ {key}: 'classification' }} if they are classes")
            }
            Role::Weight => "name another column in sampleWeights".to_owned(),
        }
    }

    fn as_numbers(&self) -> String {
        let key = key(self.column.name());
        match self.role {
            Role::Feature | Role::Weight => {
                format!("set features: {{ types: {{ {key}: 'numeric' }} }} if they are numbers")
            }
            Role::Target => format!("set targets: {{ {key}: 'regression' }} if they are numbers"),
        }
    }

    /// A cell as a message shows it.
    pub fn shown(&self, row: usize) -> String {
        shown(self.column, row)
    }

    /// An error at the first of these texts.
    pub(super) fn error(&self, message: String, tokens: &[Token]) -> Error {
        self.error_at(message, tokens.iter().map(|token| token.first).min().unwrap_or(0))
    }

    /// An error at a row.
    pub fn error_at(&self, message: String, row: usize) -> Error {
        let error = Error::new(Code::Schema, message).column(self.column.name());
        let error = match self.role {
            Role::Feature | Role::Weight => error,
            Role::Target => error.task(self.column.name()),
        };
        self.table.place(error, row)
    }
}

/// A text as JavaScript writes it.
pub fn literal(text: &str) -> String {
    format!("'{}'", text.escape_debug().to_string().replace("\\\"", "\""))
}

/// A name as the key of an object in JavaScript.
pub fn key(name: &str) -> String {
    let letter = |sign: char| sign.is_ascii_alphabetic() || matches!(sign, '_' | '$');
    let plain =
        name.starts_with(letter) && name.chars().all(|sign| letter(sign) || sign.is_ascii_digit());
    if plain { name.to_owned() } else { literal(name) }
}

#[cfg(test)]
#[path = "refusal_tests.rs"]
mod tests;
