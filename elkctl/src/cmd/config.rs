//! `elkctl config`: what agents should run.

use std::time::Duration;

use elk_api::Nothing;
use elk_api::agents::{self, Aggregate, AggregateQuery};
use elk_api::profiles::{self, DEFAULT_PROFILE, NewProfile, PluginSetting, Profile, PushRequest};
use elk_desk::{Action, Exit, Failure, Tier, parse_duration};
use elk_model::{ComponentName, ComponentVersion};

use crate::bulk::{self, Change, Targets};
use crate::cmd::task;
use crate::output::{Column, Kind, age, field};
use crate::session::Session;

/// The component that is the agent itself.
const AGENT: &str = "elkeid-agent";

static PROFILE: Kind = Kind {
    name: "Profile",
    noun: "profile",
    key: "name",
    columns: &[
        Column { head: "NAME", wide: false, cell: |item, _| field(item, "name") },
        Column { head: "REVISION", wide: false, cell: |item, _| field(item, "revision") },
        Column { head: "AGENT", wide: false, cell: |item, _| field(item, "agent_version") },
        Column { head: "PLUGINS", wide: false, cell: |item, _| plugins(item) },
        Column { head: "BY", wide: true, cell: |item, _| field(item, "updated_by") },
        Column { head: "CHANGED", wide: false, cell: |item, now| age(item, "updated_at", now) },
    ],
};

static AGENT_CONFIG: Kind = Kind {
    name: "AgentConfig",
    noun: "profile",
    key: "profile",
    columns: &[
        Column { head: "PROFILE", wide: false, cell: |item, _| field(item, "profile") },
        Column { head: "REVISION", wide: false, cell: |item, _| field(item, "revision") },
        Column { head: "IN-SYNC", wide: false, cell: |item, _| field(item, "in_sync") },
        Column { head: "DRIFT", wide: false, cell: |item, _| field(item, "drift") },
    ],
};

#[derive(clap::Subcommand, Debug)]
pub(crate) enum ConfigCommand {
    /// Show the profile, or what one agent should run
    Get {
        /// What this agent should run against what it runs
        #[arg(long, value_name = "AGENT")]
        agent: Option<String>,
    },
    /// Change the profile, which agents get when they connect the next time; what is not named stays
    Set(SetArgs),
    /// What kubectl calls contexts stands elsewhere
    #[command(hide = true, aliases = ["get-contexts", "current-context", "set-context"])]
    UseContext {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<String>,
    },
    /// Send the configuration to agents now
    #[command(after_help = "Examples:\n  elkctl config push -l tag=canary --wait --timeout 5m\n  \
        elkctl config push --all-agents --max-in-flight 500")]
    Push {
        #[command(flatten)]
        targets: Targets,
        /// So many agents at a time
        #[arg(long, value_parser = clap::value_parser!(u32).range(1..=999))]
        max_in_flight: Option<u32>,
        /// Make these agents delete all their plugins, until the next push to them
        #[arg(long)]
        remove_all_plugins: bool,
        /// Wait until all agents are done
        #[arg(long)]
        wait: bool,
        /// How long --wait waits; without --wait how long an agent has
        #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
        timeout: Option<Duration>,
    },
}

#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  elkctl config set driver=1.7.0.24 collector=1.0.0.140\n  \
    elkctl config set --detail driver=@driver.json --agent-version 1.9.1.23\n  \
    elkctl config set --remove scanner")]
pub(crate) struct SetArgs {
    /// NAME=VERSION of a plugin
    #[arg(value_name = "PLUGIN=VERSION", value_parser = plugin)]
    named: Vec<(ComponentName, ComponentVersion)>,
    /// NAME=VERSION of a plugin, as without the flag
    #[arg(long = "plugin", value_name = "PLUGIN=VERSION", value_parser = plugin)]
    plugins: Vec<(ComponentName, ComponentVersion)>,
    /// PLUGIN=TEXT that the plugin gets as its DETAIL; @FILE reads a file
    #[arg(long = "detail", value_name = "PLUGIN=TEXT", value_parser = detail)]
    details: Vec<(ComponentName, String)>,
    /// The version of the agent itself
    #[arg(long, value_name = "VERSION")]
    agent_version: Option<ComponentVersion>,
    /// Take a plugin out; elkeid-agent leaves agents as they are
    #[arg(long = "remove", value_name = "PLUGIN")]
    removed: Vec<ComponentName>,
    /// Only if this is still the profile's revision
    #[arg(long, value_name = "N")]
    revision: Option<u64>,
}

fn plugins(item: &serde_json::Value) -> String {
    let plugins = item.get("plugins").and_then(serde_json::Value::as_object);
    let each = plugins.into_iter().flatten();
    let each = each.map(|(name, setting)| format!("{name}={}", field(setting, "version")));
    each.collect::<Vec<_>>().join(",")
}

fn detail(text: &str) -> Result<(ComponentName, String), String> {
    let (name, text) = text.split_once('=').ok_or("write it like driver=@driver.json")?;
    let name = name.parse::<ComponentName>().map_err(|error| error.to_string())?;
    Ok((name, text.to_owned()))
}

