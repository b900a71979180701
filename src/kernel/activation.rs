//! Activations over whole lists of numbers, alone or together with their derivatives.

use super::cpu::{Level, by_level};
use super::math::{erf, exp as exponential, exp_m1_of_negative, sigmoid, tanh};
use super::vector::Vector;
use crate::graph::Activation;

/// The fixed point constants of SELU (arXiv 1706.02515).
const SCALE: f32 = 1.050_701;
const ALPHA: f32 = 1.673_263_2;

/// Applies an activation in place.
pub fn activate(activation: Activation, xs: &mut [f32]) {
    // SAFETY: the slices are as long as they say, and so below.
    unsafe { run_values(Level::best(), activation, xs) }
}

/// Applies an activation in place, and writes its derivatives to `slopes`.
pub fn activate_with_derivative(activation: Activation, xs: &mut [f32], slopes: &mut [f32]) {
    assert_eq!(xs.len(), slopes.len());
    unsafe { run_both(Level::best(), activation, xs, slopes) }
}

/// Replaces each number by its exponential, as [`super::math::exp`] has it.
pub fn exp(xs: &mut [f32]) {
    unsafe { run_exp(Level::best(), xs) }
}

/// Replaces numbers by positive ones of sum 1 in proportion to their exponentials; those where the
/// mask is 0 by 0, which may not be all.
pub fn softmax(xs: &mut [f32], mask: Option<&[f32]>) {
    let is_in = |nth: usize| mask.is_none_or(|mask| mask[nth] != 0.0);
    let most = xs.iter().enumerate().filter(|(nth, _)| is_in(*nth));
    let most = most.fold(f32::NEG_INFINITY, |most, (_, x)| most.max(*x));
    xs.iter_mut().for_each(|x| *x -= most);
    exp(xs);
    if mask.is_some() {
        let out = xs.iter_mut().enumerate().filter(|(nth, _)| !is_in(*nth));
        out.for_each(|(_, x)| *x = 0.0);
    }
    let sum: f32 = xs.iter().sum();
    xs.iter_mut().for_each(|x| *x /= sum);
}

by_level! {
    unsafe fn run_exp(xs: &mut [f32]) = exponentials
}
by_level! {
    unsafe fn run_values(activation: Activation, xs: &mut [f32]) = values
}
by_level! {
    unsafe fn run_both(activation: Activation, xs: &mut [f32], slopes: &mut [f32]) = both
}

/// Calls `$body` with the formula of the activation, so that each has a loop of its own.
macro_rules! with_formula {
    ($activation:expr, $body:ident::<$v:ident>($($arg:expr),*)) => {
        match $activation {
            Activation::Relu => $body::<$v, Relu>($($arg),*),
            Activation::Tanh => $body::<$v, Tanh>($($arg),*),
            Activation::Sigmoid => $body::<$v, Sigmoid>($($arg),*),
            Activation::Gelu => $body::<$v, Gelu>($($arg),*),
            Activation::Silu => $body::<$v, Silu>($($arg),*),
            Activation::Mish => $body::<$v, Mish>($($arg),*),
            Activation::Selu => $body::<$v, Selu>($($arg),*),
        }
    };
}

#[inline(always)]
unsafe fn values<V: Vector>(activation: Activation, xs: &mut [f32]) {
    unsafe { with_formula!(activation, each_value::<V>(xs)) }
}

#[inline(always)]
unsafe fn both<V: Vector>(activation: Activation, xs: &mut [f32], slopes: &mut [f32]) {
    unsafe { with_formula!(activation, each_pair::<V>(xs, slopes)) }
}

#[inline(always)]
unsafe fn each_value<V: Vector, F: Formula>(xs: &mut [f32]) {
    let mut chunks = xs.chunks_exact_mut(V::LANES);
    for chunk in &mut chunks {
        // SAFETY: a chunk is one vector long; the rest is copied to one that is.
        unsafe { F::of(V::load(chunk.as_ptr())).0.store(chunk.as_mut_ptr()) };
    }
    let rest = chunks.into_remainder();
    let mut last = [0.0; 16];
    last[..rest.len()].copy_from_slice(rest);
    unsafe { F::of(V::load(last.as_ptr())).0.store(last.as_mut_ptr()) };
    rest.copy_from_slice(&last[..rest.len()]);
}

