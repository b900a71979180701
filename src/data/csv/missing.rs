//! The cells that mean "nothing here".

use super::options::MISSING;

/// A set of missing tokens, quick to say no.
#[derive(Debug)]
pub(super) struct Missing {
    tokens: Vec<String>,
    /// The bytes a missing cell may begin with, those of blanks too: most cells differ there.
    first: [bool; 256],
}

impl Missing {
    /// These tokens, or the usual ones.
    pub(super) fn new(tokens: Option<&[String]>) -> Self {
        let tokens: Vec<String> = match tokens {
            Some(tokens) => tokens.iter().map(|token| token.trim().to_owned()).collect(),
            None => MISSING.map(str::to_owned).to_vec(),
        };
        let mut first = [false; 256];
        first[128..].fill(true);
        for blank in 0..=b' ' {
            first[usize::from(blank)] = true;
        }
        for byte in tokens.iter().filter_map(|token| token.bytes().next()) {
            first[usize::from(byte)] = true;
        }
        Missing { tokens, first }
    }

    /// The same of the cell `text[from..to]`.
    #[inline]
    pub(super) fn is_in(&self, text: &str, from: usize, to: usize) -> bool {
        from == to || (self.first[usize::from(text.as_bytes()[from])] && self.is(&text[from..to]))
    }

    /// Whether the cell is empty or one of the tokens, blanks around it (inside quotes) aside.
    pub(super) fn is(&self, cell: &str) -> bool {
        match cell.bytes().next() {
            None => true,
            Some(byte) if !self.first[usize::from(byte)] => false,
            Some(_) => {
                let cell = cell.trim();
                cell.is_empty() || self.tokens.iter().any(|token| token == cell)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_tokens_or_those_given_and_always_the_empty_cell() {
        let usual = Missing::new(None);
        for cell in ["", "  ", "NA", "N/A", "NaN", "nan", "null", "NULL", "?", " NA "] {
            assert!(usual.is(cell), "{cell:?}");
        }
        for cell in ["0", "na", "None", "NONE", ".", "-", "NAN", "N"] {
            assert!(!usual.is(cell), "{cell:?}");
        }
        let given = Missing::new(Some(&["-1".to_owned(), "keine Angabe".to_owned()]));
        assert!(given.is("-1") && given.is("keine Angabe") && given.is(""));
        assert!(!given.is("NA") && !given.is("-10"));
    }
}
