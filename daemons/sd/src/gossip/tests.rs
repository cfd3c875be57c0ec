//! Five nodes in a network of its own time: partitions, one-way links, loss, restarts and clocks that
//! differ. The same seed gives the same run.

use elk_api::registry::Registration;
use rand::rngs::SmallRng;
use rand::{Rng as _, SeedableRng as _};

use super::*;
use crate::Limits;
use crate::state::Kept;

const NODES: usize = 5;
const SERVICE: &str = "hids_svr_grpc";
/// Between two renewals.
const RENEWAL_MS: u64 = 30_000;
const STEP_MS: u64 = 10;

struct Node {
    gossip: Gossip,
    registry: Registry,
    kept: Vec<Kept>,
    serves: bool,
    began_ms: u64,
    /// What its clock shows at the begin, and its speed in percent.
    clock: (i64, i64),
}

impl Node {
    fn now(&self, ms: u64) -> Now {
        let passed = i64::try_from(ms).unwrap() * self.clock.1 / 100;
        Now { unix_ms: self.clock.0 + passed, ticks_ms: ms - self.began_ms }
    }

    fn ports(&mut self, ms: u64) -> Vec<u16> {
        let (now, chance) = (self.now(ms).unix_ms, &mut SmallRng::seed_from_u64(1));
        let list = self.registry.detail(SERVICE, usize::MAX, (now, chance));
        let mut ports: Vec<u16> = list.iter().map(|it| it.port).collect();
        ports.sort_unstable();
        ports
    }
}

struct Net {
    chance: SmallRng,
    ms: u64,
    /// None is down.
    nodes: Vec<Option<Node>>,
    clocks: Vec<(i64, i64)>,
    files: Vec<Vec<Kept>>,
    links: [[bool; NODES]; NODES],
    loss_percent: u32,
    /// When, from where, to where.
    under_way: Vec<(u64, usize, usize, Message)>,
}

impl Net {
    fn new(seed: u64) -> Self {
        let mut net = Self {
            chance: SmallRng::seed_from_u64(seed),
            ms: 0,
            nodes: (0..NODES).map(|_| None).collect(),
            clocks: vec![(1_700_000_000_000, 100); NODES],
            files: vec![Vec::new(); NODES],
            links: [[true; NODES]; NODES],
            loss_percent: 0,
            under_way: Vec::new(),
        };
        (0..NODES).for_each(|number| net.start(number));
        net
    }

    fn start(&mut self, number: usize) {
        self.nodes[number] = Some(Node {
            gossip: Gossip::new(self.chance.random(), NODES - 1, 0),
            registry: Registry::new(Limits::default(), self.chance.random()),
            kept: std::mem::take(&mut self.files[number]),
            serves: false,
            began_ms: self.ms,
            clock: self.clocks[number],
        });
    }

    fn kill(&mut self, number: usize) {
        if let Some(node) = self.nodes[number].take() {
            self.files[number] = node.registry.kept();
        }
    }

    /// Returns whom a node knows under a number.
    fn peer(number: usize, peer: usize) -> usize {
        if peer < number { peer } else { peer + 1 }
    }

    fn send(&mut self, from: usize, to: usize, message: Message) {
        if self.chance.random_range(0..100) >= self.loss_percent {
            let at = self.ms + self.chance.random_range(1..50);
            self.under_way.push((at, from, to, message));
        }
    }

    fn run(&mut self, ms: u64) {
        for _ in 0..ms / STEP_MS {
            self.ms += STEP_MS;
            self.deliver();
            if self.ms.is_multiple_of(TICK_MS) {
                self.tick();
            }
        }
    }

    fn deliver(&mut self) {
        let (due, later) =
            std::mem::take(&mut self.under_way).into_iter().partition(|(at, ..)| *at <= self.ms);
        self.under_way = later;
        for (_, from, to, message) in due {
            let Some(node) = self.nodes[to].as_mut().filter(|_| self.links[from][to]) else {
                continue;
            };
            let now = node.now(self.ms);
            let answer = node.gossip.receive(message, &mut node.registry, now);
            if let Some(answer) = answer {
                self.send(to, from, answer);
            }
        }
    }

