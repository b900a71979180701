//! What the missing cells of a part held: a token, or nothing. Told in runs, for a column mostly
//! has one kind of them.

use super::super::missing::MissingTokens;
use super::super::table::Cell;

/// What each missing cell of a part held, in their order; cells beyond the last run held nothing.
#[derive(Debug, Clone, Default)]
pub struct Marks {
    runs: Vec<Run>,
    words: Vec<Word>,
}

/// Missing cells one after the other that held the same.
#[derive(Debug, Clone, Copy)]
struct Run {
    /// 0 for nothing, else the place of the word counted from 1.
    word: u32,
    cells: u32,
}

/// A token, or a number that is one.
#[derive(Debug, Clone, PartialEq)]
pub enum Word {
    /// A text.
    Text(String),
    /// A number that came as such.
    Number(f64),
}

impl Word {
    /// The cell it was.
    pub fn cell(&self) -> Cell<'_> {
        match self {
            Word::Text(text) => Cell::Text(text),
            Word::Number(number) => Cell::Number(*number),
        }
    }

    /// As it reads.
    pub fn text(&self) -> String {
        match self {
            Word::Text(text) => text.clone(),
            Word::Number(number) => number.to_string(),
        }
    }
}

impl Marks {
    /// What the cells held, in order and for ever.
    pub fn cells(&self) -> impl Iterator<Item = Option<&Word>> {
        let words = self.runs.iter().flat_map(|run| {
            let word = (run.word as usize).checked_sub(1).and_then(|at| self.words.get(at));
            std::iter::repeat_n(word, run.cells as usize)
        });
        words.chain(std::iter::repeat(None))
    }

    /// The words, each once.
    pub fn words(&self) -> &[Word] {
        &self.words
    }

    /// How many cells held each word.
    pub fn counts(&self) -> impl Iterator<Item = (&Word, usize)> {
        let count = |at: usize| {
            let runs = self.runs.iter().filter(move |run| run.word as usize == at + 1);
            runs.map(|run| run.cells as usize).sum()
        };
        self.words.iter().enumerate().map(move |(at, word)| (word, count(at)))
    }

    /// One more missing cell, and what it held.
    pub fn push(&mut self, word: Option<Cell<'_>>) {
        let word = match word {
            None | Some(Cell::Missing) => 0,
            Some(Cell::Text(text)) if text.trim().is_empty() => 0,
            Some(cell) => number(&mut self.words, cell),
        };
        push(&mut self.runs, word);
    }
}

/// The place of a word, counted from 1, which is added if it is new.
fn number(words: &mut Vec<Word>, cell: Cell<'_>) -> u32 {
    let at = words.iter().position(|word| word.cell() == cell).unwrap_or_else(|| {
        words.push(match cell {
            Cell::Number(number) => Word::Number(number),
            Cell::Text(text) => Word::Text(text.to_owned()),
            Cell::Missing => Word::Text(String::new()),
        });
        words.len() - 1
    });
    at as u32 + 1
}

fn push(runs: &mut Vec<Run>, word: u32) {
    match runs.last_mut() {
        Some(run) if run.word == word && run.cells < u32::MAX => run.cells += 1,
        _ => runs.push(Run { word, cells: 1 }),
    }
}

/// The marks of a file's cells in the making, by the number of the token.
#[derive(Debug, Default)]
pub struct Marker(Vec<Run>);

impl Marker {
    /// One more missing cell, which held this token.
    #[inline]
    pub fn push(&mut self, token: u32) {
        push(&mut self.0, token);
    }

    /// The marks so far, and none from here on.
    pub fn finish(&mut self, tokens: &MissingTokens) -> Marks {
        let mut marks = Marks::default();
        if self.0.iter().any(|run| run.word > 0) {
            marks.runs = self.0.clone();
            for run in &mut marks.runs {
                let word = tokens.word(run.word).map(Cell::Text);
                run.word = match word {
                    Some(word) => number(&mut marks.words, word),
                    None => 0,
                };
            }
        }
        self.0.clear();
        marks
    }

    /// Forgets them.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}
