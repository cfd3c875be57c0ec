//! The controller against fleets that are made up, with agents that fail, leave and come back.

use elk_api::rollouts::{Extent, MemberState, OfflinePolicy, OnFailure, Step};
use proptest::prelude::*;

use super::*;

/// How an agent will behave.
#[derive(Clone, Copy, Debug)]
struct Nature {
    fails: bool,
    /// It is offline until then.
    offline_until: i64,
    /// It needs so long.
    takes: i64,
}

#[derive(Clone, Debug)]
struct Fleet {
    natures: Vec<Nature>,
    states: Vec<MemberState>,
    begun: Vec<i64>,
}

impl Fleet {
    fn new(natures: Vec<Nature>) -> Self {
        let (states, begun) = (vec![MemberState::Pending; natures.len()], vec![0; natures.len()]);
        Self { natures, states, begun }
    }

    fn counts(&self, below: u64) -> MemberCounts {
        let mut counts = MemberCounts::default();
        for state in self.states.iter().take(usize::try_from(below).unwrap_or(usize::MAX)) {
            *counts.of(*state) += 1;
        }
        counts
    }

    fn tally(&self, spec: &Spec, at: &Place, rechecked: bool) -> Tally {
        let all = self.counts(u64::MAX);
        Tally { step: self.counts(spec.target(at.step)), all, rechecked, open: true }
    }

    /// Lets agents get on.
    fn live(&mut self, now: i64) {
        for (number, nature) in self.natures.iter().enumerate() {
            let Some(state) = self.states.get_mut(number) else { continue };
            let begun = self.begun.get(number).copied().unwrap_or_default();
            if *state == MemberState::Installing && now >= begun + nature.takes {
                *state = if nature.fails { MemberState::Failed } else { MemberState::Done };
            }
            if *state == MemberState::Deferred && now >= nature.offline_until {
                *state = MemberState::Pending;
            }
        }
    }

    fn begin(&mut self, count: u64, below: u64, now: i64) {
        let below = usize::try_from(below).unwrap_or(usize::MAX);
        let turn = (0..self.states.len().min(below))
            .filter(|it| self.states.get(*it) == Some(&MemberState::Pending))
            .take(usize::try_from(count).unwrap_or(usize::MAX))
            .collect::<Vec<_>>();
        for number in turn {
            let online = self.natures.get(number).is_some_and(|it| it.offline_until <= now);
            let to = if online { MemberState::Installing } else { MemberState::Deferred };
            if let Some(state) = self.states.get_mut(number) {
                *state = to;
            }
            if let Some(begun) = self.begun.get_mut(number) {
                *begun = now;
            }
        }
    }
}

fn spec(targets: &[(u64, bool)], in_flight: u64, max_failed: Extent, soak_ms: i64) -> Spec {
    let step = |(target, manual): &(u64, bool)| Step {
        label: target.to_string(),
        target: *target,
        manual: *manual,
    };
    Spec {
        steps: targets.iter().map(step).collect(),
        soak_ms,
        health_ms: 0,
        install_ms: None,
        in_flight,
        max_failed,
        on_failure: OnFailure::Pause,
        offline: OfflinePolicy::Defer,
        deferred_until_ms: 500,
        allow_downgrade: false,
        window: None,
        notices: Vec::new(),
    }
}

fn natures() -> impl Strategy<Value = Vec<Nature>> {
    let nature =
        (prop::bool::weighted(0.1), prop_oneof![3 => Just(0), 1 => 0..1_000_i64], 1..20_i64);
    let nature =
        nature.prop_map(|(fails, offline_until, takes)| Nature { fails, offline_until, takes });
    prop::collection::vec(nature, 1..60)
}

/// Follows a rollout to its end and returns its place; every decision is checked on the way.
fn follow(spec: &Spec, fleet: &mut Fleet) -> Place {
    let mut at = Place { phase: Phase::Progressing, since_ms: 0, step: 0, forgiven: 0 };
    for now in 0..5_000 {
        fleet.live(now);
        let mut rechecked = false;
        for round in 0.. {
            assert!(round < 10_000, "it decides without end");
            let tally = fleet.tally(spec, &at, rechecked);
            match next(spec, &at, &tally, now) {
                Next::Wait => break,
                Next::Begin(count) => {
                    assert!(count > 0);
                    fleet.begin(count, spec.target(at.step), now);
                    let flying = fleet.counts(u64::MAX).in_flight();
                    assert!(flying <= spec.in_flight, "{flying} in flight");
                }
                Next::Recheck => rechecked = true,
                Next::Go { phase, step, .. } => {
                    if step > at.step {
                        let before = fleet.counts(spec.target(at.step));
                        assert_eq!(before.pending + before.in_flight(), 0, "past an open step");
                        let allowed = spec.max_failed.down(spec.target(at.step));
                        let failed = fleet.counts(u64::MAX).failed;
                        assert!(failed <= allowed, "past a gate: {failed} > {allowed}");
                    }
                    let manual = spec.steps.get(at.step).is_some_and(|it| it.manual);
                    assert!(step == at.step || !manual || phase == Phase::Paused, "past a gate");
                    at = Place { phase, since_ms: now, step, ..at };
                }
            }
        }
        match at.phase {
            // Somebody looks at it.
            Phase::Paused => at = Place { phase: Phase::Progressing, since_ms: now, ..at },
            Phase::Completed | Phase::Halted => return at,
            _ => {}
        }
    }
    at
}

