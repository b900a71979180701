//! A short sign of long data: equal for equal data, and else as good as never.

use serde_json::Value;
use xxhash_rust::xxh3::Xxh3;

/// A hash over parts, each with its length, so that no two lists run together.
#[derive(Default)]
pub struct Digest(Xxh3);

impl Digest {
    /// Adds JSON.
    pub fn json(&mut self, value: &Value) -> &mut Self {
        self.numbers(value.to_string().as_bytes(), |byte| [byte])
    }

    /// Adds numbers, as these bytes.
    pub fn numbers<T: Copy, const N: usize>(
        &mut self,
        numbers: &[T],
        bytes: impl Fn(T) -> [u8; N],
    ) -> &mut Self {
        self.0.update(&(numbers.len() as u64).to_le_bytes());
        numbers.iter().for_each(|number| self.0.update(&bytes(*number)));
        self
    }

    /// What it comes to.
    pub fn text(&self) -> String {
        format!("{:016x}", self.0.digest())
    }
}
