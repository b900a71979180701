//! What the CSV reader promises: which text gives which table, and which message.

// clippy.toml lets tests panic; this lets what the tests call do so as well.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::PathBuf;

use polytask::data::csv::{CsvOptions, Encoding, OnError, Read, Reason, read, read_bytes};
use polytask::data::{Cell, MissingTokens, Table};
use polytask::{Code, Error};

fn defaults() -> CsvOptions {
    CsvOptions::default()
}

fn ok(text: &str, options: &CsvOptions) -> Read {
    read_bytes("x.csv", text.as_bytes(), options).unwrap()
}

/// The message without the file name, which every one begins with.
fn err(bytes: &[u8], options: &CsvOptions) -> String {
    let error = read_bytes("x.csv", bytes, options).unwrap_err();
    assert_eq!(error.code(), Code::Csv);
    error.to_string().strip_prefix("x.csv").unwrap().to_owned()
}

fn names(table: &Table) -> Vec<&str> {
    table.columns().iter().map(|column| column.name()).collect()
}

/// Rows with cells by `,` and `_` where a cell is missing.
fn rows(table: &Table) -> Vec<String> {
    let cell = |cell| match cell {
        Cell::Text(text) => text,
        _ => "_",
    };
    let row = |row| table.columns().iter().map(move |column| cell(column.cell(row)));
    (0..table.rows()).map(|i| row(i).collect::<Vec<_>>().join(",")).collect()
}

fn line(table: &Table, row: usize) -> Option<u64> {
    table.place(Error::new(Code::Schema, ""), row).place().line
}

fn named(columns: &[&str]) -> Option<Vec<String>> {
    Some(columns.iter().map(|name| (*name).to_owned()).collect())
}

#[test]
fn every_encoding_gives_the_same_table() {
    let text = "naïve,b\n1,é\n";
    let latin1: Vec<u8> = text.chars().map(|letter| letter as u8).collect();
    let utf16: Vec<u16> = format!("\u{feff}{text}").encode_utf16().collect();
    let with = |encoding| CsvOptions { encoding, ..defaults() };
    for (bytes, encoding) in [
        (text.as_bytes().to_vec(), None),
        (format!("\u{feff}{text}").into_bytes(), None),
        (format!("\u{feff}{text}").into_bytes(), Some(Encoding::Utf8)),
        (utf16.iter().flat_map(|pair| pair.to_le_bytes()).collect(), None),
        (utf16.iter().flat_map(|pair| pair.to_be_bytes()).collect(), None),
        (utf16[1..].iter().flat_map(|pair| pair.to_le_bytes()).collect(), Some(Encoding::Utf16)),
        (latin1, Some(Encoding::Latin1)),
    ] {
        let read = read_bytes("x.csv", &bytes, &with(encoding)).unwrap();
        assert_eq!(names(&read.table), ["naïve", "b"]);
        assert_eq!(rows(&read.table), ["1,é"]);
        assert_eq!(read.bytes, bytes.len() as u64);
    }
}

#[test]
fn an_undecodable_byte_is_placed_and_the_way_out_is_named() {
    let hint = "the byte 0xe9 is not UTF-8; if the file is latin-1, set csv.encoding: 'latin1'";
    let text = b"a,b\n1,x\n\n2,caf\xe9\n";
    assert_eq!(err(text, &defaults()), format!(" line 4, column \"b\": {hint}"));
    assert_eq!(err(b"a,caf\xe9\n1,2\n", &defaults()), format!(" line 1: cell 2: {hint}"));
    // Where nothing is read nothing must be decodable.
    let comment = CsvOptions { comment: Some(b'#'), ..defaults() };
    assert!(read_bytes("x.csv", b"#\xe9\na,b\n#\xe9\n1,2\n", &comment).is_ok());
    let error = err(b"\xff\xfea\0,\0b\0\n\0\0\xd81\0,\x002\0\n\0", &defaults());
    assert_eq!(error, " line 2, column \"a\": 0xd800 is not UTF-16");
    let error = err(b"a\0,\0b\0\n\0", &defaults());
    assert!(error.contains("csv.encoding: 'utf16'"), "{error}");
}

#[test]
fn a_ragged_row_says_what_was_found_and_expected() {
    let text = "\u{feff}# first\r\n\r\na,b,c\r\n1,2,3\r\r\n\"x\ny\",5,6\n7,8\n";
    let options = CsvOptions { comment: Some(b'#'), ..defaults() };
    let expected = " line 8: 2 cells, expected 3 (as in the header)";
    assert_eq!(err(text.as_bytes(), &options), expected);
    assert_eq!(err(b"1,2\n3,4,5\n", &defaults()), " line 2: 3 cells, expected 2 (as in line 1)");
    assert_eq!(
        err(b"a,b\n1,2\n3\n", &defaults()),
        " line 3: 1 cell, expected 2 (as in the header)"
    );
    let columns = CsvOptions { columns: named(&["a", "b", "c"]), ..defaults() };
    let expected = " line 1: 2 cells, expected 3 (as in csv.columns)";
    assert_eq!(err(b"1,2\n3,4\n", &columns), expected);
}

