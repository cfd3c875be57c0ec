//! From the model to a frame.

mod list;
mod overview;
mod page;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Paragraph};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::columns::ago;
use crate::keymap::KEYS;
use crate::msg::{Feed, Screen, View};
use crate::state::{Link, Model};
use crate::theme::Theme;

/// The smallest screen that something fits on.
const LEAST: (u16, u16) = (40, 10);
/// Data older than so many intervals is stale.
const STALE: u32 = 3;

/// Draws everything.
pub(crate) fn draw(model: &Model, theme: Theme, frame: &mut Frame<'_>) {
    let area = frame.area();
    if area.width < LEAST.0 || area.height < LEAST.1 {
        let told = format!("needs {}x{}, has {}x{}", LEAST.0, LEAST.1, area.width, area.height);
        frame.render_widget(Paragraph::new(fit(&told, area.width)), area);
        return;
    }
    let rows = [1, 1, area.height - 4, 1, 1].map(Constraint::Length);
    let [title, tabs, body, told, keys] = Layout::vertical(rows).areas(area);
    frame.render_widget(head(model, theme, title.width), title);
    frame.render_widget(views(model, theme, tabs.width), tabs);
    if model.help {
        help(theme, frame, body);
    } else {
        match &model.screen {
            Screen::View(View::Overview) => overview::draw(model, theme, frame, body),
            Screen::View(view) => list::draw(model, theme, (frame, body), *view),
            Screen::One(view, id) => page::draw(model, theme, (frame, body), (*view, id)),
        }
    }
    frame.render_widget(message(model, theme, told.width), told);
    frame.render_widget(Paragraph::new(hints(model, keys.width)), keys);
}

fn head(model: &Model, theme: Theme, width: u16) -> Paragraph<'static> {
    let name = format!(" elkctl  {}", model.place.name);
    let (protected, style) =
        if model.place.protected { (" PROTECTED", theme.bad()) } else { ("", Style::new()) };
    let clock = model.now.strftime("%H:%MZ").to_string();
    let (state, look) = freshness(model, theme);
    let right = format!("{state}  {clock} ");
    let room = usize::from(width).saturating_sub(right.width() + protected.width());
    let name = fit(&name, u16::try_from(room.min(name.width())).unwrap_or(0));
    let gap = usize::from(width).saturating_sub(name.width() + protected.width() + right.width());
    Paragraph::new(Line::from(vec![
        Span::styled(name, theme.strong()),
        Span::styled(protected, style),
        Span::raw(" ".repeat(gap)),
        Span::styled(right, look),
    ]))
}

/// Says how old what is on the screen is, and what that is worth.
fn freshness(model: &Model, theme: Theme) -> (String, Style) {
    let panels: Vec<_> = model.feeds().iter().filter_map(|it| model.panels.get(it)).collect();
    let oldest = panels.iter().filter_map(|it| it.at).min();
    let age = oldest.map_or_else(String::new, |at| format!(" {}", ago(at, model.now)));
    if model.frozen {
        return (format!("FROZEN{age}"), theme.odd());
    }
    if panels.iter().any(|it| it.refusal.as_ref().is_some_and(|it| it.away)) {
        return (format!("OFFLINE{age}"), theme.bad());
    }
    let Some(oldest) = oldest else {
        let refused = panels.iter().any(|it| it.refusal.is_some());
        return (if refused { "REFUSED" } else { "CONNECTING" }.to_owned(), theme.odd());
    };
    let old = model.now.duration_since(oldest).unsigned_abs();
    if old > model.refresh * STALE {
        return (format!("STALE{age}"), theme.odd());
    }
    match model.link {
        Link::Live => (format!("LIVE{age}"), theme.good()),
        _ => (format!("POLL{age}"), Style::new()),
    }
}

/// How much of each view's name there is room for on 80 columns.
const SHORT: [usize; 9] = [4, 6, 8, 7, 6, 6, 5, 4, 5];

fn views(model: &Model, theme: Theme, width: u16) -> Paragraph<'static> {
    let short = width < 100;
    let spans = View::ALL.iter().enumerate().map(|(at, view)| {
        let most = if short { SHORT.get(at).copied().unwrap_or(0) } else { usize::MAX };
        let mut name: String = view.as_str().chars().take(most).collect();
        if let Some(first) = name.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        let chosen = *view == model.screen.view();
        let text = if chosen {
            format!("[{} {name}]", at + 1)
        } else if width < 80 {
            format!(" {} ", at + 1)
        } else {
            format!(" {} {name}", at + 1)
        };
        Span::styled(text, if chosen { theme.chosen() } else { Style::new() })
    });
    Paragraph::new(Line::from(spans.collect::<Vec<_>>()))
}

