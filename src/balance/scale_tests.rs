//! What the methods promise where lengths differ by up to a million, where gradients are near
//! dependent or near opposed, and for a size of all from 1e-18 to 1e18.

use super::trial_tests::*;
use super::*;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

type Jacobian = Vec<Vec<f64>>;

fn cases(cases: u32) -> ProptestConfig {
    let rng_seed = RngSeed::Fixed(0);
    ProptestConfig { cases, rng_seed, failure_persistence: None, ..ProptestConfig::default() }
}

fn norm(v: &[f64]) -> f64 {
    linalg::dot(v, v).sqrt()
}

fn norms(jacobian: &Jacobian) -> Vec<f64> {
    jacobian.iter().map(|row| norm(row)).collect()
}

/// The products of a direction with the unit gradients.
fn along(jacobian: &Jacobian, direction: &[f64]) -> Vec<f64> {
    jacobian.iter().map(|row| linalg::dot(row, direction) / norm(row)).collect()
}

fn scaled(jacobian: &Jacobian, by: &[f64]) -> Jacobian {
    let scale = |(row, by): (&Vec<f64>, &f64)| row.iter().map(|x| x * by).collect();
    jacobian.iter().zip(by).map(scale).collect()
}

/// Rows of length 1, far from dependent.
fn units() -> impl Strategy<Value = Jacobian> {
    let drawn = (3..=8_usize).prop_flat_map(|tasks| vec(vec(-1.0..1.0_f64, tasks + 6), tasks));
    drawn.prop_filter_map("rows that are far from dependent", |rows| {
        let lengths = norms(&rows);
        let reciprocals: Vec<f64> = lengths.iter().map(|length| 1.0 / length).collect();
        let cosines = linalg::Units::of(&gramian(&rows)).cosines;
        let independent = linalg::Eigen::of(&cosines).values.last().is_some_and(|&x| x > 0.05);
        (independent && lengths.iter().all(|&x| x > 0.3)).then(|| scaled(&rows, &reciprocals))
    })
}

/// The same, or with a row this near to opposed to another, or to a combination of two others.
fn near() -> impl Strategy<Value = Jacobian> {
    (units(), 0..3_u8, -3.0..-1.5_f64, -1.0..1.0_f64).prop_map(|(mut rows, kind, power, share)| {
        let (first, second) = (rows[0].clone(), rows[1].clone());
        let apart = 10_f64.powf(power);
        for (at, x) in rows[2].iter_mut().enumerate() {
            match kind {
                1 => *x = -first[at] + apart * *x,
                2 => *x = first[at] + share * second[at] + apart * *x,
                _ => {}
            }
        }
        rows
    })
}

/// The same, of lengths that differ by up to a million, of any size, in any order.
fn graded() -> impl Strategy<Value = Jacobian> {
    let shuffled = near().prop_shuffle();
    (shuffled, vec(-6.0..0.0_f64, 8), -18.0..18.0_f64).prop_map(|(rows, each, all)| {
        let by: Vec<f64> = each.iter().map(|power| 10_f64.powf(power + all)).collect();
        scaled(&rows, &by)
    })
}

