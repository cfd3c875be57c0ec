//! Sends what waits.

use std::convert::Infallible;
use std::time::Duration;

use bytes::Bytes;
use elk_api::sinks::SinkKind;
use elk_life::{Stop, chain};
use futures_util::future::join_all;
use ring::hmac;
use tokio::time::{MissedTickBehavior, interval};

use super::Kept;
use super::store::{self, Attempt, Parcel};
use super::syslog::{self, Target};
use crate::app::App;
use crate::store::Result;

const TICK: Duration = Duration::from_millis(250);
/// How long a sink may take for one alert, or for a batch of messages.
const PATIENCE: Duration = Duration::from_secs(10);
/// What is sent to a sink in a row.
const BATCH: u64 = 20;
const FIRST_WAIT_MS: i64 = 1_000;
const LONGEST_WAIT_MS: i64 = 300_000;
const MAX_ERROR: usize = 256;

/// Sends what waits until asked to stop.
pub(crate) async fn run(app: App, stop: Stop) -> std::result::Result<(), Infallible> {
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while stop.until(ticks.tick()).await.is_some() {
        // What is under way when it stops is sent again: its id is the same.
        match stop.until(pass(&app)).await {
            Some(Err(error)) => {
                tracing::error!(error = %chain(&error), "could not note which alerts were sent");
            }
            Some(Ok(())) => {}
            None => break,
        }
    }
    Ok(())
}

async fn pass(app: &App) -> Result<()> {
    let now_ms = app.clock.unix_ms();
    let mut due = Vec::new();
    for kept in store::all(&app.store).await? {
        let waits = kept.sink.next_at.is_some_and(|it| it.as_millisecond() > now_ms);
        if kept.sink.waiting > 0 && !waits {
            let parcels = store::due(&app.store, &kept.sink.name, BATCH, now_ms).await?;
            due.push((kept, parcels));
        }
    }
    // Side by side, and without the database: one that is slow holds nothing up but itself.
    let sends = due.iter().map(async |(kept, parcels)| (kept, send(app, kept, parcels).await));
    for (kept, (sent, error)) in join_all(sends).await {
        let sink = &kept.sink;
        if let Some(error) = &error {
            tracing::warn!(sink = sink.name, error, "could not send alerts to {}", sink.name);
        }
        let next_ms = app.clock.unix_ms().saturating_add(wait_ms(kept.failures));
        let attempt = Attempt { sent, error, next_ms };
        store::note(&app.store, &sink.name, &attempt, app.clock.unix_ms()).await?;
    }
    Ok(())
}

/// Returns how long to wait after another failure.
fn wait_ms(failures: u32) -> i64 {
    FIRST_WAIT_MS.saturating_mul(1 << failures.min(10)).min(LONGEST_WAIT_MS)
}

/// Sends parcels in order until one fails; returns those that were taken.
pub(super) async fn send(
    app: &App,
    kept: &Kept,
    parcels: &[Parcel],
) -> (Vec<String>, Option<String>) {
    match kept.sink.kind {
        SinkKind::Webhook => post(app, kept, parcels).await,
        SinkKind::Syslog => {
            let Some(target) = Target::parse(&kept.sink.target) else {
                return (Vec::new(), Some("the target is none".to_owned()));
            };
            let host = app.address.as_str();
            let messages: Vec<_> =
                parcels.iter().map(|it| syslog::message(&it.body, host)).collect();
            let (count, error) = target.send(&messages, PATIENCE).await;
            (parcels.iter().take(count).map(|it| it.id.clone()).collect(), error.map(told))
        }
    }
}

async fn post(app: &App, kept: &Kept, parcels: &[Parcel]) -> (Vec<String>, Option<String>) {
    let secret = kept.secret.as_deref().unwrap_or_default();
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let mut sent = Vec::new();
    for Parcel { id, body } in parcels {
        let timestamp = app.clock.unix().to_string();
        let signed = hmac::sign(&key, format!("{timestamp}.{id}.{body}").as_bytes());
        let hex: String = signed.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        let headers = [
            ("elk-timestamp", timestamp),
            ("elk-delivery", id.clone()),
            ("elk-signature", format!("v1={hex}")),
        ];
        let json = Bytes::copy_from_slice(body.as_bytes());
        let posted = app.hook.post(&kept.sink.target, &headers, json, PATIENCE).await;
        if let Err(error) = posted {
            return (sent, Some(told(chain(&error).to_string())));
        }
        sent.push(id.clone());
    }
    (sent, None)
}

fn told(mut error: String) -> String {
    error.truncate(error.floor_char_boundary(MAX_ERROR));
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_fails_again_and_again_is_tried_less_and_less_but_never_given_up() {
        let waits: Vec<_> = [0, 1, 2, 8, 9, 1_000, u32::MAX].map(wait_ms).to_vec();
        assert_eq!(waits, [1_000, 2_000, 4_000, 256_000, 300_000, 300_000, 300_000]);
    }
}
