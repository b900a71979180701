//! Every CSV file of two public collections, csv-spectrum and the examples of csvkit, is read as
//! it should be or refused with its line. The files lie in a folder beside the checkout; without
//! it these tests say so and pass.

// clippy.toml lets tests panic; this lets what the tests call do so as well.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};

use polytask::Code;
use polytask::data::csv::{CsvOptions, Encoding, read};
use polytask::data::{Cell, Table};

fn messy(folder: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/messy").join(folder);
    if !path.is_dir() {
        println!("skipped: no folder shared/data/messy/{folder} beside the checkout");
        return None;
    }
    Some(path)
}

fn files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn text(table: &Table, row: usize, column: usize) -> &str {
    match table.columns()[column].cell(row) {
        Cell::Text(text) => text,
        Cell::Missing => "",
        Cell::Number(_) => panic!("a number from a file"),
    }
}

#[test]
fn csv_spectrum_reads_as_its_json() {
    let Some(folder) = messy("csv-spectrum") else { return };
    let names = files(&folder.join("csvs"));
    assert_eq!(names.len(), 11);
    for name in names {
        let csv = folder.join("csvs").join(&name);
        let json = folder.join("json").join(&name).with_extension("json");
        let json = std::fs::read_to_string(json).unwrap();
        let rows: Vec<serde_json::Map<String, serde_json::Value>> =
            serde_json::from_str(&json).unwrap();
        for header in [None, Some(true)] {
            let options = CsvOptions { header, ..CsvOptions::default() };
            let table = read(&[&csv], &options).unwrap().table;
            assert_eq!(table.rows(), rows.len(), "{name}");
            for (i, row) in rows.iter().enumerate() {
                assert_eq!(table.columns().len(), row.len(), "{name}");
                for (j, (key, value)) in row.iter().enumerate() {
                    assert_eq!(table.columns()[j].name(), key, "{name}");
                    assert_eq!(text(&table, i, j), value.as_str().unwrap(), "{name}");
                }
            }
        }
    }
}

