//! Lists: only the rows that fit are laid out.

use jiff::Timestamp;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use serde_json::Value;
use unicode_width::UnicodeWidthStr as _;

use super::{boxed, fill, fit, missing};
use crate::columns::{self, Column, at, field, grouped};
use crate::msg::{Answer, Feed, View};
use crate::state::Model;
use crate::theme::Theme;

/// No column but the last is wider.
const WIDEST: usize = 40;

pub(super) fn draw(model: &Model, theme: Theme, (frame, area): (&mut Frame<'_>, Rect), view: View) {
    let feed = Feed::List(view);
    let Some(answer) = model.panels.get(&feed).and_then(|it| it.answer.as_ref()) else {
        frame.render_widget(Paragraph::new(fit(&missing(model, &feed), area.width)), area);
        return;
    };
    let area = if view == View::Cluster { around(answer, theme, (frame, area)) } else { area };
    let room = usize::from(area.height).saturating_sub(2);
    let list = model.lists.get(&view);
    let row = list.map_or(0, |it| it.row);
    let first = (row + 1).saturating_sub(room);
    let shown: Vec<&Value> = answer.items.iter().skip(first).take(room).collect();
    let mut lines = vec![top(model, theme, (view, answer), (first, shown.len()), area.width)];
    let (head, cells) = fitted(columns::columns(view), &shown, model.now, area.width);
    lines.push(Line::styled(head, theme.strong()));
    for (index, cells) in cells.into_iter().enumerate() {
        let chosen = first + index == row;
        let mark = if chosen { "> " } else { "  " };
        let mut spans = vec![Span::raw(mark)];
        spans.extend(cells.into_iter().map(|cell| {
            let look = theme.state(cell.trim());
            Span::styled(cell, look)
        }));
        let look = if chosen { theme.chosen() } else { Style::new() };
        lines.push(Line::from(spans).style(look));
    }
    if shown.is_empty() {
        lines.push(Line::styled("  nothing here", theme.muted()));
    }
    frame.render_widget(Paragraph::new(lines), area);
}

fn top(
    model: &Model,
    theme: Theme,
    (view, answer): (View, &Answer),
    (first, shown): (usize, usize),
    width: u16,
) -> Line<'static> {
    let mut text = String::new();
    if let Some(list) = model.lists.get(&view) {
        if !list.filter.is_empty() {
            text.push_str(&format!(" filter: {}", list.filter));
        }
        if let Some(sort) = list.sort {
            text.push_str(&format!("  sort: {sort} {}", if list.reverse { "v" } else { "^" }));
        }
        if list.page() > 0 {
            text.push_str(&format!("  page {}", list.page() + 1));
        }
    }
    if view == View::Config {
        let profile = &answer.whole;
        let (name, revision) = (field(profile, "name"), field(profile, "revision"));
        text.push_str(&format!(
            " profile {name} revision {revision}, agent {}",
            field(profile, "agent_version")
        ));
    }
    let sign = if answer.estimate { "~" } else { "" };
    let of = answer.total.map_or_else(String::new, |it| format!(" of {sign}{}", grouped(it)));
    let rows = if shown == 0 { "0".to_owned() } else { format!("{}-{}", first + 1, first + shown) };
    let right = format!("rows {rows}{of} ");
    let left = width.saturating_sub(u16::try_from(right.width()).unwrap_or(u16::MAX));
    Line::styled(fit(&format!("{}{right}", fill(&text, left)), width), theme.muted())
}

/// Lays rows out: as many columns as fit, the last one as wide as there is room.
fn fitted(
    columns: &[Column],
    items: &[&Value],
    now: Timestamp,
    width: u16,
) -> (String, Vec<Vec<String>>) {
    let mut left = usize::from(width).saturating_sub(2);
    let mut taken: Vec<(usize, Vec<String>)> = Vec::new();
    for column in columns {
        let cells: Vec<String> = items.iter().map(|it| (column.cell)(it, now)).collect();
        let widest = cells.iter().map(|it| it.width()).max().unwrap_or(0);
        let wanted = widest.clamp(column.head.width(), WIDEST.max(column.head.width()));
        if !taken.is_empty() && wanted + 2 > left && left < 12 {
            break;
        }
        let wide = wanted.min(left);
        left = left.saturating_sub(wide + 2);
        taken.push((wide, cells));
    }
    if let Some((last, _)) = taken.last_mut() {
        *last += left;
    }
    let wide =
        |at: usize| taken.get(at).map_or(0, |(wide, _)| u16::try_from(*wide).unwrap_or(u16::MAX));
    let heads = columns.iter().take(taken.len()).enumerate();
    let head = heads.map(|(at, it)| fill(it.head, wide(at)) + "  ").collect::<String>();
    let row = |row: usize| {
        let cells = taken.iter().enumerate();
        let cell = |at: usize, cells: &[String]| {
            fill(cells.get(row).map_or("", String::as_str), wide(at)) + "  "
        };
        cells.map(|(at, (_, cells))| cell(at, cells)).collect()
    };
    let rows = (0..items.len()).map(row).collect();
    (fit(&format!("  {head}"), width), rows)
}

/// Draws what surrounds the AgentCenters, and returns where they go.
fn around(answer: &Answer, theme: Theme, (frame, area): (&mut Frame<'_>, Rect)) -> Rect {
    let status = &answer.whole;
    let items =
        |name: &str| status.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let problems: Vec<String> = items("problems").iter().map(columns::text).collect();
    let wanted = u16::try_from(problems.len()).unwrap_or(u16::MAX).clamp(1, 4) + 2;
    let sd = items("sd");
    let nodes = u16::try_from(sd.len()).unwrap_or(u16::MAX).clamp(1, 4) + 4;
    let heights = [Constraint::Min(4), Constraint::Max(nodes), Constraint::Max(wanted)];
    let [list, services, trouble] = Layout::vertical(heights).areas(area);
    let mut lines = vec![Line::raw(format!(
        "Manager v{}   {} agents   database {} ms   refused {}",
        at(status, "/manager/version"),
        at(status, "/manager/agents"),
        at(status, "/manager/database_ms").chars().take(5).collect::<String>(),
        at(status, "/manager/refused_requests"),
    ))];
    lines.push(Line::raw(format!(
        "Bus {}   {} records   {} shed   {}",
        at(status, "/bus/kind"),
        at(status, "/bus/records"),
        at(status, "/bus/shed"),
        at(status, "/bus/error"),
    )));
    for node in &sd {
        let up = node.get("up").and_then(Value::as_bool).unwrap_or(false);
        let (word, look) = if up { ("up", theme.good()) } else { ("DOWN", theme.bad()) };
        lines.push(Line::from(vec![
            Span::raw(format!("ServiceDiscovery {}  ", field(node, "address"))),
            Span::styled(word, look),
        ]));
    }
    frame.render_widget(Paragraph::new(lines).block(boxed("Services", theme)), services);
    let (title, lines) = if problems.is_empty() {
        ("Problems 0".to_owned(), vec![Line::styled("none", theme.good())])
    } else {
        let lines = problems.iter().map(|it| Line::styled(it.clone(), theme.bad()));
        (format!("Problems {}", problems.len()), lines.collect())
    };
    frame.render_widget(Paragraph::new(lines).block(boxed(&title, theme)), trouble);
    list
}
