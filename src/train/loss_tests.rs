//! The losses against numbers worked out by hand, and tensors against plain numbers.

use super::*;
use crate::data::{
    Cell, Encoded, Encoder, Objective, Schema, SchemaOptions, TableBuilder, TargetChoice,
};
use crate::graph::{Builder, Inputs};
use crate::train::Batch;

fn loss(form: Form, width: usize) -> Loss {
    Loss { form, width, classes: None }
}

/// `[rows, width]` outputs and labels, NaN where missing, with what each row counts.
struct Rows<'a> {
    outputs: &'a [f32],
    labels: &'a [f32],
    weights: Option<&'a [f64]>,
}

/// The mean on tensors, and its gradient by output.
fn on_tensors(loss: &Loss, rows: &Rows<'_>) -> (f64, Vec<f32>) {
    let count = rows.labels.len();
    let raw = rows.labels.iter().map(|&label| f64::from(label)).collect();
    let labels = Labels { encoded: rows.labels.to_vec(), raw };
    let encoded = Encoded {
        rows: count,
        numeric: vec![0.0; count],
        labels: vec![labels],
        weights: rows.weights.map(<[f64]>::to_vec),
        ..Encoded::default()
    };
    let graph = Builder::new(Inputs { numeric: 1, codes: vec![] }).build();
    let batch = Batch::new(&encoded, &graph, std::slice::from_ref(loss)).unwrap();
    let ys = Tensor::from_slice(rows.outputs).view([count as i64, -1]).set_requires_grad(true);
    let (counted, weight) = batch.labels[0].counted().unwrap();
    let seen = |row: usize| !rows.labels[row].is_nan() && rows.weights.is_none_or(|w| w[row] > 0.0);
    assert_eq!(counted, (0..count).filter(|&row| seen(row)).count());
    let mean = loss.mean(&ys, &batch.labels[0], weight).unwrap();
    assert_eq!(mean.size(), [0i64; 0], "a scalar");
    let gradients = Tensor::run_backward(&[&mean], &[&ys], false, false);
    let mut gradient = vec![0.0; rows.outputs.len()];
    gradients[0].contiguous().copy_data(&mut gradient, rows.outputs.len());
    (mean.double_value(&[]), gradient)
}

/// The same in plain numbers.
fn on_numbers(loss: &Loss, rows: &Rows<'_>) -> f64 {
    let raw = rows.labels.iter().map(|&label| f64::from(label)).collect();
    let labels = Labels { encoded: rows.labels.to_vec(), raw };
    let weights = loss.weights(&labels, rows.weights);
    let width = rows.outputs.len() / rows.labels.len();
    let (mut sum, mut total) = (0.0, 0.0);
    for (row, output) in rows.outputs.chunks(width).enumerate() {
        let weight = weights.as_ref().map_or(1.0, |weights| weights[row]);
        if weight > 0.0 {
            sum += weight * loss.plain(output, rows.labels[row]);
            total += weight;
        }
    }
    sum / total
}

fn close(a: f64, b: f64) {
    assert!((a - b).abs() <= 1e-6 * b.abs().max(1.0), "{a}, expected {b}");
}

/// One row's loss, both ways.
fn one(form: Form, output: &[f32], label: f32, expected: f64) {
    let rows = Rows { outputs: output, labels: &[label], weights: None };
    close(on_tensors(&loss(form, output.len()), &rows).0, expected);
    close(on_numbers(&loss(form, output.len()), &rows), expected);
}

#[test]
fn every_loss_is_what_its_definition_gives() {
    let number = |loss| Form::Number(loss);
    // Errors, label minus output: 1.5 and -0.5.
    one(number(NumberLoss::Mse), &[0.5], 2.0, 2.25);
    one(number(NumberLoss::Mae), &[0.5], 2.0, 1.5);
    one(number(NumberLoss::Huber { delta: 1.0 }), &[0.5], 2.0, 1.0);
    one(number(NumberLoss::Huber { delta: 1.0 }), &[0.5], 0.0, 0.125);
    one(number(NumberLoss::Huber { delta: 2.0 }), &[0.5], 2.0, 1.125);
    one(number(NumberLoss::Quantile { quantile: 0.9 }), &[0.5], 2.0, 1.35);
    one(number(NumberLoss::Quantile { quantile: 0.9 }), &[0.5], 0.0, 0.05);
    // exp(h) - y h + y ln y - y.
    one(Form::Poisson, &[0.0], 0.0, 1.0);
    one(Form::Poisson, &[0.0], 1.0, 0.0);
    one(Form::Poisson, &[2f32.ln()], 3.0, 2.0 - 3.0 * 2f64.ln() + 3.0 * 3f64.ln() - 3.0);
    // Even chances to pass each of two classes: ½, ¼, ¼.
    for (class, chance) in [(0.0, 0.5f64), (1.0, 0.25), (2.0, 0.25)] {
        one(Form::Ordinal, &[0.0, 0.0], class, -chance.ln());
    }
    // σ(ln 3) = ¾.
    one(Form::Ordinal, &[3f32.ln()], 1.0, -(0.75f64.ln()));
    one(Form::BinaryCrossEntropy { smoothing: 0.0 }, &[3f32.ln()], 1.0, -(0.75f64.ln()));
    one(Form::CrossEntropy { smoothing: 0.0 }, &[0.0, 2f32.ln(), 0.0], 1.0, 2f64.ln());
}

