//! The options `model.embeddings` and `model.categories`: what is made of numeric features, by name or
//! with numbers of one's own, and of categories that are not one-hot.

use super::fields::{Fields, choose, name};
use crate::error::{Code, Error, Result};
use crate::graph::{CategoryEmbeddings, Edges, EmbeddingType, Embeddings};
use serde_json::{Map, Value, json};

/// The most bins, frequencies and outputs of a feature.
const MOST: u64 = 256;

/// What each type can be told.
fn own(kind: EmbeddingType) -> &'static [&'static str] {
    match kind {
        EmbeddingType::None => &[],
        EmbeddingType::Piecewise => &["bins", "edges", "width"],
        EmbeddingType::Periodic | EmbeddingType::Plr => &["frequencies", "deviation", "width"],
    }
}

/// Reads it from the options of the model; `default` if it is not given.
pub fn read(model: &mut Fields, default: Embeddings) -> Result<Embeddings> {
    let path = model.path("embeddings");
    let value = match model.take("embeddings") {
        None => return Ok(default),
        Some(value) if value.is_object() => value,
        Some(other) => return choose(&path, &other, &EmbeddingType::ALL).map(Embeddings::of),
    };
    let mut given = Fields::new(&path, value)?;
    let Some(kind) = given.choice("type", &EmbeddingType::ALL)? else {
        let names = EmbeddingType::ALL.map(|(name, _)| format!("'{name}'")).join(", ");
        let message = format!("{}: expected one of {names}, found nothing", given.path("type"));
        return Err(Error::new(Code::Options, message).option(given.path("type")));
    };
    for option in ["bins", "edges", "width", "frequencies", "deviation"] {
        let path = given.path(option);
        if own(kind).contains(&option) || given.take(option).is_none() {
            continue;
        }
        let theirs = EmbeddingType::ALL.iter().filter(|(_, kind)| own(*kind).contains(&option));
        let theirs: Vec<String> = theirs.map(|(name, _)| format!("'{name}'")).collect();
        let (theirs, this) = (theirs.join(", "), name(&EmbeddingType::ALL, &kind));
        let message = format!("{path}: is an option of {theirs}, not of '{this}'");
        return Err(Error::new(Code::Options, message).option(path));
    }
    let mut embeddings = Embeddings::of(kind);
    let numbers: [(&'static str, &mut usize); 3] = [
        ("bins", &mut embeddings.bins),
        ("width", &mut embeddings.width),
        ("frequencies", &mut embeddings.frequencies),
    ];
    for (option, number) in numbers {
        if let Some(given) = given.whole(option, 1, MOST)? {
            *number = given as usize;
        }
    }
    if let Some(edges) = given.choice("edges", &Edges::ALL)? {
        embeddings.edges = edges;
    }
    if let Some(deviation) = deviation(&mut given)? {
        embeddings.deviation = deviation;
    }
    given.finish()?;
    Ok(embeddings)
}

fn deviation(given: &mut Fields) -> Result<Option<f32>> {
    let expected = "a number above 0, up to 100";
    let fits = |x: f64| x > 0.0 && x as f32 > 0.0 && x <= 100.0;
    Ok(given.number("deviation", expected, fits)?.map(|x| x as f32))
}

/// Reads `categories: { width, deviation }` over the preset's.
pub fn read_categories(
    model: &mut Fields,
    default: CategoryEmbeddings,
) -> Result<CategoryEmbeddings> {
    let Some(mut given) = model.object("categories")? else { return Ok(default) };
    let width = given.whole("width", 1, MOST)?.map(|width| width as usize);
    let deviation = deviation(&mut given)?;
    given.finish()?;
    Ok(CategoryEmbeddings {
        width: width.or(default.width),
        deviation: deviation.or(default.deviation),
    })
}

/// As a user would write it; nothing for none.
pub fn to_json(embeddings: &Embeddings) -> Option<Value> {
    if embeddings.is_none() {
        return None;
    }
    let Embeddings { kind, bins, edges, width, frequencies, deviation } = *embeddings;
    // Written as the user's 0.1, not as the nearest float's 0.10000000149011612.
    let deviation = deviation.to_string().parse::<f64>().map_or(Value::Null, |it| json!(it));
    let all = [
        ("bins", json!(bins)),
        ("edges", json!(name(&Edges::ALL, &edges))),
        ("width", json!(width)),
        ("frequencies", json!(frequencies)),
        ("deviation", deviation),
    ];
    let own = all.into_iter().filter(|(option, _)| own(kind).contains(option));
    let kind = ("type", json!(name(&EmbeddingType::ALL, &kind)));
    let fields = std::iter::once(kind).chain(own).map(|(name, value)| (name.to_owned(), value));
    Some(Value::Object(fields.collect::<Map<_, _>>()))
}
