//! The floor by itself: what defines each result, on random input.

use super::*;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

fn cases(cases: u32) -> ProptestConfig {
    let rng_seed = RngSeed::Fixed(0);
    ProptestConfig { cases, rng_seed, failure_persistence: None, ..ProptestConfig::default() }
}

/// A Gramian of up to 12 rows, of any rank.
fn gramian() -> impl Strategy<Value = Matrix> {
    let shape = (1..=12_usize, 1..=14_usize);
    let rows = shape.prop_flat_map(|(n, width)| vec(vec(-1.0..1.0_f64, width), n));
    rows.prop_map(|rows| Matrix::new(rows.len(), |i, j| dot(&rows[i], &rows[j])))
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn eigenvectors_make_the_matrix(m in gramian()) {
        let Eigen { values, vectors, .. } = Eigen::of(&m);
        let n = m.len();
        prop_assert!(values.is_sorted_by(|a, b| a >= b));
        for i in 0..n {
            for j in 0..n {
                let product = dot(&vectors[i], &vectors[j]);
                prop_assert!((product - f64::from(i == j)).abs() < 1e-12);
                let entry: f64 = (0..n).map(|k| values[k] * vectors[k][i] * vectors[k][j]).sum();
                prop_assert!((entry - m[(i, j)]).abs() < 1e-12 * (1.0 + m.trace()));
            }
        }
    }

    #[test]
    fn a_pseudo_inverse_undoes(m in gramian(), x in vec(-1.0..1.0_f64, 12)) {
        // M M⁺ b = b for a b in the image.
        let b = m.apply(&x[..m.len()]);
        let again = m.apply(&pseudo_solve(&m, &b));
        for (again, b) in again.iter().zip(&b) {
            prop_assert!((again - b).abs() < 1e-5 * (1.0 + m.trace()));
        }
    }

    #[test]
    fn the_nearest_point_of_the_simplex(v in vec(-3.0..3.0_f64, 1..12), far in -1e9..1e9_f64) {
        let w = simplex(&v);
        prop_assert!(w.iter().all(|&w| w >= 0.0) && (w.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        // All that is above 0 is as far from v, and what is 0 is no less far.
        let shift = v.iter().zip(&w).filter(|(_, w)| **w > 0.0).map(|(v, w)| v - w).next().unwrap();
        for (v, w) in v.iter().zip(&w) {
            prop_assert!((v - w - shift).abs() < 1e-9 || (*w == 0.0 && *v <= shift + 1e-9));
        }
        let moved: Vec<f64> = v.iter().map(|v| v + far).collect();
        for (a, b) in simplex(&moved).iter().zip(&w) {
            prop_assert!((a - b).abs() < 1e-6);
        }
    }

    #[test]
    fn nonnegative_programs(h in gramian(), x in vec(-1.0..1.0_f64, 12)) {
        let b = h.apply(&x[..h.len()]);
        let x = nonnegative::nonnegative(&h, &b);
        for (i, slope) in h.apply(&x).iter().enumerate() {
            let gain = b[i] - slope;
            prop_assert!(x[i] >= 0.0 && gain < 1e-6, "{x:?} {gain}");
            prop_assert!((x[i] * gain).abs() < 1e-5, "{x:?} {gain}");
        }
    }
}

#[test]
fn softmax_of_any_size() {
    assert_eq!(softmax(&[1e300, 1e300]), [0.5, 0.5]);
    assert_eq!(softmax(&[-1e300, 0.0]), [0.0, 1.0]);
}

#[test]
fn equations_without_a_solution_have_none() {
    assert_eq!(cholesky::solve(&Matrix::new(2, |_, _| 1.0), &[1.0, 0.0]), None);
    assert_eq!(cholesky::solve(&Matrix::new(1, |_, _| f64::NAN), &[1.0]), None);
    assert_eq!(cholesky::solve(&Matrix::new(1, |_, _| 4.0), &[2.0]), Some(vec![0.5]));
    assert_eq!(Matrix::from_rows(2, vec![0.0; 3]), None);
}

#[test]
fn none_is_nothing_to_solve() {
    let empty = Matrix::new(0, |_, _| 0.0);
    assert!(min_norm(&empty).is_empty() && dual_cone(&empty, &[]).is_empty());
    assert!(Eigen::of(&empty).values.is_empty() && fair(&empty, 1.0).is_empty());
}
