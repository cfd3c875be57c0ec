//! `elkctl cluster kube`.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use elk_api::Nothing;
use elk_api::kube::{self, AUDIT_PATH, Issued, NewKubeCluster};
use elk_desk::{Action, Exit, Failure, Tier, sanitize};
use elk_trust::files::write_private;
use elk_trust::{CertificateRequest, Secret};

use crate::bulk;
use crate::list::{self, Span};
use crate::output::{Column, Kind, age, field};
use crate::session::Session;

static KUBE: Kind = Kind {
    name: "KubeCluster",
    noun: "kube",
    key: "id",
    columns: &[
        Column { head: "ID", wide: false, cell: |item, _| field(item, "id") },
        Column { head: "NAME", wide: false, cell: |item, _| field(item, "name") },
        Column { head: "REPORTING", wide: false, cell: |item, _| reporting(item) },
        Column { head: "CREATED-BY", wide: true, cell: |item, _| field(item, "created_by") },
        Column { head: "CREATED", wide: false, cell: |item, now| age(item, "created_at", now) },
    ],
};

#[derive(clap::Subcommand, Debug)]
pub(crate) enum KubeCommand {
    /// List clusters and whether they report
    List {
        #[command(flatten)]
        span: Span,
    },
    /// Add a cluster and write the file that its API servers take with --audit-webhook-config-file
    #[command(after_help = "Examples:\n  elkctl cluster kube add prod-eu\n  \
        elkctl cluster kube add prod-eu --out /etc/kubernetes/elk-audit.kubeconfig\n  \
        elkctl cluster kube add old --id 0b2f6a0c-2f0c-4cdb-9a2e-4c7a7e7d3a11 --no-certificate")]
    Add {
        /// What to call it
        name: String,
        /// The id of a cluster that has a certificate already; a new one is made up otherwise
        #[arg(long)]
        id: Option<String>,
        #[command(flatten)]
        file: FileArgs,
        /// Issue no certificate and write no file
        #[arg(long, conflicts_with_all = ["out", "url"])]
        no_certificate: bool,
    },
    /// Issue another certificate for a cluster and write it to a new file; earlier ones stay good
    Certificate {
        /// Its id or name
        cluster: String,
        #[command(flatten)]
        file: FileArgs,
    },
    /// Remove a cluster: its events are refused from then on
    Remove {
        /// Its id or name
        cluster: String,
    },
}

/// The file for API servers.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct FileArgs {
    /// The file to write, with the key in it and mode 0600; NAME.kubeconfig here if not said
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Where the cluster reaches AgentCenter's listener, such as https://10.0.0.9:6754
    #[arg(long)]
    url: Option<String>,
}

pub(crate) fn run(session: &Session<'_>, command: &KubeCommand) -> Result<Exit, Failure> {
    match command {
        KubeCommand::List { span } => {
            list::show::<kube::List, _>(session, &KUBE, &[], span, list::plain)
        }
        KubeCommand::Add { name, id, file, no_certificate } => {
            add(session, (name, id.as_deref()), (!no_certificate).then_some(file))
        }
        KubeCommand::Certificate { cluster, file } => certificate(session, cluster, file),
        KubeCommand::Remove { cluster } => {
            let cluster = bare(cluster);
            confirm(session, cluster, "removes the cluster", Tier::Severe)?;
            let removed = session.call::<kube::Remove>(&[cluster], &Nothing {}, &Nothing {})?;
            if session.format.is_human() {
                session.ui.note("AgentCenters refuse its events within 60 s.");
            }
            session.show_one(&KUBE, &removed, None)
        }
    }
}

fn add(
    session: &Session<'_>,
    (name, id): (&str, Option<&str>),
    file: Option<&FileArgs>,
) -> Result<Exit, Failure> {
    confirm(session, name, "adds the cluster", Tier::None)?;
    let prepared = file.map(|file| Prepared::new(name, file)).transpose()?;
    let body = NewKubeCluster {
        name: name.to_owned(),
        id: id.map(str::to_owned),
        request: prepared.as_ref().map(|it| it.request.pem.clone()),
    };
    let added = session.call::<kube::Add>(&[], &Nothing {}, &body);
    let added = added.map_err(|failure| match failure.code.as_str() {
        "no_authority" => failure.hint(
            "with --no-certificate the cluster is added; its certificate then comes from the \
             authority that AgentCenter trusts, with the id as common name",
        ),
        _ => failure,
    })?;
    if let (Some(prepared), Some(issued)) = (prepared, added.issued) {
        prepared.write(session, name, &issued).map_err(|failure| {
            failure
                .hint(format!("it was added all the same: elkctl cluster kube certificate {name}"))
        })?;
    }
    session.show_one(&KUBE, &added.cluster, None)
}

fn certificate(session: &Session<'_>, cluster: &str, file: &FileArgs) -> Result<Exit, Failure> {
    let cluster = bare(cluster);
    confirm(session, cluster, "issues a certificate to the cluster", Tier::None)?;
    let prepared = Prepared::new(cluster, file)?;
    let body = kube::CertificateRequest { request: prepared.request.pem.clone() };
    let issued = session.call::<kube::Issue>(&[cluster], &Nothing {}, &body)?;
    prepared.write(session, cluster, &issued)?;
    Ok(Exit::Ok)
}

fn confirm(session: &Session<'_>, name: &str, verb: &str, floor: Tier) -> Result<(), Failure> {
    let target = session.writable()?;
    let action = Action { floor, agents: None, free_agents: 0, object: name, all_agents: false };
    bulk::confirm(session, &target, &action, &format!("This {verb} {}", sanitize(name)))
}

