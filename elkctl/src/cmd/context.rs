//! `elkctl context`.

use std::path::{self, PathBuf};

use elk_desk::config::{self, ConfigError, Context, Edited, Store};
use elk_desk::credential::{self, Account};
use elk_desk::{Exit, Failure, Origin, nearest};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::output::{Column, Kind, When, age, field};
use crate::session::{Session, bare};

static CONTEXT: Kind = Kind {
    name: "Context",
    noun: "context",
    key: "name",
    columns: &[
        Column {
            head: "CURRENT",
            wide: false,
            cell: |item, _| {
                if field(item, "current") == "true" { "*".to_owned() } else { String::new() }
            },
        },
        Column { head: "NAME", wide: false, cell: |item, _| field(item, "name") },
        Column { head: "SERVER", wide: false, cell: |item, _| field(item, "server") },
        Column { head: "USER", wide: false, cell: |item, _| field(item, "user") },
        Column { head: "STORE", wide: false, cell: |item, _| field(item, "store") },
        Column { head: "PROTECTED", wide: false, cell: |item, _| yes(item, "protected") },
        Column { head: "SESSION", wide: false, cell: opened },
        Column { head: "READ-ONLY", wide: true, cell: |item, _| yes(item, "read_only") },
        Column { head: "BANNER", wide: true, cell: |item, _| field(item, "banner") },
    ],
};

fn yes(item: &Value, name: &str) -> String {
    if field(item, name) == "true" { "yes" } else { "no" }.to_owned()
}

/// Shows since when somebody is signed in, as far as it can be seen without asking the server or
/// a keyring.
fn opened(item: &Value, when: When) -> String {
    match (age(item, "signed_in_at", when), field(item, "store")) {
        (at, _) if !at.is_empty() => at,
        (_, store) if store == "file" => "none".to_owned(),
        _ => String::new(),
    }
}

/// Returns when the credential in a file was put there.
fn signed_in_at(session: &Session<'_>, context: &Context) -> Option<Timestamp> {
    let source = context.credential.as_ref().filter(|it| it.store == Store::File)?;
    let account = Account { origin: context.server.parse().ok()?, user: context.user.clone()? };
    let kept = credential::read(source.store, &account, &session.paths).ok()??;
    Some(kept.stored_at)
}

#[derive(clap::Subcommand, Debug)]
pub(crate) enum ContextCommand {
    /// List contexts
    List,
    /// Show a context; the current one if none is named
    Show { name: Option<String> },
    /// Use a context from now on
    Use { name: String },
    /// Make or change a context; what is not said stays
    #[command(visible_alias = "add")]
    Set(SetArgs),
    /// Give a context another name
    Rename { from: String, to: String },
    /// Print what a shell shows of the context before each line; asks no server
    #[command(after_help = "Example for bash:\n  PS1='$(elkctl context prompt) '$PS1")]
    Prompt {
        /// %c is the context, %s the server, %u the user, %! a mark if it is protected
        #[arg(long, default_value = "%c%!")]
        format: String,
    },
    /// Forget a context; its credential goes with `elkctl logout`
    #[command(visible_alias = "remove")]
    Delete { name: String },
}

#[derive(clap::Args, Debug)]
#[command(after_help = "Example:\n  elkctl context set prod --server https://manager:6701 \
    --ca-file ca.pem --protected true")]
pub(crate) struct SetArgs {
    name: String,
    /// Who signs in
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
    /// PEM file of the authority to trust
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// The name that the server's certificate must hold
    #[arg(long, value_name = "NAME")]
    tls_server_name: Option<String>,
    /// Make every change ask for its token
    #[arg(long, value_name = "BOOL")]
    protected: Option<bool>,
    /// Refuse every change
    #[arg(long, value_name = "BOOL")]
    read_only: Option<bool>,
    /// Take plain HTTP to other hosts
    #[arg(long, value_name = "BOOL")]
    allow_plaintext: Option<bool>,
    /// Shown before changes
    #[arg(long, value_name = "TEXT")]
    banner: Option<String>,
    /// Added to the selector of `agent list`
    #[arg(long, value_name = "SELECTOR")]
    default_selector: Option<String>,
}

impl ContextCommand {
    /// Returns whether it writes the file of contexts.
    pub(crate) fn changes(&self) -> bool {
        !matches!(self, Self::List | Self::Show { .. } | Self::Prompt { .. })
    }
}

/// Fills what a prompt shows.
fn prompt(format: &str, name: &str, context: &Context) -> String {
    let mut text = String::new();
    let mut rest = format.chars();
    while let Some(c) = rest.next() {
        match (c, if c == '%' { rest.next() } else { None }) {
            ('%', Some('c')) => text.push_str(name),
            ('%', Some('s')) => text.push_str(&context.server),
            ('%', Some('u')) => text.push_str(context.user.as_deref().unwrap_or_default()),
            ('%', Some('!')) => text.push_str(if context.protected { "!" } else { "" }),
            ('%', Some(other)) if other != '%' => text.extend(['%', other]),
            _ => text.push(c),
        }
    }
    elk_desk::sanitize(&text).into_owned()
}

