//! What every handler and loop of the Manager shares.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use elk_api::Role;
use elk_api::audit::Outcome;
use elk_api::session::Credentials;
use elk_api::users::User;
use elk_bus::Bus;
use elk_client::Hook;
use elk_client::reference::Caller as Peer;
use elk_life::{Clock, Stop};
use http::Extensions;
use jiff::Timestamp;
use tokio::sync::Semaphore;

use crate::Config;
use crate::audit;
use crate::components::blobs::Blobs;
use crate::fleet::Fleet;
use crate::kube::Issuer;
use crate::profiles;
use crate::quota::Quotas;
use crate::roles;
use crate::session::{self, Attempts, SignIn};
use crate::store::{Result, Store};
use crate::tokens;
use crate::users::{self, Hasher};

/// Cheap to clone.
pub(crate) type App = Arc<Shared>;

/// What every handler and loop of the Manager shares.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) config: Config,
    pub(crate) store: Store,
    pub(crate) audit: audit::Log,
    /// Tokens that were used lately.
    pub(crate) uses: tokens::Uses,
    pub(crate) clock: Clock,
    pub(crate) hasher: Hasher,
    /// Failed sign-ins.
    pub(crate) attempts: Attempts,
    pub(crate) fleet: Fleet,
    /// Calls ServiceDiscovery to register.
    pub(crate) registrar: Peer,
    /// Posts alerts.
    pub(crate) hook: Hook,
    pub(crate) bus: Option<Bus>,
    /// Host and port that others reach this Manager under.
    pub(crate) address: String,
    pub(crate) started_at: Timestamp,
    /// Requests for AgentCenters' calls that proved nothing.
    pub(crate) refused: AtomicU64,
    /// Results for tokens that nobody waits for.
    pub(crate) stray_results: AtomicU64,
    pub(crate) profile: profiles::Cache,
    /// Files of components, by digest.
    pub(crate) blobs: Blobs,
    /// Files that agents sent, by name.
    pub(crate) agent_files: Blobs,
    /// Room for files that arrive at a time.
    pub(crate) receiving: Semaphore,
    /// Room for copies of the store that are made at a time.
    pub(crate) copying: Arc<Semaphore>,
    /// Room for bodies that are read to learn who sent them.
    pub(crate) proving: Semaphore,
    /// What each user holds.
    pub(crate) quotas: Quotas,
    /// Issues certificates to clusters of Kubernetes.
    pub(crate) issuer: Issuer,
    /// Where agents fetch files: what stands before their paths.
    pub(crate) downloads: Vec<String>,
    /// Ends answers that have no end of their own.
    pub(crate) closing: Stop,
}

impl Shared {
    /// Opens a session if name and password are right; `asker` is of the request.
    pub(crate) async fn sign_in(&self, given: Credentials, asker: &Extensions) -> Result<SignIn> {
        let known = audit::watch::address(asker);
        let peer = known.unwrap_or(Ipv4Addr::UNSPECIFIED.into());
        let source = audit::Source { via: "password".to_owned(), ..audit::Source::of(asker) };
        let name: String = given.username.chars().take(64).collect();
        let draft = audit::Draft::of(&name, source, "session.login").about(&name);
        let refused =
            |code: &str| self.audit.refuse(draft.clone().ending(Outcome::Refused, code), known);
        let attempt = match self.attempts.begin(&given.username, peer, self.clock.unix_ms()) {
            Ok(attempt) => attempt,
            Err(seconds) => {
                refused("too_many_attempts").await;
                return Ok(SignIn::Wait(seconds));
            }
        };
        let account = match users::store::find(&self.store, &given.username).await {
            Ok(account) => account,
            Err(error) => {
                attempt.withdrawn();
                return Err(error);
            }
        };
        let hash = account.as_ref().map(|it| it.hash.clone());
        let password = users::cut(&given.password);
        let right = self.hasher.verify(password, hash).await;
        let Some(account) = account.filter(|_| right) else {
            attempt.failed(self.clock.unix_ms());
            refused("wrong_credentials").await;
            tracing::warn!(user = ?name, %peer, "a sign-in as {name:?} failed");
            return Ok(SignIn::Wrong);
        };
        if account.user.totp {
            let Some(code) = given.otp else {
                attempt.withdrawn();
                return Ok(SignIn::NeedsCode);
            };
            if !users::second::take(self, &account.user.name, &code).await? {
                attempt.failed(self.clock.unix_ms());
                refused("wrong_otp").await;
                return Ok(SignIn::WrongCode);
            }
        }
        attempt.succeeded();
        let user = account.user;
        let caller = roles::caller(&self.store, &user).await?;
        let token = session::open(&self.store, &user.name, &draft, self.clock.now()).await?;
        Ok(SignIn::Done(caller, token))
    }

    /// Describes a user who is created now.
    pub(crate) fn new_user(&self, name: &str, role: Role) -> User {
        let now = self.clock.now();
        User {
            name: name.to_owned(),
            role,
            custom_role: None,
            created_at: now,
            password_changed_at: now,
            last_login_at: None,
            password_set: true,
            totp: false,
            failed_sign_ins: 0,
            locked_until: None,
        }
    }
}
