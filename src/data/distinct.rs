//! How many different numbers there are, counted up to a limit: beyond, that there are many is all
//! that matters.

/// So many are counted.
pub const MOST: usize = 10_000;
/// The places of the table, a power of two, far more than the numbers in it.
const PLACES: usize = 1 << 15;

/// A set of numbers.
#[derive(Debug)]
pub struct Distinct {
    /// By hash, `EMPTY` where there is none.
    table: Vec<u64>,
    len: usize,
}

/// The bits of a NaN, which is no number that is counted.
const EMPTY: u64 = u64::MAX;

impl Distinct {
    pub fn new() -> Self {
        Distinct { table: Vec::new(), len: 0 }
    }

    /// Adds a number, which is no NaN.
    #[inline]
    pub fn insert(&mut self, number: f64) {
        if self.is_full() {
            return;
        }
        if self.table.is_empty() {
            self.table.resize(PLACES, EMPTY);
        }
        // Zero and minus zero are one number.
        let bits = (number + 0.0).to_bits();
        let mut place = (bits.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize % PLACES;
        while self.table[place] != bits {
            if self.table[place] == EMPTY {
                self.table[place] = bits;
                self.len += 1;
                return;
            }
            place = (place + 1) % PLACES;
        }
    }

    /// Whether there are more than are counted.
    #[inline]
    pub fn is_full(&self) -> bool {
        self.len > MOST
    }

    /// How many, or one more than [`MOST`] if there are more.
    pub fn len(&self) -> usize {
        self.len
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_counted_up_to_the_limit() {
        let mut distinct = Distinct::new();
        for number in [0.0, -0.0, 1.5, -1.5, 1.5, f64::MAX, 5e-324] {
            distinct.insert(number);
        }
        assert_eq!(distinct.len(), 5);
        (0..MOST - 5).for_each(|number| distinct.insert(number as f64 + 0.25));
        assert!(distinct.len() == MOST && !distinct.is_full());
        (0..2 * MOST).for_each(|number| distinct.insert(number as f64 + 0.75));
        assert!(distinct.len() == MOST + 1 && distinct.is_full());
    }
}
