//! Layers whose weights several members share: the members' parts of a row, each scaled by factors
//! of its own, lie side by side in whole vectors, so that one product is for all of them.

use super::block::{BLOCK, Block};
use super::cut::alone;
use super::plan::{Back, Part, Scale, Stage, View};
use super::planner::Planner;
use super::stages::{join, two};
use crate::graph::Op;
use crate::kernel::padded;

/// Rows of a block times members, as far as rows are not too few for that: so many rows of products
/// use each weight often enough, and fewer of them stay in the cache.
const TALL: usize = 4 * BLOCK;

/// The fewest rows of a block.
const FEWEST: usize = 8;

impl Planner<'_> {
    /// Scaling, one layer for all members, scaling.
    pub(super) fn batch_ensemble(&mut self, index: usize) {
        let node = &self.graph.nodes[index];
        let Op::BatchEnsemble { weight, r, s, bias, members } = node.op else { return };
        let shape = &self.graph.params[weight].shape;
        let (out, depth) = (shape[0], shape[1]);
        let from = self.parted(alone(&self.leads[index]).is_some(), node.inputs[0]);
        let xs = self.buffer(members * padded(depth), true);
        let ys = self.buffer(members * padded(out), true);
        let to = self.buffer(node.width, true);
        let part = Part { weight, bias: None, first: 0, width: out };
        let layer = self.place_layer(vec![part], depth, out);
        let scale = Scale {
            factors: r,
            shift: None,
            members,
            width: depth,
            apart: if from.width == depth { 0 } else { depth },
            to_apart: padded(depth),
        };
        let after = Scale {
            factors: s,
            shift: Some(bias),
            width: out,
            apart: padded(out),
            to_apart: out,
            ..scale
        };
        let (back, later) = (None, false);
        self.plan.stages.extend([
            Stage::Scale { scale, from, to: xs, back },
            Stage::Linear { layer, from: xs, to: ys, back, later, times: members },
            Stage::Scale { scale: after, from: ys, to, back },
        ]);
        self.views[index] = Some(to);
        self.plan.rows = self.plan.rows.min((TALL / members).clamp(FEWEST, BLOCK));
    }
}

impl Block {
    /// What each member makes of its input. Nothing is written between members.
    pub(super) fn scale(
        &mut self,
        scale: &Scale,
        from: View,
        to: View,
        factors: &[f32],
        shift: Option<&[f32]>,
    ) {
        let (row, stride, rows) = (self.widths[from.buffer], self.widths[to.buffer], self.rows);
        let [xs, ys] = two(&mut self.values, from.buffer, to.buffer);
        for index in 0..rows {
            for member in 0..scale.members {
                let own = member * scale.width..(member + 1) * scale.width;
                let xs = &xs[index * row + from.column + member * scale.apart..][..scale.width];
                let ys = &mut ys[index * stride + to.column + member * scale.to_apart..];
                let all = ys.iter_mut().zip(xs).zip(&factors[own.clone()]);
                match shift {
                    None => all.for_each(|((y, x), factor)| *y = x * factor),
                    Some(shift) => all
                        .zip(&shift[own])
                        .for_each(|(((y, x), factor), shift)| *y = x * factor + shift),
                }
            }
        }
    }

    /// The gradients of factors and of what is added, to their places.
    pub(super) fn learn_scale(
        &self,
        scale: &Scale,
        from: View,
        to: View,
        (factors, shift): (usize, Option<usize>),
        gradient: &mut [f32],
        first: bool,
    ) {
        let (row, stride) = (self.widths[from.buffer], self.widths[to.buffer]);
        let (xs, gs) = (&self.values[from.buffer], &self.gradients[to.buffer]);
        let all = scale.members * scale.width;
        for start in [Some(factors), shift].into_iter().flatten().filter(|_| first) {
            gradient[start..start + all].fill(0.0);
        }
        for index in 0..self.rows {
            for member in 0..scale.members {
                let own = member * scale.width;
                let xs = &xs[index * row + from.column + member * scale.apart..][..scale.width];
                let gs = &gs[index * stride + to.column + member * scale.to_apart..];
                let sums = &mut gradient[factors + own..][..scale.width];
                sums.iter_mut().zip(xs).zip(gs).for_each(|((sum, x), g)| *sum += x * g);
                if let Some(shift) = shift {
                    let sums = &mut gradient[shift + own..][..scale.width];
                    sums.iter_mut().zip(gs).for_each(|(sum, g)| *sum += g);
                }
            }
        }
    }

    /// The gradient of the input: of all members together where they read the same.
    pub(super) fn scale_back(
        &mut self,
        scale: &Scale,
        from: View,
        to: View,
        factors: &[f32],
        back: Back,
    ) {
        let (stride, row) = (self.widths[to.buffer], self.widths[back.at.buffer]);
        let [gs, out] = two(&mut self.gradients, to.buffer, back.at.buffer);
        let mut each = vec![0.0; from.width];
        for index in 0..self.rows {
            each.fill(0.0);
            for member in 0..scale.members {
                let gs = &gs[index * stride + to.column + member * scale.to_apart..];
                let each = &mut each[member * scale.apart..][..scale.width];
                let factors = &factors[member * scale.width..];
                let all = each.iter_mut().zip(gs).zip(factors);
                all.for_each(|((each, g), factor)| *each += g * factor);
            }
            join(back.joins, &mut out[index * row + back.at.column..], &each);
        }
    }
}
