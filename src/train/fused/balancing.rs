//! What balancing the tasks needs to know of a step: which way its gradient comes about, and which
//! parameters are shared.

use super::cut::alone;
use super::plan::Plan;
use super::weights::Unit;
use crate::balance::{Balancer, Needs, On, Weights};
use std::ops::Range;

/// How a step comes to its gradient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// All losses at once.
    Sum,
    /// The same, each loss weighed, once the losses are known; and, if there is something to need,
    /// the gradients in the representation.
    Weighed(Option<Needs>),
    /// Each loss by itself, and then a weighed sum of gradients.
    Apart(Needs),
}

impl Way {
    /// The shards it needs at least.
    pub fn fewest_shards(self) -> usize {
        if self == Way::Apart(Needs::Halves) { 2 } else { 1 }
    }
}

/// The method at work, and the weights of the present step.
#[derive(Debug)]
pub struct Balancing {
    /// None where losses are summed.
    pub balancer: Option<Balancer>,
    /// Where gradients are taken.
    pub on: On,
    /// What counts for what in the shared parameters, for every task; 0 for those without labels.
    pub shared: Vec<f32>,
    /// The same in its own.
    pub heads: Vec<f32>,
    /// Whether own parameters get their gradient unweighed first.
    pub apart: bool,
}

impl Balancing {
    /// Of so many tasks.
    pub fn new(balancer: Option<Balancer>, on: On, tasks: usize) -> Self {
        let zeros = || vec![0.0; tasks];
        Balancing { balancer, on, shared: zeros(), heads: zeros(), apart: false }
    }

    /// What a step of these tasks needs.
    pub fn way(&self, tasks: &[usize]) -> Way {
        match &self.balancer {
            Some(balancer) if !tasks.is_empty() => match (balancer.needs(tasks), self.on) {
                (Needs::Losses, _) => Way::Weighed(None),
                (needs, On::Representation) => Way::Weighed(Some(needs)),
                (needs, On::Parameters) => Way::Apart(needs),
            },
            _ => Way::Sum,
        }
    }

    /// Takes the weights of a step.
    pub fn take(&mut self, tasks: &[usize], weights: &Weights, in_representation: bool) {
        self.shared.fill(0.0);
        self.heads.fill(0.0);
        self.apart = in_representation || weights.shared != weights.heads;
        for (at, &task) in tasks.iter().enumerate() {
            self.shared[task] = weights.shared[at] as f32;
            self.heads[task] = weights.heads[at] as f32;
        }
    }
}

/// A parameter's part of a unit, by whose losses reach it.
#[derive(Debug, Clone)]
pub struct Piece {
    /// Its share of the flat list.
    pub range: Range<usize>,
    /// The tasks whose loss reaches it.
    pub tasks: Vec<usize>,
    /// The one, if there is one.
    pub owner: Option<usize>,
    /// Where it stands among all that is shared.
    pub at: usize,
}

/// All units by pieces.
#[derive(Debug, Clone)]
pub struct Pieces {
    /// Unit by unit.
    pub units: Vec<Vec<Piece>>,
    /// How many numbers are shared.
    pub width: usize,
}

impl Pieces {
    /// Of all units.
    pub fn new(plan: &Plan, units: &[Unit]) -> Self {
        let mut width = 0;
        let mut piece = |(param, range): &(usize, Range<usize>)| {
            let reached = &plan.reached[*param];
            let tasks: Vec<usize> = (0..reached.len()).filter(|task| reached[*task]).collect();
            let piece = Piece { range: range.clone(), owner: alone(reached), tasks, at: width };
            width += if piece.is_shared() { range.len() } else { 0 };
            piece
        };
        let units = units.iter().map(|unit| unit.params.iter().map(&mut piece).collect()).collect();
        Pieces { units, width }
    }

    /// What of a unit is shared.
    pub fn shared(&self, unit: usize) -> impl Iterator<Item = &Piece> {
        self.units[unit].iter().filter(|piece| piece.is_shared())
    }
}

impl Piece {
    fn is_shared(&self) -> bool {
        self.tasks.len() > 1
    }
}
