//! How much each task makes of each expert.

use crate::artifact::Artifact;
use crate::data::{Encoded, relative_weights};
use crate::error::Result;
use crate::infer::{Net, Rows};

/// Rows that are looked at together.
const PART: usize = 1024;

impl Artifact {
    /// For each task the mean weight of each of its experts over rows, which count by their own
    /// weights, and over members, of which each has as many; nothing where the network has no
    /// experts.
    pub fn expert_use(&self, rows: &Encoded) -> Result<Vec<Vec<f64>>> {
        let mut graph = self.header.graph.clone();
        if graph.gates.is_empty() || rows.rows == 0 {
            return Ok(Vec::new());
        }
        let tasks = graph.heads.len();
        graph.heads = std::mem::take(&mut graph.gates);
        let members = std::mem::replace(&mut graph.members, 1);
        let (numeric, codes) = (graph.inputs.numeric, graph.inputs.codes.len());
        let mut widths = graph.head_widths();
        widths.truncate(tasks);
        let width: usize = widths.iter().sum();
        let net = Net::new(graph, self.weights.clone())?;
        let counts = rows.weights.as_deref().and_then(relative_weights);
        let count = |row: usize| counts.as_ref().map_or(1.0, |counts| counts[row]);
        let (mut sums, mut counted) = (vec![0.0; width], 0.0);
        for first in (0..rows.rows).step_by(PART) {
            let last = rows.rows.min(first + PART);
            let weights = net.run(Rows {
                rows: last - first,
                numeric: &rows.numeric[first * numeric..last * numeric],
                codes: &rows.codes[first * codes..last * codes],
            });
            // Of each row those of every member, side by side.
            for (row, weights) in (first..last).zip(weights.chunks_exact(width * members)) {
                let count = count(row);
                for weights in weights.chunks_exact(width) {
                    sums.iter_mut().zip(weights).for_each(|(sum, x)| *sum += count * f64::from(*x));
                }
                counted += count;
            }
        }
        let mut means = sums.into_iter().map(|sum| sum / (counted * members as f64));
        Ok(widths.into_iter().map(|width| means.by_ref().take(width).collect()).collect())
    }
}
