//! `elkctl user`.

use elk_api::users::{self, NewPassword, NewUser, SetUserRole};
use elk_api::{Nothing, Role};
use elk_desk::{Action, Exit, Failure, Tier};

use crate::bulk;
use crate::cmd::totp;
use crate::list::{self, Span};
use crate::output::{Column, Kind, age, field};
use crate::session::Session;

pub(crate) static USER: Kind = Kind {
    name: "User",
    noun: "user",
    key: "name",
    columns: &[
        Column { head: "NAME", wide: false, cell: |item, _| field(item, "name") },
        Column { head: "ROLE", wide: false, cell: |item, _| role_of(item) },
        Column {
            head: "LAST-LOGIN",
            wide: false,
            cell: |item, now| age(item, "last_login_at", now),
        },
        Column { head: "TOTP", wide: false, cell: |item, _| field(item, "totp") },
        Column { head: "FAILED", wide: true, cell: |item, _| field(item, "failed_sign_ins") },
        Column { head: "LOCKED-UNTIL", wide: true, cell: |item, _| field(item, "locked_until") },
        Column { head: "CREATED", wide: false, cell: |item, now| age(item, "created_at", now) },
    ],
};

#[derive(clap::Subcommand, Debug)]
pub(crate) enum UserCommand {
    /// Create a user
    Create {
        name: String,
        /// admin, operator, agent_operator, viewer, alert_operator, risk_operator, duty_operator,
        /// hub_operator or hub_viewer; the reference's level, 0 to 8; or one of `role create`
        #[arg(long, value_parser = given)]
        role: Given,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// List users
    List {
        #[command(flatten)]
        span: Span,
    },
    /// Show a user
    Get {
        /// The user; oneself if absent
        name: Option<String>,
    },
    /// Set a user's role, which ends the user's sessions
    #[command(visible_alias = "role")]
    SetRole {
        name: String,
        /// One of the roles of `user create`
        #[arg(value_parser = given)]
        role: Given,
    },
    /// Forget the sign-ins of a user that failed, so that the user need not wait
    Unlock { name: String },
    /// Remove a user with all sessions and tokens
    Delete { name: String },
    /// The second factor: codes of an authenticator
    #[command(subcommand)]
    Totp(totp::TotpCommand),
    /// Set a password
    Passwd {
        /// The user; oneself if absent
        name: Option<String>,
        /// Read from standard input: the new password; for one's own the present one on a line before
        #[arg(long)]
        password_stdin: bool,
    },
}

/// The role of a user.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    role: Role,
    custom_role: Option<String>,
}

/// Reads a role; what is none of the built-in ones is one of the server's own.
fn given(text: &str) -> Result<Given, String> {
    let text = text.strip_prefix("role/").unwrap_or(text);
    if let Ok(role) = role(text) {
        return Ok(Given { role, custom_role: None });
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '@' | '-');
    let number = text.bytes().all(|it| it.is_ascii_digit());
    if number || !(1..=64).contains(&text.len()) || !text.chars().all(plain) {
        return role(text).map(|role| Given { role, custom_role: None });
    }
    Ok(Given { role: Role::Custom, custom_role: Some(text.to_owned()) })
}

/// Shows the role of a user: of one's own its name.
fn role_of(item: &serde_json::Value) -> String {
    let custom = field(item, "custom_role");
    if custom.is_empty() { field(item, "role") } else { custom }
}

/// Reads a role by its name or by the reference's level.
pub(crate) fn role(text: &str) -> Result<Role, String> {
    let name = text.replace('-', "_");
    let found = Role::ALL.into_iter().find(|role| role.as_str() == name);
    found.or_else(|| Role::of_level(text.parse().ok()?)).ok_or_else(|| {
        let known: Vec<_> = Role::ALL.iter().map(|it| it.as_str()).collect();
        format!("use {}", known.join(", "))
    })
}

