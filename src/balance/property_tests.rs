//! What the methods promise, on random Jacobians: of up to 8 tasks, of full rank and of less, with
//! rows of 0, rows that are the same and rows that are opposed, of sizes from 1e-10 to 1e10.

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

fn rows(tasks: usize, width: usize) -> impl Strategy<Value = Jacobian> {
    vec(vec(-2.0..2.0_f64, width), tasks)
}

/// Rows in general position: more columns than tasks, none near the span of the others.
fn general() -> impl Strategy<Value = Jacobian> {
    let drawn = (1..=8_usize).prop_flat_map(|tasks| rows(tasks, tasks + 6));
    drawn.prop_filter("rows that are far from dependent", |rows| {
        let cosines = linalg::Units::of(&gramian(rows)).cosines;
        let independent = linalg::Eigen::of(&cosines).values.last().is_some_and(|&x| x > 0.05);
        independent && rows.iter().all(|row| norm(row) > 0.5)
    })
}

/// Any rank, and rows that are 0, the same as, or opposed to, another.
fn special() -> impl Strategy<Value = Jacobian> {
    let shape = (1..=8_usize, 1..=10_usize);
    let drawn = shape.prop_flat_map(|(tasks, width)| {
        (rows(tasks, width), vec((0..6_u8, 0..tasks, 0.1..3.0_f64), tasks))
    });
    drawn.prop_map(|(mut rows, kinds)| {
        for (at, (kind, other, by)) in kinds.into_iter().enumerate() {
            let other = rows[other].clone();
            match kind {
                0 => rows[at].fill(0.0),
                1 => rows[at] = other,
                2 => rows[at] = other.iter().map(|x| -x * by).collect(),
                _ => {}
            }
        }
        rows
    })
}

/// The same, each row and the whole of any size.
fn wild() -> impl Strategy<Value = Jacobian> {
    let scales = (vec(-10.0..10.0_f64, 8), -15.0..15.0_f64, any::<bool>());
    (special(), scales).prop_map(|(rows, (each, all, alike))| {
        let scaled = |(row, power): (&Vec<f64>, &f64)| {
            let scale = 10_f64.powf(if alike { all } else { *power });
            row.iter().map(|x| x * scale).collect()
        };
        rows.iter().zip(&each).map(scaled).collect()
    })
}

/// Rows none of which points against a direction `v`, and one of which points along it: then no
/// positive weights make them cancel out.
fn unstationary() -> impl Strategy<Value = Jacobian> {
    let shape = (2..=8_usize, 2..=10_usize);
    let drawn = shape.prop_flat_map(|(tasks, width)| {
        (
            rows(tasks, width),
            vec(0.1..1.0_f64, width),
            vec(prop_oneof![Just(0.0), 0.3..1.0_f64], tasks),
        )
    });
    drawn.prop_map(|(mut rows, v, mut along)| {
        along[0] = 1.0;
        let square = linalg::dot(&v, &v);
        for (row, along) in rows.iter_mut().zip(&along) {
            let off = (along * square.sqrt() - linalg::dot(row, &v)) / square;
            row.iter_mut().zip(&v).for_each(|(x, v)| *x += off * v);
        }
        rows
    })
}

fn norm(v: &[f64]) -> f64 {
    linalg::dot(v, v).sqrt()
}

fn products(jacobian: &Jacobian, v: &[f64]) -> Vec<f64> {
    jacobian.iter().map(|row| linalg::dot(row, v)).collect()
}

fn scaled(jacobian: &Jacobian, by: &[f64]) -> Jacobian {
    let scale = |(row, by): (&Vec<f64>, &f64)| row.iter().map(|x| x * by).collect();
    jacobian.iter().zip(by).map(scale).collect()
}

/// No loss rises along the direction: the products that are negative add next to nothing to the
/// length of all, as TorchJD measures it.
fn assert_non_conflicting(name: &str, parameters: &[(&str, f64)], jacobian: &Jacobian, error: f64) {
    let (_, direction) = aggregate(name, parameters, jacobian);
    let all = products(jacobian, &direction);
    let falling: Vec<f64> = all.iter().map(|x| x.max(0.0)).collect();
    let added = norm(&all) - norm(&falling);
    assert!(added <= error * (1.0 + norm(&all)), "{name} {parameters:?}: {all:?}");
}

