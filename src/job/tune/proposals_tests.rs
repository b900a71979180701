//! Proposals: within their space, all different, and a function of the seed and the scores.

use super::*;

fn options(space: Value) -> TuneOptions {
    TuneOptions::parse(json!({ "seed": 3, "space": space })).unwrap()
}

/// A search that scores how far the learning rate's logarithm is from that of 0.02.
fn search(options: &TuneOptions, generations: usize) -> Vec<Proposal> {
    let space = options.space.clone().unwrap();
    let mut proposals = Proposals::new(options, &space);
    for _ in 0..generations {
        let score = |it: &Proposal| Some((it.options.fit.learning_rate / 0.02).ln().abs());
        let scores: Vec<_> = proposals.all().iter().map(score).collect();
        if !proposals.next_generation(&scores) {
            break;
        }
    }
    proposals.all().to_vec()
}

fn wide() -> Value {
    json!({
        "learningRate": { "low": 1e-4, "high": 0.1, "log": true },
        "batchSize": { "low": 4, "high": 7, "integer": true },
        "model.hidden": [[4], [8, 8]],
        "ensemble": [1, 2],
        "model.members": [0, 2],
    })
}

#[test]
fn the_first_is_the_users_own_and_no_two_are_the_same() {
    let options = options(wide());
    let all = search(&options, 5);
    assert_eq!(all.len(), EXPLORED + 4 * GENERATION);
    assert_eq!((&all[0].varied, &all[0].options), (&json!({}), &options.base));
    for (nth, one) in all.iter().enumerate() {
        assert!(all[..nth].iter().all(|other| other.options != one.options), "{nth}");
        assert!(nth == 0 || (1e-4..=0.1).contains(&one.options.fit.learning_rate));
        assert!(nth == 0 || (4..=7).contains(&one.options.fit.batch_size.unwrap_or(4)));
        // Which exclude each other.
        assert!(one.options.ensemble == 1 || one.options.model.spec.members == 0);
    }
    let sizes = |size| all.iter().any(|it| it.options.fit.batch_size == Some(size));
    assert!((4..=7).all(sizes));
}

#[test]
fn later_ones_are_nearer_to_the_best() {
    let all = search(&options(wide()), 12);
    let mean = |part: &[Proposal]| {
        let far = part.iter().map(|it| (it.options.fit.learning_rate / 0.02).ln().abs());
        far.sum::<f64>() / part.len() as f64
    };
    let (early, late) = (mean(&all[1..EXPLORED]), mean(&all[all.len() - 2 * GENERATION..]));
    assert!(late < 0.7 * early, "{early} {late}");
}

#[test]
fn the_same_seed_and_scores_propose_the_same_and_others_something_else() {
    let varied = |options: &TuneOptions| {
        search(options, 4).into_iter().map(|it| it.varied).collect::<Vec<_>>()
    };
    assert_eq!(varied(&options(wide())), varied(&options(wide())));
    let mut other = options(wide());
    other.base.fit.seed = 4;
    assert_ne!(varied(&options(wide())), varied(&other));
}

#[test]
fn a_small_space_is_used_up() {
    // One of the values is the default, and so the first trial.
    let options =
        options(json!({ "learningRate": [0.002, 0.01, 0.1], "weightDecay": [0.02, 0.5] }));
    assert_eq!(search(&options, 9).len(), 6);
}

#[test]
fn the_best_quarter_is_of_those_with_a_score() {
    let scores = [Some(3.0), None, Some(1.0), Some(2.0), Some(1.0), Some(9.0)];
    assert_eq!(best_quarter(&scores), [2, 4]);
    assert_eq!(best_quarter(&[None, Some(1.0)]), [1]);
    assert_eq!(best_quarter(&[None]), Vec::<usize>::new());
}
