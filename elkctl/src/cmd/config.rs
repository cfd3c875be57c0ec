//! `elkctl config`: what agents should run.

use std::time::Duration;

use elk_api::Nothing;
use elk_api::agents;
use elk_api::profiles::{self, DEFAULT_PROFILE, NewProfile, PluginSetting, PushRequest};
use elk_desk::{Action, Exit, Failure, Tier, parse_duration};
use elk_model::{ComponentName, ComponentVersion};

use crate::bulk::{self, Change, Targets};
use crate::cmd::task;
use crate::output::{Column, Kind, field};
use crate::session::Session;

static PROFILE: Kind = Kind {
    name: "Profile",
    noun: "profile",
    key: "name",
    columns: &[
        Column { head: "NAME", wide: false, cell: |item, _| field(item, "name") },
        Column { head: "REVISION", wide: false, cell: |item, _| field(item, "revision") },
        Column { head: "AGENT", wide: false, cell: |item, _| field(item, "agent_version") },
        Column { head: "PLUGINS", wide: false, cell: |item, _| field(item, "plugins") },
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
        /// Against what this agent runs
        #[arg(long)]
        agent: Option<String>,
    },
    /// Change the profile; what is not named stays
    Set {
        /// NAME=VERSION of a plugin, or of elkeid-agent
        #[arg(long = "plugin", value_name = "NAME=VERSION", value_parser = plugin)]
        plugins: Vec<(ComponentName, ComponentVersion)>,
        /// Take a plugin out
        #[arg(long = "remove", value_name = "NAME")]
        removed: Vec<ComponentName>,
    },
    /// Send the configuration to agents now
    Push {
        #[command(flatten)]
        targets: Targets,
        /// So many agents at a time
        #[arg(long)]
        max_in_flight: Option<u32>,
        /// An empty profile is meant: remove all plugins
        #[arg(long)]
        remove_all_plugins: bool,
        /// Wait until all agents are done
        #[arg(long)]
        wait: bool,
        /// How long an agent has, and how long --wait waits
        #[arg(long, value_parser = parse_duration)]
        timeout: Option<Duration>,
    },
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
        ConfigCommand::Set { plugins, removed } => set(session, plugins, removed),
        ConfigCommand::Push { targets, max_in_flight, remove_all_plugins, wait, timeout } => {
            let floor = if *remove_all_plugins { Tier::Severe } else { Tier::None };
            let change = Change { verb: "sends the configuration to", floor, free_agents: 10 };
            let Some(selection) = targets.confirmed(session, &change)? else {
                return session.show_all(&task::TASK, &[] as &[Nothing], None);
            };
            let seconds = timeout.map(|timeout| timeout.as_secs().max(1));
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

fn set(
    session: &Session<'_>,
    plugins: &[(ComponentName, ComponentVersion)],
    removed: &[ComponentName],
) -> Result<Exit, Failure> {
    let target = session.writable()?;
    let (floor, object) = (Tier::None, DEFAULT_PROFILE);
    let action = Action { floor, agents: None, free_agents: 0, object, all_agents: false };
    bulk::confirm(session, &target, &action, "This changes the profile default")?;
    let path = [DEFAULT_PROFILE];
    let old = session.call::<profiles::Get>(&path, &Nothing {}, &Nothing {})?;
    let mut new = NewProfile {
        revision: old.revision,
        plugins: old.plugins,
        agent_version: old.agent_version,
    };
    for (name, version) in plugins {
        if name.as_str() == "elkeid-agent" {
            new.agent_version = Some(*version);
            continue;
        }
        let detail = new.plugins.remove(name).map(|setting| setting.detail).unwrap_or_default();
        new.plugins.insert(name.clone(), PluginSetting { version: *version, detail });
    }
    for name in removed {
        if name.as_str() == "elkeid-agent" {
            new.agent_version = None;
        } else if new.plugins.remove(name).is_none() {
            let message = format!("the profile has no plugin `{name}`");
            return Err(Failure::new(Exit::NotFound, message));
        }
    }
    let profile = session.call::<profiles::Set>(&path, &Nothing {}, &new)?;
    session.show_one(&PROFILE, &profile, None)
}
