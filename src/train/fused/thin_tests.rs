//! Products in thin cuts beside those of the gradients written out.

use super::*;
use crate::graph::{Activation, Builder, Graph, Inputs};
use crate::random::{Purpose, Random};

/// A trunk of 20 and heads of these widths, the last behind a layer of 6 of its own.
fn graph(widths: &[usize]) -> Graph {
    let mut builder = Builder::new(Inputs { numeric: 7, codes: vec![] });
    let row = builder.row(|codes| codes);
    let xs = builder.linear("trunk.0", row, 20);
    let xs = builder.activation(xs, Activation::Tanh);
    for (task, width) in widths.iter().enumerate() {
        let own = match task + 1 == widths.len() {
            true => {
                let own = builder.linear("own", xs, 6);
                builder.activation(own, Activation::Relu)
            }
            false => xs,
        };
        let head = builder.linear(&format!("head.{task}"), own, *width);
        builder.head(head);
    }
    builder.build()
}

/// The products of these tasks' gradients both ways, whose heads' gradients are of these sizes.
fn both(sizes: &[f32; 4], tasks: &[usize]) -> [Vec<f64>; 2] {
    let graph = graph(&[1, 3, 1, 2]);
    let plan = Plan::new(&graph, true).unwrap();
    let split = Split::new(&plan);
    let mut random = Random::new(4, Purpose::Init);
    let saved: Vec<f32> = (0..graph.weights()).map(|_| random.symmetric(0.5)).collect();
    let weights = Weights::new(&plan, plan.layout.spread(&saved));
    let [cut] = &split.cuts[..] else { panic!("one cut") };
    assert!(cut.is_thin() && split.is_thin());
    assert_eq!(
        cut.outputs.iter().map(|it| it.task).collect::<Vec<_>>(),
        [0, 1, 1, 1, 2, 3, 3, 3, 3, 3, 3]
    );
    let count = tasks.len();
    let [mut thin, mut written] = [0, 0].map(|_| vec![0.0; count * count]);
    let mut blocks = [Block::new(&plan, true), Block::new(&plan, true)];
    for (block, rows) in blocks.iter_mut().zip([5, 3]) {
        block.rows = rows;
        for output in &cut.outputs {
            let size = sizes[output.task];
            block.gradients_mut(output.at).for_each(|row| row[0] = random.normal() * size);
        }
    }
    cut.add_thin_products(&blocks, &weights, tasks, &mut thin);
    for block in &mut blocks {
        block.write_out((&plan, &split), &weights);
        let list = |task: usize| &block.room.parted[task][cut.range(block.rows)];
        for (i, &a) in tasks.iter().enumerate() {
            for (j, &b) in tasks.iter().enumerate().skip(i) {
                let pairs = list(a).iter().zip(list(b));
                let sum: f64 = pairs.map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
                written[i * count + j] += sum;
            }
        }
    }
    [thin, written]
}

#[test]
fn products_are_those_of_the_gradients_written_out() {
    for sizes in [[1.0; 4], [1e-10, 1.0, 1e10, 1e-3], [1e10; 4], [1e-10; 4], [0.0, 1.0, 0.0, 1e-10]]
    {
        for tasks in [&[0, 1, 2, 3][..], &[1, 3], &[2]] {
            let [thin, written] = both(&sizes, tasks);
            let n = tasks.len();
            for i in 0..n {
                for j in i..n {
                    let size = (written[i * n + i] * written[j * n + j]).sqrt();
                    let apart = (thin[i * n + j] - written[i * n + j]).abs();
                    assert!(apart <= 1e-6 * size, "{sizes:?} {tasks:?} {i} {j}: {apart} of {size}");
                }
                let zero = sizes[tasks[i]] == 0.0;
                assert_eq!(thin[i * n + i] == 0.0, zero);
            }
        }
    }
}

#[test]
fn a_cut_that_many_outputs_or_others_than_layers_read_is_not_thin() {
    let split = |graph: &Graph| Split::new(&Plan::new(graph, true).unwrap());
    assert!(split(&graph(&[2, 1])).is_thin());
    assert!(!split(&graph(&[3, 1])).is_thin(), "nine outputs of two tasks");
    let mut builder = Builder::new(Inputs { numeric: 7, codes: vec![] });
    let row = builder.row(|codes| codes);
    let xs = builder.linear("trunk.0", row, 20);
    for task in 0..2 {
        let own = if task == 0 { builder.layer_norm("own", xs) } else { xs };
        let head = builder.linear(&format!("head.{task}"), own, 1);
        builder.head(head);
    }
    assert!(!split(&builder.build()).is_thin(), "a normalisation");
}
