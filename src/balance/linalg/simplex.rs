//! The simplex `w ≥ 0, Σ w = 1`.

/// The point of the simplex nearest to `v` (by sorting, arXiv 1309.1541).
pub fn simplex(v: &[f64]) -> Vec<f64> {
    // Moving all alike changes nothing, and keeps what follows exact for large entries.
    let largest = v.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut sorted: Vec<f64> = v.iter().map(|x| x - largest).collect();
    sorted.sort_by(|a, b| b.total_cmp(a));
    let (mut sum, mut shift) = (0.0, 0.0);
    for (k, x) in sorted.iter().enumerate() {
        sum += x;
        let candidate = (sum - 1.0) / (k + 1) as f64;
        if *x > candidate {
            shift = candidate;
        }
    }
    v.iter().map(|x| (x - largest - shift).max(0.0)).collect()
}

/// `exp(v) / Σ exp(v)`, for numbers of any size.
pub fn softmax(v: &[f64]) -> Vec<f64> {
    let largest = v.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let exps: Vec<f64> = v.iter().map(|x| (x - largest).exp()).collect();
    let sum: f64 = exps.iter().sum();
    exps.iter().map(|x| x / sum).collect()
}
