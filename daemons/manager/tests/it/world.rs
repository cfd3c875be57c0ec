//! A Manager with what it calls, and who calls it.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use bytes::Bytes;
use elk_api::agents::{self, Agent, AgentQuery, AgentSort};
use elk_api::events::{EventQuery, Watch};
use elk_api::session::{Credentials, Login};
use elk_api::tasks::{self, NewTask, SubtaskState, Task, TaskResult};
use elk_api::users::{self, NewUser};
use elk_api::{Content, Nothing, Operation, Page, Role, selections};
use elk_bus::{Bus, LocalConfig};
use elk_client::{Client, ClientError, RawReply, Trust};
use elk_life::{Clock, Stop};
use elk_manager::{Ac, Config, Manager, Parts, Sd, Tls};
use elk_trust::aksk::{self, KeyPair};
use elk_trust::ca::Authority;
use elk_trust::{SERVER_NAME, Secret};
use http::{HeaderMap, HeaderName, Method};
use serde_json::Value;
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use crate::center::{Beat, Center};
use crate::discovery::Discovery;

pub(crate) const HANG: Duration = Duration::from_secs(30);
pub(crate) const PASSWORD: &str = "correct horse battery";
pub(crate) const NOW: i64 = 1_700_000_000_000;

pub(crate) fn key() -> KeyPair {
    KeyPair { ak: "testak".to_owned(), sk: Secret::new("testsk") }
}

pub(crate) struct World {
    pub(crate) clock: Clock,
    pub(crate) dir: TempDir,
    pub(crate) sd: Discovery,
    pub(crate) addr: SocketAddr,
    /// The records, if it has some.
    pub(crate) bus: Option<Bus>,
    /// Signed in as `admin`.
    pub(crate) admin: Client,
    authority: Authority,
    stop: Stop,
    manager: Stop,
    served: JoinHandle<()>,
    change: fn(&mut Config),
}

impl World {
    /// Starts a Manager whose clock stands still, and no AgentCenter.
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// Starts a Manager that has records.
    pub(crate) async fn with_bus() -> Self {
        Self::make(|_| {}, true).await
    }

    /// Starts a Manager with other settings.
    pub(crate) async fn with(change: fn(&mut Config)) -> Self {
        Self::make(change, false).await
    }

    async fn make(change: fn(&mut Config), records: bool) -> Self {
        let clock = Clock::manual(NOW);
        elk_trust::install_crypto();
        let (stop, dir) = (Stop::default(), tempfile::tempdir().unwrap());
        let authority = Authority::create().unwrap();
        std::fs::write(dir.path().join("ca.pem"), &authority.pem().cert).unwrap();
        let own = authority.issue_server(&[SERVER_NAME], &[]).unwrap();
        std::fs::write(dir.path().join("server.pem"), &own.cert).unwrap();
        std::fs::write(dir.path().join("server.key"), own.key.expose()).unwrap();
        let sd = Discovery::new(stop.clone()).await;
        let bus = records.then(|| {
            let config = LocalConfig { dir: dir.path().join("log"), ..LocalConfig::default() };
            Bus::open(config, clock.clone()).unwrap()
        });
        let (addr, manager, served) = start(&dir, &sd, (&clock, change), bus.clone()).await;
        let admin = sign_in(addr, "admin", PASSWORD).await.unwrap();
        Self { clock, dir, sd, addr, bus, admin, authority, stop, manager, served, change }
    }

    /// Stops the Manager and starts another on the same directory.
    pub(crate) async fn restart(mut self) -> Self {
        self.manager.now();
        self.served.await.unwrap();
        let (addr, manager, served) =
            start(&self.dir, &self.sd, (&self.clock, self.change), None).await;
        (self.addr, self.manager, self.served) = (addr, manager, served);
        self.admin = sign_in(addr, "admin", PASSWORD).await.unwrap();
        self
    }

    /// Kills the Manager where it stands and starts another on the same directory.
    pub(crate) async fn kill(mut self) -> Self {
        self.served.abort();
        drop(self.served.await);
        // Its detached tasks end, too, as they would with their process.
        self.manager.now();
        let (addr, manager, served) =
            start(&self.dir, &self.sd, (&self.clock, self.change), None).await;
        (self.addr, self.manager, self.served) = (addr, manager, served);
        self.admin = sign_in(addr, "admin", PASSWORD).await.unwrap();
        self
    }

    pub(crate) async fn end(self) {
        self.stop.now();
        self.manager.now();
        self.served.await.unwrap();
    }

    /// Starts an AgentCenter that is not listed.
    pub(crate) async fn hidden_center(&self, native: bool) -> Center {
        Center::new(&self.authority, self.clock.clone(), native, self.stop.clone()).await
    }

