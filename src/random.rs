//! Our own seeded randomness: one generator a purpose and run, the same on every machine.

use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use serde::{Deserialize, Deserializer, Serialize};

/// What a stream of random numbers is for. Streams of one seed are independent, so that adding
/// a draw to one purpose never shifts another.
#[derive(Debug, Clone, Copy)]
pub enum Purpose {
    /// Which rows validate.
    Split = 1,
    /// The first weights.
    Init = 2,
    /// The order of the rows in an epoch.
    Shuffle = 3,
    /// Dropout masks.
    Dropout = 4,
    /// What a balancing method draws.
    Balance = 5,
    /// Which categories an epoch reads as unseen.
    Hiding = 6,
    /// The folds of a cross-validation.
    Folds = 10,
    /// Which rows a comparison holds out.
    HeldOut = 11,
    /// What the trials of a search vary.
    Search = 12,
    /// The seeds of further networks.
    Networks = 13,
    /// Which rows stand for all.
    Sample = 21,
    /// How the cells of a column are dealt anew.
    Permutation = 22,
}

/// A seeded stream (xoshiro256++). Written down and read again, it goes on where it stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Random(#[serde(deserialize_with = "generator")] Xoshiro256PlusPlus);

/// The generator as it was written. Four zeros, which it would never leave, become another state.
fn generator<'de, D: Deserializer<'de>>(from: D) -> Result<Xoshiro256PlusPlus, D::Error> {
    #[derive(Deserialize)]
    struct State {
        s: [u64; 4],
    }
    let State { s } = State::deserialize(from)?;
    let mut seed = [0; 32];
    for (bytes, word) in seed.chunks_exact_mut(8).zip(s) {
        bytes.copy_from_slice(&word.to_le_bytes());
    }
    Ok(Xoshiro256PlusPlus::from_seed(seed))
}

impl Random {
    /// The stream of `seed` for `purpose`.
    pub fn new(seed: u64, purpose: Purpose) -> Self {
        // An odd multiplier spreads the purposes over seeds that `seed_from_u64` then mixes.
        let mixed = seed ^ (purpose as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        Random(Xoshiro256PlusPlus::seed_from_u64(mixed))
    }

    /// A key for what is hashed rather than drawn.
    pub fn key(&mut self) -> u64 {
        self.0.random()
    }

    /// Puts the items in random order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        items.shuffle(&mut self.0);
    }

    /// Uniform in [0, 1).
    pub fn unit(&mut self) -> f32 {
        self.0.random()
    }

    /// Uniform in [-bound, bound).
    pub fn symmetric(&mut self, bound: f32) -> f32 {
        (self.unit() * 2.0 - 1.0) * bound
    }

    /// Standard normal (Box–Muller).
    pub fn normal(&mut self) -> f32 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f32::consts::TAU * self.unit()).cos()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_repeat_by_seed_and_differ_by_seed_and_purpose() {
        let draw = |seed, purpose| {
            let mut random = Random::new(seed, purpose);
            (0..4).map(|_| random.unit().to_bits()).collect::<Vec<_>>()
        };
        assert_eq!(draw(1, Purpose::Init), draw(1, Purpose::Init));
        assert_ne!(draw(1, Purpose::Init), draw(2, Purpose::Init));
        assert_ne!(draw(1, Purpose::Init), draw(1, Purpose::Shuffle));
    }

    #[test]
    fn a_stream_goes_on_where_it_was_written_down() {
        let mut random = Random::new(3, Purpose::Dropout);
        let _ = random.unit();
        let text = serde_json::to_string(&random).unwrap();
        let mut again: Random = serde_json::from_str(&text).unwrap();
        assert_eq!(again, random);
        let draw = |random: &mut Random| (0..9).map(|_| random.unit().to_bits()).collect();
        let (expected, found): (Vec<u32>, Vec<u32>) = (draw(&mut random), draw(&mut again));
        assert_eq!(found, expected);
        let mut zeros: Random = serde_json::from_str(r#"{ "s": [0, 0, 0, 0] }"#).unwrap();
        assert!((0..9).any(|_| zeros.unit() != zeros.unit()));
        for wrong in [r#"{ "s": [1, 2, 3] }"#, r#"{ "s": [1, 2, 3, -4] }"#, "7"] {
            assert!(serde_json::from_str::<Random>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn normal_numbers_are_standard() {
        let mut random = Random::new(7, Purpose::Init);
        let xs: Vec<f32> = (0..20_000).map(|_| random.normal()).collect();
        let mean = xs.iter().sum::<f32>() / xs.len() as f32;
        let variance = xs.iter().map(|x| (x - mean).powi(2)).sum::<f32>() / xs.len() as f32;
        assert!(mean.abs() < 0.03 && (variance - 1.0).abs() < 0.03, "{mean} {variance}");
        assert!(xs.iter().all(|x| x.is_finite()));
    }
}
