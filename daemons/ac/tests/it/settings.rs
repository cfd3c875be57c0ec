//! Settings of the reference: what of them counts, and what is refused.

use std::fs;
use std::path::Path;

use elk_ac::Config;
use elk_ac::reference::translate;
use elk_boot::{load_translated, outbound_ip};
use elk_bus::{Engine, SaslMechanism};
use elk_trust::Secret;
use elk_trust::aksk::{KeyPair, Keys};

pub(crate) const SAMPLE: &str = include_str!("../samples/svr.yml");
const ADVERTISE: (&str, &str) = ("ELK_AC__SD__ADVERTISE", "10.20.0.3");

/// Reads settings; the directory's name is left out of what is said.
fn read(text: &str, variables: &[(&str, &str)]) -> Result<(Config, Vec<String>), String> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("svr.yml");
    fs::write(&path, text).unwrap();
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let at = format!("{}/", directory.path().display());
    match load_translated(&path, "ELK_AC", variables, translate) {
        Ok((config, notes)) => Ok((config, notes.iter().map(|it| it.replace(&at, "")).collect())),
        Err(error) => Err(error.to_string().replace(&at, "")),
    }
}

fn pair(ak: &str, sk: &str) -> KeyPair {
    KeyPair { ak: ak.to_owned(), sk: Secret::new(sk) }
}

#[test]
fn each_key_of_the_reference_counts_or_is_named() {
    let (config, notes) = read(SAMPLE, &[ADVERTISE]).unwrap();
    assert_eq!(config.manager.addrs, ["10.20.0.9:6701", "10.20.0.10:6701"]);
    assert_eq!(config.manager.auth, None, "calls to a Manager of the reference are not signed");
    assert_eq!(config.sd.addrs, ["10.20.0.8:8088"]);
    assert_eq!(
        (config.sd.name.as_str(), config.sd.advertise.as_deref()),
        ("hids_svr", Some("10.20.0.3"))
    );
    assert_eq!(config.sd.auth, Some(pair("aktowardssd", "SkTowardsSd")));
    assert_eq!(config.grpc.listen.to_string(), "0.0.0.0:16751");
    assert_eq!(config.grpc.connection_limit, 1_500);
    assert_eq!(config.http.listen.to_string(), "0.0.0.0:16752");
    let keys: Keys = [pair("akofmanager", "SkOfManager")].into_iter().collect();
    assert_eq!(config.http.keys, keys);
    assert_eq!(config.tls.ca, Path::new("./conf/ca.crt"));
    assert_eq!(config.tls.cert, Path::new("./conf/server.crt"));
    assert_eq!(config.tls.key, Path::new("./conf/server.key"));
    assert_eq!(config.data, Path::new("ac-data"));
    assert_eq!(config.audit.listen.port(), 6754);
    assert_eq!(config.audit.cert.as_deref(), Some(Path::new("./conf/rd_server.crt")));
    assert_eq!(config.audit.key.as_deref(), Some(Path::new("./conf/rd_server.key")));
    assert_eq!(config.bus.engine, Engine::Kafka);
    let kafka = &config.bus.kafka;
    assert_eq!(kafka.brokers, ["10.20.0.7:9092"]);
    assert_eq!((kafka.topic.as_str(), kafka.audit_topic.as_str()), ("hids_svr", "k8s"));
    let sasl = kafka.sasl.as_ref().unwrap();
    assert_eq!((sasl.mechanism, sasl.username.as_str()), (SaslMechanism::Plain, "elkeid"));
    assert_eq!(sasl.password.expose(), "kafka-word");
    let expected = [
        "manage.username, manage.password: not used: the Manager is called without signing in",
        "kafka.logpath: not used: it logs to stderr, and RUST_LOG sets the level",
        "server.log: not used: it logs to stderr, and RUST_LOG sets the level",
        "server.pprof: not used: there is no profiler to listen for",
        "there is no key for data: data = \"ac-data\", below the working directory: results on \
         their way, uploads and the log of records; ELK_AC__DATA sets another",
    ];
    assert_eq!(notes, expected.map(|it| format!("svr.yml: {it}")));
}

