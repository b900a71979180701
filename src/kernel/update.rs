//! The steps of optimizers on flat weights: one pass over weights, gradient and moments.

use super::cpu::{Level, by_level};
use super::floats::LANES;
use super::vector::Vector;

/// A step of one optimizer on weights that have stepped equally often. All lists are whole
/// vectors, multiples of [`LANES`].
#[derive(Debug, Clone, Copy)]
pub struct Update {
    /// The learning rate.
    pub rate: f32,
    /// What the gradient is multiplied with first.
    pub scale: f32,
    /// The pull of the weights to 0 that joins the gradient.
    pub coupled: f32,
    /// The pull that joins the direction.
    pub decoupled: f32,
    /// Steps taken with this one; what corrects Adam's bias.
    pub step: i32,
    /// What is kept of Adam's moments.
    pub betas: (f64, f64),
    /// What keeps Adam's quotient finite.
    pub epsilon: f32,
    /// What SGD keeps of its direction.
    pub momentum: f32,
    /// Whether SGD looks ahead by the momentum.
    pub nesterov: bool,
}

impl Update {
    /// `weights -= rate · gradient`, without moments.
    pub fn sgd(&self, weights: &mut [f32], gradient: &[f32]) {
        assert!(weights.len() == gradient.len() && weights.len().is_multiple_of(LANES));
        // SAFETY: equal lengths of whole vectors.
        unsafe { run_sgd(Level::best(), self, weights, gradient) }
    }

    /// `weights -= rate · velocity`, which is the sum of the gradients, the older ones faded; or
    /// with Nesterov's, that faded once more and the gradient added once more.
    pub fn heavy(&self, weights: &mut [f32], gradient: &[f32], velocity: &mut [f32]) {
        let len = weights.len();
        assert!(gradient.len() == len && velocity.len() == len && len.is_multiple_of(LANES));
        // SAFETY: equal lengths of whole vectors.
        unsafe { run_heavy(Level::best(), self, weights, gradient, velocity) }
    }

    /// `weights -= rate · first / √second`, both corrected for their bias (arXiv 1412.6980).
    pub fn adam(&self, weights: &mut [f32], gradient: &[f32], moments: (&mut [f32], &mut [f32])) {
        let len = weights.len();
        assert!(gradient.len() == len && moments.0.len() == len && moments.1.len() == len);
        assert!(len.is_multiple_of(LANES));
        // SAFETY: equal lengths of whole vectors.
        unsafe { run_adam(Level::best(), self, weights, gradient, moments.0, moments.1) }
    }
}

/// Adds a list to another of the same length.
pub fn add(to: &mut [f32], list: &[f32]) {
    assert_eq!(to.len(), list.len());
    to.iter_mut().zip(list).for_each(|(to, x)| *to += x);
}

/// Moves a list this share of the way to another of the same length.
pub fn follow(list: &mut [f32], to: &[f32], share: f64) {
    assert_eq!(list.len(), to.len());
    let (keep, take) = ((1.0 - share) as f32, share as f32);
    let pairs = list.iter_mut().zip(to);
    // From the nearer end, so that equal numbers stay what they are.
    match share < 0.5 {
        true => pairs.for_each(|(x, to)| *x += (to - *x) * take),
        false => pairs.for_each(|(x, to)| *x = to - (to - *x) * keep),
    }
}

/// The sum of squares, in an order that no CPU changes.
pub fn squares(list: &[f32]) -> f64 {
    let mut sums = [0.0f64; LANES];
    let (chunks, rest) = list.as_chunks::<LANES>();
    for chunk in chunks {
        sums.iter_mut().zip(chunk).for_each(|(sum, x)| *sum += f64::from(*x) * f64::from(*x));
    }
    sums.iter_mut().zip(rest).for_each(|(sum, x)| *sum += f64::from(*x) * f64::from(*x));
    sums.iter().sum()
}

/// Adds a list, times a factor, to another of the same length; or puts it there.
pub fn add_scaled(to: &mut [f32], factor: f32, list: &[f32], first: bool) {
    assert_eq!(to.len(), list.len());
    // SAFETY: plain slices of one length.
    unsafe { run_add_scaled(Level::best(), to, factor, list, first) };
}

by_level! {
    unsafe fn run_add_scaled(to: &mut [f32], factor: f32, list: &[f32], first: bool) = scaled
}
by_level! {
    unsafe fn run_sgd(update: &Update, weights: &mut [f32], gradient: &[f32]) = sgd
}
by_level! {
    unsafe fn run_heavy(
        update: &Update,
        weights: &mut [f32],
        gradient: &[f32],
        velocity: &mut [f32],
    ) = heavy
}
by_level! {
    unsafe fn run_adam(
        update: &Update,
        weights: &mut [f32],
        gradient: &[f32],
        first: &mut [f32],
        second: &mut [f32],
    ) = adam
}

