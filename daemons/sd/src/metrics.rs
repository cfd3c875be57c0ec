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
    /// Changes of nodes of the reference that were not taken.
    pub(crate) sync_refused: IntCounter,
    /// Calls to nodes of the reference that failed.
    pub(crate) sync_failed: IntCounter,
}

const TAKEN: &str = "taken";

impl Metrics {
    /// Shows what concerns other nodes only where there are any.
    pub(crate) fn new(clustered: bool, synced: bool) -> Result<Self, prometheus::Error> {
        let api = Opts::new("elkeid_sd_http_api", "Answers by route and status");
        let instances = Opts::new("elkeid_sd_registry_list", "Registered instances by service");
        let datagrams = Opts::new("elk_sd_datagrams_total", "Datagrams of a cluster by result");
        let metrics = Self {
            registry: Registry::new(),
            api: IntCounterVec::new(api, &["path", "code"])?,
            instances: IntGaugeVec::new(instances, &["name"])?,
            refused: IntCounter::new("elk_sd_refused_total", "Registrations that were not taken")?,
            datagrams: IntCounterVec::new(datagrams, &["result"])?,
            sync_refused: IntCounter::new(
                "elk_sd_sync_refused_total",
                "Changes of nodes of the reference that were not taken",
            )?,
            sync_failed: IntCounter::new(
                "elk_sd_sync_failed_total",
                "Calls to nodes of the reference that failed",
            )?,
            peers: IntGauge::new("elk_sd_peers_present", "Other nodes that answered of late")?,
        };
        for result in Dropped::ALL.map(Dropped::name).into_iter().chain([TAKEN]) {
            metrics.datagrams.with_label_values(&[result]);
        }
        if synced {
            metrics.registry.register(Box::new(metrics.sync_refused.clone()))?;
            metrics.registry.register(Box::new(metrics.sync_failed.clone()))?;
        }
        if clustered {
            metrics.registry.register(Box::new(metrics.datagrams.clone()))?;
            metrics.registry.register(Box::new(metrics.peers.clone()))?;
        }
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
