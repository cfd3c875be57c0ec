//! The plugins and the agent of one host: what runs, and what a configuration changes.

use std::collections::BTreeMap;

use elk_model::data_type::AGENT_OBJECT;
use elk_wire::ConfigItem;

use crate::package::Behaviour;

/// The programs of one host.
#[derive(Clone, Debug)]
pub(crate) struct Host {
    pub(crate) agent: Program,
    plugins: BTreeMap<String, Program>,
    /// Why the agent calls itself abnormal.
    pub(crate) trouble: Option<String>,
}

/// A program that is installed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Program {
    version: String,
    /// Digest of what is on disk.
    digest: String,
    behaviour: Behaviour,
    running: bool,
    pub(crate) started: i64,
    beats: u32,
}

impl Program {
    fn new(version: &str, digest: &str, behaviour: Behaviour, now: i64) -> Self {
        let (version, digest) = (version.to_owned(), digest.to_owned());
        let running = behaviour != Behaviour::Crash;
        Self { version, digest, behaviour, running, started: now, beats: 0 }
    }

    /// Returns the version it says it is.
    pub(crate) fn reported(&self) -> &str {
        match (self.behaviour, self.version.as_str()) {
            (Behaviour::WrongVersion, "0.0.0.1") => "0.0.0.2",
            (Behaviour::WrongVersion, _) => "0.0.0.1",
            (_, version) => version,
        }
    }

    /// Returns whether it sends no heartbeats.
    pub(crate) fn is_silent(&self) -> bool {
        !self.running || self.behaviour == Behaviour::Hang
    }

    pub(crate) fn has_crashed(&self) -> bool {
        !self.running
    }

    /// Returns whether it sends this heartbeat; a program that flaps starts and ends in turns.
    pub(crate) fn beat(&mut self, now: i64) -> bool {
        self.beats = self.beats.wrapping_add(1);
        match self.behaviour {
            _ if !self.running => false,
            Behaviour::Hang => false,
            Behaviour::Flap if self.beats.is_multiple_of(2) => {
                self.started = now;
                false
            }
            _ => true,
        }
    }

    /// Returns whether the process ends now by itself.
    pub(crate) fn ends(&self) -> bool {
        self.behaviour == Behaviour::Flap && self.beats >= 2
    }
}

/// What a configuration asks a host to fetch.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Work {
    /// The agent's own package: nothing else is done then.
    pub(crate) agent: Option<ConfigItem>,
    pub(crate) plugins: Vec<ConfigItem>,
}

impl Host {
    pub(crate) fn new(version: &str, plugins: &[(&str, &str)], now: i64) -> Self {
        let program = |version: &str| Program::new(version, "", Behaviour::Good, now);
        let plugins = plugins.iter().map(|(name, version)| ((*name).to_owned(), program(version)));
        Self { agent: program(version), plugins: plugins.collect(), trouble: None }
    }

    pub(crate) fn runs(&self, plugin: &str) -> bool {
        self.plugins.get(plugin).is_some_and(|it| it.running)
    }

    /// Returns whether a plugin does what tasks say.
    pub(crate) fn answers(&self, plugin: &str) -> bool {
        self.plugins.get(plugin).is_some_and(|it| !it.is_silent())
    }

    /// Returns name, version and start of each plugin that sends a heartbeat now.
    pub(crate) fn beat(&mut self, now: i64) -> Vec<(String, String, i64)> {
        let beating = self.plugins.iter_mut().filter_map(|(name, it)| {
            it.beat(now).then(|| (name.clone(), it.reported().to_owned(), it.started))
        });
        beating.collect()
    }

    /// Takes a complete set: ends what is not in it or has another version, starts again what is on
    /// disk, and returns what has to be fetched.
    pub(crate) fn take(&mut self, items: Vec<ConfigItem>, now: i64) -> Work {
        self.trouble = None;
        let mut wanted: BTreeMap<String, ConfigItem> = BTreeMap::new();
        for item in items {
            wanted.insert(item.name.clone(), item);
        }
        match wanted.remove(AGENT_OBJECT) {
            Some(item) if item.version != self.agent.version => {
                return Work { agent: Some(item), plugins: Vec::new() };
            }
            // What crashed crashes again.
            Some(_) => {}
            None => self.agent.running = true,
        }
        wanted.retain(|name, _| is_plain(name));
        self.plugins.retain(|name, _| wanted.contains_key(name));
        let mut work = Work::default();
        for (name, item) in wanted {
            let digest = if item.signature.is_empty() { &item.sha256 } else { &item.signature };
            match self.plugins.get_mut(&name) {
                Some(it) if it.running && it.version == item.version => {}
                Some(it) if !digest.is_empty() && it.digest == *digest => {
                    *it = Program::new(&item.version, digest, it.behaviour, now);
                }
                _ => {
                    self.plugins.remove(&name);
                    work.plugins.push(item);
                }
            }
        }
        work
    }

