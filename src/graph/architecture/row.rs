//! What all architectures begin with: the row, its numbers embedded if so wished, its large
//! categories always.

use super::super::{Activation, Builder, EmbeddingType, Embeddings, Init, Sketch, Spec};

/// What the names of parameters of numbers' embeddings begin with.
pub const NUMERIC: &str = "numeric";

/// What that of the factors in front of the network begins with.
pub const FRONT: &str = "front";

/// The row with its embeddings; in front of the network each of its numbers times one of its own
/// (`front`), if so wished.
pub fn compose(builder: &mut Builder, spec: &Spec, sketch: &Sketch) -> usize {
    let row = embedded_row(builder, spec, sketch);
    builder.rate(NUMERIC, spec.rates.embedding as f32);
    if !spec.front {
        return row;
    }
    let row = builder.scale(FRONT, row);
    builder.rate(FRONT, spec.rates.front as f32);
    row
}

/// The dense part of the row beside an embedding for each embedded column. Of the dense part the
/// columns that hold numbers are embedded, with parameters `numeric.…`; the rest comes behind them.
fn embedded_row(builder: &mut Builder, spec: &Spec, sketch: &Sketch) -> usize {
    let (embeddings, categories) = (&spec.embeddings, &spec.categories);
    let category = |codes| {
        let width = categories.width(codes);
        (width, categories.deviation(width))
    };
    let embedded = embedded(embeddings, sketch);
    if embedded.is_empty() {
        return builder.whole_row(category);
    }
    let Some(dense) = builder.numeric() else { return builder.whole_row(category) };
    let all = builder.width(dense);
    let (columns, edges): (Vec<usize>, Vec<Vec<f32>>) = embedded.into_iter().unzip();
    let rest: Vec<usize> = (0..all).filter(|column| !columns.contains(column)).collect();
    let numbers = if rest.is_empty() { dense } else { builder.columns(dense, columns) };
    let mut parts = embed(builder, embeddings, numbers, edges);
    if !rest.is_empty() {
        parts.push(builder.columns(dense, rest));
    }
    parts.extend(builder.categories(category));
    if parts.len() == 1 { parts[0] } else { builder.concat(parts) }
}

/// The columns to embed, each with its edges if it needs some. One without bins is constant: there
/// is nothing to embed.
fn embedded(embeddings: &Embeddings, sketch: &Sketch) -> Vec<(usize, Vec<f32>)> {
    let columns = sketch.continuous.iter().copied();
    match embeddings.kind {
        EmbeddingType::None => Vec::new(),
        EmbeddingType::Periodic | EmbeddingType::Plr => {
            columns.map(|column| (column, Vec::new())).collect()
        }
        EmbeddingType::Piecewise => {
            let edges = sketch.edges.iter().cloned();
            columns.zip(edges).filter(|(_, edges)| edges.len() > 1).collect()
        }
    }
}

/// What is made of the numbers, side by side.
fn embed(
    builder: &mut Builder,
    embeddings: &Embeddings,
    numbers: usize,
    edges: Vec<Vec<f32>>,
) -> Vec<usize> {
    let Embeddings { width, frequencies, deviation, .. } = *embeddings;
    let columns = builder.width(numbers);
    match embeddings.kind {
        EmbeddingType::None => vec![numbers],
        EmbeddingType::Piecewise => {
            let init = Init::Uniform(1.0 / (width as f32).sqrt());
            let linear = builder.grouped_from("numeric.linear", numbers, columns, (width, init));
            let encoded = builder.piecewise(numbers, edges);
            let name = "numeric.piecewise";
            let bent = builder.grouped_from(name, encoded, columns, (width, Init::Zeros));
            vec![builder.add(vec![linear, bent])]
        }
        EmbeddingType::Periodic => {
            let waves = builder.periodic("numeric.waves", numbers, frequencies, (deviation, true));
            vec![builder.grouped("numeric.periodic", waves, columns, width), numbers]
        }
        EmbeddingType::Plr => {
            let waves = builder.periodic("numeric.waves", numbers, frequencies, (deviation, false));
            let mixed = builder.grouped("numeric.periodic", waves, columns, width);
            vec![builder.activation(mixed, Activation::Relu)]
        }
    }
}