    fn tick(&mut self) {
        for number in 0..NODES {
            let Some(node) = &mut self.nodes[number] else { continue };
            let now = node.now(self.ms);
            if self.ms.is_multiple_of(5_000) {
                node.registry.sweep(now.unix_ms);
            }
            let messages = node.gossip.tick(&node.registry, now);
            if !node.serves && node.gossip.joined(now.ticks_ms) {
                node.serves = true;
                if !node.gossip.told() {
                    node.registry.restore(std::mem::take(&mut node.kept), now.unix_ms);
                }
            }
            for (peer, message) in messages {
                self.send(number, Self::peer(number, peer), message);
            }
        }
    }

    /// Returns a node that serves.
    fn any(&mut self) -> usize {
        let serving: Vec<usize> = self.serving().collect();
        serving[self.chance.random_range(0..serving.len())]
    }

    fn serving(&self) -> impl Iterator<Item = usize> {
        let serves = |node: &Option<Node>| node.as_ref().is_some_and(|it| it.serves);
        (0..NODES).filter(move |number| serves(&self.nodes[*number]))
    }

    fn register(&mut self, at: usize, port: u16) {
        let ms = self.ms;
        let Some(node) = &mut self.nodes[at] else { return };
        let (name, ip) = (SERVICE.to_owned(), "10.0.0.1".to_owned());
        let new = Registration { name, ip, port, ..Registration::default() };
        node.registry.register(new, node.now(ms).unix_ms).unwrap();
    }

    fn evict(&mut self, at: usize, port: u16) {
        let ms = self.ms;
        let Some(node) = &mut self.nodes[at] else { return };
        node.registry.evict(SERVICE, "10.0.0.1", port, node.now(ms).unix_ms);
    }

    fn all_see(&mut self) -> Vec<Vec<u16>> {
        let ms = self.ms;
        let serving = self.nodes.iter_mut().flatten().filter(|it| it.serves);
        serving.map(|it| it.ports(ms)).collect()
    }

    /// Cuts links at random: groups, or single directions.
    fn cut(&mut self) {
        let groups: Vec<u8> = (0..NODES).map(|_| self.chance.random_range(0..2)).collect();
        let one_way = self.chance.random_bool(0.5);
        for (from, to) in (0..NODES).flat_map(|from| (0..NODES).map(move |to| (from, to))) {
            self.links[from][to] = groups[from] == groups[to] || (one_way && from < to);
        }
    }

    fn heal(&mut self) {
        self.links = [[true; NODES]; NODES];
        self.loss_percent = 0;
    }
}

#[test]
fn what_one_node_knows_all_know_within_a_second() {
    let mut net = Net::new(1);
    net.run(4_000);
    assert_eq!(net.serving().count(), NODES);
    net.register(0, 1);
    net.register(3, 2);
    net.run(1_000);
    assert_eq!(net.all_see(), vec![vec![1, 2]; NODES]);
    net.evict(4, 1);
    net.run(1_000);
    assert_eq!(net.all_see(), vec![vec![2]; NODES]);
}

#[test]
fn a_partition_heals_within_two_seconds_and_nobody_who_left_comes_back() {
    for seed in 0..150 {
        let mut net = Net::new(seed);
        net.run(4_000);
        for port in 1..20 {
            let at = net.any();
            net.register(at, port);
        }
        net.run(1_000);
        net.cut();
        net.loss_percent = 20;
        for _ in 0..20 {
            let (at, port) = (net.any(), net.chance.random_range(1..30));
            if net.chance.random_bool(0.5) {
                net.register(at, port);
            } else {
                net.evict(at, port);
            }
            let wait = net.chance.random_range(0..3_000);
            net.run(wait);
        }
        net.heal();
        net.run(2_000);
        let seen = net.all_see();
        assert!(seen.iter().all(|it| *it == seen[0]), "seed {seed}: {seen:?}");
        // Each port: the last word counts in order of time where all nodes' clocks agree.
        let gone: Vec<u16> = (1..30).filter(|port| !seen[0].contains(port)).collect();
        for round in 0..4 {
            net.cut();
            let number = net.chance.random_range(0..NODES);
            net.kill(number);
            net.run(5_000 + round * 1_000);
            net.start(number);
            net.heal();
            net.run(4_000);
            let seen = net.all_see();
            let back = seen.iter().flatten().any(|port| gone.contains(port));
            assert!(!back, "seed {seed}: {gone:?} left, {seen:?}");
        }
    }
}

