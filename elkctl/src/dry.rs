//! Dry runs: what would be sent is shown, and not sent.

use elk_api::Endpoint;
use elk_api::selections;
use elk_desk::{Exit, Failure};
use serde_json::{Value, json};

use crate::output::{Column, Kind, field};
use crate::session::{Session, value};

static REQUEST: Kind = Kind {
    name: "Request",
    noun: "request",
    key: "id",
    columns: &[
        Column { head: "ID", wide: false, cell: |item, _| field(item, "id") },
        Column { head: "METHOD", wide: false, cell: |item, _| field(item, "method") },
        Column { head: "URL", wide: false, cell: |item, _| field(item, "url") },
        Column { head: "BODY", wide: false, cell: |item, _| field(item, "body") },
    ],
};

/// What is not shown, wherever it stands in a body.
const SECRETS: [&str; 5] = ["password", "current", "token", "otp", "code"];

/// Returns whether a call changes something. To fix which agents are meant changes none of them,
/// and a dry run is to say how many they are.
pub(crate) fn is_change<E: Endpoint>() -> bool {
    !E::METHOD.is_safe() && E::ID != selections::Create::ID
}

/// Shows a call that would be made, and returns what ends the command in order.
pub(crate) fn show<E: Endpoint>(
    session: &Session<'_>,
    path: &[&str],
    query: &E::Query,
    body: &E::Body,
) -> Failure {
    let address = session.client().and_then(|client| {
        client.address::<E>(path, query).map_err(|error| session.failed(&error, true))
    });
    let shown =
        address.and_then(|url| request(session, (E::ID, E::METHOD.as_str(), &url), value(body)?));
    shown.map_or_else(|failure| failure, |()| ended())
}

/// Shows any request.
pub(crate) fn request(
    session: &Session<'_>,
    (id, method, url): (&str, &str, &str),
    mut body: Value,
) -> Result<(), Failure> {
    redact(&mut body);
    let text = serde_json::to_string_pretty(&body).unwrap_or_default();
    let text: Vec<_> = text.lines().map(elk_desk::sanitize).collect();
    let text = text.join("\n");
    let url_shown = elk_desk::sanitize(url);
    let human = format!("would send {method} {url_shown}\n{text}\nnothing was changed\n");
    let object = json!({ "id": id, "method": method, "url": url, "body": body });
    session.show_one(&REQUEST, &object, Some(human)).map(|_| ())
}

/// Returns what ends a command that has nothing more to do.
pub(crate) fn ended() -> Failure {
    Failure::new(Exit::Ok, "a dry run ends before the change")
}

fn redact(body: &mut Value) {
    match body {
        Value::Object(fields) => {
            for (name, value) in fields {
                if SECRETS.contains(&name.as_str()) && !value.is_null() {
                    *value = "<redacted>".into();
                } else {
                    redact(value);
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(redact),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_shown_however_deep() {
        let mut body = json!({"a": [{"password": "s3cret", "current": null}], "token": {"t": 1}});
        redact(&mut body);
        let wanted =
            json!({"a": [{"password": "<redacted>", "current": null}], "token": "<redacted>"});
        assert_eq!(body, wanted);
    }

    #[test]
    fn to_ask_who_is_meant_is_no_change() {
        assert!(!is_change::<selections::Create>());
        assert!(!is_change::<elk_api::tasks::Get>());
        assert!(is_change::<elk_api::tasks::Create>());
    }
}
