//! Judging, case by case.

use elk_api::rollouts::{Extent, OfflinePolicy, OnFailure};

use super::*;

const BEGUN: i64 = 1_700_000_000_500;
const INTERVAL: i64 = 5_000;

fn spec(health_ms: i64, install_ms: Option<i64>) -> Spec {
    Spec {
        steps: Vec::new(),
        soak_ms: 0,
        health_ms,
        install_ms,
        in_flight: 1,
        max_failed: Extent::Count(0),
        on_failure: OnFailure::Pause,
        offline: OfflinePolicy::Defer,
        deferred_until_ms: 0,
        allow_downgrade: false,
        window: None,
        notices: Vec::new(),
    }
}

fn target(list: &[(&str, Option<&str>)]) -> Target {
    list.iter().map(|(name, it)| (name.parse().unwrap(), it.map(str::to_owned))).collect()
}

/// What an agent reported `last` ms after the order: the agent's version and its plugins, each with
/// the time of its heartbeat.
fn seen(first: Option<i64>, last: i64, agent: &str, plugins: &[(&str, &str, i64)]) -> Seen {
    let plugins = plugins.iter().map(|(a, b, at)| ((*a).to_owned(), (*b).to_owned(), BEGUN + at));
    let report = Report {
        last_ms: BEGUN + last,
        interval_ms: INTERVAL,
        version: agent.to_owned(),
        plugins: plugins.collect(),
    };
    let seen_ms = first.map(|it| BEGUN + it);
    Seen { begun_ms: BEGUN, seen_ms, order: None, report: Some(report), online: true }
}

fn verdict(it: &Seen, after: i64) -> Verdict {
    let wanted = target(&[("demo", Some("2"))]);
    judge(&spec(2_000, None), &wanted, it, BEGUN + after)
}

#[test]
fn a_report_from_before_the_order_shows_nothing() {
    let it = seen(None, -2_000, "1", &[("demo", "2", -2_000)]);
    assert_eq!(verdict(&it, 1_000), Verdict::Wait);
}

#[test]
fn an_agent_is_done_only_after_its_own_window_and_another_heartbeat_of_each() {
    let first = seen(None, 4_000, "1", &[("demo", "2", 4_000)]);
    assert_eq!(verdict(&first, 4_100), Verdict::Seen(BEGUN + 4_000));
    // The window of 2 s is raised to two intervals; a heartbeat alone is not enough.
    let second = seen(Some(4_000), 9_000, "1", &[("demo", "2", 9_000)]);
    assert_eq!(verdict(&second, 13_900), Verdict::Wait);
    assert_eq!(verdict(&second, 14_000), Verdict::Done);
    // Nor is the time alone, nor a heartbeat of the agent without one of the plugin.
    let silent = seen(Some(4_000), 4_000, "1", &[("demo", "2", 4_000)]);
    assert_eq!(verdict(&silent, 20_000), Verdict::Wait);
    let agent_only = seen(Some(4_000), 9_000, "1", &[("demo", "2", 4_000)]);
    assert_eq!(verdict(&agent_only, 20_000), Verdict::Wait);
}

#[test]
fn what_was_seen_and_is_gone_within_the_window_has_failed() {
    for (it, told) in [
        (seen(Some(4_000), 9_000, "1", &[]), "demo 2 does not run"),
        (seen(Some(4_000), 19_000, "1", &[("demo", "2", 9_000)]), "demo 2 does not run"),
        (seen(Some(4_000), 9_000, "1", &[("demo", "1", 9_000)]), "demo is 1, not 2"),
    ] {
        let Verdict::Failed(reason) = verdict(&it, 9_000) else { unreachable!("{it:?}") };
        assert!(reason.contains(told), "{reason}");
    }
    let offline = Seen { online: false, ..seen(Some(4_000), 9_000, "1", &[("demo", "2", 9_000)]) };
    assert!(matches!(verdict(&offline, 30_000), Verdict::Failed(it) if it.contains("silent")));
}

#[test]
fn what_is_not_reported_in_twelve_intervals_or_the_time_that_was_given_has_failed() {
    let it = seen(None, 50_000, "1", &[("demo", "1", 50_000)]);
    assert_eq!(verdict(&it, 59_999), Verdict::Wait);
    assert!(matches!(verdict(&it, 60_000), Verdict::Failed(it) if it.contains("is 1, not 2")));
    let wanted = target(&[("demo", Some("2"))]);
    let given = judge(&spec(0, Some(7_000)), &wanted, &it, BEGUN + 7_000);
    assert!(matches!(given, Verdict::Failed(_)), "{given:?}");
    let never = Seen { begun_ms: BEGUN, ..Seen::default() };
    assert_eq!(verdict(&never, 719_000), Verdict::Wait);
    assert!(matches!(verdict(&never, 720_000), Verdict::Failed(_)));
}

#[test]
fn an_order_that_was_refused_has_failed_and_one_that_was_lost_is_judged_by_reports() {
    let order = |state, it: Seen| Seen { order: Some((state, "told".to_owned())), ..it };
    let good = || seen(None, 4_000, "1", &[("demo", "2", 4_000)]);
    let refused = order(SubtaskState::Failed, good());
    assert_eq!(verdict(&refused, 4_000), Verdict::Failed("told".to_owned()));
    for state in [SubtaskState::Unknown, SubtaskState::Cancelled, SubtaskState::TimedOut] {
        assert_eq!(verdict(&order(state, good()), 4_000), Verdict::Seen(BEGUN + 4_000));
    }
}

#[test]
fn the_agent_itself_and_what_should_not_run_are_targets_too() {
    let wanted = target(&[(AGENT_OBJECT, Some("9")), ("old", None)]);
    let judged = |it: &Seen| judge(&spec(0, None), &wanted, it, BEGUN + 5_000);
    assert_eq!(judged(&seen(None, 4_000, "8", &[])), Verdict::Wait);
    assert_eq!(judged(&seen(None, 4_000, "9", &[("old", "1", 4_000)])), Verdict::Wait);
    assert_eq!(judged(&seen(None, 4_000, "9", &[])), Verdict::Seen(BEGUN + 4_000));
}
