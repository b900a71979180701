//! What the tokens mean in the columns of a model: a text that is a category or a class is that
//! category or class, and `-` and `.` are missing among numbers and dates only.

use super::super::column::Column;
use super::super::missing::MissingTokens;
use super::super::number::NumberFormat;
use super::super::settle::{mark_amounts, stays};
use super::super::table::Table;
use super::feature::Encoding;
use super::{Encoder, FeatureEncoder};
use std::collections::HashMap;

impl Encoder {
    /// The same with these tokens for missing cells.
    pub fn with_missing(mut self, missing: MissingTokens) -> Self {
        self.missing = missing;
        self
    }

    /// The tokens for missing cells.
    pub fn missing(&self) -> &MissingTokens {
        &self.missing
    }

    /// Marks and settles a table of rows, which are read as in training.
    pub fn settled(&self, mut table: Table) -> Table {
        table.mark(&self.missing, self.format());
        self.settle(&mut table, &self.missing, self.format());
        table
    }

    /// Settles a table that was read with these tokens and numbers written so: its columns by name,
    /// whichever of the model's there are.
    pub fn settle(&self, table: &mut Table, tokens: &MissingTokens, format: NumberFormat) {
        let other = format != self.format();
        if other {
            table.set_format(format);
        }
        let amounts = self.features.iter().filter_map(|it| Some((it.name(), it.unit?)));
        let labels = self.targets.iter().filter_map(|it| Some((it.name(), it.unit?)));
        for (name, unit) in amounts.chain(labels) {
            let column = table.columns_mut().iter_mut().find(|column| column.name() == name);
            if let Some(column) = column {
                mark_amounts(column, tokens, format.with(Some(unit)));
            }
        }
        let changed = |column: &&mut Column| other || column.is_marked();
        let mut columns = table.columns_mut().iter_mut().filter(changed).peekable();
        if columns.peek().is_none() {
            return;
        }
        let names = self.features.iter().map(FeatureEncoder::name);
        let features: HashMap<&str, &FeatureEncoder> = names.zip(&self.features).collect();
        for column in columns {
            let target = self.targets.iter().find(|target| target.name() == column.name());
            let (known, numbers) = match (features.get(column.name()), target) {
                (Some(feature), _) => {
                    let encoding = feature.encoding();
                    let numbers = matches!(encoding, Encoding::Numeric(_) | Encoding::Date { .. });
                    (feature.categories(), numbers)
                }
                (None, Some(target)) => {
                    let classes = target.classes();
                    (classes, classes.is_none_or(|classes| classes.numbers().is_some()))
                }
                (None, None) => continue,
            };
            column.restore(|word| stays(word, known, numbers, tokens));
            // Categories are told apart as the model writes numbers.
            if other && known.is_some() {
                column.respell(format, self.format());
            }
        }
    }
}
