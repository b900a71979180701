//! Piecewise-linear encodings of rows. The vectors are the compiler's here: every difference and
//! product is rounded by itself.

use super::cpu::{Level, by_level};
use super::mix::Strip;
use super::vector::Vector;
use crate::graph::Bins;

/// Writes the components of each number of `xs` to `ys`, whose rows lie `stride` apart.
pub fn piecewise(rows: usize, bins: &Bins, xs: Strip<'_>, ys: &mut [f32], stride: usize) {
    // SAFETY: the level is the CPU's; everything is indexed with checks.
    unsafe { run_encode(Level::best(), rows, bins, xs, ys, stride) }
}

/// Of one row: the sums over each column's components of their gradients `gs` times their slopes.
/// Where a component is at its bounds, it still has the slope of the inside.
pub fn piecewise_back(bins: &Bins, xs: &[f32], gs: &[f32], sums: &mut [f32]) {
    for (column, sum) in sums.iter_mut().enumerate() {
        let own = column * bins.most..(column + 1) * bins.most;
        let slope = |at: usize| {
            let y = (xs[column] - bins.left[at]) * bins.scale[at];
            if y >= bins.low[at] && y <= bins.high[at] { bins.scale[at] } else { 0.0 }
        };
        *sum = own.map(|at| gs[at] * slope(at)).sum();
    }
}

by_level! {
    unsafe fn run_encode(
        rows: usize,
        bins: &Bins,
        xs: Strip<'_>,
        ys: &mut [f32],
        stride: usize,
    ) = encode
}

#[inline(always)]
unsafe fn encode<V: Vector>(
    rows: usize,
    bins: &Bins,
    xs: Strip<'_>,
    ys: &mut [f32],
    stride: usize,
) {
    let most = bins.most;
    for row in 0..rows {
        let xs = &xs.numbers[row * xs.stride..][..bins.columns];
        let ys = &mut ys[row * stride..][..bins.columns * most];
        for (column, (x, ys)) in xs.iter().zip(ys.chunks_exact_mut(most)).enumerate() {
            let own = column * most..(column + 1) * most;
            let (left, scale) = (&bins.left[own.clone()], &bins.scale[own.clone()]);
            let (low, high) = (&bins.low[own.clone()], &bins.high[own]);
            let bounds = left.iter().zip(scale).zip(low.iter().zip(high));
            for (y, ((left, scale), (low, high))) in ys.iter_mut().zip(bounds) {
                let inside = (x - left) * scale;
                // In this order what is not a number stays none.
                let inside = if inside < *low { *low } else { inside };
                *y = if inside > *high { *high } else { inside };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_are_those_of_the_paper_near_the_edges() {
        let bins = Bins::new(&[vec![0.0, 1.0, 3.0, 4.0], vec![-1.0, 1.0]]).unwrap();
        let encode = |x: f32| {
            let mut ys = [9.0; 6];
            piecewise(1, &bins, Strip { numbers: &[x, x], stride: 2 }, &mut ys, 6);
            ys
        };
        assert_eq!(encode(0.5), [0.5, 0.0, 0.0, 0.75, 0.0, 0.0]);
        assert_eq!(encode(2.0), [1.0, 0.5, 0.0, 1.5, 0.0, 0.0]);
        assert_eq!(encode(-0.25), [-0.25, 0.0, 0.0, 0.375, 0.0, 0.0]);
        // Past the outermost edges for one width of the bin, and no farther.
        assert_eq!(encode(4.5), [1.0, 1.0, 1.5, 2.0, 0.0, 0.0]);
        assert_eq!(encode(1e9), [1.0, 1.0, 2.0, 2.0, 0.0, 0.0]);
        assert_eq!(encode(-1e9), [-1.0, 0.0, 0.0, -1.0, 0.0, 0.0]);
        assert!(encode(f32::NAN)[0].is_nan());
    }

    #[test]
    fn every_level_has_the_same_bits_and_slopes_are_differences() {
        let edges = vec![vec![-1.3, -0.2, 0.1, 0.9], vec![0.3, 0.7, 0.75], vec![-0.1, 0.2]];
        let bins = Bins::new(&edges).unwrap();
        let xs: Vec<f32> = (0..120).map(|i| (i as f32 * 0.7).sin() * 2.0).collect();
        let results: Vec<Vec<f32>> = Level::all()
            .into_iter()
            .map(|level| {
                let mut ys = vec![0.0; 40 * 11];
                let xs = Strip { numbers: &xs, stride: 3 };
                unsafe { run_encode(level, 40, &bins, xs, &mut ys, 11) };
                ys
            })
            .collect();
        assert!(results.windows(2).all(|two| two[0] == two[1]));
        let gs = [0.5, -1.0, 0.25, 2.0, 1.5, 9.0, -0.75, 9.0, 9.0];
        let value = |xs: &[f32; 3]| {
            let mut ys = [0.0; 9];
            piecewise(1, &bins, Strip { numbers: xs, stride: 3 }, &mut ys, 9);
            ys.iter().zip(gs).map(|(y, g)| f64::from(y * g)).sum::<f64>()
        };
        for xs in xs.as_chunks::<3>().0 {
            let mut sums = [0.0; 3];
            piecewise_back(&bins, xs, &gs, &mut sums);
            for column in 0..3 {
                let (mut more, mut less) = (*xs, *xs);
                more[column] += 1e-3;
                less[column] -= 1e-3;
                let between = |edge: &f32| (edge - xs[column]).abs() < 2e-3;
                let far = [edges[column][0], edges[column][edges[column].len() - 1]];
                let width = edges[column][1] - edges[column][0];
                if edges[column].iter().any(between) || (xs[column] - far[0] + width).abs() < 2e-3 {
                    continue;
                }
                let last = edges[column].len() - 2;
                let width = edges[column][last + 1] - edges[column][last];
                if (xs[column] - far[1] - width).abs() < 2e-3 {
                    continue;
                }
                let difference = (value(&more) - value(&less)) / 2e-3;
                let slope = f64::from(sums[column]);
                assert!(
                    (difference - slope).abs() < 1e-2 * slope.abs().max(1.0),
                    "{difference} {slope}"
                );
            }
        }
    }
}
