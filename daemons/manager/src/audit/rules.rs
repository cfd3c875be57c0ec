//! Which routes change something, and what that is called.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::extract::MatchedPath;
use elk_api::session::Login;
use elk_api::{Content, Endpoint as _, Permission, operations, selections};
use http::Method;

/// What a route is to the log.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Rule {
    /// `noun.verb`.
    pub(super) action: &'static str,
    pub(super) needs: Permission,
    /// Whether it changes something.
    pub(super) changes: bool,
    /// Whether the body is a document.
    pub(super) document: bool,
}

/// Routes of the reference that change something.
const REFERENCE: [(Method, &str, &str, Permission); 16] = [
    (Method::GET, "/api/v1/user/logout", "session.logout", Permission::SignedIn),
    (Method::POST, "/api/v1/user/resetPassword", "user.passwd", Permission::SignedIn),
    (Method::POST, "/api/v1/user/update", "user.update", Permission::ManageUsers),
    (Method::POST, "/api/v1/user/del", "user.delete", Permission::ManageUsers),
    (Method::POST, "/api/v1/agent/updateDefaultConfig", "config.set", Permission::WriteConfig),
    (Method::POST, "/api/v1/agent/createTask/config", "task.create", Permission::WriteConfig),
    (Method::POST, "/api/v1/agent/createTask/delConfig", "task.create", Permission::WriteConfig),
    (Method::POST, "/api/v1/agent/createTask/task", "task.create", Permission::RunTasks),
    (Method::POST, "/api/v1/agent/createTask/ctrl", "task.create", Permission::RunTasks),
    (Method::POST, "/api/v1/agent/controlTask", "task.control", Permission::RunTasks),
    (Method::POST, "/api/v1/agent/quickTask/task", "task.create", Permission::RunTasks),
    (Method::POST, "/api/v1/addTags", "tag.add", Permission::WriteAgents),
    (Method::POST, "/api/v1/addTags/filter", "tag.add", Permission::WriteAgents),
    (Method::POST, "/api/v1/delTags", "tag.remove", Permission::WriteAgents),
    (Method::POST, "/api/v0/job/new", "job.create", Permission::RunTasks),
    (Method::POST, "/api/v0/job/stop", "job.stop", Permission::RunTasks),
];

/// What a refused call of any other route of the reference is called.
const OTHER: Rule =
    Rule { action: "reference.call", needs: Permission::SignedIn, changes: false, document: false };

/// By route, as requests name it, the methods that are served there.
type Rules = HashMap<&'static str, Vec<(Method, Rule)>>;

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let mut rules = Rules::new();
    for (method, route, action, needs) in REFERENCE {
        let rule = Rule { action, needs, changes: true, document: true };
        rules.entry(route).or_default().push((method, rule));
    }
    for it in operations() {
        // To fix which agents are meant changes none of them.
        let changes = !it.method.is_safe() && it.id != selections::Create::ID;
        let rule =
            Rule { action: it.id, needs: it.needs, changes, document: it.body == Content::Json };
        rules.entry(it.route).or_default().push((it.method, rule));
    }
    rules
});

/// Returns what a route is; `None` for what has nothing to do with accounts, and for sign-ins, which
/// are written where they are judged.
pub(super) fn find(method: &Method, route: &MatchedPath) -> Option<Rule> {
    let route = route.as_str();
    if route == Login::ROUTE || route == "/api/v1/user/login" {
        return None;
    }
    // Whoever may not get something may not get its headers either.
    let method = if method == Method::HEAD { &Method::GET } else { method };
    let known = RULES.get(route).and_then(|it| it.iter().find(|(it, _)| it == method));
    known.map(|(_, rule)| *rule).or_else(|| route.starts_with("/api/v").then_some(OTHER))
}

/// Returns the name of the native operation of a route, and what it needs.
pub(crate) fn operation(
    method: &Method,
    route: &MatchedPath,
) -> Option<(&'static str, Permission)> {
    let native = route.as_str().starts_with("/api/n1/");
    find(method, route).filter(|_| native).map(|it| (it.action, it.needs))
}

#[cfg(test)]
mod tests {
    use elk_api::reference::{RouteState, routes};

    use super::*;

    /// Routes of the reference that are posted to and change nothing.
    const READS: [&str; 6] = [
        "/api/v1/user/checkUser",
        "/api/v1/agent/getStatus/filter",
        "/api/v1/agent/getTask/filter",
        "/api/v1/agent/getSubTask/filter",
        "/api/v1/getTags",
        // Answers an empty document, as the reference does.
        "/api/v0/job/distribute",
    ];
    /// Calls of AgentCenters, other Managers and engines of detection, and signing in.
    const OTHERS: [&str; 7] = [
        "/api/v6/alarm/add",
        "/api/v0/inner/sync",
        "/api/v1/user/login",
        "/api/v1/agent/queryInfo",
        "/api/v1/agent/updateSubTask",
        "/api/v6/shared/Upload",
        "/api/v6/component/GetComponentInstances",
    ];

    #[test]
    fn each_route_of_the_reference_that_is_posted_to_is_a_change_or_known_to_be_none() {
        let served = routes().into_iter().filter(|it| it.state == RouteState::Served);
        for route in served.filter(|it| it.method == "POST") {
            let change =
                REFERENCE.iter().any(|(method, path, ..)| method == "POST" && *path == route.path);
            let none = READS.contains(&route.path) || OTHERS.contains(&route.path);
            assert!(change != none, "{}", route.path);
        }
        for (method, path, action, _) in REFERENCE {
            let known = |it: &&elk_api::reference::Route| method == it.method && it.path == path;
            assert_eq!(routes().iter().filter(known).count(), 1, "{path}");
            assert_eq!(action.split('.').count(), 2, "{action}");
        }
    }
}