proptest! {
    #![proptest_config(cases(300))]

    /// Relative to each gradient's own length, so that short ones are not run over.
    #[test]
    fn no_loss_rises_at_any_scale(jacobian in graded()) {
        for (name, parameters) in [
            ("upgrad", &[][..]), ("dualproj", &[]), ("mgda", &[]), ("nash", &[]),
            ("cagrad", &[("c", 1.0)]), ("cagrad", &[("c", 2.0)]),
            ("fairgrad", &[("alpha", 0.5)]), ("fairgrad", &[("alpha", 2.0)]),
            ("imtl-g", &[]), ("imtl", &[]), ("config", &[]),
        ] {
            let (weights, direction) = aggregate(name, parameters, &jacobian);
            let length = norm(&direction);
            prop_assert!(length > 0.0, "{name} takes no step: {weights:?}");
            for cosine in along(&jacobian, &direction).iter().map(|x| x / length) {
                prop_assert!(cosine > -1e-6, "{name} {parameters:?}: {cosine} {weights:?}");
            }
        }
    }

    /// DualProj by what defines it: `w ≥ 1/T`, `J d ≥ 0`, and no push that is not needed. UPGrad
    /// by the same of each gradient.
    #[test]
    fn projections_at_any_scale(jacobian in graded(), one in 0..8_usize) {
        let n = jacobian.len();
        let (g, lengths) = (gramian(&jacobian), norms(&jacobian));
        let holds = |w: &[f64], u: &[f64]| {
            let sizes: Vec<f64> = w.iter().zip(&lengths).map(|(w, n)| w * n).collect();
            let size: f64 = sizes.iter().sum();
            let up = g.apply(w);
            (0..n).all(|i| {
                let (more, cosine) = ((w[i] - u[i]) * lengths[i], up[i] / lengths[i] / size);
                more > -1e-12 * size && cosine > -1e-9 && (more * cosine).abs() < 1e-9 * size
            })
        };
        let mean = vec![1.0 / n as f64; n];
        let w = aggregate("dualproj", &[], &jacobian).0.shared;
        prop_assert!(holds(&w, &mean), "{w:?}");
        let each = |t: usize| (0..n).map(|i| f64::from(i == t) / n as f64).collect::<Vec<_>>();
        let w = linalg::dual_cone(&g, &each(one % n));
        prop_assert!(holds(&w, &each(one % n)), "{w:?}");
        let mut sum = vec![0.0; n];
        for t in 0..n {
            let w = linalg::dual_cone(&g, &each(t));
            sum.iter_mut().zip(&w).for_each(|(sum, w)| *sum += w);
        }
        let w = aggregate("upgrad", &[], &jacobian).0.shared;
        for (w, sum) in w.iter().zip(&sum) {
            prop_assert!((w - sum).abs() <= 1e-3 * sum, "{w} {sum}");
        }
    }

    #[test]
    fn all_are_treated_alike_at_any_scale(jacobian in graded()) {
        for name in ["imtl-g", "config"] {
            let (weights, direction) = aggregate(name, &[], &jacobian);
            let all = along(&jacobian, &direction);
            let (first, length) = (all[0], norm(&direction));
            prop_assert!(first > 0.0, "{name} {all:?}");
            for x in &all {
                prop_assert!((x / first - 1.0).abs() < 1e-5, "{name} {all:?}");
            }
            let w = &weights.shared;
            match name {
                "imtl-g" => {
                    let sum: f64 = w.iter().sum();
                    let sizes: f64 = w.iter().map(|w| w.abs()).sum();
                    let of_one = (sum.abs() - 1.0).abs() < 1e-6 && sizes < 1000.0 * (1.0 + 1e-6);
                    let at_most = sum.abs() < 1.0 && (sizes / 1000.0 - 1.0).abs() < 1e-6;
                    prop_assert!(of_one || at_most, "{w:?}");
                }
                _ => {
                    let sum: f64 = all.iter().zip(norms(&jacobian)).map(|(x, n)| x * n).sum();
                    prop_assert!((sum / length / length - 1.0).abs() < 1e-5);
                }
            }
        }
    }

    /// The bound that the same weights give on what any direction in the ball reaches.
    #[test]
    fn cagrad_is_the_best_of_its_ball_at_any_scale(jacobian in graded(), c in 0.1..1.5_f64) {
        let n = jacobian.len();
        let g = gramian(&jacobian);
        let w = aggregate("cagrad", &[("c", c)], &jacobian).0.shared;
        let mean = vec![1.0 / n as f64; n];
        let radius = c * g.form(&mean).sqrt();
        let added: Vec<f64> = w.iter().zip(&mean).map(|(w, mean)| w - mean).collect();
        prop_assert!(g.form(&added).max(0.0).sqrt() < radius * (1.0 + 1e-5));
        let sum: f64 = added.iter().sum();
        let simplex: Vec<f64> = added.iter().map(|x| x / sum).collect();
        prop_assert!(sum > 0.0 && simplex.iter().all(|&x| x > -1e-9), "{w:?}");
        let bound =
            linalg::dot(&simplex, &g.apply(&mean)) + radius * g.form(&simplex).max(0.0).sqrt();
        let reached = g.apply(&w).into_iter().fold(f64::INFINITY, f64::min);
        let least = norms(&jacobian).into_iter().fold(f64::INFINITY, f64::min);
        prop_assert!(bound - reached < 1e-3 * least * radius, "{reached} of {bound}: {w:?}");
    }

    /// `w (G w) = 1` whatever the lengths, and near dependence.
    #[test]
    fn bargains_at_any_scale(jacobian in graded()) {
        let g = gramian(&jacobian);
        let w = aggregate("nash", &[("maxNorm", 0.0)], &jacobian).0.shared;
        for (w, up) in w.iter().zip(g.apply(&w)) {
            prop_assert!(*w > 0.0 && (w * up - 1.0).abs() < 2e-2, "{w} {up}");
        }
    }

    /// What a gradient gets of another is measured by the other's length.
    #[test]
    fn surgery_on_two_at_any_scale(
        rows in vec(vec(-1.0..1.0_f64, 5), 2),
        power in -6.0..6.0_f64,
        steps in 1..4_usize,
    ) {
        let by = [1.0, 10_f64.powf(power)];
        for name in ["pcgrad", "gradvac"] {
            let weigh = |jacobian: &Jacobian| {
                let mut balancer = balancer(&plan(name, &[]), 2);
                let mut weigh = || step(&mut balancer, &[0, 1], &[1.0; 2], jacobian).0.shared;
                (1..steps).for_each(|_| drop(weigh()));
                weigh()
            };
            let (plain, found) = (weigh(&rows), weigh(&scaled(&rows, &by)));
            for (i, j) in [(0, 1), (1, 0)] {
                let expected = 1.0 + (plain[i] - 1.0) * by[j] / by[i];
                let error = 1e-6 * (1.0 + expected.abs()) + 1e-9 * by[j] / by[i];
                prop_assert!((found[i] - expected).abs() < error, "{name} {plain:?} {found:?}");
            }
        }
    }

    /// What makes gradients alike first, or learns of each by itself, does not see their lengths.
    #[test]
    fn lengths_do_not_matter_to(rows in units(), powers in vec(-6.0..0.0_f64, 8)) {
        let by: Vec<f64> = powers.iter().map(|power| 10_f64.powf(*power)).collect();
        let other = scaled(&rows, &by[..rows.len()]);
        for name in ["moco", "excess"] {
            let tasks: Vec<usize> = (0..rows.len()).collect();
            let weigh = |jacobian: &Jacobian| {
                let mut balancer = balancer(&plan(name, &[]), tasks.len());
                let mut last = None;
                for size in [1.0, 0.5, 0.7] {
                    let now = scaled(jacobian, &vec![size; tasks.len()]);
                    last = Some(step(&mut balancer, &tasks, &vec![1.0; tasks.len()], &now).0);
                }
                last.unwrap().shared
            };
            assert_close(&weigh(&other), &weigh(&rows), 1e-5);
        }
        let lengths = norms(&other);
        let longest = lengths.iter().copied().fold(0.0, f64::max);
        let w = aggregate("db-mtl", &[], &other).0.shared;
        for (w, length) in w.iter().zip(&lengths) {
            prop_assert!((w * length / longest - 1.0).abs() < 1e-5, "{w:?} {lengths:?}");
        }
    }
}

