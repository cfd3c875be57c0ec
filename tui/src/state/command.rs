//! What is typed behind a colon.

use std::time::Duration;

use elk_desk::parse_duration;

use super::Model;
use crate::msg::{Cmd, Screen, View};

/// Fleets of any size bear this.
const SHORTEST: Duration = Duration::from_secs(1);

impl Model {
    pub(super) fn command(&mut self, line: &str) -> Vec<Cmd> {
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim();
        match word {
            "" => return Vec::new(),
            "q" | "quit" => return vec![Cmd::Quit],
            "help" => self.help = true,
            "refresh" => match parse_duration(rest) {
                Ok(every) if every >= SHORTEST => {
                    self.refresh = every;
                    self.flash = format!("asks every {rest}");
                }
                _ => "use :refresh 5s, at least 1s".clone_into(&mut self.flash),
            },
            "agent" | "rollout" | "task" | "alert" if !rest.is_empty() => {
                let view = View::named(word).unwrap_or(View::Agents);
                return self.go(Screen::One(view, rest.to_owned()));
            }
            word => {
                let Some(view) = View::named(word) else {
                    let known = View::ALL.map(View::as_str).join(" ");
                    self.flash = format!("there is no :{word}; try {known} agent refresh q");
                    return Vec::new();
                };
                let mut asked = self.go(Screen::View(view));
                if !rest.is_empty() {
                    asked = self.filter(rest.to_owned());
                }
                return asked;
            }
        }
        Vec::new()
    }
}

/// Returns the command that tells what is on the screen.
pub(super) fn elkctl(screen: &Screen, chosen: Option<&str>) -> String {
    let id = match screen {
        Screen::One(_, id) => Some(id.as_str()),
        Screen::View(_) => chosen,
    };
    let told = match (screen.view(), id) {
        (View::Overview, _) => "agent status".to_owned(),
        (View::Agents, Some(id)) => format!("agent inspect {id}"),
        (View::Agents, None) => "agent list".to_owned(),
        (View::Rollouts, Some(id)) => format!("rollout status {id}"),
        (View::Rollouts, None) => "rollout list".to_owned(),
        (View::Tasks, Some(id)) => format!("task results {id}"),
        (View::Tasks, None) => "task list".to_owned(),
        (View::Alerts, Some(id)) => format!("alert get {id}"),
        (View::Alerts, None) => "alert list".to_owned(),
        (View::Audit, Some(id)) => format!("audit get {}", id.replace(',', "")),
        (View::Audit, None) => "audit list".to_owned(),
        (View::Events, _) => "event list -w".to_owned(),
        (View::Cluster, _) => "cluster status".to_owned(),
        (View::Config, _) => "config get".to_owned(),
    };
    format!("elkctl {told}")
}
