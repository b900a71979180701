//! polytask: multi-task neural networks on tabular data, trained with libtorch, served anywhere.

pub mod archive;
pub mod artifact;
pub mod balance;
pub mod calibration;
#[cfg(feature = "train")]
pub mod checkpoint;
pub mod comparison;
pub mod data;
pub mod draft;
pub mod error;
pub mod export;
pub mod graph;
pub mod history;
pub mod infer;
#[cfg(feature = "train")]
pub mod job;
pub mod kernel;
pub mod metrics;
pub mod model;
#[cfg(feature = "node")]
pub mod node;
pub mod options;
pub mod parts;
pub mod random;
pub mod report;
#[cfg(feature = "train")]
pub mod train;
pub mod tuning;
pub mod watch;

// What the node room may use: the crate as its users see it.
pub use data::{
    Cell, Column, Encoder, FeatureEncoding, Literal, OpenDates, Source, Table, TableBuilder,
    date_of_instant, is_moment, misspelt,
};
pub use error::{Code, Error, Place, Result, nearest, quoted};
pub use history::EpochReport;
#[cfg(feature = "train")]
pub use job::{CrossValidation, FoldReport, cross_validate, train as train_model, tune};
pub use model::{Answers, Model, Numbers, Predicted, Room, Strip};
pub use options::{
    EvaluateOptions, FileOptions, ImportanceOptions, ReportOptions, TrainOptions, TuneOptions,
};
pub use report::{Report, importance};
#[cfg(feature = "train")]
pub use train::{LIBTORCH, Observer, Stop};
pub use tuning::Trial;
pub use watch::Watch;