/// `w = σ_min (J Jᵀ)^(−½) 1 ÷ T`: of orthogonal gradients of lengths `n` it is `min n ÷ n ÷ T`.
#[test]
fn aligned_weighs_short_gradients() {
    for r in [1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6] {
        let (weights, direction) = aggregate("aligned", &[], &[vec![1.0, 0.0], vec![0.0, r]]);
        assert_ratios(&weights.shared, &[r / 2.0, 0.5], 1e-9);
        assert_ratios(&direction, &[r / 2.0, r / 2.0], 1e-9);
        let length = |t: i32| f64::powf(r, f64::from(t) / 7.0);
        let eight: Jacobian = (0..8)
            .map(|t| (0..8).map(|at| if at == t { length(t) } else { 0.0 }).collect())
            .collect();
        let expected: Vec<f64> = (0..8).map(|t| r / length(t) / 8.0).collect();
        assert_ratios(&aggregate("aligned", &[], &eight).0.shared, &expected, 1e-9);
        let mut last = [1.0; 8];
        last[7] = r;
        let one: Jacobian = (0..8)
            .map(|t| (0..8).map(|at| if at == t { last[t] } else { 0.0 }).collect())
            .collect();
        let expected: Vec<f64> = last.iter().map(|length| r / length / 8.0).collect();
        assert_ratios(&aggregate("aligned", &[], &one).0.shared, &expected, 1e-9);
    }
}

/// J = R diag(1, r), R the rotation by θ: near dependent the more, the smaller r is. Then
/// w = r R diag(1, 1/r) Rᵀ (½, ½), so w_1 = ½ (r c² + s² − c s + r c s) and
/// w_2 = ½ (r s² + c² − c s + r c s).
#[test]
fn aligned_near_dependence() {
    let (s, c) = 0.4_f64.sin_cos();
    for (r, error) in [(1e-1, 1e-12), (1e-3, 1e-9), (1e-4, 1e-7), (1e-5, 1e-5)] {
        let jacobian = [vec![c, -s * r], vec![s, c * r]];
        let mixed = r * c * s - c * s;
        let expected = [0.5 * (r * c * c + s * s + mixed), 0.5 * (r * s * s + c * c + mixed)];
        let (weights, direction) = aggregate("aligned", &[], &jacobian);
        assert_close(&weights.shared, &expected, error);
        // ‖d‖ = σ_min ÷ √T.
        assert_ratios(&[norm(&direction)], &[r / 2_f64.sqrt()], error / r);
    }
}