proptest! {
    #[test]
    fn every_fleet_is_brought_to_an_end_within_its_limits(
        natures in natures(),
        (first, second) in (1..20_u64, 20..40_u64),
        manual: bool,
        in_flight in 1..30_u64,
        allowed in prop_oneof![(0..5_u64).prop_map(Extent::Count), (0.0..100.0).prop_map(Extent::Percent)],
        soak in 0..50_i64,
    ) {
        let total = natures.len() as u64;
        let targets = [(first.min(total), manual), (second.min(total), false), (total, false)];
        let spec = spec(&targets, in_flight, allowed, soak);
        let mut fleet = Fleet::new(natures);
        let at = follow(&spec, &mut fleet);
        let all = fleet.counts(u64::MAX);
        match at.phase {
            Phase::Completed => {
                prop_assert_eq!(all.pending + all.in_flight(), 0);
                prop_assert!(all.failed <= spec.max_failed.down(total));
            }
            Phase::Halted => {
                prop_assert!(all.failed > spec.max_failed.down(spec.target(at.step)));
                // Nobody beyond the step was touched.
                let step = fleet.counts(spec.target(at.step));
                prop_assert_eq!(all.touched(), step.touched());
            }
            phase => prop_assert!(false, "it is still {phase:?}"),
        }
    }
}

#[test]
fn failures_that_were_forgiven_halt_nothing_and_new_ones_do() {
    let spec = spec(&[(10, false)], 10, Extent::Count(1), 0);
    let at = Place { phase: Phase::Progressing, since_ms: 0, step: 0, forgiven: 3 };
    let tally = |failed| {
        let all = MemberCounts { failed, installing: 1, ..MemberCounts::default() };
        Tally { step: all, all, rechecked: false, open: true }
    };
    assert_eq!(next(&spec, &at, &tally(4), 0), Next::Wait);
    let Next::Go { phase, reason, .. } = next(&spec, &at, &tally(5), 0) else { unreachable!() };
    assert_eq!(phase, Phase::Halted);
    assert_eq!(reason, "2 of 10 agents failed since it was resumed; at most 1 may");
}

#[test]
fn what_is_wrong_after_the_soak_halts_before_the_next_step() {
    let spec = spec(&[(4, false), (40, false)], 10, Extent::Percent(1.0), 100);
    let at = Place { phase: Phase::Soaking, since_ms: 0, step: 0, forgiven: 0 };
    let tally = |done, failed, rechecked| {
        let all = MemberCounts { done, failed, pending: 36, ..MemberCounts::default() };
        Tally { step: MemberCounts { pending: 0, ..all }, all, rechecked, open: true }
    };
    assert_eq!(next(&spec, &at, &tally(4, 0, false), 99), Next::Wait);
    assert_eq!(next(&spec, &at, &tally(4, 0, false), 100), Next::Recheck);
    let halted = next(&spec, &at, &tally(3, 1, true), 100);
    assert!(matches!(halted, Next::Go { phase: Phase::Halted, step: 0, .. }), "{halted:?}");
    let further = next(&spec, &at, &tally(4, 0, true), 100);
    assert!(matches!(further, Next::Go { phase: Phase::Progressing, step: 1, .. }), "{further:?}");
}

#[test]
fn nothing_is_decided_about_what_waits_for_somebody_or_has_ended() {
    let spec = spec(&[(4, false)], 4, Extent::Count(0), 0);
    let all = MemberCounts { pending: 3, failed: 1, ..MemberCounts::default() };
    let tally = Tally { step: all, all, rechecked: true, open: true };
    for phase in Phase::ALL {
        let at = Place { phase, since_ms: 0, step: 0, forgiven: 0 };
        let waits = next(&spec, &at, &tally, 1_000) == Next::Wait;
        assert_eq!(waits, !matches!(phase, Phase::Progressing | Phase::Soaking), "{phase:?}");
    }
}

#[test]
fn outside_its_window_no_order_is_given_and_what_is_under_way_goes_on() {
    let spec = spec(&[(4, false)], 4, Extent::Count(0), 0);
    let at = Place { phase: Phase::Progressing, since_ms: 0, step: 0, forgiven: 0 };
    let tally = |pending, installing, done, open| {
        let all = MemberCounts { pending, installing, done, ..MemberCounts::default() };
        Tally { step: all, all, rechecked: false, open }
    };
    assert_eq!(next(&spec, &at, &tally(4, 0, 0, false), 0), Next::Wait);
    assert_eq!(next(&spec, &at, &tally(4, 0, 0, true), 0), Next::Begin(4));
    assert_eq!(next(&spec, &at, &tally(0, 1, 3, false), 0), Next::Wait);
    let done = next(&spec, &at, &tally(0, 0, 4, false), 0);
    assert!(matches!(done, Next::Go { phase: Phase::Completed, .. }), "{done:?}");
}
