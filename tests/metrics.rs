//! The scores against scikit-learn's (`fixtures/metrics.json`, made by `fixtures/metrics.py`), and
//! what must hold for any predictions.

use polytask::metrics::{Metric, Scores, classification, count, ordinal, regression};
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct Fixture {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    kind: String,
    classes: usize,
    predictions: Vec<f64>, // [n, classes] or [n]
    labels: Vec<f64>,
    weights: Option<Vec<f64>>,
    expected: Scores,
}

impl Case {
    fn scores(&self) -> Scores {
        let Case { classes, predictions, labels, .. } = self;
        let weights = self.weights.as_deref();
        let ranks: Vec<u32> = labels.iter().map(|&label| label as u32).collect();
        match self.kind.as_str() {
            "classification" => classification(predictions, *classes, &ranks, weights),
            "ordinal" => ordinal(predictions, *classes, &ranks, weights),
            "regression" => regression(predictions, labels, weights),
            "count" => count(predictions, labels, weights),
            kind => unreachable!("{kind}"),
        }
    }
}

/// Equal to 1e-9 of the greater. A figure without a unit, whose scale is 1, may be some roundings
/// away from 0; one with a unit may not.
fn close(metric: Metric, found: Option<f64>, expected: Option<f64>) -> bool {
    let floor = match metric {
        Metric::Rmse | Metric::Mae | Metric::MedianAbsoluteError | Metric::PoissonDeviance => 0.0,
        _ => 1e-14,
    };
    match (found, expected) {
        (Some(found), Some(expected)) => {
            let most = 1e-9 * found.abs().max(expected.abs());
            (found - expected).abs() <= most.max(floor)
        }
        (found, expected) => found == expected,
    }
}

