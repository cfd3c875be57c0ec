//! The table of the reference's routes is true.

use elk_api::Role;
use elk_api::reference::{Route, RouteState, routes};
use elk_client::{Client, RawReply};

use crate::world::{World, raw};

/// Fills the holes of a path.
fn path(route: &Route) -> String {
    let fill = |part: &str| if part.starts_with(':') { "x".to_owned() } else { part.to_owned() };
    route.path.split('/').map(fill).collect::<Vec<_>>().join("/")
}

async fn call(client: &Client, route: &Route) -> RawReply {
    let body = (route.method != "GET").then_some("{}");
    raw(client, route.method, &path(route), body).await
}

/// Returns whether the router, and no handler, answered.
fn is_unknown(reply: &RawReply) -> bool {
    let problem =
        reply.headers.get("content-type").is_some_and(|it| it == "application/problem+json");
    problem && matches!(reply.status, 404 | 405)
}

#[tokio::test]
async fn what_the_table_says_is_served_is_served_and_nothing_else() {
    let world = World::new().await;
    let mut all = routes();
    assert_eq!(all.len(), 246);
    // Signing out comes last: what follows would be refused.
    all.sort_by_key(|it| it.path == "/api/v1/user/logout");
    for route in &all {
        let reply = call(&world.admin, route).await;
        let told = format!("{} {}: {}", route.method, route.path, reply.status);
        match route.state {
            RouteState::Served => {
                assert!(!is_unknown(&reply), "{told}");
                // A job of no name fails so with the reference.
                let fails = route.path == "/api/v0/job/new" && reply.status == 503;
                assert!(reply.status < 500 || fails, "{told}");
            }
            RouteState::NotYet => assert_eq!(reply.status, 404, "{told}"),
        }
    }
    world.end().await;
}

/// Open to everybody: signing in, and what proves itself by a signature.
const OPEN: [&str; 2] = ["/api/v1/user/login", "/api/v0/inner/sync"];

#[tokio::test]
async fn nothing_but_signing_in_is_answered_to_who_is_not_signed_in() {
    let world = World::new().await;
    for route in routes().iter().filter(|it| it.state == RouteState::Served) {
        let reply = call(&world.anyone(), route).await;
        if OPEN.contains(&route.path) {
            assert_eq!(reply.status, 200, "{}", route.path);
        } else {
            assert_eq!((reply.status, reply.body.len()), (401, 0), "{}", route.path);
        }
    }
    world.end().await;
}

/// What who may only see is refused, of v0 and v1.
const WRITES: [&str; 15] = [
    "/api/v0/job/new",
    "/api/v0/job/distribute",
    "/api/v0/job/stop",
    "/api/v1/user/update",
    "/api/v1/user/del",
    "/api/v1/agent/updateDefaultConfig",
    "/api/v1/agent/createTask/config",
    "/api/v1/agent/createTask/task",
    "/api/v1/agent/createTask/ctrl",
    "/api/v1/agent/createTask/delConfig",
    "/api/v1/agent/controlTask",
    "/api/v1/agent/quickTask/task",
    "/api/v1/addTags",
    "/api/v1/addTags/filter",
    "/api/v1/delTags",
];

#[tokio::test]
async fn who_may_only_see_changes_nothing_and_operators_leave_users_alone() {
    let world = World::new().await;
    let viewer = world.user("eve", Role::Viewer).await;
    let operator = world.user("olga", Role::Operator).await;
    let of_old = |it: &&Route| it.path.starts_with("/api/v0/") || it.path.starts_with("/api/v1/");
    // These prove themselves otherwise.
    let own = ["/api/v1/agent/queryInfo", "/api/v1/agent/updateSubTask", "/api/v1/user/logout"];
    for route in routes().iter().filter(of_old).filter(|it| !own.contains(&it.path)) {
        if OPEN.contains(&route.path) {
            continue;
        }
        // Jobs show what tasks do: the reference, too, keeps them from who may only see.
        let refused = (WRITES.contains(&route.path) && route.method == "POST")
            || route.path == "/api/v1/agent/getJob/:id";
        let reply = call(&viewer, route).await;
        let told = format!("{} {}: {}", route.method, route.path, reply.status);
        assert_eq!(reply.status == 403, refused, "{told}");
        assert!(!refused || reply.body.is_empty(), "{told}");
        let users = ["/api/v1/user/update", "/api/v1/user/del"].contains(&route.path);
        assert_eq!(call(&operator, route).await.status == 403, users, "{told}");
    }
    world.end().await;
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_refused_as_the_reference_does() {
    let world = World::new().await;
    // These are answered without a body, or in their own words.
    let silent = ["/api/v1/addTags", "/api/v1/delTags", "/api/v1/user/checkUser"];
    let posts = routes().into_iter().filter(|it| {
        it.method == "POST" && it.path.starts_with("/api/v1/") && it.state == RouteState::Served
    });
    let centers = ["/api/v1/agent/queryInfo", "/api/v1/agent/updateSubTask"];
    for route in posts.filter(|it| !centers.contains(&it.path)) {
        for body in [
            "",
            "{",
            "[1]",
            r#"{"id_list":7,"filter":7,"tag":7,"username":7,"task_id":7,"agent_id":7,"type":7,"data":7}"#,
        ] {
            let query = if route.path == "/api/v1/addTags/filter" { "?tag=t" } else { "" };
            let path = format!("{}{query}", route.path);
            let reply = raw(&world.admin, "POST", &path, Some(body)).await;
            let told = format!("{path} {body:?}: {}", reply.status);
            assert_eq!(reply.status, 400, "{told}");
            if silent.contains(&route.path) {
                assert!(reply.body.is_empty(), "{told}");
                continue;
            }
            assert_eq!(reply.headers["content-type"], "text/plain; charset=utf-8", "{told}");
            let envelope = crate::world::json(&reply);
            assert_eq!(
                (&envelope["code"], &envelope["msg"]),
                (&5.into(), &"param invalid".into()),
                "{told}"
            );
        }
    }
    for path in ["/api/v0/job/new", "/api/v0/job/stop"] {
        let reply = raw(&world.admin, "POST", path, Some("{")).await;
        assert_eq!(reply.status, 400);
        assert_eq!(crate::world::json(&reply), serde_json::json!({ "msg": "post data error" }));
    }
    world.end().await;
}
