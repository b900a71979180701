//! Dropout masks out of a hash: a number's fate depends on the step, the node and its place alone,
//! so that rows may be worked on in any order, by any number of threads.

use super::cpu::{Level, by_level};
use super::vector::Vector;

/// The masks of one step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Masks {
    key: u64,
    /// What rates are multiplied with.
    share: f32,
}

impl Masks {
    /// The masks of a step of the run with this key.
    pub fn new(key: u64, step: usize) -> Self {
        Masks { key: spread(key ^ spread(step as u64)), share: 1.0 }
    }

    /// The same with only this share, in [0, 1], of the rates of [`Masks::fill`].
    pub fn with_share(self, share: f32) -> Self {
        Masks { share, ..self }
    }

    /// Fills in the mask of a row of a node: zeros with probability `rate`, the rest such that the
    /// expectation stays 1.
    pub fn fill(self, node: usize, row: usize, rate: f32, mask: &mut [f32]) {
        self.at(node, row, rate * self.share, mask);
    }

    fn at(self, node: usize, row: usize, rate: f32, mask: &mut [f32]) {
        let key = spread(self.key ^ spread((node as u64) << 32 | row as u64));
        // SAFETY: the level is the CPU's.
        unsafe { run_fill(Level::best(), key, rate, mask) }
    }

    /// The same for what is to be chosen from: should the mask have left nothing, it leaves all.
    /// The rate is as it is throughout.
    pub fn leave_out(self, node: usize, row: usize, rate: f32, mask: &mut [f32]) {
        self.at(node, row, rate, mask);
        if mask.iter().all(|mask| *mask == 0.0) {
            mask.fill(1.0);
        }
    }
}

/// One step of SplitMix64.
fn spread(x: u64) -> u64 {
    let x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// Fills in numbers uniform in [0, 1), the first of which has this place: each hangs on the key and
/// its place alone.
pub fn draws(key: u64, first: usize, numbers: &mut [f32]) {
    // SAFETY: the level is the CPU's.
    unsafe { run_draw(Level::best(), spread(key), first as u32, numbers) }
}

by_level! {
    unsafe fn run_draw(key: u64, first: u32, numbers: &mut [f32]) = draw
}

#[inline(always)]
unsafe fn draw<V: Vector>(key: u64, first: u32, numbers: &mut [f32]) {
    for (i, number) in (0u32..).zip(numbers) {
        *number = hash(key, first.wrapping_add(i)) as i32 as f32 * (1.0 / 16_777_216.0);
    }
}

/// 24 bits, as many as a float has, of a hash of 32 (Wellons 2018, lowbias32), salted at both ends.
#[inline(always)]
fn hash(key: u64, i: u32) -> u32 {
    let x = i ^ key as u32;
    let x = (x ^ (x >> 16)).wrapping_mul(0x7feb_352d);
    let x = (x ^ (x >> 15)).wrapping_add((key >> 32) as u32).wrapping_mul(0x846c_a68b);
    (x ^ (x >> 16)) >> 8
}

by_level! {
    unsafe fn run_fill(key: u64, rate: f32, mask: &mut [f32]) = fill
}

/// The vectors are the compiler's here: whole numbers have no kernel trait.
#[inline(always)]
unsafe fn fill<V: Vector>(key: u64, rate: f32, mask: &mut [f32]) {
    let kept = 1.0 / (1.0 - rate);
    let least = (rate * 16_777_216.0) as u32;
    for (i, mask) in (0u32..).zip(mask) {
        *mask = if hash(key, i) < least { 0.0 } else { kept };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_keep_their_share_and_do_not_repeat() {
        let mut all = Vec::new();
        for step in 0..20 {
            for row in 0..64 {
                let mut mask = [0.0; 128];
                Masks::new(7, step).fill(3, row, 0.25, &mut mask);
                assert!(mask.iter().all(|&x| x == 0.0 || (x - 4.0 / 3.0).abs() < 1e-6));
                all.push(mask);
            }
        }
        let kept = all.iter().flatten().filter(|x| **x > 0.0).count() as f64;
        let share = kept / (all.len() * 128) as f64;
        assert!((share - 0.75).abs() < 0.005, "{share}");
        // Neighbours in every direction agree as often as chance has it: .75² + .25² = .625.
        for lag in [1, 2, 64, 640] {
            let pairs = all.iter().zip(&all[lag..]);
            let agree = pairs.map(|(a, b)| a.iter().zip(b).filter(|(a, b)| a == b).count());
            let agree = agree.sum::<usize>() as f64 / ((all.len() - lag) * 128) as f64;
            assert!((agree - 0.625).abs() < 0.01, "{lag}: {agree}");
        }
        let agree = all.iter().flat_map(|mask| mask.windows(2)).filter(|two| two[0] == two[1]);
        let agree = agree.count() as f64 / (all.len() * 127) as f64;
        assert!((agree - 0.625).abs() < 0.01, "{agree}");
    }

    #[test]
    fn a_share_of_the_rate_is_a_lower_rate() {
        let (mut mask, mut expected) = ([0.0; 50], [0.0; 50]);
        let masks = Masks::new(7, 3).with_share(0.5);
        masks.fill(2, 9, 0.5, &mut mask);
        Masks::new(7, 3).fill(2, 9, 0.25, &mut expected);
        assert_eq!(mask, expected);
        masks.with_share(0.0).fill(2, 9, 0.5, &mut mask);
        assert_eq!(mask, [1.0; 50]);
        masks.leave_out(2, 9, 0.5, &mut mask);
        Masks::new(7, 3).leave_out(2, 9, 0.5, &mut expected);
        assert_eq!(mask, expected);
    }

    #[test]
    fn something_is_always_left_to_choose_from() {
        let mut whole = 0;
        for row in 0..400 {
            let mut mask = [0.0; 2];
            Masks::new(7, 1).leave_out(3, row, 0.5, &mut mask);
            assert!(mask.iter().any(|x| *x > 0.0));
            whole += usize::from(mask.iter().all(|x| *x > 0.0));
        }
        // A quarter keeps both, and a quarter would have kept neither.
        assert!((whole as f64 / 400.0 - 0.5).abs() < 0.08, "{whole}");
    }

    #[test]
    fn every_level_has_the_same_masks() {
        let results: Vec<_> = Level::all()
            .into_iter()
            .map(|level| {
                let mut mask = [0.0; 53];
                unsafe { run_fill(level, 0x0123_4567_89ab_cdef, 0.1, &mut mask) };
                mask
            })
            .collect();
        assert!(results.windows(2).all(|two| two[0] == two[1]));
    }

    #[test]
    fn draws_are_uniform_and_hang_on_their_place() {
        let mut all = [0.0; 10_000];
        draws(5, 0, &mut all);
        assert!(all.iter().all(|x| (0.0..1.0).contains(x)));
        for tenth in 0..10 {
            let low = tenth as f32 / 10.0;
            let count = all.iter().filter(|x| (low..low + 0.1).contains(*x)).count();
            assert!(count.abs_diff(1000) < 120, "{count} from {low}");
        }
        let mut some = [0.0; 77];
        draws(5, 123, &mut some);
        assert_eq!(some, all[123..200]);
        draws(6, 123, &mut some);
        assert!(some != all[123..200]);
    }
}
