//! How the layers of a network begin, and how fast each kind of parameter learns: a pass over the
//! graph that an architecture has composed.

use super::architecture::row::{FRONT, NUMERIC};
use super::{Graph, Init, Op};
use serde::{Deserialize, Serialize};

/// How the weights of layers are meant, which says how fast they learn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Parametrization {
    /// As they are.
    #[default]
    Standard,
    /// The neural tangent parametrisation, `y = x W / √in + b` (Jacot et al., 2018, arXiv
    /// 1806.07572). What is kept is `W / √in`: with Adam, whose steps do not depend on the size of
    /// gradients, it learns at the rate ÷ √in.
    Ntk,
}

impl Parametrization {
    /// Every parametrisation, with the name users write.
    pub const ALL: [(&'static str, Parametrization); 2] =
        [("standard", Parametrization::Standard), ("ntk", Parametrization::Ntk)];
}

/// How linear layers begin.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Beginning {
    /// Weights and biases uniform within 1/√in, as PyTorch begins them.
    #[default]
    Uniform,
    /// Weights normal with the variance 1/in, biases normal with the variance 1.
    Normal,
    /// Weights normal with the variance 2/in, biases 0 (He et al., 2015, arXiv 1502.01852).
    He,
    /// By the training rows: each unit's weights such that its output, before the bias, has the
    /// standard deviation 1, each bias such that the output is 0 amid the rows (Holzmüller et al.,
    /// 2024, arXiv 2407.04491).
    Data,
}

impl Beginning {
    /// Every beginning, with the name users write.
    pub const ALL: [(&'static str, Beginning); 4] = [
        ("uniform", Beginning::Uniform),
        ("normal", Beginning::Normal),
        ("he", Beginning::He),
        ("data", Beginning::Data),
    ];

    /// The same for layers whose outputs are not looked at row by row: of groups, and of members.
    fn without_rows(self) -> Self {
        if self == Beginning::Data { Beginning::Normal } else { self }
    }

    /// The first values of the weights and biases of a layer on so many inputs.
    fn of(self, inputs: usize) -> (Init, Init) {
        let deviation = 1.0 / (inputs.max(1) as f32).sqrt();
        match self {
            Beginning::Uniform => (Init::Uniform(deviation), Init::Uniform(deviation)),
            Beginning::Normal => (Init::Normal(deviation), Init::Normal(1.0)),
            Beginning::He => (Init::Normal(std::f32::consts::SQRT_2 * deviation), Init::Zeros),
            Beginning::Data => (Init::Scaled(deviation), Init::Amid(AMID)),
        }
    }
}

/// Training rows that a bias lies amid.
const AMID: usize = 5;

/// What the learning rate is multiplied with for kinds of parameters.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Rates {
    /// The biases of linear layers.
    pub bias: f64,
    /// The learnt shares of parametric activations.
    pub activation: f64,
    /// All of the embeddings of numbers.
    pub embedding: f64,
    /// The factors in front of the network.
    pub front: f64,
}

impl Default for Rates {
    fn default() -> Self {
        Rates { bias: 1.0, activation: 1.0, embedding: 1.0, front: 1.0 }
    }
}

/// Which parameters the weight decay pulls, and how hard.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Decay {
    /// Those of two dimensions, all alike: no biases, scales and other vectors.
    #[default]
    Matrices,
    /// As RealMLP in pytabkit 1.8.0, in steps of `1 - weight decay · learning rate · rate²`, `rate`
    /// being that of [`Rates`]: there the factor of a parameter's learning rate counts twice. The
    /// embeddings of numbers with their biases, the factors in front and the shares of parametric
    /// activations decay so, the rest as with [`Decay::Matrices`]. For decoupled decay only.
    ByRates,
}

