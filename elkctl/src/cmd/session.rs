//! `elkctl session`.

use elk_api::Nothing;
use elk_api::session as api;
use elk_desk::{Exit, Failure, Tier};
use serde_json::json;

use crate::cmd::user::{bare, confirm};
use crate::list::{self, Span};
use crate::output::{Column, Kind, age, field};
use crate::session::Session;

static SESSION: Kind = Kind {
    name: "OpenSession",
    noun: "session",
    key: "id",
    columns: &[
        Column { head: "ID", wide: false, cell: |item, _| field(item, "id") },
        Column { head: "USER", wide: false, cell: |item, _| field(item, "user") },
        Column { head: "ADDRESS", wide: false, cell: |item, _| field(item, "address") },
        Column { head: "OPENED", wide: false, cell: |item, now| age(item, "opened_at", now) },
        Column { head: "LAST-USED", wide: false, cell: |item, now| age(item, "last_used_at", now) },
        Column { head: "CURRENT", wide: false, cell: |item, _| field(item, "current") },
    ],
};

static ENDED: Kind = Kind {
    name: "EndedSessions",
    noun: "session",
    key: "id",
    columns: &[
        Column { head: "ID", wide: false, cell: |item, _| field(item, "id") },
        Column { head: "ENDED", wide: false, cell: |item, _| field(item, "ended") },
    ],
};

#[derive(clap::Subcommand, Debug)]
pub(crate) enum SessionCommand {
    /// List your sessions; as an administrator everybody's
    List {
        #[command(flatten)]
        span: Span,
    },
    /// End a session, or all of a user but this one
    Revoke {
        /// Its id
        #[arg(required_unless_present = "user")]
        session: Option<String>,
        /// End all of this user, but the one that asks
        #[arg(long, value_name = "NAME", conflicts_with = "session")]
        user: Option<String>,
    },
}

pub(crate) fn run(session: &Session<'_>, command: &SessionCommand) -> Result<Exit, Failure> {
    match command {
        SessionCommand::List { span } => {
            list::show::<api::List, _>(session, &SESSION, &[], span, list::plain)
        }
        SessionCommand::Revoke { user: Some(user), .. } => {
            let user = bare(user);
            confirm(session, user, "ends the sessions of", Tier::Moderate)?;
            let done = session.call::<api::RevokeAll>(&[user], &Nothing {}, &Nothing {})?;
            let human = format!("ended {} sessions of {user}\n", done.ended);
            session.show_one(&ENDED, &json!({ "id": user, "ended": done.ended }), Some(human))
        }
        SessionCommand::Revoke { session: id, user: None } => {
            let id = id.as_deref().unwrap_or_default();
            let id = id.strip_prefix("session/").unwrap_or(id);
            confirm(session, id, "ends the session", Tier::None)?;
            session.call::<api::Revoke>(&[id], &Nothing {}, &Nothing {})?;
            let human = format!("ended {}\n", elk_desk::sanitize(id));
            session.show_one(&ENDED, &json!({ "id": id, "ended": 1 }), Some(human))
        }
    }
}
