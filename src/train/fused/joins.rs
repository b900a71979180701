//! How gradients come together where several stages read the same numbers.

use super::plan::{Back, Joins, Plan, Stage, View};
use crate::kernel::padded;
use std::collections::HashMap;

/// Where a result of points has one reader, that one multiplies its gradient into their
/// derivative. Elsewhere the gradient is gathered apart.
pub fn part(plan: &mut Plan, heads: &[View]) -> HashMap<View, View> {
    let mut apart = HashMap::new();
    for index in 0..plan.stages.len() {
        let Stage::Points { at, learns: true, .. } = plan.stages[index] else { continue };
        let after = plan.stages[index + 1..].iter_mut();
        let readers = after.flat_map(Stage::inputs).filter(|(from, _)| *from == at).count();
        if readers == 1 && !heads.contains(&at) {
            continue;
        }
        plan.buffers.push(padded(at.width));
        let view = View { buffer: plan.buffers.len() - 1, column: 0, width: at.width };
        apart.insert(at, view);
        if let Stage::Points { apart, .. } = &mut plan.stages[index] {
            *apart = Some(view);
        }
    }
    apart
}

/// Says how each gradient joins those that come before it, which is from the last stage on.
pub fn join(
    plan: &mut Plan,
    heads: &[View],
    apart: &HashMap<View, View>,
    learning: &HashMap<View, bool>,
) {
    // Losses come first.
    let mut written: Vec<View> = heads.to_vec();
    let mut points: Vec<(usize, View)> = Vec::new();
    for (index, stage) in plan.stages.iter().enumerate() {
        if let Stage::Points { at, apart: None, .. } = stage {
            points.push((index, *at));
        }
    }
    for (index, stage) in plan.stages.iter_mut().enumerate().rev() {
        for (from, back) in stage.inputs() {
            if !learning.get(&from).is_some_and(|learns| *learns) {
                continue;
            }
            let derivative = points.iter().any(|(before, at)| *before < index && *at == from);
            let joins = match derivative {
                true => Joins::Multiplies,
                false if written.contains(&from) => Joins::Adds,
                false => Joins::Replaces,
            };
            written.push(from);
            *back = Some(Back { at: *apart.get(&from).unwrap_or(&from), joins });
        }
    }
}
