//! The one look over all cells of a column that makes a [`Profile`].

use super::boolean;
use super::column::{Column, Decimals, Part, Texts};
use super::date::{self, DateOrder};
use super::distinct::{self, Distinct};
use super::number::{self, NumberFormat};
use super::number_spelling::Spelled;
use super::profile::Profile;
use super::table::Cell;
use std::collections::HashSet;

/// So many cells are looked at before it is asked again whether a further look tells anything.
const BLOCK: usize = 1024;

/// What one cell is, whatever row it stands in.
#[derive(Debug, Clone, Copy, Default)]
struct Kind {
    missing: bool,
    number: Option<f64>,
    spelled: bool,
    comma: bool,
    code: bool,
    iso: bool,
    clock: bool,
    day_first: bool,
    month_first: bool,
}

impl Kind {
    fn of(cell: Cell<'_>, format: NumberFormat) -> Self {
        let number = number::of(cell, format);
        let mut kind = Kind { missing: cell == Cell::Missing, number, ..Kind::default() };
        let Cell::Text(text) = cell else { return kind };
        kind.code = number::has_leading_zero(text);
        if number.is_none() {
            kind.comma = number::parse(text, NumberFormat::of_mark(',')).is_some();
            if kind.comma {
                kind.spelled = true;
                return kind;
            }
            kind.iso = date::read(text, None).is_some();
            kind.clock = date::read(text, Some(DateOrder::Clock)).is_some();
            let dated = |order| date::parse(text, Some(order)).is_some();
            kind.day_first = kind.iso || dated(DateOrder::DayFirst);
            kind.month_first = kind.iso || dated(DateOrder::MonthFirst);
            kind.spelled = !kind.is_date() && !kind.clock && Spelled::of(text).is_some();
        }
        kind
    }

    fn is_date(&self) -> bool {
        self.day_first || self.month_first
    }
}

/// A profile in the making.
struct Tally<'a> {
    profile: Profile,
    format: NumberFormat,
    numbers: Distinct,
    texts: HashSet<&'a str>,
    /// The bits of numbers that came as such, in a column of any kind of cells.
    mixed: HashSet<u64>,
    /// Parts of numbers, the texts of which nobody has looked at.
    unseen: Vec<&'a Decimals>,
    buffer: Vec<f64>,
}

/// Looks at every cell.
pub fn tally(column: &Column, format: NumberFormat) -> Profile {
    let mut tally = Tally {
        profile: Profile::default(),
        format,
        numbers: Distinct::new(),
        texts: HashSet::new(),
        mixed: HashSet::new(),
        unseen: Vec::new(),
        buffer: Vec::new(),
    };
    for (first, part) in column.parts() {
        match part {
            Part::Decimals(decimals) if decimals.are_numbers(format) => {
                tally.decimals(first, decimals);
            }
            Part::Texts(texts) => tally.texts(first, texts),
            part => {
                for at in 0..part.len() {
                    let cell = part.cell(at);
                    match cell {
                        Cell::Text(text) => tally.text(text),
                        Cell::Number(number) if tally.mixed.len() <= distinct::MOST => {
                            tally.mixed.insert(number.to_bits());
                        }
                        _ => {}
                    }
                    tally.count(first + at, &Kind::of(cell, format));
                }
            }
        }
    }
    tally.finish()
}

impl<'a> Tally<'a> {
    fn count(&mut self, row: usize, kind: &Kind) {
        let Profile { observed, numbers, whole, codes, text, spelled, commas, dates, .. } =
            &mut self.profile;
        if kind.missing {
            return;
        }
        *observed += 1;
        *codes += usize::from(kind.code);
        match kind.number {
            Some(number) => {
                *numbers += 1;
                *whole = *whole && is_whole(number);
                self.numbers.insert(number);
            }
            None => {
                text.get_or_insert(row);
                *spelled += usize::from(kind.spelled);
                *commas += usize::from(kind.comma);
                dates.cells += usize::from(kind.is_date());
                dates.iso += usize::from(kind.iso);
                dates.clocks += usize::from(kind.clock);
                dates.day_first += usize::from(kind.day_first);
                dates.month_first += usize::from(kind.month_first);
            }
        }
    }

