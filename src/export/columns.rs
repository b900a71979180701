//! Columns to what the network reads, as the encoder has it: one input for each feature, the dense
//! row, and the codes of embedded columns.

use super::dates::dates;
use super::nodes::Nodes;
use super::numbers::{Table, alike, scaled};
use super::proto::{Attribute, Element};
use crate::data::{
    Categories, Encoder, FeatureEncoder, FeatureEncoding, MissingNumbers, Scaler, boolean_spellings,
};

/// What comes of the columns of a row.
pub struct Encoded {
    /// The dense part, `[N, width]`, if there is one.
    pub dense: Option<String>,
    /// For each embedded column its codes, `[N]`.
    pub codes: Vec<String>,
    /// Where a row holds what `predict` refuses, `[N, 1]`; none where nothing is refused.
    pub misfit: Option<String>,
}

/// The elements of a feature's input: text where it is told apart by text, else numbers.
pub fn element(feature: &FeatureEncoder) -> Element {
    match feature.encoding() {
        FeatureEncoding::Numeric(_) | FeatureEncoding::Date { .. } => Element::Double,
        FeatureEncoding::Boolean {} => Element::Text,
        FeatureEncoding::OneHot(categories) | FeatureEncoding::Embedded(categories) => {
            if categories.numbers().is_some() { Element::Double } else { Element::Text }
        }
    }
}

/// Encodes the columns, whose inputs have their names.
pub fn encode(nodes: &Nodes, encoder: &Encoder) -> Encoded {
    let features = encoder.features();
    let places = vec![Vec::new(); features.len()];
    let mut columns = Columns {
        nodes,
        features,
        missing: Missing::of(encoder),
        blocks: Vec::new(),
        places,
        codes: Vec::new(),
        misfits: Vec::new(),
    };
    columns.numbers();
    columns.dates();
    columns.booleans();
    columns.categories();
    columns.finish()
}

/// Columns of one kind are encoded together, and stand in a block; which columns of blocks make a
/// row is said feature by feature.
struct Columns<'a> {
    nodes: &'a Nodes,
    features: &'a [FeatureEncoder],
    missing: Missing,
    /// Each with its width.
    blocks: Vec<(String, usize)>,
    /// Of each feature its dense columns: the block and the column there.
    places: Vec<Vec<(usize, usize)>>,
    codes: Vec<String>,
    misfits: Vec<String>,
}

