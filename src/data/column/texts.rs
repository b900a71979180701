//! Texts, each of them kept once, and for every cell which one it holds.

use super::super::table::Cell;
use xxhash_rust::xxh3::xxh3_64;

/// Cells of text.
#[derive(Debug, Clone)]
pub struct Texts {
    /// Per cell 0 if it is missing, else the number of its text, counted from 1.
    codes: Box<[u32]>,
    /// Where each text ends.
    ends: Box<[usize]>,
    text: Box<str>,
}

impl Texts {
    /// The number of cells.
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// A cell.
    pub fn cell(&self, at: usize) -> Cell<'_> {
        self.of_code(self.codes[at])
    }

    /// Per cell 0 if it is missing, else its place in [`Texts::distinct`] and one.
    pub fn codes(&self) -> &[u32] {
        &self.codes
    }

    /// The texts that occur, each once, in the order in which they come first.
    pub fn distinct(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len()).map(|at| self.at(at))
    }

    /// Some of the cells, with the texts that still occur.
    pub(super) fn of_cells(&self, cells: &[usize]) -> Texts {
        let mut new = vec![0; self.ends.len() + 1];
        let (mut ends, mut text) = (Vec::new(), String::new());
        let code = |&at: &usize| {
            let old = self.codes[at] as usize;
            if old > 0 && new[old] == 0 {
                text.push_str(self.at(old - 1));
                ends.push(text.len());
                new[old] = ends.len() as u32;
            }
            new[old]
        };
        let codes = cells.iter().map(code).collect();
        Texts { codes, ends: ends.into(), text: text.into() }
    }

    pub(super) fn map<T: Copy>(
        &self,
        cells: impl Iterator<Item = usize>,
        of: &mut impl FnMut(Cell<'_>) -> T,
        mut out: impl FnMut(usize, T),
    ) {
        let mut known = vec![None; self.ends.len() + 1];
        for at in cells {
            let code = self.codes[at];
            let value = *known[code as usize].get_or_insert_with(|| of(self.of_code(code)));
            out(at, value);
        }
    }

    fn of_code(&self, code: u32) -> Cell<'_> {
        match code.checked_sub(1) {
            None => Cell::Missing,
            Some(at) => Cell::Text(self.at(at as usize)),
        }
    }

    fn at(&self, at: usize) -> &str {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..self.ends[at]]
    }
}

/// Texts in the making.
#[derive(Debug, Default)]
pub(super) struct TextsBuilder {
    codes: Vec<u32>,
    ends: Vec<usize>,
    text: String,
    /// The codes by hash, 0 for a free place; a power of two, or none at all.
    table: Vec<u32>,
}

impl TextsBuilder {
    pub(super) fn push_missing(&mut self) {
        self.codes.push(0);
    }

    pub(super) fn push(&mut self, text: &str) {
        if self.ends.len() * 2 >= self.table.len() {
            self.grow();
        }
        let mut place = self.place(text);
        let code = loop {
            match self.table[place] {
                0 => {
                    self.text.push_str(text);
                    self.ends.push(self.text.len());
                    self.table[place] = self.ends.len() as u32;
                    break self.table[place];
                }
                code if self.at(code) == text => break code,
                _ => place = (place + 1) & (self.table.len() - 1),
            }
        };
        self.codes.push(code);
    }

    /// The texts so far, and none from here on.
    pub(super) fn finish(&mut self) -> Texts {
        let texts = Texts {
            codes: self.codes.as_slice().into(),
            ends: self.ends.as_slice().into(),
            text: self.text.as_str().into(),
        };
        self.clear();
        texts
    }

    pub(super) fn clear(&mut self) {
        self.codes.clear();
        self.ends.clear();
        self.text.clear();
        self.table.fill(0);
    }

    fn at(&self, code: u32) -> &str {
        let at = code as usize - 1;
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..self.ends[at]]
    }

    fn place(&self, text: &str) -> usize {
        xxh3_64(text.as_bytes()) as usize & (self.table.len() - 1)
    }

    fn grow(&mut self) {
        self.table = vec![0; (self.table.len() * 2).max(64)];
        for code in 1..=self.ends.len() as u32 {
            let mut place = self.place(self.at(code));
            while self.table[place] != 0 {
                place = (place + 1) & (self.table.len() - 1);
            }
            self.table[place] = code;
        }
    }
}
