//! The loops that ask ServiceDiscovery for AgentCenters, and that register with it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use elk_api::events::EventType;
use elk_api::registry::{
    AC_NAME, DETAIL, EVICT, Instance, MANAGER_NAME, REGISTER, RENEW_SECONDS, Registration,
};
use elk_life::{Stop, Tasks, chain};
use futures_util::future::{join, join_all};
use tokio::sync::Semaphore;
use tokio::time::sleep;

use super::Center;
use super::talk::Talk;
use crate::agents::observe;
use crate::app::App;
use crate::events::Draft;

const LOOK_UP: Duration = Duration::from_secs(2);
/// While there is no AgentCenter at all.
const FIRST_LOOK_UP: Duration = Duration::from_millis(250);
const SD_TIMEOUT: Duration = Duration::from_secs(3);
/// AgentCenters that are taken from ServiceDiscovery.
const MAX_CENTERS: usize = 1_024;
/// An AgentCenter that answers may be missing in ServiceDiscovery this long: a ServiceDiscovery
/// that started anew hears of it only with the next renewal.
const ABSENCE_MS: i64 = 60_000;
/// Answers that list all agents, under way at a time.
const FULL_LISTS: usize = 16;

/// Asks until asked to stop; every AgentCenter on its own, so that none waits for another.
pub(crate) async fn run(app: App, stop: Stop) -> Result<(), Infallible> {
    let tasks = Tasks::new(MAX_CENTERS);
    let (lists, writes) = (Arc::new(Semaphore::new(FULL_LISTS)), Arc::new(Semaphore::new(1)));
    let mut talks: HashMap<String, Stop> = HashMap::new();
    let mut settled = false;
    loop {
        let Some(found) = stop.until(look_up(&app)).await else { break };
        // Without any answer what was known still stands.
        if let Some(found) = found {
            let gone = settle(&app, found);
            for ac in &gone {
                tracing::warn!(ac, "AgentCenter {ac} left ServiceDiscovery");
                tell(&app, "center.left", ac);
                if let Some(talk) = talks.remove(ac) {
                    talk.now();
                }
            }
            if !gone.is_empty() || !settled {
                settled = disconnect_others(&app).await;
            }
        }
        let known: Vec<String> = app.fleet.centers.lock().keys().cloned().collect();
        for ac in &known {
            if talks.contains_key(ac) {
                continue;
            }
            let end = stop.child();
            let (lists, writes) = (Arc::clone(&lists), Arc::clone(&writes));
            let talk = Talk::new(App::clone(&app), ac.clone(), end.clone(), (lists, writes));
            // One that was stopped just now may still have its place: then it is tried again.
            if tasks.try_spawn(talk.run()).is_ok() {
                talks.insert(ac.clone(), end);
            }
        }
        let wait = if known.is_empty() { FIRST_LOOK_UP } else { LOOK_UP };
        if stop.until(sleep(wait)).await.is_none() {
            break;
        }
    }
    tasks.drain(Duration::from_secs(5)).await;
    Ok(())
}

/// Asks every ServiceDiscovery node at once; `None` if none answered.
async fn look_up(app: &App) -> Option<BTreeMap<String, Listed>> {
    let asks = app.config.sd.addrs.iter().map(|base| async move {
        let ask = async |kind| {
            let url = format!("{base}{DETAIL}?name={AC_NAME}_{kind}");
            app.fleet.plain.get::<Vec<Instance>>(&url, SD_TIMEOUT).await
        };
        let (answer, streams) = join(ask("http"), ask("grpc")).await;
        (base, answer, streams.unwrap_or_default())
    });
    let mut found: Option<BTreeMap<String, Instance>> = None;
    let mut streams: BTreeSet<(String, u16)> = BTreeSet::new();
    for (base, answer, some) in join_all(asks).await {
        let error = answer.as_ref().err().map(|error| chain(error).to_string());
        app.fleet.sd.lock().insert(base.clone(), error);
        streams.extend(some.into_iter().map(|it| (it.ip, it.port)));
        if let Ok(instances) = answer {
            let named =
                instances.into_iter().filter_map(|it| Some((authority(&it.ip, it.port)?, it)));
            found.get_or_insert_default().extend(named);
        }
    }
    found.map(|it| with_streams(it, &streams))
}

/// What ServiceDiscovery says of an AgentCenter.
#[derive(Debug)]
struct Listed {
    instance: Instance,
    /// Where agents reach it, if that is known.
    stream: Option<String>,
}

/// Adds where agents reach each AgentCenter: that is listed apart, and only its host ties the two.
fn with_streams(
    found: BTreeMap<String, Instance>,
    streams: &BTreeSet<(String, u16)>,
) -> BTreeMap<String, Listed> {
    let alone = |ip: &str| found.values().filter(|it| it.ip == ip).count() == 1;
    let stream = |ip: &str| {
        let mut here = streams.iter().filter(|it| it.0 == ip);
        let (first, second) = (here.next(), here.next());
        first.filter(|_| second.is_none() && alone(ip)).and_then(|it| authority(&it.0, it.1))
    };
    let streams: Vec<_> = found.values().map(|it| stream(&it.ip)).collect();
    let listed = found.into_iter().zip(streams);
    listed.map(|((ac, instance), stream)| (ac, Listed { instance, stream })).collect()
}

