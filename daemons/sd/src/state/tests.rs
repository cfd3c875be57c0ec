//! The registry by tables and properties.

use proptest::prelude::*;
use rand::SeedableRng as _;
use rand::rngs::SmallRng;

use super::*;

fn registration(port: u16, weight: i64) -> Registration {
    let (name, ip) = ("hids_svr_grpc".to_owned(), "10.0.0.1".to_owned());
    Registration { name, ip, port, weight, extra: serde_json::Value::Null }
}

fn registry() -> (Registry, SmallRng) {
    (Registry::new(Limits::default(), 1), SmallRng::seed_from_u64(7))
}

/// Lets time pass as it does, with a look at the clock every ten seconds.
fn pass(registry: &mut Registry, from_ms: i64, to_ms: i64) {
    for now_ms in (from_ms..to_ms).step_by(10_000) {
        registry.sweep(now_ms);
    }
    registry.sweep(to_ms);
}

fn ports(list: &[Instance]) -> Vec<u16> {
    list.iter().map(|it| it.port).collect()
}

#[test]
fn fifty_thousand_agents_within_one_renewal_spread_within_ten_percent() {
    let (mut registry, mut chance) = registry();
    for (port, weight) in [(1, 0), (2, 0), (3, 300), (4, 0), (5, 120)] {
        registry.register(registration(port, weight), 0).unwrap();
    }
    let mut held = HashMap::from([(1, 0_i64), (2, 0), (3, 300), (4, 0), (5, 120)]);
    for _ in 0..50_000 {
        let list = registry.detail("hids_svr_grpc", 10, (1_000, &mut chance));
        *held.entry(list[0].port).or_default() += 1;
    }
    let mean = held.values().sum::<i64>() / 5;
    for (port, count) in held {
        assert!((count - mean).abs() * 10 <= mean, "{port} holds {count}, the mean is {mean}");
    }
}

#[test]
fn the_least_loaded_come_first_stale_ones_last_and_count_is_honoured() {
    let (mut registry, mut chance) = registry();
    registry.register(registration(1, 0), 0).unwrap();
    pass(&mut registry, 0, 95_000);
    registry.register(registration(2, 50), 95_000).unwrap();
    registry.register(registration(3, 9), 95_000).unwrap();
    let list = registry.detail("hids_svr_grpc", 10, (95_000, &mut chance));
    assert_eq!(ports(&list), [3, 2, 1]);
    assert_eq!(list[2].status, 4);
    let list = registry.detail("hids_svr_grpc", 2, (95_000, &mut chance));
    assert_eq!(list.len(), 2);
}

#[test]
fn a_registration_ends_by_this_nodes_clock_alone() {
    let (mut registry, mut chance) = registry();
    registry.register(registration(1, 0), 1_000_000).unwrap();
    let last = 1_000_000 + LIFE_MS;
    pass(&mut registry, 1_000_000, last);
    assert_eq!(registry.summary(last).len(), 1);
    assert_eq!(registry.detail("hids_svr_grpc", 9, (last, &mut chance)).len(), 1);
    assert!(registry.detail("hids_svr_grpc", 9, (last + 1_000, &mut chance)).is_empty());
}

#[test]
fn where_the_clock_jumps_ages_go_on_from_where_they_were() {
    for there in [10, 900_000_000, -4_000_000_000_000, 400_000_000_000_000] {
        let (mut registry, _) = registry();
        registry.register(registration(1, 0), 1_000_000).unwrap();
        pass(&mut registry, 1_000_000, 1_100_000);
        registry.sweep(there);
        registry.sweep(there + 5_000);
        assert_eq!(registry.summary(there + 5_000).len(), 1, "at {there}");
        registry.sweep(there + 5_001);
        assert!(registry.summary(there + 5_001).is_empty(), "at {there}");
    }
}

