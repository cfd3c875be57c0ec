//! `elkctl role`.

use elk_api::Nothing;
use elk_api::roles::{self, NewRole, RoleRule};
use elk_desk::{Exit, Failure, Tier};
use serde_json::Value;

use crate::cmd::user::confirm;
use crate::list::{self, Span};
use crate::output::{Column, Kind, field};
use crate::session::Session;

static ROLE: Kind = Kind {
    name: "Role",
    noun: "role",
    key: "name",
    columns: &[
        Column { head: "NAME", wide: false, cell: |item, _| field(item, "name") },
        Column { head: "BUILT-IN", wide: false, cell: |item, _| field(item, "built_in") },
        Column { head: "LEVEL", wide: false, cell: |item, _| field(item, "level") },
        Column { head: "ALLOWS", wide: false, cell: |item, _| allows(item) },
    ],
};

#[derive(clap::Subcommand, Debug)]
pub(crate) enum RoleCommand {
    /// List roles, the built-in ones first
    List {
        #[command(flatten)]
        span: Span,
    },
    /// Show a role
    Get { name: String },
    /// Make a role; what no rule allows is denied
    #[command(after_help = "Examples:\n  elkctl role create db-team --rule 'agent.list:tag=db' \
        --rule 'selection.create:tag=db' \\\n    --rule 'task.create:tag=db' --rule task.get \
        --rule task.results\n  elkctl user create kim --role db-team --password-stdin")]
    Create {
        name: String,
        /// What it allows: ACTION or ACTION:SELECTOR, such as task.* or tag.add:tag=prod
        #[arg(long = "rule", value_name = "RULE", required = true)]
        rules: Vec<String>,
    },
    /// Remove a role that no user has
    Delete { name: String },
}

fn rule(text: &str) -> RoleRule {
    match text.split_once(':') {
        Some((action, selector)) => {
            RoleRule { action: action.to_owned(), selector: Some(selector.to_owned()) }
        }
        None => RoleRule { action: text.to_owned(), selector: None },
    }
}

/// Shows what a role allows: permissions, or rules as they are written.
fn allows(item: &Value) -> String {
    let rules = item["rules"].as_array().into_iter().flatten().map(|it| {
        let (action, selector) = (field(it, "action"), field(it, "selector"));
        if selector.is_empty() { action } else { format!("{action}:{selector}") }
    });
    let rules: Vec<_> = rules.collect();
    if rules.is_empty() { field(item, "permissions") } else { rules.join(" ") }
}

pub(crate) fn run(session: &Session<'_>, command: &RoleCommand) -> Result<Exit, Failure> {
    let bare = |name: &str| name.strip_prefix("role/").unwrap_or(name).to_owned();
    match command {
        RoleCommand::List { span } => {
            list::show::<roles::List, _>(session, &ROLE, &[], span, list::plain)
        }
        RoleCommand::Get { name } => {
            let role = session.call::<roles::Get>(&[&bare(name)], &Nothing {}, &Nothing {})?;
            session.show_one(&ROLE, &role, None)
        }
        RoleCommand::Create { name, rules } => {
            confirm(session, name, "makes the role", Tier::None)?;
            let rules = rules.iter().map(|text| rule(text)).collect();
            let new = NewRole { name: name.clone(), rules };
            let role = session.call::<roles::Create>(&[], &Nothing {}, &new)?;
            session.show_one(&ROLE, &role, None)
        }
        RoleCommand::Delete { name } => {
            let name = bare(name);
            confirm(session, &name, "removes the role", Tier::Moderate)?;
            let role = session.call::<roles::Delete>(&[&name], &Nothing {}, &Nothing {})?;
            session.show_one(&ROLE, &role, None)
        }
    }
}
