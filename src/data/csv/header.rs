//! Whether the first row is a header, and what the columns are called.

use std::collections::{HashMap, HashSet};

use crate::error::{Code, Error, Result, quoted};

use super::missing::Missing;
use super::options::CsvOptions;
use super::sample::{Sample, is_figure};

/// What sniffing says of the first row.
#[derive(Debug, PartialEq)]
pub(super) struct Verdict {
    pub(super) header: bool,
    /// The types speak for it; it is not just that nothing speaks against it.
    pub(super) sure: bool,
    pub(super) why: String,
}

/// Judges the first row by what stands below it.
///
/// A header is text above figures, in more columns than there are figures above figures (a header
/// may well hold `2019, 2020`). Where no column tells, a figure, an empty cell or a repeated one
/// in the first row speaks against a header, and else the row is taken for one.
pub(super) fn judge(sample: &Sample, missing: &Missing) -> Verdict {
    let named = &sample.first[..filled(&sample.first)];
    let over_figures = |figure: bool| {
        let columns = named.iter().zip(&sample.below);
        columns.filter(move |(cell, below)| {
            below.figures > 0 && below.texts == 0 && !missing.is(cell) && is_figure(cell) == figure
        })
    };
    let (texts, figures) = (over_figures(false).count(), over_figures(true).count());
    if texts > figures {
        let why = format!("columns with text over figures: {texts}");
        return Verdict { header: true, sure: true, why };
    }
    let mut seen = HashSet::new();
    let why = if let Some(cell) = named.iter().find(|cell| is_figure(cell)) {
        format!("{} in the first row is no name", quoted(cell))
    } else if named.iter().any(|cell| missing.is(cell)) {
        "the first row has a missing cell".to_owned()
    } else if let Some(cell) = named.iter().find(|cell| !seen.insert(*cell)) {
        format!("{} stands twice in the first row", quoted(cell))
    } else {
        let why = "the first row is text and nothing speaks against it".to_owned();
        return Verdict { header: true, sure: false, why };
    };
    Verdict { header: false, sure: false, why }
}

/// Whether the first row is a header: as set, by `csv.columns`, as in the files `before`, or as
/// judged.
pub(super) fn find(
    sample: &Sample,
    options: &CsvOptions,
    missing: &Missing,
    before: Option<bool>,
) -> Result<Verdict> {
    let set = |header, why: &str| Ok(Verdict { header, sure: true, why: why.to_owned() });
    let wrong = |message| Err(Error::new(Code::Csv, message));
    let verdict = judge(sample, missing);
    match (options.header, &options.columns, before) {
        (Some(header), ..) => set(header, "as set"),
        (None, Some(columns), _) if sample.first[..] == columns[..] => {
            set(true, "the first row equals csv.columns")
        }
        (None, Some(_), _) if verdict.sure => wrong(
            "looks like a header and differs from csv.columns; set csv.header: true to replace \
             its names, or false to read it as a row",
        ),
        (None, Some(_), _) => set(false, "csv.columns names the columns"),
        (None, None, Some(false)) if verdict.sure => wrong(
            "looks like a header, but the files before have none; set csv.header: false to read \
             it as a row",
        ),
        (None, None, Some(header)) => set(header, "as in the files before"),
        (None, None, None) if sample.first.iter().all(String::is_empty) => wrong(
            "the first row holds empty cells only, expected names or data; pass over it with \
             csv.skipLines, or set csv.header",
        ),
        (None, None, None) => Ok(verdict),
    }
}

/// The length of a row without the empty cells at its end.
pub(super) fn filled(cells: &[String]) -> usize {
    cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1)
}

/// The names of the first `width` columns, from the header row or made up: an empty name becomes
/// `c` and the number of the column from 0, as in a file without a header.
pub(super) fn names(header: Option<&[String]>, width: usize, line: u64) -> Result<Vec<String>> {
    let given = header.map_or(&[][..], |header| &header[..width.min(header.len())]);
    let mut places = HashMap::new();
    for (i, name) in given.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
        if let Some(before) = places.insert(name.as_str(), i) {
            let message = format!(
                "stands twice in the header, as cell {} and as cell {}; names must differ",
                before + 1,
                i + 1
            );
            return Err(Error::new(Code::Csv, message).line(line).column(name));
        }
    }
    let made_up = |i: usize| {
        let mut name = format!("c{i}");
        while places.contains_key(name.as_str()) {
            name.push('_');
        }
        name
    };
    let name = |i: usize| match given.get(i) {
        Some(name) if !name.is_empty() => name.clone(),
        _ => made_up(i),
    };
    Ok((0..width).map(name).collect())
}

#[cfg(test)]
mod tests {
    use super::super::grammar::Grammar;
    use super::*;

    fn verdict(text: &str) -> Verdict {
        let grammar = Grammar::new(&CsvOptions::default(), b',');
        let missing = Missing::default();
        judge(&Sample::new(text, grammar, &missing), &missing)
    }

    #[test]
    fn text_over_figures_is_a_header() {
        for text in [
            "a,b\nx,1\n",
            "std_temp,bod,25400\n1,2,3\n",
            ",a,b\n0,x,2\n",
            "a,b\n?,\n,2\n",
            "day,high\n2011-01-01,x\n",
        ] {
            let verdict = verdict(text);
            assert!(verdict.header && verdict.sure, "{text:?} {verdict:?}");
        }
    }

    #[test]
    fn figures_in_the_first_row_are_none() {
        for text in
            ["1,2\n", "5.1,setosa\n4.9,setosa\n", "x,2019\ny,2020\n", "-,3\n1,4\n", "x,NA\ny,2\n"]
        {
            assert!(!verdict(text).header, "{text:?}");
        }
    }

    #[test]
    fn text_over_text_is_a_header_unless_empty_or_twice() {
        assert!(verdict("a,b\nx,y\n").header);
        assert!(verdict("a,b,,\nx,y,,\n").header);
        assert!(!verdict("p,x,p\ne,x,s\n").header);
        assert!(!verdict("p,,x\ne,x,s\n").header);
    }

    #[test]
    fn names_are_made_up_where_there_are_none() {
        let header = ["", "c0", "x", ""].map(str::to_owned);
        assert_eq!(names(Some(&header), 4, 1).unwrap(), ["c0_", "c0", "x", "c3"]);
        assert_eq!(names(None, 2, 1).unwrap(), ["c0", "c1"]);
        assert_eq!(filled(&header), 3);
    }

    #[test]
    fn a_name_that_stands_twice_is_an_error_with_both_places() {
        let header = ["a", "b", "a"].map(str::to_owned);
        let error = names(Some(&header), 3, 4).unwrap_err().to_string();
        assert!(error.starts_with("line 4, column \"a\": stands twice"), "{error}");
        assert!(error.contains("cell 1 and as cell 3"), "{error}");
    }
}
