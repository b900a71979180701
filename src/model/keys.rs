//! The names of the columns a model was trained on, for rows whose keys are others.

use super::Model;
use crate::data::{Column, Keys, Table, misspelt};
use crate::error::{Code, Error, Result, quoted};

impl Model {
    /// What keys of rows are compared with: all columns of the training table are known.
    pub fn keys(&self) -> &Keys {
        self.keys.get_or_init(|| {
            let features = self.encoder().features().iter();
            let features = features.map(|feature| (feature.name(), feature.missing()));
            Keys::new(features, self.others())
        })
    }

    /// The columns of the training table that are no features.
    fn others(&self) -> impl Iterator<Item = &str> {
        let schema = &self.header.schema;
        let tasks = schema.tasks.iter().map(|task| task.name.as_str());
        let dropped = schema.dropped.iter().map(|dropped| dropped.name.as_str());
        tasks.chain(dropped).chain(schema.sample_weights.as_deref())
    }

    /// Labelled rows count alike where the column of the weights is not there, unless another one
    /// looks like it: its weights would be passed over without a word.
    pub fn check_weights(&self, table: &Table) -> Result<()> {
        let Some(weights) = &self.header.schema.sample_weights else { return Ok(()) };
        if table.column(weights).is_some() {
            return Ok(());
        }
        let known = |name: &str| {
            self.encoder().features().iter().any(|feature| feature.name() == name)
                || self.others().any(|other| other == name)
        };
        let mut names = table.columns().iter().map(Column::name);
        let Some(found) = names.find(|name| misspelt(name, weights) && !known(name)) else {
            return Ok(());
        };
        let message = format!(
            "there is no column {}, whose weights the model was trained with; is it {}? Without \
             weights, leave that column out",
            quoted(weights),
            quoted(found)
        );
        let code = if table.is_rows() { Code::Rows } else { Code::Schema };
        let error = Error::new(code, message).column(weights);
        Err(if table.is_rows() { error } else { error.file(table.source()) })
    }
}
