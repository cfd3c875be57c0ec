//! Exit codes, each listed once.

/// How a command ended.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Exit {
    /// 0
    Ok,
    /// 1
    Failure,
    /// 2
    Usage,
    /// 3
    Negative,
    /// 4
    Auth,
    /// 5
    Denied,
    /// 6
    NotFound,
    /// 7
    Conflict,
    /// 8
    Pending,
    /// 9
    Unavailable,
    /// 10
    Partial,
    /// 11
    OpFailed,
    /// 12
    OpPaused,
    /// 13
    Declined,
    /// 14
    Unsupported,
    /// 130
    Interrupted,
    /// 143
    Terminated,
}

impl Exit {
    /// All of them, by number.
    pub const ALL: [Self; 17] = [
        Self::Ok,
        Self::Failure,
        Self::Usage,
        Self::Negative,
        Self::Auth,
        Self::Denied,
        Self::NotFound,
        Self::Conflict,
        Self::Pending,
        Self::Unavailable,
        Self::Partial,
        Self::OpFailed,
        Self::OpPaused,
        Self::Declined,
        Self::Unsupported,
        Self::Interrupted,
        Self::Terminated,
    ];

    fn row(self) -> (u8, &'static str, &'static str) {
        match self {
            Self::Ok => (0, "ok", "done; also an empty list and what is already so"),
            Self::Failure => (1, "failure", "unexpected, or output could not be written"),
            Self::Usage => (2, "usage", "bad flag, bad file, or a confirmation is missing"),
            Self::Negative => (3, "negative", "the question was answered no"),
            Self::Auth => (4, "auth", "no credential, or it is expired or locked"),
            Self::Denied => (5, "denied", "not allowed, or the context is read-only"),
            Self::NotFound => (6, "not_found", "there is no such object"),
            Self::Conflict => {
                (7, "conflict", "stale, exists already, wrong state, not as expected")
            }
            Self::Pending => (8, "pending", "the deadline passed while the work goes on"),
            Self::Unavailable => {
                (9, "unavailable", "no connection, TLS, or the server is in trouble")
            }
            Self::Partial => (10, "partial", "some succeeded and some failed"),
            Self::OpFailed => (11, "op_failed", "the awaited operation failed"),
            Self::OpPaused => {
                (12, "op_paused", "the awaited operation is paused and needs somebody")
            }
            Self::Declined => (13, "declined", "the user answered no"),
            Self::Unsupported => (14, "unsupported", "the server or this build does not have it"),
            Self::Interrupted => (130, "interrupted", "SIGINT"),
            Self::Terminated => (143, "terminated", "SIGTERM"),
        }
    }

    /// Returns the number.
    pub fn code(self) -> u8 {
        self.row().0
    }

    /// Returns the stable name.
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// Tells when a command ends so.
    pub fn when(self) -> &'static str {
        self.row().2
    }

    /// Returns how a command ends whose call was answered with a failing HTTP status.
    pub fn of_status(status: u16) -> Self {
        match status {
            401 => Self::Auth,
            403 => Self::Denied,
            404 | 410 => Self::NotFound,
            409 | 412 => Self::Conflict,
            405 | 501 => Self::Unsupported,
            408 | 429 | 500..=599 => Self::Unavailable,
            400..=499 => Self::Usage,
            _ => Self::Failure,
        }
    }

    /// Returns how a command ends whose call was answered with a code of the reference's envelope.
    pub fn of_reference(code: i64) -> Self {
        match code {
            0 => Self::Ok,
            1 | 16..=21 => Self::Auth,
            2 | 15 => Self::Conflict,
            5 | 8 | 9 | 14 => Self::Usage,
            6 => Self::NotFound,
            7 | 11 | 12 => Self::Unavailable,
            13 => Self::Denied,
            _ => Self::Failure,
        }
    }
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn codes_and_names_are_unique_and_in_order() {
        let codes: Vec<_> = Exit::ALL.iter().map(|exit| exit.code()).collect();
        assert!(codes.is_sorted_by(|a, b| a < b), "{codes:?}");
        let names: HashSet<_> = Exit::ALL.iter().map(|exit| exit.name()).collect();
        assert_eq!(names.len(), Exit::ALL.len());
    }

    #[test]
    fn each_code_of_the_reference_has_its_exit() {
        let expected = [0, 4, 7, 1, 1, 2, 6, 9, 2, 2, 1, 9, 9, 5, 2, 7, 4, 4, 4, 4, 4, 4, 1, 1];
        for (code, exit) in (0..).zip(expected) {
            assert_eq!(Exit::of_reference(code).code(), exit, "code {code}");
        }
    }

    #[test]
    fn each_failing_status_has_its_exit() {
        let cases = [
            (400, 2),
            (401, 4),
            (403, 5),
            (404, 6),
            (409, 7),
            (412, 7),
            (413, 2),
            (422, 2),
            (429, 9),
            (500, 9),
            (501, 14),
            (502, 9),
            (503, 9),
            (504, 9),
            (302, 1),
        ];
        for (status, exit) in cases {
            assert_eq!(Exit::of_status(status).code(), exit, "status {status}");
        }
    }
}
