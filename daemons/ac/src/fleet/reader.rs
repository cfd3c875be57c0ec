//! The fleet as one sees it who reads its changes, whatever happens.

use std::collections::BTreeSet;
use std::sync::Arc;

use elk_life::Stop;
use proptest::prelude::*;
use serde_json::value::to_raw_value;
use tokio::sync::mpsc;

use super::changes::{MAX_BYTES, MAX_GONE_ITEMS, MAX_ITEMS};
use super::log::MAX_GONE;
use super::{Candidate, Facts, Fleet};
use crate::detail::Gauges;
use crate::session::{OrderError, Session};

fn join(fleet: &Fleet, name: &str) -> Arc<Session> {
    join_as(fleet, name, Facts::default())
}

fn join_as(fleet: &Fleet, name: &str, facts: Facts) -> Arc<Session> {
    let candidate = Candidate {
        id: name.parse().unwrap(),
        facts,
        addr: "127.0.0.1:1".parse().unwrap(),
        orders: mpsc::channel(1).0,
        end: Stop::default(),
    };
    fleet.register(candidate, 0).unwrap()
}

/// A reader that keeps what it is told, as a Manager does.
#[derive(Default)]
struct Reader {
    cursor: String,
    seen: BTreeSet<String>,
    kept: Option<BTreeSet<String>>,
    pages: usize,
}

impl Reader {
    /// Reads one page; returns whether there is more.
    fn page(&mut self, fleet: &Fleet) -> bool {
        let page = fleet.changes(&self.cursor);
        self.pages += 1;
        assert!(page.items.len() <= MAX_ITEMS && page.gone.len() <= MAX_GONE_ITEMS);
        let text = serde_json::to_vec(&page).unwrap();
        assert!(text.len() < 4 * MAX_BYTES, "{} bytes", text.len());
        if page.full {
            self.kept = Some(BTreeSet::new());
        }
        for item in &page.items {
            self.seen.insert(item.id.as_str().to_owned());
            if let Some(kept) = &mut self.kept {
                kept.insert(item.id.as_str().to_owned());
            }
        }
        for id in &page.gone {
            self.seen.remove(id.as_str());
            if let Some(kept) = &mut self.kept {
                kept.remove(id.as_str());
            }
        }
        self.cursor = page.cursor;
        if let Some(kept) = self.kept.take_if(|_| !page.more) {
            self.seen = kept;
        }
        page.more
    }

    fn agrees(&mut self, fleet: &Fleet) {
        while self.page(fleet) {}
        let live: BTreeSet<String> = fleet.ids().iter().map(|it| it.as_str().to_owned()).collect();
        assert!(self.seen == live, "{} of {} agents", self.seen.len(), live.len());
    }
}

#[test]
fn a_large_fleet_is_read_in_pages_while_agents_come_and_go() {
    let fleet = Fleet::new(usize::MAX, 1);
    let mut live: Vec<_> = (0..MAX_ITEMS * 4).map(|it| join(&fleet, &it.to_string())).collect();
    let mut early = Reader::default();
    early.agrees(&fleet);
    let mut late = Reader { seen: BTreeSet::from(["long-gone".to_owned()]), ..Reader::default() };
    for round in 0..3 {
        assert!(late.page(&fleet), "{round}");
        // Some that were read, and some that were not; one of them comes back.
        for at in [live.len() - 1, live.len() / 2, 0] {
            fleet.remove(&live.swap_remove(at), 0);
        }
        live.push(join(&fleet, &format!("new-{round}")));
        live.push(join(&fleet, "0"));
    }
    late.agrees(&fleet);
    early.agrees(&fleet);
    assert_eq!(early.pages, 4 + 1);
}

#[test]
fn a_read_of_everything_comes_to_its_end_however_many_have_left() {
    let fleet = Fleet::new(usize::MAX, 1);
    for it in 0..=MAX_ITEMS {
        join(&fleet, &it.to_string());
    }
    let left = MAX_GONE + 5;
    for it in 0..left {
        let session = join(&fleet, &format!("left-{it}"));
        fleet.remove(&session, 0);
    }
    let mut reader = Reader::default();
    reader.agrees(&fleet);
    assert_eq!(reader.pages, 2);
    let many: Vec<_> = (0..=MAX_GONE_ITEMS).map(|it| join(&fleet, &format!("many-{it}"))).collect();
    reader.agrees(&fleet);
    many.iter().for_each(|session| fleet.remove(session, 0));
    reader.agrees(&fleet);
}

