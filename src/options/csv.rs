//! The option `csv`: how files are written, and what is missing in files and rows.

use super::fields::{Fields, name, wrong};
use crate::data::csv::{CsvOptions, Encoding, Fallback, OF_FILES, OnError};
use crate::data::{MissingTokens, NumberFormat};
use crate::error::{Code, Error, Result};
use serde_json::{Value, json};

const ENCODINGS: [(&str, Encoding); 3] =
    [("utf8", Encoding::Utf8), ("utf16", Encoding::Utf16), ("latin1", Encoding::Latin1)];
const ON_ERROR: [(&str, OnError); 2] = [("fail", OnError::Fail), ("skip", OnError::Skip)];
const DECIMALS: [(&str, u8); 2] = [(".", b'.'), (",", b',')];
const THOUSANDS: [(&str, u8); 4] = [(",", b','), (".", b'.'), (" ", b' '), ("'", b'\'')];

/// Reads the fields of `csv`; what is not given is as in `base`, or found by looking.
pub fn read(fields: Option<Fields>, base: &CsvOptions) -> Result<CsvOptions> {
    let mut options = base.clone();
    let Some(mut csv) = fields else { return Ok(options) };
    let given = OF_FILES.into_iter().filter(|name| csv.given(name).is_some());
    options.given = given.collect();
    let given = |name| options.given.contains(&name);
    let delimiter = csv.read("delimiter", "one ASCII character", sign)?;
    options.delimiter = delimiter.or(options.delimiter);
    let quote = csv.read("quote", "one ASCII character, or false", sign_or_none)?;
    let comment = csv.read("comment", "one ASCII character, or false", sign_or_none)?;
    // A sign that the user gives another meaning does not have that of training.
    let taken = |sign: &u8, others: [Option<u8>; 2]| others.contains(&Some(*sign));
    let (quoted, noted) = (quote.flatten(), comment.flatten());
    if !given("quote") {
        options.quote.take_if(|sign| taken(sign, [delimiter, noted]));
    }
    if !given("comment") {
        options.comment.take_if(|sign| taken(sign, [delimiter, quoted]));
    }
    options.quote = quote.unwrap_or(options.quote);
    options.comment = comment.unwrap_or(options.comment);
    options.header = csv.flag("header")?;
    options.columns = csv.texts("columns")?;
    options.missing = missing(&mut csv, &base.missing)?;
    options.encoding = csv.choice("encoding", &ENCODINGS)?;
    let signs = (csv.choice("decimal", &DECIMALS)?, csv.choice("thousands", &THOUSANDS)?);
    (options.decimal, options.thousands) = match signs {
        (Some(decimal), Some(thousands)) if decimal == thousands => {
            let message = "csv.thousands: is the decimal sign too; a sign is one of the two";
            return Err(Error::new(Code::Options, message).option("csv.thousands"));
        }
        (Some(decimal), Some(thousands)) => (Some(decimal), Some(thousands)),
        (Some(decimal), None) => (Some(decimal), base.thousands.filter(|sign| *sign != decimal)),
        // What stands between thousands leaves one sign only.
        (None, Some(b',')) => (Some(b'.'), Some(b',')),
        (None, Some(b'.')) => (Some(b','), Some(b'.')),
        (None, Some(thousands)) => (base.decimal, Some(thousands)),
        (None, None) => (base.decimal, base.thousands),
    };
    options.on_error = csv.choice("onError", &ON_ERROR)?.unwrap_or(options.on_error);
    options.skip_lines = csv.whole("skipLines", 0, 1 << 40)?.unwrap_or(0) as usize;
    csv.finish()?;
    Ok(options)
}

/// Reads `missing`: tokens beside those of `base`, or `{ only }` in place of them.
fn missing(csv: &mut Fields, base: &MissingTokens) -> Result<MissingTokens> {
    const EXPECTED: &str = "an array of texts or numbers, which are missing beside the default \
                            ones, or { only: [...] } for no others";
    let path = csv.path("missing");
    match csv.take("missing") {
        None => Ok(base.clone()),
        Some(Value::Object(map)) if !map.contains_key("$") => {
            let mut only = Fields::new(&path, Value::Object(map))?;
            let list = only.read("only", "an array of texts or numbers", tokens)?;
            only.finish()?;
            let missing = list.map(MissingTokens::only);
            missing.ok_or_else(|| wrong(&path, EXPECTED, &json!({})))
        }
        Some(value) => {
            let list = tokens(&value).ok_or_else(|| wrong(&path, EXPECTED, &value))?;
            if list.is_empty() {
                let message = format!(
                    "{path}: an empty list adds nothing to the default tokens; {{ only: [] }} has \
                     no cell missing but empty ones"
                );
                return Err(Error::new(Code::Options, message).option(path));
            }
            Ok(base.with(list))
        }
    }
}

