//! Products of lists with each other, in `f64`: several lists are read at a time, so that each
//! number is made an `f64` once for four products.

use super::cpu::{Level, by_level};
use super::vector::Vector;

/// Lists that are read together with as many others.
const TILE: usize = 4;

/// Sums that run beside each other.
const SUMS: usize = 8;

/// `a · b` in `f64`, in an order that no CPU changes.
pub fn dot(a: &[f32], b: &[f32]) -> f64 {
    assert_eq!(a.len(), b.len());
    let mut sum = 0.0;
    // SAFETY: plain slices of one length.
    unsafe { run_dot(Level::best(), a, b, &mut sum) };
    sum
}

/// Tells the product of each of these lists, all of one length, with itself and those behind it.
/// The product of two lists is the same whichever others there are.
pub fn products(lists: &[&[f32]], mut tell: impl FnMut(usize, usize, f64)) {
    let Some(last) = lists.len().checked_sub(1) else { return };
    assert!(lists.iter().all(|list| list.len() == lists[0].len()));
    let level = Level::best();
    // Past the last list stands the last again; what it comes to is left out.
    let tile = |first: usize| -> [&[f32]; TILE] {
        std::array::from_fn(|nth| lists[(first + nth).min(last)])
    };
    for i in (0..lists.len()).step_by(TILE) {
        for j in (i..lists.len()).step_by(TILE) {
            let mut sums = [[0.0; TILE]; TILE];
            // SAFETY: plain slices of one length.
            unsafe { run_tile(level, &tile(i), &tile(j), &mut sums) };
            for (i, sums) in (i..lists.len()).zip(&sums) {
                (j..lists.len()).zip(sums).filter(|(j, _)| *j >= i).for_each(|(j, sum)| {
                    tell(i, j, *sum);
                });
            }
        }
    }
}

by_level! {
    unsafe fn run_dot(a: &[f32], b: &[f32], sum: &mut f64) = one
}
by_level! {
    unsafe fn run_tile(
        rows: &[&[f32]; TILE],
        others: &[&[f32]; TILE],
        sums: &mut [[f64; TILE]; TILE],
    ) = all
}

/// In plain numbers: which instructions they become is the compiler's, what they give is not. The
/// product of two `f32` is exact in `f64`, so it is all one whether it is rounded before the sum.
#[inline(always)]
unsafe fn one<V: Vector>(a: &[f32], b: &[f32], sum: &mut f64) {
    let mut sums = [0.0f64; SUMS];
    let (a, a_rest) = a.as_chunks::<SUMS>();
    let (b, b_rest) = b.as_chunks::<SUMS>();
    for (a, b) in a.iter().zip(b) {
        for lane in 0..SUMS {
            sums[lane] += f64::from(a[lane]) * f64::from(b[lane]);
        }
    }
    *sum = total(sums, a_rest, b_rest);
}

#[inline(always)]
unsafe fn all<V: Vector>(
    rows: &[&[f32]; TILE],
    others: &[&[f32]; TILE],
    sums: &mut [[f64; TILE]; TILE],
) {
    // As many sums as the registers hold.
    if V::LANES == 16 {
        return block::<TILE>(rows, others, (0, 0), sums);
    }
    for i in (0..TILE).step_by(2) {
        for j in (0..TILE).step_by(2) {
            block::<2>(rows, others, (i, j), sums);
        }
    }
}

/// Some rows of a tile by as many of the others, from these on.
#[inline(always)]
fn block<const N: usize>(
    rows: &[&[f32]; TILE],
    others: &[&[f32]; TILE],
    (row, other): (usize, usize),
    sums: &mut [[f64; TILE]; TILE],
) {
    let whole = rows[0].len() / SUMS;
    let chunks = |lists: &[&[f32]; TILE], first: usize| -> [*const [f32; SUMS]; N] {
        std::array::from_fn(|nth| lists[first + nth].as_chunks::<SUMS>().0.as_ptr())
    };
    let (row_at, other_at) = (chunks(rows, row), chunks(others, other));
    let mut running = [[[0.0f64; SUMS]; N]; N];
    for at in 0..whole {
        // Loops, for what `map` is given is not always compiled into this place.
        let (mut rows, mut others) = ([[0.0f64; SUMS]; N], [[0.0f64; SUMS]; N]);
        for i in 0..N {
            // SAFETY: every list has so many whole chunks.
            let (row, other) = unsafe { (&*row_at[i].add(at), &*other_at[i].add(at)) };
            for lane in 0..SUMS {
                rows[i][lane] = f64::from(row[lane]);
                others[i][lane] = f64::from(other[lane]);
            }
        }
        for i in 0..N {
            for j in 0..N {
                for lane in 0..SUMS {
                    running[i][j][lane] += rows[i][lane] * others[j][lane];
                }
            }
        }
    }
    for (i, running) in running.into_iter().enumerate() {
        for (j, running) in running.into_iter().enumerate() {
            let (a, b) = (rows[row + i], others[other + j]);
            let (a, b) = (a.as_chunks::<SUMS>().1, b.as_chunks::<SUMS>().1);
            sums[row + i][other + j] = total(running, a, b);
        }
    }
}

/// The sums and what is left of the lists, in one order.
#[inline(always)]
fn total(mut sums: [f64; SUMS], a: &[f32], b: &[f32]) -> f64 {
    for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
        *sum += f64::from(*a) * f64::from(*b);
    }
    sums.iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Random};

    #[test]
    fn products_are_those_of_two_lists_each_and_near_exact() {
        let mut random = Random::new(2, Purpose::Init);
        for (count, len) in [(0, 3), (1, 0), (2, 3), (4, 64), (5, 67), (9, 130)] {
            let lists: Vec<Vec<f32>> =
                (0..count).map(|_| (0..len).map(|_| random.normal()).collect()).collect();
            let slices: Vec<&[f32]> = lists.iter().map(Vec::as_slice).collect();
            let mut seen = 0;
            products(&slices, |i, j, product| {
                assert!(j >= i);
                assert_eq!(product.to_bits(), dot(slices[i], slices[j]).to_bits());
                let pairs = lists[i].iter().zip(&lists[j]);
                let exact: f64 = pairs.map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
                assert!((product - exact).abs() <= 1e-12 * len as f64);
                seen += 1;
            });
            assert_eq!(seen, count * (count + 1) / 2);
        }
    }

    #[test]
    fn no_cpu_changes_a_bit() {
        let mut random = Random::new(3, Purpose::Init);
        let lists: Vec<Vec<f32>> =
            (0..8).map(|_| (0..101).map(|_| random.normal()).collect()).collect();
        let tile = |first: usize| -> [&[f32]; TILE] {
            std::array::from_fn(|nth| lists[first + nth].as_slice())
        };
        let on = |level| {
            let mut sums = [[0.0; TILE]; TILE];
            // SAFETY: plain slices of one length, on a level that the CPU has.
            unsafe { run_tile(level, &tile(0), &tile(4), &mut sums) };
            sums.map(|row| row.map(f64::to_bits))
        };
        let results: Vec<_> = Level::all().into_iter().map(on).collect();
        assert!(results.windows(2).all(|two| two[0] == two[1]));
        assert_eq!(dot(&[3.0, 4.0], &[2.0, -1.0]), 2.0);
    }
}
