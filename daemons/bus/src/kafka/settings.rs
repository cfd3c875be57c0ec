//! Settings of the Kafka engine, and what they are for librdkafka.

use std::path::PathBuf;

use elk_trust::Secret;
use rdkafka::ClientConfig;
use rdkafka::config::RDKafkaLogLevel;
use serde::{Deserialize, Serialize};

/// The largest record, key and value: an agent's message has up to 10 MiB, and what its records
/// share is added to each.
pub(crate) const MAX_MESSAGE: usize = 17 << 20;

/// How records go to Apache Kafka.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KafkaConfig {
    /// Some brokers of the cluster, `host:port`; the others are found through them.
    pub brokers: Vec<String>,
    /// The topic of agents' records.
    pub topic: String,
    /// The topic of Kubernetes' audit events.
    pub audit_topic: String,
    /// How batches are compressed.
    pub compression: Compression,
    /// The most bytes of a batch before compression; not more than the topic's
    /// `max.message.bytes`.
    pub batch_bytes: u32,
    /// How the brokers are told who we are.
    pub sasl: Option<Sasl>,
    /// TLS towards the brokers; none: plain TCP.
    pub tls: Option<Tls>,
    /// Bytes of records in memory, each way: those that wait to be sent or spooled, and those that
    /// were sent and wait for the broker.
    pub queue_bytes: usize,
    /// Bytes of the spool on disk; above it bulk is shed and counted, heartbeats and results are
    /// not.
    pub spool_bytes: u64,
    /// Bulk is shed, too, while the disk of the spool has fewer free bytes than this.
    pub min_free_bytes: u64,
    /// Partitions of a new spool; an existing one keeps its number.
    pub lanes: u32,
}

/// How batches are compressed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compression {
    /// Not at all, as the reference does.
    None,
    /// Fast.
    Lz4,
    /// Fast, too.
    Snappy,
    /// Known to every consumer.
    Gzip,
    /// Small.
    Zstd,
}

impl Compression {
    fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Lz4 => "lz4",
            Self::Snappy => "snappy",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }
}

/// A user of the brokers.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sasl {
    /// How the password is proven.
    #[serde(default)]
    pub mechanism: Mechanism,
    /// The user.
    pub username: String,
    /// The user's password.
    pub password: Secret,
}

/// How a password is proven.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Mechanism {
    /// By sending it.
    #[default]
    #[serde(rename = "plain")]
    Plain,
    /// By a challenge.
    #[serde(rename = "scram-sha-256")]
    ScramSha256,
    /// By a challenge, with the longer digest.
    #[serde(rename = "scram-sha-512")]
    ScramSha512,
}

/// TLS towards the brokers.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tls {
    /// Authorities of the brokers' certificates, PEM; none: those of this host.
    pub ca: Option<PathBuf>,
    /// Our certificate, PEM, if the brokers want one.
    pub cert: Option<PathBuf>,
    /// Its key.
    pub key: Option<PathBuf>,
}

impl Default for KafkaConfig {
    fn default() -> Self {
        Self {
            brokers: Vec::new(),
            topic: "hids_svr".to_owned(),
            audit_topic: "k8s".to_owned(),
            compression: Compression::Zstd,
            batch_bytes: 1_000_000,
            sasl: None,
            tls: None,
            queue_bytes: 64 << 20,
            spool_bytes: 8 << 30,
            min_free_bytes: 1 << 30,
            lanes: 12,
        }
    }
}