#[test]
fn a_renewal_changes_the_weight_and_keeps_what_was_registered() {
    let (mut registry, mut chance) = registry();
    let first = Registration { extra: serde_json::json!({"a": 1}), ..registration(1, 0) };
    registry.register(first, 5_000).unwrap();
    registry.register(registration(1, 8), 9_000).unwrap();
    let [it] = &registry.detail("hids_svr_grpc", 9, (9_000, &mut chance))[..] else { panic!() };
    assert_eq!((it.weight, it.create_at, it.update_at), (8, 5, 9));
    assert_eq!(it.extra, serde_json::json!({"a": 1}));
}

#[test]
fn the_registry_is_bounded_and_refuses_what_is_no_instance() {
    let limits = Limits { services: 1, instances: 1, extra_bytes: 10 };
    let mut registry = Registry::new(limits, 1);
    registry.register(registration(1, 0), 0).unwrap();
    let other = Registration { name: "other".into(), ..registration(1, 0) };
    let bad_name = Registration { name: "a\nb".into(), ..registration(1, 0) };
    let bad_host = Registration { ip: "a b".into(), ..registration(1, 0) };
    let large = Registration { extra: "x".repeat(20).into(), ..registration(1, 0) };
    let cases = [
        (registration(2, 0), Refused::Instances(1)),
        (other, Refused::Services(1)),
        (bad_name, Refused::Name),
        (bad_host, Refused::Address),
        (registration(0, 0), Refused::Address),
        (large, Refused::Extra(10)),
    ];
    for (given, expected) in cases {
        assert_eq!(registry.register(given.clone(), 0), Err(expected), "{given:?}");
    }
}

#[test]
fn agents_that_connect_a_second_late_and_renewals_in_between_still_spread() {
    let (mut registry, mut chance) = registry();
    let mut given: Vec<Vec<i64>> = vec![Vec::new(); 5];
    for port in 1..=5 {
        registry.register(registration(port, 0), 0).unwrap();
    }
    for n in 0..50_000_i64 {
        let now = n * 30_000 / 50_000;
        for port in 1..=5_u16 {
            // Each renews once, at a moment of its own, with the agents that have connected by then.
            if now == i64::from(port) * 5_000 && (n - 1) * 30_000 / 50_000 != now {
                let arrived = given[usize::from(port) - 1].iter().filter(|at| **at + 1_000 <= now);
                let weight = i64::try_from(arrived.count()).unwrap();
                registry.register(registration(port, weight), now).unwrap();
            }
        }
        let first = registry.detail("hids_svr_grpc", 10, (now, &mut chance))[0].port;
        given[usize::from(first) - 1].push(now);
    }
    for (index, agents) in given.iter().enumerate() {
        assert!((9_000..=11_000).contains(&agents.len()), "{index} got {}", agents.len());
    }
}

#[test]
fn a_weight_below_zero_draws_no_more_agents_than_zero() {
    let (mut registry, mut chance) = registry();
    registry.register(registration(1, i64::MIN), 0).unwrap();
    registry.register(registration(2, 0), 0).unwrap();
    let mut first = || registry.detail("hids_svr_grpc", 1, (0, &mut chance))[0].port;
    let taken: Vec<_> = (0..10).map(|_| first()).collect();
    assert_eq!(taken.iter().filter(|port| **port == 1).count(), 5, "{taken:?}");
}

#[test]
fn what_is_kept_comes_back_as_old_as_it_is_and_only_within_bounds() {
    let (mut before, mut chance) = registry();
    before.register(registration(1, 7), 10_000).unwrap();
    pass(&mut before, 10_000, 90_000);
    before.register(registration(2, 0), 90_000).unwrap();
    let kept = before.kept();
    let restored = |limits, now| {
        let mut after = Registry::new(limits, 1);
        after.restore(kept.clone(), now);
        after
    };
    let mut after = restored(Limits::default(), 100_000);
    let list = after.detail("hids_svr_grpc", 9, (100_000, &mut chance));
    assert_eq!(ports(&list), [2, 1]);
    assert_eq!((list[1].create_at, list[1].update_at, list[1].weight), (10, 10, 7));
    assert_eq!(list[1].status, 3);
    assert_eq!(restored(Limits::default(), 120_000).kept().len(), 1);
    assert_eq!(restored(Limits { instances: 1, ..Limits::default() }, 100_000).kept().len(), 1);
}

