//! The option `csv`, of a training and over what a model has.

use super::*;
use crate::error::Code;

fn parse(value: Value, base: &CsvOptions) -> Result<CsvOptions> {
    read(Some(Fields::new("csv", value).unwrap()), base)
}

fn plain(value: Value) -> CsvOptions {
    parse(value, &CsvOptions::default()).unwrap()
}

#[test]
fn tokens_are_added_or_given_alone() {
    let usual = MissingTokens::default();
    let missing = |value: Value| plain(json!({ "missing": value })).missing;
    assert_eq!(plain(json!({})).missing, usual);
    let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    assert_eq!(missing(json!(["unknown"])), usual.with(texts(&["unknown"])));
    assert_eq!(missing(json!([-999, 1.5, "x"])), usual.with(texts(&["-999", "1.5", "x"])));
    assert_eq!(missing(json!({ "only": [-999] })), MissingTokens::only(texts(&["-999"])));
    assert_eq!(missing(json!({ "only": [] })), MissingTokens::only(Vec::new()));
    // Over a model's own.
    let base = CsvOptions { missing: MissingTokens::only(texts(&["-1"])), ..CsvOptions::default() };
    let over = |value: Value| parse(json!({ "missing": value }), &base).unwrap().missing;
    assert_eq!(over(json!(["x"])), base.missing.with(texts(&["x"])));
    assert_eq!(over(json!({ "only": ["x"] })), MissingTokens::only(texts(&["x"])));
}

#[test]
fn what_is_no_list_of_tokens_is_refused() {
    for (value, option, words) in [
        (json!([]), "csv.missing", "{ only: [] } has no cell missing but empty ones"),
        (json!("NA"), "csv.missing", "an array of texts or numbers"),
        (json!([true]), "csv.missing", "or { only: [...] }"),
        (json!({}), "csv.missing", "or { only: [...] }"),
        (json!({ "$": "NaN" }), "csv.missing", "found NaN"),
        (json!({ "only": "x" }), "csv.missing.only", "an array of texts or numbers"),
        (json!({ "olny": [] }), "csv.missing.olny", "did you mean \"only\"?"),
    ] {
        let refused = parse(json!({ "missing": value }), &CsvOptions::default()).unwrap_err();
        assert_eq!(refused.code(), Code::Options);
        assert_eq!(refused.place().option.as_deref(), Some(option), "{refused}");
        assert!(refused.message().contains(words), "{refused}");
    }
}

#[test]
fn options_are_shown_as_a_user_would_write_them() {
    let shown = to_json(&plain(json!({})));
    assert!(shown["missing"].as_array().unwrap().contains(&json!("None")));
    // The decimal sign is found in the cells.
    assert_eq!(shown.as_object().unwrap().len(), 1);
    for given in [
        json!({ "missing": { "only": ["-999"] }, "decimal": ",", "delimiter": ";" }),
        json!({ "missing": { "only": [] }, "decimal": ".", "quote": false, "comment": "#" }),
        json!({
            "missing": { "only": ["x"] }, "decimal": ".", "header": false, "columns": ["a"],
            "encoding": "latin1", "onError": "skip", "skipLines": 3,
        }),
    ] {
        assert_eq!(to_json(&plain(given.clone())), given);
    }
    let more = plain(json!({ "missing": ["-999", "NA"] }));
    assert_eq!(plain(to_json(&more)).missing.lists()[2], more.missing.lists()[2]);
    assert!(to_json(&more)["missing"].as_array().unwrap().contains(&json!("-999")));
}

#[test]
fn a_model_s_signs_hold_until_a_call_says_otherwise() {
    let trained = plain(json!({
        "delimiter": ";", "comment": "#", "quote": "'", "encoding": "latin1", "skipLines": 2,
        "header": false, "columns": ["a"], "onError": "skip",
    }));
    let missing = MissingTokens::only(Vec::new());
    let base =
        of_model(&to_json(&trained), &missing, NumberFormat::of_mark(','), Some((b'\t', "utf8")));
    assert_eq!((base.comment, base.quote, base.decimal), (Some(b'#'), Some(b'\''), Some(b',')));
    assert_eq!(base.missing, missing);
    let fallback = Fallback { delimiter: Some(b';'), encoding: Some(Encoding::Latin1) };
    assert_eq!(base.fallback, fallback);
    // What a file is like otherwise is its own affair.
    assert_eq!((base.delimiter, base.encoding, base.header), (None, None, None));
    assert_eq!((base.skip_lines, base.on_error, base.columns.as_ref()), (0, OnError::Fail, None));
    assert!(base.given.is_empty());
    let call = |value: Value| parse(value, &base).unwrap();
    assert_eq!(call(json!({ "comment": false })).comment, None);
    assert_eq!(call(json!({ "comment": "%" })).comment, Some(b'%'));
    assert_eq!(call(json!({ "decimal": "." })).decimal, Some(b'.'));
    let other = call(json!({ "delimiter": "#", "quote": "\"" }));
    assert_eq!((other.delimiter, other.comment, other.quote), (Some(b'#'), None, Some(b'"')));
    assert_eq!(call(json!({ "comment": "'" })).quote, None);
    // A model that was not told goes by what was found.
    let found = of_model(&Value::Null, &missing, NumberFormat::POINT, Some((b'\t', "utf16")));
    assert_eq!(found.fallback.delimiter, Some(b'\t'));
    assert_eq!(found.fallback.encoding, Some(Encoding::Utf16));
    assert_eq!((found.quote, found.comment), (Some(b'"'), None));
}
