//! The loops that ask ServiceDiscovery for AgentCenters and AgentCenters for what changed.

use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;
use std::time::Duration;

use elk_api::center::{CONN_STAT, Changes, ConnStat};
use elk_api::registry::{
    AC_NAME, DETAIL, EVICT, Instance, MANAGER_NAME, REGISTER, RENEW_SECONDS, Registration,
};
use elk_client::ClientError;
use elk_life::{Stop, chain};
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::Center;
use crate::agents::observe;
use crate::app::App;

const LOOK_UP: Duration = Duration::from_secs(2);
const TIMEOUT: Duration = Duration::from_secs(15);
const SD_TIMEOUT: Duration = Duration::from_secs(3);

/// Asks until asked to stop.
pub(crate) async fn run(app: App, stop: Stop) -> Result<(), Infallible> {
    let mut ticks = interval(Duration::from_millis(app.config.ac.poll_ms.max(50)));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut looked_up: Option<Instant> = None;
    let mut places: HashMap<String, Place> = HashMap::new();
    while stop.until(ticks.tick()).await.is_some() {
        if looked_up.is_none_or(|at| at.elapsed() >= LOOK_UP) {
            stop.until(look_up(&app)).await;
            looked_up = Some(Instant::now());
        }
        let known: Vec<_> = app.fleet.centers.lock().keys().cloned().collect();
        places.retain(|ac, _| known.contains(ac));
        for ac in known {
            let place = places.entry(ac.clone()).or_default();
            let Some(asked) = stop.until(ask(&app, &ac, place)).await else { break };
            note(&app, &ac, asked);
        }
    }
    Ok(())
}

/// Where the conversation with an AgentCenter stands.
#[derive(Default)]
struct Place {
    cursor: String,
    listed: Option<Instant>,
}

async fn look_up(app: &App) {
    let mut found: Option<BTreeMap<String, Instance>> = None;
    for base in &app.config.sd.addrs {
        let url = format!("{base}{DETAIL}?name={AC_NAME}_http");
        let answer = app.fleet.plain.get::<Vec<Instance>>(&url, SD_TIMEOUT).await;
        let error = answer.as_ref().err().map(|error| chain(error).to_string());
        app.fleet.sd.lock().insert(base.clone(), error);
        if let Ok(instances) = answer {
            let by_address = instances.into_iter().map(|it| (format!("{}:{}", it.ip, it.port), it));
            found.get_or_insert_default().extend(by_address);
        }
    }
    // Without any answer what was known still stands.
    let Some(found) = found else { return };
    let gone: Vec<String> = {
        let mut centers = app.fleet.centers.lock();
        let gone = centers.keys().filter(|ac| !found.contains_key(*ac)).cloned().collect();
        centers.retain(|ac, _| found.contains_key(ac));
        for (ac, instance) in found {
            let native = instance.extra.get("native").is_some();
            let fresh =
                || Center { instance: instance.clone(), native, reachable: true, error: None };
            centers.entry(ac).or_insert_with(fresh).instance = instance.clone();
        }
        gone
    };
    for ac in gone {
        tracing::warn!(ac, "AgentCenter {ac} left ServiceDiscovery");
        if let Err(error) = observe::disconnect(&app.store, &ac, &[]).await {
            tracing::error!(error = %chain(&error), "could not note that AgentCenter {ac} left");
        }
    }
}

type Asked = Result<(), String>;

async fn ask(app: &App, ac: &str, place: &mut Place) -> Asked {
    let native = app.fleet.centers.lock().get(ac).is_some_and(|it| it.native);
    if native { changes(app, ac, place).await } else { full_list(app, ac, place).await }
}

async fn changes(app: &App, ac: &str, place: &mut Place) -> Asked {
    loop {
        let url = format!("https://{ac}{CONN_STAT}?since={}", place.cursor);
        let answer = app.fleet.caller.get::<Changes>(&url, TIMEOUT).await.map_err(told)?;
        let now = app.clock.unix_ms();
        let gone: Vec<String> = answer.gone.iter().map(ToString::to_string).collect();
        if answer.full {
            let kept: Vec<_> = answer.items.iter().map(|it| it.id.to_string()).collect();
            observe::disconnect(&app.store, ac, &kept)
                .await
                .map_err(|it| chain(&it).to_string())?;
        }
        let applied = observe::apply(&app.store, ac, &answer.items, &gone, now).await;
        applied.map_err(|it| chain(&it).to_string())?;
        place.cursor = answer.cursor;
        if !answer.more {
            return Ok(());
        }
    }
}

async fn full_list(app: &App, ac: &str, place: &mut Place) -> Asked {
    let period = Duration::from_secs(app.config.ac.full_list_seconds);
    if place.listed.is_some_and(|at| at.elapsed() < period) {
        return Ok(());
    }
    place.listed = Some(Instant::now());
    let url = format!("https://{ac}{CONN_STAT}");
    let list = app.fleet.caller.get::<Vec<ConnStat>>(&url, TIMEOUT).await.map_err(told)?;
    let now = app.clock.unix_ms();
    let items: Vec<_> = list.into_iter().filter_map(|it| observe::from_stat(it, now)).collect();
    let kept: Vec<_> = items.iter().map(|it| it.id.to_string()).collect();
    observe::disconnect(&app.store, ac, &kept).await.map_err(|it| chain(&it).to_string())?;
    observe::apply(&app.store, ac, &items, &[], now).await.map_err(|it| chain(&it).to_string())
}

fn told(error: ClientError) -> String {
    chain(&error).to_string()
}

fn note(app: &App, ac: &str, asked: Asked) {
    let mut centers = app.fleet.centers.lock();
    let Some(center) = centers.get_mut(ac) else { return };
    let error = asked.err();
    if center.reachable != error.is_none() {
        match &error {
            Some(error) => tracing::warn!(ac, error, "AgentCenter {ac} cannot be asked"),
            None => tracing::info!(ac, "AgentCenter {ac} can be asked again"),
        }
    }
    center.reachable = error.is_none();
    center.error = error;
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
        let registered = tell(&app, REGISTER, &registration).await;
        wait = if registered {
            Duration::from_secs(RENEW_SECONDS)
        } else {
            (wait * 2).min(Duration::from_secs(RENEW_SECONDS))
        };
        if stop.until(tokio::time::sleep(wait)).await.is_none() {
            break;
        }
        if registered {
            wait = Duration::from_secs(1);
        }
    }
    tell(&app, EVICT, &registration).await;
    Ok(())
}

async fn tell(app: &App, path: &str, registration: &Registration) -> bool {
    for base in &app.config.sd.addrs {
        let url = format!("{base}{path}");
        match app.registrar.post::<_, serde_json::Value>(&url, registration, SD_TIMEOUT).await {
            Ok(_) => return true,
            Err(error) => tracing::warn!(error = %chain(&error), "could not call ServiceDiscovery"),
        }
    }
    app.config.sd.addrs.is_empty()
}
