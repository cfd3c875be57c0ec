//! What is shown, and how it changes: no clock, no socket, no terminal.

mod command;
mod list;

use std::collections::BTreeMap;
use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use elk_api::alerts::AlertState;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::columns;
use crate::keymap::{self, Action};
use crate::msg::{Answer, Cmd, Feed, Live, Msg, Query, Refusal, Screen, View};

pub(crate) use list::List;

/// Events that are kept.
const MAX_EVENTS: usize = 2_000;
/// How far back one can go.
const MAX_BACK: usize = 20;
/// The longest line that can be typed.
const MAX_INPUT: usize = 512;
/// Lists are asked for again at once when something happens, but not more often.
const HURRY: SignedDuration = SignedDuration::from_secs(1);

/// Where this is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// The context's name, or the server's address.
    pub name: String,
    /// The context is protected.
    pub protected: bool,
}

/// What was answered to a feed, and how old that is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Panel {
    pub(crate) answer: Option<Answer>,
    /// When it was answered.
    pub(crate) at: Option<Timestamp>,
    /// Why the last attempt failed.
    pub(crate) refusal: Option<Refusal>,
    /// The request that is under way, and when it was made.
    asked: Option<u64>,
    tried: Option<Timestamp>,
}

/// A line that is being typed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Input {
    /// `/` or `:`.
    pub(crate) sign: char,
    pub(crate) text: String,
}

/// The stream of events.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Link {
    Connecting,
    Live,
    Lost(String),
}

/// Everything.
#[derive(Clone, Debug)]
pub(crate) struct Model {
    pub(crate) place: Place,
    pub(crate) now: Timestamp,
    pub(crate) size: (u16, u16),
    pub(crate) screen: Screen,
    back: Vec<Screen>,
    /// The view before.
    before: View,
    pub(crate) panels: BTreeMap<Feed, Panel>,
    pub(crate) lists: BTreeMap<View, List>,
    /// The first line shown of an object.
    pub(crate) scroll: u16,
    pub(crate) input: Option<Input>,
    pub(crate) help: bool,
    pub(crate) frozen: bool,
    pub(crate) flash: String,
    pub(crate) link: Link,
    pub(crate) refresh: Duration,
    /// Something happened since the last look.
    hurry: bool,
    /// The events shown are not all there were: they have to be asked for.
    gapped: bool,
    generation: u64,
}

impl Model {
    pub(crate) fn new(place: Place, screen: Screen, refresh: Duration, now: Timestamp) -> Self {
        Self {
            place,
            now,
            size: (80, 24),
            before: screen.view(),
            screen,
            back: Vec::new(),
            panels: BTreeMap::new(),
            lists: BTreeMap::new(),
            scroll: 0,
            input: None,
            help: false,
            frozen: false,
            flash: String::new(),
            link: Link::Connecting,
            refresh,
            hurry: false,
            gapped: true,
            generation: 0,
        }
    }

    /// Returns the feeds of what is on the screen.
    pub(crate) fn feeds(&self) -> Vec<Feed> {
        let list = Feed::List;
        match &self.screen {
            Screen::View(View::Overview) => {
                let views = [View::Rollouts, View::Cluster, View::Alerts, View::Events];
                std::iter::once(Feed::Fleet).chain(views.map(list)).collect()
            }
            Screen::One(view, id) if has_page(*view) => vec![Feed::One(*view, id.clone())],
            Screen::View(view) | Screen::One(view, _) => vec![list(*view)],
        }
    }

    /// Asks for what is on the screen, unless that is under way.
    pub(crate) fn ask(&mut self) -> Vec<Cmd> {
        let feeds = self.feeds().into_iter();
        let mut asked = Vec::new();
        for feed in feeds {
            let query = self.query(&feed);
            let streamed = feed == Feed::List(View::Events) && self.streams_events();
            let panel = self.panels.entry(feed.clone()).or_default();
            if streamed {
                (panel.at, panel.tried) = (Some(self.now), Some(self.now));
                continue;
            }
            if panel.asked.is_none() {
                self.generation += 1;
                panel.asked = Some(self.generation);
                panel.tried = Some(self.now);
                asked.push(Cmd::Fetch(feed, self.generation, query));
            }
        }
        asked
    }

