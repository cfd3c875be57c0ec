//! A real Apache Kafka for tests: one node, on free ports, with its data in a directory of its own.

use std::fs::{self, File};
use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc;
use std::time::Duration;

use elk_trust::ca::Authority;
use rustix::process::{Pid, Resource, Rlimit, Signal, kill_process, prlimit};
use tempfile::TempDir;
use tokio::time::Instant;

/// The user that SASL listeners know, and the password.
pub(crate) const USER: (&str, &str) = ("elk", "not-a-secret");

/// How a client may knock; each has a port of its own.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Door {
    /// For everybody.
    Open,
    /// For who has the password.
    Sasl,
    /// TLS, for who has a certificate of our authority.
    Tls,
    /// TLS, for who has the password.
    SaslTls,
    /// TLS with a certificate of an authority that nobody knows.
    Stranger,
}

/// The name of each listener, and its protocol.
const DOORS: [(&str, &str); 5] = [
    ("PLAINTEXT", "PLAINTEXT"),
    ("SASL_PLAINTEXT", "SASL_PLAINTEXT"),
    ("TLS", "SSL"),
    ("SASL_TLS", "SASL_SSL"),
    ("STRANGER", "SSL"),
];

/// A broker that ends with its value, or with the test process.
pub(crate) struct Broker {
    dir: TempDir,
    jars: PathBuf,
    ports: [u16; DOORS.len()],
    authority: Authority,
    child: Option<Child>,
}

impl Broker {
    /// Makes a broker that does not run yet; `None`, with a line that says so, where Kafka cannot be
    /// had.
    pub(crate) fn new() -> Option<Self> {
        let jars = jars()?;
        let dir = tempfile::tempdir().expect("a directory");
        let authority = Authority::create().expect("an authority");
        let broker = Self { dir, jars, ports: DOORS.map(|_| free_port()), authority, child: None };
        fs::write(broker.settings(), broker.properties()).expect("writes");
        let (user, password) = USER;
        let scram =
            ["256", "512"].map(|it| format!("SCRAM-SHA-{it}=[name={user},password={password}]"));
        let mut tool = broker.java("kafka.tools.StorageTool");
        tool.args(["format", "-t", "MkU3OEVBNTcwNTJENDM2Qg", "-c"]).arg(broker.settings());
        run(tool.args(scram.iter().flat_map(|it| ["--add-scram", it])));
        Some(broker)
    }

    /// Writes its certificates and returns its settings.
    fn properties(&self) -> String {
        let (user, password) = USER;
        let controller = free_port();
        let plain = "org.apache.kafka.common.security.plain.PlainLoginModule";
        let scram = "org.apache.kafka.common.security.scram.ScramLoginModule";
        let stranger = Authority::create().expect("an authority");
        let server = |authority: &Authority, name: &str| {
            let made = authority.issue_server(&["localhost"], &[[127, 0, 0, 1].into()]);
            let made = made.expect("a certificate");
            self.write(name, &format!("{}{}", made.key.expose(), made.cert))
        };
        let store = |door: &str, keys: PathBuf| {
            let door = format!("listener.name.{door}.ssl");
            format!("{door}.keystore.type=PEM\n{door}.keystore.location={}\n", keys.display())
        };
        let own = server(&self.authority, "broker.pem");
        let clients = self.write("clients.pem", &self.authority.pem().cert);
        let mut text = format!(
            "process.roles=broker,controller\n\
             node.id=1\n\
             controller.quorum.voters=1@127.0.0.1:{controller}\n\
             listeners=CONTROLLER://127.0.0.1:{controller}{}\n\
             listener.security.protocol.map=CONTROLLER:PLAINTEXT{}\n\
             controller.listener.names=CONTROLLER\n\
             sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512\n\
             offsets.topic.replication.factor=1\n\
             offsets.topic.num.partitions=1\n\
             transaction.state.log.replication.factor=1\n\
             transaction.state.log.min.isr=1\n\
             group.initial.rebalance.delay.ms=0\n\
             broker.session.timeout.ms=1000\n\
             broker.heartbeat.interval.ms=200\n\
             message.max.bytes=20971520\n\
             num.partitions=4\n\
             log.dirs={}\n\
             listener.name.tls.ssl.client.auth=required\n\
             listener.name.tls.ssl.truststore.type=PEM\n\
             listener.name.tls.ssl.truststore.location={}\n",
            DOORS
                .iter()
                .zip(self.ports)
                .map(|((name, _), port)| format!(",{name}://127.0.0.1:{port}"))
                .collect::<String>(),
            DOORS.map(|(name, protocol)| format!(",{name}:{protocol}")).concat(),
            self.dir.path().join("data").display(),
            clients.display(),
        );
        for door in ["sasl_plaintext", "sasl_tls"] {
            let door = format!("listener.name.{door}");
            text += &format!(
                "{door}.plain.sasl.jaas.config={plain} required user_{user}=\"{password}\";\n"
            );
            for digest in ["256", "512"] {
                text += &format!("{door}.scram-sha-{digest}.sasl.jaas.config={scram} required;\n");
            }
        }
        text += &store("tls", own.clone());
        text += &store("sasl_tls", own);
        text + &store("stranger", server(&stranger, "stranger.pem"))
    }

