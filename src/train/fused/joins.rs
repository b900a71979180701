//! How gradients come together where several stages read the same numbers.

use super::plan::{Back, Joins, Plan, Stage, View};
use crate::graph::Graph;
use crate::kernel::padded;
use std::collections::{HashMap, HashSet};

/// Where a result of points has one reader, that one multiplies its gradient into their
/// derivative. Elsewhere the gradient is gathered apart.
pub fn part(plan: &mut Plan, heads: &[View]) -> HashMap<View, View> {
    // What points change in place is read after them only.
    let mut readers: HashMap<View, usize> = HashMap::new();
    for (from, _) in plan.stages.iter_mut().flat_map(Stage::inputs) {
        *readers.entry(from).or_default() += 1;
    }
    let mut apart = HashMap::new();
    for stage in &mut plan.stages {
        let Stage::Points { at, learns: true, apart: own, .. } = stage else { continue };
        if readers.get(at) == Some(&1) && !heads.contains(at) {
            continue;
        }
        plan.buffers.push(padded(at.width));
        let view = View { buffer: plan.buffers.len() - 1, column: 0, width: at.width };
        apart.insert(*at, view);
        *own = Some(view);
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
    let mut written: HashSet<View> = heads.iter().copied().collect();
    let points: HashSet<View> = plan
        .stages
        .iter()
        .filter_map(|stage| match stage {
            Stage::Points { at, apart: None, .. } => Some(*at),
            _ => None,
        })
        .collect();
    for (from, back) in plan.stages.iter_mut().rev().flat_map(Stage::inputs) {
        if !learning.get(&from).is_some_and(|learns| *learns) {
            continue;
        }
        let joins = match written.insert(from) {
            _ if points.contains(&from) => Joins::Multiplies,
            true => Joins::Replaces,
            false => Joins::Adds,
        };
        *back = Some(Back { at: *apart.get(&from).unwrap_or(&from), joins });
    }
}

/// For each node the heads it leads to, by its penalties too, and how many live nodes, heads and
/// penalties read it.
pub fn readers(graph: &Graph) -> (Vec<Vec<bool>>, Vec<usize>) {
    let mut leads = vec![vec![false; graph.heads.len()]; graph.nodes.len()];
    let mut readers = vec![0; graph.nodes.len()];
    for (head, &node) in graph.heads.iter().enumerate() {
        leads[node][head] = true;
        readers[node] += 1;
    }
    for penalty in &graph.penalties {
        for node in penalty.nodes() {
            leads[node][penalty.task()] = true;
            readers[node] += 1;
        }
    }
    for (index, node) in graph.nodes.iter().enumerate().rev() {
        if !leads[index].contains(&true) {
            continue;
        }
        let (before, after) = leads.split_at_mut(index);
        for &input in &node.inputs {
            readers[input] += 1;
            before[input].iter_mut().zip(&after[0]).for_each(|(to, from)| *to |= from);
        }
    }
    (leads, readers)
}

/// For each parameter the heads whose loss reaches it; `leads` is that of [`readers`].
pub fn reached(graph: &Graph, leads: &[Vec<bool>]) -> Vec<Vec<bool>> {
    let mut reached = vec![vec![false; graph.heads.len()]; graph.params.len()];
    for (node, leads) in graph.nodes.iter().zip(leads) {
        for param in node.op.params() {
            reached[param].iter_mut().zip(leads).for_each(|(to, from)| *to |= from);
        }
    }
    reached
}

/// The parameters that the losses of several tasks reach.
pub fn shared(graph: &Graph) -> Vec<usize> {
    let reached = reached(graph, &readers(graph).0);
    let several = |param: &usize| reached[*param].iter().filter(|set| **set).count() > 1;
    (0..graph.params.len()).filter(several).collect()
}
