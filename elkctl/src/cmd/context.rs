//! `elkctl context`.

use elk_desk::{Exit, Failure, config};
use serde_json::json;

use crate::output::{Column, Kind, field};
use crate::session::Session;

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
    ],
};

#[derive(clap::Subcommand, Debug)]
pub(crate) enum ContextCommand {
    /// List contexts
    List,
    /// Use a context from now on
    Use { name: String },
}

pub(crate) fn run(session: &Session<'_>, command: &ContextCommand) -> Result<Exit, Failure> {
    match command {
        ContextCommand::List => {
            let current = session.context_name();
            let contexts = session.config.contexts.iter().map(|(name, context)| {
                json!({
                    "name": name,
                    "server": context.server,
                    "user": context.user,
                    "protected": context.protected,
                    "read_only": context.read_only,
                    "current": current == Some(name.as_str()),
                })
            });
            session.show_all(&CONTEXT, &contexts.collect::<Vec<_>>(), None)
        }
        ContextCommand::Use { name } => {
            config::use_context(&session.paths, name).map_err(|error| {
                let exit = match error {
                    config::ConfigError::NoContext { .. } => Exit::NotFound,
                    _ => Exit::Usage,
                };
                Failure::of(exit, &error)
            })?;
            session.ui.note(&format!("using {name}"));
            Ok(Exit::Ok)
        }
    }
}