#[test]
fn bad_quotes_and_nul_bytes_are_placed() {
    let error = err(b"a,b\n1,2\n3,\"x\n5,6\n", &defaults());
    assert_eq!(error, " line 3, column \"b\": a quote opens here and never closes");
    let error = err(b"a,b\n\"x\ny\",\"z\n", &defaults());
    assert!(error.starts_with(" line 3, column \"b\": a quote opens here"), "{error}");
    assert!(error.ends_with("(the row starts on line 2)"), "{error}");
    let error = err(b"a,b\n1,\"ab\"c\n", &defaults());
    assert!(error.starts_with(" line 2, column \"b\": a bad quote"), "{error}");
    let error = err(b"a,\"b\nc\n", &defaults());
    assert_eq!(error, " line 1: cell 2: a quote opens here and never closes");
    assert!(err(b"a,b\n1,\0\n", &defaults()).starts_with(" line 2, column \"b\": a NUL byte"));
    assert_eq!(rows(&ok("a,b\n1,5\" pipe\n", &defaults()).table), ["1,5\" pipe"]);
    let plain = CsvOptions { quote: None, ..defaults() };
    assert_eq!(rows(&ok("a,b\n1,\"x\"y\n", &plain).table), ["1,\"x\"y"]);
}

#[test]
fn bad_rows_are_skipped_counted_and_remembered_when_asked() {
    let text = b"a,b\n1,2\n3\n4,\xe9\n5,\"x\"y\n6,\0\n7,8\n9,\"open\n10,11\n";
    let options = CsvOptions { on_error: OnError::Skip, ..defaults() };
    let read = read_bytes("x.csv", text, &options).unwrap();
    assert_eq!(rows(&read.table), ["1,2", "7,8", "10,11"]);
    assert_eq!([0, 1, 2].map(|row| line(&read.table, row).unwrap()), [2, 7, 9]);
    let skipped = read.skipped;
    assert_eq!(skipped.count, 5);
    assert_eq!(skipped.reasons[&Reason::Quote], 2);
    for reason in [Reason::Ragged, Reason::Undecodable, Reason::Nul] {
        assert_eq!(skipped.reasons[&reason], 1);
    }
    let lines: Vec<_> = skipped.first.iter().filter_map(|error| error.place().line).collect();
    assert_eq!(lines, [3, 4, 5, 6, 8]);
    let many = format!("a,b\n1,2\n{}", "3\n".repeat(1000));
    let skipped = ok(&many, &options).skipped;
    assert_eq!((skipped.count, skipped.first.len()), (1000, 5));
    let error = err(b"a,b\n1\n2\n", &options);
    assert!(error.contains("2 were skipped, the first because of x.csv line 2: 1 cell"), "{error}");
}

#[test]
fn what_holds_no_rows_says_so() {
    assert_eq!(err(b"", &defaults()), ": is empty");
    assert_eq!(err(b"\xef\xbb\xbf", &defaults()), ": is empty");
    for blank in ["\n", " \r\n\t\n", "\r\r"] {
        assert!(err(blank.as_bytes(), &defaults()).starts_with(": has no rows"));
    }
    let comment = CsvOptions { comment: Some(b'#'), ..defaults() };
    assert!(err(b"# a\n\n# b", &comment).starts_with(": has no rows"));
    let skip = CsvOptions { skip_lines: 9, ..defaults() };
    assert!(err(b"a,b\n1,2\n", &skip).starts_with(": has no rows"));
    let error = err(b",,\na,b,c\n1,2,3\n", &defaults());
    assert!(error.starts_with(" line 1: the first row holds empty cells only"), "{error}");
    let error = err(b"\na,b\n", &defaults());
    assert!(error.starts_with(" line 2: has a header but no rows"), "{error}");
    let header = CsvOptions { header: Some(true), ..defaults() };
    assert!(err(b"1,2\n", &header).contains("has a header but no rows"));
    let header = CsvOptions { header: Some(false), ..defaults() };
    assert_eq!(rows(&ok("a,b", &header).table), ["a,b"]);
}

