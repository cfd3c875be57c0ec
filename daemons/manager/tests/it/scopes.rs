//! Roles of one's own: what no rule allows is denied, and agents out of reach are.

use elk_api::roles::{self, NewRole, RoleRule};
use elk_api::users::{self, NewUser};
use elk_api::{Nothing, Permission, Role, operations};
use elk_client::Client;
use serde_json::{Value, json};

use crate::access::path;
use crate::world::{PASSWORD, World, json as body, raw, sign_in, status};

fn rule(text: &str) -> RoleRule {
    let (action, selector) = match text.split_once(':') {
        Some((action, selector)) => (action, Some(selector.to_owned())),
        None => (text, None),
    };
    RoleRule { action: action.to_owned(), selector }
}

/// Makes a role and a user who has it.
async fn user(world: &World, name: &str, rules: &[&str]) -> Client {
    let rules = rules.iter().map(|it| rule(it)).collect();
    let new = NewRole { name: format!("role-of-{name}"), rules };
    let role = world.admin.send::<roles::Create>(&[], &Nothing {}, &new).await.unwrap();
    let new = NewUser {
        name: name.to_owned(),
        role: Role::Custom,
        custom_role: Some(role.name),
        password: PASSWORD.to_owned(),
    };
    world.admin.send::<users::Create>(&[], &Nothing {}, &new).await.unwrap();
    sign_in(world.addr, name, PASSWORD).await.unwrap()
}

async fn ask(client: &Client, method: &str, path: &str, given: Value) -> (u16, Value) {
    let text = given.to_string();
    let reply = raw(client, method, path, (method != "GET").then_some(text.as_str())).await;
    (reply.status, if reply.body.is_empty() { Value::Null } else { body(&reply) })
}

#[tokio::test]
async fn what_no_rule_allows_is_denied_and_administration_always() {
    let world = World::new().await;
    let tasks = user(&world, "tasks", &["task.*", "agent.list"]).await;
    let all = user(&world, "all", &["*"]).await;
    for operation in operations() {
        for (caller, name) in [(&tasks, "tasks"), (&all, "all")] {
            if operation.id == "session.logout" {
                continue;
            }
            let own = matches!(operation.needs, Permission::Anyone | Permission::SignedIn);
            let granted = match name {
                "tasks" => operation.id.starts_with("task.") || operation.id == "agent.list",
                _ => operation.needs != Permission::ManageUsers,
            };
            let path = path(&operation, name);
            let status = status(caller, &operation, &path).await;
            let what = format!("{} by {name}: {status}", operation.id);
            assert_eq!(status != 403, own || granted, "{what}");
            assert!(!matches!(status, 401 | 500), "{what}");
        }
    }
    // The reference's API knows no such roles.
    for path in ["/api/v1/getTags", "/api/v1/agent/getConfig/x"] {
        assert_eq!(raw(&all, "GET", path, None).await.status, 403, "{path}");
    }
    let run = raw(&all, "POST", "/api/v1/agent/createTask/task", Some("{}")).await;
    assert_eq!(run.status, 403);
    world.end().await;
}

