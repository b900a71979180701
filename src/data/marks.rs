//! Which decimal mark a table has, where nobody said: that with which the columns that look like
//! numbers all are numbers.

use super::column::Column;
use super::dotted;
use super::missing::MissingTokens;
use super::number::{self, NumberFormat};
use super::number_spelling::{Beside, Marks, Spelled};
use super::numberlike::Numberlike;
use super::profile::Profile;
use super::refusal::{Asked, Role};
use super::schema::SchemaOptions;
use super::survey::{Survey, Token};
use super::table::{Cell, Table};
use super::unit::Amount;
use crate::error::{Error, Result, quoted};
use crate::parts::in_parts;

/// A column that the options ask for.
#[derive(Debug)]
pub struct Wanted<'a> {
    /// The column.
    pub column: &'a Column,
    /// What it is for.
    pub role: Role,
    /// How its numbers are read as long as no other mark is found.
    pub format: NumberFormat,
    /// Whether it may hold numbers, for all that was said.
    pub open: bool,
    /// What its cells are, read so.
    pub profile: Profile,
    /// What is missing, as the options say.
    pub missing: Option<&'a MissingTokens>,
}

/// What a column says of the marks.
struct Evidence<'a> {
    wanted: &'a Wanted<'a>,
    /// With these marks it is numbers.
    marks: Marks,
    /// A row that tells.
    row: usize,
    /// It may be names, or lists, as well.
    weak: bool,
    lists: bool,
    /// Nothing stands beside the digits that is not read.
    bare: bool,
}