#[test]
fn the_address_to_register_is_derived_and_named() {
    let (config, notes) = read(SAMPLE, &[]).unwrap();
    let note = notes.iter().find(|it| it.contains("there is no key for sd.advertise")).unwrap();
    assert!(note.contains("ELK_AC__SD__ADVERTISE"), "{note}");
    match outbound_ip() {
        Ok(ip) => {
            assert_eq!(config.sd.advertise, Some(ip.to_string()));
            assert!(note.contains(&format!("sd.advertise = \"{ip}\"")), "{note}");
        }
        Err(_) => assert_eq!(config.sd.advertise, None),
    }
}

#[test]
fn what_reads_otherwise_than_the_reference_is_named() {
    let text = SAMPLE
        .replace("enable: true\n      aksk", "enable: false\n      aksk")
        .replace("ssl:\n      enable: true", "ssl:\n      enable: no")
        .replace("connlimit", "conlimit");
    let (config, notes) = read(&text, &[ADVERTISE]).unwrap();
    assert!(!config.http.keys.is_empty(), "who signs is still served");
    assert_eq!(config.grpc.connection_limit, Config::default().grpc.connection_limit);
    let noted = |text: &str| notes.iter().any(|it| it.contains(text));
    assert!(noted("server.http.auth.enable is not true: callers of other hosts must"), "{notes:?}");
    assert!(noted("server.http.ssl.enable is not true: the API speaks TLS"), "{notes:?}");
    assert!(noted("not known and not used: server.grpc.conlimit (line "), "{notes:?}");
}

#[test]
fn what_nothing_works_without_must_be_there() {
    for key in ["cafile", "certfile", "keyfile", "sk", "ak", "name", "port"] {
        // The first key of this name is called otherwise.
        let text = SAMPLE.replacen(&format!(" {key}:"), &format!(" x{key}:"), 1);
        let error = read(&text, &[]).unwrap_err();
        assert!(error.ends_with(&format!("{key}: is missing")), "{key}: {error}");
    }
    for line in ["    - 10.20.0.9:6701\n    - 10.20.0.10:6701\n", "    - 10.20.0.8:8088\n"] {
        let error = read(&SAMPLE.replace(line, ""), &[]).unwrap_err();
        assert!(error.ends_with(".addrs: is missing"), "{error}");
    }
}

#[test]
fn secrets_of_the_sample_files_of_the_reference_are_refused_by_file_line_and_key() {
    for (secret, expected) in [
        ("SkTowardsSd", "svr.yml:15:9: sd.auth.sk: is the secret of the reference's published"),
        ("kafka-word", "svr.yml:25:15: kafka.sasl.password: is the secret of"),
        ("SkOfManager", "svr.yml:50:22: server.http.auth.aksk.akofmanager: is the secret of"),
    ] {
        let error = read(&SAMPLE.replace(secret, "password"), &[]).unwrap_err();
        assert!(error.starts_with(expected), "{error}");
        assert!(error.contains("openssl rand -hex 16"), "{error}");
    }
    // A broker that nobody signs in to has no secret.
    let open =
        SAMPLE.replace("kafka-word", "password").replacen("enable: true", "enable: false", 1);
    assert!(read(&open, &[]).is_ok());
}

#[test]
fn settings_that_do_not_fit_are_refused_by_file_line_and_key() {
    for (from, to, expected) in [
        ("16751", "x", "svr.yml:42:11: server.grpc.port: a number is expected that fits"),
        ("1500", "-1", "svr.yml:43:16: server.grpc.connlimit: a number is expected that fits"),
        ("sk: SkTowardsSd", "sk: [a]", "svr.yml:15:9: sd.auth.sk: text is expected"),
        (
            "AkOfManager: SkOfManager",
            "[x]",
            "svr.yml:50:9: server.http.auth.aksk: access keys with",
        ),
        ("    - 10.20.0.8:8088", "    a: b", "svr.yml:12:5: sd.addrs: a list is expected"),
        (
            "enable: true\n      aksk",
            "enable: maybe\n      aksk",
            "svr.yml:48:15: server.http.auth.enable: true",
        ),
        ("  name: hids_svr", "  name: yes", "svr.yml:10:9: sd.name: is not the text that stands"),
        (
            "keyfile: ./conf/server.key",
            "keyfile: &a [*a]",
            "svr.yml:35:18: server.ssl.keyfile.0: an alias",
        ),
    ] {
        assert!(SAMPLE.contains(from), "{from}");
        let error = read(&SAMPLE.replacen(from, to, 1), &[]).unwrap_err();
        assert!(error.starts_with(expected), "{to}: {error}");
    }
}
