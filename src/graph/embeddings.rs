//! Embeddings of numbers: a network reads several numbers of each numeric feature, so that it need
//! not make every step and bend of a single one (Gorishniy et al., 2022, arXiv 2203.05556).

use serde::{Deserialize, Serialize};

/// What is made of numeric features.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum EmbeddingType {
    /// Nothing: the standardised number.
    #[default]
    None,
    /// A linear layer of each feature, and beside it one of its piecewise-linear encoding, which
    /// begins at 0; their sum (version B of TabM, arXiv 2410.24210).
    Piecewise,
    /// The feature beside a linear layer of cosines of it (PBLD of RealMLP, arXiv 2407.04491).
    Periodic,
    /// A linear layer of each feature's cosines and sines, then ReLU (PLR).
    Plr,
}

impl EmbeddingType {
    /// Every type, with the name users write.
    pub const ALL: [(&'static str, EmbeddingType); 4] = [
        ("none", EmbeddingType::None),
        ("piecewise", EmbeddingType::Piecewise),
        ("periodic", EmbeddingType::Periodic),
        ("plr", EmbeddingType::Plr),
    ];
}

/// What the edges of bins go by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Edges {
    /// The feature alone: as many numbers in each bin.
    #[default]
    Quantiles,
    /// The targets: the leaves of a decision tree over the feature.
    Targets,
}

impl Edges {
    /// Every kind, with the name users write.
    pub const ALL: [(&'static str, Edges); 2] =
        [("quantiles", Edges::Quantiles), ("targets", Edges::Targets)];

    fn is_default(&self) -> bool {
        *self == Edges::default()
    }
}

/// Embeddings as checked where they were read. What a type does not have is not looked at.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Embeddings {
    /// What is made of a feature.
    #[serde(rename = "type")]
    pub kind: EmbeddingType,
    /// The most bins of a piecewise encoding.
    pub bins: usize,
    /// What their edges go by.
    #[serde(default, skip_serializing_if = "Edges::is_default")]
    pub edges: Edges,
    /// The outputs of a feature's linear layer.
    pub width: usize,
    /// Frequencies of a feature.
    pub frequencies: usize,
    /// The standard deviation that frequencies begin with.
    pub deviation: f32,
}

impl Embeddings {
    /// A type as it is where nothing else is said.
    pub fn of(kind: EmbeddingType) -> Self {
        let width = if kind == EmbeddingType::Periodic { 3 } else { 16 };
        Embeddings {
            kind,
            bins: 256,
            edges: Edges::Quantiles,
            width,
            frequencies: 16,
            deviation: 0.1,
        }
    }

    /// Whether features are read as they are.
    pub fn is_none(&self) -> bool {
        self.kind == EmbeddingType::None
    }

    /// The most bins between edges, if edges are wanted.
    pub fn bins(&self) -> Option<usize> {
        (self.kind == EmbeddingType::Piecewise).then_some(self.bins)
    }
}

impl Default for Embeddings {
    fn default() -> Self {
        Embeddings::of(EmbeddingType::None)
    }
}

/// Embeddings of categories as checked where they were read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct CategoryEmbeddings {
    /// The numbers of each category; none for 1.6 · categories^0.56, at most 64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<usize>,
    /// The standard deviation that they begin with; none for 1/√width.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deviation: Option<f32>,
}

impl CategoryEmbeddings {
    /// Whether nothing was chosen.
    pub fn is_default(&self) -> bool {
        *self == CategoryEmbeddings::default()
    }

    /// The numbers of each of so many categories. By default the usual rule.
    pub fn width(&self, codes: usize) -> usize {
        let usual = || ((1.6 * (codes as f64).powf(0.56)).round() as usize).clamp(1, 64);
        self.width.unwrap_or_else(usual)
    }

    /// The standard deviation that embeddings of this width begin with.
    pub fn deviation(&self, width: usize) -> f32 {
        self.deviation.unwrap_or(1.0 / (width as f32).sqrt())
    }
}

/// What embeddings have to know of encoded rows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sketch {
    /// The dense columns that hold numbers, rising; others hold zeros and ones and the like.
    pub continuous: Vec<usize>,
    /// For each of them edges of bins, where they are wanted; fewer than two where there are none.
    pub edges: Vec<Vec<f32>>,
}
