//! Metrics under the names that the reference's dashboards query.

pub(crate) mod bus;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use prometheus::core::{Collector, Desc};
use prometheus::proto::{Counter, Gauge, LabelPair, Metric, MetricFamily, MetricType};
use prometheus::{IntCounter, IntCounterVec, Opts, Registry};

use crate::detail::{GAUGES, Gauges};
use crate::fleet::Fleet;

/// Types with a label of their own; all others count as `other`, so that agents cannot make series.
const TYPES: [i32; 57] = [
    10, 35, 42, 43, 49, 59, 60, 62, 82, 86, 101, 112, 157, 165, 200, 231, 356, 601, 602, 603, 604,
    605, 607, 608, 610, 612, 700, 701, 702, 703, 900, 901, 1000, 1001, 1010, 1011, 2001, 2003,
    4000, 4001, 5050, 5051, 5052, 5053, 5054, 5055, 5056, 5057, 5060, 5061, 5062, 5100, 5101, 6000,
    6001, 6003, 8010,
];

/// Counters that AgentCenter moves; resolved once.
#[derive(Clone, Debug)]
pub(crate) struct Metrics {
    pub(crate) received: IntCounter,
    pub(crate) sent: IntCounter,
    pub(crate) malformed: IntCounter,
    pub(crate) mismatched: IntCounter,
    pub(crate) shed: IntCounter,
    pub(crate) results_shed: IntCounter,
    pub(crate) results_sent: IntCounter,
    pub(crate) results_refused: IntCounter,
    pub(crate) results_damaged: IntCounter,
    pub(crate) bounds: Bounds,
    pub(crate) uploads: IntCounterVec,
    pub(crate) handshakes_failed: IntCounterVec,
    pub(crate) streams_refused: IntCounterVec,
    pub(crate) config_failed: IntCounter,
    pub(crate) config_sent: IntCounter,
    types: Arc<[IntCounter]>,
    other: IntCounter,
}

impl Metrics {
    /// Makes the metrics and adds them, with those of `fleet`, to `registry`.
    pub(crate) fn new(registry: &Registry, fleet: &Arc<Fleet>) -> Result<Self, prometheus::Error> {
        let count = |name: &str, help: &str| count(registry, name, help);
        let by = |name: &str, help: &str, label: &str| {
            let counters = IntCounterVec::new(Opts::new(name, help), &[label])?;
            registry.register(Box::new(counters.clone()))?;
            Ok::<_, prometheus::Error>(counters)
        };
        let types = by("elkeid_ac_output_data_type_count", "Records by type", "data_type")?;
        registry.register(Box::new(OfFleet::new(Arc::clone(fleet))?))?;
        Ok(Self {
            received: count(
                "elkeid_ac_grpc_recv_qps",
                "Messages of agents after the first of each stream",
            )?,
            sent: count("elkeid_ac_grpc_send_qps", "Commands written to agents")?,
            malformed: count("elk_ac_malformed_messages_total", "Messages that could not be read")?,
            mismatched: count(
                "elk_ac_mismatched_ids_total",
                "Messages under another agent id than the first of their stream",
            )?,
            shed: count("elk_ac_records_shed_total", "Records that the bus did not take")?,
            results_shed: count(
                "elk_ac_results_shed_total",
                "Task results for which the outbox had no room",
            )?,
            results_sent: count(
                "elk_ac_results_sent_total",
                "Task results that the Manager confirmed",
            )?,
            results_refused: count(
                "elk_ac_results_refused_total",
                "Task results that the Manager will never take",
            )?,
            results_damaged: count(
                "elk_ac_results_damaged_total",
                "Task results that were damaged on disk",
            )?,
            bounds: Bounds::new(registry)?,
            uploads: by("elk_ac_uploads_total", "Uploads by outcome", "outcome")?,
            handshakes_failed: by(
                "elk_ac_tls_handshakes_failed_total",
                "Failed TLS handshakes",
                "reason",
            )?,
            streams_refused: by(
                "elk_ac_streams_refused_total",
                "Streams ended by the server",
                "reason",
            )?,
            config_failed: count(
                "elk_ac_config_pushes_failed_total",
                "Attempts to push a configuration that failed",
            )?,
            config_sent: count("elk_ac_config_pushes_total", "Configurations pushed")?,
            types: known(&types)?,
            other: types.get_metric_with_label_values(&["other"])?,
        })
    }

    /// Returns the counter of a record type.
    pub(crate) fn of_type(&self, data_type: i32) -> &IntCounter {
        let known = TYPES.binary_search(&data_type).ok().and_then(|at| self.types.get(at));
        known.unwrap_or(&self.other)
    }
}

/// What went beyond a bound and was taken in part.
#[derive(Clone, Debug)]
pub(crate) struct Bounds {
    pub(crate) results_cut: IntCounter,
    pub(crate) beats_ignored: IntCounter,
    pub(crate) partials_cut: IntCounter,
}

