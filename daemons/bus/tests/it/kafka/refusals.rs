//! Records that a broker does not take: for their size, for a batch's size, or for another reason.

use std::time::Duration;

use elk_bus::{Compression, KafkaConfig};
use rdkafka::ClientConfig;
use rdkafka::admin::{
    AdminClient, AdminOptions, AlterConfig, NewTopic, ResourceSpecifier, TopicReplication,
};
use rdkafka::client::DefaultClientContext;

use super::load::{Load, stats};
use crate::world::{Read, World, append, open, read, read_until, until};

fn admin(config: &KafkaConfig) -> AdminClient<DefaultClientContext> {
    let mut admin = ClientConfig::new();
    admin.set("bootstrap.servers", &config.brokers[0]);
    admin.create().unwrap()
}

/// Makes its topic, of one partition, with a setting.
async fn topic(config: &KafkaConfig, key: &str, value: &str) {
    let topic = NewTopic::new(&config.topic, 1, TopicReplication::Fixed(1)).set(key, value);
    let made = admin(config).create_topics(&[topic], &AdminOptions::new()).await.unwrap();
    made.into_iter().for_each(|it| drop(it.unwrap()));
}

fn noise(size: usize) -> String {
    (0..size).map(|_| rand::random_range('a'..='z')).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_batch_that_the_broker_refuses_for_its_size_goes_in_smaller_ones() {
    let Some(World::Kafka(dir, config)) = World::kafka() else { return };
    topic(&config, "max.message.bytes", "20000").await;
    let config = KafkaConfig { compression: Compression::None, ..*config };
    let (bus, mut load) = (open(&config, dir.path()), Load::new());
    // Each is far smaller than the limit; those of a call are larger together.
    load.step(&bus, 200);
    load.run(&bus, Duration::from_millis(500)).await;
    load.verify(&bus).await;
    until("nothing waits", || bus.stats().queued_bytes == 0).await;
    assert_eq!((stats(&bus).refused, bus.stats().shed), (0, 0));
    bus.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn among_records_that_are_small_enough_only_the_one_too_large_is_refused() {
    let Some(World::Kafka(dir, config)) = World::kafka() else { return };
    topic(&config, "max.message.bytes", "20000").await;
    let config = KafkaConfig { compression: Compression::None, ..*config };
    let bus = open(&config, dir.path());
    let large = noise(30_000);
    let mut expected = Vec::new();
    for number in 0..100 {
        let small = number.to_string();
        append(&bus, "a", &[&small]);
        expected.push(small);
        if number % 40 == 20 {
            append(&bus, "a", &[&large]);
        }
    }
    append(&bus, "a", &["end"]);
    let mut consumer = bus.consumer("sizes").unwrap();
    let ends = |read: &[Read]| read.iter().any(|it| it.value == b"end");
    let found = read_until(&mut consumer, ends).await;
    let mut found: Vec<_> =
        found.into_iter().map(|it| String::from_utf8(it.value).unwrap()).collect();
    assert_eq!(found.pop().as_deref(), Some("end"));
    let mut once = found.clone();
    // What was sent twice comes again from an earlier place, and then in order.
    once.sort_by_key(|it| it.parse::<u64>().unwrap());
    once.dedup();
    assert_eq!(once, expected, "{found:?}");
    until("it is counted", || stats(&bus).refused == 2).await;
    until("nothing waits", || bus.stats().queued_bytes == 0).await;
    bus.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_that_the_broker_refuses_for_its_size_is_counted_and_holds_up_no_other() {
    let Some(World::Kafka(dir, config)) = World::kafka() else { return };
    topic(&config, "max.message.bytes", "2000").await;
    let bus = open(&config, dir.path());
    let large: String = (0..5_000).map(|_| rand::random_range('a'..='z')).collect();
    let mut consumer = bus.consumer("sizes").unwrap();
    append(&bus, "a", &["0"]);
    assert_eq!(read(&mut consumer, 1).await[0].value, b"0");
    append(&bus, "a", &[&large]);
    until("it is counted", || stats(&bus).refused == 1).await;
    append(&bus, "a", &["1"]);
    assert_eq!(read(&mut consumer, 1).await[0].value, b"1");
    until("nothing waits", || bus.stats().records == 2 && bus.stats().queued_bytes == 0).await;
    bus.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delivery_that_fails_for_good_is_tried_again_and_nothing_overtakes_it() {
    let Some(World::Kafka(dir, config)) = World::kafka() else { return };
    // The broker refuses what is older than a millisecond, and librdkafka gives such records up.
    let key = "message.timestamp.before.max.ms";
    topic(&config, key, "1").await;
    let (bus, mut load) = (open(&config, dir.path()), Load::new());
    until("deliveries fail", || {
        load.step(&bus, 5);
        stats(&bus).delivery_errors > 100
    })
    .await;
    let topic = AlterConfig::new(ResourceSpecifier::Topic(&config.topic)).set(key, "86400000");
    admin(&config).alter_configs(&[topic], &AdminOptions::new()).await.unwrap();
    load.run(&bus, Duration::from_millis(200)).await;
    until("the spool is drained", || stats(&bus).spooled_records == 0).await;
    load.verify(&bus).await;
    assert_eq!((bus.stats().shed, stats(&bus).refused), (0, 0));
    bus.close().await;
}
