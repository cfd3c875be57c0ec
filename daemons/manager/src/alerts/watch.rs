//! Looks for trouble of the backend itself, and for its end.

use std::collections::HashMap;
use std::convert::Infallible;
use std::path::Path;
use std::time::Duration;

use elk_api::alerts::Severity;
use elk_life::{Stop, chain};
use tokio::time::{MissedTickBehavior, interval};

use super::{Draft, count, store};
use crate::app::App;
use crate::store::Result;

const TICK: Duration = Duration::from_secs(1);
/// Ticks between two looks for alerts that are too old.
const PRUNE_TICKS: u64 = 600;
const DAY_MS: i64 = 86_400_000;
/// An AgentCenter may be silent this long.
const SILENT_MS: i64 = 10_000;
/// Certificates are read this often.
const CERTIFICATES_MS: i64 = 3_600_000;
/// Trouble that lasts is counted again after this long, so that its alert is not taken for an old one.
const AGAIN_MS: i64 = 3_600_000;
/// Certificates end within this.
const WARN_DAYS: i64 = 30;
const CRITICAL_DAYS: i64 = 3;
/// Records that are shed are told this often.
const SHED_MS: i64 = 60_000;
/// What there has to be more of, in percent of the disk, before trouble with it is over.
const DISK_SLACK: u64 = 2;

/// Whether some trouble is there.
struct Look {
    draft: Draft,
    there: bool,
    /// Why it is over.
    over: &'static str,
}

/// What was found at the last looks.
#[derive(Default)]
struct Watch {
    /// Trouble by its key: whether it was there, and when that was written last.
    told: HashMap<String, (bool, i64)>,
    /// Since when AgentCenters are silent.
    silent: HashMap<String, i64>,
    certificates: Vec<(String, i64)>,
    read_ms: Option<i64>,
    shed: u64,
    shed_ms: i64,
    disk_low: bool,
}

/// Looks again and again, and removes what is too old, until asked to stop.
pub(crate) async fn run(app: App, stop: Stop) -> std::result::Result<(), Infallible> {
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut watch, mut count) = (Watch::default(), 0_u64);
    while stop.until(ticks.tick()).await.is_some() {
        let mut done = watch.pass(&app).await;
        let days = app.config.alert_days;
        if done.is_ok() && days > 0 && count.is_multiple_of(PRUNE_TICKS) {
            done = prune(&app, days).await;
        }
        if let Err(error) = done {
            tracing::error!(error = %chain(&error), "could not write alerts, will retry");
        }
        count += 1;
    }
    Ok(())
}

async fn prune(app: &App, days: u32) -> Result<()> {
    let bound_ms = app.clock.unix_ms() - i64::from(days).saturating_mul(DAY_MS);
    while count::prune(&app.store, bound_ms).await? > 0 {}
    Ok(())
}

impl Watch {
    async fn pass(&mut self, app: &App) -> Result<()> {
        let mut looks = self.centers(app);
        looks.extend(self.certificates(app).await);
        looks.extend(self.disk(app));
        for look in looks {
            self.tell(app, &look).await?;
        }
        self.shed(app).await
    }

    /// Writes what has changed since the last look.
    async fn tell(&mut self, app: &App, look: &Look) -> Result<()> {
        let (key, now) = (look.draft.key(), app.clock.now());
        let now_ms = now.as_millisecond();
        match self.told.get(&key) {
            Some((true, at)) if look.there && now_ms.saturating_sub(*at) < AGAIN_MS => {
                return Ok(());
            }
            Some((false, _)) if !look.there => return Ok(()),
            _ => {}
        }
        let mut tx = app.store.begin().await?;
        if look.there {
            store::raise(&mut tx, &look.draft, now).await?;
        } else {
            store::end(&mut tx, &look.draft, look.over, now).await?;
        }
        tx.commit().await?;
        self.told.insert(key, (look.there, now_ms));
        Ok(())
    }