#[tokio::test]
async fn agents_out_of_reach_are_neither_seen_nor_changed() {
    let world = World::new().await;
    world.center_with(4).await;
    world.tag("db", "id in (agent-0,agent-1)").await;
    let rules = [
        "agent.list:tag=db",
        "agent.count:tag=db",
        "selection.create:tag=db",
        "tag.add:tag=db",
        "task.*",
    ];
    let kim = user(&world, "kim", &rules).await;
    let (_, seen) = ask(&kim, "GET", "/api/n1/agents", Value::Null).await;
    assert_eq!((&seen["total"], seen["items"].as_array().unwrap().len()), (&2.into(), 2));
    let (_, none) = ask(&kim, "GET", "/api/n1/agents?selector=id%3Dagent-3", Value::Null).await;
    assert_eq!(none["total"], 0);
    let (_, counted) = ask(&kim, "GET", "/api/n1/agents/aggregate", Value::Null).await;
    assert_eq!(counted["total"], 2);
    // Nor is it told by how long a list is that is not sent.
    let length = async |client: &Client| {
        let reply = raw(client, "HEAD", "/api/n1/agents", None).await;
        assert_eq!(reply.status, 200);
        reply.headers["content-length"].to_str().unwrap().to_owned()
    };
    let listed = raw(&kim, "GET", "/api/n1/agents", None).await;
    assert_eq!(length(&kim).await, listed.body.len().to_string());
    let select = async |client: &Client, given: Value| {
        ask(client, "POST", "/api/n1/selections", given).await.1
    };
    let own = select(&kim, json!({ "all": true })).await;
    assert_eq!(own["count"], 2);
    let named = select(&kim, json!({ "ids": ["agent-0", "agent-3"] })).await;
    assert_eq!(named["count"], 1);
    let add = async |selection: &Value| {
        ask(&kim, "POST", "/api/n1/tags/seen/add", json!({ "selection": selection })).await
    };
    assert_eq!(add(&own["id"]).await.0, 200);
    // Not with a selection that somebody else made either.
    let wide = select(&world.admin, json!({ "all": true })).await;
    let (status, problem) = add(&wide["id"]).await;
    assert_eq!((status, &problem["code"]), (403, &"out_of_scope".into()));
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.starts_with("2 of the agents"), "{detail}");
    assert_eq!(add(&Value::Null).await.0, 403);
    assert_eq!(add(&"sel-none".into()).await.0, 404);
    assert_eq!(world.agents("tag=seen").await.len(), 2);
    // A rule without a selector reaches all.
    let task = json!({ "selection": wide["id"], "plugin": "collector", "data_type": 5050 });
    assert_ne!(ask(&kim, "POST", "/api/n1/tasks", task).await.0, 403);
    // An agent that leaves the scope is out of reach at once.
    world
        .admin
        .send::<elk_api::tags::Remove>(
            &["db"],
            &Nothing {},
            &elk_api::tags::TagRequest { selection: world.select("id=agent-0").await },
        )
        .await
        .unwrap();
    assert_eq!(add(&own["id"]).await.0, 403);
    world.end().await;
}

#[tokio::test]
async fn a_rule_that_would_mean_nothing_is_refused_and_a_role_in_use_stays() {
    let world = World::new().await;
    let make = async |name: &str, rules: Value| {
        let new = json!({ "name": name, "rules": rules });
        let (status, reply) = ask(&world.admin, "POST", "/api/n1/roles", new).await;
        (status, reply["code"].as_str().unwrap_or_default().to_owned())
    };
    let refused = (422, "invalid_rule".to_owned());
    for rules in [
        json!([]),
        json!([{ "action": "tasks.create" }]),
        json!([{ "action": "user.create" }]),
        json!([{ "action": "audit.list", "selector": "tag=a" }]),
        json!([{ "action": "tag.add", "selector": "up" }]),
        json!([{ "action": "tag.add", "selector": "" }]),
        json!([{ "action": "tag.add", "selector": "hostname~(" }]),
        json!(vec![json!({ "action": "tag.add" }); 65]),
    ] {
        assert_eq!(make("x", rules.clone()).await, refused, "{rules}");
    }
    for name in ["admin", "custom", "", "a b"] {
        let (status, _) = make(name, json!([{ "action": "tag.add" }])).await;
        assert_eq!(status, 422, "{name}");
    }
    let kim = user(&world, "kim", &["tag.*"]).await;
    assert_eq!(make("role-of-kim", json!([{ "action": "tag.add" }])).await.0, 409);
    let path = "/api/n1/roles/role-of-kim";
    let (status, problem) = ask(&world.admin, "DELETE", path, Value::Null).await;
    assert_eq!((status, &problem["code"]), (409, &"role_in_use".into()));
    let (status, problem) = ask(&world.admin, "DELETE", "/api/n1/roles/admin", Value::Null).await;
    assert_eq!((status, &problem["code"]), (409, &"role_built_in".into()));
    let me = ask(&kim, "GET", "/api/n1/self", Value::Null).await.1;
    assert_eq!((&me["role"], &me["custom_role"]), (&"custom".into(), &"role-of-kim".into()));
    // Its user's tokens have these rights, and no others.
    let new = json!({ "name": "ci" });
    let (_, made) = ask(&kim, "POST", "/api/n1/tokens", new).await;
    let secret = elk_trust::Secret::new(made["secret"].as_str().unwrap());
    let program = crate::world::client(world.addr).with_token(&secret).unwrap();
    assert_eq!(raw(&program, "GET", "/api/n1/tags", None).await.status, 200);
    assert_eq!(raw(&program, "GET", "/api/n1/agents", None).await.status, 403);
    let limited = json!({ "name": "more", "role": "viewer" });
    assert_eq!(ask(&kim, "POST", "/api/n1/tokens", limited).await.0, 403);
    // Another role ends the sessions; then this one can go, and nobody can get it.
    let set = |role: Value| ask(&world.admin, "PUT", "/api/n1/users/kim/role", role);
    assert_eq!(set(json!({ "role": "custom" })).await.0, 422);
    assert_eq!(set(json!({ "role": "viewer", "custom_role": "role-of-kim" })).await.0, 422);
    assert_eq!(set(json!({ "role": "custom", "custom_role": "nobody" })).await.0, 422);
    assert_eq!(set(json!({ "role": "viewer" })).await.0, 200);
    assert_eq!(raw(&kim, "GET", "/api/n1/self", None).await.status, 401);
    assert_eq!(ask(&world.admin, "DELETE", path, Value::Null).await.0, 200);
    assert_eq!(set(json!({ "role": "custom", "custom_role": "role-of-kim" })).await.0, 422);
    let (_, listed) = ask(&world.admin, "GET", "/api/n1/roles", Value::Null).await;
    assert_eq!(listed["total"], 9);
    world.end().await;
}