#[test]
fn the_header_is_found_set_or_named() {
    let with = |header, columns| CsvOptions { header, columns, ..defaults() };
    let read = ok("a,b\n1,2\n", &with(Some(false), None));
    assert_eq!(
        (names(&read.table), rows(&read.table)),
        (vec!["c0", "c1"], vec!["a,b".into(), "1,2".into()])
    );
    assert_eq!(names(&ok("1,2\n3,4\n", &with(Some(true), None)).table), ["1", "2"]);
    let xy = || named(&["x", "y"]);
    let read = ok("1,2\n3,4\n", &with(None, xy()));
    assert_eq!((names(&read.table), read.table.rows()), (vec!["x", "y"], 2));
    let read = ok("x,y\n3,4\n", &with(None, xy()));
    assert_eq!((names(&read.table), read.table.rows()), (vec!["x", "y"], 1));
    let read = ok("a,b\n3,4\n", &with(Some(true), xy()));
    assert_eq!((names(&read.table), read.table.rows()), (vec!["x", "y"], 1));
    let read = ok("a,b\nc,d\n", &with(None, xy()));
    assert_eq!((names(&read.table), read.table.rows()), (vec!["x", "y"], 2));
    let error = err(b"a,b\n3,4\n", &with(None, xy()));
    assert!(error.contains("differs from csv.columns"), "{error}");
    let read = ok("x,y,\n3,4,\n", &with(Some(true), xy()));
    assert_eq!((names(&read.table), rows(&read.table)), (vec!["x", "y"], vec!["3,4".into()]));
}

#[test]
fn odd_names_work_or_are_refused_with_their_places() {
    let text = "__proto__,constructor,toString, padded ,\"with, comma\"\n1,2,3,4,5\n";
    let expected = ["__proto__", "constructor", "toString", "padded", "with, comma"];
    assert_eq!(names(&ok(text, &defaults()).table), expected);
    assert_eq!(names(&ok(",b,,d\n1,2,3,4\n", &defaults()).table), ["c0", "b", "c2", "d"]);
    let error = err(b"a,b,a\n1,2,3\n", &defaults());
    assert!(error.starts_with(" line 1, column \"a\": stands twice in the header"), "{error}");
    assert!(error.contains("as cell 1 and as cell 3"), "{error}");
}

#[test]
fn long_names_and_many_columns_work() {
    let long = "n".repeat(100_000);
    let read = ok(&format!("{long},b\n1,2\n"), &defaults());
    assert_eq!(read.table.columns()[0].name(), long);
    let row = |cell: fn(usize) -> String| (0..20_000).map(cell).collect::<Vec<_>>().join(",");
    let text = format!("{}\n", row(|i| format!("name {i}"))) + &row(|i| i.to_string());
    let read = ok(&text, &defaults());
    assert_eq!(read.table.columns().len(), 20_000);
    assert_eq!(read.table.columns()[19_999].cell(0), Cell::Text("19999"));
}

#[test]
fn columns_without_a_name_count_only_if_something_stands_in_them() {
    let read = ok("a,b,,\n1,2,,\n3,,,\n", &defaults());
    assert_eq!(
        (names(&read.table), rows(&read.table)),
        (vec!["a", "b"], vec!["1,2".into(), "3,_".into()])
    );
    let read = ok("a,b,,\n1,2,,\n3,,x,\n", &defaults());
    assert_eq!(names(&read.table), ["a", "b", "c2", "c3"]);
    assert_eq!(rows(&read.table), ["1,2,_,_", "3,_,x,_"]);
    assert_eq!(rows(&ok("1,2,\n3,4,\n", &defaults()).table), ["1,2", "3,4"]);
    assert_eq!(rows(&ok("1,2,\n3,4,5\n", &defaults()).table), ["1,2,_", "3,4,5"]);
}

#[test]
fn missing_tokens_are_those_of_the_list() {
    let text = "a,b,c\n NA ,\"N/A\",NaN\nnan,null,\"NULL\"\n?,,\" \"\nna,-1,0\n";
    assert_eq!(rows(&ok(text, &defaults()).table), ["_,_,_", "_,_,_", "_,_,_", "na,-1,0"]);
    let tokens = |list: &[&str]| list.iter().map(|token| (*token).to_owned()).collect();
    let only = MissingTokens::only(tokens(&["-1", "0"]));
    let options = CsvOptions { missing: only, ..defaults() };
    let expected = ["NA,N/A,NaN", "nan,null,NULL", "?,_,_", "na,_,_"];
    assert_eq!(rows(&ok(text, &options).table), expected);
    let missing = MissingTokens::default().with(tokens(&["-1", "na"]));
    let options = CsvOptions { missing, ..defaults() };
    assert_eq!(rows(&ok(text, &options).table), ["_,_,_", "_,_,_", "_,_,_", "_,_,0"]);
    // The same number is missing however it is written.
    let text = "a,b\n-1.0,x\n-1,-1.00\n+1,-1e0\n\"-1.\",-10\n";
    assert_eq!(rows(&ok(text, &options).table), ["_,x", "_,_", "+1,_", "_,-10"]);
}