/// Of gradients a, k a and, orthogonal to them, one of length r, the first two have one direction
/// and J the singular values √(1 + k²) and r: w = (s, k s, 1/3), s = r (1 + k) ÷ 3 (1 + k²)^1.5, up
/// to what makes no difference to the direction.
#[test]
fn aligned_leaves_out_what_cancels_out() {
    for r in [1.0, 1e-3, 1e-6, 1e-7] {
        for k in [1.0, 1.7, 1e-3, 1e-6, -1.0, -0.9, -1e-5] {
            let long = [0.6, 0.7, -0.3].map(|x: f64| x / 0.94_f64.sqrt());
            let short = [0.7, -0.6, 0.0].map(|x: f64| x / 0.85_f64.sqrt());
            let rows = [(1.0, long), (k, long), (r, short)].map(|(by, x)| x.map(|x| x * by));
            let direction = aggregate("aligned", &[], &rows.map(|row| row.to_vec())).1;
            let expected = (1.0 + k) / 3.0 / (1.0 + k * k).sqrt();
            let found = [long, short].map(|unit| linalg::dot(&unit, &direction) / r);
            assert_close(&found, &[expected, 1.0 / 3.0], 1e-6);
        }
    }
}

#[test]
fn equal_projections_near_dependence() {
    // Unit gradients u with (u1 + u2) ÷ √2 and u3 nearly the same; of d = (1, 1, z) the cosines
    // are equal for z = (√(2 + ε²) − 2) ÷ ε.
    for e in [3e-2_f64, 3e-3, 3e-4] {
        let rows = vec![vec![1.0, 0.0, 0.0], vec![0.0, 1.0, 0.0], vec![1.0, 1.0, e]];
        let d = [1.0, 1.0, ((2.0 + e * e).sqrt() - 2.0) / e];
        let cosine = 1.0 / norm(&d);
        for name in ["config", "imtl-g", "imtl"] {
            let direction = aggregate(name, &[], &rows).1;
            let length = norm(&direction);
            let cosines: Vec<f64> = along(&rows, &direction).iter().map(|x| x / length).collect();
            assert_ratios(&cosines, &[cosine; 3], 1e-5);
        }
    }
}

#[test]
fn nearly_opposed_gradients_take_a_step() {
    for (angle, ratio) in [(0.0025, 1.0), (0.0025, 1e-3), (1e-3, 1.0), (1e-4, 1e-6)] {
        let (sin, cos) = f64::sin_cos(angle);
        let rows = vec![vec![1.0, 0.0], vec![-cos * ratio, sin * ratio]];
        // Along the bisector, to both at an angle of 90° less half of theirs.
        let half = (angle / 2.0).sin();
        for name in ["config", "imtl-g", "imtl"] {
            let direction = aggregate(name, &[], &rows).1;
            let length = norm(&direction);
            let cosines: Vec<f64> = along(&rows, &direction).iter().map(|x| x / length).collect();
            assert_ratios(&cosines, &[half; 2], 1e-6);
            let expected = match name {
                // The sum of the projections.
                "config" => half * (1.0 + ratio),
                // Of the unit gradients v = (1, 1) ÷ (1 − cos), so w = (ratio, 1) ÷ (1 + ratio).
                _ => ratio / (1.0 + ratio) * 2.0 * half,
            };
            assert_ratios(&[length], &[expected], 1e-6);
        }
    }
}