#[inline(always)]
unsafe fn scaled<V: Vector>(to: &mut [f32], factor: f32, list: &[f32], first: bool) {
    match first {
        true => to.iter_mut().zip(list).for_each(|(to, x)| *to = x * factor),
        false => to.iter_mut().zip(list).for_each(|(to, x)| *to += x * factor),
    }
}

/// The gradient at `at`, scaled and with the coupled decay.
#[inline(always)]
unsafe fn gradient_at<V: Vector>(update: &Update, weight: V, gradient: *const f32) -> V {
    // SAFETY: the caller's promise; and so below.
    unsafe {
        let gradient = V::load(gradient).mul(V::splat(update.scale));
        weight.fma(V::splat(update.coupled), gradient)
    }
}

#[inline(always)]
unsafe fn moved<V: Vector>(update: &Update, weight: V, direction: V) -> V {
    unsafe {
        let direction = weight.fma(V::splat(update.decoupled), direction);
        direction.fma(V::splat(-update.rate), weight)
    }
}

#[inline(always)]
unsafe fn sgd<V: Vector>(update: &Update, weights: &mut [f32], gradient: &[f32]) {
    for at in (0..weights.len()).step_by(V::LANES) {
        unsafe {
            let weight = V::load(weights.as_ptr().add(at));
            let direction = gradient_at(update, weight, gradient.as_ptr().add(at));
            moved(update, weight, direction).store(weights.as_mut_ptr().add(at));
        }
    }
}

#[inline(always)]
unsafe fn heavy<V: Vector>(
    update: &Update,
    weights: &mut [f32],
    gradient: &[f32],
    velocity: &mut [f32],
) {
    for at in (0..weights.len()).step_by(V::LANES) {
        unsafe {
            let keep = V::splat(update.momentum);
            let weight = V::load(weights.as_ptr().add(at));
            let gradient = gradient_at(update, weight, gradient.as_ptr().add(at));
            let v = V::load(velocity.as_ptr().add(at)).fma(keep, gradient);
            v.store(velocity.as_mut_ptr().add(at));
            let direction = if update.nesterov { v.fma(keep, gradient) } else { v };
            moved(update, weight, direction).store(weights.as_mut_ptr().add(at));
        }
    }
}