/// Returns how an instance is written in a URL; `None` if it is nothing that can be dialled.
fn authority(ip: &str, port: u16) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    match ip.parse::<IpAddr>() {
        _ if port == 0 => None,
        Ok(ip) => Some(SocketAddr::new(ip, port).to_string()),
        Err(_) if (1..=253).contains(&ip.len()) && ip.chars().all(plain) => {
            Some(format!("{ip}:{port}"))
        }
        Err(_) => None,
    }
}

/// Takes over what ServiceDiscovery lists; returns the AgentCenters that are gone.
fn settle(app: &App, mut found: BTreeMap<String, Listed>) -> Vec<String> {
    let now = app.clock.unix_ms();
    let mut centers = app.fleet.centers.lock();
    for (ac, center) in centers.iter_mut() {
        match found.remove(ac) {
            Some(Listed { instance, stream }) => {
                center.stream = stream;
                center.native = is_native(&instance);
                center.instance = instance;
                center.absent_ms = None;
            }
            None => {
                center.absent_ms.get_or_insert(now);
            }
        }
    }
    for (ac, Listed { instance, stream }) in found {
        if centers.len() >= MAX_CENTERS {
            tracing::warn!(ac, "left AgentCenter {ac} out: {MAX_CENTERS} are listed already");
            continue;
        }
        let native = is_native(&instance);
        let (reachable, error) = (true, None);
        let center = Center { instance, stream, absent_ms: None, native, reachable, error };
        tell(app, "center.joined", &ac);
        centers.insert(ac, center);
    }
    let late = |it: &Center| {
        it.absent_ms.is_some_and(|since| !it.reachable || now.saturating_sub(since) > ABSENCE_MS)
    };
    let gone: Vec<_> = centers.iter().filter(|(_, it)| late(it)).map(|it| it.0.clone()).collect();
    centers.retain(|_, it| !late(it));
    gone
}

/// Tells those who watch of an AgentCenter.
fn tell(app: &App, word: &str, ac: &str) {
    let told = Draft::new(EventType::Cluster, word, app.clock.unix_ms()).about(ac);
    app.store.events.publish(told);
}

fn is_native(instance: &Instance) -> bool {
    instance.extra.get("native").is_some()
}

/// Takes agents away from AgentCenters that are not known any more.
async fn disconnect_others(app: &App) -> bool {
    let known: Vec<String> = app.fleet.centers.lock().keys().cloned().collect();
    let outcome = observe::disconnect_others(&app.store, &known, app.clock.unix_ms()).await;
    if let Err(error) = &outcome {
        tracing::error!(error = %chain(error), "could not note which AgentCenters left");
    }
    outcome.is_ok()
}

/// Keeps this Manager registered with ServiceDiscovery, and takes it out at the end.
pub(crate) async fn register(
    app: App,
    address: (String, u16),
    stop: Stop,
) -> Result<(), Infallible> {
    let registration = Registration {
        name: MANAGER_NAME.to_owned(),
        ip: address.0,
        port: address.1,
        ..Registration::default()
    };
    let mut wait = Duration::from_secs(1);
    while !stop.is_stopped() {
        let registered = call(&app, REGISTER, &registration).await;
        wait = if registered {
            Duration::from_secs(RENEW_SECONDS)
        } else {
            (wait * 2).min(Duration::from_secs(RENEW_SECONDS))
        };
        if stop.until(sleep(wait)).await.is_none() {
            break;
        }
        if registered {
            wait = Duration::from_secs(1);
        }
    }
    call(&app, EVICT, &registration).await;
    Ok(())
}

async fn call(app: &App, path: &str, registration: &Registration) -> bool {
    for base in &app.config.sd.addrs {
        let url = format!("{base}{path}");
        match app.registrar.post::<_, serde_json::Value>(&url, registration, SD_TIMEOUT).await {
            Ok(_) => return true,
            Err(error) => tracing::warn!(error = %chain(&error), "could not call ServiceDiscovery"),
        }
    }
    app.config.sd.addrs.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_dialled_becomes_an_address() {
        let of = authority;
        assert_eq!(of("10.0.0.5", 6752).as_deref(), Some("10.0.0.5:6752"));
        assert_eq!(of("fd00::5", 6752).as_deref(), Some("[fd00::5]:6752"));
        assert_eq!(of("ac-1.example", 6752).as_deref(), Some("ac-1.example:6752"));
        for (ip, port) in [("10.0.0.5", 0), ("", 1), ("host/path?", 1), ("user@host", 1)] {
            assert_eq!(of(ip, port), None, "{ip:?}");
        }
    }

    #[test]
    fn an_agent_center_is_tied_to_its_streams_by_a_host_that_has_one_of_each() {
        let instance = |ip: &str, port: u16| {
            let instance = serde_json::json!({ "name": "n", "ip": ip, "port": port });
            let instance: Instance = serde_json::from_value(instance).unwrap();
            (format!("{ip}:{port}"), instance)
        };
        let found = [("a", 6752), ("b", 6752), ("b", 7752), ("c", 6752), ("d", 6752)];
        let found = found.map(|(ip, port)| instance(ip, port)).into_iter().collect();
        let streams = [("a", 6751), ("b", 6751), ("b", 7751), ("c", 6751), ("c", 7751)];
        let streams = streams.map(|(ip, port)| (ip.to_owned(), port)).into_iter().collect();
        let listed = with_streams(found, &streams);
        let streams: Vec<_> = listed.values().map(|it| it.stream.as_deref()).collect();
        assert_eq!(streams, [Some("a:6751"), None, None, None, None]);
    }
}
