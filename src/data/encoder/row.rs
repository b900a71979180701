//! Rows of numbers straight into what a network reads, without a table between: for models whose
//! features are all numeric.

use super::super::missing::MissingNumbers;
use super::Encoder;
use super::feature::FeatureEncoder;
use super::scaler::{Scaler, ranked, robust, standard};

/// How rows of numbers are encoded, to the same bits as [`Encoder::encode`]. NaN is a missing cell.
#[derive(Debug, Clone)]
pub struct Numeric {
    scales: Scales,
    /// Where each feature stands in an encoded row; missing cells are marked in the place after it.
    places: Vec<usize>,
    width: usize,
    /// Numbers that mean a missing cell too.
    missing: MissingNumbers,
}

/// The scales of all features, which are of one kind.
#[derive(Debug, Clone)]
enum Scales {
    Standard { means: Vec<f64>, scales: Vec<f64> },
    Robust { medians: Vec<f64>, factors: Vec<f64> },
    Quantile(Vec<Vec<f64>>),
}

impl Scales {
    /// None if they are of several kinds, as no training makes them.
    fn of(scalers: &[&Scaler]) -> Option<Self> {
        let pairs = |of: fn(&Scaler) -> Option<(f64, f64)>| {
            let pairs: Option<Vec<_>> = scalers.iter().map(|scaler| of(scaler)).collect();
            pairs.map(|pairs| pairs.into_iter().unzip())
        };
        match scalers.first() {
            None | Some(Scaler::Standard { .. }) => {
                let (means, scales) = pairs(|scaler| match scaler {
                    Scaler::Standard { mean, scale } => Some((*mean, *scale)),
                    _ => None,
                })?;
                Some(Scales::Standard { means, scales })
            }
            Some(Scaler::Robust { .. }) => {
                let (medians, factors) = pairs(|scaler| match scaler {
                    Scaler::Robust { median, factor } => Some((*median, *factor)),
                    _ => None,
                })?;
                Some(Scales::Robust { medians, factors })
            }
            Some(Scaler::Quantile { .. }) => {
                let quantiles = scalers.iter().map(|scaler| match scaler {
                    Scaler::Quantile { quantiles } => Some(quantiles.clone()),
                    _ => None,
                });
                Some(Scales::Quantile(quantiles.collect::<Option<_>>()?))
            }
        }
    }
}

impl Encoder {
    /// The encoding of rows that hold nothing but numbers; none if a feature is of another type.
    pub fn numeric(&self) -> Option<Numeric> {
        let scalers: Option<Vec<_>> = self.features().iter().map(FeatureEncoder::scaler).collect();
        let scales = Scales::of(&scalers?)?;
        let mut width = 0;
        let places = self.features().iter().map(|feature| {
            let place = width;
            width += feature.width();
            place
        });
        let places = places.collect();
        let missing = self.missing().numbers(self.format());
        // Tokens that a column of amounts reads as other numbers are found cell by cell.
        let amounts = self.features().iter().filter(|feature| feature.unit.is_some());
        let same = |feature: &FeatureEncoder| {
            self.missing().numbers(self.format().with(feature.unit)).all() == missing.all()
        };
        if !amounts.into_iter().all(same) {
            return None;
        }
        Some(Numeric { scales, places, width, missing })
    }
}

impl Numeric {
    /// How many numbers a row has.
    pub fn features(&self) -> usize {
        self.places.len()
    }

    /// How many numbers it has encoded.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Encodes rows that stand one after the other; false if a number is infinite.
    pub fn rows<T: Copy + Into<f64>>(&self, cells: &[T], out: &mut [f32]) -> bool {
        match self.missing.is_empty() {
            true => self.scaled_rows(cells, out),
            false => self.scaled_rows(&self.known(cells), out),
        }
    }

    /// The numbers, NaN for those that mean a missing cell.
    fn known<T: Copy + Into<f64>>(&self, cells: &[T]) -> Vec<f64> {
        let numbers = cells.iter().map(|cell| (*cell).into());
        numbers.map(|number| if self.missing.has(number) { f64::NAN } else { number }).collect()
    }

    fn scaled_rows<T: Copy + Into<f64>>(&self, cells: &[T], out: &mut [f32]) -> bool {
        match &self.scales {
            Scales::Standard { means, scales } => {
                self.each_row(cells, out, means.iter().zip(scales), |number, (mean, scale)| {
                    standard(number, *mean, *scale)
                })
            }
            Scales::Robust { medians, factors } => self.each_row(
                cells,
                out,
                medians.iter().zip(factors),
                |number, (median, factor)| robust(number, *median, *factor),
            ),
            Scales::Quantile(all) => {
                self.each_row(cells, out, all.iter(), |number, quantiles| ranked(number, quantiles))
            }
        }
    }

    /// Encodes one feature of some rows; without cells it is missing in all of them.
    pub fn column<T: Copy + Into<f64>>(
        &self,
        feature: usize,
        cells: Option<&[T]>,
        out: &mut [f32],
    ) -> bool {
        match cells.filter(|_| !self.missing.is_empty()) {
            None => self.scaled_column(feature, cells, out),
            Some(cells) => self.scaled_column(feature, Some(&self.known(cells)), out),
        }
    }

