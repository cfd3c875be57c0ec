//! What a command tells when it fails.

use std::fmt;

use serde_json::{Value, json};

use crate::{Exit, Foreign};

/// A failed command: what could not be done and why, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// How the command ends.
    pub exit: Exit,
    /// Stable name of the cause.
    pub code: String,
    /// What could not be done and why: lower case, no full stop.
    pub message: String,
    /// What led to it, outermost first.
    pub causes: Vec<String>,
    /// Commands that may help; the first two are shown.
    pub hints: Vec<String>,
    /// The request's id in the server's log.
    pub request_id: Option<String>,
    /// Whether the same command may succeed later.
    pub retryable: bool,
}

impl Failure {
    /// Creates a failure; its code is the name of the exit.
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            code: exit.name().to_owned(),
            message: message.into(),
            causes: Vec::new(),
            hints: Vec::new(),
            request_id: None,
            retryable: exit == Exit::Unavailable,
        }
    }

    /// Creates a failure from an error and its sources.
    pub fn of(exit: Exit, error: &dyn std::error::Error) -> Self {
        let mut failure = Self::new(exit, error.to_string());
        let mut source = error.source();
        while let Some(cause) = source {
            failure.causes.push(cause.to_string());
            source = cause.source();
        }
        failure
    }

    /// Names the cause.
    #[must_use]
    pub fn code(mut self, code: impl Into<String>) -> Self {
        self.code = code.into();
        self
    }

    /// Adds a cause.
    #[must_use]
    pub fn cause(mut self, cause: impl Into<String>) -> Self {
        self.causes.push(cause.into());
        self
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Returns the object that machine formats show.
    pub fn json(&self) -> Value {
        json!({
            "api_version": "elkctl/v1",
            "kind": "Error",
            "code": self.code,
            "message": self.message,
            "causes": self.causes,
            "hint": self.hints.first(),
            "request_id": self.request_id,
            "exit_code": self.exit.code(),
            "retryable": self.retryable,
        })
    }
}

/// Several lines for people; foreign text in it is escaped.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", Foreign(&self.message))?;
        for (number, cause) in (1..).zip(&self.causes) {
            write!(f, "\n  {number}: {}", Foreign(cause))?;
        }
        for hint in self.hints.iter().take(2) {
            write!(f, "\nhint: {}", Foreign(hint))?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_see_numbered_causes_and_at_most_two_hints_without_control_characters() {
        let failure = Failure::new(Exit::NotFound, "there is no agent `a\u{1b}[31m`")
            .cause("manager answered 404")
            .hint("one")
            .hint("two")
            .hint("three");
        let text = failure.to_string();
        let expected = "error: there is no agent `a\\x1b[31m`\n  1: manager answered 404\n\
                        hint: one\nhint: two";
        assert_eq!(text, expected);
    }

    #[test]
    fn machines_see_every_key_always() {
        let value = Failure::new(Exit::Unavailable, "no").json();
        let keys: Vec<_> = value.as_object().unwrap().keys().map(String::as_str).collect();
        for key in [
            "api_version",
            "kind",
            "code",
            "message",
            "causes",
            "hint",
            "request_id",
            "exit_code",
            "retryable",
        ] {
            assert!(keys.contains(&key), "{key}");
        }
        assert_eq!(value["exit_code"], 9);
        assert_eq!(value["retryable"], true);
        assert_eq!(value["hint"], Value::Null);
    }
}