#[test]
fn in_one_column_an_empty_line_is_no_row_but_an_empty_quoted_cell_is() {
    assert_eq!(rows(&ok("a\n1\n\n  \n\"\"\nNA\n2\n\n", &defaults()).table), ["1", "_", "_", "2"]);
}

/// Files in a folder of their own; the folder goes when the first part is dropped.
fn folder(files: &[(&str, &str)]) -> (tempfile::TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    let paths = files.iter().map(|(name, text)| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    });
    let paths = paths.collect();
    (folder, paths)
}

#[test]
fn several_files_are_one_table_by_name() {
    let (_folder, paths) =
        folder(&[("1.csv", "a,b\n1,x\n"), ("2.csv", "\nb;a\ny;2\n"), ("3.csv", "a,b\n")]);
    let both = read(&paths, &defaults()).unwrap();
    assert_eq!(rows(&both.table), ["1,x", "2,y"]);
    let place = both.table.place(Error::new(Code::Schema, "bad"), 1);
    assert_eq!(place.to_string(), format!("{} line 3: bad", paths[1].display()));
    assert_eq!(both.bytes, 8 + 9 + 4);
    assert_eq!(both.fingerprint.len(), 16);
    assert_ne!(both.fingerprint, read(&paths[..1], &defaults()).unwrap().fingerprint);
}

#[test]
fn several_files_must_have_the_same_columns() {
    for (second, message) in [
        ("a,c\n1,2\n", " line 1: column 2 is \"c\", expected \"b\" (as in "),
        ("a,b,c\n1,2,3\n", " line 1: column 3 is \"c\", expected nothing (as in "),
        ("a\n1\n", " line 1: column 2 is nothing, expected \"b\" (as in "),
        ("1,2\n3,4\n", " line 1: column 1 is \"1\", expected \"a\" (as in "),
    ] {
        let (_folder, paths) = folder(&[("1.csv", "a,b\n1,2\n"), ("2.csv", second)]);
        let error = read(&paths, &defaults()).unwrap_err().to_string();
        assert!(error.contains(&format!("2.csv{message}")), "{error}");
    }
    let (_folder, paths) =
        folder(&[("1.csv", "1,2\n"), ("2.csv", "3,4\n"), ("3.csv", "x,y\n5,6\n")]);
    assert_eq!(rows(&read(&paths[..2], &defaults()).unwrap().table), ["1,2", "3,4"]);
    let error = read(&paths, &defaults()).unwrap_err().to_string();
    assert!(error.contains("3.csv line 1: looks like a header"), "{error}");
    // Text over text is taken for a header, but not where the first file has none.
    let (_folder, paths) = folder(&[("1.csv", "1,a\n"), ("2.csv", "?,b\n")]);
    assert_eq!(rows(&read(&paths, &defaults()).unwrap().table), ["1,a", "_,b"]);
    // A file may repeat the names given in the options or not.
    let (_folder, paths) = folder(&[("1.csv", "1,2\n"), ("2.csv", "a,b\n3,4\n")]);
    let columns = CsvOptions { columns: named(&["a", "b"]), ..defaults() };
    assert_eq!(rows(&read(&paths, &columns).unwrap().table), ["1,2", "3,4"]);
}

#[test]
fn files_that_are_not_there_are_named() {
    let (folder, _) = folder(&[("iris.csv", "a\n1\n")]);
    let error = read(&[folder.path().join("irsi.csv")], &defaults()).unwrap_err();
    assert_eq!(error.code(), Code::Csv);
    assert!(error.message().starts_with("no such file; did you mean"), "{error}");
    let error = read(&[folder.path()], &defaults()).unwrap_err();
    assert_eq!(error.message(), "is a folder, expected a file");
    assert_eq!(read::<PathBuf>(&[], &defaults()).unwrap_err().code(), Code::Options);
}

#[test]
fn how_the_file_was_read_is_told() {
    let read = ok("a;b\n1,5;x\n2,5;y\n", &defaults());
    assert_eq!(read.dialect.delimiter, b';');
    assert_eq!(read.dialect.delimiter_why, "2 cells in 3 of the 3 rows looked at");
    assert_eq!(read.dialect.header_why, "columns with text over figures: 1");
    let mut hash = xxhash_rust::xxh3::Xxh3::new();
    hash.update(b"a;b\n1,5;x\n2,5;y\n");
    assert_eq!(read.fingerprint, format!("{:016x}", hash.digest()));
}
