//! Names of columns that are known before a file is read: they tell its header from a row of data.

use std::collections::HashSet;

use crate::error::quoted;

use super::header::Verdict;

/// What columns others ask for.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum KnownNames {
    /// Not known.
    #[default]
    None,
    /// Columns that options name, each after its option: a first row that holds one of them is the
    /// header.
    Options(Vec<(&'static str, String)>),
    /// The features of a model, or of the rows beside which a file validates: a first row that
    /// holds all of them is the header.
    Features(Vec<String>),
}

impl KnownNames {
    /// What the names say of the first row, if anything; `recurs` says of a cell of it whether it
    /// stands below in its column as well.
    pub(super) fn verdict(
        &self,
        first: &[String],
        judged: &Verdict,
        recurs: impl Fn(usize) -> bool,
    ) -> Option<Verdict> {
        match self {
            KnownNames::None => None,
            KnownNames::Options(asked) => named(asked, first, recurs),
            KnownNames::Features(features) => held(features, first, judged, recurs),
        }
    }
}

/// A header if an option names one of the cells.
fn named(
    asked: &[(&'static str, String)],
    first: &[String],
    recurs: impl Fn(usize) -> bool,
) -> Option<Verdict> {
    let asked = asked.iter().filter(|(_, name)| !name.is_empty());
    let mut found = asked.filter_map(|(option, name)| {
        let at = first.iter().position(|cell| cell == name)?;
        // Without a header there is a column of such a name too, unless the cell is a name.
        let made_up = (0..first.len()).any(|i| *name == format!("c{i}"));
        (!made_up || !recurs(at))
            .then(|| format!("{option} names {}, a cell of the first row", quoted(name)))
    });
    Some(Verdict::new(true, true, found.next()?))
}

/// A header if it holds the features, or most of them and each cell once; or numbers among which
/// are half of those that name features, and stand nowhere below.
fn held(
    features: &[String],
    first: &[String],
    judged: &Verdict,
    recurs: impl Fn(usize) -> bool,
) -> Option<Verdict> {
    let cells: HashSet<&String> = first.iter().filter(|cell| !cell.is_empty()).collect();
    let held = features.iter().filter(|feature| cells.contains(feature)).count();
    if held > 0 && held == features.len() {
        let why =
            format!("the first row holds the names of all features, {}", quoted(&features[0]));
        return Some(Verdict::new(true, true, if held > 1 { why + ", …" } else { why }));
    }
    if held * 2 > features.len() && cells.len() == first.len() && !judged.header {
        let why =
            format!("the first row holds the names of {held} of the {} features", features.len());
        return Some(Verdict { weighed: true, ..Verdict::new(true, false, why) });
    }
    // Names that are numbers may be written in another way, or one of them be another. That one is
    // missed afterwards, which is better than to answer the header as a row.
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
    let names: Vec<f64> = features.iter().filter_map(|feature| number(feature)).collect();
    if !judged.header && names.len() == features.len() && cells.len() == first.len() {
        let is_name = |cell: &String| number(cell).is_some_and(|cell| names.contains(&cell));
        let alike: Vec<usize> = (0..first.len()).filter(|&at| is_name(&first[at])).collect();
        if alike.len() * 2 >= features.len() && !alike.iter().any(|&at| recurs(at)) {
            let count = alike.len();
            let why = format!(
                "the first row holds numbers that name {count} of the {} features",
                features.len()
            );
            return Some(Verdict { weighed: true, ..Verdict::new(true, false, why) });
        }
    }
    // Nothing but text, and of what is not known: where columns have no names, it is a row.
    let made_up = |name: &String| name.strip_prefix('c').is_some_and(is_number);
    if judged.header && !judged.sure && features.iter().all(made_up) {
        return Some(Verdict::new(false, false, "the features have no names either"));
    }
    None
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    fn data() -> Verdict {
        Verdict::new(false, false, "judged")
    }

    fn text() -> Verdict {
        Verdict::new(true, false, "judged")
    }

    #[test]
    fn a_cell_that_an_option_names_makes_a_header() {
        let known =
            KnownNames::Options(vec![("targets", "x".into()), ("sampleWeights", "2".into())]);
        let verdict = |cells: &[&str]| known.verdict(&texts(cells), &data(), |_| true);
        let found = verdict(&["1", "2"]).unwrap();
        assert!(found.header && found.sure);
        assert_eq!(found.why, "sampleWeights names \"2\", a cell of the first row");
        assert_eq!(verdict(&["1", "3"]), None);
        assert_eq!(verdict(&["1", " 2"]), None);
        assert_eq!(KnownNames::None.verdict(&texts(&["x"]), &data(), |_| true), None);
    }

    #[test]
    fn a_made_up_name_is_a_cell_only_where_it_does_not_recur() {
        let known = KnownNames::Options(vec![("targets", "c1".into())]);
        let verdict = |cells: &[&str], recurs| known.verdict(&texts(cells), &data(), |_| recurs);
        assert!(verdict(&["c1", "2019"], false).is_some_and(|verdict| verdict.header));
        assert_eq!(verdict(&["c1", "2019"], true), None);
        assert_eq!(verdict(&["1", "2"], false), None);
        // A file of one column has no `c1` but this.
        assert!(verdict(&["c1"], true).is_some());
    }

    #[test]
    fn all_features_make_a_header_in_any_order_and_most_do_if_cells_differ() {
        let known = KnownNames::Features(texts(&["2019", "2020", "2021"]));
        let verdict = |cells: &[&str]| known.verdict(&texts(cells), &data(), |_| false);
        for cells in [&["2019", "2020", "2021"][..], &["y", "2021", "2020", "x", "2019", ""]] {
            assert!(verdict(cells).is_some_and(|it| it.header && it.sure && !it.weighed));
        }
        let most = verdict(&["2019", "2021", "7"]).unwrap();
        assert!(most.header && !most.sure && most.weighed);
        assert_eq!(most.why, "the first row holds the names of 2 of the 3 features");
        for cells in [&["2019", "1", "2"][..], &["2019", "2021", "2021"], &["1", "2", "3"]] {
            assert_eq!(verdict(cells), None, "{cells:?}");
        }
    }

    #[test]
    fn numbers_that_name_features_make_a_header_however_they_are_written() {
        let known = KnownNames::Features(texts(&["400.5", "402.5"]));
        let verdict = |cells: &[&str], recurs| known.verdict(&texts(cells), &data(), |_| recurs);
        for cells in [&["400.50", "402.50"][..], &["402.5", "406.5"], &["4.005e2", "7"]] {
            assert!(verdict(cells, false).is_some_and(|it| it.header && it.weighed), "{cells:?}");
            assert_eq!(verdict(cells, true), None, "{cells:?}");
        }
        assert_eq!(verdict(&["1", "2"], false), None);
        let mixed = KnownNames::Features(texts(&["400.5", "class"]));
        assert_eq!(mixed.verdict(&texts(&["400.50", "x"]), &data(), |_| false), None);
    }

    #[test]
    fn text_alone_is_a_row_where_the_features_have_no_names() {
        let known = KnownNames::Features(texts(&["c0", "c1"]));
        assert!(known.verdict(&texts(&["a", "b"]), &text(), |_| false).is_some_and(|v| !v.header));
        assert_eq!(known.verdict(&texts(&["a", "b"]), &data(), |_| false), None);
        let known = KnownNames::Features(texts(&["c0", "x"]));
        assert_eq!(known.verdict(&texts(&["a", "b"]), &text(), |_| false), None);
    }
}