impl Bounds {
    fn new(registry: &Registry) -> Result<Self, prometheus::Error> {
        let results_cut = "Task results that were too long and reached the Manager in part";
        let beats = "Heartbeats that were too long or too many in one message to be shown";
        let partials = "Streams ended as messages that were under way took too much memory";
        Ok(Self {
            results_cut: count(registry, "elk_ac_results_cut_total", results_cut)?,
            beats_ignored: count(registry, "elk_ac_heartbeats_ignored_total", beats)?,
            partials_cut: count(registry, "elk_ac_partial_messages_cut_total", partials)?,
        })
    }
}

fn count(registry: &Registry, name: &str, help: &str) -> Result<IntCounter, prometheus::Error> {
    let counter = IntCounter::new(name, help)?;
    registry.register(Box::new(counter.clone()))?;
    Ok(counter)
}

fn known(types: &IntCounterVec) -> Result<Arc<[IntCounter]>, prometheus::Error> {
    TYPES.iter().map(|it| types.get_metric_with_label_values(&[&it.to_string()])).collect()
}

/// Series of connected agents: computed when asked for, so that they end with the stream.
#[derive(Debug)]
struct OfFleet {
    fleet: Arc<Fleet>,
    descs: Vec<Desc>,
}

impl OfFleet {
    fn new(fleet: Arc<Fleet>) -> Result<Self, prometheus::Error> {
        let desc = |name: String, help: &str, labels: &[&str]| {
            let labels = labels.iter().map(|it| (*it).to_owned()).collect();
            Desc::new(name, help.to_owned(), labels, std::collections::HashMap::new())
        };
        let mut descs = vec![
            desc("elkeid_ac_grpc_conn_count".to_owned(), "Connected agents", &[])?,
            desc("elk_ac_clones".to_owned(), "Agent ids used by several hosts", &[])?,
            desc("elkeid_ac_output_count".to_owned(), "Records by agent", &["agent_id"])?,
        ];
        for name in GAUGES {
            let name = format!("elkeid_ac_agent_{name}");
            descs.push(desc(name, "Value of the last heartbeat", &["agent_id", "name"])?);
        }
        Ok(Self { fleet, descs })
    }
}

fn label(name: &str, value: &str) -> LabelPair {
    let mut pair = LabelPair::default();
    pair.set_name(name.to_owned());
    pair.set_value(value.to_owned());
    pair
}

fn gauge(labels: Vec<LabelPair>, value: f64) -> Metric {
    let mut gauge = Gauge::default();
    gauge.set_value(value);
    let mut metric = Metric::from_label(labels);
    metric.set_gauge(gauge);
    metric
}

fn counter(labels: Vec<LabelPair>, value: f64) -> Metric {
    let mut counter = Counter::default();
    counter.set_value(value);
    let mut metric = Metric::from_label(labels);
    metric.set_counter(counter);
    metric
}

fn family(desc: &Desc, kind: MetricType, metrics: Vec<Metric>) -> MetricFamily {
    let mut family = MetricFamily::default();
    family.set_name(desc.fq_name.clone());
    family.set_help(desc.help.clone());
    family.set_field_type(kind);
    family.set_metric(metrics);
    family
}

impl Collector for OfFleet {
    fn desc(&self) -> Vec<&Desc> {
        self.descs.iter().collect()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        let mut values: Vec<Vec<Metric>> = vec![Vec::new(); self.descs.len()];
        let mut records = std::collections::BTreeMap::<String, u64>::new();
        let mut push = |at: usize, metric| {
            if let Some(list) = values.get_mut(at) {
                list.push(metric);
            }
        };
        push(0, gauge(Vec::new(), self.fleet.count() as f64));
        push(1, gauge(Vec::new(), self.fleet.clones() as f64));
        let mut seen = std::collections::HashSet::new();
        let mut sessions = self.fleet.all();
        sessions.sort_by_key(|session| std::cmp::Reverse(session.number));
        for session in &sessions {
            let id = session.id.as_str();
            *records.entry(id.to_owned()).or_default() += session.records.load(Ordering::Relaxed);
            if !seen.insert(id) {
                continue;
            }
            let mut show = |name: &str, gauges: &Gauges| {
                for (at, value) in gauges.iter().enumerate() {
                    let Some(value) = *value else { continue };
                    let labels = vec![label("agent_id", id), label("name", name)];
                    push(at + 3, gauge(labels, value));
                }
            };
            let state = session.state.lock();
            show("agent", &state.gauges);
            for plugin in state.plugins.iter().filter(|plugin| &*plugin.name != "agent") {
                show(&plugin.name, &plugin.gauges);
            }
        }
        for (id, value) in records {
            push(2, counter(vec![label("agent_id", &id)], value as f64));
        }
        let kind = |at| if at == 2 { MetricType::COUNTER } else { MetricType::GAUGE };
        let families = self.descs.iter().zip(values).enumerate();
        families
            .filter(|(_, (_, metrics))| !metrics.is_empty())
            .map(|(at, (desc, metrics))| family(desc, kind(at), metrics))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_without_a_label_of_their_own_count_as_other() {
        let fleet = Arc::new(Fleet::new(1, 1));
        let metrics = Metrics::new(&Registry::new(), &fleet).unwrap();
        assert!(TYPES.is_sorted());
        for it in 100_000..100_100 {
            metrics.of_type(it).inc();
        }
        metrics.of_type(59).inc();
        assert_eq!((metrics.other.get(), metrics.of_type(59).get()), (100, 1));
    }
}
