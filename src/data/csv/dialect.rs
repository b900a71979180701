//! How a file turned out to be written, and the sniffing of its delimiter.

use crate::error::{Code, Error, Result};

use super::grammar::Grammar;
use super::missing::Missing;
use super::options::{CsvOptions, Encoding, shown};
use super::sample::{self, Sample, each};

/// What a file is written like, and how that was found out.
#[derive(Debug, Clone, PartialEq)]
pub struct Dialect {
    /// The sign between cells.
    pub delimiter: u8,
    /// Why that one, in words for a summary.
    pub delimiter_why: String,
    /// The sign around cells, as set.
    pub quote: Option<u8>,
    /// Whether the first row names the columns.
    pub header: bool,
    /// Why, in words for a summary.
    pub header_why: String,
    /// The encoding, by option, by byte order mark or by default.
    pub encoding: Encoding,
    /// Whether the file was compressed.
    pub gzip: bool,
}

/// The delimiter that was set or fits best, its reason, and the sample it gives.
pub(super) fn delimiter(
    text: &str,
    options: &CsvOptions,
    missing: &Missing,
) -> Result<(u8, String, Sample)> {
    let sample = |delimiter| Sample::new(text, Grammar::new(options, delimiter), missing);
    if let Some(delimiter) = options.delimiter {
        return Ok((delimiter, "as set".to_owned(), sample(delimiter)));
    }
    let fits = candidates(options)
        .rev()
        .map(|candidate| (candidate, sample(candidate)))
        .max_by(|(_, a), (_, b)| (a.score().total_cmp(&b.score())).then(a.usual().cmp(&b.usual())));
    // At most two of the four candidates are taken.
    let Some((delimiter, sample)) = fits else {
        return Err(Error::new(Code::Internal, "no delimiter is left to try"));
    };
    refuse_fixed_width(text, Grammar::new(options, delimiter), &sample)?;
    let why = match sample.usual() {
        None => format!("no delimiter was found, {} is taken", shown(delimiter)),
        Some((width, count)) => {
            let Sample { records, .. } = sample;
            format!("{width} cells in {count} of the {records} rows looked at")
        }
    };
    Ok((delimiter, why, sample))
}

/// The signs to try, in order of preference, should two fit equally well: that of the files a model
/// learnt from comes first.
fn candidates(options: &CsvOptions) -> impl DoubleEndedIterator<Item = u8> {
    let candidates = match options.mark() {
        b',' => *b";\t|,",
        _ => *b",;\t|",
    };
    let taken = [options.quote, options.comment];
    let first = options.fallback.delimiter;
    let others = candidates.into_iter().filter(move |candidate| first != Some(*candidate));
    let candidates = first.into_iter().chain(others);
    candidates.filter(move |candidate| !taken.contains(&Some(*candidate)))
}

/// Whether sniffing goes by nothing that stands behind this beginning of a file.
pub(super) fn suffices(beginning: &str, options: &CsvOptions) -> bool {
    let suffices = |delimiter| sample::suffices(beginning, Grammar::new(options, delimiter));
    match options.delimiter {
        Some(delimiter) => suffices(delimiter),
        None => candidates(options).all(suffices),
    }
}

/// Columns lined up with blanks would be read as one column of text, or, where a tab stands
/// somewhere, as a few columns of nonsense; better to say what the file is.
fn refuse_fixed_width(text: &str, grammar: Grammar, sample: &Sample) -> Result<()> {
    let alone = sample.usual().is_none();
    if !alone && grammar.delimiter != b'\t' {
        return Ok(());
    }
    let mut row = 0;
    let mut line = None;
    let mut lined_up = vec![true; sample.first.len()];
    each(text, grammar, |record| {
        row += 1;
        // The first row may be a header.
        if row == 1 && sample.records > 1 {
            return;
        }
        line.get_or_insert(record.line);
        for (i, lined_up) in lined_up.iter_mut().enumerate() {
            *lined_up = *lined_up && is_lined_up(record.cell(text, i), alone);
        }
    });
    match line {
        Some(line) if lined_up.contains(&true) => Err(Error::new(
            Code::Csv,
            "cells lie apart by blanks, expected a delimiter: fixed-width text is not read; \
             if this is one column after all, set csv.delimiter",
        )
        .line(line)),
        _ => Ok(()),
    }
}

