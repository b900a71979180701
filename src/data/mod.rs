//! From files and rows to encoded numbers: tables, the schema read off them, the encoder.

mod categories;
pub mod csv;
mod encoder;
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
pub use schema::{Dropped, Feature, FeatureType, Schema, SchemaOptions};
pub use source::{Loaded, Source};
pub use split::{Split, split};
pub use table::{Cell, Column, Table, TableBuilder};
pub use task::{ClassWeights, NumberLoss, Objective, TargetChoice, Task, TaskType};
