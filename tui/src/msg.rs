//! What comes in, and what is to be done about it.

use crossterm::event::KeyEvent;
use jiff::Timestamp;
use serde_json::Value;

/// A screen of its own.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum View {
    /// All at a glance.
    Overview,
    /// Agents, a page at a time.
    Agents,
    /// Rollouts.
    Rollouts,
    /// The backend itself.
    Cluster,
    /// Alerts.
    Alerts,
    /// What happens.
    Events,
    /// Orders to agents.
    Tasks,
    /// What agents should run.
    Config,
    /// Who changed what.
    Audit,
}

impl View {
    /// All views, as their digits count them.
    pub const ALL: [Self; 9] = [
        Self::Overview,
        Self::Agents,
        Self::Rollouts,
        Self::Cluster,
        Self::Alerts,
        Self::Events,
        Self::Tasks,
        Self::Config,
        Self::Audit,
    ];

    /// Returns its name, as commands take it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Agents => "agents",
            Self::Rollouts => "rollouts",
            Self::Cluster => "cluster",
            Self::Alerts => "alerts",
            Self::Events => "events",
            Self::Tasks => "tasks",
            Self::Config => "config",
            Self::Audit => "audit",
        }
    }

    /// Finds a view by its name, or by how it begins.
    pub fn named(name: &str) -> Option<Self> {
        let whole = Self::ALL.into_iter().find(|it| it.as_str() == name);
        let begins = |it: &Self| !name.is_empty() && it.as_str().starts_with(name);
        whole.or_else(|| Self::ALL.into_iter().find(begins))
    }
}

/// What the screen shows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Screen {
    /// A view.
    View(View),
    /// One object of a view, by its id.
    One(View, String),
}

impl Screen {
    /// Returns the view it is part of.
    pub fn view(&self) -> View {
        match self {
            Self::View(view) | Self::One(view, _) => *view,
        }
    }
}

/// Something that is asked of the server as one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Feed {
    /// Agents by status and version.
    Fleet,
    /// A page of a view's list.
    List(View),
    /// One object.
    One(View, String),
}

/// Which page of a list.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Query {
    pub(crate) filter: String,
    pub(crate) cursor: Option<String>,
    pub(crate) sort: Option<&'static str>,
    pub(crate) reverse: bool,
}

/// What the server answered; every text in it is fit for a terminal.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Answer {
    pub(crate) items: Vec<Value>,
    pub(crate) total: Option<u64>,
    pub(crate) estimate: bool,
    pub(crate) next: Option<String>,
    /// What is no list.
    pub(crate) whole: Value,
}

/// Why there is no answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Refusal {
    pub(crate) text: String,
    /// The server was not reached at all.
    pub(crate) away: bool,
}

/// The stream of events.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Live {
    Open,
    Event(Value),
    /// Some were missed.
    Gap,
    Lost(String),
}

/// Something that happened.
#[derive(Clone, Debug)]
pub(crate) enum Msg {
    Key(KeyEvent),
    Paste(String),
    Resize(u16, u16),
    Tick(Timestamp),
    Data(Feed, u64, Result<Answer, Refusal>),
    Live(Live),
}

/// Something to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Cmd {
    Fetch(Feed, u64, Query),
    /// Draw everything anew.
    Clear,
    Suspend,
    Quit,
}
