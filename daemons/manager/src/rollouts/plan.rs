//! From what is asked for to the steps of a rollout and the order of its agents.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use elk_api::rollouts::{Extent, NewRollout, NewStep, Step};
use elk_model::data_type::AGENT_OBJECT;
use sea_query::{CaseStatement, Expr, ExprTrait as _, Query};
use sqlx::Row as _;

use super::judge::HEALTH_INTERVALS;
use super::spec::Spec;
use super::window::Window;
use crate::agents::filter;
use crate::agents::http::selector;
use crate::app::App;
use crate::failure::{ApiResult, internal, invalid};
use crate::profiles::http::{MAX_DETAIL, published};
use crate::selections::store as chosen;
use crate::store::{Result, Tx};

const MAX_COMPONENTS: usize = 64;
const MAX_STEPS: usize = 32;
const MAX_GROUPS: usize = 32;
const MAX_NAME: usize = 200;
const MAX_IN_FLIGHT: u32 = 10_000;
const IN_FLIGHT: u32 = 500;
const MAX_FAILED: Extent = Extent::Percent(1.0);
const DEFER_SECONDS: u32 = 604_800;
/// Longer waits are mistakes.
const MAX_SECONDS: u32 = 31 * 86_400;

pub(super) fn new_id() -> String {
    format!("ro-{}", uuid::Uuid::now_v7().simple())
}

fn refuse<T>(code: &str, detail: impl Into<String>) -> ApiResult<T> {
    Err(invalid(code, detail))
}

/// Refuses what could not be rolled out.
pub(super) async fn check(app: &App, new: &NewRollout) -> ApiResult<()> {
    if !(1..=MAX_COMPONENTS).contains(&new.changes.len()) {
        let detail = format!("changes: a rollout brings 1 to {MAX_COMPONENTS} components");
        return refuse("invalid_changes", detail);
    }
    for (name, want) in &new.changes {
        let detail = want.detail.as_deref().unwrap_or_default();
        if detail.len() > MAX_DETAIL {
            let detail = format!("changes.{name}.detail: more than {MAX_DETAIL} bytes");
            return refuse("detail_too_large", detail);
        }
        if name.as_str() == AGENT_OBJECT && want.detail.is_some() {
            let detail = format!("changes.{name}.detail: the agent itself takes none");
            return refuse("invalid_changes", detail);
        }
        published(app, name, want.version, &format!("changes.{name}.version")).await?;
    }
    numbers(new)?;
    if let Some(text) = &new.window {
        Window::parse(text).map_err(|why| invalid("invalid_window", format!("window: {why}")))?;
    }
    steps_are_sound(&new.steps)?;
    if new.groups.len() > MAX_GROUPS {
        return refuse("too_many_groups", format!("groups: more than {MAX_GROUPS}"));
    }
    for group in &new.groups {
        let length = group.name.chars().count();
        if !(1..=64).contains(&length) || group.name.chars().any(char::is_control) {
            return refuse("invalid_group", "groups: a name has 1 to 64 printable characters");
        }
        selector(app, Some(&group.selector))?;
    }
    Ok(())
}

fn numbers(new: &NewRollout) -> ApiResult<()> {
    if new.name.as_ref().is_some_and(|it| it.chars().count() > MAX_NAME) {
        return refuse("invalid_name", format!("name: more than {MAX_NAME} characters"));
    }
    if new.max_in_flight.is_some_and(|it| !(1..=MAX_IN_FLIGHT).contains(&it)) {
        let detail = format!("max_in_flight: 1 to {MAX_IN_FLIGHT} agents may be at it at a time");
        return refuse("invalid_max_in_flight", detail);
    }
    if let Some(Extent::Percent(it)) = new.max_failed
        && !(0.0..=100.0).contains(&it)
    {
        return refuse("invalid_max_failed", "max_failed: 0 to 100 percent");
    }
    let times = [
        ("soak_seconds", Some(new.soak_seconds)),
        ("health_window_seconds", Some(new.health_window_seconds)),
        ("install_timeout_seconds", new.install_timeout_seconds),
        ("defer_seconds", new.defer_seconds),
    ];
    let long = times.iter().find(|(_, it)| it.is_some_and(|it| it > MAX_SECONDS));
    if let Some((name, _)) = long {
        return refuse("invalid_time", format!("{name}: more than {MAX_SECONDS} seconds"));
    }
    if new.install_timeout_seconds == Some(0) {
        return refuse("invalid_time", "install_timeout_seconds: at least 1 second");
    }
    Ok(())
}

