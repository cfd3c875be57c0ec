//! Settings of the reference's Manager, `svr.yml`, said in ours.

use elk_api::registry::{AC_NAME, MANAGER_NAME};
use elk_boot::{Foreign, SettingsError, Translation, outbound_ip};

/// Says in the settings of this Manager what a file of the reference says.
///
/// # Errors
///
/// Which key is missing, does not fit or holds a secret that everybody knows.
pub fn translate(file: &mut Foreign) -> Result<Translation, SettingsError> {
    let mut ours = Translation::default();
    http(file, &mut ours)?;
    peers(file, &mut ours)?;
    stores(file, &mut ours)?;
    let unused = file.drop_all(&["log"]);
    ours.unused(&unused, "it logs to stderr, and RUST_LOG sets the level");
    let mut unused = ["hub", "es", "trace"].map(str::to_owned).to_vec();
    unused.retain(|key| file.gives(key));
    file.pair("hub.credentials")?;
    file.drop_all(&["hub", "es", "trace"]);
    ours.unused(&unused, "nothing here calls these");
    named(file, &mut ours, "agent.name", "elkeid-agent")?;
    let why = "below the working directory: the database, components and files of agents";
    ours.derive("data", Some("manager"), why);
    Ok(ours)
}

fn http(file: &mut Foreign, ours: &mut Translation) -> Result<(), SettingsError> {
    let port: u16 = file.number("http.port")?.ok_or_else(|| file.missing("http.port"))?;
    ours.set("listen", format!("0.0.0.0:{port}"));
    let keys = file.keys("http.innerauth")?;
    ours.set_keys("inner_keys", &keys);
    if !keys.is_empty() {
        ours.note(
            "http.innerauth: other Managers are listened to, but the work that they hand out \
             through Redis is not taken: let none run beside this one",
        );
    }
    if file.switch("http.apiauth.enable")? != Some(true) {
        ours.note("http.apiauth.enable is not true: users must sign in all the same");
    }
    if file.secret("http.apiauth.secret")?.is_some() {
        ours.note("http.apiauth.secret: not used: sessions are random and none is signed");
    }
    let why =
        "over plain HTTP, users of other hosts are not served, only AgentCenters and agents are";
    ours.derive("plaintext_api", None, why);
    match outbound_ip() {
        Ok(ip) => {
            let why = "the address of this host towards the internet, as the reference registers";
            ours.derive("advertise", Some(&ip.to_string()), why);
        }
        Err(_) => ours.derive("advertise", None, "this host has no route to take it from"),
    }
    Ok(())
}

fn peers(file: &mut Foreign, ours: &mut Translation) -> Result<(), SettingsError> {
    let addrs = file.list("sd.addrs")?;
    if addrs.is_empty() {
        return Err(file.missing("sd.addrs"));
    }
    let urls: Vec<_> = addrs.iter().map(|it| format!("http://{it}")).collect();
    ours.set("sd.addrs", urls);
    if let Some(pair) = file.pair("sd.credentials")? {
        ours.set_pair("sd.auth", &pair);
    }
    if let Some(pair) = file.pair("server.credentials")? {
        ours.set_pair("ac.auth", &pair);
    }
    named(file, ours, "sd.name", MANAGER_NAME)?;
    named(file, ours, "server.name", AC_NAME)
}

/// Says that a name cannot be another.
fn named(
    file: &mut Foreign,
    ours: &mut Translation,
    key: &str,
    name: &str,
) -> Result<(), SettingsError> {
    if file.text(key)?.is_some_and(|it| it != name) {
        ours.note(format!("{key}: not used: the name is `{name}` here"));
    }
    Ok(())
}

/// Where the reference keeps its state.
fn stores(file: &mut Foreign, ours: &mut Translation) -> Result<(), SettingsError> {
    let mut unused = Vec::new();
    if file.gives("mongo") {
        let uri = file.text_with_secret("mongo.uri", password)?;
        unused.push(called("mongo", uri.as_deref().and_then(hosts)));
    }
    if file.gives("redis") {
        file.secret("redis.passwd")?;
        let mut addrs = file.list("redis.addrs")?;
        addrs.extend(file.text("redis.addr")?.filter(|it| !addrs.contains(it)));
        unused.push(called("redis", Some(addrs.join(", "))));
    }
    file.drop_all(&["mongo", "redis"]);
    ours.unused(
        &unused,
        "state is kept in the database in `data`; `elkctl import elkeid` takes over what MongoDB holds",
    );
    Ok(())
}

/// Returns a key with what is known of where it leads.
fn called(key: &str, addrs: Option<String>) -> String {
    match addrs.filter(|it| !it.is_empty()) {
        Some(addrs) => format!("{key} ({addrs})"),
        None => key.to_owned(),
    }
}

/// Returns the hosts in `mongodb://user:password@host,host/..`, and never the password.
fn hosts(uri: &str) -> Option<String> {
    let (_, rest) = uri.split_once("://")?;
    let authority = rest.split(['/', '?']).next()?;
    Some(authority.rsplit('@').next()?.to_owned())
}

/// Returns the password in `mongodb://user:password@host/..`.
fn password(uri: &str) -> Option<&str> {
    let (_, rest) = uri.split_once("://")?;
    let (who, _) = rest.split('/').next()?.rsplit_once('@')?;
    who.split_once(':').map(|(_, password)| password)
}
