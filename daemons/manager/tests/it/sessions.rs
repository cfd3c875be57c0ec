//! Sessions that are listed and ended, and what users are told of sign-ins.

use elk_api::session::{self, OpenSession};
use elk_api::users::{self, User};
use elk_api::{ListQuery, Nothing, Role};
use elk_client::Client;

use crate::world::{NOW, PASSWORD, World, json, raw, sign_in};

async fn list(by: &Client) -> Vec<OpenSession> {
    let mut query = ListQuery { limit: Some(2), cursor: None };
    let mut all = Vec::new();
    loop {
        let page = by.send::<session::List>(&[], &query, &Nothing {}).await.unwrap();
        all.extend(page.items);
        let Some(cursor) = page.next_cursor else {
            assert_eq!(page.total, all.len() as u64);
            return all;
        };
        query.cursor = Some(cursor);
    }
}

async fn me(client: &Client) -> u16 {
    raw(client, "GET", "/api/n1/self", None).await.status
}

async fn user(world: &World, name: &str) -> User {
    world.admin.send::<users::Get>(&[name], &Nothing {}, &Nothing {}).await.unwrap()
}

#[tokio::test]
async fn sessions_are_listed_to_their_user_and_ended_one_by_one_or_all() {
    let world = World::new().await;
    let first = world.user("kim", Role::Viewer).await;
    world.clock.advance_ms(1_000);
    let second = sign_in(world.addr, "kim", PASSWORD).await.unwrap();
    let third = sign_in(world.addr, "kim", PASSWORD).await.unwrap();
    let seen = list(&first).await;
    assert_eq!(seen.len(), 3);
    let own = seen.iter().find(|it| it.current).unwrap();
    assert_eq!((own.user.as_str(), own.address.as_deref()), ("kim", Some("127.0.0.1")));
    assert_eq!(own.opened_at.unwrap().as_millisecond(), NOW);
    // An administrator sees everybody's, by user.
    let all = list(&world.admin).await;
    let names: Vec<_> = all.iter().map(|it| it.user.as_str()).collect();
    assert_eq!(names, ["admin", "kim", "kim", "kim"]);
    let other = list(&second).await.into_iter().find(|it| it.current).unwrap();
    let path = format!("/api/n1/sessions/{}", other.id);
    assert_eq!(raw(&first, "DELETE", &path, None).await.status, 200);
    assert_eq!(raw(&first, "DELETE", &path, None).await.status, 404);
    assert_eq!((me(&first).await, me(&second).await, me(&third).await), (200, 401, 200));
    let ended = json(&raw(&first, "DELETE", "/api/n1/users/kim/sessions", None).await);
    assert_eq!((&ended["ended"], me(&first).await, me(&third).await), (&1.into(), 200, 401));
    for odd in ["", "x", "%25", "0123456789abcde", "0123456789ABCDEF"] {
        let path = format!("/api/n1/sessions/{odd}");
        assert!(raw(&first, "DELETE", &path, None).await.status >= 404, "{odd}");
    }
    world.end().await;
}

#[tokio::test]
async fn another_role_ends_sessions_and_the_same_role_does_not() {
    let world = World::new().await;
    let kim = world.user("kim", Role::Viewer).await;
    let set = async |role: &str| {
        let body = format!(r#"{{"role":"{role}"}}"#);
        raw(&world.admin, "PUT", "/api/n1/users/kim/role", Some(&body)).await.status
    };
    assert_eq!((set("viewer").await, me(&kim).await), (200, 200));
    assert_eq!((set("operator").await, me(&kim).await), (200, 401));
    assert_eq!(user(&world, "kim").await.role, Role::Operator);
    assert_eq!(set("emperor").await, 400);
    let last = raw(&world.admin, "PUT", "/api/n1/users/admin/role", Some(r#"{"role":"viewer"}"#));
    assert_eq!(json(&last.await)["code"], "last_admin");
    let last = raw(&world.admin, "DELETE", "/api/n1/users/admin", None).await;
    assert_eq!((last.status, &json(&last)["code"]), (409, &"last_admin".into()));
    world.end().await;
}

#[tokio::test]
async fn one_session_more_than_there_may_be_ends_the_one_used_longest_ago() {
    let world = World::new().await;
    let first = world.user("kim", Role::Viewer).await;
    let mut others = Vec::new();
    for _ in 0..49 {
        world.clock.advance_ms(1);
        others.push(sign_in(world.addr, "kim", PASSWORD).await.unwrap());
    }
    assert_eq!((list(&first).await.len(), me(&others[0]).await), (50, 200));
    // A use that is noted counts.
    world.clock.advance_ms(40_000);
    assert_eq!(me(&first).await, 200);
    let last = sign_in(world.addr, "kim", PASSWORD).await.unwrap();
    assert_eq!((me(&first).await, me(&last).await), (200, 200));
    assert_eq!(list(&last).await.len(), 50);
    world.end().await;
}

#[tokio::test]
async fn passwords_that_are_guessed_first_are_refused() {
    let world = World::new().await;
    world.user("kim", Role::Viewer).await;
    let create = async |password: &str| {
        let body = format!(r#"{{"name":"alexandra.k","role":"viewer","password":"{password}"}}"#);
        let reply = raw(&world.admin, "POST", "/api/n1/users", Some(&body)).await;
        (reply.status, json(&reply)["detail"].as_str().unwrap_or_default().to_owned())
    };
    for bad in ["short", "Password1234", "alexandra.k1", "aaaaaaaaaaaaaa"] {
        let (status, detail) = create(bad).await;
        assert!(status == 422 && detail.starts_with("password: "), "{bad}: {status} {detail}");
    }
    let set = r#"{"password":"qwertyuiop123"}"#;
    let reply = raw(&world.admin, "PUT", "/api/n1/users/kim/password", Some(set)).await;
    assert_eq!(json(&reply)["code"], "weak_password");
    assert_eq!(create("seven little horses").await.0, 200);
    world.end().await;
}

#[tokio::test]
async fn failed_sign_ins_are_shown_and_an_administrator_forgets_them() {
    let world = World::new().await;
    world.user("kim", Role::Viewer).await;
    for _ in 0..5 {
        sign_in(world.addr, "kim", "wrong").await.unwrap_err();
    }
    let locked = user(&world, "kim").await;
    assert_eq!(locked.failed_sign_ins, 5);
    assert_eq!(locked.locked_until.unwrap().as_millisecond(), NOW + 1_000);
    sign_in(world.addr, "kim", PASSWORD).await.unwrap_err();
    let reply = raw(&world.admin, "POST", "/api/n1/users/kim/unlock", None).await;
    let free = json(&reply);
    assert_eq!((&free["failed_sign_ins"], free["locked_until"].is_null()), (&0.into(), true));
    sign_in(world.addr, "kim", PASSWORD).await.unwrap();
    world.end().await;
}
