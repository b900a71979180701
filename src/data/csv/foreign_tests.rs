//! Tests of what is no CSV file.

use super::super::options::CsvOptions;
use super::super::source::Source;
use super::super::stream::Stream;
use super::*;
use std::path::Path;

fn message(head: &[u8]) -> String {
    refuse(head, "x").map(|error| error.message().to_owned()).unwrap_or_default()
}

#[test]
fn files_of_other_kinds_say_what_they_are_and_what_to_do() {
    let mut tar = vec![b'a'; 300];
    tar[257..262].copy_from_slice(b"ustar");
    let xlsx = b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0[Content_Types].xml";
    let cases: [(&[u8], &str, &str); 24] = [
        (xlsx, "an Excel workbook (.xlsx)", "exceljs"),
        (b"PK\x03\x04....xl/worksheets/sheet1.xml", "(.xlsx)", "save it as CSV"),
        (
            b"PK\x03\x04....mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
            ".ods",
            "SheetJS",
        ),
        (b"PK\x03\x04....houses.csv", "packed (zip)", "unpack it"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0", "(.xls)", "SheetJS"),
        (b"PAR1\x15\x04", "a Parquet file", "hyparquet"),
        (b"ARROW1\0\0", "an Arrow file", "apache-arrow"),
        (b"SQLite format 3\0", "a SQLite database", "better-sqlite3"),
        (b"\x89HDF\r\n\x1a\n", "an HDF5 file", "save it as CSV"),
        (b"\x93NUMPY\x01\0", "a NumPy file", "save it as CSV"),
        (b"\x1f\x8b\x08\0", "packed (gzip)", "ends in .gz"),
        (b"BZh91AY&SY", "packed (bzip2)", "unpack it"),
        (b"\x28\xb5\x2f\xfd\0", "packed (zstd)", "unpack it"),
        (&tar, "packed (tar)", "unpack it"),
        (b"%PDF-1.7", "a PDF", "CSV is needed"),
        (b"\x10\x02\0\0\0\0\0\0{\"__metadata__\":{", "safetensors", "load reads it"),
        (b"<!DOCTYPE html>\n<html>", "a web page", "save the CSV file itself"),
        (b"<?xml version=\"1.0\"?>", "XML", "CSV is needed"),
        (b"version https://git-lfs.github.com/spec/v1\noid", "Git LFS", "git lfs pull"),
        (b"[\n  { \"a\": 1, \"b\": 2 },", "is JSON:", "JSON.parse("),
        (b"\xef\xbb\xbf{\"data\": [", "is JSON:", "JSON.parse("),
        (b"[[1, 2], [3, 4]]", "is JSON:", "JSON.parse("),
        (b"{\"a\":1}\n{\"a\":2}\n", "is JSON lines:", "split('\\n')"),
        (b"[1,\"x\"]\n", "", ""),
    ];
    for (head, what, cure) in cases {
        let message = message(head);
        assert!(message.contains(what) && message.contains(cure), "{message} {head:?}");
        assert_eq!(message.is_empty(), what.is_empty(), "{message}");
    }
}

#[test]
fn csv_files_are_none_of_them() {
    let texts: [&[u8]; 12] = [
        b"",
        b"a,b\n1,2\n",
        b"PK,name\n1,2\n",
        b"PAR,b\n",
        b"ORC,b\n",
        b"[id],[name]\n1,2\n",
        b"\"{\"\"a\"\": 1}\",2\n",
        b"{x},{y}\n1,2\n",
        b"{\"x\",\"y\"}\n",
        b"[1, 2],x\n",
        b"BZh,b\n",
        b"<a>,<b>\n1,2\n",
    ];
    for text in texts {
        assert_eq!(message(text), "", "{}", String::from_utf8_lossy(text));
    }
}

#[test]
fn names_that_are_no_paths_say_so() {
    for (name, text) in [
        ("https://example.com/houses.csv", "is a URL"),
        ("HTTP://example.com/houses.csv", "is a URL"),
        ("file:///data/houses.csv", "fileURLToPath"),
        ("s3://bucket/houses.parquet", "object store"),
        ("gs://bucket/houses.csv", "object store"),
        ("postgres://me@host/db", "the rows that its driver returns"),
        ("data:text/csv,a,b", "data URL"),
        ("a,b\n1,2\n", "is the text of a table, not the path"),
        ("a,b\r\n1,2", "is the text of a table, not the path"),
        ("[{\"a\":1}]", "is the text of JSON"),
        ("{\"a\":1}\n{\"a\":2}", "is the text of JSON"),
    ] {
        let message = refuse_name(name).map(|error| error.to_string()).unwrap_or_default();
        assert!(message.contains(text), "{name}: {message}");
    }
    for path in ["houses.csv", "C:\\houses.csv", "a b.csv\n", "x:/y.csv", "[1].csv", "data:x"] {
        assert_eq!(refuse_name(path), None, "{path}");
    }
}

#[test]
fn both_ways_of_reading_ask() {
    let options = CsvOptions::default();
    let bytes = b"PAR1\x15\x04\x15\x10";
    let error = super::super::read_bytes("x.csv", bytes, &options).unwrap_err().to_string();
    assert!(error.starts_with("x.csv: is a Parquet file: "), "{error}");
    let error = Stream::of_bytes("x.csv", bytes, &options).err().unwrap().to_string();
    assert!(error.starts_with("x.csv: is a Parquet file: "), "{error}");
    let error = Source::File(Path::new("s3://b/x.csv")).load().unwrap_err().to_string();
    assert!(error.starts_with("s3://b/x.csv: lies in an object store"), "{error}");
    let path = Path::new("https://example.com/x.csv");
    assert!(Stream::open(path, &options).err().unwrap().to_string().contains("is a URL"));
}