#[test]
fn smoothing_spreads_a_share_of_the_label_in_training_only() {
    let smoothed = |form, output: &[f32]| {
        let rows = Rows { outputs: output, labels: &[1.0], weights: None };
        (
            on_tensors(&loss(form, output.len()), &rows).0,
            on_numbers(&loss(form, output.len()), &rows),
        )
    };
    // Probabilities ¼ and ¾; the label 0.1 and 0.9.
    let (soft, plain) = smoothed(Form::BinaryCrossEntropy { smoothing: 0.2 }, &[3f32.ln()]);
    close(soft, -0.9 * 0.75f64.ln() - 0.1 * 0.25f64.ln());
    close(plain, -(0.75f64.ln()));
    // Probabilities ¼, ½, ¼; the label 0.1, 0.8, 0.1.
    let (soft, plain) = smoothed(Form::CrossEntropy { smoothing: 0.3 }, &[0.0, 2f32.ln(), 0.0]);
    close(soft, -0.8 * 0.5f64.ln() - 0.2 * 0.25f64.ln());
    close(plain, 2f64.ln());
}

/// Each form with its width and labels that suit it.
fn forms() -> Vec<(Form, usize, [f32; 6])> {
    let numbers = [0.3, -1.0, 2.0, f32::NAN, 0.0, 5.0];
    let classes = [0.0, 2.0, 1.0, f32::NAN, 3.0, 3.0];
    let number = |loss| (Form::Number(loss), 1, numbers);
    vec![
        (Form::CrossEntropy { smoothing: 0.0 }, 4, classes),
        (Form::BinaryCrossEntropy { smoothing: 0.0 }, 1, classes.map(|class| class.min(1.0))),
        number(NumberLoss::Mse),
        number(NumberLoss::Mae),
        number(NumberLoss::Huber { delta: 0.7 }),
        number(NumberLoss::Quantile { quantile: 0.2 }),
        (Form::Poisson, 1, classes),
        (Form::Ordinal, 3, classes),
    ]
}

#[test]
fn tensors_and_plain_numbers_agree_with_gradients_where_labels_count() {
    let weights: [&[f64]; 3] =
        [&[1.0, 2.0, 0.5, 3.0, 0.0, 1e3], &[1e-200; 6], &[1e200, 1e200, 0.0, 0.0, 1e199, 1e190]];
    let classes: [Option<Vec<f64>>; 2] = [None, Some(vec![0.5, 2.0, 1.0, 7.0])];
    for (form, width, labels) in forms() {
        let mut labels = labels;
        // `min` has made a number of it.
        labels[3] = f32::NAN;
        let outputs: Vec<f32> = (0..6 * width).map(|i| (i as f32 * 1.7).sin() * 2.0).collect();
        for classes in &classes {
            let is_number = matches!(form, Form::Number(_) | Form::Poisson);
            let loss = Loss { form, width, classes: classes.clone().filter(|_| !is_number) };
            for weights in std::iter::once(None).chain(weights.iter().map(|w| Some(*w))) {
                let rows = Rows { outputs: &outputs, labels: &labels, weights };
                let (mean, gradient) = on_tensors(&loss, &rows);
                close(mean, on_numbers(&loss, &rows));
                for (row, gradient) in gradient.chunks(width).enumerate() {
                    let counts = row != 3 && weights.is_none_or(|weights| weights[row] > 0.0);
                    let flows = gradient.iter().any(|g| *g != 0.0);
                    assert!(gradient.iter().all(|g| g.is_finite()), "{form:?} {gradient:?}");
                    // Proportions below f32 vanish, which changes no mean.
                    let least = weights.is_none_or(|weights| weights[row] > 1e195);
                    assert!(!flows || counts, "{form:?} row {row} moves without counting");
                    assert!(flows || !counts || !least, "{form:?} row {row} does not move");
                }
            }
        }
    }
}

