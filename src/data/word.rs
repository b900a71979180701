//! Up to 16 digits at one blow: as a word of 16 bytes, the first one lowest.

/// The most bytes that are read at once.
pub const WORD: usize = 16;

/// The lowest bit of every byte.
pub const ONES: u128 = u128::MAX / 255;

/// For each number of bytes up to 16, as many of the highest bytes of a word.
pub const HIGHEST: [u128; WORD + 1] = {
    let mut highest = [0; WORD + 1];
    let mut count = 1;
    while count <= WORD {
        highest[count] = u128::MAX << (8 * (WORD - count));
        count += 1;
    }
    highest
};

/// The number of `count` digits at the end of the bytes, of which the last `places` stand behind
/// a mark, unless they are all; none if a byte among them is no digit.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
pub fn number(bytes: &[u8; WORD], count: usize, places: usize) -> Option<u64> {
    use std::arch::x86_64::{
        _mm_add_epi16, _mm_and_si128, _mm_andnot_si128, _mm_cmpeq_epi8, _mm_cvtsi128_si64,
        _mm_madd_epi16, _mm_max_epu8, _mm_movemask_epi8, _mm_mullo_epi16, _mm_or_si128,
        _mm_packs_epi32, _mm_set_epi64x, _mm_set1_epi8, _mm_set1_epi16, _mm_set1_epi32,
        _mm_slli_si128, _mm_srli_epi16, _mm_sub_epi8,
    };
    // SAFETY: every x86-64 processor has SSE2.
    let eights = unsafe {
        let load = |word: u128| _mm_set_epi64x((word >> 64) as i64, word as i64);
        let (above, ours) = (load(HIGHEST[places]), load(HIGHEST[count]));
        let digits = _mm_sub_epi8(load(u128::from_le_bytes(*bytes)), _mm_set1_epi8(b'0' as i8));
        // The digits before the mark move up over it; what lies before them counts as zeros.
        let before = _mm_andnot_si128(above, _mm_slli_si128::<1>(digits));
        let digits = _mm_and_si128(ours, _mm_or_si128(_mm_and_si128(above, digits), before));
        let nine = _mm_set1_epi8(9);
        if _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_max_epu8(digits, nine), nine)) != 0xffff {
            return None;
        }
        // By pairs, then fours, then eights.
        let firsts = _mm_and_si128(digits, _mm_set1_epi16(0xff));
        let tens = _mm_mullo_epi16(firsts, _mm_set1_epi16(10));
        let pairs = _mm_add_epi16(tens, _mm_srli_epi16::<8>(digits));
        let fours = _mm_madd_epi16(pairs, _mm_set1_epi32(0x1_0000 + 100));
        let packed = _mm_packs_epi32(fours, fours);
        let eights = _mm_madd_epi16(packed, _mm_set1_epi32(0x1_0000 + 10_000));
        _mm_cvtsi128_si64(eights) as u64
    };
    Some((eights & 0xffff_ffff) * 100_000_000 + (eights >> 32))
}

/// The same on other processors.
#[cfg(not(target_arch = "x86_64"))]
#[inline]
pub fn number(bytes: &[u8; WORD], count: usize, places: usize) -> Option<u64> {
    plain(bytes, count, places)
}

#[cfg(any(test, not(target_arch = "x86_64")))]
#[inline]
fn plain(bytes: &[u8; WORD], count: usize, places: usize) -> Option<u64> {
    let digits = u128::from_le_bytes(*bytes) ^ (ONES * 0x30);
    let above = HIGHEST[places];
    let digits = ((digits & above) | ((digits << 8) & !above)) & HIGHEST[count];
    let odd = (digits | digits.wrapping_add(ONES * 6)) & (ONES * 0xf0);
    let (high, low) = (eight(digits as u64), eight((digits >> 64) as u64));
    (odd == 0).then(|| high * 100_000_000 + low)
}

/// The number of eight digits, the first one lowest: by pairs, then fours, then all.
#[cfg(any(test, not(target_arch = "x86_64")))]
#[inline]
fn eight(digits: u64) -> u64 {
    let pairs = (digits.wrapping_mul(10 * 0x100 + 1) >> 8) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs.wrapping_mul(100 * 0x1_0000 + 1) >> 16) & 0x0000_ffff_0000_ffff;
    fours.wrapping_mul(10_000 * 0x1_0000_0000 + 1) >> 32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn both_ways_agree(text in "[0-9./:]{0,3}[0-9]{16}|[ -~]{16}", count in 1..17usize, places in 1..17usize) {
            let bytes: &[u8; WORD] = text.as_bytes().last_chunk().unwrap();
            prop_assert_eq!(number(bytes, count, places), plain(bytes, count, places));
        }
    }
}