    fn scaled_column<T: Copy + Into<f64>>(
        &self,
        feature: usize,
        cells: Option<&[T]>,
        out: &mut [f32],
    ) -> bool {
        match &self.scales {
            Scales::Standard { means, scales } => {
                let (mean, scale) = (means[feature], scales[feature]);
                self.each_cell(feature, cells, out, |number| standard(number, mean, scale))
            }
            Scales::Robust { medians, factors } => {
                let (median, factor) = (medians[feature], factors[feature]);
                self.each_cell(feature, cells, out, |number| robust(number, median, factor))
            }
            Scales::Quantile(all) => {
                let quantiles = all[feature].as_slice();
                self.each_cell(feature, cells, out, |number| ranked(number, quantiles))
            }
        }
    }

    /// Rows by one scale for each feature: `scaled` is compiled once for each kind of them.
    #[inline(always)]
    fn each_row<T: Copy + Into<f64>, S>(
        &self,
        cells: &[T],
        out: &mut [f32],
        scales: impl Iterator<Item = S> + Clone,
        scaled: impl Fn(f64, S) -> f32,
    ) -> bool {
        let features = self.features().max(1);
        let rows = cells.chunks_exact(features).zip(out.chunks_exact_mut(self.width.max(1)));
        let mut infinite = 0;
        if self.width == features {
            for (cells, out) in rows {
                for ((cell, out), scale) in cells.iter().zip(out).zip(scales.clone()) {
                    let number = (*cell).into();
                    infinite |= u64::from(number.abs() == f64::INFINITY);
                    *out = scaled(number, scale);
                }
            }
            return infinite == 0;
        }
        for (cells, out) in rows {
            for (feature, (cell, scale)) in cells.iter().zip(scales.clone()).enumerate() {
                let number = (*cell).into();
                infinite |= u64::from(number.abs() == f64::INFINITY);
                self.put(feature, number, scaled(number, scale), out);
            }
        }
        infinite == 0
    }

    #[inline(always)]
    fn each_cell<T: Copy + Into<f64>>(
        &self,
        feature: usize,
        cells: Option<&[T]>,
        out: &mut [f32],
        scaled: impl Fn(f64) -> f32,
    ) -> bool {
        let mut infinite = 0;
        for (row, out) in out.chunks_exact_mut(self.width.max(1)).enumerate() {
            let number = cells.map_or(f64::NAN, |cells| cells[row].into());
            infinite |= u64::from(number.abs() == f64::INFINITY);
            self.put(feature, number, scaled(number), out);
        }
        infinite == 0
    }

    #[inline(always)]
    fn put(&self, feature: usize, number: f64, scaled: f32, out: &mut [f32]) {
        let place = self.places[feature];
        let next = self.places.get(feature + 1).copied().unwrap_or(self.width);
        out[place] = scaled;
        if next - place == 2 {
            out[place + 1] = if number.is_nan() { 1.0 } else { 0.0 };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Column, Preprocessing, Scaling, Schema, SchemaOptions, Table};
    use crate::random::{Purpose, Random};

    const ROWS: usize = 200;

    /// Three features, one far out and one with missing cells if `marked`, and a target.
    fn fitted(scaling: Scaling, marked: bool) -> (Table, Encoder, Vec<Vec<f64>>) {
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
        let preprocessing = Preprocessing { scaling, ..Preprocessing::default() };
        let options = SchemaOptions { preprocessing, ..SchemaOptions::default() };
        let schema = Schema::infer(&table, &options).unwrap();
        let encoder = Encoder::fit(&table, &schema, &(0..ROWS - 1).collect::<Vec<_>>()).unwrap();
        (table, encoder, cells)
    }

    #[test]
    fn rows_and_columns_have_the_bits_of_the_table() {
        use Scaling::{Quantile, Robust, Standard};
        for (scaling, marked) in [Standard, Robust, Quantile]
            .iter()
            .flat_map(|scaling| [(*scaling, false), (*scaling, true)])
        {
            let (table, encoder, mut cells) = fitted(scaling, marked);
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
    fn numbers_that_are_tokens_are_missing_as_in_the_table() {
        use crate::data::MissingTokens;
        for marked in [false, true] {
            let (_, encoder, mut cells) = fitted(Scaling::Standard, marked);
            let only = MissingTokens::only(vec!["-999".to_owned(), "0.1".to_owned()]);
            let encoder = encoder.with_missing(only);
            (cells[0][3], cells[1][4], cells[2][5]) = (-999.0, 0.1, f64::from(0.1_f32));
            let columns = (0..).zip(&cells);
            let columns =
                columns.map(|(i, cells)| Column::of_numbers(format!("c{i}"), cells.clone()));
            let table = encoder.settled(Table::of_columns(columns.collect()).unwrap());
            assert_eq!(table.column("c0").unwrap().cell(3), crate::data::Cell::Missing);
            let expected = encoder.encode(&table).unwrap().numeric;
            let numeric = encoder.numeric().unwrap();
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
