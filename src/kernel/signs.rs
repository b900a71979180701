//! Lists reduced to one sign in each place, drawn by how much there is of either.

use super::cpu::{Level, by_level};
use super::vector::Vector;

/// In each place keeps the positive numbers of all rows with chance `p ÷ (p + n)`, else the negative
/// ones, where `p` and `n` are the sums of either; the others are multiplied by `leak`. A draw,
/// uniform in [0, 1), decides each.
pub fn keep_signs(draws: &[f32], leak: f32, rows: &mut [&mut [f32]]) {
    assert!(rows.iter().all(|row| row.len() == draws.len()));
    // SAFETY: the lengths were checked.
    unsafe { run(Level::best(), draws, leak, rows) }
}

by_level! {
    unsafe fn run(draws: &[f32], leak: f32, rows: &mut [&mut [f32]]) = keep
}

/// Vectors of a row that are looked at before the next row's: rows that lie a power of two apart
/// are in each other's way if they are read and written by turns.
const VECTORS: usize = 8;

#[inline(always)]
unsafe fn keep<V: Vector>(draws: &[f32], leak: f32, rows: &mut [&mut [f32]]) {
    let lanes = V::LANES;
    for first in (0..draws.len()).step_by(VECTORS * lanes) {
        let places = (first..draws.len()).step_by(lanes).take(VECTORS);
        // SAFETY: `load` and `store` keep within the lists.
        unsafe {
            let (zero, one, leak) = (V::splat(0.0), V::splat(1.0), V::splat(leak));
            let (mut positive, mut negative) = ([zero; VECTORS], [zero; VECTORS]);
            for row in rows.iter() {
                for (nth, at) in places.clone().enumerate() {
                    let g = load::<V>(row, at);
                    positive[nth] = positive[nth].add(g.max(zero));
                    negative[nth] = negative[nth].add(zero.sub(g).max(zero));
                }
            }
            for (nth, at) in places.clone().enumerate() {
                // draw < p ÷ (p + n), without the quotient.
                let draw = load::<V>(draws, at);
                let keeps = one.sub(draw).mul(positive[nth]).gt(draw.mul(negative[nth]));
                positive[nth] = V::select(keeps, one, leak);
                negative[nth] = V::select(keeps, leak, one);
            }
            for row in rows.iter_mut() {
                for (nth, at) in places.clone().enumerate() {
                    let g = load::<V>(row, at);
                    let factor = V::select(g.gt(zero), positive[nth], negative[nth]);
                    store(g.mul(factor), row, at);
                }
            }
        }
    }
}

/// The numbers of a list from here on; zeros past its end.
#[inline(always)]
unsafe fn load<V: Vector>(list: &[f32], at: usize) -> V {
    let rest = &list[at..];
    if rest.len() >= V::LANES {
        // SAFETY: so many are there.
        return unsafe { V::load(rest.as_ptr()) };
    }
    let mut padded = [0.0; super::LANES];
    padded[..rest.len()].copy_from_slice(rest);
    // SAFETY: no vector is wider.
    unsafe { V::load(padded.as_ptr()) }
}

/// And back, as far as the list goes.
#[inline(always)]
unsafe fn store<V: Vector>(vector: V, list: &mut [f32], at: usize) {
    let rest = &mut list[at..];
    if rest.len() >= V::LANES {
        // SAFETY: there is room for so many.
        return unsafe { vector.store(rest.as_mut_ptr()) };
    }
    let mut padded = [0.0; super::LANES];
    // SAFETY: no vector is wider.
    unsafe { vector.store(padded.as_mut_ptr()) };
    let len = rest.len();
    rest.copy_from_slice(&padded[..len]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_sign_is_kept_in_each_place_on_every_level() {
        let list = |seed: f32| -> Vec<f32> { (0..53).map(|i| (i as f32 * seed).sin()).collect() };
        let before = [list(0.7), list(1.3), list(2.9)];
        let draws: Vec<f32> = (0..53).map(|i| (i * 29 % 53) as f32 / 53.0).collect();
        let all = Level::all().into_iter().map(|level| {
            let mut after = before.clone();
            let mut rows: Vec<&mut [f32]> = after.iter_mut().map(|row| &mut row[..]).collect();
            unsafe { run(level, &draws, 0.25, &mut rows) };
            after
        });
        let all: Vec<_> = all.collect();
        assert!(all.windows(2).all(|two| two[0] == two[1]));
        for (at, draw) in draws.iter().enumerate() {
            let sum = |sign: f32| before.iter().map(|row| (sign * row[at]).max(0.0)).sum::<f32>();
            let (positive, negative) = (sum(1.0), sum(-1.0));
            let keeps_positive = draw * (positive + negative) < positive;
            for (before, after) in before.iter().zip(&all[0]) {
                let kept = (before[at] > 0.0) == keeps_positive;
                assert_eq!(after[at], before[at] * if kept { 1.0 } else { 0.25 }, "{at}");
            }
        }
    }
}
