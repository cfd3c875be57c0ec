//! Tokens for programs.

use elk_api::tokens::{self, MadeToken, NewToken, Token, TokenState};
use elk_api::{ListQuery, Nothing, Role};
use elk_client::Client;
use elk_trust::Secret;
use jiff::Timestamp;

use crate::world::{NOW, PASSWORD, World, client, json, raw, until};

fn new(name: &str) -> NewToken {
    NewToken { name: name.to_owned(), role: None, selector: None, expires_at: None }
}

async fn make(by: &Client, new: &NewToken) -> MadeToken {
    by.send::<tokens::Create>(&[], &Nothing {}, new).await.unwrap()
}

fn with(world: &World, made: &MadeToken) -> Client {
    client(world.addr).with_token(&Secret::new(made.secret.clone())).unwrap()
}

async fn list(by: &Client) -> Vec<Token> {
    let query = ListQuery::default();
    by.send::<tokens::List>(&[], &query, &Nothing {}).await.unwrap().items
}

async fn refused(client: &Client) -> (u16, String) {
    let reply = raw(client, "GET", "/api/n1/agents", None).await;
    (reply.status, json(&reply)["code"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn a_token_works_where_a_session_does_and_is_kept_as_a_digest() {
    let world = World::new().await;
    let kim = world.user("kim", Role::Operator).await;
    let made = make(&kim, &new("ci")).await;
    assert!(made.secret.starts_with("elk_") && made.secret.len() == 68);
    let program = with(&world, &made);
    assert_eq!(raw(&program, "GET", "/api/n1/agents", None).await.status, 200);
    assert_eq!(raw(&program, "GET", "/api/v1/getTags", None).await.status, 200);
    let me = json(&raw(&program, "GET", "/api/n1/self", None).await);
    assert_eq!((&me["name"], &me["token"]), (&"kim".into(), &"ci".into()));
    assert!(me["expires_at"].is_null() && me["idle_timeout_seconds"] == 0, "{me}");
    // It survives a restart, and no file holds it.
    let world = world.restart().await;
    assert_eq!(raw(&with(&world, &made), "GET", "/api/n1/agents", None).await.status, 200);
    for file in ["state.db", "state.db-wal"] {
        let bytes = std::fs::read(world.dir.path().join("manager").join(file)).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains(&made.secret), "{file}");
    }
    world.end().await;
}

#[tokio::test]
async fn a_token_that_has_ended_is_refused_with_the_reason() {
    let world = World::new().await;
    let end = Timestamp::from_millisecond(NOW + 60_000).unwrap();
    let short = make(&world.admin, &NewToken { expires_at: Some(end), ..new("short") }).await;
    let gone = make(&world.admin, &new("gone")).await;
    assert_eq!(refused(&with(&world, &short)).await.0, 200);
    let path = "/api/n1/tokens/gone";
    let revoked = json(&raw(&world.admin, "DELETE", path, None).await);
    assert_eq!(revoked["state"], "revoked");
    assert_eq!(refused(&with(&world, &gone)).await, (401, "token_revoked".to_owned()));
    world.clock.advance_ms(59_999);
    assert_eq!(refused(&with(&world, &short)).await.0, 200);
    world.clock.advance_ms(1);
    assert_eq!(refused(&with(&world, &short)).await, (401, "token_expired".to_owned()));
    let reply = raw(&with(&world, &short), "GET", "/api/n1/agents", None).await;
    let problem = json(&reply);
    let detail = problem["detail"].as_str().unwrap();
    assert_eq!(detail, "the token short expired at 2023-11-14T22:14:20Z");
    // Signing in is open to who carries one, and the name is free again.
    let login = format!(r#"{{"username":"admin","password":"{PASSWORD}"}}"#);
    let reply = raw(&with(&world, &gone), "POST", "/api/n1/login", Some(&login)).await;
    assert_eq!(reply.status, 200);
    for name in ["short", "gone"] {
        make(&world.admin, &new(name)).await;
    }
    let states: Vec<_> = list(&world.admin).await.iter().map(|it| it.state).collect();
    let ended = |state| states.iter().filter(|it| **it == state).count();
    let (active, expired, revoked) =
        (ended(TokenState::Active), ended(TokenState::Expired), ended(TokenState::Revoked));
    assert_eq!((active, expired, revoked), (2, 1, 1));
    world.end().await;
}

#[tokio::test]
async fn a_token_never_has_more_rights_than_its_user_has_now() {
    let world = World::new().await;
    let kim = world.user("kim", Role::Admin).await;
    let whole = with(&world, &make(&kim, &new("whole")).await);
    let limited = NewToken { role: Some(Role::Viewer), ..new("limited") };
    let limited = with(&world, &make(&kim, &limited).await);
    let may = async |client: &Client, path: &str| raw(client, "GET", path, None).await.status;
    let (users, agents) = ("/api/n1/users", "/api/n1/agents");
    assert_eq!((may(&whole, users).await, may(&limited, users).await), (200, 403));
    let set = async |role: &str| {
        let body = format!(r#"{{"role":"{role}"}}"#);
        raw(&world.admin, "PUT", "/api/n1/users/kim/role", Some(&body)).await.status
    };
    assert_eq!(set("operator").await, 200);
    assert_eq!((may(&whole, users).await, may(&whole, agents).await), (403, 200));
    assert_eq!(set("hub_viewer").await, 200);
    assert_eq!((may(&whole, agents).await, may(&limited, agents).await), (403, 403));
    assert_eq!(raw(&world.admin, "DELETE", "/api/n1/users/kim", None).await.status, 200);
    assert_eq!((may(&whole, agents).await, may(&limited, agents).await), (401, 401));
    assert!(list(&world.admin).await.is_empty());
    world.end().await;
}

#[tokio::test]
async fn nobody_makes_a_token_with_more_rights_or_from_another_token() {
    let world = World::new().await;
    let kim = world.user("kim", Role::Operator).await;
    let ask = async |by: &Client, body: &str| {
        let reply = raw(by, "POST", "/api/n1/tokens", Some(body)).await;
        (reply.status, json(&reply)["code"].as_str().unwrap_or_default().to_owned())
    };
    let told = |status, code: &str| (status, code.to_owned());
    assert_eq!(ask(&kim, r#"{"name":"a","role":"admin"}"#).await, told(403, "denied"));
    let past = r#"{"name":"a","expires_at":"2020-01-01T00:00:00Z"}"#;
    assert_eq!(ask(&kim, past).await, told(422, "invalid_time"));
    assert_eq!(ask(&kim, r#"{"name":"a b"}"#).await, told(422, "invalid_name"));
    let program = with(&world, &make(&kim, &new("ci")).await);
    assert_eq!(ask(&kim, r#"{"name":"ci"}"#).await, told(409, "token_exists"));
    assert_eq!(ask(&program, r#"{"name":"b"}"#).await, told(403, "token_not_session"));
    for (method, path, body, status) in [
        ("POST", "/api/n1/logout", None, 409),
        ("POST", "/api/n1/self/totp", None, 403),
        ("DELETE", "/api/n1/users/kim/totp", Some("{}"), 403),
    ] {
        assert_eq!(raw(&program, method, path, body).await.status, status, "{path}");
    }
    for number in 0..99 {
        make(&kim, &new(&format!("more-{number}"))).await;
    }
    assert_eq!(ask(&kim, r#"{"name":"last"}"#).await, told(409, "too_many_tokens"));
    world.end().await;
}

#[tokio::test]
async fn it_is_told_when_a_token_was_used_last_also_after_a_restart() {
    let world = World::new().await;
    let made = make(&world.admin, &new("ci")).await;
    assert_eq!(list(&world.admin).await[0].last_used_at, None);
    world.clock.advance_ms(5_000);
    assert_eq!(refused(&with(&world, &made)).await.0, 200);
    let used = Timestamp::from_millisecond(NOW + 5_000).unwrap();
    assert_eq!(list(&world.admin).await[0].last_used_at, Some(used));
    let world = world.restart().await;
    assert_eq!(list(&world.admin).await[0].last_used_at, Some(used));
    world.clock.advance_ms(60_000);
    assert_eq!(refused(&with(&world, &made)).await.0, 200);
    until("the use to be told", async || list(&world.admin).await[0].last_used_at > Some(used))
        .await;
    world.end().await;
}
