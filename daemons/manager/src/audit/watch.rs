//! The layer that writes what callers change and what they are refused.

use std::net::IpAddr;

use axum::body::{Body, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use elk_api::audit::Outcome;
use elk_api::{Permission, Problem};
use elk_life::chain;
use elk_web::{ApiError, Caller, Peer, RequestId};
use http::{Extensions, StatusCode};
use http_body::Body as _;
use serde_json::Value;

use super::rules::{self, Rule};
use super::{Draft, Log, summary};
use crate::app::App;
use crate::store::StoreError;

/// The largest document of a request.
const MAX_BODY: usize = 16 << 20;
/// The largest answer that is read for what was made.
const MAX_ANSWER: u64 = 64 << 10;

/// How a caller proved who it is: an extension of the request.
#[derive(Clone, Debug)]
pub(crate) struct Via(pub(crate) String);

/// Where a request comes from.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Source {
    pub(crate) via: String,
    pub(crate) address: String,
    pub(crate) request: String,
}

impl Source {
    /// Reads it from a request's extensions.
    pub(crate) fn of(extensions: &Extensions) -> Self {
        let via = extensions.get::<Via>().map_or("none", |it| &it.0).to_owned();
        let address = address(extensions).map(|it| it.to_string()).unwrap_or_default();
        let request = extensions.get::<RequestId>().map(|it| it.0.clone()).unwrap_or_default();
        Self { via, address, request }
    }
}

pub(crate) fn address(extensions: &Extensions) -> Option<IpAddr> {
    extensions.get::<Peer>().map(|it| it.addr.ip().to_canonical())
}

/// Writes what is changed before and after it is, and what is refused.
pub(crate) async fn watch(State(app): State<App>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>();
    let Some(rule) = route.and_then(|it| rules::find(request.method(), it)) else {
        return next.run(request).await;
    };
    let caller = request.extensions().get::<Caller>();
    let actor = caller.map(|it| it.user.clone()).unwrap_or_default();
    let draft = Draft::of(&actor, Source::of(request.extensions()), rule.action)
        .about(&object(&request, rule));
    let native = request.uri().path().starts_with("/api/n1/");
    let may = caller
        .is_some_and(|it| it.may(rule.needs) || native && it.may_call(rule.action, rule.needs));
    if rule.changes && may {
        if !app.audit.pace.is_free(&actor, app.clock.unix_ms()) {
            let peer = address(request.extensions());
            let draft = draft.ending(Outcome::Refused, "too_many_failures");
            app.audit.refuse(draft, peer).await;
            let detail = "too many of your changes failed; try again in some seconds";
            let status = StatusCode::TOO_MANY_REQUESTS;
            return ApiError::new(status, "too_many_failures", detail).into_response();
        }
        return change(&app.audit, (rule, draft), request, next).await;
    }
    let peer = address(request.extensions());
    let response = next.run(request).await;
    if matches!(response.status(), StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
        let code = code(&response);
        app.audit.refuse(draft.ending(Outcome::Refused, &code), peer).await;
    }
    response
}

/// Writes an attempt that was refused before anybody looked who makes it.
pub(crate) async fn refused(app: &App, extensions: &Extensions, action: &str, code: &str) {
    let draft = Draft::of("", Source::of(extensions), action).ending(Outcome::Refused, code);
    app.audit.refuse(draft, address(extensions)).await;
}

async fn change(
    log: &Log,
    (rule, mut draft): (Rule, Draft),
    request: Request,
    next: Next,
) -> Response {
    let actor = draft.actor.clone();
    let (head, body) = request.into_parts();
    let body = if rule.document {
        let Ok(bytes) = to_bytes(body, MAX_BODY).await else {
            let detail = "body: it is too large, or did not arrive whole";
            let status = StatusCode::PAYLOAD_TOO_LARGE;
            return ApiError::new(status, "body_too_large", detail).into_response();
        };
        let told = summary::of_body(&bytes);
        draft.summary = told.summary;
        if draft.object.is_empty() {
            draft.object = told.object;
        }
        Body::from(bytes)
    } else {
        body
    };
    let begun = match log.begin(&draft).await {
        Ok(begun) => begun,
        Err(error) => return unwritten(&error),
    };
    let mut pending = Pending { log, draft: Some(draft), begun };
    let response = next.run(Request::from_parts(head, body)).await;
    let (response, end) = judged(response).await;
    // What every user may do and what fails costs others room, whoever does it.
    if rule.needs == Permission::SignedIn || end.outcome != Outcome::Ok {
        log.pace.spend(&actor, log.clock.unix_ms());
    }
    if let Some(mut draft) = pending.draft.take() {
        if let Some(made) = end.made.filter(|_| end.outcome == Outcome::Ok) {
            draft.object = made;
        }
        log.end(draft.ending(end.outcome, &end.code), begun).await;
    }
    response
}

