//! All at a glance.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use serde_json::Value;

use super::page::gauge;
use super::{boxed, fill, fit, missing};
use crate::columns::{age, at, changes, field, grouped, step, text};
use crate::msg::{Answer, Feed, View};
use crate::state::Model;
use crate::theme::Theme;

/// Events have a place of their own on screens of this height.
const TALL: u16 = 30;

pub(super) fn draw(model: &Model, theme: Theme, frame: &mut Frame<'_>, area: Rect) {
    let events = if area.height >= TALL { area.height / 3 } else { 0 };
    let rows =
        [Constraint::Fill(5), Constraint::Fill(4), Constraint::Fill(5), Constraint::Length(events)];
    let [first, cluster, alerts, below] = Layout::vertical(rows).areas(area);
    let (fleet, rollouts) = if area.width >= 70 {
        let halves = [Constraint::Fill(1), Constraint::Fill(1)];
        let [left, right] = Layout::horizontal(halves).areas(first);
        (left, Some(right))
    } else {
        (first, None)
    };
    panel(model, theme, (frame, fleet), &Feed::Fleet, fleet_lines);
    if let Some(rollouts) = rollouts {
        panel(model, theme, (frame, rollouts), &Feed::List(View::Rollouts), rollout_lines);
    }
    panel(model, theme, (frame, cluster), &Feed::List(View::Cluster), cluster_lines);
    panel(model, theme, (frame, alerts), &Feed::List(View::Alerts), alert_lines);
    if events > 0 {
        panel(model, theme, (frame, below), &Feed::List(View::Events), event_lines);
    }
}

/// What a panel shows: its title and lines.
type Shown = (String, Vec<Line<'static>>);

/// What a panel may need of the model.
struct Look<'a> {
    model: &'a Model,
    theme: Theme,
    width: u16,
}

