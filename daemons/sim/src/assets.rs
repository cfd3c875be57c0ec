//! What the collector tells of a host: processes, ports, users and so on, each under its own type.

use elk_wire::Record;
use rand::Rng as _;
use rand::rngs::SmallRng;

use crate::Facts;
use crate::records::record;

/// The types that a collector sends; there is no 5061.
pub(crate) const KINDS: [i32; 12] =
    [5_050, 5_051, 5_052, 5_053, 5_054, 5_055, 5_056, 5_057, 5_058, 5_059, 5_060, 5_062];

type Fields = Vec<(&'static str, String)>;

fn texts(all: &[(&'static str, &str)]) -> Fields {
    all.iter().map(|(key, value)| (*key, (*value).to_owned())).collect()
}

/// Makes a whole batch of one type: three records under one sequence, as there is no end mark.
/// None for a type that collectors do not know.
pub(crate) fn batch(kind: i32, facts: &Facts, dice: &mut SmallRng, now: i64) -> Vec<Record> {
    let sequence = dice.random::<u64>().to_string();
    let mut records = Vec::new();
    for number in 0..3 {
        let Some(mut fields) = fields(kind, number, facts, now) else { break };
        fields.push(("package_seq", sequence.clone()));
        let fields: Vec<_> = fields.iter().map(|(key, value)| (*key, value.as_str())).collect();
        records.push(record(kind, now, &fields));
    }
    records
}

/// What runs on every host: process, program, user and port.
const SERVERS: [(&str, &str, &str, u32); 3] = [
    ("sshd", "/usr/sbin/sshd", "root", 22),
    ("nginx", "/usr/sbin/nginx", "www-data", 80),
    ("redis-server", "/usr/bin/redis-server", "redis", 6_379),
];

fn fields(kind: i32, number: u32, facts: &Facts, now: i64) -> Option<Fields> {
    let server = SERVERS.get(number as usize).copied().unwrap_or(SERVERS[0]);
    Some(match kind {
        5_050 => process(number, server, now),
        5_051 => port(number, server),
        5_052 => user(number, server.2, now),
        5_053 => {
            let commands = ["apt-get update", "logrotate /etc/logrotate.conf", "backup --daily"];
            texts(&[
                (
                    "path",
                    ["/etc/cron.d/apt", "/etc/cron.d/logs", "/var/spool/cron/root"][nth(number)],
                ),
                ("username", "root"),
                ("schedule", "17 3 * * *"),
                ("command", commands[nth(number)]),
                ("checksum", "5d41402abc4b2a76b9719d911017c592"),
            ])
        }
        5_054 => texts(&[
            ("name", &format!("{}.service", server.0)),
            ("type", "simple"),
            ("command", server.1),
            ("restart", "true"),
            ("working_dir", "/"),
            ("checksum", "7d793037a0760186574b0282f2f435e7"),
            ("bus_name", ""),
        ]),
        5_055 => software(number, facts),
        5_056 => texts(&[
            ("id", &format!("{number:012x}{:052x}", facts.memory)),
            ("name", server.0),
            ("state", "running"),
            ("image_id", &format!("sha256:{:064x}", facts.memory + u64::from(number))),
            ("image_name", &format!("registry.example/{}:latest", server.0)),
            ("pid", &(4_000 + number).to_string()),
            ("pns", &(4_026_532_000 + number).to_string()),
            // The agents in the field put the state here.
            ("runtime", "running"),
            ("create_time", &(now - 90_000).to_string()),
        ]),
        5_057 => texts(&[
            ("software_name", server.0),
            ("digest", "0cc175b9c0f1b6a831c399e269772661"),
            ("origin_digest", "92eb5ffee6ae2fec3ad71c777531578f"),
            ("digest_algorithm", "md5"),
            ("exe", server.1),
            ("modify_time", &(now - 600).to_string()),
            ("software_version", "1.24.0-1"),
        ]),
        _ => return more_fields(kind, number, facts, now),
    })
}

fn more_fields(kind: i32, number: u32, facts: &Facts, now: i64) -> Option<Fields> {
    let server = SERVERS.get(number as usize).copied().unwrap_or(SERVERS[0]);
    Some(match kind {
        5_058 => volume(number),
        5_059 => texts(&[
            ("name", ["lo", "eth0", "docker0"][nth(number)]),
            ("hardware_addr", ["", "52:54:00:12:34:56", "02:42:ac:11:00:01"][nth(number)]),
            ("addrs", ["127.0.0.1/8", facts.address.as_str(), "172.17.0.1/16"][nth(number)]),
            ("index", &(number + 1).to_string()),
            ("mtu", if number == 0 { "65536" } else { "1500" }),
        ]),
        5_060 => texts(&[
            ("name", server.0.trim_end_matches("-server")),
            ("type", ["remote", "web_service", "database"][nth(number)]),
            ("sversion", ["9.2p1", "1.22.1", "7.0.15"][nth(number)]),
            (
                "conf",
                ["/etc/ssh/sshd_config", "/etc/nginx/nginx.conf", "/etc/redis/redis.conf"]
                    [nth(number)],
            ),
            ("container_id", ""),
            ("container_name", ""),
            ("pid", &(1_000 + number).to_string()),
            ("exe", server.1),
            ("start_time", &(now - 4_000).to_string()),
        ]),
        5_062 => texts(&[
            ("name", ["ext4", "nf_tables", "hids_driver"][nth(number)]),
            ("size", ["942080", "303104", "917504"][nth(number)]),
            ("refcount", ["2", "87", "1"][nth(number)]),
            ("used_by", ["", "nft_compat,nft_chain_nat", ""][nth(number)]),
            ("state", "Live"),
            ("addr", "0x0000000000000000"),
        ]),
        _ => return None,
    })
}

/// The tables above have three rows.
fn nth(number: u32) -> usize {
    number as usize % 3
}

fn process(number: u32, (comm, exe, user, _): (&str, &str, &str, u32), now: i64) -> Fields {
    let pid = (1_000 + number).to_string();
    let uid = if user == "root" { "0" } else { "33" };
    let mut fields = vec![
        ("cmdline", format!("{comm}: worker process")),
        ("cwd", "/".to_owned()),
        ("checksum", "e4d909c290d0fb1ca068ffaddf22cbd0".to_owned()),
        ("exe_hash", "17c9aaee13b1ec9f".to_owned()),
        ("exe", exe.to_owned()),
        ("pid", pid.clone()),
        ("comm", comm.to_owned()),
        ("state", "S".to_owned()),
        ("ppid", "1".to_owned()),
        ("start_time", (now - 4_000).to_string()),
        ("umask", "0022".to_owned()),
        ("tcpid", "0".to_owned()),
        ("dns", "false".to_owned()),
        ("container_id", String::new()),
        ("container_name", String::new()),
        ("integrity", "true".to_owned()),
    ];
    for key in ["pgid", "sid", "nspid", "nspgid", "nssid"] {
        fields.push((key, pid.clone()));
    }
    for key in ["ruid", "euid", "suid", "fsuid", "rgid", "egid", "sgid", "fsgid"] {
        fields.push((key, uid.to_owned()));
    }
    for key in ["rusername", "eusername", "susername", "fsusername"] {
        fields.push((key, user.to_owned()));
    }
    for (key, inode) in ["cns", "ins", "mns", "nns", "pns", "tns", "uns", "utns"]
        .into_iter()
        .zip(4_026_531_834_u64..)
    {
        fields.push((key, inode.to_string()));
    }
    fields
}

fn port(number: u32, (comm, exe, user, port): (&str, &str, &str, u32)) -> Fields {
    let text = str::to_owned;
    vec![
        ("family", text("2")),
        ("protocol", text("6")),
        ("state", text("10")),
        ("sport", port.to_string()),
        ("dport", text("0")),
        ("sip", text("0.0.0.0")),
        ("dip", text("0.0.0.0")),
        ("uid", text(if user == "root" { "0" } else { "33" })),
        ("inode", (20_000 + number).to_string()),
        ("username", text(user)),
        ("pid", (1_000 + number).to_string()),
        ("exe", text(exe)),
        ("comm", text(comm)),
        ("cmdline", format!("{comm}: worker process")),
        ("psm", String::new()),
        ("pod_name", String::new()),
        ("container_id", String::new()),
        ("container_name", String::new()),
    ]
}

fn user(number: u32, name: &str, now: i64) -> Fields {
    let text = str::to_owned;
    let id = if name == "root" { text("0") } else { (100 + number).to_string() };
    vec![
        ("username", text(name)),
        ("password", text("*")),
        ("uid", id.clone()),
        ("gid", id),
        ("groupname", text(name)),
        ("info", text(name)),
        ("home", if name == "root" { text("/root") } else { format!("/var/lib/{name}") }),
        ("shell", text(if name == "root" { "/bin/bash" } else { "/usr/sbin/nologin" })),
        ("last_login_time", (now - 86_400).to_string()),
        ("last_login_ip", text("10.0.0.7")),
        ("weak_password", text("false")),
        ("weak_password_content", String::new()),
        ("sudoers", text(if name == "root" { "ALL=(ALL:ALL) ALL" } else { "" })),
    ]
}

fn software(number: u32, facts: &Facts) -> Fields {
    let kind = if facts.platform.1 == "debian" { "dpkg" } else { "rpm" };
    let (name, version, kind) =
        [("openssl", "3.0.15-1", kind), ("bash", "5.2.15-2", kind), ("requests", "2.31.0", "pypi")]
            [nth(number)];
    let mut fields: Fields = [("name", name), ("sversion", version), ("type", kind)]
        .map(|(key, value)| (key, value.to_owned()))
        .into();
    fields.push(("source", if kind == "dpkg" { name.to_owned() } else { String::new() }));
    fields.push(("status", if kind == "dpkg" { "install ok installed" } else { "" }.to_owned()));
    for key in [
        "source_rpm",
        "vendor",
        "component_version",
        "pid",
        "pod_name",
        "psm",
        "path",
        "container_id",
        "container_name",
        "cmdline",
    ] {
        fields.push((key, String::new()));
    }
    fields
}

fn volume(number: u32) -> Fields {
    let (name, place) =
        [("/dev/sda1", "/"), ("/dev/sdb1", "/data"), ("/dev/sda15", "/boot/efi")][nth(number)];
    let (total, used) = (64_u64 << 30, (12 + u64::from(number)) << 30);
    vec![
        ("name", name.to_owned()),
        ("fstype", if number == 2 { "vfat" } else { "ext4" }.to_owned()),
        ("mount_point", place.to_owned()),
        ("total", total.to_string()),
        ("used", used.to_string()),
        ("free", (total - used).to_string()),
        ("usage", format!("0.{:08}", used * 100_000_000 / total)),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use elk_wire::item;
    use rand::SeedableRng as _;

    use super::*;

    #[test]
    fn each_type_has_its_own_fields_under_one_sequence() {
        let mut dice = SmallRng::seed_from_u64(1);
        let facts = Facts::draw(1, 1);
        let own = [
            (5_050, "utns", 42),
            (5_051, "sport", 19),
            (5_052, "weak_password", 14),
            (5_053, "schedule", 6),
            (5_054, "bus_name", 8),
            (5_055, "sversion", 16),
            (5_056, "image_name", 10),
            (5_057, "origin_digest", 8),
            (5_058, "mount_point", 8),
            (5_059, "hardware_addr", 6),
            (5_060, "conf", 10),
            (5_062, "refcount", 7),
        ];
        assert_eq!(own.map(|it| it.0), KINDS);
        for (kind, key, count) in own {
            let records = batch(kind, &facts, &mut dice, 100_000);
            assert_eq!(records.len(), 3);
            let maps = records.iter().map(|it| {
                let text = |it: &[u8]| String::from_utf8(it.to_vec()).unwrap();
                let pairs = item::pairs(&it.body).map(|it| it.unwrap());
                pairs.map(|it| (text(it.0), text(it.1))).collect::<BTreeMap<_, _>>()
            });
            let maps: Vec<_> = maps.collect();
            assert!(
                maps.iter().all(|it| it.len() == count && it.contains_key(key)),
                "{kind}: {maps:?}"
            );
            assert!(maps.iter().all(|it| it["package_seq"] == maps[0]["package_seq"]));
            assert!(records.iter().all(|it| it.data_type == kind) && maps[0] != maps[1]);
        }
        assert!(batch(5_061, &facts, &mut dice, 1).is_empty());
    }
}
