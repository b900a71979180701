//! What a block keeps while it is run back for one task after the other.

use super::block::{BLOCK, Block};
use super::plan::{Plan, Stage};
use crate::kernel::Floats;

impl Block {
    /// Keeps what a backward pass overwrites: derivatives, and the gradients of the heads.
    pub fn keep(&mut self, plan: &Plan) {
        if self.kept.is_empty() {
            let points = plan.stages.iter().filter_map(|stage| match stage {
                Stage::Points { at, learns: true, .. } => Some(at.buffer),
                _ => None,
            });
            let ends = plan.ends().map(|(_, end)| end.buffer);
            let mut buffers: Vec<usize> = points.chain(ends).collect();
            buffers.sort_unstable();
            buffers.dedup();
            let room = |&buffer: &usize| (buffer, Floats::zeros(self.widths[buffer] * BLOCK));
            self.kept = buffers.iter().map(room).collect();
        }
        for (buffer, kept) in &mut self.kept {
            let used = self.rows * self.widths[*buffer];
            kept[..used].copy_from_slice(&self.gradients[*buffer][..used]);
        }
    }

    /// Puts it back, with the gradients of no head but this.
    pub fn put_back(&mut self, plan: &Plan, task: usize) {
        for (buffer, kept) in &self.kept {
            let used = self.rows * self.widths[*buffer];
            self.gradients[*buffer][..used].copy_from_slice(&kept[..used]);
        }
        self.scale_heads(plan, |head| f32::from(head == task));
    }

    /// Multiplies the gradients of the heads, and what is added to their losses.
    pub fn scale_heads(&mut self, plan: &Plan, factor: impl Fn(usize) -> f32) {
        for (task, end) in plan.ends() {
            match factor(task) {
                1.0 => {}
                0.0 => self.gradients_mut(end).for_each(|row| row.fill(0.0)),
                factor => {
                    let rows = self.gradients_mut(end);
                    rows.for_each(|row| row.iter_mut().for_each(|x| *x *= factor));
                }
            }
        }
    }
}