#[tokio::test]
async fn a_token_with_a_selector_reaches_no_other_agents() {
    let world = World::new().await;
    world.center_with(4).await;
    world.tag("db", "id in (agent-0,agent-1)").await;
    let kim = user(&world, "kim", &["agent.list:id=agent-1", "agent.count"]).await;
    let token = async |by: &Client, new: Value| {
        let (status, made) = ask(by, "POST", "/api/n1/tokens", new).await;
        assert_eq!(status, 200, "{made}");
        let secret = elk_trust::Secret::new(made["secret"].as_str().unwrap());
        crate::world::client(world.addr).with_token(&secret).unwrap()
    };
    let limited = json!({ "name": "ci", "selector": "tag=db" });
    let (ours, theirs) = (token(&world.admin, limited.clone()).await, token(&kim, limited).await);
    let total = async |client: &Client, path: &str| {
        let (status, reply) = ask(client, "GET", path, Value::Null).await;
        (status, reply["total"].as_u64().unwrap_or(0))
    };
    let (list, count) = ("/api/n1/agents", "/api/n1/agents/aggregate");
    assert_eq!((total(&ours, list).await, total(&ours, count).await), ((200, 2), (200, 2)));
    // The token's limit and that of its user count both.
    assert_eq!((total(&theirs, list).await, total(&theirs, count).await), ((200, 1), (200, 2)));
    for path in ["/api/n1/tasks", "/api/n1/users", "/api/n1/audit", "/api/v1/getTags"] {
        assert_eq!(total(&ours, path).await.0, 403, "{path}");
    }
    assert_eq!(total(&ours, "/api/n1/self").await.0, 200);
    let add = async |selection: String| {
        let given = json!({ "selection": selection });
        ask(&ours, "POST", "/api/n1/tags/seen/add", given).await.0
    };
    assert_eq!(add(world.select("").await).await, 403);
    assert_eq!(add(world.select("tag=db").await).await, 200);
    for selector in ["", "up", "hostname~(", &format!("id={}", "x".repeat(5_000))] {
        let new = json!({ "name": "x", "selector": selector });
        assert_eq!(ask(&world.admin, "POST", "/api/n1/tokens", new).await.0, 422, "{selector}");
    }
    world.end().await;
}
