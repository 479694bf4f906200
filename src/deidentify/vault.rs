//! Files that only one recipient can open, in the format of the tool age (<https://age-encryption.org/v1>): the mapping for
//! re-identification, and outputs on request. Built with the cargo feature `encrypt`; without it both functions say so.

use std::path::Path;

use zeroize::Zeroizing;

use crate::error::{Error, Result};

/// Encrypts to a recipient (`age1…`).
///
/// # Errors
/// Where the recipient is not one, or the program was built without encryption.
#[cfg(feature = "encrypt")]
pub fn seal(plain: &[u8], recipient: &str) -> Result<Vec<u8>> {
    let recipient: age::x25519::Recipient =
        recipient.trim().parse().map_err(|_| Error::Setting("--encrypt-to: expected a recipient of age (age1…), found another value".into()))?;
    age::encrypt(&recipient, plain).map_err(|error| Error::Setting(format!("--encrypt-to: {error}")))
}

/// Decrypts with the identity in a file that only its owner can read.
///
/// # Errors
/// Where the identity is not one, does not fit, or others can read its file; or the vault is damaged.
#[cfg(feature = "encrypt")]
pub fn open(sealed: &[u8], identity: &Path) -> Result<Zeroizing<Vec<u8>>> {
    super::key::owner_only(identity)?;
    let file = Zeroizing::new(std::fs::read_to_string(identity).map_err(|error| Error::io(identity, error))?);
    let line = file.lines().find(|line| line.starts_with("AGE-SECRET-KEY-")).unwrap_or("");
    let identity: age::x25519::Identity =
        line.trim().parse().map_err(|_| Error::Setting(format!("{}: expected an identity of age (AGE-SECRET-KEY-…), found none", identity.display())))?;
    age::decrypt(&identity, sealed)
        .map(Zeroizing::new)
        .map_err(|_| Error::Setting("vault: expected one that this identity opens, found another or a damaged one".into()))
}

/// Says that this build cannot encrypt.
///
/// # Errors
/// Always.
#[cfg(not(feature = "encrypt"))]
pub fn seal(_plain: &[u8], _recipient: &str) -> Result<Vec<u8>> {
    Err(without())
}

/// Says that this build cannot decrypt.
///
/// # Errors
/// Always.
#[cfg(not(feature = "encrypt"))]
pub fn open(_sealed: &[u8], _identity: &Path) -> Result<Zeroizing<Vec<u8>>> {
    Err(without())
}

#[cfg(not(feature = "encrypt"))]
fn without() -> Error {
    Error::Setting("encryption: expected a program built with `--features encrypt`, found one without".into())
}
