//! Packages: fetched, checked, and asked how their program behaves.

use std::io::{self, Write};
use std::time::Duration;

use elk_client::reference::Caller;
use elk_wire::ConfigItem;
use flate2::write::MultiGzDecoder;
use sha2::{Digest as _, Sha256};

/// The largest package in bytes, as agents allow.
const MAX_PACKAGE: usize = 512 << 20;
/// The most of an archive that is unpacked.
const MAX_UNPACKED: u64 = 4 << 30;
/// How long agents wait for a file.
const PATIENCE: Duration = Duration::from_secs(600);
const LONGEST_LINE: usize = 32;

/// What a program does, as a line of its package says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Behaviour {
    /// It runs.
    #[default]
    Good,
    /// It ends within a second and is silent until the next configuration.
    Crash,
    /// It runs and sends no heartbeat.
    Hang,
    /// It reports another version.
    WrongVersion,
    /// It starts and ends every two intervals.
    Flap,
}

impl Behaviour {
    fn of_line(line: &[u8]) -> Option<Self> {
        Some(match line {
            b"elk-sim: ok" => Self::Good,
            b"elk-sim: crash" => Self::Crash,
            b"elk-sim: hang" => Self::Hang,
            b"elk-sim: wrong-version" => Self::WrongVersion,
            b"elk-sim: flap" => Self::Flap,
            _ => return None,
        })
    }
}

/// Looks for the line that says how a program behaves; the last one counts.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    line: Vec<u8>,
    too_long: bool,
    unpacked: u64,
    pub(crate) found: Option<Behaviour>,
}

impl Scan {
    fn end_of_line(&mut self) {
        if !self.too_long {
            self.found = Behaviour::of_line(&self.line).or(self.found);
        }
        self.line.clear();
        self.too_long = false;
    }
}

impl Write for Scan {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.unpacked += bytes.len() as u64;
        if self.unpacked > MAX_UNPACKED {
            return Err(io::Error::other("it unpacks to too much"));
        }
        // Members of an archive are padded with zeros.
        for part in bytes.split_inclusive(|byte| matches!(byte, b'\n' | b'\r' | 0)) {
            let (text, ended) = match part.split_last() {
                Some((b'\n' | b'\r' | 0, text)) => (text, true),
                _ => (part, false),
            };
            self.too_long |= self.line.len() + text.len() > LONGEST_LINE;
            if !self.too_long {
                self.line.extend_from_slice(text);
            }
            if ended {
                self.end_of_line();
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.end_of_line();
        Ok(())
    }
}

enum Content {
    Plain(Scan),
    Packed(Box<MultiGzDecoder<Scan>>),
}

impl Content {
    fn of(kind: &str) -> Self {
        if kind == "tar.gz" {
            Self::Packed(Box::new(MultiGzDecoder::new(Scan::default())))
        } else {
            Self::Plain(Scan::default())
        }
    }

    fn take(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Plain(scan) => scan.write_all(bytes),
            Self::Packed(decoder) => decoder.write_all(bytes),
        }
    }

    fn end(self) -> io::Result<Behaviour> {
        let mut scan = match self {
            Self::Plain(scan) => scan,
            Self::Packed(decoder) => decoder.finish()?,
        };
        scan.flush()?;
        Ok(scan.found.unwrap_or_default())
    }
}

/// Fetches a component from the first place that has it whole, and returns how it behaves.
///
/// # Errors
///
/// Says why the last place was no good.
pub(crate) async fn fetch(caller: &Caller, item: &ConfigItem) -> Result<Behaviour, String> {
    let mut why = "no place to download from".to_owned();
    for url in &item.download_url {
        match fetch_from(caller, url, item).await {
            Ok(behaviour) => return Ok(behaviour),
            Err(error) => why = format!("{url}: {error}"),
        }
    }
    Err(why)
}

async fn fetch_from(caller: &Caller, url: &str, item: &ConfigItem) -> Result<Behaviour, String> {
    let mut digest = Sha256::new();
    let mut content = Content::of(&item.r#type);
    let mut unpacked = Ok(());
    let fetched = caller.download(url, MAX_PACKAGE, PATIENCE, |bytes| {
        digest.update(bytes);
        if unpacked.is_ok() {
            unpacked = content.take(bytes);
        }
    });
    fetched.await.map_err(|error| error.to_string())?;
    let is: String = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    if is != item.sha256 {
        return Err(format!("checksum doesn't match: it is {is}"));
    }
    unpacked.and_then(|()| content.end()).map_err(|error| format!("cannot be unpacked: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;

    fn behaviour(kind: &str, content: &[u8], piece: usize) -> io::Result<Behaviour> {
        let mut it = Content::of(kind);
        content.chunks(piece).try_for_each(|part| it.take(part))?;
        it.end()
    }

    #[test]
    fn a_line_says_how_a_program_behaves_wherever_pieces_are_cut() {
        let cases: [(&[u8], Behaviour); 7] = [
            (b"elk-sim: crash", Behaviour::Crash),
            (b"#!/bin/sh\nelk-sim: hang\nexit", Behaviour::Hang),
            (b"\x7fELF\0\0elk-sim: wrong-version\0\0", Behaviour::WrongVersion),
            (b"a\r\nelk-sim: flap\r\n", Behaviour::Flap),
            (b"elk-sim: ok\n", Behaviour::Good),
            (b"echo elk-sim: crash\n", Behaviour::Good),
            (b"", Behaviour::Good),
        ];
        for (content, expected) in cases {
            for piece in 1..=content.len().max(1) {
                assert_eq!(behaviour("exec", content, piece).unwrap(), expected, "{content:?}");
            }
        }
    }

    #[test]
    fn the_line_is_found_inside_an_archive() {
        let mut gz = GzEncoder::new(Vec::new(), Compression::fast());
        let mut tar = vec![0; 512];
        tar.extend_from_slice(b"elk-sim: crash");
        tar.resize(2_048, 0);
        gz.write_all(&tar).unwrap();
        let packed = gz.finish().unwrap();
        assert_eq!(behaviour("tar.gz", &packed, 7).unwrap(), Behaviour::Crash);
        assert_eq!(behaviour("exec", &packed, 7).unwrap(), Behaviour::Good);
        assert!(behaviour("tar.gz", b"no archive at all", 7).is_err());
    }
}
