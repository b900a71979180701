//! Keys of rows that are no column of the model: which of them look like a misspelling of a
//! feature. Where that feature had missing cells in training and the row lacks its key, the cell
//! would otherwise be taken for missing without a word.

use std::collections::hash_map::DefaultHasher;
use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

/// Names of fewer letters must be equal after folding; an edit makes too many words of them.
const LEAST_LETTERS: usize = 5;

/// So many verdicts are kept; keys may be of any number where rows come from strangers.
const MOST_KEPT: usize = 1024;

/// The names of a model's columns, and the features that a row may do without.
#[derive(Debug)]
pub struct Keys {
    /// Columns of the training table: features, targets, weights and those that were dropped.
    known: HashSet<String>,
    /// The features whose keys may be absent, with their place among all features.
    optional: Vec<(usize, Folded)>,
    /// Where in `optional` a folded name stands, and what is left of it without any one letter: two
    /// names one edit apart have one of these in common.
    index: HashMap<u64, Vec<usize>>,
    verdicts: Mutex<HashMap<String, Arc<[usize]>>>,
}

impl Keys {
    /// Of features, each with whether its key may be absent, and of the other columns.
    pub fn new<'a>(
        features: impl Iterator<Item = (&'a str, bool)>,
        others: impl Iterator<Item = &'a str>,
    ) -> Self {
        let mut known: HashSet<String> = others.map(str::to_owned).collect();
        let mut optional = Vec::new();
        for (place, (name, may_miss)) in features.enumerate() {
            known.insert(name.to_owned());
            if may_miss {
                optional.push((place, Folded::of(name)));
            }
        }
        let mut index: HashMap<u64, Vec<usize>> = HashMap::new();
        for (at, (_, name)) in optional.iter().enumerate() {
            for hash in name.hashes() {
                index.entry(hash).or_default().push(at);
            }
        }
        Keys { known, optional, index, verdicts: Mutex::default() }
    }

    /// Whether the training table had such a column.
    pub fn knows(&self, key: &str) -> bool {
        self.known.contains(key)
    }

    /// The places of the features that a row may lack and that an unknown key looks like, those
    /// that differ in case and separators alone first. None for a known key.
    pub fn like(&self, key: &str) -> Arc<[usize]> {
        let lock = || self.verdicts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(verdict) = lock().get(key) {
            return verdict.clone();
        }
        let verdict: Arc<[usize]> = match self.knows(key) {
            true => Arc::from([]),
            false => self.search(key).into(),
        };
        let mut verdicts = lock();
        if verdicts.len() >= MOST_KEPT {
            verdicts.clear();
        }
        verdicts.insert(key.to_owned(), verdict.clone());
        verdict
    }

    fn search(&self, key: &str) -> Vec<usize> {
        let key = Folded::of(key);
        let mut found: Vec<usize> = key
            .hashes()
            .iter()
            .filter_map(|hash| self.index.get(hash))
            .flatten()
            .copied()
            .collect();
        found.sort_unstable();
        found.dedup();
        found.retain(|&at| key.is_like(&self.optional[at].1));
        found.sort_by_key(|&at| self.optional[at].1.text != key.text);
        found.into_iter().map(|at| self.optional[at].0).collect()
    }
}

/// Whether `found`, which is another text, looks like a misspelling of `expected`: equal but for
/// case, separators and what cannot be seen, or one edit (a letter more, less or another, or two
/// neighbours exchanged) away from a name of five letters or more. Digits never differ: `x_2019`
/// and `x_2020` are two columns.
pub fn misspelt(found: &str, expected: &str) -> bool {
    found != expected && Folded::of(found).is_like(&Folded::of(expected))
}

/// A name without case, separators and characters that cannot be seen.
#[derive(Debug)]
struct Folded {
    text: Vec<char>,
    letters: usize,
}

impl Folded {
    fn of(name: &str) -> Self {
        let mut text: Vec<char> = Vec::with_capacity(name.len());
        let mut apart = false;
        for c in name.chars().flat_map(char::to_lowercase) {
            if c.is_whitespace() || matches!(c, '_' | '-' | '.') {
                apart = true;
                continue;
            }
            if is_unseen(c) {
                continue;
            }
            // 2019_1 is not 20191.
            if apart && c.is_numeric() && text.last().is_some_and(|last| last.is_numeric()) {
                text.push('_');
            }
            apart = false;
            text.push(c);
        }
        let letters = text.iter().filter(|c| c.is_alphabetic()).count();
        Folded { text, letters }
    }

    /// Of the text, and of the text without each of its letters in turn.
    fn hashes(&self) -> Vec<u64> {
        let of = |skipped: usize| {
            let mut hash = DefaultHasher::new();
            let kept = self.text.iter().enumerate().filter(|(at, _)| *at != skipped);
            kept.for_each(|(_, c)| c.hash(&mut hash));
            hash.finish()
        };
        let mut hashes = vec![of(usize::MAX)];
        // One letter less than the fewest may still be a slip.
        if self.letters + 1 >= LEAST_LETTERS {
            hashes.extend((0..self.text.len()).map(of));
        }
        hashes
    }

    fn is_like(&self, expected: &Self) -> bool {
        let (a, b) = (self.text.as_slice(), expected.text.as_slice());
        if a == b {
            return !a.is_empty();
        }
        expected.letters >= LEAST_LETTERS && self.digits().eq(expected.digits()) && one_edit(a, b)
    }

    /// Its numbers, run by run.
    fn digits(&self) -> impl Iterator<Item = &[char]> {
        self.text.split(|c| !c.is_numeric()).filter(|run| !run.is_empty())
    }
}

