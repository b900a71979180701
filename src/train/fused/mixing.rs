//! What the stages between experts, gates and chained tasks do to a block, forwards and back.

use super::block::Block;
use super::plan::{Back, Joins, Read, View};
use super::stages::{join, two};
use crate::graph::{and, select, smooth_step};
use crate::kernel::{Masks, Meets, Strip, dot_rows, padded, scale_rows, softmax};

impl Joins {
    fn meets(self) -> Meets {
        match self {
            Joins::Replaces => Meets::Replaces,
            Joins::Adds => Meets::Adds,
            Joins::Multiplies => Meets::Multiplies,
        }
    }
}

impl Block {
    pub(super) fn strip(&self, view: View) -> Strip<'_> {
        Strip {
            numbers: &self.values[view.buffer][view.column..],
            stride: self.widths[view.buffer],
        }
    }

    /// A parameter on each row.
    pub(super) fn given(&mut self, numbers: &[f32], to: View) {
        self.values_mut(to).for_each(|row| row.copy_from_slice(&numbers[..to.width]));
    }

    /// A softmax of each row; `dropout` is the rate, with the masks and the place of the first row.
    pub(super) fn softmax(
        &mut self,
        from: View,
        to: View,
        node: usize,
        dropout: Option<(f32, Masks, usize)>,
    ) {
        self.pass(from, to, |x, y| *y = x);
        let mut mask = vec![0.0; to.width];
        for (row, ys) in self.values_mut(to).enumerate() {
            match dropout {
                Some((rate, masks, place)) => {
                    masks.leave_out(node, place + row, rate, &mut mask);
                    softmax(ys, Some(&mask));
                }
                None => softmax(ys, None),
            }
        }
    }

    /// The gradient of a softmax's input.
    pub(super) fn softmax_back(&mut self, to: View, back: Back) {
        let (stride, row) = (self.widths[to.buffer], self.widths[back.at.buffer]);
        let [gs, xs] = two(&mut self.gradients, to.buffer, back.at.buffer);
        let mut each = vec![0.0; to.width];
        for index in 0..self.rows {
            let gs = &gs[index * stride + to.column..][..to.width];
            let ys = &self.values[to.buffer][index * stride + to.column..][..to.width];
            let sum: f32 = gs.iter().zip(ys).map(|(g, y)| g * y).sum();
            let pairs = each.iter_mut().zip(gs.iter().zip(ys));
            pairs.for_each(|(each, (g, y))| *each = (g - sum) * y);
            join(back.joins, &mut xs[index * row + back.at.column..], &each);
        }
    }

    /// The sum of what is mixed, weighed by the gate.
    pub(super) fn mixture(&mut self, gate: View, mixed: &[Read], to: View) {
        let (size, stride) = ((self.rows, to.width), self.widths[to.buffer]);
        // Taken out meanwhile: no input lies where the output does.
        let mut ys = std::mem::take(&mut self.values[to.buffer]);
        for (nth, read) in mixed.iter().enumerate() {
            let by = self.strip(View { column: gate.column + nth, ..gate });
            let meets = if nth == 0 { Meets::Replaces } else { Meets::Adds };
            scale_rows(size, self.strip(read.from), by, (&mut ys[to.column..], stride), meets);
        }
        self.values[to.buffer] = ys;
    }

    /// The gradients of the gate, and of what is mixed.
    pub(super) fn mixture_back(&mut self, gate: Read, mixed: &[Read], to: View) {
        let size = (self.rows, to.width);
        let ys = std::mem::take(&mut self.gradients[to.buffer]);
        let ys_strip = Strip { numbers: &ys[to.column..], stride: self.widths[to.buffer] };
        if let Some(Back { at, joins }) = gate.back {
            let mut xs = std::mem::take(&mut self.gradients[at.buffer]);
            let stride = self.widths[at.buffer];
            for (nth, read) in mixed.iter().enumerate() {
                let to = &mut xs[at.column + nth..];
                let read = self.strip(read.from);
                dot_rows(size, ys_strip, read, 1.0, (to, stride), joins.meets());
            }
            self.gradients[at.buffer] = xs;
            self.clear_padding(at, joins);
        }
        for (nth, read) in mixed.iter().enumerate() {
            let Some(Back { at, joins }) = read.back else { continue };
            let mut xs = std::mem::take(&mut self.gradients[at.buffer]);
            let by = self.strip(View { column: gate.from.column + nth, ..gate.from });
            let to = (&mut xs[at.column..], self.widths[at.buffer]);
            scale_rows(size, ys_strip, by, to, joins.meets());
            self.gradients[at.buffer] = xs;
            self.clear_padding(at, joins);
        }
        self.gradients[to.buffer] = ys;
    }

    /// Where a gradient was multiplied into a derivative, that of what pads a row is not zero.
    pub(super) fn clear_padding(&mut self, at: View, joins: Joins) {
        if joins != Joins::Multiplies || at.width == padded(at.width) {
            return;
        }
        let pads = View { column: at.column + at.width, width: padded(at.width) - at.width, ..at };
        self.gradients_mut(pads).for_each(|row| row.fill(0.0));
    }

    /// Chances by binary codes.
    pub(super) fn select(&mut self, from: View, to: View) {
        let (row, stride) = (self.widths[from.buffer], self.widths[to.buffer]);
        let [xs, ys] = two(&mut self.values, from.buffer, to.buffer);
        for index in 0..self.rows {
            let bits = &xs[index * row + from.column..][..from.width];
            select(bits, &mut ys[index * stride + to.column..][..to.width]);
        }
    }

    /// The gradient of the bits.
    pub(super) fn select_back(&mut self, from: View, to: View, back: Back) {
        let (row, stride) = (self.widths[from.buffer], self.widths[to.buffer]);
        let back_row = self.widths[back.at.buffer];
        let [gs, out] = two(&mut self.gradients, to.buffer, back.at.buffer);
        let mut each = vec![0.0; from.width];
        for index in 0..self.rows {
            let bits = &self.values[from.buffer][index * row + from.column..][..from.width];
            let steps: Vec<(f32, f32)> = bits.iter().map(|x| smooth_step(*x)).collect();
            let gs = &gs[index * stride + to.column..][..to.width];
            for (bit, each) in each.iter_mut().enumerate() {
                // The chance of a thing without this bit, with the sign that the bit gives it.
                let slope = |thing: usize| {
                    let others = steps.iter().enumerate().filter(|(other, _)| *other != bit);
                    let factors =
                        others.map(
                            |(other, (step, _))| {
                                if thing >> other & 1 == 1 { *step } else { 1.0 - step }
                            },
                        );
                    let product: f32 = factors.product();
                    if thing >> bit & 1 == 1 { product } else { -product }
                };
                let sum: f32 = gs.iter().enumerate().map(|(thing, g)| g * slope(thing)).sum();
                *each = sum * steps[bit].1;
            }
            join(back.joins, &mut out[index * back_row + back.at.column..], &each);
        }
    }

    /// Scalar products over the root of the width.
    pub(super) fn dot(&mut self, [one, other]: [View; 2], to: View) {
        let mut ys = std::mem::take(&mut self.values[to.buffer]);
        let (size, scale) = ((self.rows, one.width), 1.0 / (one.width as f32).sqrt());
        let place = (&mut ys[to.column..], self.widths[to.buffer]);
        dot_rows(size, self.strip(one), self.strip(other), scale, place, Meets::Replaces);
        self.values[to.buffer] = ys;
    }

    /// The gradients of what was multiplied.
    pub(super) fn dot_back(&mut self, [one, other]: [Read; 2], to: View) {
        let (size, scale) = ((self.rows, one.from.width), 1.0 / (one.from.width as f32).sqrt());
        self.gradients_mut(to).for_each(|row| row[0] *= scale);
        let ys = std::mem::take(&mut self.gradients[to.buffer]);
        let by = Strip { numbers: &ys[to.column..], stride: self.widths[to.buffer] };
        for (read, factor) in [(one, other), (other, one)] {
            let Some(Back { at, joins }) = read.back else { continue };
            let mut xs = std::mem::take(&mut self.gradients[at.buffer]);
            let place = (&mut xs[at.column..], self.widths[at.buffer]);
            scale_rows(size, self.strip(factor.from), by, place, joins.meets());
            self.gradients[at.buffer] = xs;
            self.clear_padding(at, joins);
        }
        self.gradients[to.buffer] = ys;
    }

    /// Logits of products of probabilities.
    pub(super) fn and(&mut self, [one, other]: [View; 2], to: View) {
        let mut ys = std::mem::take(&mut self.values[to.buffer]);
        let rows = ys.chunks_exact_mut(self.widths[to.buffer]);
        for (ys, (xs, others)) in rows.zip(self.values(one).zip(self.values(other))) {
            let pairs = ys[to.column..].iter_mut().zip(xs.iter().zip(others));
            pairs.for_each(|(y, (one, other))| *y = and(*one, *other).0);
        }
        self.values[to.buffer] = ys;
    }

    /// The gradients of both logits.
    pub(super) fn and_back(&mut self, [one, other]: [Read; 2], to: View) {
        let ys = std::mem::take(&mut self.gradients[to.buffer]);
        let stride = self.widths[to.buffer];
        let mut each = vec![0.0; to.width];
        for (nth, read) in [one, other].into_iter().enumerate() {
            let Some(Back { at, joins }) = read.back else { continue };
            let mut out = std::mem::take(&mut self.gradients[at.buffer]);
            let row = self.widths[at.buffer];
            let inputs = self.values(one.from).zip(self.values(other.from));
            for (index, (xs, others)) in inputs.enumerate() {
                let gs = &ys[index * stride + to.column..][..to.width];
                for (((each, g), x), y) in each.iter_mut().zip(gs).zip(xs).zip(others) {
                    let (_, dx, dy) = and(*x, *y);
                    *each = g * [dx, dy][nth];
                }
                join(joins, &mut out[index * row + at.column..], &each);
            }
            self.gradients[at.buffer] = out;
        }
        self.gradients[to.buffer] = ys;
    }
}