/// Whether a cell is several cells side by side. Where tabs delimit, a cell of text or one with
/// `1 234` is likely enough, so all must be numbers and lie more than a blank apart.
fn is_lined_up(cell: &str, alone: bool) -> bool {
    let numbers = cell.split_whitespace().filter(|part| is_number(part)).count();
    let parts = cell.split_whitespace().count();
    match alone {
        true => parts > 1 && numbers * 2 >= parts,
        false => parts > 1 && numbers == parts && cell.contains("  "),
    }
}

fn is_number(part: &str) -> bool {
    part.parse::<f64>().is_ok() || matches!(part, "?" | "NA" | "null")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sniff_with(text: &str, options: &CsvOptions) -> (u8, usize) {
        let (delimiter, why, sample) = delimiter(text, options, &Missing::default()).unwrap();
        assert!(!why.is_empty());
        (delimiter, sample.first.len())
    }

    fn sniff(text: &str) -> (u8, usize) {
        sniff_with(text, &CsvOptions::default())
    }

    #[test]
    fn each_delimiter_is_found() {
        for delimiter in [",", ";", "\t", "|"] {
            let text = "a,b,c\n1,x,3\n4,y,6\n".replace(',', delimiter);
            assert_eq!(sniff(&text), (delimiter.as_bytes()[0], 3));
        }
        assert_eq!(sniff("a\n1\n2\n"), (b',', 1));
    }

    #[test]
    fn other_signs_inside_cells_do_not_mislead() {
        assert_eq!(sniff("a;b\n1,5;2,5\n3,5;4,5\n"), (b';', 2));
        assert_eq!(sniff("1,5;2,5\n3,5;4,5\n"), (b';', 2));
        assert_eq!(sniff("id,tags\n1,a|b|c\n2,b|c|d\n"), (b',', 2));
        assert_eq!(sniff("\"a,b\";\"c,d\"\n\"e,f\";\"g,h\"\n"), (b';', 2));
        assert_eq!(sniff("name\tnote\nx\tone, two\ny\tthree, four\n"), (b'\t', 2));
        assert_eq!(sniff("t\tv\n1 234\t5\n2 345\t6\n"), (b'\t', 2));
        assert_eq!(sniff("t\tv\n2011-01-01 10:00:00\t5\n"), (b'\t', 2));
        assert_eq!(sniff("\"1,7\",\"200.000.000\",\n"), (b',', 3));
        let decimal = CsvOptions { decimal: Some(b','), ..CsvOptions::default() };
        assert_eq!(sniff_with("a,b;c\nd,e;f\n", &decimal), (b';', 2));
    }

    #[test]
    fn one_bad_row_among_many_does_not_mislead() {
        let row = "1,2,3,x|y\n";
        assert_eq!(sniff(&format!("{}1,2,3,4,x|y\n{}", row.repeat(5), row.repeat(5))), (b',', 4));
    }

    #[test]
    fn a_sign_with_another_purpose_is_no_candidate() {
        let options = CsvOptions { comment: Some(b'|'), ..CsvOptions::default() };
        assert_eq!(sniff_with("|1|2|3\n5 6,7\n8 9,1\n", &options), (b',', 2));
    }

    #[test]
    fn fixed_width_text_is_refused_and_read_when_told() {
        let options = CsvOptions::default();
        for text in [
            "18.0   8   307.0   70\t\"chevrolet chevelle\"\n15.0   8   ?   70\t\"buick\"\n",
            "x   y   z\n1   2   3\n4   5   6\n",
            "x y\n1 2\n3 4\n",
            "1 setosa\n2 virginica\n",
        ] {
            let error = delimiter(text, &options, &Missing::default()).unwrap_err();
            assert_eq!(error.code(), Code::Csv);
            assert!(error.message().contains("fixed-width"), "{error}");
        }
        let told = CsvOptions { delimiter: Some(b'\t'), ..CsvOptions::default() };
        assert_eq!(sniff_with("1  2\tx\n3  4\ty\n", &told), (b'\t', 2));
    }
}
