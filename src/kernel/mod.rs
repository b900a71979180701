//! Dense arithmetic on plain `f32`, in the widest instructions the CPU has: what predicting and
//! training both stand on. A kernel gives the same bits on every CPU.

mod activation;
mod cpu;
mod floats;
mod mask;
mod math;
mod mix;
mod product;
mod signs;
mod transpose;
mod update;
mod vector;

pub use activation::{activate, activate_with_derivative, exp, softmax};
pub use cpu::{Level, widely};
pub use floats::{Floats, LANES, padded};
pub use mask::{Masks, draws};
pub use mix::{Meets, Strip, dot_rows, scale_rows};
pub use product::{Finish, Left, Product, Right, Start};
pub use signs::keep_signs;
pub use transpose::transpose;
pub use update::{Update, add, add_scaled, dot, squares};