/// Looks at every cell of the columns, and again if they show a decimal mark that nobody said:
/// then, what shows it.
pub fn look(
    table: &Table,
    wanted: &mut [Wanted<'_>],
    options: &SchemaOptions,
) -> Result<Option<String>> {
    let look = |wanted: &mut [Wanted<'_>]| {
        in_parts(wanted, 1, |_, wanted| {
            wanted[0].look();
            Ok::<(), Error>(())
        })
    };
    look(wanted)?;
    if options.decimal.is_some() {
        return Ok(None);
    }
    let Some((mark, why)) = decimal(table, wanted, options.thousands)? else {
        return Ok(None);
    };
    wanted.iter_mut().for_each(|wanted| wanted.format.decimal = mark);
    look(wanted)?;
    Ok(Some(why))
}

/// The decimal comma of a table and what shows it; none if the decimal mark is the point, which
/// needs no showing. `thousands` is what was said to stand between them.
fn decimal(
    table: &Table,
    columns: &[Wanted<'_>],
    thousands: Option<u8>,
) -> Result<Option<(u8, String)>> {
    let evidence: Vec<Evidence<'_>> = columns.iter().filter_map(Evidence::of).collect();
    let strong: Vec<&Evidence<'_>> = evidence.iter().filter(|evidence| !evidence.weak).collect();
    let comma = |evidence: &Evidence<'_>| evidence.allows(b',', thousands);
    let point = |evidence: &Evidence<'_>| evidence.allows(b'.', thousands);
    let shows = strong.iter().find(|evidence| comma(evidence) && !point(evidence));
    let Some(shows) = shows else {
        if thousands.is_none() {
            refuse_ambiguous(table, columns, &strong)?;
            refuse_dotted(table, columns)?;
        }
        // In a file of commas, one inside quotes may be part of a name.
        let apart = table.delimiter().is_some_and(|delimiter| delimiter != b',');
        let shows = evidence.iter().find(|evidence| !point(evidence) && !evidence.lists);
        let clear = apart && strong.is_empty() && pointed(columns, thousands).is_none();
        return Ok(shows.filter(|it| clear && comma(it)).map(|shows| shows.words(table)));
    };
    let asked = shows.wanted.asked(table);
    // Of what no mark reads it is told where the column is asked for.
    let against = strong.iter().find(|evidence| point(evidence) && !comma(evidence));
    let against = against.map(|evidence| (evidence.wanted, evidence.row));
    if let Some((wanted, row)) = against.or_else(|| pointed(columns, thousands)) {
        let message = format!(
            "{} has the decimal sign ',', and {} in column {} has '.' ({}); write both alike, or {}",
            asked.shown(shows.row),
            wanted.asked(table).shown(row),
            quoted(wanted.column.name()),
            table.row_name(row),
            asked.as_names(),
        );
        return Err(asked.error_at(message, shows.row));
    }
    if strong.iter().all(|evidence| point(evidence) || evidence.lists) {
        let message = format!(
            "{} is a number if the decimal sign is ',', and may be a list of two; set csv: {{ \
             decimal: ',' }}, or {}",
            asked.shown(shows.row),
            asked.as_names(),
        );
        return Err(asked.error_at(message, shows.row));
    }
    Ok(Some(shows.words(table)))
}

impl<'a> Evidence<'a> {
    /// Whether the cells are numbers with this decimal mark.
    fn allows(&self, decimal: u8, thousands: Option<u8>) -> bool {
        match thousands {
            None => self.marks.ways().any(|way| way.0 == decimal),
            Some(_) => self.marks.has(decimal, thousands),
        }
    }

    /// The decimal comma and where it stands.
    fn words(&self, table: &Table) -> (u8, String) {
        let (cell, place) = (self.wanted.asked(table).shown(self.row), table.row_name(self.row));
        let column = quoted(self.wanted.column.name());
        (b',', format!("as in {cell} ({place}, column {column})"))
    }

    fn of(wanted: &'a Wanted<'a>) -> Option<Self> {
        let Wanted { column, format, open, profile, .. } = wanted;
        if !open {
            return None;
        }
        if format.unit.is_some() {
            return Some(Evidence::of_amounts(wanted));
        }
        if profile.spelled == 0 {
            return None;
        }
        let Numberlike { spelled, marks, few, lists, .. } =
            Numberlike::of(column, profile, *format)?;
        let point = |marks: Marks| marks.ways().any(|way| way.0 == b'.');
        let shows = |token: &&Token| Spelled::of(&token.text).is_some_and(|it| !point(it.marks));
        let row = spelled.iter().filter(shows).map(|token| token.first).min();
        let row = row.or_else(|| spelled.iter().map(|token| token.first).min())?;
        let nothing = |token: &Token| {
            Spelled::of(&token.text).is_some_and(|spelled| spelled.beside == Beside::Nothing)
        };
        let bare = spelled.iter().all(nothing);
        Some(Evidence { wanted, marks, row, weak: few, lists, bare })
    }

    /// Of a column that was declared to hold amounts or percentages.
    fn of_amounts(wanted: &'a Wanted<'a>) -> Self {
        let mut evidence =
            Evidence { wanted, marks: Marks::ALL, row: 0, weak: false, lists: false, bare: true };
        for token in Survey::of_all(wanted.column).others {
            let Some(Amount { size, .. }) = Amount::of(&token.text) else { continue };
            let marks = Marks::shown_by(size);
            if !marks.is_none() && marks != Marks::ALL {
                // The row that says most is shown.
                if evidence.marks.and(marks) != evidence.marks {
                    evidence.row = token.first;
                }
                evidence.marks = evidence.marks.and(marks);
            }
        }
        evidence
    }
}

/// An error if a column is numbers with a mark as the decimal one, and others with the same mark
/// between thousands.
fn refuse_ambiguous(table: &Table, columns: &[Wanted<'_>], strong: &[&Evidence<'_>]) -> Result<()> {
    let bare = strong.iter().filter(|evidence| evidence.bare);
    for Evidence { wanted, marks, row, .. } in bare.copied() {
        let both = |plain: u8, apart: u8| marks.has(plain, None) && marks.has(apart, Some(plain));
        let money = wanted.format.unit.is_some_and(|unit| unit.name() == "currency");
        let comma = both(b',', b'.') && !marks.has(b'.', None);
        let point = both(b'.', b',') && !marks.has(b',', None);
        let pointed = || {
            strong.iter().any(|other| !other.allows(b',', None)) || pointed(columns, None).is_some()
        };
        let (sign, cures) = match (comma, point) {
            // Amounts seldom have three digits behind the decimal mark.
            (true, _) if money && table.delimiter() != Some(b';') => continue,
            (true, _) if pointed() => (',', "csv: { thousands: ',' }"),
            (true, _) => (',', "csv: { thousands: ',' } or csv: { decimal: ',' }"),
            (_, true) if money => {
                ('.', "csv: { decimal: ',', thousands: '.' } or csv: { decimal: '.' }")
            }
            _ => continue,
        };
        let asked = wanted.asked(table);
        let message = format!(
            "{}: '{sign}' may stand between thousands or be the decimal sign, which no cell of the \
             column tells; set {cures}, or {}",
            asked.shown(*row),
            asked.as_names(),
        );
        return Err(asked.error_at(message, *row));
    }
    Ok(())
}

/// An error if the points of a column of numbers may stand between thousands. Where cells are apart
/// by something else than semicolons, another column with a decimal point settles it.
fn refuse_dotted(table: &Table, columns: &[Wanted<'_>]) -> Result<()> {
    let numeric = |wanted: &&Wanted<'_>| {
        wanted.open && wanted.format.unit.is_none() && wanted.profile.is_numeric()
    };
    for wanted in columns.iter().filter(numeric) {
        let Some(row) = dotted::may_be_thousands(wanted.column) else { continue };
        if table.delimiter() != Some(b';') && pointed(columns, None).is_some() {
            return Ok(());
        }
        let asked = wanted.asked(table);
        let message = format!(
            "{}: '.' may stand between thousands or be the decimal sign, which no cell of the \
             column tells; set csv: {{ thousands: '.', decimal: ',' }} or csv: {{ decimal: '.' }}, \
             or {}",
            asked.shown(row),
            asked.as_names(),
        );
        return Err(asked.error_at(message, row));
    }
    Ok(())
}

/// The first column with a decimal point, and a row that has it; what may stand between thousands
/// is none.
fn pointed<'a>(
    columns: &'a [Wanted<'a>],
    thousands: Option<u8>,
) -> Option<(&'a Wanted<'a>, usize)> {
    let numeric = |wanted: &&Wanted<'_>| {
        wanted.open && wanted.format.unit.is_none() && wanted.profile.is_numeric()
    };
    columns.iter().filter(numeric).find_map(|wanted| {
        let (marks, row) = points(wanted.column)?;
        let comma = match thousands {
            None => marks.has(b',', Some(b'.')),
            Some(_) => marks.has(b',', thousands),
        };
        (!comma).then_some((wanted, row))
    })
}

