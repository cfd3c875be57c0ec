//! `elkctl alert sink`.

use elk_api::Nothing;
use elk_api::alerts::Severity;
use elk_api::sinks::{self as api, NewSink, SinkKind};
use elk_desk::{Exit, Failure, Tier};
use serde_json::json;

use super::worse;
use crate::cmd::user::confirm;
use crate::list::{self, Span};
use crate::output::{Column, Kind, age, field};
use crate::session::{Session, value};

static SINK: Kind = Kind {
    name: "AlertSink",
    noun: "sink",
    key: "name",
    columns: &[
        Column { head: "NAME", wide: false, cell: |item, _| field(item, "name") },
        Column { head: "KIND", wide: false, cell: |item, _| field(item, "kind") },
        Column { head: "TARGET", wide: false, cell: |item, _| field(item, "target") },
        Column { head: "LEAST", wide: false, cell: |item, _| field(item, "least") },
        Column { head: "DELIVERED", wide: false, cell: |item, _| field(item, "delivered") },
        Column { head: "WAITING", wide: false, cell: |item, _| field(item, "waiting") },
        Column { head: "FAILED", wide: false, cell: |item, _| field(item, "failed") },
        Column { head: "DROPPED", wide: false, cell: |item, _| field(item, "dropped") },
        Column { head: "ERROR", wide: false, cell: |item, _| field(item, "error") },
        Column { head: "LAST", wide: true, cell: |item, now| age(item, "delivered_at", now) },
        Column { head: "NEXT", wide: true, cell: |item, _| field(item, "next_at") },
        Column { head: "BY", wide: true, cell: |item, _| field(item, "created_by") },
    ],
};

static TESTED: Kind = Kind {
    name: "AlertSinkTest",
    noun: "sink",
    key: "name",
    columns: &[
        Column { head: "NAME", wide: false, cell: |item, _| field(item, "name") },
        Column { head: "DELIVERED", wide: false, cell: |item, _| field(item, "delivered") },
        Column { head: "ERROR", wide: false, cell: |item, _| field(item, "error") },
    ],
};

#[derive(clap::Subcommand, Debug)]
pub(crate) enum SinkCommand {
    /// List where alerts are sent, and how that goes
    List {
        #[command(flatten)]
        span: Span,
    },
    /// Send alerts to one more place from now on; the secret of a webhook is shown this once
    #[command(after_help = "What is posted is JSON. Its header elk-signature is v1= and the \
        HMAC-SHA256, in hex, of the\nheaders elk-timestamp and elk-delivery and the body, joined \
        by full stops.\n\nExamples:\n  \
        elkctl alert sink add pager https://pager.example/elk --severity high+ > secret\n  \
        elkctl alert sink add siem udp://10.0.0.9:514")]
    Add {
        name: String,
        /// A URL, or udp://HOST:PORT or tcp://HOST:PORT for syslog
        target: String,
        /// Only what is as bad as this or worse, such as high+
        #[arg(long, value_name = "SEVERITY", value_parser = worse)]
        severity: Option<Severity>,
        /// Read what signs from standard input, instead of making it
        #[arg(long)]
        secret_stdin: bool,
    },
    /// Send no more alerts to a place, nor those that wait
    Remove { name: String },
    /// Send a test alert now; 3 if it is not taken
    Test { name: String },
}

pub(super) fn run(session: &Session<'_>, command: &SinkCommand) -> Result<Exit, Failure> {
    match command {
        SinkCommand::List { span } => {
            list::show::<api::List, _>(session, &SINK, &[], span, list::plain)
        }
        SinkCommand::Add { name, target, severity, secret_stdin } => {
            let syslog = ["udp://", "tcp://"].iter().any(|it| target.starts_with(it));
            let kind = if syslog { SinkKind::Syslog } else { SinkKind::Webhook };
            let read = || crate::ui::stdin().map(|it| it.trim_end_matches(['\r', '\n']).to_owned());
            let secret = secret_stdin.then(read).transpose()?;
            let (name, target, least) = (name.clone(), target.clone(), *severity);
            add(session, &NewSink { name, kind, target, least, secret })
        }
        SinkCommand::Remove { name } => {
            let name = bare(name);
            confirm(session, name, "sends no more alerts to", Tier::Moderate)?;
            session.call::<api::Remove>(&[name], &Nothing {}, &Nothing {})?;
            let human = format!("removed {}\n", elk_desk::sanitize(name));
            session.show_one(&SINK, &json!({ "name": name }), Some(human))
        }
        SinkCommand::Test { name } => {
            let name = bare(name);
            confirm(session, name, "sends a test alert to", Tier::None)?;
            let tested = session.call::<api::Test>(&[name], &Nothing {}, &Nothing {})?;
            session.show_one(&TESTED, &tested, None)?;
            Ok(if tested.delivered { Exit::Ok } else { Exit::Negative })
        }
    }
}

fn bare(name: &str) -> &str {
    name.strip_prefix("sink/").unwrap_or(name)
}

fn add(session: &Session<'_>, new: &NewSink) -> Result<Exit, Failure> {
    confirm(session, &new.name, "sends alerts to", Tier::None)?;
    let made = session.call::<api::Add>(&[], &Nothing {}, new)?;
    let Some(secret) = made.secret.filter(|_| new.secret.is_none()) else {
        return session.show_one(&SINK, &made.sink, None);
    };
    let mut object = value(&made.sink)?;
    if let Some(fields) = object.as_object_mut() {
        fields.insert("secret".to_owned(), secret.clone().into());
    }
    session.ui.note("this is shown once: give it to the receiver, which checks signatures with it");
    session.show_one(&SINK, &object, Some(format!("{secret}\n")))
}
