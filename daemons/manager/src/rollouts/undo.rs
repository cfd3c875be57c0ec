//! Back to what each agent had before.

use elk_api::rollouts::{Changes, Extent, MemberState, OfflinePolicy, OnFailure, Phase, Step};
use elk_model::ComponentName;

use super::judge::Target;
use super::members::{self, Before};
use super::spec::{Place, Row, Spec};
use super::{enter, plan, store};
use crate::app::App;
use crate::profiles;
use crate::profiles::pins::{self, Pin};
use crate::profiles::resolve::{Catalog, Released, release};
use crate::store::{Result, Tx};

/// For agents that are offline; when they come back they get what they had all the same.
const WAIT_MS: i64 = 600_000;

/// Begins a rollout that takes back every agent that was touched, and returns its id.
pub(super) async fn begin(
    app: &App,
    (tx, row): (&mut Tx, &mut Row),
    by: &str,
    now_ms: i64,
) -> Result<String> {
    let reason = "taken back before it was done";
    let open = [MemberState::Installing, MemberState::Verifying];
    members::shift(tx, (&row.id, None), (&open, MemberState::Failed), reason, now_ms).await?;
    let waiting = [MemberState::Pending, MemberState::Deferred];
    let left = "the rollout was undone before its turn";
    members::shift(tx, (&row.id, None), (&waiting, MemberState::Skipped), left, now_ms).await?;
    let catalog = profiles::catalog(app).await?;
    let mut released = Released::new();
    let mut back = Vec::new();
    for (agent, before) in members::touched(tx, &row.id).await? {
        let mut target = Target::new();
        for name in before.ran.keys() {
            let (pin, wanted) = previous(app, name, &before, (&catalog, &mut released)).await?;
            // At once, so that one that connects meanwhile gets it.
            pins::put(tx, &agent, name, pin.as_ref()).await?;
            target.extend(wanted.map(|it| (name.clone(), it)));
        }
        back.push((agent, Some(target)));
    }
    let reverse = reverse(row, back.len() as u64, by, now_ms);
    store::insert(tx, &reverse).await?;
    members::insert(tx, &reverse.id, &back).await?;
    row.reversed_by = Some(reverse.id.clone());
    let told = row.reason.clone();
    enter(row, (Phase::Undoing, row.place.step, &told), by, now_ms);
    Ok(reverse.id)
}

/// Returns what is to be pinned of a component so that an agent runs what it ran, and what it has
/// to report then; `None` if that is not known.
async fn previous(
    app: &App,
    name: &ComponentName,
    before: &Before,
    (catalog, released): (&Catalog, &mut Released),
) -> Result<(Option<Pin>, Option<Option<String>>)> {
    let ran = before.ran.get(name).cloned().flatten();
    // What was only kept is no more than what ran.
    if let Some(pin) = before.pins.get(name).and_then(Option::as_ref).filter(|it| !it.kept) {
        return Ok((Some(pin.clone()), Some(Some(pin.version.clone()))));
    }
    let profile = catalog.of(name);
    let Some(ran) = ran else {
        // What the profile names comes back whether it ran or not.
        let wanted = profile.map(|(version, _)| Some(version.to_string()));
        return Ok((None, Some(wanted.unwrap_or(None))));
    };
    if profile.is_some_and(|(version, _)| version.to_string() == ran) {
        return Ok((None, Some(Some(ran))));
    }
    let detail = profile.map(|it| it.1.to_owned()).unwrap_or_default();
    if let Ok(version) = ran.parse() {
        release(&app.store, name, version, released).await?;
    }
    // Not published: the order says so, and the agent stays as it is.
    Ok((Some(Pin { version: ran.clone(), detail, kept: false }), Some(Some(ran))))
}

fn reverse(of: &Row, targets: u64, by: &str, now_ms: i64) -> Row {
    let step = Step { label: "100%".to_owned(), target: targets, manual: false };
    let spec = Spec {
        steps: vec![step],
        soak_ms: 0,
        health_ms: of.spec.health_ms,
        install_ms: of.spec.install_ms,
        in_flight: of.spec.in_flight,
        // It goes to its end whatever happens, and says what did.
        max_failed: Extent::Percent(100.0),
        on_failure: OnFailure::Pause,
        offline: OfflinePolicy::Defer,
        deferred_until_ms: now_ms.saturating_add(WAIT_MS),
        allow_downgrade: true,
        window: None,
        notices: Vec::new(),
    };
    let place = Place { phase: Phase::Progressing, since_ms: now_ms, step: 0, forgiven: 0 };
    Row {
        id: plan::new_id(),
        revision: 1,
        name: of.name.clone(),
        changes: Changes::new(),
        spec,
        reverses: Some(of.id.clone()),
        reversed_by: None,
        place,
        reason: format!("takes back what {} brought", of.id),
        task: None,
        created_by: by.to_owned(),
        created_ms: now_ms,
        changed_by: by.to_owned(),
        finished_ms: None,
    }
}

/// Ends a rollout whose agents have been taken back, as far as they could be.
pub(super) async fn end(tx: &mut Tx, (original, reverse): (&str, &Row), now_ms: i64) -> Result<()> {
    let Some(mut row) = store::get_in(tx, original).await? else { return Ok(()) };
    members::revert(tx, original, &reverse.id, now_ms).await?;
    let counts = store::counts_in(tx, &reverse.id, None).await?;
    let targets = reverse.spec.target(0);
    let left = targets.saturating_sub(counts.done);
    let (step, told) = (row.place.step, row.reason.clone());
    if left == 0 {
        enter(&mut row, (Phase::Undone, step, &told), "system", now_ms);
    } else {
        let why = format!("{left} of {targets} agents could not be taken back: see {}", reverse.id);
        enter(&mut row, (Phase::Halted, step, &why), "system", now_ms);
    }
    store::save(tx, &mut row).await
}