fn steps_are_sound(steps: &[NewStep]) -> ApiResult<()> {
    if steps.len() > MAX_STEPS {
        return refuse("too_many_steps", format!("steps: more than {MAX_STEPS}"));
    }
    for step in steps {
        match step.extent {
            Extent::Count(0) => return refuse("invalid_step", "steps: a step of no agents"),
            Extent::Percent(it) if !(it > 0.0 && it <= 100.0) => {
                return refuse("invalid_step", "steps: above 0 and at most 100 percent");
            }
            _ => {}
        }
    }
    let shrinks = |(a, b): (&NewStep, &NewStep)| match (a.extent, b.extent) {
        (Extent::Count(a), Extent::Count(b)) => b < a,
        (Extent::Percent(a), Extent::Percent(b)) => b < a,
        _ => false,
    };
    if steps.iter().zip(steps.iter().skip(1)).any(shrinks) {
        return refuse("invalid_step", "steps: one is smaller than the one before");
    }
    Ok(())
}

/// Returns what never changes of the rollout; `sizes` are those of the groups, in their order, with
/// the agents of none last.
pub(super) fn spec(new: &NewRollout, sizes: &[u64], notices: Vec<String>, now_ms: i64) -> Spec {
    let ms = |seconds: u32| i64::from(seconds) * 1_000;
    let until = now_ms.saturating_add(ms(new.defer_seconds.unwrap_or(DEFER_SECONDS)));
    Spec {
        steps: steps(new, sizes),
        soak_ms: ms(new.soak_seconds),
        health_ms: ms(new.health_window_seconds),
        install_ms: new.install_timeout_seconds.map(ms),
        in_flight: u64::from(new.max_in_flight.unwrap_or(IN_FLIGHT)),
        max_failed: new.max_failed.unwrap_or(MAX_FAILED),
        on_failure: new.on_failure,
        offline: new.offline,
        deferred_until_ms: until,
        allow_downgrade: new.allow_downgrade,
        window: new.window.clone(),
        notices,
    }
}

/// Each group takes all the steps; a step that reaches nobody new is left out.
fn steps(new: &NewRollout, sizes: &[u64]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut before = 0;
    for (number, size) in sizes.iter().enumerate() {
        let group = new.groups.get(number).map(|it| it.name.as_str());
        let group = group.or((!new.groups.is_empty()).then_some("others"));
        let label = |text: String| match group {
            Some(group) => format!("{group} {text}"),
            None => text,
        };
        let mut reached = 0;
        for step in &new.steps {
            let target = step.extent.up(*size);
            // The last one is called what it is: all of them.
            let whole = matches!(step.extent, Extent::Percent(it) if it >= 100.0);
            if target <= reached || (target == *size && !whole) {
                continue;
            }
            reached = target;
            let text = label(said(step.extent));
            steps.push(Step { label: text, target: before + target, manual: step.manual });
        }
        if reached < *size {
            let target = before + size;
            steps.push(Step { label: label("100%".to_owned()), target, manual: false });
        }
        before += size;
    }
    if steps.is_empty() {
        steps.push(Step { label: "100%".to_owned(), target: 0, manual: false });
    }
    steps
}

fn said(extent: Extent) -> String {
    match extent {
        Extent::Count(count) => count.to_string(),
        Extent::Percent(percent) => format!("{percent}%"),
    }
}

/// Returns the agents of the selection in the order of their turn, and how many each group has:
/// those that are online come first, and else it is left to chance.
pub(super) async fn order(
    app: &App,
    tx: &mut Tx,
    (id, new): (&str, &NewRollout),
    now_ms: i64,
) -> ApiResult<(Vec<String>, Vec<u64>)> {
    let mut case = CaseStatement::new();
    for (number, group) in (0_i64..).zip(&new.groups) {
        let read = selector(app, Some(&group.selector))?;
        case = case.case(filter::condition(&read, now_ms), number);
    }
    let last = i64::try_from(new.groups.len()).unwrap_or(i64::MAX);
    let group = if new.groups.is_empty() { Expr::val(last) } else { case.finally(last).into() };
    let select = Query::select()
        .column("id")
        .expr_as(group, "part")
        .expr_as(Expr::col("offline_ms").lte(now_ms), "offline")
        .from("agents")
        .and_where(Expr::col("id").in_subquery(chosen::members(&new.selection)))
        .to_owned();
    let rows = tx.rows(&select).await.map_err(internal)?;
    let read = || -> Result<Vec<(i64, i64, u64, String)>> {
        let one = |row: &sqlx::sqlite::SqliteRow| {
            let agent: String = row.try_get("id")?;
            let mut hasher = DefaultHasher::new();
            (id, &agent).hash(&mut hasher);
            Ok((row.try_get("part")?, row.try_get("offline")?, hasher.finish(), agent))
        };
        rows.iter().map(one).collect()
    };
    let mut found = read().map_err(internal)?;
    found.sort_unstable();
    let size = |part: i64| found.iter().filter(|it| it.0 == part).count() as u64;
    let sizes = (0..=last).map(size).collect();
    Ok((found.into_iter().map(|it| it.3).collect(), sizes))
}

