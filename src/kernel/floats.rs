//! Numbers as kernels want them: rows padded to whole vectors, at the start of cache lines.

use std::ops::{Deref, DerefMut};

/// Rows begin at multiples of so many numbers: the widest vector, one cache line.
pub const LANES: usize = 16;

/// A width rounded up to whole vectors.
pub fn padded(width: usize) -> usize {
    width.next_multiple_of(LANES)
}

/// One cache line.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
struct Line(#[allow(dead_code)] [f32; LANES]); // read as numbers, never as a line

/// A list of numbers that begins at a cache line.
#[derive(Debug, Clone, Default)]
pub struct Floats {
    lines: Vec<Line>,
    len: usize,
}

impl Floats {
    /// So many zeros.
    pub fn zeros(len: usize) -> Self {
        Floats { lines: vec![Line([0.0; LANES]); len.div_ceil(LANES)], len }
    }
}

impl Deref for Floats {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        // SAFETY: lines are numbers without gaps, and `len` of them are there.
        unsafe { std::slice::from_raw_parts(self.lines.as_ptr().cast(), self.len) }
    }
}

impl DerefMut for Floats {
    fn deref_mut(&mut self) -> &mut [f32] {
        // SAFETY: as above.
        unsafe { std::slice::from_raw_parts_mut(self.lines.as_mut_ptr().cast(), self.len) }
    }
}