    fn centers(&mut self, app: &App) -> Vec<Look> {
        let now_ms = app.clock.unix_ms();
        let centers = app.fleet.centers.lock();
        self.silent.retain(|ac, _| centers.contains_key(ac));
        let mut looks = Vec::new();
        for (ac, center) in centers.iter() {
            if center.reachable {
                self.silent.remove(ac);
            }
            let since =
                (!center.reachable).then(|| *self.silent.entry(ac.clone()).or_insert(now_ms));
            let error = center.error.as_deref().unwrap_or("it does not answer");
            let draft = Draft::system("ac_silent", Severity::Critical, ac)
                .titled(&format!("AgentCenter {ac} does not answer"))
                .saying(error);
            let there = since.is_some_and(|it| now_ms.saturating_sub(it) >= SILENT_MS);
            // Not silent for long is neither trouble nor its end.
            if there || since.is_none() {
                looks.push(Look { draft, there, over: "it answers again" });
            }
        }
        looks
    }

    async fn certificates(&mut self, app: &App) -> Vec<Look> {
        let now_ms = app.clock.unix_ms();
        if self.read_ms.is_none_or(|it| now_ms.saturating_sub(it).abs() >= CERTIFICATES_MS) {
            self.certificates = read_certificates(app).await;
            self.read_ms = Some(now_ms);
        }
        let look = |(file, end): &(String, i64)| {
            let days = end.saturating_mul(1_000).saturating_sub(now_ms).div_euclid(DAY_MS);
            let severity = if days < CRITICAL_DAYS { Severity::Critical } else { Severity::High };
            let title = if days < 0 {
                format!("the certificate {file} has expired")
            } else {
                format!("the certificate {file} expires in {days} days")
            };
            let draft = Draft::system("certificate_expiring", severity, file).titled(&title);
            Look { draft, there: days < WARN_DAYS, over: "it was renewed" }
        };
        self.certificates.iter().map(look).collect()
    }

    fn disk(&mut self, app: &App) -> Option<Look> {
        let data = &app.config.data;
        let stat = rustix::fs::statvfs(data).ok().filter(|it| it.f_blocks > 0)?;
        let percent = stat.f_bavail.saturating_mul(100) / stat.f_blocks;
        let low = u64::from(app.config.disk_low_percent);
        let bound = if self.disk_low { low + DISK_SLACK } else { low };
        self.disk_low = percent < bound;
        let free = stat.f_bavail.saturating_mul(stat.f_frsize) >> 20;
        let object = data.display().to_string();
        let draft = Draft::system("disk_low", Severity::Critical, &object)
            .titled(&format!("{percent} % of the Manager's disk are free"))
            .saying(&format!("{free} MiB are left for {object}"));
        Some(Look { draft, there: self.disk_low, over: "there is room again" })
    }

    /// Tells how many records were shed since it told that last.
    async fn shed(&mut self, app: &App) -> Result<()> {
        let Some(bus) = &app.bus else { return Ok(()) };
        let (shed, now) = (bus.stats().shed, app.clock.now());
        let more = shed.saturating_sub(self.shed);
        let now_ms = now.as_millisecond();
        if more == 0 || (self.shed > 0 && now_ms.saturating_sub(self.shed_ms) < SHED_MS) {
            return Ok(());
        }
        let draft = Draft::system("records_shed", Severity::High, bus.kind())
            .titled("the bus shed records of agents")
            .saying(&format!("{more} more were shed, {shed} since the start"));
        let mut tx = app.store.begin().await?;
        store::raise(&mut tx, &draft, now).await?;
        tx.commit().await?;
        (self.shed, self.shed_ms) = (shed, now_ms);
        Ok(())
    }
}

/// Returns when the certificates of the settings end, in Unix seconds.
async fn read_certificates(app: &App) -> Vec<(String, i64)> {
    let config = &app.config;
    let own = config.tls.iter().map(|it| &it.cert);
    let files = own
        .chain(config.kube.authority.iter().map(|it| &it.cert))
        .chain((!config.ac.ca.as_os_str().is_empty()).then_some(&config.ac.ca));
    let mut ends = Vec::new();
    for file in files {
        ends.extend(end_of(file).await.map(|end| (file.display().to_string(), end)));
    }
    ends
}

async fn end_of(file: &Path) -> Option<i64> {
    let pem = tokio::fs::read(file).await.ok()?;
    elk_trust::first_end(&pem)
}
