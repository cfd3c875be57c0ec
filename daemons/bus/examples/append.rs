//! How many records the log takes per CPU-second: `append [DIR] [MILLIONS]`.
//!
//! Batches of 50 records of about 700 bytes, from 1,000 keys, as an agent center appends them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use elk_bus::{Bus, Clock, LocalConfig};
use rustix::time::{ClockId, clock_gettime};

const KEYS: u64 = 1_000;
const PER_BATCH: usize = 50;
/// Ready batches to choose from, so that the making of them is not measured.
const READY: usize = 2_000;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let dir = arguments.next().map_or_else(std::env::temp_dir, PathBuf::from);
    let millions: u64 = arguments.next().map_or(Ok(5), |it| it.parse())?;
    let dir = dir.join(format!("elk-bus-bench-{}", std::process::id()));
    let outcome = measure(&dir, millions * 1_000_000).await;
    std::fs::remove_dir_all(&dir)?;
    outcome
}

async fn measure(dir: &Path, records: u64) -> Result<(), Box<dyn std::error::Error>> {
    let config = LocalConfig {
        dir: dir.to_owned(),
        retain_bytes: 0,
        min_free_bytes: 0,
        ..LocalConfig::default()
    };
    let bus = Bus::open(config, Clock::System)?;
    let mut seed = 1;
    let batches: Vec<(String, Vec<Vec<u8>>)> = (0..READY as u64)
        .map(|number| number % KEYS)
        .map(|host| (key(host), (0..PER_BATCH).map(|_| record(host, &mut seed)).collect()))
        .collect();
    let bytes: usize = batches.iter().flat_map(|(_, values)| values).map(Vec::len).sum();
    let (wall, cpu) = (tokio::time::Instant::now(), cpu_seconds());
    let (mut appended, mut waits) = (0_u64, 0_u64);
    for (key, batch) in batches.iter().cycle().take(usize::try_from(records)? / PER_BATCH) {
        while bus.append(key.as_bytes(), batch.iter().map(Vec::as_slice)).is_err() {
            waits += 1;
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        appended += batch.len() as u64;
    }
    bus.flush().await?;
    let (wall, cpu) = (wall.elapsed().as_secs_f64(), cpu_seconds() - cpu);
    bus.close().await;
    let on_disk = size(dir)?;
    let average = bytes / (READY * PER_BATCH);
    let mut report = String::new();
    writeln!(report, "records            {appended} of {average} bytes")?;
    writeln!(report, "per CPU-second     {:.0}", appended as f64 / cpu)?;
    writeln!(report, "per second         {:.0}", appended as f64 / wall)?;
    writeln!(report, "bytes on disk each {:.1}", on_disk as f64 / appended as f64)?;
    writeln!(report, "waits for the disk {waits}")?;
    std::io::Write::write_all(&mut std::io::stdout(), report.as_bytes())?;
    Ok(())
}

fn cpu_seconds() -> f64 {
    let spent = clock_gettime(ClockId::ProcessCPUTime);
    spent.tv_sec as f64 + spent.tv_nsec as f64 / 1e9
}

fn size(dir: &Path) -> std::io::Result<u64> {
    let mut total = 0;
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        let meta = entry.metadata()?;
        total += if meta.is_dir() { size(&entry.path())? } else { meta.len() };
    }
    Ok(total)
}

fn next(seed: u64) -> u64 {
    seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407)
}

fn key(host: u64) -> String {
    format!("33623333-3365-4905-b417-{host:012x}")
}

/// A record like that of a process start on one host: some fields are always the same, some are
/// one of few, some are drawn.
fn record(host: u64, seed: &mut u64) -> Vec<u8> {
    let mut draw = |below: u64| {
        *seed = next(*seed);
        (*seed >> 33) % below
    };
    let exe = ["/usr/bin/bash", "/usr/sbin/sshd", "/usr/bin/curl", "/usr/lib/systemd/systemd"];
    let exe = usize::try_from(draw(4)).ok().and_then(|it| exe.get(it)).copied().unwrap_or_default();
    let (pid, parent, inode, socket) = (draw(65_536), draw(65_536), draw(1 << 31), draw(65_536));
    let (time, argument) = (1_700_000_000 + draw(100_000), draw(u64::MAX >> 33));
    let text = format!(
        "uid\u{1}{}exe{exe}pid{pid}ppid{parent}pgid{pid}tgid{pid}sid{parent}commworker-{}nodename\
         web-{host:05}.example.internalsessionid{}pns4026531836root_pns4026531836dport443dip10.{}.{}.{}\
         sport{socket}sip192.168.{}.{}sa_family2exe_hash{inode:08x}{time:08x}run_path/var/lib/app/{host}\
         argv{exe} --config /etc/app/app.yaml --worker {} --token {argument:016x}pgid_argv/sbin/init\
         ssh-1pid_tree{pid}.{}<{parent}.bash<1234.sshd<1.systemdtty_name-1socket_pid{pid}stdin/dev/null\
         stdoutpipe:[{inode}]ld_preload-1res0timestamp{time}data_type59user{}idc-container_idhost",
        draw(2_000),
        draw(64),
        draw(100_000),
        draw(256),
        draw(256),
        draw(256),
        draw(256),
        draw(256),
        draw(64),
        exe,
        if host.is_multiple_of(3) { "root" } else { "www-data" },
    );
    format!(
        "\u{8};\u{10}{time}{text}{}192.168.0.{host}fd00::{host:x}\
             host-{host}1.9.1.6elkeid-agent{time}prod,web",
        key(host),
    )
    .into_bytes()
}