    /// Returns whether the stream brings every event that is to be shown: the server is not asked for
    /// what it has told.
    fn streams_events(&self) -> bool {
        self.link == Link::Live && !self.gapped && self.event_filter().is_empty()
    }

    fn event_filter(&self) -> &str {
        self.lists.get(&View::Events).map_or("", |it| &it.filter)
    }

    /// Asks anew, also if an answer is under way that nobody wants any more.
    fn ask_again(&mut self) -> Vec<Cmd> {
        for feed in self.feeds() {
            self.panels.entry(feed).or_default().asked = None;
        }
        self.ask()
    }

    fn query(&self, feed: &Feed) -> Query {
        match feed {
            // The overview shows what there is, whatever a view is filtered by.
            Feed::List(view) if self.screen.view() == *view => {
                self.lists.get(view).map(|it| it.query(*view)).unwrap_or_default()
            }
            _ => Query::default(),
        }
    }

    /// Takes what happened and returns what to do.
    pub(crate) fn update(&mut self, msg: Msg) -> Vec<Cmd> {
        match msg {
            Msg::Key(key) => self.key(&key),
            Msg::Paste(text) => {
                text.chars().for_each(|it| self.typed(it));
                Vec::new()
            }
            Msg::Resize(width, height) => {
                self.size = (width, height);
                vec![Cmd::Clear]
            }
            Msg::Tick(now) => self.tick(now),
            Msg::Data(feed, generation, answered) => {
                self.answered(&feed, generation, answered);
                Vec::new()
            }
            Msg::Live(live) => {
                self.told(live);
                Vec::new()
            }
        }
    }

    fn tick(&mut self, now: Timestamp) -> Vec<Cmd> {
        self.now = now;
        let refresh = SignedDuration::try_from(self.refresh).unwrap_or(HURRY);
        let after = if self.hurry { HURRY.min(refresh) } else { refresh };
        let tried = self.feeds().iter().filter_map(|it| self.panels.get(it)?.tried).min();
        let due = tried.is_none_or(|tried| now.duration_since(tried) >= after || now < tried);
        if self.frozen || !due {
            return Vec::new();
        }
        self.hurry = false;
        self.ask()
    }

    fn answered(&mut self, feed: &Feed, generation: u64, answered: Result<Answer, Refusal>) {
        let Some(panel) = self.panels.get_mut(feed) else { return };
        if panel.asked != Some(generation) {
            return;
        }
        panel.asked = None;
        match answered {
            Ok(answer) => {
                if let Feed::List(view) = feed {
                    if *view == View::Events {
                        self.gapped = false;
                    }
                    self.lists.entry(*view).or_default().settle(*view, &answer);
                }
                (panel.at, panel.refusal) = (Some(self.now), None);
                panel.answer = Some(answer);
            }
            Err(refusal) => panel.refusal = Some(refusal),
        }
    }

    fn told(&mut self, live: Live) {
        match live {
            Live::Open => self.link = Link::Live,
            Live::Lost(why) => self.link = Link::Lost(why),
            Live::Gap => {
                self.gapped = true;
                "some events may have been missed".clone_into(&mut self.flash);
            }
            Live::Event(event) => {
                self.hurry = true;
                if self.frozen || !self.event_filter().is_empty() {
                    self.gapped = true;
                    return;
                }
                let panel = self.panels.get_mut(&Feed::List(View::Events));
                if let Some(answer) = panel.and_then(|it| it.answer.as_mut()) {
                    answer.items.insert(0, event);
                    answer.items.truncate(MAX_EVENTS);
                    self.lists.entry(View::Events).or_default().shift(View::Events, answer);
                }
            }
        }
    }

