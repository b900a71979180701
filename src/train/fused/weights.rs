//! The parameters as a step reads them: the flat list, and what is derived from it so that
//! products run over neighbours in memory.

use super::layout::UNIT_ROWS;
use super::plan::Plan;
use crate::kernel::{Floats, padded, transpose};
use std::ops::Range;

/// The parameters and what is derived from them.
#[derive(Debug)]
pub struct Weights {
    /// All, as the layout says.
    pub flat: Floats,
    /// Each layer's weights turned over, `[depth, columns]`.
    pub turned: Vec<Floats>,
    /// Each layer's biases, `[columns]`; 0 where a part has none.
    pub biases: Vec<Floats>,
}

impl Weights {
    /// From the flat list.
    pub fn new(plan: &Plan, flat: Floats) -> Self {
        let layers = &plan.layers;
        let mut weights = Weights {
            flat,
            turned: layers.iter().map(|it| Floats::zeros(it.depth * it.columns)).collect(),
            biases: layers.iter().map(|it| Floats::zeros(it.columns)).collect(),
        };
        for unit in units(plan) {
            weights.derive(plan, &unit);
        }
        weights
    }

    /// Brings up to date what is derived from a unit.
    pub fn derive(&mut self, plan: &Plan, unit: &Unit) {
        // SAFETY: there is no other thread here.
        unsafe {
            let (turned, biases) = (self.turned.as_mut_ptr(), self.biases.as_mut_ptr());
            derive(plan, unit, &self.flat[unit.range()], turned, biases);
        }
    }
}

/// A part of the parameters that one thread updates: some rows of a layer, or a vector or table.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// The layer and its rows.
    rows: Option<(usize, Range<usize>)>,
    /// The layer whose bias this is, and the first output.
    bias: Option<(usize, usize)>,
    /// Each parameter in it, with its share of the flat list.
    pub params: Vec<(usize, Range<usize>)>,
}

impl Unit {
    /// Its share of the flat list.
    pub fn range(&self) -> Range<usize> {
        let start = self.params.first().map_or(0, |(_, range)| range.start);
        start..self.params.last().map_or(start, |(_, range)| range.end)
    }
}

/// All parameters, in units.
pub fn units(plan: &Plan) -> Vec<Unit> {
    let places = &plan.layout.places;
    let mut units = Vec::new();
    let mut done = vec![false; places.len()];
    for (index, layer) in plan.layers.iter().enumerate() {
        let stride = padded(layer.depth);
        for first in (0..layer.columns).step_by(UNIT_ROWS) {
            let rows = first..layer.columns.min(first + UNIT_ROWS);
            let share = layer.start + rows.start * stride..layer.start + rows.end * stride;
            let within = layer.parts.iter().filter_map(|part| {
                let range = places[part.weight].range();
                let range = range.start.max(share.start)..range.end.min(share.end);
                (!range.is_empty()).then_some((part.weight, range))
            });
            units.push(Unit { rows: Some((index, rows)), bias: None, params: within.collect() });
        }
        for part in &layer.parts {
            done[part.weight] = true;
            if let Some(bias) = part.bias {
                done[bias] = true;
                let params = vec![(bias, places[bias].range())];
                units.push(Unit { rows: None, bias: Some((index, part.first)), params });
            }
        }
    }
    for (param, place) in places.iter().enumerate().filter(|(param, _)| !done[*param]) {
        units.push(Unit { rows: None, bias: None, params: vec![(param, place.range())] });
    }
    units
}

/// Brings up to date what is derived from a unit, whose share of the flat list is `own`.
///
/// # Safety
///
/// The lists are those of [`Weights`], and no other thread reads them, or derives the same unit.
pub unsafe fn derive(
    plan: &Plan,
    unit: &Unit,
    own: &[f32],
    turned: *mut Floats,
    biases: *mut Floats,
) {
    if let Some((index, rows)) = &unit.rows {
        let layer = &plan.layers[*index];
        let stride = padded(layer.depth);
        // SAFETY: the caller's promise. Units turn over to columns of their own.
        unsafe {
            let to = (*turned.add(*index)).as_mut_ptr().add(rows.start);
            transpose(own, stride, (rows.len(), layer.depth), to, layer.columns);
        }
    }
    if let (Some((index, first)), Some((param, _))) = (unit.bias, unit.params.first()) {
        let width = plan.layout.places[*param].width;
        // SAFETY: as above.
        unsafe {
            let to = (*biases.add(index)).as_mut_ptr().add(first);
            to.copy_from_nonoverlapping(own[..width].as_ptr(), width);
        }
    }
}