    /// Starts an AgentCenter and lists it.
    pub(crate) async fn center(&self, native: bool) -> Center {
        let center = self.hidden_center(native).await;
        self.sd.list(center.addr, native, self.clock.unix());
        center
    }

    /// Starts an AgentCenter of ours with agents `agent-0` to `agent-(count - 1)`, all known.
    pub(crate) async fn center_with(&self, count: usize) -> Center {
        let center = self.center(true).await;
        for number in 0..count {
            center.put(&Beat::new(&format!("agent-{number}")));
        }
        self.until_listed("", count).await;
        center
    }

    /// Signs in as a new user.
    pub(crate) async fn user(&self, name: &str, role: Role) -> Client {
        let password = PASSWORD.to_owned();
        let new = NewUser { name: name.to_owned(), role, custom_role: None, password };
        self.admin.send::<users::Create>(&[], &Default::default(), &new).await.unwrap();
        sign_in(self.addr, name, PASSWORD).await.unwrap()
    }

    /// Returns a client that reaches the Manager under another address of this host.
    pub(crate) fn client_at(&self, ip: IpAddr, tls: bool) -> Client {
        let scheme = if tls { "https" } else { "http" };
        let addr = SocketAddr::new(ip, self.addr.port());
        let mut config = elk_client::Config::new(format!("{scheme}://{addr}"));
        let ca = self.authority.pem().cert.clone().into_bytes();
        config.trust = Trust::Named { ca, name: SERVER_NAME.to_owned() };
        config.allow_plaintext = true;
        Client::new(&config).unwrap()
    }

    pub(crate) fn anyone(&self) -> Client {
        client(self.addr)
    }

    pub(crate) async fn agents(&self, selector: &str) -> Vec<Agent> {
        self.page(selector, None).await.unwrap().items
    }

    pub(crate) async fn page(
        &self,
        selector: &str,
        cursor: Option<elk_api::Cursor>,
    ) -> Result<Page<Agent>, ClientError> {
        let query = AgentQuery {
            selector: Some(selector.to_owned()),
            limit: Some(1_000),
            cursor,
            sort: Some(AgentSort::Id),
            reverse: None,
        };
        self.admin.send::<agents::List>(&[], &query, &Nothing {}).await
    }

    pub(crate) async fn agent(&self, name: &str) -> Result<agents::AgentDetail, ClientError> {
        self.admin.send::<agents::Get>(&[name], &Nothing {}, &Nothing {}).await
    }

    /// Waits until as many agents match.
    pub(crate) async fn until_listed(&self, selector: &str, count: usize) {
        let what = format!("{count} agents that match {selector:?}");
        until(&what, async || self.agents(selector).await.len() == count).await;
    }

    pub(crate) async fn select(&self, selector: &str) -> String {
        let new = selections::NewSelection {
            selector: (!selector.is_empty()).then(|| selector.to_owned()),
            all: selector.is_empty(),
            ids: None,
        };
        let made = self.admin.send::<selections::Create>(&[], &Nothing {}, &new).await;
        made.unwrap().id
    }

    pub(crate) async fn tag(&self, tag: &str, selector: &str) -> elk_api::tags::Tagged {
        let asked = elk_api::tags::TagRequest { selection: self.select(selector).await };
        self.admin.send::<elk_api::tags::Add>(&[tag], &Nothing {}, &asked).await.unwrap()
    }

    /// Creates a task for the agents that match.
    pub(crate) async fn task(&self, selector: &str, change: impl FnOnce(&mut NewTask)) -> Task {
        let mut new = NewTask {
            selection: self.select(selector).await,
            plugin: "collector".to_owned(),
            data_type: 5_050,
            data: "{}".to_owned(),
            name: None,
            timeout_seconds: Some(60),
            max_in_flight: None,
        };
        change(&mut new);
        self.admin.send::<tasks::Create>(&[], &Nothing {}, &new).await.unwrap()
    }

    pub(crate) async fn task_now(&self, id: &str) -> Task {
        self.admin.send::<tasks::Get>(&[id], &Nothing {}, &Nothing {}).await.unwrap()
    }

    pub(crate) async fn results(&self, id: &str) -> Vec<TaskResult> {
        let all = Default::default();
        self.admin.send::<tasks::Results>(&[id], &all, &Nothing {}).await.unwrap().items
    }

