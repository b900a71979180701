//! Plain definitions of what operations do to single numbers, with their slopes.

/// The smooth step of width 1: 0 up to -½, 1 from ½ on, between them the cubic ½ + 1.5x - 2x³ that
/// joins both without a kink (arXiv 2106.03760). The value and its slope.
pub fn smooth_step(x: f32) -> (f32, f32) {
    if x <= -0.5 {
        (0.0, 0.0)
    } else if x >= 0.5 {
        (1.0, 0.0)
    } else {
        (0.5 + x * (1.5 - 2.0 * x * x), 1.5 - 6.0 * x * x)
    }
}

/// The logit of the product of two probabilities whose logits are `x` and `y`, and its slopes in
/// them. With u = e⁻ˣ and v = e⁻ʸ the odds of the product are 1 ÷ (u + v + uv).
pub fn and(x: f32, y: f32) -> (f32, f32, f32) {
    let terms = [-x, -y, -x - y];
    let most = terms.into_iter().fold(f32::NEG_INFINITY, f32::max);
    let [u, v, both] = terms.map(|term| (term - most).exp());
    let sum = u + v + both;
    (-(sum.ln() + most), (u + both) / sum, (v + both) / sum)
}

/// Writes to `chances` those of 2ᵐ things by the smooth steps of m numbers: the `i`-th bit of a
/// thing's number says whether the step is a factor, or what it lacks to 1.
pub fn select(bits: &[f32], chances: &mut [f32]) {
    chances[0] = 1.0;
    for (bit, &x) in bits.iter().enumerate() {
        let step = smooth_step(x).0;
        let (without, with) = chances[..2 << bit].split_at_mut(1 << bit);
        for (without, with) in without.iter_mut().zip(with) {
            *with = *without * step;
            *without *= 1.0 - step;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_step_has_its_slope_and_ends_flat() {
        assert_eq!((smooth_step(-0.5), smooth_step(0.5)), ((0.0, 0.0), (1.0, 0.0)));
        assert_eq!(smooth_step(0.0), (0.5, 1.5));
        for x in [-0.4f32, -0.1, 0.2, 0.45] {
            let slope = (smooth_step(x + 1e-3).0 - smooth_step(x - 1e-3).0) / 2e-3;
            assert!((slope - smooth_step(x).1).abs() < 1e-3);
        }
    }

    #[test]
    fn both_are_as_likely_as_the_product_says() {
        let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
        for (x, y) in [(0.0, 0.0), (2.0, -3.0), (-8.0, 1.5), (12.0, 9.0), (-20.0, -30.0)] {
            let (z, dx, dy) = and(x as f32, y as f32);
            let product = sigmoid(x) * sigmoid(y);
            let expected = (product / (1.0 - product)).ln();
            assert!((f64::from(z) - expected).abs() < 1e-5 * expected.abs().max(1.0), "{x} {y}");
            // d log(p / (1 - p)) = (1 - p_x) / (1 - p) dx for p = p_x p_y.
            assert!((f64::from(dx) - (1.0 - sigmoid(x)) / (1.0 - product)).abs() < 1e-5);
            assert!((f64::from(dy) - (1.0 - sigmoid(y)) / (1.0 - product)).abs() < 1e-5);
        }
        // Far out, where probabilities are 1 or 0 to the last bit.
        assert!((and(200.0, 200.0).0 - (200.0 - 2f32.ln())).abs() < 1e-4);
        assert_eq!(and(-150.0, -150.0).0, -300.0);
    }

    #[test]
    fn chances_are_those_of_binary_codes() {
        let mut chances = [0.0; 4];
        select(&[0.5, -0.5], &mut chances);
        assert_eq!(chances, [0.0, 1.0, 0.0, 0.0]);
        select(&[0.1, -0.3], &mut chances);
        assert!((chances.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        let (a, b) = (smooth_step(0.1).0, smooth_step(-0.3).0);
        assert!((chances[2] - (1.0 - a) * b).abs() < 1e-6);
    }
}