#[inline(always)]
unsafe fn each_pair<V: Vector, F: Formula>(xs: &mut [f32], slopes: &mut [f32]) {
    let mut x_chunks = xs.chunks_exact_mut(V::LANES);
    let mut slope_chunks = slopes.chunks_exact_mut(V::LANES);
    for (x, slope) in (&mut x_chunks).zip(&mut slope_chunks) {
        // SAFETY: as above.
        unsafe {
            let (value, derivative) = F::of(V::load(x.as_ptr()));
            value.store(x.as_mut_ptr());
            derivative.store(slope.as_mut_ptr());
        }
    }
    let (rest, slope_rest) = (x_chunks.into_remainder(), slope_chunks.into_remainder());
    let (mut last, mut slope) = ([0.0; 16], [0.0; 16]);
    last[..rest.len()].copy_from_slice(rest);
    unsafe {
        let (value, derivative) = F::of(V::load(last.as_ptr()));
        value.store(last.as_mut_ptr());
        derivative.store(slope.as_mut_ptr());
    }
    rest.copy_from_slice(&last[..rest.len()]);
    slope_rest.copy_from_slice(&slope[..slope_rest.len()]);
}

/// A function and its derivative. Where only the value is used, the compiler drops the rest.
trait Formula {
    unsafe fn of<V: Vector>(x: V) -> (V, V);
}

#[inline(always)]
unsafe fn exponentials<V: Vector>(xs: &mut [f32]) {
    unsafe { each_value::<V, Exp>(xs) }
}

struct Exp;
struct Relu;
struct Tanh;
struct Sigmoid;
struct Gelu;
struct Silu;
struct Mish;
struct Selu;

impl Formula for Exp {
    #[inline(always)]
    unsafe fn of<V: Vector>(x: V) -> (V, V) {
        unsafe {
            let y = exponential(x);
            (y, y)
        }
    }
}

impl Formula for Relu {
    #[inline(always)]
    unsafe fn of<V: Vector>(x: V) -> (V, V) {
        unsafe {
            let zero = V::splat(0.0);
            (zero.max(x), V::select(x.gt(zero), V::splat(1.0), zero))
        }
    }
}

impl Formula for Tanh {
    #[inline(always)]
    unsafe fn of<V: Vector>(x: V) -> (V, V) {
        unsafe {
            let y = tanh(x);
            (y, V::splat(1.0).sub(y.mul(y)))
        }
    }
}

impl Formula for Sigmoid {
    #[inline(always)]
    unsafe fn of<V: Vector>(x: V) -> (V, V) {
        unsafe {
            let y = sigmoid(x);
            (y, y.mul(V::splat(1.0).sub(y)))
        }
    }
}

impl Formula for Gelu {
    #[inline(always)]
    unsafe fn of<V: Vector>(x: V) -> (V, V) {
        unsafe {
            let half = V::splat(0.5);
            let below = erf(x.mul(V::splat(std::f32::consts::FRAC_1_SQRT_2))).fma(half, half);
            // Past this it is 0 or 1, and x would enlarge the last bit's error.
            let (edge, one) = (V::splat(5.5), V::splat(1.0));
            let below = V::select(x.gt(edge), one, below);
            let below = V::select(V::splat(-5.5).gt(x), V::splat(0.0), below);
            // The density of the normal distribution: e^(-x²/2) / √2π.
            let density = exponential(x.mul(x).mul(V::splat(-0.5))).mul(V::splat(0.398_942_3));
            (x.mul(below), x.fma(density, below))
        }
    }
}

impl Formula for Silu {
    #[inline(always)]
    unsafe fn of<V: Vector>(x: V) -> (V, V) {
        unsafe {
            let s = sigmoid(x);
            let y = x.mul(s);
            (y, V::splat(1.0).sub(s).fma(y, s))
        }
    }
}

impl Formula for Mish {
    #[inline(always)]
    unsafe fn of<V: Vector>(x: V) -> (V, V) {
        unsafe {
            // tanh(ln(1 + e)) = (e² + 2e) / (e² + 2e + 2); past 20 it is 1 to the last bit.
            let e = exponential(V::splat(20.0).min(x));
            let n = e.mul(e.add(V::splat(2.0)));
            let d = n.add(V::splat(2.0));
            let t = n.div(d);
            // Its derivative: 4e (e + 1) / d².
            let slope = e.mul(e.add(V::splat(1.0))).mul(V::splat(4.0)).div(d).div(d);
            (x.mul(t), x.fma(slope, t))
        }
    }
}

impl Formula for Selu {
    #[inline(always)]
    unsafe fn of<V: Vector>(x: V) -> (V, V) {
        unsafe {
            let (zero, full) = (V::splat(0.0), V::splat(SCALE * ALPHA));
            let below = exp_m1_of_negative(zero.min(x)).mul(full);
            let positive = x.gt(zero);
            let scale = V::splat(SCALE);
            (V::select(positive, x.mul(scale), below), V::select(positive, scale, below.add(full)))
        }
    }
}

#[cfg(test)]
#[path = "activation_tests.rs"]
mod tests;
