//! Operations on parts of the row by themselves, their parameters laid out for the kernels.

use crate::kernel::{self, Floats, padded};

/// Layers on parts of the row.
#[derive(Debug)]
pub struct Grouped {
    pub groups: usize,
    pub depth: usize,
    pub width: usize,
    pub turned: Floats,
    pub bias: Floats,
}

impl Grouped {
    /// Layers with these weights `[groups · width, depth]`, and biases if they have some.
    pub fn new(groups: usize, depth: usize, weight: &[f32], bias: Option<&[f32]>) -> Self {
        let width = weight.len() / (groups * depth).max(1);
        let columns = padded(width);
        let (mut turned, mut biases) =
            (Floats::zeros(groups * depth * columns), Floats::zeros(groups * columns));
        for (row, ws) in weight.chunks_exact(depth.max(1)).enumerate() {
            let (group, out) = (row / width, row % width);
            for (at, w) in ws.iter().enumerate() {
                turned[(group * depth + at) * columns + out] = *w;
            }
        }
        for (at, bias) in bias.unwrap_or_default().iter().enumerate() {
            biases[at / width * columns + at % width] = *bias;
        }
        Grouped { groups, depth, width, turned, bias: biases }
    }

    pub fn read(&self) -> kernel::Grouped<'_> {
        let Grouped { groups, depth, width, ref turned, ref bias } = *self;
        kernel::Grouped { groups, depth, width, turned, bias }
    }
}

/// Waves of each column.
#[derive(Debug)]
pub struct Periodic {
    pub most: usize,
    pub frequency: Floats,
    pub phase: Option<Floats>,
}

impl Periodic {
    /// So many waves of each column, with these frequencies and perhaps phases.
    pub fn new(most: usize, frequency: &[f32], phase: Option<&[f32]>) -> Self {
        let spread = |list: &[f32]| {
            let mut numbers = Floats::zeros(list.len() / most.max(1) * padded(most));
            let rows = numbers.chunks_exact_mut(padded(most).max(1));
            for (to, from) in rows.zip(list.chunks_exact(most.max(1))) {
                to[..most].copy_from_slice(from);
            }
            numbers
        };
        Periodic { most, frequency: spread(frequency), phase: phase.map(spread) }
    }

    pub fn read(&self, columns: usize) -> kernel::Waves<'_> {
        let Periodic { most, ref frequency, ref phase } = *self;
        kernel::Waves { columns, most, frequency, phase: phase.as_deref() }
    }
}
