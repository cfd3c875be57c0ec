//! Series of the bus: computed when asked for.

use elk_bus::{Broker, Bus};
use prometheus::core::{Collector, Desc};
use prometheus::proto::{MetricFamily, MetricType};

use super::{counter, family, gauge};

/// Name, help and kind of each; those from the fifth on are Kafka's.
const SERIES: [(&str, &str, MetricType); 12] = [
    ("elk_ac_bus_records_total", "Records written to the bus", MetricType::COUNTER),
    (
        "elk_ac_bus_shed_control_total",
        "Heartbeats and results that the bus did not take",
        MetricType::COUNTER,
    ),
    ("elk_ac_bus_queued_bytes", "Bytes of records in memory", MetricType::GAUGE),
    ("elk_ac_bus_disk_bytes", "Bytes of the log or the spool", MetricType::GAUGE),
    ("elk_ac_kafka_up", "Whether a broker is connected", MetricType::GAUGE),
    ("elk_ac_kafka_in_flight_records", "Records sent, not acknowledged", MetricType::GAUGE),
    ("elk_ac_kafka_spooled_records", "Records of the spool, not acknowledged", MetricType::GAUGE),
    ("elk_ac_kafka_drained_total", "Records of the spool, acknowledged", MetricType::COUNTER),
    ("elk_ac_kafka_refused_total", "Records too large for the topic", MetricType::COUNTER),
    ("elk_ac_kafka_damaged_total", "Records of the spool damaged on disk", MetricType::COUNTER),
    ("elk_ac_kafka_delivery_errors_total", "Deliveries to be repeated", MetricType::COUNTER),
    ("elk_ac_kafka_spooled_bytes", "Bytes of the spool on disk", MetricType::GAUGE),
];

/// The bus of this process.
#[derive(Debug)]
pub(crate) struct OfBus {
    bus: Bus,
    descs: Vec<Desc>,
}

impl OfBus {
    pub(crate) fn new(bus: Bus) -> Result<Self, prometheus::Error> {
        let desc = |(name, help, _): &(&str, &str, MetricType)| {
            Desc::new((*name).to_owned(), (*help).to_owned(), Vec::new(), Default::default())
        };
        Ok(Self { bus, descs: SERIES.iter().map(desc).collect::<Result<_, _>>()? })
    }
}

impl Collector for OfBus {
    fn desc(&self) -> Vec<&Desc> {
        self.descs.iter().collect()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        let stats = self.bus.stats();
        let mut values =
            vec![stats.records, stats.shed_control, stats.queued_bytes, stats.disk_bytes];
        if let Some(kafka) = stats.kafka {
            values.extend([
                u64::from(kafka.broker == Broker::Up),
                kafka.in_flight,
                kafka.spooled_records,
                kafka.drained,
                kafka.refused,
                kafka.damaged,
                kafka.delivery_errors,
                kafka.spooled_bytes,
            ]);
        }
        let shown = self.descs.iter().zip(SERIES).zip(values);
        shown
            .map(|((desc, (_, _, kind)), value)| {
                let metric = match kind {
                    MetricType::COUNTER => counter(Vec::new(), value as f64),
                    _ => gauge(Vec::new(), value as f64),
                };
                family(desc, kind, vec![metric])
            })
            .collect()
    }
}