    fn key(&mut self, key: &KeyEvent) -> Vec<Cmd> {
        self.flash.clear();
        if is_end(key) {
            return vec![Cmd::Quit];
        }
        if self.input.is_some() {
            return self.type_key(key);
        }
        let Some(action) = keymap::action(key) else { return Vec::new() };
        if self.help {
            self.help = false;
            if !matches!(action, Action::Quit | Action::Suspend) {
                return Vec::new();
            }
        }
        self.act(action)
    }

    fn act(&mut self, action: Action) -> Vec<Cmd> {
        match action {
            Action::Go(view) => return self.go(Screen::View(view)),
            Action::NextView => {
                let at = View::ALL.iter().position(|it| *it == self.screen.view()).unwrap_or(0);
                let next = View::ALL.get((at + 1) % View::ALL.len()).copied();
                return self.go(Screen::View(next.unwrap_or(View::Overview)));
            }
            Action::LastView => return self.go(Screen::View(self.before)),
            Action::Back => return self.back(),
            Action::Quit => return vec![Cmd::Quit],
            Action::Suspend => return vec![Cmd::Suspend, Cmd::Clear],
            Action::Clear => return vec![Cmd::Clear],
            Action::Refresh => return self.ask_again(),
            Action::Open => return self.open(),
            Action::Down => return self.walk(1),
            Action::Up => return self.walk(-1),
            Action::PageDown => return self.walk(self.rows()),
            Action::PageUp => return self.walk(-self.rows()),
            Action::First => return self.walk(isize::MIN),
            Action::Last => return self.walk(isize::MAX),
            Action::Sort | Action::Reverse | Action::Problems => return self.arrange(action),
            Action::Filter => {
                let view = self.screen.view();
                if matches!(view, View::Agents | View::Alerts | View::Events | View::Audit) {
                    let text = self.list(view).filter.clone();
                    self.input = Some(Input { sign: '/', text });
                } else {
                    "nothing is filtered here".clone_into(&mut self.flash);
                }
            }
            Action::Command => self.input = Some(Input { sign: ':', text: String::new() }),
            Action::Help => self.help = true,
            Action::Freeze => self.frozen = !self.frozen,
            Action::Elkctl => self.flash = command::elkctl(&self.screen, self.chosen().as_deref()),
        }
        Vec::new()
    }

    /// Shows another screen, and remembers this one.
    pub(crate) fn go(&mut self, screen: Screen) -> Vec<Cmd> {
        if screen == self.screen {
            return self.ask();
        }
        if screen.view() != self.screen.view() {
            self.before = self.screen.view();
        }
        let left = std::mem::replace(&mut self.screen, screen);
        self.back.push(left);
        if self.back.len() > MAX_BACK {
            self.back.remove(0);
        }
        self.arrive()
    }

    fn back(&mut self) -> Vec<Cmd> {
        let view = self.screen.view();
        if self.screen == Screen::View(view) && !self.list(view).filter.is_empty() {
            return self.filter(String::new());
        }
        match self.back.pop() {
            Some(screen) => {
                self.screen = screen;
                self.arrive()
            }
            None => vec![Cmd::Quit],
        }
    }

    fn arrive(&mut self) -> Vec<Cmd> {
        self.scroll = 0;
        // Of pages of single objects only the one on the screen is kept.
        let shown = self.feeds();
        self.panels.retain(|feed, _| !matches!(feed, Feed::One(..)) || shown.contains(feed));
        self.ask_again()
    }

    fn open(&mut self) -> Vec<Cmd> {
        match (&self.screen, self.chosen()) {
            (Screen::View(View::Overview), _) => self.go(Screen::View(View::Agents)),
            (Screen::View(view), Some(id)) => self.go(Screen::One(*view, id)),
            (Screen::One(View::Alerts, _), _) => {
                let feed = self.feeds().into_iter().next();
                let answer = feed.and_then(|it| self.panels.get(&it)?.answer.as_ref());
                let agent = answer.and_then(|it| it.whole.get("agent")?.as_str());
                match agent.map(str::to_owned) {
                    Some(agent) => self.go(Screen::One(View::Agents, agent)),
                    None => Vec::new(),
                }
            }
            _ => Vec::new(),
        }
    }

