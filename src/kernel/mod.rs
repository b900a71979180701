//! Dense arithmetic on plain `f32`, in the widest instructions the CPU has: what predicting and
//! training both stand on. A kernel gives the same bits on every CPU.

mod activation;
mod blend;
mod cpu;
mod floats;
mod gramian;
mod grouped;
mod mask;
mod math;
mod mix;
mod periodic;
mod piecewise;
mod product;
mod signs;
mod transpose;
mod update;
mod vector;

pub use activation::{activate, activate_with_derivative, exp, softmax};
pub use blend::{blend, blend_back};
pub use cpu::{Level, widely};
pub use floats::{Floats, LANES, padded};
pub use gramian::{dot, products};
pub use grouped::{Grouped, whole_vectors};
pub use mask::{Masks, draws};
pub use mix::{Meets, Strip, dot_rows, scale_rows};
pub use periodic::Waves;
pub use piecewise::{piecewise, piecewise_back};
pub use product::{Finish, Left, Product, Right, Start};
pub use signs::keep_signs;
pub use transpose::transpose;
pub use update::{Update, add, add_scaled, follow, squares};
