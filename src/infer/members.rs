//! Layers whose weights several members share, in plain Rust: what tells the members apart is
//! multiplied in before and after one product for all of them.

use super::step::{Xs, Ys};

/// `x · factors + shift`, for each member with numbers of its own.
#[derive(Debug)]
pub struct Scale {
    /// `[members, width]`.
    pub factors: Vec<f32>,
    /// The same, or none.
    pub shift: Vec<f32>,
    /// The numbers of each member.
    pub width: usize,
    /// From one member to the next in the input; 0 where all read the same.
    pub from: usize,
    /// From one member to the next in the output.
    pub to: usize,
}

impl Scale {
    /// Writes the output to `ys`, but not what lies between members.
    pub fn run(&self, rows: usize, xs: Xs<'_>, ys: &mut Ys<'_>) {
        let stride = ys.stride;
        for (row, ys) in ys.numbers.chunks_exact_mut(stride).take(rows).enumerate() {
            let xs = xs.row(row);
            for (member, factors) in self.factors.chunks_exact(self.width).enumerate() {
                let xs = &xs[member * self.from..][..self.width];
                let ys = &mut ys[member * self.to..][..self.width];
                match self.shift.get(member * self.width..) {
                    Some(shift) if !self.shift.is_empty() => {
                        let all = ys.iter_mut().zip(xs).zip(factors).zip(shift);
                        all.for_each(|(((y, x), factor), shift)| *y = x * factor + shift);
                    }
                    _ => {
                        let all = ys.iter_mut().zip(xs).zip(factors);
                        all.for_each(|((y, x), factor)| *y = x * factor);
                    }
                }
            }
        }
    }
}
