//! AgentCenters: where they are, what they hold, and how orders reach them.

pub(crate) mod poll;
mod talk;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use elk_api::center::{Batch, BatchReply, COMMAND, COMMAND_BATCH, MAX_BATCH, Order, WRITE_TIMEOUT};
use elk_api::registry::Instance;
use elk_client::ClientError;
use elk_client::reference::Caller;
use elk_model::selector::{Membership, TextTest};
use futures_util::StreamExt as _;
use futures_util::stream;
use parking_lot::Mutex;

use crate::agents::pattern;

const TIMEOUT: Duration = Duration::from_secs(15);
/// Orders under way at a time to an AgentCenter that takes no batches.
const SINGLE: usize = 32;

/// What became of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// AgentCenter wrote it to the stream.
    Written,
    /// AgentCenter did not write it, for this reason.
    Refused(String),
    /// Nobody knows: the connection broke after the order had been sent.
    Lost(String),
}

/// What is known of one AgentCenter.
#[derive(Clone, Debug)]
pub(crate) struct Center {
    pub(crate) instance: Instance,
    /// Where agents reach it, if that is known: what it is called in front of people.
    pub(crate) stream: Option<String>,
    /// Since when, in Unix milliseconds, ServiceDiscovery does not list it any more.
    pub(crate) absent_ms: Option<i64>,
    /// Whether it can tell what changed and takes batches.
    pub(crate) native: bool,
    pub(crate) reachable: bool,
    pub(crate) error: Option<String>,
}

/// AgentCenters, by the address of their API.
#[derive(Clone, Debug)]
pub(crate) struct Fleet {
    pub(crate) caller: Caller,
    pub(crate) plain: Caller,
    pub(crate) centers: Arc<Mutex<BTreeMap<String, Center>>>,
    /// The last answer of each ServiceDiscovery node: nothing, or why it failed.
    pub(crate) sd: Arc<Mutex<BTreeMap<String, Option<String>>>>,
}

impl Fleet {
    /// Returns whether `ip` is an AgentCenter's that ServiceDiscovery lists now. With `signs` those
    /// of ours do not count: they have keys and prove who they are.
    pub(crate) fn is_center(&self, ip: IpAddr, signs: bool) -> bool {
        let ip = ip.to_canonical();
        let is = |it: &Center| {
            let listed = it.instance.ip.parse::<IpAddr>().map(|it| it.to_canonical());
            it.absent_ms.is_none() && listed == Ok(ip) && !(signs && it.native)
        };
        self.centers.lock().values().any(is)
    }

    /// Returns what an AgentCenter is called: where agents reach it, or else its API.
    pub(crate) fn shown(&self, ac: &str) -> String {
        let centers = self.centers.lock();
        let stream = centers.get(ac).and_then(|it| it.stream.clone());
        stream.unwrap_or_else(|| ac.to_owned())
    }

    /// Makes a test of what AgentCenters are called one of the addresses of their APIs.
    pub(crate) fn by_api(&self, test: TextTest) -> TextTest {
        let centers = self.centers.lock();
        let called = |it: &Center, name: &str| it.stream.as_deref() == Some(name);
        let api = |name: String| {
            let found = centers.iter().find(|(_, it)| called(it, &name));
            found.map_or(name, |(ac, _)| ac.clone())
        };
        let apis = |names: Vec<String>| names.into_iter().map(api).collect();
        TextTest::Membership(match test {
            TextTest::Membership(Membership::In(names)) => Membership::In(apis(names)),
            TextTest::Membership(Membership::NotIn(names)) => Membership::NotIn(apis(names)),
            TextTest::Membership(other) => other,
            TextTest::Matches(text) => {
                let Ok(pattern) = pattern::read(&text) else { return TextTest::Matches(text) };
                let matches = |(ac, it): (&String, &Center)| {
                    pattern.is_match(it.stream.as_deref().unwrap_or(ac)).then(|| ac.clone())
                };
                // Agents that none holds have the empty text.
                let none = pattern.is_match("").then(String::new);
                Membership::In(centers.iter().filter_map(matches).chain(none).collect())
            }
        })
    }

    /// Sends orders to the AgentCenter at `ac`; one outcome each, in order.
    pub(crate) async fn send(&self, ac: &str, orders: Vec<Order>) -> Vec<Outcome> {
        let native = self.centers.lock().get(ac).is_some_and(|it| it.native);
        if native { self.batches(ac, orders).await } else { self.singly(ac, orders).await }
    }

    async fn batches(&self, ac: &str, orders: Vec<Order>) -> Vec<Outcome> {
        let mut outcomes = Vec::with_capacity(orders.len());
        for some in orders.chunks(MAX_BATCH) {
            let url = format!("https://{ac}{COMMAND_BATCH}");
            let batch = Batch { orders: some.to_vec() };
            match self.caller.post::<_, BatchReply>(&url, &batch, TIMEOUT).await {
                Ok(reply) if reply.errors.len() == some.len() => {
                    let outcome = |it: Option<String>| it.map_or(Outcome::Written, refused);
                    outcomes.extend(reply.errors.into_iter().map(outcome));
                }
                Ok(_) => {
                    let text = "AgentCenter answered for another number of orders".to_owned();
                    outcomes.extend(some.iter().map(|_| Outcome::Lost(text.clone())));
                }
                Err(error) => outcomes.extend(some.iter().map(|_| outcome_of(&error))),
            }
        }
        outcomes
    }

    async fn singly(&self, ac: &str, orders: Vec<Order>) -> Vec<Outcome> {
        let url = format!("https://{ac}{COMMAND}/");
        let sends = orders.into_iter().map(|order| {
            let url = url.as_str();
            async move {
                let sent = self.caller.post::<_, serde_json::Value>(url, &order, TIMEOUT).await;
                sent.map_or_else(|error| outcome_of(&error), |_| Outcome::Written)
            }
        });
        stream::iter(sends).buffered(SINGLE).collect().await
    }
}

/// Returns what a refusal of AgentCenter means: one text says that the order may still arrive.
fn refused(text: String) -> Outcome {
    if text == WRITE_TIMEOUT { Outcome::Lost(text) } else { Outcome::Refused(text) }
}

fn outcome_of(error: &ClientError) -> Outcome {
    match error {
        ClientError::Refused { envelope, .. } => refused(envelope.data.clone()),
        error if error.is_ambiguous() => Outcome::Lost(error.to_string()),
        // Nothing was sent: it stays queued, as if the agent had not been there.
        _ => Outcome::Refused(elk_api::center::NOT_FOUND.to_owned()),
    }
}
