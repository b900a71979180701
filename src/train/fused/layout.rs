//! Where parameters lie while training: rows padded to whole vectors, the weights of linear layers
//! that read the same node beside each other, so that they are one layer.

use crate::graph::{Graph, Param};
use crate::kernel::{Floats, LANES, padded};
use std::ops::Range;

/// The place of one parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Where it begins.
    pub start: usize,
    /// Its rows; a vector has one.
    pub rows: usize,
    /// Numbers in a row that are its own; the rest up to `stride` stays zero.
    pub width: usize,
    /// From one row to the next.
    pub stride: usize,
    /// What it takes up, with rows of zeros behind it.
    pub span: usize,
    /// What the weight decay is multiplied with, 0 where nothing pulls it.
    pub decays: f32,
    /// What the learning rate is multiplied with.
    pub rate: f32,
}

impl Place {
    /// Where it lies, with all that is zero.
    pub fn range(&self) -> Range<usize> {
        self.start..self.start + self.span
    }
}

/// All parameters in one list.
#[derive(Debug, Clone)]
pub struct Layout {
    /// By their index in the graph.
    pub places: Vec<Place>,
    /// Numbers in all, zeros included.
    pub len: usize,
}

impl Layout {
    /// No parameter has a place yet.
    pub fn new(graph: &Graph) -> Self {
        let (start, rows, width, stride, span) = (0, 0, 0, 0, 0);
        let nowhere = Place { start, rows, width, stride, span, decays: 0.0, rate: 1.0 };
        Layout { places: vec![nowhere; graph.params.len()], len: 0 }
    }

    /// Puts a parameter behind those that have a place. It takes up `rows` rows, those past its
    /// own being zero.
    pub fn put(&mut self, graph: &Graph, param: usize, rows: usize) {
        let shape = &graph.params[param].shape;
        let (own, width) = match shape.as_slice() {
            [rows, width] => (*rows, *width),
            shape => (1, shape.iter().product()),
        };
        let stride = padded(width);
        let span = rows * stride;
        let (start, rows) = (self.len, own);
        let Param { rate, .. } = graph.params[param];
        let decays = graph.params[param].decays();
        self.places[param] = Place { start, rows, width, stride, span, decays, rate };
        self.len += span;
    }

    /// The rows of all parameters as they are saved, one after the other, and here.
    fn rows(&self) -> impl Iterator<Item = (Range<usize>, Range<usize>)> {
        let mut saved = 0;
        self.places.iter().flat_map(move |place| {
            let from = saved;
            saved += place.rows * place.width;
            (0..place.rows).map(move |row| {
                let here = place.start + row * place.stride;
                let there = from + row * place.width;
                (there..there + place.width, here..here + place.width)
            })
        })
    }

    /// From the order of the model file to this.
    pub fn spread(&self, saved: &[f32]) -> Floats {
        let mut numbers = Floats::zeros(self.len);
        for (there, here) in self.rows() {
            numbers[here].copy_from_slice(&saved[there]);
        }
        numbers
    }

    /// And back.
    pub fn gather(&self, numbers: &[f32]) -> Vec<f32> {
        let mut saved = Vec::with_capacity(self.len);
        for (_, here) in self.rows() {
            saved.extend_from_slice(&numbers[here]);
        }
        saved
    }
}

/// Rows of a layer are updated, and turned over, so many at a time.
pub const UNIT_ROWS: usize = LANES;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{Builder, Inputs};

    #[test]
    fn numbers_come_back_in_the_order_of_the_file() {
        let mut builder = Builder::new(Inputs { numeric: 5, codes: vec![3] });
        let row = builder.row(|_| 2);
        let xs = builder.linear("trunk.0", row, 17);
        let head = builder.linear("head.0", xs, 2);
        builder.head(head);
        let graph = builder.build();
        let mut layout = Layout::new(&graph);
        for param in [3, 1, 0, 4, 2] {
            let rows = if param == 1 { 32 } else { graph.params[param].shape[0] };
            layout.put(&graph, param, if graph.params[param].shape.len() > 1 { rows } else { 1 });
        }
        assert!(layout.places.iter().all(|place| place.start.is_multiple_of(LANES)));
        let saved: Vec<f32> = (0..graph.weights()).map(|i| i as f32).collect();
        assert_eq!(layout.gather(&layout.spread(&saved)), saved);
        assert_eq!(layout.spread(&saved).iter().filter(|x| **x != 0.0).count(), saved.len() - 1);
    }
}
