//! Every operation and every route of the reference, by every role: who may not is refused.

use elk_api::audit::{self, AuditQuery, Outcome};
use elk_api::reference::{RouteState, routes};
use elk_api::tokens::{Create, NewToken};
use elk_api::{Nothing, Operation, Permission, Role, intake, operations};
use elk_client::Client;
use elk_trust::Secret;

use crate::access::path;
use crate::world::{World, client, raw, status};

/// What each permission is granted to, once more: a slip in one of the two places shows here.
fn granted(needs: Permission) -> &'static [Role] {
    use Role::{
        Admin, AgentOperator, AlertOperator, DutyOperator, HubOperator, HubViewer, Operator,
        RiskOperator, Viewer,
    };
    match needs {
        Permission::Anyone | Permission::SignedIn => &[
            Admin,
            Operator,
            AgentOperator,
            Viewer,
            HubOperator,
            HubViewer,
            AlertOperator,
            RiskOperator,
            DutyOperator,
        ],
        Permission::ReadFleet => {
            &[Admin, Operator, AgentOperator, Viewer, AlertOperator, RiskOperator, DutyOperator]
        }
        Permission::WriteAgents
        | Permission::RunTasks
        | Permission::WriteComponents
        | Permission::WriteConfig => &[Admin, Operator, AgentOperator],
        Permission::WriteAlerts => &[Admin, Operator, AgentOperator, AlertOperator, DutyOperator],
        Permission::ManageUsers | Permission::ReadAudit => &[Admin],
    }
}

/// Operations that ask for no role. This list may only get shorter.
const OF_ANYONE: [&str; 1] = ["session.login"];
/// Operations that every user may call, as they are about oneself. What some of them do to others
/// is denied by their handlers, see the test below. This list may only get shorter.
const OF_EACH_USER: [&str; 13] = [
    "session.logout",
    "session.self",
    "session.list",
    "session.revoke",
    "session.revoke_all",
    "token.create",
    "token.list",
    "token.revoke",
    "user.get",
    "user.passwd",
    "user.totp_begin",
    "user.totp_enable",
    "user.totp_disable",
];

#[test]
fn no_operation_is_open_to_more_people_than_is_known() {
    for operation in operations() {
        let listed: &[&str] = match operation.needs {
            Permission::Anyone => &OF_ANYONE,
            Permission::SignedIn => &OF_EACH_USER,
            _ => continue,
        };
        assert!(listed.contains(&operation.id), "{} is open", operation.id);
    }
    let known: Vec<_> = operations().iter().map(|it| it.id).collect();
    for listed in OF_ANYONE.iter().chain(&OF_EACH_USER) {
        assert!(known.contains(listed), "{listed} is no more: shorten the list");
    }
}

async fn call(client: &Client, operation: &Operation, caller: &str) -> u16 {
    let status = status(client, operation, &path(operation, caller)).await;
    // This Manager has no bus, so it has no records.
    assert!(status != 501 || operation.id == "event.tail", "{} is not served", operation.id);
    status
}

/// How many changes were begun so far.
async fn begun(world: &World) -> u64 {
    let query = AuditQuery { outcome: Some(Outcome::Begun), ..AuditQuery::default() };
    world.admin.send::<audit::List>(&[], &query, &Nothing {}).await.unwrap().total
}

/// Makes a token of the administrator with a role.
async fn token(world: &World, role: Role) -> Client {
    let new = NewToken {
        name: role.as_str().to_owned(),
        role: Some(role),
        selector: None,
        expires_at: None,
    };
    let made = world.admin.send::<Create>(&[], &Nothing {}, &new).await.unwrap();
    client(world.addr).with_token(&Secret::new(made.secret)).unwrap()
}

#[tokio::test]
async fn every_operation_is_served_to_those_who_may_and_to_nobody_else() {
    let world = World::new().await;
    let mut all = operations();
    // Signing out comes last: what follows would be refused.
    all.sort_by_key(|it| it.id == "session.logout");
    assert!(all.len() > 50, "{}", all.len());
    for operation in &all {
        let status = call(&world.anyone(), operation, "nobody").await;
        let open = operation.needs == Permission::Anyone;
        assert_eq!(status == 401, !open, "{}: {status}", operation.id);
    }
    for role in Role::ALL {
        let name = format!("some-{}", role.as_str());
        let (user, program) = (world.user(&name, role).await, token(&world, role).await);
        // A token of the administrator may no more than its role says.
        for (caller, name) in [(&user, name.as_str()), (&program, "admin")] {
            let before = begun(&world).await;
            for operation in all.iter().filter(|it| !granted(it.needs).contains(&role)) {
                let status = call(caller, operation, name).await;
                assert_eq!(status, 403, "{} by {} as {name}", operation.id, role.as_str());
            }
            assert_eq!(begun(&world).await, before, "{} changed something", role.as_str());
        }
        for operation in all.iter().filter(|it| granted(it.needs).contains(&role)) {
            let status = call(&user, operation, &name).await;
            let what = format!("{} by {}: {status}", operation.id, role.as_str());
            assert!(!matches!(status, 401 | 403 | 405 | 500), "{what}");
        }
    }
    world.end().await;
}

