//! What is said of tasks, with its numbers, and that no advice leads in a circle.

use super::*;
use crate::balance::{Balancer, Gradients, METHODS, Matrix, Needs, Plan, Rows, Step};

const NAMES: [&str; 3] = ["price", "churn", "age"];

/// An epoch of tasks of these weights and lengths, and cosines between each two.
fn epoch(weights: &[f64], norms: &[f64], cosine: impl Fn(usize, usize) -> f64) -> EpochReport {
    let count = weights.len();
    let task = |at: usize| {
        let (weight, gradient_norm) = (Some(weights[at]), Some(norms[at]));
        (at.to_string(), TaskReport { loss: Some(1.0), labels: 9, weight, gradient_norm })
    };
    let row =
        |a: usize| (0..count).map(|b| Some(if a == b { 1.0 } else { cosine(a, b) })).collect();
    EpochReport {
        tasks: (0..count).map(task).collect(),
        cosines: Some((0..count).map(row).collect()),
        ..EpochReport::default()
    }
}

fn seen(weights: [f64; 3], norms: [f64; 3], cosine: f64) -> Means {
    let of = |a: usize, b: usize| if a + b == 1 { cosine } else { 0.1 };
    Means::new(&[epoch(&weights, &norms, of)], 3)
}

fn texts(seen: &Means, method: &str) -> Vec<String> {
    advise(seen, &NAMES, method).into_iter().map(|advice| advice.text).collect()
}

#[test]
fn tasks_at_peace_need_no_advice() {
    for method in METHODS {
        assert_eq!(advise(&seen([1.0; 3], [1.0, 2.0, 9.0], -0.19), &NAMES, method.name), []);
        assert_eq!(advise(&Means::new(&[], 3), &NAMES, method.name), []);
    }
}

#[test]
fn what_matters_is_said_with_its_number() {
    let three = seen([1.0, 1.0, 0.01], [0.5, 15.0, 1.0], -0.413);
    let [conflict, dwarfs] = &*texts(&three, "equal") else { panic!("two are expected") };
    assert!(conflict.starts_with("\"price\" and \"churn\" pull against each other"), "{conflict}");
    assert!(conflict.contains("−0.41. Train one of them apart"), "{conflict}");
    let expected = "\"churn\" pulls 1500 times as hard on the shared layers as \"age\", so that they \
                    hardly learn from \"age\". Raise the weight of \"age\" in targets, or try \
                    balance: 'imtl-g', which lets all pull alike.";
    assert_eq!(dwarfs, expected);
    assert!(texts(&three, "fixed")[1].contains("weight of \"age\" in balance.weights, or try"));
    let [conflict, dwarfs] = &*texts(&three, "mgda") else { panic!("two are expected") };
    assert!(conflict.contains("balance: 'mgda' had to settle that"), "{conflict}");
    let expected = "Under balance: 'mgda', \"churn\" pulls 1500 times as hard on the shared layers \
                    as \"age\", so that they hardly learn from \"age\". Try balance: 'imtl-g', \
                    which lets all pull alike.";
    assert_eq!(dwarfs, expected);
    let dwarfs = texts(&seen([1.0, 1.0, 1.0], [1.0, 12.0, 3.0], 0.0), "equal").concat();
    assert!(dwarfs.contains("pulls 12 times") && dwarfs.contains("which follow it"), "{dwarfs}");
    let none = texts(&seen([1.0, 0.0, 1.0], [1.0, 12.0, 3.0], 0.0), "cagrad").concat();
    assert!(
        none.contains("\"age\" pulls on the shared layers, and \"churn\" not at all"),
        "{none}"
    );
    let apart = texts(&seen([1.0, 1.0, 0.0], [1.0, 1.0, 1.0], 0.0), "imtl-g").concat();
    assert!(apart.contains("Train \"age\" apart") && !apart.contains("try"), "{apart}");
    let conflict = texts(&seen([1.0; 3], [1.0; 3], -0.3), "equal").concat();
    assert!(conflict.contains("Try balance: 'upgrad', or train one of them apart"), "{conflict}");
}

/// The issue: weights that are inverse to lengths let all pull alike, and nothing is amiss.
#[test]
fn weights_are_not_compared_without_lengths() {
    let inverse = seen([0.001, 0.999, 0.5], [1000.0, 1.001, 2.0], 0.0);
    for method in METHODS {
        assert_eq!(advise(&inverse, &NAMES, method.name), [], "{}", method.name);
    }
}

#[test]
fn pulls_are_shares_of_each_epoch() {
    let zero = |_: usize, _: usize| 0.0;
    // One is the longest at first, the other from then on: neither dwarfs the other.
    let turns = [epoch(&[1.0; 2], &[1e6, 1.0], zero), epoch(&[1.0; 2], &[1.0, 1e3], zero)];
    let means = Means::new(&turns, 2);
    assert!((means.pulls[0].unwrap() - 0.5).abs() < 1e-3, "{means:?}");
    assert_eq!(advise(&means, &NAMES[..2], "equal"), []);
    // A gradient of 0 has nothing to pull for, and a weight below 0 does not pull.
    let means = Means::new(&[epoch(&[1.0, 1.0, -2.0], &[3.0, 0.0, 1.0], zero)], 3);
    assert_eq!(means.pulls, [Some(1.0), None, Some(0.0)]);
    let mut unseen = epoch(&[1.0; 2], &[1.0; 2], zero);
    unseen.tasks[1].1.gradient_norm = None;
    assert_eq!(Means::new(&[unseen], 2).pulls, [Some(1.0), None]);
}

