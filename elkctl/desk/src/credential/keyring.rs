//! Credentials in the desktop's keyring, over the Secret Service.

#[cfg(not(feature = "keyring"))]
pub(super) use absent::{probe, read, remove, write};
#[cfg(feature = "keyring")]
pub(super) use present::{probe, read, remove, write};

#[cfg(feature = "keyring")]
mod present {
    use std::sync::mpsc;
    use std::time::Duration;

    use keyring_core::api::CredentialStoreApi as _;
    use keyring_core::{Entry, Error};
    use zbus_secret_service_keyring_store::Store;

    use super::super::{Account, CredentialError, Kept};

    /// A keyring that is locked or gone may never answer.
    const DEADLINE: Duration = Duration::from_secs(3);
    const SERVICE: &str = "elkctl";

    pub(in super::super) fn probe() -> Result<(), CredentialError> {
        ask("probe".to_owned(), |entry| match entry.get_password() {
            Ok(_) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(error),
        })
    }

    pub(in super::super) fn read(account: &Account) -> Result<Option<Kept>, CredentialError> {
        let text = ask(account.to_string(), |entry| match entry.get_password() {
            Ok(text) => Ok(Some(text)),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        })?;
        text.map(|text| Kept::read(text.as_bytes(), account)).transpose()
    }

    pub(in super::super) fn write(account: &Account, stored: &Kept) -> Result<(), CredentialError> {
        let text = stored.write(account)?;
        ask(account.to_string(), move |entry| entry.set_password(&text))
    }

    pub(in super::super) fn remove(account: &Account) -> Result<bool, CredentialError> {
        ask(account.to_string(), |entry| match entry.delete_credential() {
            Ok(()) => Ok(true),
            Err(Error::NoEntry) => Ok(false),
            Err(error) => Err(error),
        })
    }

    /// Works on the entry in a thread that is left behind if it does not come back.
    fn ask<T: Send + 'static>(
        user: String,
        work: impl FnOnce(Entry) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, CredentialError> {
        let (done, answer) = mpsc::sync_channel(1);
        let failed = |reason: String| CredentialError::Keyring(reason);
        let spawned = std::thread::Builder::new().name("keyring".to_owned()).spawn(move || {
            let result = Store::new()
                .and_then(|store| store.build(SERVICE, &user, None))
                .and_then(work)
                .map_err(|error| error.to_string());
            // Nobody waits for it after the deadline.
            drop(done.send(result));
        });
        spawned.map_err(|error| failed(error.to_string()))?;
        match answer.recv_timeout(DEADLINE) {
            Ok(result) => result.map_err(failed),
            Err(mpsc::RecvTimeoutError::Timeout) => {
                Err(failed(format!("no answer within {} s", DEADLINE.as_secs())))
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => {
                Err(failed("it broke down while asked".to_owned()))
            }
        }
    }
}

#[cfg(not(feature = "keyring"))]
mod absent {
    use super::super::{Account, CredentialError, Kept};

    const ABSENT: CredentialError = CredentialError::Unsupported("keyring");

    pub(in super::super) fn probe() -> Result<(), CredentialError> {
        Err(CredentialError::Keyring("this build has none".to_owned()))
    }

    pub(in super::super) fn read(_: &Account) -> Result<Option<Kept>, CredentialError> {
        Err(ABSENT)
    }

    pub(in super::super) fn write(_: &Account, _: &Kept) -> Result<(), CredentialError> {
        Err(ABSENT)
    }

    pub(in super::super) fn remove(_: &Account) -> Result<bool, CredentialError> {
        Err(ABSENT)
    }
}
