//! One run: which server, which credential, and calls to it.

use std::cell::OnceCell;
use std::path::Path;
use std::time::Duration;

use elk_api::Endpoint;
use elk_client::{Client, ClientError, Identity, Options, Proxy, Trust};
use elk_desk::config::{self, Context};
use elk_desk::credential::{self, Source, Wanted};
use elk_desk::{Env, Exit, Failure, Origin, Paths, parse_duration};
use jiff::Timestamp;
use serde::Serialize;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch::Receiver;

use crate::call;
use crate::cli::Globals;
use crate::color;
use crate::dry;
use crate::format::Format;
use crate::output::{Document, Kind, Manner, Metadata, When};
use crate::signals;
use crate::ui::Ui;

/// One run of a command that may call a server.
pub(crate) struct Session<'a> {
    pub(crate) ui: &'a Ui,
    pub(crate) globals: Globals,
    pub(crate) env: Env,
    pub(crate) paths: Paths,
    pub(crate) config: config::Config,
    pub(crate) format: Format,
    network: OnceCell<Network>,
    client: OnceCell<Client>,
    /// Where the credential of the client is from.
    source: OnceCell<Source>,
    /// Why the configuration file was passed over; only for what finds out what is wrong.
    pub(crate) broken: Option<Failure>,
}

/// A server and the context it is known by, if any.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) url: String,
    pub(crate) origin: Origin,
    pub(crate) name: Option<String>,
    pub(crate) context: Option<Context>,
}

/// What waits for the network, and what ends the waiting.
struct Network {
    runtime: Runtime,
    signals: Receiver<Option<Exit>>,
}

impl Network {
    fn new() -> std::io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        Ok(Self { runtime, signals: signals::listen()? })
    }
}

impl<'a> Session<'a> {
    pub(crate) fn new(globals: Globals, env: Env, ui: &'a Ui) -> Result<Self, Failure> {
        let Some(paths) = Paths::new(&env) else {
            let message = "there is no home directory: set HOME or the XDG variables";
            return Err(Failure::new(Exit::Usage, message));
        };
        let config = config::load(&paths).map_err(|error| Failure::of(Exit::Usage, &error))?;
        Self::with(globals, env, ui, (paths, config))
    }

    /// Goes on without a configuration file that cannot be used.
    pub(crate) fn lenient(globals: Globals, env: Env, ui: &'a Ui) -> Result<Self, Failure> {
        match Self::new(globals.clone(), env.clone(), ui) {
            Err(failure) => {
                let Some(paths) = Paths::new(&env) else { return Err(failure) };
                let config = config::Config::default();
                let session = Self::with(globals, env, ui, (paths, config))?;
                Ok(Self { broken: Some(failure), ..session })
            }
            sound => sound,
        }
    }

    fn with(
        globals: Globals,
        env: Env,
        ui: &'a Ui,
        (paths, config): (Paths, config::Config),
    ) -> Result<Self, Failure> {
        for warning in &config.warnings {
            ui.note(&format!("warning: {}", elk_desk::sanitize(warning)));
        }
        let set = env.get("ELKCTL_OUTPUT").or(config.settings.output.as_deref());
        let format = match (&globals.output, set) {
            (Some(format), _) => format.clone(),
            (None, Some(text)) => text.parse().map_err(|error| {
                Failure::new(Exit::Usage, format!("the output format `{text}` is none: {error}"))
            })?,
            (None, None) => Format::Table,
        };
        let (network, client, source) = (OnceCell::new(), OnceCell::new(), OnceCell::new());
        let broken = None;
        Ok(Self { ui, globals, env, paths, config, format, network, client, source, broken })
    }

    /// Returns the name of the context that is asked for, if any.
    pub(crate) fn context_name(&self) -> Option<&str> {
        let named = self.globals.context.as_deref().or_else(|| self.env.get("ELKCTL_CONTEXT"));
        named.or(self.config.current_context.as_deref()).map(bare)
    }

    /// Returns the server to call.
    pub(crate) fn target(&self) -> Result<Target, Failure> {
        let server = self.globals.server.as_deref().or_else(|| self.env.get("ELKCTL_SERVER"));
        let Some(url) = server else { return self.target_of_context() };
        let origin: Origin = url.parse().map_err(|error| Failure::of(Exit::Usage, &error))?;
        // A context counts only for its own server: its credential must not go elsewhere.
        let asked = self.context_name();
        let mut contexts: Vec<_> = self.config.contexts_of(&origin).collect();
        contexts.sort_by_key(|(name, _)| Some(*name) != asked);
        let known =
            contexts.first().map(|(name, context)| ((*name).to_owned(), (*context).clone()));
        let (name, context) = known.unzip();
        Ok(Target { url: url.to_owned(), origin, name, context })
    }

