//! Known answers: those of TorchJD's and LibMTL's documentation and tests, each computed again.

use super::trial_tests::*;
use super::*;

const ERROR: f64 = 1e-4;

/// The Jacobian on which TorchJD shows every aggregator.
fn example() -> Vec<Vec<f64>> {
    vec![vec![-4.0, 1.0, 1.0], vec![6.0, 1.0, 1.0]]
}

#[test]
fn the_example_jacobian() {
    type Row = (&'static str, &'static [(&'static str, f64)], Option<[f64; 2]>, [f64; 3]);
    let rows: [Row; 17] = [
        // The projections themselves; TorchJD's 1.1109 and 0.7894, 0.6109 and 0.5, hold the 1e-4
        // it adds to a Gramian of trace 1.
        ("upgrad", &[], Some([10.0 / 9.0, 15.0 / 19.0]), [0.2924, 1.9006, 1.9006]),
        ("dualproj", &[], Some([11.0 / 18.0, 0.5]), [5.0 / 9.0, 10.0 / 9.0, 10.0 / 9.0]),
        ("mgda", &[], Some([0.6, 0.4]), [0.0, 1.0, 1.0]),
        ("pcgrad", &[], Some([20.0 / 9.0, 30.0 / 19.0]), [0.5848, 3.8012, 3.8012]),
        ("gradvac", &[], Some([2.2222, 1.5789]), [0.5848, 3.8012, 3.8012]),
        ("cagrad", &[("c", 0.5)], Some([0.7041, 0.5]), [0.1835, 1.2041, 1.2041]),
        ("cagrad", &[("c", 1.0)], Some([1.2, 0.8]), [0.0, 2.0, 2.0]),
        ("imtl-g", &[], Some([0.5923, 0.4077]), [0.0767, 1.0, 1.0]),
        ("imtl", &[], Some([0.5923, 0.4077]), [0.0767, 1.0, 1.0]),
        ("aligned", &[], Some([0.5591, 0.4083]), [0.2133, 0.9673, 0.9673]),
        ("fairgrad", &[("alpha", 1.0)], Some([0.5915, 0.4071]), [0.0766, 0.9985, 0.9985]),
        ("fairgrad", &[("alpha", 0.0)], Some([0.5, 0.5]), [1.0, 1.0, 1.0]),
        ("nash", &[], None, [0.0542, 0.7061, 0.7061]),
        ("nash", &[("maxNorm", 0.0)], Some([0.5915, 0.4071]), [0.0766, 0.9985, 0.9985]),
        ("config", &[], None, [0.1588, 2.0706, 2.0706]),
        ("equal", &[], Some([1.0, 1.0]), [2.0, 2.0, 2.0]),
        ("excess", &[], Some([1.0, 1.0]), [2.0, 2.0, 2.0]),
    ];
    for (name, parameters, expected, direction) in rows {
        let (weights, found) = aggregate(name, parameters, &example());
        if let Some(expected) = expected {
            assert_close(&weights.shared, &expected, ERROR);
        }
        assert_close(&found, &direction, ERROR);
    }
}

#[test]
fn fixed_weights_are_by_task() {
    let mut chosen = plan("fixed", &[]);
    chosen.weights = vec![("t1".to_owned(), 2.0)];
    let (weights, direction) = step(&mut balancer(&chosen, 2), &[0, 1], &[1.0; 2], &example());
    assert_eq!((weights.shared, weights.heads), (vec![1.0, 2.0], vec![1.0, 2.0]));
    assert_eq!(direction, [8.0, 3.0, 3.0]);
    chosen.weights = (0..4).map(|t| (format!("t{t}"), f64::from(t + 1) / 10.0)).collect();
    let losses = [1.0, 2.0, 3.0, 4.0];
    let (weights, _) = step(&mut balancer(&chosen, 4), &[0, 1, 2, 3], &losses, &[]);
    assert_close(&[linalg::dot(&weights.shared, &losses)], &[3.0], 1e-12);
}

#[test]
fn more_of_upgrad() {
    let (weights, found) = aggregate("upgrad", &[], &[vec![-1.0, 1.0], vec![2.0, 4.0]]);
    assert_close(&weights.shared, &[0.5, 0.5], ERROR);
    assert_close(&found, &[0.5, 2.5], ERROR);
    let (weights, _) = aggregate("upgrad", &[], &vec![vec![1.0]; 6]);
    assert_close(&weights.shared, &[1.0 / 6.0; 6], ERROR);
}

#[test]
fn graddrop_keeps_one_sign_by_chance() {
    let plan = plan("graddrop", &[]);
    let mut balancer = balancer(&plan, 2);
    let mut positive = 0;
    for _ in 0..4_000 {
        let (_, found) = step(&mut balancer, &[0, 1], &[1.0; 2], &example());
        assert_eq!(found[1..], [2.0, 2.0]);
        assert!(found[0] == 6.0 || found[0] == -4.0);
        positive += usize::from(found[0] == 6.0);
    }
    assert!((2_280..2_520).contains(&positive), "{positive} of 4000, expected six tenths");
    let leaky = super::trial_tests::plan("graddrop", &[("leak", 1.0)]);
    let (_, found) =
        step(&mut super::trial_tests::balancer(&leaky, 2), &[0, 1], &[1.0; 2], &example());
    assert_eq!(found, [2.0, 2.0, 2.0]);
}

#[test]
fn excess_risks() {
    let mut balancer = balancer(&plan("excess", &[("stepSize", 1.0), ("warmup", 0.0)]), 2);
    for (jacobian, expected) in [
        ([vec![2.0, 0.0], vec![1.0, 0.0]], [0.73106, 0.26894]),
        ([vec![1.0, 0.0], vec![2.0, 0.0]], [0.36233, 0.63767]),
    ] {
        let (weights, _) = step(&mut balancer, &[0, 1], &[1.0; 2], &jacobian);
        // They sum to T here, to 1 in TorchJD.
        let shares: Vec<f64> = weights.shared.iter().map(|w| w / 2.0).collect();
        assert_close(&shares, &expected, ERROR);
    }
}

#[test]
fn sdmgrad_goes_on_from_its_weights() {
    let given = plan("sdmgrad", &[("rate", 10.0), ("iterations", 1.0)]);
    let mut balancer = balancer(&given, 3);
    for (diagonal, expected) in
        [([1.0, 0.25, 0.0], [1.0, 1.0, 11.0]), ([1.0, 1.0, 1.0], [6.0, 6.0, 1.0])]
    {
        let halves = Matrix::new(3, |i, j| if i == j { diagonal[i] } else { 0.0 });
        assert_eq!(balancer.needs(&[0, 1, 2]), Needs::Halves);
        let step = Step { tasks: &[0, 1, 2], losses: &[1.0; 3] };
        let weights = balancer.weigh(&step, Gradients::Gramian(&halves)).unwrap();
        assert_close(&weights.shared, &expected.map(|w| w / 13.0), ERROR);
    }
}

/// The losses (1, 2, 4) of the scalarisations.
const LOSSES: [f64; 3] = [1.0, 2.0, 4.0];

fn weigh(name: &str, parameters: &[(&str, f64)], losses: &[f64]) -> Vec<f64> {
    let tasks: Vec<usize> = (0..losses.len()).collect();
    let mut balancer = balancer(&plan(name, parameters), losses.len());
    let (weights, _) = step(&mut balancer, &tasks, losses, &[]);
    assert_eq!(weights.shared, weights.heads);
    weights.shared
}

#[test]
fn scalarisations_by_their_slopes() {
    // Of a value of degree 1 in the losses, Euler: Σ w L is the value.
    let gls = weigh("gls", &[], &LOSSES);
    assert_close(&[linalg::dot(&gls, &LOSSES)], &[2.0], ERROR);
    assert_close(&gls, &[2.0 / 3.0, 1.0 / 3.0, 1.0 / 6.0], ERROR);
    // UW at s: Σ w L + ½ Σ s.
    assert_close(&[linalg::dot(&weigh("uncertainty", &[], &LOSSES), &LOSSES)], &[3.5], ERROR);
    let weights = weigh("uncertainty", &[("initial", -0.5)], &LOSSES);
    assert_close(&weights, &[0.82436; 3], ERROR);
    assert_close(&[linalg::dot(&weights, &LOSSES) - 0.5 * 1.5], &[5.02052], ERROR);
    // IMTL-L at s = 0, twice UW's.
    assert_close(&[linalg::dot(&weigh("imtl-l", &[], &LOSSES), &LOSSES)], &[7.0], ERROR);
    // FAMO's first value and slopes.
    let weights = weigh("famo", &[], &[1.0, 2.0]);
    assert_close(&weights, &[2.0 / 3.0, 1.0 / 3.0], ERROR);
    // c z_t is w_t L_t, of the value c Σ z ln L.
    assert_close(&[weights[1] * 2.0 * 2.0_f64.ln()], &[0.46210], ERROR);
    let drawn = weigh("rlw", &[], &LOSSES);
    assert_close(&[drawn.iter().sum()], &[1.0], 1e-12);
    assert!(drawn.iter().all(|&w| w > 0.0));
}

#[test]
fn smooth_tchebycheff() {
    let mut balancer = balancer(&plan("stch", &[("warmup", 0.0)]), 2);
    let mut weigh = |losses: [f64; 2], mean: Option<[f64; 2]>| {
        if let Some(mean) = mean {
            balancer.end_epoch(&mean.map(Some));
        }
        step(&mut balancer, &[0, 1], &losses, &[]).0.shared
    };
    assert_close(&weigh([1.0, 4.0], None), &[1.0, 0.25], ERROR);
    // With μ = 1 and a nadir n the value is T ln Σ (L ÷ n), of slope T ÷ n ÷ Σ (L ÷ n).
    assert_close(&weigh([1.0, 4.0], Some([2.0, 4.0])), &[1.0 / 1.5, 0.5 / 1.5], ERROR);
    assert!(weigh([1e30, 1e30], Some([1.0, 1.0])).iter().all(|w| w.is_finite() && *w > 0.0));
    // The smooth maximum itself: ln 2 of zeros, 1 + ln 2 of ones; its slopes are the softmax.
    let value = |v: [f64; 2]| v[0].max(v[1]) + (-(v[0] - v[1]).abs()).exp().ln_1p();
    assert_close(
        &[value([0.0, 0.0]), value([1.0, 1.0])],
        &[std::f64::consts::LN_2, 1.69315],
        ERROR,
    );
    let (at, small) = ([0.3, -0.4], 1e-6);
    let slope = (value([at[0] + small, at[1]]) - value([at[0] - small, at[1]])) / (2.0 * small);
    assert_close(&[linalg::softmax(&at)[0]], &[slope], 1e-8);
}

#[test]
fn dynamic_weight_average() {
    let mut balancer = balancer(&plan("dwa", &[]), 2);
    let losses = [3.0, 5.0];
    for means in [[1.0, 1.0], [1.0, 4.0]] {
        let (weights, _) = step(&mut balancer, &[0, 1], &losses, &[]);
        assert_eq!(weights.shared, [1.0, 1.0]);
        balancer.end_epoch(&means.map(Some));
    }
    let (weights, _) = step(&mut balancer, &[0, 1], &losses, &[]);
    assert_close(&weights.shared, &[0.36485, 1.63515], ERROR);
    assert_close(&[linalg::dot(&weights.shared, &losses)], &[9.2703], ERROR);
    // A task that is absent leaves the others as they are.
    let (weights, _) = step(&mut balancer, &[1], &losses[1..], &[]);
    assert_close(&weights.shared, &[1.63515], ERROR);
}

#[test]
fn famo_moves_only_if_losses_do() {
    let mut balancer = balancer(&plan("famo", &[]), 2);
    assert!(balancer.looks_back());
    let first = step(&mut balancer, &[0, 1], &[1.0, 2.0], &[]).0;
    balancer.after(&Step { tasks: &[0, 1], losses: &[1.0, 2.0] });
    let second = step(&mut balancer, &[0, 1], &[1.0, 2.0], &[]).0;
    assert_eq!(first, second);
    // The first gained, so the second weighs more.
    balancer.after(&Step { tasks: &[0, 1], losses: &[0.5, 2.0] });
    let third = step(&mut balancer, &[0, 1], &[1.0, 2.0], &[]).0;
    assert!(third.shared[1] > second.shared[1]);
}

#[test]
fn learnt_scales_find_the_losses() {
    for (name, expected) in [("uncertainty", [0.5, 0.125]), ("imtl-l", [1.0, 0.25])] {
        let mut balancer = balancer(&plan(name, &[]), 2);
        let mut weights = Vec::new();
        for _ in 0..3_000 {
            weights = step(&mut balancer, &[0, 1], &[1.0, 4.0], &[]).0.shared;
        }
        assert_close(&weights, &expected, 1e-3);
    }
}

#[test]
fn gradnorm_evens_the_norms() {
    let jacobian = [vec![1.0, 0.0], vec![0.0, 3.0]];
    let mut balancer = balancer(&plan("gradnorm", &[]), 2);
    assert_eq!(balancer.needs(&[0, 1]), Needs::Losses);
    balancer.end_epoch(&[Some(1.0), Some(1.0)]);
    assert_eq!(balancer.needs(&[0, 1]), Needs::Gramian);
    let mut weights = Vec::new();
    for _ in 0..1_000 {
        weights = step(&mut balancer, &[0, 1], &[0.5, 0.5], &jacobian).0.shared;
    }
    assert_close(&weights, &[1.5, 0.5], 0.05);
    // A task that lags behind is to pull more.
    for _ in 0..1_000 {
        weights = step(&mut balancer, &[0, 1], &[0.5, 1.0], &jacobian).0.shared;
    }
    assert!(weights[1] > 0.6, "{weights:?}");
}

#[test]
fn db_mtl_brings_all_to_the_longest() {
    // Without a running mean the rows are the gradients of the logarithms.
    let mut dual = balancer(&plan("db-mtl", &[("beta", 0.0)]), 2);
    let (weights, direction) = step(&mut dual, &[0, 1], &[1.0, 1.0], &example());
    assert_close(&weights.shared, &[1.45297, 1.0], ERROR);
    assert_close(&direction, &[0.18813, 2.45297, 2.45297], ERROR);
    assert_close(&weights.heads, &[1.0, 1.0], ERROR);
    let (weights, _) = step(&mut dual, &[0, 1], &[2.0, 4.0], &example());
    assert_close(&weights.heads, &[0.5, 0.25], ERROR);
}

#[test]
fn moco_estimates_and_follows() {
    let mut moco = balancer(&plan("moco", &[]), 2);
    let jacobian = [vec![3.0, 0.0], vec![0.0, 10.0]];
    let (weights, direction) = step(&mut moco, &[0, 1], &[1.0, 2.0], &jacobian);
    // Half of the unit gradients times the losses; λ = softmax(½ − 0.1 · ½ ‖y‖²).
    let lambda = linalg::softmax(&[0.5 - 0.05 * 0.25, 0.5 - 0.05]);
    assert_close(&weights.shared, &lambda, 1e-6);
    assert_close(&direction, &[0.5 * lambda[0], lambda[1]], 1e-6);
}
