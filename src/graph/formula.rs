//! Plain definitions of what operations do to single numbers, with their slopes.

use super::penalty::CLEAR;

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

/// Writes to `chances` those of n things by the smooth steps of m numbers: the `i`-th bit of a
/// thing's number says whether the step is a factor, or what it lacks to 1. Where n is less than 2ᵐ,
/// things whose number with the last bit set would be no thing do without that factor: they are
/// chosen by the bits before. So the chances sum to 1, whatever the numbers.
pub fn select(bits: &[f32], chances: &mut [f32]) {
    chances[0] = 1.0;
    for (bit, &x) in bits.iter().enumerate() {
        let step = smooth_step(x).0;
        let things = chances.len().min(2 << bit);
        let (without, with) = chances[..things].split_at_mut(1 << bit);
        for (without, with) in without.iter_mut().zip(with) {
            *with = *without * step;
            *without *= 1.0 - step;
        }
    }
}

/// By how much the probability of the logit `upper` exceeds that of `lower`, 0 where it does not,
/// and the slopes in `lower` and `upper`.
pub fn excess(lower: f32, upper: f32) -> (f32, f32, f32) {
    let sigmoid = |x: f32| 1.0 / (1.0 + (-x).exp());
    let (low, high) = (sigmoid(lower), sigmoid(upper));
    match high > low {
        true => (high - low, low * (low - 1.0), high * (1.0 - high)),
        false => (0.0, 0.0, 0.0),
    }
}

/// A chance's part of an entropy, and its slope ([`CLEAR`] says what keeps it finite).
pub fn chance(p: f32) -> (f32, f32) {
    let log = (p + CLEAR).ln();
    (-p * log, -log - p / (p + CLEAR))
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

    #[test]
    fn any_number_of_things_has_chances_of_sum_1() {
        let bits = [0.1, -0.3, 0.2];
        let [a, b, c] = bits.map(|x| smooth_step(x).0);
        let mut chances = [9.0; 5];
        select(&bits, &mut chances);
        // 4 is the only thing with the last bit; 1, 2 and 3 know the first two alone.
        let rest = (1.0 - a) * (1.0 - b);
        let expected = [rest * (1.0 - c), a * (1.0 - b), (1.0 - a) * b, a * b, rest * c];
        chances.iter().zip(expected).for_each(|(x, y)| assert!((x - y).abs() < 1e-6));
        for things in 2..=64usize {
            let bits = things.next_power_of_two().trailing_zeros() as usize;
            for extreme in [-9.0, -0.4, 0.0, 0.3, 9.0] {
                let mut chances = vec![9.0; things];
                select(&vec![extreme; bits], &mut chances);
                let sum: f32 = chances.iter().sum();
                assert!((sum - 1.0).abs() < 1e-5, "{things} things: {sum}");
                assert!(extreme.abs() < 1.0 || chances.iter().filter(|x| **x != 0.0).count() == 1);
            }
        }
    }

    #[test]
    fn what_is_penalised_has_its_slopes() {
        for (x, y) in [(0.0f32, 0.5f32), (-2.0, 3.0), (-0.7, -0.2)] {
            let (value, dx, dy) = excess(x, y);
            let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
            let of = |x: f64, y: f64| (sigmoid(y) - sigmoid(x)).max(0.0);
            let (x, y) = (f64::from(x), f64::from(y));
            assert!((f64::from(value) - of(x, y)).abs() < 1e-6);
            assert!((f64::from(dx) - (of(x + 1e-6, y) - of(x - 1e-6, y)) / 2e-6).abs() < 1e-5);
            assert!((f64::from(dy) - (of(x, y + 1e-6) - of(x, y - 1e-6)) / 2e-6).abs() < 1e-5);
            assert_eq!(excess(y as f32, x as f32), (0.0, 0.0, 0.0));
        }
        assert_eq!(excess(-200.0, 200.0).0, 1.0);
        for p in [1e-4f32, 0.1, 0.5, 0.9] {
            let of = |p: f64| -p * (p + f64::from(CLEAR)).ln();
            let (value, slope) = chance(p);
            let p = f64::from(p);
            assert!((f64::from(value) - of(p)).abs() < 1e-6);
            assert!((f64::from(slope) - (of(p + 1e-7) - of(p - 1e-7)) / 2e-7).abs() < 1e-4);
        }
        assert_eq!(chance(0.0).0, 0.0);
        assert!(chance(0.0).1.is_finite());
    }
}
