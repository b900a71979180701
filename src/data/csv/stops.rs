//! Where a text needs a look: at delimiters, line ends, quotes and NUL bytes. Found 64 bytes at a
//! time, one bit for each.

/// The signs that need a look.
const SIGNS: usize = 5;
/// The bytes of one word of bits.
const BLOCK: usize = 64;

/// The places of all such signs in a text.
#[derive(Debug, Default)]
pub(super) struct Stops {
    masks: Vec<u64>,
}

/// The places from somewhere on, in order.
#[derive(Debug)]
pub(super) struct Places<'a> {
    masks: &'a [u64],
    block: usize,
    mask: u64,
}

impl Stops {
    /// Finds the delimiter, the quote, line ends and NUL.
    #[inline(always)]
    pub(super) fn find(&mut self, text: &[u8], delimiter: u8, quote: Option<u8>) {
        let signs = [delimiter, quote.unwrap_or(delimiter), b'\n', b'\r', 0];
        let (blocks, rest) = text.as_chunks::<BLOCK>();
        self.masks.clear();
        self.masks.extend(blocks.iter().map(|block| mask(block, &signs)));
        if !rest.is_empty() {
            let mut block = [0; BLOCK];
            block[..rest.len()].copy_from_slice(rest);
            self.masks.push(mask(&block, &signs) & ((1 << rest.len()) - 1));
        }
    }

    /// The places from `at` on.
    pub(super) fn from(&self, at: usize) -> Places<'_> {
        let block = at / BLOCK;
        let mask = self.masks.get(block).map_or(0, |mask| mask & (u64::MAX << (at % BLOCK)));
        Places { masks: &self.masks, block, mask }
    }
}

impl Iterator for Places<'_> {
    type Item = usize;

    #[inline(always)]
    fn next(&mut self) -> Option<usize> {
        while self.mask == 0 {
            self.block += 1;
            self.mask = *self.masks.get(self.block)?;
        }
        let place = self.block * BLOCK + self.mask.trailing_zeros() as usize;
        self.mask &= self.mask - 1;
        Some(place)
    }
}

/// One bit for each byte that is one of the signs.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn mask(block: &[u8; BLOCK], signs: &[u8; SIGNS]) -> u64 {
    use std::arch::x86_64::{
        _mm_cmpeq_epi8, _mm_movemask_epi8, _mm_or_si128, _mm_set_epi64x, _mm_set1_epi8,
        _mm_setzero_si128,
    };
    let mut mask = 0;
    for (index, bytes) in block.as_chunks::<16>().0.iter().enumerate() {
        let word = u128::from_le_bytes(*bytes);
        // SAFETY: every x86-64 processor has SSE2.
        let found = unsafe {
            let bytes = _mm_set_epi64x((word >> 64) as i64, word as i64);
            let mut found = _mm_setzero_si128();
            for sign in signs {
                found = _mm_or_si128(found, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(*sign as i8)));
            }
            _mm_movemask_epi8(found)
        };
        mask |= u64::from(found as u16) << (16 * index);
    }
    mask
}

/// The same on other processors.
#[cfg(not(target_arch = "x86_64"))]
fn mask(block: &[u8; BLOCK], signs: &[u8; SIGNS]) -> u64 {
    plain(block, signs)
}

#[cfg(any(test, not(target_arch = "x86_64")))]
fn plain(block: &[u8; BLOCK], signs: &[u8; SIGNS]) -> u64 {
    const LOWS: u64 = u64::MAX / 255;
    let mut mask = 0;
    for (index, bytes) in block.as_chunks::<8>().0.iter().enumerate() {
        let word = u64::from_le_bytes(*bytes);
        let mut found = 0;
        for sign in signs {
            let bits = word ^ (LOWS * u64::from(*sign));
            // The highest bit of each byte that is zero.
            found |= !(((bits & (LOWS * 0x7f)) + LOWS * 0x7f) | bits) & (LOWS * 0x80);
        }
        // Gathers the eight bits in the highest byte.
        mask |= ((found >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56) << (8 * index);
    }
    mask
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn all_places_are_found(text in "[a-f,;\"\0\n\ré]{0,300}", from in 0..200usize) {
            let mut stops = Stops::default();
            stops.find(text.as_bytes(), b';', Some(b'"'));
            let expected = text.bytes().enumerate().skip(from);
            let expected = expected.filter(|(_, byte)| b";\"\n\r\0".contains(byte)).map(|(at, _)| at);
            prop_assert!(stops.from(from).eq(expected));
        }

        #[test]
        fn both_ways_agree(bytes in proptest::collection::vec(any::<u8>(), 64)) {
            let block: &[u8; 64] = bytes.first_chunk().unwrap();
            let signs = [bytes[0], bytes[1], 0x80, 0x7f, 0];
            prop_assert_eq!(mask(block, &signs), plain(block, &signs));
        }
    }
}