fn assert_permutation_invariant(name: &str, jacobian: &Jacobian, order: &[usize], error: f64) {
    let permuted: Jacobian = order.iter().map(|&at| jacobian[at].clone()).collect();
    let (_, direction) = aggregate(name, &[], jacobian);
    let (_, again) = aggregate(name, &[], &permuted);
    let close = direction.iter().zip(&again).all(|(a, b)| (a - b).abs() <= error * (1.0 + a.abs()));
    assert!(close, "{name}: {direction:?} {again:?}");
}

fn assert_linear_under_scaling(name: &str, jacobian: &Jacobian, by: [&[f64]; 2], error: f64) {
    let sum: Vec<f64> = by[0].iter().zip(by[1]).map(|(a, b)| a + b).collect();
    let (_, first) = aggregate(name, &[], &scaled(jacobian, by[0]));
    let (_, second) = aggregate(name, &[], &scaled(jacobian, by[1]));
    let (_, both) = aggregate(name, &[], &scaled(jacobian, &sum));
    let expected: Vec<f64> = first.iter().zip(&second).map(|(a, b)| a + b).collect();
    let close = both.iter().zip(&expected).all(|(a, b)| (a - b).abs() <= error * (1.0 + b.abs()));
    assert!(close, "{name}: {both:?} {expected:?}");
}

fn assert_strongly_stationary(name: &str, jacobian: &Jacobian) {
    let (_, direction) = aggregate(name, &[], jacobian);
    assert!(norm(&direction) > 5e-3, "{name}: {direction:?}");
}

