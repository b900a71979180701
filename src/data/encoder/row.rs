//! Rows of numbers straight into what a network reads, without a table between: for models whose
//! features are all numeric.

use super::Encoder;
use super::feature::{FARTHEST, FeatureEncoder};

/// How rows of numbers are encoded, to the same bits as [`Encoder::encode`]. NaN is a missing cell.
#[derive(Debug, Clone)]
pub struct Numeric {
    means: Vec<f64>,
    scales: Vec<f64>,
    /// Where each feature stands in an encoded row; missing cells are marked in the place after it.
    places: Vec<usize>,
    width: usize,
}

impl Encoder {
    /// The encoding of rows that hold nothing but numbers; none if a feature is of another type.
    pub fn numeric(&self) -> Option<Numeric> {
        let moments = self.features().iter().map(FeatureEncoder::numeric);
        let (means, scales) = moments.collect::<Option<Vec<_>>>()?.into_iter().unzip();
        let mut width = 0;
        let places = self.features().iter().map(|feature| {
            let place = width;
            width += feature.width();
            place
        });
        let places = places.collect();
        Some(Numeric { means, scales, places, width })
    }
}

impl Numeric {
    /// How many numbers a row has.
    pub fn features(&self) -> usize {
        self.means.len()
    }

    /// How many numbers it has encoded.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Encodes rows that stand one after the other; false if a number is infinite.
    pub fn rows<T: Copy + Into<f64>>(&self, cells: &[T], out: &mut [f32]) -> bool {
        let features = self.features().max(1);
        let rows = cells.chunks_exact(features).zip(out.chunks_exact_mut(self.width.max(1)));
        let mut infinite = 0;
        if self.width == features {
            for (cells, out) in rows {
                let moments = self.means.iter().zip(&self.scales);
                for ((cell, out), (mean, scale)) in cells.iter().zip(out).zip(moments) {
                    let number = (*cell).into();
                    infinite |= u64::from(number.abs() == f64::INFINITY);
                    *out = standardised(number, *mean, *scale);
                }
            }
            return infinite == 0;
        }
        for (cells, out) in rows {
            for (feature, cell) in cells.iter().enumerate() {
                let number = (*cell).into();
                infinite |= u64::from(number.abs() == f64::INFINITY);
                self.put(feature, number, out);
            }
        }
        infinite == 0
    }

    /// Encodes one feature of some rows; without cells it is missing in all of them.
    pub fn column<T: Copy + Into<f64>>(
        &self,
        feature: usize,
        cells: Option<&[T]>,
        out: &mut [f32],
    ) -> bool {
        let mut infinite = 0;
        for (row, out) in out.chunks_exact_mut(self.width.max(1)).enumerate() {
            let number = cells.map_or(f64::NAN, |cells| cells[row].into());
            infinite |= u64::from(number.abs() == f64::INFINITY);
            self.put(feature, number, out);
        }
        infinite == 0
    }

    fn put(&self, feature: usize, number: f64, out: &mut [f32]) {
        let place = self.places[feature];
        let next = self.places.get(feature + 1).copied().unwrap_or(self.width);
        out[place] = standardised(number, self.means[feature], self.scales[feature]);
        if next - place == 2 {
            out[place + 1] = if number.is_nan() { 1.0 } else { 0.0 };
        }
    }
}

/// The mean in place of what is missing.
#[inline(always)]
fn standardised(number: f64, mean: f64, scale: f64) -> f32 {
    let standard = ((number - mean) / scale).clamp(-FARTHEST, FARTHEST) as f32;
    if number.is_nan() { 0.0 } else { standard }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Column, Schema, SchemaOptions, Table};
    use crate::random::{Purpose, Random};

    const ROWS: usize = 200;

    /// Three features, one far out and one with missing cells if `marked`, and a target.
    fn fitted(marked: bool) -> (Table, Encoder, Vec<Vec<f64>>) {
        let mut random = Random::new(5, Purpose::Init);
        let mut numbers = |scale: f64| -> Vec<f64> {
            (0..ROWS).map(|_| f64::from(random.normal()) * scale).collect()
        };
        let mut cells = vec![numbers(1e-3), numbers(1.0), numbers(1e4), numbers(1.0)];
        cells[0][ROWS - 1] = 1e300;
        if marked {
            cells[1][7] = f64::NAN;
        }
        let columns = (0..).zip(&cells);
        let columns = columns.map(|(i, cells)| Column::of_numbers(format!("c{i}"), cells.clone()));
        let table = Table::of_columns(columns.collect()).unwrap();
        let schema = Schema::infer(&table, &SchemaOptions::default()).unwrap();
        let encoder = Encoder::fit(&table, &schema, &(0..ROWS - 1).collect::<Vec<_>>()).unwrap();
        (table, encoder, cells)
    }

    #[test]
    fn rows_and_columns_have_the_bits_of_the_table() {
        for marked in [false, true] {
            let (table, encoder, mut cells) = fitted(marked);
            let expected = encoder.encode(&table).unwrap().numeric;
            let numeric = encoder.numeric().unwrap();
            assert_eq!((numeric.features(), numeric.width()), (3, 3 + usize::from(marked)));

            let flat: Vec<f64> =
                (0..ROWS).flat_map(|row| [cells[0][row], cells[1][row], cells[2][row]]).collect();
            let mut out = vec![9.0; expected.len()];
            assert!(numeric.rows(&flat, &mut out));
            assert_eq!(out, expected);

            let mut out = vec![9.0; expected.len()];
            for (feature, cells) in cells[..3].iter().enumerate() {
                assert!(numeric.column(feature, Some(cells), &mut out));
            }
            assert_eq!(out, expected);

            cells[2][9] = f64::NEG_INFINITY;
            assert!(!numeric.column(2, Some(&cells[2]), &mut out));
            assert!(!numeric.rows(&[1.0, f64::INFINITY, 2.0], &mut out[..numeric.width()]));
        }
    }

    #[test]
    fn other_features_than_numbers_have_no_such_way() {
        let texts = ["a", "b"].map(crate::data::Cell::Text);
        let mut column = Column::new("text");
        (0..40).for_each(|row| column.push(texts[row % 2]));
        let target = Column::of_numbers("t", (0..40).map(|row| f64::from(row) * 1.5).collect());
        let table = Table::of_columns(vec![column, target]).unwrap();
        let schema = Schema::infer(&table, &SchemaOptions::default()).unwrap();
        let encoder = Encoder::fit(&table, &schema, &(0..40).collect::<Vec<_>>()).unwrap();
        assert!(encoder.numeric().is_none());
    }
}
