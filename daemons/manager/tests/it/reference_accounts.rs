//! Accounts, by the reference's API.

use elk_api::Role;
use serde_json::{Value, json};

use crate::reference::{envelope, ok, post};
use crate::world::{PASSWORD, World, json, raw, sign_in};

#[tokio::test]
async fn an_administrator_sets_roles_and_removes_users() {
    let world = World::new().await;
    let bob = world.user("bob", Role::Viewer).await;
    let update = async |body: Value| post(&world.admin, "/api/v1/user/update", body).await;
    let done = update(json!({ "username": "bob", "level": 2, "avatar": "bob.png" })).await;
    assert_eq!(envelope(&done), ok(json!("ok")));
    // Another role ends the sessions.
    assert_eq!(raw(&bob, "GET", "/api/v1/user/info", None).await.status, 401);
    let bob = sign_in(world.addr, "bob", PASSWORD).await.unwrap();
    let info = envelope(&raw(&bob, "GET", "/api/v1/user/info", None).await)["data"].clone();
    assert_eq!((&info["level"], &info["avatar"]), (&json!(2), &json!("bob.png")));
    let unknown =
        json!({ "code": 10, "msg": "unknown error", "data": "user is not in db, count :0" });
    assert_eq!(envelope(&update(json!({ "username": "nobody", "level": 3 })).await), unknown);
    // Who is sent without a level would become an administrator.
    let reply = update(json!({ "username": "bob" })).await;
    assert_eq!((reply.status, &json(&reply)["code"]), (400, &json!(5)));
    for level in [9, -1] {
        let refused = envelope(&update(json!({ "username": "bob", "level": level })).await);
        assert_eq!(refused["code"], 5, "{level}");
    }
    let last =
        json!({ "code": 10, "msg": "unknown error", "data": "this is the last administrator" });
    assert_eq!(envelope(&update(json!({ "username": "admin", "level": 3 })).await), last);
    let remove = async |name: &str| {
        envelope(&post(&world.admin, "/api/v1/user/del", json!({ "username": name })).await)
    };
    assert_eq!(remove("admin").await, last);
    assert_eq!(remove("bob").await, ok(json!("ok")));
    assert_eq!(remove("bob").await, ok(json!("ok")));
    let reply = raw(&bob, "GET", "/api/v1/user/info", None).await;
    assert_eq!((reply.status, reply.body.len()), (401, 0), "his sessions ended");
    world.end().await;
}

#[tokio::test]
async fn users_check_and_set_their_own_password_and_no_other() {
    let world = World::new().await;
    let bob = world.user("bob", Role::Viewer).await;
    let other = sign_in(world.addr, "bob", PASSWORD).await.unwrap();
    let check = async |name: &str, password: &str| {
        let body = json!({ "username": name, "password": password });
        envelope(&post(&bob, "/api/v1/user/checkUser", body).await)
    };
    assert_eq!(check("bob", PASSWORD).await, ok(json!({ "if_check": true })));
    assert_eq!(check("bob", "wrong").await, ok(json!({ "if_check": false })));
    let denied = json!({ "code": 10, "msg": "unknown error", "data": "permission denied" });
    assert_eq!(check("admin", PASSWORD).await, denied);
    let reset = async |name: &str, password: &str| {
        let body = json!({ "username": name, "password": password });
        envelope(&post(&bob, "/api/v1/user/resetPassword", body).await)
    };
    assert_eq!(reset("admin", "a long new password").await, denied);
    let empty = json!({ "code": 5, "msg": "param invalid", "data": "password cannot be empty" });
    assert_eq!(reset("bob", "").await, empty);
    assert_eq!(reset("bob", "short").await["code"], 5);
    assert_eq!(reset("bob", "a long new password").await, ok(json!("ok")));
    assert_eq!(check("bob", "a long new password").await["data"]["if_check"], true);
    assert_eq!(raw(&other, "GET", "/api/v1/user/info", None).await.status, 401);
    assert!(sign_in(world.addr, "bob", PASSWORD).await.is_err());
    world.end().await;
}

#[tokio::test]
async fn a_session_does_not_make_guessing_its_password_free() {
    let world = World::new().await;
    let bob = world.user("bob", Role::Viewer).await;
    let body = json!({ "username": "bob", "password": "wrong" });
    let mut last = 200;
    for _ in 0..8 {
        last = post(&bob, "/api/v1/user/checkUser", body.clone()).await.status;
    }
    assert_eq!(last, 429);
    world.end().await;
}