    /// Returns the id of the row that is chosen.
    pub(crate) fn chosen(&self) -> Option<String> {
        let view = self.screen.view();
        self.lists.get(&view)?.id.clone()
    }

    /// Returns an object of a list that has no page of its own.
    pub(crate) fn item(&self, view: View, id: &str) -> Option<&Value> {
        let answer = self.panels.get(&Feed::List(view))?.answer.as_ref()?;
        let key = columns::key(view);
        answer.items.iter().find(|it| columns::field(it, key) == id)
    }

    fn list(&mut self, view: View) -> &mut List {
        self.lists.entry(view).or_default()
    }

    /// Returns how many rows a list has room for.
    pub(crate) fn rows(&self) -> isize {
        isize::from(i16::try_from(self.size.1).unwrap_or(i16::MAX)).saturating_sub(6).max(1)
    }

    fn walk(&mut self, by: isize) -> Vec<Cmd> {
        let Screen::View(view) = self.screen else {
            let to = isize::from(i16::try_from(self.scroll).unwrap_or(i16::MAX)).saturating_add(by);
            self.scroll = u16::try_from(to.clamp(0, isize::from(i16::MAX))).unwrap_or(0);
            return Vec::new();
        };
        let panel = self.panels.get(&Feed::List(view));
        let Some(answer) = panel.and_then(|it| it.answer.as_ref()) else { return Vec::new() };
        let turned = self.lists.entry(view).or_default().walk(view, answer, by);
        if turned { self.ask_again() } else { Vec::new() }
    }

    fn arrange(&mut self, action: Action) -> Vec<Cmd> {
        let view = self.screen.view();
        let list = self.list(view);
        let done = match action {
            Action::Sort => list.sort_next(view),
            Action::Reverse => list.turn_round(view),
            _ => list.problems(view),
        };
        if done {
            return self.ask_again();
        }
        "not here".clone_into(&mut self.flash);
        Vec::new()
    }

    fn filter(&mut self, text: String) -> Vec<Cmd> {
        let view = self.screen.view();
        let state = |it: &AlertState| it.as_str() == text;
        if view == View::Alerts && !text.is_empty() && !AlertState::ALL.iter().any(state) {
            let known = AlertState::ALL.map(AlertState::as_str).join(", ");
            self.flash = format!("alerts are filtered by state: {known}");
            return Vec::new();
        }
        let list = self.list(view);
        list.filter = text;
        list.restart();
        self.ask_again()
    }

    fn type_key(&mut self, key: &KeyEvent) -> Vec<Cmd> {
        let plain = key.modifiers.difference(KeyModifiers::SHIFT).is_empty();
        match key.code {
            KeyCode::Esc => self.input = None,
            KeyCode::Enter => {
                let Some(Input { sign, text }) = self.input.take() else { return Vec::new() };
                let text = text.trim().to_owned();
                return if sign == '/' { self.filter(text) } else { self.command(&text) };
            }
            KeyCode::Backspace => {
                let input = self.input.as_mut();
                if input.is_some_and(|it| it.text.pop().is_none()) {
                    self.input = None;
                }
            }
            KeyCode::Char(it) if plain => self.typed(it),
            _ => {}
        }
        Vec::new()
    }

    fn typed(&mut self, it: char) {
        let harmless = elk_desk::sanitize(it.encode_utf8(&mut [0; 4])).len() == it.len_utf8();
        if let Some(input) = &mut self.input
            && harmless
            && !it.is_control()
            && input.text.len() + it.len_utf8() <= MAX_INPUT
        {
            input.text.push(it);
        }
    }
}

/// Returns whether a single object of a view is asked for by itself.
pub(crate) fn has_page(view: View) -> bool {
    matches!(view, View::Agents | View::Rollouts | View::Tasks | View::Alerts | View::Audit)
}

/// Ends it also while something is typed, and right behind an escape, which looks like a modifier.
fn is_end(key: &KeyEvent) -> bool {
    key.modifiers.contains(KeyModifiers::CONTROL) && key.code == KeyCode::Char('c')
}

#[cfg(test)]
mod tests;