/// The marks with which all plain numbers with a point are numbers, and the first row of such.
pub fn points(column: &Column) -> Option<(Marks, usize)> {
    let mut first = None;
    let mut all = Marks::ALL;
    column.map_all(
        |cell| match cell {
            Cell::Text(text)
                if text.contains('.') && number::parse(text, NumberFormat::POINT).is_some() =>
            {
                // Numbers with an exponent have one way.
                let marks = Spelled::of(text).map(|spelled| spelled.marks);
                all = all.and(marks.unwrap_or_else(|| Marks::of("0.5")));
                true
            }
            _ => false,
        },
        |row, is| {
            if is {
                first.get_or_insert(row);
            }
        },
    );
    first.map(|row| (all, row))
}

impl<'c> Wanted<'c> {
    /// A column nobody has looked at.
    pub fn new(column: &'c Column, role: Role, format: NumberFormat, open: bool) -> Self {
        Wanted { column, role, format, open, profile: Profile::default(), missing: None }
    }

    /// Looks at every cell.
    pub fn look(&mut self) {
        self.profile = Profile::of(self.column, self.format);
    }

    /// The same as it is asked for.
    pub fn asked<'a>(&'a self, table: &'a Table) -> Asked<'a> {
        let Wanted { column, role, format, profile, missing, .. } = self;
        Asked { table, column, profile, format: *format, role: *role, missing: *missing }
    }
}

#[cfg(test)]
#[path = "marks_tests.rs"]
mod tests;
