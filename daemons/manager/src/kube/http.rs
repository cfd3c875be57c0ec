//! HTTP for clusters of Kubernetes.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::Router;
use axum::extract::{Extension, State};
use elk_api::kube::{self, Added, CertificateRequest, Issued, KubeCluster, NewKubeCluster};
use elk_api::{Cursor, ListQuery, Page, center};
use elk_life::chain;
use elk_trust::SERVER_NAME;
use elk_web::{ApiError, Caller, Json, Mount as _, Path, Query};
use futures_util::StreamExt as _;
use futures_util::stream;
use http::StatusCode;
use uuid::Uuid;

use super::store::{self, Addition};
use super::{is_id, is_name};
use crate::app::App;
use crate::failure::{ApiResult, conflict, internal, invalid, not_found};
use crate::page;

/// How long an AgentCenter may take to say which clusters it hears.
const PATIENCE: Duration = Duration::from_secs(2);
/// AgentCenters that are asked at a time.
const ASKED: usize = 16;
const MAX_REQUEST: usize = 16 << 10;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .at::<kube::List>()
        .to(list)
        .at::<kube::Add>()
        .to(add)
        .at::<kube::Issue>()
        .to(issue)
        .at::<kube::Remove>()
        .to(remove)
}

async fn list(
    State(app): State<App>,
    Query(query): Query<ListQuery>,
) -> ApiResult<Json<Page<KubeCluster>>> {
    let limit = page::limit(query.limit)?;
    let after = page::after(query.cursor.as_ref())?;
    let mut items = store::list(&app.store, after, limit + 1).await.map_err(internal)?;
    let total = store::count(&app.store).await.map_err(internal)?;
    if !items.is_empty() {
        let heard = Heard::ask(&app).await;
        for item in &mut items {
            item.reporting = heard.tells(&item.id);
        }
    }
    let cursor = |it: &KubeCluster| Cursor { after: vec![it.name.clone()] };
    Ok(Json(page::cut(items, limit, total, app.clock.now(), cursor)))
}

/// Which clusters AgentCenters hear.
struct Heard {
    clusters: BTreeSet<String>,
    /// Whether all of them, and at least one, said so.
    complete: bool,
}

impl Heard {
    async fn ask(app: &App) -> Self {
        let urls: Vec<_> = {
            let centers = app.fleet.centers.lock();
            let listed = centers.iter().filter(|(_, it)| it.absent_ms.is_none());
            listed.map(|(address, _)| format!("https://{address}{}", center::CLUSTERS)).collect()
        };
        let mut heard = Self { clusters: BTreeSet::new(), complete: !urls.is_empty() };
        let ask = |url: String| async move {
            app.fleet.caller.get::<Option<Vec<String>>>(&url, PATIENCE).await
        };
        let mut answers = stream::iter(urls).map(ask).buffer_unordered(ASKED);
        while let Some(answer) = answers.next().await {
            match answer {
                Ok(list) => heard.clusters.extend(list.unwrap_or_default()),
                Err(error) => {
                    heard.complete = false;
                    let error = chain(&error);
                    tracing::debug!(%error, "an AgentCenter did not say which clusters it hears");
                }
            }
        }
        heard
    }

    fn tells(&self, id: &str) -> Option<bool> {
        let heard = self.clusters.contains(id);
        (heard || self.complete).then_some(heard)
    }
}

async fn add(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Json(new): Json<NewKubeCluster>,
) -> ApiResult<Json<Added>> {
    let rule = "1 to 64 characters of A-Z a-z 0-9 . _ - that begin with none of . -";
    if !is_name(&new.name) {
        return Err(invalid("invalid_name", format!("name: a cluster's name has {rule}")));
    }
    let id = new.id.unwrap_or_else(|| Uuid::new_v4().to_string());
    if !is_id(&id) {
        let detail =
            format!("id: a cluster's id has {rule}, and is not the name in agents' certificates");
        return Err(invalid("invalid_id", detail));
    }
    let issued = new.request.map(|request| sign(&app, &id, &request)).transpose()?;
    let cluster = KubeCluster {
        id,
        name: new.name,
        reporting: None,
        created_by: caller.user,
        created_at: app.clock.now(),
    };
    match store::add(&app.store, &cluster).await.map_err(internal)? {
        Addition::Done => {
            tracing::info!(id = cluster.id, "{} added the cluster", cluster.created_by);
            Ok(Json(Added { cluster, issued }))
        }
        Addition::Taken => {
            let (id, name) = (cluster.id, cluster.name);
            let detail = format!("there is a cluster {name} or one with the id {id} already");
            Err(conflict("cluster_exists", detail))
        }
        Addition::Full => {
            Err(conflict("too_many_clusters", "there are as many clusters as there can be"))
        }
    }
}

async fn issue(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(cluster): Path<String>,
    Json(asked): Json<CertificateRequest>,
) -> ApiResult<Json<Issued>> {
    let cluster = found(&app, &cluster).await?;
    let issued = sign(&app, &cluster.id, &asked.request)?;
    tracing::info!(id = cluster.id, "{} had a certificate issued", caller.user);
    Ok(Json(issued))
}

async fn remove(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(cluster): Path<String>,
) -> ApiResult<Json<KubeCluster>> {
    let cluster = found(&app, &cluster).await?;
    if !store::remove(&app.store, &cluster.id).await.map_err(internal)? {
        return Err(absent(&cluster.id));
    }
    tracing::info!(id = cluster.id, "{} removed the cluster", caller.user);
    Ok(Json(cluster))
}

async fn found(app: &App, text: &str) -> ApiResult<KubeCluster> {
    store::find(&app.store, text).await.map_err(internal)?.ok_or_else(|| absent(text))
}

fn absent(text: &str) -> ApiError {
    let text: String = text.chars().take(64).collect();
    not_found("cluster_not_found", format!("there is no cluster {text:?}"))
}

fn sign(app: &App, id: &str, request: &str) -> ApiResult<Issued> {
    let Some(authority) = &app.issuer.authority else {
        let detail = "this Manager has no authority that issues certificates (kube.authority)";
        return Err(ApiError::new(StatusCode::NOT_IMPLEMENTED, "no_authority", detail));
    };
    let refused = |why: String| invalid("invalid_request", format!("request: {why}"));
    if request.len() > MAX_REQUEST {
        return Err(refused("it is larger than 16 KiB".to_owned()));
    }
    let certificate = authority.issue_requested(id, request).map_err(|error| {
        refused(format!("it is no request for a certificate: {}", error.source))
    })?;
    Ok(Issued {
        certificate,
        authority: authority.pem().cert.clone(),
        server_name: SERVER_NAME.to_owned(),
        url: app.issuer.url.get().cloned(),
    })
}
