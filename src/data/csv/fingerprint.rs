//! What identifies the bytes of files: a hash of hashes, so that chunks can be hashed wherever and
//! whenever they are read.

use super::cut::CHUNK;
use xxhash_rust::xxh3::xxh3_64;

/// The hash of each chunk, in order.
#[derive(Debug, Default)]
pub(super) struct Fingerprint {
    digests: Vec<u64>,
}

impl Fingerprint {
    /// The hash of a chunk.
    pub(super) fn digest(chunk: &[u8]) -> u64 {
        xxh3_64(chunk)
    }

    /// Adds a chunk by its hash.
    pub(super) fn push(&mut self, digest: u64) {
        self.digests.push(digest);
    }

    /// Adds the chunks of a file.
    pub(super) fn push_all(&mut self, bytes: &[u8]) {
        self.digests.extend(bytes.chunks(CHUNK).map(Self::digest));
    }

    /// XXH3-64 of the only chunk, or of the hashes of all chunks, as 16 hexadecimal digits.
    pub(super) fn finish(&self) -> String {
        let digest = match *self.digests {
            [only] => only,
            _ => xxh3_64(&self.digests.iter().flat_map(|d| d.to_le_bytes()).collect::<Vec<_>>()),
        };
        format!("{digest:016x}")
    }
}
