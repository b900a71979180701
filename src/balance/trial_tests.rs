//! What the tests of this room share: a method run on a Jacobian of theirs.

use super::*;

/// A method with some parameters other than by default.
pub fn plan(name: &str, parameters: &[(&str, f64)]) -> Plan {
    let method = METHODS.iter().find(|about| about.name == name).unwrap();
    let mut plan = Plan::of(method);
    for (name, value) in parameters {
        let at = method.parameters.iter().position(|parameter| parameter.name == *name).unwrap();
        assert!((method.parameters[at].fits)(*value), "{name} {value}");
        plan.parameters[at] = *value;
    }
    plan
}

/// It, at work on so many tasks.
pub fn balancer(plan: &Plan, tasks: usize) -> Balancer {
    let names: Vec<String> = (0..tasks).map(|task| format!("t{task}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    Balancer::new(plan, &names, 0).unwrap()
}

/// The weights of a step, and the direction in the shared parameters.
pub fn step(
    balancer: &mut Balancer,
    tasks: &[usize],
    losses: &[f64],
    jacobian: &[Vec<f64>],
) -> (Weights, Vec<f64>) {
    let step = Step { tasks, losses };
    let width = jacobian.first().map_or(0, Vec::len);
    match balancer.needs(tasks) {
        Needs::Losses => {
            let weights = balancer.weigh(&step, Gradients::None).unwrap();
            let direction = combine(&weights.shared, jacobian, width);
            (weights, direction)
        }
        // One batch's gradients for both halves.
        Needs::Gramian | Needs::Halves => {
            let gramian = gramian(jacobian);
            let weights = balancer.weigh(&step, Gradients::Gramian(&gramian)).unwrap();
            let direction = combine(&weights.shared, jacobian, width);
            (weights, direction)
        }
        Needs::Jacobian => {
            let mut data: Vec<f32> = jacobian.iter().flatten().map(|&x| x as f32).collect();
            let rows = Rows::new(tasks.len(), &mut data);
            let weights = balancer.weigh(&step, Gradients::Jacobian(rows)).unwrap();
            let rows: Vec<Vec<f64>> = (data.chunks(width.max(1)))
                .map(|row| row.iter().map(|&x| f64::from(x)).collect())
                .collect();
            let direction = combine(&weights.shared, &rows, width);
            (weights, direction)
        }
    }
}

/// The first step of a method by its defaults, all losses 1; of GradNorm that after its warm-up.
pub fn aggregate(
    name: &str,
    parameters: &[(&str, f64)],
    jacobian: &[Vec<f64>],
) -> (Weights, Vec<f64>) {
    let tasks: Vec<usize> = (0..jacobian.len()).collect();
    let mut balancer = balancer(&plan(name, parameters), tasks.len());
    if name == "gradnorm" {
        balancer.end_epoch(&vec![Some(1.0); tasks.len()]);
    }
    step(&mut balancer, &tasks, &vec![1.0; tasks.len()], jacobian)
}

/// `J Jᵀ`.
pub fn gramian(jacobian: &[Vec<f64>]) -> Matrix {
    Matrix::new(jacobian.len(), |i, j| linalg::dot(&jacobian[i], &jacobian[j]))
}

fn combine(weights: &[f64], jacobian: &[Vec<f64>], width: usize) -> Vec<f64> {
    (0..width).map(|at| weights.iter().zip(jacobian).map(|(w, row)| w * row[at]).sum()).collect()
}

/// That two vectors are the same to within an error, absolute and relative.
#[track_caller]
pub fn assert_close(found: &[f64], expected: &[f64], error: f64) {
    let close = |(f, e): (&f64, &f64)| (f - e).abs() <= error * (1.0 + e.abs());
    let same = found.len() == expected.len() && found.iter().zip(expected).all(close);
    assert!(same, "found {found:?}, expected {expected:?}");
}