/// Tokens as texts; a number is the text of it.
fn tokens(value: &Value) -> Option<Vec<String>> {
    let text = |item: &Value| match item {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => number.as_f64().map(|number| number.to_string()),
        _ => None,
    };
    value.as_array()?.iter().map(text).collect()
}

fn sign(value: &Value) -> Option<u8> {
    match value.as_str()?.as_bytes() {
        [sign] if sign.is_ascii() => Some(*sign),
        _ => None,
    }
}

fn sign_or_none(value: &Value) -> Option<Option<u8>> {
    match value {
        Value::Bool(false) => Some(None),
        value => sign(value).map(Some),
    }
}

/// The options as a user would write them: what is missing, the decimal sign, and those given.
pub fn to_json(options: &CsvOptions) -> Value {
    let shown = |sign: Option<u8>| match sign {
        Some(sign) => json!(char::from(sign).to_string()),
        None => json!(false),
    };
    let mut all = json!({
        "missing": missing_to_json(&options.missing),
    });
    if let Some(decimal) = &options.decimal {
        all["decimal"] = json!(name(&DECIMALS, decimal));
    }
    if let Some(thousands) = &options.thousands {
        all["thousands"] = json!(name(&THOUSANDS, thousands));
    }
    for option in &options.given {
        all[*option] = match *option {
            "delimiter" => shown(options.delimiter),
            "quote" => shown(options.quote),
            "comment" => shown(options.comment),
            "header" => json!(options.header),
            "columns" => json!(options.columns),
            "encoding" => options.encoding.map_or(Value::Null, |it| json!(it.as_str())),
            "onError" => json!(name(&ON_ERROR, &options.on_error)),
            "skipLines" => json!(options.skip_lines),
            _ => continue,
        };
    }
    all
}

/// Tokens as a user would write them to have the same.
fn missing_to_json(missing: &MissingTokens) -> Value {
    let [default, given, _] = missing.lists();
    let all: Vec<&String> = default.iter().chain(given).collect();
    if missing.replace_defaults() { json!({ "only": all }) } else { json!(all) }
}

/// How files are read for a model where a call does not say: with these tokens and this decimal
/// sign, with the signs that its training was given (`trained`, as [`to_json`] has them), and, where
/// a file does not tell, with the delimiter and the encoding that the training files had.
pub fn of_model(
    trained: &Value,
    missing: &MissingTokens,
    format: NumberFormat,
    found: Option<(u8, &str)>,
) -> CsvOptions {
    let usual = CsvOptions::default();
    let of_name = |name: &str| ENCODINGS.iter().find(|(other, _)| *other == name);
    let encoding = trained["encoding"].as_str().or(found.map(|(_, encoding)| encoding));
    let encoding = encoding.and_then(of_name).map(|(_, encoding)| *encoding);
    CsvOptions {
        missing: missing.clone(),
        decimal: Some(format.decimal),
        thousands: format.thousands,
        quote: sign_or_none(&trained["quote"]).unwrap_or(usual.quote),
        comment: sign_or_none(&trained["comment"]).flatten(),
        fallback: Fallback {
            delimiter: sign(&trained["delimiter"]).or(found.map(|(delimiter, _)| delimiter)),
            encoding: encoding.filter(|encoding| *encoding != Encoding::Utf8),
        },
        ..usual
    }
}

/// What `model.options` shows of a model file that has no `csv` among its options.
pub fn unsaid(missing: &MissingTokens, format: NumberFormat) -> Value {
    let (missing, thousands) = (missing.clone(), format.thousands);
    let decimal = Some(format.decimal);
    let options = CsvOptions { missing, decimal, thousands, ..CsvOptions::default() };
    to_json(&options)
}

#[cfg(test)]
#[path = "csv_tests.rs"]
mod tests;
