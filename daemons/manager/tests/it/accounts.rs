//! Signing in and out.

use elk_api::Role;
use elk_client::RawReply;
use http::{HeaderMap, Method};
use serde_json::{Value, json};

use crate::world::{NOW, PASSWORD, World, client, json, open_session, raw, sign_in};

const LOGIN: &str = "/api/n1/login";
const LOGIN_V1: &str = "/api/v1/user/login";

fn given(name: &str, password: &str) -> String {
    json!({ "username": name, "password": password }).to_string()
}

async fn status_of(world: &World, name: &str, password: &str) -> u16 {
    raw(&world.anyone(), "POST", LOGIN, Some(&given(name, password))).await.status
}

#[tokio::test]
async fn a_session_ends_by_signing_out_and_by_two_idle_hours() {
    let world = World::new().await;
    let me = async |client| raw(client, "GET", "/api/n1/self", None).await.status;
    let out = sign_in(world.addr, "admin", PASSWORD).await.unwrap();
    assert_eq!(raw(&out, "POST", "/api/n1/logout", None).await.status, 200);
    assert_eq!((me(&out).await, me(&world.admin).await), (401, 200));
    // Each use starts the two hours again.
    for _ in 0..3 {
        world.clock.advance_ms(7_199_000);
        assert_eq!(me(&world.admin).await, 200);
    }
    world.clock.advance_ms(7_202_000);
    assert_eq!(me(&world.admin).await, 401);
    assert_eq!(me(&world.admin).await, 401);
    world.end().await;
}

#[tokio::test]
async fn a_session_and_its_end_survive_a_restart_of_the_manager() {
    let world = World::new().await;
    let kept = open_session(world.addr, "admin", PASSWORD).await.unwrap();
    let ended = open_session(world.addr, "admin", PASSWORD).await.unwrap();
    let with = |world: &World, token| client(world.addr).with_token(token).unwrap();
    raw(&with(&world, &ended), "POST", "/api/n1/logout", None).await;
    let world = world.restart().await;
    let me = async |client| raw(&client, "GET", "/api/n1/self", None).await.status;
    assert_eq!(me(with(&world, &kept)).await, 200);
    assert_eq!(me(with(&world, &ended)).await, 401);
    world.end().await;
}

#[tokio::test]
async fn json_is_taken_whatever_its_content_type_says() {
    let world = World::new().await;
    let mut headers = HeaderMap::new();
    let form = "application/x-www-form-urlencoded".parse().unwrap();
    headers.insert("content-type", form);
    for path in [LOGIN, LOGIN_V1] {
        let body = given("admin", PASSWORD).into();
        let reply = world.anyone().raw(Method::POST, path, &headers, Some(body)).await.unwrap();
        assert_eq!(reply.status, 200, "{path}");
        assert!(String::from_utf8_lossy(&reply.body).contains("seesion-"), "{path}");
    }
    for (body, place) in [("{", "line 1 column 1"), ("", "line 1 column 0"), ("[1]", "line 1")] {
        let reply = raw(&world.anyone(), "POST", LOGIN, Some(body)).await;
        let problem = json(&reply);
        assert_eq!((reply.status, &problem["code"]), (400, &"invalid_body".into()), "{body:?}");
        assert!(problem["detail"].as_str().unwrap().contains(place), "{problem}");
    }
    world.end().await;
}

#[tokio::test]
async fn wrong_and_unknown_users_are_answered_alike() {
    let world = World::new().await;
    let ask = async |name: &str, password: &str| {
        let reply = raw(&world.anyone(), "POST", LOGIN, Some(&given(name, password))).await;
        let mut problem = json(&reply);
        problem["request_id"] = Value::Null;
        (reply.status, problem)
    };
    let wrong = ask("admin", "wrong").await;
    assert_eq!((wrong.0, &wrong.1["code"]), (401, &"wrong_credentials".into()));
    assert_eq!(wrong, ask("nobody", "wrong").await);
    let endless = "x".repeat(100_000);
    assert_eq!(wrong, ask("admin", endless.as_str()).await);
    assert_eq!(wrong, ask("", "").await);
    world.end().await;
}

