//! Requests that are refused: with which status, and whether the text says what is wrong where.

use crate::world::{Answer, World};

const PUT: &str = "PUT /orders/7 HTTP/1.1\r\nRole: operator";

#[tokio::test]
async fn a_good_request_passes() {
    let world = World::start(|_| {}).await;
    let answer = world.ask(PUT, r#"{"name":"a","lines":[{"count":2}]}"#).await;
    assert_eq!(answer.body, r#"{"name":"7:a","lines":[{"count":2}]}"#);
    let answer = world.ask("GET /orders?limit=7 HTTP/1.1\r\nRole: viewer", "").await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "7"));
}

#[tokio::test]
async fn a_body_that_does_not_fit_is_refused_by_field_line_and_column() {
    let world = World::start(|_| {}).await;
    let cases = [
        (
            "{\"name\":\"a\",\n\"lines\":[{\"count\":1},{\"count\":\"x\"}]}",
            "body: lines[1].count: invalid type: string \"x\", expected u32 at line 2 column 33",
        ),
        (r#"{"name":5,"lines":[]}"#, "body: name: invalid type: integer `5`"),
        (r#"{"name":"a","lines":[{"count":-1}]}"#, "body: lines[0].count: invalid value"),
        (r#"{"name":"a","lines":[{"cuont":1}]}"#, "body: lines[0].cuont: unknown field `cuont`"),
        (r#"{"name":"a"}"#, "body: missing field `lines` at line 1 column 12"),
        (r#"{"name":"a","lines":null}"#, "body: lines: invalid type: null"),
        (r#"{"name":"a","lines":[]} x"#, "body: trailing characters at line 1 column 25"),
        ("{", "body: EOF while parsing an object at line 1 column 1"),
        ("", "body: EOF while parsing a value at line 1 column 0"),
        ("[[[", "body: [0]: invalid type: sequence, expected a string"),
        ("\u{1b}[2J", "body: expected value at line 1 column 1"),
    ];
    for (body, expected) in cases {
        let (status, code, detail) = world.ask(PUT, body).await.problem();
        assert_eq!((status, code.as_str()), (400, "invalid_body"), "{body}");
        assert!(detail.starts_with(expected), "{body:?} -> {detail:?}");
    }
    let deep = "[".repeat(100_000);
    assert_eq!(world.ask(PUT, &deep).await.status, 400);
    world.is_well().await;
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_answered_413() {
    let world = World::start(|_| {}).await;
    let body = format!(r#"{{"name":"{}","lines":[]}}"#, "x".repeat(3 << 20));
    let (status, code, detail) = world.ask(PUT, &body).await.problem();
    assert_eq!((status, code.as_str()), (413, "body_too_large"), "{detail}");
    world.is_well().await;
}

#[tokio::test]
async fn a_query_or_a_path_that_does_not_fit_is_refused_by_name() {
    let world = World::start(|_| {}).await;
    let cases = [
        ("GET /orders?limti=7", "invalid_query", "query: limti: unknown field `limti`"),
        ("GET /orders?limit=x", "invalid_query", "query: limit: invalid digit"),
        ("GET /orders?limit=1&limit=2", "invalid_query", "query: duplicate field `limit`"),
        ("PUT /orders/7?dry=1", "invalid_query", "query: order.put takes none"),
        ("PUT /orders/x", "invalid_path", "path: Invalid URL: Cannot parse `x` to a `u32`"),
    ];
    for (line, code, expected) in cases {
        let head = format!("{line} HTTP/1.1\r\nRole: operator");
        let (status, got, detail) = world.ask(&head, "{}").await.problem();
        assert_eq!((status, got.as_str()), (400, code), "{line}: {detail}");
        assert!(detail.starts_with(expected), "{line}: {detail:?}");
    }
    let (status, code, detail) = world.ask("GET /nowhere HTTP/1.1", "").await.problem();
    assert_eq!((status, code.as_str()), (404, "route_not_found"));
    assert!(detail.contains("/nowhere"), "{detail}");
}

#[tokio::test]
async fn who_is_not_signed_in_or_may_not_is_told_apart_and_before_the_body_is_read() {
    let world = World::start(|_| {}).await;
    let (status, code, _) = world.ask("PUT /orders/7 HTTP/1.1", "{").await.problem();
    assert_eq!((status, code.as_str()), (401, "unauthenticated"));
    let (status, code, detail) =
        world.ask("PUT /orders/7 HTTP/1.1\r\nRole: viewer", "{").await.problem();
    assert_eq!((status, code.as_str()), (403, "denied"));
    assert_eq!(detail, "the role viewer does not include run_tasks");
}

#[tokio::test]
async fn a_request_keeps_its_own_id_if_that_is_harmless_and_gets_one_otherwise() {
    let world = World::start(|_| {}).await;
    let id = |answer: &Answer| answer.header("x-request-id").unwrap_or_default().to_owned();
    let given = world.ask("GET /peer HTTP/1.1\r\nX-Request-Id: my-id_1", "").await;
    assert_eq!(id(&given), "my-id_1");
    let long = "x".repeat(65);
    for hostile in ["", "a b", "\u{1b}[2J", "a;b", long.as_str()] {
        let head = format!("GET /nowhere HTTP/1.1\r\nX-Request-Id: {hostile}");
        let answer = world.ask(&head, "").await;
        if answer.status == 400 {
            // hyper refuses control characters by itself.
            continue;
        }
        assert_eq!(id(&answer).len(), 36, "{hostile:?} -> {answer:?}");
        answer.problem();
    }
}