/// Says of every layer and parametric activation how it begins and how fast it learns. A
/// layer that its architecture begins in a way of its own keeps that. Embeddings of numbers are as
/// they are published, whatever the network behind them, and have a rate of their own already.
pub fn apply(
    graph: &mut Graph,
    parametrization: Parametrization,
    beginning: Beginning,
    rates: Rates,
) {
    let mut done = vec![false; graph.params.len()];
    for node in &graph.nodes {
        let (weight, bias, beginning) = match node.op {
            Op::Linear { weight, bias } => (weight, bias, beginning),
            Op::Grouped { weight, bias, .. } => (weight, bias, beginning.without_rows()),
            Op::BatchEnsemble { weight, bias, .. } => {
                (weight, Some(bias), beginning.without_rows())
            }
            Op::Blend { weight, .. } => {
                graph.params[weight].rate *= rates.activation as f32;
                continue;
            }
            _ => continue,
        };
        let embeds = graph.params[weight].name.split('.').next() == Some(NUMERIC);
        // The parameters of one layer may serve several nodes.
        if embeds || std::mem::replace(&mut done[weight], true) {
            continue;
        }
        let inputs = graph.params[weight].shape.get(1).copied().unwrap_or(1);
        let (usual, _) = Beginning::Uniform.of(inputs);
        let (weights, biases) = beginning.of(inputs);
        let is_usual = graph.params[weight].init == usual;
        if parametrization == Parametrization::Ntk {
            graph.params[weight].rate /= (inputs.max(1) as f32).sqrt();
        }
        if is_usual {
            graph.params[weight].init = weights;
        }
        if let Some(bias) = bias {
            graph.params[bias].rate *= rates.bias as f32;
            if is_usual {
                graph.params[bias].init = biases;
            }
        }
    }
}

/// Says of the parameters with rates of their own how they decay.
pub fn decay(graph: &mut Graph, decay: Decay, rates: Rates) {
    if decay == Decay::Matrices {
        return;
    }
    let square = |rate: f64| Some((rate * rate) as f32);
    for node in &graph.nodes {
        if let Op::Blend { weight, .. } = node.op {
            graph.params[weight].decay = square(rates.activation);
        }
    }
    for param in &mut graph.params {
        match param.name.split('.').next() {
            Some(NUMERIC) => param.decay = square(rates.embedding),
            Some(FRONT) => param.decay = square(rates.front),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Activation, Builder, Inputs};
    use super::*;

    fn graph() -> Graph {
        let mut builder = Builder::new(Inputs { numeric: 16, codes: vec![] });
        let row = builder.row(|_| 0);
        let xs = builder.linear("trunk.0", row, 9);
        let xs = builder.blend("trunk.0.blend", xs, Activation::Mish);
        let own = builder.linear_from("own", xs, 2, Init::Uniform(0.01));
        let head = builder.again(own, xs);
        builder.head(own);
        builder.head(head);
        builder.build()
    }

    #[test]
    fn nothing_said_changes_nothing() {
        let mut plain = graph();
        apply(&mut plain, Parametrization::default(), Beginning::default(), Rates::default());
        assert_eq!(plain, graph());
        let text = serde_json::to_string(&plain).unwrap();
        assert!(!text.contains("rate") && !text.contains("decay"), "{text}");
        let mut same = plain.clone();
        decay(&mut same, Decay::default(), Rates { front: 6.0, ..Rates::default() });
        assert_eq!(same, plain);
        assert_eq!(serde_json::from_str::<Graph>(&text).unwrap(), plain);
    }

    #[test]
    fn weights_biases_and_activations_have_rates_of_their_own() {
        let mut graph = graph();
        let rates = Rates { bias: 0.1, activation: 0.2, ..Rates::default() };
        apply(&mut graph, Parametrization::Ntk, Beginning::He, rates);
        let found: Vec<(f32, Init)> =
            graph.params.iter().map(|param| (param.rate, param.init)).collect();
        let he = Init::Normal(std::f32::consts::SQRT_2 / 4.0);
        assert_eq!(
            found,
            [
                (0.25, he),
                (0.1, Init::Zeros),
                (0.2, Init::Ones),
                // Two nodes, but one layer; and it begins as its architecture wants.
                (1.0 / 3.0, Init::Uniform(0.01)),
                (0.1, Init::Uniform(0.01)),
            ]
        );
        let text = serde_json::to_string(&graph).unwrap();
        assert!(text.contains("\"rate\":0.1"), "{text}");
        assert_eq!(serde_json::from_str::<Graph>(&text).unwrap(), graph);
    }

    #[test]
    fn an_architecture_may_say_rates_by_name() {
        let mut builder = Builder::new(Inputs { numeric: 2, codes: vec![] });
        let row = builder.row(|_| 0);
        let xs = builder.linear("a.1", row, 2);
        let xs = builder.linear("a.10", xs, 2);
        builder.head(xs);
        builder.rate("a.1", 6.0);
        builder.decay("a.10.weight", 0.5);
        let params = builder.build().params;
        let factors: Vec<_> = params.iter().map(|it| (it.rate, it.decays())).collect();
        assert_eq!(factors, [(6.0, 1.0), (6.0, 0.0), (1.0, 0.5), (1.0, 0.0)]);
    }
}
