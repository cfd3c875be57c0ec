//! What is done with each message: records go to the bus, heartbeats and results also to control.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use bytes::Bytes;
use elk_bus::Value;
use elk_model::data_type::{AGENT_HEARTBEAT, PLUGIN_HEARTBEAT, is_log, is_task_result};
use elk_wire::item;
use elk_wire::mqdata::Tail;
use elk_wire::record::{Message, Record};
use serde_json::value::RawValue;
use serde_json::{Map, Value as Json};

use crate::center::Center;
use crate::detail;
use crate::session::Session;

/// Longest name of a plugin that is shown; real ones have letters, digits, `_` and `-`.
const MAX_NAME: usize = 64;
/// Heartbeats of one message that are shown; an agent that was cut off for an hour has 64, and so
/// many for each plugin.
const MAX_BEATS: usize = 1_024;
/// Most bytes of a heartbeat as JSON; real ones have less than 2 KiB.
const MAX_INFO: usize = 128 << 10;
/// Most bytes of a plugin's heartbeat as JSON.
const MAX_PLUGIN_INFO: usize = 32 << 10;
/// Most bytes of a task's result as JSON; what is longer keeps the beginning of each value.
const MAX_RESULT: usize = 1 << 20;
/// What a result that is too long keeps.
const MAX_KEYS: usize = 64;
const MAX_KEY: usize = 256;
const MAX_VALUE: usize = 1_024;

/// By how many bytes the records of a message may grow, all together, by what they share. Those
/// of a real agent grow by less than 1 MiB.
const MAX_GROWTH: usize = 64 << 20;

/// A message of many records that share so much that they would fill memory and disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{records} records share {shared} bytes each: more than {MAX_GROWTH} bytes in all")]
pub(crate) struct TooMuchShared {
    records: usize,
    shared: usize,
}

/// Takes one message of `session`.
pub(crate) fn take(
    center: &Center,
    session: &Session,
    message: &Message,
) -> Result<(), TooMuchShared> {
    let now_ms = center.clock.unix_ms();
    let now = now_ms.div_euclid(1_000);
    let tag = {
        let mut state = session.state.lock();
        state.facts.seen = now;
        Arc::clone(&state.tag)
    };
    let tail = Tail::new(message, now, &tag);
    let count = message.records().len();
    let shared = tail.size();
    if count.saturating_mul(shared) > MAX_GROWTH {
        return Err(TooMuchShared { records: count, shared });
    }
    let (mut run_type, mut run, mut beats) = (0, 0_u64, 0);
    for record in message.records() {
        if record.data_type != run_type && run > 0 {
            center.metrics.of_type(run_type).inc_by(run);
            run = 0;
        }
        (run_type, run) = (record.data_type, run + 1);
        if matches!(record.data_type, AGENT_HEARTBEAT | PLUGIN_HEARTBEAT) {
            beats += 1;
            if beats > MAX_BEATS {
                center.metrics.bounds.beats_ignored.inc();
                continue;
            }
        }
        control(center, session, message, record, now_ms);
    }
    if run > 0 {
        center.metrics.of_type(run_type).inc_by(run);
    }
    session.records.fetch_add(count as u64, Ordering::Relaxed);
    let entries = message.records().map(|record| Entry { tail: &tail, record });
    if count > 0
        && let Err(full) = center.bus.append(&message.agent_id, entries)
    {
        center.metrics.shed.inc_by(full.shed.get());
    }
    Ok(())
}

/// A record with what its message shares.
struct Entry<'a> {
    tail: &'a Tail,
    record: Record<'a>,
}

impl Value for Entry<'_> {
    fn write(&self, out: &mut Vec<u8>) {
        self.tail.write(self.record, out);
    }

    fn is_control(&self) -> bool {
        let kind = self.record.data_type;
        matches!(kind, AGENT_HEARTBEAT | PLUGIN_HEARTBEAT) || is_task_result(kind)
    }
}

fn control(center: &Center, session: &Session, message: &Message, record: Record<'_>, now_ms: i64) {
    match record.data_type {
        AGENT_HEARTBEAT => heartbeat(center, session, message, record, now_ms),
        PLUGIN_HEARTBEAT => plugin_heartbeat(center, session, record, now_ms),
        kind if is_task_result(kind) => match result(center, record) {
            Some(line) => center.outbox.push(&line),
            None => tracing::debug!(agent.id = %session.id, kind, "a task result is no item"),
        },
        kind if is_log(kind) && tracing::enabled!(tracing::Level::DEBUG) => {
            let text: Vec<_> = item::pairs(record.body).flatten().take(32).collect();
            let text: Vec<_> =
                text.iter().map(|(key, value)| (item::text(key), item::text(value))).collect();
            tracing::debug!(agent.id = %session.id, kind, ?text, "an agent logged an error");
        }
        _ => {}
    }
}

