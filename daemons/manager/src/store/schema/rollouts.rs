//! Rollouts, and what they pinned.

use super::{index, maybe_number, maybe_text, number, table, text};

pub(super) fn tables() -> Vec<String> {
    let mut steps = vec![
        table(
            "rollouts",
            &["id"],
            vec![
                text("id"),
                number("revision"),
                maybe_text("name"),
                text("changes"),
                text("spec"),
                maybe_text("reverses"),
                maybe_text("reversed_by"),
                text("phase"),
                number("since_ms"),
                text("reason"),
                number("step"),
                // Failed agents that somebody has looked at: they halt nothing any more.
                number("forgiven"),
                maybe_text("task"),
                text("created_by"),
                number("created_ms"),
                text("changed_by"),
                maybe_number("finished_ms"),
            ],
        ),
        index("rollouts_finished", "rollouts", &["finished_ms"], false),
    ];
    steps.extend([
        table(
            "rollout_agents",
            &["rollout", "agent"],
            vec![
                text("rollout"),
                text("agent"),
                number("turn"),
                text("state"),
                text("reason"),
                // What it should run where that is its own.
                maybe_text("target"),
                maybe_text("previous"),
                maybe_text("task"),
                maybe_number("begun_ms"),
                maybe_number("seen_ms"),
                maybe_number("ended_ms"),
            ],
        ),
        index("rollout_agents_turn", "rollout_agents", &["rollout", "turn"], true),
        index("rollout_agents_state", "rollout_agents", &["rollout", "state", "turn"], false),
        index("rollout_agents_agent", "rollout_agents", &["agent"], false),
        table(
            "pins",
            &["agent", "name"],
            vec![text("agent"), text("name"), text("version"), text("detail"), number("kept")],
        ),
    ]);
    steps
}
