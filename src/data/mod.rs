//! From files and rows to encoded numbers: tables, the schema read off them, the encoder.

mod boolean;
mod categories;
mod column;
pub mod csv;
mod currency;
mod date;
mod decimal;
mod distinct;
mod dotted;
mod encoder;
mod feature;
mod folds;
mod groups;
mod instant;
mod keys;
mod labels;
mod lines;
mod literal;
mod lookup;
mod marks;
mod missing;
mod misspelled;
mod moments;
mod number;
mod number_spelling;
mod numberlike;
mod outliers;
mod preprocessing;
mod profile;
mod reading;
mod refusal;
mod schema;
mod settle;
mod slices;
mod source;
mod spelling;
mod split;
mod survey;
mod table;
mod tally;
mod target_choice;
mod task;
mod time_split;
mod unit;
mod values;
mod weights;
mod word;
mod worded;
mod zone;

pub use boolean::spellings as boolean_spellings;
pub use categories::Categories;
pub use column::Column;
pub use date::{DateOrder, is_moment};
pub use encoder::{
    Encoded, Encoder, FARTHEST, FeatureEncoder, FeatureEncoding, LEAST_SHARE, Labels,
    NORMAL_CENTRE, NORMAL_TAIL, NormalFraction, Numeric, Scaler, TargetEncoder, TargetEncoding,
    Times,
};
pub use feature::{Declared, Feature, FeatureType};
pub use folds::{Fold, folds};
pub use groups::{group_folds, groups, split_groups};
pub use instant::date_of_instant;
pub use keys::{Keys, misspelt};
pub use literal::Literal;
pub use lookup::{Found, Identity};
pub use missing::{MissingNumbers, MissingTokens};
pub use moments::{Bound, Moments};
pub use number::NumberFormat;
pub use outliers::{DATED, Outliers, is_no_data, numbers, years};
pub use preprocessing::{MOST_ONE_HOT, Preprocessing, Scaling};
pub use reading::Reading;
pub use refusal::literal;
pub use schema::{Dropped, Names, Schema, SchemaOptions};
pub use settle::{Taken, settle, settle_groups};
pub use slices::{Slice, slices};
pub use source::{Loaded, Source};
pub use split::{Split, split};
pub use table::{Cell, FirstRow, Table, TableBuilder};
pub use target_choice::{ClassWeights, NumberLoss, Objective, TargetChoice};
pub use task::{Task, TaskType};
pub use time_split::{distinct_moments, expanding_folds, split_latest};
pub use unit::{CURRENCY, Unit};
pub use values::{Equal, require_exact};
pub use weights::relative as relative_weights;
pub use zone::{OpenDates, TimeZone};

#[cfg(test)]
mod date_kinds_tests;
#[cfg(test)]
mod packed_tests;
