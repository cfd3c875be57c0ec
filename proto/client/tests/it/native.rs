use std::time::Duration;

use elk_api::{ListQuery, Nothing, components, records, session};
use elk_client::{Client, ClientError, Config, ConfigError, Options};
use elk_trust::Secret;
use http::{HeaderMap, HeaderValue, Method};

use crate::server::{Answer, Server, answer, json, problem};

const ME: &str = r#"{"name":"a","role":"admin","permissions":[],"idle_timeout_seconds":60,"expires_at":"2026-01-01T00:00:00Z"}"#;

fn client(server: &Server) -> Client {
    let config = Config { timeout: Duration::from_secs(5), ..Config::new(server.url()) };
    Client::new(&config).unwrap().with_token(&Secret::new("SECRET")).unwrap()
}

async fn me(client: &Client) -> Result<session::Me, ClientError> {
    client.send::<session::Me>(&[], &Nothing {}, &Nothing {}).await
}

#[tokio::test]
async fn a_call_carries_the_token_and_the_name_of_the_client() {
    let server = Server::answering(vec![json(ME)]);
    assert_eq!(me(&client(&server)).await.unwrap().name, "a");
    let request = server.seen().remove(0);
    assert_eq!(request.line, "GET /api/n1/self HTTP/1.1");
    assert_eq!(request.header("token"), Some("SECRET"));
    assert!(request.header("user-agent").unwrap().starts_with("elkctl/"));
    assert_eq!(request.header("content-type"), None);
    assert!(!format!("{:?}", client(&server)).contains("SECRET"));
}

#[tokio::test]
async fn the_clock_of_the_server_is_known_from_its_last_answer() {
    let timed = |text: &str| answer("200 OK", &format!("server-time: {text}\r\n"), ME);
    let answers = vec![
        json(ME),
        timed("2026-01-02T03:04:05.678Z"),
        timed("soon"),
        timed("1969-12-31T00:00:00Z"),
    ];
    let server = Server::answering(answers);
    let client = client(&server);
    let asked = client.clone();
    let mut said = Vec::new();
    for _ in 0..4 {
        me(&asked).await.unwrap();
        said.push(client.server_time().map(|it| it.to_string()));
    }
    let good = Some("2026-01-02T03:04:05.678Z".to_owned());
    let old = Some("1969-12-31T00:00:00Z".to_owned());
    assert_eq!(said, [None, good.clone(), good, old]);
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_the_token_stays_here() {
    for status in ["302 Found", "307 Temporary Redirect"] {
        let thief = Server::answering(vec![json(ME)]);
        let location = format!("location: {}/api/n1/self\r\n", thief.url());
        let server = Server::answering(vec![answer(status, &location, "")]);
        let client = client(&server);
        let error = me(&client).await.unwrap_err();
        assert!(matches!(error, ClientError::Status { status: 302 | 307, .. }), "{error}");
        let (username, password) = ("a".to_owned(), "p".to_owned());
        let login = session::Credentials { username, password, otp: None };
        assert!(client.send::<session::Login>(&[], &Nothing {}, &login).await.is_err());
        assert_eq!(server.seen().len(), 2);
        assert!(thief.seen().is_empty(), "{status}");
    }
}

#[tokio::test]
async fn names_in_a_path_cannot_lead_to_another_route() {
    let server = Server::answering(vec![json("{}")]);
    let client = client(&server);
    let get = |name: &'static str| {
        let client = client.clone();
        async move { client.send::<components::Get>(&[name], &Nothing {}, &Nothing {}).await }
    };
    for name in ["", ".", ".."] {
        assert!(matches!(get(name).await, Err(ClientError::Request { .. })), "{name:?}");
    }
    drop(get("a/../b?c#d%2e é").await);
    let lines: Vec<_> = server.seen().into_iter().map(|request| request.line).collect();
    assert_eq!(lines, ["GET /api/n1/components/a%2F..%2Fb%3Fc%23d%252e%20%C3%A9 HTTP/1.1"]);
    let list = ListQuery { limit: Some(5), cursor: None };
    drop(client.send::<components::List>(&[], &list, &Nothing {}).await);
    assert_eq!(server.seen()[1].line, "GET /api/n1/components?limit=5 HTTP/1.1");
}

#[tokio::test]
async fn a_problem_document_becomes_the_error() {
    let body = r#"{"type":"about:blank","title":"Conflict","status":409,"detail":"it exists","code":"exists","hint":"try x"}"#;
    let conflict = answer("409 Conflict", "x-request-id: r1\r\n", body);
    let server = Server::answering(vec![conflict]);
    let error = me(&client(&server)).await.unwrap_err();
    assert_eq!(error.to_string(), "it exists");
    assert_eq!(
        (error.code(), error.status(), error.request_id()),
        ("exists", Some(409), Some("r1"))
    );
    assert_eq!(error.problem().unwrap().hint.as_deref(), Some("try x"));
    assert!(!error.is_retryable());
    assert!(error.url().ends_with("/api/n1/self"));
}

