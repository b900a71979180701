//! Numbers of feature columns, several columns of one kind at once, `[N, columns]` in double
//! precision, brought to their scales as [`Scaler`] says.

use super::nodes::Nodes;
use super::proto::{Attribute, Element};
use crate::data::{FARTHEST, LEAST_SHARE, NORMAL_CENTRE, NORMAL_TAIL, NormalFraction, Scaler};

/// What comes of some columns of numbers.
pub struct Scaled {
    /// On their scales, 0 where missing: `[N, columns]`, of single precision.
    pub numbers: String,
    /// 1 where missing, else 0: the same.
    pub missing: String,
    /// Where a number is infinite, which `predict` refuses: booleans of that shape.
    pub misfit: String,
}

/// Whether two scales can be computed at once.
pub fn alike(one: &Scaler, other: &Scaler) -> bool {
    std::mem::discriminant(one) == std::mem::discriminant(other)
}

/// Scales columns; the scales are of one kind.
pub fn scaled(nodes: &Nodes, xs: &str, scalers: &[&Scaler]) -> Scaled {
    let missing = nodes.op("IsNaN", &[xs]);
    let misfit = nodes.op("IsInf", &[xs]);
    // Any number will do: what is missing is 0 in the end.
    let known = nodes.choose(&missing, &nodes.double(0.0), xs);
    let wide = match scalers.first() {
        Some(Scaler::Standard { .. }) | None => standard(nodes, &known, scalers),
        Some(Scaler::Robust { .. }) => robust(nodes, &known, scalers),
        Some(Scaler::Quantile { .. }) => ranked(nodes, &known, scalers),
    };
    let wide = nodes.choose(&missing, &nodes.double(0.0), &wide);
    Scaled {
        numbers: nodes.cast(&wide, Element::Float),
        missing: nodes.cast(&missing, Element::Float),
        misfit,
    }
}

/// Kept as far from 0 as [`Scaler`] keeps them.
pub fn near(nodes: &Nodes, xs: &str) -> String {
    nodes.clip(xs, &nodes.double(-FARTHEST), &nodes.double(FARTHEST))
}

fn row(nodes: &Nodes, numbers: &[f64]) -> String {
    nodes.doubles(&[1, numbers.len()], numbers)
}

fn standard(nodes: &Nodes, xs: &str, scalers: &[&Scaler]) -> String {
    let (means, scales): (Vec<f64>, Vec<f64>) = scalers
        .iter()
        .map(|scaler| match scaler {
            Scaler::Standard { mean, scale } => (*mean, *scale),
            _ => (0.0, 1.0),
        })
        .unzip();
    let from_mean = nodes.sub(xs, &row(nodes, &means));
    near(nodes, &nodes.div(&from_mean, &row(nodes, &scales)))
}

fn robust(nodes: &Nodes, xs: &str, scalers: &[&Scaler]) -> String {
    let (medians, factors): (Vec<f64>, Vec<f64>) = scalers
        .iter()
        .map(|scaler| match scaler {
            Scaler::Robust { median, factor } => (*median, *factor),
            _ => (0.0, 0.0),
        })
        .unzip();
    let from_median = nodes.sub(xs, &row(nodes, &medians));
    let scaled = near(nodes, &nodes.mul(&from_median, &row(nodes, &factors)));
    let third = nodes.div(&scaled, &nodes.double(3.0));
    let root = nodes.op("Sqrt", &[&nodes.add(&nodes.double(1.0), &nodes.mul(&third, &third))]);
    nodes.div(&scaled, &root)
}

fn ranked(nodes: &Nodes, xs: &str, scalers: &[&Scaler]) -> String {
    let all: Vec<&[f64]> = scalers
        .iter()
        .map(|scaler| match scaler {
            Scaler::Quantile { quantiles } => quantiles.as_slice(),
            _ => &[],
        })
        .collect();
    let table = Table::new(nodes, &all);
    let (below, upto) = (table.below(nodes, xs), table.upto(nodes, xs));
    let high = table.at(nodes, &below);
    let before = nodes.op("Max", &[&nodes.sub(&below, &nodes.int(1)), &nodes.int(0)]);
    let low = table.at(nodes, &before);
    let (below, upto) = (nodes.cast(&below, Element::Double), nodes.cast(&upto, Element::Double));
    let one = nodes.double(1.0);
    let more = nodes.sub(&nodes.sub(&upto, &below), &one);
    let amid = nodes.add(&below, &nodes.mul(&nodes.double(0.5), &more));
    // Past the last quantile `high` is infinite, and the share 0 of the bin behind the last.
    let share = nodes.div(&nodes.sub(xs, &low), &nodes.sub(&high, &low));
    let between = nodes.add(&nodes.sub(&below, &one), &share);
    let first = nodes.op("Less", &[&below, &one]);
    let apart = nodes.choose(&first, &nodes.double(0.0), &between);
    let place = nodes.choose(&nodes.op("Equal", &[&high, xs]), &amid, &apart);
    let last = |quantiles: &&[f64]| quantiles.len().saturating_sub(1).max(1) as f64;
    let lasts: Vec<f64> = all.iter().map(last).collect();
    let share = nodes.div(&place, &row(nodes, &lasts));
    let share = nodes.clip(&share, &nodes.double(LEAST_SHARE), &nodes.double(1.0 - LEAST_SHARE));
    let normal = inverse_normal(nodes, &share);
    if all.iter().all(|quantiles| !quantiles.is_empty()) {
        return normal;
    }
    // Numbers of a constant column lie in the middle.
    let varies: Vec<f64> = all.iter().map(|it| if it.is_empty() { 0.0 } else { 1.0 }).collect();
    nodes.mul(&normal, &row(nodes, &varies))
}

