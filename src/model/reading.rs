//! Rows for a model that has been trained: how its columns tell the header of a file.

use super::Model;
use crate::data::csv::{CsvOptions, KnownNames};
use crate::data::{FeatureEncoder, Loaded, Source};
use crate::error::Result;

impl Model {
    /// Reads rows to be scored. A file whose first row holds the names of all features has that
    /// row as its header, unless `csv.header` says otherwise.
    pub fn read(&self, source: Source, csv: &CsvOptions) -> Result<Loaded> {
        source.load(&self.knowing(csv))
    }

    /// The options with the names of the features.
    pub(super) fn knowing(&self, csv: &CsvOptions) -> CsvOptions {
        let features = self.encoder().features().iter();
        let names = features.map(FeatureEncoder::name).map(str::to_owned).collect();
        CsvOptions { known: KnownNames::Features(names), ..csv.clone() }
    }
}
