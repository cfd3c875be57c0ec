//! Counters, under the names that dashboards of the reference query.

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::StatusCode;
use prometheus::{IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry};

use crate::http::App;
use crate::seal::Dropped;

/// Paths that are not counted, as with the reference.
const QUIET: [&str; 2] = ["/ping", "/metrics"];

#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    /// Answers by route and status; `""` is any path that is no route.
    api: IntCounterVec,
    instances: IntGaugeVec,
    /// Registrations that were not taken.
    pub(crate) refused: IntCounter,
    /// Datagrams by what became of them.
    datagrams: IntCounterVec,
    peers: IntGauge,
}

const TAKEN: &str = "taken";

impl Metrics {
    pub(crate) fn new() -> Result<Self, prometheus::Error> {
        let api = Opts::new("elkeid_sd_http_api", "Answers by route and status");
        let instances = Opts::new("elkeid_sd_registry_list", "Registered instances by service");
        let datagrams = Opts::new("elk_sd_datagrams_total", "Datagrams of a cluster by result");
        let metrics = Self {
            registry: Registry::new(),
            api: IntCounterVec::new(api, &["path", "code"])?,
            instances: IntGaugeVec::new(instances, &["name"])?,
            refused: IntCounter::new("elk_sd_refused_total", "Registrations that were not taken")?,
            datagrams: IntCounterVec::new(datagrams, &["result"])?,
            peers: IntGauge::new("elk_sd_peers_present", "Other nodes that answered of late")?,
        };
        for result in Dropped::ALL.map(Dropped::name).into_iter().chain([TAKEN]) {
            metrics.datagrams.with_label_values(&[result]);
        }
        metrics.registry.register(Box::new(metrics.datagrams.clone()))?;
        metrics.registry.register(Box::new(metrics.peers.clone()))?;
        metrics.registry.register(Box::new(metrics.api.clone()))?;
        metrics.registry.register(Box::new(metrics.instances.clone()))?;
        metrics.registry.register(Box::new(metrics.refused.clone()))?;
        Ok(metrics)
    }

    /// Counts a datagram that was not heard.
    pub(crate) fn dropped(&self, why: Dropped) {
        self.datagrams.with_label_values(&[why.name()]).inc();
    }

    /// Counts one that was.
    pub(crate) fn taken(&self) {
        self.datagrams.with_label_values(&[TAKEN]).inc();
    }

    pub(crate) fn show_peers(&self, present: usize) {
        self.peers.set(i64::try_from(present).unwrap_or(i64::MAX));
    }

    /// Answers with all of them; `services` are the instances by service at present.
    pub(crate) fn show(&self, services: impl IntoIterator<Item = (String, usize)>) -> Response {
        self.instances.reset();
        for (name, count) in services {
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            self.instances.with_label_values(&[&name]).set(count);
        }
        elk_boot::admin::metrics(&self.registry)
    }
}

/// Counts an answer. The labels are routes of ours and statuses we give: a client adds none.
pub(crate) async fn count(State(app): State<App>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let path = match &route {
        Some(route) if response.status() != StatusCode::NOT_FOUND => route.as_str(),
        _ => "",
    };
    if !QUIET.contains(&path) {
        app.metrics.api.with_label_values(&[path, response.status().as_str()]).inc();
    }
    response
}
