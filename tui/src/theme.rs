//! Roles instead of colours: a word is always there, a colour only helps.

use ratatui::style::{Color, Modifier, Style};

/// How things look.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Theme {
    /// The sixteen colours of the terminal.
    Auto,
    /// Attributes only.
    Mono,
}

#[expect(clippy::unused_self, reason = "callers need not know which roles have colours")]
impl Theme {
    pub(crate) fn muted(self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    pub(crate) fn strong(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// Reversed, as a colour behind text may be missing.
    pub(crate) fn chosen(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    pub(crate) fn good(self) -> Style {
        self.coloured(Color::Green)
    }

    pub(crate) fn odd(self) -> Style {
        self.coloured(Color::Yellow)
    }

    pub(crate) fn bad(self) -> Style {
        self.coloured(Color::Red).add_modifier(Modifier::BOLD)
    }

    fn coloured(self, color: Color) -> Style {
        match self {
            Self::Auto => Style::new().fg(color),
            Self::Mono => Style::new(),
        }
    }

    /// Returns how a word about a state looks.
    pub(crate) fn state(self, word: &str) -> Style {
        match word {
            "running" | "completed" | "succeeded" | "done" | "green" | "resolved" | "ok" => {
                self.good()
            }
            "abnormal" | "paused" | "soaking" | "orange" | "yellow" | "medium" | "unknown"
            | "timed_out" | "acked" | "undoing" | "refused" => self.odd(),
            "offline" | "failed" | "halted" | "red" | "high" | "critical" | "aborted" => self.bad(),
            "undone" | "muted" | "expired" | "cancelled" => self.muted(),
            _ => Style::new(),
        }
    }
}
