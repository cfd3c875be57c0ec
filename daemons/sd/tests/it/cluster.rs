//! Three processes that bring each other up to date.

use std::fs;
use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use elk_life::Clock;
use rustix::process::Signal;
use tokio::time::{Instant, sleep};

use crate::binary::{Node, run};
use crate::world::{get, key, send, signed, try_get};

const HANG: Duration = Duration::from_secs(30);
const INSTANCE: &str = r#"{"name":"hids_svr_grpc","ip":"10.0.0.1","port":6751,"weight":3}"#;
const DETAIL: &str = "/registry/detail?name=hids_svr_grpc";

/// Three nodes' settings; each knows the others.
struct Cluster {
    configs: Vec<String>,
    api: Vec<SocketAddr>,
    gossip: Vec<SocketAddr>,
    _directory: tempfile::TempDir,
}

impl Cluster {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        // Held together, so that all differ.
        let api: Vec<_> = (0..3).map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect();
        let gossip: Vec<_> = (0..3).map(|_| UdpSocket::bind("127.0.0.1:0").unwrap()).collect();
        let api: Vec<_> = api.iter().map(|it| it.local_addr().unwrap()).collect();
        let gossip: Vec<_> = gossip.iter().map(|it| it.local_addr().unwrap()).collect();
        let config = |number: usize| {
            let others = gossip.iter().filter(|it| **it != gossip[number]);
            let peers: Vec<_> = others.map(ToString::to_string).collect();
            let text = format!(
                "listen = \"{}\"\n[auth.keys]\ntestak = \"testsk\"\n[cluster]\nlisten = \"{}\"\n\
                 peers = {peers:?}\nkey = \"0123456789abcdef\"\n",
                api[number], gossip[number]
            );
            let path = directory.path().join(format!("sd-{number}.toml"));
            fs::write(&path, text).unwrap();
            path.to_str().unwrap().to_owned()
        };
        let configs = (0..3).map(config).collect();
        Self { configs, api, gossip, _directory: directory }
    }

    /// Starts all at the same time; each waits for another one that knows more.
    async fn start(&self) -> Vec<Node> {
        let mut starts = Vec::new();
        for config in self.configs.clone() {
            starts.push(tokio::task::spawn_blocking(move || Node::start(&config)));
        }
        let mut nodes = Vec::new();
        for start in starts {
            nodes.push(start.await.unwrap());
        }
        nodes
    }

    async fn shows(&self, number: usize, present: bool) {
        let deadline = Instant::now() + HANG;
        loop {
            let answer = get(self.api[number], DETAIL).await;
            assert_eq!(answer.status, 200);
            if answer.body.contains("10.0.0.1") == present {
                return;
            }
            assert!(Instant::now() < deadline, "node {number}: {}", answer.body);
            sleep(Duration::from_millis(10)).await;
        }
    }

    async fn call(&self, number: usize, path: &str) {
        let headers = signed(&key(), path, INSTANCE, Clock::System.unix());
        let answer = send(self.api[number], ("POST", path), &headers, INSTANCE).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
}

#[tokio::test]
async fn what_is_said_to_one_node_all_know_and_who_was_killed_knows_it_before_it_answers() {
    let cluster = Cluster::new();
    let mut nodes = cluster.start().await;
    cluster.call(0, "/registry/register").await;
    for number in 0..3 {
        cluster.shows(number, true).await;
    }
    nodes[0].signal(Signal::KILL);
    nodes[0].ended().await;
    nodes[0] = Node::start(&cluster.configs[0]);
    let first = get(cluster.api[0], DETAIL).await;
    assert!(first.body.contains("\"weight\":3"), "its first answer: {}", first.body);
    cluster.call(2, "/registry/evict").await;
    for number in 0..3 {
        cluster.shows(number, false).await;
    }
}

#[tokio::test]
async fn a_rolling_restart_leaves_no_look_up_without_an_answer() {
    let cluster = Cluster::new();
    let mut nodes = cluster.start().await;
    cluster.call(1, "/registry/register").await;
    for number in 0..3 {
        cluster.shows(number, true).await;
    }
    let (ends, answers) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let (ended, counted) = (Arc::clone(&ends), Arc::clone(&answers));
    let api = cluster.api.clone();
    #[expect(clippy::disallowed_methods, reason = "the test is the supervisor")]
    let asking = tokio::spawn(async move {
        let mut first = 0;
        while !ended.load(Ordering::Relaxed) {
            // As agents do: the next one if nobody listens there.
            first += 1;
            let mut found = None;
            for next in 0..3 {
                let addr = api[(first + next) % 3];
                found = try_get(addr, DETAIL).await;
                if found.is_some() {
                    break;
                }
            }
            let answer = found.expect("a node that answers");
            assert_eq!(answer.status, 200);
            assert!(answer.body.contains("10.0.0.1"), "{}", answer.body);
            counted.fetch_add(1, Ordering::Relaxed);
        }
    });
    for (node, config) in nodes.iter_mut().zip(&cluster.configs) {
        node.signal(Signal::TERM);
        assert_eq!(node.ended().await.0, Some(0));
        let config = config.clone();
        *node = tokio::task::spawn_blocking(move || Node::start(&config)).await.unwrap();
        let before = answers.load(Ordering::Relaxed);
        let deadline = Instant::now() + HANG;
        while answers.load(Ordering::Relaxed) < before + 30 {
            assert!(Instant::now() < deadline && !asking.is_finished(), "the look-ups stopped");
            sleep(Duration::from_millis(5)).await;
        }
    }
    ends.store(true, Ordering::Relaxed);
    asking.await.unwrap();
}

#[tokio::test]
async fn datagrams_of_strangers_are_dropped_and_counted() {
    let cluster = Cluster::new();
    let _nodes = cluster.start().await;
    let stranger = UdpSocket::bind("127.0.0.1:0").unwrap();
    let fake = br#"ESD1........{"Taken":{"from":1,"of":2,"to":0,"through":9}}"#;
    for datagram in [&b""[..], b"hello", &vec![0; 60_000], fake] {
        stranger.send_to(datagram, cluster.gossip[0]).unwrap();
    }
    let deadline = Instant::now() + HANG;
    loop {
        let metrics = get(cluster.api[0], "/metrics").await.body;
        if metrics.contains("elk_sd_datagrams_total{result=\"unsigned\"} 4") {
            assert!(metrics.contains("elk_sd_peers_present 2"), "{metrics}");
            break;
        }
        assert!(Instant::now() < deadline, "{metrics}");
        sleep(Duration::from_millis(10)).await;
    }
}

#[test]
fn a_cluster_that_strangers_could_join_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("sd.toml");
    for (cluster, told) in [
        ("peers = [\"a:1\"]", "cluster.listen is not set"),
        ("listen = \"127.0.0.1:0\"\npeers = [\"a:1\"]", "16 characters"),
        ("listen = \"127.0.0.1:0\"\nkey = \"0123456789abcde\"", "16 characters"),
        (
            "listen = \"127.0.0.1:0\"\nkey = \"0123456789abcdef\"\npeers = [\"nowhere\"]",
            "\"nowhere\" is not host:port",
        ),
    ] {
        fs::write(&path, format!("listen = \"127.0.0.1:0\"\n[cluster]\n{cluster}\n")).unwrap();
        let (code, _, said) = run(&["--config", path.to_str().unwrap()], &[]);
        assert!(code != 0 && said.contains(told), "{code} {said}");
        assert!(!said.contains("0123456789"), "{said}");
    }
}
