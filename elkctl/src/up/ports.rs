//! Where the daemons listen.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::path::Path;

use elk_desk::{Exit, Failure};

/// Holds the endpoints of the last start, for the ports of the next.
pub(super) const LAST: &str = "last-endpoints.json";

/// Where the daemons listen; 0 for any free port.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Ports {
    pub(super) sd: u16,
    pub(super) manager: u16,
    pub(super) ac_grpc: u16,
    pub(super) ac_http: u16,
    pub(super) ac_audit: u16,
}

/// Those of the reference.
const DEFAULT: Ports =
    Ports { sd: 8088, manager: 6701, ac_grpc: 6751, ac_http: 6752, ac_audit: 6754 };

impl Ports {
    /// Returns the reference's ports, or `auto`: the last ones where they are free.
    pub(super) fn choose(root: &Path, listen: IpAddr, auto: bool) -> Self {
        if !auto {
            return DEFAULT;
        }
        let last = last(root);
        let free = |name: &str| {
            let port = last.get(name).copied().unwrap_or(0);
            if TcpListener::bind((listen, port)).is_ok() { port } else { 0 }
        };
        Self {
            sd: free("sd"),
            manager: free("manager"),
            ac_grpc: free("ac_grpc"),
            ac_http: free("ac_http"),
            ac_audit: free("ac_audit"),
        }
    }

    /// Makes sure that they can be listened on, before anything is made.
    pub(super) fn check(self, listen: IpAddr) -> Result<(), Failure> {
        let all = [
            ("ServiceDiscovery", self.sd),
            ("the Manager", self.manager),
            ("AgentCenter's agents", self.ac_grpc),
            ("AgentCenter's HTTP", self.ac_http),
            ("AgentCenter's audit events", self.ac_audit),
        ];
        for (who, port) in all {
            let addr = SocketAddr::new(listen, port);
            let Err(error) = TcpListener::bind(addr) else { continue };
            let what =
                format!("could not listen on {addr} for {who}: {error}; nothing was touched");
            return Err(match error.kind() {
                io::ErrorKind::AddrInUse => Failure::new(Exit::Unavailable, what)
                    .hint("elkctl up --ports auto   (takes free ports)"),
                io::ErrorKind::AddrNotAvailable => Failure::new(Exit::Usage, what)
                    .hint("pass --listen ADDR: an address of this host"),
                _ => Failure::new(Exit::Failure, what),
            });
        }
        Ok(())
    }
}

/// Returns the ports of the last start, by endpoint.
fn last(root: &Path) -> BTreeMap<String, u16> {
    let text = fs::read(root.join(LAST)).unwrap_or_default();
    let all: BTreeMap<String, String> = serde_json::from_slice(&text).unwrap_or_default();
    let port = |url: &str| url.rsplit_once(':')?.1.parse().ok();
    all.iter().filter_map(|(name, url)| Some((name.clone(), port(url)?))).collect()
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    const ANY: Ports = Ports { sd: 0, manager: 0, ac_grpc: 0, ac_http: 0, ac_audit: 0 };
    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    #[test]
    fn the_default_is_the_references_ports_and_auto_the_last_ones() {
        let dir = tempfile::tempdir().expect("a directory");
        let chosen = Ports::choose(dir.path(), HERE, false);
        assert_eq!(chosen, DEFAULT);
        let any = Ports::choose(dir.path(), HERE, true);
        assert_eq!(any, ANY);
        let held = TcpListener::bind((HERE, 0)).expect("a port");
        let taken = held.local_addr().expect("an address").port();
        let text = format!("{{\"sd\":\"http://127.0.0.1:{taken}\"}}");
        fs::write(dir.path().join(LAST), text).expect("writes");
        assert_eq!(Ports::choose(dir.path(), HERE, true).sd, 0, "it is in use");
        drop(held);
        assert_eq!(Ports::choose(dir.path(), HERE, true).sd, taken);
    }

    #[test]
    fn a_busy_port_and_a_foreign_address_are_told_apart() {
        let held = TcpListener::bind((HERE, 0)).expect("a port");
        let taken = held.local_addr().expect("an address").port();
        let ports = Ports { manager: taken, ..ANY };
        let busy = ports.check(HERE).expect_err("it is in use");
        assert_eq!(busy.exit, Exit::Unavailable);
        assert!(busy.hints[0].contains("--ports auto"), "{busy:?}");
        drop(held);
        assert_eq!(ports.check(HERE), Ok(()));
        let foreign = ports.check("203.0.113.1".parse().expect("an address"));
        assert_eq!(foreign.expect_err("is of nobody here").exit, Exit::Usage);
    }
}
