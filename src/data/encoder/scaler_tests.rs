//! Scales against scikit-learn's (`tests/fixtures/scaling.json`, made by `scaling.py` beside it),
//! and on columns that are hard to scale.

use super::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct Fixture {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    train: Vec<f64>,
    new: Vec<f64>,
    robust: Vec<f64>,
    quantile: Vec<f64>,
}

/// A scale fitted to numbers that all count alike.
fn fit(scaling: Scaling, numbers: &[f64]) -> Scaler {
    Scaler::fit(scaling, Listed { numbers: numbers.to_vec(), ..Listed::default() })
}

#[test]
fn numbers_are_scaled_as_by_scikit_learn() {
    let text = include_str!("../../../tests/fixtures/scaling.json");
    let fixture: Fixture = serde_json::from_str(text).unwrap();
    assert!(fixture.cases.len() >= 9);
    for Case { name, train, new, robust, quantile } in &fixture.cases {
        for (scaling, expected) in [(Scaling::Robust, robust), (Scaling::Quantile, quantile)] {
            let scaler = fit(scaling, train);
            assert!(scaler.is_valid(), "{name}: {scaler:?}");
            assert_eq!(new.len(), expected.len());
            for (number, expected) in new.iter().zip(expected) {
                let found = f64::from(scaler.scaled(*number));
                // A float's rounding, and theirs.
                let allowed = 1e-7 * (1.0 + expected.abs());
                let off = (found - expected).abs();
                assert!(off <= allowed, "{name}, {scaling:?}: {number} is {found}, not {expected}");
            }
        }
    }
}

/// Every kind of scale fitted to these numbers.
fn fitted(numbers: &[f64]) -> [Scaler; 3] {
    let scalers = [Scaling::Standard, Scaling::Robust, Scaling::Quantile]
        .map(|scaling| fit(scaling, numbers));
    assert!(scalers.iter().all(Scaler::is_valid), "{scalers:?}");
    scalers
}

#[test]
fn a_nearly_constant_column_explodes_under_no_scale() {
    for centre in [0.0, 1.0, -1e9] {
        // A millionth of the size at most, and more than rounding.
        let step = 1e-9 * f64::max(1.0, f64::abs(centre));
        let numbers: Vec<f64> = (0..100).map(|i| centre + step * f64::from(i % 10)).collect();
        let [standard, robust, quantile] = fitted(&numbers);
        for outside in [centre - 1.0, centre + 1.0, 1e300, -1e300, f64::MAX, f64::MIN] {
            assert!(f64::from(standard.scaled(outside).abs()) <= FARTHEST);
            assert!(robust.scaled(outside).abs() <= 3.0);
            assert!(quantile.scaled(outside).abs() <= 5.2);
        }
        // What was seen is told apart.
        for scaler in [standard, robust, quantile] {
            let seen = numbers[..10].iter().map(|number| scaler.scaled(*number));
            assert!(seen.is_sorted_by(|a, b| a < b), "{scaler:?}");
        }
    }
}

#[test]
fn a_constant_column_is_0_throughout() {
    let trace = [0.1 + 0.2, 0.3, 0.1 + 0.2];
    for numbers in [&[][..], &[7.0], &[0.0; 40], &[1e300; 3], &trace] {
        let [_, robust, quantile] = fitted(numbers);
        for number in [0.0, 7.0, 1e9, f64::MAX, f64::MIN, f64::NAN] {
            assert_eq!((robust.scaled(number), quantile.scaled(number)), (0.0, 0.0));
        }
    }
}

#[test]
fn a_few_numbers_that_differ_are_scaled_by_the_whole_range() {
    // The quartiles are the same number.
    let mut numbers = vec![5.0; 99];
    numbers.push(9.0);
    let scaler = fit(Scaling::Robust, &numbers);
    assert_eq!(scaler, Scaler::Robust { median: 5.0, factor: 0.5 });
    assert_eq!(scaler.scaled(9.0), (2.0 / (1.0f64 + 4.0 / 9.0).sqrt()) as f32);
}

#[test]
fn the_least_number_is_amid_its_like() {
    // Six in ten are 0, and less than that was not seen.
    let numbers: Vec<f64> = (0..600).map(|i| f64::from((i - 360).max(0))).collect();
    let scaler = fit(Scaling::Quantile, &numbers);
    let zero = f64::from(scaler.scaled(0.0));
    assert!((zero - inverse_normal(0.3)).abs() < 0.1, "{zero}");
    assert!(scaler.scaled(-1e-9) < -5.1 && scaler.scaled(1e9) > 5.1);
}

#[test]
fn numbers_at_the_edge_stay_finite() {
    let tiny = f64::from_bits(1);
    for numbers in [
        &[f64::MAX, f64::MIN, 1.0, 0.0][..],
        &[f64::MAX, f64::MAX, f64::MIN],
        &[0.0, tiny, 2.0 * tiny, 3.0 * tiny],
        &[1e-310, 2e-310, -1e-310, 0.0],
    ] {
        for scaler in fitted(numbers) {
            for number in numbers.iter().chain(&[f64::MAX, f64::MIN, 0.0, -0.0]) {
                assert!(scaler.scaled(*number).is_finite(), "{scaler:?}: {number}");
            }
            assert_eq!(scaler.scaled(f64::NAN), 0.0);
        }
    }
}

#[test]
fn a_scale_comes_back_from_a_file_if_it_is_one() {
    for scaler in fitted(&[0.1, 0.7, 1e-3, 5.0, 0.1, 3.3]) {
        let text = serde_json::to_string(&scaler).unwrap();
        assert_eq!(serde_json::from_str::<Scaler>(&text).unwrap(), scaler);
    }
    let old: Scaler = serde_json::from_str(r#"{"mean":1.5,"scale":0.5}"#).unwrap();
    assert_eq!(old, Scaler::Standard { mean: 1.5, scale: 0.5 });
    for text in [
        r#"{"mean":1.5,"scale":0}"#,
        r#"{"median":1,"factor":-1}"#,
        r#"{"median":1,"factor":0}"#,
        r#"{"quantiles":[1]}"#,
        r#"{"quantiles":[1,1]}"#,
        r#"{"quantiles":[2,1,3]}"#,
        r#"{"quantiles":[-1e308,1e308]}"#,
    ] {
        let scaler: Scaler = serde_json::from_str(text).unwrap();
        assert!(!scaler.is_valid(), "{text}");
    }
    assert!(serde_json::from_str::<Scaler>(r#"{"mean":1.5,"factor":2}"#).is_err());
    assert!(serde_json::from_str::<Scaler>(r#"{"mean":1.5,"scale":1,"more":2}"#).is_err());
}
