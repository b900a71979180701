//! Numbers as they are written, four or eight bytes each; cells written in another way, or no
//! numbers at all, lie beside them as text.

use super::super::decimal::{Decimal, POWERS};
use super::super::number::{self, NumberFormat};
use super::super::table::Cell;
use super::super::unit::Unit;
use std::collections::HashMap;
use std::sync::OnceLock;

/// Cells that are numbers, but for a few.
#[derive(Debug, Clone)]
pub struct Decimals {
    mantissas: Mantissas,
    places: Places,
    mark: u8,
    odd: Box<[Odd]>,
    odd_text: Box<str>,
    /// The cells as text, once someone asks.
    rendered: OnceLock<Box<Rendered>>,
}

/// The digits with their sign. The two lowest values say that a cell is missing or odd.
#[derive(Debug, Clone)]
enum Mantissas {
    Short(Box<[i32]>),
    Long(Box<[i64]>),
}

/// How many digits stand behind the mark.
#[derive(Debug, Clone)]
enum Places {
    Same(u8),
    Each(Box<[u8]>),
}

/// A cell that is no decimal number.
#[derive(Debug, Clone, Copy)]
pub(super) struct Odd {
    pub(super) at: usize,
    /// Where its text ends; it begins where that of the one before ends.
    pub(super) end: usize,
}

#[derive(Debug, Clone)]
struct Rendered {
    text: String,
    ends: Vec<usize>,
}

/// A mantissa that says the cell is missing.
pub(super) const MISSING: i64 = i64::MIN;
/// A mantissa that says the cell is odd.
pub(super) const ODD: i64 = i64::MIN + 1;
/// The short ones up to here say either.
const NO_SHORT: i32 = i32::MIN + 1;

impl Decimals {
    /// Packs mantissas, `long` ones if there are any; `each` is empty if all have the same `places`.
    pub(super) fn new(
        (short, long): (&[i32], &[i64]),
        (places, each): (u8, &[u8]),
        mark: u8,
        odd: &[Odd],
        odd_text: &str,
    ) -> Self {
        let mantissas = match long {
            [] => Mantissas::Short(short.into()),
            long => Mantissas::Long(long.into()),
        };
        let places = match each {
            [] => Places::Same(places),
            each => Places::Each(each.into()),
        };
        let rendered = OnceLock::new();
        Decimals { mantissas, places, mark, odd: odd.into(), odd_text: odd_text.into(), rendered }
    }

    /// What stands for a mantissa in four bytes, if it has a place there.
    #[inline]
    pub(super) fn short(mantissa: i64) -> Option<i32> {
        match i32::try_from(mantissa) {
            Ok(short) if short > NO_SHORT => Some(short),
            _ if mantissa == MISSING => Some(i32::MIN),
            _ if mantissa == ODD => Some(NO_SHORT),
            _ => None,
        }
    }

    /// The mantissa that four bytes stand for.
    #[inline]
    pub(super) fn long(short: i32) -> i64 {
        match short {
            i32::MIN => MISSING,
            NO_SHORT => ODD,
            mantissa => i64::from(mantissa),
        }
    }

    /// The number of cells.
    pub fn len(&self) -> usize {
        match &self.mantissas {
            Mantissas::Short(mantissas) => mantissas.len(),
            Mantissas::Long(mantissas) => mantissas.len(),
        }
    }

    /// Some of the cells, in ascending order.
    pub(super) fn of_cells(&self, cells: &[usize]) -> Self {
        let mantissas = match &self.mantissas {
            Mantissas::Short(all) => Mantissas::Short(cells.iter().map(|&at| all[at]).collect()),
            Mantissas::Long(all) => Mantissas::Long(cells.iter().map(|&at| all[at]).collect()),
        };
        let places = match &self.places {
            Places::Same(places) => Places::Same(*places),
            Places::Each(each) => Places::Each(cells.iter().map(|&at| each[at]).collect()),
        };
        let (mut odd, mut odd_text) = (Vec::new(), String::new());
        for (index, old) in self.odd.iter().enumerate() {
            if let Ok(at) = cells.binary_search(&old.at) {
                odd_text.push_str(self.odd_at(index));
                odd.push(Odd { at, end: odd_text.len() });
            }
        }
        Decimals {
            mantissas,
            places,
            mark: self.mark,
            odd: odd.into(),
            odd_text: odd_text.into(),
            rendered: OnceLock::new(),
        }
    }

    /// The decimal mark of the cells.
    pub(super) fn mark(&self) -> u8 {
        self.mark
    }

    /// Whether the cells that are not odd are numbers in this format.
    pub fn are_numbers(&self, format: NumberFormat) -> bool {
        let marked = self.mark == format.decimal || matches!(self.places, Places::Same(0));
        // A percent sign stands in none of them.
        marked && format.unit != Some(Unit::Percent)
    }

    /// The cells that are no plain numbers.
    pub fn odd(&self) -> impl Iterator<Item = (usize, &str)> {
        self.odd.iter().zip(0..).map(|(odd, index)| (odd.at, self.odd_at(index)))
    }

    /// How many of the cells from `from` on are missing, and how many odd.
    pub fn without_number(&self, from: usize) -> (usize, usize) {
        let odd = self.odd.len() - self.odd.partition_point(|odd| odd.at < from);
        let missing = match &self.mantissas {
            Mantissas::Short(mantissas) => {
                mantissas[from..].iter().filter(|mantissa| **mantissa == i32::MIN).count()
            }
            Mantissas::Long(mantissas) => {
                mantissas[from..].iter().filter(|mantissa| **mantissa == MISSING).count()
            }
        };
        (missing, odd)
    }

