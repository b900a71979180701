//! The option `csv`: how files are written.

use super::fields::Fields;
use crate::data::csv::{CsvOptions, Encoding, OnError};
use crate::error::{Code, Error, Result};
use serde_json::Value;

const ENCODINGS: [(&str, Encoding); 3] =
    [("utf8", Encoding::Utf8), ("utf16", Encoding::Utf16), ("latin1", Encoding::Latin1)];
const ON_ERROR: [(&str, OnError); 2] = [("fail", OnError::Fail), ("skip", OnError::Skip)];
const DECIMALS: [(&str, u8); 2] = [(".", b'.'), (",", b',')];
const THOUSANDS: [(&str, u8); 4] = [(",", b','), (".", b'.'), (" ", b' '), ("'", b'\'')];

/// Reads the fields of `csv`; none given means that all is sniffed.
pub fn read(fields: Option<Fields>) -> Result<CsvOptions> {
    let mut options = CsvOptions::default();
    let Some(mut csv) = fields else { return Ok(options) };
    options.delimiter = csv.read("delimiter", "one ASCII character", sign)?;
    let quote = csv.read("quote", "one ASCII character, or false", |value| match value {
        Value::Bool(false) => Some(None),
        value => sign(value).map(Some),
    })?;
    options.quote = quote.unwrap_or(options.quote);
    options.header = csv.flag("header")?;
    options.columns = csv.texts("columns")?;
    options.missing = csv.texts("missing")?;
    options.encoding = csv.choice("encoding", &ENCODINGS)?;
    options.comment = csv.read("comment", "one ASCII character", sign)?;
    options.decimal = csv.choice("decimal", &DECIMALS)?;
    options.thousands = csv.choice("thousands", &THOUSANDS)?;
    options.decimal = match (options.decimal, options.thousands) {
        (Some(decimal), Some(thousands)) if decimal == thousands => {
            let message = "csv.thousands: is the decimal sign too; a sign is one of the two";
            return Err(Error::new(Code::Options, message).option("csv.thousands"));
        }
        // What stands between thousands leaves one sign only.
        (None, Some(b',')) => Some(b'.'),
        (None, Some(b'.')) => Some(b','),
        (decimal, _) => decimal,
    };
    options.on_error = csv.choice("onError", &ON_ERROR)?.unwrap_or(options.on_error);
    options.skip_lines = csv.whole("skipLines", 0, 1 << 40)?.unwrap_or(0) as usize;
    csv.finish()?;
    Ok(options)
}

fn sign(value: &Value) -> Option<u8> {
    match value.as_str()?.as_bytes() {
        [sign] if sign.is_ascii() => Some(*sign),
        _ => None,
    }
}
