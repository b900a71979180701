//! What each stage does to a block, forwards and back.

use super::block::{Block, EPSILON};
use super::plan::{Back, Joins, Layer, Plan, Point, View};
use crate::graph::Activation;
use crate::kernel::{
    Finish, Floats, LANES, Left, Masks, Product, Right, Start, activate, activate_with_derivative,
    padded, widely,
};

impl Block {
    /// `to = from · weights + bias`; all columns of the layer, so many `times` in a row.
    pub(super) fn linear(
        &mut self,
        (layer, times): (&Layer, usize),
        from: View,
        to: View,
        turned: &[f32],
        bias: &[f32],
    ) {
        let (row, stride) = (self.widths[from.buffer] / times, self.widths[to.buffer] / times);
        let [xs, ys] = two(&mut self.values, from.buffer, to.buffer);
        Product {
            rows: self.rows * times,
            depth: layer.depth,
            columns: layer.columns,
            left: Left { numbers: &xs[from.column..], row, step: 1 },
            right: Right { numbers: turned, row: layer.columns },
            start: Start::Row(bias),
            finish: Finish::Store,
        }
        .run(&mut ys[to.column..], stride);
    }

    /// The gradients of a layer's weights and biases.
    pub(super) fn learn_linear(
        &self,
        (layer, times): (&Layer, usize),
        from: View,
        to: View,
        gradient: &mut [f32],
        plan: &Plan,
        first: bool,
    ) {
        let (row, step) = (self.widths[from.buffer] / times, self.widths[to.buffer] / times);
        let stride = padded(layer.depth);
        let ys = &self.gradients[to.buffer][to.column..];
        Product {
            rows: layer.outputs,
            depth: self.rows * times,
            columns: stride,
            left: Left { numbers: ys, row: 1, step },
            right: Right { numbers: &self.values[from.buffer][from.column..], row },
            start: if first { Start::Zero } else { Start::Present },
            finish: Finish::Store,
        }
        .run(&mut gradient[layer.start..], stride);
        for part in &layer.parts {
            let Some(bias) = part.bias else { continue };
            let sums = &mut gradient[plan.layout.places[bias].start..][..part.width];
            add_rows(&ys[part.first..], step, self.rows * times, sums, first);
        }
    }

    /// The gradient of a layer's input.
    pub(super) fn linear_back(
        &mut self,
        (layer, times): (&Layer, usize),
        to: View,
        back: Back,
        weights: &[f32],
    ) {
        let (row, stride) = (self.widths[to.buffer] / times, self.widths[back.at.buffer] / times);
        let [ys, xs] = two(&mut self.gradients, to.buffer, back.at.buffer);
        let columns = padded(layer.depth);
        let (start, finish) = match back.joins {
            Joins::Replaces => (Start::Zero, Finish::Store),
            Joins::Adds => (Start::Present, Finish::Store),
            Joins::Multiplies => (Start::Zero, Finish::Multiply),
        };
        Product {
            rows: self.rows * times,
            depth: layer.outputs,
            columns,
            left: Left { numbers: &ys[to.column..], row, step: 1 },
            right: Right { numbers: &weights[layer.start..], row: columns },
            start,
            finish,
        }
        .run(&mut xs[back.at.column..], stride);
    }

    /// Functions of single numbers in place. Where something `learns` before them, their derivative
    /// goes among the gradients.
    pub(super) fn points(
        &mut self,
        points: &[Point],
        at: View,
        place: usize,
        learns: bool,
        masks: Option<Masks>,
    ) {
        let (stride, width) = (self.widths[at.buffer], padded(at.width));
        let whole = at.column == 0 && width == stride;
        for (nth, point) in points.iter().enumerate() {
            match *point {
                // One call where nothing lies between the rows.
                Point::Activation(activation) if whole => {
                    let numbers = 0..self.rows * stride;
                    self.activate(activation, at, numbers, learns, nth == 0);
                }
                Point::Activation(activation) => {
                    for row in 0..self.rows {
                        let start = row * stride + at.column;
                        self.activate(activation, at, start..start + width, learns, nth == 0);
                    }
                }
                Point::Dropout(rate, node) => {
                    if let Some(masks) = masks {
                        self.drop_out(masks, (node, rate), at, place, learns, nth == 0);
                    } else if learns && nth == 0 {
                        self.gradients_mut(at).for_each(|row| row.fill(1.0));
                    }
                }
            }
        }
    }