/// Says that a change was not begun.
fn unwritten(error: &StoreError) -> Response {
    tracing::error!(error = %chain(error), "could not write the audit log; a change was refused");
    let detail = "the audit log cannot be written, so nothing was changed";
    ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "audit_unavailable", detail).into_response()
}

/// A change whose end is not known yet.
struct Pending<'a> {
    log: &'a Log,
    draft: Option<Draft>,
    begun: u64,
}

impl Drop for Pending<'_> {
    fn drop(&mut self) {
        // Who asked has gone; what was begun may be done or not.
        if let Some(draft) = self.draft.take() {
            self.log.leave(draft.ending(Outcome::Unknown, "caller_gone"), self.begun);
        }
    }
}

/// How a change ended.
struct End {
    outcome: Outcome,
    code: String,
    /// The id of what was made.
    made: Option<String>,
}

async fn judged(response: Response) -> (Response, End) {
    let (status, mut code) = (response.status(), code(&response));
    let mut outcome = match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Outcome::Refused,
        it if it.is_success() => Outcome::Ok,
        _ => Outcome::Failed,
    };
    let (response, bytes) = small(response).await;
    let answer: Option<Value> = bytes.and_then(|it| serde_json::from_slice(&it).ok());
    // The reference's API answers 200 to everything.
    let told = answer.as_ref().and_then(|it| it.get("code")?.as_i64()).unwrap_or(0);
    if outcome == Outcome::Ok && told != 0 {
        (outcome, code) = (Outcome::Failed, told.to_string());
    }
    let made = answer.as_ref().and_then(summary::made).map(str::to_owned);
    (response, End { outcome, code, made })
}

/// Returns the body of an answer, too, if it is small and there already.
async fn small(response: Response) -> (Response, Option<Bytes>) {
    if response.body().size_hint().exact().is_none_or(|size| size > MAX_ANSWER) {
        return (response, None);
    }
    let (head, body) = response.into_parts();
    let most = usize::try_from(MAX_ANSWER).unwrap_or(usize::MAX);
    let bytes = to_bytes(body, most).await.unwrap_or_default();
    (Response::from_parts(head, Body::from(bytes.clone())), Some(bytes))
}

/// Returns the stable name of the cause, or the status.
fn code(response: &Response) -> String {
    let problem = response.extensions().get::<Box<Problem>>().map(|it| it.code.clone());
    let status = response.status();
    problem.unwrap_or_else(|| {
        if status.is_success() { String::new() } else { status.as_u16().to_string() }
    })
}

/// Returns what a path names; for other routes of the reference the route itself.
fn object(request: &Request, rule: Rule) -> String {
    let Some(route) = request.extensions().get::<MatchedPath>() else { return String::new() };
    if !rule.changes && route.as_str().starts_with("/api/v") {
        return route.as_str().to_owned();
    }
    let parts = route.as_str().split('/').zip(request.uri().path().split('/'));
    let holes = parts.filter(|(hole, _)| hole.starts_with('{')).map(|(_, part)| decoded(part));
    holes.collect::<Vec<_>>().join("/")
}

/// Undoes the escapes of a part of a path.
fn decoded(part: &str) -> String {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let Some((first, more)) = rest.split_first() {
        let escaped =
            more.split_at_checked(2).filter(|_| *first == b'%').and_then(|(hex, more)| {
                let hex = std::str::from_utf8(hex).ok()?;
                Some((u8::from_str_radix(hex, 16).ok()?, more))
            });
        let (byte, more) = escaped.unwrap_or((*first, more));
        bytes.push(byte);
        rest = more;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use elk_api::audit::AuditQuery;
    use elk_life::Clock;

    use super::*;
    use crate::store::Store;

    #[test]
    fn a_name_in_a_path_is_written_as_it_is_meant() {
        for (part, name) in [
            ("kim", "kim"),
            ("kim%40x", "kim@x"),
            ("%", "%"),
            ("%4", "%4"),
            ("%zz%C3%A4", "%zzä"),
            ("%ff", "\u{fffd}"),
            ("ä%", "ä%"),
        ] {
            assert_eq!(decoded(part), name, "{part}");
        }
    }

    #[tokio::test]
    async fn a_change_whose_caller_went_away_is_open_until_its_end_is_written_as_unknown() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("state.db")).await.unwrap();
        let log = Log::new(store, Clock::manual(1_700_000_000_000));
        let draft = Draft::of("kim", Source::default(), "tag.add").about("canary");
        let list = async || {
            let all = AuditQuery::default();
            let entries = super::super::store::list(&log.store, &all, None, 10).await.unwrap();
            entries.into_iter().map(|it| (it.sequence, it.outcome)).collect::<Vec<_>>()
        };
        let begun = log.begin(&draft).await.unwrap();
        // So it stays if this process ends here.
        assert_eq!(list().await, [(1, Outcome::Begun)]);
        drop(Pending { log: &log, draft: Some(draft), begun });
        log.flush(false).await.unwrap();
        assert_eq!(list().await, [(2, Outcome::Unknown)]);
    }
}
