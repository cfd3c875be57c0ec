//! Settings of the reference's ServiceDiscovery, `conf.yaml`, said in ours.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use elk_boot::{Foreign, SettingsError, Translation};

/// Says in the settings of this node what a file of the reference says.
///
/// # Errors
///
/// Which key is missing, does not fit or holds a secret that everybody knows.
pub fn translate(file: &mut Foreign) -> Result<Translation, SettingsError> {
    let mut ours = Translation::default();
    let ip: Option<IpAddr> = file.parsed("Server.Ip", "an IP address is expected")?;
    let port = file.number("Server.Port")?.ok_or_else(|| file.missing("Server.Port"))?;
    // As there: without an address it listens on all.
    let listen = SocketAddr::new(ip.unwrap_or(Ipv4Addr::UNSPECIFIED.into()), port);
    ours.set("listen", listen.to_string());
    let keys = file.keys("Auth.Keys")?;
    ours.set_keys("auth.keys", &keys);
    if file.switch("Auth.Enable")? != Some(true) {
        ours.note("Auth.Enable is not true: whoever registers must sign all the same");
    }
    members(file, &mut ours)?;
    let unused = file.drop_all(&["log"]);
    ours.unused(&unused, "it logs to stderr, and RUST_LOG sets the level");
    Ok(ours)
}

/// The other nodes: told and heard as those of the reference do among each other.
fn members(file: &mut Foreign, ours: &mut Translation) -> Result<(), SettingsError> {
    let members = file.list("Cluster.Members")?;
    let unused = file.drop_all(&["Cluster.Mode", "Cluster.Key", "Redis"]);
    let members: Vec<String> = members.iter().map(|it| format!("http://{it}")).collect();
    if !members.is_empty() {
        ours.set("sync.members", members);
    }
    ours.unused(&unused, "members are those that the file names");
    Ok(())
}
