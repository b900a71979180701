//! Outliers of every kind are found, and long tails of ordinary columns are none.

use super::*;
use crate::data::TableBuilder;
use crate::random::{Purpose, Random};

/// Numbers of a named distribution.
fn draw(name: &str, count: usize, seed: u64) -> Vec<f64> {
    let mut random = Random::new(seed, Purpose::Split);
    let mut one = || -> f64 {
        let normal = f64::from(random.normal());
        let mut unit = || f64::from(random.unit()).max(1e-9);
        match name {
            "normal" => normal,
            "uniform" => unit(),
            "exponential" => -unit().ln(),
            "log-normal" => normal.exp(),
            "log-normal 2" => (2.0 * normal).exp(),
            "pareto 3" => unit().powf(-1.0 / 3.0),
            "rounded" => normal.exp().round(),
            "mostly 0" => {
                (normal.exp() * 20.0) * f64::from(u8::from(f64::from(random.unit()) > 0.8))
            }
            "often 0" => {
                (normal.exp() * 20.0) * f64::from(u8::from(f64::from(random.unit()) > 0.45))
            }
            "rare" => f64::from(u8::from(f64::from(random.unit()) > 0.97)),
            "two" => f64::from(u8::from(normal > 0.0)),
            _ => unreachable!("{name}"),
        }
    };
    (0..count).map(|_| one()).collect()
}

const ALL: [&str; 11] = [
    "normal",
    "uniform",
    "exponential",
    "log-normal",
    "log-normal 2",
    "pareto 3",
    "rounded",
    "mostly 0",
    "often 0",
    "rare",
    "two",
];

#[test]
fn ordinary_columns_have_none() {
    for name in ALL {
        for seed in 0..5 {
            for count in [500, 5000] {
                let numbers = draw(name, count, seed);
                assert_eq!(Outliers::of(&numbers), None, "{name}, {count}, {seed}");
            }
        }
    }
    for numbers in [vec![], vec![f64::NAN; 40], vec![5.0; 40], vec![1.0, 2.0, 1e300]] {
        assert_eq!(Outliers::of(&numbers), None, "{numbers:?}");
    }
}

#[test]
fn one_gigantic_cell_is_found_in_every_column() {
    for name in ALL {
        for gigantic in [1e9, f64::MAX, -3.402_823_466_385_288_6e38, f64::MIN, 1e20, -1e30] {
            let mut numbers = draw(name, 1000, 7);
            let [low, high] = numbers.iter().fold([f64::MAX, f64::MIN], |[low, high], number| {
                [low.min(*number), high.max(*number)]
            });
            numbers[41] = f64::NAN;
            numbers[617] = gigantic;
            let found = Outliers::of(&numbers).unwrap();
            assert_eq!(found.places, [617], "{name}, {gigantic}");
            assert!(found.others[0] >= low && found.others[1] <= high);
        }
    }
}

#[test]
fn one_in_a_hundred_at_a_thousand_deviations_is_found() {
    for (name, deviation) in [("normal", 1.0), ("uniform", 0.3), ("exponential", 1.0), ("two", 0.5)]
    {
        let mut numbers = draw(name, 1000, 3);
        let mut random = Random::new(9, Purpose::Split);
        let places: Vec<usize> = (0..10).map(|nth| nth * 97 + 5).collect();
        for place in &places {
            numbers[*place] += 1e3 * deviation * f64::from(random.normal());
        }
        let found = Outliers::of(&numbers).unwrap();
        assert!(found.places.len() >= 9, "{name}: {:?}", found.places);
        assert!(found.places.iter().all(|place| places.contains(place)), "{name}");
        // All on one side, and alike.
        for place in &places {
            numbers[*place] = 1e3 * deviation;
        }
        assert_eq!(Outliers::of(&numbers).unwrap().places, places, "{name}");
    }
}

#[test]
fn the_limit_is_ten_deviations() {
    let mut numbers = draw("normal", 500, 1);
    numbers[3] = 9.0;
    assert_eq!(Outliers::of(&numbers), None);
    numbers[3] = 12.0;
    assert_eq!(Outliers::of(&numbers).unwrap().places, [3]);
    numbers[8] = -12.0;
    assert_eq!(Outliers::of(&numbers).unwrap().places, [3, 8]);
    // Past that, what does no harm among so many is let be.
    let mut many = draw("normal", 20_000, 1);
    many[3] = 12.0;
    assert_eq!(Outliers::of(&many), None);
    many[3] = 50.0;
    assert_eq!(Outliers::of(&many).unwrap().places, [3]);
}

#[test]
fn numbers_that_stand_for_no_data_are_found_at_any_share() {
    for number in [-999.0, -9999.0, 99_999.0, 9999.99, -32_768.0, -3.402_823_466_385_288_6e38] {
        for every in [3, 10, 50, 400] {
            let mut numbers = draw("normal", 1000, 2);
            let places: Vec<usize> = (0..1000).step_by(every).collect();
            places.iter().for_each(|place| numbers[*place] = number);
            let found = Outliers::of(&numbers).unwrap();
            assert_eq!(found.places, places, "{number}, every {every}");
            assert!(found.others[0] > -6.0 && found.others[1] < 6.0);
        }
    }
    // Two of them at once, at one end and at both.
    let mut numbers = draw("log-normal", 1000, 2);
    (0..100).for_each(|place| numbers[place] = [-999.0, -9999.0, 99_999.0][place % 3]);
    assert_eq!(Outliers::of(&numbers).unwrap().places, (0..100).collect::<Vec<_>>());
    // What is far but no such number, and too many, is what the column is like.
    let mut numbers = draw("normal", 1000, 2);
    (0..200).for_each(|place| numbers[place] = 500.0);
    assert_eq!(Outliers::of(&numbers), None);
    // Nor is 99 one where others lie about it: the ages of people.
    let ages: Vec<f64> = (0..1000).map(|row| f64::from(17 + row % 83)).collect();
    assert_eq!(Outliers::of(&ages), None);
}

#[test]
fn what_looks_like_no_data() {
    for number in
        [99.0, -99.0, 999.0, -9999.0, 999.9, 99_999.99, 1e30, f64::MIN, -32_768.0, 2_147_483_647.0]
    {
        assert!(is_no_data(number), "{number}");
    }
    for number in [9.0, -9.0, 0.0, -1.0, 998.0, 1e9, 99.5, 19.0, 0.99] {
        assert!(!is_no_data(number), "{number}");
    }
}

#[test]
fn numbers_and_years_are_read_in_order() {
    let mut builder = TableBuilder::from_rows(["x".to_owned(), "day".to_owned()]);
    builder.push(1, [Cell::Text("1.5"), Cell::Text("2024-03-31")]);
    builder.push(2, [Cell::Missing, Cell::Text("9999-12-31")]);
    builder.push(3, [Cell::Number(-2.0), Cell::Missing]);
    let table = builder.build();
    let found = numbers(&table.columns()[0], &[0, 1, 2], NumberFormat::POINT);
    assert!(found[0] == 1.5 && found[1].is_nan() && found[2] == -2.0);
    assert_eq!(years(&table.columns()[1], &[0, 1, 2], None), [Some(2024), Some(9999), None]);
}
