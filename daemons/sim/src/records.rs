//! What simulated agents say.

use bytes::Bytes;
use elk_model::data_type::{AGENT_HEARTBEAT, AGENT_LOG, PLUGIN_HEARTBEAT, TASK_RESULT};
use elk_wire::{Record, item};
use rand::Rng as _;
use rand::rngs::SmallRng;

use crate::{Facts, assets};

/// Plugins that run on every simulated host, with their versions.
pub(crate) const PLUGINS: [(&str, &str); 4] = [
    ("driver", "1.7.0.24"),
    ("collector", "1.0.0.140"),
    ("journal_watcher", "1.0.0.23"),
    ("scanner", "3.1.9.6"),
];

/// Makes a record of fields.
pub(crate) fn record(data_type: i32, timestamp: i64, fields: &[(&str, &str)]) -> Record {
    let mut body = Vec::with_capacity(fields.len() * 32);
    for (key, value) in fields {
        item::push(&mut body, key.as_bytes(), value.as_bytes());
    }
    Record { data_type, timestamp, body: Bytes::from(body) }
}

fn float(dice: &mut SmallRng, top: f64) -> String {
    format!("{:.8}", dice.random_range(0.0..top))
}

/// Makes an agent heartbeat with every key that agents send.
pub(crate) fn heartbeat(
    facts: &Facts,
    dice: &mut SmallRng,
    (now, started, booted): (i64, i64, i64),
    (place, trouble): ((&str, &str, &str), Option<&str>),
) -> Record {
    let number = |it: u64| it.to_string();
    let (cpu, cpu_usage) = (float(dice, 0.03), float(dice, 0.6));
    let loads = [float(dice, 4.0), float(dice, 4.0), float(dice, 4.0)];
    let speeds: Vec<_> = (0..6).map(|_| float(dice, 400.0)).collect();
    let speed = |at: usize| speeds.get(at).map_or("0", String::as_str);
    let (rss, memory) = (number(dice.random_range(24..48) << 20), number(facts.memory));
    let (nproc, pid) = (number(u64::from(facts.processors)), number(dice.random_range(500..9_000)));
    let (started, boot) = (started.to_string(), booted.to_string());
    let (platform, family, version) = facts.platform;
    let mem_usage = float(dice, 0.9);
    let detail = serde_json::json!(trouble.as_slice()).to_string();
    record(
        AGENT_HEARTBEAT,
        now,
        &[
            ("kernel_version", facts.kernel),
            ("arch", "x86_64"),
            ("platform", platform),
            ("platform_family", family),
            ("platform_version", version),
            ("state", if trouble.is_some() { "abnormal" } else { "running" }),
            ("state_detail", &detail),
            ("idc", place.0),
            ("region", place.1),
            ("net_mode", place.2),
            ("rx_speed", speed(0)),
            ("tx_speed", speed(1)),
            ("cpu", &cpu),
            ("rss", &rss),
            ("read_speed", speed(2)),
            ("write_speed", speed(3)),
            ("pid", &pid),
            ("nfd", "14"),
            ("start_time", &started),
            ("tx_tps", speed(4)),
            ("rx_tps", speed(5)),
            ("du", "3136"),
            ("ngr", "21"),
            ("nproc", &nproc),
            ("total_mem", &memory),
            ("load_1", &loads[0]),
            ("load_5", &loads[1]),
            ("load_15", &loads[2]),
            ("running_procs", "2"),
            ("total_procs", "188"),
            ("host_serial", "VM-7f3a"),
            ("host_id", &facts.id),
            ("host_model", "Standard PC"),
            ("host_vendor", "QEMU"),
            ("dns", "10.255.255.53"),
            ("gateway", "10.0.0.254"),
            ("cpu_name", "AMD EPYC"),
            ("boot_time", &boot),
            ("cpu_usage", &cpu_usage),
            ("mem_usage", &mem_usage),
        ],
    )
}

