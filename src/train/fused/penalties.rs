//! What is added to the losses beside the labels' own: planned as stages of the task behind all
//! others, whose gradient is what each row counts. Forwards they have nothing to do, as nobody asks
//! for their values.

use super::block::Block;
use super::plan::{Back, Charge, Read, Stage, View};
use super::planner::Planner;
use super::stages::join;
use super::step::Crew;
use crate::graph::{Penalty, chance, excess};

impl Planner<'_> {
    /// Plans the penalties of the graph, whose nodes have their places.
    pub(super) fn penalties(&mut self) {
        for penalty in &self.graph.penalties {
            let to = self.buffer(1, true);
            let read = |node| Read::of(self.parted(true, node));
            let reads: Vec<Read> = penalty.nodes().into_iter().map(read).collect();
            let stage = match (penalty, reads.as_slice()) {
                (Penalty::Exceeds { .. }, [lower, upper]) => {
                    Stage::Excess { of: [*lower, *upper], to }
                }
                (Penalty::Entropy { .. }, [Read { from, .. }]) => {
                    Stage::Entropy { from: *from, to, back: None }
                }
                _ => continue,
            };
            self.plan.stages.push(stage);
            let (task, weight) = (penalty.task(), penalty.weight());
            self.plan.charges.push(Charge { task, weight, to });
        }
    }
}

impl Crew<'_> {
    /// What a row of weight 1 adds to each penalty, by how many labels of each task count.
    pub(super) fn charges(&self, batch: &[usize], counted: &[(usize, f64)]) -> Vec<f32> {
        if self.plan.charges.is_empty() {
            return Vec::new();
        }
        let rows: f64 = batch.iter().map(|&row| f64::from(self.rows.weight(row))).sum();
        let each = |&Charge { task, weight, .. }: &Charge| match counted[task].0 {
            0 => 0.0,
            _ => (self.lesson.tasks[task].weight * f64::from(weight) / rows) as f32,
        };
        self.plan.charges.iter().map(each).collect()
    }
}

impl Block {
    /// The gradients of both logits, where the upper one's chance exceeds that of the lower.
    pub(super) fn excess_back(&mut self, of: [Read; 2], to: View) {
        let [lower, upper] = of.map(|read| read.from);
        for (nth, read) in of.into_iter().enumerate() {
            let Some(Back { at, joins }) = read.back else { continue };
            let mut out = std::mem::take(&mut self.gradients[at.buffer]);
            let rows = out.chunks_exact_mut(self.widths[at.buffer]);
            let logits = self.values(lower).zip(self.values(upper));
            for ((out, counts), (low, high)) in rows.zip(self.gradients(to)).zip(logits) {
                let (_, down, up) = excess(low[0], high[0]);
                join(joins, &mut out[at.column..], &[counts[0] * [down, up][nth]]);
            }
            self.gradients[at.buffer] = out;
        }
    }

    /// The gradient of the chances in their entropy.
    pub(super) fn entropy_back(&mut self, from: View, to: View, Back { at, joins }: Back) {
        let mut out = std::mem::take(&mut self.gradients[at.buffer]);
        let rows = out.chunks_exact_mut(self.widths[at.buffer]);
        let mut each = vec![0.0; from.width];
        for ((out, counts), chances) in rows.zip(self.gradients(to)).zip(self.values(from)) {
            each.iter_mut().zip(chances).for_each(|(each, p)| *each = counts[0] * chance(*p).1);
            join(joins, &mut out[at.column..], &each);
        }
        self.gradients[at.buffer] = out;
    }
}
