//! Audit events that API servers of Kubernetes post: each cluster has a certificate with its id as the
//! name, and the Manager says which clusters there are.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Extension, Router};
use elk_bus::{Bus, Value};
use elk_life::{Stop, chain};
use elk_trust::common_name;
use elk_web::{ClientCertificate, enveloped, go_json, go_text, not_found_as_gin};
use elk_wire::audit::AuditList;
use futures_util::StreamExt as _;
use http::StatusCode;
use parking_lot::Mutex;
use prometheus::{IntCounter, IntCounterVec, Opts, Registry};
use serde_json::json;
use tokio::sync::{Notify, Semaphore};
use tokio::time::{interval, sleep, timeout};

use crate::center::Center;

/// Where the Manager tells which clusters there are.
const CLUSTERS: &str = "/api/v6/kube/inner/cluster/list";
const POST: &str = "/rawdata/audit";
const REFRESH: Duration = Duration::from_secs(60);
/// A cluster that is not known makes AgentCenter ask sooner, but not sooner than so.
const SOONEST: Duration = Duration::from_secs(5);
const LIMIT: Duration = Duration::from_secs(5);
/// The most clusters of one list.
const MAX_CLUSTERS: usize = 10_000;
/// A cluster that posted nothing for so long is not shown as connected.
const PRESENT_MS: i64 = 120_000;
/// Lists that are read at a time.
const BODIES: usize = 4;

/// What is known of clusters, and where their events go.
#[derive(Debug)]
pub(crate) struct Audit {
    /// None: the listener is off.
    bus: Option<Bus>,
    /// None until the Manager told them once.
    clusters: Mutex<Option<BTreeSet<String>>>,
    seen_ms: Mutex<BTreeMap<String, i64>>,
    /// Told when somebody came who is not among them.
    missed: Notify,
    bodies: Semaphore,
    taken: IntCounter,
    shed: IntCounter,
    refused: IntCounterVec,
}

impl Audit {
    pub(crate) fn new(bus: Option<Bus>, registry: &Registry) -> Result<Self, prometheus::Error> {
        let taken = IntCounter::new("elk_ac_audit_events_total", "Audit events that were taken")?;
        let shed = "Audit events that the bus did not take; the API server sends them again";
        let shed = IntCounter::new("elk_ac_audit_shed_total", shed)?;
        let refused = Opts::new("elk_ac_audit_refused_total", "Lists of audit events refused");
        let refused = IntCounterVec::new(refused, &["reason"])?;
        if bus.is_some() {
            registry.register(Box::new(taken.clone()))?;
            registry.register(Box::new(shed.clone()))?;
            registry.register(Box::new(refused.clone()))?;
        }
        Ok(Self {
            bus,
            clusters: Mutex::default(),
            seen_ms: Mutex::default(),
            missed: Notify::new(),
            bodies: Semaphore::new(BODIES),
            taken,
            shed,
            refused,
        })
    }

    /// Returns the clusters that posted of late.
    pub(crate) fn present(&self, now_ms: i64) -> Vec<String> {
        let mut seen = self.seen_ms.lock();
        seen.retain(|_, at_ms| (0..=PRESENT_MS).contains(&now_ms.saturating_sub(*at_ms)));
        seen.keys().cloned().collect()
    }

    fn refuse(&self, reason: &str) {
        self.refused.with_label_values(&[reason]).inc();
    }

    /// Writes out what was taken.
    pub(crate) async fn flush(&self) {
        let Some(bus) = &self.bus else { return };
        if let Err(error) = bus.flush().await {
            tracing::error!(%error, "the last audit events are not on disk");
        }
    }
}

/// Asks the Manager which clusters there are, until asked to stop; the last answer counts.
pub(crate) async fn run(center: Arc<Center>, stop: Stop) -> Result<(), Infallible> {
    let mut ticks = interval(REFRESH);
    let mut again = async || {
        tokio::select! {
            _ = ticks.tick() => {}
            () = center.audit.missed.notified() => {}
        }
    };
    while stop.until(again()).await.is_some() {
        if stop.until(ask(&center)).await.is_none() || stop.until(sleep(SOONEST)).await.is_none() {
            break;
        }
    }
    Ok(())
}

