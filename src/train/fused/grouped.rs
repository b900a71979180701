//! What layers on parts of the row do to a block, forwards and back.

use super::block::Block;
use super::plan::{Back, Joins, Layers, Plan, View};
use super::stages::{add_rows, two};
use crate::kernel::{
    Finish, Floats, Grouped, LANES, Left, Product, Right, Start, padded, whole_vectors,
};

impl Block {
    /// Each part of `from` through its layer.
    pub(super) fn grouped(&mut self, layers: Grouped<'_>, from: View, to: View) {
        // Taken out meanwhile: no input lies where the output does.
        let mut ys = std::mem::take(&mut self.values[to.buffer]);
        layers.run(self.rows, self.strip(from), &mut ys[to.column..], self.widths[to.buffer]);
        self.values[to.buffer] = ys;
    }

    /// The gradients of the layers' weights and biases.
    pub(super) fn learn_grouped(
        &self,
        layers: &Layers,
        from: View,
        to: View,
        gradient: &mut [f32],
        plan: &Plan,
        first: bool,
    ) {
        let Layers { groups, depth, width, .. } = *layers;
        let (places, step) = (&plan.layout.places, self.widths[to.buffer]);
        let (start, stride) = (places[layers.weight].start, padded(depth));
        let ys = &self.gradients[to.buffer][to.column..];
        for group in 0..groups {
            let (xs, row) = whole_vectors(self.rows, self.strip(from), group * depth, depth);
            Product {
                rows: width,
                depth: self.rows,
                columns: stride,
                left: Left { numbers: &ys[group * width..], row: 1, step },
                right: Right { numbers: &xs, row },
                start: if first { Start::Zero } else { Start::Present },
                finish: Finish::Store,
            }
            .run(&mut gradient[start + group * width * stride..], stride);
        }
        if let Some(bias) = layers.bias {
            let sums = &mut gradient[places[bias].start..][..to.width];
            add_rows(ys, step, self.rows, sums, first);
        }
    }

    /// The gradient of what the layers read.
    pub(super) fn grouped_back(
        &mut self,
        layers: &Layers,
        to: View,
        back: Back,
        plan: &Plan,
        weights: &[f32],
    ) {
        let Layers { groups, depth, width, weight, .. } = *layers;
        let (row, stride) = (self.widths[to.buffer], self.widths[back.at.buffer]);
        let (rows, columns) = (self.rows, padded(depth));
        let place = plan.layout.places[weight].start;
        let [ys, xs] = two(&mut self.gradients, to.buffer, back.at.buffer);
        let mut apart = Floats::default();
        for group in 0..groups {
            let mut product = Product {
                rows,
                depth: width,
                columns,
                left: Left { numbers: &ys[to.column + group * width..], row, step: 1 },
                right: Right { numbers: &weights[place + group * width * columns..], row: columns },
                start: Start::Zero,
                finish: Finish::Store,
            };
            let first = back.at.column + group * depth;
            if depth.is_multiple_of(LANES) {
                match back.joins {
                    Joins::Replaces => {}
                    Joins::Adds => product.start = Start::Present,
                    Joins::Multiplies => product.finish = Finish::Multiply,
                }
                product.run(&mut xs[first..], stride);
                continue;
            }
            if apart.is_empty() {
                apart = Floats::zeros(rows * columns);
            }
            product.run(&mut apart, columns);
            for (xs, from) in xs.chunks_exact_mut(stride).zip(apart.chunks_exact(columns)) {
                let pairs = xs[first..first + depth].iter_mut().zip(from);
                match back.joins {
                    Joins::Replaces => pairs.for_each(|(x, from)| *x = *from),
                    Joins::Adds => pairs.for_each(|(x, from)| *x += from),
                    Joins::Multiplies => pairs.for_each(|(x, from)| *x *= from),
                }
            }
        }
        self.clear_padding(back.at, back.joins);
    }
}