fn panel(
    model: &Model,
    theme: Theme,
    (frame, area): (&mut Frame<'_>, Rect),
    feed: &Feed,
    lines: fn(&Look<'_>, &Answer) -> Shown,
) {
    let width = area.width.saturating_sub(2);
    let (title, lines) = match model.panels.get(feed).and_then(|it| it.answer.as_ref()) {
        Some(answer) => lines(&Look { model, theme, width }, answer),
        None => (name(feed).to_owned(), vec![Line::raw(fit(&missing(model, feed), width))]),
    };
    frame.render_widget(Paragraph::new(lines).block(boxed(&title, theme)), area);
}

fn name(feed: &Feed) -> &'static str {
    match feed {
        Feed::Fleet => "Fleet",
        Feed::List(view) | Feed::One(view, _) => match view {
            View::Rollouts => "Rollouts",
            View::Cluster => "Cluster",
            View::Alerts => "Alerts",
            _ => "Events",
        },
    }
}

fn groups(answer: &Answer, of: &str) -> Vec<(String, u64)> {
    let groups = answer.whole.get(of).and_then(Value::as_array);
    let group =
        |it: &Value| (field(it, "key"), it.get("count").and_then(Value::as_u64).unwrap_or(0));
    groups.map(|it| it.iter().map(group).collect()).unwrap_or_default()
}

#[expect(clippy::cast_precision_loss, reason = "a share is shown to two places")]
fn share(count: u64, total: u64) -> f64 {
    if total == 0 { 0.0 } else { count as f64 * 100.0 / total as f64 }
}

fn fleet_lines(look: &Look<'_>, answer: &Answer) -> Shown {
    let total = answer.whole.get("total").and_then(Value::as_u64).unwrap_or(0);
    let mut lines: Vec<_> = groups(answer, "status")
        .into_iter()
        .map(|(word, count)| {
            let style = look.theme.state(&word);
            let rest = format!("{:>11}  {:6.2}%", grouped(count), share(count, total));
            Line::from(vec![Span::styled(fill(&word, 10), style), Span::raw(rest)])
        })
        .collect();
    let versions = groups(answer, "versions").into_iter().take(3);
    let versions = versions.map(|(it, count)| format!("{it} {:.1}%", share(count, total)));
    let versions = versions.collect::<Vec<_>>().join(" | ");
    lines.push(Line::raw(fit(&format!("versions  {versions}"), look.width)));
    (format!("Fleet {}", grouped(total)), lines)
}

fn rollout_lines(look: &Look<'_>, answer: &Answer) -> Shown {
    let active = |it: &&Value| !matches!(&*field(it, "phase"), "completed" | "aborted" | "undone");
    let count = answer.items.iter().filter(active).count();
    let mut lines = Vec::new();
    // Those under way first.
    let ended = answer.items.iter().filter(|it| !active(it));
    for it in answer.items.iter().filter(active).chain(ended).take(4) {
        let phase = field(it, "phase");
        let head = format!("{}  {}", field(it, "id"), changes(it));
        lines.push(Line::raw(fit(&head, look.width)));
        lines.push(Line::from(vec![
            Span::styled(phase.clone(), look.theme.state(&phase)),
            Span::raw(format!(" step {}  failed {}", step(it), at(it, "/counts/failed"))),
        ]));
        lines.push(Line::raw(gauge(it, look.width)));
    }
    if lines.is_empty() {
        lines.push(Line::styled("none yet", look.theme.muted()));
    }
    (format!("Rollouts {count} active"), lines)
}

fn cluster_lines(look: &Look<'_>, answer: &Answer) -> Shown {
    let status = &answer.whole;
    let list = |name: &str| status.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let (sd, ac, problems) = (list("sd"), list("ac"), list("problems"));
    let is = |it: &Value, name: &str| it.get(name).and_then(Value::as_bool).unwrap_or(false);
    let up = sd.iter().filter(|it| is(it, "up")).count();
    let reached = ac.iter().filter(|it| is(it, "reachable")).count();
    let streams: u64 =
        ac.iter().filter_map(|it| it.get("connections").and_then(Value::as_u64)).sum();
    let counts = format!(
        "SD {up}/{}   AC {reached}/{}   {} connections   bus {}   shed {}",
        sd.len(),
        ac.len(),
        grouped(streams),
        at(status, "/bus/kind"),
        at(status, "/bus/shed"),
    );
    let mut lines = vec![Line::raw(fit(&counts, look.width))];
    for problem in &problems {
        let told = fit(&format!("! {}", text(problem)), look.width);
        lines.push(Line::styled(told, look.theme.bad()));
    }
    if problems.is_empty() {
        lines.push(Line::styled("no problems", look.theme.good()));
    }
    (format!("Cluster v{}", at(status, "/manager/version")), lines)
}

fn alert_lines(look: &Look<'_>, answer: &Answer) -> Shown {
    let open = |it: &&Value| field(it, "state") == "open";
    let count = answer.items.iter().filter(open).count();
    let more = if answer.next.is_some() { "+" } else { "" };
    let now = look.model.now;
    let mut lines: Vec<_> = answer
        .items
        .iter()
        .filter(open)
        .take(20)
        .map(|it| {
            let severity = field(it, "severity");
            let rest = format!(" {}  {}", field(it, "kind"), field(it, "title"));
            Line::from(vec![
                Span::raw(fill(&age(it, "last_at", now), 6)),
                Span::styled(fill(&severity, 8), look.theme.state(&severity)),
                Span::raw(fit(&rest, look.width.saturating_sub(14))),
            ])
        })
        .collect();
    if lines.is_empty() {
        lines.push(Line::styled("none", look.theme.good()));
    }
    (format!("Open alerts {count}{more}"), lines)
}

fn event_lines(look: &Look<'_>, answer: &Answer) -> Shown {
    let now = look.model.now;
    let lines = answer.items.iter().take(40).map(|it| {
        let head = fill(&age(it, "at", now), 6);
        let rest =
            format!("{}  {}  {}", field(it, "action"), field(it, "object"), field(it, "detail"));
        Line::raw(fit(&format!("{head}{rest}"), look.width))
    });
    ("Events".to_owned(), lines.collect())
}
