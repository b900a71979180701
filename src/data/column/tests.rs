//! However cells are packed, they come back as they were put in.

use super::super::number::{self, NumberFormat};
use super::*;
use proptest::prelude::*;

/// The cells, packed as a file's are in parts of `size`, and one by one; empty means missing.
fn both(cells: &[String], size: usize, mark: u8) -> (Column, Column) {
    let (mut packed, mut plain) = (Column::new("x"), Column::new("x"));
    let mut packer = Packer::new(mark);
    for chunk in cells.chunks(size) {
        for cell in chunk {
            let text = format!("0123456789,abcdef{cell}");
            match cell.as_str() {
                "" => packer.push_missing(),
                _ => packer.push(&text, 17, text.len()),
            }
            plain.push(if cell.is_empty() { Cell::Missing } else { Cell::Text(cell) });
        }
        packed.append(packer.finish());
    }
    (packed, plain)
}

fn same(cells: &[String], size: usize, mark: u8) {
    let (packed, plain) = both(cells, size, mark);
    assert!(packed.cells().eq(plain.cells()), "{cells:?}");
    assert_eq!(packed.len(), cells.len());
    let rows: Vec<usize> = (0..cells.len()).filter(|row| row % 3 != 1).collect();
    for row in 0..cells.len() {
        assert_eq!(packed.cell(row), plain.cell(row));
    }
    for decimal in [b'.', b','] {
        let format = NumberFormat { decimal, ..NumberFormat::POINT };
        let expected = rows.iter().map(|&row| number::of(plain.cell(row), format));
        let expected: Vec<Option<u64>> = expected.map(|number| number.map(f64::to_bits)).collect();
        let mut numbers = Vec::new();
        let mut all = true;
        packed.stretches(&rows).for_each(|stretch| all &= stretch.numbers(format, &mut numbers));
        let found: Vec<_> = numbers.iter().map(|n| (!n.is_nan()).then(|| n.to_bits())).collect();
        assert_eq!(found, expected, "{cells:?}");
        let misfit = |row: &&usize| {
            plain.cell(**row) != Cell::Missing && number::of(plain.cell(**row), format).is_none()
        };
        assert_eq!(all, rows.iter().find(misfit).is_none());
    }
    let length = |cell: Cell<'_>| match cell {
        Cell::Text(text) => text.len(),
        _ => 0,
    };
    let (mut found, mut all) = (Vec::new(), Vec::new());
    packed.map(&rows, length, |row, length| found.push((row, length)));
    packed.map_all(length, |row, length| all.push((row, length)));
    assert!(found.into_iter().eq(rows.iter().map(|&row| (row, cells[row].len()))));
    assert!(all.into_iter().eq(cells.iter().map(String::len).enumerate()));
}

/// Some rows taken out are a column like one that was packed without the others.
fn without(cells: &[String], size: usize, mark: u8) {
    let (packed, plain) = both(cells, size, mark);
    for step in [1, 2, 3, 7] {
        let rows: Vec<usize> = (0..cells.len()).filter(|row| row % step == step / 2).collect();
        let some: Vec<String> = rows.iter().map(|&row| cells[row].clone()).collect();
        let (expected, _) = both(&some, size, mark);
        for column in [packed.of_rows(&rows), plain.of_rows(&rows)] {
            assert_eq!((column.name(), column.len()), ("x", rows.len()));
            assert!(column.cells().eq(expected.cells()), "{cells:?}");
            let format = NumberFormat { decimal: mark, ..NumberFormat::POINT };
            let all: Vec<usize> = (0..rows.len()).collect();
            let numbers = |column: &Column| {
                let mut numbers = Vec::new();
                let mut good = true;
                column.stretches(&all).for_each(|it| good &= it.numbers(format, &mut numbers));
                (good, numbers.into_iter().map(f64::to_bits).collect::<Vec<_>>())
            };
            assert_eq!(numbers(&column), numbers(&expected), "{cells:?}");
        }
    }
}

#[test]
fn a_stray_text_or_many_do_not_change_the_numbers() {
    for stray in [1, 2, 3, 7, 40] {
        let cells = (0..200).map(|i| match i % stray {
            0 => ["x", "-0.00", "", "1e-5", "+7", "007"][i % 6].to_owned(),
            _ => format!("{}.{}", i * 37, i % 10),
        });
        let cells: Vec<String> = cells.collect();
        for size in [1, 9, 64, 500] {
            same(&cells, size, b'.');
            without(&cells, size, b'.');
        }
    }
}

#[test]
fn rows_in_any_order_are_found() {
    let cells: Vec<String> = (0..50).map(|i| i.to_string()).collect();
    let (packed, _) = both(&cells, 8, b'.');
    let rows = [3, 40, 2, 49, 49, 0, 7, 8];
    let mut numbers = Vec::new();
    packed
        .stretches(&rows)
        .for_each(|stretch| assert!(stretch.numbers(NumberFormat::POINT, &mut numbers)));
    assert!(numbers.into_iter().eq(rows.map(|row| row as f64)));
}

proptest! {
    #[test]
    fn any_cells(
        cells in proptest::collection::vec("|-?[0-9]{1,3}(\\.[0-9]{1,3})?|-?[0-9]{9,19}([.,][0-9]{1,9})?|[a-c]|[-+0-9.,e]{1,4}", 0..60),
        size in 1..40usize,
    ) {
        for mark in [b'.', b','] {
            same(&cells, size, mark);
            without(&cells, size, mark);
        }
    }
}