#[test]
fn a_restarted_node_knows_all_before_it_answers() {
    for seed in 0..50 {
        let mut net = Net::new(seed);
        net.run(4_000);
        (1..500).for_each(|port| net.register(usize::from(port) % NODES, port));
        net.run(2_000);
        net.loss_percent = 20;
        let number = net.chance.random_range(0..NODES);
        net.kill(number);
        net.files[number].clear();
        net.run(1_000);
        net.start(number);
        let mut waited = 0;
        while !net.nodes[number].as_ref().unwrap().serves {
            net.run(STEP_MS);
            waited += STEP_MS;
        }
        assert!(waited < 3_000, "seed {seed}: it gave up after {waited} ms");
        let ms = net.ms;
        assert_eq!(net.nodes[number].as_mut().unwrap().ports(ms).len(), 499, "seed {seed}");
    }
}

#[test]
fn clocks_that_differ_end_nothing_that_lives() {
    for seed in 0..20 {
        let mut net = Net::new(seed);
        net.clocks = (0..NODES)
            .map(|_| {
                let offset = net.chance.random_range(-400_000_000_000..400_000_000_000);
                (1_700_000_000_000_i64 + offset, net.chance.random_range(50..200))
            })
            .collect();
        (0..NODES).for_each(|number| net.kill(number));
        net.files = vec![Vec::new(); NODES];
        (0..NODES).for_each(|number| net.start(number));
        net.run(4_000);
        net.loss_percent = 5;
        for round in 0..10 {
            for port in 1..10 {
                let at = net.any();
                net.register(at, port);
            }
            net.run(2_000);
            let seen = net.all_see();
            assert!(seen.iter().all(|it| it.len() == 9), "seed {seed}, {round}: {seen:?}");
            net.run(RENEWAL_MS - 2_000);
            let seen = net.all_see();
            assert!(seen.iter().all(|it| it.len() == 9), "seed {seed}, {round}: {seen:?}");
        }
        net.run(250_000);
        let seen = net.all_see();
        assert!(seen.iter().all(Vec::is_empty), "seed {seed}: {seen:?} without renewals");
    }
}

#[test]
fn a_node_that_hears_no_renewals_ends_them_for_itself_alone() {
    let mut net = Net::new(3);
    net.run(4_000);
    net.register(0, 1);
    net.run(1_000);
    // It still speaks, but hears nobody.
    (0..NODES).for_each(|from| net.links[from][4] = from == 4);
    for _ in 0..6 {
        net.run(RENEWAL_MS);
        net.register(0, 1);
    }
    net.run(1_000);
    let seen = net.all_see();
    assert_eq!(seen, [vec![1], vec![1], vec![1], vec![1], vec![]]);
    net.heal();
    net.run(2_000);
    assert_eq!(net.all_see(), vec![vec![1]; NODES], "the last renewal is news to it");
}

#[test]
fn a_message_of_the_node_itself_and_what_nobody_asked_for_change_nothing() {
    let now = Now { unix_ms: 0, ticks_ms: 0 };
    let mut registry = Registry::new(Limits::default(), 1);
    let mut gossip = Gossip::new(7, 1, 0);
    let (items, head) = (Vec::new(), 0);
    let own = Message::Changes { from: 7, to: 0, after: 0, through: 0, head, whole: true, items };
    assert_eq!(gossip.receive(own, &mut registry, now), None);
    for (of, to, through) in [(8, 0, 5), (7, 9, 5), (7, 0, u64::MAX)] {
        let taken = Message::Taken { from: 1, of, to, through };
        assert_eq!(gossip.receive(taken, &mut registry, now), None);
    }
    assert!(!gossip.joined(0) && gossip.joined(JOIN_MS) && !gossip.told());
}