    fn activate(
        &mut self,
        activation: Activation,
        at: View,
        numbers: std::ops::Range<usize>,
        learns: bool,
        first: bool,
    ) {
        let values = &mut self.values[at.buffer][numbers.clone()];
        if !learns {
            activate(activation, values);
        } else if first {
            let slopes = &mut self.gradients[at.buffer][numbers.clone()];
            activate_with_derivative(activation, values, slopes);
        } else {
            let slopes = &mut self.gradients[at.buffer][numbers.clone()];
            for (values, before) in values.chunks_mut(LANES).zip(slopes.chunks_mut(LANES)) {
                let mut slopes = [0.0; LANES];
                activate_with_derivative(activation, values, &mut slopes[..values.len()]);
                before.iter_mut().zip(slopes).for_each(|(before, slope)| *before *= slope);
            }
        }
        // What pads a row is zero everywhere; only the sigmoid of zero is not.
        if activation == Activation::Sigmoid && at.width < padded(at.width) {
            let stride = self.widths[at.buffer];
            let rows = numbers.start / stride..=(numbers.end - 1) / stride;
            for row in rows {
                let start = row * stride + at.column;
                self.values[at.buffer][start + at.width..start + padded(at.width)].fill(0.0);
            }
        }
    }

    fn drop_out(
        &mut self,
        masks: Masks,
        (node, rate): (usize, f32),
        at: View,
        place: usize,
        learns: bool,
        first: bool,
    ) {
        let stride = self.widths[at.buffer];
        for row in 0..self.rows {
            let mask = &mut self.mask[..at.width];
            masks.fill(node, place + row, rate, mask);
            let start = row * stride + at.column;
            let values = &mut self.values[at.buffer][start..start + at.width];
            values.iter_mut().zip(&*mask).for_each(|(x, mask)| *x *= mask);
            if learns {
                let slopes = &mut self.gradients[at.buffer][start..start + at.width];
                match first {
                    true => slopes.copy_from_slice(mask),
                    false => slopes.iter_mut().zip(&*mask).for_each(|(x, mask)| *x *= mask),
                }
            }
        }
    }

    /// Passes values on from one view to another, number by number.
    pub(super) fn pass(&mut self, from: View, to: View, act: impl Fn(f32, &mut f32)) {
        let (row, stride, rows) = (self.widths[from.buffer], self.widths[to.buffer], self.rows);
        let [xs, ys] = two(&mut self.values, from.buffer, to.buffer);
        let width = from.width.min(to.width);
        for index in 0..rows {
            let xs = &xs[index * row + from.column..][..width];
            let ys = &mut ys[index * stride + to.column..][..width];
            xs.iter().zip(ys).for_each(|(x, y)| act(*x, y));
        }
    }

    /// Passes gradients back the same way.
    pub(super) fn pass_back(&mut self, from: View, back: Back) {
        let (row, stride) = (self.widths[from.buffer], self.widths[back.at.buffer]);
        let rows = self.rows;
        let [ys, xs] = two(&mut self.gradients, from.buffer, back.at.buffer);
        let width = from.width.min(back.at.width);
        for index in 0..rows {
            let ys = &ys[index * row + from.column..][..width];
            join(back.joins, &mut xs[index * stride + back.at.column..], ys);
        }
    }

    /// Normalises each row of `from` in place, and writes it scaled and shifted to `to`.
    pub(super) fn norm(
        &mut self,
        stage: usize,
        from: View,
        to: View,
        weight: &[f32],
        bias: &[f32],
    ) {
        let (row, stride, width) = (self.widths[from.buffer], self.widths[to.buffer], from.width);
        let rows = self.rows;
        let [xs, ys] = two(&mut self.values, from.buffer, to.buffer);
        for index in 0..rows {
            let xs = &mut xs[index * row + from.column..][..width];
            let mean = xs.iter().sum::<f32>() / width as f32;
            let variance = xs.iter().map(|x| (x - mean) * (x - mean)).sum::<f32>() / width as f32;
            let scale = 1.0 / (variance + EPSILON).sqrt();
            self.scales[stage][index] = scale;
            let ys = &mut ys[index * stride + to.column..][..width];
            for (((x, y), w), b) in xs.iter_mut().zip(ys).zip(weight).zip(bias) {
                *x = (*x - mean) * scale;
                *y = *x * w + b;
            }
        }
    }

