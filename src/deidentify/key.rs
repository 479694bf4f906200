//! A key read from a file that only its owner can read, and the keyed hash (HMAC-SHA-256) made with it. The key is wiped from memory when dropped.

use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::error::{Error, Result};

/// The least number of bytes of a key.
const LEAST: usize = 16;
/// The block of SHA-256.
const BLOCK: usize = 64;

/// A secret key.
pub struct Key(Zeroizing<Vec<u8>>);

impl std::fmt::Debug for Key {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Key(..)")
    }
}

impl Key {
    /// Reads a key file.
    ///
    /// # Errors
    /// Where it cannot be read, is readable by others than its owner, or is shorter than sixteen bytes.
    pub fn read(path: &Path) -> Result<Self> {
        owner_only(path)?;
        let bytes = Zeroizing::new(fs::read(path).map_err(|error| Error::io(path, error))?);
        let kept = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
        if kept.len() < LEAST {
            return Err(Error::Setting(format!("{}: expected a key of at least {LEAST} bytes, found {}", path.display(), kept.len())));
        }
        Ok(Self(Zeroizing::new(kept.to_vec())))
    }

    /// A key of given bytes.
    pub fn new(bytes: &[u8]) -> Self {
        Self(Zeroizing::new(bytes.to_vec()))
    }

    /// The keyed hash of some parts, each closed by its length so that parts never run together.
    pub fn hash(&self, parts: &[&str]) -> [u8; 32] {
        let mut block = Zeroizing::new([0u8; BLOCK]);
        if self.0.len() > BLOCK {
            block[..32].copy_from_slice(&Sha256::digest(&*self.0));
        } else {
            block[..self.0.len()].copy_from_slice(&self.0);
        }
        let padded = |with: u8| Zeroizing::new(block.iter().map(|byte| byte ^ with).collect::<Vec<u8>>());
        let mut inner = Sha256::new_with_prefix(&*padded(0x36));
        for part in parts {
            inner.update(part.as_bytes());
            inner.update((part.len() as u64).to_le_bytes());
        }
        let mut outer = Sha256::new_with_prefix(&*padded(0x5c));
        outer.update(inner.finalize());
        outer.finalize().into()
    }

    /// A number below `bound` from the keyed hash of some parts.
    pub fn below(&self, parts: &[&str], bound: usize) -> usize {
        let hash = self.hash(parts);
        let number = hash.iter().take(8).fold(0u64, |number, byte| number << 8 | u64::from(*byte));
        (number % bound.max(1) as u64) as usize
    }

    /// What stands for an id or a file name: sixteen hexadecimal digits of the keyed hash.
    pub fn id(&self, id: &str) -> String {
        self.hash(&["id", id]).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Refuses a file that holds a secret and that others than its owner can read.
///
/// # Errors
/// Where it cannot be read, or is readable by others.
pub fn owner_only(path: &Path) -> Result<()> {
    let metadata = fs::metadata(path).map_err(|error| Error::io(path, error))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = metadata.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(Error::Setting(format!("{}: expected a file that only its owner can read (chmod 600), found mode {mode:03o}", path.display())));
        }
    }
    let _ = metadata;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_keyed_and_keeps_parts_apart() {
        let key = Key::new(b"0123456789abcdef");
        assert_ne!(key.hash(&["ab", "c"]), key.hash(&["a", "bc"]));
        assert_ne!(key.hash(&["a"]), Key::new(b"another key of 16").hash(&["a"]));
        assert_eq!(key.id("x"), key.id("x"));
        assert_eq!(format!("{key:?}"), "Key(..)");
    }
}
