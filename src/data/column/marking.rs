//! Cells made missing because they hold a token, and back: what a token means in a column is known
//! only when the column is.

use super::super::missing::{MissingNumbers, MissingTokens};
use super::super::number::{self, NumberFormat};
use super::super::table::Cell;
use super::marks::{Marks, Word};
use super::packer::Packer;
use super::part::Part;
use super::{Column, Decimals};

impl Column {
    /// Makes every cell missing that is one of the tokens, and remembers which it was. `numbers` are
    /// those tokens that are numbers. Of a file's cells the texts were marked as they were read.
    pub fn mark(&mut self, tokens: &MissingTokens, numbers: &MissingNumbers) {
        for (part, marks) in self.parts.iter_mut().zip(&mut self.marks) {
            match part {
                Part::Numbers(_) if numbers.is_empty() => {}
                Part::Mixed(_) | Part::Numbers(_) => {
                    change(part, marks, |cell, _| match cell {
                        Cell::Missing => false,
                        Cell::Number(number) => !numbers.has(number),
                        Cell::Text(text) => !tokens.is(text) && !numbers.has_text(text),
                    });
                }
                _ if numbers.is_empty() => {}
                Part::Decimals(decimals) if !may_hold(decimals, numbers) => {}
                Part::Texts(texts) if !texts.distinct().any(|text| numbers.has_text(text)) => {}
                _ => change(part, marks, |cell, _| match cell {
                    Cell::Text(text) => !numbers.has_text(text),
                    _ => false,
                }),
            }
        }
    }

    /// The words that missing cells held, each with how many did.
    pub fn words(&self) -> Vec<(Word, usize)> {
        let mut all: Vec<(Word, usize)> = Vec::new();
        for (word, count) in self.marks.iter().flat_map(Marks::counts) {
            match all.iter_mut().find(|(other, _)| other == word) {
                Some((_, total)) => *total += count,
                None => all.push((word.clone(), count)),
            }
        }
        all.retain(|(_, count)| *count > 0);
        all
    }

    /// Whether a missing cell may have held something.
    pub fn is_marked(&self) -> bool {
        self.marks.iter().any(|marks| !marks.words().is_empty())
    }

    /// Gives missing cells back what they held, but for the words that stay missing.
    pub fn restore(&mut self, stays: impl Fn(&Word) -> bool) {
        for (part, marks) in self.parts.iter_mut().zip(&mut self.marks) {
            if !marks.words().iter().all(&stays) {
                change(part, marks, |cell, word| {
                    cell != Cell::Missing || word.is_some_and(|word| !stays(word))
                });
            }
        }
    }

    /// Writes texts that are numbers with another decimal mark.
    pub fn respell(&mut self, from: NumberFormat, to: NumberFormat) {
        let (mark, other) = (char::from(from.decimal), char::from(to.decimal).to_string());
        let spelled =
            |text: &str| number::parse(text, from).is_some().then(|| text.replace(mark, &other));
        for part in &mut self.parts {
            match part {
                Part::Numbers(_) => {}
                Part::Mixed(mixed) => {
                    for at in 0..mixed.len() {
                        let Cell::Text(text) = mixed.cell(at) else { continue };
                        if let Some(text) = spelled(text) {
                            mixed.set(at, Cell::Text(&text));
                        }
                    }
                }
                Part::Decimals(_) | Part::Texts(_) => {
                    let mut packer = Packer::new(to.decimal);
                    for at in 0..part.len() {
                        match part.cell(at) {
                            Cell::Text(text) => {
                                let text = spelled(text).unwrap_or_else(|| text.to_owned());
                                packer.push(&text, 0, text.len());
                            }
                            _ => packer.push_missing(),
                        }
                    }
                    *part = packer.finish();
                }
            }
        }
    }
}

/// What those of some cells, in ascending order, held that are missing.
pub fn of_cells(part: &Part, marks: &Marks, cells: &[usize]) -> Marks {
    let mut some = Marks::default();
    if marks.words().is_empty() {
        return some;
    }
    let mut held = marks.cells();
    let mut wanted = cells.iter().peekable();
    for at in (0..part.len()).filter(|at| part.cell(*at) == Cell::Missing) {
        let word = held.next().flatten();
        while wanted.next_if(|cell| **cell < at).is_some() {}
        if wanted.next_if_eq(&&at).is_some() {
            some.push(word.map(Word::cell));
        }
    }
    some
}

/// Makes cells missing that are not `kept`, and gives missing ones back what they held if they are.
fn change(part: &mut Part, marks: &mut Marks, kept: impl Fn(Cell<'_>, Option<&Word>) -> bool) {
    let mut now = Marks::default();
    let mut held = marks.cells();
    // What becomes of a cell: none where it stays as it is.
    let mut decide = |cell: Cell<'_>| {
        let word = if cell == Cell::Missing { held.next().flatten() } else { None };
        let keep = kept(cell, word);
        match word.map_or(cell, Word::cell) {
            Cell::Missing => now.push(None),
            _ if keep => return word.map(|word| Some(word.clone())),
            before => {
                now.push(Some(before));
                return word.is_none().then_some(None);
            }
        }
        None
    };
    match part {
        Part::Mixed(mixed) => {
            for at in 0..mixed.len() {
                if let Some(word) = decide(mixed.cell(at)) {
                    mixed.set(at, word.as_ref().map_or(Cell::Missing, Word::cell));
                }
            }
        }
        Part::Numbers(numbers) => {
            for number in numbers {
                let cell = if number.is_nan() { Cell::Missing } else { Cell::Number(*number) };
                match decide(cell) {
                    Some(Some(Word::Number(held))) => *number = held,
                    Some(_) => *number = f64::NAN,
                    None => {}
                }
            }
        }
        Part::Decimals(_) | Part::Texts(_) => {
            let mut packer = Packer::new(mark_of(part));
            for at in 0..part.len() {
                let cell = part.cell(at);
                match (decide(cell), cell) {
                    (Some(Some(Word::Text(text))), _) => packer.push(&text, 0, text.len()),
                    (None, Cell::Text(text)) => packer.push(text, 0, text.len()),
                    _ => packer.push_missing(),
                }
            }
            *part = packer.finish();
        }
    }
    drop(held);
    *marks = now;
}

fn mark_of(part: &Part) -> u8 {
    match part {
        Part::Decimals(decimals) => decimals.mark(),
        _ => NumberFormat::POINT.decimal,
    }
}

/// Whether a cell may be one of the numbers.
fn may_hold(decimals: &Decimals, numbers: &MissingNumbers) -> bool {
    let format = numbers.format();
    if !decimals.are_numbers(format) {
        return true;
    }
    let mut plain = Vec::new();
    decimals.plain_numbers_between(0, decimals.len(), &mut plain);
    plain.iter().any(|number| numbers.has(*number))
        || decimals.odd().any(|(_, text)| numbers.has_text(text))
}

#[cfg(test)]
#[path = "marking_tests.rs"]
mod tests;
