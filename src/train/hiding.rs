//! Categories hidden while training, so that the network learns what to say of new ones: word
//! dropout (Kiperwasser and Goldberg, 2016, arXiv 1603.04351), the rarer the oftener.

use crate::data::Encoded;
use crate::kernel::draws;
use crate::random::{Purpose, Random};

/// Cells that are drawn for at a time.
const STRETCH: usize = 4_096;

/// Makes of the codes of embedded columns those that an epoch reads.
#[derive(Debug)]
pub struct Hiding {
    /// For each column, by code, the chance of being read as unseen.
    chances: Vec<Vec<f32>>,
    /// What is drawn from.
    key: u64,
    /// Those of the epoch, `[rows, columns]`.
    codes: Vec<u32>,
}

impl Hiding {
    /// With the chance `unseen / (unseen + n)` for a category of n training rows; none where none is
    /// to be hidden.
    pub fn new(train: &Encoded, unseen: f64, seed: u64) -> Option<Self> {
        if unseen == 0.0 || train.codes.is_empty() {
            return None;
        }
        let columns = train.codes.len() / train.rows;
        let chances = (0..columns).map(|column| {
            let codes = || train.codes.iter().skip(column).step_by(columns);
            let most = codes().max().map_or(0, |&code| code as usize);
            let mut counts = vec![0u32; most + 1];
            codes().for_each(|&code| counts[code as usize] += 1);
            let chance = |count: u32| (unseen / (unseen + f64::from(count))) as f32;
            counts.into_iter().map(chance).collect()
        });
        let key = Random::new(seed, Purpose::Hiding).key();
        Some(Hiding { chances: chances.collect(), key, codes: train.codes.clone() })
    }

    /// The codes as an epoch reads them: they hang on the seed and the epoch alone.
    pub fn codes(&mut self, train: &Encoded, epoch: usize) -> &[u32] {
        let columns = self.chances.len();
        let mut drawn = [0.0; STRETCH];
        let cells = self.codes.chunks_mut(STRETCH).zip(train.codes.chunks(STRETCH));
        for (nth, (to, from)) in cells.enumerate() {
            let (first, drawn) = (nth * STRETCH, &mut drawn[..to.len()]);
            draws(self.key.wrapping_add(epoch as u64), first, drawn);
            for (at, ((to, from), drawn)) in to.iter_mut().zip(from).zip(drawn).enumerate() {
                let chance = self.chances[(first + at) % columns][*from as usize];
                *to = if *drawn < chance { 0 } else { *from };
            }
        }
        &self.codes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A column of a category that every other row has, and one of a category for each row.
    fn rows(count: usize) -> Encoded {
        let codes = (0..count as u32).flat_map(|row| [row % 2, row + 1]).collect();
        Encoded { rows: count, codes, ..Encoded::default() }
    }

    #[test]
    fn rare_categories_are_hidden_and_common_ones_hardly() {
        let train = rows(5_000);
        let mut hiding = Hiding::new(&train, 1.0, 7).unwrap();
        let codes = hiding.codes(&train, 1);
        let hidden = |column: usize| {
            let cells = codes.iter().zip(&train.codes).skip(column).step_by(2);
            cells.filter(|(now, then)| now != then).inspect(|(now, _)| assert_eq!(**now, 0)).count()
        };
        assert!(hidden(0) < 10, "{}", hidden(0));
        assert!(hidden(1).abs_diff(2_500) < 150, "{}", hidden(1));
    }

    #[test]
    fn an_epoch_draws_anew_and_the_same_each_time() {
        let train = rows(100);
        let draw =
            |seed, epoch| Hiding::new(&train, 1.0, seed).unwrap().codes(&train, epoch).to_vec();
        assert_eq!(draw(1, 1), draw(1, 1));
        assert_ne!(draw(1, 1), draw(1, 2));
        assert_ne!(draw(1, 1), draw(2, 1));
        let mut one = Hiding::new(&train, 1.0, 1).unwrap();
        let _ = one.codes(&train, 1);
        assert_eq!(one.codes(&train, 2), draw(1, 2));
    }

    #[test]
    fn nothing_is_hidden_where_nothing_is_to_be() {
        assert!(Hiding::new(&rows(10), 0.0, 1).is_none());
        assert!(Hiding::new(&Encoded { rows: 10, ..Encoded::default() }, 1.0, 1).is_none());
    }
}
