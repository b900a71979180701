//! From files and rows to encoded numbers: tables, the schema read off them, the encoder.

mod boolean;
mod categories;
mod column;
pub mod csv;
mod date;
mod decimal;
mod distinct;
mod encoder;
mod feature;
mod folds;
mod groups;
mod lines;
mod number;
mod preprocessing;
mod profile;
mod reading;
mod schema;
mod source;
mod split;
mod table;
mod tally;
mod task;
mod weights;
mod word;

pub use boolean::spellings as boolean_spellings;
pub use categories::Categories;
pub use column::Column;
pub use date::DateOrder;
pub use encoder::{
    Encoded, Encoder, FARTHEST, FeatureEncoder, FeatureEncoding, LEAST_SHARE, Labels,
    NORMAL_CENTRE, NORMAL_TAIL, NormalFraction, Numeric, Scaler, TargetEncoder, TargetEncoding,
};
pub use feature::{Declared, Feature, FeatureType};
pub use folds::folds;
pub use groups::{group_folds, groups, split_groups};
pub use number::NumberFormat;
pub use preprocessing::{MOST_ONE_HOT, Preprocessing, Scaling};
pub use reading::Reading;
pub use schema::{Dropped, Names, Schema, SchemaOptions};
pub use source::{Loaded, Source};
pub use split::{Split, split};
pub use table::{Cell, FirstRow, Table, TableBuilder};
pub use task::{ClassWeights, NumberLoss, Objective, TargetChoice, Task, TaskType};

#[cfg(test)]
mod packed_tests;
