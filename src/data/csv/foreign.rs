//! What is no CSV file: files of other kinds, by their first bytes, and names that are no paths, each
//! with what it is and what to do.

use crate::error::{Code, Error, quoted};

/// So many first bytes tell.
pub(super) const HEAD: usize = 512;

/// An error for a file that begins like this, if it is of a kind that is known and not CSV.
pub(super) fn refuse(head: &[u8], name: &str) -> Option<Error> {
    let message = kind(head)?;
    Some(Error::new(Code::Csv, message).file(name))
}

const ROWS: &str = "save it as CSV, or give its rows from JavaScript, read with";

fn kind(head: &[u8]) -> Option<String> {
    let begins = |magic: &[u8]| head.starts_with(magic);
    if begins(b"PK\x03\x04") {
        return Some(archive(head));
    }
    let packed = |what: &str| Some(format!("is packed ({what}): unpack it first"));
    for (magic, what, reader) in TABLES {
        if begins(magic) {
            return Some(format!("is {what}: {ROWS} {reader}"));
        }
    }
    match head {
        [0x1f, 0x8b, ..] => {
            Some("is packed (gzip): give it a name that ends in .gz, or unpack it".to_owned())
        }
        [b'B', b'Z', b'h', b'1'..=b'9', b'1', b'A', b'Y', ..] => packed("bzip2"),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => packed("zstd"),
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => packed("xz"),
        [b'7', b'z', 0xbc, 0xaf, 0x27, 0x1c, ..] => packed("7z"),
        [b'%', b'P', b'D', b'F', b'-', ..] => Some("is a PDF: a table in CSV is needed".to_owned()),
        // The length of a JSON header, then that.
        [_, _, _, _, 0, 0, 0, 0, b'{', b'"', ..] => {
            Some("is a safetensors file, as models are saved: load reads it".to_owned())
        }
        _ if head.get(257..262) == Some(b"ustar") => packed("tar"),
        _ => text(head),
    }
}

const TABLES: [(&[u8], &str, &str); 9] = [
    (b"PAR1", "a Parquet file", "hyparquet, DuckDB or nodejs-polars"),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an Excel workbook of before 2007 (.xls)",
        "SheetJS (xlsx)",
    ),
    (b"ARROW1\0\0", "an Arrow file", "apache-arrow"),
    (b"FEA1", "a Feather file", "nodejs-polars"),
    (b"SQLite format 3\0", "a SQLite database", "better-sqlite3 or node:sqlite"),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file", "h5wasm"),
    (b"\x93NUMPY", "a NumPy file", "a reader of npy files"),
    (b"Obj\x01", "an Avro file", "avsc"),
    (b"$FL2@(#)", "an SPSS file", "a reader of sav files"),
];

/// A zip archive, which a workbook is, too.
fn archive(head: &[u8]) -> String {
    let has = |name: &[u8]| head.windows(name.len()).any(|part| part == name);
    if has(b"[Content_Types].xml") || has(b"xl/") || has(b"_rels/") || has(b"docProps/") {
        format!("is an Excel workbook (.xlsx): {ROWS} exceljs or SheetJS (xlsx)")
    } else if has(b"opendocument.spreadsheet") {
        format!("is an OpenDocument spreadsheet (.ods): {ROWS} SheetJS (xlsx)")
    } else {
        "is packed (zip): unpack it first".to_owned()
    }
}

fn text(head: &[u8]) -> Option<String> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start();
    if text.starts_with("version https://git-lfs.github.com/spec/") {
        return Some("is a pointer of Git LFS, not the file: run `git lfs pull`".to_owned());
    }
    let lower = text.get(..15).unwrap_or(text).to_ascii_lowercase();
    if lower.starts_with("<!doctype html") || lower.starts_with("<html") {
        return Some(
            "is a web page (HTML), as a download that failed may be: save the CSV file itself"
                .to_owned(),
        );
    }
    if lower.starts_with("<?xml") || lower.starts_with("<stata_dta>") {
        return Some("is XML: a table in CSV is needed".to_owned());
    }
    json(text)
}

/// JSON, or lines of it: what begins with a bracket and could be nothing else.
fn json(text: &str) -> Option<String> {
    let (object, array) = (begins_object(text), begins_array(text));
    if !object && !array {
        return None;
    }
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let closed = |line: &&str| line.trim_end().ends_with(['}', ']']);
    let by_line = lines.len() > 1
        && closed(&lines[0])
        && (begins_object(lines[1].trim_start()) || (array && begins_array(lines[1].trim_start())));
    Some(if by_line {
        "is JSON lines: give its rows, as \
         `fs.readFileSync(path, 'utf8').trim().split('\\n').map((line) => JSON.parse(line))`"
            .to_owned()
    } else {
        "is JSON: give its rows, as `JSON.parse(fs.readFileSync(path, 'utf8'))`".to_owned()
    })
}

/// Whether a text begins `{ "name" :`.
fn begins_object(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('{') else { return false };
    let Some(rest) = rest.trim_start().strip_prefix('"') else { return false };
    // The name may be cut off.
    rest.split_once('"').is_none_or(|(_, after)| {
        let after = after.trim_start();
        after.is_empty() || after.starts_with(':')
    })
}

/// Whether a text begins `[ {` or `[ [`.
fn begins_array(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('[') else { return false };
    let rest = rest.trim_start();
    begins_object(rest) || rest.starts_with("[\"") || rest.starts_with("[[") || {
        let inner = rest.strip_prefix('[').map(str::trim_start);
        inner.is_some_and(|inner| inner.starts_with(|sign: char| sign.is_ascii_digit()))
    }
}

/// An error for a name that is no path of a file: a URL, or the text of a table itself.
pub(super) fn refuse_name(name: &str) -> Option<Error> {
    if let Some((scheme, _)) = name.split_once("://")
        && scheme.len() > 1
        && scheme.starts_with(|sign: char| sign.is_ascii_alphabetic())
        && scheme.chars().all(|sign| sign.is_ascii_alphanumeric() || "+-.:".contains(sign))
    {
        return Some(Error::new(Code::Csv, url(&scheme.to_lowercase())).file(name));
    }
    if name.starts_with("data:") && name.contains(',') {
        let message = "is a data URL, and a file is read by its path: write it to a file first";
        return Some(Error::new(Code::Csv, message));
    }
    if !name.trim_end().contains(['\n', '\r']) && json(name.trim_start()).is_none() {
        return None;
    }
    let message = match json(name.trim_start()) {
        Some(_) => "is the text of JSON, not the path of a file: give its rows, JSON.parse(text)",
        None => {
            "is the text of a table, not the path of a file: write it to a file, or give its rows, \
             as csv-parse or papaparse read them"
        }
    };
    Some(Error::new(Code::Csv, format!("{} {message}", quoted(name))))
}

fn url(scheme: &str) -> String {
    let what = match scheme {
        "http" | "https" | "ftp" | "ftps" | "sftp" => {
            "is a URL, and files are read from the disk: download it first, with fetch or curl, and \
             give the path"
        }
        "file" => "is a URL, and a path is expected: fileURLToPath(url) gives it",
        "s3" | "s3a" | "gs" | "gcs" | "az" | "abfs" | "abfss" | "wasb" | "wasbs" | "hdfs"
        | "r2" | "oss" => {
            "lies in an object store, and files are read from the disk: download it first, and give \
             the path"
        }
        _ => {
            "is no path of a file: of a database, give the rows that its driver returns; of anything \
             else, download it first"
        }
    };
    what.to_owned()
}

#[cfg(test)]
#[path = "foreign_tests.rs"]
mod tests;
