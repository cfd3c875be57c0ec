//! How the daemons fit together: their settings, with what follows from the options and the directory.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use elk_bus::{Bus, OpenError, Topic};
use elk_life::Clock;
use elk_trust::aksk::{KeyPair, Keys};

use super::data::{DataDir, Keep};
use super::ports::Ports;
use super::settings::Settings;

/// All that the settings of the daemons follow from.
pub(super) struct Plan<'a> {
    pub(super) data: &'a DataDir,
    pub(super) keep: &'a Keep,
    /// What others dial.
    pub(super) host: &'a str,
    pub(super) listen: IpAddr,
    pub(super) ports: Ports,
    pub(super) settings: Settings,
}

impl Plan<'_> {
    /// Returns `host:port`, as others dial it.
    pub(super) fn at(&self, port: u16) -> String {
        match self.host.parse() {
            Ok(IpAddr::V6(ip)) => format!("[{ip}]:{port}"),
            _ => format!("{}:{port}", self.host),
        }
    }

    pub(super) fn url(&self, scheme: &str, port: u16) -> String {
        format!("{scheme}://{}", self.at(port))
    }

    fn socket(&self, port: u16) -> SocketAddr {
        SocketAddr::new(self.listen, port)
    }

    pub(super) fn bus(&self, clock: Clock) -> Result<Bus, OpenError> {
        self.settings.bus.open(Topic::Records, self.data.root(), clock)
    }

    /// Where audit events of Kubernetes go.
    pub(super) fn audit(&self, clock: Clock) -> Result<Bus, OpenError> {
        self.settings.bus.open(Topic::Audit, self.data.root(), clock)
    }

    pub(super) fn sd(&self) -> elk_sd::Config {
        let mut config = self.settings.sd.clone();
        config.listen = self.socket(self.ports.sd);
        config.data = Some(self.data.path("sd"));
        add(&mut config.auth.keys, &self.keep.sd_key);
        config
    }

    pub(super) fn manager(&self, sd: &str) -> elk_manager::Config {
        let mut config = self.settings.manager.clone();
        config.listen = self.socket(self.ports.manager);
        config.advertise = Some(self.host.to_owned());
        config.data = self.data.path("manager");
        let (cert, key) = (self.data.path("pki/server.crt"), self.data.path("pki/server.key"));
        config.tls = Some(elk_manager::Tls { cert, key });
        config.sd.addrs = vec![sd.to_owned()];
        config.sd.auth = Some(self.keep.sd_key.clone());
        config.ac.auth = Some(self.keep.ac_key.clone());
        config.ac.ca = self.data.path("pki/ca.crt");
        add(&mut config.ac.keys, &self.keep.manager_key);
        let (cert, key) = (self.data.path("pki/ca.crt"), self.data.path("pki/ca.key"));
        // The key of an imported authority stays where it is.
        if config.kube.authority.is_none() && key.exists() {
            config.kube.authority = Some(elk_manager::Tls { cert, key });
        }
        config
    }

    pub(super) fn ac(&self, sd: &str, manager: &str) -> elk_ac::Config {
        let mut config = self.settings.ac.clone();
        config.data = self.data.path("ac");
        config.grpc.listen = self.socket(self.ports.ac_grpc);
        config.http.listen = self.socket(self.ports.ac_http);
        add(&mut config.http.keys, &self.keep.ac_key);
        config.audit.listen = self.socket(self.ports.ac_audit);
        config.audit.cert = Some(self.data.path("pki/server.crt"));
        config.audit.key = Some(self.data.path("pki/server.key"));
        config.tls = elk_ac::Tls {
            ca: self.data.path("pki/ca.crt"),
            cert: self.data.path("pki/server.crt"),
            key: self.data.path("pki/server.key"),
        };
        config.manager.addrs = vec![manager.to_owned()];
        config.manager.auth = Some(self.keep.manager_key.clone());
        config.sd.addrs = vec![sd.to_owned()];
        config.sd.auth = Some(self.keep.sd_key.clone());
        config.sd.advertise = Some(self.host.to_owned());
        config
    }

    pub(super) fn demo(&self, count: u32, sd: &str, ac: &str) -> elk_sim::Config {
        elk_sim::Config {
            count,
            seed: 1,
            heartbeat: Duration::from_secs(5),
            sd: Some(sd.to_owned()),
            ac: Some(ac.to_owned()),
            ca: self.keep.ca.clone().into_bytes(),
            cert: self.keep.client.0.clone().into_bytes(),
            key: self.keep.client.1.expose().as_bytes().to_vec(),
            event_every: Some(Duration::from_secs(2)),
            spread: Duration::from_secs(3),
            retry: Duration::from_secs(5),
        }
    }
}

fn add(keys: &mut Keys, pair: &KeyPair) {
    keys.insert(&pair.ak, pair.sk.clone());
}
