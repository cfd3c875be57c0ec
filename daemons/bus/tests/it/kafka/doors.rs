//! How a broker is told who we are, and how we know the broker.

use elk_bus::{Bus, KafkaConfig, KafkaTls, Sasl, SaslMechanism};
use elk_trust::Secret;

use super::load::{Load, stats};
use crate::broker::{Broker, Door, USER};
use crate::world::{kafka, open, shared, until};

const MECHANISMS: [SaslMechanism; 3] =
    [SaslMechanism::Plain, SaslMechanism::ScramSha256, SaslMechanism::ScramSha512];

/// Settings of a topic of its own behind a door.
fn behind(broker: &Broker, door: Door) -> KafkaConfig {
    kafka(&broker.door(door))
}

fn sasl(mechanism: SaslMechanism, username: &str, password: &str) -> Option<Sasl> {
    Some(Sasl { mechanism, username: username.to_owned(), password: Secret::new(password) })
}

/// Trust in the broker's own authority.
fn trusting(broker: &Broker) -> KafkaTls {
    let ca = broker.write("ca.pem", &broker.authority().pem().cert);
    KafkaTls { ca: Some(ca), ..KafkaTls::default() }
}

/// A certificate that the broker's authority issued to us, besides.
fn known(broker: &Broker) -> KafkaTls {
    let client = broker.authority().issue_client("elk").unwrap();
    KafkaTls {
        cert: Some(broker.write("client.pem", &client.cert)),
        key: Some(broker.write("client.key", client.key.expose())),
        ..trusting(broker)
    }
}

/// Waits until the status says why no broker is reached, in these words.
async fn says(bus: &Bus, words: &str) {
    let said = || bus.stats().error.unwrap_or_default();
    let what = format!("it says {words:?}");
    until(&what, || said().to_ascii_lowercase().contains(words)).await;
    assert!(!said().contains("wrong-one"), "{}", said());
}

/// Appends where `shut` leads nowhere and says so in these words, then opens with `open_to`: all is
/// there.
async fn shut_then_open(shut: KafkaConfig, words: &str, open_to: KafkaConfig) {
    let (dir, mut load) = (tempfile::tempdir().unwrap(), Load::new());
    let bus = open(&shut, dir.path());
    load.step(&bus, 10);
    says(&bus, words).await;
    bus.flush().await.unwrap();
    assert_eq!(stats(&bus).spooled_records, load.total() as u64);
    bus.close().await;
    drop(bus);
    let bus = open(&KafkaConfig { topic: shut.topic, ..open_to }, dir.path());
    load.step(&bus, 10);
    assert_eq!(load.verify(&bus).await, 0);
    until("nothing is wrong", || bus.stats().error.is_none()).await;
    assert_eq!(bus.stats().shed, 0);
    bus.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_opens_the_door_and_a_wrong_one_is_told_and_loses_nothing() {
    let Some(broker) = shared() else { return };
    for mechanism in MECHANISMS {
        let config = behind(broker, Door::Sasl);
        let wrong = KafkaConfig { sasl: sasl(mechanism, USER.0, "wrong-one"), ..config.clone() };
        let right = KafkaConfig { sasl: sasl(mechanism, USER.0, USER.1), ..config };
        shut_then_open(wrong, "authentication", right).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_that_the_broker_learns_later_lets_the_spool_through_without_a_restart() {
    let Some(broker) = shared() else { return };
    let (dir, mut load) = (tempfile::tempdir().unwrap(), Load::new());
    let sasl = sasl(SaslMechanism::ScramSha256, "late", "a-new-one");
    let bus = open(&KafkaConfig { sasl, ..behind(broker, Door::Sasl) }, dir.path());
    load.step(&bus, 100);
    says(&bus, "authentication").await;
    bus.flush().await.unwrap();
    assert_eq!(stats(&bus).spooled_records, load.total() as u64);
    tokio::task::block_in_place(|| broker.learn("late", "a-new-one"));
    until("the spool is drained", || stats(&bus).spooled_records == 0).await;
    assert_eq!(load.verify(&bus).await, 0);
    assert_eq!(bus.stats().error, None);
    bus.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_goes_over_tls_by_every_mechanism() {
    let Some(broker) = shared() else { return };
    for mechanism in MECHANISMS {
        let (dir, mut load) = (tempfile::tempdir().unwrap(), Load::new());
        let config = KafkaConfig {
            sasl: sasl(mechanism, USER.0, USER.1),
            tls: Some(trusting(broker)),
            ..behind(broker, Door::SaslTls)
        };
        let bus = open(&config, dir.path());
        load.step(&bus, 10);
        assert_eq!(load.verify(&bus).await, 0, "{mechanism:?}");
        bus.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broker_with_a_certificate_of_another_authority_gets_nothing() {
    let Some(broker) = shared() else { return };
    let config = KafkaConfig { tls: Some(known(broker)), ..behind(broker, Door::Stranger) };
    let own = KafkaConfig { brokers: vec![broker.door(Door::Tls)], ..config.clone() };
    shut_then_open(config, "certificate", own).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broker_that_wants_our_certificate_takes_records_only_with_it() {
    let Some(broker) = shared() else { return };
    let config = KafkaConfig { tls: Some(trusting(broker)), ..behind(broker, Door::Tls) };
    let own = KafkaConfig { tls: Some(known(broker)), ..config.clone() };
    shut_then_open(config, "ssl", own).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_that_cannot_be_read_is_named_at_the_start() {
    let dir = tempfile::tempdir().unwrap();
    let tls = KafkaTls { ca: Some(dir.path().join("none.pem")), ..KafkaTls::default() };
    let config = KafkaConfig { tls: Some(tls), ..kafka("127.0.0.1:9") };
    let (topic, clock) = (elk_bus::Topic::Records, elk_bus::Clock::System);
    let error = Bus::open_kafka(config, topic, &dir.path().join("spool"), clock).unwrap_err();
    assert!(error.to_string().contains("ssl.ca.location"), "{error}");
}