/// Soft hyphens, joiners, byte order marks, and accents that stand apart from their letter.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// Whether a letter more, less or another, or two neighbours exchanged, makes one of the other.
fn one_edit(a: &[char], b: &[char]) -> bool {
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[same..], &b[same..]);
    match (a, b) {
        ([_, a @ ..], b) if a == b => true,
        (a, [_, b @ ..]) if a == b => true,
        ([_, a @ ..], [_, b @ ..]) if a == b => true,
        ([a0, a1, a @ ..], [b0, b1, b @ ..]) => a0 == b1 && a1 == b0 && a == b,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_separators_and_what_cannot_be_seen_make_no_difference() {
        for (found, expected) in [
            ("Mileage_KM", "mileage_km"),
            ("mileage km", "mileage_km"),
            ("mileageKm", "mileage_km"),
            ("mileage-km", "mileage_km"),
            ("mileage.km", "mileage km"),
            (" mileage_km ", "mileage_km"),
            ("\u{feff}mileage_km", "mileage_km"),
            ("mileage\u{a0}km", "mileage km"),
            ("mile\u{ad}age_km", "mileage_km"),
            ("AGE", "age"),
            ("X", "x"),
            ("x_1", "x1"),
            ("col-2019", "col 2019"),
            ("PRÉNOM", "prénom"),
            ("mot_cle\u{301}", "motcle"),
            ("ÄLTER", "älter"),
        ] {
            assert!(misspelt(found, expected), "{found} for {expected}");
            assert!(misspelt(expected, found), "{expected} for {found}");
        }
    }

    #[test]
    fn one_edit_of_five_letters_is_a_slip() {
        for (found, expected) in [
            ("milage_km", "mileage_km"),
            ("mileeage_km", "mileage_km"),
            ("nileage_km", "mileage_km"),
            ("mielage_km", "mileage_km"),
            ("ileage_km", "mileage_km"),
            ("mileage_k", "mileage_km"),
            ("mileage_kms", "mileage_km"),
            ("pric", "price"),
            ("prices", "price"),
            ("Prcie", "price"),
            ("width_2019", "widht_2019"),
            ("prenom", "prénom"),
            ("pre\u{301}nom", "prénom"),
            ("col_b", "col_ab_"),
        ] {
            let letters = Folded::of(expected).letters;
            assert_eq!(misspelt(found, expected), letters >= 5, "{found} for {expected}");
        }
    }

    #[test]
    fn short_names_other_digits_and_two_edits_are_other_columns() {
        for (found, expected) in [
            ("rate", "date"),
            ("ages", "age"),
            ("rates", "rate"),
            ("a", "b"),
            ("col1", "col2"),
            ("x_2019", "x_2020"),
            ("sales_2019", "sales_2018"),
            ("sales_2019", "sales_201"),
            ("sales_12", "sales_21"),
            ("sales1_1", "sales_11"),
            ("sales_2019_1", "sales_20191"),
            ("sales1", "sales"),
            ("mleag_km", "mileage_km"),
            ("mileage_miles", "mileage_km"),
            ("price_usd", "price_eur"),
            ("_", "-"),
            ("price", "price"),
        ] {
            assert!(!misspelt(found, expected), "{found} for {expected}");
        }
    }

    #[test]
    fn known_keys_are_no_misspellings_and_required_features_are_not_looked_for() {
        let features = [("price", false), ("mileage", true), ("mileages", true), ("x", true)];
        let keys = Keys::new(features.into_iter(), ["milage", "X"].into_iter());
        let like = |key: &str| keys.like(key).to_vec();
        for _ in 0..2 {
            assert_eq!(like("milage"), [0; 0]);
            assert_eq!(like("X"), [0; 0]);
            assert_eq!(like("mileage"), [0; 0]);
            assert_eq!(like("prize"), [0; 0]);
            assert_eq!(like("nothing"), [0; 0]);
            assert_eq!(like("Mileages"), [2, 1]);
            assert_eq!(like("mielage"), [1]);
            assert_eq!(like(" x"), [3]);
        }
        assert!(keys.knows("X") && keys.knows("price") && !keys.knows("prize"));
    }

    #[test]
    fn the_index_finds_what_a_comparison_with_each_finds() {
        let names: Vec<String> = ["mileage", "milage", "salary_1", "salray_2", "owner", "town_ab"]
            .iter()
            .flat_map(|name| {
                let one_less = (0..name.len()).map(|at| {
                    name.char_indices().filter(|(i, _)| *i != at).map(|(_, c)| c).collect()
                });
                one_less.chain([(*name).to_owned(), name.to_uppercase(), format!("{name}s")])
            })
            .collect();
        let keys = Keys::new(names.iter().map(|name| (name.as_str(), true)), [].into_iter());
        let others = names.iter().map(|name| format!("{name}e"));
        for other in others.filter(|other| !keys.knows(other)) {
            let mut found = keys.search(&other);
            found.sort_unstable();
            let expected = (0..names.len()).filter(|&at| misspelt(&other, &names[at]));
            assert_eq!(found, expected.collect::<Vec<_>>(), "{other}");
        }
    }

    #[test]
    fn verdicts_are_kept_within_bounds() {
        let keys = Keys::new([("mileage", true)].into_iter(), [].into_iter());
        for nth in 0..3 * MOST_KEPT {
            assert!(keys.like(&format!("stranger {nth}")).is_empty());
        }
        assert!(keys.verdicts.lock().unwrap().len() <= MOST_KEPT);
        assert_eq!(keys.like("Mileage").to_vec(), [0]);
    }
}