pub(crate) fn run(session: &Session<'_>, command: &UserCommand) -> Result<Exit, Failure> {
    match command {
        UserCommand::List { span } => {
            list::show::<users::List, _>(session, &USER, &[], span, list::plain)
        }
        UserCommand::Create { name, role, password_stdin } => {
            confirm(session, name, "creates the user", Tier::None)?;
            let password = session.ui.password(*password_stdin, "Password: ")?;
            let password = password.expose().to_owned();
            let Given { role, custom_role } = role.clone();
            let body = NewUser { name: name.clone(), role, custom_role, password };
            let user = session.call::<users::Create>(&[], &Nothing {}, &body)?;
            session.show_one(&USER, &user, None)
        }
        UserCommand::Get { name } => {
            let name = named(session, name.as_deref())?;
            let user = session.call::<users::Get>(&[&name], &Nothing {}, &Nothing {})?;
            session.show_one(&USER, &user, None)
        }
        UserCommand::SetRole { name, role } => {
            let name = bare(name);
            confirm(session, name, "sets the role of the user", Tier::Moderate)?;
            let Given { role, custom_role } = role.clone();
            let body = SetUserRole { role, custom_role };
            let user = session.call::<users::SetRole>(&[name], &Nothing {}, &body)?;
            session.show_one(&USER, &user, None)
        }
        UserCommand::Unlock { name } => {
            let name = bare(name);
            confirm(session, name, "unlocks the user", Tier::None)?;
            let user = session.call::<users::Unlock>(&[name], &Nothing {}, &Nothing {})?;
            session.show_one(&USER, &user, None)
        }
        UserCommand::Delete { name } => {
            let name = bare(name);
            confirm(session, name, "removes the user", Tier::Severe)?;
            let user = session.call::<users::Delete>(&[name], &Nothing {}, &Nothing {})?;
            session.show_one(&USER, &user, None)
        }
        UserCommand::Totp(command) => totp::run(session, command),
        UserCommand::Passwd { name, password_stdin } => {
            passwd(session, name.as_deref(), *password_stdin)
        }
    }
}

pub(crate) fn bare(name: &str) -> &str {
    name.strip_prefix("user/").unwrap_or(name)
}

/// Returns the name of a user, or one's own.
pub(crate) fn named(session: &Session<'_>, name: Option<&str>) -> Result<String, Failure> {
    if let Some(name) = name {
        return Ok(bare(name).to_owned());
    }
    Ok(session.call::<elk_api::session::Me>(&[], &Nothing {}, &Nothing {})?.name)
}

fn passwd(session: &Session<'_>, name: Option<&str>, stdin: bool) -> Result<Exit, Failure> {
    let me = session.call::<elk_api::session::Me>(&[], &Nothing {}, &Nothing {})?.name;
    let name = name.map_or(me.as_str(), bare);
    confirm(session, name, "sets the password of", Tier::None)?;
    let own = name == me;
    let (current, password) = if stdin {
        let text = crate::ui::stdin()?;
        let mut lines = text.lines().map(str::to_owned);
        let current = if own { lines.next() } else { None };
        (current, lines.next().unwrap_or_default())
    } else {
        let ask = |question| Ok(session.ui.password(false, question)?.expose().to_owned());
        let current = if own { Some(ask("Present password: ")?) } else { None };
        (current, ask("New password: ")?)
    };
    if password.is_empty() {
        let message = "the new password is missing; one's own goes after the present one";
        return Err(Failure::new(Exit::Usage, message));
    }
    let body = NewPassword { current, password };
    let user = session.call::<users::SetPassword>(&[name], &Nothing {}, &body)?;
    session.show_one(&USER, &user, None)
}

/// Asks about a change of an object.
pub(crate) fn confirm(
    session: &Session<'_>,
    name: &str,
    verb: &str,
    floor: Tier,
) -> Result<(), Failure> {
    let target = session.writable()?;
    let agents = None;
    let action = Action { floor, agents, free_agents: 0, object: name, all_agents: false };
    bulk::confirm(session, &target, &action, &format!("This {verb} {name}"))
}