    /// Makes a broker and starts it.
    pub(crate) fn running() -> Option<Self> {
        let mut broker = Self::new()?;
        broker.start();
        Some(broker)
    }

    /// Returns its address.
    pub(crate) fn addr(&self) -> String {
        self.door(Door::Open)
    }

    /// Returns the address of a door.
    pub(crate) fn door(&self, door: Door) -> String {
        format!("127.0.0.1:{}", self.ports[door as usize])
    }

    /// Returns who issued its certificate, and issues those of its clients.
    pub(crate) fn authority(&self) -> &Authority {
        &self.authority
    }

    /// Writes a file that is removed with it.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.dir.path().join(name);
        fs::write(&path, text).expect("writes");
        path
    }

    /// Lets it know a user's password from now on.
    pub(crate) fn learn(&self, user: &str, password: &str) {
        let mut tool = self.java("kafka.admin.ConfigCommand");
        tool.args(["--bootstrap-server", &self.addr(), "--alter", "--entity-type", "users"]);
        let config = format!("SCRAM-SHA-256=[password={password}]");
        run(tool.args(["--entity-name", user, "--add-config", &config]));
    }

    /// Starts it and waits until it listens.
    pub(crate) fn start(&mut self) {
        assert!(self.child.is_none(), "it runs already");
        let mut command = self.java("kafka.Kafka");
        let log = File::options().create(true).append(true).open(self.log()).expect("a file");
        let errors = log.try_clone().expect("a file");
        command.arg(self.settings()).stdout(log).stderr(errors).stdin(Stdio::null());
        self.child = Some(spawn(command));
        let deadline = Instant::now() + Duration::from_secs(60);
        while TcpStream::connect(self.addr()).is_err() {
            let ended = self.has_ended();
            let log = || fs::read_to_string(self.log()).unwrap_or_default();
            assert!(!ended && Instant::now() < deadline, "the broker does not start: {}", log());
            pause();
        }
    }

    /// Ends it as a crash does.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            // It may have ended before.
            drop(child.kill());
            child.wait().expect("it ends");
        }
    }

    /// Asks it to stop, as an operator does, and waits until it did.
    pub(crate) fn stop(&mut self) {
        kill_process(self.pid(), Signal::TERM).expect("it runs");
        let deadline = Instant::now() + Duration::from_secs(60);
        while !self.has_ended() {
            assert!(Instant::now() < deadline, "the broker does not stop");
            pause();
        }
        self.child = None;
    }

    /// Lets none of its files grow beyond 1 MiB, until it is started again: that is what a full disk
    /// is to it, a write that fails in the midst of a segment.
    pub(crate) fn fill_disk(&self) {
        let full = Rlimit { current: Some(1 << 20), maximum: None };
        prlimit(Some(self.pid()), Resource::Fsize, full).expect("it is ours");
    }

    /// Returns whether it ended by itself.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.child.as_mut().is_some_and(|it| it.try_wait().is_ok_and(|it| it.is_some()))
    }

    /// Returns whether it wrote this to its log.
    pub(crate) fn told(&self, text: &str) -> bool {
        fs::read_to_string(self.log()).is_ok_and(|it| it.contains(text))
    }

    /// Stops it in its tracks: its sockets stay open.
    pub(crate) fn freeze(&self) {
        kill_process(self.pid(), Signal::STOP).expect("it runs");
    }

    /// Lets it go on.
    pub(crate) fn thaw(&self) {
        kill_process(self.pid(), Signal::CONT).expect("it runs");
    }

    fn pid(&self) -> Pid {
        Pid::from_child(self.child.as_ref().expect("it runs"))
    }

    fn settings(&self) -> PathBuf {
        self.dir.path().join("server.properties")
    }

    fn log(&self) -> PathBuf {
        self.dir.path().join("log.txt")
    }

    fn java(&self, class: &str) -> Command {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "java", "-Xmx320m", "-XX:+UseSerialGC"]);
        command.args(["-XX:TieredStopAtLevel=1", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"]);
        command.arg(format!("-Djava.io.tmpdir={}", self.dir.path().display()));
        command.arg("-cp").arg(format!("{}/*", self.jars.display())).arg(class);
        command
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Runs a tool to its end.
fn run(tool: &mut Command) {
    let output = tool.output().expect("java runs");
    let told = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&told));
}