/// Tells of agents whose heartbeats are too rare for the health window.
pub(super) async fn notices(tx: &mut Tx, new: &NewRollout) -> Result<Vec<String>> {
    let window = i64::from(new.health_window_seconds) * 1_000;
    let select = Query::select()
        .expr_as(Expr::cust("COUNT(*)"), "n")
        .expr_as(Expr::cust("COALESCE(MAX(interval_ms), 0)"), "longest")
        .from("agents")
        .and_where(Expr::col("id").in_subquery(chosen::members(&new.selection)))
        .and_where(Expr::cust_with_exprs(
            "interval_ms * ? > ?",
            [Expr::val(HEALTH_INTERVALS), Expr::val(window)],
        ))
        .to_owned();
    let Some(row) = tx.row(&select).await? else { return Ok(Vec::new()) };
    let (count, longest): (i64, i64) = (row.try_get("n")?, row.try_get("longest")?);
    if count == 0 {
        return Ok(Vec::new());
    }
    let seconds = longest * HEALTH_INTERVALS / 1_000;
    Ok(vec![format!(
        "the health window is raised to two heartbeat intervals of each agent: for {count} agents, \
         up to {seconds} s"
    )])
}

#[cfg(test)]
mod tests {
    use super::*;
    use elk_api::rollouts::NewGroup;

    fn asked(steps: &[(Extent, bool)], groups: &[&str]) -> NewRollout {
        let steps =
            steps.iter().map(|(extent, manual)| NewStep { extent: *extent, manual: *manual });
        let group = |name: &&str| NewGroup { name: (*name).to_owned(), selector: String::new() };
        let json = serde_json::json!({ "selection": "s", "changes": {} });
        let new: NewRollout = serde_json::from_value(json).unwrap();
        NewRollout { steps: steps.collect(), groups: groups.iter().map(group).collect(), ..new }
    }

    fn told(new: &NewRollout, sizes: &[u64]) -> Vec<(String, u64)> {
        steps(new, sizes).into_iter().map(|it| (it.label, it.target)).collect()
    }

    #[test]
    fn steps_grow_to_all_agents_of_each_group() {
        use Extent::{Count, Percent};
        let new = asked(&[(Count(4), false), (Percent(25.0), false)], &[]);
        let to = |list: &[(&str, u64)]| {
            list.iter().map(|(a, b)| ((*a).to_owned(), *b)).collect::<Vec<_>>()
        };
        assert_eq!(told(&new, &[40]), to(&[("4", 4), ("25%", 10), ("100%", 40)]));
        // A canary of all there is would be no canary.
        assert_eq!(told(&new, &[3]), to(&[("25%", 1), ("100%", 3)]));
        assert_eq!(told(&new, &[0]), to(&[("100%", 0)]));
        assert_eq!(told(&asked(&[], &[]), &[7]), to(&[("100%", 7)]));
        let new = asked(&[(Count(1), false), (Percent(100.0), true)], &["dev", "prod"]);
        assert_eq!(
            told(&new, &[2, 3, 0]),
            to(&[("dev 1", 1), ("dev 100%", 2), ("prod 1", 3), ("prod 100%", 5)])
        );
    }

    #[test]
    fn steps_that_shrink_or_reach_nobody_are_refused() {
        use Extent::{Count, Percent};
        for steps in [
            vec![Count(0)],
            vec![Percent(0.0)],
            vec![Percent(101.0)],
            vec![Percent(f64::NAN)],
            vec![Count(5), Count(4)],
            vec![Percent(50.0), Percent(5.0)],
            vec![Count(1); 33],
        ] {
            let steps: Vec<_> =
                steps.into_iter().map(|extent| NewStep { extent, manual: false }).collect();
            assert!(steps_are_sound(&steps).is_err(), "{steps:?}");
        }
        let steps = [Count(50), Percent(5.0), Percent(5.0), Percent(100.0)];
        let steps = steps.map(|extent| NewStep { extent, manual: false });
        assert!(steps_are_sound(&steps).is_ok());
    }
}
