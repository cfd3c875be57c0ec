//! Clusters of Kubernetes.

use super::{index, number, table, text};

pub(super) fn tables() -> Vec<String> {
    vec![
        table(
            "kube_clusters",
            &["id"],
            vec![text("id"), text("name"), text("created_by"), number("created_ms")],
        ),
        index("kube_clusters_name", "kube_clusters", &["name"], true),
    ]
}