/// As `data` has it, but for the far tail: [`LEAST_SHARE`] lies before it.
fn inverse_normal(nodes: &Nodes, p: &str) -> String {
    let from_centre = nodes.sub(p, &nodes.double(0.5));
    let squared = nodes.mul(&from_centre, &from_centre);
    let inner = fraction(nodes, &nodes.sub(&nodes.double(0.180625), &squared), &NORMAL_CENTRE);
    let centre = nodes.mul(&from_centre, &inner);
    let is_low = nodes.op("Less", &[&from_centre, &nodes.double(0.0)]);
    let tail = nodes.choose(&is_low, p, &nodes.sub(&nodes.double(1.0), p));
    let r = nodes.op("Sqrt", &[&nodes.op("Neg", &[&nodes.op("Log", &[&tail])])]);
    let size = fraction(nodes, &nodes.sub(&r, &nodes.double(1.6)), &NORMAL_TAIL);
    let far = nodes.choose(&is_low, &nodes.op("Neg", &[&size]), &size);
    let distance = nodes.op("Abs", &[&from_centre]);
    let is_far = nodes.op("Greater", &[&distance, &nodes.double(0.425)]);
    nodes.choose(&is_far, &far, &centre)
}

fn fraction(nodes: &Nodes, x: &str, (above, below): &NormalFraction) -> String {
    let polynomial = |of: &[f64; 8]| {
        let mut sum = nodes.double(of[0]);
        for coefficient in &of[1..] {
            sum = nodes.add(&nodes.mul(&sum, x), &nodes.double(*coefficient));
        }
        sum
    };
    nodes.div(&polynomial(above), &polynomial(below))
}

/// Rising numbers of each of several columns, in which numbers are looked up by halving: at least
/// one infinity stands behind those of every column.
pub struct Table {
    flat: String,
    starts: String,
    halvings: u32,
}

impl Table {
    /// Of these numbers, which rise column by column.
    pub fn new(nodes: &Nodes, columns: &[&[f64]]) -> Self {
        let most = columns.iter().map(|column| column.len()).max().unwrap_or(0);
        let mut halvings = 1;
        while (1usize << halvings) - 1 <= most {
            halvings += 1;
        }
        let size = (1usize << halvings) - 1;
        let mut flat = vec![f64::INFINITY; columns.len() * size];
        for (column, to) in columns.iter().zip(flat.chunks_exact_mut(size)) {
            to[..column.len()].copy_from_slice(column);
        }
        let starts: Vec<i64> = (0..columns.len()).map(|column| (column * size) as i64).collect();
        Table {
            flat: nodes.doubles(&[flat.len()], &flat),
            starts: nodes.ints(&[1, starts.len()], &starts),
            halvings,
        }
    }

    /// The number at a place of its column.
    pub fn at(&self, nodes: &Nodes, place: &str) -> String {
        let place = nodes.add(place, &self.starts);
        nodes.op_with("Gather", &[&self.flat, &place], &[("axis", Attribute::Int(0))])
    }

    /// How many of each column are less than the number there.
    pub fn below(&self, nodes: &Nodes, xs: &str) -> String {
        self.count(nodes, |number| nodes.op("Less", &[number, xs]))
    }

    /// How many are not greater.
    pub fn upto(&self, nodes: &Nodes, xs: &str) -> String {
        self.count(nodes, |number| nodes.op("Not", &[&nodes.op("Less", &[xs, number])]))
    }

    fn count(&self, nodes: &Nodes, counts: impl Fn(&str) -> String) -> String {
        let mut count = nodes.int(0);
        for step in (0..self.halvings).rev().map(|power| 1i64 << power) {
            let last = nodes.add(&count, &nodes.int(step - 1));
            let more = counts(&self.at(nodes, &last));
            count = nodes.choose(&more, &nodes.add(&count, &nodes.int(step)), &count);
        }
        count
    }
}
