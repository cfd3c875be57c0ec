//! Credentials in files that only their owner can read.

use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::{Account, CredentialError, Kept};
use crate::private;

fn path_of(directory: &Path, account: &Account) -> PathBuf {
    let digest = Sha256::digest(format!("{}\n{}", account.origin, account.user));
    let name = digest.iter().fold(String::new(), |name, byte| name + &format!("{byte:02x}"));
    directory.join(name + ".json")
}

pub(super) fn read(directory: &Path, account: &Account) -> Result<Option<Kept>, CredentialError> {
    let path = path_of(directory, account);
    let Some(bytes) = private::read_secret(&path)? else { return Ok(None) };
    private::check_directory(directory)?;
    Kept::read(&bytes, account).map(Some)
}

pub(super) fn write(
    directory: &Path,
    account: &Account,
    stored: &Kept,
) -> Result<(), CredentialError> {
    private::ensure_directory(directory)?;
    let text = stored.write(account)?;
    Ok(private::replace(&path_of(directory, account), text.as_bytes())?)
}

pub(super) fn remove(directory: &Path, account: &Account) -> Result<bool, CredentialError> {
    Ok(private::remove(&path_of(directory, account))?)
}