async fn ask(center: &Center) {
    let list = match center.manager.get::<Option<Vec<String>>>(CLUSTERS, LIMIT).await {
        Ok(list) => list.unwrap_or_default(),
        Err(error) => {
            let error = chain(&error);
            tracing::warn!(%error, "the Manager did not say which clusters there are");
            return;
        }
    };
    if list.len() > MAX_CLUSTERS {
        tracing::warn!(count = list.len(), MAX_CLUSTERS, "some clusters are left out");
    }
    *center.audit.clusters.lock() = Some(list.into_iter().take(MAX_CLUSTERS).collect());
}

/// Returns the route.
pub(crate) fn router(center: Arc<Center>) -> Router {
    Router::new()
        .route(POST, post(take))
        .fallback(not_found_as_gin)
        .method_not_allowed_fallback(not_found_as_gin)
        .with_state(center)
}

/// One record.
struct Bytes(Vec<u8>);

impl Value for Bytes {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.0);
    }
}

async fn take(
    State(center): State<Arc<Center>>,
    Extension(shown): Extension<ClientCertificate>,
    request: Request,
) -> Response {
    let audit = &center.audit;
    let cluster = match cluster(audit, &shown) {
        Ok(cluster) => cluster,
        Err(answer) => {
            discard(request.into_body(), center.config.audit.max_body_bytes).await;
            return answer;
        }
    };
    let Some(bus) = &audit.bus else { return StatusCode::NOT_FOUND.into_response() };
    // The semaphore lives as long as this process.
    let _place = audit.bodies.acquire().await;
    let list = match read(&center, request.into_body()).await {
        Ok(list) => list,
        Err(answer) => return answer,
    };
    let records: Result<Vec<_>, _> = list.records(&cluster).map(|it| it.map(Bytes)).collect();
    let records = match records {
        Ok(records) => records,
        Err(error) => return unreadable(audit, &error.to_string()),
    };
    let count = records.len() as u64;
    audit.seen_ms.lock().insert(cluster.clone(), center.clock.unix_ms());
    match bus.append(cluster.as_bytes(), records.into_iter()) {
        Ok(()) => {
            audit.taken.inc_by(count);
            enveloped(0, "success", "ok")
        }
        Err(full) => {
            audit.shed.inc_by(full.shed.get());
            let answer = json!({"code": 1, "msg": "failed", "data": full.to_string()});
            go_json(StatusCode::SERVICE_UNAVAILABLE, &answer)
        }
    }
}

/// Returns the cluster that a certificate names, if there is such a one.
fn cluster(audit: &Audit, shown: &ClientCertificate) -> Result<String, Response> {
    let name = common_name(&shown.0);
    let known = audit.clusters.lock();
    let Some(clusters) = known.as_ref() else {
        audit.missed.notify_one();
        audit.refuse("not_yet");
        let data = "the Manager has not said yet which clusters there are";
        let answer = json!({"code": 1, "msg": "failed", "data": data});
        return Err(go_json(StatusCode::SERVICE_UNAVAILABLE, &answer));
    };
    name.filter(|it| clusters.contains(it)).ok_or_else(|| {
        audit.missed.notify_one();
        audit.refuse("unknown_cluster");
        enveloped(3, "failed", "cluster uuid is not found")
    })
}

/// Lets a list that is not wanted pass, so that whoever sends it gets to read the answer: HTTP/2 ends
/// the stream of a body that nobody reads.
async fn discard(body: Body, most: usize) {
    let mut parts = body.into_data_stream();
    let mut seen = 0_usize;
    let passing = async {
        while let Some(Ok(part)) = parts.next().await {
            seen = seen.saturating_add(part.len());
            if seen > most {
                break;
            }
        }
    };
    // An error means that it is too slow for an answer.
    drop(timeout(LIMIT, passing).await);
}

async fn read(center: &Center, body: Body) -> Result<AuditList, Response> {
    let Ok(bytes) = to_bytes(body, center.config.audit.max_body_bytes).await else {
        center.audit.refuse("too_large");
        return Err(StatusCode::PAYLOAD_TOO_LARGE.into_response());
    };
    AuditList::parse(&bytes).map_err(|error| unreadable(&center.audit, &chain(&error).to_string()))
}

fn unreadable(audit: &Audit, why: &str) -> Response {
    audit.refuse("unreadable");
    let answer = json!({"code": 2, "msg": "param invalid", "data": why});
    go_text(StatusCode::BAD_REQUEST, &answer)
}
