//! The routes of the reference's API: which of them the Manager serves.

use serde::Serialize;

/// One line a route: method, path as the reference spells it, state.
const ROUTES: &str = include_str!("reference/routes.txt");

/// One route of the reference's Manager.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Route {
    /// Request method, upper case.
    pub method: &'static str,
    /// Path; a part that begins with `:` stands for any text without `/`.
    pub path: &'static str,
    /// Whether it is served.
    pub state: RouteState,
}

/// Whether a route of the reference is served.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
pub enum RouteState {
    /// The Manager answers it as the reference does.
    #[serde(rename = "served")]
    Served,
    /// The Manager answers that there is no such route.
    #[serde(rename = "not yet")]
    NotYet,
}

/// Lists every route of the reference's v0, v1 and v6, in the order in which it describes them.
pub fn routes() -> Vec<Route> {
    ROUTES.lines().filter_map(route).collect()
}

fn route(line: &'static str) -> Option<Route> {
    let (method, rest) = line.split_once(' ')?;
    let (path, state) = rest.trim_start().split_once(' ')?;
    let state = match state {
        "served" => RouteState::Served,
        "not yet" => RouteState::NotYet,
        _ => return None,
    };
    Some(Route { method, path, state })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_route_of_the_reference_stands_in_the_table_once() {
        let routes = routes();
        assert_eq!(routes.len(), ROUTES.lines().count(), "a line cannot be read");
        for (prefix, count) in [("/api/v0/", 6), ("/api/v1/", 31), ("/api/v6/", 209)] {
            let found = routes.iter().filter(|it| it.path.starts_with(prefix)).count();
            assert_eq!(found, count, "{prefix}");
        }
        let once: HashSet<_> = routes.iter().map(|it| (it.method, it.path)).collect();
        assert_eq!((once.len(), routes.len()), (246, 246));
        assert!(routes.iter().all(|it| matches!(it.method, "GET" | "POST")));
    }

    #[test]
    fn states_are_written_in_words() {
        let shown = |state: RouteState| serde_json::to_value(state).unwrap();
        assert_eq!(shown(RouteState::Served), "served");
        assert_eq!(shown(RouteState::NotYet), "not yet");
    }
}
