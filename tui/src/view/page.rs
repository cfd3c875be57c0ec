//! One object, all of it.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use serde_json::Value;

use super::{boxed, fill, fit, missing};
use crate::columns::{at, changes, field, step, text};
use crate::msg::{Feed, View};
use crate::state::{Model, has_page};
use crate::theme::Theme;

/// Names of fields are not wider.
const NAMES: u16 = 26;

pub(super) fn draw(
    model: &Model,
    theme: Theme,
    (frame, area): (&mut Frame<'_>, Rect),
    (view, id): (View, &str),
) {
    let feed = if has_page(view) { Feed::One(view, id.to_owned()) } else { Feed::List(view) };
    let answer = model.panels.get(&feed).and_then(|it| it.answer.as_ref());
    let object = match answer {
        Some(answer) if has_page(view) => Some(&answer.whole),
        Some(_) => model.item(view, id),
        None => None,
    };
    let width = area.width.saturating_sub(2);
    let lines = match (object, answer) {
        (Some(object), _) => {
            let mut lines =
                if view == View::Rollouts { rollout(object, theme, width) } else { Vec::new() };
            fields(object, 0, theme, &mut lines);
            lines
        }
        (None, Some(_)) => vec![Line::raw("it is not in the list any more")],
        (None, None) => vec![Line::raw(fit(&missing(model, &feed), width))],
    };
    // The last line stays in sight.
    let most = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_sub(1);
    let title = fit(&format!("{} > {id}", view.as_str()), width.saturating_sub(2));
    let page =
        Paragraph::new(lines).block(boxed(&title, theme)).scroll((model.scroll.min(most), 0));
    frame.render_widget(page, area);
}

/// How far a rollout is, first.
fn rollout(object: &Value, theme: Theme, width: u16) -> Vec<Line<'static>> {
    let phase = field(object, "phase");
    let mut lines = vec![
        Line::from(vec![
            Span::raw(format!("{}  ", changes(object))),
            Span::styled(phase.clone(), theme.state(&phase)),
            Span::raw(format!("  step {}", step(object))),
        ]),
        Line::raw(gauge(object, width)),
    ];
    let counts =
        ["pending", "deferred", "installing", "verifying", "done", "failed", "skipped", "reverted"];
    let shown = counts.map(|it| format!("{it} {}", at(object, &format!("/counts/{it}"))));
    lines.push(Line::raw(fit(&shown.join("  "), width)));
    lines.push(Line::raw(""));
    lines
}

/// Draws how many of its agents a rollout is done with.
pub(super) fn gauge(rollout: &Value, width: u16) -> String {
    let number = |at: &str| rollout.pointer(at).and_then(Value::as_u64).unwrap_or(0);
    let (done, targets) = (number("/counts/done"), number("/targets").max(1));
    let room = u64::from(width.saturating_sub(8)).min(60);
    let full = usize::try_from(done.min(targets).saturating_mul(room) / targets).unwrap_or(0);
    let empty = usize::try_from(room).unwrap_or(0).saturating_sub(full);
    let percent = done.min(targets).saturating_mul(100) / targets;
    format!("[{}{}] {percent:>3}%", "#".repeat(full), ".".repeat(empty))
}

/// Writes an object down, a field a line.
fn fields(object: &Value, depth: u16, theme: Theme, lines: &mut Vec<Line<'static>>) {
    let Some(object) = object.as_object() else { return };
    let indent = "  ".repeat(usize::from(depth));
    for (name, value) in object {
        let head = fill(&format!("{indent}{name}"), NAMES);
        match value {
            Value::Object(inner) if !inner.is_empty() && depth < 4 => {
                lines.push(Line::styled(head, theme.strong()));
                fields(value, depth + 1, theme, lines);
            }
            Value::Array(items) if items.iter().any(Value::is_object) => {
                lines.push(Line::styled(head, theme.strong()));
                let items = items.iter().map(|it| Line::raw(format!("{indent}  - {}", text(it))));
                lines.extend(items);
            }
            // Of a text with several lines each has its own.
            Value::String(long) if long.contains('\n') => {
                lines.push(Line::styled(head, theme.strong()));
                lines.extend(long.lines().map(|it| Line::raw(format!("{indent}  {it}"))));
            }
            value => {
                let shown = text(value);
                let look = theme.state(&shown);
                lines.push(Line::from(vec![
                    Span::styled(head, theme.strong()),
                    Span::raw(" "),
                    Span::styled(shown, look),
                ]));
            }
        }
    }
}
