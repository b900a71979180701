//! Sines and cosines of multiples of each number of a row.

use super::cpu::{Level, by_level};
use super::floats::{LANES, padded};
use super::math::sin_cos_of_turns;
use super::mix::Strip;
use super::vector::Vector;
use std::f32::consts::TAU;

/// The waves of each column: cosines of `2π · frequency · x + phase`; or, without phases, cosines
/// and then sines of `2π · frequency · x`.
#[derive(Debug, Clone, Copy)]
pub struct Waves<'a> {
    /// How many columns.
    pub columns: usize,
    /// Waves of each.
    pub most: usize,
    /// `[columns, padded(most)]`.
    pub frequency: &'a [f32],
    /// The same, in radians.
    pub phase: Option<&'a [f32]>,
}

impl Waves<'_> {
    /// How many numbers a column comes to.
    pub fn each(&self) -> usize {
        if self.phase.is_some() { self.most } else { 2 * self.most }
    }

    /// Writes the waves of each number of `xs` to `ys`, whose rows lie `stride` apart.
    pub fn run(&self, rows: usize, xs: Strip<'_>, ys: &mut [f32], stride: usize) {
        // SAFETY: the level is the CPU's; everything is indexed with checks.
        unsafe { run_waves(Level::best(), self, rows, xs, ys, stride) }
    }

    /// Of one row, `gs` being the gradients of its waves: adds those of frequencies and phases to
    /// `learns`, and writes those of the numbers to `sums`.
    pub fn back(
        &self,
        xs: &[f32],
        gs: &[f32],
        learns: (&mut [f32], Option<&mut [f32]>),
        sums: &mut [f32],
    ) {
        // SAFETY: as above.
        unsafe { run_back(Level::best(), self, xs, gs, learns, sums) }
    }
}

by_level! {
    unsafe fn run_waves(
        waves: &Waves<'_>,
        rows: usize,
        xs: Strip<'_>,
        ys: &mut [f32],
        stride: usize,
    ) = forward
}
by_level! {
    unsafe fn run_back(
        waves: &Waves<'_>,
        xs: &[f32],
        gs: &[f32],
        learns: (&mut [f32], Option<&mut [f32]>),
        sums: &mut [f32],
    ) = backward
}

/// So many numbers as the widest vector has.
type Lanes = [f32; LANES];

/// The numbers of a list from `at` on, zeros behind its end.
#[inline(always)]
fn part(list: &[f32], at: usize) -> Lanes {
    match list[at..].first_chunk() {
        Some(whole) => *whole,
        None => {
            let mut lanes = [0.0; LANES];
            lanes[..list.len() - at].copy_from_slice(&list[at..]);
            lanes
        }
    }
}

/// Sines and cosines of the waves of `x`.
#[inline(always)]
unsafe fn both<V: Vector>(x: f32, frequency: &Lanes, phase: Option<&Lanes>) -> (Lanes, Lanes) {
    let (mut sines, mut cosines) = ([0.0; LANES], [0.0; LANES]);
    for lane in (0..LANES).step_by(V::LANES) {
        // SAFETY: vectors have as many lanes as lists here, or half; the caller has the
        // instructions.
        unsafe {
            let mut turns = V::splat(x).mul(V::load(frequency[lane..].as_ptr()));
            if let Some(phase) = phase {
                let phase = V::load(phase[lane..].as_ptr());
                turns = phase.fma(V::splat(1.0 / TAU), turns);
            }
            let (sine, cosine) = sin_cos_of_turns(turns);
            sine.store(sines[lane..].as_mut_ptr());
            cosine.store(cosines[lane..].as_mut_ptr());
        }
    }
    (sines, cosines)
}

#[inline(always)]
unsafe fn forward<V: Vector>(
    waves: &Waves<'_>,
    rows: usize,
    xs: Strip<'_>,
    ys: &mut [f32],
    stride: usize,
) {
    let Waves { columns, most, frequency, phase } = *waves;
    let (row, each) = (padded(most), waves.each());
    for index in 0..rows {
        let xs = &xs.numbers[index * xs.stride..][..columns];
        let ys = &mut ys[index * stride..][..columns * each];
        for (column, (x, ys)) in xs.iter().zip(ys.chunks_exact_mut(each)).enumerate() {
            let (cosines, sines) = ys.split_at_mut(most);
            for at in (0..most).step_by(LANES) {
                let place = column * row + at;
                let phase = phase.map(|phase| part(phase, place));
                // SAFETY: the caller's promise.
                let (sine, cosine) =
                    unsafe { both::<V>(*x, &part(frequency, place), phase.as_ref()) };
                let wide = LANES.min(most - at);
                cosines[at..at + wide].copy_from_slice(&cosine[..wide]);
                if phase.is_none() {
                    sines[at..at + wide].copy_from_slice(&sine[..wide]);
                }
            }
        }
    }
}

