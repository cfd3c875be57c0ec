//! `elkctl tui`: the dashboard.

use std::io::{IsTerminal as _, stdin, stdout};
use std::time::Duration;

use elk_desk::{Exit, Failure, parse_duration};
use elk_tui::{Place, Screen, Settings, Theme, View};

use crate::session::Session;

/// The largest frame that is printed.
const LARGEST: (u16, u16) = (500, 200);
/// Fleets of any size bear this.
const SHORTEST: Duration = Duration::from_secs(1);

#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  elkctl tui\n  elkctl tui agents\n  elkctl tui rollout/ro-7f3k2\n  \
    elkctl tui --snapshot overview --size 120x40\n\n\
    Press ? in it for its keys. It shows and changes nothing; C tells the command that goes further."
)]
pub(crate) struct TuiArgs {
    /// overview, agents, rollouts, cluster, alerts, events, tasks, config or audit; or one object of
    /// them, such as agent/ID
    #[arg(default_value = "overview", value_name = "VIEW", value_parser = screen)]
    view: Screen,
    /// How often what is on the screen is asked for
    #[arg(long, default_value = "5s", value_name = "TIME", value_parser = every)]
    refresh: Duration,
    /// auto: the terminal's colours; mono: none. Without it, --color and NO_COLOR decide
    #[arg(long, value_name = "THEME", value_parser = ["auto", "mono"])]
    theme: Option<String>,
    /// Print one frame of this view as text, and end
    #[arg(long, value_name = "VIEW", value_parser = screen)]
    snapshot: Option<Screen>,
    /// Size of that frame, in columns and lines
    #[arg(long, default_value = "80x24", value_name = "SIZE", value_parser = size, requires = "snapshot")]
    size: (u16, u16),
}

fn screen(text: &str) -> Result<Screen, String> {
    let unknown = || format!("use {}", View::ALL.map(View::as_str).join(", "));
    match text.split_once('/') {
        None => View::named(text).map(Screen::View).ok_or_else(unknown),
        Some((view, id)) if !id.is_empty() => {
            View::named(view).map(|view| Screen::One(view, id.to_owned())).ok_or_else(unknown)
        }
        Some(_) => Err("behind the / stands an id".to_owned()),
    }
}

fn every(text: &str) -> Result<Duration, String> {
    let every = parse_duration(text).map_err(|error| error.to_string())?;
    if every < SHORTEST { Err("at least 1s".to_owned()) } else { Ok(every) }
}

fn size(text: &str) -> Result<(u16, u16), String> {
    let read = text.split_once('x').and_then(|(width, height)| {
        Some((width.parse::<u16>().ok()?, height.parse::<u16>().ok()?))
    });
    let (width, height) = read.ok_or("use COLUMNSxLINES, such as 80x24")?;
    let fits = (1..=LARGEST.0).contains(&width) && (1..=LARGEST.1).contains(&height);
    let bound = || format!("from 1x1 to {}x{}", LARGEST.0, LARGEST.1);
    if fits { Ok((width, height)) } else { Err(bound()) }
}

pub(crate) fn run(session: &Session<'_>, args: &TuiArgs) -> Result<Exit, Failure> {
    let target = session.target()?;
    let protected = target.context.as_ref().is_some_and(|it| it.protected);
    let name = target.name.as_deref().unwrap_or(&target.url);
    let place = Place { name: elk_desk::sanitize(name).into_owned(), protected };
    let coloured = match args.theme.as_deref() {
        Some(theme) => theme == "auto",
        None => session.manner().colours,
    };
    let theme = if coloured { Theme::Auto } else { Theme::Mono };
    let screen = args.snapshot.as_ref().unwrap_or(&args.view).clone();
    let settings = Settings { place, screen, refresh: args.refresh, theme };
    if args.snapshot.is_some() {
        let client = session.client()?;
        let frame = session.block_on(Box::pin(elk_tui::snapshot(client, settings, args.size)))?;
        let frame = frame.map_err(|error| session.failed(&error, true))?;
        session.ui.out(&frame)?;
        return Ok(Exit::Ok);
    }
    if !stdin().is_terminal() || !stdout().is_terminal() {
        let failure = Failure::new(Exit::Usage, "the dashboard needs a terminal");
        return Err(failure.hint(
            "use the plain commands, for example `elkctl agent status`, or --snapshot VIEW",
        ));
    }
    let client = session.client()?;
    let ended = session.block_on(Box::pin(elk_tui::run(client, settings)))?;
    ended.map(|()| Exit::Ok).map_err(|error| Failure::of(Exit::Failure, &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn views_and_objects_are_read() {
        assert_eq!(screen("agents"), Ok(Screen::View(View::Agents)));
        assert_eq!(screen("agent/x"), Ok(Screen::One(View::Agents, "x".to_owned())));
        for text in ["", "nothing", "agent/", "/x"] {
            assert!(screen(text).is_err(), "{text}");
        }
    }

    #[test]
    fn sizes_are_bounded() {
        assert_eq!(size("80x24"), Ok((80, 24)));
        for text in ["80", "0x24", "80x0", "501x24", "80x201", "x", "-1x5", "99999x1"] {
            assert!(size(text).is_err(), "{text}");
        }
    }
}