    fn target_of_context(&self) -> Result<Target, Failure> {
        let Some(name) = self.context_name() else {
            return Err(Failure::new(Exit::Usage, "no server is known")
                .hint("elkctl login --server URL")
                .hint("elkctl up --demo 50   (runs one here)"));
        };
        let Some(context) = self.config.context(name) else {
            let near = elk_desk::nearest(name, self.config.contexts.keys().map(String::as_str));
            let failure = Failure::new(Exit::NotFound, format!("there is no context `{name}`"));
            return Err(match near {
                Some(near) => failure.hint(format!("elkctl context use {near}")),
                None => failure.hint("elkctl context list"),
            });
        };
        let origin = context.server.parse().map_err(|error| Failure::of(Exit::Usage, &error))?;
        let url = context.server.clone();
        Ok(Target { url, origin, name: Some(name.to_owned()), context: Some(context.clone()) })
    }

    /// Creates a client without a credential.
    pub(crate) fn client_of(&self, target: &Target) -> Result<Client, Failure> {
        let mut config = elk_client::Config::new(&target.url);
        config.timeout = self.timeout()?;
        let none = Context::default();
        let context = target.context.as_ref().unwrap_or(&none);
        config.allow_plaintext = context.allow_plaintext;
        let set = self.env.get("ELKCTL_CA_FILE").map(Path::new);
        config.trust = match (set.or(context.ca_file.as_deref()), &context.tls_server_name) {
            _ if context.insecure_skip_verify => Trust::Insecure,
            (None, _) => Trust::System,
            (Some(path), None) => Trust::Authority(pem(path)?),
            (Some(path), Some(name)) => Trust::Named { ca: pem(path)?, name: name.clone() },
        };
        if let (Some(cert), Some(key)) = (&context.client_cert, &context.client_key) {
            config.identity = Some(Identity { cert: pem(cert)?, key: pem(key)? });
        }
        let proxy = if target.url.starts_with("https:") { "HTTPS_PROXY" } else { "HTTP_PROXY" };
        if let Some(url) = context.proxy.as_deref().or_else(|| self.env.get(proxy)) {
            let except = self.env.get("NO_PROXY").unwrap_or_default().to_owned();
            config.proxy = Proxy::Url { url: url.to_owned(), except };
        }
        Client::new(&config).map_err(|error| Failure::of(Exit::Usage, &error))
    }

    fn timeout(&self) -> Result<Duration, Failure> {
        if let Some(timeout) = self.globals.request_timeout {
            return Ok(timeout);
        }
        match self.env.get("ELKCTL_REQUEST_TIMEOUT") {
            Some(text) => parse_duration(text).map_err(|error| {
                Failure::new(Exit::Usage, format!("ELKCTL_REQUEST_TIMEOUT: {error}"))
            }),
            None => Ok(Duration::from_secs(30)),
        }
    }

    /// Finds the credential for a server.
    pub(crate) fn credential(&self, target: &Target) -> Result<credential::Found, Failure> {
        let wanted = Wanted {
            origin: &target.origin,
            user: target.context.as_ref().and_then(|context| context.user.as_deref()),
            context: target.context.as_ref(),
            token_file: self.globals.token_file.as_deref(),
            now: now(),
        };
        let found = credential::find(&wanted, &self.env, &self.paths);
        found.map_err(|error| error.failure())?.ok_or_else(|| {
            let userless = target.context.as_ref().is_some_and(|it| it.user.is_none());
            let named = target.name.as_deref().filter(|_| userless);
            let (message, login) = match named {
                Some(name) => (
                    format!("the context `{name}` names no user, so it has no credential"),
                    format!("elkctl login -c {name} -u USER"),
                ),
                None => (
                    format!("there is no credential for {}", target.origin),
                    format!("elkctl login --server {}", target.url),
                ),
            };
            Failure::new(Exit::Auth, message).code("no_credential").hint(login)
        })
    }

