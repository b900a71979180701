//! Reading in chunks is reading from beginning to end: the same rows, lines, errors, skipped rows.
//! In tests a chunk has few bytes, and a stream, which reads by the grammar alone, is the oracle.

use proptest::prelude::*;

use super::super::options::{Encoding, OnError};
use super::super::stream::Stream;
use super::super::{Skipped, read, read_bytes};
use super::*;
use crate::data::Table;

fn shown(table: &Table) -> Vec<(String, Vec<String>)> {
    let row = |row| {
        let cells = table.columns().iter().map(|column| format!("{:?}", column.cell(row)));
        (table.row_name(row), cells.collect())
    };
    (0..table.rows()).map(row).collect()
}

fn told(skipped: &Skipped) -> (usize, Vec<String>) {
    (skipped.count, skipped.first.iter().map(ToString::to_string).collect())
}

/// In chunks, from memory and from a file; and from beginning to end.
fn same(text: &[u8], options: &CsvOptions) {
    let mut stream = Stream::of_bytes("x.csv", text, options).unwrap();
    let mut rows = Vec::new();
    let ended = loop {
        match stream.batch() {
            Ok(Some(batch)) => rows.extend(shown(&batch.table)),
            Ok(None) => break Ok(()),
            Err(error) => break Err(error.to_string()),
        }
    };
    let expected = ended.map(|()| (rows, told(stream.skipped())));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.csv");
    std::fs::write(&path, text).unwrap();
    let from_file = read(&[&path], options);
    let from_memory = read_bytes("x.csv", text, options);
    if let (Ok(file), Ok(memory)) = (&from_file, &from_memory) {
        assert_eq!((&file.fingerprint, file.bytes), (&memory.fingerprint, memory.bytes));
    }
    for found in [from_file, from_memory] {
        let found = found.map(|read| (shown(&read.table), told(&read.skipped)));
        let name = path.display().to_string();
        let found = found.map_err(|error| error.to_string().replace(&name, "x.csv"));
        let found = found.map(|(rows, (count, first))| {
            (rows, (count, first.iter().map(|text| text.replace(&name, "x.csv")).collect()))
        });
        assert_eq!(found, expected, "{:?}", String::from_utf8_lossy(text));
    }
}

fn options() -> [CsvOptions; 3] {
    let skip = CsvOptions { on_error: OnError::Skip, ..CsvOptions::default() };
    [CsvOptions::default(), skip.clone(), CsvOptions { comment: Some(b'#'), ..skip }]
}

/// Enough rows that sniffing needs no more.
fn beginning() -> String {
    format!("a,b,c\n{}", "1.5,x,\n".repeat(100))
}

/// How many chunks the fast way has read, and how many there are.
fn fast(text: &str) -> (usize, usize) {
    let options = CsvOptions { delimiter: Some(b','), header: Some(true), ..CsvOptions::default() };
    let missing = Missing::default();
    let whole = super::super::decode::decode(text.as_bytes(), None);
    let trailing = super::super::sheet::Trailing::Drop;
    let sheet = Sheet::open("x", &whole, &options, &missing, trailing, None).unwrap();
    let input = Input::Memory(text.as_bytes());
    let at = text.find('\n').unwrap() + 1;
    let (sheet, missing, options) = (&sheet, &missing, &options);
    let cut = Text { input, at, line: 2, undecodable: &[], sheet, missing, options };
    let (mut desk, mut read, mut end) = (cut.desk(), 0, at);
    let chunks = text.len().div_ceil(CHUNK);
    for index in 0..chunks {
        let mut slot = Slot::default();
        assert!(cut.slot(index, &mut desk, &mut slot).is_ok());
        if let Some(chunk) = slot.chunk.filter(|chunk| chunk.start == end) {
            (read, end) = (read + 1, chunk.end);
        } else if end >= ((index + 1) * CHUNK).min(text.len()) {
            // The record before goes on behind this chunk.
            read += 1;
        }
    }
    (read, chunks)
}

#[test]
fn ordinary_files_are_read_fast_to_the_last_chunk() {
    let rows = |row: &str| format!("a,b,c\n{}", row.repeat(50));
    for text in [
        rows("1.25,-3,17\n"),
        rows(" 1.25 ,\tNA,\r\n"),
        rows("x y,\"a \"\"b\"\", c\",é\r"),
        rows("1,\"two\nlines, or\r\nthree\",5\n"),
        rows("1,2,3\n\n \n"),
        rows("\"1\",\"2\" ,\"\"\n"),
        rows("5\" pipe,?,1e-7\n"),
        rows("1,a cell that is longer than a chunk is in tests and so goes on,2\n"),
    ] {
        let (read, chunks) = fast(&text);
        assert_eq!(read, chunks, "{text}");
        for options in options() {
            let options = CsvOptions { delimiter: Some(b','), header: Some(true), ..options };
            same(text.as_bytes(), &options);
        }
    }
}

#[test]
fn guesses_that_are_wrong_are_made_good() {
    // Inside quotes lie lines that look like rows.
    let quoted = "1,\"2,3\n4,5,6\n7,8,9\n1,2,3\n4,5,6\n7,8,9\n1,2,3\n4,5,6\n\",3\n";
    let text = format!("{}{}", beginning(), quoted.repeat(9));
    options().iter().for_each(|options| same(text.as_bytes(), options));
    // A quote that never closes, in a file of several chunks.
    let text = format!("{}1,\"2,3\n{}", beginning(), "4,5,6\n".repeat(40));
    options().iter().for_each(|options| same(text.as_bytes(), options));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_rows(
        rows in proptest::collection::vec(
            "([-0-9.]{0,9}|[a-c é]{0,6}|\"([a,\n\r]|\"\"){0,12}\"|NA|\\?| 1|1\t),([-0-9.]{0,12}|\"x\ny\"|#|é),(1|2|\"\"|0x|)(\n|\r\n|\r|\n\n| \n|,\n|\"\n|,,\n|\0\n)?",
            0..40,
        ),
    ) {
        let text = format!("{}{}", beginning(), rows.concat());
        options().iter().for_each(|options| same(text.as_bytes(), options));
    }

    #[test]
    fn any_clean_rows(
        rows in proptest::collection::vec(
            "(-?[0-9]{1,3}\\.[0-9]{2}|[a-c é]{1,6}|\"([a,\n\r]|\"\"){0,12}\"|NA|),[0-9]{1,4},(1|2|\"\")(\n|\r\n|\r)",
            0..60,
        ),
    ) {
        let text = format!("{}{}", beginning(), rows.concat());
        options().iter().for_each(|options| same(text.as_bytes(), options));
    }

    #[test]
    fn any_signs(rest in "[a1,\"é\0#\r\n\t ]{0,300}") {
        let text = format!("{}{rest}", beginning());
        options().iter().for_each(|options| same(text.as_bytes(), options));
    }

    #[test]
    fn any_bytes_and_encodings(rest in proptest::collection::vec(any::<u8>(), 0..200)) {
        for options in options() {
            let text = [beginning().as_bytes(), &rest].concat();
            same(&text, &options);
            for encoding in [Encoding::Latin1, Encoding::Utf8] {
                same(&text, &CsvOptions { encoding: Some(encoding), ..options.clone() });
            }
            let pairs = rest.iter().map(|byte| u16::from(*byte) * 3);
            let beginning = beginning();
            let utf16 = beginning.encode_utf16().chain(pairs).flat_map(u16::to_le_bytes);
            let utf16 = [&[0xff, 0xfe][..], &utf16.collect::<Vec<_>>()].concat();
            same(&utf16, &options);
        }
    }
}
