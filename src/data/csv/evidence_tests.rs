//! What single pieces of evidence weigh.

use super::super::grammar::Grammar;
use super::super::missing::Missing;
use super::super::options::CsvOptions;
use super::*;

fn top(text: &str) -> Top {
    let grammar = Grammar::new(&CsvOptions::default(), b',');
    Top::new(text, grammar, &Missing::default())
}

fn points(found: Option<Evidence>) -> f64 {
    found.map_or(0.0, |evidence| evidence.points)
}

#[test]
fn a_number_has_a_place_among_those_of_its_column() {
    let below = [5.1, 4.9, 4.7, 5.4, 4.6];
    assert_eq!(place(5.0, &below), Place::Among);
    assert_eq!(place(5.9, &below), Place::Near);
    assert!(matches!(place(7.0, &below), Place::Outside(points) if points > 0.7));
    assert!(matches!(place(400.5, &below), Place::Outside(points) if points > 1.7));
    assert_eq!(place(1.0, &[2.0, 3.0, 4.0, 5.0]), Place::Numbers);
    assert_eq!(place(7.0, &[8.0, 9.0, 10.0, 12.0]), Place::Continues);
    assert_eq!(place(9.0, &[8.0, 7.0, 6.5, 5.0]), Place::Continues);
    assert!(matches!(place(1.0, &[1917.0, 1927.0, 1937.0, 1947.0]), Place::Outside(_)));
    // A number that is not one of the two that repeat.
    let flags: Vec<f64> = (0..40).map(|row| f64::from(row % 2)).collect();
    assert_eq!(place(1.0, &flags), Place::Among);
    assert!(matches!(place(2.0, &flags), Place::Outside(points) if points == 3.0));
}

#[test]
fn a_series_counts_for_less_where_rows_are_few_and_for_nothing_where_they_are_alike() {
    let rows = |first: &str, count: usize, row: fn(usize) -> String| {
        let rows: Vec<String> = (0..count).map(row).collect();
        points(series(&top(&format!("{first}\n{}\n", rows.join("\n"))), 4))
    };
    let odd = |row: usize| format!("{},9,{},7", row * 7 % 5, row * 3 % 4);
    let (many, few) = (rows("0,1,2,3", 50, odd), rows("0,1,2,3", 2, odd));
    assert!(many > 4.5 && few < 3.5, "{many} {few}");
    assert!(rows("1,2,3,4", 50, odd) < many);
    assert!(rows("0,1,2,3", 50, |row| format!("{row},{},{},{}", row + 1, row + 2, row + 3)) == 0.0);
    assert!(rows("0,1,2,3", 50, |row| ["3,2,1,0", "1,0,3,2"][row % 2].to_owned()) == 0.0);
    assert!(rows("0,1,2,3", 50, |row| format!("0,1,2,{}", row + 4)) == 0.0);
    assert!(rows("5,1,7,2", 50, odd) == 0.0);
}
