//! Parametric activations: of each number a share of what an activation changes about it.

use super::activation::{activate, activate_with_derivative};
use crate::graph::Activation;

/// Numbers that an activation is applied to at a time, on the stack.
const AT_ONCE: usize = 64;

/// Replaces each x by `x + (f(x) − x) · share`, in place.
pub fn blend(activation: Activation, xs: &mut [f32], shares: &[f32]) {
    let mut values = [0.0; AT_ONCE];
    for (xs, shares) in xs.chunks_mut(AT_ONCE).zip(shares.chunks(AT_ONCE)) {
        let values = &mut values[..xs.len()];
        values.copy_from_slice(xs);
        activate(activation, values);
        let each = xs.iter_mut().zip(values).zip(shares);
        each.for_each(|((x, f), share)| *x += (*f - *x) * share);
    }
}

/// The way back of [`blend`] from the gradient `gs` of what it gave: replaces each x by its
/// gradient, and adds those of the shares to `sums`.
pub fn blend_back(
    activation: Activation,
    xs: &mut [f32],
    shares: &[f32],
    gs: &[f32],
    sums: &mut [f32],
) {
    let (mut values, mut slopes) = ([0.0; AT_ONCE], [0.0; AT_ONCE]);
    let numbers = xs.chunks_mut(AT_ONCE).zip(shares.chunks(AT_ONCE));
    let gradients = gs.chunks(AT_ONCE).zip(sums.chunks_mut(AT_ONCE));
    for ((xs, shares), (gs, sums)) in numbers.zip(gradients) {
        let (values, slopes) = (&mut values[..xs.len()], &mut slopes[..xs.len()]);
        values.copy_from_slice(xs);
        activate_with_derivative(activation, values, slopes);
        let numbers = xs.iter_mut().zip(values).zip(slopes).zip(shares);
        for ((((x, f), slope), share), (g, sum)) in numbers.zip(gs.iter().zip(sums)) {
            *sum += (*f - *x) * g;
            *x = (1.0 + (*slope - 1.0) * share) * g;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_go_from_the_number_itself_to_the_activation() {
        let mut xs = [-2.0, -2.0, -2.0, 3.0];
        blend(Activation::Relu, &mut xs, &[0.0, 0.25, 1.0, 0.5]);
        assert_eq!(xs, [-2.0, -1.5, 0.0, 3.0]);
    }

    #[test]
    fn the_way_back_is_the_slope() {
        // More numbers than are taken at once.
        let xs: Vec<f32> = (0..150).map(|i| (i as f32 * 0.37).sin() * 3.0).collect();
        let shares: Vec<f32> = (0..150).map(|i| (i as f32 * 0.11).cos()).collect();
        let gs: Vec<f32> = (0..150).map(|i| (i as f32 * 0.7).sin()).collect();
        let at = |x: f64, share: f64| {
            let f = x * (1.0 + x.exp()).ln().tanh();
            x + (f - x) * share
        };
        let (mut back, mut sums) = (xs.clone(), vec![0.5; 150]);
        blend_back(Activation::Mish, &mut back, &shares, &gs, &mut sums);
        for i in 0..150 {
            let (x, share, g) = (f64::from(xs[i]), f64::from(shares[i]), f64::from(gs[i]));
            let slope = (at(x + 1e-5, share) - at(x - 1e-5, share)) / 2e-5;
            assert!((f64::from(back[i]) - slope * g).abs() < 1e-5, "{x}: {}", back[i]);
            let slope = (at(x, share + 1e-5) - at(x, share - 1e-5)) / 2e-5;
            assert!((f64::from(sums[i]) - 0.5 - slope * g).abs() < 1e-5, "{x}: {}", sums[i]);
        }
    }
}
