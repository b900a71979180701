//! The errors for numbers that are written in another way than they are read, with the option that
//! reads them, and for what else stands where numbers must.

use super::number::{self, NumberFormat};
use super::number_spelling::{Beside, Marks, Spelled, is_multiplier};
use super::refusal::{Asked, Role, key, literal};
use super::survey::{Survey, Token};
use super::table::Cell;
use crate::error::{Error, Result, quoted};

const IN_ONE_WAY: &str = "write all numbers of the column in one way";

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
        let found: Vec<(&str, Spelled<'_>)> = spelled
            .iter()
            .filter_map(|token| Some((token.text.trim(), Spelled::of(&token.text)?)))
            .collect();
        let is = |all: &[Beside<'_>]| found.iter().all(|(_, one)| all.contains(&one.beside));
        let has = |one: Beside<'_>| found.iter().any(|(_, other)| other.beside == one);
        let them = if found.len() == 1 { "it" } else { "them" };
        let money = [Beside::Nothing, Beside::Parentheses, Beside::Currency];
        let unit = found.iter().find_map(|(text, one)| match one.beside {
            Beside::Unit(unit) => Some((*text, unit)),
            _ => None,
        });
        let answer = |written: String, cure: &str| (written, cure.to_owned());
        if let Some((text, unit)) = unit {
            if is_multiplier(unit) {
                let written = format!("with a multiplier, such as {}, behind {them}", quoted(unit));
                let cure = format!("write all digits of {}", quoted(text));
                return (written, cure);
            }
            let written = format!("with a unit, such as {}, behind {them}", quoted(unit));
            return answer(written, "strip it from the cells");
        }
        if has(Beside::Bound) {
            let written = "written with a comparison sign".to_owned();
            return answer(written, "write a number for each");
        }
        if is(&[Beside::Nothing]) {
            return self.marked(&found, marks);
        }
        if is(&[Beside::Nothing, Beside::Minus, Beside::Currency]) && has(Beside::Minus) {
            let written = format!("with the minus behind {them}");
            return (written, format!("write it before {them}"));
        }
        if is(&[Beside::NumberSign]) {
            let written = format!("with a number sign before {them}");
            return answer(written, "strip it from the cells");
        }
        if is(&[Beside::Footnote]) {
            let sign = found[0].0.chars().next_back().map_or_else(String::new, String::from);
            let written = format!("with a mark, such as {}, behind {them}", quoted(&sign));
            return answer(written, "strip it from the cells");
        }
        if is(&[Beside::Underscores]) {
            let written = "with '_' between thousands".to_owned();
            return answer(written, "strip it from the cells");
        }
        if is(&money) {
            let sign = if has(Beside::Currency) { "a currency" } else { "parentheses" };
            return (format!("written with {sign}"), self.as_unit("currency"));
        }
        if is(&[Beside::Percent]) {
            if self.profile.numbers > 0 {
                let written = "written with a percent sign, which other numbers lack".to_owned();
                return answer(written, IN_ONE_WAY);
            }
            let cure = format!("{} to read 12% as 0.12", self.as_unit("percent"));
            return ("written with a percent sign".to_owned(), cure);
        }
        answer("written in several ways".to_owned(), IN_ONE_WAY)
    }

    /// The same of numbers that have other marks than the format.
    fn marked(&self, found: &[(&str, Spelled<'_>)], marks: Marks) -> (String, String) {
        let answer = |written: &str, cure: &str| (written.to_owned(), cure.to_owned());
        // With this decimal mark, else the other one.
        let Some(way) = best(marks, self.format) else {
            return answer("written with several decimal signs", IN_ONE_WAY);
        };
        let options = options(way, self.format);
        let written = match way.1 {
            _ if options.is_empty() => return self.not_read(found),
            None => format!("with the decimal sign '{}'", char::from(way.0)),
            Some(b' ') => "with blanks between thousands".to_owned(),
            Some(b'\'') => "with apostrophes between thousands".to_owned(),
            Some(between) => format!("with '{}' between thousands", char::from(between)),
        };
        (written, format!("set csv: {options}"))
    }

    /// The same where their marks are those that are read.
    fn not_read(&self, found: &[(&str, Spelled<'_>)]) -> (String, String) {
        let signed =
            |text: &str| text.starts_with(['+', '-', '−']) || text.ends_with(['+', '-', '−']);
        let is_large = |size: &str| {
            let parsed = number::digits(size, self.format).and_then(|it| it.parse::<f64>().ok());
            parsed.is_some_and(f64::is_infinite)
        };
        if found.iter().all(|(_, one)| is_large(one.size)) {
            let which = if found.len() == 1 { "one" } else { "ones" };
            let cure = "write smaller numbers, or leave the cells empty".to_owned();
            return (format!("larger than 1.8e308, the largest {which} a double holds"), cure);
        }
        if found.iter().all(|(text, _)| signed(text)) {
            let written = "with a blank between the sign and the digits".to_owned();
            return (written, "remove the blank".to_owned());
        }
        ("written in another way than others".to_owned(), IN_ONE_WAY.to_owned())
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

    /// An error at the first cell that is no number, should there be one, with what else is none and
    /// what to set; a number is to be what `is` says.
    pub fn require_numbers(&self, is: &str, why: &str) -> Result<()> {
        let Some(row) = self.profile.text else { return Ok(()) };
        let (found, cure) = (self.shown(row), self.cure(row));
        Err(self.error_at(format!("{found} is not {is}, and {why}{cure}"), row))
    }

    /// What to do about cells that are no numbers, of which the first stands in this row.
    fn cure(&self, row: usize) -> String {
        let others = Survey::beside_numbers(self.column, self.format).others;
        let (spelled, words): (Vec<Token>, Vec<Token>) =
            others.into_iter().partition(|token| Spelled::of(&token.text).is_some());
        if Spelled::of(self.column.text(row)).is_some() {
            if self.format.unit.is_some() {
                return String::new();
            }
            let forms = spelled.iter().filter_map(|token| Spelled::of(&token.text));
            let marks = forms.fold(Marks::ALL, |all, it| all.and(Marks::shown_by(it.size)));
            return format!("; {}", self.written(&spelled, marks).1);
        }
        let (cells, observed) =
            (words.iter().map(|token| token.cells).sum(), self.profile.observed);
        let count = match cells {
            1 => String::new(),
            cells if cells == observed => String::new(),
            cells => format!("; {cells} of {observed} cells are none, {}", self.listed(&words)),
        };
        // Where most are none, the column is another than was meant.
        match 2 * cells <= observed {
            true => format!("{count}; {}", self.as_missing(&words)),
            false => count,
        }
    }
}

/// The way to write numbers with this decimal mark, else with the other one.
fn best(marks: Marks, format: NumberFormat) -> Option<(u8, Option<u8>)> {
    let this = marks.ways().find(|(mark, _)| *mark == format.decimal);
    this.or_else(|| marks.ways().next())
}

/// What to set to read numbers that are written so; empty if they are read so.
fn options((mark, between): (u8, Option<u8>), format: NumberFormat) -> String {
    let mut options = Vec::new();
    if mark != format.decimal {
        options.push(format!("decimal: '{}'", char::from(mark)));
    }
    if let Some(between) = between.filter(|between| Some(*between) != format.thousands) {
        options.push(format!("thousands: {}", literal(&char::from(between).to_string())));
    }
    match options.is_empty() {
        true => String::new(),
        false => format!("{{ {} }}", options.join(", ")),
    }
}

/// How a cell that is not read as a number would be one: with other marks, in files, or in rows
/// written as JavaScript writes it.
pub fn other_marks(cell: Cell<'_>, format: NumberFormat, rows: bool) -> String {
    let Cell::Text(text) = cell else { return String::new() };
    let Some(spelled) = Spelled::of(text).filter(|it| it.beside == Beside::Nothing) else {
        return String::new();
    };
    if rows {
        let between = match format.thousands {
            None => "nothing between thousands".to_owned(),
            Some(sign) => format!("'{}' between thousands", char::from(sign)),
        };
        let sign = char::from(format.decimal);
        return format!(
            ", and texts of rows have the decimal sign '{sign}' and {between}, as in training; \
             give a number"
        );
    }
    let mut all: Vec<String> = Vec::new();
    for mark in [format.decimal, if format.decimal == b'.' { b',' } else { b'.' }] {
        let way = spelled.marks.ways().find(|way| way.0 == mark);
        let set = way.map(|way| options(way, format)).filter(|set| !set.is_empty());
        all.extend(set.map(|set| format!("csv: {set}")));
    }
    match all.is_empty() {
        true => String::new(),
        false => format!("; set {} to read it", all.join(" or ")),
    }
}
