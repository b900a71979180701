//! Hard parameter sharing: one trunk, one linear head per task
//! (Caruana, 1997, "Multitask Learning").

use super::super::{Builder, Graph, Inputs, Norm, Spec};

/// Trunk `trunk.0 … trunk.k`, heads `head.0 … head.t` in task order.
pub fn compose(spec: &Spec, inputs: Inputs, heads: &[usize]) -> Graph {
    let mut builder = Builder::new(inputs);
    let mut xs = builder.row(embedding_width);
    for (layer, &width) in spec.hidden.iter().enumerate() {
        xs = builder.linear(&format!("trunk.{layer}"), xs, width);
        if spec.norm == Norm::Layer {
            xs = builder.layer_norm(&format!("trunk.{layer}.norm"), xs);
        }
        xs = builder.activation(xs, spec.activation);
        xs = builder.dropout(xs, spec.dropout);
    }
    for (task, &width) in heads.iter().enumerate() {
        let head = builder.linear(&format!("head.{task}"), xs, width);
        builder.head(head);
    }
    builder.build()
}

/// The usual rule for a category of so many codes: 1.6 · codes^0.56, at most 64.
fn embedding_width(codes: usize) -> usize {
    ((1.6 * (codes as f64).powf(0.56)).round() as usize).clamp(1, 64)
}

#[cfg(test)]
mod tests {
    use super::super::super::{Activation, Op};
    use super::*;

    #[test]
    fn the_articles_network_has_its_193_weights() {
        let spec = Spec {
            hidden: vec![10, 10],
            activation: Activation::Relu,
            dropout: 0.0,
            norm: Norm::None,
        };
        let graph = spec.compose(Inputs { numeric: 4, codes: vec![] }, &[3]);
        graph.check().unwrap();
        assert_eq!(graph.weights(), 4 * 10 + 10 + 10 * 10 + 10 + 10 * 3 + 3);
        assert_eq!(graph.params[0].name, "trunk.0.weight");
        assert_eq!(graph.params[5].name, "head.0.bias");
        assert!(!graph.nodes.iter().any(|node| matches!(node.op, Op::Dropout(_))));
    }

    #[test]
    fn tasks_share_the_trunk() {
        let spec =
            Spec { hidden: vec![8], activation: Activation::Silu, dropout: 0.1, norm: Norm::Layer };
        let graph = spec.compose(Inputs { numeric: 2, codes: vec![40] }, &[3, 1]);
        graph.check().unwrap();
        assert_eq!(graph.head_widths(), [3, 1]);
        let reads = |head: usize| graph.nodes[graph.heads[head]].inputs.clone();
        assert_eq!(reads(0), reads(1));
    }
}