    /// Waits until as many agents of a task are in a state.
    pub(crate) async fn until_task(&self, id: &str, state: SubtaskState, count: u64) {
        let deadline = Instant::now() + HANG;
        loop {
            let mut counts = self.task_now(id).await.counts;
            if *counts.of(state) == count {
                return;
            }
            if Instant::now() > deadline {
                let said: Vec<_> =
                    self.results(id).await.into_iter().map(|it| it.message).collect();
                panic!("waited too long for {count} {}: {counts:?}, {said:?}", state.as_str());
            }
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Calls as an AgentCenter does.
    pub(crate) async fn as_center(&self, path: &str, body: &Value) -> Result<Value, ClientError> {
        let trust = Trust::System;
        let caller = elk_client::reference::Caller::new(&trust, Some(key()), self.clock.clone());
        caller.unwrap().post(&format!("http://{}{path}", self.addr), body, HANG).await
    }

    /// Sends any body under the signature of an AgentCenter.
    pub(crate) async fn signed(&self, path: &str, body: &str) -> RawReply {
        let signed = aksk::sign(&key(), ("POST", path, ""), body.as_bytes(), self.clock.unix());
        let mut headers = HeaderMap::new();
        for (name, value) in [
            (aksk::ACCESS_KEY, signed.access_key),
            (aksk::TIMESTAMP, signed.timestamp),
            (aksk::SIGNATURE, signed.signature),
        ] {
            let name: HeaderName = name.parse().unwrap();
            headers.insert(name, value.parse().unwrap());
        }
        let body = Bytes::copy_from_slice(body.as_bytes());
        self.anyone().raw(Method::POST, path, &headers, Some(body)).await.unwrap()
    }

    /// Answers a task as its agent would.
    pub(crate) async fn answer(&self, token: &str, status: &str) {
        let fields = serde_json::json!([
            { "token": token, "data_type": "5100", "status": status, "msg": "did it" },
        ]);
        self.as_center(elk_api::intake::RESULTS, &fields).await.unwrap();
    }
}

async fn start(
    dir: &TempDir,
    sd: &Discovery,
    (clock, change): (&Clock, fn(&mut Config)),
    bus: Option<Bus>,
) -> (SocketAddr, Stop, JoinHandle<()>) {
    let mut config = Config {
        listen: "127.0.0.1:0".parse().unwrap(),
        data: dir.path().join("manager"),
        tls: Some(Tls { cert: dir.path().join("server.pem"), key: dir.path().join("server.key") }),
        sd: Sd { addrs: vec![format!("http://{}", sd.addr)], auth: Some(key()) },
        ac: Ac {
            auth: Some(key()),
            keys: [key()].into_iter().collect(),
            ca: dir.path().join("ca.pem"),
            verify: true,
            poll_ms: 50,
            full_list_seconds: 0,
        },
        ..Config::default()
    };
    change(&mut config);
    let parts = Parts { clock: clock.clone(), bus };
    let manager = Manager::bind(config, parts).await.unwrap();
    manager.ensure_admin(&Secret::new(PASSWORD)).await.unwrap();
    let stop = Stop::default();
    let addr = SocketAddr::new([127, 0, 0, 1].into(), manager.addr().unwrap().port());
    let ends = stop.clone();
    let served = tokio::spawn(async move { manager.serve(ends).await.unwrap() });
    (addr, stop, served)
}

pub(crate) fn client(addr: SocketAddr) -> Client {
    Client::new(&elk_client::Config::new(format!("http://{addr}"))).unwrap()
}

/// Signs in and returns the token.
pub(crate) async fn open_session(
    addr: SocketAddr,
    name: &str,
    password: &str,
) -> Result<Secret, ClientError> {
    let given = Credentials { username: name.to_owned(), password: password.to_owned(), otp: None };
    let session = client(addr).send::<Login>(&[], &Nothing {}, &given).await?;
    Ok(Secret::new(session.token))
}

pub(crate) async fn sign_in(
    addr: SocketAddr,
    name: &str,
    password: &str,
) -> Result<Client, ClientError> {
    let token = open_session(addr, name, password).await?;
    Ok(client(addr).with_token(&token).unwrap())
}

/// Sends anything and returns whatever comes back.
pub(crate) async fn raw(client: &Client, method: &str, path: &str, body: Option<&str>) -> RawReply {
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    let body = body.map(|it| Bytes::copy_from_slice(it.as_bytes()));
    client.raw(method, path, &HeaderMap::new(), body).await.unwrap()
}

/// Calls an operation and returns the status; of an answer without end only the head is read.
pub(crate) async fn status(client: &Client, operation: &Operation, path: &str) -> u16 {
    if operation.reply == Content::Events {
        let opened = client.lines::<Watch>(&[], &EventQuery::default()).await;
        return opened.map_or_else(|error| error.status().unwrap(), |_| 200);
    }
    let method = operation.method.as_str();
    raw(client, method, path, (method != "GET").then_some("{}")).await.status
}

pub(crate) fn json(reply: &RawReply) -> Value {
    serde_json::from_slice(&reply.body)
        .unwrap_or_else(|error| panic!("{error}: {:?}", String::from_utf8_lossy(&reply.body)))
}

/// Waits until something holds.
pub(crate) async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + HANG;
    while !holds().await {
        assert!(Instant::now() < deadline, "waited too long for {what}");
        sleep(Duration::from_millis(20)).await;
    }
}
