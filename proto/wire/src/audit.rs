//! Audit events of Kubernetes: what an API server posts, and the bus records they become.

mod event;
mod go;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use event::Event;

/// Bus `data_type` of an audit event.
const DATA_TYPE: &str = "9003";

/// The most events of one list. An API server sends 400 at a time unless told otherwise.
pub const MAX_EVENTS: usize = 16_384;

/// A posted list cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The body is not a list of events.
    #[error("the body is not a list of audit events")]
    List(#[source] serde_json::Error),
    /// An event is not one.
    #[error("item {index} is not an audit event")]
    Event {
        /// Its place in the list, from 0.
        index: usize,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
    /// There are more events than one list may have.
    #[error("the list has {count} audit events, more than {MAX_EVENTS}")]
    TooMany {
        /// How many there are.
        count: usize,
    },
}

/// The events of one request, all of them read.
#[derive(Debug)]
pub struct AuditList(Vec<Event>);

#[derive(Deserialize)]
struct Body<'a> {
    #[serde(default, borrow)]
    items: Option<Vec<&'a RawValue>>,
}

#[derive(Serialize)]
struct Record<'a> {
    cluster_id: &'a str,
    event: &'a Event,
    data_type: &'static str,
}

impl AuditList {
    /// Reads the body of a request; one without `items` has no events, as in the reference.
    ///
    /// # Errors
    ///
    /// [`AuditError`] if the body or one of its events is not what it should be; then none counts.
    pub fn parse(body: &[u8]) -> Result<Self, AuditError> {
        let text = String::from_utf8_lossy(body);
        let body: Option<Body<'_>> = serde_json::from_str(&text).map_err(AuditError::List)?;
        let items = body.and_then(|it| it.items).unwrap_or_default();
        if items.len() > MAX_EVENTS {
            return Err(AuditError::TooMany { count: items.len() });
        }
        let read = |(index, item): (usize, &RawValue)| {
            serde_json::from_str::<Option<Event>>(item.get())
                .map(Option::unwrap_or_default)
                .map_err(|source| AuditError::Event { index, source })
        };
        items.into_iter().enumerate().map(read).collect::<Result<_, _>>().map(Self)
    }

