//! kill -9 under load: what was acknowledged is there, and no order was carried out twice.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use rand::rngs::SmallRng;
use rand::{Rng as _, SeedableRng as _};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::backend::{Backend, came_within, command, pause, run, run_reading};

const AGENTS: usize = 4;
const ROUNDS: u32 = 4;

/// What the command line was told is done.
#[derive(Default)]
struct Acknowledged {
    tags: Vec<(String, String)>,
    tasks: Vec<String>,
    users: Vec<String>,
}

/// Works until the backend is gone; notes what was acknowledged.
fn load(backend: &Backend, agents: &[String], round: u32, over: &AtomicBool) -> Acknowledged {
    let home = backend.home();
    let mut done = Acknowledged::default();
    for at in 0.. {
        if over.load(Ordering::Relaxed) {
            break;
        }
        let agent = &agents[at % agents.len()];
        let order =
            ["task", "create", "--plugin", "collector", "--data-type", "5050", "-o", "name"];
        let task = run(command(home).args(order).arg(agent));
        if task.code == Some(0) {
            done.tasks.extend(task.lines());
        }
        let tag = format!("r{round}-{at}");
        if run(command(home).args(["tag", "add", &tag, agent])).code == Some(0) {
            done.tags.push((tag, agent.clone()));
        }
        if at % 4 == 0 {
            let user = format!("u{round}-{at}");
            let create = ["user", "create", &user, "--role", "viewer", "--password-stdin"];
            let made = run_reading(command(home).args(create), "a password for tests");
            if made.code == Some(0) {
                done.users.push(user);
            }
        }
    }
    done
}

/// Reads the log from its beginning until `enough` says so; half a minute at most.
fn read(backend: &Backend, more: &[&str], mut enough: impl FnMut(Value) -> bool) -> bool {
    let tail = ["event", "tail", "--earliest", "-o", "jsonl"];
    let mut child = command(backend.home())
        .args(tail)
        .args(more)
        .stdout(Stdio::piped())
        .spawn()
        .expect("elkctl runs");
    let output = child.stdout.take().expect("a pipe");
    let pid = Pid::from_child(&child);
    let over = AtomicBool::new(false);
    let found = thread::scope(|scope| {
        scope.spawn(|| {
            came_within(Duration::from_secs(30), || over.load(Ordering::Relaxed));
            kill_process(pid, Signal::KILL).ok();
        });
        let records = BufReader::new(output).lines().map_while(Result::ok);
        let mut records = records.filter_map(|line| serde_json::from_str(&line).ok());
        let found = records.any(&mut enough);
        over.store(true, Ordering::Relaxed);
        found
    });
    child.wait().expect("ends");
    found
}

fn place(record: &Value) -> (u64, u64) {
    (record["partition"].as_u64().expect("one"), record["offset"].as_u64().expect("one"))
}

#[test]
fn nothing_acknowledged_is_lost_and_no_order_is_carried_out_twice() {
    let seed = std::env::var("ELK_SEED").ok().and_then(|it| it.parse().ok()).unwrap_or(7);
    let mut random = SmallRng::seed_from_u64(seed);
    let mut backend = Backend::with_agents(AGENTS);
    let agents = backend.names(AGENTS);
    let mut all = Acknowledged::default();
    let mut seen = BTreeMap::new();
    for round in 0..ROUNDS {
        read(&backend, &[], |record| {
            seen.insert(place(&record), record);
            seen.len() > 20 * (round as usize + 1)
        });
        let over = AtomicBool::new(false);
        let delay = random.random_range(200..1_500);
        let done = thread::scope(|scope| {
            let works = scope.spawn(|| load(&backend, &agents, round, &over));
            pause(delay);
            kill_process(Pid::from_child(&backend.process), Signal::KILL).expect("runs");
            over.store(true, Ordering::Relaxed);
            works.join().expect("works")
        });
        backend.process.wait().expect("ends");
        all.tags.extend(done.tags);
        all.tasks.extend(done.tasks);
        all.users.extend(done.users);
        backend.restart(AGENTS);
        verify(&backend, &all, seed);
        let mut left = seen.clone();
        let found = read(&backend, &[], |record| {
            if let Some(before) = left.remove(&place(&record)) {
                assert_eq!(record, before, "seed {seed}");
            }
            left.is_empty()
        });
        assert!(found, "records are lost: {:?}: seed {seed}", left.keys());
    }
    assert!(all.tasks.len() >= 4 && all.tags.len() >= 4, "there was load: seed {seed}");
    once(&backend, &agents, seed);
}

fn verify(backend: &Backend, all: &Acknowledged, seed: u64) {
    let list = backend.elkctl(&["agent", "list", "--all", "-o", "json"]).ends(0).items();
    for (tag, agent) in &all.tags {
        let found = list.iter().find(|it| agent.ends_with(it["id"].as_str().expect("an id")));
        let tags = found.expect("an agent")["tags"].as_array().expect("tags");
        assert!(tags.iter().any(|it| it == tag.as_str()), "{tag} of {agent}: seed {seed}");
    }
    let tasks = backend.elkctl(&["task", "list", "--all", "-o", "name"]).ends(0).lines();
    let unique: BTreeSet<_> = tasks.iter().collect();
    assert_eq!(unique.len(), tasks.len(), "seed {seed}");
    for task in &all.tasks {
        assert!(unique.contains(task), "{task}: seed {seed}");
    }
    let users = backend.elkctl(&["user", "list", "--all", "-o", "name"]).ends(0).lines();
    for user in &all.users {
        assert!(users.contains(&format!("user/{user}")), "{user}: seed {seed}");
    }
}

/// Each order has a token, and the agent that carries it out answers with it: no token twice.
fn once(backend: &Backend, agents: &[String], seed: u64) {
    // One more order a agent ends the wait for records, whatever became of the others.
    let mut last = BTreeSet::new();
    for agent in agents {
        let order = ["task", "create", "--plugin", "collector", "--data-type", "5050", agent];
        let more = ["--wait", "--timeout", "30s", "-o", "json"];
        let task = backend.elkctl(&[&order[..], &more].concat()).ends(0).items().remove(0);
        let id = task["id"].as_str().expect("an id").to_owned();
        let result = backend.elkctl(&["task", "results", &id, "-o", "json"]).ends(0).items();
        last.insert(result[0]["token"].as_str().expect("a token").to_owned());
    }
    let mut answers = BTreeMap::<String, u32>::new();
    let found = read(backend, &["--data-type", "5100"], |record| {
        let token = record["fields"]["token"].as_str().expect("a token").to_owned();
        last.remove(&token);
        *answers.entry(token).or_default() += 1;
        last.is_empty()
    });
    assert!(found, "the last answers are not on the bus: seed {seed}");
    let twice: Vec<_> = answers.iter().filter(|(_, count)| **count > 1).collect();
    assert!(twice.is_empty(), "carried out twice: {twice:?}: seed {seed}");
}
