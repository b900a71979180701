//! Several networks of one composition, side by side on the same rows, each with weights of its own.

use super::{Graph, Node, Op};

impl Graph {
    /// This network so many times: the parameters of the m-th as `member.m.…`, a head for each task
    /// that holds the outputs of all, and of all members that each has. Once it is itself.
    pub fn ensemble(self, members: usize) -> Graph {
        if members <= 1 {
            return self;
        }
        let mut whole = Graph {
            inputs: self.inputs.clone(),
            params: Vec::new(),
            nodes: Vec::new(),
            heads: Vec::new(),
            gates: Vec::new(),
            members: members * self.members,
            penalties: Vec::new(),
        };
        // Layers on one node are one layer, so all members read the same numbers, unless each puts
        // embeddings of its own beside them.
        let alike = self.inputs.codes.is_empty();
        let mut heads: Vec<Vec<usize>> = vec![Vec::new(); self.heads.len()];
        for member in 0..members {
            let first = whole.params.len();
            whole.params.extend(self.params.iter().cloned().map(|mut param| {
                param.name = format!("member.{member}.{}", param.name);
                param
            }));
            let mut places: Vec<usize> = Vec::with_capacity(self.nodes.len());
            for node in &self.nodes {
                let rows = |node: &Node| node.op == Op::Numeric;
                let there = whole.nodes.iter().position(rows).filter(|_| alike && rows(node));
                places.push(there.unwrap_or_else(|| {
                    let mut node = node.clone();
                    node.inputs.iter_mut().for_each(|input| *input = places[*input]);
                    node.op.params_mut().into_iter().for_each(|param| *param += first);
                    whole.nodes.push(node);
                    whole.nodes.len() - 1
                }));
            }
            heads.iter_mut().zip(&self.heads).for_each(|(all, head)| all.push(places[*head]));
            whole.gates.extend(self.gates.iter().map(|gate| places[*gate]));
            // As of the losses, the mean over the members.
            let share = 1.0 / members as f32;
            let penalties = self.penalties.iter();
            whole.penalties.extend(penalties.map(|it| it.moved(|node| places[node], share)));
        }
        for inputs in heads {
            let width = inputs.iter().map(|&input| whole.nodes[input].width).sum();
            whole.nodes.push(Node { op: Op::Concat, inputs, width });
            whole.heads.push(whole.nodes.len() - 1);
        }
        whole
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Architecture, Inputs, Spec};
    use super::*;

    fn network(codes: Vec<usize>) -> Graph {
        let spec = Spec {
            architecture: Architecture::Mmoe,
            hidden: vec![6],
            experts: 3,
            tower: vec![4],
            ..Spec::default()
        };
        spec.compose(Inputs { numeric: 3, codes }, &[1, 4])
    }

    #[test]
    fn one_is_the_network_itself() {
        let graph = network(vec![5]);
        assert_eq!(graph.clone().ensemble(1), graph);
        let json = serde_json::to_value(&graph).unwrap();
        assert!(json.get("members").is_none());
        assert_eq!(serde_json::from_value::<Graph>(json).unwrap().members, 1);
    }

    #[test]
    fn members_have_weights_of_their_own_and_heads_in_common() {
        for codes in [vec![], vec![5]] {
            let one = network(codes.clone());
            let three = one.clone().ensemble(3);
            three.check().unwrap();
            assert_eq!(three.weights(), 3 * one.weights());
            assert_eq!((three.head_widths(), three.members), (vec![3, 12], 3));
            assert_eq!(three.gates.len(), 6);
            let name = format!("member.2.{}", one.params[1].name);
            assert_eq!(three.params[2 * one.params.len() + 1].name, name);
            let rows = three.nodes.iter().filter(|node| node.op == Op::Numeric).count();
            assert_eq!(rows, if codes.is_empty() { 1 } else { 3 });
        }
    }

    #[test]
    fn networks_bring_the_members_that_they_have() {
        let spec = Spec { hidden: vec![6], members: 4, ..Spec::default() };
        let six = spec.compose(Inputs { numeric: 3, codes: vec![] }, &[1, 4]).ensemble(6);
        six.check().unwrap();
        assert_eq!((six.head_widths(), six.members), (vec![24, 96], 24));
    }
}