impl KafkaConfig {
    /// Says what is wrong with the settings.
    pub(crate) fn check(&self) -> Result<(), String> {
        let named = |it: &String| !it.is_empty() && !it.contains([',', ' ']);
        if self.brokers.is_empty() || !self.brokers.iter().all(named) {
            return Err("brokers: name at least one `host:port`".to_owned());
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        for topic in [&self.topic, &self.audit_topic] {
            if topic.is_empty() || topic.len() > 249 || !topic.chars().all(plain) {
                return Err(format!("{topic:?} cannot be a topic"));
            }
        }
        if self.sasl.as_ref().is_some_and(|it| it.username.is_empty()) {
            return Err("sasl.username is empty".to_owned());
        }
        match &self.tls {
            Some(tls) if tls.cert.is_some() != tls.key.is_some() => {
                Err("tls.cert and tls.key go together".to_owned())
            }
            _ => Ok(()),
        }
    }

    /// What every client has.
    pub(crate) fn client(&self) -> ClientConfig {
        let mut client = ClientConfig::new();
        let mut set = |key: &str, value: &str| {
            client.set(key, value);
        };
        set("bootstrap.servers", &self.brokers.join(","));
        set("client.id", "elk");
        set("socket.keepalive.enable", "true");
        set("reconnect.backoff.ms", "50");
        set("reconnect.backoff.max.ms", "1000");
        set("log.connection.close", "false");
        let protocol = match (&self.sasl, &self.tls) {
            (None, None) => "plaintext",
            (None, Some(_)) => "ssl",
            (Some(_), None) => "sasl_plaintext",
            (Some(_), Some(_)) => "sasl_ssl",
        };
        set("security.protocol", protocol);
        if let Some(Sasl { mechanism, username, password }) = &self.sasl {
            let mechanism = match mechanism {
                Mechanism::Plain => "PLAIN",
                Mechanism::ScramSha256 => "SCRAM-SHA-256",
                Mechanism::ScramSha512 => "SCRAM-SHA-512",
            };
            set("sasl.mechanism", mechanism);
            set("sasl.username", username);
            set("sasl.password", password.expose());
        }
        if let Some(tls) = &self.tls {
            let places = [
                ("ssl.ca.location", &tls.ca),
                ("ssl.certificate.location", &tls.cert),
                ("ssl.key.location", &tls.key),
            ];
            for (key, path) in places {
                if let Some(path) = path {
                    set(key, &path.to_string_lossy());
                }
            }
        }
        client.set_log_level(RDKafkaLogLevel::Warning);
        client
    }

    /// What the producer has besides, with batches of so many bytes, or of one record each.
    pub(crate) fn producer(&self, batch_bytes: Option<u32>) -> ClientConfig {
        let mut client = self.client();
        let mut set = |key: &str, value: &str| {
            client.set(key, value);
        };
        set("enable.idempotence", "true");
        // A batch that the broker refuses ends the producer: else those that were on their way after
        // it would be taken before it is sent again.
        set("enable.gapless.guarantee", "true");
        set("acks", "all");
        set("partitioner", "fnv1a");
        set("compression.codec", self.compression.name());
        if self.compression == Compression::Zstd {
            // librdkafka's default is 3: measured, that costs the whole process some 15 % more CPU time.
            set("compression.level", "1");
        }
        // Longer batches cost less for each record; beyond this, one in a hundred records takes more
        // than 50 ms to the broker.
        set("linger.ms", "10");
        match batch_bytes {
            Some(size) => set("batch.size", &size.to_string()),
            None => set("batch.num.messages", "1"),
        }
        set("message.max.bytes", &(MAX_MESSAGE + (64 << 10)).to_string());
        // What was handed over stays there until a broker has it: it is on our disk by then.
        set("message.timeout.ms", "0");
        set("request.timeout.ms", "6000");
        // What is handed over is bounded here, by partition.
        set("queue.buffering.max.messages", "0");
        set("queue.buffering.max.kbytes", "2147483647");
        set("statistics.interval.ms", "1000");
        client
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> KafkaConfig {
        KafkaConfig { brokers: vec!["a:9092".to_owned()], ..KafkaConfig::default() }
    }

    #[test]
    fn what_cannot_work_is_named() {
        let none = KafkaConfig::default();
        assert_eq!(none.check().unwrap_err(), "brokers: name at least one `host:port`");
        let odd = KafkaConfig { topic: "a/b".to_owned(), ..config() };
        assert_eq!(odd.check().unwrap_err(), "\"a/b\" cannot be a topic");
        let half = Tls { cert: Some("c".into()), ..Tls::default() };
        let half = KafkaConfig { tls: Some(half), ..config() };
        assert_eq!(half.check().unwrap_err(), "tls.cert and tls.key go together");
        config().check().unwrap();
    }

    #[test]
    fn only_zstd_has_a_level_as_others_take_none_that_means_the_same() {
        for (compression, level) in [(Compression::Zstd, Some("1")), (Compression::Snappy, None)] {
            let client = KafkaConfig { compression, ..config() }.producer(None);
            assert_eq!(client.get("compression.level"), level, "{compression:?}");
        }
    }

    #[test]
    fn a_password_is_given_to_the_client_and_to_no_one_else() {
        let sasl = Sasl {
            mechanism: Mechanism::ScramSha512,
            username: "elk".to_owned(),
            password: Secret::new("hunter2"),
        };
        let config = KafkaConfig { sasl: Some(sasl), tls: Some(Tls::default()), ..config() };
        assert!(!format!("{config:?}").contains("hunter2"));
        let client = config.producer(Some(1_000));
        assert_eq!(client.get("sasl.password"), Some("hunter2"));
        assert_eq!(client.get("sasl.mechanism"), Some("SCRAM-SHA-512"));
        assert_eq!(client.get("security.protocol"), Some("sasl_ssl"));
    }
}