#[test]
fn agents_with_large_heartbeats_fill_a_page_sooner() {
    let fleet = Fleet::new(usize::MAX, 1);
    let info = to_raw_value(&"x".repeat(60_000)).unwrap();
    for it in 0..300 {
        let session = join(&fleet, &it.to_string());
        fleet.beat(&session, (info.clone(), Gauges::default(), None), 0);
    }
    let mut reader = Reader::default();
    reader.agrees(&fleet);
    assert_eq!(reader.pages, 3);
}

#[test]
fn cursors_that_are_not_ours_begin_anew() {
    let fleet = Fleet::new(usize::MAX, 16);
    join(&fleet, "agent-1");
    assert_eq!((fleet.changes("").cursor.as_str(), fleet.changes("10-1").full), ("10-1", false));
    for cursor in ["", "1", "10", "10-2", "11-1", "10-1-9", "10-1-1-1", "10--1", "x-y", "10-1-"] {
        assert!(fleet.changes(cursor).full, "{cursor:?}");
    }
}

#[derive(Clone, Debug)]
enum Step {
    Join { id: u8, host: u8, boot: Option<i64> },
    Beat { at: usize, boot: i64 },
    Leave(usize),
    Wait(i64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..3_u8, 0..3_u8, proptest::option::of(0..3_i64))
            .prop_map(|(id, host, boot)| Step::Join { id, host, boot: boot.map(|it| it * 100) }),
        3 => (any::<usize>(), 0..3_i64).prop_map(|(at, boot)| Step::Beat { at, boot: boot * 100 }),
        3 => any::<usize>().prop_map(Step::Leave),
        1 => (0..700_000_i64).prop_map(Step::Wait),
    ]
}

/// What holds whatever happened; `streams` are those that did not leave.
fn holds(fleet: &Fleet, streams: &[Arc<Session>]) {
    let live = fleet.all();
    assert_eq!(fleet.count(), live.len());
    for stream in streams {
        let member = live.iter().any(|it| it.number == stream.number);
        assert_eq!(member, !stream.end.is_stopped(), "who was not replaced stays");
    }
    for one in &live {
        assert!(streams.iter().any(|it| it.number == one.number), "who left is gone");
        let others = fleet.of(one.id.as_str());
        let facts = one.state.lock().facts.clone();
        let differs = others.iter().any(|it| {
            let other = it.state.lock().facts.clone();
            facts.differ(&other)
        });
        match fleet.find(one.id.as_str()) {
            Ok(found) => {
                assert!(!differs, "two hosts get no orders");
                assert_eq!(Some(found.number), others.iter().map(|it| it.number).max());
            }
            Err(error) => assert_eq!(error, OrderError::Clone),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn whatever_streams_do_the_fleet_holds_who_is_there_and_readers_know(
        steps in proptest::collection::vec(step(), 1..60)
    ) {
        let fleet = Fleet::new(usize::MAX, 1);
        let (mut streams, mut now_ms) = (Vec::<Arc<Session>>::new(), 1_000_000_i64);
        let mut reader = Reader::default();
        for step in steps {
            match step {
                Step::Join { id, host, boot } => {
                    let hostname = format!("h{host}").into_bytes().into();
                    let facts = Facts { hostname, boot_time: boot, seen: now_ms / 1_000 };
                    streams.push(join_as(&fleet, &format!("agent-{id}"), facts));
                }
                Step::Beat { at, boot } if !streams.is_empty() => {
                    let stream = &streams[at % streams.len()];
                    let info = to_raw_value("x").unwrap();
                    fleet.beat(stream, (info, Gauges::default(), Some(boot)), now_ms);
                }
                Step::Leave(at) if !streams.is_empty() => {
                    let stream = streams.swap_remove(at % streams.len());
                    fleet.remove(&stream, now_ms);
                }
                Step::Wait(ms) => {
                    now_ms += ms;
                    fleet.tidy(now_ms);
                }
                Step::Beat { .. } | Step::Leave(_) => {}
            }
            holds(&fleet, &streams);
            reader.agrees(&fleet);
        }
    }
}