    /// The gradients of a normalisation's scale and shift, to their places.
    pub(super) fn learn_norm(
        &self,
        from: View,
        to: View,
        (weight, bias): (usize, usize),
        gradient: &mut [f32],
        first: bool,
    ) {
        let (row, stride) = (self.widths[from.buffer], self.widths[to.buffer]);
        let (xs, ys) = (&self.values[from.buffer], &self.gradients[to.buffer]);
        add_rows(&ys[to.column..], stride, self.rows, &mut gradient[bias..][..to.width], first);
        let sums = &mut gradient[weight..][..to.width];
        if first {
            sums.fill(0.0);
        }
        for index in 0..self.rows {
            let xs = &xs[index * row + from.column..][..from.width];
            let ys = &ys[index * stride + to.column..][..to.width];
            sums.iter_mut().zip(xs).zip(ys).for_each(|((sum, x), y)| *sum += x * y);
        }
    }

    /// The gradient of a normalisation's input.
    pub(super) fn norm_back(
        &mut self,
        stage: usize,
        from: View,
        to: View,
        weight: &[f32],
        back: Back,
    ) {
        let (row, stride) = (self.widths[from.buffer], self.widths[to.buffer]);
        let (back_row, width) = (self.widths[back.at.buffer], from.width);
        let rows = self.rows;
        let [ys, out] = two(&mut self.gradients, to.buffer, back.at.buffer);
        let mut each = vec![0.0; width];
        for index in 0..rows {
            let xs = &self.values[from.buffer][index * row + from.column..][..width];
            let ys = &ys[index * stride + to.column..][..width];
            let (mut mean, mut slope) = (0.0, 0.0);
            for (((y, w), x), each) in ys.iter().zip(weight).zip(xs).zip(&mut each) {
                *each = y * w;
                mean += *each;
                slope += *each * x;
            }
            let (mean, slope) = (mean / width as f32, slope / width as f32);
            let scale = self.scales[stage][index];
            for (each, x) in each.iter_mut().zip(xs) {
                *each = (*each - mean - x * slope) * scale;
            }
            join(back.joins, &mut out[index * back_row + back.at.column..], &each);
        }
    }
}

/// Joins the gradient of a row to what begins at `to`.
pub(super) fn join(joins: Joins, to: &mut [f32], gradient: &[f32]) {
    let width = gradient.len();
    match joins {
        Joins::Replaces => to[..width].copy_from_slice(gradient),
        Joins::Adds => to.iter_mut().zip(gradient).for_each(|(to, x)| *to += x),
        Joins::Multiplies => {
            to.iter_mut().zip(gradient).for_each(|(to, x)| *to *= x);
            // The derivative of what pads a row is not zero, its gradient is.
            to[width..padded(width)].fill(0.0);
        }
    }
}

/// The sums of columns.
pub(super) fn add_rows(from: &[f32], stride: usize, rows: usize, sums: &mut [f32], first: bool) {
    if first {
        sums.fill(0.0);
    }
    widely(|| {
        for row in 0..rows {
            let from = &from[row * stride..][..sums.len()];
            sums.iter_mut().zip(from).for_each(|(sum, x)| *sum += x);
        }
    });
}

/// Two different buffers at once.
pub(super) fn two(buffers: &mut [Floats], first: usize, second: usize) -> [&mut Floats; 2] {
    debug_assert_ne!(first, second, "a stage reads and writes different buffers");
    let (low, high) = buffers.split_at_mut(first.max(second));
    match first < second {
        true => [&mut low[first], &mut high[0]],
        false => [&mut high[0], &mut low[second]],
    }
}
