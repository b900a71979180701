//! Packs the cells of a file, one after another, into parts.

use super::super::decimal::Decimal;
use super::super::missing::MissingTokens;
use super::super::table::Cell;
use super::decimals::{Decimals, MISSING, ODD, Odd};
use super::marks::{Marker, Marks};
use super::part::Part;
use super::texts::TextsBuilder;

/// So many cells that are no decimal numbers, and one in eight beyond, may lie among numbers.
const FEW: usize = 16;

/// A part in the making.
#[derive(Debug)]
pub struct Packer {
    mark: u8,
    /// Whether the cells so far go to `texts`.
    is_text: bool,
    texts: TextsBuilder,
    mantissas: Vec<i32>,
    /// All of them, once one does not fit in four bytes.
    long: Vec<i64>,
    /// Those of the first number.
    places: Option<u8>,
    /// Those of every cell, once they differ.
    each: Vec<u8>,
    odd: Vec<Odd>,
    odd_text: String,
    /// The tokens of missing cells.
    marker: Marker,
}

impl Packer {
    /// Packs numbers with this decimal mark.
    pub fn new(mark: u8) -> Self {
        Packer {
            mark,
            is_text: false,
            texts: TextsBuilder::default(),
            mantissas: Vec::new(),
            long: Vec::new(),
            places: None,
            each: Vec::new(),
            odd: Vec::new(),
            odd_text: String::new(),
            marker: Marker::default(),
        }
    }

    /// Adds a missing cell.
    #[inline(always)]
    pub fn push_missing(&mut self) {
        match self.is_text {
            true => self.texts.push_missing(),
            false => self.push_mantissa(MISSING, 0),
        }
    }

    /// Adds a cell that is missing because it holds the token of this number, 0 for none.
    #[inline(always)]
    pub fn push_token(&mut self, token: u32) {
        self.marker.push(token);
        self.push_missing();
    }

    /// Adds a cell that holds `text[start..end]`.
    #[inline(always)]
    pub fn push(&mut self, text: &str, start: usize, end: usize) {
        if self.is_text {
            return self.texts.push(&text[start..end]);
        }
        let expected = self.places.unwrap_or(0);
        match Decimal::spelled(text.as_bytes(), start, end, self.mark, expected) {
            Some(Decimal { mantissa, places }) => {
                if Some(places) != self.places && self.each.is_empty() {
                    self.note_places(places);
                }
                self.push_mantissa(mantissa, places);
            }
            None => self.push_odd(&text[start..end]),
        }
    }

    /// The cells so far, and none from here on.
    pub fn finish(&mut self) -> Part {
        let part = match self.is_text {
            true => Part::Texts(self.texts.finish()),
            false => Part::Decimals(self.decimals()),
        };
        self.clear();
        part
    }

    /// The same with the tokens of missing cells, all of which were added as such.
    pub fn finish_marked(&mut self, tokens: &MissingTokens) -> (Part, Marks) {
        let marks = self.marker.finish(tokens);
        (self.finish(), marks)
    }

    /// Forgets the cells.
    pub fn clear(&mut self) {
        self.is_text = false;
        self.texts.clear();
        self.mantissas.clear();
        self.long.clear();
        self.places = None;
        self.each.clear();
        self.odd.clear();
        self.odd_text.clear();
        self.marker.clear();
    }

    fn decimals(&self) -> Decimals {
        let places = (self.places.unwrap_or(0), &*self.each);
        let mantissas = (&*self.mantissas, &*self.long);
        Decimals::new(mantissas, places, self.mark, &self.odd, &self.odd_text)
    }

    #[inline(always)]
    fn push_mantissa(&mut self, mantissa: i64, places: u8) {
        match Decimals::short(mantissa) {
            Some(short) if self.long.is_empty() => self.mantissas.push(short),
            _ => self.push_long(mantissa),
        }
        if !self.each.is_empty() {
            self.each.push(places);
        }
    }

    fn push_long(&mut self, mantissa: i64) {
        let mantissas = self.mantissas.drain(..);
        self.long.extend(mantissas.map(Decimals::long));
        self.long.push(mantissa);
    }

    fn len(&self) -> usize {
        self.mantissas.len() + self.long.len()
    }

    #[cold]
    fn note_places(&mut self, places: u8) {
        match self.places {
            None => self.places = Some(places),
            Some(first) => self.each.resize(self.len(), first),
        }
    }

    #[cold]
    fn push_odd(&mut self, text: &str) {
        if self.odd.len() >= FEW + self.len() / 8 {
            self.turn_to_text();
            return self.texts.push(text);
        }
        self.odd_text.push_str(text);
        self.odd.push(Odd { at: self.len(), end: self.odd_text.len() });
        self.push_mantissa(ODD, 0);
    }

    fn turn_to_text(&mut self) {
        let (decimals, texts) = (self.decimals(), &mut self.texts);
        for at in 0..decimals.len() {
            match decimals.cell(at) {
                Cell::Text(text) => texts.push(text),
                _ => texts.push_missing(),
            }
        }
        self.is_text = true;
    }
}