fn retry_after(reply: &RawReply) -> u64 {
    reply.headers["retry-after"].to_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn who_guesses_has_to_wait_and_nobody_else() {
    let world = World::new().await;
    world.user("kim", Role::Viewer).await;
    for _ in 0..5 {
        assert_eq!(status_of(&world, "admin", "wrong").await, 401);
    }
    let locked = raw(&world.anyone(), "POST", LOGIN, Some(&given("admin", PASSWORD))).await;
    assert_eq!((locked.status, retry_after(&locked)), (429, 1));
    assert_eq!(json(&locked)["code"], "too_many_attempts");
    let locked = raw(&world.anyone(), "POST", LOGIN_V1, Some(&given("admin", PASSWORD))).await;
    assert_eq!((locked.status, retry_after(&locked)), (429, 1));
    assert_eq!(
        (&json(&locked)["code"], &json(&locked)["msg"]),
        (&21.into(), &"user locked".into())
    );
    // Who is signed in goes on, and so does another user of the same host.
    assert_eq!(raw(&world.admin, "GET", "/api/n1/self", None).await.status, 200);
    assert_eq!(status_of(&world, "kim", PASSWORD).await, 200);
    world.clock.advance_ms(1_000);
    assert_eq!(status_of(&world, "admin", "wrong").await, 401);
    world.clock.advance_ms(1_000);
    assert_eq!(status_of(&world, "admin", PASSWORD).await, 429);
    world.clock.advance_ms(1_000);
    assert_eq!(status_of(&world, "admin", PASSWORD).await, 200);
    assert_eq!(status_of(&world, "admin", "wrong").await, 401);
    assert_eq!(status_of(&world, "admin", PASSWORD).await, 200);
    world.end().await;
}

#[tokio::test]
async fn users_are_made_once_and_their_names_and_passwords_are_checked() {
    let world = World::new().await;
    let make = async |name: &str, role: &str, password: &str| {
        let body = json!({ "name": name, "role": role, "password": password }).to_string();
        let reply = raw(&world.admin, "POST", "/api/n1/users", Some(&body)).await;
        (reply.status, json(&reply)["code"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(make("kim", "viewer", PASSWORD).await.0, 200);
    let long = "p".repeat(1_025);
    let cases = [
        ("kim", "viewer", PASSWORD, 409, "user_exists"),
        ("a b", "viewer", PASSWORD, 422, "invalid_name"),
        ("", "viewer", PASSWORD, 422, "invalid_name"),
        ("lee", "viewer", "short", 422, "weak_password"),
        ("lee", "viewer", &long, 422, "weak_password"),
        ("lee", "root", PASSWORD, 400, "invalid_body"),
    ];
    for (name, role, password, status, code) in cases {
        assert_eq!(make(name, role, password).await, (status, code.to_owned()), "{name:?} {role}");
    }
    let reply = raw(&world.admin, "GET", "/api/n1/users?limit=1", None).await;
    let page = json(&reply);
    assert_eq!((&page["total"], &page["items"][0]["name"]), (&2.into(), &"admin".into()));
    assert_eq!(page["items"][0]["last_login_at"], "2023-11-14T22:13:20Z");
    assert!(page["items"][0].get("hash").is_none());
    let cursor = page["next_cursor"].as_str().unwrap();
    let reply = raw(&world.admin, "GET", &format!("/api/n1/users?cursor={cursor}"), None).await;
    assert_eq!(json(&reply)["items"][0]["name"], "kim");
    assert_eq!(json(&reply)["next_cursor"], Value::Null);
    assert_eq!(world.clock.unix_ms(), NOW);
    world.end().await;
}
