//! What is made of single columns of a block, forwards and back: they are picked, scaled, encoded.

use super::block::Block;
use super::layout::Layout;
use super::plan::{Back, Plan, View};
use super::stages::{join, two};
use crate::graph::{Bins, Graph, Op};
use crate::kernel::{Waves, piecewise, piecewise_back};

/// What is made of columns.
#[derive(Debug, Clone, PartialEq)]
pub enum Embed {
    /// Some of them.
    Columns(Vec<usize>),
    /// Each times a number of its own.
    Scale(usize),
    /// Waves of each, so many; by the parameters of their frequencies and phases.
    Periodic(usize, Option<usize>, usize),
    /// Components of each.
    Piecewise(Bins),
}

impl Embed {
    /// What an operation makes of columns, if it is of this kind.
    pub fn new(graph: &Graph, op: &Op) -> Option<Self> {
        match op {
            Op::Columns { columns } => Some(Embed::Columns(columns.clone())),
            Op::Scale { weight } => Some(Embed::Scale(*weight)),
            Op::Periodic { frequency, phase } => {
                Some(Embed::Periodic(*frequency, *phase, graph.params[*frequency].shape[1]))
            }
            Op::Piecewise { edges } => Bins::new(edges).map(Embed::Piecewise),
            _ => None,
        }
    }

    /// Its parameters.
    fn params(&self) -> impl Iterator<Item = usize> {
        let (one, other) = match self {
            Embed::Scale(weight) => (Some(*weight), None),
            Embed::Periodic(frequency, phase, _) => (Some(*frequency), *phase),
            Embed::Columns(_) | Embed::Piecewise(_) => (None, None),
        };
        one.into_iter().chain(other)
    }
}

/// The waves of so many columns.
fn waves<'a>(
    (frequency, phase, most): (usize, Option<usize>, usize),
    columns: usize,
    layout: &Layout,
    flat: &'a [f32],
) -> Waves<'a> {
    let param = |param: usize| &flat[layout.places[param].range()];
    Waves { columns, most, frequency: param(frequency), phase: phase.map(param) }
}

impl Block {
    /// Makes it of `from`.
    pub(super) fn embed(&mut self, embed: &Embed, from: View, to: View, plan: &Plan, flat: &[f32]) {
        let (row, stride, rows) = (self.widths[from.buffer], self.widths[to.buffer], self.rows);
        let mut ys = std::mem::take(&mut self.values[to.buffer]);
        let xs = self.strip(from);
        let out = &mut ys[to.column..];
        match embed {
            &Embed::Periodic(frequency, phase, most) => {
                let params = (frequency, phase, most);
                waves(params, from.width, &plan.layout, flat).run(rows, xs, out, stride);
            }
            Embed::Piecewise(bins) => piecewise(rows, bins, xs, out, stride),
            Embed::Columns(columns) => {
                for (xs, ys) in xs.numbers.chunks(row).zip(out.chunks_mut(stride)).take(rows) {
                    ys.iter_mut().zip(columns).for_each(|(y, column)| *y = xs[*column]);
                }
            }
            Embed::Scale(weight) => {
                let weight = &flat[plan.layout.places[*weight].range()][..from.width];
                for (xs, ys) in xs.numbers.chunks(row).zip(out.chunks_mut(stride)).take(rows) {
                    ys.iter_mut().zip(xs.iter().zip(weight)).for_each(|(y, (x, w))| *y = x * w);
                }
            }
        }
        self.values[to.buffer] = ys;
    }

    /// The gradients of its parameters, and of what it is made of.
    pub(super) fn embed_back(
        &mut self,
        embed: &Embed,
        (from, to): (View, View),
        back: Option<Back>,
        plan: &Plan,
        flat: &[f32],
        (gradient, first): (&mut [f32], bool),
    ) {
        let places = &plan.layout.places;
        if first {
            embed.params().for_each(|param| gradient[places[param].range()].fill(0.0));
        }
        if back.is_none() && embed.params().next().is_none() {
            return;
        }
        let (row, stride) = (self.widths[from.buffer], self.widths[to.buffer]);
        let mut each = vec![0.0; from.width];
        for index in 0..self.rows {
            let xs = &self.values[from.buffer][index * row + from.column..][..from.width];
            let gs = &self.gradients[to.buffer][index * stride + to.column..][..to.width];
            match embed {
                Embed::Columns(columns) => {
                    each.fill(0.0);
                    columns.iter().zip(gs).for_each(|(column, g)| each[*column] += g);
                }
                Embed::Scale(weight) => {
                    let place = places[*weight].range();
                    let learns = gradient[place.clone()].iter_mut().zip(&flat[place]);
                    let pairs = xs.iter().zip(gs);
                    for ((each, (sum, w)), (x, g)) in each.iter_mut().zip(learns).zip(pairs) {
                        *sum += g * x;
                        *each = g * w;
                    }
                }
                &Embed::Periodic(frequency, phase, most) => {
                    let waves = waves((frequency, phase, most), from.width, &plan.layout, flat);
                    let place = places[frequency].range();
                    let learns = match phase.map(|phase| places[phase].range()) {
                        None => Some((&mut gradient[place], None)),
                        Some(phase) => {
                            let both = gradient.get_disjoint_mut([place, phase]);
                            both.ok().map(|[frequency, phase]| (frequency, Some(phase)))
                        }
                    };
                    if let Some(learns) = learns {
                        waves.back(xs, gs, learns, &mut each);
                    }
                }
                Embed::Piecewise(bins) => piecewise_back(bins, xs, gs, &mut each),
            }
            if let Some(back) = back {
                let stride = self.widths[back.at.buffer];
                let [_, out] = two(&mut self.gradients, to.buffer, back.at.buffer);
                join(back.joins, &mut out[index * stride + back.at.column..], &each);
            }
        }
    }
}
