//! Reading in batches gives what reading at once gives: rows, lines, what was skipped, errors.

use proptest::prelude::*;

use super::super::options::{Encoding, OnError};
use super::super::{read_bytes, write::Writer};
use super::*;
use crate::data::MissingTokens;
use crate::error::Error;

type Rows = (Vec<String>, Vec<(String, Vec<String>)>, Vec<String>, usize);

fn rows(table: &Table) -> Vec<(String, Vec<String>)> {
    let row = |row| {
        let cells = table.columns().iter().map(|column| format!("{:?}", column.cell(row)));
        (table.row_name(row), cells.collect())
    };
    (0..table.rows()).map(row).collect()
}

fn messages(skipped: &Skipped) -> Vec<String> {
    skipped.first.iter().map(Error::to_string).collect()
}

fn at_once(bytes: &[u8], options: &CsvOptions) -> Result<Rows> {
    let read = read_bytes("x.csv", bytes, options)?;
    let names = read.table.columns().iter().map(|column| column.name().to_owned()).collect();
    Ok((names, rows(&read.table), messages(&read.skipped), read.skipped.count))
}

fn in_batches(bytes: &[u8], options: &CsvOptions) -> Result<Rows> {
    let mut stream = Stream::of_bytes("x.csv", bytes, options)?;
    let mut all = Vec::new();
    while let Some(batch) = stream.batch()? {
        all.extend(rows(&batch.table));
    }
    let skipped = stream.skipped();
    Ok((stream.names().to_vec(), all, messages(skipped), skipped.count))
}

/// Enough rows that sniffing needs no more of the file.
fn beginning() -> String {
    format!("a,b,\n{}", "1,x,\n".repeat(100))
}

fn hold_together(bytes: &[u8], options: &CsvOptions) {
    let (whole, batches) = (at_once(bytes, options), in_batches(bytes, options));
    assert_eq!(batches, whole, "{:?}", String::from_utf8_lossy(bytes));
}

#[test]
fn batches_are_the_file_read_at_once() {
    let defaults = CsvOptions::default;
    let skip = || CsvOptions { on_error: OnError::Skip, ..defaults() };
    let comments = CsvOptions { comment: Some(b'#'), skip_lines: 2, ..skip() };
    for rest in [
        "",
        "2,y,\n3,\"a\r\nb \"\"c\"\"\",\r\n\n  \n4,é😀,",
        "2,y,3\n",
        "2,y\n3,z,\n",
        "2,\"y\n3,z,\n",
        "2,\"y\"z\n3,z,\n4,\0,\n5,NA,\n",
        "# a remark, \"of\n#\n2,y,\n#",
    ] {
        for options in [&defaults(), &skip(), &comments] {
            hold_together(format!("{}{rest}", beginning()).as_bytes(), options);
        }
        let text = format!("{}{rest}", beginning());
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let wanted = |encoding| CsvOptions { encoding: Some(encoding), ..skip() };
        hold_together(&utf16, &wanted(Encoding::Utf16));
        hold_together(text.as_bytes(), &wanted(Encoding::Latin1));
    }
    for text in ["", "\n", "a", "a,a\n1,2\n", "a,b\n1\n", "\"", "x   y\n1   2\n"] {
        let (whole, batches) =
            (at_once(text.as_bytes(), &skip()), in_batches(text.as_bytes(), &skip()));
        match (&whole, &batches) {
            // A file of a header alone, or of bad rows alone, has nothing to train on, but may
            // well be predicted.
            (Err(_), Ok((_, rows, ..))) => assert!(rows.is_empty(), "{text:?}"),
            _ => assert_eq!(batches, whole),
        }
    }
}

#[test]
fn kept_columns_are_as_they_stand_and_chosen_ones_may_be_renamed() {
    let text = "a,b,c\n1,NA,\" x \"\n";
    let options = CsvOptions::default();
    let mut stream = Stream::of_bytes("x.csv", text.as_bytes(), &options).unwrap();
    stream.choose(vec![(1, "z".to_owned())], vec![2, 1]);
    let batch = stream.batch().unwrap().unwrap();
    assert_eq!(rows(&batch.table)[0], ("line 2".to_owned(), vec!["Missing".to_owned()]));
    assert_eq!(batch.table.columns()[0].name(), "z");
    let kept = batch.kept.columns();
    assert_eq!((kept[0].cell(0), kept[1].cell(0)), (Cell::Text(" x "), Cell::Text("NA")));
    assert!(stream.batch().unwrap().is_none());
}

proptest! {
    #[test]
    fn any_text_in_batches_is_the_text_at_once(rest in "[a1,\"é\0#\r\n]{0,60}") {
        let options = CsvOptions { on_error: OnError::Skip, ..CsvOptions::default() };
        hold_together(format!("{}{rest}", beginning()).as_bytes(), &options);
        hold_together(format!("{}{rest}", beginning()).as_bytes(), &CsvOptions::default());
    }

    #[test]
    fn any_bytes_too(rest in proptest::collection::vec(any::<u8>(), 0..60)) {
        let options = CsvOptions { on_error: OnError::Skip, ..CsvOptions::default() };
        hold_together(&[beginning().as_bytes(), &rest].concat(), &options);
    }

    #[test]
    fn what_is_written_reads_back(cells in proptest::collection::vec("[a ,;\"'#\t\r\né]{0,6}", 4)) {
        for (text, quote) in [("a,b\n1,2\n", Some(b'"')), ("a;b\n1;2\n", Some(b'\'')), ("a\tb\n1\t2\n", None)] {
            let options = CsvOptions { quote, ..CsvOptions::default() };
            let stream = Stream::of_bytes("x.csv", text.as_bytes(), &options).unwrap();
            let mut writer = Writer::new(Vec::new(), stream.dialect(), b'.');
            for row in [&["x".to_owned(), "y".to_owned()][..], &cells[..2], &cells[2..]] {
                writer.text(&row[0]).unwrap();
                writer.text(&row[1]).unwrap();
                writer.end().unwrap();
            }
            let written = writer.into_inner();
            let again = CsvOptions {
                delimiter: Some(stream.dialect().delimiter),
                quote: Some(quote.unwrap_or(b'"')),
                header: Some(true),
                missing: MissingTokens::only(Vec::new()),
                ..CsvOptions::default()
            };
            let read = read_bytes("y.csv", &written, &again).unwrap().table;
            // A blank cell is a missing one, quoted or not.
            let expected: Vec<Cell> = cells
                .iter()
                .map(|cell| if cell.trim().is_empty() { Cell::Missing } else { Cell::Text(cell) })
                .collect();
            let found: Vec<Cell> =
                (0..2).flat_map(|row| [read.columns()[0].cell(row), read.columns()[1].cell(row)]).collect();
            prop_assert_eq!(found, expected);
        }
    }
}

#[test]
fn numbers_read_back_bit_by_bit() {
    let options = CsvOptions::default();
    let stream = Stream::of_bytes("x.csv", b"a;b\n1;2\n", &options).unwrap();
    let numbers = [0.0, 1.0, -0.1, 1e-300, 5e-324, 1.7976931348623157e308, 1.0 / 3.0, 1e15, 1e16];
    for decimal in [b'.', b','] {
        let mut writer = Writer::new(Vec::new(), stream.dialect(), decimal);
        for number in numbers {
            writer.number(number).unwrap();
        }
        let text = String::from_utf8(writer.into_inner()).unwrap();
        let read = text.split(';').map(|text| text.replace(',', ".").parse::<f64>().unwrap());
        assert!(read.map(f64::to_bits).eq(numbers.map(f64::to_bits)), "{text}");
    }
}
