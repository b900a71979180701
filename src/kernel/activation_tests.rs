//! Activations against their definitions, and their derivatives against differences.

use super::*;

/// Numbers of every size, on both sides of zero.
fn xs() -> Vec<f32> {
    let mut xs: Vec<f32> = (-4000..=4000).map(|i| i as f32 / 100.0).collect();
    for power in -30..=6 {
        let x = 10f32.powi(power);
        xs.extend([x, -x]);
    }
    xs.extend([0.0, 60.0, -60.0, 87.0, -87.0, 89.0, -89.0, 1e30, -1e30]);
    xs
}

fn exact(activation: Activation, x: f64) -> f64 {
    let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
    match activation {
        Activation::Relu => x.max(0.0),
        Activation::Tanh => x.tanh(),
        Activation::Sigmoid => sigmoid(x),
        Activation::Gelu => 0.5 * x * libm::erfc(-x * std::f64::consts::FRAC_1_SQRT_2),
        Activation::Silu => x * sigmoid(x),
        Activation::Mish => {
            let softplus = if x > 30.0 { x } else { x.exp().ln_1p() };
            x * softplus.tanh()
        }
        Activation::Selu if x > 0.0 => f64::from(SCALE) * x,
        Activation::Selu => f64::from(SCALE * ALPHA) * x.exp_m1(),
    }
}

#[test]
fn values_are_those_of_the_definition() {
    for (name, activation) in Activation::ALL {
        let xs = xs();
        let mut ys = xs.clone();
        activate(activation, &mut ys);
        for (&x, &y) in xs.iter().zip(&ys) {
            let expected = exact(activation, f64::from(x));
            let error = (f64::from(y) - expected).abs();
            let allowed = 8e-7 * expected.abs().max(1.0);
            assert!(error <= allowed, "{name}({x}) is {expected}, found {y}");
        }
    }
}

#[test]
fn derivatives_are_differences() {
    for (name, activation) in Activation::ALL {
        let xs: Vec<f32> = xs().into_iter().filter(|x| x.abs() < 40.0 && x.abs() > 1e-3).collect();
        let (mut ys, mut slopes) = (xs.clone(), vec![0.0; xs.len()]);
        activate_with_derivative(activation, &mut ys, &mut slopes);
        let mut values = xs.clone();
        activate(activation, &mut values);
        assert_eq!(ys, values);
        for (&x, &slope) in xs.iter().zip(&slopes) {
            let (x, h) = (f64::from(x), 1e-5);
            let expected = (exact(activation, x + h) - exact(activation, x - h)) / (2.0 * h);
            assert!(
                (f64::from(slope) - expected).abs() < 2e-5,
                "{name}'({x}): {expected}, {slope}"
            );
        }
    }
}

#[test]
fn every_level_gives_the_same_bits() {
    for (name, activation) in Activation::ALL {
        let results = Level::all().into_iter().map(|level| {
            let (mut xs, mut ys) = (xs(), xs());
            unsafe { run_both(level, activation, &mut xs, &mut ys) };
            [xs, ys].concat().into_iter().map(f32::to_bits).collect::<Vec<_>>()
        });
        let results: Vec<_> = results.collect();
        assert!(results.windows(2).all(|two| two[0] == two[1]), "{name}");
    }
}

#[test]
fn what_is_not_a_number_stays_none_where_it_matters() {
    // Diverged weights must be noticed, not hidden.
    for (name, activation) in Activation::ALL {
        let mut xs = vec![f32::NAN; 3];
        activate(activation, &mut xs);
        assert!(xs.iter().all(|x| x.is_nan()), "{name}: {xs:?}");
    }
}

#[test]
fn a_softmax_sums_to_one_over_what_is_left() {
    let mut xs = [1.0, 400.0, 2.0, -3.0];
    softmax(&mut xs, Some(&[1.0, 0.0, 1.0, 1.0]));
    assert_eq!(xs[1], 0.0);
    assert!((xs.iter().sum::<f32>() - 1.0).abs() < 1e-6);
    assert!((xs[2] / xs[0] - 1f32.exp()).abs() < 1e-5);
    let mut even = [-1e9; 3];
    softmax(&mut even, None);
    assert!(even.iter().all(|x| (x - 1.0 / 3.0).abs() < 1e-6));
}
