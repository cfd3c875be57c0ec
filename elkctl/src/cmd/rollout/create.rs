//! `elkctl rollout create`.

use std::time::Duration;

use elk_api::Nothing;
use elk_api::profiles::{self, DEFAULT_PROFILE};
use elk_api::rollouts::{
    self, Changes, Extent, NewGroup, NewRollout, NewStep, OfflinePolicy, OnFailure, Want,
};
use elk_desk::{Exit, Failure, Tier, parse_duration};
use elk_model::{ComponentName, ComponentVersion};

use super::{ROLLOUT, Wait, follow};
use crate::bulk::{Change, Targets};
use crate::cmd::task::text_of;
use crate::session::Session;

#[derive(clap::Args, Debug)]
#[command(
    disable_version_flag = true,
    after_help = "Examples:\n  \
    elkctl rollout create --component driver --version 1.7.0.24 -l tag=prod \\\n      \
    --steps canary:50,5%,25%,100% --soak 30m --max-failed 1% --on-failure undo --wait\n  \
    elkctl rollout create --component elkeid-agent --version 1.9.1.23 --all-agents \\\n      \
    --groups dev,staging,prod --manual\n  \
    elkctl rollout create --profile default -l tag=canary --steps 10%,100%"
)]
pub(crate) struct CreateArgs {
    #[command(flatten)]
    targets: Targets,
    /// What it brings; elkeid-agent for the agent itself
    #[arg(long, value_name = "NAME", required_unless_present = "profile", requires = "version")]
    component: Option<ComponentName>,
    /// The version of --component
    #[arg(long, requires = "component")]
    version: Option<ComponentVersion>,
    /// What the plugin gets as its DETAIL; @FILE reads a file; as it is now if not said
    #[arg(long, value_name = "TEXT", requires = "component")]
    detail: Option<String>,
    /// Bring all that this profile names
    #[arg(long, conflicts_with_all = ["component", "version"], value_name = "NAME")]
    profile: Option<String>,
    /// How many agents have been reached after each step, such as canary:50,5%,25%,100%
    #[arg(long, value_delimiter = ',', value_name = "STEPS", value_parser = step)]
    steps: Vec<Extent>,
    /// Wait so long after each step and look at its agents again
    #[arg(long, value_name = "DURATION", default_value = "0s", value_parser = parse_duration)]
    soak: Duration,
    /// An agent is done when it ran the target for so long, and at least two of its heartbeats
    #[arg(long, value_name = "DURATION", default_value = "0s", value_parser = parse_duration)]
    health_window: Duration,
    /// An agent has so long to report the target; 12 of its heartbeats if not said
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    install_timeout: Option<Duration>,
    /// So many agents at a time; 500 if not said
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    max_in_flight: Option<u32>,
    /// Halt when more agents have failed: N, or P% of those reached; 1% if not said
    #[arg(long, value_name = "COUNT", value_parser = failed)]
    max_failed: Option<Extent>,
    /// When it halts: pause, or undo all that it did
    #[arg(long, value_name = "WHAT", default_value = "pause", value_parser = on_failure)]
    on_failure: OnFailure,
    /// Agents that are offline: defer until they come back, or skip
    #[arg(long, value_name = "WHAT", default_value = "defer", value_parser = offline)]
    offline: OfflinePolicy,
    /// Wait so long for those that are deferred; 7d if not said
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    defer_until: Option<Duration>,
    /// Tags, one after the other by all the steps; agents with none of them come last
    #[arg(long, value_delimiter = ',', value_name = "TAGS")]
    groups: Vec<String>,
    /// Give orders at these times only, such as 'Mon-Thu 02:00-05:00 Europe/Berlin'; UTC if no zone is
    /// said
    #[arg(long, value_name = "TIMES")]
    window: Option<String>,
    /// Wait for a promote after each step
    #[arg(long)]
    manual: bool,
    /// Take agents that run a later version back to this one
    #[arg(long)]
    allow_downgrade: bool,
    /// Begin when somebody resumes it
    #[arg(long)]
    paused: bool,
    /// Free text for people
    #[arg(long)]
    name: Option<String>,
    #[command(flatten)]
    wait: Wait,
}

