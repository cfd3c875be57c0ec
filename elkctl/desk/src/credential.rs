//! Credentials: where they come from, in which order, and where they are kept.

mod exec;
mod file;
mod keyring;

use std::fmt;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use elk_trust::Secret;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::config::{Context, Store};
use crate::private::{self, Trouble};
use crate::{Env, Exit, Failure, Origin, Paths};

/// The longest token.
const MAX_TOKEN: usize = 16 * 1024;

/// Who a stored credential is for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Account {
    /// The one server it is used for.
    pub origin: Origin,
    /// The user, as given at login.
    pub user: String,
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.user, self.origin)
    }
}

/// A credential as it is kept.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Goes with each request.
    pub token: Secret,
    /// When it was stored.
    pub stored_at: Timestamp,
    /// When it ends, if that is known.
    pub expires_at: Option<Timestamp>,
}

/// The JSON in a store. Only here is a token written in clear.
#[derive(Serialize, Deserialize)]
struct Written {
    origin: String,
    user: String,
    token: String,
    stored_at: Timestamp,
    expires_at: Option<Timestamp>,
}

impl Kept {
    fn write(&self, account: &Account) -> Result<String, CredentialError> {
        let written = Written {
            origin: account.origin.to_string(),
            user: account.user.clone(),
            token: self.token.expose().to_owned(),
            stored_at: self.stored_at,
            expires_at: self.expires_at,
        };
        serde_json::to_string(&written).map_err(|_| CredentialError::Damaged(account.to_string()))
    }

    /// Reads what was written for exactly this account.
    fn read(text: &[u8], account: &Account) -> Result<Self, CredentialError> {
        let damaged = || CredentialError::Damaged(account.to_string());
        let written: Written = serde_json::from_slice(text).map_err(|_| damaged())?;
        if written.origin != account.origin.to_string() || written.user != account.user {
            return Err(damaged());
        }
        let Written { token, stored_at, expires_at, .. } = written;
        Ok(Self { token: token.into(), stored_at, expires_at })
    }
}

/// A credential was not found, kept or removed.
#[derive(Debug, thiserror::Error)]
pub enum CredentialError {
    /// The file's place, owner or mode.
    #[error(transparent)]
    File(#[from] Trouble),
    /// The file or the pipe named as a token's source cannot be used.
    #[error("no token can be read from {place}: {reason}")]
    Token {
        /// Which one.
        place: String,
        /// Why not.
        reason: String,
    },
    /// The keyring does not do what it is asked.
    #[error("the keyring is not usable: {0}")]
    Keyring(String),
    /// This build has no such store.
    #[error("this build cannot use the store `{0}`")]
    Unsupported(&'static str),
    /// What is stored cannot be read.
    #[error("the stored credential of {0} is damaged; log in again")]
    Damaged(String),
    /// The credential program failed.
    #[error("the credential command `{program}` failed: {reason}")]
    Exec {
        /// The program.
        program: String,
        /// Why.
        reason: String,
    },
}

impl CredentialError {
    /// Returns how a command ends that needs the credential, and what to do.
    pub fn failure(&self) -> Failure {
        let exit = match self {
            Self::Unsupported(_) => Exit::Unsupported,
            _ => Exit::Auth,
        };
        let failure = Failure::of(exit, self);
        match self {
            Self::Keyring(_) => failure
                .code("keyring_unusable")
                .hint("elkctl login --store file   (a file that only you can read)")
                .hint("elkctl login --no-store, or set ELKCTL_TOKEN_FILE"),
            Self::Damaged(_) => failure.code("credential_damaged").hint("elkctl login"),
            Self::Exec { .. } => failure.code("credential_command_failed"),
            _ => failure.code("credential_unusable"),
        }
    }
}

/// Where a credential came from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Source {
    /// `--token-file PATH`
    TokenFile(PathBuf),
    /// `--token-file -`
    Stdin,
    /// The variable ELKCTL_TOKEN_FILE.
    EnvTokenFile(PathBuf),
    /// The variable ELKCTL_TOKEN.
    EnvToken,
    /// The context's command.
    Exec(String),
    /// What login stored.
    Stored(Store),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TokenFile(path) => write!(f, "--token-file {}", path.display()),
            Self::Stdin => f.write_str("standard input"),
            Self::EnvTokenFile(path) => write!(f, "ELKCTL_TOKEN_FILE ({})", path.display()),
            Self::EnvToken => f.write_str("ELKCTL_TOKEN"),
            Self::Exec(program) => write!(f, "the command `{program}`"),
            Self::Stored(store) => write!(f, "{} store", store.as_str()),
        }
    }
}

/// The credential that is used.
#[derive(Clone, Debug)]
pub struct Found {
    /// Goes with each request.
    pub token: Secret,
    /// Where it came from.
    pub source: Source,
    /// Where else one would have been looked for, in order.
    pub overrides: Vec<Source>,
    /// When it was stored, for a stored one.
    pub stored_at: Option<Timestamp>,
    /// When it ends, if that is known.
    pub expires_at: Option<Timestamp>,
}

/// For what a credential is looked for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The server that is called.
    pub origin: &'a Origin,
    /// The user of the context or the command line.
    pub user: Option<&'a str>,
    /// The context, only if its own server is called.
    pub context: Option<&'a Context>,
    /// `--token-file`
    pub token_file: Option<&'a Path>,
    /// The current time.
    pub now: Timestamp,
}

