//! `elkctl tag`.

use elk_api::{Nothing, tags};
use elk_desk::{Exit, Failure, Tier};
use elk_model::Tag;
use serde_json::json;

use crate::bulk::{Change, Targets};
use crate::cmd::agent::AGENT;
use crate::list::{self, Span};
use crate::output::{Column, Kind, field};
use crate::session::Session;

static TAG: Kind = Kind {
    name: "Tag",
    noun: "tag",
    key: "name",
    columns: &[
        Column { head: "NAME", wide: false, cell: |item, _| field(item, "name") },
        Column { head: "AGENTS", wide: false, cell: |item, _| field(item, "agents") },
    ],
};

#[derive(clap::Subcommand, Debug)]
pub(crate) enum TagCommand {
    /// List tags in use
    List {
        #[command(flatten)]
        span: Span,
    },
    /// Add a tag to agents
    #[command(after_help = "Examples:\n  elkctl tag add canary host=web-17\n  \
        elkctl agent list --limit 5 -o name | elkctl tag add canary -\n  \
        elkctl tag add prod -l 'ip=10.1.2.3,status=running' --expect 1")]
    Add {
        tag: Tag,
        #[command(flatten)]
        targets: Targets,
    },
    /// Take a tag from agents
    Remove {
        tag: Tag,
        #[command(flatten)]
        targets: Targets,
    },
}

pub(crate) fn run(session: &Session<'_>, command: &TagCommand) -> Result<Exit, Failure> {
    let (tag, targets, verb) = match command {
        TagCommand::List { span } => {
            return list::show::<tags::List, _>(session, &TAG, &[], span, list::plain);
        }
        TagCommand::Add { tag, targets } => (tag, targets, "tags"),
        TagCommand::Remove { tag, targets } => (tag, targets, "untags"),
    };
    let change = Change { verb, floor: Tier::None, free_agents: 9 };
    let Some(selection) = targets.confirmed(session, &change)? else {
        return session.show_all(&AGENT, &[] as &[Nothing], None);
    };
    let (path, body) = ([tag.as_str()], tags::TagRequest { selection: selection.id });
    let (done, told, already) = if matches!(command, TagCommand::Add { .. }) {
        (session.call::<tags::Add>(&path, &Nothing {}, &body)?, "added to", "already had it")
    } else {
        (session.call::<tags::Remove>(&path, &Nothing {}, &body)?, "removed from", "had it not")
    };
    let changed: Vec<_> = done.changed.iter().map(|id| json!({ "id": id })).collect();
    let human = format!("{told} {}, {already} {}\n", changed.len(), done.unchanged);
    session.show_all(&AGENT, &changed, Some(human))
}
