//! Which numbers of a node come of one feature.

use super::{Graph, Op};

impl Graph {
    /// The widths of the parts of a node of which each comes of one feature, side by side: an
    /// embedding is one, of what was made of several features there are as many parts. What
    /// several features went into, or one number, is parts of width 1.
    pub fn features(&self, node: usize) -> Vec<usize> {
        let of = &self.nodes[node];
        match of.op {
            Op::Concat => of.inputs.iter().flat_map(|&input| self.features(input)).collect(),
            Op::Add | Op::Activation(_) | Op::Blend { .. } | Op::Scale { .. } => {
                self.features(of.inputs[0])
            }
            Op::Embedding { .. } => vec![of.width],
            Op::Grouped { groups, .. } => vec![of.width / groups; groups],
            _ => vec![1; of.width],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{CategoryEmbeddings, EmbeddingType, Embeddings, Inputs, Sketch, Spec};
    use super::*;

    /// What the first layer of members reads, of three columns, the middle one no number, and an
    /// embedded one of width 5.
    fn read(kind: EmbeddingType, front: bool) -> Vec<usize> {
        let spec = Spec {
            members: 2,
            front,
            embeddings: Embeddings { width: 4, ..Embeddings::of(kind) },
            categories: CategoryEmbeddings { width: Some(5), deviation: None },
            ..Spec::default()
        };
        let edges = vec![vec![0.0, 1.0, 2.0]; 2];
        let sketch = Sketch { continuous: vec![0, 2], edges };
        let graph = spec.compose_for(Inputs { numeric: 3, codes: vec![9] }, &[1], &sketch);
        let reads = |op: &Op| matches!(op, Op::BatchEnsemble { .. });
        let first = graph.nodes.iter().find(|node| reads(&node.op)).unwrap();
        let features = graph.features(first.inputs[0]);
        assert_eq!(features.iter().sum::<usize>(), graph.nodes[first.inputs[0]].width);
        features
    }

    #[test]
    fn an_embedding_is_one_feature_and_a_number_another() {
        for front in [false, true] {
            assert_eq!(read(EmbeddingType::None, front), [1, 1, 1, 5]);
            assert_eq!(read(EmbeddingType::Piecewise, front), [4, 4, 1, 5]);
            assert_eq!(read(EmbeddingType::Plr, front), [4, 4, 1, 5]);
            // The numbers stand beside their embeddings.
            assert_eq!(read(EmbeddingType::Periodic, front), [4, 4, 1, 1, 1, 5]);
        }
    }
}
