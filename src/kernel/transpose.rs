//! Turns matrices over.

use super::cpu::Level;

/// Writes `[rows, columns]` numbers, `from_row` apart, turned over: each column becomes a row, and
/// these lie `to_row` apart.
///
/// # Safety
///
/// At `to` there is room for the last row, and no other thread uses the columns written.
pub unsafe fn transpose(
    from: &[f32],
    from_row: usize,
    (rows, columns): (usize, usize),
    to: *mut f32,
    to_row: usize,
) {
    if rows == 0 || columns == 0 {
        return;
    }
    assert!(from.len() >= (rows - 1) * from_row + columns);
    let mut row = 0;
    #[cfg(target_arch = "x86_64")]
    if Level::best() != Level::Plain {
        let whole = columns - columns % 8;
        while row + 8 <= rows {
            for column in (0..whole).step_by(8) {
                // SAFETY: the block lies within the lengths checked, and the CPU has AVX.
                unsafe {
                    let from = from.as_ptr().add(row * from_row + column);
                    eight(from, from_row, to.add(column * to_row + row), to_row);
                }
            }
            // SAFETY: the caller's promise.
            unsafe { one_by_one(from, from_row, (row..row + 8, whole..columns), to, to_row) };
            row += 8;
        }
    }
    // SAFETY: the caller's promise.
    unsafe { one_by_one(from, from_row, (row..rows, 0..columns), to, to_row) };
}

unsafe fn one_by_one(
    from: &[f32],
    from_row: usize,
    (rows, columns): (std::ops::Range<usize>, std::ops::Range<usize>),
    to: *mut f32,
    to_row: usize,
) {
    for row in rows {
        for column in columns.clone() {
            // SAFETY: the caller's promise.
            unsafe { *to.add(column * to_row + row) = from[row * from_row + column] };
        }
    }
}

/// Eight rows of eight, in registers.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx")]
unsafe fn eight(from: *const f32, from_row: usize, to: *mut f32, to_row: usize) {
    use std::arch::x86_64::*;
    // SAFETY: the caller's promise: both blocks are there.
    unsafe {
        let rows: [__m256; 8] = std::array::from_fn(|i| _mm256_loadu_ps(from.add(i * from_row)));
        let pairs: [__m256; 8] = std::array::from_fn(|i| match i % 2 {
            0 => _mm256_unpacklo_ps(rows[i], rows[i + 1]),
            _ => _mm256_unpackhi_ps(rows[i - 1], rows[i]),
        });
        let fours: [__m256; 8] = std::array::from_fn(|i| {
            let (a, b) = (pairs[i / 4 * 4 + i % 4 / 2], pairs[i / 4 * 4 + i % 4 / 2 + 2]);
            match i % 2 {
                0 => _mm256_shuffle_ps::<0x44>(a, b),
                _ => _mm256_shuffle_ps::<0xee>(a, b),
            }
        });
        for i in 0..4 {
            let low = _mm256_permute2f128_ps::<0x20>(fours[i], fours[i + 4]);
            let high = _mm256_permute2f128_ps::<0x31>(fours[i], fours[i + 4]);
            _mm256_storeu_ps(to.add(i * to_row), low);
            _mm256_storeu_ps(to.add((i + 4) * to_row), high);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_changes_places() {
        for (rows, columns) in [(1, 1), (8, 8), (16, 64), (19, 21), (3, 40), (24, 5)] {
            let (from_row, to_row) = (columns + 3, rows + 2);
            let from: Vec<f32> = (0..rows * from_row).map(|i| i as f32).collect();
            let mut to = vec![-1.0; columns * to_row];
            unsafe { transpose(&from, from_row, (rows, columns), to.as_mut_ptr(), to_row) };
            for (at, x) in to.iter().enumerate() {
                let (column, row) = (at / to_row, at % to_row);
                let expected = if row < rows { from[row * from_row + column] } else { -1.0 };
                assert_eq!(*x, expected);
            }
        }
    }
}
