//! Answers that are no better than one for all, by every loss.

use super::*;
use crate::history::ValidationReport;
use crate::random::{Purpose, Random};

fn labels(raw: Vec<f64>) -> Labels {
    Labels { encoded: raw.iter().map(|label| *label as f32).collect(), raw }
}

/// Labels, and answers that tell this share of them.
fn told(share: f64, count: usize) -> (Vec<f64>, Vec<Vec<f64>>) {
    let mut random = Random::new(2, Purpose::Split);
    let raw: Vec<f64> = (0..count).map(|_| f64::from(random.normal())).collect();
    let answers =
        raw.iter().map(|label| vec![share * label + (1.0 - share) * f64::from(random.normal())]);
    (raw.clone(), answers.collect())
}

fn verdict(measure: &Measure, answers: &[Vec<f64>], raw: Vec<f64>) -> Option<Verdict> {
    measure.compare(answers.iter().map(Vec::as_slice), &labels(raw), None)
}

fn is_worse(measure: &Measure, answers: &[Vec<f64>], raw: Vec<f64>) -> bool {
    verdict(measure, answers, raw).unwrap().lead < LEAD
}

#[test]
fn numbers_are_compared_by_their_loss() {
    for measure in [Measure::Square(0.0), Measure::Absolute(0.0), Measure::Quantile(0.5, 0.0)] {
        let (raw, good) = told(0.9, 200);
        assert!(!is_worse(&measure, &good, raw), "{measure:?}");
        let (raw, bad) = told(0.0, 200);
        assert!(is_worse(&measure, &bad, raw.clone()), "{measure:?}");
        // The one answer itself is no better than itself.
        assert!(is_worse(&measure, &vec![vec![0.0]; 200], raw), "{measure:?}");
    }
    let counts: Vec<f64> = (0..60).map(|row| f64::from(row % 6)).collect();
    let measure = Measure::Count(2.5);
    let good: Vec<Vec<f64>> = counts.iter().map(|count| vec![count + 0.3]).collect();
    assert!(!is_worse(&measure, &good, counts.clone()));
    let bad: Vec<Vec<f64>> = counts.iter().map(|count| vec![5.5 - count]).collect();
    assert!(is_worse(&measure, &bad, counts));
}

#[test]
fn classes_are_compared_by_their_chances_and_by_what_is_right() {
    let raw: Vec<f64> = (0..60).map(|row| f64::from(u8::from(row % 3 == 0))).collect();
    let measure = |smoothing| Measure::Classes {
        always: vec![2.0 / 3.0, 1.0 / 3.0],
        weights: None,
        smoothing,
    };
    let answer = |yes: f64| vec![f64::from(u8::from(yes > 0.5)), 1.0 - yes, yes];
    let of = |chance: &dyn Fn(usize) -> f64| -> Vec<Vec<f64>> {
        (0..60).map(|row| answer(chance(row))).collect()
    };
    let good = of(&|row| if row % 3 == 0 { 0.6 } else { 0.2 });
    // Right in more rows than always the commonest class: worth something, whatever its log loss.
    assert_eq!(verdict(&measure(0.0), &good, raw.clone()), None);
    let sure = of(&|row| if row % 3 == 0 { 1.0 } else { f64::from(u8::from(row % 11 == 0)) });
    assert_eq!(verdict(&measure(0.0), &sure, raw.clone()), None);
    let ranked = of(&|row| if row % 3 == 0 { 0.45 } else { 0.25 });
    assert!(!is_worse(&measure(0.0), &ranked, raw.clone()));
    let noise = of(&|row| 0.1 + 0.4 * ((row * 7 % 10) as f64) / 10.0);
    assert!(is_worse(&measure(0.0), &noise, raw.clone()));
    // Smoothed labels make chances that are less sure; those of the one answer are judged so too.
    let soft = of(&|row| if row % 3 == 0 { 0.42 } else { 0.3 });
    assert!(!is_worse(&measure(0.3), &soft, raw));
}

#[test]
fn few_labels_and_what_cannot_be_beaten_are_not_judged() {
    let (raw, bad) = told(0.0, 9);
    assert_eq!(verdict(&Measure::Square(0.0), &bad, raw), None);
    assert_eq!(verdict(&Measure::Square(5.0), &vec![vec![4.0]; 30], vec![5.0; 30]), None);
    assert_eq!(verdict(&Measure::Square(0.0), &vec![vec![f64::INFINITY]; 30], vec![5.0; 30]), None);
    let mut raw = told(0.9, 40).0;
    raw[..35].fill(f64::NAN);
    let answers = vec![vec![0.0]; 40];
    assert_eq!(verdict(&Measure::Square(0.0), &answers, raw.clone()), None);
    let weights: Vec<f64> = (0..40).map(|row| f64::from(u8::from(row < 9))).collect();
    let full = labels(told(0.9, 40).0);
    let answers = answers.iter().map(Vec::as_slice);
    assert_eq!(Measure::Square(0.0).compare(answers, &full, Some(&weights)), None);
}

#[test]
fn the_first_epoch_is_the_best_one_where_all_others_are_worse() {
    let history = |losses: &[f64]| -> Vec<EpochReport> {
        let mut least = f64::INFINITY;
        let report = |(at, loss): (usize, &f64)| {
            let best = *loss < least;
            least = least.min(*loss);
            let validation = ValidationReport { loss: *loss, score: None, tasks: Vec::new() };
            EpochReport {
                epoch: at + 1,
                best,
                validation: Some(validation),
                ..EpochReport::default()
            }
        };
        losses.iter().enumerate().map(report).collect()
    };
    let said = first_epoch(&history(&[1.0, 1.2, 1.1])).unwrap();
    assert!(said.starts_with("The best epoch is the first of 3: on the validation rows"), "{said}");
    for losses in [&[1.0][..], &[1.0, 0.9, 1.1], &[0.0, 0.0, 0.0], &[]] {
        assert_eq!(first_epoch(&history(losses)), None, "{losses:?}");
    }
    let mut unseen = history(&[1.0, 1.2]);
    unseen.iter_mut().for_each(|report| report.validation = None);
    assert_eq!(first_epoch(&unseen), None);
}

#[test]
fn a_quantile_goes_by_weight() {
    let labels = |weights: [f64; 4]| {
        vec![(1.0, weights[0]), (9.0, weights[1]), (3.0, weights[2]), (5.0, weights[3])]
    };
    assert_eq!(quantile(labels([1.0; 4]), 0.5), 3.0);
    assert_eq!(quantile(labels([0.0, 1.0, 0.0, 0.1]), 0.5), 9.0);
    assert_eq!(quantile(labels([1.0; 4]), 0.95), 9.0);
    assert_eq!(significant(0.123456), "0.1235");
    assert_eq!(significant(1.5e20), "1.500e20");
}
