//! The settings of the daemons under `up`, from a file and the environment; what follows from the
//! options and the directory is refused there, as nobody should believe it was set.

use std::path::Path;

use elk_desk::{Exit, Failure};
use serde::Deserialize;
use toml::de::{DeTable, DeValue};

/// The daemons' settings, by section.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Settings {
    pub(super) sd: elk_sd::Config,
    pub(super) manager: elk_manager::Config,
    pub(super) ac: elk_ac::Config,
    pub(super) bus: elk_bus::BusConfig,
}

/// What `up` decides, and by what. Keys of callers may be added: `sd.auth.keys`, `manager.ac.keys`
/// and `ac.http.keys`.
const DECIDED: [(&str, &str); 21] = [
    ("sd.listen", "--listen and --ports"),
    ("sd.data", "--data"),
    ("manager.listen", "--listen and --ports"),
    ("manager.advertise", "--advertise"),
    ("manager.data", "--data"),
    ("manager.tls", "--data or --import-pki"),
    ("manager.sd", "--listen and --ports"),
    ("manager.ac.auth", "--data"),
    ("manager.ac.ca", "--data or --import-pki"),
    ("ac.data", "--data"),
    ("ac.grpc.listen", "--listen and --ports"),
    ("ac.http.listen", "--listen and --ports"),
    ("ac.audit.listen", "--listen and --ports"),
    ("ac.audit.cert", "--data or --import-pki"),
    ("ac.audit.key", "--data or --import-pki"),
    ("ac.tls", "--data or --import-pki"),
    ("ac.manager", "--listen and --ports"),
    ("ac.sd", "--listen, --ports and --advertise"),
    ("ac.bus", "the section bus"),
    ("bus.dir", "--data"),
    ("ac.admin", "nothing: /livez, /readyz and /metrics are for daemons that run alone"),
];

/// The sections, which are also the middle of variables such as `ELK_SD__LIMITS__SERVICES`.
const SECTIONS: [&str; 4] = ["SD", "MANAGER", "AC", "BUS"];

/// Reads the file and the variables of the daemons.
pub(super) fn load(path: Option<&Path>) -> Result<Settings, Failure> {
    load_with(
        path,
        std::env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.to_string_lossy().into_owned()))
        }),
    )
}

fn load_with(
    path: Option<&Path>,
    variables: impl Iterator<Item = (String, String)>,
) -> Result<Settings, Failure> {
    let usage = |what: String| Failure::new(Exit::Usage, what).code("bad_settings");
    let ours = |name: &str| {
        let rest = name.strip_prefix("ELK_")?;
        let section = SECTIONS.iter().find(|section| {
            rest.strip_prefix(**section).is_some_and(|rest| rest.starts_with("__"))
        });
        section.map(|_| rest.to_owned())
    };
    let mut renamed = Vec::new();
    for (name, value) in variables {
        let Some(rest) = ours(&name) else { continue };
        let key = rest.to_ascii_lowercase().replace("__", ".");
        if let Some((_, by)) = DECIDED.iter().find(|(decided, _)| covers(decided, &key)) {
            return Err(usage(format!(
                "environment variable {name}: under `up` it follows from {by}"
            )));
        }
        renamed.push((format!("ELK__{rest}"), value));
    }
    let settings = elk_boot::load_with(path, "ELK", renamed).map_err(|error| {
        let mut failure = usage(error.to_string().replace("variable ELK__", "variable ELK_"));
        failure.causes = std::iter::successors(std::error::Error::source(&error), |it| it.source())
            .map(ToString::to_string)
            .collect();
        failure
    })?;
    if let Some(path) = path {
        refuse_decided(path).map_err(usage)?;
    }
    Ok(settings)
}

/// Returns whether a decided key is the key or stands above it.
fn covers(decided: &str, key: &str) -> bool {
    key.strip_prefix(decided).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn refuse_decided(path: &Path) -> Result<(), String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let document = DeTable::parse(&text).map_err(|error| error.to_string())?;
    for (key, by) in DECIDED {
        if let Some(start) = place(document.get_ref(), key) {
            let before = text.get(..start).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
            let path = path.display();
            return Err(format!("{path}:{line}:{column}: {key}: under `up` it follows from {by}"));
        }
    }
    Ok(())
}

/// Returns where a key stands, by its path.
fn place(table: &DeTable<'_>, key: &str) -> Option<usize> {
    let (first, rest) = key.split_once('.').map_or((key, None), |(a, b)| (a, Some(b)));
    let (name, value) = table.iter().find(|(name, _)| name.get_ref().as_ref() == first)?;
    match (rest, value.get_ref()) {
        (None, _) => Some(name.span().start),
        (Some(rest), DeValue::Table(inner)) => place(inner, rest),
        (Some(_), _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, variables: &[(&str, &str)]) -> Result<Settings, String> {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("up.toml");
        std::fs::write(&path, text).expect("writes");
        let variables = variables.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        load_with(Some(&path), variables)
            .map_err(|failure| failure.message.replace(&path.display().to_string(), "up.toml"))
    }

    #[test]
    fn each_section_sets_its_daemon_and_the_environment_wins() {
        let text = "[sd.limits]\nservices = 7\n[manager]\nplaintext_api = true\n[manager.ac]\npoll_ms = 250\n\
                    [ac.grpc]\nconnection_limit = 9\n[bus]\nfsync = \"block\"\n";
        let settings = read(text, &[("ELK_AC__GRPC__CONNECTION_LIMIT", "11"), ("ELK_OTHER", "x")]);
        let settings = settings.expect("is read");
        assert_eq!(settings.sd.limits.services, 7);
        assert!(settings.manager.plaintext_api);
        assert_eq!(settings.manager.ac.poll_ms, 250);
        assert_eq!(settings.ac.grpc.connection_limit, 11);
        assert_eq!(settings.bus.fsync, elk_bus::Fsync::Block);
    }

    #[test]
    fn what_up_decides_is_refused_with_its_place() {
        let error = read("[bus]\nfsync = \"never\"\ndir = \"/x\"\n", &[]).expect_err("is decided");
        assert_eq!(error, "up.toml:3:1: bus.dir: under `up` it follows from --data");
        let error = read("ac.grpc = { listen = \"0.0.0.0:1\" }\n", &[]).expect_err("is decided");
        assert!(error.starts_with("up.toml:1:13: ac.grpc.listen: "), "{error}");
        let error = read("", &[("ELK_SD__LISTEN", "0.0.0.0:1")]).expect_err("is decided");
        assert!(error.contains("ELK_SD__LISTEN: under `up`"), "{error}");
    }

    #[test]
    fn what_no_daemon_knows_is_refused_with_its_place() {
        let error = read("[ac]\n\nconection_limit = 1\n", &[]).expect_err("is unknown");
        assert!(error.starts_with("up.toml:3:1: conection_limit: unknown field"), "{error}");
        let error = read("[kafka]\n", &[]).expect_err("is unknown");
        assert!(error.contains("kafka") && error.starts_with("up.toml:1:"), "{error}");
        let error = read("[bus]\nfsync = \"often\"\n", &[]).expect_err("is no policy");
        assert!(error.starts_with("up.toml:2:9: fsync: "), "{error}");
        let error = read("", &[("ELK_BUS__FSYNCC", "1")]).expect_err("is unknown");
        assert!(error.contains("environment variable ELK_BUS__FSYNCC"), "{error}");
    }
}
