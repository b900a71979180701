//! What each trial tries: a function of the seed, its number, and for later ones of the best trials
//! of earlier generations, whatever ran at the same time as what.

use crate::options::{Domain, Range, Space, TrainOptions, TuneOptions};
use crate::random::{Purpose, Random};
use serde_json::{Value, json};

/// Trials that are drawn at random before any is refined, the user's own options being the first.
const EXPLORED: usize = 16;

/// Trials proposed together after that, from the best of those before.
const GENERATION: usize = 8;

/// Of so many refined trials the last is drawn at random all the same.
const EXPLORING: usize = 4;

/// How far a number is moved, as a share of its range: a standard deviation.
const STEP: f64 = 0.15;

/// Draws after which a space counts as used up.
const MOST_DRAWS: usize = 500;

/// A value for each dimension of the space; none for the user's own.
type Genes = Vec<Option<Value>>;

/// One proposal.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// What it varies.
    genes: Genes,
    /// The same, as a user would write it.
    pub varied: Value,
    /// All of its options.
    pub options: TrainOptions,
}

/// The proposals so far, in order.
pub struct Proposals<'a> {
    space: &'a Space,
    given: &'a Value,
    random: Random,
    all: Vec<Proposal>,
    used_up: bool,
}

impl<'a> Proposals<'a> {
    /// Those of a search, of which the first is there.
    pub fn new(options: &'a TuneOptions, space: &'a Space) -> Self {
        let first = Proposal {
            genes: vec![None; space.dimensions.len()],
            varied: json!({}),
            options: options.base.clone(),
        };
        Proposals {
            space,
            given: &options.given,
            random: Random::new(options.base.fit.seed, Purpose::Search),
            all: vec![first],
            used_up: space.dimensions.is_empty(),
        }
    }

    /// Those so far.
    pub fn all(&self) -> &[Proposal] {
        &self.all
    }

    /// Proposes the next generation, from the scores of all before it; says whether there is
    /// anything new.
    pub fn next_generation(&mut self, scores: &[Option<f64>]) -> bool {
        let from = self.all.len();
        let to = if from < EXPLORED { EXPLORED } else { from + GENERATION };
        let elite = if from < EXPLORED { Vec::new() } else { best_quarter(scores) };
        while self.all.len() < to && !self.used_up {
            let explores = elite.is_empty() || self.all.len() % EXPLORING == EXPLORING - 1;
            let parents = if explores { &[][..] } else { &elite[..] };
            match self.draw(parents) {
                Some(proposal) => self.all.push(proposal),
                None => self.used_up = true,
            }
        }
        self.all.len() > from
    }

    /// A proposal unlike all others that a training would take; none if none was found.
    fn draw(&mut self, parents: &[usize]) -> Option<Proposal> {
        for _ in 0..MOST_DRAWS {
            let genes = match parents {
                [] => self.at_random(),
                parents => self.child(parents),
            };
            let options = TrainOptions::parse(self.space.apply(self.given, &genes));
            // Options may be fine each and not together, as an ensemble of networks with members.
            let Ok(options) = options else { continue };
            if self.all.iter().all(|other| other.options != options) {
                let varied = self.space.apply(&json!({}), &genes);
                return Some(Proposal { genes, varied, options });
            }
        }
        None
    }

    fn at_random(&mut self) -> Genes {
        let (space, random) = (self.space, &mut self.random);
        space.dimensions.iter().map(|dimension| Some(any(&dimension.domain, random))).collect()
    }

    /// Each value from either of two parents, one of them moved for sure, others by chance.
    fn child(&mut self, parents: &[usize]) -> Genes {
        let (space, random) = (self.space, &mut self.random);
        let [one, other] = [(); 2].map(|()| &self.all[parents[below(parents.len(), random)]].genes);
        let count = space.dimensions.len();
        let moved = below(count, random);
        let genes = space.dimensions.iter().enumerate().map(|(nth, dimension)| {
            let from = if random.unit() < 0.5 { one } else { other };
            let by_chance = below(count, random) == 0;
            if nth != moved && !by_chance {
                return from[nth].clone();
            }
            Some(match &from[nth] {
                Some(value) => near(&dimension.domain, value, random),
                None => any(&dimension.domain, random),
            })
        });
        genes.collect()
    }
}

/// The trials that are the best quarter of those with a score, best first.
fn best_quarter(scores: &[Option<f64>]) -> Vec<usize> {
    let mut scored: Vec<(f64, usize)> =
        scores.iter().enumerate().filter_map(|(trial, score)| Some(((*score)?, trial))).collect();
    scored.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
    scored.truncate(scored.len().div_ceil(4));
    scored.into_iter().map(|(_, trial)| trial).collect()
}

/// Any value.
fn any(domain: &Domain, random: &mut Random) -> Value {
    match domain {
        Domain::Values(values) => values[below(values.len(), random)].clone(),
        Domain::Range(range) => at(range, f64::from(random.unit())),
    }
}

/// A number near another, or another of several values.
fn near(domain: &Domain, value: &Value, random: &mut Random) -> Value {
    match domain {
        Domain::Values(values) => {
            let others: Vec<&Value> = values.iter().filter(|other| *other != value).collect();
            match others.as_slice() {
                [] => value.clone(),
                others => others[below(others.len(), random)].clone(),
            }
        }
        Domain::Range(range) => {
            let moved = place_of(range, value) + STEP * f64::from(random.normal());
            at(range, moved.clamp(0.0, 1.0))
        }
    }
}

/// The number at a place of a range, from 0 to 1.
fn at(range: &Range, place: f64) -> Value {
    let Range { low, high, log, integer } = *range;
    // Every whole number has as wide a place as the next.
    let (low, high) = if integer && !log { (low - 0.5, high + 0.5) } else { (low, high) };
    let number = if log {
        (low.ln() + place * (high.ln() - low.ln())).exp()
    } else {
        low + place * (high - low)
    };
    range.value(number)
}

/// The place of a number in a range.
fn place_of(range: &Range, value: &Value) -> f64 {
    let Range { low, high, log, .. } = *range;
    let number = value.as_f64().unwrap_or(low).clamp(low, high);
    let scale = |number: f64| if log { number.ln() } else { number };
    (scale(number) - scale(low)) / (scale(high) - scale(low))
}

/// A whole number from 0 up to but not `count`.
fn below(count: usize, random: &mut Random) -> usize {
    ((f64::from(random.unit()) * count as f64) as usize).min(count.saturating_sub(1))
}

#[cfg(test)]
#[path = "proposals_tests.rs"]
mod tests;
