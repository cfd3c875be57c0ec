//! Whom the listener serves, whom it drops, and how it ends.

use std::time::Duration;

use bytes::Bytes;
use elk_web::ServeOptions;
use http::Request;
use http_body_util::Empty;
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::world::{Answer, World, rest, write};

const PEER: &str = "GET /peer HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
const SLOW: &str = "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n";

fn impatient(options: &mut ServeOptions) {
    options.handshake_timeout = Duration::from_secs(1);
    options.header_timeout = Duration::from_secs(1);
}

#[tokio::test]
async fn one_port_takes_tls_and_plain_and_the_first_byte_tells_them_apart() {
    let world = World::start(|_| {}).await;
    world.is_well().await;
    let mut stream = world.tls().await;
    write(&mut stream, PEER).await;
    let answer = Answer::read(stream).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "tls"));
}

#[tokio::test]
async fn a_port_without_one_of_the_two_closes_on_it() {
    let world = World::start(|options| options.plain = false).await;
    let mut stream = world.plain().await;
    write(&mut stream, PEER).await;
    assert_eq!(rest(stream).await, "");
    drop(world.tls().await);
    let world = World::start(|options| options.tls = None).await;
    let mut stream = world.plain().await;
    write(&mut stream, "\u{16}\u{3}\u{1}").await;
    assert_eq!(rest(stream).await, "");
    world.is_well().await;
}

#[tokio::test]
async fn peers_that_stay_silent_anywhere_are_dropped_and_neighbours_do_not_notice() {
    let world = World::start(impatient).await;
    let mut silent = Vec::new();
    // Nothing at all; half a TLS record; part of HTTP/2's preface; part of a request.
    for start in ["", "\u{16}\u{3}\u{1}", "PRI * HT", "GET /peer HTTP/1.1\r\nHost"] {
        let mut stream = world.plain().await;
        write(&mut stream, start).await;
        silent.push(stream);
    }
    let shaken = world.tls().await;
    let mut preface = world.plain().await;
    write(&mut preface, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await;
    world.is_well().await;
    for stream in silent {
        rest(stream).await;
    }
    rest(shaken).await;
    rest(preface).await;
    world.is_well().await;
}

#[tokio::test]
async fn a_peer_that_drips_its_header_is_dropped() {
    let world = World::start(impatient).await;
    let mut stream = world.plain().await;
    let drip = async {
        for byte in std::iter::once(b'G').chain(std::iter::repeat(b'E')) {
            if stream.write_all(&[byte]).await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), drip).await.expect("it is dropped");
    world.is_well().await;
}

#[tokio::test]
async fn what_is_no_request_or_has_too_large_a_head_is_refused() {
    let world = World::start(|_| {}).await;
    let long = "x".repeat(200_000);
    let many = "a: b\r\n".repeat(1_000);
    let cases = [
        ("nonsense\r\n\r\n".to_owned(), 400),
        ("GET /peer\r\n\r\n".to_owned(), 400),
        ("GET /peer HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n".to_owned(), 400),
        (format!("GET /peer HTTP/1.1\r\nHost: a\r\nX: {long}\r\n\r\n"), 431),
        (format!("GET /{long} HTTP/1.1\r\nHost: a\r\n\r\n"), 431),
        (format!("GET /peer HTTP/1.1\r\nHost: a\r\n{many}\r\n"), 431),
        ("GET /peer HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n".to_owned(), 400),
    ];
    for (request, status) in cases {
        let mut stream = world.plain().await;
        // It may be refused before all of it is written.
        drop(stream.write_all(request.as_bytes()).await);
        let text = rest(stream).await;
        let start: String = request.chars().take(40).collect();
        let refused = text.is_empty() || text.starts_with(&format!("HTTP/1.1 {status}"));
        assert!(refused, "{start:?}: {text}");
        world.is_well().await;
    }
}

#[tokio::test]
async fn a_client_that_does_not_take_its_answer_is_dropped() {
    let world = World::start(|it| it.write_timeout = Duration::from_millis(300)).await;
    let request = "GET /flood HTTP/1.1\r\nHost: a\r\n\r\n";
    let mut plain = world.plain().await;
    write(&mut plain, request).await;
    let mut tls = world.tls().await;
    write(&mut tls, request).await;
    let given_up = world.given_up.acquire_many(2);
    let given_up = tokio::time::timeout(Duration::from_secs(20), given_up).await;
    given_up.expect("both are dropped").expect("open").forget();
    world.is_well().await;
}

/// Asks on a connection that stays open.
async fn asked(stream: &mut TcpStream) {
    write(stream, "GET /peer HTTP/1.1\r\nHost: a\r\n\r\n").await;
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\nplain") {
        answer.push(stream.read_u8().await.expect("an answer"));
    }
}