/// Of gradients whose equal projections have weights that sum to less than 0, −1 is the sum: the
/// step is as long as the formula's, and downhill.
#[test]
fn equal_projections_are_never_uphill() {
    let rows = vec![vec![4.0, 1.0, 0.0], vec![1.0, 4.0, 0.0], vec![0.2, 0.2, 0.1]];
    for name in ["imtl-g", "imtl"] {
        let (weights, direction) = aggregate(name, &[], &rows);
        assert_close(&weights.shared, &[0.117671, 0.117671, -1.235342], 1e-6);
        assert_close(&along(&rows, &direction), &[0.413871; 3], 1e-6);
        assert_ratios(&[weights.shared.iter().sum()], &[-1.0], 1e-9);
    }
    // Between lengths with a sum of -1 and of 1 is one where they sum to nothing: there the sizes
    // of the weights sum to 1000, and no more on the way.
    let (mut low, mut high, mut most) = (2.0, 3.0, 0.0_f64);
    for _ in 0..60 {
        let last: f64 = (low + high) / 2.0;
        let rows = vec![vec![4.0, 1.0, 0.0], vec![1.0, 4.0, 0.0], vec![last, last, 0.1]];
        let (weights, direction) = aggregate("imtl-g", &[], &rows);
        assert!(along(&rows, &direction).iter().all(|&x| x > 0.0), "{last} {weights:?}");
        most = most.max(weights.shared.iter().map(|w| w.abs()).sum());
        *(if weights.shared.iter().sum::<f64>() < 0.0 { &mut low } else { &mut high }) = last;
    }
    assert_ratios(&[most], &[1000.0], 1e-9);
}

/// g1 = (1, 0), g2 = r (−1, 1). Without the part along the other they are (½, ½) and (0, r), so
/// UPGrad's w = ½ (1 + r, 1 + 1 ÷ 2r). Of the mean what DualProj leaves is (¼, ¼), with
/// w = (½, 1 ÷ 4r).
#[test]
fn short_gradients_are_not_run_over() {
    for r in [1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-9] {
        let rows = [vec![1.0, 0.0], vec![-r, r]];
        let (weights, direction) = aggregate("upgrad", &[], &rows);
        assert_ratios(&weights.shared, &[0.5 * (1.0 + r), 0.5 + 0.25 / r], 1e-9);
        assert_ratios(&direction, &[0.25, 0.25 + r / 2.0], 1e-9);
        let (weights, direction) = aggregate("dualproj", &[], &rows);
        assert_ratios(&weights.shared, &[0.5, 0.25 / r], 1e-9);
        assert_ratios(&direction, &[0.25, 0.25], 1e-9);
    }
}

/// Of orthogonal gradients the shorter one has all of MGDA's weight but r² ÷ (1 + r²), and
/// SDMGrad adds λ = 0.3 times the mean.
#[test]
fn the_shortest_counts_most() {
    for r in [1e-1, 1e-3, 1e-6] {
        let rows = [vec![1.0, 0.0], vec![0.0, r]];
        let w = aggregate("mgda", &[], &rows).0.shared;
        assert_ratios(&w, &[r * r / (1.0 + r * r), 1.0 / (1.0 + r * r)], 1e-6);
        let w = aggregate("sdmgrad", &[], &rows).0.shared;
        assert_close(&w, &[0.15 / 1.3, 1.15 / 1.3], 1e-9);
    }
}

#[test]
fn weights_that_are_learnt_reach_any_ratio() {
    let (mut gradnorm, mut norms) = (balancer(&plan("gradnorm", &[]), 2), [0.0; 2]);
    gradnorm.end_epoch(&[Some(1.0), Some(1.0)]);
    for _ in 0..3_000 {
        let rows = [vec![1.0, 0.0], vec![0.0, 1e-6]];
        let w = step(&mut gradnorm, &[0, 1], &[0.5, 0.5], &rows).0.shared;
        norms = [w[0], w[1] * 1e-6];
    }
    assert_ratios(&[norms[0]], &[norms[1]], 0.1);
    for (name, expected) in [("uncertainty", [0.5, 0.5e6]), ("imtl-l", [1.0, 1e6])] {
        let mut balancer = balancer(&plan(name, &[]), 2);
        let mut w = Vec::new();
        for _ in 0..6_000 {
            w = step(&mut balancer, &[0, 1], &[1.0, 1e-6], &[]).0.shared;
        }
        assert_ratios(&w, &expected, 1e-2);
    }
}

/// A weight is what `f32` can hold, for with an infinite one a gradient that is next to nothing
/// would make a step that is not a number.
#[test]
fn weights_stay_within_what_gradients_are() {
    let rows = [vec![1e3, 0.0], vec![-1e-42, 1e-42]];
    for about in METHODS {
        let w = aggregate(about.name, &[], &rows).0.shared;
        assert!(w.iter().all(|&w| (w as f32).is_finite()), "{} {w:?}", about.name);
    }
}

#[track_caller]
fn assert_ratios(found: &[f64], expected: &[f64], error: f64) {
    let close = |(f, e): (&f64, &f64)| (f / e - 1.0).abs() <= error;
    let same = found.len() == expected.len() && found.iter().zip(expected).all(close);
    assert!(same, "found {found:?}, expected {expected:?}");
}