    /// What was seen before needs no second look, and most columns repeat.
    fn text(&mut self, text: &'a str) {
        if self.texts.insert(text) {
            self.profile.booleans |= boolean::bit(text);
        }
    }

    fn texts(&mut self, first: usize, texts: &'a Texts) {
        let missing = Kind { missing: true, ..Kind::default() };
        let mut kinds = vec![missing];
        for text in texts.distinct() {
            self.text(text);
            kinds.push(Kind::of(Cell::Text(text), self.format));
        }
        for (at, code) in texts.codes().iter().enumerate() {
            self.count(first + at, &kinds[*code as usize]);
        }
    }

    fn decimals(&mut self, first: usize, decimals: &'a Decimals) {
        self.unseen.push(decimals);
        let mut buffer = std::mem::take(&mut self.buffer);
        for from in (0..decimals.len()).step_by(BLOCK) {
            if self.numbers.is_full() && !self.profile.whole {
                let (missing, odd) = decimals.without_number(from);
                let plain = decimals.len() - from - missing - odd;
                self.profile.observed += plain;
                self.profile.numbers += plain;
                self.odd(first, decimals, from, decimals.len());
                break;
            }
            let to = (from + BLOCK).min(decimals.len());
            buffer.clear();
            decimals.plain_numbers_between(from, to, &mut buffer);
            self.numbers(&buffer);
            self.odd(first, decimals, from, to);
        }
        self.buffer = buffer;
    }

    /// Counts numbers, of which NaN is none.
    fn numbers(&mut self, numbers: &[f64]) {
        let count = numbers.iter().filter(|number| !number.is_nan()).count();
        self.profile.observed += count;
        self.profile.numbers += count;
        let whole = |number: &f64| number.is_nan() || is_whole(*number);
        self.profile.whole = self.profile.whole && numbers.iter().all(whole);
        for number in numbers.iter().filter(|number| !number.is_nan()) {
            self.numbers.insert(*number);
        }
    }

    fn odd(&mut self, first: usize, decimals: &'a Decimals, from: usize, to: usize) {
        for (at, text) in decimals.odd().filter(|(at, _)| (from..to).contains(at)) {
            self.count(first + at, &Kind::of(Cell::Text(text), self.format));
        }
    }

    /// How many values there are, told apart by how they are written.
    fn different(&self) -> usize {
        let numbers = self.mixed.iter().map(|bits| f64::from_bits(*bits).to_string());
        self.texts.len() + numbers.filter(|number| !self.texts.contains(&**number)).count()
    }

    fn finish(mut self) -> Profile {
        let numeric = self.profile.is_numeric();
        if !numeric {
            // That is rare: numbers among texts, which are told apart by how they are written.
            for decimals in std::mem::take(&mut self.unseen) {
                for at in 0..decimals.len() {
                    if let Cell::Text(text) = decimals.cell(at) {
                        self.text(text);
                    }
                }
            }
        }
        self.profile.distinct_numbers = self.numbers.len();
        let numeric = numeric || self.texts.is_empty();
        self.profile.many = numeric && self.numbers.is_full();
        self.profile.distinct = if numeric { self.numbers.len() } else { self.different() };
        self.profile
    }
}

/// Whether a number has no fraction.
fn is_whole(number: f64) -> bool {
    /// From here on every `f64` is whole, and adding it rounds those below.
    const WHOLE: f64 = 4_503_599_627_370_496.0;
    let size = number.abs();
    size >= WHOLE || (size + WHOLE) - WHOLE == size
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_have_no_fraction() {
        for number in [
            0.0,
            -0.0,
            1.0,
            -7.0,
            4.5e15,
            4.5e15 + 1.0,
            1e300,
            f64::MAX,
            0.5,
            -0.1,
            5e-324,
            4_503_599_627_370_495.5,
            4_503_599_627_370_496.0,
            1e15 + 0.5,
            1.0 + f64::EPSILON,
        ] {
            assert_eq!(is_whole(number), number.fract() == 0.0, "{number}");
        }
    }
}
