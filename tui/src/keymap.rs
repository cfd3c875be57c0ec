//! Which key does what. No key that is typed by accident changes anything: nothing here changes
//! the backend.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::msg::View;

/// What a key asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Action {
    Go(View),
    NextView,
    LastView,
    Back,
    Quit,
    Down,
    Up,
    PageDown,
    PageUp,
    First,
    Last,
    Open,
    Filter,
    Command,
    Help,
    Sort,
    Reverse,
    Problems,
    Refresh,
    Freeze,
    Elkctl,
    Clear,
    Suspend,
}

const CTRL: KeyModifiers = KeyModifiers::CONTROL;
const NONE: KeyModifiers = KeyModifiers::NONE;

/// Every key outside of input fields, how it is written, and what it does.
pub(crate) const KEYS: [(KeyModifiers, KeyCode, &str, Action, &str); 33] = [
    (NONE, KeyCode::Char('j'), "j", Action::Down, "down; at the end of a page the next one"),
    (NONE, KeyCode::Down, "down", Action::Down, ""),
    (NONE, KeyCode::Char('k'), "k", Action::Up, "up"),
    (NONE, KeyCode::Up, "up", Action::Up, ""),
    (NONE, KeyCode::PageDown, "pgdn", Action::PageDown, "a screen down"),
    (CTRL, KeyCode::Char('f'), "ctrl-f", Action::PageDown, ""),
    (NONE, KeyCode::PageUp, "pgup", Action::PageUp, "a screen up"),
    (CTRL, KeyCode::Char('b'), "ctrl-b", Action::PageUp, ""),
    (NONE, KeyCode::Char('g'), "g", Action::First, "first"),
    (NONE, KeyCode::Home, "home", Action::First, ""),
    (NONE, KeyCode::Char('G'), "G", Action::Last, "last of the page"),
    (NONE, KeyCode::End, "end", Action::Last, ""),
    (NONE, KeyCode::Enter, "enter", Action::Open, "open"),
    (NONE, KeyCode::Char('l'), "l", Action::Open, ""),
    (NONE, KeyCode::Esc, "esc", Action::Back, "back; takes a filter away first"),
    (NONE, KeyCode::Char('h'), "h", Action::Back, ""),
    (NONE, KeyCode::Tab, "tab", Action::NextView, "next view; 1 to 9 go to one"),
    (NONE, KeyCode::Char('-'), "-", Action::LastView, "the view before"),
    (NONE, KeyCode::Char('/'), "/", Action::Filter, "filter, by the selectors of elkctl"),
    (NONE, KeyCode::Char(':'), ":", Action::Command, "command: a view, agent ID, refresh 10s, q"),
    (NONE, KeyCode::Char('s'), "s", Action::Sort, "sort by the next column"),
    (NONE, KeyCode::Char('S'), "S", Action::Reverse, "sort the other way round"),
    (
        NONE,
        KeyCode::Char('f'),
        "f",
        Action::Problems,
        "only agents that do not run, alerts that are open",
    ),
    (CTRL, KeyCode::Char('r'), "ctrl-r", Action::Refresh, "ask the server now"),
    (NONE, KeyCode::Char('z'), "z", Action::Freeze, "freeze what is shown, or go on"),
    (NONE, KeyCode::Char('C'), "C", Action::Elkctl, "show the command that tells this"),
    (NONE, KeyCode::Char('?'), "?", Action::Help, "this help"),
    (CTRL, KeyCode::Char('l'), "ctrl-l", Action::Clear, "draw anew"),
    (CTRL, KeyCode::Char('z'), "ctrl-z", Action::Suspend, "suspend"),
    (NONE, KeyCode::Char('q'), "q", Action::Back, "back; ends it where there is none"),
    (CTRL, KeyCode::Char('c'), "ctrl-c", Action::Quit, "end"),
    (NONE, KeyCode::Char('Q'), "Q", Action::Quit, ""),
    (NONE, KeyCode::Char(' '), "space", Action::Freeze, ""),
];

/// Returns what a key asks for.
pub(crate) fn action(key: &KeyEvent) -> Option<Action> {
    if key.kind == KeyEventKind::Release {
        return None;
    }
    let held = key.modifiers.difference(KeyModifiers::SHIFT);
    if let (NONE, KeyCode::Char(digit @ '1'..='9')) = (held, key.code) {
        let at = digit.to_digit(10).map_or(0, |it| it as usize - 1);
        return View::ALL.get(at).copied().map(Action::Go);
    }
    let found = KEYS.iter().find(|(with, code, ..)| (*with, *code) == (held, key.code));
    found.map(|(_, _, _, action, _)| *action)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_key_has_two_meanings() {
        let keys: BTreeSet<_> = KEYS.iter().map(|(_, _, name, ..)| name).collect();
        assert_eq!(keys.len(), KEYS.len());
        for (index, (with, code, name, ..)) in KEYS.iter().enumerate() {
            let same = KEYS.iter().position(|(w, c, ..)| (w, c) == (with, code));
            assert_eq!(same, Some(index), "{name}");
        }
    }

    #[test]
    fn every_key_does_what_the_help_says() {
        for (with, code, name, wanted, _) in KEYS {
            assert_eq!(action(&KeyEvent::new(code, with)), Some(wanted), "{name}");
        }
        assert_eq!(
            action(&KeyEvent::new(KeyCode::Char('2'), NONE)),
            Some(Action::Go(View::Agents))
        );
        for code in [KeyCode::Backspace, KeyCode::Delete, KeyCode::Char('d'), KeyCode::Char('x')] {
            assert_eq!(action(&KeyEvent::new(code, NONE)), None, "{code:?}");
        }
    }
}