fn plugin(text: &str) -> Result<(ComponentName, ComponentVersion), String> {
    let (name, version) = text.split_once('=').ok_or("write it like driver=1.7.0.24")?;
    let name = name.parse::<ComponentName>().map_err(|error| error.to_string())?;
    let version = version.parse::<ComponentVersion>().map_err(|error| error.to_string())?;
    Ok((name, version))
}

pub(crate) fn run(session: &Session<'_>, command: &ConfigCommand) -> Result<Exit, Failure> {
    match command {
        ConfigCommand::Get { agent: None } => {
            let profile =
                session.call::<profiles::Get>(&[DEFAULT_PROFILE], &Nothing {}, &Nothing {})?;
            session.show_one(&PROFILE, &profile, None)
        }
        ConfigCommand::Get { agent: Some(agent) } => {
            let path = [bulk::bare(agent)];
            let config = session.call::<agents::Config>(&path, &Nothing {}, &Nothing {})?;
            session.show_one(&AGENT_CONFIG, &config, None)
        }
        ConfigCommand::Set(args) => set(session, args),
        ConfigCommand::UseContext { rest } => {
            let message = "`elkctl config` is what agents should run, not what elkctl talks to";
            let name = rest.first().map_or("NAME", String::as_str);
            let failure = Failure::new(Exit::Usage, message);
            Err(failure.hint(format!("elkctl context use {name}")).hint("elkctl context list"))
        }
        ConfigCommand::Push { targets, max_in_flight, remove_all_plugins, wait, timeout } => {
            let floor = if *remove_all_plugins { Tier::Severe } else { Tier::None };
            let verb = if *remove_all_plugins {
                "deletes all plugins of"
            } else {
                "sends the configuration to"
            };
            let change = Change { verb, floor, free_agents: 10 };
            let Some(selection) = targets.confirmed(session, &change)? else {
                return session.show_all(&task::TASK, &[] as &[Nothing], None);
            };
            let seconds = timeout.filter(|_| !*wait).map(|timeout| timeout.as_secs().max(1));
            let body = PushRequest {
                selection: selection.id,
                remove_all_plugins: *remove_all_plugins,
                max_in_flight: *max_in_flight,
                timeout_seconds: seconds.map(|s| u32::try_from(s).unwrap_or(u32::MAX)),
            };
            let task = session.call::<profiles::Push>(&[DEFAULT_PROFILE], &Nothing {}, &body)?;
            if *wait {
                return task::wait(session, task, *timeout);
            }
            session.show_one(&task::TASK, &task, None)
        }
    }
}

fn set(session: &Session<'_>, args: &SetArgs) -> Result<Exit, Failure> {
    let nothing = args.named.is_empty()
        && args.plugins.is_empty()
        && args.details.is_empty()
        && args.agent_version.is_none()
        && args.removed.is_empty();
    if nothing {
        let message = "nothing is said that should change";
        return Err(Failure::new(Exit::Usage, message).hint("elkctl config set PLUGIN=VERSION"));
    }
    let target = session.writable()?;
    let path = [DEFAULT_PROFILE];
    let old = session.call::<profiles::Get>(&path, &Nothing {}, &Nothing {})?;
    let new = changed(old, args)?;
    // Not only a note of what should be: agents get it when they connect the next time.
    let total = session.call::<Aggregate>(&[], &AggregateQuery::default(), &Nothing {})?.total;
    let action = Action {
        floor: Tier::Moderate,
        agents: Some(total),
        free_agents: 0,
        object: DEFAULT_PROFILE,
        all_agents: false,
    };
    let agents =
        if total == 1 { "agent gets when it connects" } else { "agents get when they connect" };
    let told = format!(
        "This changes the profile default, which {total} {agents} the next time, also without \
         `config push`; plugins that it does not name are deleted there,"
    );
    bulk::confirm(session, &target, &action, &told)?;
    let profile = session.call::<profiles::Set>(&path, &Nothing {}, &new)?;
    session.show_one(&PROFILE, &profile, None)
}

/// Applies what is asked for to the profile as it is; the server refuses if it is another by then.
fn changed(old: Profile, args: &SetArgs) -> Result<NewProfile, Failure> {
    let absent = |name: &ComponentName| {
        let message = format!("the profile has no plugin `{name}`");
        Failure::new(Exit::NotFound, message).hint("elkctl config get")
    };
    let mut new = NewProfile {
        revision: args.revision.unwrap_or(old.revision),
        plugins: old.plugins,
        agent_version: args.agent_version.or(old.agent_version),
    };
    for (name, version) in args.named.iter().chain(&args.plugins) {
        if name.as_str() == AGENT {
            new.agent_version = Some(*version);
            continue;
        }
        let detail = new.plugins.remove(name).map(|setting| setting.detail).unwrap_or_default();
        new.plugins.insert(name.clone(), PluginSetting { version: *version, detail });
    }
    for (name, text) in &args.details {
        let setting = new.plugins.get_mut(name).ok_or_else(|| absent(name))?;
        setting.detail = task::text_of(text)?;
    }
    for name in &args.removed {
        if name.as_str() == AGENT {
            new.agent_version = None;
        } else if new.plugins.remove(name).is_none() {
            return Err(absent(name));
        }
    }
    Ok(new)
}
