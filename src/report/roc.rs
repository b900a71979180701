//! ROC curves: of the rows above a threshold, the share of all positives against the share of all
//! negatives (Fawcett 2006, "An introduction to ROC analysis").

use serde::Serialize;

/// The curve of one class against the rest.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Curve {
    /// The class that is positive, by its index.
    pub class: usize,
    /// The rows of that class, whatever their weight.
    pub n: usize,
    /// The area under it, a tie counting half, before any point was left out.
    pub area: f64,
    /// False positive and true positive rates, from (0, 0) to (1, 1).
    pub points: Vec<[f64; 2]>,
}

/// One row: its score, whether it is positive, and what it counts.
pub type Scored = (f64, bool, f64);

impl Curve {
    /// The curve of these rows, of at most so many points; none without rows on both sides, or
    /// with a score that is no number.
    pub fn of(class: usize, mut rows: Vec<Scored>, most: usize) -> Option<Self> {
        if rows.iter().any(|(score, ..)| !score.is_finite()) {
            return None;
        }
        rows.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
        let total = |positive: bool| -> f64 {
            rows.iter().filter(|row| row.1 == positive).map(|row| row.2).sum()
        };
        let (positives, negatives) = (total(true), total(false));
        if !(positives > 0.0 && negatives > 0.0) {
            return None;
        }
        let mut points = vec![[0.0, 0.0]];
        let (mut hits, mut misses, mut area) = (0.0, 0.0, 0.0);
        // Rows that tie pass the threshold together: a slope, not a step.
        for tied in rows.chunk_by(|a, b| a.0 == b.0) {
            let gained: f64 = tied.iter().filter(|row| row.1).map(|row| row.2).sum();
            let lost: f64 = tied.iter().filter(|row| !row.1).map(|row| row.2).sum();
            area += lost * (hits + gained / 2.0);
            hits += gained;
            misses += lost;
            points.push([misses / negatives, hits / positives]);
        }
        let area = area / positives / negatives;
        let n = rows.iter().filter(|row| row.1).count();
        Some(Curve { class, n, area, points: thinned(points, most.max(2)) })
    }
}

/// At most so many of the points of a line, ends included: first those that lie on the line
/// between their neighbours go, then others, so that what is left is spread evenly along it.
fn thinned(points: Vec<[f64; 2]>, most: usize) -> Vec<[f64; 2]> {
    let mut corners: Vec<[f64; 2]> = Vec::new();
    for point in points {
        if let [.., a, b] = corners[..] {
            let cross = (b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0]);
            if cross.abs() < 1e-12 {
                corners.pop();
            }
        }
        corners.push(point);
    }
    if corners.len() <= most {
        return corners;
    }
    // A rising line from (0, 0) to (1, 1) is as long as 2, by steps along the axes.
    let (last, mut kept) = (corners.len() - 1, Vec::new());
    let mut next = 0.0;
    for (at, [x, y]) in corners.into_iter().enumerate() {
        let along = (x + y) / 2.0 * (most - 1) as f64;
        // The last step is kept for the end.
        if at == last || (along >= next && kept.len() < most - 1) {
            kept.push([x, y]);
            next = along.floor() + 1.0;
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_of_four_rows_is_that_of_hand() {
        let rows = vec![(0.1, false, 1.0), (0.4, true, 1.0), (0.35, false, 1.0), (0.8, true, 1.0)];
        let curve = Curve::of(1, rows, 200).unwrap();
        assert_eq!((curve.area, curve.n, curve.class), (1.0, 2, 1));
        assert_eq!(curve.points, [[0.0, 0.0], [0.0, 1.0], [1.0, 1.0]]);
        let rows = vec![(0.9, true, 1.0), (0.5, false, 3.0), (0.5, true, 1.0), (0.1, false, 1.0)];
        let curve = Curve::of(1, rows, 200).unwrap();
        assert_eq!(curve.points, [[0.0, 0.0], [0.0, 0.5], [0.75, 1.0], [1.0, 1.0]]);
        // Of 4 · 2 pairs by weight: 4 by the first, 1 and 3 halves by the second.
        assert_eq!(curve.area, 6.5 / 8.0);
    }

    #[test]
    fn one_side_has_no_curve() {
        assert_eq!(Curve::of(0, vec![(0.5, true, 1.0)], 200), None);
        assert_eq!(Curve::of(0, vec![(0.5, true, 1.0), (0.2, false, 0.0)], 200), None);
        assert_eq!(Curve::of(0, vec![(f64::NAN, true, 1.0), (0.2, false, 1.0)], 200), None);
    }

    #[test]
    fn many_points_are_thinned_between_their_ends() {
        let rows: Vec<Scored> =
            (0..5000u32).map(|row| (f64::from(row * 7919 % 5000), row % 3 == 0, 1.0)).collect();
        let all = Curve::of(1, rows.clone(), usize::MAX).unwrap();
        for most in [2, 3, 50, 200] {
            let curve = Curve::of(1, rows.clone(), most).unwrap();
            assert!(curve.points.len() <= most && curve.points.len() * 3 >= most, "{most}");
            assert_eq!((curve.points[0], curve.area), ([0.0, 0.0], all.area));
            assert_eq!(curve.points.last(), Some(&[1.0, 1.0]));
            assert!(curve.points.iter().all(|point| all.points.contains(point)));
        }
    }
}