    /// Returns how many events there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns true if there are no events.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the bus record of each event, in order; each is made when it is asked for.
    ///
    /// # Errors
    ///
    /// An item is an error if its event cannot be written as JSON.
    pub fn records(&self, cluster: &str) -> impl Iterator<Item = serde_json::Result<Vec<u8>>> {
        self.0.iter().map(move |event| {
            go::to_vec(&Record { cluster_id: cluster, event, data_type: DATA_TYPE })
        })
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;

    fn records(body: &str) -> Vec<String> {
        let list = AuditList::parse(body.as_bytes()).unwrap();
        list.records("c-1").map(|it| String::from_utf8(it.unwrap()).unwrap()).collect()
    }

    #[test]
    fn an_event_is_written_in_the_order_of_its_type_without_what_the_type_lacks() {
        let body = r#"{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[
            {"annotations":{"b":"2","a":"<1>&"},"verb":"create","level":"RequestResponse",
             "auditID":"5a1c","stage":"ResponseComplete","new":{"lost":true},
             "requestURI":"/api/v1/namespaces/default/pods?a=1&b=2",
             "user":{"groups":["system:masters","x"],"username":"admin","extra":{"k":["v"]}},
             "sourceIPs":["10.0.0.1"],"userAgent":"kubectl/v1.20",
             "objectRef":{"apiVersion":"v1","name":"p","namespace":"default","resource":"pods"},
             "responseStatus":{"code":201,"metadata":{}},
             "requestObject":{ "z" : 1.50, "a" : [ 1 , "x y" ] },
             "requestReceivedTimestamp":"2023-11-09T10:00:00.123456Z",
             "stageTimestamp":"2023-11-09T12:00:00.200000+02:00"}]}"#;
        let want = concat!(
            r#"{"cluster_id":"c-1","event":{"level":"RequestResponse","auditID":"5a1c","#,
            r#""stage":"ResponseComplete","requestURI":"/api/v1/namespaces/default/pods?a=1&b=2","#,
            r#""verb":"create","user":{"username":"admin","groups":["system:masters","x"],"#,
            r#""extra":{"k":["v"]}},"sourceIPs":["10.0.0.1"],"userAgent":"kubectl/v1.20","#,
            r#""objectRef":{"resource":"pods","namespace":"default","name":"p","#,
            r#""apiVersion":"v1"},"responseStatus":{"metadata":{},"code":201},"#,
            r#""requestObject":{"z":1.50,"a":[1,"x y"]},"#,
            r#""requestReceivedTimestamp":"2023-11-09T10:00:00.123456Z","#,
            r#""stageTimestamp":"2023-11-09T10:00:00.200000Z","#,
            r#""annotations":{"a":"<1>&","b":"2"}},"data_type":"9003"}"#,
        );
        assert_eq!(records(body), [want]);
    }

    #[test]
    fn what_is_not_said_is_written_as_the_type_writes_nothing() {
        let want = concat!(
            r#"{"cluster_id":"c-1","event":{"level":"","auditID":"","stage":"","requestURI":"","#,
            r#""verb":"","user":{},"requestReceivedTimestamp":null,"stageTimestamp":null},"#,
            r#""data_type":"9003"}"#,
        );
        let nulls = r#"{"items":[{},null,{"level":null,"user":null,"sourceIPs":null,
            "requestObject":null,"annotations":null,"stageTimestamp":null,
            "requestReceivedTimestamp":"0001-01-01T00:00:00.000000Z"}]}"#;
        assert_eq!(records(nulls), [want, want, want]);
    }

    #[test]
    fn a_list_without_items_has_no_events() {
        for body in ["{}", "null", r#"{"items":null}"#, r#"{"items":[]}"#] {
            assert!(AuditList::parse(body.as_bytes()).unwrap().is_empty(), "{body}");
        }
    }

    #[test]
    fn one_bad_event_refuses_the_list_and_is_named() {
        for bad in [
            r#"{"level":1}"#,
            "7",
            r#"{"stageTimestamp":"yesterday"}"#,
            r#"{"user":{"groups":"x"}}"#,
            r#"{"responseStatus":{"code":4294967296}}"#,
        ] {
            let error = AuditList::parse(format!(r#"{{"items":[{{}},{bad}]}}"#).as_bytes());
            let error = error.unwrap_err();
            assert_eq!(error.to_string(), "item 1 is not an audit event", "{bad}");
            assert!(error.source().is_some());
        }
        for bad in ["", "{", "[]x", r#"{"items":{}}"#, "\u{0}"] {
            let error = AuditList::parse(bad.as_bytes()).unwrap_err();
            assert!(matches!(error, AuditError::List(_)), "{bad}");
        }
    }

    #[test]
    fn a_list_of_too_many_events_is_refused() {
        let list = |count: usize| format!(r#"{{"items":[{}]}}"#, vec!["{}"; count].join(","));
        assert_eq!(AuditList::parse(list(MAX_EVENTS).as_bytes()).unwrap().len(), MAX_EVENTS);
        let error = AuditList::parse(list(MAX_EVENTS + 1).as_bytes()).unwrap_err();
        assert!(matches!(error, AuditError::TooMany { count } if count == MAX_EVENTS + 1));
    }

    #[test]
    fn text_is_escaped_as_go_does_and_objects_stay_as_they_came() {
        let found = records(
            "{\"items\":[{\"verb\":\"a\u{2028}<\\u0001\",\"requestObject\":\"a\u{2029}\\u0041\"}]}",
        );
        let [found] = found.as_slice() else { panic!("{found:?}") };
        assert!(found.contains("\"verb\":\"a\\u2028<\\u0001\""), "{found}");
        assert!(found.contains("\"requestObject\":\"a\u{2029}\\u0041\""), "{found}");
    }
}
