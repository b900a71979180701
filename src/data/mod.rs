//! From files and rows to encoded numbers: tables, the schema read off them, the encoder.

pub mod csv;
pub mod table;

pub use table::{Cell, Column, Table, TableBuilder};
