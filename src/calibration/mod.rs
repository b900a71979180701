//! What is fitted to a trained network's answers on rows that did not train: the temperature of a
//! task's probabilities, and how far a value may be off.

mod interval;
mod temperature;

pub use interval::{Interval, Weights, is_counted};
pub use temperature::{Reliability, Temperature, temper};