#[test]
fn every_score_equals_scikit_learns() {
    let fixture: Fixture = serde_json::from_str(include_str!("fixtures/metrics.json")).unwrap();
    assert!(fixture.cases.len() > 100);
    let mut wrong = Vec::new();
    for case in &fixture.cases {
        let scores = case.scores();
        assert_eq!(scores.n, case.expected.n, "{}", case.name);
        assert_eq!(scores.confusion, case.expected.confusion, "{}", case.name);
        for metric in Metric::ALL {
            let (found, expected) = (scores.get(metric), case.expected.get(metric));
            if !close(metric, found, expected) {
                wrong.push(format!("{}: {metric:?} {found:?}, not {expected:?}", case.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_metric_is_in_the_fixture() {
    let fixture: Fixture = serde_json::from_str(include_str!("fixtures/metrics.json")).unwrap();
    for metric in Metric::ALL {
        assert!(fixture.cases.iter().any(|case| case.expected.get(metric).is_some()), "{metric:?}");
    }
}

/// Rows of a task with classes: probabilities in sixteenths, so that ties are many and 1 − p is
/// exact, a label, and a whole weight.
fn rows(classes: usize) -> impl Strategy<Value = Vec<(Vec<f64>, u32, f64)>> {
    let probabilities =
        prop::collection::vec((0..=16u8).prop_map(|p| f64::from(p) / 16.0), classes);
    let row = (probabilities, 0..classes as u32, (1..4u8).prop_map(f64::from));
    prop::collection::vec(row, 1..60)
}

type Scorer = fn(&[f64], usize, &[u32], Option<&[f64]>) -> Scores;

fn scored(score: Scorer, rows: &[(Vec<f64>, u32, f64)]) -> Scores {
    let probabilities: Vec<f64> = rows.iter().flat_map(|row| row.0.iter().copied()).collect();
    let labels: Vec<u32> = rows.iter().map(|row| row.1).collect();
    let weights: Vec<f64> = rows.iter().map(|row| row.2).collect();
    score(&probabilities, rows[0].0.len(), &labels, Some(&weights))
}

fn numbers() -> impl Strategy<Value = Vec<(f64, f64, f64)>> {
    let eighths = || (0..400u16).prop_map(|eighths| f64::from(eighths) / 8.0);
    prop::collection::vec((eighths(), eighths(), (1..4u8).prop_map(f64::from)), 1..60)
}

fn counted(rows: &[(f64, f64, f64)]) -> Scores {
    let predicted: Vec<f64> = rows.iter().map(|row| row.0).collect();
    let labels: Vec<f64> = rows.iter().map(|row| row.1).collect();
    let weights: Vec<f64> = rows.iter().map(|row| row.2).collect();
    count(&predicted, &labels, Some(&weights))
}

/// As `close`, for sums taken in another order; differences near 0 lose digits.
fn same(left: &Scores, right: &Scores, metrics: &[Metric]) -> Result<(), TestCaseError> {
    for &metric in metrics {
        match (left.get(metric), right.get(metric)) {
            (Some(left), Some(right)) => {
                prop_assert!((left - right).abs() <= 1e-9 * left.abs().max(1.0), "{metric:?}");
            }
            (left, right) => prop_assert_eq!(left, right, "{:?}", metric),
        }
    }
    Ok(())
}

/// Each row as often as it weighs, at weight 1.
fn repeated<T: Clone>(rows: &[T], weight: impl Fn(&mut T) -> &mut f64) -> Vec<T> {
    let mut all = Vec::new();
    for row in rows {
        let mut row = row.clone();
        let times = std::mem::replace(weight(&mut row), 1.0) as usize;
        all.extend(std::iter::repeat_n(row, times));
    }
    all
}

/// Any number, now and then NaN or infinite.
fn wild() -> impl Strategy<Value = f64> {
    prop_oneof![20 => 0.0..1.0, 20 => any::<f64>(), 1 => prop::num::f64::ANY]
}

proptest! {
    #[test]
    fn the_order_of_rows_does_not_matter(rows in rows(4), at in any::<prop::sample::Index>()) {
        let mut other = rows.clone();
        other.rotate_left(at.index(rows.len()));
        other.reverse();
        same(&scored(ordinal, &rows), &scored(ordinal, &other), &Metric::ALL)?;
    }

    #[test]
    fn the_order_of_numbers_does_not_matter(rows in numbers(), at in any::<prop::sample::Index>()) {
        let mut other = rows.clone();
        other.rotate_left(at.index(rows.len()));
        other.reverse();
        same(&counted(&rows), &counted(&other), &Metric::ALL)?;
    }

    #[test]
    fn a_weight_of_two_is_the_row_twice(rows in rows(3)) {
        let twice = repeated(&rows, |row| &mut row.2);
        same(&scored(ordinal, &rows), &scored(ordinal, &twice), &Metric::ALL)?;
    }

    #[test]
    fn a_weight_of_two_is_the_number_twice(rows in numbers()) {
        prop_assume!(rows.len() > 1); // r2 counts rows, not weights
        let twice = repeated(&rows, |row| &mut row.2);
        same(&counted(&rows), &counted(&twice), &Metric::ALL)?;
    }

    #[test]
    fn means_merge(rows in rows(3), at in any::<prop::sample::Index>()) {
        let (left, right) = rows.split_at(at.index(rows.len()));
        prop_assume!(!left.is_empty());
        let parts = [left, right].map(|part| {
            (scored(ordinal, part), part.iter().map(|row| row.2).sum::<f64>())
        });
        let all = scored(ordinal, &rows);
        let [(left, left_weight), (right, right_weight)] = &parts;
        for metric in [Metric::Accuracy, Metric::LogLoss, Metric::Brier, Metric::Mae] {
            let [left, right] = [left, right].map(|part| part.get(metric).unwrap());
            let merged = (left * left_weight + right * right_weight) / (left_weight + right_weight);
            prop_assert!((all.get(metric).unwrap() - merged).abs() < 1e-9, "{:?}", metric);
        }
    }

    #[test]
    fn a_turned_ranking_has_the_area_above(rows in rows(2)) {
        let mut turned = rows.clone();
        turned.iter_mut().flat_map(|row| &mut row.0).for_each(|p| *p = 1.0 - *p);
        let (area, other) = (scored(classification, &rows), scored(classification, &turned));
        match (area.roc_auc, other.roc_auc) {
            (Some(area), Some(other)) => prop_assert!((area - (1.0 - other)).abs() < 1e-12),
            (area, other) => prop_assert_eq!(area, other),
        }
    }

    #[test]
    fn the_area_is_the_chance_to_outrank(rows in rows(2)) {
        let (mut won, mut pairs) = (0.0, 0.0);
        for positive in rows.iter().filter(|row| row.1 == 1) {
            for negative in rows.iter().filter(|row| row.1 == 0) {
                let weight = positive.2 * negative.2;
                pairs += weight;
                won += match positive.0[1].total_cmp(&negative.0[1]) {
                    std::cmp::Ordering::Greater => weight,
                    std::cmp::Ordering::Equal => weight / 2.0,
                    std::cmp::Ordering::Less => 0.0,
                };
            }
        }
        match scored(classification, &rows).roc_auc {
            Some(area) => prop_assert!((area - won / pairs).abs() < 1e-12),
            None => prop_assert_eq!(pairs, 0.0),
        }
    }

    #[test]
    fn any_input_gives_numbers_or_nothing(
        rows in prop::collection::vec((wild(), wild(), wild(), any::<u8>()), 0..20),
        observed in 0..4u32,
    ) {
        let probabilities: Vec<f64> = rows.iter().flat_map(|row| [row.0, row.1]).collect();
        let labels: Vec<u32> = rows.iter().map(|row| u32::from(row.3) % (observed + 1)).collect();
        let weights: Vec<f64> = rows.iter().map(|row| row.2).collect();
        let numbers: Vec<f64> = rows.iter().map(|row| row.1).collect();
        let predicted: Vec<f64> = rows.iter().map(|row| row.0).collect();
        for scores in [
            ordinal(&probabilities, 2, &labels, Some(&weights)),
            ordinal(&probabilities, 2, &labels, None),
            count(&predicted, &numbers, Some(&weights)),
            count(&predicted, &numbers, None),
        ] {
            for metric in Metric::ALL {
                prop_assert!(scores.get(metric).is_none_or(f64::is_finite), "{:?}", metric);
            }
        }
    }
}