#[test]
fn every_change_changes_the_revision_and_nothing_else_does() {
    let (mut registry, mut chance) = registry();
    let mut last = registry.revision();
    let mut changed = |registry: &Registry| std::mem::replace(&mut last, registry.revision());
    registry.register(registration(1, 0), 0).unwrap();
    assert_ne!(changed(&registry), registry.revision());
    registry.register(registration(1, 0), 1).unwrap();
    assert_ne!(changed(&registry), registry.revision());
    registry.detail("hids_svr_grpc", 1, (2, &mut chance));
    registry.evict("hids_svr_grpc", "10.0.0.1", 9, 0);
    assert_eq!(changed(&registry), registry.revision());
    pass(&mut registry, 2, LIFE_MS + 2);
    assert_ne!(changed(&registry), registry.revision());
}

/// What all nodes agree on: who lives and who was evicted, and by which change.
fn known(registry: &Registry) -> Vec<(Key, Stamp, bool)> {
    let live = registry.services.values().flat_map(HashMap::values).map(|it| {
        let Instance { name, ip, port, .. } = it.instance.clone();
        ((name, ip, port), it.stamp, true)
    });
    let ended = registry.ended.iter().map(|(key, it)| (key.clone(), it.stamp, false));
    let mut known: Vec<_> = live.chain(ended).collect();
    known.sort();
    known
}

fn all(registry: &Registry) -> Vec<Item> {
    registry.changes_after(0, usize::MAX, 0).0
}

#[test]
fn what_ended_by_this_nodes_clock_returns_by_a_renewal_only_and_ends_nothing_elsewhere() {
    let (mut here, _) = registry();
    here.register(registration(1, 0), 0).unwrap();
    let mut there = Registry::new(Limits::default(), 2);
    for item in all(&here) {
        there.merge(item, 0);
    }
    let old = all(&there);
    pass(&mut here, 0, LIFE_MS + 1);
    assert!(all(&here).is_empty(), "that is not told to others");
    assert!(!here.merge(old[0].clone(), LIFE_MS + 2), "it came back");
    there.register(registration(1, 0), LIFE_MS).unwrap();
    assert!(here.merge(all(&there)[0].clone(), LIFE_MS + 2));
    assert_eq!(here.summary(LIFE_MS + 2).len(), 1);
}

#[test]
fn another_nodes_clock_neither_ends_an_instance_nor_keeps_it() {
    for there_ms in [0, -9_000_000_000_000, 9_000_000_000_000] {
        let mut there = Registry::new(Limits::default(), 2);
        there.register(registration(1, 0), there_ms).unwrap();
        let item = there.changes_after(0, 100, there_ms + 100_000).0.remove(0);
        let (mut here, _) = registry();
        assert!(here.merge(item, 1_000_000));
        pass(&mut here, 1_000_000, 1_060_000);
        assert_eq!(here.summary(1_060_000).len(), 1, "{there_ms}");
        pass(&mut here, 1_060_000, 1_106_000);
        assert!(here.summary(1_106_000).is_empty(), "{there_ms}");
    }
}

