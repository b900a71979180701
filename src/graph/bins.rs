//! The piecewise-linear encoding of numbers by fixed edges, in plain numbers.

/// How far past the outermost edges an outer component goes on, in widths of its bin. The papers
/// let it go on for ever; but a bin may be a millionth wide, and a number one away would then come
/// to a million.
const BEYOND: f32 = 1.0;

/// Of each column the bins between its edges; columns of fewer bins have bins behind them whose
/// component is always 0. The component of a bin is `(x - left) · scale`, kept from `low` to
/// `high`: 0 before the bin, 1 after it; before the first and after the last it goes on, for one
/// width of the bin.
#[derive(Debug, Clone, PartialEq)]
pub struct Bins {
    /// How many columns.
    pub columns: usize,
    /// The bins of each.
    pub most: usize,
    /// Where each begins, `[columns, most]`.
    pub left: Vec<f32>,
    /// One over its width.
    pub scale: Vec<f32>,
    /// The least that its component comes to.
    pub low: Vec<f32>,
    /// The most.
    pub high: Vec<f32>,
}

impl Bins {
    /// The bins between these edges; none unless each column has two edges or more, which rise by
    /// steps that can be divided by.
    pub fn new(edges: &[Vec<f32>]) -> Option<Self> {
        let rises = |pair: &[f32]| pair[0] < pair[1] && (1.0 / (pair[1] - pair[0])).is_finite();
        let valid = |edges: &Vec<f32>| {
            edges.len() > 1
                && edges.iter().all(|edge| edge.is_finite())
                && edges.windows(2).all(|pair| rises(pair) && (pair[1] - pair[0]).is_finite())
        };
        let most = edges.iter().map(Vec::len).max()?.checked_sub(1)?;
        if !edges.iter().all(valid) {
            return None;
        }
        let zeros = || vec![0.0; edges.len() * most];
        let (columns, left, scale) = (edges.len(), zeros(), zeros());
        let mut bins = Bins { columns, most, left, scale, low: zeros(), high: zeros() };
        for (column, edges) in edges.iter().enumerate() {
            let last = edges.len() - 2;
            for (bin, pair) in edges.windows(2).enumerate() {
                let at = column * most + bin;
                bins.left[at] = pair[0];
                bins.scale[at] = 1.0 / (pair[1] - pair[0]);
                bins.low[at] = if bin == 0 { -BEYOND } else { 0.0 };
                bins.high[at] = if bin == last { 1.0 + BEYOND } else { 1.0 };
            }
        }
        Some(bins)
    }

    /// How many numbers a row comes to.
    pub fn width(&self) -> usize {
        self.columns * self.most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_that_do_not_rise_make_no_bins() {
        let good = vec![-1.0, 0.5, 2.0];
        assert_eq!(Bins::new(&[good.clone(), vec![0.0, 1.0]]).unwrap().width(), 4);
        let bad: [&[f32]; 7] = [
            &[],
            &[1.0],
            &[1.0, 1.0],
            &[2.0, 1.0],
            &[0.0, f32::INFINITY],
            &[0.0, f32::NAN],
            &[0.0, 1e-45],
        ];
        for edges in bad {
            assert_eq!(Bins::new(&[good.clone(), edges.to_vec()]), None, "{edges:?}");
        }
        assert_eq!(Bins::new(&[vec![f32::MIN, f32::MAX]]), None);
        assert_eq!(Bins::new(&[]), None);
    }
}
