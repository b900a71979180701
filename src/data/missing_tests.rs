//! The tokens by default, those added, those alone, and the numbers among them.

use super::*;

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(|text| (*text).to_owned()).collect()
}

/// What pandas 3.1 takes for missing: `pandas._libs.parsers.STR_NA_VALUES`.
const PANDAS: [&str; 19] = [
    "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN",
    "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null",
];

#[test]
fn the_default_is_what_pandas_takes_and_two_more() {
    let usual = MissingTokens::default();
    for cell in PANDAS.into_iter().chain(["\\N", "?", "  ", " NA ", "\u{a0}", "\tnull "]) {
        assert!(usual.is(cell), "{cell:?}");
    }
    for cell in ["0", "na", "NONE", "none", "--", "..", "N", "1.#", "-1", "1.5", "1", "NAN", "N/B"]
    {
        assert!(!usual.is(cell), "{cell:?}");
    }
    for token in ["-", "."] {
        assert!(usual.is(token) && usual.is_numeric(token) && usual.is_default(token));
    }
    assert!(!usual.is_numeric("NA") && usual.is_default("NA"));
    assert!(usual.numbers(NumberFormat::POINT).is_empty());
}

#[test]
fn given_tokens_are_beside_the_default_ones_or_alone() {
    let more = MissingTokens::default().with(texts(&["unknown", " NA ", "-", "", "unknown"]));
    for cell in ["unknown", "NA", "n/a", "-", "."] {
        assert!(more.is(cell), "{cell}");
    }
    // What is given is missing everywhere, and not by default.
    assert!(!more.is_numeric("-") && more.is_numeric("."));
    assert!(!more.is_default("NA") && !more.is_default("-") && more.is_default("n/a"));
    assert!(!more.replace_defaults());
    assert_eq!(more.lists()[1], ["unknown", "NA", "-"]);
    let again = more.with(texts(&["gone", "unknown"]));
    assert_eq!(again.lists()[1], ["unknown", "NA", "-", "gone"]);

    let only = MissingTokens::only(texts(&["-1", "keine Angabe"]));
    assert!(only.is("-1") && only.is("keine Angabe") && only.is("") && only.is(" "));
    for cell in ["NA", "-10", "-", ".", "?"] {
        assert!(!only.is(cell), "{cell}");
    }
    assert!(only.replace_defaults());
    let none = MissingTokens::only(Vec::new());
    assert!(none.is("") && PANDAS[1..].iter().all(|cell| !none.is(cell)));
}

#[test]
fn a_model_file_that_names_none_means_those_of_then() {
    let then = MissingTokens::unnamed();
    for cell in ["", "NA", "N/A", "NaN", "nan", "null", "NULL", "?", " NA "] {
        assert!(then.is(cell), "{cell:?}");
    }
    for cell in ["None", "n/a", "<NA>", "-", ".", "\\N", "#NA", "na"] {
        assert!(!then.is(cell), "{cell:?}");
    }
    assert!(then.is_unnamed() && !MissingTokens::default().is_unnamed());
}

#[test]
fn they_survive_saving() {
    let usual = MissingTokens::default();
    for tokens in [
        usual.clone(),
        usual.with(texts(&["-999", "NA", "é"])),
        MissingTokens::only(texts(&["-999"])),
        MissingTokens::only(Vec::new()),
        MissingTokens::unnamed(),
    ] {
        let json = serde_json::to_string(&tokens).unwrap();
        assert_eq!(serde_json::from_str::<MissingTokens>(&json).unwrap(), tokens, "{json}");
    }
    let json = serde_json::to_value(usual.with(texts(&["x"]))).unwrap();
    assert_eq!(json["given"], serde_json::json!(["x"]));
    assert_eq!(json["numeric"], serde_json::json!(["-", "."]));
    assert_eq!(json["default"].as_array().unwrap().len(), USUAL.len());
}

#[test]
fn a_number_is_a_token_however_it_is_written() {
    let tokens = MissingTokens::only(texts(&["-999", "9.5", "unknown", "007", "x1"]));
    let numbers = tokens.numbers(NumberFormat::POINT);
    for text in ["-999", "-999.0", "-999.", "-9.99e2", "9.5", "+9.50", " -999 "] {
        assert!(numbers.has_text(text), "{text}");
    }
    // A code is no number, and no number a code.
    for text in ["999", "-998", "7", "007", "09.5", "-0999", "unknown", "", "-999 km"] {
        assert!(!numbers.has_text(text), "{text}");
    }
    assert!(numbers.has(-999.0) && numbers.has(9.5) && !numbers.has(7.0));
    let comma = MissingTokens::only(texts(&["-9,5"]));
    assert!(comma.numbers(NumberFormat { decimal: b',', ..NumberFormat::POINT }).has(-9.5));
    assert!(comma.numbers(NumberFormat::POINT).is_empty());
}

#[test]
fn single_precision_and_long_whole_numbers_are_told_apart() {
    let tokens = MissingTokens::only(texts(&["-999.9", "-3.4028235e38", "99999999"]));
    let numbers = tokens.numbers(NumberFormat::POINT);
    assert!(numbers.has(f64::from(-999.9_f32)) && numbers.has(-999.9));
    assert!(numbers.has(f64::from(f32::MIN)) && numbers.has_text("-3.4028234663852886e+38"));
    // In single precision this is 100000000, a number like others.
    assert!(numbers.has(99_999_999.0) && !numbers.has(100_000_000.0));
    let long = MissingTokens::only(texts(&["9999999999999999999"]));
    let long = long.numbers(NumberFormat::POINT);
    assert!(long.has_text("9999999999999999999") && !long.has_text("9999999999999999998"));
    let short = MissingTokens::only(texts(&["1e20"])).numbers(NumberFormat::POINT);
    assert!(short.has_text("100000000000000000000") && !short.has_text("-1e20"));
}

#[test]
fn cells_inside_a_text_are_found_by_their_ends() {
    let tokens = MissingTokens::default();
    let text = "1.5,NA,-1.#IND,-7,";
    let token = |from: usize, to: usize| tokens.token_in(text, from, to).map(|at| tokens.word(at));
    assert_eq!(token(0, 3), None);
    assert_eq!(token(4, 6), Some(Some("NA")));
    assert_eq!(token(7, 14), Some(Some("-1.#IND")));
    assert_eq!(token(15, 17), None);
    assert_eq!(token(18, 18), Some(None));
}

#[test]
fn all_default_ones_named_are_default_ones_still() {
    let usual = MissingTokens::default();
    let shown: Vec<String> = usual.lists()[0].to_vec();
    assert_eq!(usual.with(shown.clone()), usual);
    let more = usual.with(texts(&["NA", "x"]));
    let shown = [more.lists()[0], more.lists()[1]].concat();
    assert_eq!(usual.with(shown).lists()[1], ["x"]);
}