impl Columns<'_> {
    fn block(&mut self, value: String, width: usize) -> usize {
        self.blocks.push((value, width));
        self.blocks.len() - 1
    }

    /// The inputs of some features side by side.
    fn inputs(&self, which: &[usize]) -> String {
        let names: Vec<&str> = which.iter().map(|&at| self.features[at].name()).collect();
        self.nodes.concat(&names)
    }

    /// One more dense column of each of some features, in their order; `only` those that have it.
    fn place(&mut self, value: String, which: &[usize], only: impl Fn(&FeatureEncoder) -> bool) {
        if !which.iter().any(|&at| only(&self.features[at])) {
            return;
        }
        let block = self.block(value, which.len());
        for (column, &at) in which.iter().enumerate() {
            if only(&self.features[at]) {
                self.places[at].push((block, column));
            }
        }
    }

    fn numbers(&mut self) {
        let features = self.features;
        let mut groups: Vec<(Vec<usize>, Vec<&Scaler>)> = Vec::new();
        for (at, feature) in features.iter().enumerate() {
            let FeatureEncoding::Numeric(scaler) = feature.encoding() else { continue };
            match groups.iter_mut().find(|(_, scalers)| alike(scalers[0], scaler)) {
                Some((which, scalers)) => {
                    which.push(at);
                    scalers.push(scaler);
                }
                None => groups.push((vec![at], vec![scaler])),
            }
        }
        for (which, scalers) in groups {
            let numbers = self.missing.without(self.nodes, &self.inputs(&which), &[]);
            let scaled = scaled(self.nodes, &numbers, &scalers);
            self.misfits.push(scaled.misfit);
            self.place(scaled.numbers, &which, |_| true);
            self.place(scaled.missing, &which, FeatureEncoder::missing);
        }
    }

    fn dates(&mut self) {
        let (mut which, mut means, mut scales) = (Vec::new(), Vec::new(), Vec::new());
        for (at, feature) in self.features.iter().enumerate() {
            if let FeatureEncoding::Date { mean, scale, .. } = feature.encoding() {
                which.push(at);
                means.push(*mean);
                scales.push(*scale);
            }
        }
        if which.is_empty() {
            return;
        }
        let dates = dates(self.nodes, &self.inputs(&which), &means, &scales);
        let timed = |feature: &FeatureEncoder| {
            matches!(feature.encoding(), FeatureEncoding::Date { time: true, .. })
        };
        self.misfits.push(dates.misfit);
        self.place(dates.year, &which, |_| true);
        for (nth, circle) in dates.circles.into_iter().enumerate() {
            self.place(circle, &which, |feature| nth < 4 || timed(feature));
        }
        self.place(dates.missing, &which, FeatureEncoder::missing);
    }

    fn booleans(&mut self) {
        let is = |at: &usize| matches!(self.features[*at].encoding(), FeatureEncoding::Boolean {});
        let which: Vec<usize> = (0..self.features.len()).filter(is).collect();
        if which.is_empty() {
            return;
        }
        let spellings = boolean_spellings();
        let missing = self.missing.texts();
        let words =
            spellings.iter().map(|(text, yes)| (text.as_str(), if *yes { 1.0 } else { -1.0 }));
        // A token is missing, though it were a word for true or false.
        let words = words.filter(|(text, _)| !missing.contains(text));
        let (texts, numbers) = words.chain(missing.iter().map(|text| (*text, 0.0))).unzip();
        // No text stands for 2.
        let attributes = [
            ("keys_strings", Attribute::Texts(texts)),
            ("values_floats", Attribute::Floats(numbers)),
            ("default_float", Attribute::Float(2.0)),
        ];
        let (nodes, float) = (self.nodes, |number| self.nodes.float(number));
        let found = nodes.look_up(&self.inputs(&which), &attributes);
        let misfit = nodes.op("Greater", &[&found, &float(1.5)]);
        let known = nodes.choose(&misfit, &float(0.0), &found);
        self.misfits.push(misfit);
        self.place(known, &which, |_| true);
    }

    fn categories(&mut self) {
        let (nodes, features) = (self.nodes, self.features);
        for (at, feature) in features.iter().enumerate() {
            match feature.encoding() {
                FeatureEncoding::OneHot(categories) => {
                    let missing = &self.missing;
                    let (codes, _) = codes(nodes, missing, feature.name(), categories, false);
                    let all: Vec<i64> = (1..=categories.len() as i64).collect();
                    let all = nodes.ints(&[1, all.len()], &all);
                    let is = nodes.op("Equal", &[&codes, &all]);
                    let width = categories.len();
                    let block = self.block(nodes.cast(&is, Element::Float), width);
                    self.places[at] = (0..width).map(|column| (block, column)).collect();
                }
                FeatureEncoding::Embedded(categories) => {
                    let marked = feature.width() > 0;
                    let (codes, missing) =
                        codes(nodes, &self.missing, feature.name(), categories, marked);
                    self.codes.push(nodes.reshape(&codes, &[-1]));
                    if let Some(missing) = missing {
                        self.place(nodes.cast(&missing, Element::Float), &[at], |_| true);
                    }
                }
                _ => {}
            }
        }
    }

    fn finish(self) -> Encoded {
        let Columns { nodes, blocks, places, codes, misfits, .. } = self;
        let mut starts = Vec::new();
        let mut width = 0;
        for (_, own) in &blocks {
            starts.push(width);
            width += own;
        }
        let order: Vec<usize> =
            places.iter().flatten().map(|(block, column)| starts[*block] + column).collect();
        let dense = (!order.is_empty()).then(|| {
            let all: Vec<&str> = blocks.iter().map(|(value, _)| value.as_str()).collect();
            let all = nodes.concat(&all);
            let as_it_is = order.iter().copied().eq(0..width);
            if as_it_is { all } else { nodes.gather_columns(&all, &order) }
        });
        let misfit = (!misfits.is_empty()).then(|| {
            let numbers: Vec<String> =
                misfits.iter().map(|misfit| nodes.cast(misfit, Element::Float)).collect();
            let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
            let axes = ("axes", Attribute::Ints(vec![1]));
            let any = nodes.op_with("ReduceMax", &[&nodes.concat(&numbers)], &[axes]);
            nodes.op("Greater", &[&any, &nodes.float(0.5)])
        });
        Encoded { dense, codes, misfit }
    }
}

