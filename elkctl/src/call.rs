//! How a failed call ends a command.

use elk_client::ClientError;
use elk_desk::{Exit, Failure};

/// Returns how a command ends whose call failed.
pub(crate) fn exit(error: &ClientError) -> Exit {
    if let Some(code) = error.reference_code() {
        return Exit::of_reference(code);
    }
    if let Some(status) = error.status() {
        return Exit::of_status(status);
    }
    match error {
        ClientError::Connect { .. }
        | ClientError::Tls { .. }
        | ClientError::Timeout { .. }
        | ClientError::Lost { .. } => Exit::Unavailable,
        ClientError::Request { .. } => Exit::Usage,
        _ => Exit::Failure,
    }
}

/// What is told of a call whose answer was lost.
pub(crate) const AMBIGUOUS: &str = "the request may have taken effect";

/// Returns what a command tells whose call failed.
pub(crate) fn failure(error: &ClientError) -> Failure {
    let mut failure = Failure::new(exit(error), error.to_string()).code(error.code());
    failure.retryable = error.is_retryable();
    failure.request_id = error.request_id().map(str::to_owned);
    if let Some(problem) = error.problem() {
        let request = error.request_id().map(|id| format!(" (request {id})")).unwrap_or_default();
        let (status, code) = (problem.status, &problem.code);
        failure = failure.cause(format!("{} answered {status} {code}{request}", error.url()));
        if let Some(hint) = &problem.hint {
            failure = failure.hint(hint);
        }
    }
    if matches!(error, ClientError::Tls { .. }) {
        failure = failure
            .hint("elkctl login --ca-file FILE   (DATA/pki/ca.crt of `elkctl up --data DATA`)");
    }
    if failure.exit == Exit::Auth && failure.hints.is_empty() {
        failure = failure.hint("elkctl login");
    }
    if error.is_ambiguous() {
        failure = failure.cause(AMBIGUOUS);
    }
    failure
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(status: u16) -> ClientError {
        ClientError::Status { url: "u".to_owned(), status, request_id: None, text: String::new() }
    }

    #[test]
    fn each_kind_of_failure_has_its_exit() {
        for (given, wanted) in
            [(401, 4), (403, 5), (404, 6), (409, 7), (503, 9), (501, 14), (405, 14), (400, 2)]
        {
            assert_eq!(exit(&status(given)).code(), wanted, "{given}");
        }
        let connect = ClientError::Connect { url: "u".to_owned(), reason: "r".to_owned() };
        assert_eq!(exit(&connect), Exit::Unavailable);
        assert_eq!(exit(&ClientError::Request { what: "w".to_owned() }), Exit::Usage);
        let large = ClientError::TooLarge { url: "u".to_owned(), limit: 1 };
        assert_eq!(exit(&large), Exit::Failure);
    }

    #[test]
    fn a_missing_session_says_how_to_get_one() {
        assert_eq!(failure(&status(401)).hints, ["elkctl login"]);
    }
}
