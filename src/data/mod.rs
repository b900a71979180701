//! From files and rows to encoded numbers: tables, the schema read off them, the encoder.

mod categories;
pub mod csv;
mod encoder;
mod folds;
mod groups;
mod number;
mod profile;
mod schema;
mod source;
mod split;
mod table;
mod task;
mod weights;

pub use categories::Categories;
pub use encoder::{Encoded, Encoder, FeatureEncoder, Labels, TargetEncoder};
pub use folds::folds;
pub use groups::{group_folds, groups, split_groups};
pub use schema::{Dropped, Feature, FeatureType, Names, Schema, SchemaOptions};
pub use source::{Loaded, Source};
pub use split::{Split, split};
pub use table::{Cell, Column, Table, TableBuilder};
pub use task::{ClassWeights, NumberLoss, Objective, TargetChoice, Task, TaskType};
