//! The page of one agent, for people.

use std::fmt::Write as _;

use elk_api::agents::AgentDetail;
use elk_desk::{ago, sanitize};

use crate::output::show;
use crate::session::value;

/// Writes the page.
pub(crate) fn of(detail: &AgentDetail) -> String {
    let (agent, now) = (&detail.agent, crate::session::now());
    let seen = agent.last_heartbeat_at.map_or("never".to_owned(), |at| ago(at, now));
    let mut text = String::new();
    let mut line = |head: &str, rest: &str| {
        // Writing to a string does not fail.
        writeln!(text, "{head:<10}{}", sanitize(rest).trim_end()).ok();
    };
    line(
        &format!("agent/{}", agent.id),
        &format!("   {}   {} (last heartbeat {seen})", agent.hostname, agent.status.as_str()),
    );
    if agent.clone {
        line("Clone", "two hosts use this id at once: data flows, orders do not");
    }
    let (platform, version) = (&agent.platform, &agent.platform_version);
    line("Host", &format!("{platform} {version}, {}, kernel {}", agent.arch, agent.kernel));
    let ac = agent.ac.as_deref().unwrap_or("none");
    let peer = detail.peer.as_deref().unwrap_or("-");
    line("Network", &format!("{}   ac {ac}   peer {peer}", agent.addresses.join(" ")));
    let cpu = agent.cpu_percent.map_or("-".to_owned(), |cpu| format!("{cpu:.1}%"));
    let memory = agent.memory_bytes.map_or("-".to_owned(), |bytes| format!("{} MiB", bytes >> 20));
    let interval = agent.heartbeat_interval_seconds;
    let version = &agent.version;
    line("Agent", &format!("{version}   cpu {cpu}   rss {memory}   heartbeat every {interval} s"));
    let tags: Vec<&str> = agent.tags.iter().map(|tag| tag.as_str()).collect();
    line("Tags", if tags.is_empty() { "-".to_owned() } else { tags.join(" ") }.as_str());
    for plugin in &agent.plugins {
        let status = value(&plugin.status).map(|status| show(&status)).unwrap_or_default();
        line("Plugin", &format!("{} {} {status}", plugin.name, plugin.version));
    }
    let config = &detail.config;
    let sync = match config.in_sync {
        Some(true) => "in sync",
        Some(false) => "differs",
        None => "not reported",
    };
    line("Config", &format!("{sync}, profile {} rev {}", config.profile, config.revision));
    for drift in &config.drift {
        line("Drift", drift);
    }
    for task in &detail.tasks {
        let (state, when) = (task.state.as_str(), ago(task.created_at, now));
        let order = if task.plugin.is_empty() {
            "config".to_owned()
        } else {
            format!("{} {}", task.plugin, task.data_type)
        };
        line("Task", &format!("{} {order} {state} {when}", task.task));
    }
    text
}
