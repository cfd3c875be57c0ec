//! Settings of the reference's AgentCenter, `svr.yml`, said in ours.

use elk_boot::{Foreign, SettingsError, Translation, outbound_ip};

/// Says in the settings of this AgentCenter what a file of the reference says.
///
/// # Errors
///
/// Which key is missing, does not fit or holds a secret that everybody knows.
pub fn translate(file: &mut Foreign) -> Result<Translation, SettingsError> {
    let mut ours = Translation::default();
    peers(file, &mut ours)?;
    listeners(file, &mut ours)?;
    certificates(file, &mut ours)?;
    kafka(file, &mut ours)?;
    let unused = file.drop_all(&["server.log"]);
    ours.unused(&unused, "it logs to stderr, and RUST_LOG sets the level");
    let unused = file.drop_all(&["server.pprof"]);
    ours.unused(&unused, "there is no profiler to listen for");
    audit(file, &mut ours)?;
    let why = "below the working directory: results on their way, uploads and the log of records";
    ours.derive("data", Some("ac-data"), why);
    Ok(ours)
}

/// Manager and ServiceDiscovery, without which the reference does not start either.
fn peers(file: &mut Foreign, ours: &mut Translation) -> Result<(), SettingsError> {
    for (theirs, key) in [("manage.addrs", "manager.addrs"), ("sd.addrs", "sd.addrs")] {
        let addrs = file.list(theirs)?;
        if addrs.is_empty() {
            return Err(file.missing(theirs));
        }
        ours.set(key, addrs);
    }
    let unused = file.drop_all(&["manage.username", "manage.password"]);
    ours.unused(&unused, "the Manager is called without signing in");
    let name = file.text("sd.name")?.ok_or_else(|| file.missing("sd.name"))?;
    ours.set("sd.name", name);
    if let Some(pair) = file.pair("sd.auth")? {
        ours.set_pair("sd.auth", &pair);
    }
    match outbound_ip() {
        Ok(ip) => {
            let why = "the address of this host towards the internet, as the reference registers";
            ours.derive("sd.advertise", Some(&ip.to_string()), why);
        }
        Err(_) => ours.derive("sd.advertise", None, "this host has no route to take it from"),
    }
    Ok(())
}

fn listeners(file: &mut Foreign, ours: &mut Translation) -> Result<(), SettingsError> {
    for (theirs, key) in [("server.grpc.port", "grpc.listen"), ("server.http.port", "http.listen")]
    {
        let port: u16 = file.number(theirs)?.ok_or_else(|| file.missing(theirs))?;
        ours.set(key, format!("0.0.0.0:{port}"));
    }
    if let Some(limit) = file.number::<u32>("server.grpc.connlimit")? {
        ours.set("grpc.connection_limit", i64::from(limit));
    }
    let keys = file.keys("server.http.auth.aksk")?;
    ours.set_keys("http.keys", &keys);
    if file.switch("server.http.auth.enable")? != Some(true) {
        ours.note(
            "server.http.auth.enable is not true: callers of other hosts must sign all the same",
        );
    }
    if file.switch("server.http.ssl.enable")? != Some(true) {
        ours.note("server.http.ssl.enable is not true: the API speaks TLS all the same");
    }
    Ok(())
}

/// API servers of Kubernetes; the reference does not start without these files.
fn audit(file: &mut Foreign, ours: &mut Translation) -> Result<(), SettingsError> {
    if let Some(port) = file.number::<u16>("server.rawdata.port")? {
        ours.set("audit.listen", format!("0.0.0.0:{port}"));
    }
    for (theirs, key) in
        [("server.ssl.rawdata_certfile", "audit.cert"), ("server.ssl.rawdata_keyfile", "audit.key")]
    {
        if let Some(path) = file.text(theirs)? {
            ours.set(key, path);
        }
    }
    Ok(())
}

/// Paths count from the working directory, there and here.
fn certificates(file: &mut Foreign, ours: &mut Translation) -> Result<(), SettingsError> {
    for (theirs, key) in [
        ("server.ssl.cafile", "tls.ca"),
        ("server.ssl.certfile", "tls.cert"),
        ("server.ssl.keyfile", "tls.key"),
    ] {
        let path = file.text(theirs)?.ok_or_else(|| file.missing(theirs))?;
        ours.set(key, path);
    }
    Ok(())
}

/// Where records go, as they do there; without brokers they stay in the log of this host.
fn kafka(file: &mut Foreign, ours: &mut Translation) -> Result<(), SettingsError> {
    let brokers = file.list("kafka.addrs")?;
    for (theirs, key) in
        [("kafka.topic", "bus.kafka.topic"), ("kafka.rawdata_topic", "bus.kafka.audit_topic")]
    {
        if let Some(topic) = file.text(theirs)? {
            ours.set(key, topic);
        }
    }
    if file.switch("kafka.sasl.enable")? == Some(true) {
        let missing = |key| file.missing(key);
        let (name, word) = ("kafka.sasl.username", "kafka.sasl.password");
        let (no_name, no_word) = (missing(name), missing(word));
        ours.set("bus.kafka.sasl.username", file.text(name)?.ok_or(no_name)?);
        ours.set("bus.kafka.sasl.password", file.secret(word)?.ok_or(no_word)?.expose());
    }
    if !brokers.is_empty() {
        ours.set("bus.engine", "kafka");
        ours.set("bus.kafka.brokers", brokers);
    }
    file.drop_all(&["kafka.sasl"]);
    let unused = file.drop_all(&["kafka.logpath"]);
    ours.unused(&unused, "it logs to stderr, and RUST_LOG sets the level");
    Ok(())
}
