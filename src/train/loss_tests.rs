//! The losses against numbers worked out by hand, and tensors against plain numbers.