    /// Returns the client of this run, signed in.
    pub(crate) fn client(&self) -> Result<&Client, Failure> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let target = self.target()?;
        let found = self.credential(&target)?;
        let client = self.client_of(&target)?.with_token(&found.token);
        self.source.get_or_init(|| found.source);
        let client = client.map_err(|error| Failure::of(Exit::Auth, &error))?;
        Ok(self.client.get_or_init(|| client))
    }

    /// Runs what waits for the network; a signal ends it.
    pub(crate) fn block_on<T>(&self, work: impl Future<Output = T>) -> Result<T, Failure> {
        let network = match self.network.get() {
            Some(network) => network,
            None => {
                let built = Network::new().map_err(|error| Failure::of(Exit::Failure, &error))?;
                self.network.get_or_init(|| built)
            }
        };
        network.runtime.block_on(async {
            let mut signals = network.signals.clone();
            tokio::select! {
                biased;
                Ok(told) = signals.wait_for(Option::is_some) => {
                    let exit = told.unwrap_or(Exit::Interrupted);
                    Err(Failure::new(exit, exit.name()))
                }
                done = work => Ok(done),
            }
        })
    }

    /// Calls an operation.
    pub(crate) fn call<E: Endpoint>(
        &self,
        path: &[&str],
        query: &E::Query,
        body: &E::Body,
    ) -> Result<E::Reply, Failure> {
        self.call_with::<E>(path, query, body, Options::default())
    }

    /// Calls an operation with options.
    pub(crate) fn call_with<E: Endpoint>(
        &self,
        path: &[&str],
        query: &E::Query,
        body: &E::Body,
        options: Options<'_>,
    ) -> Result<E::Reply, Failure> {
        let client = self.client()?;
        if self.globals.dry_run && dry::is_change::<E>() {
            return Err(dry::show::<E>(self, path, query, body));
        }
        let called = Box::pin(client.send_with::<E>(path, query, body, options));
        let reads = E::METHOD == http::Method::GET;
        self.block_on(called)?.map_err(|error| self.failed(&error, reads))
    }

    /// Returns what to tell of a call that failed; `reads` if it changes nothing.
    pub(crate) fn failed(&self, error: &ClientError, reads: bool) -> Failure {
        let mut failure = call::failure(error);
        if reads {
            failure.causes.retain(|cause| cause != call::AMBIGUOUS);
        }
        let given = self.source.get().filter(|source| !matches!(source, Source::Stored(_)));
        if let Some(source) = given.filter(|_| failure.exit == Exit::Auth) {
            failure.hints = vec![format!("the credential is from {source}: renew or unset that")];
        }
        failure
    }

    /// Refuses a change where the context says so.
    pub(crate) fn writable(&self) -> Result<Target, Failure> {
        let target = self.target()?;
        if target.context.as_ref().is_some_and(|context| context.read_only) {
            let name = target.name.as_deref().unwrap_or_default();
            let message = format!("the context `{name}` is read-only");
            return Err(Failure::new(Exit::Denied, message).code("read_only_context"));
        }
        Ok(target)
    }

    /// Returns in which manner results are shown.
    pub(crate) fn manner(&self) -> Manner<'_> {
        let (format, columns) = (&self.format, self.globals.columns.as_slice());
        let set = self.env.get("COLUMNS").and_then(|text| text.parse().ok());
        let exact = self.globals.absolute_time;
        let when = if exact { When::Exact } else { When::Ago(now()) };
        let (width, setting) = (crate::ui::width(set), self.config.settings.color.as_deref());
        let colours = color::wanted(self.globals.color, &self.env, setting, width.is_some());
        Manner { format, columns, when, width, colours }
    }

    /// Shows objects; `human` replaces the table.
    pub(crate) fn show(&self, document: &Document, human: Option<String>) -> Result<(), Failure> {
        let text = match human {
            Some(text) if self.format.is_human() && self.globals.columns.is_empty() => text,
            _ => document.render(&self.manner())?,
        };
        self.ui.out(&text)
    }

    /// Shows one object.
    pub(crate) fn show_one(
        &self,
        kind: &'static Kind,
        object: &impl Serialize,
        human: Option<String>,
    ) -> Result<Exit, Failure> {
        let metadata = Metadata { returned: 1, ..self.metadata() };
        let items = vec![value(object)?];
        self.show(&Document { kind, single: true, metadata, items }, human)?;
        Ok(Exit::Ok)
    }

    /// Shows objects that are no page of a list of the server.
    pub(crate) fn show_all(
        &self,
        kind: &'static Kind,
        objects: &[impl Serialize],
        human: Option<String>,
    ) -> Result<Exit, Failure> {
        let items = objects.iter().map(value).collect::<Result<Vec<_>, _>>()?;
        let count = items.len() as u64;
        let (total, total_is_estimate) = (Some(count), Some(false));
        let metadata = Metadata { returned: count, total, total_is_estimate, ..self.metadata() };
        self.show(&Document { kind, single: false, metadata, items }, human)?;
        Ok(Exit::Ok)
    }

    pub(crate) fn metadata(&self) -> Metadata {
        let context = self.target().ok().and_then(|target| target.name);
        let server_time = self.client.get().and_then(Client::server_time);
        Metadata { context, server_time, ..Metadata::default() }
    }
}

/// Takes the noun from `context/NAME`.
pub(crate) fn bare(name: &str) -> &str {
    name.strip_prefix("context/").unwrap_or(name)
}

/// Makes JSON of an object.
pub(crate) fn value(object: &impl Serialize) -> Result<serde_json::Value, Failure> {
    serde_json::to_value(object).map_err(|error| Failure::of(Exit::Failure, &error))
}

fn pem(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| {
        Failure::new(Exit::Usage, format!("{} cannot be read: {error}", path.display()))
    })
}

/// Returns the current time.
pub(crate) fn now() -> Timestamp {
    elk_life::Clock::System.now()
}
