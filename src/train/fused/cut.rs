//! Where a network parts into its tasks.
//!
//! A stage is a task's own if no other task's loss hangs on its result. Where own stages, or
//! losses, read what others read too lies the border; the values read there are the
//! representation.

use super::block::BLOCK;
use super::plan::{Part, Plan, Stage, View};
use super::thin::{Output, outputs};
use crate::kernel::padded;
use std::ops::Range;

/// What a stage is to the tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Several tasks hang on it.
    Shared,
    /// One does.
    Own,
    /// It reads a cut for one task; a layer's parts may each read it for one, or for all.
    Border { cut: usize, owner: Option<usize> },
}

/// Shared values that own stages, or losses, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    pub view: View,
    /// The tasks that read it, each with its stage that comes first on the way back.
    pub owners: Vec<(usize, usize)>,
    /// The first stage of all on the way back: there the gradient of all is joined.
    pub stage: usize,
    /// Where its gradients begin in a task's list.
    pub start: usize,
    /// Of a thin cut what reads it.
    pub outputs: Vec<Output>,
}

/// The place of the losses on the way back: before all stages.
pub const LOSSES: usize = usize::MAX;

impl Cut {
    /// From row to row of its gradients.
    pub fn stride(&self) -> usize {
        padded(self.view.width)
    }

    /// Its gradients in a task's list.
    pub fn range(&self, rows: usize) -> Range<usize> {
        self.start..self.start + rows * self.stride()
    }
}

/// A plan's stages by tasks.
#[derive(Debug, Clone)]
pub struct Split {
    /// Stage by stage.
    pub sides: Vec<Side>,
    /// All cuts.
    pub cuts: Vec<Cut>,
    /// Numbers that a block's gradients take up in all cuts.
    pub len: usize,
}

impl Split {
    /// Splits a plan.
    pub fn new(plan: &Plan) -> Self {
        let mut stages = plan.stages.clone();
        let leads = Leads::new(plan, &mut stages);
        let mut split = Split { sides: vec![Side::Shared; stages.len()], cuts: Vec::new(), len: 0 };
        for (task, head) in plan.heads.iter().enumerate() {
            if alone(&leads.of(head.values)).is_none() {
                split.cut(head.values, LOSSES, &[task]);
            }
        }
        for (index, stage) in stages.iter_mut().enumerate().rev() {
            let all = alone(&leads.of(stage.output()));
            let owners: Vec<usize> = match stage {
                Stage::Linear { layer, .. } => {
                    plan.layers[*layer].parts.iter().filter_map(|part| owner(plan, part)).collect()
                }
                _ => Vec::from_iter(all),
            };
            // Of a stage with several inputs all are its task's own, or copies of what is shared.
            split.sides[index] = match stage.inputs().as_slice() {
                &[(view, &mut Some(_))]
                    if !owners.is_empty() && alone(&leads.of(view)).is_none() =>
                {
                    Side::Border { cut: split.cut(view, index, &owners), owner: all }
                }
                _ if all.is_some() => Side::Own,
                _ => Side::Shared,
            };
        }
        for cut in 0..split.cuts.len() {
            split.cuts[cut].outputs = outputs(plan, &split, cut);
        }
        split
    }

    /// Whether all its cuts are thin.
    pub fn is_thin(&self) -> bool {
        self.cuts.iter().all(Cut::is_thin)
    }

    /// The number of the cut at a view, through which these tasks' gradients go from this stage.
    fn cut(&mut self, view: View, stage: usize, owners: &[usize]) -> usize {
        let found = self.cuts.iter().position(|cut| cut.view == view);
        let at = found.unwrap_or_else(|| {
            let (start, outputs) = (self.len, Vec::new());
            self.cuts.push(Cut { view, owners: Vec::new(), stage, start, outputs });
            self.len += padded(view.width) * BLOCK;
            self.cuts.len() - 1
        });
        for &owner in owners {
            if !self.cuts[at].owners.iter().any(|(known, _)| *known == owner) {
                self.cuts[at].owners.push((owner, stage));
            }
        }
        at
    }
}

/// The task whose own a part of a layer is.
pub fn owner(plan: &Plan, part: &Part) -> Option<usize> {
    alone(&plan.reached[part.weight])
}

/// The one task among these; none if there are several.
pub fn alone(heads: &[bool]) -> Option<usize> {
    let mut set = heads.iter().enumerate().filter_map(|(head, set)| set.then_some(head));
    set.next().filter(|_| set.next().is_none())
}

/// For each column of each buffer the heads it leads to.
struct Leads {
    heads: usize,
    columns: Vec<Vec<Vec<bool>>>,
}

impl Leads {
    fn new(plan: &Plan, stages: &mut [Stage]) -> Self {
        let heads = plan.heads.len();
        let columns = plan.buffers.iter().map(|width| vec![vec![false; heads]; *width]).collect();
        let mut leads = Leads { heads, columns };
        let ends = plan.heads.iter().map(|head| head.values).enumerate();
        let charges = plan.charges.iter().map(|charge| (charge.task, charge.to));
        for (task, end) in ends.chain(charges) {
            let set: Vec<bool> = (0..heads).map(|other| other == task).collect();
            leads.join(end, &set);
        }
        for stage in stages.iter_mut().rev() {
            let all = leads.of(stage.output());
            for (from, _) in stage.inputs() {
                leads.join(from, &all);
            }
        }
        leads
    }

    fn of(&self, view: View) -> Vec<bool> {
        let columns = &self.columns[view.buffer][view.column..view.column + view.width];
        (0..self.heads).map(|head| columns.iter().any(|column| column[head])).collect()
    }

    fn join(&mut self, view: View, heads: &[bool]) {
        for column in &mut self.columns[view.buffer][view.column..view.column + view.width] {
            column.iter_mut().zip(heads).for_each(|(to, from)| *to |= from);
        }
    }
}
