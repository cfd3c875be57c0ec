//! `elkctl user`.

use elk_api::users::{self, NewPassword, NewUser};
use elk_api::{Nothing, Role};
use elk_desk::{Action, Exit, Failure, Tier};

use crate::bulk;
use crate::list::{self, Span};
use crate::output::{Column, Kind, age, field};
use crate::session::Session;

static USER: Kind = Kind {
    name: "User",
    noun: "user",
    key: "name",
    columns: &[
        Column { head: "NAME", wide: false, cell: |item, _| field(item, "name") },
        Column { head: "ROLE", wide: false, cell: |item, _| field(item, "role") },
        Column {
            head: "LAST-LOGIN",
            wide: false,
            cell: |item, now| age(item, "last_login_at", now),
        },
        Column { head: "CREATED", wide: false, cell: |item, now| age(item, "created_at", now) },
    ],
};

#[derive(clap::Subcommand, Debug)]
pub(crate) enum UserCommand {
    /// Create a user
    Create {
        name: String,
        /// admin, operator or viewer
        #[arg(long, value_parser = role)]
        role: Role,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// List users
    List {
        #[command(flatten)]
        span: Span,
    },
    /// Set a password
    Passwd {
        /// The user; oneself if absent
        name: Option<String>,
        /// Read from standard input: the new password; for one's own the present one on a line before
        #[arg(long)]
        password_stdin: bool,
    },
}

fn role(text: &str) -> Result<Role, String> {
    let found = Role::ALL.into_iter().find(|role| role.as_str() == text);
    found.ok_or("use admin, operator or viewer".to_owned())
}

pub(crate) fn run(session: &Session<'_>, command: &UserCommand) -> Result<Exit, Failure> {
    match command {
        UserCommand::List { span } => {
            list::show::<users::List, _>(session, &USER, &[], span, list::plain)
        }
        UserCommand::Create { name, role, password_stdin } => {
            confirm(session, name, "creates the user")?;
            let password = session.ui.password(*password_stdin, "Password: ")?;
            let password = password.expose().to_owned();
            let body = NewUser { name: name.clone(), role: *role, password };
            let user = session.call::<users::Create>(&[], &Nothing {}, &body)?;
            session.show_one(&USER, &user, None)
        }
        UserCommand::Passwd { name, password_stdin } => {
            passwd(session, name.as_deref(), *password_stdin)
        }
    }
}

fn passwd(session: &Session<'_>, name: Option<&str>, stdin: bool) -> Result<Exit, Failure> {
    let me = session.call::<elk_api::session::Me>(&[], &Nothing {}, &Nothing {})?.name;
    let name = name.map_or(me.as_str(), |name| name.strip_prefix("user/").unwrap_or(name));
    confirm(session, name, "sets the password of")?;
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

fn confirm(session: &Session<'_>, name: &str, verb: &str) -> Result<(), Failure> {
    let target = session.writable()?;
    let (floor, agents) = (Tier::None, None);
    let action = Action { floor, agents, free_agents: 0, object: name, all_agents: false };
    bulk::confirm(session, &target, &action, &format!("This {verb} {name}"))
}