#[test]
fn what_comes_from_other_nodes_is_bounded_and_checked_as_what_comes_from_services() {
    let limits = Limits { instances: 2, ..Limits::default() };
    let (mut there, _) = registry();
    for port in 1..5 {
        there.register(registration(port, 0), 0).unwrap();
    }
    let mut here = Registry::new(limits, 2);
    let taken = all(&there).into_iter().filter(|item| here.merge(item.clone(), 0)).count();
    assert_eq!((taken, here.summary(0)["hids_svr_grpc"]), (2, 2));
    let text = serde_json::to_string(&all(&there)[0]).unwrap();
    let bad: Item = serde_json::from_str(&text.replace("10.0.0.1", "a b")).unwrap();
    assert!(!here.merge(bad, 0));
    for port in 1..25_000 {
        here.evict("hids_svr_grpc", "10.0.0.9", port, i64::from(port));
    }
    assert!(here.ended.len() <= 20_000 && here.changes.len() <= 20_002);
    here.sweep(10_000_000);
    here.sweep(10_001_000);
    pass(&mut here, 10_001_000, 11_000_000);
    assert!(here.ended.is_empty() && here.changes.is_empty());
}

#[derive(Clone, Debug)]
enum Step {
    Register(usize, u16),
    Evict(usize, u16),
    Tell(usize, usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0_usize..3, 1_u16..5).prop_map(|(node, port)| Step::Register(node, port)),
        (0_usize..3, 1_u16..5).prop_map(|(node, port)| Step::Evict(node, port)),
        (0_usize..3, 0_usize..3).prop_map(|(from, to)| Step::Tell(from, to)),
    ]
}

proptest! {
    #[test]
    fn nodes_that_know_the_same_changes_agree_in_whatever_order_and_however_often_they_came(
        steps in prop::collection::vec(step(), 1..60),
        seed in any::<u64>(),
    ) {
        let mut nodes: Vec<_> = (0..3).map(|it| Registry::new(Limits::default(), it)).collect();
        for step in steps {
            match step {
                Step::Register(node, port) => {
                    nodes[node].register(registration(port, 0), 0).unwrap();
                }
                Step::Evict(node, port) => nodes[node].evict("hids_svr_grpc", "10.0.0.1", port, 0),
                Step::Tell(from, to) => {
                    let items = all(&nodes[from]);
                    for item in items {
                        nodes[to].merge(item, 0);
                    }
                }
            }
        }
        let mut items: Vec<Item> = nodes.iter().flat_map(all).collect();
        items.extend_from_within(..);
        let mut chance = SmallRng::seed_from_u64(seed);
        let mut outcomes = Vec::new();
        for node in &mut nodes {
            items.shuffle(&mut chance);
            for item in &items {
                node.merge(item.clone(), 0);
            }
            prop_assert!(items.iter().all(|it| !node.merge(it.clone(), 0)), "nothing is news twice");
            outcomes.push(known(node));
        }
        prop_assert_eq!(&outcomes[0], &outcomes[1]);
        prop_assert_eq!(&outcomes[0], &outcomes[2]);
    }

    #[test]
    fn what_is_handed_out_is_what_is_registered_and_young_enough(
        steps in prop::collection::vec((0_u8..4, 1_u16..5, 0_i64..40_000), 1..60),
    ) {
        let (mut registry, mut chance) = registry();
        let (mut now, mut alive) = (0, HashMap::new());
        for (step, port, wait) in steps {
            pass(&mut registry, now, now + wait);
            now += wait;
            alive.retain(|_, at| now - *at <= LIFE_MS);
            match step {
                0 => {
                    registry.register(registration(port, 0), now).unwrap();
                    alive.insert(port, now);
                }
                1 => {
                    registry.evict("hids_svr_grpc", "10.0.0.1", port, now);
                    alive.remove(&port);
                }
                2 => {
                    let kept = registry.kept();
                    registry = Registry::new(Limits::default(), 1);
                    registry.restore(kept, now);
                }
                _ => {
                    let list = registry.detail("hids_svr_grpc", 100, (now, &mut chance));
                    let mut listed = ports(&list);
                    listed.sort_unstable();
                    let mut expected: Vec<_> = alive.keys().copied().collect();
                    expected.sort_unstable();
                    prop_assert_eq!(listed, expected);
                }
            }
        }
    }
}