/// What means a missing cell.
struct Missing {
    /// In columns of text: the tokens, and other ways to write those that are numbers.
    texts: Vec<String>,
    numbers: MissingNumbers,
}

impl Missing {
    fn of(encoder: &Encoder) -> Self {
        let tokens = encoder.missing();
        let numbers = tokens.numbers(encoder.format());
        let [default, given, _] = tokens.lists();
        let mut texts = vec![String::new()];
        for text in default.iter().chain(given).cloned().chain(numbers.spellings()) {
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        Missing { texts, numbers }
    }

    fn texts(&self) -> Vec<&str> {
        self.texts.iter().map(String::as_str).collect()
    }

    /// The numbers with NaN for those that mean a missing cell, unless they are `known`.
    fn without(&self, nodes: &Nodes, xs: &str, known: &[f64]) -> String {
        let mut xs = xs.to_owned();
        for number in self.numbers.all().iter().filter(|number| !known.contains(number)) {
            let is = nodes.op("Equal", &[&xs, &nodes.double(*number)]);
            xs = nodes.choose(&is, &nodes.double(f64::NAN), &xs);
        }
        xs
    }
}

/// The codes of a column of categories, `[N, 1]`: that of a category plus one, 0 for any other
/// cell; and if asked for where a cell is missing.
fn codes(
    nodes: &Nodes,
    missing: &Missing,
    input: &str,
    categories: &Categories,
    marked: bool,
) -> (String, Option<String>) {
    if let Some(numbers) = categories.numbers() {
        let input = missing.without(nodes, input, &numbers);
        let codes = codes_of_numbers(nodes, &input, &numbers);
        return (codes, marked.then(|| nodes.op("IsNaN", &[&input])));
    }
    let names = categories.names();
    let known = names.iter().map(String::as_str).zip(1..);
    // What `predict` finds in other spellings; only of the usual ones, as a text is looked up here.
    let others = categories.other_spellings();
    let respelt = others.iter().map(|(text, code)| (text.as_str(), i64::from(*code) + 1));
    // A text that was a category in training is one here.
    let absent = missing.texts.iter().filter(|text| !names.contains(text));
    let absent = absent.map(|text| (text.as_str(), if marked { -1 } else { 0 }));
    let (texts, codes) = known.chain(respelt).chain(absent).unzip();
    let attributes = [
        ("keys_strings", Attribute::Texts(texts)),
        ("values_int64s", Attribute::Ints(codes)),
        ("default_int64", Attribute::Int(0)),
    ];
    let found = nodes.look_up(input, &attributes);
    if !marked {
        return (found, None);
    }
    let missing = nodes.op("Less", &[&found, &nodes.int(0)]);
    (nodes.op("Max", &[&found, &nodes.int(0)]), Some(missing))
}

fn codes_of_numbers(nodes: &Nodes, input: &str, numbers: &[f64]) -> String {
    let mut rising: Vec<(f64, i64)> = numbers.iter().copied().zip(1..).collect();
    rising.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (numbers, mut codes): (Vec<f64>, Vec<i64>) = rising.into_iter().unzip();
    // Behind the last.
    codes.push(0);
    let table = Table::new(nodes, &[&numbers]);
    let place = table.below(nodes, input);
    let codes = nodes.ints(&[codes.len()], &codes);
    let code = nodes.op_with("Gather", &[&codes, &place], &[("axis", Attribute::Int(0))]);
    let is = nodes.op("Equal", &[&table.at(nodes, &place), input]);
    nodes.choose(&is, &code, &nodes.int(0))
}