/// The rows × columns with the last cell, or the message.
type Expected = Result<(usize, usize, &'static str), &'static str>;

const CSVKIT: [(&str, Expected); 67] = [
    ("bad.csv", Err(" line 2: 4 cells, expected 3 (as in the header)")),
    ("bad_skip_lines.csv", Err(" line 5: 4 cells, expected 3 (as in the header)")),
    ("blanks.csv", Ok((1, 6, ""))),
    ("blanks_converted.csv", Ok((1, 6, ""))),
    ("date_like_number.csv", Ok((1, 1, "4.5"))),
    ("dummy.csv", Ok((1, 3, "3"))),
    ("dummy.csv.gz", Ok((1, 3, "3"))),
    ("dummy.tsv", Ok((1, 3, "3"))),
    ("dummy2.csv", Ok((1, 3, "3"))),
    ("dummy3.csv", Ok((2, 3, "5"))),
    ("dummy_col_shuffled.csv", Ok((1, 3, "1"))),
    ("dummy_col_shuffled_ragged.csv", Ok((1, 4, "4"))),
    ("empty.csv", Err(": has no rows, only blank lines or lines to pass over")),
    ("foo1.csv", Ok((2, 3, "21"))),
    ("foo2.csv", Ok((2, 3, "21"))),
    ("iris.csv", Ok((150, 5, "Iris-virginica"))),
    ("irismeta.csv", Ok((3, 3, "IRSE"))),
    ("join_a.csv", Ok((3, 3, "c"))),
    ("join_a_short.csv", Err(" line 2: 2 cells, expected 3 (as in the header)")),
    ("join_b.csv", Ok((3, 3, "c"))),
    ("join_no_header_row.csv", Ok((3, 3, "c"))),
    ("join_short.csv", Ok((2, 5, "c"))),
    ("mac_newlines.csv", Ok((2, 3, "6"))),
    ("no_header_row.csv", Ok((1, 3, "3"))),
    ("no_header_row2.csv", Ok((1, 3, "6"))),
    ("no_header_row3.csv", Ok((2, 3, "6"))),
    (
        "null_byte.csv",
        Err(" line 2, column \"a\": a NUL byte; if the file is UTF-16, set csv.encoding: 'utf16'"),
    ),
    ("optional_quote_characters.csv", Ok((1, 3, "3"))),
    ("sheetsxls_converted.csv", Ok((5, 9, ""))),
    ("sheetsxlsx_converted.csv", Ok((5, 9, ""))),
    ("sniff_limit.csv", Ok((1, 3, "3"))),
    ("sort_ints_nulls.csv", Ok((3, 3, "7"))),
    ("test_date_format.csv", Ok((2, 1, "31/12/2012"))),
    ("test_date_format_converted.csv", Ok((2, 1, "2012-12-31"))),
    ("test_empty_columns.csv", Err(" line 3: 4 cells, expected 5 (as in the header)")),
    ("test_empty_columns_long_row.csv", Err(" line 2: 4 cells, expected 3 (as in the header)")),
    ("test_empty_columns_short_row.csv", Err(" line 2: 2 cells, expected 3 (as in the header)")),
    ("test_extra_header.csv", Err(" line 2: 3 cells, expected 4 (as in the header)")),
    ("test_geo.csv", Ok((17, 12, "-95.250699"))),
    ("test_geojson.csv", Ok((3, 7, ""))),
    ("test_header_newline.csv", Ok((1, 3, "f"))),
    ("test_ignore_case.csv", Ok((5, 3, "d"))),
    ("test_join_short_rows.csv", Err(" line 2: 2 cells, expected 3 (as in the header)")),
    (
        "test_latin1.csv",
        Err(" line 3, column \"c\": the byte 0xa9 is not UTF-8; if the file is latin-1, set \
             csv.encoding: 'latin1'"),
    ),
    ("test_literal_order.csv", Ok((3, 2, "3"))),
    ("test_locale.csv", Ok((1, 3, ""))),
    ("test_locale_converted.csv", Ok((1, 3, ""))),
    ("test_no_leading_zeroes.csv", Ok((1, 3, "0.1"))),
    ("test_numeric_date_format.csv", Ok((2, 1, "20121231"))),
    ("test_precision.csv", Ok((1, 1, "1.234567"))),
    ("test_skip_lines.csv", Ok((1, 3, "3"))),
    ("test_utf16_big.csv", Ok((2, 3, "ʤ"))),
    ("test_utf16_little.csv", Ok((2, 3, "ʤ"))),
    ("test_utf8.csv", Ok((2, 3, "ʤ"))),
    ("test_utf8_bom.csv", Ok((2, 3, "ʤ"))),
    ("testdbf_converted.csv", Ok((8, 12, "-93.5130863"))),
    ("testfixed_converted.csv", Ok((4, 8, ""))),
    ("testfixed_schema.csv", Ok((8, 3, "2"))),
    ("testfixed_schema_no_inference.csv", Ok((3, 3, "2"))),
    ("testjson_converted.csv", Ok((5, 7, ""))),
    ("testjson_multiline_converted.csv", Ok((2, 3, "4"))),
    ("testjson_nested_converted.csv", Ok((2, 7, "63"))),
    ("testxls_converted.csv", Ok((5, 8, ""))),
    ("testxls_unicode_converted.csv", Ok((1, 3, "3.0"))),
    ("testxlsx_converted.csv", Ok((5, 8, ""))),
    ("testxlsx_noinference_converted.csv", Ok((5, 8, ""))),
    ("testxlsx_unicode_converted.csv", Ok((1, 3, "3"))),
];

#[test]
fn csvkit_examples_read_as_expected() {
    let Some(folder) = messy("csvkit-examples") else { return };
    assert_eq!(files(&folder), CSVKIT.map(|(name, _)| name));
    for (name, expected) in CSVKIT {
        let path = folder.join(name);
        match (read(&[&path], &CsvOptions::default()), expected) {
            (Ok(read), Ok((rows, columns, last))) => {
                let table = &read.table;
                assert_eq!((table.rows(), table.columns().len()), (rows, columns), "{name}");
                assert_eq!(text(table, rows - 1, columns - 1), last, "{name}");
                let header = !name.starts_with("no_header_row");
                assert_eq!(read.dialect.header, header, "{name}");
                assert_eq!(read.dialect.gzip, name.ends_with(".gz"), "{name}");
            }
            (Err(error), Err(message)) => {
                assert_eq!(error.code(), Code::Csv);
                assert_eq!(error.to_string(), format!("{}{message}", path.display()));
            }
            (found, _) => panic!("{name}: {:?}", found.map(|read| read.table.rows())),
        }
    }
}

#[test]
fn csvkit_examples_read_with_the_option_the_message_names() {
    let Some(folder) = messy("csvkit-examples") else { return };
    let latin1 = CsvOptions { encoding: Some(Encoding::Latin1), ..CsvOptions::default() };
    let table = read(&[folder.join("test_latin1.csv")], &latin1).unwrap().table;
    assert_eq!(text(&table, 1, 2), "©");
    let skip = CsvOptions { skip_lines: 3, ..CsvOptions::default() };
    let table = read(&[folder.join("test_skip_lines.csv")], &skip).unwrap().table;
    assert_eq!(table.columns()[0].name(), "a");
    // A name may hold line ends; the cell of a column without a name is kept where it holds text.
    let read = |name: &str| read(&[folder.join(name)], &CsvOptions::default()).unwrap().table;
    assert_eq!(
        read("test_header_newline.csv").columns()[0].name(),
        "\t\n\u{b}\u{c}\r start \t\n\u{b}\u{c}\r end \t\n\u{b}\u{c}\r"
    );
    let table = read("sheetsxlsx_converted.csv");
    assert_eq!(table.columns()[8].name(), "c8");
    assert_eq!(text(&table, 1, 8), "Extra data past headers will be trimmed");
    assert_eq!(text(&read("mac_newlines.csv"), 1, 0), "Once upon\ra time");
}
