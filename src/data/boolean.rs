//! Reads true or false out of a cell.

use super::table::Cell;

/// The pairs of texts that mean true and false, in lower case.
const PAIRS: [(&str, &str); 5] =
    [("true", "false"), ("t", "f"), ("yes", "no"), ("y", "n"), ("on", "off")];

/// True or false: one of the texts `true t yes y on 1` and `false f no n off 0`, in capitals or
/// not, or the number 1 or 0.
pub fn of(cell: Cell<'_>) -> Option<bool> {
    match cell {
        Cell::Number(1.0) => Some(true),
        Cell::Number(0.0) => Some(false),
        Cell::Text(text) => match text.trim() {
            "1" => Some(true),
            "0" => Some(false),
            text => side(text).map(|(_, side)| side),
        },
        _ => None,
    }
}

/// Every text that [`of`] reads, in each mix of capitals, without blanks around it.
pub fn spellings() -> Vec<(String, bool)> {
    let words = PAIRS.into_iter().flat_map(|(yes, no)| [(yes, true), (no, false)]);
    let digits = [("1".to_owned(), true), ("0".to_owned(), false)];
    let mixes = words.flat_map(|(word, side)| {
        (0..1u32 << word.len()).map(move |capitals| {
            let letters = word.chars().enumerate();
            let letter = |(at, letter): (usize, char)| {
                if capitals >> at & 1 == 1 { letter.to_ascii_uppercase() } else { letter }
            };
            (letters.map(letter).collect(), side)
        })
    });
    mixes.chain(digits).collect()
}

/// The side and the pair a text belongs to, as one bit; the highest one for none.
pub fn bit(text: &str) -> u16 {
    side(text.trim()).map_or(1 << 15, |(pair, side)| 1 << (2 * pair + usize::from(side)))
}

/// Whether these bits are both sides of one pair, and nothing else.
pub fn is_pair(bits: u16) -> bool {
    (0..PAIRS.len()).any(|pair| bits == 0b11 << (2 * pair))
}

fn side(text: &str) -> Option<(usize, bool)> {
    // The longest of them has five letters, and most texts have more.
    if text.len() > 5 {
        return None;
    }
    PAIRS.iter().enumerate().find_map(|(pair, (yes, no))| {
        let is = |word: &str| text.eq_ignore_ascii_case(word);
        if is(yes) { Some((pair, true)) } else { is(no).then_some((pair, false)) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_of_each_pair_are_read() {
        for yes in ["true", "TRUE", "t", "Yes", "y", "on", "1", " true "] {
            assert_eq!(of(Cell::Text(yes)), Some(true), "{yes}");
        }
        for no in ["false", "F", "no", "N", "Off", "0"] {
            assert_eq!(of(Cell::Text(no)), Some(false), "{no}");
        }
        for other in ["", "ja", "2", "1.0", "truee", "maybe"] {
            assert_eq!(of(Cell::Text(other)), None, "{other}");
        }
        assert_eq!([0.0, 1.0, 2.0].map(|x| of(Cell::Number(x))), [Some(false), Some(true), None]);
        assert_eq!(of(Cell::Missing), None);
    }

    #[test]
    fn every_spelling_is_read() {
        let spellings = spellings();
        assert!(spellings.iter().all(|(text, side)| of(Cell::Text(text)) == Some(*side)));
        let texts: std::collections::HashSet<&str> =
            spellings.iter().map(|(text, _)| text.as_str()).collect();
        assert_eq!((texts.len(), spellings.len()), (82, 82));
        assert!(["True", "FALSE", "yEs", "0"].iter().all(|text| texts.contains(text)));
    }

    #[test]
    fn two_sides_make_a_pair_and_nothing_else_does() {
        let bits = |texts: &[&str]| texts.iter().fold(0, |bits, text| bits | bit(text));
        assert!(is_pair(bits(&["yes", "No", "YES"])));
        assert!(!is_pair(bits(&["yes"])) && !is_pair(bits(&["yes", "false"])));
        assert!(!is_pair(bits(&["yes", "no", "true"])) && !is_pair(bits(&["yes", "no", "x"])));
    }
}