fn heartbeat(
    center: &Center,
    session: &Session,
    message: &Message,
    record: Record<'_>,
    now_ms: i64,
) {
    let Some(mut detail) = detail::read(record.body) else {
        tracing::debug!(agent.id = %session.id, "a heartbeat is no item");
        return;
    };
    let fields = &mut detail.fields;
    let mut put = |key: &str, value: Json| drop(fields.insert(key.to_owned(), value));
    put("agent_id", session.id.as_str().into());
    put("agent_addr", shown(session.addr).into());
    put("create_at", session.connected_at_ms.div_euclid(1_000).into());
    put("last_heartbeat_time", now_ms.div_euclid(1_000).into());
    put("intranet_ipv4", list(&message.intranet_ipv4));
    put("extranet_ipv4", list(&message.extranet_ipv4));
    put("intranet_ipv6", list(&message.intranet_ipv6));
    put("extranet_ipv6", list(&message.extranet_ipv6));
    put("version", item::text(&message.version).into());
    put("hostname", item::text(&message.hostname).into());
    put("product", item::text(&message.product).into());
    let Some(info) = raw(center, &detail.fields, MAX_INFO) else { return };
    center.fleet.beat(session, (info, detail.gauges, detail.boot_time), now_ms);
    if !session.configured.swap(true, Ordering::Relaxed) {
        center.configs.ask(session.number, &session.id);
    }
}

fn plugin_heartbeat(center: &Center, session: &Session, record: Record<'_>, now_ms: i64) {
    let Some(mut detail) = detail::read(record.body) else { return };
    let Some(Json::String(name)) = detail.fields.get("name") else { return };
    let name = name.clone();
    let plain = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-' | b'.');
    if name.is_empty() || name.len() > MAX_NAME || !name.bytes().all(plain) {
        tracing::debug!(agent.id = %session.id, ?name, "a plugin has no usable name");
        return;
    }
    detail.fields.insert("last_heartbeat_time".to_owned(), now_ms.div_euclid(1_000).into());
    let Some(info) = raw(center, &detail.fields, MAX_PLUGIN_INFO) else { return };
    center.fleet.beat_plugin(session, (&name, info, detail.gauges), now_ms);
}

/// Returns the fields of a result as a line of JSON; `None` if the body is no item.
fn result(center: &Center, record: Record<'_>) -> Option<Vec<u8>> {
    let mut fields = Map::new();
    for pair in item::pairs(record.body) {
        let (key, value) = pair.ok()?;
        fields.insert(item::text(key).into_owned(), item::text(value).into());
    }
    fields.insert("data_type".to_owned(), record.data_type.to_string().into());
    let line = serde_json::to_vec(&fields).ok()?;
    if line.len() <= MAX_RESULT {
        return Some(line);
    }
    center.metrics.bounds.results_cut.inc();
    serde_json::to_vec(&shortened(fields)).ok()
}

/// Keeps the beginning of each value of a result that nobody would take whole.
fn shortened(mut fields: Map<String, Json>) -> Map<String, Json> {
    let first = ["token", "data_type", "status", "msg"].map(str::to_owned);
    let first = first.map(|key| fields.remove(&key).map(|value| (key, value)));
    let rest = fields.into_iter().filter(|(key, _)| key.len() <= MAX_KEY);
    let kept = first.into_iter().flatten().chain(rest).take(MAX_KEYS);
    let mut kept: Map<_, _> = kept
        .map(|(key, value)| {
            let text = value.as_str().unwrap_or_default();
            (key, text.get(..text.floor_char_boundary(MAX_VALUE)).unwrap_or_default().into())
        })
        .collect();
    kept.insert("truncated".to_owned(), "true".into());
    kept
}

fn raw(center: &Center, fields: &Map<String, Json>, max: usize) -> Option<Box<RawValue>> {
    let raw = serde_json::value::to_raw_value(fields).ok()?;
    if raw.get().len() > max {
        center.metrics.bounds.beats_ignored.inc();
        return None;
    }
    Some(raw)
}

fn list(addresses: &[Bytes]) -> Json {
    addresses.iter().take(64).map(|it| Json::from(item::text(it))).collect()
}

fn shown(addr: SocketAddr) -> String {
    SocketAddr::new(addr.ip().to_canonical(), addr.port()).to_string()
}

/// Returns when the host of a message was started, if a heartbeat in it says so.
pub(crate) fn boot_time(message: &Message) -> Option<i64> {
    let beat = message.records().find(|record| record.data_type == AGENT_HEARTBEAT)?;
    detail::read(beat.body)?.boot_time
}