#[inline(always)]
unsafe fn backward<V: Vector>(
    waves: &Waves<'_>,
    xs: &[f32],
    gs: &[f32],
    (to_frequency, mut to_phase): (&mut [f32], Option<&mut [f32]>),
    sums: &mut [f32],
) {
    let Waves { columns, most, frequency, phase } = *waves;
    let (row, each) = (padded(most), waves.each());
    for column in 0..columns {
        let x = xs[column];
        let (cosine_gs, sine_gs) = gs[column * each..][..each].split_at(most);
        let mut sum = [0.0; LANES];
        for at in (0..most).step_by(LANES) {
            let place = column * row + at;
            let frequency = part(frequency, place);
            let phase = phase.map(|phase| part(phase, place));
            // SAFETY: the caller's promise.
            let (sine, cosine) = unsafe { both::<V>(x, &frequency, phase.as_ref()) };
            // Past the last wave gradients are zeros.
            let (of_cosines, mut slope) = (part(cosine_gs, at), [0.0; LANES]);
            for lane in 0..LANES {
                slope[lane] = -sine[lane] * of_cosines[lane];
            }
            if phase.is_none() {
                let of_sines = part(sine_gs, at);
                for lane in 0..LANES {
                    slope[lane] += cosine[lane] * of_sines[lane];
                }
            }
            let learns = &mut to_frequency[place..place + LANES];
            for lane in 0..LANES {
                sum[lane] += slope[lane] * frequency[lane];
                learns[lane] += slope[lane] * (TAU * x);
            }
            if let Some(learns) = to_phase.as_deref_mut() {
                let learns = &mut learns[place..place + LANES];
                learns.iter_mut().zip(slope).for_each(|(to, slope)| *to += slope);
            }
        }
        sums[column] = TAU * sum.iter().sum::<f32>();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(len: usize, by: f32) -> Vec<f32> {
        (0..len).map(|i| (i as f32 * by).sin()).collect()
    }

    #[test]
    fn waves_are_those_of_the_library_on_every_level() {
        for (most, with_phase) in [(5, true), (16, false), (21, false), (32, true)] {
            let (columns, row) = (3, padded(most));
            let (frequency, phase) = (list(columns * row, 0.7), list(columns * row, 1.9));
            let phase = with_phase.then_some(&phase[..]);
            let waves = Waves { columns, most, frequency: &frequency, phase };
            let xs: Vec<f32> = list(30, 2.3).iter().map(|x| x * 40.0).collect();
            let width = columns * waves.each();
            let results: Vec<Vec<f32>> = Level::all()
                .into_iter()
                .map(|level| {
                    let mut ys = vec![0.0; 10 * width];
                    let xs = Strip { numbers: &xs, stride: 3 };
                    unsafe { run_waves(level, &waves, 10, xs, &mut ys, width) };
                    ys
                })
                .collect();
            assert!(results.windows(2).all(|two| two[0] == two[1]));
            for (at, y) in results[0].iter().enumerate() {
                let (line, column, wave) =
                    (at / width, at % width / waves.each(), at % waves.each());
                let place = column * row + wave % most;
                let x = f64::from(xs[line * 3 + column]);
                let angle = f64::from(frequency[place]) * x * std::f64::consts::TAU
                    + f64::from(phase.map_or(0.0, |phase| phase[place]));
                let expected = if wave < most { angle.cos() } else { angle.sin() };
                // What the product is rounded by, at 40 turns.
                assert!((f64::from(*y) - expected).abs() < 2e-5, "{y} for {expected}");
            }
        }
    }

    #[test]
    fn gradients_are_differences() {
        for with_phase in [true, false] {
            let (columns, most) = (2, 19);
            let row = padded(most);
            let (frequency, phases) = (list(columns * row, 0.3), list(columns * row, 1.1));
            let xs = [0.6, -1.2];
            let each = if with_phase { most } else { 2 * most };
            let gs = list(columns * each, 0.9);
            let value = |frequency: &[f32], phases: &[f32], xs: &[f32]| {
                let phase = with_phase.then_some(phases);
                let waves = Waves { columns, most, frequency, phase };
                let mut ys = vec![0.0; columns * each];
                waves.run(1, Strip { numbers: xs, stride: 2 }, &mut ys, columns * each);
                ys.iter().zip(&gs).map(|(y, g)| f64::from(*y) * f64::from(*g)).sum::<f64>()
            };
            let phase = with_phase.then_some(&phases[..]);
            let waves = Waves { columns, most, frequency: &frequency, phase };
            let (mut of_frequency, mut of_phase) =
                (vec![0.0; columns * row], vec![0.0; columns * row]);
            let mut sums = [0.0; 2];
            let learns = (&mut of_frequency[..], with_phase.then_some(&mut of_phase[..]));
            waves.back(&xs, &gs, learns, &mut sums);
            let near = |slope: f32, more: f64, less: f64| {
                let difference = (more - less) / 2e-3;
                assert!((difference - f64::from(slope)).abs() < 5e-3, "{slope} {difference}");
            };
            let moved = |list: &[f32], at: usize, by: f32| {
                let mut list = list.to_vec();
                list[at] += by;
                list
            };
            for at in [0, 7, 18, row, row + 16] {
                let of = |by: f32| value(&moved(&frequency, at, by), &phases, &xs);
                near(of_frequency[at], of(1e-3), of(-1e-3));
                if with_phase {
                    let of = |by: f32| value(&frequency, &moved(&phases, at, by), &xs);
                    near(of_phase[at], of(1e-3), of(-1e-3));
                }
            }
            assert_eq!((of_frequency[most], of_phase[row + most]), (0.0, 0.0));
            for (column, slope) in sums.iter().enumerate() {
                let of = |by: f32| value(&frequency, &phases, &moved(&xs, column, by));
                near(*slope, of(1e-3), of(-1e-3));
            }
        }
    }
}
