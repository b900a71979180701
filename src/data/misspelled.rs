//! The error for numbers that are written in another way than they are read, with the option that
//! reads them.

use super::number::NumberFormat;
use super::number_spelling::{Beside, Marks, Spelled};
use super::refusal::{Asked, Role, key, literal};
use super::survey::Token;
use super::table::Cell;
use crate::error::{Error, quoted};

impl Asked<'_> {
    /// The error for texts that are numbers in another spelling, each with one of these marks.
    pub(super) fn misspelled(&self, spelled: &[Token], marks: Marks) -> Error {
        let first = spelled.first().map_or_else(String::new, |token| quoted(&token.text));
        let others = match spelled.len() {
            0 | 1 => "is a number".to_owned(),
            2 => "and 1 other text are numbers".to_owned(),
            texts => format!("and {} other texts are numbers", texts - 1),
        };
        let cells: usize = spelled.iter().map(|token| token.cells).sum();
        let observed = self.profile.observed;
        let (written, cure) = self.written(spelled, marks);
        let names = self.as_names();
        let message = format!(
            "{first} {others} {written}, in {cells} of {observed} cells; {cure}, or {names}"
        );
        self.error(message, spelled)
    }

    /// How such numbers are written, and what to do about it.
    fn written(&self, spelled: &[Token], marks: Marks) -> (String, String) {
        let beside: Vec<Beside<'_>> =
            spelled.iter().filter_map(|token| Some(Spelled::of(&token.text)?.beside)).collect();
        let is = |all: &[Beside<'_>]| beside.iter().all(|one| all.contains(one));
        let money = [Beside::Nothing, Beside::Parentheses, Beside::Currency];
        let unit = beside.iter().find_map(|one| match one {
            Beside::Unit(unit) => Some(*unit),
            _ => None,
        });
        if let Some(unit) = unit {
            let written = format!("with a unit, such as {}, behind them", quoted(unit));
            return (written, "strip it from the cells".to_owned());
        }
        if beside.contains(&Beside::Bound) {
            return (
                "written with a comparison sign".to_owned(),
                "write a number for each".to_owned(),
            );
        }
        if is(&[Beside::Nothing]) {
            return self.marked(marks);
        }
        if is(&money) {
            let currency = beside.contains(&Beside::Currency);
            let sign = if currency { "a currency" } else { "parentheses" };
            return (format!("written with {sign}"), self.as_unit("currency"));
        }
        if is(&[Beside::Percent]) && self.profile.numbers == 0 {
            let cure = format!("{} to read 12% as 0.12", self.as_unit("percent"));
            return ("written with a percent sign".to_owned(), cure);
        }
        let cure = "write all numbers of the column in one way".to_owned();
        ("written in several ways".to_owned(), cure)
    }

    /// The same of numbers that have other marks than the format.
    fn marked(&self, marks: Marks) -> (String, String) {
        let NumberFormat { decimal, thousands, .. } = self.format;
        // With this decimal mark, else the other one.
        let this = marks.ways().find(|(mark, _)| *mark == decimal);
        let Some((mark, between)) = this.or_else(|| marks.ways().next()) else {
            let cure = "write all numbers of the column in one way".to_owned();
            return ("written with several decimal signs".to_owned(), cure);
        };
        let mut options = Vec::new();
        if mark != decimal {
            options.push(format!("decimal: '{}'", char::from(mark)));
        }
        if let Some(between) = between.filter(|between| Some(*between) != thousands) {
            options.push(format!("thousands: {}", literal(&char::from(between).to_string())));
        }
        let written = match between {
            None => format!("with the decimal sign '{}'", char::from(mark)),
            Some(b' ') => "with blanks between thousands".to_owned(),
            Some(between) => format!("with '{}' between thousands", char::from(between)),
        };
        (written, format!("set csv: {{ {} }}", options.join(", ")))
    }

    /// What to set for numbers with such a unit.
    fn as_unit(&self, unit: &str) -> String {
        let key = key(self.column.name());
        match self.role {
            Role::Feature | Role::Weight => {
                format!("set features: {{ types: {{ {key}: '{unit}' }} }}")
            }
            Role::Target => {
                format!("set targets: {{ {key}: {{ type: 'regression', format: '{unit}' }} }}")
            }
        }
    }
}

/// What reads a text that is no number as it stands, for a message.
pub fn hint(cell: Cell<'_>) -> &'static str {
    let Cell::Text(text) = cell else { return "" };
    match Spelled::of(text).map(|spelled| spelled.beside) {
        Some(Beside::Currency | Beside::Parentheses) => "; 'currency' reads it",
        Some(Beside::Percent) => "; 'percent' reads it",
        Some(Beside::Nothing) => "; csv.decimal and csv.thousands say how numbers are written",
        _ => "",
    }
}
