//! Products against the definition, bit by bit.

use super::*;
use crate::random::{Purpose, Random};

fn numbers(random: &mut Random, len: usize) -> Vec<f32> {
    (0..len).map(|_| random.normal()).collect()
}

/// The definition, rounded as the kernels round.
fn plain(product: &Product<'_>, rows: &[f32], out: &mut [f32], stride: usize) {
    for m in 0..product.rows {
        for n in 0..product.columns {
            let mut sum = match product.start {
                Start::Zero => 0.0,
                Start::Row(row) => row[n],
                Start::Present => out[m * stride + n],
            };
            for k in 0..product.depth {
                let x = product.left.numbers[m * product.left.row + k * product.left.step];
                sum = x.mul_add(rows[k * product.columns + n], sum);
            }
            let out = &mut out[m * stride + n];
            *out = if product.finish == Finish::Multiply { *out * sum } else { sum };
        }
    }
}

#[test]
fn every_level_gives_the_bits_of_the_definition() {
    let mut random = Random::new(1, Purpose::Init);
    for (rows, depth, columns) in
        [(1, 1, 16), (1, 64, 256), (2, 7, 144), (3, 0, 32), (17, 33, 48), (64, 64, 80), (29, 5, 16)]
    {
        let xs = numbers(&mut random, rows * depth + 64);
        let ws = numbers(&mut random, columns * depth);
        let bias = numbers(&mut random, columns);
        let present = numbers(&mut random, rows * (columns + 16));
        let lefts = [(depth, 1), (1, rows)];
        for (row, step) in lefts {
            let starts = [Start::Zero, Start::Row(&bias), Start::Present, Start::Zero];
            for (i, start) in starts.into_iter().enumerate() {
                let finish = if i == 3 { Finish::Multiply } else { Finish::Store };
                let left = Left { numbers: &xs, row, step };
                let product = Product {
                    rows,
                    depth,
                    columns,
                    left,
                    right: Right { numbers: &ws, row: columns },
                    start,
                    finish,
                };
                let mut expected = present.clone();
                plain(&product, &ws, &mut expected, columns + 16);
                for level in Level::all() {
                    let mut out = present.clone();
                    product.run_on(level, &mut out, columns + 16);
                    assert_eq!(out, expected, "{level:?} {rows} {depth} {columns}");
                }
            }
        }
    }
}