pub(crate) fn run(session: &Session<'_>, command: &ContextCommand) -> Result<Exit, Failure> {
    match command {
        ContextCommand::List => {
            let contexts = session.config.contexts.iter();
            let contexts: Vec<_> = contexts.map(|it| object(session, it)).collect();
            session.show_all(&CONTEXT, &contexts, None)
        }
        ContextCommand::Show { name } => {
            let current = session.context_name();
            let Some(name) = name.as_deref().map(bare).or(current) else {
                let failure = Failure::new(Exit::NotFound, "no context is in use");
                return Err(failure.hint("elkctl context list"));
            };
            let known = &session.config.contexts;
            let found = known.get_key_value(name).ok_or_else(|| {
                let near = nearest(name, known.keys().map(String::as_str)).map(str::to_owned);
                failure(&ConfigError::NoContext { name: name.to_owned(), near })
            })?;
            session.show_one(&CONTEXT, &object(session, found), None)
        }
        ContextCommand::Prompt { format } => {
            let name = session.context_name();
            // A prompt is no place for errors: without a context there is nothing to show.
            let found = name.and_then(|name| Some((name, session.config.context(name)?)));
            let text = found.map_or_else(String::new, |(name, it)| prompt(format, name, it) + "\n");
            session.ui.out(&text)?;
            Ok(Exit::Ok)
        }
        ContextCommand::Use { name } => {
            let name = bare(name);
            config::use_context(&session.paths, name).map_err(|error| failure(&error))?;
            session.ui.note(&format!("using {name}"));
            Ok(Exit::Ok)
        }
        ContextCommand::Set(args) => set(session, args),
        ContextCommand::Rename { from, to } => {
            let from = bare(from);
            config::rename_context(&session.paths, from, to).map_err(|error| failure(&error))?;
            session.ui.note(&format!("{from} is {to} now"));
            Ok(Exit::Ok)
        }
        ContextCommand::Delete { name } => {
            let name = bare(name);
            config::delete_context(&session.paths, name).map_err(|error| failure(&error))?;
            session.ui.note(&format!("forgot {name}"));
            Ok(Exit::Ok)
        }
    }
}

fn object(session: &Session<'_>, (name, context): (&String, &Context)) -> Value {
    json!({
        "name": name,
        "server": context.server,
        "user": context.user,
        "store": context.credential.as_ref().map(|source| source.store.as_str()),
        "protected": context.protected,
        "read_only": context.read_only,
        "banner": context.banner,
        "ca_file": context.ca_file,
        "default_selector": context.default_selector,
        "signed_in_at": signed_in_at(session, context),
        "current": session.context_name() == Some(name.as_str()),
    })
}

fn set(session: &Session<'_>, args: &SetArgs) -> Result<Exit, Failure> {
    let server = session.globals.server.as_ref();
    if server.is_none() && session.config.context(&args.name).is_none() {
        let message = format!("the new context `{}` needs its server", args.name.escape_debug());
        return Err(Failure::new(Exit::Usage, message).hint("pass --server URL"));
    }
    if let Some(server) = server {
        server.parse::<Origin>().map_err(|error| Failure::of(Exit::Usage, &error))?;
    }
    let ca_file = args.ca_file.as_ref().map(path::absolute).transpose();
    let ca_file = ca_file.map_err(|error| Failure::of(Exit::Usage, &error))?;
    let ca_file = ca_file.map(|path| path.display().to_string());
    let texts = [
        ("server", server),
        ("user", args.user.as_ref()),
        ("ca_file", ca_file.as_ref()),
        ("tls_server_name", args.tls_server_name.as_ref()),
        ("banner", args.banner.as_ref()),
        ("default_selector", args.default_selector.as_ref()),
    ];
    let switches = [
        ("protected", args.protected),
        ("read_only", args.read_only),
        ("allow_plaintext", args.allow_plaintext),
    ];
    let mut changes = Vec::new();
    for (key, text) in texts {
        changes.extend(text.map(|text| (key, Some(text.as_str().into()))));
    }
    for (key, on) in switches {
        changes.extend(on.map(|on| (key, Some(on.into()))));
    }
    let edited = config::set_context(&session.paths, &args.name, &changes);
    let edited = edited.map_err(|error| failure(&error))?;
    let done = if edited == Edited::Created { "made" } else { "changed" };
    session.ui.note(&format!("{done} {}", args.name));
    Ok(Exit::Ok)
}

fn failure(error: &ConfigError) -> Failure {
    let exit = match error {
        ConfigError::NoContext { .. } => Exit::NotFound,
        ConfigError::Exists(_) => Exit::Conflict,
        _ => Exit::Usage,
    };
    Failure::of(exit, error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prompt_shows_what_its_format_asks_for() {
        let context = Context {
            server: "https://m:6701".to_owned(),
            user: Some("alice".to_owned()),
            protected: true,
            ..Context::default()
        };
        for (format, shown) in [
            ("%c%!", "prod!"),
            ("[%u@%c %s]", "[alice@prod https://m:6701]"),
            ("100%% %x %", "100% %x %"),
        ] {
            assert_eq!(prompt(format, "prod", &context), shown);
        }
        assert_eq!(prompt("%c%!", "lab", &Context { protected: false, ..context }), "lab");
    }
}