fn bare(cluster: &str) -> &str {
    cluster.strip_prefix("kube/").unwrap_or(cluster)
}

fn reporting(item: &serde_json::Value) -> String {
    match item["reporting"].as_bool() {
        Some(true) => "yes".to_owned(),
        Some(false) => "no".to_owned(),
        None => "-".to_owned(),
    }
}

/// What is made sure of before anything is changed.
struct Prepared {
    path: PathBuf,
    url: Option<String>,
    request: CertificateRequest,
}

impl Prepared {
    fn new(name: &str, file: &FileArgs) -> Result<Self, Failure> {
        if let Some(url) = &file.url {
            check(url)?;
        }
        let path = file.out.clone().unwrap_or_else(|| PathBuf::from(format!("{name}.kubeconfig")));
        if file.out.is_none() && name.contains(['/', '\0']) {
            return Err(Failure::new(Exit::Usage, "no file can have this name; pass --out FILE"));
        }
        writable(&path)?;
        let request = CertificateRequest::create(name)
            .map_err(|error| Failure::new(Exit::Failure, error.source.to_string()))?;
        Ok(Self { path, url: file.url.clone(), request })
    }

    fn write(&self, session: &Session<'_>, name: &str, issued: &Issued) -> Result<(), Failure> {
        let Some(url) = self.url.as_ref().or(issued.url.as_ref()) else {
            let message = "the Manager does not know where the listener for audit events is";
            let hint = "pass --url https://HOST:6754, or set kube.audit_url of the Manager";
            return Err(Failure::new(Exit::Failure, message).code("no_audit_url").hint(hint));
        };
        check(url)?;
        let text = kubeconfig(name, url, issued, &self.request.key);
        write_private(&self.path, text.as_bytes())
            .map_err(|error| Failure::new(Exit::Failure, format!("{error}: {}", error.source)))?;
        if session.format.is_human() {
            let path = self.path.display().to_string();
            let path = sanitize(&path);
            session.ui.note(&format!(
                "{path} holds the key: copy it to the hosts of the API servers and start these with\n  \
                 --audit-webhook-config-file=FILE --audit-policy-file=POLICY"
            ));
        }
        Ok(())
    }
}

/// Refuses a file that exists or cannot be made.
fn writable(path: &Path) -> Result<(), Failure> {
    let shown = path.display();
    if fs::symlink_metadata(path).is_ok() {
        let message = format!("{shown} exists already; nothing was changed");
        return Err(Failure::new(Exit::Conflict, message).hint("pass --out FILE"));
    }
    let refused = |error| {
        Failure::new(
            Exit::Failure,
            format!("could not write {shown}: {error}; nothing was changed"),
        )
    };
    fs::File::create_new(path).map_err(refused)?;
    fs::remove_file(path).map_err(refused)
}

/// Refuses what is no address of a listener, as it is written into a file.
fn check(url: &str) -> Result<(), Failure> {
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-_:[]/".contains(c);
    let host = url.strip_prefix("https://").unwrap_or_default();
    if host.is_empty() || host.starts_with('/') || !host.chars().all(plain) {
        let message = format!("{} is no address like https://10.0.0.9:6754", sanitize(url));
        return Err(Failure::new(Exit::Usage, message).hint("pass --url https://HOST:PORT"));
    }
    Ok(())
}

/// Returns the file that an API server reads.
fn kubeconfig(name: &str, url: &str, issued: &Issued, key: &Secret) -> String {
    let base = url.trim_end_matches('/');
    let base = base.strip_suffix(AUDIT_PATH).unwrap_or(base);
    let authority = STANDARD.encode(&issued.authority);
    let certificate = STANDARD.encode(&issued.certificate);
    let key = STANDARD.encode(key.expose());
    // JSON strings are YAML's, too.
    let [name, server_name, server] = [name, &issued.server_name, &format!("{base}{AUDIT_PATH}")]
        .map(|it| serde_json::Value::from(it).to_string());
    format!(
        "apiVersion: v1
kind: Config
clusters:
- name: elk
  cluster:
    server: {server}
    tls-server-name: {server_name}
    certificate-authority-data: {authority}
users:
- name: {name}
  user:
    client-certificate-data: {certificate}
    client-key-data: {key}
contexts:
- name: audit
  context:
    cluster: elk
    user: {name}
current-context: audit
"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read_as_an_api_server_does_whatever_the_name() {
        let issued = Issued {
            certificate: "C".to_owned(),
            authority: "A".to_owned(),
            server_name: "elkeid.com".to_owned(),
            url: None,
        };
        for url in ["https://[::1]:6754", "https://[::1]:6754/", "https://[::1]:6754/rawdata/audit"]
        {
            check(url).expect("is one");
            let text = kubeconfig("a\n\"b", url, &issued, &Secret::new("K"));
            let read: serde_json::Value = serde_saphyr::from_str(&text).expect("YAML");
            let cluster = &read["clusters"][0]["cluster"];
            assert_eq!(cluster["server"], "https://[::1]:6754/rawdata/audit");
            assert_eq!(cluster["tls-server-name"], "elkeid.com");
            assert_eq!(cluster["certificate-authority-data"], "QQ==");
            assert_eq!(read["users"][0]["name"], "a\n\"b");
            assert_eq!(read["users"][0]["user"]["client-key-data"], "Sw==");
            assert_eq!(read["contexts"][0]["context"]["user"], "a\n\"b");
        }
    }

    #[test]
    fn what_is_no_https_address_is_not_written() {
        for bad in ["", "https://", "http://h:1", "https:///x", "https://h\nx: y", "https://h h"] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }
}
