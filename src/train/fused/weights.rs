//! The parameters as a step reads them: the flat list, and what is derived from it so that
//! products run over neighbours in memory.

use super::layout::UNIT_ROWS;
use super::plan::{Layers, Plan};
use crate::kernel::{Floats, Grouped, padded, transpose};
use std::ops::Range;

/// The parameters and what is derived from them.
#[derive(Debug)]
pub struct Weights {
    /// All, as the layout says.
    pub flat: Floats,
    /// Each layer's weights turned over, `[depth, columns]`; behind all layers those of each grouped
    /// node, `[groups, depth, padded(width)]`.
    pub turned: Vec<Floats>,
    /// Each layer's biases, `[columns]`, and each grouped node's, `[groups, padded(width)]`; 0
    /// where a part has none.
    pub biases: Vec<Floats>,
}

impl Weights {
    /// From the flat list.
    pub fn new(plan: &Plan, flat: Floats) -> Self {
        let layers = plan.layers.iter().map(|it| (it.depth, it.columns));
        let grouped = plan.grouped.iter().map(|it| (it.depth, it.groups * padded(it.width)));
        let sizes: Vec<(usize, usize)> = layers.chain(grouped).collect();
        let mut weights = Weights {
            flat,
            turned: sizes.iter().map(|(depth, columns)| Floats::zeros(depth * columns)).collect(),
            biases: sizes.iter().map(|(_, columns)| Floats::zeros(*columns)).collect(),
        };
        for unit in units(plan) {
            weights.derive(plan, &unit);
        }
        weights
    }

    /// The layers of a grouped node.
    pub fn grouped<'a>(&'a self, plan: &Plan, index: usize) -> Grouped<'a> {
        let Layers { groups, depth, width, .. } = plan.grouped[index];
        let at = plan.layers.len() + index;
        Grouped { groups, depth, width, turned: &self.turned[at], bias: &self.biases[at] }
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
    is: Is,
    /// Each parameter in it, with its share of the flat list.
    pub params: Vec<(usize, Range<usize>)>,
}

/// What is derived from a unit.
#[derive(Debug, Clone, PartialEq)]
enum Is {
    /// Nothing.
    Plain,
    /// These are rows of a layer.
    Rows(usize, Range<usize>),
    /// The bias of a layer from this output on.
    Bias(usize, usize),
    /// The weights of one group of a grouped node.
    Group(usize, usize),
    /// The biases of all its groups.
    GroupBias(usize),
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
            units.push(Unit { is: Is::Rows(index, rows), params: within.collect() });
        }
        for part in &layer.parts {
            done[part.weight] = true;
            if let Some(bias) = part.bias {
                done[bias] = true;
                let params = vec![(bias, places[bias].range())];
                units.push(Unit { is: Is::Bias(index, part.first), params });
            }
        }
    }
    for (index, &Layers { weight, bias, groups, depth, width }) in plan.grouped.iter().enumerate() {
        done[weight] = true;
        let (start, size) = (places[weight].start, width * padded(depth));
        units.extend((0..groups).map(|group| {
            let first = start + group * size;
            Unit { is: Is::Group(index, group), params: vec![(weight, first..first + size)] }
        }));
        if let Some(bias) = bias {
            done[bias] = true;
            let params = vec![(bias, places[bias].range())];
            units.push(Unit { is: Is::GroupBias(index), params });
        }
    }
    for (param, place) in places.iter().enumerate().filter(|(param, _)| !done[*param]) {
        units.push(Unit { is: Is::Plain, params: vec![(param, place.range())] });
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
    // SAFETY: the caller's promise. Units turn over to columns of their own.
    unsafe {
        match unit.is {
            Is::Plain => {}
            Is::Rows(index, ref rows) => {
                let layer = &plan.layers[index];
                let to = (*turned.add(index)).as_mut_ptr().add(rows.start);
                let size = (rows.len(), layer.depth);
                transpose(own, padded(layer.depth), size, to, layer.columns);
            }
            Is::Bias(index, first) => {
                let Some((param, _)) = unit.params.first() else { return };
                let width = plan.layout.places[*param].width;
                let to = (*biases.add(index)).as_mut_ptr().add(first);
                to.copy_from_nonoverlapping(own[..width].as_ptr(), width);
            }
            Is::Group(index, group) => {
                let Layers { depth, width, .. } = plan.grouped[index];
                let to = (*turned.add(plan.layers.len() + index)).as_mut_ptr();
                let to = to.add(group * depth * padded(width));
                transpose(own, padded(depth), (width, depth), to, padded(width));
            }
            Is::GroupBias(index) => {
                let Layers { groups, width, .. } = plan.grouped[index];
                let to = (*biases.add(plan.layers.len() + index)).as_mut_ptr();
                for (group, from) in own.chunks_exact(width).take(groups).enumerate() {
                    to.add(group * padded(width)).copy_from_nonoverlapping(from.as_ptr(), width);
                }
            }
        }
    }
}
