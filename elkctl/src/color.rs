//! Colours of states, for people at a terminal only.

use elk_desk::Env;
use unicode_width::UnicodeWidthChar as _;

/// When there are colours.
#[derive(clap::ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Color {
    /// At a terminal that has them
    Auto,
    /// Also into files and pipes
    Always,
    Never,
}

/// Returns whether there are colours: as the flag says, then the environment, then the settings,
/// then what the output goes to.
pub(crate) fn wanted(
    flag: Option<Color>,
    env: &Env,
    setting: Option<&str>,
    terminal: bool,
) -> bool {
    let of_env = || {
        if env.get("NO_COLOR").is_some() {
            return Some(Color::Never);
        }
        let forced = ["CLICOLOR_FORCE", "FORCE_COLOR"].iter().any(|name| env.is_on(name));
        forced.then_some(Color::Always)
    };
    let of_settings = || match setting {
        Some("always") => Some(Color::Always),
        Some("never") => Some(Color::Never),
        _ => None,
    };
    match flag.or_else(of_env).or_else(of_settings) {
        Some(Color::Always) => true,
        Some(Color::Never) => false,
        Some(Color::Auto) | None => terminal && env.get("TERM").is_some_and(|it| it != "dumb"),
    }
}

/// Returns the colour of a state, as terminals number them.
fn of(state: &str) -> Option<&'static str> {
    match state {
        "running" | "ok" | "succeeded" | "served" => Some("32"),
        "abnormal" | "warn" | "timed_out" => Some("33"),
        "offline" | "fail" | "failed" => Some("31"),
        _ => None,
    }
}

/// Colours a state; what is none stays as it is.
pub(crate) fn state(word: &str) -> String {
    of(word).map_or_else(|| word.to_owned(), |code| format!("\u{1b}[{code}m{word}\u{1b}[0m"))
}

/// Colours the state that stands in a line from the display column `at` on.
pub(crate) fn in_line(line: &str, at: usize, word: &str) -> String {
    let mut width = 0;
    let start = line.char_indices().find(|(_, c)| {
        let here = width;
        width += c.width().unwrap_or(0);
        here >= at
    });
    let parts = start.and_then(|(start, _)| line.split_at_checked(start));
    match parts.and_then(|(before, rest)| Some((before, rest.strip_prefix(word)?))) {
        Some((before, after)) => format!("{before}{}{after}", state(word)),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flag_beats_the_environment_which_beats_the_settings_and_the_terminal() {
        let env = |set: &'static [(&str, &str)]| {
            Env::from_fn(move |name| {
                set.iter().find(|(it, _)| *it == name).map(|(_, value)| (*value).to_owned())
            })
        };
        for (flag, env, setting, terminal, colours) in [
            (None, env(&[]), None, true, false),
            (None, env(&[("TERM", "xterm")]), None, true, true),
            (None, env(&[("TERM", "xterm")]), None, false, false),
            (None, env(&[("TERM", "dumb")]), None, true, false),
            (None, env(&[("TERM", "xterm"), ("NO_COLOR", "1")]), Some("always"), true, false),
            (None, env(&[("CLICOLOR_FORCE", "1")]), Some("never"), false, true),
            (None, env(&[("CLICOLOR_FORCE", "0")]), None, false, false),
            (None, env(&[]), Some("always"), false, true),
            (Some(Color::Always), env(&[("NO_COLOR", "1")]), None, false, true),
            (Some(Color::Never), env(&[("CLICOLOR_FORCE", "1")]), None, true, false),
        ] {
            assert_eq!(wanted(flag, &env, setting, terminal), colours, "{flag:?} {setting:?}");
        }
    }

    #[test]
    fn only_the_state_is_coloured_wherever_it_stands() {
        let line = "日本  running  running";
        assert_eq!(in_line(line, 6, "running"), "日本  \u{1b}[32mrunning\u{1b}[0m  running");
        for (at, word) in [(5, "running"), (6, "offline"), (60, "running")] {
            assert_eq!(in_line(line, at, word), line);
        }
        assert_eq!(state("created"), "created");
    }
}