#[test]
fn the_loss_of_members_is_the_mean_of_theirs_and_the_answers_loss_that_of_the_mean() {
    for (form, width, labels) in forms() {
        let outputs: Vec<f32> = (0..18 * width).map(|i| (i as f32 * 1.7).sin() * 2.0).collect();
        let loss = loss(form, width);
        let weights = [1.0, 2.0, 0.5, 3.0, 0.0, 4.0];
        for weights in [None, Some(&weights[..])] {
            let (mean, gradient) =
                on_tensors(&loss, &Rows { outputs: &outputs, labels: &labels, weights });
            let mut sum = 0.0;
            for member in 0..3 {
                let own = |all: &[f32]| -> Vec<f32> {
                    all.chunks(3 * width)
                        .flat_map(|row| &row[member * width..][..width])
                        .copied()
                        .collect()
                };
                let outputs = own(&outputs);
                let (one, slopes) =
                    on_tensors(&loss, &Rows { outputs: &outputs, labels: &labels, weights });
                sum += one / 3.0;
                for (a, b) in own(&gradient).iter().zip(slopes) {
                    assert!((a - b / 3.0).abs() < 1e-6, "{form:?}: {a} and a third of {b}");
                }
            }
            close(mean, sum);
        }
        let rows = outputs.chunks(3 * width).zip(labels);
        for (row, label) in rows.filter(|(_, label)| !label.is_nan()) {
            let each = row.chunks(width).map(|output| loss.plain(output, label));
            let averaged = match form {
                Form::Number(_) => loss.plain(&[row.iter().sum::<f32>() / 3.0], label),
                Form::Poisson => {
                    let rate = row.iter().map(|x| x.exp()).sum::<f32>() / 3.0;
                    loss.plain(&[rate.ln()], label)
                }
                _ => -(each.map(|loss| (-loss).exp()).sum::<f64>() / 3.0).ln(),
            };
            let found = loss.plain(row, label);
            assert!((found - averaged).abs() < 1e-5, "{form:?}: {found}, expected {averaged}");
        }
    }
}

#[test]
fn a_rate_that_overflows_where_no_label_is_does_no_harm() {
    let rows = Rows { outputs: &[1e3, 0.0], labels: &[f32::NAN, 2.0], weights: None };
    let (mean, gradient) = on_tensors(&loss(Form::Poisson, 1), &rows);
    close(mean, 2.0 * 2f64.ln() - 1.0);
    assert_eq!(gradient, [0.0, -1.0]);
}

/// Six labels of classes a and b and a number; the sixth is missing.
fn task(objective: Objective) -> (Schema, Encoder, Encoded) {
    let mut builder = TableBuilder::from_rows(["x", "kind", "size"].map(str::to_owned));
    for (row, kind) in ["a", "a", "a", "b", "a", ""].iter().enumerate() {
        let kind = if kind.is_empty() { Cell::Missing } else { Cell::Text(kind) };
        builder.push(0, [Cell::Number(row as f64), kind, Cell::Number(row as f64 / 2.0)]);
    }
    let table = builder.build();
    let target = TargetChoice { objective, ..TargetChoice::new("kind", None) };
    let options = SchemaOptions { targets: vec![target], ..SchemaOptions::default() };
    let schema = Schema::infer(&table, &options).unwrap();
    let encoder = Encoder::fit(&table, &schema, &[0, 1, 2, 3, 4, 5]).unwrap();
    let encoded = encoder.encode_labelled(&table).unwrap();
    (schema, encoder, encoded)
}

#[test]
fn balanced_weights_are_scikit_learns_over_observed_labels() {
    let of = |class_weights| {
        let objective = Objective { class_weights: Some(class_weights), ..Objective::default() };
        let (schema, encoder, encoded) = task(objective);
        let loss = Loss::of(&schema.tasks[0], &encoder.targets()[0], &encoded.labels[0], None);
        (loss.classes.clone().unwrap(), loss.weights(&encoded.labels[0], None).unwrap())
    };
    // compute_class_weight('balanced', classes=[a, b], y=[a, a, a, b, a]).
    let (classes, rows) = of(ClassWeights::Balanced);
    assert_eq!(classes, [0.625, 2.5]);
    assert_eq!(rows, [0.625, 0.625, 0.625, 2.5, 0.625, 0.0]);
    let (classes, _) = of(ClassWeights::Each(vec![("b".to_owned(), 3.0)]));
    assert_eq!(classes, [1.0, 3.0]);
    // A class without a label in training has no share to balance.
    let labels = Labels { encoded: vec![0.0, 2.0, 2.0], raw: vec![0.0, 2.0, 2.0] };
    assert_eq!(balanced(3, &labels, None), [1.5, 1.0, 0.75]);
    // Rows count by weight, as compute_class_weight counts sample_weight; only proportions matter.
    assert_eq!(balanced(3, &labels, Some(&[1.0, 2.0, 1.0])), [2.0, 1.0, 4.0 / 6.0]);
    assert_eq!(balanced(3, &labels, Some(&[0.5, 1.0, 0.5])), [2.0, 1.0, 4.0 / 6.0]);
    assert_eq!(balanced(3, &labels, Some(&[7.0, 7.0, 7.0])), balanced(3, &labels, None));
    assert_eq!(balanced(3, &labels, Some(&[1.0, 0.0, 1.0])), [1.0, 1.0, 1.0]);
}

#[test]
fn all_labels_that_count_alike_need_no_weights() {
    let (schema, encoder, mut encoded) = task(Objective::default());
    let loss = Loss::of(&schema.tasks[0], &encoder.targets()[0], &encoded.labels[0], None);
    assert_eq!(loss.weights(&encoded.labels[0], None).unwrap()[4..], [1.0, 0.0]);
    encoded.labels[0].encoded[5] = 0.0;
    assert_eq!(loss.weights(&encoded.labels[0], None), None);
}