#[tokio::test]
async fn what_is_about_somebody_else_is_denied_to_all_but_administrators() {
    let world = World::new().await;
    world.user("victim", Role::Viewer).await;
    let sessions = crate::world::json(&raw(&world.admin, "GET", "/api/n1/sessions", None).await);
    let sessions = sessions["items"].as_array().unwrap().clone();
    let theirs = sessions.iter().find(|it| it["user"] == "victim").unwrap()["id"].clone();
    let made = NewToken { name: "ci".to_owned(), role: None, selector: None, expires_at: None };
    let made = world.admin.send::<Create>(&[], &Nothing {}, &made).await.unwrap().token;
    let theirs = format!("/api/n1/sessions/{}", theirs.as_str().unwrap());
    let made = format!("/api/n1/tokens/{}", made.id);
    // Of what is not one's own it is not even told that it is there.
    let calls = [
        ("GET", "/api/n1/users/victim", None, 403),
        ("PUT", "/api/n1/users/victim/password", Some(r#"{"password":"a new password"}"#), 403),
        ("DELETE", "/api/n1/users/victim/sessions", None, 403),
        ("DELETE", "/api/n1/users/victim/totp", Some("{}"), 403),
        ("DELETE", &theirs, None, 404),
        ("DELETE", &made, None, 404),
        ("DELETE", "/api/n1/tokens/ci", None, 404),
    ];
    for role in Role::ALL.into_iter().filter(|it| *it != Role::Admin) {
        let name = format!("some-{}", role.as_str());
        let caller = world.user(&name, role).await;
        for (method, path, body, status) in calls {
            let reply = raw(&caller, method, path, body).await;
            assert_eq!(reply.status, status, "{method} {path} by {name}");
        }
        for path in ["/api/n1/sessions", "/api/n1/tokens"] {
            let seen = crate::world::json(&raw(&caller, "GET", path, None).await);
            let others = |it: &&serde_json::Value| it["user"] != name.as_str();
            assert_eq!(seen["items"].as_array().unwrap().iter().filter(others).count(), 0);
        }
    }
    for (method, path, body, _) in calls.iter().filter(|(_, path, ..)| !path.ends_with("ci")) {
        let reply = raw(&world.admin, method, path, *body).await;
        assert!(matches!(reply.status, 200 | 404), "{method} {path}: {}", reply.status);
    }
    world.end().await;
}

/// What a served route of the reference needs; `None` for calls that are no user's and for signing in.
fn needed(method: &str, path: &str) -> Option<Permission> {
    let rest = path.strip_prefix("/api/v1/").or_else(|| path.strip_prefix("/api/v0/"));
    match (method, rest.unwrap_or(path)) {
        (_, "user/login" | "inner/sync") => None,
        (_, "/api/v6/alarm/add") => Some(Permission::WriteAlerts),
        (_, path) if path.starts_with("/api/v6/") && !path.contains("Download") => None,
        (_, _) if intake::PATHS.contains(&path) => None,
        (_, "user/update" | "user/del") => Some(Permission::ManageUsers),
        (_, rest) if rest.starts_with("user/") || rest.starts_with("agent/getStatus") => {
            Some(Permission::SignedIn)
        }
        (
            _,
            "agent/updateDefaultConfig" | "agent/createTask/config" | "agent/createTask/delConfig",
        ) => Some(Permission::WriteConfig),
        (_, "addTags" | "addTags/filter" | "delTags") => Some(Permission::WriteAgents),
        (
            _,
            "job/new"
            | "job/distribute"
            | "job/stop"
            | "agent/controlTask"
            | "agent/quickTask/task"
            | "agent/createTask/task"
            | "agent/createTask/ctrl"
            | "/api/v6/shared/Download/:FileName",
        ) => Some(Permission::RunTasks),
        _ => Some(Permission::ReadFleet),
    }
}

#[tokio::test]
async fn every_route_of_the_reference_is_denied_to_roles_without_what_it_needs() {
    let world = World::new().await;
    let served: Vec<_> = routes().into_iter().filter(|it| it.state == RouteState::Served).collect();
    assert!(served.len() > 35, "{}", served.len());
    for role in Role::ALL {
        let caller = world.user(&format!("some-{}", role.as_str()), role).await;
        let before = begun(&world).await;
        for route in &served {
            let Some(needs) = needed(route.method, route.path) else { continue };
            let (path, method) = (route.path.replace(':', ""), route.method);
            let body = (method == "POST").then_some("{}");
            if !granted(needs).contains(&role) {
                let status = raw(&caller, method, &path, body).await.status;
                assert_eq!(status, 403, "{path} by {}", role.as_str());
            }
            if role == Role::Admin {
                let stranger = raw(&world.anyone(), method, &path, body).await;
                assert_eq!(stranger.status, 401, "{path}");
            }
        }
        assert_eq!(begun(&world).await, before, "{}", role.as_str());
    }
    world.end().await;
}