/// Makes a plugin heartbeat.
pub(crate) fn plugin(
    (name, version): (&str, &str),
    dice: &mut SmallRng,
    (now, started): (i64, i64),
) -> Record {
    let (cpu, rss) = (float(dice, 0.02), (dice.random_range(6_u64..30) << 20).to_string());
    let speeds: Vec<_> = (0..6).map(|_| float(dice, 900.0)).collect();
    let speed = |at: usize| speeds.get(at).map_or("0", String::as_str);
    let (started, pid) = (started.to_string(), dice.random_range(900..9_000).to_string());
    record(
        PLUGIN_HEARTBEAT,
        now,
        &[
            ("name", name),
            ("pversion", version),
            ("cpu", &cpu),
            ("rss", &rss),
            ("read_speed", speed(0)),
            ("write_speed", speed(1)),
            ("pid", &pid),
            ("nfd", "7"),
            ("start_time", &started),
            ("du", "999"),
            ("rx_tps", speed(2)),
            ("tx_tps", speed(3)),
            ("rx_speed", speed(4)),
            ("tx_speed", speed(5)),
        ],
    )
}

/// Makes the answer to a task.
pub(crate) fn result(token: &str, outcome: Result<&str, &str>, now: i64) -> Record {
    let (status, message) = match outcome {
        Ok(message) => ("succeed", message),
        Err(message) => ("failed", message),
    };
    record(TASK_RESULT, now, &[("token", token), ("status", status), ("msg", message)])
}

/// Makes the log record of an error.
pub(crate) fn error(message: &str, source: &str, now: i64) -> Record {
    record(AGENT_LOG, now, &[("level", "error"), ("msg", message), ("source", source)])
}

/// Makes the log record by which an agent says that it has no such plugin.
pub(crate) fn no_plugin(name: &str, now: i64) -> Record {
    error(&format!("can't find plugin {name}"), "transport/transfer.go", now)
}

/// Makes a record, or a batch, of one of the kinds that plugins send by themselves.
pub(crate) fn event(facts: &Facts, dice: &mut SmallRng, now: i64) -> Vec<Record> {
    let (pid, port) =
        (dice.random_range(300..32_000).to_string(), dice.random_range(1_024..65_535).to_string());
    let host = [
        ("uid", "0"),
        ("exe", "/usr/bin/curl"),
        ("pid", &pid),
        ("ppid", "1"),
        ("tgid", &pid),
        ("comm", "curl"),
        ("nodename", &facts.hostname),
        ("username", "root"),
        ("argv", "curl -s https://mirror.example/repo"),
    ];
    let extra: (i32, Vec<(&str, &str)>) = match dice.random_range(0..6) {
        0 => (
            59,
            vec![
                ("run_path", "/root"),
                ("stdin", "/dev/null"),
                ("tty", "-1"),
                ("res", "0"),
                ("pid_tree", "1.systemd<900.cron"),
            ],
        ),
        1 => (
            42,
            vec![
                ("sa_family", "2"),
                ("dip", "203.0.113.9"),
                ("dport", "443"),
                ("sip", &facts.address),
                ("sport", &port),
                ("res", "0"),
            ],
        ),
        2 => (
            601,
            vec![
                ("query", "mirror.example"),
                ("dip", "10.255.255.53"),
                ("dport", "53"),
                ("opcode", "0"),
                ("rcode", "0"),
            ],
        ),
        3 => {
            let kind = assets::KINDS.get(dice.random_range(0..assets::KINDS.len()));
            return assets::batch(kind.copied().unwrap_or_default(), facts, dice, now);
        }
        4 => (602, vec![("file_path", "/tmp/index.html"), ("sb_id", "sda1"), ("socket_pid", "-1")]),
        _ => return vec![login(&port, now)],
    };
    let fields: Vec<_> = host.into_iter().chain(extra.1).collect();
    vec![record(extra.0, now, &fields)]
}

fn login(port: &str, now: i64) -> Record {
    let raw = format!("Accepted publickey for deploy from 10.0.0.7 port {port} ssh2");
    let fields = [
        ("status", "true"),
        ("types", "publickey"),
        ("user", "deploy"),
        ("sip", "10.0.0.7"),
        ("rawlog", raw.as_str()),
    ];
    record(4_000, now, &fields)
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;

    use super::*;

    #[test]
    fn a_heartbeat_carries_every_key_that_agents_send() {
        let mut dice = SmallRng::seed_from_u64(1);
        let place = ("default", "default", "sd");
        let beat = heartbeat(&Facts::draw(1, 1), &mut dice, (100, 50, 20), (place, None));
        let keys: Vec<_> = item::pairs(&beat.body)
            .map(|pair| String::from_utf8(pair.unwrap().0.to_vec()).unwrap())
            .collect();
        assert_eq!(keys.len(), 40);
        for key in ["boot_time", "mem_usage", "net_mode", "nfd", "load_15", "start_time", "dns"] {
            assert!(keys.iter().any(|it| it == key), "{key}");
        }
    }
}