proptest! {
    #![proptest_config(cases(300))]

    /// Structure: right lengths, finite, over some steps of a training.
    #[test]
    fn nothing_becomes_infinite_or_not_a_number(
        steps in vec((wild(), vec(-10.0..10.0_f64, 8), any::<u8>()), 1..5),
        every in 1..3_usize,
    ) {
        for about in METHODS {
            let mut balancer = balancer(&Plan { every, ..Plan::of(about) }, 8);
            for (jacobian, losses, drop) in &steps {
                let tasks: Vec<usize> =
                    (0..jacobian.len()).filter(|t| drop >> t & 1 == 0).collect();
                let losses: Vec<f64> = tasks.iter().map(|&t| 10_f64.powf(losses[t])).collect();
                // The same width in every step.
                let row = |&t: &usize| jacobian[t].iter().cycle().take(10).copied().collect();
                let rows: Jacobian = tasks.iter().map(row).collect();
                let (weights, direction) = step(&mut balancer, &tasks, &losses, &rows);
                prop_assert_eq!(weights.shared.len(), tasks.len());
                prop_assert_eq!(weights.heads.len(), tasks.len());
                let all = weights.shared.iter().chain(&weights.heads).chain(&direction);
                for x in all {
                    prop_assert!(x.is_finite(), "{}: {:?} {:?}", about.name, weights, direction);
                }
                if balancer.looks_back() {
                    balancer.after(&Step { tasks: &tasks, losses: &vec![1e-10; tasks.len()] });
                }
                let mean = |t| tasks.iter().position(|&u| u == t).map(|at| losses[at]);
                balancer.end_epoch(&(0..8).map(mean).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn no_loss_rises(jacobian in special(), plain in general()) {
        assert_non_conflicting("upgrad", &[], &plain, 1e-8);
        assert_non_conflicting("dualproj", &[], &plain, 1e-8);
        // In full: by no more than what is added to the Gramian's diagonal, and rounding.
        let g = gramian(&jacobian);
        let norms: Vec<f64> = g.diagonal().iter().map(|square| square.sqrt()).collect();
        let bounded = |name: &str, parameters: &[(&str, f64)]| {
            let w = aggregate(name, parameters, &jacobian).0.shared;
            let size: f64 = w.iter().zip(&norms).map(|(w, norm)| w.abs() * norm).sum();
            for (i, product) in g.apply(&w).iter().enumerate() {
                let least = -1.001e-10 * g[(i, i)] * w[i] - 1e-12 * norms[i] * size;
                assert!(*product >= least, "{name} {parameters:?} {w:?}");
            }
        };
        bounded("upgrad", &[]);
        bounded("dualproj", &[]);
        bounded("nash", &[]);
        for alpha in [0.1, 0.5, 1.0, 2.0] {
            bounded("fairgrad", &[("alpha", alpha)]);
            assert_non_conflicting("fairgrad", &[("alpha", alpha)], &plain, 1e-6);
        }
        assert_non_conflicting("nash", &[], &plain, 1e-6);
        assert_non_conflicting("mgda", &[], &jacobian, 1e-6);
        for c in [1.0, 2.0] {
            assert_non_conflicting("cagrad", &[("c", c)], &jacobian, 1e-4);
        }
    }

    /// A Gramian that was summed in `f32` need not be positive semidefinite.
    #[test]
    fn rounded_gramians_do(jacobian in special(), noise in vec(-1e-6..1e-6_f64, 64)) {
        let g = gramian(&jacobian);
        let rounded =
            |i: usize, j: usize| g[(i, j)] * (1.0 + noise[i.min(j) * 8 + i.max(j)]);
        let rounded = Matrix::new(g.len(), rounded);
        let tasks: Vec<usize> = (0..g.len()).collect();
        let largest = g.diagonal().iter().copied().fold(0.0, f64::max);
        for about in METHODS.into_iter().filter(|about| about.needs == Needs::Gramian) {
            let mut balancer = balancer(&Plan::of(about), g.len());
            balancer.end_epoch(&vec![Some(1.0); g.len()]);
            let step = Step { tasks: &tasks, losses: &vec![1.0; g.len()] };
            let w = balancer.weigh(&step, Gradients::Gramian(&rounded)).unwrap().shared;
            prop_assert!(w.iter().all(|w| w.is_finite()), "{} {w:?}", about.name);
            if about.name == "mgda" {
                let best = aggregate("mgda", &[], &jacobian).0.shared;
                prop_assert!(g.form(&w) <= g.form(&best) + 1e-5 * largest, "{w:?} {best:?}");
            }
            if about.name == "upgrad" {
                let up = g.apply(&w);
                prop_assert!(up.iter().all(|up| *up >= -2e-2 * largest), "{w:?} {up:?}");
            }
        }
    }

    #[test]
    fn the_order_of_tasks_does_not_matter(
        (jacobian, order) in special().prop_flat_map(|jacobian| {
            let order: Vec<usize> = (0..jacobian.len()).collect();
            (Just(jacobian), Just(order).prop_shuffle())
        }),
    ) {
        for (name, error) in [
            ("upgrad", 5e-7), ("dualproj", 2e-7), ("mgda", 1e-6), ("imtl-g", 1e-4),
            ("aligned", 1e-4), ("config", 1e-4), ("cagrad", 1e-4), ("fairgrad", 1e-3),
            ("nash", 1e-3), ("equal", 1e-12), ("gradnorm", 1e-12),
        ] {
            assert_permutation_invariant(name, &jacobian, &order, error);
        }
    }

    #[test]
    fn what_counts_more_pulls_more(
        (jacobian, by) in general().prop_flat_map(|jacobian| {
            let by = || vec(0.2..1.0_f64, jacobian.len());
            (Just(jacobian.clone()), (by(), by()))
        }),
    ) {
        for (name, error) in [("upgrad", 6e-2), ("config", 1e-5), ("equal", 1e-12)] {
            assert_linear_under_scaling(name, &jacobian, [&by.0, &by.1], error);
        }
    }

    #[test]
    fn only_where_all_cancel_out_they_stand_still(jacobian in unstationary()) {
        for name in ["upgrad", "dualproj", "equal"] {
            assert_strongly_stationary(name, &jacobian);
        }
    }

    /// The size of all gradients together changes no weights, or by its reciprocal.
    #[test]
    fn sizes_do_not_matter(jacobian in general(), power in -10_i32..=10) {
        let size = 10_f64.powi(power);
        let large = scaled(&jacobian, &vec![size; jacobian.len()]);
        for (name, parameters, factor) in [
            ("upgrad", &[][..], 1.0), ("dualproj", &[], 1.0), ("mgda", &[], 1.0),
            ("cagrad", &[], 1.0), ("aligned", &[], 1.0), ("imtl-g", &[], 1.0),
            ("config", &[], 1.0), ("pcgrad", &[], 1.0), ("gradvac", &[], 1.0),
            ("sdmgrad", &[], 1.0), ("gradnorm", &[], 1.0), ("excess", &[], 1.0),
            ("graddrop", &[], 1.0), ("nash", &[("maxNorm", 0.0)], 1.0 / size),
        ] {
            let expected = aggregate(name, parameters, &jacobian).0.shared;
            let found = aggregate(name, parameters, &large).0.shared;
            let expected: Vec<f64> = expected.iter().map(|w| w * factor).collect();
            let error = 1e-6 * norm(&expected);
            let close = expected.iter().zip(&found).all(|(a, b)| (a - b).abs() <= error);
            prop_assert!(close, "{name} by {size}: {expected:?} {found:?}");
        }
    }

    /// MGDA: no gradient has a smaller product with the direction than the direction with itself.
    #[test]
    fn mgda_is_the_shortest(jacobian in wild()) {
        let (weights, direction) = aggregate("mgda", &[], &jacobian);
        let w = &weights.shared;
        prop_assert!(w.iter().all(|&w| w >= 0.0) && (w.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        let square = linalg::dot(&direction, &direction);
        let norms: Vec<f64> = jacobian.iter().map(|row| norm(row)).collect();
        let least = norms.iter().copied().fold(f64::INFINITY, f64::min);
        for (product, norm) in products(&jacobian, &direction).iter().zip(&norms) {
            let error = 1e-5 * norm * least;
            prop_assert!(product - square >= -error, "{product} {square} {weights:?}");
        }
    }

    /// The conditions of Karush, Kuhn and Tucker for the projection on the dual cone.
    #[test]
    fn projections_on_the_dual_cone(
        jacobian in special(),
        u in vec(0.0..1.0_f64, 8),
        power in -10_i32..=10,
    ) {
        let n = jacobian.len();
        let g = gramian(&jacobian);
        let g = Matrix::new(n, |i, j| g[(i, j)] * if i == j { 1.0 + 1e-10 } else { 1.0 });
        let w = linalg::dual_cone(&g, &u[..n]);
        let up = g.apply(&w);
        for i in 0..n {
            prop_assert!(w[i] >= u[i] - 1e-9 && up[i] >= -1e-7, "{w:?} {up:?}");
            prop_assert!(((w[i] - u[i]) * up[i]).abs() < 1e-6, "{w:?} {up:?}");
        }
        let large = Matrix::new(n, |i, j| g[(i, j)] * 10_f64.powi(power));
        // The same gradients may share their weight in any way.
        assert_close(&g.apply(&linalg::dual_cone(&large, &u[..n])), &up, 1e-6);
    }

    /// FairGrad and Nash: the bargain's equations, whatever the sizes of the gradients.
    #[test]
    fn bargains_are_solved(jacobian in general(), powers in vec(-10.0..10.0_f64, 8)) {
        let scales: Vec<f64> = powers.iter().map(|power| 10_f64.powf(*power)).collect();
        let jacobian = scaled(&jacobian, &scales[..jacobian.len()]);
        let g = gramian(&jacobian);
        for alpha in [0.1_f64, 0.5, 1.0, 2.0] {
            let w = aggregate("fairgrad", &[("alpha", alpha)], &jacobian).0.shared;
            let norms: Vec<f64> = g.diagonal().iter().map(|square| square.sqrt()).collect();
            let size = linalg::dot(&norms, &w);
            for ((w, gw), norm) in w.iter().zip(g.apply(&w)).zip(&norms) {
                // Up to what is added to the cosines' diagonal, and rounding.
                let (share, error) = (w.powf(-1.0 / alpha), 2e-10 * norm * size);
                let solved = *w > 0.0 && (gw - share).abs() < 1e-3 * share + error;
                prop_assert!(solved, "alpha {alpha}: {gw} {share} {error}");
            }
        }
        let (_, direction) = aggregate("nash", &[("maxNorm", 0.0)], &jacobian);
        let square = linalg::dot(&direction, &direction);
        prop_assert!((square / jacobian.len() as f64 - 1.0).abs() < 1e-3);
    }

    /// IMTL-G: equal projections. ConFIG: equal cosines, and the length of the projections' sum.
    #[test]
    fn all_are_treated_alike(jacobian in general()) {
        let norms: Vec<f64> = jacobian.iter().map(|row| norm(row)).collect();
        for name in ["imtl-g", "config"] {
            let (weights, direction) = aggregate(name, &[], &jacobian);
            let all = products(&jacobian, &direction);
            let length = norm(&direction);
            for (product, norm) in all.iter().zip(&norms) {
                let expected = all[0] / norms[0];
                prop_assert!((product / norm - expected).abs() < 1e-6 * length, "{name} {all:?}");
            }
            let sum: f64 = weights.shared.iter().sum();
            match name {
                "imtl-g" => prop_assert!((sum - 1.0).abs() < 1e-6),
                _ => prop_assert!((all.iter().sum::<f64>() / length / length - 1.0).abs() < 1e-6),
            }
        }
    }

    /// CAGrad: within the ball, and nothing else in it is better for the task that is worst off.
    #[test]
    fn cagrad_is_the_best_of_its_ball(
        jacobian in special(),
        c in 0.1..1.5_f64,
        other in vec(-1.0..1.0_f64, 10),
    ) {
        let (_, direction) = aggregate("cagrad", &[("c", c)], &jacobian);
        let width = direction.len();
        let n = jacobian.len() as f64;
        let at = |at| jacobian.iter().map(|row| row[at]).sum::<f64>() / n;
        let mean: Vec<f64> = (0..width).map(at).collect();
        let apart: Vec<f64> = direction.iter().zip(&mean).map(|(d, g)| d - g).collect();
        let radius = c * norm(&mean);
        prop_assert!(norm(&apart) <= radius * (1.0 + 1e-5) + 1e-9);
        let worst = |d: &[f64]| products(&jacobian, d).into_iter().fold(f64::INFINITY, f64::min);
        let other = &other[..width];
        for share in [0.3, 1.0] {
            let step = share * radius / norm(other).max(1e-9);
            for sign in [-1.0, 1.0] {
                let d = mean.iter().zip(other).map(|(g, o)| g + sign * step * o);
                let (d, best) = (worst(&d.collect::<Vec<_>>()), worst(&direction));
                prop_assert!(d <= best + 1e-4, "{d} {best}");
            }
        }
    }

    /// PCGrad of two tasks is UPGrad with preferences of 1 each, without regularisation.
    #[test]
    fn pcgrad_of_two(jacobian in rows(2, 4)) {
        let g = gramian(&jacobian);
        let first = linalg::dual_cone(&g, &[1.0, 0.0]);
        let second = linalg::dual_cone(&g, &[0.0, 1.0]);
        let expected: Vec<f64> = first.iter().zip(&second).map(|(a, b)| a + b).collect();
        assert_close(&aggregate("pcgrad", &[], &jacobian).0.shared, &expected, 1e-6);
        assert_close(&aggregate("gradvac", &[], &jacobian).0.shared, &expected, 1e-6);
    }
}

#[test]
fn gradients_of_zero_and_opposed_ones() {
    let zero = vec![vec![0.0; 3]; 4];
    for about in METHODS {
        let (weights, direction) = aggregate(about.name, &[], &zero);
        assert_eq!(direction, [0.0; 3], "{}", about.name);
        assert!(weights.heads.iter().all(|&w| w > 0.0), "{}", about.name);
    }
    // [[0, 0], [0, 1]]: the other task goes on alone.
    let (_, direction) = aggregate("nash", &[], &[vec![0.0], vec![1.0]]);
    assert_close(&direction, &[1.0], 1e-6);
    assert_eq!(aggregate("imtl-g", &[], &[vec![0.0], vec![0.0]]).0.shared, [0.0, 0.0]);
    // Opposed gradients of one length: every method that lets no loss rise stands still.
    let opposed = [vec![1.0, 2.0], vec![-1.0, -2.0]];
    for name in ["mgda", "upgrad", "dualproj", "cagrad", "nash", "fairgrad", "imtl-g", "config"] {
        assert_close(&aggregate(name, &[], &opposed).1, &[0.0, 0.0], 1e-3);
    }
    // Halves that disagree.
    let mut sdmgrad = balancer(&plan("sdmgrad", &[]), 2);
    let halves = Matrix::new(2, |i, j| if i == j { -1e10 } else { 1e10 });
    let step = Step { tasks: &[0, 1], losses: &[1.0; 2] };
    let weights = sdmgrad.weigh(&step, Gradients::Gramian(&halves)).unwrap();
    assert_close(&[weights.shared.iter().sum()], &[1.0], 1e-9);
}
