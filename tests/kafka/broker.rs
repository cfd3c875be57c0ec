//! A real Apache Kafka for tests: one node, on free ports, with its data in a directory of its own.

use std::fs::{self, File};
use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::time::Instant;

/// The user that SASL listeners know, and the password.
pub(crate) const USER: (&str, &str) = ("elk", "not-a-secret");

/// A broker that ends with its value, or with the test process.
pub(crate) struct Broker {
    dir: TempDir,
    jars: PathBuf,
    port: u16,
    sasl: u16,
    child: Option<Child>,
}

impl Broker {
    /// Makes a broker that does not run yet; `None`, with a line that says so, where Kafka cannot be
    /// had.
    pub(crate) fn new() -> Option<Self> {
        let jars = jars()?;
        let dir = tempfile::tempdir().expect("a directory");
        let (port, sasl, controller) = (free_port(), free_port(), free_port());
        let (user, password) = USER;
        let plain = "org.apache.kafka.common.security.plain.PlainLoginModule";
        let scram = "org.apache.kafka.common.security.scram.ScramLoginModule";
        let settings = format!(
            "process.roles=broker,controller\n\
             node.id=1\n\
             controller.quorum.voters=1@127.0.0.1:{controller}\n\
             listeners=PLAINTEXT://127.0.0.1:{port},SASL_PLAINTEXT://127.0.0.1:{sasl},CONTROLLER://127.0.0.1:{controller}\n\
             listener.security.protocol.map=PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT\n\
             controller.listener.names=CONTROLLER\n\
             sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-512\n\
             listener.name.sasl_plaintext.plain.sasl.jaas.config={plain} required user_{user}=\"{password}\";\n\
             listener.name.sasl_plaintext.scram-sha-512.sasl.jaas.config={scram} required;\n\
             offsets.topic.replication.factor=1\n\
             offsets.topic.num.partitions=1\n\
             transaction.state.log.replication.factor=1\n\
             transaction.state.log.min.isr=1\n\
             group.initial.rebalance.delay.ms=0\n\
             broker.session.timeout.ms=1000\n\
             broker.heartbeat.interval.ms=200\n\
             message.max.bytes=20971520\n\
             num.partitions=4\n\
             log.dirs={}\n",
            dir.path().join("data").display(),
        );
        fs::write(dir.path().join("server.properties"), settings).expect("writes");
        let broker = Self { dir, jars, port, sasl, child: None };
        let scram = format!("SCRAM-SHA-512=[name={user},password={password}]");
        let format = ["format", "-t", "MkU3OEVBNTcwNTJENDM2Qg", "--add-scram", &scram, "-c"];
        let mut tool = broker.java("kafka.tools.StorageTool");
        let output = tool.args(format).arg(broker.settings()).output().expect("java runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Some(broker)
    }

    /// Makes a broker and starts it.
    pub(crate) fn running() -> Option<Self> {
        let mut broker = Self::new()?;
        broker.start();
        Some(broker)
    }

    /// Returns its address.
    pub(crate) fn addr(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Returns the address where it wants a password.
    pub(crate) fn sasl_addr(&self) -> String {
        format!("127.0.0.1:{}", self.sasl)
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
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            let ended =
                self.child.as_mut().is_some_and(|it| it.try_wait().is_ok_and(|it| it.is_some()));
            let log = || fs::read_to_string(self.log()).unwrap_or_default();
            assert!(!ended && Instant::now() < deadline, "the broker does not start: {}", log());
            pause();
        }
    }

    /// Ends it as a crash does.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("it is ours");
            child.wait().expect("it ends");
        }
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
