//! `elkctl login`, `logout` and `whoami`.

use std::path::PathBuf;

use elk_api::Nothing;
use elk_api::session::{self as api, Credentials, Me};
use elk_client::{Client, ClientError};
use elk_desk::config::{self, Store};
use elk_desk::credential::{self, Account, Kept};
use elk_desk::{Exit, Failure};
use elk_trust::Secret;

use crate::call;
use crate::output::{Column, Kind, age, field};
use crate::session::{Session, Target};

static USER: Kind = Kind {
    name: "Session",
    noun: "user",
    key: "name",
    columns: &[
        Column { head: "NAME", wide: false, cell: |item, _| field(item, "name") },
        Column { head: "ROLE", wide: false, cell: |item, _| field(item, "role") },
        Column { head: "EXPIRES", wide: false, cell: |item, now| age(item, "expires_at", now) },
    ],
};

#[derive(clap::Args, Debug)]
pub(crate) struct LoginArgs {
    /// The user's name
    #[arg(short, long)]
    user: Option<String>,
    /// Read the password from standard input
    #[arg(long)]
    password_stdin: bool,
    /// Read a code of the second factor, or a recovery code, from standard input: with
    /// --password-stdin it stands on the line after the password
    #[arg(long)]
    otp_stdin: bool,
    /// Where to keep the credential: file, keyring or none; the keyring if not said
    #[arg(long, value_name = "STORE", value_parser = store)]
    store: Option<Store>,
    /// Keep and change nothing: only look whether the password is right
    #[arg(long, conflicts_with = "store")]
    no_store: bool,
    /// The authority of the server's certificate, PEM; kept with the context
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
}

fn store(text: &str) -> Result<Store, String> {
    let known = [Store::File, Store::Keyring, Store::None];
    let found = known.into_iter().find(|store| store.as_str() == text);
    found.ok_or("use file, keyring or none".to_owned())
}

pub(crate) fn login(session: &Session<'_>, args: &LoginArgs) -> Result<Exit, Failure> {
    let mut target = session.target()?;
    if let Some(file) = &args.ca_file {
        let file = std::path::absolute(file).map_err(|error| Failure::of(Exit::Usage, &error))?;
        target.context.get_or_insert_default().ca_file = Some(file);
    }
    let known = target.context.as_ref().and_then(|context| context.user.clone());
    let user = match args.user.clone().or(known) {
        Some(user) => user,
        None if session.ui.is_interactive() => crate::ui::ask("User:")?,
        None => return Err(Failure::new(Exit::Usage, "who signs in? pass -u NAME")),
    };
    let attended = session.ui.is_interactive();
    // Who cannot be asked learns that there is no store before a password goes out.
    if !args.password_stdin && !attended {
        session.ui.password(false, "")?;
    }
    let early = if attended { None } else { Some(store_for(session, args, (&target, &user))?) };
    let body = credentials(session, args, &user)?;
    let client = session.client_of(&target)?;
    let opened = open(session, &client, body)?;
    let leave = || end(session, &client, &opened.token);
    if args.no_store {
        leave();
        session.ui.note("the password is right; nothing was kept or changed");
        return session.show_one(&USER, &opened.user, Some(String::new()));
    }
    let store = match early {
        Some(store) => store,
        None => store_for(session, args, (&target, &user)).inspect_err(|_| leave())?,
    };
    keep(session, (&target, &user), opened, store)
}

/// Reads the password, and the code if it is there, too.
fn credentials(
    session: &Session<'_>,
    args: &LoginArgs,
    user: &str,
) -> Result<Credentials, Failure> {
    let question = format!("Password of {user}: ");
    let (password, otp) = if args.password_stdin && args.otp_stdin {
        let text = crate::ui::stdin()?;
        let mut lines = text.lines().map(str::to_owned);
        (Secret::new(lines.next().unwrap_or_default()), lines.next())
    } else if args.otp_stdin {
        let password = session.ui.password(false, &question)?;
        (password, crate::ui::stdin()?.lines().next().map(str::to_owned))
    } else {
        (session.ui.password(args.password_stdin, &question)?, None)
    };
    let username = user.to_owned();
    Ok(Credentials { username, password: password.expose().to_owned(), otp })
}

/// Opens a session; asks for a code if one is needed and somebody is there.
fn open(
    session: &Session<'_>,
    client: &Client,
    mut body: Credentials,
) -> Result<api::Session, Failure> {
    loop {
        let called = client.send::<api::Login>(&[], &Nothing {}, &body);
        let failure = match session.block_on(called)? {
            Ok(opened) => return Ok(opened),
            Err(error) => refused(&error),
        };
        let asked = failure.code == "otp_required" && body.otp.is_none();
        if !asked {
            return Err(failure);
        }
        if !session.ui.is_interactive() {
            return Err(failure.hint("pass --otp-stdin"));
        }
        body.otp = Some(crate::ui::ask("Code of the authenticator:")?);
    }
}