fn pause() {
    std::thread::park_timeout(Duration::from_millis(20));
}

/// Starts a process from a thread that lives as long as this process: the signal of a parent's death
/// is sent when the thread ends that was the parent.
fn spawn(command: Command) -> Child {
    type Order = (Command, mpsc::Sender<Child>);
    static PARENT: OnceLock<mpsc::Sender<Order>> = OnceLock::new();
    let parent = PARENT.get_or_init(|| {
        let (sender, orders) = mpsc::channel::<Order>();
        std::thread::spawn(move || {
            for (mut command, reply) in orders {
                reply.send(command.spawn().expect("java starts")).expect("somebody waits");
            }
        });
        sender
    });
    let (reply, child) = mpsc::channel();
    parent.send((command, reply)).expect("the thread lives");
    child.recv().expect("a child")
}

/// Returns a port that no one listens on, outside the range that the kernel gives to clients: the
/// broker comes back to it after a restart.
fn free_port() -> u16 {
    loop {
        let port = 20_000 + u16::try_from(uuid() % 12_000).expect("small");
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

fn uuid() -> u64 {
    use std::hash::{BuildHasher as _, RandomState};
    RandomState::new().hash_one(0)
}

/// Returns the directory of Kafka's jars, fetched if need be.
fn jars() -> Option<PathBuf> {
    static FOUND: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let found = FOUND.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = root.ancestors().find(|it| it.join("tests/kafka/fetch.sh").exists());
        let root = root.ok_or("there is no tests/kafka/fetch.sh")?;
        for tool in ["java", "setpriv"] {
            let found = Command::new(tool).arg("--version").output();
            found.map_err(|_| format!("there is no {tool}"))?;
        }
        let jars = root.join("target/kafka");
        let fetched = Command::new(root.join("tests/kafka/fetch.sh")).arg(&jars).output();
        let fetched = fetched.map_err(|error| error.to_string())?;
        if fetched.status.success() {
            return Ok(jars);
        }
        Err(String::from_utf8_lossy(&fetched.stderr).into_owned())
    });
    match found {
        Ok(jars) => Some(jars.clone()),
        Err(why) => {
            let required = std::env::var_os("ELK_REQUIRE_ALL").is_some_and(|it| it == "1");
            assert!(!required, "Kafka cannot be had: {why}");
            let line = format!("skipped, as Kafka cannot be had: {why}");
            drop(writeln!(std::io::stdout(), "{line}"));
            None
        }
    }
}