fn percent(text: &str) -> Option<Result<Extent, String>> {
    let number = text.strip_suffix('%')?;
    let malformed = || format!("{text} is no percentage");
    Some(number.parse().map(Extent::Percent).map_err(|_| malformed()))
}

fn step(text: &str) -> Result<Extent, String> {
    let bare = text.strip_prefix("canary:").unwrap_or(text);
    let count = || bare.parse().map(Extent::Count).map_err(|_| "write it like 50 or 5%".to_owned());
    percent(bare).unwrap_or_else(count)
}

fn failed(text: &str) -> Result<Extent, String> {
    step(text)
}

fn on_failure(text: &str) -> Result<OnFailure, String> {
    match text {
        "pause" => Ok(OnFailure::Pause),
        "undo" => Ok(OnFailure::Undo),
        _ => Err("use pause or undo".to_owned()),
    }
}

fn offline(text: &str) -> Result<OfflinePolicy, String> {
    match text {
        "defer" => Ok(OfflinePolicy::Defer),
        "skip" => Ok(OfflinePolicy::Skip),
        _ => Err("use defer or skip".to_owned()),
    }
}

fn seconds(duration: Duration) -> u32 {
    u32::try_from(duration.as_millis().div_ceil(1_000)).unwrap_or(u32::MAX)
}

pub(super) fn create(session: &Session<'_>, args: &CreateArgs) -> Result<Exit, Failure> {
    let changes = changes(session, args)?;
    let change = Change { verb: "rolls out to", floor: Tier::None, free_agents: 10 };
    let Some(selection) = args.targets.confirmed(session, &change)? else {
        return session.show_all(&ROLLOUT, &[] as &[Nothing], None);
    };
    let step = |extent: &Extent| NewStep { extent: *extent, manual: args.manual };
    let group = |tag: &String| NewGroup { name: tag.clone(), selector: format!("tag={tag}") };
    let body = NewRollout {
        selection: selection.id,
        changes,
        name: args.name.clone(),
        steps: args.steps.iter().map(step).collect(),
        groups: args.groups.iter().map(group).collect(),
        soak_seconds: seconds(args.soak),
        health_window_seconds: seconds(args.health_window),
        install_timeout_seconds: args.install_timeout.map(seconds),
        max_in_flight: args.max_in_flight,
        max_failed: args.max_failed,
        on_failure: args.on_failure,
        offline: args.offline,
        defer_seconds: args.defer_until.map(seconds),
        allow_downgrade: args.allow_downgrade,
        window: args.window.clone(),
        paused: args.paused,
    };
    let rollout = session.call::<rollouts::Create>(&[], &Nothing {}, &body)?;
    for notice in &rollout.notices {
        session.ui.note(notice);
    }
    let status = follow::shown(session, rollout, args.wait)?;
    Ok(if args.wait.wait { status } else { Exit::Ok })
}

fn changes(session: &Session<'_>, args: &CreateArgs) -> Result<Changes, Failure> {
    if let Some((name, version)) = args.component.clone().zip(args.version) {
        let detail = args.detail.as_deref().map(text_of).transpose()?;
        return Ok(Changes::from([(name, Want { version, detail })]));
    }
    let name = args.profile.as_deref().unwrap_or(DEFAULT_PROFILE);
    let profile = session.call::<profiles::Get>(&[name], &Nothing {}, &Nothing {})?;
    let plugins = profile.plugins.into_iter();
    let mut changes: Changes = plugins
        .map(|(name, it)| (name, Want { version: it.version, detail: Some(it.detail) }))
        .collect();
    if let Some(version) = profile.agent_version
        && let Ok(agent) = "elkeid-agent".parse()
    {
        changes.insert(agent, Want { version, detail: None });
    }
    if changes.is_empty() {
        let message = format!("profile {name} names nothing to roll out");
        return Err(Failure::new(Exit::Conflict, message).hint("elkctl config set PLUGIN=VERSION"));
    }
    Ok(changes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_numbers_or_shares() {
        assert_eq!(step("canary:50"), Ok(Extent::Count(50)));
        assert_eq!(step("50"), Ok(Extent::Count(50)));
        assert_eq!(step("2.5%"), Ok(Extent::Percent(2.5)));
        assert!(step("half").is_err() && step("canary:").is_err() && step("%").is_err());
    }
}
