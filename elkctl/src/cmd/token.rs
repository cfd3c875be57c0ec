//! `elkctl token`.

use std::time::Duration;

use elk_api::tokens::{self, NewToken};
use elk_api::{Nothing, Role};
use elk_desk::{Exit, Failure, Tier, parse_duration};
use jiff::{SignedDuration, Timestamp};

use crate::cmd::user::{confirm, role};
use crate::list::{self, Span};
use crate::output::{Column, Kind, age, field};
use crate::session::{Session, now, value};

static TOKEN: Kind = Kind {
    name: "Token",
    noun: "token",
    key: "id",
    columns: &[
        Column { head: "ID", wide: false, cell: |item, _| field(item, "id") },
        Column { head: "NAME", wide: false, cell: |item, _| field(item, "name") },
        Column { head: "USER", wide: false, cell: |item, _| field(item, "user") },
        Column { head: "ROLE", wide: false, cell: |item, _| field(item, "role") },
        Column { head: "SELECTOR", wide: true, cell: |item, _| field(item, "selector") },
        Column { head: "STATE", wide: false, cell: |item, _| field(item, "state") },
        Column { head: "LAST-USED", wide: false, cell: |item, now| age(item, "last_used_at", now) },
        Column { head: "EXPIRES", wide: false, cell: |item, _| field(item, "expires_at") },
        Column { head: "CREATED", wide: true, cell: |item, now| age(item, "created_at", now) },
    ],
};

#[derive(clap::Subcommand, Debug)]
pub(crate) enum TokenCommand {
    /// Make a token with your rights or fewer; its secret is shown this once
    #[command(
        after_help = "Examples:\n  elkctl token create ci --role viewer --expires 30d > token\n  \
        ELKCTL_TOKEN_FILE=token elkctl agent list"
    )]
    Create {
        name: String,
        /// The most it may do: a role, or the reference's level; whatever you may if not said
        #[arg(long, value_parser = role)]
        role: Option<Role>,
        /// Let it reach only agents that match this, such as tag=prod
        #[arg(short = 'l', long, value_name = "SELECTOR")]
        selector: Option<String>,
        /// End it after this long, such as 30d; it does not end if not said
        #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
        expires: Option<Duration>,
    },
    /// List your tokens; as an administrator everybody's
    List {
        #[command(flatten)]
        span: Span,
    },
    /// End a token
    Revoke {
        /// Its id, or the name of one of yours
        token: String,
    },
}

pub(crate) fn run(session: &Session<'_>, command: &TokenCommand) -> Result<Exit, Failure> {
    match command {
        TokenCommand::Create { name, role, selector, expires } => {
            let expires_at = expires.map(end).transpose()?;
            let (name, selector) = (name.clone(), selector.clone());
            create(session, &NewToken { name, role: *role, selector, expires_at })
        }
        TokenCommand::List { span } => {
            list::show::<tokens::List, _>(session, &TOKEN, &[], span, list::plain)
        }
        TokenCommand::Revoke { token } => {
            let token = token.strip_prefix("token/").unwrap_or(token);
            confirm(session, token, "revokes the token", Tier::None)?;
            let revoked = session.call::<tokens::Revoke>(&[token], &Nothing {}, &Nothing {})?;
            session.show_one(&TOKEN, &revoked, None)
        }
    }
}

/// Returns the time after this long.
fn end(after: Duration) -> Result<Timestamp, Failure> {
    let end = SignedDuration::try_from(after).ok().and_then(|it| now().checked_add(it).ok());
    end.ok_or_else(|| Failure::new(Exit::Usage, "--expires is too far away"))
}

fn create(session: &Session<'_>, new: &NewToken) -> Result<Exit, Failure> {
    confirm(session, &new.name, "makes the token", Tier::None)?;
    let made = session.call::<tokens::Create>(&[], &Nothing {}, new)?;
    let mut object = value(&made.token)?;
    if let Some(fields) = object.as_object_mut() {
        fields.insert("secret".to_owned(), made.secret.clone().into());
    }
    session.ui.note("this is shown once: keep it in a file and name that in ELKCTL_TOKEN_FILE");
    session.show_one(&TOKEN, &object, Some(format!("{}\n", made.secret)))
}