/// The line for what somebody should know now.
fn message(model: &Model, theme: Theme, width: u16) -> Paragraph<'static> {
    let refused = model.feeds().iter().find_map(|it| model.panels.get(it)?.refusal.clone());
    let (text, style) = match (&model.flash, refused, &model.link) {
        (flash, ..) if !flash.is_empty() => (flash.clone(), theme.strong()),
        (_, Some(refusal), _) => (refusal.text, theme.bad()),
        (_, None, Link::Lost(why)) => (format!("events: {why}; trying again"), theme.odd()),
        _ => (String::new(), Style::new()),
    };
    Paragraph::new(Span::styled(fit(&format!(" {text}"), width), style))
}

fn hints(model: &Model, width: u16) -> String {
    if let Some(input) = &model.input {
        // The end is what is being typed.
        let text: Vec<char> = input.text.chars().collect();
        let room = usize::from(width).saturating_sub(4);
        let shown: String = text.iter().skip(text.len().saturating_sub(room)).collect();
        return fit(&format!(" {}{shown}_", input.sign), width);
    }
    let text = match &model.screen {
        Screen::View(View::Overview) => "? help  : cmd  1-9 tab views  z freeze  q quit",
        Screen::View(View::Agents) => {
            "? help  : cmd  / filter  f problems  s sort  enter open  C elkctl  q back"
        }
        Screen::View(View::Alerts) => "? help  : cmd  / state  f open ones  enter open  q back",
        Screen::View(_) => "? help  : cmd  enter open  C elkctl  z freeze  q back",
        Screen::One(View::Alerts, _) => "? help  enter its agent  j k scroll  C elkctl  q back",
        Screen::One(..) => "? help  j k scroll  C elkctl  ctrl-r refresh  q back",
    };
    fit(&format!(" {text}"), width)
}

fn help(theme: Theme, frame: &mut Frame<'_>, area: Rect) {
    let mut lines: Vec<(String, &str)> = Vec::new();
    for (_, _, name, action, told) in KEYS {
        // Further keys for the same stand with the first.
        if told.is_empty() {
            let first = KEYS.iter().find(|it| it.3 == action && !it.4.is_empty());
            let at = lines.iter().position(|(_, it)| first.is_some_and(|first| first.4 == *it));
            if let Some((names, _)) = at.and_then(|at| lines.get_mut(at)) {
                names.push(' ');
                names.push_str(name);
            }
        } else {
            lines.push((name.to_owned(), told));
        }
    }
    let lines: Vec<_> = lines
        .into_iter()
        .map(|(names, told)| Line::raw(fit(&format!("{names:<14}{told}"), area.width)))
        .collect();
    let block = Block::bordered().title(" Keys: any key closes this ").border_style(theme.muted());
    frame.render_widget(Paragraph::new(lines).block(block), area);
}

/// Returns a frame around something, with its title.
fn boxed(title: &str, theme: Theme) -> Block<'static> {
    Block::bordered().title(format!(" {title} ")).border_style(theme.muted())
}

/// Returns what stands where there is no answer.
fn missing(model: &Model, feed: &Feed) -> String {
    match model.panels.get(feed).and_then(|it| it.refusal.as_ref()) {
        Some(refusal) => refusal.text.clone(),
        None => "asking...".to_owned(),
    }
}

/// Cuts a text to so many cells, with a mark where it was cut.
fn fit(text: &str, width: u16) -> String {
    let width = usize::from(width);
    let clean = text.chars().filter(|it| !it.is_control());
    if text.width() <= width {
        return clean.collect();
    }
    let (mut cut, mut used) = (String::new(), 0);
    for it in clean {
        let wide = it.width().unwrap_or(0);
        if used + wide + 1 > width {
            break;
        }
        used += wide;
        cut.push(it);
    }
    if width > 0 {
        cut.push('~');
    }
    cut
}

/// The same, filled up with blanks.
fn fill(text: &str, width: u16) -> String {
    let mut text = fit(text, width);
    let missing = usize::from(width).saturating_sub(text.width());
    text.extend(std::iter::repeat_n(' ', missing));
    text
}
