//! Absent tasks, weights kept for some steps or smoothed, and going on from a state.

use super::trial_tests::*;
use super::*;
use crate::error::Code;
use crate::random::Purpose;

fn random_jacobian(rows: usize, random: &mut Random) -> Vec<Vec<f64>> {
    (0..rows).map(|_| (0..5).map(|_| f64::from(random.normal())).collect()).collect()
}

/// Some epochs of steps in which now this, now that task is absent; every weight given.
fn course(balancer: &mut Balancer, random: &mut Random, steps: usize) -> Vec<Weights> {
    let mut given = Vec::new();
    for at in 0..steps {
        let tasks: Vec<usize> = (0..3).filter(|task| (at + task) % 4 != 0).collect();
        let losses: Vec<f64> = tasks.iter().map(|_| f64::from(random.unit()) + 0.1).collect();
        let jacobian = random_jacobian(tasks.len(), random);
        let (weights, direction) = step(balancer, &tasks, &losses, &jacobian);
        assert_eq!(weights.shared.len(), tasks.len());
        assert_eq!(weights.heads.len(), tasks.len());
        assert!(direction.iter().all(|x| x.is_finite()));
        given.push(weights);
        if balancer.looks_back() {
            let after: Vec<f64> = losses.iter().map(|loss| loss * 0.9).collect();
            balancer.after(&Step { tasks: &tasks, losses: &after });
        }
        if at % 5 == 4 {
            balancer.end_epoch(&[Some(0.5), (at % 2 == 0).then_some(0.3), Some(1.0)]);
        }
    }
    given
}

#[test]
fn every_method_goes_on_exactly_from_its_state() {
    for about in METHODS {
        for (every, momentum) in [(1, 0.0), (3, 0.9)] {
            let plan = Plan { every, momentum, ..Plan::of(about) };
            let mut random = Random::new(1, Purpose::Shuffle);
            let mut whole = balancer(&plan, 3);
            course(&mut whole, &mut random, 23);
            let state = whole.state();
            let text = serde_json::to_string(&state).unwrap();
            let mut read: State = serde_json::from_str(&text).unwrap();
            read.rows = state.rows.clone();
            let mut again = balancer(&plan, 3);
            again.restore(read, 5).unwrap();
            let rest = course(&mut again, &mut random.clone(), 23);
            assert_eq!(rest, course(&mut whole, &mut random, 23), "{}", about.name);
            assert_eq!(again.state(), whole.state(), "{}", about.name);
        }
    }
}

#[test]
fn a_state_of_another_training_is_refused() {
    for about in METHODS {
        let mut random = Random::new(1, Purpose::Shuffle);
        let mut three = balancer(&Plan::of(about), 3);
        course(&mut three, &mut random, 23);
        let state = three.state();
        let refused = |balancer: &mut Balancer, state: State, width| {
            let error = balancer.restore(state, width).unwrap_err();
            assert_eq!(error.code(), Code::Artifact, "{}", about.name);
        };
        refused(&mut balancer(&Plan::of(about), 2), state.clone(), 5);
        if !state.rows.is_empty() {
            refused(&mut balancer(&Plan::of(about), 3), state.clone(), 4);
            let mut infinite = state.clone();
            infinite.rows[0] = f32::NAN;
            refused(&mut balancer(&Plan::of(about), 3), infinite, 5);
        }
        let other = if about.name == "famo" { "stch" } else { "famo" };
        refused(&mut balancer(&plan(other, &[]), 3), state, 5);
    }
    let text = serde_json::to_string(&balancer(&plan("famo", &[]), 1).state()).unwrap();
    let text = text.replace("\"xi\":[0.0]", "\"xi\":[null]");
    let damaged: State = serde_json::from_str(&text).unwrap();
    assert!(balancer(&plan("famo", &[]), 1).restore(damaged, 0).is_err());
}