#[tokio::test]
async fn beyond_the_limit_the_oldest_connection_of_the_address_with_most_gives_way() {
    let world = World::start(|options| options.max_connections = 3).await;
    let mut other = world.plain_from([127, 0, 0, 2]).await;
    asked(&mut other).await;
    let (mut first, mut second) = (world.plain().await, world.plain().await);
    asked(&mut first).await;
    asked(&mut second).await;
    let mut third = world.plain().await;
    asked(&mut third).await;
    assert_eq!(rest(first).await, "", "it is closed");
    for stream in [&mut other, &mut second, &mut third] {
        asked(stream).await;
    }
}

#[tokio::test]
async fn a_handler_that_panics_fails_its_own_request_only() {
    let world = World::start(|_| {}).await;
    let answer = world.ask("GET /panic HTTP/1.1", "").await;
    let (status, code, detail) = answer.problem();
    assert_eq!((status, code.as_str()), (500, "internal"));
    assert!(!detail.contains("purpose"), "{detail}");
    world.is_well().await;
}

#[tokio::test]
async fn http_2_is_served_too_and_a_panic_costs_its_own_stream() {
    let world = World::start(|_| {}).await;
    let io = TokioIo::new(world.plain().await);
    let (sender, connection) = http2::handshake(TokioExecutor::new(), io).await.expect("http/2");
    let ask = |path: &str| {
        let uri = format!("http://{}{path}", world.addr);
        let request = Request::get(uri).body(Empty::<Bytes>::new()).expect("a request");
        sender.clone().send_request(request)
    };
    let slow = ask("/slow");
    let conversation = async {
        let meanwhile = async {
            world.begun.acquire().await.expect("open").forget();
            let panicked = ask("/panic").await.expect("an answer");
            assert_eq!(panicked.status(), 500);
            assert_eq!(ask("/peer").await.expect("an answer").status(), 200);
            world.release.add_permits(1);
        };
        let (slow, ()) = tokio::join!(slow, meanwhile);
        assert_eq!(slow.expect("an answer").status(), 200);
    };
    tokio::select! {
        ended = connection => panic!("the connection ended: {ended:?}"),
        done = tokio::time::timeout(Duration::from_secs(20), conversation) => done.expect("no hang"),
    }
}

#[tokio::test]
async fn a_connection_of_http_2_without_requests_ends_and_a_slow_answer_does_not() {
    let world = World::start(impatient).await;
    let ask = async |path: &str| {
        let io = TokioIo::new(world.plain().await);
        let (mut sender, connection) =
            http2::handshake(TokioExecutor::new(), io).await.expect("http/2");
        let uri = format!("http://{}{path}", world.addr);
        let request = Request::get(uri).body(Empty::<Bytes>::new()).expect("a request");
        let answer = async {
            let answer = sender.send_request(request).await.expect("an answer");
            // The sender is kept: the client does not want to end it.
            (answer.status(), sender)
        };
        let (_, (status, _sender)) = tokio::join!(connection, answer);
        assert_eq!(status, 200);
    };
    let idle = async {
        ask("/peer").await;
        // The other one was there all the time.
        world.release.add_permits(1);
    };
    let both = async { tokio::join!(idle, ask("/slow")) };
    tokio::time::timeout(Duration::from_secs(20), both).await.expect("they end");
}

#[tokio::test]
async fn a_stop_lets_a_running_request_finish_and_takes_no_further_one() {
    let world = World::start(|_| {}).await;
    let mut stream = world.plain().await;
    write(&mut stream, SLOW).await;
    world.begun.acquire().await.expect("open").forget();
    world.stop.now();
    let refused = async {
        while TcpStream::connect(world.addr).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), refused).await.expect("the port closes");
    assert!(!world.served.is_finished());
    world.release.add_permits(1);
    let answer = Answer::read(stream).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "done"));
    world.served.await.expect("no panic").expect("a clean end");
}

#[tokio::test]
async fn a_stop_gives_a_stuck_request_no_longer_than_the_grace_period() {
    let world = World::start(|options| options.grace = Duration::from_millis(100)).await;
    let mut stream = world.plain().await;
    write(&mut stream, SLOW).await;
    world.begun.acquire().await.expect("open").forget();
    world.stop.now();
    world.served.await.expect("no panic").expect("a clean end");
    assert_eq!(rest(stream).await, "");
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_answered_503() {
    let world = World::start(|it| it.request_timeout = Duration::from_millis(100)).await;
    let (status, code, _) = world.ask("GET /slow HTTP/1.1", "").await.problem();
    assert_eq!((status, code.as_str()), (503, "timeout"));
    // So is one whose body does not come.
    let mut stream = world.plain().await;
    let head = "PUT /orders/1 HTTP/1.1\r\nHost: a\r\nRole: operator\r\nConnection: close\r\n";
    write(&mut stream, &format!("{head}Content-Length: 100\r\n\r\n{{")).await;
    assert_eq!(Answer::read(stream).await.status, 503);
}