#[test]
fn a_task_that_is_carried_along_is_not_dwarfed() {
    let same = |norm: f64, cosine: f64| {
        let of = move |_: usize, _: usize| cosine;
        advise(&Means::new(&[epoch(&[1.0; 2], &[norm, 1.0], of)], 2), &NAMES[..2], "equal")
    };
    assert_eq!(same(50.0, 0.9), []);
    assert_eq!(same(50.0, 0.1).len(), 1);
    assert_eq!(same(50.0, -0.9).len(), 2);
    // So far behind, what is its own is lost.
    assert_eq!(same(300.0, 0.9).len(), 1);
}

/// What a method makes of gradients that stay as they are: the epoch that telemetry would tell.
fn trained(method: &str, jacobian: &[Vec<f64>], losses: &[f64]) -> EpochReport {
    let count = jacobian.len();
    let about = METHODS.into_iter().find(|about| about.name == method).unwrap();
    let names: Vec<String> = (0..count).map(|task| task.to_string()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut balancer = Balancer::new(&Plan::of(about), &names, 3).unwrap();
    let tasks: Vec<usize> = (0..count).collect();
    let dot = |a: usize, b: usize| -> f64 {
        jacobian[a].iter().zip(&jacobian[b]).map(|(a, b)| a * b).sum()
    };
    let gramian = Matrix::new(count, dot);
    let (mut sums, steps) = (vec![0.0; count], 50);
    for at in 0..steps {
        let step = Step { tasks: &tasks, losses };
        let mut data: Vec<f32> = jacobian.iter().flatten().map(|x| *x as f32).collect();
        let given = match balancer.needs(&tasks) {
            Needs::Losses => Gradients::None,
            Needs::Gramian | Needs::Halves => Gradients::Gramian(&gramian),
            Needs::Jacobian => Gradients::Jacobian(Rows::new(count, &mut data)),
        };
        let weights = balancer.weigh(&step, given).unwrap();
        sums.iter_mut().zip(balancer.counts(&weights)).for_each(|(sum, weight)| *sum += weight);
        if balancer.looks_back() {
            balancer.after(&step);
        }
        if at % 10 == 9 {
            balancer.end_epoch(&losses.iter().copied().map(Some).collect::<Vec<_>>());
        }
    }
    let norms: Vec<f64> = (0..count).map(|task| dot(task, task).sqrt()).collect();
    let weights: Vec<f64> = sums.iter().map(|sum| sum / f64::from(steps)).collect();
    epoch(&weights, &norms, |a, b| dot(a, b) / (norms[a] * norms[b]))
}

/// Gradients of two to five tasks: of one length and of very different ones, at every angle.
fn jacobians() -> Vec<Vec<Vec<f64>>> {
    let mut all = Vec::new();
    for cosine in [-0.9, -0.3, 0.0, 0.7] {
        for length in [1.0, 30.0, 1000.0] {
            let sine = f64::sqrt(1.0 - cosine * cosine);
            let two = vec![vec![length, 0.0, 0.0], vec![cosine, sine, 0.0]];
            let mut three = two.clone();
            three.push(vec![0.1, -0.2, 3.0]);
            let mut five: Vec<Vec<f64>> =
                three.iter().map(|row| [row.as_slice(), &[0.0, 0.0]].concat()).collect();
            five.push(vec![length, 0.1, 0.0, 0.1 * length, 0.0]);
            five.push(vec![0.0, 0.02, 0.0, 0.0, 0.01]);
            all.extend([two, three, five]);
        }
    }
    all
}

/// Whoever follows advice, and trains with the method that it names, is never sent back to a method
/// that was left, and comes to an end.
#[test]
fn advice_leads_in_no_circle() {
    let mut followed = 0;
    for jacobian in jacobians() {
        let names: Vec<String> = (0..jacobian.len()).map(|task| format!("t{task}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        for losses in [[1.0; 5], [1.0, 0.001, 0.3, 2.0, 0.1]] {
            let losses = &losses[..jacobian.len()];
            let advice = |method: &str| -> Vec<&'static str> {
                let seen = Means::new(&[trained(method, &jacobian, losses)], names.len());
                let advice = advise(&seen, &names, method);
                for Advice { text, method } in &advice {
                    let named = method.is_some_and(|it| text.contains(&format!("balance: '{it}'")));
                    assert!(named || !text.contains("ry balance"), "{text}");
                }
                advice.into_iter().filter_map(|advice| advice.method).collect()
            };
            for about in METHODS {
                let mut left = vec![vec![about.name]];
                while let Some(path) = left.pop() {
                    for next in advice(path[path.len() - 1]) {
                        assert!(!path.contains(&next), "{path:?} then {next} for {jacobian:?}");
                        followed += 1;
                        left.push([&*path, &[next]].concat());
                    }
                }
            }
        }
    }
    assert!(followed > 100, "{followed}");
}

/// What `imtl-g` is recommended for it does: of two tasks each has half of the pull.
#[test]
fn the_recommended_method_lets_two_tasks_pull_alike() {
    for jacobian in jacobians().into_iter().filter(|jacobian| jacobian.len() == 2) {
        let seen = Means::new(&[trained(EVEN, &jacobian, &[1.0; 2])], 2);
        for pull in &seen.pulls {
            assert!((pull.unwrap() - 0.5).abs() < 1e-6, "{jacobian:?}: {seen:?}");
        }
        assert_eq!(dominance(&seen, &NAMES[..2], EVEN), None);
    }
}