#[inline(always)]
unsafe fn adam<V: Vector>(
    update: &Update,
    weights: &mut [f32],
    gradient: &[f32],
    first: &mut [f32],
    second: &mut [f32],
) {
    let betas = update.betas;
    let corrections = (1.0 - betas.0.powi(update.step), 1.0 - betas.1.powi(update.step));
    // m / c₁ / (√(v / c₂) + ε), with the constants drawn together.
    let root = (1.0 / corrections.1).sqrt() as f32;
    let size = (1.0 / corrections.0) as f32;
    let (keep, take) = (betas.1 as f32, (1.0 - betas.1) as f32);
    for at in (0..weights.len()).step_by(V::LANES) {
        unsafe {
            let weight = V::load(weights.as_ptr().add(at));
            let gradient = gradient_at(update, weight, gradient.as_ptr().add(at));
            let m = V::load(first.as_ptr().add(at));
            let m = gradient.sub(m).fma(V::splat((1.0 - betas.0) as f32), m);
            let v = V::load(second.as_ptr().add(at)).mul(V::splat(keep));
            let v = gradient.mul(gradient).fma(V::splat(take), v);
            m.store(first.as_mut_ptr().add(at));
            v.store(second.as_mut_ptr().add(at));
            let root = v.sqrt().fma(V::splat(root), V::splat(update.epsilon));
            let direction = m.mul(V::splat(size)).div(root);
            moved(update, weight, direction).store(weights.as_mut_ptr().add(at));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Update = Update {
        rate: 0.1,
        scale: 1.0,
        coupled: 0.0,
        decoupled: 0.0,
        step: 1,
        betas: (0.9, 0.999),
        epsilon: 1e-8,
        momentum: 0.0,
        nesterov: false,
    };

    #[test]
    fn adams_first_step_is_the_rate_against_the_sign() {
        let update = Update { scale: 0.5, ..PLAIN };
        let (mut weights, mut first, mut second) = ([1.0; 16], [0.0; 16], [0.0; 16]);
        let mut gradient = [2.0; 16];
        gradient[3] = -1e-3;
        gradient[4] = 0.0;
        update.adam(&mut weights, &gradient, (&mut first, &mut second));
        assert!((weights[0] - 0.9).abs() < 1e-6 && (weights[3] - 1.1).abs() < 1e-5);
        assert_eq!(weights[4], 1.0);
        assert!((first[0] - 0.1).abs() < 1e-7 && (second[0] - 0.001).abs() < 1e-8);
    }

    #[test]
    fn decay_pulls_to_zero_with_or_after_the_gradient() {
        let plain = Update { coupled: 0.5, ..PLAIN };
        let mut weights = [2.0; 16];
        plain.sgd(&mut weights, &[1.0; 16]);
        assert!((weights[0] - 1.8).abs() < 1e-6);
        let apart = Update { coupled: 0.0, decoupled: 0.5, ..plain };
        let (mut weights, mut first, mut second) = ([2.0; 16], [0.0; 16], [0.0; 16]);
        apart.adam(&mut weights, &[0.0; 16], (&mut first, &mut second));
        assert!((weights[0] - 1.9).abs() < 1e-6 && first == [0.0; 16]);
    }

    #[test]
    fn adam_goes_by_its_betas_and_epsilon() {
        // By hand: gradients 1, then -0.5; β = (0.8, 0.95), ε = 0.1.
        // m = 0.2, 0.8·0.2 - 0.2·0.5 = 0.06; corrected 1, 0.06 / 0.36 = 1/6.
        // v = 0.05, 0.95·0.05 + 0.05·0.25 = 0.06; corrected 1, 0.06 / 0.0975 = 0.615384….
        let update = Update { betas: (0.8, 0.95), epsilon: 0.1, ..PLAIN };
        let (mut weights, mut first, mut second) = ([1.0; 16], [0.0; 16], [0.0; 16]);
        update.adam(&mut weights, &[1.0; 16], (&mut first, &mut second));
        assert!((weights[0] - (1.0 - 0.1 / 1.1)).abs() < 1e-6);
        let next = Update { step: 2, ..update };
        next.adam(&mut weights, &[-0.5; 16], (&mut first, &mut second));
        let expected = 1.0 - 0.1 / 1.1 - 0.1 * (1.0 / 6.0) / ((0.06f32 / 0.0975).sqrt() + 0.1);
        assert!((weights[0] - expected).abs() < 1e-6, "{} {expected}", weights[0]);
    }

    #[test]
    fn momentum_sums_gradients_and_looks_ahead() {
        // By hand, gradients 1 and 2, momentum 0.5: directions 1 and 2.5.
        let update = Update { momentum: 0.5, ..PLAIN };
        let (mut weights, mut velocity) = ([1.0; 16], [0.0; 16]);
        update.heavy(&mut weights, &[1.0; 16], &mut velocity);
        update.heavy(&mut weights, &[2.0; 16], &mut velocity);
        assert!((weights[0] - (1.0 - 0.1 - 0.25)).abs() < 1e-6 && velocity == [2.5; 16]);
        // Looking ahead: 1 + 0.5 · 1, and 2 + 0.5 · 2.5.
        let update = Update { nesterov: true, ..update };
        let (mut weights, mut velocity) = ([1.0; 16], [0.0; 16]);
        update.heavy(&mut weights, &[1.0; 16], &mut velocity);
        update.heavy(&mut weights, &[2.0; 16], &mut velocity);
        assert!((weights[0] - (1.0 - 0.15 - 0.325)).abs() < 1e-6 && velocity == [2.5; 16]);
        let mut list = [1.0, 3.0];
        follow(&mut list, &[2.0, -1.0], 0.25);
        assert_eq!(list, [1.25, 2.0]);
        for share in [0.01, 1.0 / 3.0, 0.7, 1.0] {
            let mut same = [0.1, -0.3];
            follow(&mut same, &[0.1, -0.3], share);
            assert_eq!(same, [0.1, -0.3], "{share}");
        }
        follow(&mut list, &[0.1, -0.3], 1.0);
        assert_eq!(list, [0.1, -0.3]);
    }

    #[test]
    fn every_level_steps_to_the_same_bits() {
        let update = Update {
            rate: 0.01,
            scale: 0.3,
            coupled: 0.1,
            decoupled: 0.02,
            step: 7,
            betas: (0.8, 0.95),
            epsilon: 1e-6,
            momentum: 0.7,
            nesterov: true,
        };
        let list = |seed: f32| -> Vec<f32> { (0..64).map(|i| (i as f32 * seed).sin()).collect() };
        let results = Level::all().into_iter().map(|level| {
            let (mut weights, mut first, mut second) = (list(0.7), list(0.3), list(0.1));
            second.iter_mut().for_each(|x| *x = x.abs());
            unsafe { run_adam(level, &update, &mut weights, &list(1.3), &mut first, &mut second) };
            unsafe { run_sgd(level, &update, &mut first, &list(0.9)) };
            unsafe { run_heavy(level, &update, &mut weights, &list(0.8), &mut second) };
            [weights, first, second].concat()
        });
        let results: Vec<_> = results.collect();
        assert!(results.windows(2).all(|two| two[0] == two[1]));
        assert_eq!(squares(&[3.0, 4.0]), 25.0);
        let sums = Level::all().into_iter().map(|level| {
            let mut to = list(0.2);
            unsafe { run_add_scaled(level, &mut to, 0.3, &list(0.37), false) };
            to
        });
        let sums: Vec<_> = sums.collect();
        assert!(sums.windows(2).all(|two| two[0] == two[1]));
    }
}