/// Lists where a credential would be taken from, first the one that wins; touches nothing.
pub fn sources(wanted: &Wanted<'_>, env: &Env) -> Vec<Source> {
    let mut sources = Vec::new();
    if let Some(path) = wanted.token_file {
        let stdin = path.as_os_str() == "-";
        sources.push(if stdin { Source::Stdin } else { Source::TokenFile(path.to_owned()) });
    }
    if let Some(path) = env.get("ELKCTL_TOKEN_FILE") {
        sources.push(Source::EnvTokenFile(PathBuf::from(path)));
    }
    if env.get("ELKCTL_TOKEN").is_some() {
        sources.push(Source::EnvToken);
    }
    let credential = wanted.context.and_then(|context| context.credential.as_ref());
    match credential.map_or(Store::File, |credential| credential.store) {
        Store::None => {}
        Store::Exec => {
            let program = credential.and_then(|credential| credential.command.first());
            sources.push(Source::Exec(program.cloned().unwrap_or_default()));
        }
        Store::Auto => sources.push(Source::Stored(Store::File)),
        store => sources.push(Source::Stored(store)),
    }
    sources
}

/// Finds the credential for what is `wanted`; `None` if there is none.
///
/// # Errors
///
/// If the first source that is given cannot be used: the next is not tried instead.
pub fn find(
    wanted: &Wanted<'_>,
    env: &Env,
    paths: &Paths,
) -> Result<Option<Found>, CredentialError> {
    let mut sources = sources(wanted, env).into_iter();
    let Some(source) = sources.next() else { return Ok(None) };
    let plain = |token| Some(Kept { token, stored_at: wanted.now, expires_at: None });
    let stored = match &source {
        Source::TokenFile(path) | Source::EnvTokenFile(path) => plain(token_file(path)?),
        Source::Stdin => plain(token_from(io::stdin().lock(), "standard input")?),
        Source::EnvToken => {
            plain(token_of(env.get("ELKCTL_TOKEN").unwrap_or_default(), "ELKCTL_TOKEN")?)
        }
        Source::Exec(_) => Some(exec::credential(wanted, paths)?),
        Source::Stored(store) => {
            let Some(user) = wanted.user else { return Ok(None) };
            let account = Account { origin: wanted.origin.clone(), user: user.to_owned() };
            read(*store, &account, paths)?
        }
    };
    let kept = matches!(source, Source::Stored(_));
    Ok(stored.map(|Kept { token, stored_at, expires_at }| Found {
        token,
        source,
        overrides: sources.collect(),
        stored_at: kept.then_some(stored_at),
        expires_at,
    }))
}

/// Reads a credential from a store.
///
/// # Errors
///
/// If the store cannot be used or what it holds is damaged.
pub fn read(
    store: Store,
    account: &Account,
    paths: &Paths,
) -> Result<Option<Kept>, CredentialError> {
    match store {
        Store::File | Store::Auto => file::read(&paths.credentials, account),
        Store::Keyring => keyring::read(account),
        Store::None => Ok(None),
        Store::Keyutils | Store::Exec => Err(CredentialError::Unsupported(store.as_str())),
    }
}

/// Keeps a credential in a store.
///
/// # Errors
///
/// If the store cannot be used.
pub fn write(
    store: Store,
    account: &Account,
    stored: &Kept,
    paths: &Paths,
) -> Result<(), CredentialError> {
    match store {
        Store::File | Store::Auto => file::write(&paths.credentials, account, stored),
        Store::Keyring => keyring::write(account, stored),
        Store::None => Ok(()),
        Store::Keyutils | Store::Exec => Err(CredentialError::Unsupported(store.as_str())),
    }
}

/// Removes a credential from a store; returns whether there was one.
///
/// # Errors
///
/// If the store cannot be used.
pub fn remove(store: Store, account: &Account, paths: &Paths) -> Result<bool, CredentialError> {
    match store {
        Store::File | Store::Auto => file::remove(&paths.credentials, account),
        Store::Keyring => keyring::remove(account),
        Store::None | Store::Exec => Ok(false),
        Store::Keyutils => Err(CredentialError::Unsupported(store.as_str())),
    }
}

/// Tries the keyring with a real read, for at most three seconds.
///
/// # Errors
///
/// Why it cannot be used; [`CredentialError::failure`] names the ways out.
pub fn probe_keyring(env: &Env) -> Result<(), CredentialError> {
    if env.is_on("ELKCTL_NO_KEYRING") {
        return Err(CredentialError::Keyring("ELKCTL_NO_KEYRING is set".to_owned()));
    }
    keyring::probe()
}

fn token_file(path: &Path) -> Result<Secret, CredentialError> {
    let place = path.display().to_string();
    // Orchestrators mount tokens as links to files that others can read; who may change it matters.
    match private::open_for_token(path) {
        Ok(Some(file)) => token_from(file, &place),
        Ok(None) => {
            Err(CredentialError::Token { place, reason: "there is no such file".to_owned() })
        }
        Err(trouble) => Err(trouble.into()),
    }
}

fn token_from(source: impl io::Read, place: &str) -> Result<Secret, CredentialError> {
    let failed = |reason: String| CredentialError::Token { place: place.to_owned(), reason };
    let mut text = String::new();
    let read = source.take(MAX_TOKEN as u64 + 2).read_to_string(&mut text);
    read.map_err(|error| failed(error.to_string()))?;
    token_of(&text, place)
}

fn token_of(text: &str, place: &str) -> Result<Secret, CredentialError> {
    let text = text.trim();
    let reason = if text.is_empty() {
        "it is empty"
    } else if text.len() > MAX_TOKEN {
        "it is too long for a token"
    } else if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        "it holds characters that no token has"
    } else {
        return Ok(Secret::new(text));
    };
    Err(CredentialError::Token { place: place.to_owned(), reason: reason.to_owned() })
}