/// Keeps the credential and remembers the server.
fn keep(
    session: &Session<'_>,
    (target, user): (&Target, &str),
    opened: api::Session,
    store: Store,
) -> Result<Exit, Failure> {
    let account = Account { origin: target.origin.clone(), user: user.to_owned() };
    let kept =
        Kept { token: opened.token.into(), stored_at: crate::session::now(), expires_at: None };
    credential::write(store, &account, &kept, &session.paths).map_err(|error| error.failure())?;
    let name = remember(session, target, user, store)?;
    let me = &opened.user;
    let human = format!("signed in to {name} as {} ({})\n", me.name, me.role.as_str());
    session.ui.note(&format!("using context {name}; credential: {}", kept_in(store)));
    for name in ["ELKCTL_TOKEN_FILE", "ELKCTL_TOKEN"] {
        if session.env.get(name).is_some() {
            session.ui.note(&format!("warning: {name} is set and is used instead"));
        }
    }
    session.show_one(&USER, me, Some(human))
}

/// Returns what to tell whose sign-in failed: to sign in is no help.
fn refused(error: &ClientError) -> Failure {
    let mut failure = call::failure(error);
    if failure.exit == Exit::Auth {
        failure.hints.clear();
    }
    failure
}

/// Ends a session that nobody will use. If that fails it ends by itself.
fn end(session: &Session<'_>, client: &Client, token: &str) {
    if let Ok(client) = client.clone().with_token(&Secret::new(token)) {
        let called = client.send::<api::Logout>(&[], &Nothing {}, &Nothing {});
        drop(session.block_on(called));
    }
}

/// Finds a store that works; who has none is told how to sign in to this server without.
fn store_for(
    session: &Session<'_>,
    args: &LoginArgs,
    (target, user): (&Target, &str),
) -> Result<Store, Failure> {
    usable_store(session, args).map_err(|mut failure| {
        let file = format!("elkctl login --server {} -u {user} --store file", target.url);
        failure.hints =
            vec![file, "put a token into a file and name it in ELKCTL_TOKEN_FILE".to_owned()];
        failure
    })
}

/// Finds a store that works. A file is never taken in silence.
fn usable_store(session: &Session<'_>, args: &LoginArgs) -> Result<Store, Failure> {
    let named = if args.no_store { Some(Store::None) } else { args.store };
    let store = named.or(session.config.settings.credential_store).unwrap_or(Store::Auto);
    if !matches!(store, Store::Auto | Store::Keyring) {
        return Ok(store);
    }
    let Err(error) = credential::probe_keyring(&session.env) else { return Ok(Store::Keyring) };
    if store == Store::Keyring || !session.ui.is_interactive() {
        return Err(error.failure());
    }
    session.ui.note(&format!("there is no keyring here: {error}"));
    let question = "Keep the credential in a file that only you can read instead? [y/N]";
    let answer = crate::ui::ask(question)?;
    if crate::ui::is_yes(&answer) { Ok(Store::File) } else { Err(error.failure()) }
}

fn remember(
    session: &Session<'_>,
    target: &Target,
    user: &str,
    store: Store,
) -> Result<String, Failure> {
    let name = session.globals.context.clone().or_else(|| target.name.clone());
    let name = name.unwrap_or_else(|| target.origin.authority());
    let source = format!("{{ store = \"{}\" }}", store.as_str());
    let mut changes = vec![
        ("server", Some(target.url.as_str().into())),
        ("user", Some(user.into())),
        ("credential", source.parse().ok()),
    ];
    let given = target.context.as_ref().and_then(|context| context.ca_file.as_deref());
    let given = given.and_then(std::path::Path::to_str);
    if let Some(file) = session.env.get("ELKCTL_CA_FILE").or(given) {
        changes.push(("ca_file", Some(file.into())));
    }
    let failed = |error: &config::ConfigError| Failure::of(Exit::Failure, error);
    config::set_context(&session.paths, &name, &changes).map_err(|error| failed(&error))?;
    config::use_context(&session.paths, &name).map_err(|error| failed(&error))?;
    Ok(name)
}

fn kept_in(store: Store) -> &'static str {
    match store {
        Store::Keyring => "in the keyring",
        Store::None => "not kept",
        _ => "in a file that only you can read",
    }
}

pub(crate) fn logout(session: &Session<'_>) -> Result<Exit, Failure> {
    let target = session.target()?;
    // The server's session ends first; if that fails the credential is removed all the same.
    let ended = session.call::<api::Logout>(&[], &Nothing {}, &Nothing {});
    let context = target.context.as_ref();
    if let Some(user) = context.and_then(|context| context.user.clone()) {
        let account = Account { origin: target.origin.clone(), user };
        let source = context.and_then(|context| context.credential.as_ref());
        let store = source.map_or(Store::File, |source| source.store);
        credential::remove(store, &account, &session.paths).map_err(|error| error.failure())?;
    }
    match ended {
        Err(failure) if failure.exit != Exit::Auth => {
            Err(failure.cause("the credential is removed"))
        }
        Err(failure) if failure.code == "no_credential" => {
            session.ui.note("nobody was signed in");
            Ok(Exit::Ok)
        }
        _ => {
            session.ui.note("signed out");
            Ok(Exit::Ok)
        }
    }
}

pub(crate) fn whoami(session: &Session<'_>) -> Result<Exit, Failure> {
    let me = session.call::<Me>(&[], &Nothing {}, &Nothing {})?;
    session.show_one(&USER, &me, None)
}
