//! How near the kernels come to what the CPU can do: `cargo bench --no-default-features --bench
//! kernel`. Prints billions of operations a second on one core, an addition and a multiplication
//! being two.
#![allow(missing_docs)]

use polytask::kernel::{Finish, Floats, Left, Product, Right, Start, products};
use std::hint::black_box;
use std::time::Instant;

fn best(mut work: impl FnMut()) -> f64 {
    let mut best = f64::MAX;
    for _ in 0..7 {
        let mut times = 1;
        loop {
            let started = Instant::now();
            (0..times).for_each(|_| work());
            let seconds = started.elapsed().as_secs_f64();
            if seconds > 0.02 {
                best = best.min(seconds / f64::from(times));
                break;
            }
            times *= 2;
        }
    }
    best
}

fn numbers(len: usize) -> Floats {
    let mut numbers = Floats::zeros(len);
    numbers.iter_mut().enumerate().for_each(|(i, x)| *x = ((i * 37 % 101) as f32 - 50.0) / 50.0);
    numbers
}

fn main() {
    println!("| product | rows × depth × columns | GFLOP/s | µs |");
    println!("| --- | --- | --- | --- |");
    for (rows, depth, columns) in [
        (1, 64, 256),
        (1, 256, 128),
        (32, 4, 16),
        (64, 64, 256),
        (64, 256, 128),
        (128, 256, 128),
        (64, 128, 16),
        (512, 1024, 1024),
    ] {
        let (xs, ws, bias) = (numbers(rows * depth), numbers(columns * depth), numbers(columns));
        let mut ys = numbers(rows * columns);
        let shape = format!("{rows} × {depth} × {columns}");
        let print = |name: &str, seconds: f64| {
            let rate = 2.0 * (rows * depth * columns) as f64 / seconds / 1e9;
            println!("| {name} | {shape} | {rate:.1} | {:.2} |", seconds * 1e6);
        };
        let left = Left { numbers: &xs, row: depth, step: 1 };
        let start = Start::Row(&bias);
        let forward = Product {
            rows,
            depth,
            columns,
            left,
            right: Right { numbers: &ws, row: columns },
            start,
            finish: Finish::Store,
        };
        print("forward", best(|| black_box(&forward).run(&mut ys, columns)));
        // The gradient of the weights: [columns, depth] from [rows, columns] and [rows, depth].
        if depth % 16 == 0 {
            let mut gradient = numbers(columns * depth);
            let left = Left { numbers: &ys, row: 1, step: columns };
            let product = Product {
                rows: columns,
                depth: rows,
                columns: depth,
                left,
                right: Right { numbers: &xs, row: depth },
                start: Start::Present,
                finish: Finish::Store,
            };
            print("gradient", best(|| black_box(&product).run(&mut gradient, depth)));
        }
    }
    // The Gramian of tasks' gradients: every list with itself and those behind it.
    for (lists, len) in [(2, 8192), (4, 8192), (8, 8192)] {
        let all: Vec<Floats> = (0..lists).map(|_| numbers(len)).collect();
        let all: Vec<&[f32]> = all.iter().map(|list| &list[..]).collect();
        let seconds = best(|| {
            products(black_box(&all), |_, _, product| {
                black_box(product);
            });
        });
        let pairs = lists * (lists + 1) / 2;
        let rate = 2.0 * (pairs * len) as f64 / seconds / 1e9;
        println!("| Gramian | {lists} × {len} | {rate:.1} | {:.2} |", seconds * 1e6);
    }
}
