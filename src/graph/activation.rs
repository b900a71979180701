//! The activation functions and their plain definitions.

use serde::{Deserialize, Serialize};

/// An activation function, element by element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Activation {
    /// max(x, 0).
    Relu,
    /// tanh x.
    Tanh,
    /// 1 / (1 + e⁻ˣ).
    Sigmoid,
    /// x Φ(x) with the exact normal distribution function (arXiv 1606.08415).
    Gelu,
    /// x · sigmoid x, also called swish (arXiv 1702.03118).
    Silu,
    /// x · tanh(ln(1 + eˣ)) (arXiv 1908.08681).
    Mish,
    /// Scaled exponential linear unit (arXiv 1706.02515).
    Selu,
}

impl Activation {
    /// Every activation, with the name users write.
    pub const ALL: [(&'static str, Activation); 7] = [
        ("relu", Activation::Relu),
        ("tanh", Activation::Tanh),
        ("sigmoid", Activation::Sigmoid),
        ("gelu", Activation::Gelu),
        ("silu", Activation::Silu),
        ("mish", Activation::Mish),
        ("selu", Activation::Selu),
    ];

    /// The function itself.
    #[inline]
    pub fn apply(self, x: f32) -> f32 {
        match self {
            Activation::Relu => x.max(0.0),
            Activation::Tanh => x.tanh(),
            Activation::Sigmoid => sigmoid(x),
            Activation::Gelu => 0.5 * x * (1.0 + libm::erff(x * std::f32::consts::FRAC_1_SQRT_2)),
            Activation::Silu => x * sigmoid(x),
            Activation::Mish => x * softplus(x).tanh(),
            Activation::Selu => {
                // The fixed point constants of the paper.
                const SCALE: f32 = 1.050_701;
                const ALPHA: f32 = 1.673_263_2;
                if x > 0.0 { SCALE * x } else { SCALE * ALPHA * x.exp_m1() }
            }
        }
    }
}

fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

fn softplus(x: f32) -> f32 {
    // Past 20 the two agree to the last bit, and eˣ would overflow later.
    if x > 20.0 { x } else { x.exp().ln_1p() }
}
