//! Cells made missing by tokens come back as they were, however they are packed.

use super::super::{Cell, Column, Packer, Word};
use crate::data::{MissingTokens, NumberFormat};
use proptest::prelude::*;

const POINT: NumberFormat = NumberFormat::POINT;

fn tokens() -> MissingTokens {
    let given = ["-999", "unknown", "1.5"].map(str::to_owned).to_vec();
    MissingTokens::default().with(given)
}

/// The cells as a file is read in parts of `size`, and as rows give them.
fn both(cells: &[String], size: usize, tokens: &MissingTokens) -> [Column; 2] {
    let (mut packed, mut rows) = (Column::new("x"), Column::new("x"));
    let mut packer = Packer::new(b'.');
    for chunk in cells.chunks(size) {
        for cell in chunk {
            match tokens.token(cell) {
                Some(token) => packer.push_token(token),
                None => packer.push(cell, 0, cell.len()),
            }
            rows.push(if cell.is_empty() { Cell::Missing } else { Cell::Text(cell) });
        }
        let (part, marks) = packer.finish_marked(tokens);
        packed.append_marked(part, marks);
    }
    [packed, rows]
}

fn marked(cells: &[String], size: usize) -> [Column; 2] {
    let (tokens, numbers) = (tokens(), tokens().numbers(POINT));
    let mut columns = both(cells, size, &tokens);
    columns.iter_mut().for_each(|column| column.mark(&tokens, &numbers));
    columns
}

fn missing(text: &str) -> bool {
    tokens().is(text) || tokens().numbers(POINT).has_text(text)
}

fn check(cells: &[String], size: usize) {
    let cell = |text: &str| if text.is_empty() { "" } else { text }.to_owned();
    for mut column in marked(cells, size) {
        for (row, text) in cells.iter().enumerate() {
            let expected = if missing(text) { Cell::Missing } else { Cell::Text(text) };
            assert_eq!(column.cell(row), expected, "{cells:?}");
        }
        let mut counted = column.words();
        counted.iter_mut().for_each(|(word, count)| {
            let same = cells.iter().filter(|text| **text == word.text());
            assert_eq!(same.count(), *count, "{word:?} in {cells:?}");
        });
        // Marking again changes nothing.
        let (tokens, numbers) = (tokens(), tokens().numbers(POINT));
        column.mark(&tokens, &numbers);
        assert_eq!(column.words(), counted);
        // Some stay missing, and then none.
        column.restore(|word| word.text() != "-");
        for (row, text) in cells.iter().enumerate() {
            let expected = if missing(text) && text != "-" { "" } else { text };
            assert_eq!(column.text(row), cell(expected), "{cells:?}");
        }
        column.restore(|_| false);
        assert!(!column.is_marked());
        for (row, text) in cells.iter().enumerate() {
            assert_eq!(column.text(row), text.trim(), "{cells:?}");
        }
    }
}

proptest! {
    #[test]
    fn what_was_marked_comes_back(
        cells in proptest::collection::vec("|-|\\.|NA|None|unknown|-999(\\.0)?|1\\.50?|[0-9]{1,3}|[ab]", 0..90),
        size in 1..40usize,
    ) {
        check(&cells, size);
    }
}

#[test]
fn texts_and_numbers_in_one_column() {
    let many: Vec<String> = (0..200).map(|i| format!("text {}", i % 3)).collect();
    let odd = ["NA", "-999", "x", "-999.00", "", "?"].map(str::to_owned);
    check(&[many, odd.to_vec()].concat(), 50);
}

#[test]
fn numbers_that_came_as_such_come_back_as_such() {
    let (tokens, numbers) = (tokens(), tokens().numbers(POINT));
    let cells = [Cell::Number(-999.0), Cell::Number(2.0), Cell::Missing, Cell::Text("-999")];
    let mut mixed = Column::new("x");
    cells.into_iter().for_each(|cell| mixed.push(cell));
    let mut plain = Column::of_numbers("x", vec![-999.0, 2.0, f64::NAN, 1.5]);
    for column in [&mut mixed, &mut plain] {
        column.mark(&tokens, &numbers);
        let found: Vec<Cell<'_>> = column.cells().collect();
        assert_eq!(found, [Cell::Missing, Cell::Number(2.0), Cell::Missing, Cell::Missing]);
    }
    mixed.restore(|word| matches!(word, Word::Text(_)));
    plain.restore(|word| word.text() == "1.5");
    let expected = [Cell::Number(-999.0), Cell::Number(2.0), Cell::Missing, Cell::Missing];
    assert!(mixed.cells().eq(expected) && plain.cells().eq(expected));
}

#[test]
fn another_decimal_mark_is_written() {
    let comma = NumberFormat { decimal: b',', ..NumberFormat::POINT };
    let cells = ["1.5", "-2.25", "x.y", "3", ""].map(str::to_owned);
    for mut column in both(&cells, 2, &MissingTokens::default()) {
        column.respell(POINT, comma);
        let texts: Vec<&str> = (0..5).map(|row| column.text(row)).collect();
        assert_eq!(texts, ["1,5", "-2,25", "x.y", "3", ""]);
    }
}