    /// Starts what was fetched.
    pub(crate) fn installed(&mut self, item: &ConfigItem, behaviour: Behaviour, now: i64) {
        // `signature` is of the program. Unless it comes in an archive that is what was fetched.
        let is_packed = item.r#type == "tar.gz" && !item.signature.is_empty();
        let digest = if is_packed { &item.signature } else { &item.sha256 };
        let program = Program::new(&item.version, digest, behaviour, now);
        if item.name == AGENT_OBJECT {
            self.agent = program;
        } else {
            self.plugins.insert(item.name.clone(), program);
        }
    }

    /// The agent's process is started again, and its plugins with it.
    pub(crate) fn restarted(&mut self, now: i64) {
        for it in self.plugins.values_mut().chain([&mut self.agent]) {
            (it.started, it.beats) = (now, 0);
        }
    }
}

fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|it| it.is_ascii_alphanumeric() || b"_-".contains(&it))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(name: &str, version: &str) -> ConfigItem {
        ConfigItem {
            name: name.to_owned(),
            version: version.to_owned(),
            sha256: format!("digest of {name} {version}"),
            ..ConfigItem::default()
        }
    }

    fn beating(host: &mut Host) -> Vec<(String, String)> {
        host.beat(9).into_iter().map(|(name, version, _)| (name, version)).collect()
    }

    fn pair(name: &str, version: &str) -> (String, String) {
        (name.to_owned(), version.to_owned())
    }

    #[test]
    fn a_set_ends_what_is_not_in_it_and_fetches_what_is_missing() {
        let mut host = Host::new("1.0.0.0", &[("a", "1"), ("b", "1"), ("c", "1")], 0);
        let work = host.take(vec![item("a", "1"), item("b", "2"), item("d", "1")], 1);
        let fetched: Vec<_> = work.plugins.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(fetched, ["b", "d"]);
        assert_eq!(beating(&mut host), [pair("a", "1")]);
        host.installed(&item("b", "2"), Behaviour::Good, 2);
        assert_eq!(beating(&mut host), [pair("a", "1"), pair("b", "2")]);
        assert_eq!(host.take(Vec::new(), 3), Work::default());
        assert!(beating(&mut host).is_empty());
    }

    #[test]
    fn a_crashed_plugin_starts_again_from_disk_at_the_next_set() {
        let mut host = Host::new("1.0.0.0", &[], 0);
        host.installed(&item("a", "1"), Behaviour::Crash, 1);
        assert!(beating(&mut host).is_empty() && !host.runs("a"));
        assert_eq!(host.take(vec![item("a", "1")], 2), Work::default());
        assert!(!host.runs("a"), "it crashes again");
        assert_eq!(host.take(vec![item("a", "2")], 3).plugins.len(), 1);
    }

    #[test]
    fn the_agents_own_package_comes_first_and_alone() {
        let mut host = Host::new("1.0.0.0", &[("a", "1")], 0);
        let work = host.take(vec![item(AGENT_OBJECT, "1.0.0.1"), item("b", "1")], 1);
        assert_eq!(work.agent.map(|it| it.version).as_deref(), Some("1.0.0.1"));
        assert!(work.plugins.is_empty() && host.runs("a"));
        host.installed(&item(AGENT_OBJECT, "1.0.0.1"), Behaviour::Good, 2);
        let work = host.take(vec![item(AGENT_OBJECT, "1.0.0.1"), item("b", "1")], 1);
        assert!(work.agent.is_none() && work.plugins.len() == 1 && !host.runs("a"));
    }

    #[test]
    fn each_behaviour_shows_in_heartbeats() {
        let mut host = Host::new("1.0.0.0", &[], 0);
        host.installed(&item("flap", "1"), Behaviour::Flap, 0);
        host.installed(&item("hang", "1"), Behaviour::Hang, 0);
        host.installed(&item("wrong", "1"), Behaviour::WrongVersion, 0);
        assert!(host.runs("hang"));
        assert_eq!(beating(&mut host), [pair("flap", "1"), pair("wrong", "0.0.0.1")]);
        assert_eq!(beating(&mut host), [pair("wrong", "0.0.0.1")]);
        assert_eq!(beating(&mut host).len(), 2);
    }

    #[test]
    fn a_signature_of_another_program_makes_it_be_fetched_each_time() {
        let mut host = Host::new("1.0.0.0", &[], 0);
        let mut right = item("a", "1");
        right.signature = right.sha256.clone();
        host.installed(&right, Behaviour::Crash, 1);
        assert_eq!(host.take(vec![right.clone()], 2), Work::default(), "it is on disk");
        let wrong = ConfigItem { signature: "of another".to_owned(), ..right };
        host.installed(&wrong, Behaviour::Crash, 3);
        assert_eq!(host.take(vec![wrong], 4).plugins.len(), 1);
    }

    #[test]
    fn names_that_could_leave_the_directory_are_ignored() {
        let mut host = Host::new("1.0.0.0", &[], 0);
        assert!(host.take(vec![item("../x", "1"), item("", "1")], 1).plugins.is_empty());
    }
}