#[tokio::test]
async fn a_bare_status_is_an_error_of_its_own_and_its_text_is_escaped() {
    let cases = [
        ("401 Unauthorized", "", 401, "unauthenticated"),
        ("403 Forbidden", "", 403, "forbidden"),
        ("404 Not Found", "404 page \u{1b}[2J not found", 404, "not_found"),
    ];
    for (line, body, status, code) in cases {
        let server = Server::answering(vec![answer(line, "", body)]);
        let error = me(&client(&server)).await.unwrap_err();
        assert_eq!((error.status(), error.code()), (Some(status), code));
        assert!(!error.to_string().contains('\u{1b}'), "{error}");
    }
}

#[tokio::test]
async fn an_answer_that_is_not_what_was_promised_is_named_and_quoted() {
    for (body, part) in
        [("<!doctype html><html>", "<!doctype"), ("{\"name\":1}", "line 1 column"), ("", "name")]
    {
        let server = Server::answering(vec![json(body)]);
        let error = me(&client(&server)).await.unwrap_err();
        assert!(matches!(error, ClientError::Decode { .. }), "{body}: {error}");
        assert!(error.to_string().contains(part), "{body}: {error}");
        assert_eq!(server.seen().len(), 1, "it is not asked again");
    }
}

#[tokio::test]
async fn an_answer_without_bounds_is_cut_off() {
    let huge = b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n{".to_vec();
    let server = Server::answering(vec![huge]);
    let error = me(&client(&server)).await.unwrap_err();
    assert!(matches!(error, ClientError::TooLarge { .. }), "{error}");
}

#[tokio::test]
async fn reads_are_repeated_while_the_server_is_busy_and_changes_never() {
    let busy = || {
        problem(
            "503 Service Unavailable",
            r#"{"title":"x","status":503,"detail":"busy","code":"busy","retryable":true}"#,
        )
    };
    let server = Server::answering(vec![busy(), busy(), json(ME)]);
    assert!(me(&client(&server)).await.is_ok());
    assert_eq!(server.seen().len(), 3);

    let server = Server::answering(vec![busy()]);
    let error = me(&client(&server)).await.unwrap_err();
    assert_eq!((error.code(), error.is_retryable(), server.seen().len()), ("busy", true, 3));

    let server = Server::answering(vec![busy()]);
    let options = Options { idempotency_key: Some("k1"), ..Options::default() };
    let change =
        client(&server).send_with::<session::Logout>(&[], &Nothing {}, &Nothing {}, options).await;
    assert_eq!(change.unwrap_err().status(), Some(503));
    let seen = server.seen();
    assert_eq!((seen.len(), seen[0].header("idempotency-key")), (1, Some("k1")));

    let long = answer("429 Too Many Requests", "retry-after: 3600\r\n", "");
    let server = Server::answering(vec![long]);
    assert_eq!(me(&client(&server)).await.unwrap_err().status(), Some(429));
    assert_eq!(server.seen().len(), 1, "an hour is not waited");
}

#[tokio::test]
async fn no_connection_no_answer_and_a_lost_one_are_told_apart() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = format!("http://{}", listener.local_addr().unwrap());
    let config = Config { timeout: Duration::from_millis(300), ..Config::new(&closed) };
    let silent = Client::new(&config).unwrap();
    let error = me(&silent).await.unwrap_err();
    assert!(matches!(error, ClientError::Timeout { .. }) && error.is_ambiguous(), "{error}");
    drop(listener);
    let error = me(&silent).await.unwrap_err();
    assert!(matches!(error, ClientError::Connect { .. }) && !error.is_ambiguous(), "{error}");
    let server = Server::answering(vec![b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{".to_vec()]);
    let error = me(&client(&server)).await.unwrap_err();
    assert!(matches!(error, ClientError::Lost { .. }) && error.is_ambiguous(), "{error}");
}

fn lines(body: &str) -> Answer {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/x-ndjson\r\nconnection: close\r\n\r\n";
    [head, body].concat().into_bytes()
}

#[tokio::test]
async fn lines_arrive_one_by_one_and_a_broken_one_ends_the_stream() {
    let body = "{\"type\":\"gap\",\"missed\":1}\n\n{\"type\":\"gap\",\"missed\":2}\r\n{\"type\":\"gap\",\"missed\":3}";
    let server = Server::answering(vec![
        lines(body),
        lines("{\"type\":\"gap\",\"missed\":1}\nnonsense\n{}\n"),
    ]);
    let client = client(&server);
    let query = records::RecordQuery { data_type: Some(59), ..Default::default() };
    let mut stream = client.lines::<records::Tail>(&[], &query).await.unwrap();
    let mut missed = Vec::new();
    while let Some(line) = stream.next().await {
        match line.unwrap() {
            records::RecordLine::Gap { missed: number } => missed.push(number),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(missed, [1, 2, 3]);
    assert_eq!(server.seen()[0].line, "GET /api/n1/records?data_type=59 HTTP/1.1");
    let mut stream = client.lines::<records::Tail>(&[], &query).await.unwrap();
    assert!(stream.next().await.unwrap().is_ok());
    assert!(matches!(stream.next().await, Some(Err(ClientError::Decode { .. }))));
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn a_stream_that_is_refused_or_silent_is_an_error() {
    let none = r#"{"title":"x","status":501,"detail":"no bus","code":"no_bus"}"#;
    let server = Server::answering(vec![problem("501 Not Implemented", none)]);
    let query = records::RecordQuery::default();
    let error = client(&server).lines::<records::Tail>(&[], &query).await.unwrap_err();
    assert_eq!(error.status(), Some(501));

    let held = Server::start(None, |number| {
        if number > 0 {
            std::thread::park();
        }
        b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n".to_vec()
    });
    let config = Config { idle_timeout: Duration::from_millis(100), ..Config::new(held.url()) };
    let mut stream =
        Client::new(&config).unwrap().lines::<records::Tail>(&[], &query).await.unwrap();
    assert!(stream.next().await.unwrap().is_err());
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn a_file_is_sent_as_it_is() {
    let digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let body = format!("{{\"sha256\":\"{digest}\",\"size_bytes\":4}}");
    let server = Server::answering(vec![json(&body)]);
    let sent = client(&server)
        .upload::<components::Upload>(&["driver", digest], &Nothing {}, &b"\0\xff\r\n"[..], Some(4))
        .await
        .unwrap();
    assert_eq!(sent.size_bytes, 4);
    let request = server.seen().remove(0);
    assert_eq!(request.line, format!("PUT /api/n1/components/driver/files/{digest} HTTP/1.1"));
    assert_eq!(
        (request.body.as_slice(), request.header("content-length")),
        (&b"\0\xff\r\n"[..], Some("4"))
    );
}

#[tokio::test]
async fn a_raw_call_stays_on_the_server_and_cannot_change_the_token() {
    let server = Server::answering(vec![answer("418 Teapot", "x-a: b\r\n", "tea")]);
    let client = client(&server);
    let none = HeaderMap::new();
    for path in ["http://evil/", "//evil/x", "api", "", "/a\\b", "/a\r\nx: y"] {
        let error = client.raw(Method::GET, path, &none, None).await.unwrap_err();
        assert!(matches!(error, ClientError::Request { .. }), "{path:?}: {error}");
    }
    for path in ["/@evil/x", "/api/n1/self?x=1"] {
        let reply = client.raw(Method::GET, path, &none, None).await.unwrap();
        assert_eq!((reply.status, &*reply.body), (418, &b"tea"[..]));
    }
    assert_eq!(server.seen().len(), 2);
    let mut headers = HeaderMap::new();
    headers.insert("token", HeaderValue::from_static("other"));
    assert!(client.raw(Method::GET, "/", &headers, None).await.is_err());
}

#[test]
fn addresses_that_leak_or_mislead_are_refused() {
    let new = |url: &str| Client::new(&Config::new(url)).map(drop);
    for url in
        ["http://127.0.0.1:1", "http://[::1]:1", "http://localhost", "http://127.0.0.1/prefix/"]
    {
        assert!(new(url).is_ok(), "{url}");
    }
    for url in ["http://10.0.0.1", "http://manager.example", "http://127.0.0.1.evil.example"] {
        assert!(matches!(new(url), Err(ConfigError::Plaintext { .. })), "{url}");
        let allowed = Config { allow_plaintext: true, ..Config::new(url) };
        assert!(Client::new(&allowed).is_ok(), "{url}");
    }
    for url in
        ["", "manager:6701", "ftp://127.0.0.1", "http://127.0.0.1/?a", "http://u:hunter2@127.0.0.1"]
    {
        let error = new(url).unwrap_err();
        assert!(matches!(error, ConfigError::Url { .. }), "{url}: {error}");
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
    let client = Client::new(&Config::new("http://127.0.0.1")).unwrap();
    assert!(matches!(client.with_token(&Secret::new("a\nb")), Err(ConfigError::Token)));
}

#[tokio::test]
async fn an_empty_answer_is_enough_where_nothing_is_promised() {
    let empty = answer("204 No Content", "", "");
    let server = Server::answering(vec![empty]);
    client(&server).send::<session::Logout>(&[], &Nothing {}, &Nothing {}).await.unwrap();
    let request = server.seen().remove(0);
    assert_eq!((request.line.as_str(), request.body.len()), ("POST /api/n1/logout HTTP/1.1", 0));
}