    /// Adds the numbers in some cells, NaN for a missing or an odd one, where they
    /// [are numbers](Decimals::are_numbers).
    pub fn plain_numbers(&self, cells: impl Iterator<Item = usize>, out: &mut Vec<f64>) {
        match (&self.mantissas, &self.places) {
            (Mantissas::Short(mantissas), Places::Same(places)) => {
                let power = POWERS[usize::from(*places)];
                out.extend(cells.map(|at| match mantissas[at] {
                    mantissa if mantissa > NO_SHORT => f64::from(mantissa) / power,
                    _ => f64::NAN,
                }));
            }
            _ => out.extend(cells.map(|at| self.plain_number(at).unwrap_or(f64::NAN))),
        }
    }

    /// The same of cells that follow one another, which is faster.
    pub fn plain_numbers_between(&self, from: usize, to: usize, out: &mut Vec<f64>) {
        match (&self.mantissas, &self.places) {
            (Mantissas::Short(mantissas), Places::Same(places)) => {
                let power = POWERS[usize::from(*places)];
                out.extend(mantissas[from..to].iter().map(|mantissa| {
                    let number = f64::from(*mantissa) / power;
                    if *mantissa > NO_SHORT { number } else { f64::NAN }
                }));
            }
            _ => self.plain_numbers(from..to, out),
        }
    }

    /// The number in one such cell.
    pub fn plain_number(&self, at: usize) -> Option<f64> {
        match self.mantissa(at) {
            MISSING | ODD => None,
            mantissa => Some(Decimal { mantissa, places: self.places(at) }.value()),
        }
    }

    /// The digits of one such cell without its sign, and how many of them stand behind the mark.
    pub fn written(&self, at: usize) -> Option<(u64, u8)> {
        match self.mantissa(at) {
            MISSING | ODD => None,
            mantissa => Some((mantissa.unsigned_abs(), self.places(at))),
        }
    }

    /// Whether a cell is missing.
    pub fn is_missing(&self, at: usize) -> bool {
        self.mantissa(at) == MISSING
    }

    /// A cell.
    pub fn cell(&self, at: usize) -> Cell<'_> {
        if self.mantissa(at) == MISSING {
            return Cell::Missing;
        }
        let Rendered { text, ends } = &**self.rendered.get_or_init(|| Box::new(self.render()));
        let start = at.checked_sub(1).map_or(0, |before| ends[before]);
        Cell::Text(&text[start..ends[at]])
    }

    /// As [`Part::numbers`](super::Part::numbers).
    pub fn numbers(
        &self,
        cells: impl Iterator<Item = usize>,
        format: NumberFormat,
        out: &mut Vec<f64>,
    ) -> bool {
        if !self.are_numbers(format) {
            let mut all = true;
            self.map(
                cells,
                &mut |cell| match cell {
                    Cell::Missing => (true, f64::NAN),
                    cell => number::of(cell, format).map_or((false, f64::NAN), |n| (true, n)),
                },
                |_, (good, number)| {
                    all &= good;
                    out.push(number);
                },
            );
            return all;
        }
        if self.odd.is_empty() {
            self.plain_numbers(cells, out);
            return true;
        }
        let mut all = true;
        out.extend(cells.map(|at| match self.mantissa(at) {
            MISSING => f64::NAN,
            ODD => number::parse(self.odd_text(at), format).unwrap_or_else(|| {
                all = false;
                f64::NAN
            }),
            mantissa => Decimal { mantissa, places: self.places(at) }.value(),
        }));
        all
    }

    /// Whether all cells are numbers or missing.
    pub fn are_plain(&self, format: NumberFormat) -> bool {
        self.are_numbers(format) && self.odd.is_empty()
    }

    pub(super) fn map<T: Copy>(
        &self,
        cells: impl Iterator<Item = usize>,
        of: &mut impl FnMut(Cell<'_>) -> T,
        mut out: impl FnMut(usize, T),
    ) {
        let mut known: HashMap<Decimal, T> = HashMap::new();
        let mut last = None;
        let mut text = String::new();
        for at in cells {
            let value = match self.mantissa(at) {
                MISSING => of(Cell::Missing),
                ODD => of(Cell::Text(self.odd_text(at))),
                mantissa => {
                    let decimal = Decimal { mantissa, places: self.places(at) };
                    let value = match last {
                        Some((before, value)) if before == decimal => value,
                        _ => *known.entry(decimal).or_insert_with(|| {
                            text.clear();
                            decimal.write(self.mark, &mut text);
                            of(Cell::Text(&text))
                        }),
                    };
                    last = Some((decimal, value));
                    value
                }
            };
            out(at, value);
        }
    }

    fn mantissa(&self, at: usize) -> i64 {
        match &self.mantissas {
            Mantissas::Long(mantissas) => mantissas[at],
            Mantissas::Short(mantissas) => Self::long(mantissas[at]),
        }
    }

    fn places(&self, at: usize) -> u8 {
        match &self.places {
            Places::Same(places) => *places,
            Places::Each(each) => each[at],
        }
    }

    fn odd_text(&self, at: usize) -> &str {
        self.odd.binary_search_by_key(&at, |odd| odd.at).map_or("", |index| self.odd_at(index))
    }

    fn odd_at(&self, index: usize) -> &str {
        let start = index.checked_sub(1).map_or(0, |before| self.odd[before].end);
        &self.odd_text[start..self.odd[index].end]
    }

    fn render(&self) -> Rendered {
        let mut text = String::new();
        let ends = (0..self.len()).map(|at| {
            match self.mantissa(at) {
                MISSING => {}
                ODD => text.push_str(self.odd_text(at)),
                mantissa => {
                    Decimal { mantissa, places: self.places(at) }.write(self.mark, &mut text);
                }
            }
            text.len()
        });
        let ends = ends.collect();
        Rendered { text, ends }
    }
}
