//! This AgentCenter's two entries at ServiceDiscovery.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use elk_api::registry::{EVICT, REGISTER, RENEW_SECONDS, Registration};
use elk_client::reference::Payload;
use elk_life::{Stop, chain};
use serde_json::json;
use tokio::time::sleep;

use crate::backoff::pause;
use crate::center::Center;
use crate::peers::{CallError, Peers};

const LIMIT: Duration = Duration::from_secs(3);
const RENEW: Duration = Duration::from_secs(RENEW_SECONDS);

/// What is registered.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) ip: String,
    pub(crate) grpc: u16,
    pub(crate) http: u16,
}

/// Renews the entries until asked to stop, whatever fails; then removes them.
pub(crate) async fn run(
    center: Arc<Center>,
    sd: Peers,
    entry: Entry,
    stop: Stop,
) -> Result<(), Infallible> {
    let mut failures = 0;
    loop {
        let weight = i64::try_from(center.fleet.count()).unwrap_or(i64::MAX);
        let wait = match stop.until(Box::pin(both(&sd, &entry, REGISTER, weight))).await {
            None => break,
            Some(Ok(())) => {
                if failures > 0 {
                    tracing::info!("registered again");
                }
                failures = 0;
                RENEW
            }
            Some(Err(error)) => {
                failures += 1;
                tracing::warn!(error = %chain(&error), "cannot register at ServiceDiscovery; trying again");
                pause(failures, RENEW)
            }
        };
        if stop.until(sleep(wait)).await.is_none() {
            break;
        }
    }
    if let Err(error) = Box::pin(both(&sd, &entry, EVICT, 0)).await {
        tracing::warn!(error = %chain(&error), "cannot take the registration back");
    }
    Ok(())
}

async fn both(sd: &Peers, entry: &Entry, path: &str, weight: i64) -> Result<(), CallError> {
    for (suffix, port) in [("http", entry.http), ("grpc", entry.grpc)] {
        let registration = Registration {
            name: format!("{}_{suffix}", entry.name),
            ip: entry.ip.clone(),
            port,
            weight,
            extra: json!({"native": "elk", "version": env!("CARGO_PKG_VERSION")}),
        };
        let body = serde_json::to_vec(&registration)
            .map_err(|error| CallError::Unreadable(error.to_string()))?;
        sd.ask(path, Payload::json(body), LIMIT).await?;
    }
    Ok(())
}