#[test]
fn an_absent_task_is_left_out_not_weighed_with_nothing() {
    for about in METHODS {
        let mut random = Random::new(2, Purpose::Shuffle);
        let jacobian = random_jacobian(2, &mut random);
        let of_two = step(&mut balancer(&Plan::of(about), 2), &[0, 1], &[1.0, 2.0], &jacobian);
        let of_three = step(&mut balancer(&Plan::of(about), 3), &[0, 2], &[1.0, 2.0], &jacobian);
        // All but those that share a fixed sum among all tasks.
        if !["dwa", "excess"].contains(&about.name) {
            assert_close(&of_two.0.shared, &of_three.0.shared, 1e-12);
        }
        let one = step(&mut balancer(&Plan::of(about), 3), &[1], &[1.0], &jacobian[..1]);
        assert!(one.0.shared[0].is_finite() && one.0.shared[0] > 0.0, "{}", about.name);
        let none = step(&mut balancer(&Plan::of(about), 3), &[], &[], &[]);
        assert!(none.0.shared.is_empty());
    }
}

#[test]
fn every_k_steps_asks_for_gradients_once() {
    let plan = Plan { every: 3, ..plan("mgda", &[]) };
    let mut balancer = balancer(&plan, 3);
    let mut random = Random::new(3, Purpose::Shuffle);
    let mut needs = Vec::new();
    let mut given: Vec<Weights> = Vec::new();
    for tasks in [[0, 1], [0, 1], [0, 2], [0, 1], [0, 2], [1, 2]] {
        needs.push(balancer.needs(&tasks));
        given.push(step(&mut balancer, &tasks, &[1.0; 2], &random_jacobian(2, &mut random)).0);
    }
    use Needs::{Gramian, Losses};
    // The third has a task that has no weight yet.
    assert_eq!(needs, [Gramian, Losses, Gramian, Gramian, Losses, Losses]);
    assert_eq!(given[0], given[1]);
    assert_eq!(given[4].shared, [given[3].shared[0], given[2].shared[1]]);
}

#[test]
fn momentum_smooths_the_weights() {
    let plan = Plan { momentum: 0.9, ..plan("mgda", &[]) };
    let mut balancer = balancer(&plan, 2);
    let mut weigh = |jacobian: [Vec<f64>; 2]| step(&mut balancer, &[0, 1], &[1.0; 2], &jacobian).0;
    assert_close(&weigh([vec![1.0, 0.0], vec![0.0, 1.0]]).shared, &[0.5, 0.5], 1e-9);
    let second = weigh([vec![1.0, 0.0], vec![2.0, 0.0]]);
    assert_close(&second.shared, &[0.55, 0.45], 1e-9);
    assert_eq!(second.heads, [1.0, 1.0]);
}

#[test]
fn what_is_wrong_is_an_error() {
    let mut mgda = balancer(&plan("mgda", &[]), 2);
    let gramian = Matrix::new(2, |_, _| 1.0);
    let mut code = |tasks: &[usize], losses: &[f64], gradients: Gradients<'_>| {
        mgda.weigh(&Step { tasks, losses }, gradients).unwrap_err().code()
    };
    assert_eq!(code(&[0, 1], &[1.0], Gradients::Gramian(&gramian)), Code::Internal);
    assert_eq!(code(&[1, 0], &[1.0; 2], Gradients::Gramian(&gramian)), Code::Internal);
    assert_eq!(code(&[0, 2], &[1.0; 2], Gradients::Gramian(&gramian)), Code::Internal);
    assert_eq!(code(&[0], &[1.0], Gradients::Gramian(&gramian)), Code::Internal);
    assert_eq!(code(&[0, 1], &[1.0; 2], Gradients::None), Code::Internal);
    let infinite = Matrix::new(2, |_, _| f64::INFINITY);
    assert_eq!(code(&[0, 1], &[1.0; 2], Gradients::Gramian(&infinite)), Code::Diverged);
    assert_eq!(code(&[0, 1], &[f64::NAN; 2], Gradients::Gramian(&gramian)), Code::Diverged);
    let mut named = plan("fixed", &[]);
    named.weights = vec![("pirce".to_owned(), 2.0)];
    let error = Balancer::new(&named, &["price", "size"], 0).unwrap_err();
    assert_eq!(error.code(), Code::Options);
    assert_eq!(
        error.to_string(),
        "balance.weights: \"pirce\" is not a task; did you mean \"price\"?"
    );
}
